"""Test scans of five common kinds, and scores that do not depend on the coil's bias field.

The scans are made by separate code (Gaussian filters and spline sampling of SciPy), so that no method is tested with
the operator that it was trained with or uses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ..errors import InputError
from ..image.axis import FWHM_TO_SIGMA
from ..image.metrics import evaluate
from ..image.tissue import TissueMaps
from ..image.volume import Volume

FIELD = 40.0  # mm, full width at half maximum of the matched smooth fields
BIAS = 0.25  # amplitude of the coil's bias field
SAMPLE = 60_000  # voxels to which the mixture is fitted


@dataclass(frozen=True)
class Kind:
    """A kind of scan: voxel spacing in plane (two axes) and across slices (mm), ratio of point-spread width to spacing,
    range of the SNR of white matter and of the ratio of white to grey matter; `resampled` to cubic voxels of 1 mm.
    """

    title: str
    spacing: tuple[float, float, float]
    ratio: tuple[float, float, float]
    snr: tuple[float, float]
    contrast: tuple[float, float]
    resampled: bool = False


KINDS: dict[str, Kind] = {
    "ultra-low": Kind("ultra-low field 1.6 x 1.6 x 5 mm", (1.6, 1.6, 5.0), (1.2, 1.2, 1.0), (14, 22), (1.1, 1.3)),
    "resampled": Kind("the same, resampled to 1 mm", (1.6, 1.6, 5.0), (1.2, 1.2, 1.0), (14, 22), (1.1, 1.3), True),
    "cubic-voxels": Kind("cubic voxels of 2.5 mm", (2.5, 2.5, 2.5), (1.2, 1.2, 1.2), (14, 25), (1.1, 1.35)),
    "clinical": Kind("clinical 0.9 x 0.9 x 6 mm", (0.9, 0.9, 6.0), (1.0, 1.0, 0.85), (30, 60), (1.1, 1.4)),
    "noisy": Kind("noisy 1 mm", (1.0, 1.0, 1.0), (1.3, 1.3, 1.3), (6, 10), (1.1, 1.35)),
}


@dataclass(frozen=True, eq=False)
class AnyScan:
    """A simulated scan with its brain mask and its random parameters.

    `sharp` is the truth with the scan's contrast and coil field, on the truth's grid.
    """

    volume: Volume
    mask: np.ndarray
    sharp: Volume
    snr: float
    contrast: float


def scan(
    truth: Volume,
    maps: TissueMaps | None,
    mask: np.ndarray,
    kind: Kind,
    *,
    slice_axis: int,
    rng: np.random.Generator,
    bias: float = BIAS,
) -> AnyScan:
    """One scan of `truth` (cubic voxels, its background zero or a head), slices along `slice_axis`.

    Tissue factors set the contrast; without `maps` it stays the truth's, and the SNR is that of the brain's median. A
    coil's field of amplitude `bias` and Rician noise are added. The scan's grid has a random phase relative to the
    truth.
    """
    snr, contrast = rng.uniform(*kind.snr), rng.uniform(*kind.contrast)
    if maps is None:
        white, clean = float(np.median(truth.data[mask])), truth.data
    else:
        white, grey = (float(np.median(truth.data[fraction > 0.9])) for fraction in (maps.wm, maps.gm))
        factor = white / contrast / grey
        clean = truth.data * (1 + (factor - 1) * (maps.gm + 0.5 * maps.csf))
    clean = clean * _coil(clean.shape, rng, bias)
    order = [axis for axis in range(3) if axis != slice_axis] + [slice_axis]
    spacing, ratio = np.empty(3), np.empty(3)
    spacing[order], ratio[order] = kind.spacing, kind.ratio
    own = np.array(truth.spacing)
    width = np.sqrt(np.maximum((spacing * ratio) ** 2 - own**2, 0)) / own
    blurred = ndimage.gaussian_filter(clean, width * FWHM_TO_SIGMA, mode="nearest")
    step = spacing / own
    start = rng.uniform(0, 1, 3) * step
    counts = np.maximum(np.floor((np.array(truth.shape) - 1 - start) / step).astype(int) + 1, 1)
    low = ndimage.affine_transform(blurred, step, start, tuple(counts), order=3, mode="nearest")
    inside = ndimage.affine_transform(mask.astype(np.float32), step, start, tuple(counts), order=1) > 0.5
    sigma = white / snr
    low = np.hypot(np.maximum(low, 0) + sigma * rng.standard_normal(counts), sigma * rng.standard_normal(counts))
    affine = truth.affine @ np.block([[np.diag(step), start[:, None]], [np.zeros((1, 3)), np.ones((1, 1))]])
    volume = Volume(low.astype(np.float32), affine)
    if kind.resampled:
        volume, inside = _to_one_mm(volume, inside)
    return AnyScan(volume, inside, truth.with_data(clean.astype(np.float32)), float(snr), float(contrast))


def _to_one_mm(volume: Volume, inside: np.ndarray) -> tuple[Volume, np.ndarray]:
    step = 1 / np.array(volume.spacing)
    counts = tuple(np.floor((np.array(volume.shape) - 1) / step).astype(int) + 1)
    data = ndimage.affine_transform(volume.data, step, output_shape=counts, order=3, mode="nearest")
    mask = ndimage.affine_transform(inside.astype(np.float32), step, output_shape=counts, order=1) > 0.5
    return Volume(data, volume.affine @ np.diag([*step, 1.0])), mask


def _coil(shape: tuple[int, ...], rng: np.random.Generator, bias: float) -> np.ndarray:
    nodes = rng.standard_normal((4, 4, 4))
    field = ndimage.zoom(nodes, np.array(shape) / 4, order=3, mode="nearest", grid_mode=True)
    return (1 + bias * field / np.abs(field).max()).astype(np.float32)


def matched(estimate: np.ndarray, truth: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """`estimate` with the truth's smooth field inside `mask`, then the best affine map of its intensities."""
    scale, slope, offset = matching(estimate, truth, mask, spacing)
    return (slope * (estimate * scale) + offset).astype(np.float32)


