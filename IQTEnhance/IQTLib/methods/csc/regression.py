"""The filters that make a target of feature maps: least squares whose matrix is never formed."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from scipy import sparse

from ...sentences import Sentence
from ..base import Run

ITERATIONS = 60  # of least squares


class Regression:
    """G = argmin |y - A G|^2 + ridge |G|^2 (per mean square of A), where A g = sum_k g_k * z_k at places of many parts.

    As a sparse matrix, A would have every coefficient as often as a filter has elements: 25 or 125 times. Here the maps
    are kept, where they are not zero, and A is a product with the filters' elements, each shifted to its place.

    Args:
        support: of the filters, (m_1, ..., m_d). count: M, number of filters.
    """

    def __init__(self, support: tuple[int, ...], count: int) -> None:
        self._support, self._count = support, count
        self._parts: list[tuple[Any, tuple[int, ...]]] = []
        self._targets: list[np.ndarray] = []
        self._square = 0.0

    def add(self, maps: np.ndarray, target: np.ndarray, inner: tuple[slice, ...], weight: float = 1.0) -> None:
        """The maps (n_1, ..., n_d, M) of a part, the target (places.., C) at its places `inner`, and what these count.

        Around `inner` the maps need a margin of one element less than the filters.
        """
        share = np.float32(np.sqrt(weight))
        shape = tuple(s.stop - s.start for s in inner)
        reaching = tuple(slice(s.start - m + 1, s.stop) for s, m in zip(inner, self._support, strict=True))
        around = share * maps[reaching]
        self._square += float(np.sum(around.astype(np.float64) ** 2 * _uses(shape, self._support)[..., None]))
        self._parts.append((sparse.csr_matrix(around.reshape(-1, self._count), dtype=np.float64), shape))
        self._targets.append(share * target.reshape(-1, target.shape[-1]))

    def solve(self, ridge: float, run: Run) -> np.ndarray:
        """G, (m_1, ..., m_d, C, M), by a fixed number of iterations of LSMR for each channel."""
        from scipy.sparse.linalg import LinearOperator, lsmr

        targets = np.concatenate(self._targets).astype(np.float64)
        size = len(targets), int(np.prod(self._support)) * self._count
        operator = LinearOperator(size, matvec=self.forward, rmatvec=self.adjoint, dtype=np.float64)
        damp = float(np.sqrt(ridge * self._square / size[1]))
        channels = range(targets.shape[1])
        message = Sentence("learning the mapping", "learning-map")
        track = run.report.track(channels, total=len(channels), message=message)
        found = [lsmr(operator, targets[:, c], damp=damp, maxiter=ITERATIONS)[0] for c in track]
        return np.stack(found, -1).reshape(*self._support, self._count, -1).swapaxes(-1, -2)

    def forward(self, filters: np.ndarray) -> np.ndarray:
        """A g for filters g (m_1 ... m_d M,): values at all places, part after part."""
        columns = np.ascontiguousarray(filters.reshape(-1, self._count).T)
        return np.concatenate([self._gathered(maps @ columns, shape).ravel() for maps, shape in self._parts])

    def adjoint(self, values: np.ndarray) -> np.ndarray:
        """A^T r for values r at all places."""
        ends = np.cumsum([np.prod(shape) for _, shape in self._parts])
        total = np.zeros((self._count, int(np.prod(self._support))))
        for (maps, shape), part in zip(self._parts, np.split(values, ends[:-1]), strict=True):
            total += maps.T @ self._scattered(part.reshape(shape))
        return total.T.ravel()

    def _gathered(self, products: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Sums over elements of the filters of `products` (places around.., elements), each from where it reaches."""
        found = np.zeros(shape)
        around = products.T.reshape(-1, *(n + m - 1 for n, m in zip(shape, self._support, strict=True)))
        for element, start in zip(around, self._starts(), strict=True):
            found += element[tuple(slice(a, a + n) for a, n in zip(start, shape, strict=True))]
        return found

    def _scattered(self, values: np.ndarray) -> np.ndarray:
        """`values` (places..) from everywhere around them, for each element of the filters: the adjoint of the sums."""
        padded = np.pad(values, [(m - 1, m - 1) for m in self._support])
        windows = np.lib.stride_tricks.sliding_window_view(padded, self._support)
        return windows.reshape(-1, int(np.prod(self._support)))

    def _starts(self) -> Iterator[tuple[int, ...]]:
        """For each element of a filter, where the coefficients that it carries to the first place lie."""
        return product(*(range(m - 1, -1, -1) for m in self._support))


def _uses(shape: tuple[int, ...], support: tuple[int, ...]) -> np.ndarray:
    """How many elements of a filter each coefficient around a part of that shape carries into it."""
    count = np.ones(())
    for n, m in zip(shape, support, strict=True):
        count = count[..., None] * np.convolve(np.ones(n), np.ones(m))
    return count
