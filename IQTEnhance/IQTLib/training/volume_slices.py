"""Slices that are cut from volumes: what `iqt train liif` learns from besides mid-slices.

They are planes of the volume's own voxels, in 8 bits like mid-slices, in the middle of a black square.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..data.candidates import learnable
from ..data.subjects import Scan, mask_of
from ..errors import InputError
from ..evaluation.planar import FACTORS, SMALLEST, WHITE, Slices
from ..events import SILENT, Reporter
from ..image.axial import axial
from ..image.volume import Volume, read
from ..methods.networks.liif.method import MEAN
from ..sentences import Sentence
from .networks import TOO_FEW, chosen_scans
from .provenance import VOXEL_TOLERANCE
from .recipe import NetworkRecipe
from .slice_pairs import SliceRecipe

LEARNED, VALIDATED = 40, 3  # slices of a volume along each axis
FULL = 0.25  # of the largest plane's brain, below which a plane is left out


def volume_slices(source: Path, recipe: NetworkRecipe, report: Reporter = SILENT) -> tuple[Slices, Slices]:
    """Slices for training and for validation, of the volumes below `source`, never of the same subject.

    Planes are used whose pixels are about those of the recipe; the mean of the brain is that in LIIF's own slices.

    Raises:
        InputError: too few volumes, or none with such pixels. CancelledError.
    """
    slices = recipe.slices or SliceRecipe()
    scans, validation_subjects = chosen_scans(source, recipe, report)
    learned: list[tuple[str, np.ndarray]] = []
    validated: list[tuple[str, np.ndarray]] = []
    for scan in report.track(scans, total=len(scans), message=Sentence("reading volumes", "reading")):
        known, count = (validated, VALIDATED) if scan.person in validation_subjects else (learned, LEARNED)
        known += [(scan.person, plane) for plane in _planes(scan, slices, count, report)]
    if not learned or not validated:
        raise InputError(TOO_FEW)
    sides = [side for _, plane in (*learned, *validated) for side in plane.shape]
    least = int(np.ceil(recipe.data.patch * max(slices.limits.values())))
    edge = -(-max(*sides, least, SMALLEST) // max(FACTORS)) * max(FACTORS)
    return _stacked(learned, edge), _stacked(validated, edge)


def _planes(scan: Scan, slices: SliceRecipe, count: int, report: Reporter) -> Iterator[np.ndarray]:
    """Up to `count` planes of the scan along each axis that the recipe names, uint8; none if it is unusable."""
    try:
        volume = read(scan.path)
        mask, _ = mask_of(scan, volume, "cpu", report)
        mean = learnable(volume, mask)
    except InputError as error:
        report.warn(Sentence("{path} is skipped: {why}", path=scan.path.name, why=error))
        return
    data = volume.data * np.float32(MEAN * WHITE / mean)
    turned = axial(volume.with_data(np.clip(data, 0, WHITE).round()))[0].astype(np.uint8)
    inside = axial(volume.with_data(mask.astype(np.float32)))[0] > 0
    spacing = _axial_spacing(volume)
    axes = [axis for axis in ((2,) if slices.planes == "axial" else (0, 1, 2)) if _fits(spacing, axis, slices.pixel)]
    if not axes:
        told = "voxels of {spacing} mm, but the recipe is for pixels of about {pixel:g} mm (slices.pixel)"
        why = Sentence(told, spacing=" x ".join(f"{edge:.2f}" for edge in spacing), pixel=slices.pixel)
        report.warn(Sentence("{path} is skipped: {why}", path=scan.path.name, why=why))
    for axis in axes:
        area = inside.sum(axis=tuple({0, 1, 2} - {axis}))
        full = np.flatnonzero(area > FULL * area.max())
        for number in np.unique(np.linspace(0, len(full) - 1, count + 2)[1:-1].round().astype(int)):
            yield turned.take(full[number], axis=axis)


def _axial_spacing(volume: Volume) -> np.ndarray:
    """Edges of the voxels (mm) along the axes of `axial`."""
    from nibabel.orientations import io_orientation

    spacing = np.empty(3)
    spacing[io_orientation(volume.affine)[:, 0].astype(int)] = volume.spacing
    return spacing


def _fits(spacing: np.ndarray, axis: int, pixel: float) -> bool:
    edges = np.delete(spacing, axis)
    return bool(pixel / VOXEL_TOLERANCE <= edges.min() and edges.max() <= pixel * VOXEL_TOLERANCE)


def _stacked(planes: list[tuple[str, np.ndarray]], edge: int) -> Slices:
    images = np.zeros((len(planes), edge, edge), np.uint8)
    for image, (_, plane) in zip(images, planes, strict=True):
        x, y = ((edge - side) // 2 for side in plane.shape)
        image[x : x + plane.shape[0], y : y + plane.shape[1]] = plane
    return Slices(images, tuple(person for person, _ in planes))
