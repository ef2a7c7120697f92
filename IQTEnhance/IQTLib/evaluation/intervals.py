"""Calibrate intervals on subjects with a truth, and measure what intervals hold.

The unit is the subject, never the voxel: voxels of one brain err together. For each subject we find the factor on the
stated distances with which the interval holds the wanted share of the brain. A high order statistic of these factors
then holds for a new subject with the wanted confidence, whatever their distribution is (split conformal prediction,
Vovk 2005; with a share of voxels as the risk, Angelopoulos and Bates, "Learn then test" and "Risk-controlling
prediction sets", 2021).

A low-field scan cannot tell the gain and the smooth brightness field of another scanner. Both are matched first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..image.grid import on_grid
from ..image.volume import Volume
from ..models.intervals import Interval
from .anyscan import matching

ROUNDING = 1e-9  # 10 * 0.9 is to be 9
LARGEST = 1e3  # of the factors: of voxels whose interval has no width on one side


@dataclass(frozen=True, eq=False)
class Needed:
    """What a scan's interval lacks, voxel by voxel of the brain.

    Args:
        factor: on the interval's sides at which each voxel holds the truth, float32 (n,). error: of the estimate, in
            units of the truth. width: of the interval, likewise. truth: its values. inside: the brain on the truth's
            grid.
    """

    factor: np.ndarray
    error: np.ndarray
    width: np.ndarray
    truth: np.ndarray
    inside: np.ndarray

    @classmethod
    def of(cls, estimate: Volume, interval: Interval, truth: Volume, mask: np.ndarray | None = None) -> "Needed":
        """Compare with `truth` where the interval reaches, and inside the boolean `mask` on the truth's grid."""
        inside = on_grid(interval.upper, truth, order=0) > 0
        inside = inside if mask is None else inside & mask
        if not inside.any():
            raise InputError("the interval and the truth's brain do not overlap: are the scans registered?")
        middle, lower, upper = (on_grid(one, truth, order=1) for one in (estimate, interval.lower, interval.upper))
        scale, slope, offset = matching(middle, truth.data, inside, truth.spacing)
        middle, lower, upper = ((slope * one * scale + offset)[inside] for one in (middle, lower, upper))
        true = truth.data[inside]
        error = true - middle
        side = np.where(error < 0, middle - lower, upper - middle)
        factor = np.divide(np.abs(error), side, out=np.full_like(error, LARGEST), where=side > 0)
        return cls(np.minimum(factor, LARGEST), error, upper - lower, true, inside)

    def coverage(self, factor: float = 1.0) -> float:
        """Share of the brain that the interval holds with this factor on its sides."""
        return float(np.mean(self.factor <= factor))


def subject_factor(scans: Sequence[np.ndarray], coverage: float) -> float:
    """The smallest factor with which the intervals of a subject's scans hold this share of the brain's voxels.

    `scans` are the factors that the voxels need (`Needed.factor`), an array for each scan.
    """
    return float(np.quantile(np.concatenate(scans), coverage, method="higher"))


def conformal_factor(subjects: Sequence[float], confidence: float) -> float:
    """The factor that suffices for a new subject with this confidence: an order statistic of the subjects' factors.

    Raises:
        InputError: too few subjects for this confidence.
    """
    check_number(len(subjects), confidence)
    return float(np.sort(subjects)[int(np.ceil((len(subjects) + 1) * confidence - ROUNDING)) - 1])


def check_number(subjects: int, confidence: float) -> None:
    """Raise `InputError` if so few `subjects` cannot give this confidence."""
    needed = int(np.ceil(confidence / (1 - confidence) - ROUNDING))
    if subjects < needed:
        raise InputError(
            f"{subjects} calibration subjects are too few for a confidence of {100 * confidence:.0f} %: "
            f"{needed} are needed"
        )


def sparsification(error: np.ndarray, width: np.ndarray, *, steps: int = 20) -> tuple[np.ndarray, np.ndarray, float]:
    """Root mean square error of the voxels left after removing those with the widest intervals, or largest errors.

    Returns:
        Both curves over the share removed (0, 1 / steps, ...), relative to nothing removed, and the area between them
        (AUSE; Ilg 2018): 0 where the intervals rank voxels as the errors do.
    """
    squared = np.square(error, dtype=np.float64)
    whole = np.sqrt(squared.mean())

    def curve(order: np.ndarray) -> np.ndarray:
        kept = np.cumsum(squared[order])  # from the surest on
        counts = [max(round(len(order) * (1 - step / steps)), 1) for step in range(steps)]
        return np.array([np.sqrt(kept[n - 1] / n) for n in counts]) / whole

    by_width, by_error = curve(np.argsort(width, kind="stable")), curve(np.argsort(squared, kind="stable"))
    return by_width, by_error, float(np.mean(by_width - by_error))


def coverage_by(needed: Needed, labels: np.ndarray, *, names: Sequence[str]) -> dict[str, float]:
    """Coverage in each class of `labels` (1, 2, ... on the truth's grid) that has voxels in the brain."""
    own = labels[needed.inside]
    held = needed.factor <= 1
    return {name: float(held[own == number].mean()) for number, name in enumerate(names, 1) if (own == number).any()}


def coverage_by_intensity(needed: Needed, *, parts: int = 10) -> list[float]:
    """Coverage in each of `parts` equally large groups of voxels, from the truth's darkest to its brightest."""
    order = np.argsort(needed.truth, kind="stable")
    return [float(np.mean(needed.factor[part] <= 1)) for part in np.array_split(order, parts)]
