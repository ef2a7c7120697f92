"""Measure the noise and signal-to-noise ratio of a volume.

Arrays are indexed (i, j, k) like `Volume.data`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ..errors import InputError
from .brain_noise import brain_noise
from .noise import ScanNoise
from .tissue import MINIMUM_VOXELS, TissueMaps, checked_mask
from .volume import Volume

MINIMUM_AIR = 1000  # voxels


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

    Measured in the air outside the mask if the air is white and either zero-mean Gaussian or Rayleigh distributed.
    Otherwise (air zeroed, filtered, interpolated, from many coils or absent) measured from texture inside the brain:
    see `brain_noise`.

    Raises:
        InputError: the mask has another shape or is empty.
    """
    mask = checked_mask(volume, mask)
    sigma = _air_noise(volume.data, mask)
    if sigma is not None:
        return ScanNoise(sigma)
    return brain_noise(volume.data, mask, volume.spacing)


def _air_noise(data: np.ndarray, mask: np.ndarray) -> float | None:
    """Noise in the air, or None if the voxels outside the mask follow neither known distribution.

    Air is where the mean over 5 x 5 x 5 voxels equals that of pure noise (0 for Gaussian, sqrt(pi/2) sigma for
    Rayleigh: Gudbjartsson 1995), which excludes the head. The ratio of mean to root mean square then confirms the
    distribution.
    """
    outside = ~ndimage.binary_dilation(mask, iterations=4)
    outside &= ndimage.maximum_filter(data, 3) != ndimage.minimum_filter(data, 3)  # exclude padding and zeroed air
    if outside.sum() < MINIMUM_AIR:
        return None
    values = data[outside].astype(np.float64)
    local_mean = ndimage.uniform_filter(data, 5)[outside]
    negative = values[values < 0]
    if negative.size >= 0.1 * values.size:
        air = np.abs(local_mean) < 0.5 * np.sqrt(np.mean(negative**2))
        return _rms_if(np.abs(values[air]), np.sqrt(2 / np.pi))
    sigma = np.percentile(local_mean, 10) / np.sqrt(np.pi / 2)
    air = local_mean < 1.5 * sigma
    rms = _rms_if(values[air], np.sqrt(np.pi) / 2)
    return None if rms is None else rms / np.sqrt(2)


def _rms_if(values: np.ndarray, expected: float) -> float | None:
    """Root mean square of `values` if there are enough and their mean is `expected` times it within 3 %, else None."""
    if values.size < MINIMUM_AIR:
        return None
    rms = float(np.sqrt(np.mean(values**2)))
    return rms if abs(values.mean() - expected * rms) < 0.03 * expected * rms else None
