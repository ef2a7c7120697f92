"""A map from low-field to high-field contrast, smooth in intensity: the intensity map of ALGORITHMS 2.5 with context.

One intensity does not tell grey from white matter across a bias field. The map is therefore a quadratic polynomial of
the voxel's intensity and of its surroundings' mean intensities, fitted by ridge regression on training pairs.
"""

from collections.abc import Iterable

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

from ..grid import upsample_slices
from .base import LowField, TrainingPair

SURROUNDINGS = (1.0, 2.0, 4.0, 8.0, 16.0)  # standard deviations in high-field voxels
DEPTHS = (4.0, 10.0)  # smoothed brain masks: how far inside the brain a voxel lies
RIDGE = 1.0
SAMPLES = 20_000  # voxels of each pair


def denoised(low: LowField) -> np.ndarray:
    """`low.data` after a local Wiener filter (Lee 1980) of 3 x 3 voxels in plane, for its noise level."""
    mean = uniform_filter(low.data, (3, 3, 1))
    variance = uniform_filter(low.data**2, (3, 3, 1)) - mean**2
    signal = np.maximum(variance - low.noise**2, 0)
    return mean + signal / np.maximum(signal + low.noise**2, 1e-12) * (low.data - mean)


class ContrastMap:
    """Quadratic in standardised context features; `weights` (terms,), `centre` and `spread` (features,)."""

    def __init__(self, weights: np.ndarray, centre: np.ndarray, spread: np.ndarray, limits: np.ndarray) -> None:
        self.weights, self.centre, self.spread, self.limits = weights, centre, spread, limits

    def is_sound(self) -> bool:
        """True when the arrays have the shapes that `apply` needs."""
        features = 1 + len(SURROUNDINGS) + len(DEPTHS)
        terms = 1 + features + features * (features + 1) // 2
        shapes = (self.weights.shape, self.centre.shape, self.spread.shape, self.limits.shape)
        return shapes == ((terms,), (features,), (features,), (2, features))

    @classmethod
    def fit(cls, pairs: Iterable[TrainingPair], rng: np.random.Generator) -> "ContrastMap":
        """Ridge regression of the truth on the features of random brain voxels of every pair."""
        features, truth = [], []
        for pair in pairs:
            inside = np.flatnonzero(pair.low.high_mask)
            chosen = rng.choice(inside, min(SAMPLES, len(inside)), replace=False)
            context = upsampled_context(pair.low, denoised(pair.low))
            features.append(context.reshape(len(context), -1)[:, chosen].astype(np.float64))
            truth.append(pair.high.reshape(-1)[chosen].astype(np.float64))
        features, truth = np.concatenate(features, axis=1), np.concatenate(truth)
        limits = np.percentile(features, (0.1, 99.9), axis=1)
        centre, spread = features.mean(1), features.std(1)
        design = np.stack(list(_quadratic((features - centre[:, None]) / spread[:, None])))
        penalty = RIDGE * np.eye(len(design))
        penalty[0, 0] = 0  # the constant term is free
        weights = np.linalg.solve(design @ design.T + penalty, design @ truth)
        return cls(*(a.astype(np.float32) for a in (weights, centre, spread, limits)))

    def apply(self, low: LowField, data: np.ndarray) -> np.ndarray:
        """High-field contrast for `data` (x, y, n) of `low`, upsampled; outside the brain the interpolated data."""
        context = upsampled_context(low, data)
        result = context[0].copy()
        where = low.high_mask
        # Beyond the training's features a polynomial must not be trusted: there the map goes on with slope 1.
        context = context[:, where]
        inside = np.clip(context, *self.limits[:, :, None])
        standard = (inside - self.centre[:, None]) / self.spread[:, None]
        total = context[0] - inside[0]
        for weight, term in zip(self.weights, _quadratic(standard), strict=True):
            total += weight * term
        result[where] = total
        return result


def upsampled_context(low: LowField, data: np.ndarray) -> np.ndarray:
    """Features on the high-field grid: intensity, surroundings' means, depths; (8, x, y, n * factor)."""
    factor = low.profile.factor
    brain = low.mask.astype(np.float32)

    def blur(image: np.ndarray, sigma: float) -> np.ndarray:
        return gaussian_filter(image, (sigma, sigma, sigma / factor), truncate=3)

    maps = [data]
    maps += [blur(data * brain, sigma) / np.maximum(blur(brain, sigma), 1e-2) for sigma in SURROUNDINGS]
    maps += [blur(brain, sigma) for sigma in DEPTHS]
    return np.stack([upsample_slices(one, factor) for one in maps])


def _quadratic(features: np.ndarray):
    """1, every feature, every product of two: one row after the other, so that memory stays small."""
    yield np.ones(features.shape[1], features.dtype)
    yield from features
    for i, left in enumerate(features):
        for right in features[i:]:
            yield left * right
