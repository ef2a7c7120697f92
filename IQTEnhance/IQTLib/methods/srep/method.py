"""IQT-SRep: the sparse code of a low-field patch in D_l yields the missing detail through D_h (Eldaly 2024, alg. 1)."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import numpy as np

from ...io.typed import Between
from ..base import Run
from ..patchwise.method import PatchMethod, PatchSettings, Samples
from . import METHOD
from .coding import Coder, Coding, Solver


@dataclass(frozen=True)
class SRepSettings(PatchSettings):
    """Parameters of IQT-SRep. The defaults are those of the product; `of_size` also provides those of the paper.

    Args:
        coder: omp with `nonzeros` atoms per patch, or lasso with `lam` (unit-norm features and atoms).
        solver: spams, torch, or auto (spams on the CPU where installed).
    """

    coder: Coder = "omp"
    nonzeros: Annotated[int, Between(1, 32)] = 3
    lam: Annotated[float, Between(0, 1, without=(0, 1))] = 0.01
    solver: Solver = "auto"

    PAPER: ClassVar = {**PatchSettings.PAPER, "coder": "lasso"}

    @property
    def coding(self) -> Coding:
        return Coding(self.coder, self.lam, self.nonzeros, self.solver)


class SRep(PatchMethod):
    """Coupled dictionaries: V projects features, D_l codes them, D_h turns codes into detail."""

    name: ClassVar[str] = METHOD.name
    Settings: ClassVar = SRepSettings
    settings: SRepSettings
    low_atoms: np.ndarray
    high_atoms: np.ndarray

    def refuse_learning(self) -> None:
        from .learning import refuse_without_spams

        refuse_without_spams()

    def learn(self, samples: Samples, rng: np.random.Generator, run: Run) -> None:
        """D_l (q, K) with unit atoms and D_h (P^3, K)."""
        from .learning import learn

        self.low_atoms, self.high_atoms = learn(samples, self.settings, rng, run)

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        return self.codes(features, device) @ self.high_atoms.T

    def codes(self, features: np.ndarray, device: str = "cpu") -> Any:
        """Sparse codes (n, K) of projected features (n, q)."""
        return replace(self.settings.coding, device=device).scaled(features, self.low_atoms)
