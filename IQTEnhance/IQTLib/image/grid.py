"""Where voxels are: slice axis, a model's grid, and resampling along axes with slice-centre geometry.

Everything here moves along the volume's own axes, so resampling is one small interpolation matrix per axis, and an
affine is followed exactly: no grid ever gets another grid's affine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..io.reading import check_memory
from .axis import FWHM_TO_SIGMA, interpolation_matrix
from .volume import Volume

ISOTROPIC_RATIO = 1.5  # slices less than this times thicker than in-plane voxels leave nothing to restore
MAX_VOXELS = 2**29


def slice_axis(volume: Volume, override: int | None = None) -> int:
    """The axis with the largest spacing (the last of equals), or `override` (0, 1 or 2)."""
    if override is None:
        spacing = np.round(volume.spacing, 3)
        return int(2 - np.argmax(spacing[::-1]))
    if override not in (0, 1, 2):
        raise InputError(f"slice axis {override}: choose 0, 1 or 2 (i, j or k)")
    return override


def is_isotropic(volume: Volume, axis: int) -> bool:
    """True when slices along `axis` are hardly thicker than the voxels inside them."""
    spacing = volume.spacing
    return spacing[axis] <= ISOTROPIC_RATIO * min(spacing)


def slices_last(volume: Volume, axis: int) -> Volume:
    """The same volume with `axis` last; every voxel keeps its place in the world."""
    return transposed(volume, slices_last_order(axis))


def slices_back(volume: Volume, axis: int) -> Volume:
    """Undo `slices_last`."""
    return transposed(volume, np.argsort(slices_last_order(axis)).tolist())


def slices_last_order(axis: int) -> list[int]:
    """The axes of a volume in the order of `slices_last`."""
    return [a for a in range(3) if a != axis] + [axis]


def transposed(volume: Volume, order: list[int]) -> Volume:
    """The same volume with its axes in another order; every voxel keeps its place in the world."""
    affine = volume.affine.copy()
    affine[:, :3] = volume.affine[:, order]
    return Volume(np.ascontiguousarray(volume.data.transpose(order)), affine)


def sub_affine(affine: np.ndarray, start: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Affine of the grid whose voxel (0, 0, 0) is the old voxel `start` and whose voxels are `step` old voxels wide."""
    inner = np.diag([*np.asarray(step, float), 1.0])
    inner[:3, 3] = start
    return affine @ inner


def check_grid(shape: Sequence[int], *, each: int) -> None:
    """`InputError` when a grid of `shape` whose voxels take `each` bytes is more than memory, or anybody, holds."""
    voxels, told = math.prod(map(int, shape)), " x ".join(map(str, shape))
    if voxels > MAX_VOXELS:
        raise InputError(f"a grid of {told} voxels is too large: crop the volume first")
    check_memory(each * voxels, f"a grid of {told} voxels")


def resample(
    volume: Volume, start: np.ndarray, step: np.ndarray, shape: tuple[int, ...], kind: str = "cubic"
) -> Volume:
    """`volume` on a grid along its own axes: new voxel n sits at old coordinate start + n * step, per axis.

    Where a step is coarser than a voxel the data are blurred first, so that little aliases: a Gaussian which, with the
    voxel's own width, has FWHM = step.
    """
    check_grid(shape, each=12)  # the data, one axis before, and a copy in order
    data = volume.data
    for axis, matrix in enumerate(resampling_matrices(data.shape, start, step, shape, kind)):
        if matrix is not None:
            data = np.moveaxis(np.tensordot(matrix, data, axes=(1, axis)), 0, axis)
    return Volume(np.ascontiguousarray(data, np.float32), sub_affine(volume.affine, start, step))


def resampling_matrices(
    old: tuple[int, ...], start: np.ndarray, step: np.ndarray, new: tuple[int, ...], kind: str = "cubic"
) -> list[np.ndarray | None]:
    """What `resample` does along each axis, blur included: (new, old) float32, or None where an axis stays as it is."""
    matrices: list[np.ndarray | None] = []
    for axis, count in enumerate(old):
        positions = start[axis] + step[axis] * np.arange(new[axis])
        if new[axis] == count and np.allclose(positions, np.arange(count), atol=1e-6):
            matrices.append(None)
            continue
        matrix = interpolation_matrix(count, positions, kind)
        if step[axis] > 1.001:
            from scipy.ndimage import gaussian_filter1d

            sigma = np.sqrt(step[axis] ** 2 - 1) * FWHM_TO_SIGMA
            matrix = matrix @ gaussian_filter1d(np.eye(count, dtype=np.float32), sigma, axis=0, mode="nearest")
        matrices.append(matrix)
    return matrices


@dataclass(frozen=True)
class ModelGrid:
    """The grid of a model: cubic high-field voxels, of which every `factor`-th slice is measured.

    `finest` and `coarsest` bound the voxel sizes (mm) that the model was trained for.
    """

    factor: int
    finest: float
    coarsest: float

    def fit(self, volume: Volume, kind: str = "cubic") -> Volume:
        """`volume` (slices last) as this model's low-field input.

        Measured slices stay as they are when slice spacing / factor is a voxel size the model accepts; thicker ones
        are interpolated to factor * coarsest. In-plane voxels already within 20 % of that size stay too.
        """
        return resample(volume, *self._placed(volume), kind)

    def matrices(self, volume: Volume, kind: str = "cubic") -> list[np.ndarray | None]:
        """What `fit` does along each axis of `volume`, as `resampling_matrices` has it."""
        return resampling_matrices(volume.shape, *self._placed(volume), kind)

    def _placed(self, volume: Volume) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
        """Start, step and shape of the model's grid in voxels of `volume`."""
        spacing = np.array(volume.spacing)
        voxel = min(spacing[2] / self.factor, self.coarsest)
        target = np.array([s if 0.8 <= s / voxel <= 1.25 else voxel for s in spacing[:2]] + [voxel * self.factor])
        step = target / spacing
        counts = np.array(volume.shape)
        shape = np.maximum(np.ceil(counts / step - 1e-6).astype(int), 1)
        start = (counts - 1 - (shape - 1) * step) / 2  # in-plane: the same centre
        start[2] = 0.0  # along the slice axis: the first slice stays the first
        return start, step, tuple(int(n) for n in shape)

    def misfit(self, voxel: float) -> str | None:
        """A sentence when `voxel` (mm) lies outside what the model was trained for, else None."""
        if self.finest <= voxel <= self.coarsest:
            return None
        return (
            f"slices ask for {voxel:.2f} mm voxels, the model was trained for {self.finest:.2f} to "
            f"{self.coarsest:.2f} mm: check the result with care"
        )


def isotropic_like(high: Volume, original: Volume) -> Volume:
    """`high` (slices last) on cubic voxels of the original's smaller in-plane size, over its in-plane grid."""
    size = min(original.spacing[:2])
    to_high = np.linalg.inv(high.affine) @ original.affine
    start = (to_high @ [0.0, 0.0, 0.0, 1.0])[:3]
    step = size / np.array(high.spacing)
    extent = np.array(original.shape[:2]) * np.array(original.spacing[:2])
    slices = np.floor((high.shape[2] - 1) / step[2] + 1e-6) + 1
    shape = (*np.maximum(np.round(extent / size), 1), slices)
    return resample(high, start, step, tuple(int(n) for n in shape))
