"""Validation on whole volumes of the validation subjects, with a picture of one slice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..image.axis import upsample_slices
from ..image.metrics import evaluate
from ..image.volume import Volume, write
from ..methods.base import Method, Run, TrainingPair

SLICE = "validation.nii"  # in the folder of a run: low field, estimate, truth, side by side


def validate(
    method: Method, pairs: Sequence[TrainingPair], run: Run, *, gain_free: bool, picture: Path | None = None
) -> dict[str, float]:
    """Means over whole volumes: "score" is NRMSE (by mean, in the brain) over that of cubic interpolation.

    `picture` names a file for the middle slice of the first pair.
    """
    rows: list[tuple[float, float, float, float]] = []
    for pair in pairs:
        mask = pair.low.high_mask & (pair.high > 0)
        scores = []
        for estimate in (method.enhance(pair.low, run), upsample_slices(pair.low.data, pair.low.profile.factor)):
            gain = pair.high[mask].mean() / estimate[mask].mean() if gain_free else 1.0
            scores.append(evaluate(pair.high, estimate * np.float32(gain), mask))
            if picture is not None and not rows and len(scores) == 1:
                write_slice(pair, estimate * np.float32(gain), picture)
        own, cubic = scores
        rows.append((own.nrmse_mean / cubic.nrmse_mean, own.nrmse_mean, own.ssim, cubic.ssim))
    return dict(zip(("score", "nrmse_mean", "ssim", "ssim_cubic"), np.mean(rows, axis=0).tolist(), strict=True))


def write_slice(pair: TrainingPair, estimate: np.ndarray, path: Path) -> None:
    """Write a plane across the slices of a pair: scan (nearest neighbour), estimate and truth from left to right.

    The image has (3 y, z, 1) voxels of 1 mm, so that an axial view shows it upright.
    """
    middle = pair.high.shape[0] // 2
    scan = upsample_slices(pair.low.data, pair.low.profile.factor, "nearest")
    scan = scan * np.float32(pair.high[pair.low.high_mask].mean() / max(float(scan[pair.low.high_mask].mean()), 1e-6))
    row = np.concatenate([volume[middle] for volume in (scan, np.nan_to_num(estimate), pair.high)])
    write(Volume(row[..., None], np.diag([-1.0, 1.0, 1.0, 1.0])), path, overwrite=True)
