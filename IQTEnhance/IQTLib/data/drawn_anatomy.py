"""What no scanner decides, drawn again for every training pair: the contrast of the tissues, and lesions."""

import numpy as np
from scipy.ndimage import gaussian_filter

from ..image.axis import FWHM_TO_SIGMA

PLATEAU = 0.3  # share of the distance to the next tissue that still counts as this one


def curve(tissues: tuple[float, float, float], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Knots (x, y) of a random piecewise linear contrast; the brightest tissue becomes about 1.

    Half of them resemble low field (ascending, white over grey 1.05 to 1.8), half order the tissues at random.
    """
    csf, gm, wm = tissues
    top = rng.uniform(-0.3, 0.6)
    if rng.random() < 0.5:
        grey = 1 / rng.uniform(1.05, 1.8)
        values = np.array([grey * rng.uniform(0.15, 0.9), grey, 1.0])
        return np.array([0.0, csf, gm, wm, 1.6 * wm]), np.array([0.0, *values, max(1 + top, 0.05)])
    values = rng.uniform(0.1, 1.0, 3)
    values /= values.max()
    # Keep each tissue's texture with a mild slope: a steep curve would turn its noise into dots.
    first, second = PLATEAU * (gm - csf), PLATEAU * (wm - gm)
    x = [0.5 * csf, csf + first, gm - first, gm + second, wm - second, 1.2 * wm, 2 * wm]
    slope = rng.uniform(-0.3, 0.3, 3)
    y = [v + s * (at - mean) for v, s, at, mean in zip(
        np.repeat(values, 2), np.repeat(slope, 2), x[:6], np.repeat(tissues, 2), strict=True
    )]  # fmt: skip
    return np.array([0.0, *x]), np.maximum([0.0, *y, values[2] + top], 0)


def low_field(
    fine: np.ndarray, maps: np.ndarray, tissues: tuple[float, float, float], rng: np.random.Generator
) -> np.ndarray:
    """T1w voxels `fine` (float32) with the weaker contrast of low field: grey matter and CSF nearer to white matter.

    Args:
        maps: CSF, GM and WM, uint8 (3, x, y, z) of 255. tissues: mean intensities of these.
    """
    _, gm, wm = tissues
    grey = wm / rng.uniform(1.05, 1.6) / gm
    fluid = 1 + (grey - 1) * rng.uniform(0, 1.5)
    soft = rng.uniform(0.3, 1.0)  # tissue labels have steps that no scan has
    csf_share, gm_share = (gaussian_filter(one.astype(np.float32) / 255, soft, truncate=2) for one in maps[:2])
    return fine * (1 + np.float32(fluid - 1) * csf_share + np.float32(grey - 1) * gm_share)


def blobs(shape: tuple[int, ...], inside: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` lesions of 1-12 mm, bright or dark, soft or sharp-edged, in boolean `inside`; shares of bright tissue."""
    total = np.zeros(shape, np.float32)
    room = np.argwhere(inside)
    for _ in range(count if len(room) else 0):
        centre, diameter = room[rng.integers(len(room))], float(np.exp(rng.uniform(np.log(1.5), np.log(12))))
        reach = int(np.ceil(diameter * 1.5))
        box = tuple(slice(max(c - reach, 0), c + reach + 1) for c in centre)
        grids = np.ogrid[tuple(slice(b.start, min(b.stop, n)) for b, n in zip(box, shape, strict=True))]
        stretch = rng.uniform(0.7, 1.4, 3)
        squared = sum(((g - c) / s) ** 2 for g, c, s in zip(grids, centre, stretch, strict=True))
        if rng.random() < 0.5:
            blob = np.exp(-0.5 * squared / (diameter * FWHM_TO_SIGMA) ** 2)
        else:
            blob = 1 / (1 + np.exp(np.clip((np.sqrt(squared) - diameter / 2) / 0.35, -30, 30)))
        total[box] += (rng.uniform(-0.5, 0.5) * blob).astype(np.float32)
    return total
