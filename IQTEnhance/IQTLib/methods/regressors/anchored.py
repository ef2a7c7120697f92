"""Regressors that are matrices: one for all patches (GR), or that of the atom nearest to a patch (ANR)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ...io.typed import Between
from ...sentences import Sentence
from .ksvd import KSVDMethod, KSVDSettings

Share = Annotated[float, Between(0, 100, without=(0,))]


def ridge_projection(low: np.ndarray, high: np.ndarray, ridge: float) -> np.ndarray:
    """H (L^T L + ridge I)^-1 L^T for L (q, k) and H (m, k), shape (m, q).

    It is H L^T (L L^T + ridge I)^-1, whose matrix is as small as the features.
    """
    gram = (low @ low.T).astype(np.float64) + ridge * np.eye(len(low))
    return np.linalg.solve(gram, low @ high.T).T.astype(np.float32)


def anchored(features: np.ndarray, anchors: np.ndarray, matrices: np.ndarray, *, signed: bool = False) -> np.ndarray:
    """P_k f for each of `features` f (n, q), k the anchor (q, K) of the largest |d_k^T f|; `matrices` P (K, m, q).

    `signed`: of the largest d_k^T f.
    """
    alike = features @ anchors
    nearest = (alike if signed else np.abs(alike, out=alike)).argmax(1)
    order = np.argsort(nearest, kind="stable")
    ends = np.searchsorted(nearest[order], np.arange(len(matrices) + 1))
    result = np.empty((len(features), matrices.shape[1]), np.float32)
    for k in np.unique(nearest):
        own = order[ends[k] : ends[k + 1]]
        result[own] = features[own] @ matrices[k].T
    return result


@dataclass(frozen=True)
class GlobalSettings(KSVDSettings):
    """`ridge`: weight lambda of the penalty, 0.1 for 1024 atoms."""

    ridge: Share = 0.1


class GlobalRegression(KSVDMethod):
    """GR: x = (1 + lambda) D_h (D_l^T D_l + lambda I)^-1 D_l^T f."""

    name: ClassVar[str] = "gr"
    message: ClassVar[str] = Sentence("regression", "regression")
    Settings: ClassVar = GlobalSettings

    def prepare(self) -> None:
        ridge = self.settings.ridge
        self.matrix = (1 + ridge) * ridge_projection(self.low_atoms, self.high_atoms, ridge)

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        return features @ self.matrix.T


@dataclass(frozen=True)
class AnchoredSettings(KSVDSettings):
    """`neighbours`: atoms near an atom that make its matrix. `ridge`: weight lambda of the penalty."""

    neighbours: Annotated[int, Between(1, 4096)] = 40
    ridge: Share = 0.01


class AnchoredRegression(KSVDMethod):
    """ANR: P_k = (1 + lambda) N_h (N_l^T N_l + lambda I)^-1 N_l^T from the atoms N nearest to atom k."""

    name: ClassVar[str] = "anr"
    message: ClassVar[str] = Sentence("regression", "regression")
    Settings: ClassVar = AnchoredSettings

    def prepare(self) -> None:
        ridge, count = self.settings.ridge, min(self.settings.neighbours, self.settings.atoms)
        alike = np.abs(self.low_atoms.T @ self.low_atoms)
        near = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        parts = [ridge_projection(self.low_atoms[:, k], self.high_atoms[:, k], ridge) for k in near]
        self.matrices = (1 + ridge) * np.stack(parts)

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        return anchored(features, self.low_atoms, self.matrices)
