"""Calibrated intervals: how far the truth may lie from an estimate, by group of scans.

A method states how far below and above its estimate it expects the truth. Calibration on subjects that it never saw
finds, for each group of scans, the factor on these distances with which the interval holds what it promises.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np

from ..errors import ModelError
from ..image.volume import Volume
from ..io.typed import Between, Positive
from ..methods.any_scan import Restored
from ..sentences import Sentence

THICK, COARSE = 3.5, 1.8  # mm, width of the point spread along the axis with the lowest resolution
QUIET = 25.0  # SNR of bright tissue above which a thick-slice scan counts as quiet
FAINT = {"thick slices": 14.0, "coarse voxels": 14.0, "fine voxels": 6.0}  # least SNR that is not "very noisy"
NORMAL = 1.6449  # standard deviations from the mean to the 5 % and 95 % quantiles of a normal distribution
RESOLUTIONS = (
    *("thick slices, noisy", "thick slices, quiet", "coarse voxels", "fine voxels"),
    *(f"{resolution}, very noisy" for resolution in FAINT),
)
CONTRASTS = ("own contrast", "high-field contrast")
GROUPS = tuple(f"{resolution}; {contrast}" for resolution in RESOLUTIONS for contrast in CONTRASTS)
Share = Annotated[float, Between(0, 1, without=(0, 1))]


@dataclass(frozen=True)
class Calibration:
    """A card's `intervals`.

    Args:
        coverage: share of a brain's voxels that the interval holds at least. confidence: share of new subjects for whom
            it does.
        factors: on the distances that the method states, by group of scans.
        people: subjects it was calibrated on; none of them trained or chose the model. scores: of each, by group.
    """

    coverage: Share = 0.9
    confidence: Share = 0.9
    factors: dict[str, Positive] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    scores: dict[str, Any] = field(default_factory=dict)

    def interval(self, result: Restored, group: str, warnings: list[str]) -> "Interval | None":
        """The interval around `result`, or None, with a warning, if this group was not calibrated."""
        if not self.factors:
            told = "no interval: the model was calibrated with its own settings, not with these"
            warnings.append(Sentence(told, "other-settings"))
            return None
        if group not in self.factors or result.below is None or result.above is None:
            resolution, contrast = group.split("; ")
            told = "no interval: the model is not calibrated for {resolution}; {contrast}"
            warnings.append(Sentence(told, "not-calibrated", resolution=resolution, contrast=contrast))
            return None
        return Interval.of(result.volume, result.below, result.above, group=group, factor=self.factors[group])

    @classmethod
    def none_yet(cls) -> "Calibration":
        """Distances as the method states them, for calibration itself."""
        return cls(factors=dict.fromkeys(GROUPS, 1.0))


@dataclass(frozen=True, eq=False)
class Interval:
    """Where the truth lies, voxel by voxel; zero outside the brain, where nothing is known.

    Args:
        lower, upper: on the result's grid and in its units. group: of the scan, one of `GROUPS`. factor: of that group.
    """

    lower: Volume
    upper: Volume
    group: str
    factor: float

    @classmethod
    def of(cls, estimate: Volume, below: Volume, above: Volume, *, group: str, factor: float) -> "Interval":
        """The interval from `below` to `above` the estimate, each times `factor`; below zero only where it is."""
        inside = above.data > 0
        least = np.minimum(estimate.data, 0)  # intensities are not negative, but of scans with an offset
        lower = np.where(inside, np.maximum(estimate.data - np.float32(factor) * below.data, least), 0)
        upper = np.where(inside, estimate.data + np.float32(factor) * above.data, 0)
        return cls(estimate.with_data(lower), estimate.with_data(upper), group, factor)

    @property
    def deviation(self) -> Volume:
        """Half the interval's width as the standard deviation of a normal distribution."""
        return self.lower.with_data((self.upper.data - self.lower.data) / np.float32(2 * NORMAL))


def group_of(width: tuple[float, ...], snr: float | None, *, transfer: bool) -> str:
    """The group of a scan that resolves `width` (mm per axis) at this SNR of bright tissue; None counts as noisy."""
    widest = max(width)
    resolution = "thick slices" if widest > THICK else "coarse voxels" if widest > COARSE else "fine voxels"
    if snr is not None and snr < FAINT[resolution]:
        resolution += ", very noisy"
    elif widest > THICK:
        resolution += ", quiet" if snr is not None and snr > QUIET else ", noisy"
    return f"{resolution}; {CONTRASTS[transfer]}"


def unstated(calibration: Calibration | None) -> tuple[str, ...]:
    """What is said of a scan that is returned as it is, where an interval was asked for."""
    return () if calibration is None else (Sentence("no interval: the scan is returned as it is"),)


def calibration_of(name: str, intervals: Calibration | None) -> Calibration:
    """The calibration of the model `name`.

    Raises:
        ModelError: it has none.
    """
    if intervals is None:
        raise ModelError(
            "model {name} has no calibrated intervals: choose iqt-any, or calibrate it with `iqt calibrate`",
            name=name,
            code="no-intervals",
        )
    return intervals
