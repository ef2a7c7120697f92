"""What no scanner decides, drawn again for every training pair: the contrast of the tissues, and lesions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from ..image.axis import FWHM_TO_SIGMA

PLATEAU = 0.3  # share of the distance to the next tissue that still counts as this one
TRUNCATED = 2  # standard deviations that the blur of tissue labels reaches
REACH = 1.5  # diameters that a lesion reaches
EDGE = 0.35  # voxels, of a sharp-edged lesion


def curve(tissues: tuple[float, float, float], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Knots (x, y) of a random piecewise linear contrast; the brightest tissue becomes about 1.

    Half of them resemble low field (ascending, white over grey 1.05 to 1.8), half order the tissues at random.
    """
    csf, gm, wm = tissues
    top = rng.uniform(-0.3, 0.6)
    if rng.random() < 0.5:
        grey = 1 / rng.uniform(1.05, 1.8)
        values = np.array([grey * rng.uniform(0.15, 0.9), grey, 1.0])
        return np.array([0.0, csf, gm, wm, 1.6 * wm]), np.array([0.0, *values, max(1 + top, 0.05)])
    values = rng.uniform(0.1, 1.0, 3)
    values /= values.max()
    # Keep each tissue's texture with a mild slope: a steep curve would turn its noise into dots.
    first, second = PLATEAU * (gm - csf), PLATEAU * (wm - gm)
    x = [0.5 * csf, csf + first, gm - first, gm + second, wm - second, 1.2 * wm, 2 * wm]
    slope = rng.uniform(-0.3, 0.3, 3)
    y = [v + s * (at - mean) for v, s, at, mean in zip(
        np.repeat(values, 2), np.repeat(slope, 2), x[:6], np.repeat(tissues, 2), strict=True
    )]  # fmt: skip
    return np.array([0.0, *x]), np.maximum([0.0, *y, values[2] + top], 0)


@dataclass(frozen=True)
class LowFieldContrast:
    """The weaker contrast of low field: `fluid` and `grey` multiply CSF and grey matter; `soft` blurs tissue labels
    (standard deviation, voxels), which have steps that no scan has. `gap`: white minus grey matter at high field.
    """

    fluid: float
    grey: float
    soft: float
    gap: float

    @classmethod
    def draw(cls, tissues: tuple[float, float, float], rng: np.random.Generator) -> "LowFieldContrast":
        """`tissues`: mean intensities of CSF, GM and WM. Grey matter and CSF become nearer to white matter."""
        _, gm, wm = tissues
        grey = wm / rng.uniform(1.05, 1.6) / gm
        fluid = 1 + (grey - 1) * rng.uniform(0, 1.5)
        return cls(fluid, grey, rng.uniform(0.3, 1.0), wm - gm)

    def of(self, fine: np.ndarray, maps: np.ndarray, added: np.ndarray | None = None) -> np.ndarray:
        """T1w voxels `fine` (float32) with this contrast; `maps`: CSF, GM and WM, uint8 (3, x, y, z) of 255.

        `added`: what lesions changed. Dark ones lose contrast as grey matter does, whose brightness they have.
        """
        csf, gm = (gaussian_filter(one.astype(np.float32) / 255, self.soft, truncate=TRUNCATED) for one in maps[:2])
        if added is not None:
            gm = gm + np.clip(added / np.float32(-self.gap), 0, 1) * np.clip(1 - csf - gm, 0, 1)
        return fine * (1 + np.float32(self.fluid - 1) * csf + np.float32(self.grey - 1) * gm)

    def softening(self, count: int) -> np.ndarray:
        """The matrix (count, count) that blurs maps along an axis of so many voxels as `of` does."""
        return gaussian_filter1d(np.eye(count), self.soft, axis=0, truncate=TRUNCATED)


@dataclass(frozen=True, eq=False)
class Lesion:
    """A lesion at a voxel: diameter (voxels of 1 mm), stretch of each axis, soft or sharp-edged, and its amplitude as a
    share of bright tissue.
    """

    centre: np.ndarray
    diameter: float
    stretch: np.ndarray
    soft: bool
    amplitude: float

    @classmethod
    def draw(cls, room: np.ndarray, rng: np.random.Generator) -> "Lesion":
        """1 to 12 mm, bright or dark, at one of the voxels `room` (n, 3)."""
        return cls(
            centre=room[rng.integers(len(room))],
            diameter=float(np.exp(rng.uniform(np.log(1.5), np.log(12)))),
            stretch=rng.uniform(0.7, 1.4, 3),
            soft=bool(rng.random() < 0.5),
            amplitude=rng.uniform(-0.5, 0.5),
        )

    def box(self, shape: tuple[int, ...]) -> tuple[slice, ...]:
        """The voxels of a volume of `shape` that it changes."""
        reach = int(np.ceil(self.diameter * REACH))
        ends = zip(self.centre.tolist(), shape, strict=True)
        return tuple(slice(max(c - reach, 0), min(c + reach + 1, n)) for c, n in ends)


def blobs(shape: tuple[int, ...], lesions: Sequence[Lesion]) -> np.ndarray:
    """What `lesions` add to a volume of `shape`, float32."""
    total = np.zeros(shape, np.float32)
    for one in lesions:
        box = one.box(shape)
        squared = sum(((g - c) / s) ** 2 for g, c, s in zip(np.ogrid[box], one.centre, one.stretch, strict=True))
        if one.soft:
            blob = np.exp(-0.5 * squared / (one.diameter * FWHM_TO_SIGMA) ** 2)
        else:
            blob = 1 / (1 + np.exp(np.clip((np.sqrt(squared) - one.diameter / 2) / EDGE, -30, 30)))
        total[box] += (one.amplitude * blob).astype(np.float32)
    return total
