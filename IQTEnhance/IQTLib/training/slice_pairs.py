"""Training pairs and validation for networks on slices: crops of low resolution at any scale, and places to ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal, Protocol

import numpy as np

from ..errors import InputError
from ..evaluation import planar
from ..io.typed import Between, check
from ..methods.base import Run

FINENESS = 10  # scales that are drawn freely are multiples of a tenth
TRIES = 4  # places of a crop, of which the first that is not background is taken


@dataclass(frozen=True)
class SliceRecipe:
    """How crops of slices are made.

    Args:
        scales: of which each crop has one, along both axes.
        free: share of the crops with any scale from 1 to the largest instead.
        thick: share of the crops that are coarse along one axis only, as thick slices are: by 1.5 to `thickest`.
        queries: places of each crop that the network is asked for.
        pixel: of the slices, mm.
        planes: what is learned from: "mid-slices" as for the experiments, "axial" slices of volumes, or "all", which
            are those and the planes across them.
    """

    scales: tuple[Annotated[float, Between(1, 8)], ...] = (2.0, 4.0)
    free: Annotated[float, Between(0, 1)] = 0.1
    thick: Annotated[float, Between(0, 1)] = 0.15
    thickest: Annotated[float, Between(1.5, 8)] = 6.0
    queries: Annotated[int, Between(1, 2**20)] = 2048
    pixel: Annotated[float, Between(0.1, 5)] = 0.9375
    planes: Literal["mid-slices", "axial", "all"] = "mid-slices"

    def __post_init__(self) -> None:
        check(self, "slices.")
        if not self.scales:
            raise InputError("slices.scales is empty: name at least one")
        if self.free + self.thick > 1:
            raise InputError(
                "slices.free {free} and slices.thick {thick}: together they may be 1 at most",
                free=self.free,
                thick=self.thick,
            )

    @property
    def limits(self) -> dict[str, float]:
        """Largest scales in both axes of a slice, and in one of them alone, as a model's settings have them."""
        return {"largest": max(self.scales), "thickest": self.thickest if self.thick else 1.0}

    def draw(self, rng: np.random.Generator) -> tuple[float, float]:
        """Scales along the two axes of a crop."""
        kind = rng.random()
        if kind < self.thick:
            scale = _drawn(1.5, self.thickest, rng)
            return (scale, 1.0) if rng.integers(2) else (1.0, scale)
        if kind < self.thick + self.free:
            scale = _drawn(1, max(self.scales), rng)
        else:
            scale = self.scales[rng.integers(len(self.scales))]
        return scale, scale


