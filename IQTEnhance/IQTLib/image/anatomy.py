"""How much what lies inside a mask looks like the inside of a brain, whatever the contrast.

White matter lies deep, fluid in the middle and at the surface, grey matter between them. Three average tissue maps are
fitted to the intensities; the share of their variance that the maps explain is high in any contrast of any brain.
`brain_tissues.npz` holds the maps of 28 subjects of OpenNeuro ds002748 (CC0) and ten of ds000011 (PDDL), right half
only; `evaluation.gauge_trial` makes them.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy import ndimage

from .axis import smoothed
from .frames import as_placed
from .volume import Volume

CELLS = 28  # along each edge of the cube
HALF = 0.85  # of the cube's edge, in cube roots of the brain's volume
PITCHES = (-24, -16, -8, 0, 8, 16, 24)  # degrees: heads nod
FULL = 0.5  # share of brain in a cell that counts
FEWEST = 500  # cells
TISSUES = Path(__file__).with_name("brain_tissues.npz")


def likeness(volume: Volume, mask: np.ndarray, average: np.ndarray | None = None) -> float:
    """Share (0 to 1) of the variance of intensities inside boolean `mask` that `average` tissue maps explain.

    A smooth field (a quadratic polynomial) is taken out first, and the best pitch of the head is taken. Of a scan that
    is turned in the world its own axes are tried as well: slices may follow a turned head.

    Args:
        average: fractions (3, n, n, n) of CSF, GM and WM; None takes the shipped ones.
    """
    maps = _average() if average is None else average
    looks = [Cells.of(volume.data, mask, axes) for axes in as_placed(volume.affine)]
    return max(_explained(*look.pitched(pitch), maps) for look in looks for pitch in PITCHES)


@dataclass(frozen=True, eq=False)
class Cells:
    """Data and mask blurred to the cells of a cube that has the size of the brain's volume."""

    share: np.ndarray
    total: np.ndarray
    inverse: np.ndarray
    centre: np.ndarray
    line: np.ndarray

    @classmethod
    def of(cls, data: np.ndarray, mask: np.ndarray, axes: np.ndarray) -> "Cells":
        """`axes` (3, 3) of the voxels as columns, mm."""
        box = ndimage.find_objects(mask.astype(np.uint8))[0]
        inside = np.pad(mask[box].astype(np.float32), 2)
        values = np.pad(np.where(mask[box], data[box], 0).astype(np.float32), 2)
        edge = float(np.cbrt(inside.sum(dtype=np.float64) * abs(np.linalg.det(axes))))
        cell = 2 * HALF * edge / CELLS
        sigma = 0.4 * cell / np.linalg.norm(axes, axis=0)
        share, total = (smoothed(part, sigma, mode="constant", truncate=3) for part in (inside, values))
        line = (np.arange(CELLS) + 0.5) * cell - HALF * edge
        return cls(share, total, np.linalg.inv(axes), np.array(ndimage.center_of_mass(inside)), line)

    def pitched(self, pitch: float) -> tuple[np.ndarray, np.ndarray]:
        """Mean of the data in each cell, and the cell's share of brain: float (n, n, n), right, anterior, superior.

        The cube is pitched by `pitch` degrees about the axis from left to right.
        """
        angle = np.radians(pitch)
        turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
        places = np.stack(np.meshgrid(self.line, self.line, self.line, indexing="ij")).reshape(3, -1)
        voxels = self.inverse @ turn @ places + self.centre[:, None]
        share, total = (ndimage.map_coordinates(part, voxels, order=1) for part in (self.share, self.total))
        mean = np.divide(total, share, out=np.zeros_like(total), where=share > 0.05)
        return mean.reshape((CELLS,) * 3), share.reshape((CELLS,) * 3)


def _explained(mean: np.ndarray, share: np.ndarray, maps: np.ndarray) -> float:
    full = (share > FULL) & (maps.sum(axis=0) > FULL)
    if full.sum() < FEWEST:
        return 0.0
    line = np.linspace(-1, 1, CELLS)
    x, y, z = (axis[full] for axis in np.meshgrid(line, line, line, indexing="ij"))
    field = np.stack([np.ones(len(x)), x, y, z, x * x, y * y, z * z, x * y, x * z, y * z], axis=1)
    low, high = np.percentile(mean[full], (1, 99))
    values = np.clip(mean[full], low, high).astype(np.float64)
    tissues = np.stack([fraction[full] for fraction in maps], axis=1)
    smooth = _left(field, values)
    if not smooth > 1e-9 * float(values @ values):
        return 0.0
    return 1 - _left(np.concatenate([field, tissues], axis=1), values) / smooth


def _left(design: np.ndarray, values: np.ndarray) -> float:
    """Sum of squares that the best combination of the columns leaves."""
    rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(rest @ rest)


def average_of(subjects: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> np.ndarray:
    """Right half of the symmetrised mean tissue maps: uint8 (3, n / 2, n, n), 255 for 1.

    Each subject: labels (1 CSF, 2 GM, 3 WM), boolean mask, affine.
    """
    found = []
    for labels, mask, affine in subjects:
        axes = affine[:3, :3]
        parts = [Cells.of((labels == tissue).astype(np.float32), mask, axes).pitched(0.0) for tissue in (1, 2, 3)]
        found.append(np.stack([mean * np.minimum(share, 1) for mean, share in parts]))
    mean = np.mean(found, axis=0)
    return np.rint(255 * np.clip((mean + mean[:, ::-1])[:, CELLS // 2 :] / 2, 0, 1)).astype(np.uint8)


def whole(half: np.ndarray) -> np.ndarray:
    """Both halves of `average_of` as fractions."""
    part = half.astype(np.float32) / 255
    return np.concatenate([part[:, ::-1], part], axis=1)


@lru_cache(maxsize=1)
def _average() -> np.ndarray:
    with np.load(TISSUES, allow_pickle=False) as stored:
        return whole(stored["half"])
