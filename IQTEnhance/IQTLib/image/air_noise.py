"""Noise measured in the air around the head, and what neighbouring voxels share of it.

Scanners that fill k-space up with zeros or filter it leave noise that is correlated between voxels: then there is more
of it at the low frequencies, where anatomy is, than its standard deviation tells. Air holds no anatomy, so there the
correlation can be measured along any axis, also across thick slices.
"""

from functools import cache

import numpy as np
from scipy import ndimage

from .brain_noise import correlation_along
from .noise import LAGS, Correlation, ScanNoise

MINIMUM_AIR = 1000  # voxels
CLEAR = 0.1  # correlation of magnitudes one voxel apart from which noise counts as correlated
FAR, SEVERAL = 6, 6  # voxels: from this distance on, over several of them, what is alike is uneven air
SURE = 5.0  # standard deviations of a correlation of white noise that is no chance


def air_noise(data: np.ndarray, mask: np.ndarray) -> ScanNoise | None:
    """Noise of `data` (i, j, k) in the air outside `mask`, or None if it follows neither known distribution.

    Air is where the mean over 5 x 5 x 5 voxels equals that of pure noise (0 for Gaussian, sqrt(pi/2) sigma for
    Rayleigh: Gudbjartsson 1995), which excludes the head. The ratio of mean to root mean square then confirms the
    distribution.
    """
    outside = ~ndimage.binary_dilation(mask, iterations=4)
    outside &= ndimage.maximum_filter(data, 3) != ndimage.minimum_filter(data, 3)  # exclude padding and zeroed air
    if outside.sum() < MINIMUM_AIR:
        return None
    values = data[outside].astype(np.float64)
    local_mean = ndimage.uniform_filter(data, 5)
    negative = values[values < 0]
    if negative.size >= 0.1 * values.size:
        air = outside & (np.abs(local_mean) < 0.5 * np.sqrt(np.mean(negative**2)))
        rms = _rms_if(np.abs(data[air]), np.sqrt(2 / np.pi))
        return None if rms is None else ScanNoise(rms, _shared(data, air, rayleigh=False))
    sigma = np.percentile(local_mean[outside], 10) / np.sqrt(np.pi / 2)
    air = outside & (local_mean < 1.5 * sigma)
    rms = _rms_if(data[air], np.sqrt(np.pi) / 2)
    return None if rms is None else ScanNoise(rms / np.sqrt(2), _shared(data, air, rayleigh=True))


def _rms_if(values: np.ndarray, expected: float) -> float | None:
    """Root mean square of `values` if there are enough and their mean is `expected` times it within 3 %, else None."""
    if values.size < MINIMUM_AIR:
        return None
    values = values.astype(np.float64)
    rms = float(np.sqrt(np.mean(values**2)))
    return rms if abs(values.mean() - expected * rms) < 0.03 * expected * rms else None


def _shared(data: np.ndarray, air: np.ndarray, *, rayleigh: bool) -> Correlation:
    """Correlation of the complex noise between voxels of `air` that are 1, 2, ... apart, along each axis."""
    texture = data - data[air].mean(dtype=np.float64).astype(np.float32)
    first, second, third = (_along(texture, air, axis, rayleigh=rayleigh) for axis in range(3))
    return first, second, third


def _along(texture: np.ndarray, air: np.ndarray, axis: int, *, rayleigh: bool) -> tuple[float, ...]:
    """As if k-space had been filled up with zeros: magnitudes hide the sign of what voxels further apart share."""
    alike = sum(correlation_along(texture, air, axis, (1,)))  # none: too few voxels
    if alike >= CLEAR:
        far = correlation_along(texture, air, axis, range(FAR, FAR + SEVERAL))
        uneven = float(np.median(far)) if far else 0.0
        alike = (alike - uneven) / (1 - uneven)
    if alike < max(CLEAR, SURE / np.sqrt(np.count_nonzero(air))):
        return ()
    if rayleigh:
        alike = float(np.interp(alike, *_of_magnitudes()))
    ratios = np.linspace(0, 1, 1001)  # of the measured to the whole k-space
    ratio = float(np.interp(-alike, -np.sinc(ratios), ratios))
    return tuple(round(float(np.sinc(lag * ratio)), 4) for lag in range(1, LAGS + 1))


@cache
def _of_magnitudes() -> tuple[np.ndarray, np.ndarray]:
    """Correlation of the magnitudes of two complex Gaussian numbers, and that of the numbers (Middleton 1960)."""
    from scipy.special import hyp2f1

    numbers = np.linspace(0, 1, 101)
    magnitudes = (hyp2f1(-0.5, -0.5, 1, numbers**2) - 1) * np.pi / (4 - np.pi)
    return magnitudes, numbers
