"""Noise of a volume: its standard deviation, its correlation between voxels, and how resampling changes both.

Arrays are indexed (i, j, k) like `Volume.data`. `noise_estimate` measures it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..sentences import Sentence

Correlation = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
WHITE: Correlation = ((), (), ())
LAGS = 12  # longest correlation in voxels: enough for interpolation to voxels five times smaller
INTERPOLATED = 1.2  # mm: what wider voxels of the brain share is taken for anatomy, not for noise
FAINT = 0.01  # correlations below this are dropped


@dataclass(frozen=True)
class ScanNoise:
    """Noise on a volume's own grid, the same everywhere and separable along the axes.

    Args:
        sigma: standard deviation in a voxel (root mean square over the grid), in the volume's units; None if
            unknown.
        correlation: for each axis the correlation of voxels 1, 2, ... apart; () for white noise.
        reason: why `sigma` is unknown, for the user.
    """

    sigma: float | None
    correlation: Correlation = WHITE
    reason: str = ""

    def __str__(self) -> str:
        if self.sigma is None:
            return f"unknown: {self.reason}"
        lengths = self.lengths
        shared = f", correlated over {' x '.join(f'{n:.1f}' for n in lengths)} voxels" if max(lengths) > 1.2 else ""
        return f"{self.sigma:.4g} (standard deviation{shared})"

    @property
    def warning(self) -> str | None:
        """A sentence for the user if `sigma` is unknown, else None."""
        if self.sigma is not None:
            return None
        told = "the noise of the scan cannot be measured ({reason}): the model works without knowing it"
        return Sentence(told, "noise-unknown", reason=self.reason)

    @property
    def lengths(self) -> tuple[float, ...]:
        """Correlation length of each axis in voxels: the sum of all correlations; 1 for white noise."""
        return tuple(max(1 + 2 * sum(along), 1.0) for along in self.correlation)

    def turned(self, order: Sequence[int]) -> "ScanNoise":
        """The same noise where axis n is the old axis `order[n]`."""
        first, second, third = (self.correlation[axis] for axis in order)
        return replace(self, correlation=(first, second, third))

    def resampled(self, matrices: Sequence[np.ndarray | None], mask: np.ndarray) -> "ScanNoise":
        """This noise after resampling along the axes by `matrices` (new, old); None leaves an axis unchanged.

        The noise y = R x of x with covariance C has the covariance R C R^T. Its diagonal holds the variance of each
        new voxel; we keep its mean over `mask` (on the new grid). For white noise it is the squared norm of R's rows.
        """
        variances, correlation = [], []
        for axis, matrix in enumerate(matrices):
            if matrix is None:
                variances.append(np.ones(mask.shape[axis]))
                correlation.append(self.correlation[axis])
                continue
            covariance = matrix.astype(np.float64) @ _toeplitz(self.correlation[axis], matrix.shape[1]) @ matrix.T
            variance = np.diag(covariance)
            variances.append(variance)
            correlation.append(_trimmed([np.diag(covariance, n).mean() / variance.mean() for n in _lags(matrix)]))
        x, y, z = variances
        share = float(np.sqrt(np.mean((x[:, None, None] * y[:, None] * z)[mask])))
        first, second, third = correlation
        sigma = None if self.sigma is None else self.sigma * share
        return replace(self, sigma=sigma, correlation=(first, second, third))


def local_share(correlation: Correlation, size: int = 3) -> float:
    """Variance of noise about the mean of `size` x `size` in-plane voxels, relative to white noise (1 for white).

    Noise shared by neighbours shifts the mean and does not appear as spread.
    """
    common = 1.0
    for along in correlation[:2]:
        lags = (*along, *(0.0,) * size)[: size - 1]
        common *= (size + 2 * sum((size - n) * lag for n, lag in enumerate(lags, 1))) / size**2
    return (1 - common) / (1 - 1 / size**2)


def _toeplitz(along: Sequence[float], count: int) -> np.ndarray:
    row = np.zeros(count)
    row[0] = 1
    row[1 : len(along) + 1] = along[: count - 1]
    return row[np.abs(np.subtract.outer(np.arange(count), np.arange(count)))]


def _lags(matrix: np.ndarray) -> range:
    return range(1, min(LAGS + 1, len(matrix)))


def _trimmed(along: Sequence[float]) -> tuple[float, ...]:
    """`along` without its negligible tail."""
    last = max((n for n, value in enumerate(along, 1) if abs(value) > FAINT), default=0)
    return tuple(round(float(value), 4) for value in along[:last])
