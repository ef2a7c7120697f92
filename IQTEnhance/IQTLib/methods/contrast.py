"""A map from low-field to high-field contrast, smooth in intensity.

Intensity alone cannot separate grey from white matter everywhere in a brain, and scans differ in their initial
contrast. The map is therefore a quadratic polynomial of the voxel's intensity, the mean intensities around it and the
spread of intensities over the whole brain, fitted by ridge regression on training pairs.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.ndimage import find_objects, uniform_filter

from ..image.axis import smoothed, upsample_slices
from ..image.noise import local_share
from .base import LowField, TrainingPair

SURROUNDINGS = (1.0, 2.0, 4.0, 8.0, 16.0)  # standard deviations in high-field voxels
DEPTHS = (4.0, 10.0)  # of smoothed brain masks, which measure a voxel's depth in the brain
SPREADS = 3  # features that describe the contrast of a scan
RIDGE = 0.03  # per training voxel: strong, because other scanners lie outside the training features
STRENGTH = 0.6  # share of the predicted change to apply: chosen by leaving out one data set at a time
SAMPLES = 20_000  # voxels per pair
CHUNK = 2**18  # voxels mapped at once: bounds the memory
Box = tuple[slice, slice, slice]
EVERYWHERE: Box = (slice(None), slice(None), slice(None))


def denoised(low: LowField) -> np.ndarray:
    """`low.data` after a local Wiener filter (Lee 1980) of 3 x 3 in-plane voxels for its noise level.

    Noise shared by neighbours does not contribute to their spread, so only the remaining part is subtracted. A scan
    with unknown noise is returned unchanged.
    """
    if low.noise is None:
        return low.data
    noise = low.noise**2 * local_share(low.correlation)
    mean = uniform_filter(low.data, (3, 3, 1))
    variance = uniform_filter(low.data**2, (3, 3, 1)) - mean**2
    signal = np.maximum(variance - noise, 0)
    return mean + signal / np.maximum(signal + noise, 1e-12) * (low.data - mean)


class ContrastMap:
    """Quadratic in standardised context features; `weights` (terms,), `centre` and `spread` (features,)."""

    def __init__(self, weights: np.ndarray, centre: np.ndarray, spread: np.ndarray, limits: np.ndarray) -> None:
        self.weights, self.centre, self.spread, self.limits = weights, centre, spread, limits

    @staticmethod
    def shapes() -> dict[str, tuple[int, ...]]:
        """Shapes of the arrays that define a map, by name."""
        features = 1 + len(SURROUNDINGS) + len(DEPTHS) + SPREADS
        terms = 1 + features + features * (features + 1) // 2
        return {"weights": (terms,), "centre": (features,), "spread": (features,), "limits": (2, features)}

    @classmethod
    def fit(cls, pairs: Iterable[TrainingPair], rng: np.random.Generator) -> "ContrastMap":
        """Ridge regression of the truth on the features of random brain voxels of every pair."""
        contexts, truths = [], []
        for pair in pairs:
            inside = np.flatnonzero(pair.low.high_mask)
            chosen = rng.choice(inside, min(SAMPLES, len(inside)), replace=False)
            contexts.append(context(pair.low, denoised(pair.low), chosen).astype(np.float64))
            truths.append(pair.high.reshape(-1)[chosen].astype(np.float64))
        features, truth = np.concatenate(contexts, axis=1), np.concatenate(truths)
        limits = np.percentile(features, (0.1, 99.9), axis=1)
        centre, spread = features.mean(1), features.std(1)
        spread[spread <= 1e-6 * np.abs(centre)] = 1  # constant, such as the percentiles of a single brain
        design = np.stack(list(_quadratic((features - centre[:, None]) / spread[:, None])))
        penalty = RIDGE * len(truth) * np.eye(len(design))
        penalty[0, 0] = 0  # no penalty on the constant term
        weights = np.linalg.solve(design @ design.T + penalty, design @ truth)
        return cls(*(a.astype(np.float32) for a in (weights, centre, spread, limits)))

    def apply(self, low: LowField, data: np.ndarray) -> np.ndarray:
        """High-field contrast for `data` (x, y, n) of `low`, upsampled; outside the brain the interpolated data."""
        factor, box = low.profile.factor, in_plane(low.mask)
        result = upsample_slices(data, factor)
        maps, spreads = list(_maps(low, data, box)), _spreads(low, data)
        brain, mask = result[box], low.high_mask[box]
        planes = max(CHUNK // brain[0].size, 1)
        for first in range(0, len(brain), planes):
            slab = slice(first, first + planes)
            inside = mask[slab]
            local = [upsample_slices(one[slab], factor)[inside] for one in maps]
            brain[slab][inside] = self._predict(_features(local, spreads))
        return result

    def _predict(self, features: np.ndarray) -> np.ndarray:
        """Intensities shifted towards high-field contrast, for features (features, n).

        Outside the range of the training features the map continues with slope 1, because a polynomial is unreliable
        there.
        """
        known = np.clip(features, *self.limits[:, :, None])
        standard = (known - self.centre[:, None]) / self.spread[:, None]
        count = len(features)
        squared = np.zeros((count, count), np.float32)
        squared[np.triu_indices(count)] = self.weights[1 + count :]  # in the order of `_quadratic`
        linear = self.weights[1 : 1 + count, None]
        total = self.weights[0] + (standard * (squared @ standard + linear)).sum(axis=0)
        return features[0] + STRENGTH * (total - known[0])


def context(low: LowField, data: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Features (11, n) of the high-field voxels with flat indices `where`.

    Intensity, local means, depths, and three values common to all voxels: 20th and 80th percentile over the median, and
    standard deviation inside the brain.
    """
    local = [upsample_slices(one, low.profile.factor).reshape(-1)[where] for one in _maps(low, data, EVERYWHERE)]
    return _features(local, _spreads(low, data))


def in_plane(mask: np.ndarray) -> Box:
    """The part of a volume (x, y, n) whose columns of voxels meet `mask`."""
    return (*find_objects(mask.any(axis=2).astype(np.uint8))[0], slice(None))


def _maps(low: LowField, data: np.ndarray, box: Box) -> Iterator[np.ndarray]:
    """The features that differ from voxel to voxel, on the low-field grid, in a `box` that holds the brain."""
    brain, data = low.mask[box].astype(np.float32), data[box]

    def blur(image: np.ndarray, sigma: float) -> np.ndarray:
        widths = (sigma, sigma, sigma / low.profile.factor)
        return smoothed(image, widths, truncate=3, box=box, shape=low.mask.shape)

    yield data
    for sigma in SURROUNDINGS:
        yield blur(data * brain, sigma) / np.maximum(blur(brain, sigma), 1e-2)
    for sigma in DEPTHS:
        yield blur(brain, sigma)


def _spreads(low: LowField, data: np.ndarray) -> tuple[float, ...]:
    """The features that all voxels share."""
    inside = data[low.mask]
    dark, median, bright = np.percentile(inside, (20, 50, 80))
    return dark / median, bright / median, inside.std()


def _features(local: Sequence[np.ndarray], spreads: Sequence[float]) -> np.ndarray:
    return np.stack([*local, *(np.full(len(local[0]), spread, np.float32) for spread in spreads)])


def _quadratic(features: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the terms 1, every feature and every product of two features, one at a time to save memory."""
    yield np.ones(features.shape[1], features.dtype)
    yield from features
    for i, left in enumerate(features):
        for right in features[i:]:
            yield left * right
