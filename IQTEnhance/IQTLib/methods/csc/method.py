"""CSC-SR for thick slices (Gu 2015): the maps of the slices' high frequencies give the missing detail (3-D)."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from ...io.typed import Between
from ...sentences import Sentence
from ..base import LowField, Run, TrainingPair, intensities
from ..contrast import ContrastMap
from ..patchwise.method import Costs, DictionarySettings, PatchMethod, explain_slices
from ..state import checked_state, stored
from .coding import BYTES, CODING, Coder, detail, high_pass, phases, refuse_small, refuse_without_sporco, unphased
from .learning import KEPT_EVERY, Signals, keep, kept, learn_filters, learn_mapping

TILE = 64  # voxels, edge of the parts that are coded at once: bounds the memory
LEARNT = 24  # voxels, edge of the parts that are learned from
CHANNELS = 4  # fine slices for each of the scan's, mostly
PLACES = 2000  # of those that W and F^y are learned from, for each step of F^x


@dataclass(frozen=True)
class CSCSettings(DictionarySettings):
    """Parameters of CSC-SR.

    Args:
        patch: edge of the filters in voxels of the scan. atoms: number of filters. patches: places that W and F^y are
            learned from.
        sparsity: lambda, in units of the brain's mean. iterations: of ADMM, for the maps of a part.
        ridge: weight of |W F^y|^2 against the maps' mean square.
    """

    patch: int = 5
    atoms: int = 64
    patches: int = 300_000
    sparsity: Annotated[float, Between(0, 10, without=(0,))] = 0.1
    iterations: Annotated[int, Between(1, 1000)] = 30
    ridge: Annotated[float, Between(0, 1e6)] = 1.0

    @property
    def steps(self) -> int:
        """Parts that F^x is learned from."""
        return -(-self.patches // PLACES)


class CSC(PatchMethod):
    """y = sum W_k F^y_k * z_k with the maps z of the high-passed slices x = sum F^x_k * z_k.

    Maps lie on the scan's grid. Filters F^y have a channel for each fine slice that belongs to one of the scan, which
    is the same as filters on the fine grid whose maps are zero between the scan's slices (Gu 2015).
    """

    name: ClassVar[str] = "csc-sr"
    Settings: ClassVar = CSCSettings
    whole_volumes: ClassVar = True
    STATE: ClassVar = ("low_filters", "high_filters", "mapping")
    message: ClassVar[str] = CODING
    settings: CSCSettings
    low_filters: np.ndarray
    high_filters: np.ndarray
    mapping: np.ndarray
    enhance_with_spread = None  # type: ignore[assignment]  # parts do not overlap, so they cannot disagree
    checkpoint: Path | None = None
    """Where filters are kept while they are learned, and taken from if it is there."""

    def refuse_learning(self) -> None:
        refuse_without_sporco()

    def learn_pairs(self, pairs: Sequence[TrainingPair], rng: np.random.Generator, run: Run) -> None:
        settings, support = self.settings, self._support
        places = -(-settings.patches // LEARNT**3)
        signals = Signals(support, LEARNT, rng, count=len(pairs), steps=settings.steps, parts=places)
        for pair in run.report.track(pairs, total=len(pairs), message=Sentence("reading volumes", "reading")):
            base = self.start(pair.low)
            factors = (1, 1, pair.low.profile.factor)
            refuse_small(pair.low.data.shape, support)
            signals.add(high_pass(base[..., :: factors[-1]]), phases(pair.high - base, factors), pair.low.mask)
        filters, step = signals.noise(settings.atoms), 0
        if found := kept(self.checkpoint, filters.shape):
            filters, step = found["filters"], int(found["step"])
        self.low_filters = learn_filters(
            signals, filters, range(step, settings.steps), run, sparsity=settings.sparsity,
            iterations=settings.iterations, keep=self._keep,
        )  # fmt: skip
        self.high_filters, self.mapping = learn_mapping(signals.parts(), self._coder, settings.ridge, run)

    @staticmethod
    def costs(settings: CSCSettings) -> Costs:
        """Of learning, from the time of a few iterations on random numbers."""
        refuse_without_sporco()
        rng, few = np.random.default_rng(0), 2
        filters = rng.standard_normal(((settings.patch,) * 3) + (settings.atoms,)).astype(np.float32)
        part = rng.standard_normal((LEARNT,) * 3).astype(np.float32)
        started = time.perf_counter()
        Coder(filters / np.sqrt(np.sum(filters**2, axis=(0, 1, 2))), 1.0, few).maps(part)
        once = (time.perf_counter() - started) / few * settings.iterations
        wide, parts = (LEARNT + 2 * settings.patch) ** 3, -(-settings.patches // LEARNT**3)
        kept = 4 * (settings.steps + parts) * (wide + CHANNELS * LEARNT**3)
        coding = BYTES * wide * settings.atoms
        return Costs(once * (settings.steps + 2 * wide / LEARNT**3 * parts), kept + coding, 10 * filters.size + 2**16)

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        refuse_without_sporco()
        factor = low.profile.factor
        base = self.start(low)
        slices = base[..., ::factor]
        found = detail(
            high_pass(slices), self._coder, self.high_filters * self.mapping, run, edge=(TILE,) * 3, mask=low.mask
        )
        high = base + unphased(found, (1, 1, factor))
        return intensities(explain_slices(high, slices, low) if self.settings.consistency else high)

    def state(self) -> dict[str, np.ndarray]:
        return {name: stored(getattr(self, name), np.float16) for name in self.STATE} | self._map

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        count, parts = self.settings.atoms, ContrastMap.shapes() if self.settings.contrast_map else {}
        channels = (np.shape(state.get("high_filters", 0)) or (0, 0))[-2]  # known only from the state
        shapes = {
            "low_filters": (*self._support, count), "high_filters": (*self._support, channels, count),
            "mapping": (count,),
        } | {f"contrast.{part}": shape for part, shape in parts.items()}  # fmt: skip
        arrays = checked_state(state, shapes, positive=("contrast.spread",))
        for name in self.STATE:
            setattr(self, name, arrays[name])
        self.contrast = ContrastMap(*(arrays[f"contrast.{part}"] for part in parts)) if parts else None

    @property
    def _support(self) -> tuple[int, ...]:
        return (self.settings.patch,) * 3

    @property
    def _coder(self) -> Coder:
        return Coder(self.low_filters, self.settings.sparsity, self.settings.iterations)

    def _keep(self, filters: np.ndarray, step: int) -> None:
        if step % KEPT_EVERY == 0:
            keep(self.checkpoint, filters=filters, step=step)
