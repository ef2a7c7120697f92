"""The patch regressors in 2-D, as their authors have them: trained on the training slices without noise.

Patches are 3 x 3 pixels of low resolution, one such pixel apart when enlarging (Zeyde 2010). Zeyde, GR, ANR, NE+LLE and
A+ share one dictionary.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...evaluation import planar
from ...image.patches import positions
from ...methods.base import Run
from ...methods.lrtv.observed import Observed
from ...methods.patchwise.features import Geometry
from ...methods.patchwise.learning import Patches, joined, patches_at, projected
from ...methods.patchwise.method import PatchMethod, Samples
from ...methods.registry import method_class
from ...methods.regressors.aplus import APlus
from ...methods.regressors.zeyde import Zeyde

WINDOW = 3  # pixels of low resolution
PATCHES = 200_000  # that A+ regresses; half of them make the dictionaries
ENERGY = 0.999
SEED = 300
PROJECTIONS = 20  # back-projections after ScSR
LEARNED = {
    "ixi-scsr": "scsr",
    "ixi-ne-lle": "ne-lle",
    "ixi-zeyde": "zeyde",
    "ixi-gr": "gr",
    "ixi-anr": "anr",
    "ixi-aplus": "aplus",
    "ixi-aplus-landweber": "aplus",
}


@dataclass(frozen=True, eq=False)
class Learned:
    """Training patches, their projection, and the half of the patches that dictionaries are learned from."""

    samples: Samples
    projection: np.ndarray
    half: Samples
    dictionary: Zeyde
    rng: np.random.Generator

    def shared(self, run: Run) -> Zeyde:
        """The dictionary that all but ScSR share, learned when the first of them asks for it."""
        if not self.dictionary.low_atoms.size:
            self.dictionary.learn(self.half, self.rng, run)
        return self.dictionary


_kept: dict[tuple[Path, int, int], Learned] = {}  # the last: a process measures several methods at one scale


def regressed(name: str, folder: Path, factor: int, atoms: int, run: Run) -> Callable[[Observed, int, Run], np.ndarray]:
    """A method of `LEARNED`, trained on the training slices in `folder`."""
    method = _trained(LEARNED[name], folder, factor, atoms, run)
    steps = {"ixi-scsr": PROJECTIONS, "ixi-aplus-landweber": 100}.get(name, 0)

    def restored(observed: Observed, factor: int, run: Run) -> np.ndarray:
        start = observed.enlarged()
        detail = method.detail(start, np.ones(start.shape, bool), geometry(factor), run)
        estimate = start + detail.average()
        return planar.landweber(observed.sampling, observed.scan, estimate, steps)

    return restored


def geometry(factor: int) -> Geometry:
    """Patches, strides and taps in pixels of high resolution."""
    return Geometry((WINDOW * factor, WINDOW * factor, 1), (factor, factor, 1), (factor, factor, 0))


def _trained(name: str, folder: Path, factor: int, atoms: int, run: Run) -> PatchMethod:
    learned = _learned(folder, factor, atoms, run)
    kind: type[PatchMethod] = method_class(name)
    changes: dict[str, Any] = {"outputs": (WINDOW * factor) ** 2} if kind is APlus else {}
    method: Any = kind(kind.Settings(atoms=atoms, **changes))
    method.projection = learned.projection
    if name == "scsr":
        method.learn(learned.half, np.random.default_rng(SEED), run)
        return method
    dictionary = learned.shared(run)
    method.low_atoms, method.high_atoms = dictionary.low_atoms, dictionary.high_atoms
    if isinstance(method, APlus):
        method.learn_matrices(learned.samples, run)
    method.prepare()
    return method


def _learned(folder: Path, factor: int, atoms: int, run: Run) -> Learned:
    key = (Path(folder), factor, atoms)
    if key not in _kept:
        _kept.clear()
        rng = np.random.default_rng(SEED)
        dictionary = Zeyde(Zeyde.Settings(atoms=atoms, energy=ENERGY))
        features, targets, bases = _patches(folder, factor, rng, run)
        projection, samples = projected(features, targets, bases, dictionary.settings, run)
        assert samples.base is not None
        chosen = rng.permutation(len(samples.features))[: max(len(samples.features) // 2, atoms)]
        half = Samples(samples.features[chosen], samples.targets[chosen], samples.base[chosen])
        _kept[key] = Learned(samples, projection, half, dictionary, rng)
    return _kept[key]


def _patches(folder: Path, factor: int, rng: np.random.Generator, run: Run) -> Patches:
    """Features, targets and bases at random places of every training slice, intensities 0 to 1."""
    images = planar.read_slices(folder, "train").images.astype(np.float32) / planar.WHITE
    sampling = planar.degradation(images.shape[1:], factor)
    enlarging = planar.bicubic(factor, tuple(n // factor for n in images.shape[1:]))
    places = geometry(factor)
    each, drawn = -(-PATCHES // len(images)), []
    for image in run.report.track(images, total=len(images), message="training patches"):
        start = enlarging.forward(sampling.forward(image[..., None])).astype(np.float32)
        where = positions(np.ones(start.shape, bool), places.size, places.stride)
        chosen = np.sort(rng.choice(len(where), min(each, len(where)), replace=False))
        drawn.append(patches_at(start, image[..., None], where[chosen], places, based=True))
    return joined(drawn)
