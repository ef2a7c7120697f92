"""Artificial lesions: Gaussian blobs of known size and contrast, for training and testing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..image.axis import FWHM_TO_SIGMA
from ..sentences import Sentence

REACH = 1.0  # diameters around the centre in which a lesion is measured
EXTENT = 2.0  # diameters around the centre beyond which a blob is negligible
SIZES = (3.0, 12.0)  # mm, of scattered lesions
KEPT = (0.7, 1.4)  # range of recovered contrast that counts as faithful
STRENGTH = 0.5  # largest absolute contrast, as a share of the mean of white matter


@dataclass(frozen=True)
class Lesion:
    """A blob: `centre` voxel, full width at half maximum `diameter` (mm), peak `contrast` (share of WM).

    Its profile is Gaussian or, if `sharp`, a ball whose surface is one voxel wide.
    """

    centre: tuple[int, int, int]
    diameter: float
    contrast: float
    sharp: bool = False

    def window(
        self, shape: tuple[int, ...], spacing: tuple[float, ...], reach: float = REACH
    ) -> tuple[slice, slice, slice]:
        """The part of the grid within `reach` diameters of the centre."""
        steps = [int(np.ceil(reach * self.diameter / step)) for step in spacing]
        i, j, k = (slice(max(c - r, 0), min(c + r + 1, n)) for c, r, n in zip(self.centre, steps, shape, strict=True))
        return i, j, k

    def drawn(self, window: tuple[slice, slice, slice], spacing: tuple[float, ...]) -> np.ndarray:
        """The blob in a part of the grid, float32, peak `contrast`."""
        if self.sharp:
            return (self.contrast * self._ball(window, spacing)).astype(np.float32)
        sigma = self.diameter * FWHM_TO_SIGMA
        axes = [
            np.exp(-0.5 * ((np.arange(part.start, part.stop) - c) * step / sigma) ** 2)
            for part, c, step in zip(window, self.centre, spacing, strict=True)
        ]
        return (self.contrast * np.einsum("i,j,k->ijk", *axes)).astype(np.float32)

    def _ball(self, window: tuple[slice, slice, slice], spacing: tuple[float, ...]) -> np.ndarray:
        squares = [
            ((np.arange(part.start, part.stop) - c) * step) ** 2
            for part, c, step in zip(window, self.centre, spacing, strict=True)
        ]
        radius = np.sqrt(np.add.outer(np.add.outer(*squares[:2]), squares[2]))
        return np.clip((self.diameter / 2 - radius) / np.cbrt(np.prod(spacing)) + 0.5, 0, 1)


def drawn(lesions: Sequence[Lesion], shape: tuple[int, int, int], spacing: tuple[float, ...]) -> np.ndarray:
    """All `lesions` on a grid, float32, relative to the mean of white matter."""
    total = np.zeros(shape, np.float32)
    for lesion in lesions:
        window = lesion.window(shape, spacing, EXTENT)
        total[window] += lesion.drawn(window, spacing)
    return total


def scattered(inside: np.ndarray, spacing: tuple[float, ...], count: int, rng: np.random.Generator) -> list[Lesion]:
    """`count` lesions at random in boolean `inside`, of `SIZES` (log-uniform in diameter)."""
    room = np.argwhere(inside)
    if not len(room):
        return []
    places = room[rng.integers(len(room), size=count)]
    sizes = np.exp(rng.uniform(np.log(SIZES[0]), np.log(SIZES[1]), size=count))
    contrasts = rng.uniform(-STRENGTH, STRENGTH, size=count)
    return [
        Lesion(tuple(place), float(size), float(contrast))
        for place, size, contrast in zip(places.tolist(), sizes, contrasts, strict=True)
    ]


def caution(lesions: Mapping[str, Any]) -> str | None:
    """A warning if tests showed that a model weakens or exaggerates lesions; `lesions` is taken from its card."""
    shares = {sign: lesions[sign] for sign in ("bright", "dark") if _numbers(lesions.get(sign))}
    if not shares or all(KEPT[0] <= share <= KEPT[1] for values in shares.values() for share in values):
        return None
    known = _numbers(lesions.get("diameters"))
    sizes = Sentence(" of {mm} mm", "lesion-sizes", mm=_range(lesions["diameters"])) if known else ""
    showed = " and ".join(f"{{{sign}}} % of the contrast of {sign} ones" for sign in shares)
    told = (
        f"In tests with artificial lesions{{sizes}} in white matter this model showed {showed}: check the original scan"
    )
    percent = {sign: _range(values, 100) for sign, values in shares.items()}
    return Sentence(told, f"lesions-{'-'.join(shares)}", sizes=sizes, **percent)


def _numbers(values: Any) -> bool:
    """Whether an untrusted value from a card is a list of numbers."""
    return isinstance(values, list) and bool(values) and all(isinstance(value, (int, float)) for value in values)


def _range(values: Sequence[float], scale: float = 1) -> str:
    least, most = (f"{scale * value:.0f}" for value in (min(values), max(values)))
    return least if least == most else f"{least} to {most}"
