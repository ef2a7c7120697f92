"""Estimate noise from texture inside the brain; for white, interpolated, masked or quantised scans, or give up.

High-order texture (the product of second differences along the three axes, Immerkaer 1996 in 3D) contains little
anatomy and much noise. In an interpolated scan neighbours share their noise, so differences of neighbours contain only
0.03 of it. The differences are therefore taken between voxels far enough apart for their noise to be independent: about
one voxel of the scan before interpolation.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import ndimage

from ..sentences import Sentence
from .noise import INTERPOLATED, LAGS, ScanNoise

INDEPENDENT = 0.3  # correlation below which voxels count as independent: anatomy alone gives 0.1 to 0.3
ENDED = 0.05  # correlation below which we stop following it
ENOUGH = 2000  # voxels needed for an estimate
UNEVEN = 1.2  # largest ratio of texture in less flat to flattest regions: only anatomy makes them differ
SEPARATE = 3.0  # mm: beyond this distance shared texture is anatomy, but for interpolation across thick slices
SHARED = 0.12  # correlation over twice the distance of independence: 0.10 and less where noise prevails, else 0.13
HIDDEN = "anatomy hides it: {why}"
ROUNDED_AWAY = "it is smaller than the quantisation step {step:g} of the volume"
ROUNDED = 0.5  # ratio of texture to quantisation step below which rounding hides the noise


def brain_noise(data: np.ndarray, mask: np.ndarray, spacing: Sequence[float]) -> ScanNoise:
    """Noise of `data` (i, j, k) inside `mask`; unknown if anatomy or rounding hides it.

    Median absolute deviation in the flattest quarter. Rounding to steps of q adds q^2 / 12 to the variance.
    """
    data, mask = _cropped(data, mask)
    lags, correlation = _independent(data, mask)
    anatomy = _anatomy(lags, correlation, spacing)
    i, j, k = (1 if step > INTERPOLATED else lag for lag, step in zip(lags, spacing, strict=True))
    lags = (i, j, k)
    inside = _with_neighbours(mask, lags)
    if inside.sum() < ENOUGH:
        lags, inside = (1, 1, 1), mask
    texture = _differences(data, lags)
    edges = _edges(data, lags)[inside]
    values = texture[inside]
    sigma = _spread(values[edges <= np.percentile(edges, 25)])
    step = rounding(data[mask])
    if sigma < ROUNDED * step:
        return ScanNoise(None, reason=Sentence(ROUNDED_AWAY, "noise-rounded", step=step))
    if anatomy:
        return ScanNoise(None, reason=Sentence(HIDDEN, "noise-hidden", why=anatomy))
    flat, rough = (_spread(values[part]) for part in _ranked(edges, (0, 12.5, 25, 50)))
    if rough > UNEVEN * flat:
        why = Sentence("texture is {times:.1f} times stronger near edges", "noise-edges", times=rough / flat)
        return ScanNoise(None, reason=Sentence(HIDDEN, "noise-hidden", why=why))
    kept = np.prod([_kept(along, lag) for along, lag in zip(correlation, lags, strict=True)])
    if not kept > 0:  # few voxels: what they share could not be followed to where it ends
        few = Sentence("the brain holds too few voxels to tell noise from anatomy", "noise-few-voxels")
        return ScanNoise(None, reason=few)
    sigma = float(np.sqrt(max(sigma**2 - step**2 / 12, 0) / kept))
    first, second, third = (_ended(along) if lag > 1 else () for along, lag in zip(correlation, lags, strict=True))
    return ScanNoise(sigma, (first, second, third))


def _anatomy(lags: Sequence[int], correlation: Sequence[Sequence[float]], spacing: Sequence[float]) -> str:
    """Why what voxels share can be no noise, "" if it can.

    Voxels of thick slices share none. Interpolation leaves none to voxels twice as far apart as independent ones, and
    makes noise of voxels wider than `SEPARATE` along one axis at most, across the slices.
    """
    wide = []
    for lag, along, step in zip(lags, correlation, spacing, strict=True):
        if lag > 1 and step > SEPARATE and _ended(along):
            return Sentence("noise would be correlated over {mm:.1f} mm", "noise-wide", mm=step)
        if lag > 1 and step <= INTERPOLATED:
            if len(along) >= 2 * lag and along[2 * lag - 1] > SHARED:
                return Sentence("texture is correlated over {mm:.1f} mm", "noise-texture", mm=2 * lag * step)
            wide += [lag * step] if lag * step >= SEPARATE else []
    if len(wide) < 2:
        return ""
    return Sentence("noise would be correlated over {mm:.1f} mm along several axes", "noise-axes", mm=max(wide))


def rounding(values: np.ndarray) -> float:
    """The quantisation step q of `values` (multiples of q plus an offset), or 0."""
    levels = np.unique(values)
    if levels.size < 2:
        return 0.0
    levels = levels.astype(np.float64) - levels[0]
    step, reach = float(np.diff(levels).min()), 10.0
    while reach < 10 * levels[-1] / step:  # single precision: distant levels determine the step more accurately
        near = levels[levels <= reach * step]
        counts = np.round(near / step)
        step, reach = float(near @ counts / (counts @ counts)) if counts.any() else step, 10 * reach
    multiples = levels / step
    return step if np.abs(multiples - np.round(multiples)).max() < 0.05 else 0.0


def _independent(data: np.ndarray, mask: np.ndarray) -> tuple[tuple[int, int, int], list[list[float]]]:
    """Per axis, the distance in voxels at which noise is independent, and the correlations up to and beyond it.

    The correlation along one axis is measured on texture along the other two, whose lags must be known first; the
    solution is iterative.
    """
    lags = (1, 1, 1)
    for _ in range(4):
        inside = _with_neighbours(mask, lags)
        if inside.sum() < ENOUGH:
            return lags, [[], [], []]
        edges = _edges(data, lags)
        inside &= edges <= np.percentile(edges[inside], 25)
        correlation = []
        for axis in range(3):
            others = tuple(0 if other == axis else lag for other, lag in enumerate(lags))
            correlation.append(correlation_along(_clipped(_differences(data, others), inside), inside, axis))
        i, j, k = (
            max(lag, next((n for n, value in enumerate(along, 1) if value < INDEPENDENT), len(along) or 1))
            for along, lag in zip(correlation, lags, strict=True)
        )
        if (i, j, k) == lags:
            break
        lags = (i, j, k)
    return lags, correlation


def correlation_along(
    texture: np.ndarray, inside: np.ndarray, axis: int, lags: Sequence[int] = range(1, LAGS + 1)
) -> list[float]:
    """Correlation of `texture` (mean 0) with itself `lags` voxels further along `axis`.

    The list ends early where too few pairs of voxels lie `inside`.
    """
    texture = np.ascontiguousarray(np.moveaxis(texture * inside, axis, 0))
    inside = np.ascontiguousarray(np.moveaxis(inside, axis, 0))
    variance = float(np.vdot(texture, texture)) / np.count_nonzero(inside)
    found: list[float] = []
    for lag in lags:
        pairs = np.count_nonzero(inside[lag:] & inside[:-lag])
        if lag >= len(inside) or pairs < ENOUGH / 10 or not variance > 0:
            break
        found.append(float(np.vdot(texture[lag:], texture[:-lag])) / pairs / variance)
    return found


def _clipped(texture: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """`texture` without its outliers."""
    bound = 3 * _spread(texture[inside])
    return np.clip(texture, -bound, bound)


def _differences(data: np.ndarray, lags: tuple[int, ...]) -> np.ndarray:
    """Second differences over `lags` voxels along every axis (0: none), scaled so that white noise keeps its sigma."""
    for axis, lag in enumerate(lags):
        if lag:
            data = (_moved(data, axis, lag) + _moved(data, axis, -lag) - 2 * data) * np.float32(1 / np.sqrt(6))
    return data


def _edges(data: np.ndarray, lags: tuple[int, ...]) -> np.ndarray:
    """Squared gradient of the data smoothed by about `lags` voxels."""
    smooth = ndimage.gaussian_filter(data, [max(1.0, 0.7 * lag) for lag in lags], truncate=2.5)
    total = np.zeros_like(data)
    for axis, lag in enumerate(lags):
        total += (lag * (_moved(smooth, axis, 1) - _moved(smooth, axis, -1))) ** 2
    return total


def _with_neighbours(mask: np.ndarray, lags: tuple[int, ...]) -> np.ndarray:
    """Voxels whose differences over `lags` use only voxels inside the mask."""
    for axis, lag in enumerate(lags):
        mask = mask & _moved(mask, axis, lag) & _moved(mask, axis, -lag)
    return mask


def _moved(array: np.ndarray, axis: int, by: int) -> np.ndarray:
    """Shift so that voxel n takes the value of voxel n + by, repeating the last one."""
    return array.take(np.clip(np.arange(array.shape[axis]) + by, 0, array.shape[axis] - 1), axis=axis)


def _cropped(data: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Crop both to the mask plus a margin for differences over one voxel."""
    where = ndimage.find_objects(mask.astype(np.uint8))[0]
    box = tuple(slice(max(part.start - 2, 0), part.stop + 2) for part in where)
    return np.ascontiguousarray(data[box], np.float32), np.ascontiguousarray(mask[box])


def _spread(values: np.ndarray) -> float:
    """Standard deviation, estimated from the median absolute deviation."""
    return float(np.median(np.abs(values - np.median(values)))) / 0.6745


def _ranked(edges: np.ndarray, bounds: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Voxels between the first two and between the last two of the given percentiles of `edges`."""
    levels = np.percentile(edges, bounds)
    first, _, last = ((edges >= low) & (edges <= high) for low, high in pairwise(levels))
    return first, last


def _kept(along: list[float], lag: int) -> float:
    """Variance of a second difference over `lag` voxels relative to that of independent noise."""
    if lag == 1:
        return 1.0
    near, far = (along[n - 1] if n <= len(along) else 0.0 for n in (lag, 2 * lag))
    return (6 - 8 * max(near, 0) + 2 * far) / 6


def _ended(along: Sequence[float]) -> tuple[float, ...]:
    """Correlations before the first negligible one."""
    last = next((n for n, value in enumerate(along) if value < ENDED), len(along))
    return tuple(round(value, 4) for value in along[:last])
