"""Convolutional sparse coding by SPORCO: filters, feature maps, and what the maps give through other filters.

A signal is an array (n_1, ..., n_d) of two or three axes; filters are (m_1, ..., m_d, M), feature maps
(n_1, ..., n_d, M). A filter's first element lies on the place of its coefficient.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np

from ...errors import InputError
from ...io.reading import check_memory
from ...sentences import Sentence
from ..base import Run

SMOOTH = 5.0  # weight of the gradients in the low-pass part, as in SPORCO's examples
TOLERANCE = 1e-3  # relative residuals of ADMM from which maps count as found
BYTES = 76  # per coefficient while maps are found; measured
CODING = Sentence("convolutional sparse coding", "convolutional-coding")


def refuse_without_sporco() -> None:
    if find_spec("sporco") is None:
        raise InputError(
            "convolutional sparse coding needs sporco: pip install 'image-quality-transfer[csc]'", code="no-sporco"
        )


def high_pass(signal: np.ndarray) -> np.ndarray:
    """`signal` without its smooth part, along the first two axes: sparse coding finds no constants.

    The smooth part is argmin |x - s|^2 + 5 |grad x|^2 (SPORCO's Tikhonov filter).
    """
    from sporco.signal import tikhonov_filter

    return np.asarray(tikhonov_filter(signal.astype(np.float32), SMOOTH)[1])


@dataclass(frozen=True, eq=False)
class Coder:
    """Finds the maps z = argmin 1/2 |x - sum f_k * z_k|^2 + lambda sum |z_k|_1 of a signal x (ADMM, Wohlberg 2016).

    Args:
        filters: (m_1, ..., m_d, M), each of unit length. sparsity: lambda. iterations: of ADMM, at most.
    """

    filters: np.ndarray
    sparsity: float
    iterations: int

    def maps(self, signal: np.ndarray) -> np.ndarray:
        """The maps of a whole signal, whose ends meet: float32 (n_1, ..., n_d, M)."""
        from sporco.admm.cbpdn import ConvBPDN

        given, weight = signal.astype(np.float32), np.float32(self.sparsity)
        settings = options(self.sparsity, self.iterations)
        solver = ConvBPDN(self.filters, given, weight, settings, dimK=0, dimN=signal.ndim)
        return np.asarray(solver.solve()).reshape(*signal.shape, self.filters.shape[-1])

    def objective(self, signal: np.ndarray, maps: np.ndarray) -> float:
        """1/2 |x - sum f_k * z_k|^2 + lambda sum |z_k|_1."""
        misfit = signal - through(maps, self.filters[..., None, :])[..., 0]
        return float(0.5 * np.sum(misfit.astype(np.float64) ** 2) + self.sparsity * np.abs(maps).sum(dtype=np.float64))


def options(sparsity: float, iterations: int) -> Any:
    """SPORCO's options of ADMM for the maps, on a single thread, so that the same signal gives the same bytes.

    The penalty rho stays 50 lambda + 1. SPORCO's automatic one did not converge: on a signal of known maps the error
    was 63 % after 1000 iterations, with the fixed one 1 % after 117. FastSolve spares the objective of each iteration,
    HighMemSolve a factor of the linear system: the same maps in three quarters of the time. Two things to know of them:
    without AutoRho, FastSolve would not look at the residuals and never stop early, so AutoRho is on with a period that
    never comes round; and HighMemSolve factorises before SPORCO sets its default of rho, so rho is given.
    """
    import sporco.fft
    from sporco.admm.cbpdn import ConvBPDN

    sporco.fft.pyfftw_threads = 1
    fixed = {"rho": np.float32(50 * sparsity + 1), "AutoRho": {"Enabled": True, "Period": iterations + 1}}
    quick = {"FastSolve": True, "HighMemSolve": True}
    given = {"MaxMainIter": iterations, "RelStopTol": TOLERANCE, "DataType": np.float32}
    return ConvBPDN.Options({**given, **fixed, **quick})


def through(maps: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """sum_k g_ck * z_k for maps (n_1, ..., n_d, M) and filters (m_1, ..., m_d, C, M): float32 (n_1, ..., n_d, C)."""
    from sporco.fft import irfftn, rfftn

    shape, axes = maps.shape[:-1], tuple(range(maps.ndim - 1))
    spectrum = rfftn(maps, None, axes)
    found = [
        irfftn(np.einsum("...m,...m->...", spectrum, rfftn(filters[..., c, :], shape, axes)), shape, axes)
        for c in range(filters.shape[-2])
    ]
    return np.stack(found, -1).astype(np.float32)


@dataclass(frozen=True)
class Tile:
    """A part of a signal: `padded`, where it lies in the signal with a margin; `own`, where in the signal itself;
    `inner`, where in its maps."""

    padded: tuple[slice, ...]
    own: tuple[slice, ...]
    inner: tuple[slice, ...]


def tiles(shape: tuple[int, ...], edge: tuple[int, ...], margin: tuple[int, ...]) -> Iterator[Tile]:
    """Tiles of at most `edge` that cover `shape`, each with a margin on all sides."""
    starts = [range(0, count, size) for count, size in zip(shape, edge, strict=True)]
    for first in product(*starts):
        last = [min(a + size, n) for a, size, n in zip(first, edge, shape, strict=True)]
        padded = tuple(slice(a, b + 2 * m) for a, b, m in zip(first, last, margin, strict=True))
        inner = tuple(slice(m, m + b - a) for a, b, m in zip(first, last, margin, strict=True))
        yield Tile(padded, tuple(slice(a, b) for a, b in zip(first, last, strict=True)), inner)


def detail(
    signal: np.ndarray,
    coder: Coder,
    filters: np.ndarray,
    run: Run,
    *,
    edge: tuple[int, ...],
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """What the maps of `signal` give through other `filters` (m_1, ..., m_d, C, M): (n_1, ..., n_d, C).

    In tiles of `edge` with a margin as wide as the filters, and only in those that touch `mask`.

    Raises:
        InputError: the signal is smaller than the filters, or too little memory. CancelledError.
    """
    support = coder.filters.shape[:-1]
    refuse_small(signal.shape, support)
    margin = support
    padded = np.pad(signal, [(m, m) for m in margin], "symmetric")
    parts = [t for t in tiles(signal.shape, edge, margin) if mask is None or mask[t.own].any()]
    largest = max((np.prod([s.stop - s.start for s in part.padded]) for part in parts), default=0)
    check_memory(int(largest) * coder.filters.shape[-1] * BYTES, "convolutional sparse coding")
    found = np.zeros((*signal.shape, filters.shape[-2]), np.float32)
    for part in run.report.track(parts, total=len(parts), message=CODING):
        maps = coder.maps(padded[part.padded])
        found[part.own] = through(maps, filters)[part.inner]
    return found


def refuse_small(shape: tuple[int, ...], support: tuple[int, ...]) -> None:
    """Raise `InputError` for an image smaller than the filters."""
    if any(n < m for n, m in zip(shape, support, strict=True)):
        raise InputError(
            "an image of {shape} is too small for filters of {support}",
            shape=" x ".join(map(str, shape)),
            support=" x ".join(map(str, support)),
        )


def phases(fine: np.ndarray, factors: tuple[int, ...]) -> np.ndarray:
    """The pixels of `fine` that belong to one of the coarse grid as its channels: (n_1, ..., n_d, C)."""
    split = [part for n, f in zip(fine.shape, factors, strict=True) for part in (n // f, f)]
    axes = range(0, len(split), 2)
    order = (*axes, *(axis + 1 for axis in axes))
    return fine.reshape(split).transpose(order).reshape(*split[::2], -1)


def unphased(channels: np.ndarray, factors: tuple[int, ...]) -> np.ndarray:
    """The inverse of `phases`."""
    coarse, count = channels.shape[:-1], len(factors)
    order = [axis for pair in zip(range(count), range(count, 2 * count), strict=True) for axis in pair]
    shape = [n * f for n, f in zip(coarse, factors, strict=True)]
    return channels.reshape(*coarse, *factors).transpose(order).reshape(shape)
