"""What a scan can resolve along each axis, found from its spectrum: a resampled scan has finer voxels than detail.

Interpolation leaves little beyond the Nyquist frequency of the grid that the scanner sampled. How the power of the
brain falls off along an axis, and along the other two, tells that grid: a small network (two hidden layers, learned
from simulated scans of every interpolation, see docs) reads the spacing from 2 x `BINS` logarithms of power.

Arrays are indexed (i, j, k) like `Volume.data`.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import ndimage

from .axis import smoothed
from .volume import Volume

BINS = 24  # of frequencies from 0 to a half cycle a voxel
FADE = 6.0  # voxels from the mask's edge over which the brain fades out, so that the edge has no spectrum of its own
SHORTEST = 32  # voxels of brain along an axis: fewer tell too little
COARSEST = 2.5  # mm: larger voxels do not come from an interpolation
FALL = 1.0  # of the logarithm of power
LEAST = 1.25  # voxels: what looks finer is taken for the grid itself
WEIGHTS = Path(__file__).with_name("resolution.npz")


def measure_resolution(volume: Volume, mask: np.ndarray) -> tuple[float, float, float]:
    """Spacing (mm) along i, j, k of the grid that `volume` was sampled on before it was resampled to its own.

    The voxels' own spacing where nothing suggests a resampling, where voxels are larger than `COARSEST`, or where
    boolean `mask` is too short for an estimate.
    """
    data, inside = cropped(volume.data, mask)
    if not inside.any():
        return volume.spacing
    spectra = log_spectra(data, inside)
    found = []
    for axis, spacing in enumerate(volume.spacing):
        times = 1.0
        if spectra is not None and spacing <= COARSEST and inside.shape[axis] >= SHORTEST:
            times = repeated(data, axis)
            times = times if times >= LEAST else sampled_at(spectra, axis)
        found.append(spacing * (times if times >= LEAST else 1.0))
    x, y, z = (float(w) for w in found)
    return x, y, z


def log_spectra(data: np.ndarray, mask: np.ndarray) -> np.ndarray | None:
    """Logarithm of the brain's power along each axis, float32 (3, BINS), relative to all of it; None: no brain.

    Bins are equal steps from 0 to half a cycle a voxel; the mean of the brain and its edge are taken out.
    """
    if (faded := faded_brain(data, mask, (FADE,) * 3)) is None:
        return None
    rows = []
    for axis in range(3):
        rows.append(log_power(faded, axis, (np.arange(BINS) + 0.5) / (2 * BINS)))
    spectra = np.array(rows, np.float32)
    return spectra - np.logaddexp.reduce(spectra, axis=1, keepdims=True)


def faded_brain(data: np.ndarray, mask: np.ndarray, fade: Sequence[float] | np.ndarray) -> np.ndarray | None:
    """`data` less its mean, fading out at the edge of `mask` over `fade` voxels along each axis, as a share of its
    largest value, as spectra know no units; None: no brain is left.
    """
    near = smoothed(mask.astype(np.float32), np.asarray(fade) / 2, mode="constant", truncate=3)
    window = np.sin(np.pi / 2 * np.clip(2 * near - 1, 0, 1)) ** 2
    if not window.sum() > 1000:
        return None
    values = np.asarray(data, np.float32)
    faded = window * (values - (window * values).sum() / window.sum())
    return faded / max(float(np.abs(faded).max()), float(np.finfo(np.float32).tiny))


def log_power(faded: np.ndarray, axis: int, frequencies: np.ndarray) -> np.ndarray:
    """Logarithm of the power of `faded` at `frequencies` (cycles a voxel) along `axis`."""
    power = (np.abs(np.fft.rfft(faded, axis=axis)) ** 2).mean(axis=tuple({0, 1, 2} - {axis}))
    return np.interp(frequencies, np.fft.rfftfreq(faded.shape[axis]), np.log(power + 1e-12 * power.max() + 1e-30))


def cropped(data: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both within the bounding box of `mask`; empty where it is."""
    boxes = ndimage.find_objects(mask.astype(np.uint8))
    if not boxes:
        return data[:0], mask[:0]
    return data[boxes[0]], mask[boxes[0]]


def repeated(data: np.ndarray, axis: int) -> float:
    """How often planes across `axis` are repeated on average, as nearest-neighbour interpolation leaves them."""
    planes = np.moveaxis(data, axis, 0)
    inner = planes[len(planes) // 8 : -len(planes) // 8]
    changes = sum(not np.array_equal(one, other) for one, other in pairwise(inner))
    return (len(inner) - 1) / max(changes, 1)


def sampled_at(spectra: np.ndarray, axis: int) -> float:
    """Spacing along `axis`, in voxels, of the grid that a scan with these `log_spectra` was sampled on; 1: its own."""
    features = inputs(spectra, axis)
    weights = _weights()
    for layer in range(3):
        features = features @ weights[f"matrix{layer}"] + weights[f"shift{layer}"]
        if layer < 2:
            features = np.maximum(features, 0)
    times = float(np.exp(np.maximum(features[0], 0)))
    return times if _falls(spectra[axis], times) else 1.0


def _falls(spectrum: np.ndarray, times: float) -> bool:
    """Whether power falls beyond the Nyquist frequency of a grid `times` as coarse; white noise does not."""
    last = int(np.clip(BINS / max(times, 1), 3, BINS))
    return bool(spectrum[last - 3 : last].mean() - spectrum[-2:].mean() > FALL)


def inputs(spectra: np.ndarray, axis: int) -> np.ndarray:
    """What the network sees, float32 (2 BINS,): the spectrum along `axis`, and the mean of the two others."""
    others = [other for other in range(3) if other != axis]
    return np.concatenate([spectra[axis], spectra[others].mean(axis=0)]).astype(np.float32) / 10


@cache
def _weights() -> dict[str, np.ndarray]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
