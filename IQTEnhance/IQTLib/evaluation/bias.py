"""Measures of regression to the training mean, each with a known answer.

First scale estimates to the truth's mean in the brain, because a difference in gain is not a bias.
"""

from dataclasses import dataclass

import numpy as np

from ..image.axis import upsample_slices
from ..physics.acquisition import Acquisition, SliceProfile

BLOCK = 4  # voxels along the edge of a block whose mean counts as one observation
FILLED = 0.5  # share of a block that must lie in the tissue
MOST_POINTS = 2000  # for Theil-Sen, whose cost is quadratic
DECILES = 10


@dataclass(frozen=True)
class Line:
    """A straight line fitted to observations."""

    slope: float
    intercept: float
    theil_sen: float = float("nan")
    """Slope as the median over pairs of observations, robust against outliers."""


def fitted(x: np.ndarray, y: np.ndarray, *, robust: bool = False) -> Line:
    """Least squares of y on x, both (n,); NaN with fewer than three observations or constant x."""
    if len(x) < 3 or np.ptp(x) == 0:
        return Line(float("nan"), float("nan"))
    slope, intercept = np.polyfit(x, y, 1)
    return Line(float(slope), float(intercept), _theil_sen(x, y) if robust else float("nan"))


def _theil_sen(x: np.ndarray, y: np.ndarray) -> float:
    from scipy.stats import theilslopes

    step = -(-len(x) // MOST_POINTS)
    return float(theilslopes(y[::step], x[::step])[0])


def block_means(volumes: tuple[np.ndarray, ...], mask: np.ndarray, size: int = BLOCK) -> list[np.ndarray]:
    """Means (n,) of `volumes` (i, j, k) over the `mask` in cubes of `size` that are at least half filled."""
    shape = tuple(n // size for n in mask.shape)

    def summed(data: np.ndarray) -> np.ndarray:
        cut = data[tuple(slice(n * size) for n in shape)]
        return cut.reshape(shape[0], size, shape[1], size, shape[2], size).sum(axis=(1, 3, 5), dtype=np.float64)

    count = summed(mask)
    keep = count >= FILLED * size**3
    return [summed(np.where(mask, data, 0))[keep] / count[keep] for data in volumes]


def shrinkage(truth: np.ndarray, estimate: np.ndarray, tissue: np.ndarray) -> Line:
    """Block means of the estimate against those of the truth within a tissue: slope below 1 is shrinkage."""
    return fitted(*block_means((truth, estimate), tissue), robust=True)


def conditional_bias(truth: np.ndarray, estimate: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, Line]:
    """b(q) = E[estimate - truth | truth in decile q] over `mask`.

    Returns:
        (10, 2): mean truth and bias of each decile; and the line of bias against truth: a negative slope pulls dark
        voxels up and bright ones down.
    """
    x, error = truth[mask].astype(np.float64), (estimate - truth)[mask].astype(np.float64)
    ranks = np.argsort(np.argsort(x, kind="stable"), kind="stable") * DECILES // len(x)
    count = np.bincount(ranks, minlength=DECILES)
    curve = np.stack([np.bincount(ranks, w, DECILES) / count for w in (x, error)], axis=1)
    return curve, fitted(curve[:, 0], curve[:, 1])


def high_frequency(
    truth: np.ndarray, estimate: np.ndarray, mask: np.ndarray, profile: SliceProfile
) -> tuple[float, float]:
    """The detail that thick slices lose: HP x = x - interpolation of A x, slices last.

    Returns:
        The energy ratio of estimate to truth in `mask` (below 1: too smooth; noise increases it), and their
        correlation (how much of the detail is real).
    """
    detail = []
    for volume in (truth, estimate):
        low = Acquisition(profile, volume.shape[-1] // profile.factor).forward(volume)
        detail.append((volume - upsample_slices(low, profile.factor))[mask].astype(np.float64))
    own, other = detail[1], detail[0]
    energy = float((own @ own) / (other @ other))
    scale = np.sqrt((own @ own) * (other @ other))
    return energy, float(own @ other / scale) if scale else 0.0


def tissue_ratio(data: np.ndarray, wm: np.ndarray, gm: np.ndarray, pure: float = 0.9) -> float:
    """Mean of white over mean of grey matter, where their maps exceed `pure`."""
    return float(data[wm > pure].mean(dtype=np.float64) / data[gm > pure].mean(dtype=np.float64))


def contrast_response(people: np.ndarray, scans: np.ndarray, estimates: np.ndarray) -> float:
    """Slope of the estimates' WM/GM ratio on the scans', both within each subject, (n,) each.

    0: the estimate is independent of the scan's contrast, as it should be, because the truth is the same; 1: the
    contrast is carried over.
    """
    return fitted(*(_within(people, values) for values in (scans, estimates))).slope


def contrast_between(people: np.ndarray, truths: np.ndarray, estimates: np.ndarray) -> float:
    """Slope of the subjects' mean estimated WM/GM ratio on the true one: 1 follows the subject, 0 ignores it."""
    names = np.unique(people)
    return fitted(
        *(np.array([values[people == name].mean() for name in names]) for values in (truths, estimates))
    ).slope


def _within(people: np.ndarray, values: np.ndarray) -> np.ndarray:
    centred = np.asarray(values, float).copy()
    for name in np.unique(people):
        centred[people == name] -= centred[people == name].mean()
    return centred