class SliceCrops:
    """A source of patches (`sampler.Patches`): crops of slices at drawn scales, turned and flipped.

    Args:
        images: uint8 (n, x, y). patch: edge of a crop, pixels of low resolution.

    Raises:
        InputError: slices too small for the patch at the largest scale.
    """

    once = False

    def __init__(self, slices: planar.Slices, recipe: SliceRecipe, patch: int) -> None:
        self.slices, self.recipe, self.patch = slices, recipe, patch
        smallest = min(slices.images.shape[1:])
        largest = max(recipe.limits.values())
        if smallest < patch * largest:
            raise InputError(
                "slices of {smallest} pixels are too small for a patch of {patch} at scale {largest:g}: choose "
                "data.patch={largest2}",
                smallest=smallest,
                patch=patch,
                largest=largest,
                largest2=int(smallest / largest),
            )

    def __len__(self) -> int:
        return len(self.slices.images)

    def name(self, index: int) -> str:
        return self.slices.subjects[index]

    def key(self, index: int) -> str:
        return self.slices.subjects[index]

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """`count` crops: "slices" (count, 1, p, p), "places" and "cells" (count, q, 2), "values" (count, q, 1)."""
        crops = [self._crop(self.slices.images[index], rng) for _ in range(count)]
        return {name: np.stack([crop[name] for crop in crops]).astype(np.float32) for name in crops[0]}

    def _crop(self, image: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
        image = image.T if rng.integers(2) else image
        image = np.ascontiguousarray(image[:: rng.choice((-1, 1)), :: rng.choice((-1, 1))], np.float32)
        scales = self.recipe.draw(rng)
        low = coarse(image, scales)
        if rng.integers(2):  # as stored: slices of low resolution come in 8 bits too
            low = np.floor(low)
        start = self._start(low, rng)
        own = low[tuple(slice(a, a + self.patch) for a in start)] / planar.WHITE
        first, extent = start * scales, self.patch * np.array(scales)
        asked = [_inside(a, a + e, self.recipe.queries, rng) for a, e in zip(first, extent, strict=True)]
        places = 2 * (np.stack(asked, -1) + 0.5 - first) / extent - 1
        values = image[asked[0], asked[1], None] / planar.WHITE
        cells = np.broadcast_to(2 / extent, places.shape)
        return {"slices": own[None], "places": places, "cells": cells, "values": values}

    def _start(self, low: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The first pixel of a crop, rather not in the background."""
        room = np.array(low.shape) - self.patch + 1
        for start in rng.integers(room, size=(TRIES, 2)):
            if low[start[0] : start[0] + self.patch, start[1] : start[1] + self.patch].mean() > low.mean() / 2:
                break
        return start


def coarse(image: np.ndarray, scales: tuple[float, float]) -> np.ndarray:
    """`image` (x, y) at low resolution: blurred and averaged as in the protocol, for any scale of at least 1."""
    (x, y), (across, along) = image.shape, scales
    return averaging(x, across) @ image @ averaging(y, along).T


@lru_cache(maxsize=256)
def averaging(count: int, scale: float) -> np.ndarray:
    """float32 (floor(count / scale), count): the protocol's blur, then the mean over `scale` pixels.

    A mean over a part of a pixel counts that part. Scale 1 is the identity, without a blur.
    """
    if scale == 1:
        return np.eye(count, dtype=np.float32)
    ends = scale * np.arange(int(count / scale + 1e-9) + 1)[:, None]
    pixels = np.arange(count)
    covered = np.clip(np.minimum(ends[1:], pixels + 1) - np.maximum(ends[:-1], pixels), 0, None) / scale
    return (covered @ planar.blur(count)).astype(np.float32)


class Enlarging(Protocol):
    """A method that enlarges slices."""

    def enlarge(self, low: np.ndarray, shape: tuple[int, int], run: Run) -> np.ndarray:
        """A slice (h, w) of intensities 0 to 1 with `shape` pixels over the same field of view."""


class ProtocolScores:
    """Scores at the protocol's scales on validation slices: "score" is the geometric mean of the root mean squared
    error over that of bicubic enlarging; PSNR (dB) at each scale."""

    def __init__(self, slices: planar.Slices, factors: Sequence[int] = planar.FACTORS) -> None:
        self._cases = {}
        x, y = slices.images.shape[1:]
        for factor in factors:
            sampling, enlarging = planar.degradation((x, y), factor), planar.bicubic(factor, (x // factor, y // factor))
            lows = [sampling.forward(image[..., None].astype(np.float64)) for image in slices.images]
            cubic = [
                planar.psnr(truth, enlarging.forward(low)[..., 0])
                for truth, low in zip(slices.images, lows, strict=True)
            ]
            self._cases[factor] = ([low[..., 0] for low in lows], float(np.mean(cubic)))
        self._truths = slices.images

    def scores(self, method: Enlarging, run: Run) -> dict[str, float]:
        found, ratios = {}, []
        for factor, (lows, cubic) in self._cases.items():
            reached = []
            for truth, low in zip(self._truths, lows, strict=True):
                run.report.check()
                estimate = method.enlarge(low / planar.WHITE, truth.shape, run)
                reached.append(planar.psnr(truth, planar.WHITE * estimate))
            found[f"psnr_x{factor}"] = float(np.mean(reached))
            ratios.append((cubic - found[f"psnr_x{factor}"]) / 20)
        return {"score": float(10 ** np.mean(ratios)), **found}


def _drawn(low: float, high: float, rng: np.random.Generator) -> float:
    return int(rng.integers(round(low * FINENESS), round(high * FINENESS) + 1)) / FINENESS


def _inside(low: float, high: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` pixels whose centres lie between `low` and `high`, in pixels from the outer edge of the first."""
    return rng.integers(int(np.ceil(low - 0.5)), int(np.ceil(high - 0.5)), size=count)
