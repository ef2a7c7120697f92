"""A picture of one enhanced scan: scan, result, their difference, and the outline of the brain mask, side by side."""

from pathlib import Path

import numpy as np
from scipy import ndimage

from ...image import grid
from ...image.volume import Volume
from ...io.files import whole_file

PIXEL = 1.5  # mm
LARGEST = 160  # pixels of a side
OUTLINE = (255, 170, 0)
QUALITY = 80


def draw(scan: Volume, result: Volume, mask: np.ndarray | None, path: Path) -> None:
    """Write a JPEG of four panels, all of the same plane of the patient, through the centre of the brain.

    The plane contains the slice axis, along which a result differs most. Grey is 0 to the 99.5th percentile of the
    scan in the brain; in the difference (to the scan interpolated linearly), grey is none and a
    quarter of that range is black or white.
    """
    from PIL import Image

    inside = scan.data > scan.data.mean() if mask is None else mask
    if not inside.any():
        inside = np.ones(scan.shape, bool)
    points = _plane(scan, inside)
    top = max(float(np.percentile(scan.data[inside], 99.5)), 1e-6)
    before, after = (_sampled(volume, points, order=1) / top for volume in (scan, result))
    voxels = _sampled(scan, points, order=0) / top
    grey = [voxels, after, 0.5 + 2 * (after - before), before]
    panels = [np.repeat((255 * np.clip(panel, 0, 1)).astype(np.uint8)[..., None], 3, axis=2) for panel in grey]
    if mask is not None:
        brain = _sampled(scan.with_data(mask.astype(np.float32)), points, order=0) > 0.5
        panels[3][brain & ~ndimage.binary_erosion(brain)] = OUTLINE
    with whole_file(path) as part:
        Image.fromarray(np.concatenate(panels, axis=1)).save(part, "JPEG", quality=QUALITY)


def _plane(scan: Volume, inside: np.ndarray) -> np.ndarray:
    """World points (rows, columns, 3) of a plane with square pixels; head or nose up, left on the left."""
    corners = np.array(np.meshgrid(*((0, n - 1) for n in scan.shape))).reshape(3, -1)
    world = scan.affine[:3, :3] @ corners + scan.affine[:3, 3:]
    low, high = world.min(1), world.max(1)
    centre = scan.affine[:3] @ [*np.argwhere(inside).mean(0), 1]
    slices = int(np.abs(scan.affine[:3, grid.slice_axis(scan)]).argmax())
    across, up = {0: (0, 1), 1: (1, 2), 2: (0, 2)}[slices]  # axial, sagittal or coronal
    pixel = max(PIXEL, float((high - low).max()) / LARGEST)
    columns = np.arange(low[across], high[across] + pixel / 2, pixel)
    rows = np.arange(high[up], low[up] - pixel / 2, -pixel)
    points = np.broadcast_to(centre, (len(rows), len(columns), 3)).copy()
    points[..., across] = columns
    points[..., up] = rows[:, None]
    return points


def _sampled(volume: Volume, points: np.ndarray, *, order: int) -> np.ndarray:
    inverse = np.linalg.inv(volume.affine)
    voxels = points @ inverse[:3, :3].T + inverse[:3, 3]
    return ndimage.map_coordinates(volume.data, np.moveaxis(voxels, -1, 0), order=order, mode="constant")
