"""WEENIE: slices of another contrast from slices, learned from few registered pairs and many without partner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from ...errors import InputError
from ...io.typed import Between, Length, check
from ...sentences import Sentence
from ..base import LowField, Run, intensities
from ..state import checked_state, stored
from .alignment import EDGE as PATCH
from .alignment import Alignment
from .alternation import Joint, Round, Weights, alternate, joint_filters
from .coding import Coder, detail, high_pass, refuse_small, refuse_without_sporco
from .learning import KEPT_EVERY, Signals, keep, kept, learn_mapping

KNOTS = 32  # of the global intensity map
EDGE = 48  # pixels of the parts that are learned from
Trio = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class WeenieSettings:
    """Parameters of WEENIE; lambda, beta, gamma and sigma as we recall the publication, for intensities of mean 1.

    Args:
        source, target: contrasts. scale: how many times finer the result is in axial slices. filters: M.
        support: edge of a filter, pixels of the result.
        sparsity, coupling, ridge, bandwidth: lambda, beta, gamma, sigma. discrepancy: weight of the MMD term.
        iterations: of ADMM. steps: parts that the joint filters are learned from. alternating: those of them, and of
            others, that maps, filters and W alternate over. pairs, others: parts that the
            mapping is learned from, of registered pairs and of pseudo-pairs. smooth: ridge of the last regression.
    """

    source: Annotated[str, Length(20)] = "T1w"
    target: Annotated[str, Length(20)] = "T2w"
    scale: Annotated[int, Between(1, 4)] = 1
    filters: Annotated[int, Between(4, 1024)] = 64
    support: Annotated[int, Between(3, 15)] = 7
    sparsity: Annotated[float, Between(0, 10, without=(0,))] = 0.02
    coupling: Annotated[float, Between(0, 100, without=(0,))] = 0.1
    ridge: Annotated[float, Between(0, 1e6)] = 0.15
    bandwidth: Annotated[float, Between(0, 100, without=(0,))] = 1.0
    discrepancy: Annotated[float, Between(0, 10)] = 0.1
    iterations: Annotated[int, Between(1, 1000)] = 30
    steps: Annotated[int, Between(1, 100_000)] = 60
    alternating: Annotated[int, Between(1, 100_000)] = 16
    pairs: Annotated[int, Between(1, 100_000)] = 60
    others: Annotated[int, Between(0, 100_000)] = 20
    smooth: Annotated[float, Between(0, 1e6)] = 0.1

    def __post_init__(self) -> None:
        check(self)

    @property
    def weights(self) -> Weights:
        return Weights(self.sparsity, self.coupling, self.ridge, self.discrepancy, self.iterations)


@dataclass(frozen=True, eq=False)
class Slices:
    """What is learned from, each slice (h, w) with mean 1 inside the brain and 0 outside: registered `pairs` of source
    and target, and slices of either contrast without partner."""

    pairs: Sequence[tuple[np.ndarray, np.ndarray]]
    sources: Sequence[np.ndarray] = ()
    targets: Sequence[np.ndarray] = ()


class Weenie:
    """y = m(x) + sum W_k F^y_k * z_k, with a global map m of intensities and the feature maps z of x."""

    name: ClassVar[str] = "weenie"
    needs_brain: ClassVar[bool] = True
    STATE: ClassVar = ("low_filters", "high_filters", "mapping", "knots", "levels")
    low_filters: np.ndarray
    high_filters: np.ndarray
    mapping: np.ndarray
    knots: np.ndarray
    levels: np.ndarray
    checkpoint: Path | None = None
    """Where filters are kept while they are learned, and taken from if it is there."""

    def __init__(self, settings: WeenieSettings | None = None) -> None:
        self.settings = settings or WeenieSettings()
        self.objective: list[float] = []

    def learn(self, slices: Slices, rng: np.random.Generator, run: Run) -> None:
        """Learn from slices; the same `rng` gives the same model.

        Raises:
            InputError: sporco is missing, there are no pairs, or slices are too small.
        """
        refuse_without_sporco()
        own = self.settings
        if not slices.pairs:
            raise InputError(
                "no registered pairs of {source} and {target}: WEENIE needs at least one subject with both",
                source=own.source,
                target=own.target,
            )
        for image in (*(x for x, _ in slices.pairs), *slices.sources, *slices.targets):
            refuse_small(image.shape, (max(own.support, PATCH),) * 2)
        self.knots, self.levels = intensity_map(slices.pairs)
        pairs = [self._trio(x, high_pass(y)) for x, y in slices.pairs]
        known, partners = [x for x, _, _ in pairs], [y[..., 0] for _, y, _ in pairs]
        registered = self._signals(pairs, rng, steps=own.steps, parts=own.pairs)
        joints = self._joints(registered, own.steps, 1.0)
        parts, shares = [*registered.parts()], [1.0] * own.pairs
        if slices.sources:
            pseudo, weight = self._pseudo(slices.sources, Alignment(known, partners, own.bandwidth), rng, run)
            joints += self._joints(pseudo, own.others, weight)
            parts, shares = [*parts, *pseudo.parts()], [*shares, *[weight] * own.others]
        if slices.targets:
            joints += self._backwards(slices.targets, Alignment(partners, known, own.bandwidth), rng)
        start = rng.standard_normal((own.support, own.support, 2, own.filters)).astype(np.float32)
        order = [joints[n] for n in rng.permutation(len(joints))]
        best = alternate(order[: own.alternating], self._round(order, start, run), own.weights, run, self._keep_round)
        self.low_filters, self.objective = best.best_filters[:, :, 0], best.objectives.tolist()
        own_target = [(x, y[..., 1:], inner) for x, y, inner in parts]
        self.high_filters, self.mapping = learn_mapping(own_target, self._coder, own.smooth, run, weights=shares)

    def synthesise(self, image: np.ndarray, run: Run) -> np.ndarray:
        """The slice (h, w) of the target contrast, in units of the brain's mean."""
        refuse_without_sporco()
        found = detail(high_pass(image), self._coder, self.high_filters * self.mapping, run, edge=image.shape)
        return intensities(self.mapped(image) + found[..., 0])

    def mapped(self, image: np.ndarray) -> np.ndarray:
        """The global intensity map alone: what any better method must beat."""
        return np.where(image > 0, np.interp(image, self.knots, self.levels), 0).astype(np.float32)

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        raise InputError("WEENIE makes slices of another contrast: it does not enhance thick slices")

    def state(self) -> dict[str, np.ndarray]:
        return {name: stored(getattr(self, name), np.float16) for name in self.STATE}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        m, count = self.settings.support, self.settings.filters
        shapes = {"low_filters": (m, m, count), "high_filters": (m, m, 1, count), "mapping": (count,)}
        arrays = checked_state(state, shapes | {"knots": (KNOTS,), "levels": (KNOTS,)})
        for name in self.STATE:
            setattr(self, name, arrays[name])

    def _round(self, order: Sequence[Joint], filters: np.ndarray, run: Run) -> Round:
        """Where alternation begins: after the joint filters, or where it was stopped."""
        found = kept(self.checkpoint, filters.shape)
        if found.keys() == Round.__dataclass_fields__.keys():
            return Round(**found)
        steps = range(int(found.get("step", 0)), len(order))
        filters = found.get("filters", filters)
        return Round.first(*joint_filters(order, filters, steps, self.settings.weights, run, self._keep))

    def _keep(self, filters: np.ndarray, step: int) -> None:
        if step % KEPT_EVERY == 0:
            keep(self.checkpoint, filters=filters, step=step)

    def _keep_round(self, at: Round) -> None:
        keep(self.checkpoint, **vars(at))

    @property
    def _coder(self) -> Coder:
        return Coder(self.low_filters, self.settings.sparsity, self.settings.iterations)

    def _trio(self, x: np.ndarray, y: np.ndarray) -> Trio:
        """High-passed x, high-passed y with what is missing in the map of x, and where they count."""
        return high_pass(x), np.stack([y, y - high_pass(self.mapped(x))], -1), x > 0

    def _pseudo(
        self, images: Sequence[np.ndarray], alignment: Alignment, rng: np.random.Generator, run: Run
    ) -> tuple[Signals, float]:
        """Pseudo-pairs of source slices, and what they count."""
        found = [alignment.partner(high_pass(x)) for x in images]
        weight = float(np.mean([one for _, one in found]))
        run.report.log(Sentence("pseudo-pairs count {weight:.2f} of a pair", weight=weight))
        trios = [self._trio(x, partner) for x, (partner, _) in zip(images, found, strict=True)]
        others = self.settings.others
        return self._signals(trios, rng, steps=others, parts=others), weight

    def _backwards(self, images: Sequence[np.ndarray], alignment: Alignment, rng: np.random.Generator) -> list[Joint]:
        """Parts of target slices with pseudo-partners, for the filters only: the map needs a whole source slice."""
        found = [(high_pass(y), *alignment.partner(high_pass(y)), y > 0) for y in images]
        trios, others = [(x, np.stack([y, y], -1), inside) for y, x, _, inside in found], self.settings.others
        signals = self._signals(trios, rng, steps=others, parts=0)
        return self._joints(signals, others, float(np.mean([weight for _, _, weight, _ in found])))

    def _signals(self, trios: Sequence[Trio], rng: np.random.Generator, *, steps: int, parts: int) -> Signals:
        signals = Signals((self.settings.support,) * 2, EDGE, rng, count=len(trios), steps=steps, parts=parts)
        for trio in trios:
            signals.add(*trio)
        return signals

    @staticmethod
    def _joints(signals: Signals, count: int, weight: float) -> list[Joint]:
        drawn = (signals.part(step) for step in range(count))
        return [Joint(x[inner], y[..., 0], weight) for x, y, inner in drawn]


def intensity_map(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The map m with y = m(x), piecewise linear: knots at quantiles of x inside the brain, there the means of y.

    Below the first mean it is constant, so that fluid that is nearly black in x need not be black in y; the background,
    where x is 0, stays black all the same (`Weenie.mapped`).
    """
    x = np.concatenate([a[a > 0] for a, _ in pairs])
    y = np.concatenate([b[a > 0] for a, b in pairs])
    edges = np.quantile(x, np.linspace(0, 1, KNOTS))
    bins = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, KNOTS - 2)
    counts = np.maximum(np.bincount(bins, minlength=KNOTS - 1), 1)
    centres = np.bincount(bins, x, KNOTS - 1) / counts
    means = np.bincount(bins, y, KNOTS - 1) / counts
    return np.append(0, centres).astype(np.float32), np.append(means[0], means).astype(np.float32)
