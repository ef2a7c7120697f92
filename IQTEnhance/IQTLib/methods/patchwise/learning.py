"""What all patch methods learn from: random patches of pairs, and the principal components of their features."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import InputError
from ...image.patches import extract, positions
from ...sentences import Sentence
from ..base import Run, TrainingPair
from ..contrast import ContrastMap
from .features import Geometry, patch_features, thick_slices
from .method import PatchMethod, Samples

FOREGROUND_SHARE = 0.2  # patches with more than 80 % background are dropped
Patches = tuple[np.ndarray, np.ndarray, np.ndarray | None]
FLAT = 1e-3  # share of the median length of features below which a patch has no direction to learn


def fit(method: PatchMethod, pairs: Sequence[TrainingPair], *, rng: np.random.Generator, run: Run) -> None:
    """Learn the contrast map and the method from pairs; the same `rng` gives the same state.

    Raises:
        InputError: a library is missing, there are no pairs, or fewer patches than atoms.
    """
    if not pairs:
        raise InputError("there are no pairs to learn from: add volumes")
    method.refuse_learning()
    if method.settings.contrast_map:
        tracked = run.report.track(pairs, total=len(pairs), message=Sentence("contrast map", "contrast-map"))
        method.contrast = ContrastMap.fit(tracked, rng)
    if method.whole_volumes:
        method.learn_pairs(pairs, rng, run)
    else:
        _learn_patches(method, pairs, rng, run)
    method.prepare()


def _learn_patches(method: PatchMethod, pairs: Sequence[TrainingPair], rng: np.random.Generator, run: Run) -> None:
    """Learn from patches of pairs; raises `InputError` for fewer textured patches than atoms."""
    features, targets, base = _patches(method, pairs, rng, run)
    method.projection, samples = projected(features, targets, base, method.settings, run)
    method.learn(samples, rng, run)


def projected(
    features: np.ndarray, targets: np.ndarray, base: np.ndarray | None, settings: Any, run: Run
) -> tuple[np.ndarray, Samples]:
    """The projection V of `features` (n, dimension) and the samples that have texture.

    Raises:
        InputError: fewer of these than atoms.
    """
    run.report.log(Sentence("{count} patches; principal components", count=len(features)))
    projection = principal_components(features, settings.energy)
    reduced = features @ projection
    norm = np.linalg.norm(reduced, axis=1)
    textured = norm > FLAT * np.median(norm)
    if np.count_nonzero(textured) < settings.atoms:
        raise InputError(
            "only {count} textured patches for {atoms} atoms: add volumes",
            count=np.count_nonzero(textured),
            atoms=settings.atoms,
        )
    run.report.log(
        Sentence("{reduced} components; learning {atoms} atoms", reduced=reduced.shape[1], atoms=settings.atoms)
    )
    run.report.check()
    return projection, Samples(reduced[textured], targets[textured], None if base is None else base[textured])


def principal_components(features: np.ndarray, energy: float) -> np.ndarray:
    """Columns V (dimension, q) that keep a share `energy` of the uncentred second moment of `features` (n, dim)."""
    values, vectors = np.linalg.eigh(features.T @ features)
    share = np.cumsum(values[::-1]) / (values.sum() or 1)
    count = int(np.searchsorted(share, energy)) + 1
    return np.ascontiguousarray(vectors[:, ::-1][:, :count], np.float32)


def _patches(method: PatchMethod, pairs: Sequence[TrainingPair], rng: np.random.Generator, run: Run) -> Patches:
    """Feature vectors (n, 6 P^3), target patches (n, P^3): truth minus base; the base's patches if they are used."""
    size = method.settings.patch
    each = -(-method.settings.patches // len(pairs))
    drawn = []
    for pair in run.report.track(pairs, total=len(pairs), message=Sentence("training patches", "training-patches")):
        start = method.start(pair.low)
        where = positions(pair.low.high_mask, size, 1, share=FOREGROUND_SHARE)
        if len(where) == 0:
            raise InputError(
                "the brain of {person} is too thin for patches of {size} voxels", person=pair.person, size=size
            )
        chosen = np.sort(rng.choice(len(where), min(each, len(where)), replace=False))
        geometry = Geometry(size, 1, thick_slices(pair.low.profile.factor))
        drawn.append(patches_at(start, pair.high, where[chosen], geometry, based=method.uses_base))
    return joined(drawn)


def patches_at(start: np.ndarray, truth: np.ndarray, where: np.ndarray, geometry: Geometry, *, based: bool) -> Patches:
    """Features, targets and, if `based`, patches of `start` at `where` (n, 3)."""
    features = patch_features(start, where, size=geometry.size, taps=geometry.taps)
    targets = extract((truth - start)[None], where, geometry.size)
    return features, targets, extract(start[None], where, geometry.size) if based else None


def joined(parts: Sequence[Patches]) -> Patches:
    features, targets, bases = zip(*parts, strict=True)
    return np.concatenate(features), np.concatenate(targets), None if bases[0] is None else np.concatenate(bases)
