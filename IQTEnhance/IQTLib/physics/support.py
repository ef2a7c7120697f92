"""What of an enhanced volume the scan supports: the volume degraded again, minus the scan, in units of its noise.

Where the difference leaves three standard deviations, structure was invented (positive) or lost (negative). Three
things are no structure and are taken out first: a change of contrast (the best monotone curve from the intensities of
the degraded volume to those of the scan), a smooth field, and the noise's finest detail (both are blurred to the scan's
resolution).

The reverse does not hold: detail finer than the scan resolves leaves no trace in it, so the map cannot tell whether it
is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..errors import InputError
from ..image.noise import ScanNoise
from ..image.volume import Volume
from .sampling import apply_along, blur_matrix, sampling_matrix

LIMIT = 3.0  # standard deviations of the noise
DEGREE, FIELD = 3, (0.2, 5.0)  # of the smooth field that is no structure: polynomial, least and most
SAMPLE = 50_000  # voxels to which it is fitted
LEVELS = 60  # of the monotone curve
LEAST_LIKENESS = 0.3  # rank correlation with the scan, at its resolution
EDGE = 1e-3  # voxels, rounding
ROUNDS = 4  # curve and field in turn
FAINTEST = 2e-3  # noise, of the brain's mean: smaller differences are the forward model's own


@dataclass(frozen=True, eq=False)
class Support:
    """Where an enhanced volume contradicts its scan.

    Args:
        volume: enhanced and degraded again minus the scan, in standard deviations of the scan's noise, on the scan's
            grid; 0 outside the brain. unsupported: share (0 to 1) of the brain's voxels beyond `LIMIT`.
    """

    volume: Volume
    unsupported: float


def support(enhanced: Volume, scan: Volume, mask: np.ndarray, *, noise: ScanNoise, width: Sequence[float]) -> Support:
    """Compare `enhanced` with the `scan` that it was made from, inside the boolean `mask` on the scan's grid.

    Args:
        noise: of the scan on its own grid; where unknown, the spread of the differences stands for it.
        width: of the scan's point spread along i, j, k, mm.

    Raises:
        InputError: the grids are rotated relative to each other, or the mask is empty.
    """
    if not mask.any():
        raise InputError("the brain mask is empty")
    mask = mask & covered(enhanced, scan)
    if not mask.any():
        raise InputError("the enhanced volume does not lie where the scan's brain is: compare it as it was written")
    blurs = [blur_matrix(n, w / s) for n, w, s in zip(scan.shape, width, scan.spacing, strict=True)]
    blurred = tuple(matrix.astype(np.float32) for matrix in blurs)
    ours, theirs = (apply_along(one, blurred) for one in (degraded(enhanced, scan, width), scan.data))
    _check_alike(ours[mask], theirs[mask])
    difference = likened(ours, theirs, mask) - theirs
    sigma = noise.resampled(blurs, mask).sigma
    if sigma is None:
        sigma = float(np.median(np.abs(difference[mask]))) / 0.6745
    sigma = max(sigma, FAINTEST * abs(float(theirs[mask].mean(dtype=np.float64))), float(np.finfo(np.float32).tiny))
    deviations = np.where(mask, difference / sigma, 0).astype(np.float32)
    return Support(scan.with_data(deviations), float((np.abs(deviations[mask]) > LIMIT).mean()))


def _check_alike(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Contrast may have changed, even been inverted: order counts."""
    from scipy.stats import spearmanr

    alike = abs(spearmanr(ours, theirs).statistic) if min(np.ptp(ours), np.ptp(theirs)) > 0 else 0.0
    if alike < LEAST_LIKENESS:
        raise InputError(
            "the enhanced volume does not show the scan (rank correlation {alike:.2f}): compare it with the "
            "scan that it was made from",
            alike=alike,
        )


