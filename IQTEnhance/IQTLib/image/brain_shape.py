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
from .frames import frames
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
    shapes, average = _normalised(mask, volume), _average()
    return Fit({flips: max(_alike(shape, np.flip(average, flips)) for shape in shapes) for flips in FLIPS})


def mirrored(mask: np.ndarray, volume: Volume) -> float:
    """Overlap (soft Dice, 0 to 1) of `mask` with its own mirror image, left for right."""
    return max(_alike(shape, shape[::-1]) for shape in _normalised(mask, volume))


def _alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(2 * np.minimum(one, other).sum() / (one.sum() + other.sum()))


def _normalised(mask: np.ndarray, volume: Volume) -> list[np.ndarray]:
    """`mask` centred, in right-anterior-superior axes and scaled to unit volume: float (20, 20, 20) in 0..1.

    The slices' own axes count as those of the head; where they are turned in the world, so do the world's.
    """
    inside = mask[ndimage.find_objects(mask.astype(np.uint8))[0]].astype(np.float32)
    spacing = np.asarray(volume.spacing)
    edge = np.cbrt(inside.sum(dtype=np.float64) * spacing.prod())
    cell = 2 * HALF * edge / CELLS
    margin = [int(np.ceil(cell / step)) for step in spacing]
    blurred = smoothed(np.pad(inside, [(n, n) for n in margin]), 0.4 * cell / spacing, truncate=3)
    centre = np.add(ndimage.center_of_mass(inside), margin)
    places = np.stack(np.meshgrid(*[(np.arange(CELLS) + 0.5) * cell - HALF * edge] * 3, indexing="ij")).reshape(3, -1)
    return [
        ndimage.map_coordinates(blurred, np.linalg.inv(axes) @ places + centre[:, None], order=1).reshape((CELLS,) * 3)
        for axes in frames(volume.affine)
    ]


@lru_cache(maxsize=1)
def _average() -> np.ndarray:
    half = np.load(Path(__file__).with_name("brain_shape.npy"), allow_pickle=False) / np.float32(255)
    return np.concatenate([half[::-1], half])


def average_of(masks: list[Volume]) -> np.ndarray:
    """The right half of the symmetrised average of brain masks: (10, 20, 20), uint8 with 255 for 1."""
    mean = np.mean([_normalised(mask.data > 0, mask)[0] for mask in masks], axis=0)
    return np.rint(255 * (mean + mean[::-1])[CELLS // 2 :] / 2).astype(np.uint8)


if __name__ == "__main__":
    np.save(sys.argv[1], average_of([read(path) for path in sys.argv[2:]]), allow_pickle=False)
