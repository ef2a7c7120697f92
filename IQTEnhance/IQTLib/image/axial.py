"""Axial slices of a volume in any orientation: first axis to the right, second to the front, third upwards.

A module of its own because training and use share it.
"""

from collections.abc import Callable

import numpy as np

from .grid import resample
from .volume import Volume

EDGE = 1.0  # mm, pixels of slices that are learned from


def axial(volume: Volume) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """The voxels with axes right, front and up, and a function that turns such an array back."""
    from nibabel.orientations import apply_orientation, io_orientation, ornt_transform

    turn = io_orientation(volume.affine)
    back = ornt_transform([[0, 1], [1, 1], [2, 1]], turn)
    return apply_orientation(volume.data, turn), lambda data: np.ascontiguousarray(apply_orientation(data, back))


def fine_axial(volume: Volume) -> np.ndarray:
    """The same, interpolated to voxels of 1 mm."""
    shape = tuple(round(n * s / EDGE) for n, s in zip(volume.shape, volume.spacing, strict=True))
    step = EDGE / np.array(volume.spacing)
    return axial(resample(volume, np.zeros(3), step, shape, "linear"))[0]
