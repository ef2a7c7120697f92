"""Stochastic low-field simulator (Lin 2022, as used by Eldaly 2024): a high-field volume becomes a low-field scan.

Drawing the parameters (`SNRPreset.draw`) is separate from applying them (`simulate`), so every pair is reproducible.
"""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from ..errors import InputError
from ..image.grid import slice_axis as checked_axis
from ..image.grid import slices_back, slices_last, sub_affine
from ..image.tissue import TissueMaps
from ..image.volume import Volume, check_voxels
from ..io.typed import number
from .acquisition import Acquisition, SliceProfile

Tissue = Literal["WM", "GM"]
Noise = Literal["gaussian", "rician"]
LEAST, MOST = 1e-6, 1e6  # SNR and its spread
PURE = 0.9  # a voxel belongs to one tissue when that tissue's map exceeds this (Lin 2022)


@dataclass(frozen=True)
class SNRPreset:
    """A truncated bivariate normal distribution of (SNR_WM, SNR_GM).

    Args:
        mean, covariance: of (SNR_WM, SNR_GM).
        fixed: the tissue that keeps its high-field intensity and thus sets the noise level.
        nearer, farther: bounds on the Mahalanobis distance (not squared): farther < d < nearer.
        wm_above_gm: draw only SNR_WM > SNR_GM (T1w contrast).
        contrast: "low" or "high" keeps only SNR_WM / SNR_GM below or above that of the mean.
        note: where the numbers come from.
    """

    mean: tuple[float, float]
    covariance: tuple[tuple[float, float], tuple[float, float]]
    fixed: Tissue = "GM"
    nearer: float = float("inf")
    farther: float = 0.0
    wm_above_gm: bool = False
    contrast: Literal["any", "low", "high"] = "any"
    note: str = ""

    def mahalanobis(self, pairs: np.ndarray) -> np.ndarray:
        """Mahalanobis distance of (SNR_WM, SNR_GM) rows to the mean: (n, 2) -> (n,)."""
        offset = np.asarray(pairs, float) - self.mean
        return np.sqrt(np.einsum("ni,ij,nj->n", offset, np.linalg.inv(self.covariance), offset))

    def ellipse(self, distance: float, points: int = 90) -> np.ndarray:
        """A closed contour of (SNR_WM, SNR_GM) pairs at that Mahalanobis distance: (points + 1, 2)."""
        angle = np.linspace(0, 2 * np.pi, points + 1)
        circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return self.mean + distance * circle @ np.linalg.cholesky(self.covariance).T

    def accepts(self, pairs: np.ndarray) -> np.ndarray:
        """Which (SNR_WM, SNR_GM) rows lie within the bounds; SNR must be positive."""
        wm, gm = np.asarray(pairs, float).T
        distance = self.mahalanobis(pairs)
        keep = (wm > 0) & (gm > 0) & (distance < self.nearer) & (distance >= self.farther)
        if self.wm_above_gm:
            keep &= wm > gm
        reference = self.mean[0] / self.mean[1]
        if self.contrast == "low":
            keep &= wm / gm < reference
        if self.contrast == "high":
            keep &= wm / gm > reference
        return keep

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """`count` pairs (SNR_WM, SNR_GM) by rejection sampling: (count, 2)."""
        found = np.empty((0, 2))
        for _ in range(1000):
            if len(found) >= count:
                return found[:count]
            candidates = rng.multivariate_normal(self.mean, self.covariance, size=4096)
            found = np.vstack([found, candidates[self.accepts(candidates)]])
        raise InputError("the bounds of the SNR distribution reject almost every draw: widen them")


def _assumed_ultra_low_field() -> SNRPreset:
    mean, spread, correlation = np.array([9.0, 9.8]), 0.15, 0.9
    deviation = spread * mean
    cross = correlation * deviation.prod()
    covariance = ((deviation[0] ** 2, cross), (cross, deviation[1] ** 2))
    return SNRPreset(
        (9.0, 9.8),
        covariance,
        fixed="WM",
        note="assumed: no ultra-low-field distribution is published",
    )


