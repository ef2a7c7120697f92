"""Sparse codes of feature vectors in a dictionary: lasso (Basis Pursuit) and OMP, by spams or by torch.

lasso:  min_a 1/2 ||b - D a||_2^2 + lam ||a||_1        OMP:  min_a ||b - D a||_2^2  with at most L non-zeros
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import sparse

from ...errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

Coder = Literal["lasso", "omp"]
Solver = Literal["auto", "spams", "torch"]
TOLERANCE = 3e-3  # relative duality gap of a lasso solution; its objective is then within 1e-3 of the optimum


@dataclass(frozen=True)
class Coding:
    """Sparse coding: `coder` with `lam` (lasso) or `nonzeros` (OMP), computed by `solver` on `device`."""

    coder: Coder = "omp"
    lam: float = 0.01
    nonzeros: int = 3
    solver: Solver = "auto"
    device: str = "cpu"

    def encode(self, features: np.ndarray, dictionary: np.ndarray) -> sparse.csr_matrix:
        """Codes (n, K) of unit-norm `features` (n, q) in a dictionary (q, K) of unit-norm atoms."""
        if self._chosen_solver() == "spams":
            return _spams(features, dictionary, self)
        return _torch(features, dictionary, self)

    def scaled(self, features: np.ndarray, dictionary: np.ndarray) -> sparse.csr_matrix:
        """Codes (n, K) of `features` (n, q) of any length: coded at unit norm, scaled back."""
        norm = np.linalg.norm(features, axis=1, keepdims=True)
        return self.encode(features / np.maximum(norm, 1e-6), dictionary).multiply(norm).tocsr()

    def _chosen_solver(self) -> str:
        if self.solver != "auto":
            return self.solver
        return "spams" if self.device == "cpu" and has_spams() else "torch"


def has_spams() -> bool:
    """True when spams can be imported (it is optional: GPL-3)."""
    try:
        import spams  # noqa: F401
    except ImportError:
        return False
    return True


@contextmanager
def openmp_threads(count: int | None = None) -> Iterator[int]:
    """Threads for a call of spams: `count`, or as many as OMP_NUM_THREADS and torch allow.

    The previous number is restored afterwards, because spams sets it for the whole process, including torch.
    """
    import spams  # noqa: F401 - loads its OpenMP library, which must be counted
    from threadpoolctl import threadpool_info, threadpool_limits

    allowed = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "openmp"]
    count = count or min(allowed, default=1)
    with threadpool_limits(count, user_api="openmp"):
        yield count


def _spams(features: np.ndarray, dictionary: np.ndarray, coding: Coding) -> sparse.csr_matrix:
    if not has_spams():
        reason = "solver spams is not installed: pip install spams-bin, or choose --set solver=torch"
        raise InputError(reason, code="no-spams")
    import spams

    if coding.coder == "omp":
        # set eps: in single precision the default of spams sometimes stops before the first atom
        signals, atoms = (np.asfortranarray(a, dtype=np.float32) for a in (features.T, dictionary))
        with openmp_threads() as threads:
            return spams.omp(signals, atoms, L=coding.nonzeros, eps=0.0, numThreads=threads).T.tocsr()
    # in single precision the homotopy diverges for a few patches in a thousand, even to NaN
    double, exact = (np.asfortranarray(a, dtype=np.float64) for a in (features.T, dictionary))
    with openmp_threads() as threads:
        codes = spams.lasso(double, exact, lambda1=float(coding.lam), mode=2, numThreads=threads).T.toarray()
    return sparse.csr_matrix(_repaired(features, dictionary, codes.astype(np.float32), coding.lam))


def _repaired(features: np.ndarray, dictionary: np.ndarray, codes: np.ndarray, lam: float) -> np.ndarray:
    """Recompute those `codes` that are not a lasso solution: the homotopy of spams stops early if atoms are equal."""
    import torch

    with torch.no_grad():
        signals, atoms = (torch.as_tensor(np.ascontiguousarray(a, np.float32)) for a in (features, dictionary))
        wrong = ~(_gap(signals, atoms, torch.from_numpy(codes), lam) <= TOLERANCE)  # also where it is NaN
        if wrong.any():
            codes[wrong.numpy()] = admm(signals[wrong], atoms, lam).numpy()
    return codes


def _torch(features: np.ndarray, dictionary: np.ndarray, coding: Coding) -> sparse.csr_matrix:
    import torch

    with torch.no_grad():
        signals = torch.as_tensor(features, dtype=torch.float32, device=coding.device)
        atoms = torch.as_tensor(np.ascontiguousarray(dictionary), dtype=torch.float32, device=coding.device)
        if coding.coder == "omp":
            support, values = batch_omp(signals, atoms, coding.nonzeros)
            count, picks = support.shape
            rows = np.repeat(np.arange(count), picks)
            shape = (count, atoms.shape[1])
            return sparse.csr_matrix((values.cpu().numpy().ravel(), (rows, support.cpu().numpy().ravel())), shape)
        return sparse.csr_matrix(admm(signals, atoms, coding.lam).cpu().numpy())


def batch_omp(signals: "Tensor", atoms: "Tensor", nonzeros: int) -> "tuple[Tensor, Tensor]":
    """Order-recursive matching pursuit, as in spams, of all rows of `signals` (n, q) at once.

    Every step takes the atom that leaves the smallest residual (Cotter 1999), not the one most correlated with it.
    Returns the chosen atoms and their values, both (n, nonzeros).
    """
    import torch

    support = torch.empty((len(signals), 0), dtype=torch.long, device=signals.device)
    basis = signals.new_empty((len(signals), 0, signals.shape[1]))  # orthonormal basis of the chosen atoms' span
    outside = signals.new_ones((len(signals), atoms.shape[1]))  # squared distance of every atom from that span
    residual = signals
    for _ in range(nonzeros):
        gain = ((residual @ atoms) ** 2 / outside).masked_fill_(outside < 1e-4, -1.0)
        support = torch.cat([support, gain.argmax(1, keepdim=True)], 1)
        new = atoms.T[support[:, -1:]]
        new = new - (new @ basis.mT) @ basis
        new = new / new.norm(dim=2, keepdim=True).clamp_min(1e-2)
        basis = torch.cat([basis, new], 1)
        new = new[:, 0]
        outside -= (new @ atoms) ** 2
        residual = residual - (residual * new).sum(1, keepdim=True) * new
    chosen = atoms.T[support]
    gram = chosen @ chosen.mT + 1e-6 * torch.eye(nonzeros, device=signals.device)  # equal atoms stay solvable
    return support, torch.linalg.solve(gram, chosen @ signals[..., None])[..., 0]


def admm(signals: "Tensor", atoms: "Tensor", lam: float, *, iterations: int = 1000) -> "Tensor":
    """Lasso for all rows of `signals` (n, q) at once by over-relaxed ADMM (Boyd 2011).

    A row is done when its duality gap is below `TOLERANCE` times its objective; the objective itself is then
    within 1e-3 of the optimum. Returns codes (n, K).
    """
    import torch

    penalty = 3 * lam**0.5  # tuned for unit-norm signals and atoms, lam 0.001 to 0.4
    relaxation = 1.7
    identity = torch.eye(len(atoms), device=atoms.device)
    step = torch.linalg.solve(atoms @ atoms.T + penalty * identity, atoms)
    result = torch.zeros((len(signals), atoms.shape[1]), device=signals.device)
    rows = torch.arange(len(signals), device=signals.device)
    codes, dual = torch.zeros_like(result), torch.zeros_like(result)
    for iteration in range(1, iterations + 1):
        dense = codes - dual
        dense.addmm_(signals - dense @ atoms.T, step)
        dual.add_(dense, alpha=relaxation).add_(codes, alpha=1 - relaxation)
        codes = torch.nn.functional.softshrink(dual, lam / penalty)
        dual.sub_(codes)
        if iteration % 20 == 0 or iteration == iterations:
            result[rows] = codes
            left = _gap(signals, atoms, codes, lam) > TOLERANCE
            if not left.any():
                break
            rows, signals, codes, dual = rows[left], signals[left], codes[left], dual[left]
    return result


def _gap(signals: "Tensor", atoms: "Tensor", codes: "Tensor", lam: float) -> "Tensor":
    """Relative duality gap of each row, with the residual scaled into the feasible set of the dual."""
    residual = signals - codes @ atoms.T
    primal = 0.5 * (residual**2).sum(1) + lam * codes.abs().sum(1)
    scale = (lam / (residual @ atoms).abs().amax(1).clamp_min(1e-12)).clamp_max(1.0)
    dual = 0.5 * (signals**2).sum(1) - 0.5 * ((signals - residual * scale[:, None]) ** 2).sum(1)
    return (primal - dual) / primal.clamp_min(1e-12)
