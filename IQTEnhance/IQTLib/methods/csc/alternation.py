"""WEENIE's learning (Huang, Shao, Frangi 2017): joint filters, coupled maps and their mapping, from few pairs and more.

Each of the three alternating steps is SPORCO's: coupled maps by its elastic net, filters by its online learning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...sentences import Sentence
from ..base import Run
from .coding import options
from .learning import NO_DESCENT, RATE

ROUNDS = 2  # of alternation over all parts


@dataclass(frozen=True, eq=False)
class Joint:
    """A part of both contrasts: high-passed x and y (h, w).

    `weight` is 1 for a registered pair, below for a pseudo-pair (see `alignment`).
    """

    x: np.ndarray
    y: np.ndarray
    weight: float = 1.0


@dataclass(frozen=True)
class Weights:
    """Of the objective: lambda, beta, gamma, and of the maps' mean difference between pairs and others (MMD)."""

    sparsity: float
    coupling: float
    ridge: float
    discrepancy: float
    iterations: int


@dataclass(frozen=True, eq=False)
class Round:
    """Where alternation stands before a round: filters F^x and F^y (m, m, 2, M), W (M,), those of the best round, the
    objectives so far, and the mean maps of others and of pairs, (2, M)."""

    filters: np.ndarray
    mapping: np.ndarray
    best_filters: np.ndarray
    best_mapping: np.ndarray
    objectives: np.ndarray
    means: np.ndarray

    @classmethod
    def first(cls, filters: np.ndarray, mapping: np.ndarray) -> "Round":
        return cls(filters, mapping, filters, mapping, np.zeros(0), np.zeros((2, len(mapping))))


