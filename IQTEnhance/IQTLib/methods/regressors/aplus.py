"""A+ (Timofte 2014): each atom has a matrix, learned from the training patches nearest to it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ...io.typed import Between
from ...sentences import Sentence
from ..base import Run
from ..patchwise.method import Samples
from .anchored import Share, anchored, ridge_projection
from .ksvd import KSVDMethod, KSVDSettings, ksvd


@dataclass(frozen=True)
class APlusSettings(KSVDSettings):
    """Parameters of A+.

    Args:
        neighbours: training patches near an atom that make its matrix. ridge: weight lambda of the penalty.
        texture: patches whose features are shorter than this share of the median count less, for noise rules them;
            0: all count the same, as the authors have it.
        outputs: principal components of the detail that the matrices predict; more make a larger model.
    """

    neighbours: Annotated[int, Between(16, 100_000)] = 4096
    ridge: Share = 0.1
    texture: Annotated[float, Between(0, 100)] = 1.0
    outputs: Annotated[int, Between(1, 2048)] = 24


class APlus(KSVDMethod):
    """x = B P_k f, P_k = B^T H (L^T L + lambda I)^-1 L^T from scaled features L near atom k and their scaled details H.

    Atom k is that of the largest d_k^T f. The authors take the largest |d_k^T f|, which is as good where the detail of
    -f is that of f reversed; the detail of a scan with noise and another contrast is not. The columns of B are the
    principal components of the details that full matrices would predict: 1024 matrices of 343 rows would take 20 MB.
    """

    name: ClassVar[str] = "aplus"
    message: ClassVar[str] = Sentence("regression", "regression")
    Settings: ClassVar = APlusSettings
    STATE: ClassVar = ("low_atoms", "matrices", "basis")
    matrices: np.ndarray
    basis: np.ndarray

    def learn(self, samples: Samples, rng: np.random.Generator, run: Run) -> None:
        self.low_atoms = ksvd(samples.features, self.settings, rng, run)
        self.learn_matrices(samples, run)

    def learn_matrices(self, samples: Samples, run: Run) -> None:
        """The matrices and the basis for the atoms there are, which may come from other samples."""
        unit = samples.features / samples.norm
        scale = np.maximum(samples.norm, self.settings.texture * np.median(samples.norm))
        low, high = samples.features / scale, samples.targets / scale
        count = min(self.settings.neighbours, len(unit))
        full = np.empty((self.settings.atoms, high.shape[1], low.shape[1]), np.float32)
        for k in run.report.track(range(len(full)), total=len(full), message=Sentence("regression", "regression")):
            near = np.argpartition(-(unit @ self.low_atoms[:, k]), count - 1)[:count]
            full[k] = ridge_projection(low[near].T, high[near].T, self.settings.ridge)
        predicted = anchored(samples.features, self.low_atoms, full, signed=True)
        _, vectors = np.linalg.eigh(predicted.T @ predicted)
        self.basis = np.ascontiguousarray(vectors[:, ::-1][:, : self._outputs(high.shape[1])])
        self.matrices = self.basis.T @ full

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        return anchored(features, self.low_atoms, self.matrices, signed=True) @ self.basis.T

    def shapes(self, components: int) -> dict[str, tuple[int, ...]]:
        voxels, atoms = self.settings.patch**3, self.settings.atoms
        outputs = self._outputs(voxels)
        return {
            "low_atoms": (components, atoms),
            "matrices": (atoms, outputs, components),
            "basis": (voxels, outputs),
        }

    def _outputs(self, voxels: int) -> int:
        return min(self.settings.outputs, voxels)
