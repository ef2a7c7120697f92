"""What ELRTV adds to LRTV: start, back-projection, sharpening, non-local means."""

import numpy as np
from scipy.ndimage import gaussian_filter

from ...events import Reporter
from ..lrtv.observed import Observed

ENOUGH = 1e-2  # share of its misfit that an iteration of back-projection must take off
PATCH, REACH = 5, 6  # pixels of a slice: non-local means' patch, and how far it looks for others
PATCH_3D, REACH_3D = 3, 3


def mixed_start(observed: Observed, weight: float) -> np.ndarray:
    """`weight` of the interpolated scan, the rest of repeated voxels."""
    return weight * observed.enlarged() + (1 - weight) * observed.enlarged("nearest")


def edge_weights(image: np.ndarray, strength: float) -> np.ndarray:
    """1 + `strength` times the gradient's length, as a share of its maximum."""
    axes = [axis for axis, count in enumerate(image.shape) if count > 1]
    length = np.sqrt(sum(np.gradient(image, axis=axis) ** 2 for axis in axes))
    return (1 + strength * length / max(float(length.max()), 1e-12)).astype(np.float32)


def back_projected(
    image: np.ndarray, observed: Observed, *, step: float, iterations: int, report: Reporter, message: str
) -> np.ndarray:
    """Iterative back-projection (Irani and Peleg 1991): x + `step` B (y - A x), B the interpolation, x at least 0.

    It stops when the misfit is that of the scan's noise, or falls no more; the image of the smallest misfit is kept.
    """
    best, least = image, np.inf
    floor = observed.noise * np.sqrt(observed.scan.size)
    for _ in report.track(range(iterations), total=iterations, message=message):
        misfit = observed.scan - observed.sampling.forward(image)
        size = float(np.linalg.norm(misfit))
        converged = size > (1 - ENOUGH) * least
        if size < least:
            best, least = image, size
        if converged or size <= floor:
            break
        image = np.maximum(image + np.float32(step) * observed.enlarging.forward(misfit), 0)
    report.progress(iterations, iterations, message)
    return best


def sharpened(image: np.ndarray, amount: float, sigma: float) -> np.ndarray:
    """Unsharp masking: `amount` times what a Gaussian of `sigma` voxels takes off is added."""
    sigmas = [sigma if count > 1 else 0.0 for count in image.shape]
    return image + np.float32(amount) * (image - gaussian_filter(image, sigmas, mode="nearest"))


def non_local_means(image: np.ndarray, filtering: float, noise: float) -> np.ndarray:
    """Non-local means (Buades 2005): `filtering` is the distance of patches, in intensity, that counts as near."""
    from skimage.restoration import denoise_nl_means  # takes a second to load

    flat = image.shape[-1] == 1
    patch, reach = (PATCH, REACH) if flat else (PATCH_3D, REACH_3D)
    given = image[..., 0] if flat else image
    found = denoise_nl_means(given, patch, reach, filtering, fast_mode=True, sigma=noise)
    return found.reshape(image.shape).astype(np.float32)
