"""Measures of a scan by which `gauge` tells whether it is one that the models know: about a second in all.

Each is one number with a meaning; NaN where the scan does not tell. Arrays are indexed (i, j, k) like `Volume.data`.
"""

import numpy as np
from scipy import ndimage

from .anatomy import likeness
from .axis import smoothed
from .brain_shape import fit_of, mirrored
from .frames import as_placed
from .noise import ScanNoise
from .resolution import BINS, log_spectra
from .volume import Volume

COARSE = 2.0  # mm: voxels are left out down to this spacing where fine detail does not matter
FAR = 25.0  # mm from the brain: skull and scalp end before
INNER = 6.0  # mm below the brain's surface
FIELD, BLUR, DETAIL = 40.0, 6.0, 4.0  # mm, full width at half maximum: smooth field, structure, single defects
DARK, BRIGHT = 0.1, 3.0  # of the brain's median: no tissue is darker or brighter
FEWEST = 200  # voxels
RINGING = 3  # voxels
LEVELS = 64
THICK = 1.5  # times the middle one of three widths: across slices
FULL_WIDTH = 2.355  # of a Gaussian in standard deviations


def measure(volume: Volume, mask: np.ndarray, *, noise: ScanNoise, width: tuple[float, ...]) -> dict[str, float]:
    """The measures of `volume` inside the boolean `mask`, by name.

    Args:
        noise: of the volume on its own grid. width: of its point spread along i, j, k, mm.
    """
    thin, inside = thinned(volume, mask)
    if inside.sum() < FEWEST:
        thin, inside = volume, mask
    values = thin.data[inside]
    percentiles = np.percentile(values, (0.1, 1, 5, 50, 85, 95, 99, 99.9))
    _, low, fifth, middle, bright, ninety_fifth, high, top = (float(p) for p in percentiles)
    level = max(abs(middle), 1e-3 * max(abs(top), abs(high)), float(np.finfo(np.float32).tiny))
    litres = values.size * float(np.prod(thin.spacing)) * 1e-6
    return {
        "anatomy": _log(likeness(thin, inside)),
        "shape": fit_of(inside, thin).of[()],
        "symmetry": mirrored(inside, thin),
        "volume": _log(litres),
        "ghosts": ghosts(thin, inside, level, width),
        "stripes": stripes(volume, mask, width),
        "noise": float("nan") if noise.sigma is None else _log(bright / max(noise.sigma, 1e-9)),
        "width": _log(max(width)),
        "range": _log((ninety_fifth - fifth) / level),
        "brightest": _log(top / level),
        "levels": _entropy(values, low, high),
        "air": _air(thin, inside, level),
        **_smoothed(thin, inside, level),
    }


