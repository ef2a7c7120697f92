"""Learn the coupled dictionaries (Zeyde 2010): features, PCA, D_l by spams, shared codes, D_h by least squares."""

from collections.abc import Sequence

import numpy as np

from ...errors import InputError
from ...image.patches import extract, positions
from ..base import Run, TrainingPair
from ..contrast import ContrastMap
from .coding import has_spams, openmp_threads
from .features import patch_features
from .method import SRep

FOREGROUND_SHARE = 0.2  # patches with more than 80 % background are dropped
ITERATIONS = 1000
MINIBATCH = 1024


def fit(method: SRep, pairs: Sequence[TrainingPair], *, rng: np.random.Generator, run: Run) -> None:
    """Learn the contrast map and the dictionaries from pairs; the same `rng` gives the same state.

    Raises:
        InputError: spams is missing, or there are fewer patches than atoms.
    """
    if method.settings.contrast_map:
        tracked = run.report.track(pairs, total=len(pairs), message="contrast map")
        method.contrast = ContrastMap.fit(tracked, rng)
    method.projection, method.low_atoms, method.high_atoms = learn(method, pairs, rng=rng, run=run)


def learn(
    method: SRep, pairs: Sequence[TrainingPair], *, rng: np.random.Generator, run: Run
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns V (6 P^3, q), D_l (q, K) with unit atoms, D_h (P^3, K).

    Raises:
        InputError: spams is missing, or there are fewer patches than atoms.
    """
    if not has_spams():
        raise InputError("learning dictionaries needs spams: pip install spams-bin", code="no-spams")
    settings = method.settings
    features, targets = _patches(method, pairs, rng, run)
    run.report.log(f"{len(features)} patches; principal components")
    projection = principal_components(features, settings.energy)
    reduced = features @ projection
    del features
    norm = np.linalg.norm(reduced, axis=1)
    textured = norm > 1e-3 * np.median(norm)  # flat patches have no direction to learn
    reduced, targets, norm = reduced[textured] / norm[textured, None], targets[textured], norm[textured]
    if len(reduced) < settings.atoms:
        raise InputError(f"only {len(reduced)} textured patches for {settings.atoms} atoms: add volumes")
    run.report.log(f"{reduced.shape[1]} components; learning {settings.atoms} atoms")
    run.report.check()
    low_atoms = dictionary(reduced, settings, rng)
    run.report.log("codes and high-field dictionary")
    run.report.check()
    codes = settings.coding.encode(reduced, low_atoms).multiply(norm[:, None]).tocsr()
    return projection, low_atoms, coupled_dictionary(codes, targets)


def principal_components(features: np.ndarray, energy: float) -> np.ndarray:
    """Columns V (dimension, q) that keep a share `energy` of the uncentred second moment of `features` (n, dim)."""
    values, vectors = np.linalg.eigh(features.T @ features)
    share = np.cumsum(values[::-1]) / (values.sum() or 1)
    count = int(np.searchsorted(share, energy)) + 1
    return np.ascontiguousarray(vectors[:, ::-1][:, :count], np.float32)


def coupled_dictionary(codes, targets: np.ndarray) -> np.ndarray:
    """D_h = T^T A (A^T A + eps I)^-1 for sparse codes A (n, K) and target patches T (n, P^3); (P^3, K)."""
    gram = (codes.T @ codes).toarray().astype(np.float64)
    ridge = 1e-6 * np.trace(gram) / len(gram)
    solved = np.linalg.solve(gram + ridge * np.eye(len(gram)), codes.T @ targets)
    return np.ascontiguousarray(solved.T, np.float32)


def _patches(
    method: SRep, pairs: Sequence[TrainingPair], rng: np.random.Generator, run: Run
) -> tuple[np.ndarray, np.ndarray]:
    """Feature vectors (n, 6 P^3) and target patches (n, P^3): the truth minus the base that detail is added to."""
    size = method.settings.patch
    each = -(-method.settings.patches // len(pairs))
    features, targets = [], []
    for pair in run.report.track(pairs, total=len(pairs), message="training patches"):
        start = method.start(pair.low)
        where = positions(pair.low.high_mask, size, 1, share=FOREGROUND_SHARE)
        if len(where) == 0:
            raise InputError(f"the brain of {pair.person} is too thin for patches of {size} voxels")
        chosen = np.sort(rng.choice(len(where), min(each, len(where)), replace=False))
        where = where[chosen]
        features.append(patch_features(start, where, size=size, factor=pair.low.profile.factor))
        targets.append(extract((pair.high - start)[None], where, size))
    return np.concatenate(features), np.concatenate(targets)


def dictionary(signals: np.ndarray, settings, rng: np.random.Generator, *, iterations: int = ITERATIONS) -> np.ndarray:
    """D_l (q, K) with unit atoms: online dictionary learning with `nonzeros` atoms a signal (Mairal 2009, spams).

    Single-threaded, with the initial atoms drawn from `rng`: spams does not seed its own, and threads change its sums.
    """
    import spams

    atoms = signals[rng.choice(len(signals), settings.atoms, replace=False)]
    shuffled = signals[rng.permutation(len(signals))]
    with openmp_threads(1) as threads:
        learned = spams.trainDL(
            np.asfortranarray(shuffled.T, dtype=np.float64),
            D=np.asfortranarray(atoms.T, dtype=np.float64),
            mode=3,
            lambda1=settings.nonzeros,
            iter=iterations,
            batchsize=MINIBATCH,
            numThreads=threads,
            verbose=False,
        )
    norm = np.linalg.norm(learned, axis=0)
    dead = norm < 1e-8  # restart an unused atom as a signal
    learned[:, dead] = atoms.T[:, dead]
    return (learned / np.linalg.norm(learned, axis=0)).astype(np.float32)
