"""A volume through a network for slices: its slices are enlarged, then the planes across them, from two sides.

The network learned from single slices and knows nothing of the third axis. Along it, it sees the planes of the first
and the last axis and those of the second and the last; the result is their mean.
"""

from dataclasses import dataclass

import numpy as np
from torch import nn

from ....errors import InputError
from ....image.axis import interpolation_matrix
from ....physics.fine_scan import FineScan
from ....physics.sampling import apply_along
from ....sentences import Sentence
from ...base import Run
from .planes import SLICES, Axis, enlarged

MARGIN = 6  # fine voxels around the brain that are enlarged with it
REACH = 24  # voxels of the scan around these that the network sees: it looks at 36 at most, hardly beyond 16
SMALLEST = 5  # pixels of a plane: the widest kernel of the attention
PLANES = Sentence("planes across the slices", "planes")
ENLARGED = 1.05  # scale from which an axis goes through the network; below, splines interpolate


@dataclass(frozen=True, eq=False)
class Part:
    """The part of a scan around the brain.

    Args:
        data: (x, y, n) of the scan. axes: fine places along each of its axes. splines: interpolation there. scales:
            fine voxels to a voxel of the scan. box: where the fine places lie on the fine grid.
    """

    data: np.ndarray
    axes: tuple[Axis, ...]
    splines: tuple[np.ndarray, ...]
    scales: tuple[float, ...]
    box: tuple[slice, ...]

    @classmethod
    def of(cls, scan: FineScan) -> "Part":
        """Raises `InputError` for planes that are too small for the network."""
        box, rows, axes, splines = [], [], [], []
        for axis, count in enumerate(scan.scan.shape):
            inside = np.flatnonzero(scan.mask.any(axis=tuple({0, 1, 2} - {axis})))
            fine = slice(max(int(inside[0]) - MARGIN, 0), min(int(inside[-1]) + MARGIN + 1, scan.mask.shape[axis]))
            where = scan.start[axis] + scan.step[axis] * np.arange(fine.start, fine.stop)
            first = max(int(np.floor(where[0])) - REACH, 0)
            last = min(int(np.ceil(where[-1])) + REACH + 1, count)
            box.append(fine)
            rows.append(slice(first, last))
            axes.append(Axis.at(last - first, where - first, float(scan.step[axis])))
            splines.append(interpolation_matrix(last - first, where - first))
        data = scan.scan[tuple(rows)]
        if min(data.shape) < SMALLEST:
            told = " x ".join(map(str, data.shape))
            raise InputError(
                "planes of a scan of {told} voxels are too small for LIIF: it needs {smallest} each way",
                told=told,
                smallest=SMALLEST,
            )
        return cls(data, tuple(axes), tuple(splines), tuple(1 / float(step) for step in scan.step), tuple(box))


def through_planes(network: nn.Module, part: Part, run: Run) -> np.ndarray:
    """The fine voxels of `part`, float32, by a network whose intensities are those of its data."""
    x, y, z = part.axes
    volume = part.data
    if max(part.scales[:2]) >= ENLARGED:
        slices = enlarged(network, volume.transpose(2, 0, 1), (x, y), run, SLICES)
        volume = slices.transpose(1, 2, 0)
    else:
        volume = apply_along(volume, (*part.splines[:2], np.eye(volume.shape[2], dtype=np.float32)))
    if part.scales[2] < ENLARGED:
        return apply_along(volume, (*(np.eye(n, dtype=np.float32) for n in volume.shape[:2]), part.splines[2]))
    one = enlarged(network, volume, (Axis.same(volume.shape[1]), z), run, PLANES)
    other = enlarged(network, volume.transpose(1, 0, 2), (Axis.same(volume.shape[0]), z), run, PLANES)
    return (one + other.transpose(1, 0, 2)) / 2
