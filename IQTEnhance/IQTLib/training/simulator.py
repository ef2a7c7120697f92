"""Draws the parameters of training scans: from a preset or, with domain randomisation, from wide ranges."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from scipy.ndimage import gaussian_filter1d

from ..data.training_pairs import Gain
from ..errors import InputError
from ..image.axis import interpolation_matrix
from ..io.typed import Between, Positive, check
from ..physics.acquisition import SliceProfile
from ..physics.simulation import Noise, SNRPreset, ThickSlices, Tissue

FIELD_NODES = 4  # of a random bias field, per axis


@dataclass(frozen=True)
class Variation:
    """Domain randomisation: the ranges of simulated scans instead of a preset (SynthSR 2021).

    Args:
        snr: range of SNR_WM, log-uniform. ratio: range of SNR_WM / SNR_GM, uniform.
        profiles: slice thickness and gap in high-field voxels, one of them per scan; all with one factor.
        bias: standard deviation of the logarithm of a smooth bias field (what remains after N4).
        gamma: standard deviation of the logarithm of the exponent applied to intensities.
        blur: largest in-plane blur, standard deviation in voxels.
    """

    snr: tuple[Positive, Positive] = (5.0, 110.0)
    ratio: tuple[Positive, Positive] = (0.7, 1.6)
    profiles: tuple[tuple[Annotated[int, Between(1, 8)], Annotated[int, Between(0, 7)]], ...] = ((4, 0), (3, 1), (2, 2))
    bias: Annotated[float, Between(0, 10)] = 0.1
    gamma: Annotated[float, Between(0, 10)] = 0.15
    blur: Annotated[float, Between(0, 10)] = 0.6

    def __post_init__(self) -> None:
        check(self, "variation.")
        for name in ("snr", "ratio"):
            low, high = getattr(self, name)
            if low > high:
                raise InputError(
                    "variation.{name} {low} to {high}: the first number must not be larger",
                    name=name,
                    low=low,
                    high=high,
                )
        if not self.profiles:
            raise InputError("variation.profiles is empty: name at least one thickness and gap")


@dataclass(frozen=True)
class Draw:
    """The parameters of one simulated scan."""

    profile: SliceProfile
    snr: tuple[float, float]
    fixed: Tissue
    noise: Noise
    bias: np.ndarray | None = None
    gamma: float = 1.0
    blur: float = 0.0


@dataclass(frozen=True)
class Simulator:
    """Draws scans: from an SNR preset or, if given, from the ranges of a `variation`.

    Args:
        once: one draw of SNR and noise per subject and slice axis, as in the paper, instead of a new one per sample.
        gain: the divisor of the truth. "scanner": the same as the scan's, so the estimate keeps the units that the
            simulator gives both; "free": its own mean, so that the scanner's arbitrary gain is not learned.
    """

    preset: SNRPreset
    profile: SliceProfile
    noise: Noise = "gaussian"
    variation: Variation | None = None
    once: bool = False
    gain: Gain = "scanner"

    def draw(self, rng: np.random.Generator) -> Draw:
        variation = self.variation
        if variation is None:
            wm, gm = self.preset.draw(1, rng)[0]
            return Draw(self.profile, (float(wm), float(gm)), self.preset.fixed, self.noise)
        wm = float(np.exp(rng.uniform(*np.log(variation.snr))))
        return Draw(
            profile=SliceProfile(*variation.profiles[rng.integers(len(variation.profiles))]),
            snr=(wm, wm / rng.uniform(*variation.ratio)),
            fixed=("WM", "GM")[rng.integers(2)],
            noise=self.noise,
            bias=variation.bias * rng.standard_normal((FIELD_NODES,) * 3),
            gamma=float(np.exp(variation.gamma * rng.standard_normal())),
            blur=float(rng.uniform(0, variation.blur)),
        )


def smooth_field(nodes: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """A smooth float32 field of `shape`, interpolated from `nodes`, a small array."""
    field = nodes
    for axis, count in enumerate(shape):
        weights = interpolation_matrix(nodes.shape[axis], np.linspace(0, nodes.shape[axis] - 1, count))
        field = np.moveaxis(np.tensordot(weights, field, axes=(1, axis)), 0, axis)
    return field.astype(np.float32)


def bent(slices: ThickSlices, draw: Draw) -> ThickSlices:
    """`slices` with intensities raised to gamma and blurred in plane."""
    if draw.gamma != 1:
        slices = replace(slices, clean=np.maximum(slices.clean, 0) ** np.float32(draw.gamma))
    if draw.blur < 0.2:  # a smaller blur does not reach the next voxel
        return slices
    arrays = [slices.clean, slices.csf, slices.gm, slices.wm]
    for axis in (0, 1):
        arrays = [gaussian_filter1d(array, draw.blur, axis=axis, truncate=3) for array in arrays]
    return ThickSlices(*arrays)
