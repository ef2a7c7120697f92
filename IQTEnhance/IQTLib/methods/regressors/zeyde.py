"""Zeyde 2010: the OMP code of a patch's features in D_l gives its detail through D_h.

A module of its own because each of these methods has one.
"""

from typing import ClassVar

import numpy as np

from .ksvd import KSVDMethod


class Zeyde(KSVDMethod):
    """x = D_h a with a = argmin |D_l a - f|^2, at most `nonzeros` atoms."""

    name: ClassVar[str] = "zeyde"

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        return self.codes(features, self.low_atoms, device) @ self.high_atoms.T
