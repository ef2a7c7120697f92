"""A cohort under load: many small scans through workers that are killed at random must give what a plain run gives.

`python Testing/load.py SCANS WORK --count 1000 --workers 4` makes a BIDS data set of `count` distinct coarse scans from
the T1w volumes below SCANS (skull-stripped ones are best), enhances it in this process, then on local workers of which
one is killed every few seconds, and says:

- whether every result is there and equal byte for byte, and none was made twice;
- the throughput relative to `workers` times that of the plain run (start of the workers included);
- the largest memory of a worker early and late.

It takes hours for 1,000 scans and is not part of the test suite.
"""

import argparse
import hashlib
import json
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "IQTEnhance"))

from IQTLib.app.cohort.participant import Cohort, enhance_dataset
from IQTLib.events import Event, Reporter
from IQTLib.image.volume import Volume, read, write
from IQTLib.jobs.clusters import Cluster, Here, Local

STEPS = (3, 8, 2)  # voxels: coarse in plane, thick slices along j; 48 distinct scans of each volume


def make(scans: Path, folder: Path, count: int) -> None:
    """Coarse copies of the volumes below `scans`, each from other voxels, so that no two are the same."""
    sources = sorted(scans.rglob("*_T1w.nii.gz"))
    starts = np.stack(np.meshgrid(*map(range, STEPS), indexing="ij"), -1).reshape(-1, 3)
    if count > len(sources) * len(starts):
        raise SystemExit(f"{len(sources)} scans are enough for {len(sources) * len(starts)} distinct ones only")
    made = 0
    for number, source in enumerate(sources):
        volume = read(source)
        for start in starts[: -(-(count - number) // len(sources))]:
            part = tuple(slice(first, None, step) for first, step in zip(start, STEPS, strict=True))
            affine = volume.affine.copy()
            affine[:3, 3] += affine[:3, :3] @ start
            affine[:3, :3] *= STEPS
            name = f"sub-{made:04d}"
            write(Volume(volume.data[part], affine), folder / name / "anat" / f"{name}_T1w.nii.gz")
            made += 1
    about = {"Name": "coarse scans", "BIDSVersion": "1.10.0"}
    (folder / "dataset_description.json").write_text(json.dumps(about), encoding="utf-8")


def run(
    raw: Path, output: Path, model: str, place: Cluster, begun: threading.Event | None = None
) -> tuple[float, Counter[str]]:
    """Seconds of a run, and how often each scan was enhanced."""
    seen: Counter[str] = Counter()

    def sink(event: Event) -> None:
        if ": enhanced" in event.message:
            seen[event.message.partition(":")[0]] += 1
            if begun is not None:
                begun.set()

    start = time.monotonic()
    enhance_dataset(Cohort(raw, output, model, place=place, device="cpu"), report=Reporter(sink))
    return time.monotonic() - start, seen


class Killer(threading.Thread):
    """Kills one of this process' workers about every `pause` seconds, and watches their memory."""

    def __init__(self, pause: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.pause, self.random = pause, random.Random(seed)
        self.killed, self.begun, self.over = 0, threading.Event(), threading.Event()
        self.memory: list[tuple[float, float]] = []

    def run(self) -> None:
        start = time.monotonic()
        following = self.pause
        while not self.over.wait(0.5):
            now = time.monotonic() - start
            workers = [child for child in psutil.Process().children(recursive=True) if _is_worker(child)]
            self.memory += [(now, _memory(worker)) for worker in workers]
            if workers and now > following and self.begun.is_set():
                self.random.choice(workers).kill()
                self.killed += 1
                following = now + self.random.uniform(0.5, 1.5) * self.pause

    def largest(self, first: float, last: float) -> float:
        """MB, of any worker between two shares of the time."""
        end = self.memory[-1][0]
        return max((size for at, size in self.memory if first * end <= at <= last * end), default=0.0)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return any("spawn_main" in word for word in process.cmdline())
    except psutil.Error:
        return False


def _memory(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / 1e6
    except psutil.Error:
        return 0.0


def digests(output: Path) -> dict[str, str]:
    """Of volumes and pictures, by their paths; sidecars also hold how long it took."""
    paths = (path for ending in ("*.nii.gz", "*.jpg") for path in output.rglob(ending))
    return {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scans", type=Path)
    parser.add_argument("work", type=Path, help="new folder")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--model", default="wiener")
    parser.add_argument("--pause", type=float, default=20, help="seconds between kills")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    raw, plain, cluster = (given.work / name for name in ("raw", "plain", "cluster"))
    make(given.scans, raw, given.count)
    alone, _ = run(raw, plain, given.model, Here())
    print(f"plain: {given.count / alone:.2f} scans a second", flush=True)
    killer = Killer(given.pause, given.seed)
    killer.start()
    together, seen = run(raw, cluster, given.model, Local(given.workers), killer.begun)
    killer.over.set()
    expected, found = digests(plain), digests(cluster)
    equal = sum(found.get(path) == digest for path, digest in expected.items())
    print(f"{given.workers} workers, {killer.killed} killed: {given.count / together:.2f} scans a second")
    print(f"throughput: {alone / together / given.workers:.2f} of {given.workers} times the plain run")
    print(f"equal files: {equal} of {len(expected)}; made: {len(found)}; scans told once: {len(seen)}")
    early, late = killer.largest(0, 1 / 3), killer.largest(2 / 3, 1)
    print(f"largest worker: {early:.0f} MB in the first third of the time, {late:.0f} MB in the last")
    if expected != found or len(seen) != given.count or set(seen.values()) != {1}:
        raise SystemExit("results differ")


if __name__ == "__main__":
    main()
