"""Compare an enhanced volume with its scan and, if available, the truth, on the enhanced volume's grid."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..events import SILENT, Reporter
from ..image.metrics import Scores, evaluate
from ..image.volume import Volume, check_target, not_measured, read, write
from ..io.files import refuse_sources

LEAST_COVERED = 0.5  # share of the enhanced volume inside what it is compared with
EDGE = 0.5 + 1e-6  # voxels around the outermost centres that still belong to a volume


def onto(volume: Volume, grid: Volume) -> tuple[np.ndarray, np.ndarray]:
    """`volume` linearly interpolated at the voxel centres of `grid`, and which of these lie inside `volume`.

    Both arrays have the shape (i, j, k) of `grid`. Inside is at most half a voxel beyond the outermost centres, whose
    values are repeated there.
    """
    from scipy.ndimage import affine_transform

    to_volume = np.linalg.inv(volume.affine) @ grid.affine
    data = affine_transform(
        volume.data, to_volume[:3, :3], to_volume[:3, 3], output_shape=grid.shape, order=1, mode="nearest"
    )
    return data, _covered(volume, grid)


def _covered(volume: Volume, grid: Volume) -> np.ndarray:
    """Which voxel centres of `grid` lie inside `volume`, at most half a voxel beyond its outermost centres."""
    to_volume = np.linalg.inv(volume.affine) @ grid.affine
    inside = np.ones(grid.shape, bool)
    indices = np.ogrid[tuple(slice(count) for count in grid.shape)]
    for row, count in zip(to_volume[:3], volume.shape, strict=True):
        position = sum(step * index for step, index in zip(row[:3], indices, strict=True)) + row[3]
        inside &= (position >= -EDGE) & (position <= count - 1 + EDGE)
    return inside


def _warn_if_apart(volume: Volume, path: Path, grid: Volume, report: Reporter) -> None:
    share = float(_covered(volume, grid).mean())
    if share < LEAST_COVERED:
        report.warn(f"only {share:.0%} of the enhanced volume lies inside {path.name}: is it of another head or place?")


def difference(scan: Volume, enhanced: Volume) -> Volume:
    """Enhanced minus scan, in the scan's units on the enhanced grid; 0 where the scan did not measure.

    Raises:
        InputError: it measured nothing of the enhanced volume.
    """
    measured, inside = onto(scan, enhanced)
    if not inside.any():
        raise InputError("scan and enhanced volume do not overlap: check their positions")
    return enhanced.with_data(np.where(inside, enhanced.data - measured, 0))


def compare(truth: Volume, scan: Volume, enhanced: Volume, mask: Volume | None = None) -> dict[str, Scores]:
    """Scores of the "scan" (linearly interpolated) and of the "enhanced" volume against the truth.

    Both are scored on the same voxels: those of the enhanced grid that lie inside the scan, the truth, and the `mask`
    (any number above 0; without one: where the truth is above 0).

    Raises:
        InputError: there are no such voxels, or their content cannot be compared.
    """
    true, known = onto(truth, enhanced)
    measured, covered = onto(scan, enhanced)
    inside = true > 0 if mask is None else onto(mask.with_data(mask.data > 0), enhanced)[0] > 0.5
    compared = inside & known & covered
    if not compared.any():
        raise InputError("scan, truth and mask do not overlap: check their positions")
    return {"scan": evaluate(true, measured, compared), "enhanced": evaluate(true, enhanced.data, compared)}


def write_difference(
    scan: Path, enhanced: Path, target: Path, *, overwrite: bool = False, report: Reporter = SILENT
) -> None:
    """Write the map of enhanced minus scan; the result includes its standard deviation where it is non-zero."""
    refuse_sources([check_target(target, overwrite=overwrite)], [scan, enhanced])
    before, after = read(scan), read(enhanced)
    for told in not_measured(before, after):
        report.warn(told)
    _warn_if_apart(before, scan, after, report)
    change = replace(difference(before, after), remark=before.remark or after.remark)
    write(change, target, overwrite=overwrite)
    told = change.data[change.data != 0]
    spread = float(told.std()) if told.size else 0.0
    report.result(str(target), output=str(target), affine=change.affine, deviation=spread)


def compare_files(
    truth: Path, scan: Path, enhanced: Path, *, mask: Path | None = None, report: Reporter = SILENT
) -> dict[str, Scores]:
    """`compare` for files on any grids."""
    inside = None if mask is None else read(mask, allow_constant=True)
    true, measured, result = read(truth), read(scan), read(enhanced)
    for told in not_measured(true, measured, result):
        report.warn(told)
    for volume, path in ((true, truth), (measured, scan)):
        _warn_if_apart(volume, path, result, report)
    scores = compare(true, measured, result, inside)
    report.result(str(enhanced), **{name: score.as_dict() for name, score in scores.items()})
    return scores
