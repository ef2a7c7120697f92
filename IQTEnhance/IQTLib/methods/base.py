"""The protocol that all methods share, and their data: arrays with the slice axis last, never files or menus.

To add a method, write one file in `methods` (for a network, in `methods.networks`) with a class that follows this
protocol and its `Descriptor` under the name `METHOD`. The command line, both panels, the experiments and the tests then
find it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol, get_args, runtime_checkable

import numpy as np

from ..errors import InputError, ModelError
from ..events import SILENT, Reporter
from ..image.axis import upsample_slices
from ..image.noise import WHITE, Correlation, ScanNoise
from ..image.volume import Volume
from ..physics.acquisition import SliceProfile
from .descriptor import Normalisation
from .state import checked_state

NORMALISATIONS = get_args(Normalisation)
COARSE = 6.0  # mm, voxels of the bias field that a scan is normalised by: finer ones change it by 0.2 to 0.6 %


@dataclass(frozen=True, eq=False)
class LowField:
    """A low-field volume on a model's grid.

    Args:
        data: float32 (x, y, n), slices last, bias-corrected if the model requires it, mean inside the brain 1.
        mask: the brain, boolean (x, y, n).
        noise: standard deviation of the noise in a voxel of this grid, in units of `data`; None if unknown.
        profile: slice thickness and gap in high-field voxels; the output has n * profile.factor slices.
        gain: by which the scan was divided (bias field times scale), (x, y, n) or a single voxel.
        correlation: of the noise in neighbouring voxels, as in `ScanNoise`.
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
        """`volume` (slices last) normalised for a model; `noise` is given on its grid and in its units.

        `normalisation` is "brain-mean" (divide by the mean inside the brain), "n4-brain-mean" (bias field first) or
        "none".

        Raises:
            InputError: the mask is empty, or the mean inside it is not positive.
        """
        if not mask.any():
            raise InputError("the brain mask is empty on the model's grid")
        gain = np.ones((1, 1, 1), np.float32)
        if normalisation not in NORMALISATIONS:
            raise ModelError(
                "normalisation {normalisation!r}: this version knows {normalisations}",
                normalisation=normalisation,
                normalisations=", ".join(NORMALISATIONS),
            )
        if normalisation == "none":
            return cls(volume.data, mask, noise.sigma, profile, gain, noise.correlation)
        if normalisation == "n4-brain-mean":
            from ..image.tissue import bias_field  # slow to import

            gain = bias_field(volume.data, mask, volume.spacing, step=COARSE)
        data = volume.data / gain
        scale = float(data[mask].mean(dtype=np.float64))
        if not scale > 0:
            raise InputError("mean intensity inside the brain is {scale:.4g}: it must be positive", scale=scale)
        sigma = None if noise.sigma is None else noise.sigma / scale
        gain = gain * np.float32(scale)
        return cls((data / scale).astype(np.float32), mask, sigma, profile, gain, noise.correlation)

    def restore_units(self, high: np.ndarray) -> np.ndarray:
        """Undo the normalisation of an estimate (x, y, n * factor): restore the scan's bias field and units."""
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
    """The context of an enhancement: a torch `device` name and a `report` for progress, log and cancellation."""

    device: str = "cpu"
    report: Reporter = SILENT


class Method(Protocol):
    """A method that estimates a high-field volume from a low-field one."""

    name: ClassVar[str]
    needs_brain: ClassVar[bool]
    """False if the method uses neither the brain mask nor the noise level, which are then not computed."""
    settings: Any
    """A frozen dataclass, stored completely in the model card."""

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        """The high-field estimate, float32 (x, y, n * factor), in units of `low.data`."""

    def state(self) -> dict[str, np.ndarray]:
        """The trained parameters, for `weights.safetensors`."""

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Load a state after `state.checked_state`; on `ModelError` the method is unchanged."""


@runtime_checkable
class Spreads(Protocol):
    """A method that also states how uncertain its estimate is."""

    def enhance_with_spread(self, low: LowField, run: Run) -> tuple[np.ndarray, np.ndarray]:
        """The estimate as from `Method.enhance`, and the distance from it within which the truth may lie, likewise."""


@runtime_checkable
class Synthesises(Protocol):
    """A method that makes another contrast, slice by slice."""

    def synthesise(self, image: np.ndarray, run: Run) -> np.ndarray:
        """The target's intensities of a slice (h, w), float32."""


class Untrained:
    """Base of the methods without trained parameters; `Settings` is their dataclass of settings."""

    Settings: ClassVar[type]

    def __init__(self, settings: Any = None) -> None:
        self.settings: Any = self.Settings() if settings is None else settings

    def state(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """There are no weights: only an empty state is accepted."""
        checked_state(state, {})


def intensities(estimate: np.ndarray) -> np.ndarray:
    """Clip negative numbers; `ModelError` if some are NaN or infinite, which clipping would hide."""
    check_finite(estimate)
    return np.maximum(estimate, 0)


def check_finite(estimate: np.ndarray, model: str = "the model") -> None:
    """Raise `ModelError` if an estimate has values that are not finite: it must never reach a user."""
    if bad := estimate.size - np.count_nonzero(np.isfinite(estimate)):
        raise ModelError(
            "{model} makes {bad} of {size} voxels NaN or infinite: its weights are damaged or cannot cope "
            "with this scan, choose another model",
            model=model,
            bad=bad,
            size=estimate.size,
        )
