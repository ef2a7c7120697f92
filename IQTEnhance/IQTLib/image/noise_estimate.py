"""Measure the noise and signal-to-noise ratio of a volume.

Arrays are indexed (i, j, k) like `Volume.data`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ..errors import InputError
from .air_noise import air_noise
from .brain_noise import brain_noise
from .noise import ScanNoise
from .tissue import MINIMUM_VOXELS, TissueMaps, checked_mask
from .volume import Volume


@dataclass(frozen=True)
class SNR:
    """Signal-to-noise ratios of white and grey matter; `sigma` and the tissue means in the volume's units."""

    wm: float
    gm: float
    sigma: float
    wm_mean: float
    gm_mean: float

    @property
    def ratio(self) -> float:
        """Ratio of white to grey matter: above 1 in T1w."""
        return self.wm / self.gm


def measure_snr(volume: Volume, maps: TissueMaps, mask: np.ndarray, *, sigma: float | None = None) -> SNR:
    """Mean of white and of grey matter over the noise standard deviation (from `measure_noise` unless `sigma` is
    given).

    The means are over voxels with a fraction above 0.9, without the outermost layer if 50 voxels remain.

    Raises:
        InputError: shapes differ, a tissue has fewer than 50 such voxels, or the noise cannot be measured.
    """
    if maps.wm.shape != volume.shape:
        raise InputError(
            "the tissue maps have shape {shape}, the volume {shape2}: they must share a grid",
            shape=maps.wm.shape,
            shape2=volume.shape,
        )
    if sigma is None:
        noise = measure_noise(volume, mask)
        if noise.sigma is None:
            raise InputError(
                "the noise cannot be measured ({reason}), so there is no signal-to-noise ratio", reason=noise.reason
            )
        sigma = noise.sigma
    if not sigma > 0:
        raise InputError(
            "the noise has standard deviation {sigma:g}: the signal-to-noise ratio is undefined", sigma=sigma
        )
    wm_mean = _tissue_mean(volume.data, maps.wm, "white matter")
    gm_mean = _tissue_mean(volume.data, maps.gm, "grey matter")
    return SNR(wm_mean / sigma, gm_mean / sigma, sigma, wm_mean, gm_mean)


def _tissue_mean(data: np.ndarray, fraction: np.ndarray, name: str) -> float:
    pure = fraction > 0.9
    if pure.sum() < MINIMUM_VOXELS:
        raise InputError(
            "only {pure} voxels of pure {name}, but {minimum_voxels} are needed: check the tissue maps",
            pure=pure.sum(),
            name=name,
            minimum_voxels=MINIMUM_VOXELS,
        )
    core = ndimage.binary_erosion(pure)
    return float(data[core if core.sum() >= MINIMUM_VOXELS else pure].mean(dtype=np.float64))


def measure_noise(volume: Volume, mask: np.ndarray) -> ScanNoise:
    """Noise per complex channel in the volume's units, or the reason why it cannot be measured.

    Measured in the air outside the mask if the air is either zero-mean Gaussian or Rayleigh distributed: see
    `air_noise`. Otherwise (air zeroed, interpolated, from many coils or absent) measured from texture inside the brain:
    see `brain_noise`.

    Raises:
        InputError: the mask has another shape or is empty.
    """
    mask = checked_mask(volume, mask)
    return air_noise(volume.data, mask) or brain_noise(volume.data, mask, volume.spacing)
