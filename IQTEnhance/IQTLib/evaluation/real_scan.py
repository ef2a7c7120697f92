"""Measures for enhanced real scans, which have no truth: contrast, noise, sharpness, data consistency."""

import numpy as np
from scipy.ndimage import binary_erosion, gaussian_filter

from ..image.tissue import MINIMUM_VOXELS, TissueMaps, bias_field
from ..image.volume import Volume
from .bias import fitted

PURE = 0.9
SMOOTH = 4.0  # mm, standard deviation


def tissue_contrast(volume: Volume, mask: np.ndarray, maps: TissueMaps) -> dict[str, float]:
    """WM/GM ratio of means, their difference over the fine noise and over the tissues' spread, SNR of white matter.

    The bias field is divided out first. The noise is `fine_noise` in white matter.
    """
    flat = volume.with_data(volume.data / bias_field(volume.data, mask, volume.spacing))
    wm, gm = (flat.data[tissue > PURE] for tissue in (maps.wm, maps.gm))
    sigma = fine_noise(flat, maps.wm > PURE)
    difference = float(wm.mean() - gm.mean())
    return {
        "ratio": float(wm.mean() / gm.mean()),
        "contrast to noise": difference / sigma,
        "contrast to spread": difference / float(np.sqrt((wm.var() + gm.var()) / 2)),
        "snr": float(wm.mean() / sigma),
    }


def fine_noise(volume: Volume, inside: np.ndarray) -> float:
    """Robust standard deviation of variations finer than `SMOOTH` mm inside a tissue: noise and fine texture.

    Noise estimates from differences of neighbours fail here, because interpolated neighbours hardly differ. The local
    mean is taken over the tissue only, without its outermost layer.
    """
    sigma = [SMOOTH / step for step in volume.spacing]
    weight = gaussian_filter(inside.astype(np.float32), sigma)
    mean = gaussian_filter(np.where(inside, volume.data, 0).astype(np.float32), sigma) / np.maximum(weight, 1e-6)
    core = binary_erosion(inside)
    core = core if core.sum() >= MINIMUM_VOXELS else inside
    left = (volume.data - mean)[core]
    return float(np.median(np.abs(left - np.median(left))) / 0.6745)


def sharpness(volume: Volume, mask: np.ndarray) -> float:
    """Gradient along the slice axis (the last) over that in plane, root mean squares in `mask`: 1 if isotropic."""
    inside = mask[1:-1, 1:-1, 1:-1]
    powers = []
    for axis, step in enumerate(volume.spacing):
        gradient = np.gradient(volume.data, step, axis=axis)[1:-1, 1:-1, 1:-1]
        powers.append(float(np.mean(gradient[inside] ** 2)))
    return float(np.sqrt(powers[2] / ((powers[0] + powers[1]) / 2)))


def consistency(slices: np.ndarray, scan: np.ndarray, mask: np.ndarray, sigma: float | None) -> dict[str, float]:
    """How well the result reproduces the measured slices (x, y, n): RMS of A x - y in the brain.

    "inconsistency" is over the scan's mean, "inconsistency over noise" over `sigma` (NaN where that is None);
    "unexplained" is the residual of the best linear fit between both (1 - R^2), which tolerates a change of contrast.
    """
    x, y = slices[mask].astype(np.float64), scan[mask].astype(np.float64)
    rms = float(np.sqrt(np.mean((x - y) ** 2)))
    line = fitted(x, y)
    left = y - line.slope * x - line.intercept
    return {
        "inconsistency": rms / float(y.mean()),
        "inconsistency over noise": rms / sigma if sigma else float("nan"),
        "unexplained": float(left.var() / y.var()),
    }
