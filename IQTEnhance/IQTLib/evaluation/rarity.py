"""Distance of a scan's patches to the training patches, and whether estimates are worse for rare patches."""

from dataclasses import dataclass

import numpy as np

from ..image.patches import extract, positions
from ..methods.base import LowField
from ..methods.patchwise.learning import principal_components

PATCH = 4  # edge in low-field voxels
ENERGY = 0.99
NEIGHBOURS = 5
SHARE = 0.5  # of a patch that lies in the brain
DECILES = 10


@dataclass(frozen=True, eq=False)
class Library:
    """Patches of training scans: PCA `projection` (PATCH^3, q) and `features` (n, q)."""

    projection: np.ndarray
    features: np.ndarray

    @classmethod
    def of(cls, scans: list[LowField], count: int, rng: np.random.Generator) -> "Library":
        """`count` random patches of `scans` with mean 1 in the brain."""
        each = -(-count // len(scans))
        patches = np.concatenate([low_patches(scan, each, rng)[1] for scan in scans])
        projection = principal_components(patches, ENERGY)
        return cls(projection, patches @ projection)

    def distance(self, patches: np.ndarray) -> np.ndarray:
        """Mean distance of `patches` (n, PATCH^3) to their nearest neighbours in the library, (n,)."""
        from scipy.spatial import KDTree

        count = min(NEIGHBOURS, len(self.features))
        found, _ = KDTree(self.features).query(patches @ self.projection, k=count)
        return found.reshape(len(patches), count).mean(axis=1)


def low_patches(scan: LowField, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """At most `count` patches in the brain: first voxels (n, 3) and intensities (n, PATCH^3)."""
    where = positions(scan.mask, PATCH, 1, share=SHARE)
    where = where[np.sort(rng.choice(len(where), min(count, len(where)), replace=False))]
    return where, extract(scan.data[None], where, PATCH)


def patch_errors(error: np.ndarray, where: np.ndarray, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """Root mean square and mean of `error` (x, y, n * factor) in the part that each low-field patch covers, (n,)."""
    rms, mean = np.empty(len(where)), np.empty(len(where))
    for index, (i, j, k) in enumerate(where):
        part = error[i : i + PATCH, j : j + PATCH, k * factor : (k + PATCH) * factor]
        rms[index], mean[index] = np.sqrt(np.mean(part**2)), part.mean()
    return rms, mean


def by_decile(rarity: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean of `values` (n,) in each decile of `rarity` (n,), from common to rare, (10,)."""
    groups = np.array_split(np.argsort(rarity, kind="stable"), DECILES)
    return np.array([values[group].mean() if len(group) else np.nan for group in groups])
