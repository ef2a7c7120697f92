"""Which way a head lies in its scan: along the slices, or upright in the world.

Oblique slices may follow a head that is turned or tilted, or cut an upright head at an angle. The header does not tell
which, so both are tried.
"""

import numpy as np
from nibabel.orientations import io_orientation

TURNED = 0.15  # of a voxel's edge: 9 degrees


def straightened(axes: np.ndarray) -> np.ndarray:
    """Voxel axes (3, 3; columns in mm) without rotation: each along the nearest axis of the world, lengths kept."""
    affine, straight = np.eye(4), np.zeros((3, 3))
    affine[:3, :3] = axes
    for axis, (world, sign) in enumerate(io_orientation(affine)):
        straight[int(world), axis] = sign * np.linalg.norm(axes[:, axis])
    return straight


def frames(affine: np.ndarray) -> list[np.ndarray]:
    """The voxel axes (3, 3) of `affine` straightened, and as they are if they are turned by more than `TURNED`."""
    axes = affine[:3, :3]
    own = straightened(axes)
    turned = np.abs(axes - own).max() > TURNED * np.linalg.norm(axes, axis=0).max()
    return [own, axes] if turned else [own]


def as_placed(affine: np.ndarray) -> list[np.ndarray]:
    """The same, but the axes of a scan that is hardly turned count as they are, not straightened."""
    return [affine[:3, :3], *frames(affine)[:-1]]
