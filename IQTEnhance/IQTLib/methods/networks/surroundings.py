"""Masking of network inputs outside the brain: one rule, in a module of its own, for training and inference.

A network sees the brain and a rim of `RIM` voxels and slices around it, and zeros beyond. A bright skull would make it
hallucinate patterns, and without the rim it errs at the brain's edge: relative to cubic, the error on the outermost 2.5
voxels of a head was 1.42 without a rim, 0.98 with one voxel, 0.85 with two, 0.86 with three and 0.87 without masking.
In training the rim contains whatever the simulated scan has there, at least noise, with zeros beyond as in inference.

The output of a network outside the brain is untrained and never used: there the result is the interpolated scan
(`pipeline.enhance`).
"""

import numpy as np
from scipy.ndimage import binary_dilation

RIM = 2


def with_rim(data: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """`data` (x, y, n) inside the brain `mask` and its rim, 0 beyond."""
    return np.where(rimmed(mask), data, 0)


def rimmed(mask: np.ndarray) -> np.ndarray:
    """The brain and its rim, boolean like `mask` (x, y, n)."""
    return binary_dilation(mask, iterations=RIM)