_T1W = SNRPreset(
    (64.50, 54.14), ((78.47, 71.50), (71.50, 73.91)), note="T1w at 0.36 T, Stochastic-IQT configuration (Lin 2022)"
)
_FLAIR = SNRPreset(
    (35.031, 42.329),
    ((34.048, 39.850), (39.850, 50.293)),
    note="FLAIR at 0.36 T, Stochastic-IQT configuration (Lin 2022)",
)
_FAR = replace(_T1W, farther=3.0, wm_above_gm=True)

PRESETS: dict[str, SNRPreset] = {
    "in-distribution": _T1W,
    "InD1": replace(_T1W, nearer=1.0, wm_above_gm=True),
    "InD2": _FAR,
    "InD2-low": replace(_FAR, contrast="low"),
    "InD2-high": replace(_FAR, contrast="high"),
    "OOD-ultra-low-field": _assumed_ultra_low_field(),
    "flair-in-distribution": _FLAIR,
}


def preset(name: str) -> SNRPreset:
    """The preset of that name, or the distribution given by "mean WM, mean GM, spread WM, spread GM, correlation".

    Spreads are standard deviations; custom distributions are truncated at Mahalanobis distance 3.
    """
    if name in PRESETS:
        return PRESETS[name]
    try:
        wm, gm, spread_wm, spread_gm, correlation = map(number, name.split(","))
    except ValueError:
        raise InputError(
            "no SNR preset {name!r}: choose one of {presets}, or write five numbers (means of WM and GM, "
            "their spreads, correlation), comma-separated",
            name=name,
            presets=", ".join(PRESETS),
        ) from None
    numbers = np.array((wm, gm, spread_wm, spread_gm))
    if not (np.all((numbers > LEAST) & (numbers < MOST)) and abs(correlation) < 1 - 1e-9):
        raise InputError(
            "SNR distribution {name}: means and spreads must be {least:g} to {most:g}, correlation between -1 and 1",
            name=name,
            least=LEAST,
            most=MOST,
        )
    cross = correlation * spread_wm * spread_gm
    covariance = ((spread_wm**2, cross), (cross, spread_gm**2))
    return SNRPreset((wm, gm), covariance, nearer=3.0, note="numbers given by the user")


@dataclass(frozen=True)
class LowFieldPair:
    """A simulated pair, both in the input's axis order.

    Args:
        low, high: the low-field scan and its truth, cropped so that slices divide by the factor.
        contrast: tissue factor a, and maps: the tissues, on the low-field grid.
        snr: the requested (SNR_WM, SNR_GM). sigma: noise standard deviation in image units.
    """

    low: Volume
    high: Volume
    contrast: np.ndarray
    maps: TissueMaps
    snr: tuple[float, float]
    sigma: float


class Normals(Protocol):
    """What draws noise: a NumPy generator, or a faster one."""

    def normal(self, loc: float, scale: float, size: tuple[int, ...]) -> np.ndarray:
        """Normal numbers of mean `loc` and standard deviation `scale`."""


