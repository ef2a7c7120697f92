"""Small random brains for the tests of patch methods: three tissues in random blobs, in any shape and at once."""

from functools import cache

import numpy as np
from IQTLib.image.noise import ScanNoise
from IQTLib.image.patches import positions
from IQTLib.image.volume import Volume
from IQTLib.methods.base import LowField, TrainingPair
from IQTLib.methods.patchwise.features import patch_features, thick_slices
from IQTLib.methods.patchwise.learning import principal_components
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from scipy.ndimage import gaussian_filter

PROFILE = SliceProfile(3, 1)
NOISE = 0.03


def blobs(shape: tuple[int, int, int], seed: int) -> np.ndarray:
    """Intensities 0.5, 0.9 and 1.3 in smooth random regions inside an ellipsoid, 0 outside; float32."""
    rng = np.random.default_rng(seed)
    field = gaussian_filter(rng.standard_normal(shape), 2.5)
    field /= field.std()
    radius = sum(
        np.linspace(-1.05, 1.05, n).reshape([-1 if a == b else 1 for b in range(3)]) ** 2 for a, n in enumerate(shape)
    )
    tissue = np.array([0.5, 0.9, 1.3])[np.digitize(field, [-0.6, 0.5])]
    return (gaussian_filter(tissue, 0.5) * (radius < 1)).astype(np.float32)


def pair(shape: tuple[int, int, int] = (28, 32, 28), seed: int = 0, noise: float = NOISE) -> TrainingPair:
    """A thick-slice scan (thickness 3, gap 1) of `blobs`, and its truth, both with mean 1 inside the brain."""
    high = blobs(shape, seed)
    mask = high > 0
    slices = shape[2] // PROFILE.factor
    scan = Acquisition(PROFILE, slices).forward(high)
    scan = scan + noise * np.random.default_rng([seed, 1]).standard_normal(scan.shape)
    scan = Volume(scan.astype(np.float32), np.diag([1.0, 1.0, PROFILE.factor, 1.0]))
    low = LowField.normalised(
        scan, mask[..., :: PROFILE.factor], noise=ScanNoise(noise), profile=PROFILE, normalisation="brain-mean"
    )
    return TrainingPair(low, high / high[mask].mean(), f"blobs{seed}")


@cache
def coding_problem(count: int, *, atoms: int = 1024, components: int = 50, size: int = 5):
    """Unit-norm PCA features (count, components) of random patches, and as many others as atoms, float32.

    Neighbouring patches overlap, so atoms are as correlated as those of a real scan (up to 0.98).
    """
    from IQTLib.image.axis import upsample_slices

    scan = pair((72, 72, 64)).low
    start = upsample_slices(scan.data, PROFILE.factor)
    where = positions(scan.high_mask, size, 1, share=0.2)
    rng = np.random.default_rng(1)
    where = where[np.sort(rng.choice(len(where), count + atoms, replace=False))]
    features = patch_features(start, where, size=size, taps=thick_slices(PROFILE.factor))
    reduced = features @ principal_components(features, 0.999)[:, :components]
    reduced = rng.permutation(reduced / np.linalg.norm(reduced, axis=1, keepdims=True))
    return reduced[:count], np.ascontiguousarray(reduced[count:].T)
