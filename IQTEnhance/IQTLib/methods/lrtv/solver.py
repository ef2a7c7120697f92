"""Low rank and total variation by a primal-dual method (Chambolle and Pock 2011), with the data term solved exactly.

    min_x  w/2 |A x - y|^2 + l_tv TV(x) + l_rank sum_i a_i |X_(i)|_*,    a_i = 1 / number of unfoldings X_(i)

Shi et al. (TMI 2015) alternate between multipliers and 200 gradient steps. Here nothing is nested: A is a Kronecker
product, so the minimum of its data term plus a quadratic is known, and the priors need one projection each.
"""

from dataclasses import dataclass

import numpy as np

from ...errors import InputError
from ...events import Reporter
from ...physics.sampling import Sampling
from . import priors

SPREAD = 0.3  # how far intensities lie apart, against multipliers of the size of the penalty: sets the step lengths
CHECK_EVERY = 10  # iterations


@dataclass(frozen=True)
class Penalty:
    """Weights of the priors, in units of intensity; `edges`: factors of `tv` voxel by voxel."""

    tv: float
    rank: float
    edges: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not (self.tv >= 0 and self.rank >= 0 and np.isfinite(self.tv + self.rank)):
            raise InputError(
                "total variation {tv}, rank {rank}: penalties must be 0 or above", tv=self.tv, rank=self.rank
            )


@dataclass(frozen=True, eq=False)
class Solution:
    """The image of the lowest objective met, float32; whether the method converged, and its last relative change.

    `objectives`: (iteration, value), every `CHECK_EVERY` iterations.
    """

    image: np.ndarray
    converged: bool
    change: float
    objectives: list[tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Problem:
    """What is minimised: `sampling` A, `scan` y, `penalty`, and the `weight` w of the data term."""

    sampling: Sampling
    scan: np.ndarray
    penalty: Penalty
    weight: float = 1.0

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(matrix.shape[1] for matrix in self.sampling.matrices)

    @property
    def unfoldings(self) -> list[int]:
        """Axes of the unfoldings that are penalised."""
        return priors.unfoldings(self.shape) if self.penalty.rank else []

    @property
    def rank_radius(self) -> float:
        return self.penalty.rank / max(len(self.unfoldings), 1)

    @property
    def tv_radius(self) -> float | np.ndarray:
        return self.penalty.tv if self.penalty.edges is None else self.penalty.tv * self.penalty.edges

    def objective(self, image: np.ndarray) -> float:
        """The value at `image`."""
        misfit = self.sampling.forward(image) - self.scan
        value = self.weight / 2 * float(np.sum(misfit * misfit, dtype=np.float64))
        if self.penalty.tv:
            value += self.penalty.tv * priors.total_variation(image, self.penalty.edges)
        return value + self.rank_radius * sum(priors.nuclear_norm(image, axis) for axis in self.unfoldings)


def solve(
    problem: Problem, start: np.ndarray, *, iterations: int, tolerance: float, report: Reporter, message: str
) -> Solution:
    """Minimise from `start` until an iteration changes the image by less than `tolerance` of its norm.

    Raises:
        CancelledError: between iterations.
    """
    steps = _Steps(problem, start.astype(np.float32))
    best, least = steps.image.copy(), problem.objective(steps.image)
    objectives, change, done = [(0, least)], np.inf, False
    for iteration in report.track(range(1, iterations + 1), total=iterations, message=message):
        change = steps.take()
        done = change < tolerance and iteration >= CHECK_EVERY  # multipliers start at 0: the first steps are small
        if done or iteration % CHECK_EVERY == 0 or iteration == iterations:
            value = problem.objective(steps.image)
            objectives.append((iteration, value))
            if value < least:
                least = value
                np.copyto(best, steps.image)
        if done:
            report.progress(iterations, iterations, message)
            break
    return Solution(best, done, float(change), objectives)


class _Steps:
    """The iteration's state: the image, and a multiplier per direction of the gradient and per unfolding."""

    def __init__(self, problem: Problem, start: np.ndarray) -> None:
        self.problem, self.image = problem, start
        self.axes = priors.real_axes(problem.shape) if problem.penalty.tv else []
        self.fields = [np.zeros_like(start) for _ in self.axes]
        self.ranks = {axis: np.zeros_like(start) for axis in problem.unfoldings}
        self.floor = np.zeros_like(start)
        norm = np.sqrt(4 * len(self.axes) + len(self.ranks) + 1)  # of gradient and copies together, at most
        size = max(problem.penalty.tv, problem.penalty.rank / 10) or 1e-9
        self.primal, self.dual = SPREAD / size / norm, size / SPREAD / norm
        self._ahead, self._work = np.empty_like(start), np.empty_like(start)

    def take(self) -> float:
        """One iteration; returns the relative change of the image."""
        pull = self._work
        pull[...] = 0
        for axis, field in zip(self.axes, self.fields, strict=True):
            priors.add_adjoint(field, axis, pull)
        for copy in (*self.ranks.values(), self.floor):
            pull += copy
        pull *= -self.primal
        pull += self.image
        new = self.problem.sampling.nearest(pull, self.problem.scan, 1 / (self.primal * self.problem.weight))
        moved = np.subtract(new, self.image, out=self._work)
        change = float(np.linalg.norm(moved)) / max(float(np.linalg.norm(new)), 1e-12)
        np.add(new, moved, out=self._ahead)
        self.image = new
        self._climb()
        return change

    def _climb(self) -> None:
        """The multipliers' half of an iteration, from the image extrapolated by its last step."""
        for axis, field in zip(self.axes, self.fields, strict=True):
            priors.gradient(self._ahead, axis, self._work)
            self._work *= self.dual
            field += self._work
        if self.fields:
            priors.into_tv_ball(self.fields, self.problem.tv_radius)
        np.multiply(self._ahead, self.dual, out=self._work)
        self.floor += self._work
        np.minimum(self.floor, 0, out=self.floor)
        for axis, rank in self.ranks.items():
            rank += self._work
            self.ranks[axis] = priors.into_spectral_ball(rank, axis, self.problem.rank_radius)