def joint_filters(
    parts: Sequence[Joint],
    filters: np.ndarray,
    steps: range,
    weights: Weights,
    run: Run,
    keep: Callable[[np.ndarray, int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """F^x and F^y (m, m, 2, M) of unit length and W (M,), from maps that both contrasts share.

    `filters` are those to start from; with `steps` that begin above 0, those that `keep` was given after that step.
    """
    online = _online(filters, weights, steps.start)
    for step in run.report.track(steps, total=len(steps), message=Sentence("learning filters", "learning-filters")):
        part = parts[step % len(parts)]
        online.solve(np.stack([part.x, part.y], -1))
        if keep is not None:
            keep(online.getdict().reshape(filters.shape), step + 1)
    found = online.getdict().reshape(filters.shape)
    length = np.sqrt(np.sum(found**2, axis=(0, 1))) + 1e-6
    return found / length, (length[1] / length[0]).astype(np.float32)


def alternate(
    parts: Sequence[Joint], start: Round, weights: Weights, run: Run, keep: Callable[[Round], None] | None = None
) -> Round:
    """Alternate maps, filters and W, from where `start` stands; `keep` is called after each round but the last.

    It stops when the objective grows, with what was best.
    """
    at = start
    online_x, online_y = (_online(at.filters[:, :, n], weights, len(at.objectives) * len(parts)) for n in (0, 1))
    for number in range(len(at.objectives), ROUNDS + 1):
        low, high = (np.array(o.getdict().reshape(at.filters[:, :, 0].shape)) for o in (online_x, online_y))
        filters, mapping = np.stack([low, high], 2), at.mapping
        if keep is not None and number:  # the first begins with the joint filters, which are kept already
            keep(at)
        cross, square, total = np.zeros(len(mapping)), np.zeros(len(mapping)), 0.0
        sums, counts = np.zeros_like(at.means), np.zeros(2)
        message = Sentence("coupled maps", "coupled-maps")
        for part in run.report.track(parts, total=len(parts), message=message):
            paired = int(part.weight == 1)
            shift = weights.discrepancy * (at.means[0] - at.means[1]) * (1 - paired)
            z_x = coupled_maps(part.x, low, None, weights)
            z_y = coupled_maps(part.y, high, mapping * z_x, weights)
            z_x = coupled_maps(part.x, low, z_y / np.maximum(mapping, 1e-3) - shift, weights)
            total += part.weight * objective(part, (z_x, z_y), (low, high, mapping), weights)
            cross += part.weight * np.sum(z_x * z_y, axis=(0, 1))
            square += part.weight * np.sum(z_x**2, axis=(0, 1))
            sums[paired] += np.abs(z_x).mean(axis=(0, 1))
            counts[paired] += 1
            if number < ROUNDS:
                _filter_step(online_x, part.x, z_x)
                _filter_step(online_y, part.y, z_y)
        told, means = np.append(at.objectives, total), sums / np.maximum(counts, 1)[:, None]
        if len(told) > 1 and not told[-1] < told[-2]:
            run.report.warn(NO_DESCENT)
            return replace(at, objectives=told)
        after = np.stack([o.getdict().reshape(low.shape) for o in (online_x, online_y)], 2)
        updated = (cross / (square + weights.ridge / weights.coupling)).astype(np.float32)
        at = Round(after, updated, filters, mapping, told, means)
    return at


def coupled_maps(signal: np.ndarray, filters: np.ndarray, target: np.ndarray | None, weights: Weights) -> np.ndarray:
    """argmin 1/2 |x - sum f_k * z_k|^2 + lambda sum |z_k|_1 + beta |z - t|^2 for a target t (h, w, M), if any."""
    from sporco.admm.cbpdn import ConvElasticNet
    from sporco.fft import rfftn

    mu = 0.0 if target is None else 2 * weights.coupling
    settings = options(weights.sparsity, weights.iterations)
    solver = ConvElasticNet(
        filters, signal.astype(np.float32), np.float32(weights.sparsity), mu, settings, dimK=0, dimN=2
    )
    if target is not None:
        spectrum = rfftn(target.astype(np.float32), None, (0, 1)).reshape(solver.DSf.shape)
        solver.DSf = solver.DSf + np.float32(mu) * spectrum
    return solver.solve().reshape(*signal.shape, filters.shape[-1])


def objective(part: Joint, maps: Any, filters: Any, weights: Weights) -> float:
    """1/2 |x - F^x Z^x|^2 + 1/2 |y - F^y Z^y|^2 + lambda (|Z^x|_1 + |Z^y|_1) + beta |Z^y - W Z^x|^2 + gamma |W|^2."""
    from .coding import through

    (z_x, z_y), (low, high, mapping) = maps, filters
    misfit = sum(
        0.5 * float(np.sum((s - through(z, f[:, :, None])[..., 0]) ** 2))
        for s, z, f in ((part.x, z_x, low), (part.y, z_y, high))
    )
    sparse = weights.sparsity * float(np.abs(z_x).sum() + np.abs(z_y).sum())
    coupled = weights.coupling * float(np.sum((z_y - mapping * z_x) ** 2))
    return misfit + sparse + coupled + weights.ridge * float(np.sum(mapping**2))


def _online(filters: np.ndarray, weights: Weights, step: int = 0) -> Any:
    """SPORCO's online learning, as it stands after `step` steps."""
    from sporco.dictlrn.onlinecdl import OnlineConvBPDNDictLearn as Online

    settings = Online.Options({**RATE, "DataType": np.float32, "CBPDN": options(weights.sparsity, weights.iterations)})
    online = Online(filters.astype(np.float32), np.float32(weights.sparsity), settings, dimK=0, dimN=2)
    if step:
        online.j = step
        online.D[:] = filters.reshape(online.D.shape)  # as it was kept: scaled once more, the last digits would change
    return online


def _filter_step(online: Any, signal: np.ndarray, maps: np.ndarray) -> None:
    """SPORCO's step of the filters, for maps that were found elsewhere."""
    from sporco.fft import rfftn

    online.init_vars(signal, 0)
    online.Sf = rfftn(signal.astype(np.float32).reshape(online.cri.shpS), online.cri.Nv, online.cri.axisN)
    online.setcoef(maps.reshape(online.cri.shpX))
    online.dstep()
    online.j += 1
