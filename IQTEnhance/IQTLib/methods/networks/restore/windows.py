"""The restoration network over a whole volume, or over slabs that agree to the last digit where memory is short."""

from functools import partial

import numpy as np
import torch
from torch import nn

from ....device import network_precision
from ....sentences import Sentence
from ...base import Run
from ..placing import computed

AT_ONCE = {"cpu": 2**26, "gpu": 2**24}  # voxels: they take about 40 bytes each on a processor, 150 on a GPU


def whole(network: nn.Module, data: np.ndarray, known: np.ndarray, run: Run, *, most: int | None = None) -> np.ndarray:
    """`network` over `data` (inputs, x, y, z) and `known` -> float32 (heads, x, y, z).

    Volumes of more than `most` voxels (`AT_ONCE`) are cut into slabs along the first axis, each computed with as many
    voxels of its neighbours as the network looks at: it has no normalisation, so the slabs meet without a seam. Where
    memory runs out they are halved, and in the end computed on the CPU.

    Raises:
        InputError: the CPU has no memory for the thinnest slab.
    """
    multiple, most = network.multiple, most or AT_ONCE["cpu" if run.device == "cpu" else "gpu"]
    shape, padded = data.shape[1:], _padded(data, multiple)
    del data  # else both are in memory while the network computes
    plane = int(np.prod(padded.shape[2:]))
    planes = padded.shape[1]
    slab = planes if planes * plane <= most else max(most // plane - 2 * network.reach, multiple)

    def in_slabs(own: nn.Module, size: int, where: Run) -> np.ndarray:
        return _in_slabs(own, padded, known, size * multiple, where)

    estimate = computed(
        network, in_slabs, most=lambda device: min(slab, planes) // multiple, run=run,
        piece=f"times {multiple} planes", advice="close other programs, or crop the scan to the head",
    )  # fmt: skip
    return estimate[(slice(None), *(slice(n) for n in shape))]


def _in_slabs(network: nn.Module, padded: np.ndarray, known: np.ndarray, thick: int, run: Run) -> np.ndarray:
    told = torch.from_numpy(known)[None].to(run.device)
    network.eval()
    with torch.inference_mode():
        compute = (
            network.folded(told, network_precision("cpu")) if run.device == "cpu" else partial(network, known=told)
        )
    parts = []
    starts = range(0, padded.shape[1], thick)
    with torch.inference_mode():
        for start in run.report.track(starts, total=len(starts), message=Sentence("network", "network")):
            first, last = max(start - network.reach, 0), min(start + thick + network.reach, padded.shape[1])
            slab = torch.from_numpy(np.ascontiguousarray(padded[:, first:last]))[None].to(run.device)
            estimate = compute(slab)[0].float().cpu().numpy()
            parts.append(estimate[:, start - first : start - first + thick])
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def _padded(data: np.ndarray, multiple: int) -> np.ndarray:
    missing = [(0, 0), *((0, -n % multiple) for n in data.shape[1:])]
    if not np.any(missing):
        return np.ascontiguousarray(data, np.float32)
    return np.ascontiguousarray(np.pad(data, missing, mode="edge"), np.float32)
