"""What a scan is before any method sees it: its own grid, what it resolves, and whether it is T1w."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..sentences import Sentence
from .modality import MODALITIES, T1W
from .native_grid import native
from .resolution import measure_resolution
from .t1w import LIKELY, POSSIBLE, t1w_probability
from .volume import Volume

FINER = 0.4  # of a voxel: slices with wide gaps resolve half of their distance
WIDEST = 40.0  # mm, point spread: wider ones reach over more fine voxels than are computed with


@dataclass(frozen=True, eq=False)
class Examined:
    """A scan on the grid that the scanner sampled, as far as that can be recovered.

    Args:
        mask: the brain, boolean (i, j, k). width: of the point spread along i, j, k (mm). log, doubts: sentences and
            warnings for the user.
    """

    volume: Volume
    mask: np.ndarray
    width: tuple[float, float, float]
    log: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @classmethod
    def whole(cls, volume: Volume) -> "Examined":
        """`volume` as it is, for methods that need no brain."""
        return cls(volume, np.ones(volume.shape, bool), volume.spacing)

    @classmethod
    def of(cls, volume: Volume, mask: np.ndarray, resolution: Sequence[float] | None = None) -> "Examined":
        """Examine `volume`; a given `resolution` (mm along i, j, k) is taken as it is.

        Raises:
            InputError: it is not three positive numbers, or wider than the field of view or `WIDEST`.
        """
        if resolution is not None:
            stated = _checked(volume, resolution)
            return cls(volume, mask, stated, doubts=_contradicted(volume, stated))
        width = measure_resolution(volume, mask)
        if (found := native(volume, mask, width)) is not None:
            before, after = _millimetres(volume.spacing), _millimetres(found[0].spacing)
            told = Sentence(
                "the scan was resampled or zero-filled to {before} mm: its own samples of {after} mm are recovered",
                "recovered",
                before=before,
                after=after,
            )
            own = [
                w if new == old else new for w, old, new in zip(width, volume.spacing, found[0].spacing, strict=True)
            ]
            return cls(*found, (own[0], own[1], own[2]), (told,))
        if width == volume.spacing:
            return cls(volume, mask, width)
        seems = "the scan seems resampled: it resolves about {width} mm along its axes"
        return cls(volume, mask, width, (Sentence(seems, "resampled", width=_millimetres(width)),))


def _contradicted(volume: Volume, stated: tuple[float, float, float]) -> tuple[str, ...]:
    """A warning for each axis along which the stated resolution is far finer than the voxels."""
    told = "{stated:g} mm are stated as resolution along {axis}, but voxels are {spacing:g} mm: name i, j, k in turn"
    return tuple(
        Sentence(told, stated=width, axis=axis, spacing=round(spacing, 3))
        for axis, width, spacing in zip("ijk", stated, volume.spacing, strict=True)
        if width < FINER * spacing
    )


def high_field_contrast(volume: Volume, mask: np.ndarray, given: str | None = None) -> tuple[bool, str]:
    """Whether the result may get high-field contrast, which only T1w scans do, and a sentence that says why.

    A name alone does not decide, but then the voxels must leave T1w `POSSIBLE`; without one they must make it `LIKELY`.
    `given` by the user decides.

    Raises:
        InputError: an unknown modality.
    """
    if given is not None and given not in MODALITIES:
        raise InputError("modality {given}: choose {modalities}", given=given, modalities=", ".join(MODALITIES))
    stated = given or volume.modality
    if stated and stated != T1W:
        return False, Sentence("{stated}: the result keeps the scan's contrast", "keeps-contrast", stated=stated)
    if given:
        return True, Sentence("T1w: the result gets the contrast of high field", "t1w-given")
    probability = t1w_probability(volume.data, mask, volume.spacing)
    if stated and probability >= POSSIBLE:
        return True, Sentence("T1w: the result gets the contrast of high field", "t1w-given")
    if not stated and probability >= LIKELY:
        return True, Sentence("taken as T1w by its voxels: the result gets the contrast of high field", "t1w-found")
    told = "its brightness changes with depth as in other contrasts: the result keeps the scan's contrast"
    if stated:
        return False, Sentence(f"named T1w, but {told}", "t1w-doubted")
    return False, Sentence(f"not taken as T1w, because {told} (--modality T1w if it is T1w)", "not-t1w")


def _checked(volume: Volume, given: Sequence[float]) -> tuple[float, float, float]:
    extent = np.array(volume.shape) * volume.spacing
    try:
        x, y, z = map(float, () if isinstance(given, str) else given)
    except (TypeError, ValueError):  # not numbers, or not three
        x = y = z = 0.0
    if not all(0 < w <= min(e, WIDEST) for w, e in zip((x, y, z), extent, strict=True)):
        told = ", ".join(map(str, given)) if isinstance(given, (list, tuple)) else given
        raise InputError(
            "resolution {told}: give the width of the point spread along i, j and k in mm, for example 1.6,1.6,5",
            told=told,
        )
    return x, y, z


def _millimetres(spacing: Sequence[float]) -> str:
    return " x ".join(f"{s:.1f}" for s in spacing)
