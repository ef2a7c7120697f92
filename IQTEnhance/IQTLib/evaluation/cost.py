"""Time and peak memory of one model on one volume, measured in a dedicated process.

python -m IQTLib.evaluation.cost SCAN MASK MODEL DEVICE
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from ..errors import IQTError
from ..image.volume import Volume, read, read_mask, write
from ..methods.base import Run
from ..models.store import load
from ..pipeline import enhance
from .heldout_pairs import HeldOutPair

LIBRARY = Path(__file__).parents[1]
TIMEOUT = 3600  # seconds


def measured(
    test: HeldOutPair, model: str, *, share: float, slice_axis: int, factor: int, device: str
) -> dict[str, float]:
    """Seconds, peak memory (bytes) and voxels of the result, of `share` of the pair's scan.

    Raises:
        IQTError: the enhancement failed.
    """
    axis = 0 if slice_axis != 0 else 1  # in plane, so every slice stays whole
    where = np.flatnonzero(test.low_mask.any(axis=tuple({0, 1, 2} - {axis})))
    middle, half = (where[0] + where[-1]) / 2, share * (where[-1] - where[0] + 1) / 2
    keep = slice(max(round(middle - half), 0), round(middle + half) + 1)
    cut = tuple(keep if a == axis else slice(None) for a in range(3))
    scan, mask = test.pair.low.with_data(np.ascontiguousarray(test.pair.low.data[cut])), test.low_mask[cut]
    return apart(scan, mask, model, device) | {
        "voxels": int(scan.data.size * factor),
        "brain voxels": int(mask.sum() * factor),
        "share": share,
    }


def apart(scan: Volume, mask: np.ndarray, model: str, device: str) -> dict[str, float]:
    """The output of `main`, run in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("scan.nii.gz", "mask.nii.gz")]
        write(scan, paths[0])
        write(scan.with_data(mask.astype(np.float32)), paths[1])
        path = os.pathsep.join([str(LIBRARY.parent), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "IQTLib.evaluation.cost", *map(str, paths), model, device]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT, env=os.environ | {"PYTHONPATH": path}, check=False
        )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise IQTError(f"measuring {model} failed: {last[0]}")
    return json.loads(done.stdout.splitlines()[-1])


def peak_memory() -> int | None:
    """Largest resident memory of this process so far in bytes; None if the system does not report it.

    Linux: VmHWM, because `ru_maxrss` of a child starts at its parent's value.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def main(scan: str, mask: str, name: str, device: str) -> None:
    """Enhance once; prints seconds of the enhancement, processor seconds and peak memory as JSON."""
    volume = read(Path(scan))
    brain, model = read_mask(Path(mask), volume), load(name)
    wall, processor = time.perf_counter(), time.process_time()
    enhance(volume, model=model, mask=brain, run=Run(device))
    figures = {"seconds": time.perf_counter() - wall, "processor seconds": time.process_time() - processor}
    gpu = _gpu_memory(device)
    print(json.dumps(figures | {"peak": peak_memory()} | ({"gpu peak": gpu} if gpu else {})))


def _gpu_memory(device: str) -> int:
    if not device.startswith("cuda"):
        return 0
    import torch

    return int(torch.cuda.max_memory_allocated(device))


if __name__ == "__main__":
    main(*sys.argv[1:])
