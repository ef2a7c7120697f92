"""Dictionaries by K-SVD (Aharon 2006), with its approximate update (Rubinstein 2008), and the methods built on them."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import numpy as np
from scipy import sparse

from ...errors import InputError
from ...io.typed import Between
from ...sentences import Sentence
from ..base import Run
from ..patchwise.method import BATCH, PatchMethod, PatchSettings, Samples
from ..srep.coding import Coding, Solver
from ..srep.learning import coupled_dictionary

ITERATIONS = 20
ALIKE = 0.99  # cosine above which one of two atoms is replaced


@dataclass(frozen=True)
class KSVDSettings(PatchSettings):
    """Parameters of a method with a K-SVD dictionary.

    Args:
        nonzeros: atoms of a patch while learning. solver: spams, torch, or auto (spams on the CPU where installed).
    """

    nonzeros: Annotated[int, Between(1, 32)] = 3
    solver: Solver = "auto"

    @property
    def coding(self) -> Coding:
        return Coding("omp", nonzeros=self.nonzeros, solver=self.solver)


class KSVDMethod(PatchMethod):
    """D_l (q, K) by K-SVD with unit atoms, D_h (P^3, K) from the same codes, as in Zeyde 2010."""

    Settings: ClassVar = KSVDSettings
    passes: ClassVar[int] = ITERATIONS + 1
    settings: Any
    low_atoms: np.ndarray
    high_atoms: np.ndarray

    def learn(self, samples: Samples, rng: np.random.Generator, run: Run) -> None:
        self.low_atoms = ksvd(samples.features, self.settings, rng, run)
        self.high_atoms = coupled_dictionary(self.codes(samples.features, self.low_atoms), samples.targets)

    def codes(self, features: np.ndarray, atoms: np.ndarray, device: str = "cpu") -> Any:
        """OMP codes (n, K) of `features` (n, q)."""
        return encoded(features, atoms, self.settings.coding, device)


def encoded(signals: np.ndarray, atoms: np.ndarray, coding: Coding, device: str = "cpu") -> Any:
    """Codes (n, K) of `signals` (n, q), some at a time, because torch's solver keeps a number per signal and atom."""
    using = replace(coding, device=device)
    parts = [using.scaled(signals[i : i + BATCH], atoms) for i in range(0, len(signals), BATCH)]
    return sparse.vstack(parts, format="csr")


def ksvd(signals: np.ndarray, settings: KSVDSettings, rng: np.random.Generator, run: Run) -> np.ndarray:
    """D (q, K) with unit atoms that minimises |X - D A|^2 with `nonzeros` atoms in each of `signals` X (n, q).

    Each iteration codes all signals; then each atom d and its coefficients g become a better rank-one fit of the
    residual E of the signals that use it: d = E^T g, scaled to unit norm, and g = E d. An atom without use, or like
    another, becomes the signal that is explained worst.

    Raises:
        InputError: the fit got worse and worse, or is not finite.
    """
    atoms = signals[rng.choice(len(signals), settings.atoms, replace=False)].T
    atoms = atoms / np.linalg.norm(atoms, axis=0)
    best, least = atoms, np.inf
    for iteration in run.report.track(range(ITERATIONS), total=ITERATIONS, message=Sentence("K-SVD", "k-svd")):
        codes = encoded(signals, atoms, settings.coding).tocsc()
        residual = signals - codes @ atoms.T
        error = float(np.mean(residual**2, dtype=np.float64))
        if not np.isfinite(error):
            raise InputError("K-SVD does not converge: the training patches are not finite, check the volumes")
        if error < least:
            best, least = atoms, error
        if iteration < ITERATIONS - 1:
            atoms = _updated(atoms.copy(), codes, residual, signals)
    return best.astype(np.float32)


def _updated(atoms: np.ndarray, codes: Any, residual: np.ndarray, signals: np.ndarray) -> np.ndarray:
    """`atoms` (q, K) after one pass over all of them; `residual` (n, q) is kept up to date."""
    worst = iter(np.argsort(-(residual**2).sum(1)))
    for k in range(atoms.shape[1]):
        entries = slice(*codes.indptr[k : k + 2])
        users, values = codes.indices[entries], codes.data[entries]
        if len(users) == 0 or _is_double(atoms, k):
            new = signals[next(worst)]
            atoms[:, k] = new / np.linalg.norm(new)
            continue
        own = residual[users] + np.outer(values, atoms[:, k])
        atom = values @ own
        atom /= max(np.linalg.norm(atom), 1e-12)
        residual[users] = own - np.outer(own @ atom, atom)
        atoms[:, k] = atom
    return atoms


def _is_double(atoms: np.ndarray, k: int) -> bool:
    """Whether an earlier atom is much like atom `k`."""
    return k > 0 and bool(np.abs(atoms[:, k] @ atoms[:, :k]).max() > ALIKE)
