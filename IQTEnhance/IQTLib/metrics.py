"""Image quality against a known truth. Every name says which of the published definitions it is (ALGORITHMS 8.1)."""

from dataclasses import asdict, dataclass

import numpy as np

from .errors import InputError


@dataclass(frozen=True)
class Scores:
    """Quality of an estimate over the mask.

    nrmse_mean: RMSE / mean of the truth (matches the tables of Eldaly 2024).
    nrmse_max: RMSE / maximum of the truth (Eldaly 2024, eq. 7).
    ssim: 3-D Gaussian window of sigma 2.5, images masked, averaged over the mask (Lin 2022).
    ssim_wang: Gaussian window of sigma 1.5 truncated to 11 voxels (Wang 2004), 3-D, averaged over the whole volume.
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
    """Compare `estimate` with `truth` (same shape) over `mask`; by default where the truth is not zero.

    Raises:
        InputError: shapes differ, the mask is empty, or the truth is not positive on average.
    """
    from skimage.metrics import structural_similarity

    mask = _checked_mask(truth, estimate, mask)
    truth = np.where(mask, truth, 0).astype(np.float32)
    estimate = np.where(mask, estimate, 0).astype(np.float32)
    inside = truth[mask].astype(np.float64)
    mean, top = inside.mean(), inside.max()
    if mean <= 0:
        raise InputError(f"the truth has mean {mean:.4g} inside the mask: NRMSE needs a positive mean")
    rmse = np.sqrt(np.mean((inside - estimate[mask]) ** 2))
    data_range = float(top - inside.min())
    window = dict(gaussian_weights=True, use_sample_covariance=False, data_range=data_range)
    lin = structural_similarity(truth, estimate, sigma=2.5, full=True, **window)[1]
    wang = structural_similarity(truth, estimate, sigma=1.5, **window)
    return Scores(
        nrmse_mean=float(rmse / mean),
        nrmse_max=float(rmse / top),
        ssim=float(lin[mask].mean()),
        ssim_wang=float(wang),
        psnr=float(20 * np.log10(top / rmse)) if rmse else float("inf"),
    )


def _checked_mask(truth: np.ndarray, estimate: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    if truth.shape != estimate.shape:
        raise InputError(f"truth {truth.shape} and estimate {estimate.shape} differ in shape: resample one first")
    mask = truth != 0 if mask is None else np.asarray(mask) > 0
    if mask.shape != truth.shape:
        raise InputError(f"mask {mask.shape} and truth {truth.shape} differ in shape: resample one first")
    if not mask.any():
        raise InputError("the mask is empty: nothing to compare")
    return mask
