"""A real low-field scan: no truth exists, so contrast, noise, sharpness and data consistency are measured."""

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.ndimage import binary_erosion, gaussian_filter

from ..data.subjects import Scan, contrast_of
from ..image import grid
from ..image.axis import upsample_slices
from ..image.brain import brain_mask
from ..image.noise_estimate import measure_noise
from ..image.tissue import MINIMUM_VOXELS, TissueMaps, bias_field, segment
from ..image.volume import Volume, read
from ..models.pretrained import Model
from ..physics.acquisition import Acquisition
from ..pipeline import carried, enhance, prepare, read_mask
from .bias import fitted
from .estimates import model_of, run_of
from .store import Store
from .tasks import Context

PURE = 0.9
SMOOTH = 4.0  # mm, standard deviation


def lowfield(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Measures of one model's result on the scan; tissue maps come from the scan, the same for all models."""
    scan, mask, maps = _known(inputs["scan"], inputs["scan"].content)
    axis, model = grid.slice_axis(scan), model_of(inputs["model"])
    result = enhance(scan, model=model, mask=mask, run=run_of(context))
    noise = measure_noise(scan, mask)
    low, low_volume = prepare(scan, mask, model, axis=axis, noise=noise)
    sigma = carried(noise, scan, model, axis=axis, inside=low.mask).sigma
    high = grid.slices_last(result.volume, axis)
    factor = low.profile.factor
    tissues = TissueMaps(*(_on_result(scan.with_data(m), axis, model, factor) for m in vars(maps).values()))
    slices = Acquisition(low.profile, low.data.shape[-1]).forward(high.data)
    Store(context.store).put_arrays(
        inputs["key"],
        data=result.volume.data.astype(np.float32),
        affine=result.volume.affine,
        scan=scan.data,
        scan_affine=scan.affine,
        brain=grid.slices_back(high.with_data(low.high_mask.astype(np.float32)), axis).data > 0.5,
    )
    return {
        "warnings": result.warnings,
        "seconds": sum(result.seconds.values()),
        **tissue_contrast(high, low.high_mask, tissues),
        "sharpness": sharpness(high, low.high_mask),
        **consistency(slices, low_volume.data, low.mask, sigma),
    }


@lru_cache(maxsize=1)
def _known(scan: Scan, content: str) -> tuple[Volume, np.ndarray, TissueMaps]:
    """The scan, its brain and tissue maps, once for all models; `content` tells a changed file from the same."""
    contrast = contrast_of(scan.path, scan.suffix)
    volume = read(scan.path)
    mask = brain_mask(volume) if scan.mask is None else read_mask(scan.mask, volume)
    return volume, mask, segment(volume, mask, rng=np.random.default_rng(0), contrast=contrast)


def _on_result(tissue: Volume, axis: int, model: Model, factor: int) -> np.ndarray:
    """A tissue map of the scan on the grid of the model's result, slices last."""
    low = model.card.model_grid.fit(grid.slices_last(tissue, axis), "linear")
    return np.clip(upsample_slices(low.data, factor, "linear"), 0, 1)


def tissue_contrast(volume: Volume, mask: np.ndarray, maps: TissueMaps) -> dict[str, float]:
    """WM/GM ratio of means, their difference over the fine noise and over the tissues' spread, SNR of white matter.

    The bias field is divided out first. The noise is `fine_noise` in white matter.
    """
    flat = volume.with_data(volume.data / bias_field(volume.data, mask, volume.spacing))
    wm, gm = (flat.data[tissue > PURE] for tissue in (maps.wm, maps.gm))
    sigma = fine_noise(flat, maps.wm > PURE)
    difference = float(wm.mean() - gm.mean())
    return {
        "ratio": float(wm.mean() / gm.mean()),
        "contrast to noise": difference / sigma,
        "contrast to spread": difference / float(np.sqrt((wm.var() + gm.var()) / 2)),
        "snr": float(wm.mean() / sigma),
    }


def fine_noise(volume: Volume, inside: np.ndarray) -> float:
    """Robust standard deviation of what varies faster than `SMOOTH` mm inside a tissue: noise, and fine texture.

    Estimates of a scan's noise from differences of neighbours do not fit here, for interpolated neighbours hardly
    differ. The neighbourhood's mean is taken over the tissue alone; the tissue's outermost layer is left out.
    """
    sigma = [SMOOTH / step for step in volume.spacing]
    weight = gaussian_filter(inside.astype(np.float32), sigma)
    mean = gaussian_filter(np.where(inside, volume.data, 0).astype(np.float32), sigma) / np.maximum(weight, 1e-6)
    core = binary_erosion(inside)
    core = core if core.sum() >= MINIMUM_VOXELS else inside
    left = (volume.data - mean)[core]
    return float(np.median(np.abs(left - np.median(left))) / 0.6745)


def sharpness(volume: Volume, mask: np.ndarray) -> float:
    """Gradient along the slice axis (the last) over that in plane, root mean squares in `mask`: 1 if isotropic."""
    inside = mask[1:-1, 1:-1, 1:-1]
    powers = []
    for axis, step in enumerate(volume.spacing):
        gradient = np.gradient(volume.data, step, axis=axis)[1:-1, 1:-1, 1:-1]
        powers.append(float(np.mean(gradient[inside] ** 2)))
    return float(np.sqrt(powers[2] / ((powers[0] + powers[1]) / 2)))


def consistency(slices: np.ndarray, scan: np.ndarray, mask: np.ndarray, sigma: float | None) -> dict[str, float]:
    """How well the result's own slices explain the measured ones (x, y, n): RMS of A x - y in the brain.

    "inconsistency" is over the scan's mean, "inconsistency over noise" over `sigma` (NaN where that is None);
    "unexplained" is what is left after the best straight line between both (1 - R^2), which forgives a change of
    contrast.
    """
    x, y = slices[mask].astype(np.float64), scan[mask].astype(np.float64)
    rms = float(np.sqrt(np.mean((x - y) ** 2)))
    line = fitted(x, y)
    left = y - line.slope * x - line.intercept
    return {
        "inconsistency": rms / float(y.mean()),
        "inconsistency over noise": rms / sigma if sigma else float("nan"),
        "unexplained": float(left.var() / y.var()),
    }
