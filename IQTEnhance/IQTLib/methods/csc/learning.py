"""Learn F^x by online convolutional dictionary learning (SPORCO), then F^y and W by least squares."""

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError, reason
from ...io.files import whole_file
from ...sentences import Sentence
from ..base import Run
from .coding import Coder, options
from .regression import Regression

RATE = {"eta_a": 10.0, "eta_b": 20.0}  # step a / (b + i) of the i-th image (Liu 2018)
NO_DESCENT = Sentence("the objective no longer falls: the best filters so far are kept", "no-descent")
TRIES = range(20)  # places of a part, of which the first that is not background is taken
MANY = 2**40 - 1  # numbers of parts
KEPT_EVERY = 10  # steps
Part = tuple[np.ndarray, np.ndarray, tuple[slice, ...]]
"""A signal with its margin, its target (places.., C), and where these places lie in the signal."""


class Signals:
    """Parts of signals to learn from, drawn at random. They alone are kept: signals may be many and large.

    Args:
        support: of the filters. edge: of a part. count: how many signals `add` will bring. steps, parts: how many
            parts F^x is learned from, and how many others F^y and W. rng: what is drawn depends on its state here
            and on nothing later, so that a learning that is resumed goes on with the same parts.
    """

    def __init__(
        self, support: tuple[int, ...], edge: int, rng: np.random.Generator, *, count: int, steps: int, parts: int
    ) -> None:
        self._support, self._edge, self._seed = support, edge, int(rng.integers(2**63))
        self._others = tuple(MANY - n for n in range(parts))
        self._due: list[dict[int, np.random.Generator]] = [{} for _ in range(count)]
        self._next, self._drawn = iter(self._due), dict[int, Part]()
        for number in (*range(steps), *self._others):
            own = np.random.default_rng([self._seed, 1, number])
            self._due[own.integers(count)][number] = own

    def add(self, signal: np.ndarray, target: np.ndarray, mask: np.ndarray) -> None:
        """A high-passed signal (n_1, ..., n_d), what its maps shall give, (n_1, ..., n_d, C), and where it counts."""
        padded = np.pad(signal, [(m, m) for m in self._support], "symmetric")
        for number, rng in next(self._next).items():
            self._drawn[number] = self._part(padded, target, mask, rng)

    def noise(self, count: int) -> np.ndarray:
        """Filters to start from, (m_1, ..., m_d, count)."""
        return np.random.default_rng([self._seed, 0]).standard_normal((*self._support, count)).astype(np.float32)

    def part(self, step: int) -> Part:
        """The part of a step."""
        return self._drawn[step]

    def parts(self) -> Iterator[Part]:
        """The parts that no step has."""
        return (self._drawn[number] for number in self._others)

    def _part(self, signal: np.ndarray, target: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Part:
        """A part of a signal with its margin: mostly inside the mask."""
        shape = tuple(min(self._edge, n) for n in mask.shape)
        places = [[int(rng.integers(n - edge + 1)) for n, edge in zip(mask.shape, shape, strict=True)] for _ in TRIES]
        boxes = [tuple(slice(a, a + edge) for a, edge in zip(place, shape, strict=True)) for place in places]
        box = next((box for box in boxes if mask[box].mean() > mask.mean()), boxes[0])
        wide = tuple(slice(s.start, s.stop + 2 * m) for s, m in zip(box, self._support, strict=True))
        inner = tuple(slice(m, m + n) for m, n in zip(self._support, shape, strict=True))
        return signal[wide].copy(), target[box].astype(np.float32), inner  # copies: a view would keep the whole signal


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


def learn_mapping(
    samples: Iterable[Part], coder: Coder, ridge: float, run: Run, *, weights: Iterable[float] = repeat(1.0)
) -> tuple[np.ndarray, np.ndarray]:
    """F^y (m_1, ..., m_d, C, M) of unit length and the mapping W (M,) that scales each map.

    G = F^y W is the least-squares solution of sum_k g_k * z_k = y with weight `ridge` of |G|^2, from samples of
    signal x with its margin, target y (places.., C), and where these places lie in x; `weights` of their errors.
    """
    *support, count = coder.filters.shape
    regression = Regression(tuple(support), count)
    for (signal, target, inner), weight in zip(samples, weights, strict=False):
        regression.add(coder.maps(signal), target, inner, weight)
    high = regression.solve(ridge, run)
    scale = np.sqrt(np.sum(high**2, axis=tuple(range(high.ndim - 1))))
    return (high / np.where(scale > 0, scale, 1)).astype(np.float32), scale.astype(np.float32)