def thinned(volume: Volume, mask: np.ndarray) -> tuple[Volume, np.ndarray]:
    """Every n-th voxel, so that none are nearer than about `COARSE` mm: noise stays what it is."""
    steps = [max(1, round(COARSE / step)) for step in volume.spacing]
    starts = [(n - 1) % step // 2 for n, step in zip(volume.shape, steps, strict=True)]  # as much left out at both ends
    kept = tuple(slice(start, None, step) for start, step in zip(starts, steps, strict=True))
    affine = volume.affine @ np.diag([*steps, 1.0])
    affine[:3, 3] += volume.affine[:3, :3] @ starts
    return Volume(volume.data[kept], affine), mask[kept]


def ghosts(volume: Volume, mask: np.ndarray, level: float, width: tuple[float, ...]) -> float:
    """Signal of the air beside the brain along one axis beyond that of other air, over `level`; NaN: no such air.

    Ghosts are copies of the head, moved along the axis of phase encoding (Giannelli 2010): they brighten the air beside
    the head along this axis, and no other air. Air is what lies `FAR` from the brain and above its centre, where there
    is neither face nor neck; where it was filled with one value it tells nothing. Nor does air beyond the ends of thick
    slices, into which the profile of low-field slices spills the head: it lies along the axis whose `width` (mm along
    i, j, k) is `THICK` times the next.
    """
    centre = np.array(ndimage.center_of_mass(mask))
    above = np.logical_and.reduce([_above(axes[2], volume.shape, centre) for axes in as_placed(volume.affine)])
    air = above & (ndimage.distance_transform_edt(~mask, sampling=volume.spacing) > FAR)
    air &= ~_filled(volume.data)
    beside = [mask.any(axis=axis, keepdims=True) & air for axis in range(3)]
    thick = np.array(width) > THICK * np.median(width)
    for axis in np.flatnonzero(thick):
        air &= ~beside[axis]
    found = []
    for axis in np.flatnonzero(~thick):
        others = np.logical_or.reduce([beside[other] for other in range(3) if other != axis])
        here, rest = beside[axis] & ~others, air & ~beside[axis]
        if min(here.sum(), rest.sum()) >= FEWEST:
            found.append(float(volume.data[here].mean() - volume.data[rest].mean()) / level)
    return max(found, default=float("nan"))


def _above(up: np.ndarray, shape: tuple[int, ...], centre: np.ndarray) -> np.ndarray:
    """Voxels above `centre`, by how much each axis of voxels rises (`up`, mm)."""
    heights = [step * np.arange(n) for step, n in zip(up, shape, strict=True)]
    return np.add.outer(np.add.outer(heights[0], heights[1]), heights[2]) > up @ centre


def _filled(data: np.ndarray) -> np.ndarray:
    """Where the neighbours are all alike, and `RINGING` around it, where interpolation has left waves."""
    alike = ndimage.maximum_filter(data, 3) == ndimage.minimum_filter(data, 3)
    return ndimage.binary_dilation(alike, iterations=RINGING) | (data == data.min())


def stripes(volume: Volume, mask: np.ndarray, width: tuple[float, ...]) -> float:
    """How much the power of detail in the brain differs between the two finest axes; NaN: too little brain.

    Motion adds detail along the axis of phase encoding. The mean difference of log power at the frequencies that both
    axes resolve.
    """
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    spectra = log_spectra(volume.data[box], mask[box])
    if spectra is None:
        return float("nan")
    first, second = np.argsort(volume.spacing, kind="stable")[:2]
    centres = (np.arange(BINS) + 0.5) / (2 * BINS)
    last = 0.4 / max(width[first], width[second], volume.spacing[first], volume.spacing[second])
    shared = np.linspace(0.3 * last, last, BINS)
    one, other = (
        np.interp(shared, centres / volume.spacing[axis], spectra[axis] + np.log(volume.spacing[axis]))
        for axis in (first, second)
    )
    return float(abs((one - other).mean()))


def _log(ratio: float) -> float:
    """Logarithm of what differs by factors, above a thousandth."""
    return float(np.log(max(ratio, 1e-3)))


def _entropy(values: np.ndarray, low: float, high: float) -> float:
    """Bits that the histogram of `values` holds."""
    values = values.astype(np.float64)  # numpy refuses bins narrower than the numbers' own steps
    counts, _ = np.histogram(values, LEVELS, (low, max(high, low + 1e-6 * max(abs(low), 1e-6))))
    shares = counts[counts > 0] / max(counts.sum(), 1)
    return float(-(shares * np.log2(shares)).sum())


def _air(volume: Volume, mask: np.ndarray, level: float) -> float:
    """Dark end of what lies beyond `FAR` of the brain, over `level`; NaN: next to nothing lies there."""
    far = ndimage.distance_transform_edt(~mask, sampling=volume.spacing) > FAR
    if far.sum() < 0.03 * far.size:
        return float("nan")
    return float(np.percentile(volume.data[far], 10)) / level


def _smoothed(volume: Volume, mask: np.ndarray, level: float) -> dict[str, float]:
    """What is seen in the brain after smoothing: structure, bias field, voids and piled-up signal."""
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    inside, spacing = mask[box], np.array(volume.spacing)
    data, weight = np.where(inside, volume.data[box], 0).astype(np.float32), inside.astype(np.float32)

    def smooth(width: float) -> np.ndarray:
        sigma = width / spacing / FULL_WIDTH
        total, share = (smoothed(part, sigma, truncate=3) for part in (data, weight))
        return total / np.maximum(share, 1e-3)

    inner = ndimage.distance_transform_edt(np.pad(inside, 1), sampling=spacing)[1:-1, 1:-1, 1:-1] > INNER
    inner = inner if inner.sum() >= FEWEST else inside
    detail = smooth(DETAIL)[inner]
    return {
        "structure": _log(float(smooth(BLUR)[inner].std()) / level),
        "bias": float(np.log(np.maximum(smooth(FIELD)[inside] / level, 1e-6)).std()),
        "voids": float((detail < DARK * level).mean()),
        "pile-up": float((detail > BRIGHT * level).mean()),
    }
