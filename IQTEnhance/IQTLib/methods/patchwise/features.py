"""Gradient features of an interpolated low-field volume (Zeyde 2010, adapted to the low-field slice spacing)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...image.patches import Edges, extract, patches_of

REACH = 2  # taps to either side that a feature uses


@dataclass(frozen=True)
class Geometry:
    """Patches of `size`, `stride` voxels apart, and the taps of their features."""

    size: Edges
    stride: Edges
    taps: tuple[int, int, int]


def thick_slices(factor: int) -> tuple[int, int, int]:
    """Taps one low-field voxel apart: 1 voxel in plane, `factor` voxels along the slice axis."""
    return 1, 1, factor


def feature_maps(volume: np.ndarray, taps: Sequence[int], first: int = 0, last: int | None = None) -> np.ndarray:
    """First and second differences along x, y, z for the planes first..last of x, shape (6, last - first, y, z).

    `taps`: voxels between the taps along each axis; 0 leaves an axis out, and its two maps. Edges are repeated.
    """
    last = volume.shape[0] if last is None else last
    reach = REACH * taps[0]
    planes = np.clip(np.arange(first - reach, last + reach), 0, volume.shape[0] - 1)
    slab = volume[planes]
    used = [(axis, tap) for axis, tap in enumerate(taps) if tap]
    maps = np.empty((2 * len(used), last - first, *volume.shape[1:]), np.float32)
    centre = slab[reach : reach + last - first]
    for number, (axis, tap) in enumerate(used):
        before, after = _shifted(slab, reach, axis, -tap), _shifted(slab, reach, axis, tap)
        np.subtract(after, before, out=maps[2 * number])
        before, after = _shifted(slab, reach, axis, -2 * tap), _shifted(slab, reach, axis, 2 * tap)
        maps[2 * number + 1] = 0.5 * (after + before) - centre
    return maps


def _shifted(slab: np.ndarray, reach: int, axis: int, shift: int) -> np.ndarray:
    """`slab` shifted by `shift` voxels along `axis`, without the `reach` extra planes of x."""
    if axis == 0:
        return slab[reach + shift : slab.shape[0] - reach + shift]
    index = np.clip(np.arange(slab.shape[axis]) + shift, 0, slab.shape[axis] - 1)
    return np.take(slab[reach : slab.shape[0] - reach], index, axis=axis)


def patch_features(volume: np.ndarray, where: np.ndarray, *, size: Edges, taps: Sequence[int]) -> np.ndarray:
    """Feature vectors of the patches of `size` at `where` (n, 3), sorted or not, shape (n, maps * voxels)."""
    maps, there = _maps_about(volume, where, size, taps)
    return extract(maps, there, size)


def projected_features(volume: np.ndarray, where: np.ndarray, geometry: Geometry, projection: np.ndarray) -> np.ndarray:
    """`patch_features` times `projection` (maps * voxels, q), map by map, so that they are never all in memory."""
    maps, there = _maps_about(volume, where, geometry.size, geometry.taps)
    parts = np.split(projection, len(maps))
    return sum(patches_of(one, there, geometry.size) @ part for one, part in zip(maps, parts, strict=True))


def _maps_about(
    volume: np.ndarray, where: np.ndarray, size: Edges, taps: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Feature maps of the planes that patches at `where` lie in, and where the patches lie there."""
    edge = size if isinstance(size, int) else size[0]
    first, last = int(where[:, 0].min()), int(where[:, 0].max()) + edge
    return feature_maps(volume, taps, first, last), where - [first, 0, 0]