@dataclass(frozen=True, eq=False)
class ThickSlices:
    """Thick slices of a subject before contrast and noise: the costly part of a simulation, computed once for many
    scans.

    Args:
        clean: the blurred and decimated high-field voxels (x, y, n), slices last.
        csf, gm, wm: the tissue maps on the same grid.
    """

    clean: np.ndarray
    csf: np.ndarray
    gm: np.ndarray
    wm: np.ndarray

    @classmethod
    def of(cls, high: Volume, maps: TissueMaps, *, profile: SliceProfile, slice_axis: int) -> "ThickSlices":
        """Blur and decimate along `slice_axis`; raises `InputError` for maps of another shape or too few slices."""
        if maps.wm.shape != high.shape:
            raise InputError(
                "tissue maps {shape} and volume {shape2} differ in shape: resample one first",
                shape=maps.wm.shape,
                shape2=high.shape,
            )
        slice_axis = checked_axis(high, slice_axis)
        count = high.shape[slice_axis] // profile.factor
        if count < 2:
            raise InputError(
                "{high} slices along axis {slice_axis} are too few for factor {factor}",
                high=high.shape[slice_axis],
                slice_axis=slice_axis,
                factor=profile.factor,
            )
        physics = Acquisition(profile, count)
        arrays = (np.moveaxis(m, slice_axis, -1) for m in (high.data, maps.csf, maps.gm, maps.wm))
        return cls(*(physics.forward(array[..., : count * profile.factor]) for array in arrays))

    def scan(
        self, snr: tuple[float, float], *, rng: Normals, fixed: Tissue = "GM", noise: Noise = "gaussian"
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """A scan with (SNR_WM, SNR_GM) = `snr`: its voxels, the tissue factor a and the noise standard deviation."""
        if min(snr) < LEAST or not np.all(np.isfinite(snr)):
            raise InputError("SNR {snr}: both must be positive, at least {least:g}", snr=snr, least=LEAST)
        sigma, wm_factor, gm_factor = _noise_and_contrast(self.clean, self.wm, self.gm, snr, fixed)
        contrast = self.csf + gm_factor * self.gm + wm_factor * self.wm
        return add_noise(contrast * self.clean, sigma, noise, rng), contrast, sigma


def simulate(
    high: Volume,
    maps: TissueMaps,
    *,
    snr: tuple[float, float],
    rng: np.random.Generator,
    profile: SliceProfile = SliceProfile(3, 1),  # noqa: B008 - frozen
    slice_axis: int = 2,
    fixed: Tissue = "GM",
    noise: Noise = "gaussian",
) -> LowFieldPair:
    """Simulate the low-field scan of `high` with (SNR_WM, SNR_GM) = `snr`.

    Raises:
        InputError: maps of another shape, an invalid axis, too few slices, SNR not positive, no pure white or grey
            matter, or intensities so large that the scan overflows.
    """
    slices = ThickSlices.of(high, maps, profile=profile, slice_axis=slice_axis)
    with np.errstate(over="ignore", invalid="ignore"):  # checked below
        data, contrast, sigma = slices.scan(snr, rng=rng, fixed=fixed, noise=noise)
    check_voxels(data)
    cropped = _cropped(slices_last(high, slice_axis), data.shape[-1] * profile.factor)
    low_affine = sub_affine(cropped.affine, np.zeros(3), np.array([1, 1, profile.factor]))
    return LowFieldPair(
        low=slices_back(Volume(data, low_affine), slice_axis),
        high=slices_back(cropped, slice_axis),
        contrast=np.moveaxis(contrast, -1, slice_axis),
        maps=TissueMaps(*(np.moveaxis(np.clip(m, 0, 1), -1, slice_axis) for m in (slices.csf, slices.gm, slices.wm))),
        snr=(float(snr[0]), float(snr[1])),
        sigma=sigma,
    )


def add_noise(image: np.ndarray, sigma: float, kind: Noise, rng: Normals) -> np.ndarray:
    """Add noise of standard deviation `sigma`: real-valued (gaussian) or in the magnitude image (rician)."""
    real = image + rng.normal(0, sigma, image.shape)
    if kind == "rician":
        real = np.hypot(real, rng.normal(0, sigma, image.shape))
    elif kind != "gaussian":
        raise InputError("noise {kind!r}: choose gaussian or rician", kind=kind)
    return real.astype(np.float32)


def _cropped(volume: Volume, slices: int) -> Volume:
    return volume.with_data(volume.data[..., :slices])


def _noise_and_contrast(
    clean: np.ndarray, wm: np.ndarray, gm: np.ndarray, snr: tuple[float, float], fixed: Tissue
) -> tuple[float, float, float]:
    """(sigma, WM factor, GM factor): the fixed tissue keeps its mean, the other is scaled to its SNR."""
    pure_wm, pure_gm = wm > PURE, gm > PURE
    if not pure_wm.any() or not pure_gm.any():
        raise InputError("no pure white or grey matter on the low-field grid: are the tissue maps right?")
    wm_mean, gm_mean = float(clean[pure_wm].mean()), float(clean[pure_gm].mean())
    if wm_mean <= 0 or gm_mean <= 0:
        raise InputError(
            "mean intensity of WM {wm_mean:.4g} and GM {gm_mean:.4g}: both must be positive",
            wm_mean=wm_mean,
            gm_mean=gm_mean,
        )
    if fixed == "GM":
        sigma = gm_mean / snr[1]
        return sigma, snr[0] * sigma / wm_mean, 1.0
    if fixed == "WM":
        sigma = wm_mean / snr[0]
        return sigma, 1.0, snr[1] * sigma / gm_mean
    raise InputError("fixed tissue {fixed!r}: choose WM or GM", fixed=fixed)
