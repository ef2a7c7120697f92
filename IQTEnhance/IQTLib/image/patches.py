"""Patches of a volume: choose positions, extract patches, and put them back with overlaps averaged.

Positions are the first voxel of a patch, shape (n, 3). Patches are cubes or, with three edges, boxes: (6, 6, 1) in a
slice (x, y, 1). Work is batched, so memory does not grow with the volume.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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
    total = mask
    for axis, edge in enumerate(edges(size)):
        total = _sums(total, np.arange(total.shape[axis] - edge + 1), edge, axis)
    return total


def _sums(counts: np.ndarray, first: np.ndarray, edge: int, axis: int) -> np.ndarray:
    """Sums over `edge` voxels along `axis` from each of the voxels `first` on."""
    total = np.zeros((*counts.shape[:axis], len(first), *counts.shape[axis + 1 :]), np.int32)
    for offset in range(edge):
        total += counts.take(first + offset, axis=axis)
    return total


def positions(mask: np.ndarray, size: Edges, stride: Edges, *, share: float = 0.0) -> np.ndarray:
    """Patch positions (n, 3) on a regular grid, keeping patches with at least `share` of their voxels in `mask`.

    `share` 0.2 is the rule of the papers, which drop patches with more than 80 % background. Patches without any voxel
    in the mask are always dropped. Sorted along the first axis.
    """
    axes = zip(mask.shape, edges(size), edges(stride), strict=True)
    starts = [patch_starts(count, edge, step) for count, edge, step in axes]
    total: np.ndarray = mask
    for axis, (first, edge) in enumerate(zip(starts, edges(size), strict=True)):
        total = _sums(total, first, edge, axis)
    keep = total >= max(share * np.prod(edges(size)), 1)
    return np.stack([axis[index] for axis, index in zip(starts, np.nonzero(keep), strict=True)], axis=1)


def extract(maps: np.ndarray, where: np.ndarray, size: Edges) -> np.ndarray:
    """Patches of `maps` (channels, x, y, z) at positions `where` (n, 3), shape (n, channels * voxels)."""
    patches = [patches_of(one, where, size) for one in maps]
    return np.concatenate(patches, axis=1)


def patches_of(volume: np.ndarray, where: np.ndarray, size: Edges) -> np.ndarray:
    """Patches of `volume` (x, y, z) at positions `where` (n, 3), shape (n, voxels)."""
    flat = np.ascontiguousarray(volume).reshape(-1)
    height, width, length = edges(size)
    lines = sliding_window_view(flat, length)  # a line of a patch is one piece of memory
    first = np.ravel_multi_index(where.T, volume.shape)[:, None] + _offsets(volume.shape, (height, width, 1))
    return lines[first].reshape(len(where), height * width * length)


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
