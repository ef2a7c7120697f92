"""Fit a deep method on pairs that are given, volume by volume: what the protocol of every method asks for."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ..errors import InputError
from ..image.patches import positions
from ..methods.base import Run, TrainingPair
from ..methods.networks.method import DeepMethod
from .loop import Place, fit, take_best
from .recipe import TrainingRecipe
from .sampler import FOREGROUND, turned_patches
from .validation import validate

PATCH = 32


class PairPatches:
    """Patches of fixed pairs, in the way of `Visits`."""

    once = False

    def __init__(self, pairs: Sequence[TrainingPair], patch: int = PATCH) -> None:
        self._pairs, self._patch = pairs, patch
        self._starts = [self._places(pair) for pair in pairs]

    def __len__(self) -> int:
        return len(self._pairs)

    def name(self, index: int) -> str:
        return self._pairs[index].person

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        pair = self._pairs[index]
        return turned_patches(pair.low.data, pair.high, self._starts[index], count, rng, patch=self._patch)

    def _places(self, pair: TrainingPair) -> np.ndarray:
        factor = pair.low.profile.factor
        if min(pair.high.shape) < self._patch:
            size = " x ".join(map(str, pair.high.shape))
            raise InputError(f"{pair.person}: a volume of {size} voxels is smaller than a patch of {self._patch}")
        starts = positions(pair.high > pair.high.mean(), self._patch, factor, share=FOREGROUND)
        return starts[starts[:, 2] % factor == 0] // (1, 1, factor)


def fit_pairs(
    method: DeepMethod,
    pairs: Sequence[TrainingPair],
    *,
    rng: np.random.Generator,
    run: Run,
    recipe: TrainingRecipe | None = None,
) -> None:
    """Fit `method`; the last pair chooses the best weights, the others (or it, when alone) are learned from."""
    pairs = list(pairs)
    if not pairs:
        raise InputError("there are no pairs to learn from")
    learning = pairs[:-1] or pairs
    people = min(4, len(learning))
    seed = int(rng.integers(2**31))
    recipe = recipe or TrainingRecipe(steps=2000, batch=4 * people, people=people, validate_every=500, seed=seed)

    def judge(candidate: DeepMethod) -> dict[str, float]:
        return validate(candidate, pairs[-1:], Run(run.device), gain_free=True)

    with TemporaryDirectory() as folder:
        place = Place(run.device)
        visits = PairPatches(learning)
        fit(method, visits, recipe, Path(folder), judge=judge, resume=False, place=place, report=run.report)
        take_best(method, Path(folder))
    method.settle()