def degraded(enhanced: Volume, scan: Volume, width: Sequence[float]) -> np.ndarray:
    """`enhanced` blurred to point spreads of `width` (mm) and sampled on the grid of `scan`, without noise.

    Raises:
        InputError: the axes of the grids are not parallel.
    """
    along = zip(enhanced.shape, _places(enhanced, scan), width, enhanced.spacing, strict=True)
    matrices = tuple(sampling_matrix(count, places, w / spacing, own_width=1.0) for count, places, w, spacing in along)
    return apply_along(enhanced.data, matrices)


def covered(enhanced: Volume, scan: Volume) -> np.ndarray:
    """Which voxels of `scan` lie inside `enhanced`; raises as `degraded`."""
    i, j, k = (
        (places > -0.5 - EDGE) & (places < count - 0.5 + EDGE)
        for count, places in zip(enhanced.shape, _places(enhanced, scan), strict=True)
    )
    return i[:, None, None] & j[:, None] & k


def _places(enhanced: Volume, scan: Volume) -> list[np.ndarray]:
    """Where the voxels of `scan` lie along each axis of `enhanced`, in its voxels."""
    to_fine = np.linalg.inv(enhanced.affine) @ scan.affine
    steps, start = np.diag(to_fine)[:3], to_fine[:3, 3]
    if np.abs(to_fine[:3, :3] - np.diag(steps)).max() > 1e-3 * np.abs(steps).min():
        raise InputError("the enhanced volume is rotated relative to the scan: compare it as it was written")
    return [first + step * np.arange(n) for first, step, n in zip(start, steps, scan.shape, strict=True)]


def likened(ours: np.ndarray, theirs: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """`ours` with the contrast and the smooth field of `theirs` inside `mask`, found in turn.

    Contrast is the best monotone curve (rising or falling), the field a polynomial of the place.
    """
    powers = tuple(_powers(n) for n in mask.shape)
    terms = np.array([each for each in product(range(DEGREE + 1), repeat=3) if sum(each) <= DEGREE])
    sample = tuple(np.argwhere(mask)[:: max(1, int(mask.sum()) // SAMPLE)].T)
    basis = np.prod([power[at][:, term] for power, at, term in zip(powers, sample, terms.T, strict=True)], axis=0)
    weights = np.zeros((DEGREE + 1,) * 3, np.float32)
    curved = ours
    for _ in range(ROUNDS):
        weights[tuple(terms.T)] = np.linalg.lstsq(curved[sample][:, None] * basis, theirs[sample], rcond=None)[0]
        field = np.where(mask, np.clip(apply_along(weights, powers), *FIELD), 1)
        curved = monotone(ours, theirs / field, mask)
    return curved * field


def _powers(count: int) -> np.ndarray:
    """Powers of a coordinate from -1 to 1 along an axis, up to `DEGREE`: float32 (count, powers)."""
    return ((np.arange(count) / (count / 2) - 1)[:, None] ** np.arange(DEGREE + 1)).astype(np.float32)


def monotone(ours: np.ndarray, theirs: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The best monotone curve from `ours` to `theirs` inside `mask`, applied to `ours`."""
    from sklearn.isotonic import IsotonicRegression

    x, y = ours[mask], theirs[mask]
    edges = np.unique(np.quantile(x, np.linspace(0, 1, LEVELS + 1)))
    if len(edges) < 3:
        return np.full_like(ours, y.mean())
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(place, minlength=len(edges) - 1)
    full = counts > 0
    centres, means = (np.bincount(place, values, len(edges) - 1)[full] / counts[full] for values in (x, y))
    fitted = IsotonicRegression(increasing="auto").fit(centres, means, counts[full]).predict(centres)
    first, last = (np.diff(fitted[ends]) / np.diff(centres[ends]) for ends in (slice(2), slice(-2, None)))
    beyond = first * np.minimum(ours - centres[0], 0) + last * np.maximum(ours - centres[-1], 0)
    return (np.interp(ours, centres, fitted) + beyond).astype(np.float32)