def matching(
    estimate: np.ndarray, truth: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...]
) -> tuple[np.ndarray, float, float]:
    """The smooth field, then the slope and offset, that bring `estimate` closest to `truth` inside `mask`."""
    inside = mask.astype(np.float32)
    sigma = [FIELD * FWHM_TO_SIGMA / step for step in spacing]

    def smooth(data: np.ndarray) -> np.ndarray:
        return ndimage.gaussian_filter(np.where(mask, data, 0), sigma)

    below = smooth(estimate)
    scale = np.divide(smooth(truth), below, out=np.ones_like(below), where=below > 1e-6 * inside.max())
    fielded = (estimate * scale)[mask]
    design = np.stack([fielded, np.ones(len(fielded))], axis=1).astype(np.float64)
    slope, offset = np.linalg.lstsq(design, truth[mask].astype(np.float64), rcond=None)[0]
    return scale, float(slope), float(offset)


def figures(
    estimate: np.ndarray, truth: Volume, mask: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator
) -> dict[str, float]:
    """NRMSE (by the mean) and SSIM of the matched estimate in the brain, and Dice of its three classes with `labels`.

    `labels` holds 1 CSF, 2 GM, 3 WM on the truth's grid; 0 voxels count in no class.
    """
    if estimate.shape != truth.shape:
        raise InputError(f"estimate {estimate.shape} and truth {truth.shape} differ in shape: resample one first")
    near = matched(estimate, truth.data, mask, truth.spacing)
    scores = evaluate(np.where(mask, truth.data, 0), np.where(mask, near, 0), mask)
    return {"nrmse": scores.nrmse_mean, "ssim": scores.ssim, "dice": dice(near, labels, mask, rng=rng)}


def dice(data: np.ndarray, labels: np.ndarray, mask: np.ndarray, *, rng: np.random.Generator) -> float:
    """Mean Dice of CSF, GM and WM by a mixture of three Gaussians (T1w: dark to bright) with `labels`."""
    from sklearn.mixture import GaussianMixture

    inside = mask & (labels > 0)
    values, known = data[inside][:, None], labels[inside]
    sample = values[rng.choice(len(values), min(SAMPLE, len(values)), replace=False)]
    means = np.percentile(sample, (8, 45, 85))[:, None]
    mixture = GaussianMixture(3, means_init=means, random_state=int(rng.integers(2**31))).fit(sample)
    rank = np.argsort(np.argsort(mixture.means_[:, 0]))
    found = 1 + rank[mixture.predict(values)]
    return float(
        np.mean(
            [2 * np.sum((found == t) & (known == t)) / (np.sum(found == t) + np.sum(known == t)) for t in (1, 2, 3)]
        )
    )


def over_baseline(rows: Mapping[str, Mapping[str, float]], baseline: str) -> dict[str, dict[str, float]]:
    """Each method's NRMSE and SSIM over the baseline's, and its Dice minus the baseline's."""
    base = rows[baseline]
    return {
        name: {
            "nrmse": row["nrmse"] / base["nrmse"],
            "ssim": row["ssim"] / base["ssim"],
            "dice": row["dice"] - base["dice"],
        }
        for name, row in rows.items()
    }
