"""Pseudo-pairs (Huang 2017): a slice without a partner gets one from the registered pairs that look most like it.

Both contrasts are compared by their high frequencies in small patches; a Gaussian kernel of the distance weighs what is
found.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

EDGE, STRIDE = 8, 4  # pixels of a patch, and between patches


class Alignment:
    """Looks up partners of high-passed slices in pairs.

    Args:
        known, partners: high-passed slices (h, w) of one contrast and of the other, registered. bandwidth: sigma of the
            kernel, in units of the median distance between known patches and their nearest neighbour.
    """

    def __init__(self, known: Sequence[np.ndarray], partners: Sequence[np.ndarray], bandwidth: float) -> None:
        from sklearn.neighbors import NearestNeighbors

        features = [patches(image) for image in known]
        self._features = np.concatenate(features)
        self._partners = np.concatenate([patches(image) for image in partners])
        textured = np.linalg.norm(self._features, axis=1) > 0
        self._features, self._partners = self._features[textured], self._partners[textured]
        self._index: Any = NearestNeighbors(n_neighbors=2).fit(self._features)
        distances = self._index.kneighbors(self._features[:: max(len(self._features) // 2000, 1)])[0][:, 1]
        self._scale = max(float(np.median(distances)), 1e-6) * bandwidth

    def partner(self, image: np.ndarray) -> tuple[np.ndarray, float]:
        """The pseudo-partner (h, w) of a slice, patches averaged where they overlap, and its weight, 0 to 1."""
        own = patches(image)
        distance, index = self._index.kneighbors(own, n_neighbors=1)
        textured = np.linalg.norm(own, axis=1) > 0
        kernel = np.exp(-0.5 * (distance[:, 0] / self._scale) ** 2)
        weights = (kernel + 1e-6) * textured
        total, count = np.zeros(image.shape), np.full(image.shape, 1e-12)
        found = self._partners[index[:, 0]].reshape(-1, EDGE, EDGE)
        for (a, b), patch, weight in zip(_starts(image.shape), found, weights, strict=True):
            total[a : a + EDGE, b : b + EDGE] += weight * patch
            count[a : a + EDGE, b : b + EDGE] += weight
        return (total / count).astype(np.float32), float(kernel[textured].mean()) if textured.any() else 0.0


def patches(image: np.ndarray) -> np.ndarray:
    """Patches of a high-passed slice, (n, 64)."""
    return np.stack([image[a : a + EDGE, b : b + EDGE].ravel() for a, b in _starts(image.shape)])


def _starts(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(a, b) for a in range(0, shape[0] - EDGE + 1, STRIDE) for b in range(0, shape[1] - EDGE + 1, STRIDE)]
