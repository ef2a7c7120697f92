"""Bias field and CSF/GM/WM maps of a volume.

Arrays are indexed (i, j, k) like `Volume.data`; maps are float32 fractions in 0..1, masks are boolean.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import ndimage

from ..errors import InputError
from ..sentences import Sentence
from .volume import Volume

Contrast = Literal["t1w", "flair"]  # in T2w the three classes overlap too much for intensities alone

# Tissues from dark to bright.
BRIGHTNESS: dict[str, tuple[str, str, str]] = {
    "t1w": ("csf", "gm", "wm"),
    "flair": ("csf", "wm", "gm"),
}
MINIMUM_VOXELS = 50
DEEPER = 1.12  # 17 T1w scans: 1.19 (64 mT) to 1.71; six T2w mistaken for T1w: 0.94 to 1.08; three FLAIR: less
LOG_FIELD = (-2.0, 2.0)  # beyond a factor of 7 a bias field is an error of the fit


@dataclass(frozen=True, eq=False)
class TissueMaps:
    """Fractions of cerebrospinal fluid, grey and white matter: float32 (i, j, k) in 0..1 whose sum is at most 1.

    Raises:
        InputError: the shapes differ, or a voxel's fractions are negative or sum to more than 1.001.
    """

    csf: np.ndarray
    gm: np.ndarray
    wm: np.ndarray

    def __post_init__(self) -> None:
        if not self.csf.shape == self.gm.shape == self.wm.shape:
            raise InputError(
                "tissue maps differ in shape: {shape}, {shape2}, {shape3}",
                shape=self.csf.shape,
                shape2=self.gm.shape,
                shape3=self.wm.shape,
            )
        lowest = min(float(tissue.min()) for tissue in (self.csf, self.gm, self.wm))
        highest = float((self.csf + self.gm + self.wm).max())
        if not (lowest >= 0 and highest <= 1 + 1e-3):  # also when one is NaN
            raise InputError(
                "tissue maps must be fractions: lowest {lowest:g}, largest sum {highest:g}",
                lowest=lowest,
                highest=highest,
            )

    @classmethod
    def from_labels(cls, labels: np.ndarray) -> "TissueMaps":
        """One-hot maps of a label array: 0 none, 1 CSF, 2 GM, 3 WM; any other label raises `InputError`."""
        unknown = np.setdiff1d(labels, (0, 1, 2, 3))
        if unknown.size:
            raise InputError("unknown tissue label {unknown:g}: expected 0 none, 1 CSF, 2 GM, 3 WM", unknown=unknown[0])
        return cls(*((labels == label).astype(np.float32) for label in (1, 2, 3)))

    def softened(self, sigma: float) -> "TissueMaps":
        """The maps after a Gaussian blur of `sigma` voxels, because hard labels have no partial volume."""
        return TissueMaps(*(ndimage.gaussian_filter(tissue, sigma) for tissue in (self.csf, self.gm, self.wm)))


def segment(
    volume: Volume, mask: np.ndarray, *, rng: np.random.Generator, contrast: Contrast = "t1w", iterations: int = 4
) -> TissueMaps:
    """Estimate the tissue maps of a high-field volume inside `mask` (boolean, the volume's shape).

    N4 bias correction (Tustison 2010), a Gaussian mixture of three classes fitted to 50,000 voxels, then `iterations`
    mean-field steps of a Potts-like prior: posterior ∝ likelihood x posterior smoothed over 1 mm. Classes are named by
    their brightness in `contrast`. Voxels of mixed content stay soft. `rng` draws the voxels and the start of the fit.

    Raises:
        InputError: the mask does not fit the volume or its content is constant, or the contrast is unknown.
    """
    if contrast not in BRIGHTNESS:
        raise InputError(
            "tissue maps can be estimated only for {brightness}, not for contrast {contrast!r}: pass maps",
            brightness=", ".join(BRIGHTNESS),
            contrast=contrast,
        )
    mask = checked_mask(volume, mask)
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    inside = mask[box]
    data = volume.data[box] / bias_field(volume.data[box], inside, volume.spacing)
    likelihood = _class_likelihoods(data[inside], rng)
    sigma = [1.0 / spacing for spacing in volume.spacing]  # 1 mm in voxels
    names = BRIGHTNESS[contrast]
    maps = {name: np.zeros(volume.shape, np.float32) for name in names}
    for name, fraction in zip(names, _mean_field(likelihood, inside, sigma, iterations), strict=True):
        maps[name][mask] = fraction
    return TissueMaps(**maps)


def swapped(maps: TissueMaps, mask: np.ndarray, spacing: tuple[float, ...]) -> str | None:
    """A warning if the maps of a scan that was declared as T1w are those of another contrast, else None."""
    if (ratio := _depth_ratio(maps, mask, spacing)) >= DEEPER:
        return None
    told = (
        "the brightest tissue lies no deeper than the grey one (ratio {ratio:.2f}): is this T1w? In other contrasts "
        "fluid and white matter swap: put tissue labels or maps beside it"
    )
    return Sentence(told, "tissues-swapped", ratio=ratio)


def _depth_ratio(maps: TissueMaps, mask: np.ndarray, spacing: tuple[float, ...]) -> float:
    """Mean depth of white matter below the brain's surface relative to that of grey matter: well above 1 in any brain.

    If a T2w scan was declared as T1w it is near 1, because fluid at the surface is then labelled white matter.
    """
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    inside = np.pad(mask[box][::2, ::2, ::2], 1)
    depth = ndimage.distance_transform_edt(inside, sampling=spacing)[1:-1, 1:-1, 1:-1]
    wm, gm = (float(np.average(depth, weights=m[box][::2, ::2, ::2] + 1e-9)) for m in (maps.wm, maps.gm))
    return wm / gm


def checked_mask(volume: Volume, mask: np.ndarray) -> np.ndarray:
    """`mask` as booleans; `InputError` if its shape differs from `volume` or it is nearly empty."""
    mask = np.asarray(mask) != 0
    if mask.shape != volume.shape:
        raise InputError(
            "the mask has shape {shape}, the volume {shape2}: they must share a grid",
            shape=mask.shape,
            shape2=volume.shape,
        )
    if mask.sum() < MINIMUM_VOXELS:
        raise InputError("the mask has only {mask} voxels: pass one that covers the brain", mask=mask.sum())
    return mask


def bias_field(data: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...], *, step: float = 4.0) -> np.ndarray:
    """The smooth intensity non-uniformity of `data` (i, j, k) inside `mask`, by N4 (Tustison 2010).

    Args:
        spacing: of the voxels (mm). step: of the voxels that N4 works on (mm), approximately.

    Returns:
        float32 of the shape of `data`, above 0, with geometric mean 1 inside the mask: divide by it to correct.

    Raises:
        InputError: the volume is constant inside the mask.
    """
    import SimpleITK as sitk  # noqa: N813

    def image(array: np.ndarray) -> sitk.Image:
        result = sitk.GetImageFromArray(array.transpose())
        result.SetSpacing([float(edge) for edge in spacing])
        return result

    low, high = np.percentile(data[mask], (0.5, 99.5))
    if not high > low:
        raise InputError("the volume is constant ({low:g}) inside the mask: there are no tissues to separate", low=low)
    full = image(np.clip(data, 1e-3 * high, high).astype(np.float32))  # N4 takes logarithms
    shrink = [int(max(1, min(round(step / edge), size // 8))) for edge, size in zip(spacing, data.shape, strict=True)]
    n4 = sitk.N4BiasFieldCorrectionImageFilter()
    n4.SetMaximumNumberOfIterations([20, 20, 20])
    n4.Execute(sitk.Shrink(full, shrink), sitk.Shrink(image(mask.astype(np.uint8)), shrink))
    log_field = sitk.GetArrayFromImage(n4.GetLogBiasFieldAsImage(full)).transpose()  # a copy: frees the image
    log_field = np.clip(log_field - log_field[mask].mean(), *LOG_FIELD)
    return np.exp(log_field, dtype=np.float32)


def _class_likelihoods(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Likelihoods (3, n) of `values` (n,) under three Gaussian classes, dark to bright, scaled to a maximum of 1."""
    from sklearn.mixture import GaussianMixture

    low, high = np.percentile(values, (0.5, 99.5))
    values = np.clip((values - low) / (high - low), 0, 1).astype(np.float32)
    sample = rng.choice(values, min(50_000, values.size), replace=False)
    mixture = GaussianMixture(3, random_state=int(rng.integers(2**31))).fit(sample[:, None])
    order = np.argsort(mixture.means_[:, 0])
    mean = mixture.means_[order].astype(np.float32)
    sd = np.sqrt(mixture.covariances_[order, 0]).astype(np.float32)
    between = np.clip(values, mean[0], mean[2])  # otherwise the widest class would win at extreme intensities
    log_likelihood = -0.5 * ((between - mean) / sd) ** 2 - np.log(sd)
    return np.exp(log_likelihood - log_likelihood.max(axis=0))


def _mean_field(likelihood: np.ndarray, mask: np.ndarray, sigma: list[float], iterations: int) -> np.ndarray:
    """Posteriors (3, n) with the smoothed posterior of the neighbours as prior; `sigma` in voxels."""
    posterior = likelihood / likelihood.sum(axis=0)
    field = np.zeros(mask.shape, np.float32)
    for _ in range(iterations):
        for fraction, evidence in zip(posterior, likelihood, strict=True):
            field[mask] = fraction
            fraction[:] = evidence * ndimage.gaussian_filter(field, sigma, truncate=3)[mask]
        posterior /= np.maximum(posterior.sum(axis=0), np.finfo(np.float32).tiny)
    return posterior
