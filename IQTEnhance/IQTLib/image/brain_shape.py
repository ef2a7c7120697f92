"""How well a mask has the shape of a brain, and which way up: compared with an average of 45 brains.

`python -m IQTLib.image.brain_shape FILE MASK...` makes the average again. The one that is shipped is of the 33 people
of OpenNeuro ds002748 (CC0) and twelve of ds000011 (PDDL) that the models are trained on; `brain_shape.npy` holds its
right half, for a brain is nearly the same mirrored: left and right cannot be told from its shape.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy import ndimage

from .volume import Volume, read

Flips = tuple[int, ...]  # of the axes right, anterior, superior

FLIPS: tuple[Flips, ...] = ((), (1,), (2,), (1, 2))  # others only mirror these
CELLS = 20  # along each edge of the average's cube
HALF = 0.95  # of the cube's edge, in cube roots of the brain's volume
GOOD = 0.88  # overlap with the average: brains have 0.90 to 0.97, what deepbet sees in noise 0.87 at most
CLEAR = 0.02  # by which brains fit better the right way up: 0.03 to 0.12


@dataclass(frozen=True)
class Fit:
    """Overlap (soft Dice, 0 to 1) of a mask with the average brain as its header turns it, `()`, and overturned."""

    of: Mapping[Flips, float]

    @property
    def is_good(self) -> bool:
        return self.of[()] >= GOOD

    @property
    def is_clear(self) -> bool:
        """The shape of a brain, and better so than overturned."""
        return self.is_good and all(self.of[()] >= fit + CLEAR for flips, fit in self.of.items() if flips)

    @property
    def overturned(self) -> Flips:
        """The axes along which this is a brain when it is flipped, none when it is one as it is."""
        best = max(self.of, key=self.of.__getitem__)
        return best if self.of[best] >= max(GOOD, self.of[()] + CLEAR) else ()


def fit_of(mask: np.ndarray, volume: Volume) -> Fit:
    """How well `mask` (boolean, of the shape of `volume`) fits an average brain, in each of `FLIPS`."""
    if not mask.any():
        return Fit(dict.fromkeys(FLIPS, 0.0))
    shape, average = _normalised(mask, volume), _average()
    total = shape.sum() + average.sum()
    return Fit({flips: float(2 * np.minimum(shape, np.flip(average, flips)).sum() / total) for flips in FLIPS})


def _normalised(mask: np.ndarray, volume: Volume) -> np.ndarray:
    """`mask` in axes right, anterior, superior about its centre, its volume 1: float (20, 20, 20) in 0..1."""
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
    blurred = ndimage.gaussian_filter(np.pad(turned, [(n, n) for n in margin]), 0.4 * cell / spacing, truncate=3)
    return ndimage.map_coordinates(blurred, places + np.reshape(margin, (3, 1, 1, 1)), order=1)


@lru_cache(maxsize=1)
def _average() -> np.ndarray:
    half = np.load(Path(__file__).with_name("brain_shape.npy"), allow_pickle=False) / np.float32(255)
    return np.concatenate([half[::-1], half])


def average_of(masks: list[Volume]) -> np.ndarray:
    """The right half of the average of brain masks, both halves taken together: (10, 20, 20) in 255ths."""
    mean = np.mean([_normalised(mask.data > 0, mask) for mask in masks], axis=0)
    return np.rint(255 * (mean + mean[::-1])[CELLS // 2 :] / 2).astype(np.uint8)


if __name__ == "__main__":
    np.save(sys.argv[1], average_of([read(path) for path in sys.argv[2:]]), allow_pickle=False)
