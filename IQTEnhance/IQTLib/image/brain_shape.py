"""Compare a mask with the average of 45 brains: is it brain-shaped, and is it flipped?

`python -m IQTLib.image.brain_shape FILE MASK...` recomputes the average. The shipped one was made from 33 subjects of
OpenNeuro ds002748 (CC0) and twelve of ds000011 (PDDL), all of them training subjects of the models. `brain_shape.npy`
holds only its right half: a brain is nearly symmetric, so shape cannot distinguish left from right.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy import ndimage

from .axis import smoothed
from .volume import Volume, read

Flips = tuple[int, ...]  # of the axes right, anterior, superior

FLIPS: tuple[Flips, ...] = ((), (1,), (2,), (1, 2))  # all others are mirror images of these
CELLS = 20  # along each edge of the average's cube
HALF = 0.95  # of the cube's edge, in cube roots of the brain's volume
GOOD = 0.88  # overlap with the average: 0.90 to 0.97 for brains, at most 0.87 for what deepbet finds in noise
CLEAR = 0.02  # margin by which the right orientation must fit better; brains have 0.03 to 0.12


@dataclass(frozen=True)
class Fit:
    """Overlap (soft Dice, 0 to 1) of a mask with the average brain, as the header orients it, `()`, and flipped."""

    of: Mapping[Flips, float]

    @property
    def is_good(self) -> bool:
        return self.of[()] >= GOOD

    @property
    def is_clear(self) -> bool:
        """Whether the mask is brain-shaped and fits clearly better as it is than flipped."""
        return self.is_good and all(self.of[()] >= fit + CLEAR for flips, fit in self.of.items() if flips)

    @property
    def overturned(self) -> Flips:
        """The axes to flip to make this a brain; empty if it fits as it is."""
        best = max(self.of, key=self.of.__getitem__)
        return best if self.of[best] >= max(GOOD, self.of[()] + CLEAR) else ()


def fit_of(mask: np.ndarray, volume: Volume) -> Fit:
    """How well `mask` (boolean, same shape as `volume`) fits the average brain under each of `FLIPS`."""
    if not mask.any():
        return Fit(dict.fromkeys(FLIPS, 0.0))
    shape, average = _normalised(mask, volume), _average()
    total = shape.sum() + average.sum()
    return Fit({flips: float(2 * np.minimum(shape, np.flip(average, flips)).sum() / total) for flips in FLIPS})


def mirrored(mask: np.ndarray, volume: Volume) -> float:
    """Overlap (soft Dice, 0 to 1) of `mask` with its own mirror image, left for right."""
    shape = _normalised(mask, volume)
    return float(np.minimum(shape, shape[::-1]).sum() / shape.sum())


def _normalised(mask: np.ndarray, volume: Volume) -> np.ndarray:
    """`mask` centred, in right-anterior-superior axes and scaled to unit volume: float (20, 20, 20) in 0..1."""
    import nibabel as nib

    to_ras = nib.io_orientation(volume.affine)
    spacing = np.asarray(volume.spacing)[np.argsort(to_ras[:, 0])]
    turned = nib.apply_orientation(mask, to_ras)
    turned = turned[ndimage.find_objects(turned.astype(np.uint8))[0]].astype(np.float32)
    edge = np.cbrt(turned.sum(dtype=np.float64) * spacing.prod())
    cell = 2 * HALF * edge / CELLS
    places = np.stack(np.meshgrid(*[(np.arange(CELLS) + 0.5) * cell - HALF * edge] * 3, indexing="ij"))
    places = places / spacing[:, None, None, None] + np.reshape(ndimage.center_of_mass(turned), (3, 1, 1, 1))
    margin = [int(np.ceil(cell / step)) for step in spacing]
    blurred = smoothed(np.pad(turned, [(n, n) for n in margin]), 0.4 * cell / spacing, truncate=3)
    return ndimage.map_coordinates(blurred, places + np.reshape(margin, (3, 1, 1, 1)), order=1)


@lru_cache(maxsize=1)
def _average() -> np.ndarray:
    half = np.load(Path(__file__).with_name("brain_shape.npy"), allow_pickle=False) / np.float32(255)
    return np.concatenate([half[::-1], half])


def average_of(masks: list[Volume]) -> np.ndarray:
    """The right half of the symmetrised average of brain masks: (10, 20, 20), uint8 with 255 for 1."""
    mean = np.mean([_normalised(mask.data > 0, mask) for mask in masks], axis=0)
    return np.rint(255 * (mean + mean[::-1])[CELLS // 2 :] / 2).astype(np.uint8)


if __name__ == "__main__":
    np.save(sys.argv[1], average_of([read(path) for path in sys.argv[2:]]), allow_pickle=False)
