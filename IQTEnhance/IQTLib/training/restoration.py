"""Training pairs and validation for the restoration of any scan: random scans to train on, five kinds to validate."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..data.degraded_pairs import DegradedPairs
from ..data.fine_brain import FineBrain
from ..data.packed import PackedBrain
from ..data.seeds import generator
from ..evaluation.anyscan import KINDS, matched, scan
from ..image.examined import Examined
from ..image.grid import on_grid
from ..image.metrics import evaluate
from ..image.noise import ScanNoise
from ..image.noise_estimate import measure_noise
from ..image.volume import Volume, write
from ..methods.any_scan import AnyScanMethod, restored
from ..methods.base import Run
from .recipe import NetworkRecipe
from .scan_pool import ScanPool
from .validation import SLICE


def restoration_pairs(subjects: Sequence[PackedBrain], recipe: NetworkRecipe) -> DegradedPairs | ScanPool:
    """The training subjects as a source of patches."""
    brains = [FineBrain.of(subject) for subject in subjects]
    if recipe.whole_scans is not None:
        return ScanPool(brains, recipe.whole_scans, seed=recipe.training.seed)
    return DegradedPairs(brains, patch=recipe.data.patch)


class FiveKinds:
    """A scan of each validation subject for each of the five kinds, with the error of cubic interpolation.

    The method gets what a user's scan would show: the resolution and the noise that are measured, and T1w as contrast.

    `scores`: {"score": geometric mean of NRMSE over that of cubic interpolation, and that of each kind}.
    """

    def __init__(self, subjects: Sequence[PackedBrain], seed: int) -> None:
        self._cases = []
        for subject in subjects:
            brain = subject.brain
            for number, (name, kind) in enumerate(KINDS.items()):
                rng = generator(seed, "five kinds", name, subject.key)
                low = scan(brain.volume, brain.maps, brain.mask, kind, slice_axis=number % 3, rng=rng)
                baseline = _error(low.volume, brain.volume, brain.mask)
                seen = Examined.of(low.volume, low.mask)
                noise = measure_noise(seen.volume, seen.mask)
                self._cases.append((name, seen, noise, brain, baseline))

    def scores(self, method: AnyScanMethod, run: Run, *, picture: Path | None = None) -> dict[str, float]:
        """`picture` names a folder for one slice: scan, estimate and truth side by side."""
        ratios: dict[str, list[float]] = {name: [] for name in KINDS}
        for number, (name, seen, noise, brain, baseline) in enumerate(self._cases):
            run.report.check()
            estimate = _restored(method, seen, noise, run)
            ratios[name].append(_error(estimate, brain.volume, brain.mask) / baseline)
            if picture is not None and number == 0:
                _write_slice(seen.volume, estimate, brain.volume, picture / SLICE)
        means = {name: float(np.exp(np.mean(np.log(values)))) for name, values in ratios.items()}
        return {"score": float(np.exp(np.mean(np.log(list(means.values()))))), **means}


def _restored(method: AnyScanMethod, seen: Examined, noise: ScanNoise, run: Run) -> Volume:
    transfer = bool(getattr(method, "transfers", False))
    return restored(
        seen.volume, seen.mask, method, noise=noise, width=seen.width, scan_voxels=False, transfer=transfer, run=run,
        believe=True,
    ).volume  # fmt: skip


def _error(estimate: Volume, truth: Volume, mask: np.ndarray) -> float:
    near = matched(on_grid(estimate, truth), truth.data, mask, truth.spacing)
    return evaluate(np.where(mask, truth.data, 0), np.where(mask, near, 0), mask).nrmse_mean


def _write_slice(low: Volume, estimate: Volume, truth: Volume, path: Path) -> None:
    middle = truth.shape[0] // 2
    planes = [volume[middle] for volume in (on_grid(low, truth), on_grid(estimate, truth), truth.data)]
    row = np.concatenate([plane / max(float(plane.max()), 1e-6) for plane in planes])
    write(Volume(row[..., None].astype(np.float32), np.diag([-1.0, 1.0, 1.0, 1.0])), path, overwrite=True)
