"""Grids: the slice axis, the grid of a model, and resampling along axes with slice-centre geometry.

All resampling here is along the volume's own axes, so it takes one small interpolation matrix per axis, and every grid
has its own exact affine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..io.reading import check_memory
from ..sentences import Sentence
from .axis import FWHM_TO_SIGMA, along, interpolation_matrix
from .volume import Volume

ISOTROPIC_RATIO = 1.5  # ratio of slice to in-plane spacing below which there is nothing to restore
MAX_VOXELS = 2**29
EDGES = 0.2, 5.0  # mm, of cubic voxels that may be asked for


def slice_axis(volume: Volume, override: int | None = None) -> int:
    """The axis with the largest spacing (the last one if several are equal), or `override` (0, 1 or 2)."""
    if override is None:
        spacing = np.round(volume.spacing, 3)
        return int(2 - np.argmax(spacing[::-1]))
    if override not in (0, 1, 2):
        raise InputError("slice axis {override}: choose 0, 1 or 2 (i, j or k)", override=override)
    return int(override)


def is_isotropic(volume: Volume, axis: int) -> bool:
    """Whether slices along `axis` are hardly thicker than their in-plane voxels."""
    spacing = volume.spacing
    return spacing[axis] <= ISOTROPIC_RATIO * min(spacing)


def not_thick(volume: Volume, axis: int) -> str:
    """Why slices along `axis` leave nothing to restore, for the user."""
    spacing = volume.spacing
    told = (
        "slices along {axis} are {across:.2f} mm apart, voxels in plane {within:.2f} mm: there is nothing to restore, "
        "the volume is returned unchanged"
    )
    return Sentence(told, "isotropic", axis="ijk"[axis], across=spacing[axis], within=min(spacing))


def slices_last(volume: Volume, axis: int) -> Volume:
    """The same volume with `axis` last; every voxel keeps its world position."""
    return transposed(volume, slices_last_order(axis))


def slices_back(volume: Volume, axis: int) -> Volume:
    """Undo `slices_last`."""
    return transposed(volume, np.argsort(slices_last_order(axis)).tolist())


def slices_last_order(axis: int) -> list[int]:
    """The axes of a volume in the order of `slices_last`."""
    return [a for a in range(3) if a != axis] + [axis]


def transposed(volume: Volume, order: list[int]) -> Volume:
    """The same volume with reordered axes; every voxel keeps its world position."""
    affine = volume.affine.copy()
    affine[:, :3] = volume.affine[:, order]
    return Volume(np.ascontiguousarray(volume.data.transpose(order)), affine)


def sub_affine(affine: np.ndarray, start: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Affine of the grid whose voxel (0, 0, 0) is the old voxel `start` and whose voxels are `step` old voxels wide."""
    inner = np.diag([*np.asarray(step, float), 1.0])
    inner[:3, 3] = start
    return affine @ inner


def check_grid(shape: Sequence[int], *, each: int) -> None:
    """`InputError` if a grid of `shape` with `each` bytes per voxel exceeds the memory or any sensible size."""
    voxels, told = math.prod(map(int, shape)), " x ".join(map(str, shape))
    if voxels > MAX_VOXELS:
        raise InputError("a grid of {told} voxels is too large: crop the volume first", told=told)
    check_memory(each * voxels, f"a grid of {told} voxels")


def resample(
    volume: Volume, start: np.ndarray, step: np.ndarray, shape: tuple[int, ...], kind: str = "cubic"
) -> Volume:
    """`volume` on a grid along its own axes: new voxel n sits at old coordinate start + n * step, per axis.

    Where a step is coarser than a voxel, the data are first blurred against aliasing, with a Gaussian that together
    with the voxel width has FWHM = step.
    """
    check_grid(shape, each=12)  # the data, the previous axis' result and a contiguous copy
    data = volume.data
    for axis, matrix in enumerate(resampling_matrices(data.shape, start, step, shape, kind)):
        if matrix is not None:
            data = along(data, matrix, axis)
    return Volume(np.ascontiguousarray(data, np.float32), sub_affine(volume.affine, start, step))


def on_grid(volume: Volume, grid: Volume, *, order: int = 3) -> np.ndarray:
    """`volume` resampled to `grid` in world coordinates, with splines of this order."""
    from scipy import ndimage  # slow to import, and menus do not need it

    matrix = np.linalg.inv(volume.affine) @ grid.affine
    return ndimage.affine_transform(
        volume.data, matrix[:3, :3], matrix[:3, 3], grid.shape, order=order, mode="nearest", output=np.float32
    )


def resampling_matrices(
    old: tuple[int, ...], start: np.ndarray, step: np.ndarray, new: tuple[int, ...], kind: str = "cubic"
) -> list[np.ndarray | None]:
    """The matrices of `resample`, blur included: (new, old) float32 per axis, or None for an unchanged axis."""
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
    """The grid of a model: isotropic high-field voxels; every `factor`-th slice is a measured one.

    `finest` and `coarsest` bound the voxel sizes (mm) that the model was trained for.
    """

    factor: int
    finest: float
    coarsest: float

    def fit(self, volume: Volume, kind: str = "cubic") -> Volume:
        """`volume` (slices last) as this model's low-field input.

        Measured slices are kept if slice spacing / factor is a voxel size that the model accepts; thicker slices are
        interpolated to factor * coarsest. In-plane voxels within 20 % of the target size are kept too.
        """
        return resample(volume, *self._placed(volume), kind)

    def matrices(self, volume: Volume, kind: str = "cubic") -> list[np.ndarray | None]:
        """The matrices of `fit` along each axis of `volume`, as in `resampling_matrices`."""
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
        """A warning if `voxel` (mm) is outside the range that the model was trained for, else None."""
        if self.finest <= voxel <= self.coarsest:
            return None
        told = (
            "the slice spacing gives {voxel:.2f} mm voxels, but the model was trained for {finest:.2f} to "
            "{coarsest:.2f} mm: check the result carefully"
        )
        return Sentence(told, "spacing", voxel=voxel, finest=self.finest, coarsest=self.coarsest)


def edge_of(asked: str | float) -> float | None:
    """The edge in mm of the voxels that are `asked` for; None for the grids with a name, "model" and "isotropic"."""
    if asked in ("model", "isotropic"):
        return None
    if isinstance(asked, str) or not EDGES[0] <= asked <= EDGES[1]:
        least, most = EDGES
        raise InputError(
            "output grid {asked!r}: choose model, isotropic or voxels of {least:g} to {most:g} mm",
            asked=asked,
            least=least,
            most=most,
        )
    return float(asked)


def isotropic_like(high: Volume, original: Volume, edge: float | None = None) -> Volume:
    """`high` (slices last) on isotropic voxels of `edge` mm over the original's in-plane grid.

    None is the original's smaller in-plane size.
    """
    size = edge or min(original.spacing[:2])
    to_high = np.linalg.inv(high.affine) @ original.affine
    start = (to_high @ [0.0, 0.0, 0.0, 1.0])[:3]
    step = size / np.array(high.spacing)
    extent = np.array(original.shape[:2]) * np.array(original.spacing[:2])
    slices = np.floor((high.shape[2] - 1) / step[2] + 1e-6) + 1
    shape = (*np.maximum(np.round(extent / size), 1), slices)
    return resample(high, start, step, tuple(int(n) for n in shape))
