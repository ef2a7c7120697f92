"""NE+LLE (Chang 2004, on a dictionary as in Timofte 2013): weights of locally linear embedding."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ...io.typed import Between
from ...sentences import Sentence
from .ksvd import KSVDMethod, KSVDSettings

RIDGE = 1e-4  # share of the trace of the local Gram matrix


@dataclass(frozen=True)
class EmbeddingSettings(KSVDSettings):
    """`neighbours`: atoms that a patch is made of."""

    neighbours: Annotated[int, Between(1, 256)] = 24


class NeighbourEmbedding(KSVDMethod):
    """x = |f| N_h w with w = argmin |f / |f| - N_l w|^2, sum w = 1, from the atoms N most like the features f.

    The authors do not scale f to unit length; then the result would depend on the scan's units.
    """

    name: ClassVar[str] = "ne-lle"
    message: ClassVar[str] = Sentence("neighbour embedding", "neighbours")
    Settings: ClassVar = EmbeddingSettings

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        norm = np.linalg.norm(features, axis=1, keepdims=True)
        unit, count = features / np.maximum(norm, 1e-6), min(self.settings.neighbours, self.settings.atoms)
        near = np.argpartition(-np.abs(unit @ self.low_atoms), count - 1, axis=1)[:, :count]
        weights = embedding_weights(unit, self.low_atoms.T[near])
        # a dense row of weights per patch is quicker than gathering the high-field atoms
        codes = np.zeros((len(features), self.settings.atoms), np.float32)
        np.put_along_axis(codes, near, norm * weights, axis=1)
        return codes @ self.high_atoms.T


def embedding_weights(points: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Weights (n, k), of sum 1, that best combine the neighbours `near` (n, k, q) of each of `points` (n, q)."""
    apart = near - points[:, None]
    gram = apart @ apart.transpose(0, 2, 1)
    trace = np.trace(gram, axis1=1, axis2=2)
    gram += (RIDGE * np.where(trace > 0, trace, 1))[:, None, None] * np.eye(near.shape[1], dtype=gram.dtype)
    weights = np.linalg.solve(gram, np.ones((*gram.shape[:2], 1), gram.dtype))[..., 0]
    return weights / weights.sum(1, keepdims=True)
