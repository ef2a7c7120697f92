"""Gradient features of an interpolated low-field volume (Zeyde 2010, adapted to the low-field slice spacing)."""

import numpy as np

from ...image.patches import extract

REACH = 2  # taps to either side that a feature uses


def feature_maps(volume: np.ndarray, factor: int, first: int = 0, last: int | None = None) -> np.ndarray:
    """First and second differences along x, y, z for the planes first..last of x, shape (6, last - first, y, z).

    Taps lie one low-field voxel apart: 1 voxel in plane, `factor` voxels along the slice axis. Edges are repeated.
    """
    last = volume.shape[0] if last is None else last
    planes = np.clip(np.arange(first - REACH, last + REACH), 0, volume.shape[0] - 1)
    slab = volume[planes]
    maps = np.empty((6, last - first, *volume.shape[1:]), np.float32)
    centre = slab[REACH:-REACH]
    for axis, tap in enumerate((1, 1, factor)):
        before, after = _shifted(slab, axis, -tap), _shifted(slab, axis, tap)
        np.subtract(after, before, out=maps[2 * axis])
        before, after = _shifted(slab, axis, -2 * tap), _shifted(slab, axis, 2 * tap)
        maps[2 * axis + 1] = 0.5 * (after + before) - centre
    return maps


def _shifted(slab: np.ndarray, axis: int, shift: int) -> np.ndarray:
    """`slab` shifted by `shift` voxels along `axis`, without the extra planes of x."""
    if axis == 0:
        return slab[REACH + shift : slab.shape[0] - REACH + shift]
    index = np.clip(np.arange(slab.shape[axis]) + shift, 0, slab.shape[axis] - 1)
    return np.take(slab[REACH:-REACH], index, axis=axis)


def patch_features(volume: np.ndarray, where: np.ndarray, *, size: int, factor: int) -> np.ndarray:
    """Feature vectors of the patches at `where` (n, 3), sorted or not, shape (n, 6 size^3)."""
    first, last = int(where[:, 0].min()), int(where[:, 0].max()) + size
    maps = feature_maps(volume, factor, first, last)
    return extract(maps, where - [first, 0, 0], size)
