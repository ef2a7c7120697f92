"""Insert lesions of known contrast into white matter and measure how much of them an estimate recovers.

A scan with lesions is the scan plus the forward model of the lesions, with the same contrast and noise. The change of
an estimate, not its value, therefore shows what became of a lesion.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.ndimage import distance_transform_edt

from ..physics.acquisition import Acquisition, SliceProfile
from ..physics.lesions import Lesion, drawn

DIAMETERS = (4.0, 6.0, 8.0, 10.0)  # mm, full width at half maximum
CONTRASTS = (-0.3, 0.3)  # of the white matter's mean
APART = 2.0  # smallest distance of centres, in diameters of the larger lesion


def placed(
    white: np.ndarray,
    spacing: tuple[float, ...],
    rng: np.random.Generator,
    *,
    diameters: Sequence[float] = DIAMETERS,
    sharp: Sequence[bool] = (False,),
) -> list[Lesion]:
    """Well-separated lesions of every size, sign and profile in boolean `white`, large ones deep inside.

    Sizes that do not fit are skipped.
    """
    depth = distance_transform_edt(white, sampling=spacing)
    lesions: list[Lesion] = []
    for diameter in sorted(diameters, reverse=True):
        for contrast, profile in product(CONTRASTS, sharp):
            room = np.argwhere(white & (depth >= min(diameter / 2, 0.7 * depth.max())))
            for other in lesions:
                gap = np.linalg.norm((room - other.centre) * spacing, axis=1)
                room = room[gap >= APART * other.diameter]
            if len(room):
                i, j, k = (int(c) for c in room[rng.integers(len(room))])
                lesions.append(Lesion((i, j, k), diameter, contrast, profile))
    return lesions


def with_lesions(
    lesions: list[Lesion],
    low: np.ndarray,
    contrast: np.ndarray,
    *,
    shape: tuple[int, int, int],
    spacing: tuple[float, ...],
    white: float,
    profile: SliceProfile,
    slice_axis: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The scan `low` and the change of its truth (`shape`) with `lesions`; `white` is the white matter's mean there."""
    added = white * drawn(lesions, shape, spacing)
    physics = Acquisition(profile, low.shape[slice_axis])
    scanned = np.moveaxis(physics.forward(np.moveaxis(added, slice_axis, -1)), -1, slice_axis)
    return (low + contrast * scanned).astype(np.float32), added


def recovery(change: np.ndarray, truth: np.ndarray) -> float:
    """<change, truth> / <truth, truth>: 1 if the estimate changed like the truth, 0.5 if by half as much."""
    x, y = (part.astype(np.float64).ravel() for part in (truth, change))
    return float(x @ y / (x @ x))
