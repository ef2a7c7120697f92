"""Sparse codes of feature vectors in a dictionary: lasso (Basis Pursuit) and OMP, by spams or by torch.

lasso:  min_a 1/2 ||b - D a||_2^2 + lam ||a||_1        OMP:  min_a ||b - D a||_2^2  with at most L non-zeros
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from ...errors import InputError

Coder = Literal["lasso", "omp"]
Solver = Literal["auto", "spams", "torch"]


@dataclass(frozen=True)
class Coding:
    """How codes are found: `coder` with `lam` (lasso) or `nonzeros` (OMP), by `solver` on `device`."""

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


def _spams(features: np.ndarray, dictionary: np.ndarray, coding: Coding) -> sparse.csr_matrix:
    if not has_spams():
        raise InputError("solver spams is not installed: pip install spams-bin, or choose --solver torch")
    import spams

    signals = np.asfortranarray(features.T, dtype=np.float32)
    atoms = np.asfortranarray(dictionary, dtype=np.float32)
    if coding.coder == "omp":
        # eps must be given: in single precision spams' default stops before the first atom
        codes = spams.omp(signals, atoms, L=coding.nonzeros, eps=0.0, numThreads=-1)
    else:
        codes = spams.lasso(signals, atoms, lambda1=coding.lam, mode=2, numThreads=-1)
    return codes.T.tocsr()


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
        return sparse.csr_matrix(fista(signals, atoms, coding.lam).cpu().numpy())


def batch_omp(signals, atoms, nonzeros: int):
    """Orthogonal matching pursuit of all rows of `signals` (n, q) at once (Rubinstein 2008); torch tensors.

    Returns:
        support (n, L) atom numbers and values (n, L).
    """
    import torch

    gram = atoms.T @ atoms
    start = signals @ atoms
    correlation = start.clone()
    support = torch.empty((len(signals), 0), dtype=torch.long, device=signals.device)
    for _ in range(nonzeros):
        pick = correlation.abs().scatter(1, support, -1.0).argmax(1, keepdim=True)
        support = torch.cat([support, pick], 1)
        among = gram[support[:, :, None], support[:, None, :]]
        among = among + 1e-6 * torch.eye(among.shape[-1], device=among.device)  # two equal atoms stay solvable
        values = torch.linalg.solve(among, start.gather(1, support)[..., None])[..., 0]
        correlation = start - torch.einsum("nl,nlk->nk", values, gram[support])
    return support, values


def fista(signals, atoms, lam: float, *, tolerance: float = 2e-4, iterations: int = 2000):
    """Lasso of all rows of `signals` (n, q) at once by FISTA with restart (Beck 2009, O'Donoghue 2015); torch tensors.

    Stops when the summed duality gap is below `tolerance` times the summed objective. Returns codes (n, K).
    """
    import torch

    step = 1.0 / torch.linalg.matrix_norm(atoms, 2) ** 2
    codes = torch.zeros((len(signals), atoms.shape[1]), device=signals.device)
    ahead, momentum = codes, 1.0
    for iteration in range(iterations):
        moved = ahead + step * (signals - ahead @ atoms.T) @ atoms
        new = torch.sign(moved) * (moved.abs() - step * lam).clamp_min(0)
        if ((ahead - new) * (new - codes)).sum() > 0:  # the momentum points uphill: start it again
            momentum = 1.0
        grown = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = new + (momentum - 1) / grown * (new - codes)
        codes, momentum = new, grown
        if iteration % 10 == 9 and _gap_is_small(signals, atoms, codes, lam, tolerance):
            break
    return codes


def _gap_is_small(signals, atoms, codes, lam: float, tolerance: float) -> bool:
    """Duality gap of the lasso at `codes`, with the residual scaled into the dual's feasible set."""
    residual = signals - codes @ atoms.T
    primal = 0.5 * (residual**2).sum(1) + lam * codes.abs().sum(1)
    scale = (lam / (residual @ atoms).abs().amax(1).clamp_min(1e-12)).clamp_max(1.0)
    dual_point = residual * scale[:, None]
    dual = 0.5 * (signals**2).sum(1) - 0.5 * ((signals - dual_point) ** 2).sum(1)
    return bool((primal - dual).sum() <= tolerance * primal.sum())
