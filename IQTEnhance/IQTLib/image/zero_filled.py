"""Scans whose k-space was padded with zeros, which gives finer voxels than were measured: many scanners do it.

Noise is white up to the last frequency that was measured, and beyond it there is nothing: the spectrum has a step,
which anatomy and other interpolation do not have. Samples half a cycle of that frequency apart hold all that was
measured, and their noise is white again. A filter of k-space rounds the step off, but leaves some of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .resolution import FADE, cropped, faded_brain, log_power

THIN = 2.0  # slices over which the brain fades out across thick ones, of which there are few
FEWEST = 24  # voxels of brain along an axis: fewer tell too little
COARSEST = 4.0  # voxels between samples
FINE = 257  # frequencies from 0 to half a cycle a voxel
BESIDE, APART = 16, 6  # frequencies on each side of a step that are compared, and nearest ones that are not
CLEAR = 1.6  # of the logarithm of power: without a filter of k-space it falls by 1.8 or more, else by at most 1.4
SEEN = 1.0  # the same where `measure_resolution` finds the same spacing
AGREED = 1.15  # spacings that differ by less are the same
TWICE = (1.82, 2.02)  # voxels: taken as twice, by far the usual choice; spacings are found 2 to 7 % too fine


@dataclass(frozen=True)
class Step:
    """Of the logarithm of power along an axis: its `height`, and `spacing` (voxels) of the samples that it implies."""

    height: float
    spacing: float


def zero_filled(
    data: np.ndarray, mask: np.ndarray, seen: Sequence[float] | np.ndarray, least: float
) -> list[float | None]:
    """Voxels between the samples along each axis of a scan (i, j, k) that was zero-filled; None where it was not.

    Args:
        mask: the brain, boolean. seen: what `measure_resolution` found, voxels between samples; 1 is nothing.
        least: voxels between samples.
    """
    return [
        step.spacing if step is not None and step.spacing >= least and step.height > _needed(step, times) else None
        for step, times in zip(spectral_steps(data, mask), seen, strict=True)
    ]


def _needed(step: Step, seen: float) -> float:
    return SEEN if max(step.spacing / seen, seen / step.spacing) < AGREED else CLEAR


def spectral_steps(data: np.ndarray, mask: np.ndarray) -> list[Step | None]:
    """The highest step down of the brain's spectrum along each axis; None where the brain is too short to tell."""
    data, mask = cropped(data, mask)
    faded = faded_brain(data, mask, np.where(np.array(mask.shape) < FEWEST, THIN, FADE)) if mask.any() else None
    if faded is None:
        return [None] * 3
    return [_highest(faded, axis) if mask.shape[axis] >= FEWEST else None for axis in range(3)]


def _highest(faded: np.ndarray, axis: int) -> Step:
    frequency = np.linspace(0, 0.5, FINE)
    level = log_power(faded, axis, frequency)
    places = range(max(round((FINE - 1) / COARSEST), 2 * BESIDE), FINE - BESIDE)
    lower = np.array([level[n - 2 * BESIDE : n - BESIDE - APART + 1].mean() for n in places])
    before = np.array([level[n - BESIDE : n - APART + 1].mean() for n in places])
    beyond = np.array([level[n + APART :].max() for n in places])  # nothing rises again
    heights = before - beyond - np.maximum(lower - before, 0)  # what falls steadily is no step
    best = int(np.argmax(heights))
    near = slice(places[best] - APART, places[best] + APART + 1)
    higher = np.flatnonzero(level[near] > (before[best] + beyond[best]) / 2)
    edge = frequency[near][higher[-1] if len(higher) else 0]
    spacing = 1 / (2 * float(edge))
    return Step(float(heights[best]), 2.0 if TWICE[0] < spacing < TWICE[1] else spacing)
