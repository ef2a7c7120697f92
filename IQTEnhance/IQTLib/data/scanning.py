"""Scans of fine brains, drawn before they are made: every random number, and one small matrix per axis.

A plan can be carried out on any device: `PlannedScan.of` does it with NumPy, `training.scan_pool` with torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation

from ..image.axis import interpolation_matrix
from ..physics.sampling import Profile, Sampling, apply_along, sampling_matrix

LEVELS = 1.3  # largest intensity of a scan that is stored in few steps


@dataclass(frozen=True)
class Scanning:
    """How one scan is made: voxel spacing and width (mm) per axis, phase (voxels), noise (share of bright tissue)."""

    spacing: tuple[float, float, float]
    width: tuple[float, float, float]
    phase: tuple[float, float, float]
    noise: float
    box: bool = False
    slice_gain: float = 0.0
    zeroed: bool = False
    steps: int = 0
    resampled: bool = False

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Scanning":
        """Spacings ascend from the first axis to the last, the order that the pipeline uses."""
        kind = rng.choice(3, p=(0.6, 0.25, 0.15))
        if kind == 0:
            plane = rng.uniform(0.7, 2.0)
            spacing = [plane, plane * rng.choice([1.0, rng.uniform(1, 1.3)]), rng.uniform(2.5, 8.0)]
        elif kind == 1:
            spacing = [rng.uniform(1.5, 3.5)] * 3
        else:
            spacing = [rng.uniform(0.9, 1.2)] * 3
        ratio = rng.uniform(0.75, 1.3) if rng.random() < 0.7 else rng.uniform(0.65, 1.3, 3)
        width = np.sort(np.array(spacing) * ratio)
        noise = float(np.exp(-rng.uniform(np.log(5), np.log(100))))
        if kind == 2:  # a fine scan without noise teaches nothing
            noise = float(np.exp(-rng.uniform(np.log(5), np.log(40))))
        x, y, z = sorted(float(s) for s in spacing)
        wide_x, wide_y, wide_z = (float(w) for w in width)
        return cls(
            spacing=(x, y, z),
            width=(wide_x, wide_y, wide_z),
            phase=tuple(rng.uniform(0, 1, 3)),
            noise=noise,
            box=bool(rng.random() < 0.3),
            slice_gain=0.04 * rng.random() * bool(rng.random() < 0.3),
            zeroed=bool(rng.random() < 0.5),
            steps=int(rng.choice([0, 255])) if rng.random() < 0.4 else 0,
            resampled=bool(rng.random() < 0.3),
        )


@dataclass(frozen=True, eq=False)
class Acquired:
    """A scan of a cuboid of fine voxels: its voxels, the position of the first fine voxel on its grid, the edge of a
    fine voxel in its voxels, and how many neighbouring voxels share the noise.
    """

    data: np.ndarray
    mask: np.ndarray
    start: np.ndarray
    step: np.ndarray
    noise: float
    shared: float = 1.0


@dataclass(frozen=True, eq=False)
class Resampling:
    """Matrices that resample a scan (linear or cubic) and its mask (linear) to about 1 mm."""

    data: tuple[np.ndarray, ...]
    mask: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class PlannedScan:
    """A scan of a cuboid of fine voxels that is not made yet.

    Args:
        how: its voxels and noise. sampling: from the fine to the scan's grid. gains: of slices along the last axis, or
            None. field: real and imaginary noise, float32 (2, x, y, z); None where whoever makes the scan draws it.
        resampling: after the scan, or None. counts: voxels of the result. start, step, noise, shared: see `Acquired`.
    """

    how: Scanning
    sampling: Sampling
    gains: np.ndarray | None
    field: np.ndarray | None
    resampling: Resampling | None
    counts: tuple[int, ...]
    start: np.ndarray
    step: np.ndarray
    noise: float
    shared: float = 1.0

    @classmethod
    def draw(
        cls,
        shape: tuple[int, ...],
        own: tuple[float, ...],
        how: Scanning,
        rng: np.random.Generator,
        *,
        field: bool = True,
    ) -> "PlannedScan":
        """For fine voxels of resolution `own` (mm) along each axis; `field`: draw the noise of every voxel too."""
        centres = [np.arange(p * s, n - 1 + 1e-6, s) for p, s, n in zip(how.phase, how.spacing, shape, strict=True)]
        profile: list[Profile] = ["box" if how.box and axis == 2 else "gaussian" for axis in range(3)]
        matrices = [
            sampling_matrix(n, c, w, own_width=o, profile=p)
            for n, c, w, o, p in zip(shape, centres, how.width, own, profile, strict=True)
        ]
        counts = tuple(len(c) for c in centres)
        gains = noise = resampling = None
        if how.slice_gain:
            gains = 1 + how.slice_gain * rng.standard_normal(counts[2:]).astype(np.float32)
        if how.noise and field:
            noise = (how.noise * rng.standard_normal((2, *counts), np.float32)).astype(np.float32)
        grid = counts, -np.array(how.phase), 1 / np.array(how.spacing), how.noise, 1.0
        if how.resampled:
            resampling, grid = _resampled(counts, how, shape, rng)
        return cls(how, Sampling(tuple(matrices)), gains, noise, resampling, *grid)

    def of(self, fine: np.ndarray, mask: np.ndarray) -> Acquired:
        """The scan of the voxels `fine` with brain `mask`."""
        low = self.sampling.forward(fine)
        if self.gains is not None:
            low *= self.gains
        if self.field is not None:
            real, imaginary = self.field
            low = np.sqrt((low + real) ** 2 + imaginary**2)
        inside = self.sampling.forward(mask.astype(np.float32)) > 0.5
        if self.how.zeroed:
            low = np.where(binary_dilation(inside), low, 0)
        if self.how.steps:
            low = np.round(low * self.how.steps / LEVELS) * np.float32(LEVELS / self.how.steps)
        low = low.astype(np.float32)
        if self.resampling is not None:
            low = apply_along(low, self.resampling.data)
            inside = apply_along(inside.astype(np.float32), self.resampling.mask) > 0.5
        return Acquired(low, inside, self.start, self.step, self.noise, self.shared)


def scan_of(
    fine: np.ndarray, mask: np.ndarray, own: tuple[float, ...], how: Scanning, rng: np.random.Generator
) -> Acquired:
    """The scan of a cuboid `fine` of 1 mm voxels with resolution `own` (mm) along each axis and brain `mask`."""
    return PlannedScan.draw(fine.shape, own, how, rng).of(fine, mask)


def _resampled(
    counts: Sequence[int], how: Scanning, shape: Sequence[int], rng: np.random.Generator
) -> tuple[Resampling, tuple[tuple[int, ...], np.ndarray, np.ndarray, float, float]]:
    """To about 1 mm, linearly or cubically, with random phase; and the last five fields of the planned scan."""
    kind = "linear" if rng.random() < 0.5 else "cubic"
    start, edge = rng.uniform(0, 1, 3), float(rng.choice([1.0, rng.uniform(0.8, 1.1)]))
    where = [np.arange(a, n - 1 + 1e-6, edge) for a, n in zip(start, shape, strict=True)]
    step = 1 / np.array(how.spacing)
    on_scan = [s + d * w for s, d, w in zip(-np.array(how.phase), step, where, strict=True)]
    matrices = tuple(interpolation_matrix(n, x, kind) for n, x in zip(counts, on_scan, strict=True))
    linear = tuple(interpolation_matrix(n, x, "linear") for n, x in zip(counts, on_scan, strict=True))
    less = float(np.prod([np.sqrt((m**2).sum(1).mean()) for m in matrices]))
    shared = float(np.prod(1 / (edge * step))) / less**2  # noise at low frequencies is unchanged
    grid = tuple(len(w) for w in where), -start / edge, np.full(3, 1 / edge), how.noise * less, max(shared, 1.0)
    return Resampling(matrices, linear), grid


def found_width(how: Scanning, rng: np.random.Generator) -> np.ndarray:
    """The width along each axis that a user or `measure_resolution` would give: the truth, or the spacing of voxels."""
    if rng.random() < 0.5:
        return np.array(how.width) * np.exp(0.07 * rng.standard_normal(3))
    return np.array(how.spacing) * np.exp((0.1 if how.resampled else 0.0) * rng.standard_normal(3))
