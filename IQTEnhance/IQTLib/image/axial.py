"""Axial slices of a volume in any orientation: first axis to the right, second to the front, third upwards.

A module of its own because training and use share it.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .grid import resample
from .volume import Volume

EDGE = 1.0  # mm, pixels of slices that are learned from
LEAST = 0.1  # share of a voxel below which its intensity is not divided by that share


def axial(volume: Volume) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """The voxels with axes right, front and up, and a function that turns such an array back."""
    from nibabel.orientations import apply_orientation, io_orientation, ornt_transform

    turn = io_orientation(volume.affine)
    back = ornt_transform([[0, 1], [1, 1], [2, 1]], turn)
    return apply_orientation(volume.data, turn), lambda data: np.ascontiguousarray(apply_orientation(data, back))


def in_axial_plane(volume: Volume) -> tuple[int, ...]:
    """The two axes of the volume along which its axial slices lie."""
    return tuple(n for n, axis in enumerate(np.abs(volume.affine[:3, :3]).argmax(axis=0)) if axis != 2)


def finer(volume: Volume, scale: int, kind: str = "cubic") -> Volume:
    """Interpolated to `scale` times as many pixels along both axes of axial slices, over the same field of view."""
    step = np.ones(3)
    step[list(in_axial_plane(volume))] = 1 / scale
    shape = tuple(round(n / s) for n, s in zip(volume.shape, step, strict=True))
    fine = resample(volume, (step - 1) / 2, step, shape, kind)
    return replace(volume, data=fine.data, affine=fine.affine)


def fine_axial(volume: Volume) -> np.ndarray:
    """The same, interpolated to voxels of 1 mm."""
    shape = tuple(round(n * s / EDGE) for n, s in zip(volume.shape, volume.spacing, strict=True))
    step = EDGE / np.array(volume.spacing)
    return axial(resample(volume, np.zeros(3), step, shape, "linear"))[0]


def undarkened(blurred: np.ndarray, share: np.ndarray) -> np.ndarray:
    """What was blurred or interpolated together with the zeros around a stripped brain, without the dark rim: the mean
    over the part inside the brain, for a mask that was treated likewise, `share`."""
    return blurred / np.maximum(share, np.float32(LEAST))
