"""Image quality against a reference. Each name states which of the published definitions it is."""

from dataclasses import asdict, dataclass

import numpy as np
from scipy.ndimage import find_objects

from ..errors import InputError

REACH = 9  # half-width in voxels of scikit-image's Gaussian window of sigma 2.5 (truncated at 3.5 sigma)


@dataclass(frozen=True)
class Scores:
    """Quality of an estimate over the mask.

    nrmse_mean: RMSE / mean of the truth (matches the tables of Eldaly 2024).
    nrmse_max: RMSE / maximum of the truth (Eldaly 2024, eq. 7).
    ssim: 3-D Gaussian window of sigma 2.5, images masked, averaged over the mask (Lin 2022).
    ssim_wang: Gaussian window of sigma 1.5 truncated to 11 voxels (Wang 2004), 3-D, averaged over the whole volume
        except the 5 outermost layers.
    psnr: 10 log10(max(truth)^2 / MSE) in dB.
    """

    nrmse_mean: float
    nrmse_max: float
    ssim: float
    ssim_wang: float
    psnr: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def evaluate(truth: np.ndarray, estimate: np.ndarray, mask: np.ndarray | None = None) -> Scores:
    """Compare `estimate` with `truth` (same shape) over `mask`, by default where the truth is non-zero.

    Raises:
        InputError: shapes differ, the volume is smaller than the window, the mask is empty, or the truth inside it is
            not positive on average or is constant.
    """
    from skimage.metrics import structural_similarity

    mask = _checked_mask(truth, estimate, mask)
    truth = np.where(mask, truth, 0).astype(np.float32)
    estimate = np.where(mask, estimate, 0).astype(np.float32)
    inside = truth[mask].astype(np.float64)
    mean, top = inside.mean(), inside.max()
    if mean <= 0:
        raise InputError("the truth has mean {mean:.4g} inside the mask: NRMSE needs a positive mean", mean=mean)
    rmse = np.sqrt(np.mean((inside - estimate[mask]) ** 2))
    data_range = float(top - inside.min())
    if data_range == 0:
        raise InputError("the truth is {top:g} everywhere inside the mask: there is no structure to compare", top=top)
    window = {"gaussian_weights": True, "use_sample_covariance": False, "data_range": data_range}
    box = _around(mask)
    lin = structural_similarity(truth[box], estimate[box], sigma=2.5, full=True, **window)[1]
    wang = structural_similarity(truth, estimate, sigma=1.5, **window)
    return Scores(
        nrmse_mean=float(rmse / mean),
        nrmse_max=float(rmse / top),
        ssim=float(lin[mask[box]].mean()),
        ssim_wang=float(wang),
        psnr=float(20 * np.log10(top / rmse)) if rmse else float("inf"),
    )


def _around(mask: np.ndarray) -> tuple[slice, ...]:
    """The part of the volume that the SSIM inside `mask` depends on, at least one window wide."""
    bounds = find_objects(mask.astype(np.uint8))[0]
    return tuple(slice(max(side.start - 2 * REACH, 0), side.stop + 2 * REACH) for side in bounds)


def _checked_mask(truth: np.ndarray, estimate: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    if truth.shape != estimate.shape:
        raise InputError(
            "truth {shape} and estimate {shape2} differ in shape: resample one first",
            shape=truth.shape,
            shape2=estimate.shape,
        )
    mask = truth != 0 if mask is None else np.asarray(mask) > 0
    if mask.shape != truth.shape:
        raise InputError(
            "mask {shape} and truth {shape2} differ in shape: resample one first", shape=mask.shape, shape2=truth.shape
        )
    if min(truth.shape) < 2 * REACH + 1:
        raise InputError(
            "the volume has shape {shape}: SSIM needs {reach} voxels along every axis",
            shape=truth.shape,
            reach=2 * REACH + 1,
        )
    if not mask.any():
        raise InputError("the mask is empty: nothing to compare")
    return mask
