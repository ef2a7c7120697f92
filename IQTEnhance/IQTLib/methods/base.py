"""The one protocol of every method, and the data it sees: arrays with the slice axis last, never files or menus.

To add a method: one file in `methods` (or, of a network, in `methods.networks`) with a class of this protocol and its
`Descriptor` under the name `METHOD`. The command line, both panels, the experiments and the tests find it by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np

from ..errors import InputError, ModelError
from ..events import SILENT, Reporter
from ..image.axis import upsample_slices
from ..image.noise import WHITE, Correlation, ScanNoise
from ..image.volume import Volume
from ..physics.acquisition import SliceProfile

NORMALISATIONS = ("none", "brain-mean", "n4-brain-mean")


@dataclass(frozen=True, eq=False)
class LowField:
    """A low-field volume on a model's grid.

    Args:
        data: float32 (x, y, n), slices last, without bias field where asked for, its mean inside the brain 1.
        mask: the brain, boolean (x, y, n).
        noise: standard deviation of the noise in a voxel of this grid, in units of `data`; None: cannot be told.
        profile: slice thickness and gap in high-field voxels; the output has n * profile.factor slices.
        gain: what the scan was divided by (bias field times scale), (x, y, n) or one voxel.
        correlation: of the noise in neighbouring voxels, as `ScanNoise` has it.
    """

    data: np.ndarray
    mask: np.ndarray
    noise: float | None
    profile: SliceProfile
    gain: np.ndarray
    correlation: Correlation = WHITE

    @classmethod
    def normalised(
        cls, volume: Volume, mask: np.ndarray, *, noise: ScanNoise, profile: SliceProfile, normalisation: str
    ) -> "LowField":
        """`volume` (slices last) with intensities as a model wants them; `noise` on its grid and in its units.

        `normalisation` is "brain-mean" (divide by the mean inside the brain), "n4-brain-mean" (bias field first) or
        "none".

        Raises:
            InputError: the mask is empty, or the mean inside it is not positive.
        """
        if not mask.any():
            raise InputError("the brain mask is empty on the model's grid")
        gain = np.ones((1, 1, 1), np.float32)
        if normalisation not in NORMALISATIONS:
            raise ModelError(f"normalisation {normalisation!r}: this version knows {', '.join(NORMALISATIONS)}")
        if normalisation == "none":
            return cls(volume.data, mask, noise.sigma, profile, gain, noise.correlation)
        if normalisation == "n4-brain-mean":
            from ..image.tissue import bias_field  # scipy takes half a second to load

            gain = bias_field(volume.data, mask, volume.spacing)
        data = volume.data / gain
        scale = float(data[mask].mean(dtype=np.float64))
        if not scale > 0:
            raise InputError(f"mean intensity inside the brain is {scale:.4g}: it must be positive")
        sigma = None if noise.sigma is None else noise.sigma / scale
        gain = gain * np.float32(scale)
        return cls((data / scale).astype(np.float32), mask, sigma, profile, gain, noise.correlation)

    def restore_units(self, high: np.ndarray) -> np.ndarray:
        """Undo the normalisation of an estimate (x, y, n * factor): bias field and units of the scan come back."""
        return high * self.high_gain

    @property
    def high_gain(self) -> np.ndarray:
        """`gain` on the high-field grid."""
        return upsample_slices(self.gain, self.profile.factor) if self.gain.shape[-1] > 1 else self.gain

    @cached_property
    def high_mask(self) -> np.ndarray:
        """The brain on the high-field grid, boolean (x, y, n * factor)."""
        return upsample_slices(self.mask.astype(np.float32), self.profile.factor, "linear") > 0.5


@dataclass(frozen=True, eq=False)
class TrainingPair:
    """A low-field volume and its truth `high`, float32 (x, y, n * factor), without the scan's bias field."""

    low: LowField
    high: np.ndarray
    person: str


@dataclass(frozen=True)
class Run:
    """What an enhancement may use: a torch `device` name and a `report` for progress, log and cancelling."""

    device: str = "cpu"
    report: Reporter = SILENT


class Method(Protocol):
    """A way from low-field to high-field volumes."""

    name: ClassVar[str]
    needs_brain: ClassVar[bool]
    """False when neither the brain mask nor the noise level matters to the method: then they are not looked for."""
    settings: Any
    """A frozen dataclass; all of it goes into the model card."""

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        """The high-field estimate, float32 (x, y, n * factor), in units of `low.data`."""

    def state(self) -> dict[str, np.ndarray]:
        """What was learned, for `weights.safetensors`."""

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over a state that `state.checked_state` finds sound; `ModelError` otherwise, and nothing is changed."""


def intensities(estimate: np.ndarray) -> np.ndarray:
    """`estimate` without negative numbers; `ModelError` when some are NaN or infinite, which clipping would hide."""
    check_finite(estimate)
    return np.maximum(estimate, 0)


def check_finite(estimate: np.ndarray, model: str = "the model") -> None:
    """Raise `ModelError` unless all values of an estimate are finite: such a volume must never reach a user."""
    if bad := estimate.size - np.count_nonzero(np.isfinite(estimate)):
        raise ModelError(
            f"{model} makes {bad} of {estimate.size} voxels NaN or infinite: its weights are damaged or cannot "
            "cope with this scan, choose another model"
        )
