"""Patches of a volume: choose positions, extract patches, and put them back with overlaps averaged.

Positions are the first voxel of a patch, shape (n, 3). Patches are cubes or, with three edges, boxes: (6, 6, 1) in a
slice (x, y, 1). Work is batched, so memory does not grow with the volume.
"""

import numpy as np

from ..errors import InputError

Edges = int | tuple[int, int, int]
"""Voxels along the edges of a patch; one number for a cube."""


def edges(size: Edges) -> tuple[int, int, int]:
    return (size, size, size) if isinstance(size, int) else size


def patch_starts(count: int, size: int, stride: int) -> np.ndarray:
    """First voxels of patches that cover `count` voxels; the last patch ends flush with the last voxel."""
    if count < size:
        raise InputError("{count} voxels along an axis are fewer than a patch of {size}", count=count, size=size)
    return np.unique(np.append(np.arange(0, count - size + 1, stride), count - size))


def box_sum(mask: np.ndarray, size: Edges) -> np.ndarray:
    """Number of True voxels in the patch of `size` that starts at each voxel, shape (n - size + 1) per axis."""
    total = mask.astype(np.int32)
    for axis, edge in enumerate(edges(size)):
        running = np.moveaxis(np.cumsum(total, axis=axis, dtype=np.int32), axis, 0)
        ahead = running[edge - 1 :].copy()
        ahead[1:] -= running[:-edge]
        total = np.moveaxis(ahead, 0, axis)
    return total


def positions(mask: np.ndarray, size: Edges, stride: Edges, *, share: float = 0.0) -> np.ndarray:
    """Patch positions (n, 3) on a regular grid, keeping patches with at least `share` of their voxels in `mask`.

    `share` 0.2 is the rule of the papers, which drop patches with more than 80 % background. Patches without any voxel
    in the mask are always dropped. Sorted along the first axis.
    """
    axes = zip(mask.shape, edges(size), edges(stride), strict=True)
    grid = np.ix_(*(patch_starts(count, edge, step) for count, edge, step in axes))
    keep = box_sum(mask, size)[grid] >= max(share * np.prod(edges(size)), 1)
    return np.stack([axis.ravel()[index] for axis, index in zip(grid, np.nonzero(keep), strict=True)], axis=1)


def extract(maps: np.ndarray, where: np.ndarray, size: Edges) -> np.ndarray:
    """Patches of `maps` (channels, x, y, z) at positions `where` (n, 3), shape (n, channels * voxels)."""
    channels = maps.shape[0]
    offsets = _offsets(maps.shape[1:], size)
    first = np.ravel_multi_index(where.T, maps.shape[1:])
    flat = maps.reshape(channels, -1)
    patches = np.empty((len(where), channels, len(offsets)), np.float32)
    for channel in range(channels):
        patches[:, channel] = flat[channel][first[:, None] + offsets]
    return patches.reshape(len(where), channels * len(offsets))


class OverlapAverage:
    """Accumulates patches in a volume of `shape` and averages where they overlap; on demand also their spread."""

    def __init__(self, shape: tuple[int, int, int], size: Edges, *, spread: bool = False) -> None:
        self._squares = np.zeros(shape, np.float32) if spread else None
        self._sum = np.zeros(shape, np.float32)
        self._count = np.zeros(shape, np.uint16)
        self._offsets = _offsets(shape, size)

    def add(self, where: np.ndarray, patches: np.ndarray) -> None:
        """Add `patches` (n, voxels) at distinct positions `where` (n, 3)."""
        first = np.ravel_multi_index(where.T, self._sum.shape)
        total, count = self._sum.reshape(-1), self._count.reshape(-1)
        for offset, values in zip(self._offsets, np.ascontiguousarray(patches.T), strict=True):
            voxels = first + offset  # distinct positions, one offset: no voxel occurs twice
            total[voxels] += values
            count[voxels] += 1
            if self._squares is not None:
                self._squares.reshape(-1)[voxels] += values**2

    def average(self) -> np.ndarray:
        """The mean over overlapping patches; zero where there is none."""
        return self._sum / np.maximum(self._count, 1)

    def spread(self) -> np.ndarray:
        """Standard deviation of the overlapping patches; zero where there is one or none."""
        assert self._squares is not None
        return np.sqrt(np.maximum(self._squares / np.maximum(self._count, 1) - self.average() ** 2, 0))


def _offsets(shape: tuple[int, ...], size: Edges) -> np.ndarray:
    """Flat offsets of a patch's voxels from its first voxel, shape (voxels,)."""
    inside = np.indices(edges(size)).reshape(3, -1)
    return np.asarray(np.ravel_multi_index(tuple(inside), shape))
