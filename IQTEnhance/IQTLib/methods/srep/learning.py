"""Learn the coupled dictionaries (Zeyde 2010): D_l by spams, shared codes, D_h by least squares."""

from typing import Any

import numpy as np
from scipy import sparse

from ...errors import InputError
from ...sentences import Sentence
from ..base import Run
from ..patchwise.method import Samples
from .coding import has_spams, openmp_threads

ITERATIONS = 1000
MINIBATCH = 1024


def learn(samples: Samples, settings: Any, rng: np.random.Generator, run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Returns D_l (q, K) with unit atoms, and D_h (P^3, K)."""
    low_atoms = dictionary(samples.features / samples.norm, settings, rng)
    run.report.log(Sentence("codes and high-field dictionary"))
    run.report.check()
    codes = settings.coding.scaled(samples.features, low_atoms)
    return low_atoms, coupled_dictionary(codes, samples.targets)


def refuse_without_spams() -> None:
    if not has_spams():
        raise InputError("learning dictionaries needs spams: pip install spams-bin", code="no-spams")


def coupled_dictionary(codes: sparse.csr_matrix, targets: np.ndarray) -> np.ndarray:
    """D_h = T^T A (A^T A + eps I)^-1 for sparse codes A (n, K) and target patches T (n, P^3); (P^3, K)."""
    gram = (codes.T @ codes).toarray().astype(np.float64)
    ridge = 1e-6 * np.trace(gram) / len(gram)
    solved = np.linalg.solve(gram + ridge * np.eye(len(gram)), codes.T @ targets)
    return np.ascontiguousarray(solved.T, np.float32)


def dictionary(
    signals: np.ndarray,
    settings: Any,
    rng: np.random.Generator,
    *,
    iterations: int = ITERATIONS,
    lam: float | None = None,
) -> np.ndarray:
    """D_l (q, K) with unit atoms: online dictionary learning (Mairal 2009, spams).

    With `nonzeros` atoms a signal or, given `lam`, by lasso. Single-threaded, with the initial atoms drawn from `rng`:
    spams does not seed its own, and threads change its sums.
    """
    import spams

    atoms = signals[rng.choice(len(signals), settings.atoms, replace=False)]
    shuffled = signals[rng.permutation(len(signals))]
    with openmp_threads(1) as threads:
        learned = spams.trainDL(
            np.asfortranarray(shuffled.T, dtype=np.float64),
            D=np.asfortranarray(atoms.T, dtype=np.float64),
            mode=3 if lam is None else 2,
            lambda1=settings.nonzeros if lam is None else lam,
            iter=iterations,
            batchsize=MINIBATCH,
            numThreads=threads,
            verbose=False,
        )
    norm = np.linalg.norm(learned, axis=0)
    dead = norm < 1e-8  # restart an unused atom as a signal
    learned[:, dead] = atoms.T[:, dead]
    return (learned / np.linalg.norm(learned, axis=0)).astype(np.float32)
