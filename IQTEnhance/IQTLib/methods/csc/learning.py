"""Learn F^x by online convolutional dictionary learning (SPORCO), then F^y and W by least squares."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product, repeat
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from ...errors import InputError, reason
from ...io.files import whole_file
from ...sentences import Sentence
from ..base import Run
from .coding import Coder, options

RATE = {"eta_a": 10.0, "eta_b": 20.0}  # step a / (b + i) of the i-th image (Liu 2018)
NO_DESCENT = Sentence("the objective no longer falls: the best filters so far are kept", "no-descent")
REGRESSING = 60  # iterations of least squares
TRIES = range(20)  # places of a part, of which the first that is not background is taken
MANY = 2**40 - 1  # numbers of parts
KEPT_EVERY = 10  # steps
Part = tuple[np.ndarray, np.ndarray, tuple[slice, ...]]
"""A signal with its margin, its target (places.., C), and where these places lie in the signal."""


class Signals:
    """Signals to learn from, and parts of them drawn at random.

    Args:
        support: of the filters. edge: of a part. rng: what is drawn depends on its state here and on nothing later, so
            that a learning that is resumed goes on with the same parts.
    """

    def __init__(self, support: tuple[int, ...], edge: int, rng: np.random.Generator) -> None:
        self._support, self._edge, self._seed = support, edge, int(rng.integers(2**63))
        self._all: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, signal: np.ndarray, target: np.ndarray, mask: np.ndarray) -> None:
        """A high-passed signal (n_1, ..., n_d), what its maps shall give, (n_1, ..., n_d, C), and where it counts."""
        margin = [(m, m) for m in self._margin]
        self._all.append((np.pad(signal, margin, "symmetric"), target.astype(np.float32), mask))

    def noise(self, count: int) -> np.ndarray:
        """Filters to start from, (m_1, ..., m_d, count)."""
        return np.random.default_rng([self._seed, 0]).standard_normal((*self._support, count)).astype(np.float32)

    def part(self, step: int) -> Part:
        """The part of a step: mostly inside the mask."""
        rng = np.random.default_rng([self._seed, 1, step])
        signal, target, mask = self._all[rng.integers(len(self._all))]
        shape = tuple(min(self._edge, n) for n in mask.shape)
        places = [[int(rng.integers(n - edge + 1)) for n, edge in zip(mask.shape, shape, strict=True)] for _ in TRIES]
        boxes = [tuple(slice(a, a + edge) for a, edge in zip(place, shape, strict=True)) for place in places]
        box = next((box for box in boxes if mask[box].mean() > mask.mean()), boxes[0])
        padded = tuple(slice(s.start, s.stop + 2 * m) for s, m in zip(box, self._margin, strict=True))
        return signal[padded], target[box], tuple(slice(m, m + n) for m, n in zip(self._margin, shape, strict=True))

    def parts(self, count: int) -> Iterator[Part]:
        """Parts that no step has drawn."""
        return (self.part(MANY - n) for n in range(count))

    @property
    def _margin(self) -> tuple[int, ...]:
        return self._support


def keep(path: Path | None, **found: Any) -> None:
    """Write what a learning has found so far, so that it can go on from there; no path, no file."""
    if path is not None:
        with whole_file(path) as part, part.open("wb") as file:
            np.savez(file, **found)


def kept(path: Path | None, filters: tuple[int, ...]) -> dict[str, np.ndarray]:
    """What `keep` wrote, empty if there is nothing; its "filters" must have that shape."""
    if path is None or not path.is_file():
        return {}
    try:
        with np.load(path, allow_pickle=False) as content:
            found = dict(content)
            shape = found["filters"].shape
            if not all(np.isfinite(array).all() for array in found.values()):
                raise ValueError("not all of its numbers are finite")
    except Exception as error:  # each way of packing has errors of its own for what is damaged
        raise InputError(
            "{path} cannot be read ({why}): start the training again", path=path, why=reason(error)
        ) from None
    if shape != filters:
        raise InputError("{path} is of other settings: start the training again", path=path)
    return found


def learn_filters(
    signals: Signals,
    filters: np.ndarray,
    steps: range,
    run: Run,
    *,
    sparsity: float,
    iterations: int,
    keep: Callable[[np.ndarray, int], None] | None = None,
) -> np.ndarray:
    """F^x from parts of signals, one a step: unit filters (m_1, ..., m_d, M) (Liu 2018, first-order).

    `filters` are those to start from; with `steps` that begin above 0, those of an earlier part of the learning.
    `keep` is called after each step. Should a step fail to give finite filters, learning stops with those before it.
    """
    from sporco.dictlrn.onlinecdl import OnlineConvBPDNDictLearn as Online

    settings = Online.Options({**RATE, "DataType": np.float32, "CBPDN": options(sparsity, iterations)})
    dimensions = filters.ndim - 1
    online = Online(filters.astype(np.float32), np.float32(sparsity), settings, dimK=0, dimN=dimensions)
    if steps.start:
        online.j = steps.start
        online.D[:] = filters.reshape(online.D.shape)  # as it was kept: scaled once more, the last digits would change
    for step in run.report.track(steps, total=len(steps), message=Sentence("learning filters", "learning-filters")):
        signal, _, inner = signals.part(step)
        online.solve(signal[inner])  # without its margin: the filters hardly depend on whether the ends meet
        learned = online.getdict().reshape(filters.shape)
        if not np.isfinite(learned).all():
            run.report.warn(NO_DESCENT)
            break
        filters = learned.copy()
        if keep is not None:
            keep(filters, step + 1)
    return filters


def design(maps: np.ndarray, support: tuple[int, ...], inner: tuple[slice, ...]) -> Any:
    """The matrix A (places, M m_1 ... m_d) with A g = sum_k g_k * z_k at the places `inner` of the maps; sparse."""
    shape = tuple(s.stop - s.start for s in inner)
    *where, filter_ = np.nonzero(maps)
    values = maps[(*where, filter_)]
    first = np.stack(where, 1) - np.array([s.start for s in inner])
    rows, columns, entries = [], [], []
    for number, offset in enumerate(product(*map(range, support))):
        place = first + offset
        inside = np.all((place >= 0) & (place < shape), axis=1)
        rows.append(np.ravel_multi_index(tuple(place[inside].T), shape).astype(np.int32))
        columns.append((number * maps.shape[-1] + filter_[inside]).astype(np.int32))
        entries.append(values[inside])
    size = int(np.prod(shape)), int(np.prod(support)) * maps.shape[-1]
    parts = np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix(parts, shape=size, dtype=np.float32)


def learn_mapping(
    samples: Iterable[Part], coder: Coder, ridge: float, run: Run, *, weights: Iterable[float] = repeat(1.0)
) -> tuple[np.ndarray, np.ndarray]:
    """F^y (m_1, ..., m_d, C, M) of unit length and the mapping W (M,) that scales each map.

    G = F^y W is the least-squares solution of sum_k g_k * z_k = y with weight `ridge` of |G|^2, from samples of
    signal x with its margin, target y (places.., C), and where these places lie in x; `weights` of their errors.
    """
    from scipy.sparse.linalg import lsmr

    matrices, targets = [], []
    support = coder.filters.shape[:-1]
    for (signal, target, inner), weight in zip(samples, weights, strict=False):
        share = np.float32(np.sqrt(weight))
        matrices.append(share * design(coder.maps(signal), support, inner))
        targets.append(share * target.reshape(-1, target.shape[-1]))
    matrix, values = sparse.vstack(matrices, format="csr"), np.concatenate(targets).astype(np.float64)
    del matrices  # with 800 filters each copy takes a gigabyte
    damp = float(np.sqrt(ridge * np.square(matrix.data).sum() / matrix.shape[1]))
    channels = range(values.shape[1])
    track = run.report.track(channels, total=len(channels), message=Sentence("learning the mapping", "learning-map"))
    found = [lsmr(matrix, values[:, c], damp=damp, maxiter=REGRESSING)[0] for c in track]
    high = np.stack(found, -1).reshape(*support, coder.filters.shape[-1], -1)
    high = np.moveaxis(high, -1, -2)  # (m.., C, M)
    scale = np.sqrt(np.sum(high**2, axis=tuple(range(high.ndim - 1))))
    return (high / np.where(scale > 0, scale, 1)).astype(np.float32), scale.astype(np.float32)
