"""Methods for any scan: any contrast, with thick slices along any axis, isotropic voxels or resampled.

A scan is resampled to fine isotropic voxels, restored there, and returned with its geometry and units.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import InputError, ModelError
from ..image.axis import smoothed
from ..image.grid import resample, sub_affine, transposed
from ..image.noise import ScanNoise
from ..image.slice_gain import slice_gains
from ..image.volume import Volume
from ..physics.fine_scan import FineScan
from ..sentences import Sentence
from .base import LowField, Run

FINEST, COARSEST = 0.7, 1.0  # mm, edge of the fine voxels
COARSER = 1.05  # times the scan's finest voxels: worth a word
SHARP = 1.2  # mm: width of a point spread that leaves nothing to restore along an axis
QUIET = 40.0  # SNR of bright tissue above which there is no noise to remove
BRIGHT = 85  # percentile of the brain that represents the brightest tissue
THICK = 1.5  # ratio of voxel spacings along two axes from which a scan counts as thick-slice
ALIKE = 0.6  # correlation of result and scan: 0.9 and more where the method works, 0.1 to 0.5 where it does not
SEAM = 1.5  # fine voxels over which the restored brain blends into interpolation


class AnyScanMethod(ABC):
    """Base of the methods that deblur and denoise a scan on fine voxels: a subclass adds `restore_scan`."""

    name: ClassVar[str]
    needs_brain: ClassVar[bool] = True
    any_grid: ClassVar[bool] = False
    """Whether it works on fine voxels of any size, not of `FINEST` to `COARSEST` only."""

    @abstractmethod
    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """The estimate and, if the method provides them, its lower and upper quantile: float32 (1 or 3, x, y, z)."""

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        """The estimate for thick slices on a model's grid, (x, y, n * factor), as from the methods of the paper."""
        factor = low.profile.factor
        scan = FineScan.of(
            low.data,
            low.mask,
            step=np.array([1.0, 1.0, 1 / factor]),
            width=np.array([1.0, 1.0, float(low.profile.thickness)]),
            noise=low.noise,
            start=np.zeros(3),
            shape=(*low.data.shape[:2], low.data.shape[2] * factor),
            quantiles=False,
        )
        return self.restore_scan(scan, run)[0] * scan.scale


@dataclass(frozen=True, eq=False)
class Restored:
    """A restored volume and, if asked for, how far below and above it the method expects the truth (before
    calibration; zero outside the brain)."""

    volume: Volume
    below: Volume | None = None
    above: Volume | None = None


def bright_snr(volume: Volume, mask: np.ndarray, noise: ScanNoise) -> float | None:
    """Signal-to-noise ratio of the brightest tissue; None if the noise is unknown."""
    if noise.sigma is None:
        return None
    return float(np.percentile(volume.data[mask], BRIGHT)) / noise.sigma if noise.sigma > 0 else np.inf


def sharp_already(volume: Volume, mask: np.ndarray, noise: ScanNoise, width: tuple[float, ...]) -> str | None:
    """A warning if neither resolution (`width`, mm per axis) nor noise leaves anything to restore, else None."""
    snr = bright_snr(volume, mask, noise)
    if max(width) > SHARP or snr is None or snr <= QUIET:
        return None
    told = " x ".join(f"{w:.1f}" for w in width)
    text = "the scan resolves {width} mm at an SNR of {snr:.0f}: nothing to restore, so it is returned unchanged"
    return Sentence(text, "sharp", width=told, snr=snr)


def restored(
    volume: Volume,
    mask: np.ndarray,
    method: AnyScanMethod,
    *,
    noise: ScanNoise,
    width: tuple[float, float, float],
    scan_voxels: bool,
    edge: float | None = None,
    transfer: bool = False,
    run: Run,
    believe: bool = False,
    interval: bool = False,
) -> Restored:
    """Restore `volume` inside the boolean `mask` and interpolate it outside, in its axis order and units.

    Args:
        noise: of `volume` on its own grid. width: full width at half maximum of its point spread along each axis, mm.
        transfer: `volume` is T1w and shall get the contrast of high field, where the method can.
        scan_voxels: return isotropic voxels of the scan's smallest spacing instead of the method's own. edge: of
            isotropic voxels to return instead (mm); a method that can makes them itself, others are interpolated.
        believe: accept a result that does not show the scan, as that of a network in training.
        interval: also return how far from the estimate the truth may lie.

    Raises:
        InputError: the brain has no positive mean intensity, the grid is too large, or the result does not show the
            scan. ModelError: the method has no interval. CancelledError.
    """
    order = np.argsort(width, kind="stable").tolist()  # networks expect blur that grows from axis to axis
    scan, inside = transposed(volume, order), mask.transpose(order)
    if scan.spacing[2] > THICK * scan.spacing[1]:
        scan = _evened(scan, inside, run)
    # A resolution found may be wrong: the result never has coarser voxels than the scan up to `COARSEST`.
    own = float(np.clip(min(*width, *scan.spacing), FINEST, COARSEST))
    if edge is None and not scan_voxels and own > COARSER * min(scan.spacing):
        told = "the result has voxels of {own:g} mm, the scan {finest:g} mm: for these choose the output grid isotropic"
        run.report.log(Sentence(told, own=own, finest=round(min(scan.spacing), 3)))
    own = edge if edge is not None and method.any_grid else own
    fine = FineScan.of(
        scan.data,
        inside,
        step=own / np.array(scan.spacing),
        width=np.array(width)[order] / own,
        noise=noise.sigma,
        shared=float(np.prod(noise.lengths)),
        transfer=transfer,
        quantiles=interval,
    )
    levels = method.restore_scan(fine, run)
    if interval and len(levels) == 1:
        raise ModelError(
            "method {method} states no interval: choose a model that does", method=method.name, code="no-intervals"
        )
    if not believe:
        _check_likeness(levels[0], fine)

    def placed(data: np.ndarray, kind: str = "cubic") -> Volume:
        result = Volume(data * np.float32(fine.scale), sub_affine(scan.affine, fine.start, fine.step))
        size = edge or (min(volume.spacing) if scan_voxels else own)
        if size < 0.999 * own or (edge and size > 1.001 * own):
            result = _isotropic(result, size, kind)
        return transposed(result, np.argsort(order).tolist())

    estimate = placed(_into_surroundings(levels[0], fine))
    if not interval:
        return Restored(estimate)
    # Distances, not ends: linear interpolation keeps them positive on the output grid.
    below, above = (placed(np.where(fine.mask, np.abs(end - levels[0]), 0), "linear") for end in levels[1:])
    return Restored(estimate, below, above)


def _check_likeness(estimate: np.ndarray, fine: FineScan) -> None:
    """Refuse an estimate that does not resemble the scan inside the brain.

    It happens where the scan is not what is assumed: a resolution far from the true one or copied voxels (nearest
    neighbour) make the inverse blow up, an offset in the intensities drowns what they show.
    """
    from scipy.ndimage import binary_erosion  # slow to import, and menus do not need it

    inner = binary_erosion(fine.mask, iterations=2)
    inner = inner if inner.any() else fine.mask
    ours, theirs = estimate[inner], fine.data[inner]
    if min(ours.std(), theirs.std()) < 1e-6:  # nothing to see
        return
    likeness = float(np.corrcoef(ours, theirs)[0, 1])
    if likeness < ALIKE:
        raise InputError(
            "the result does not resemble the scan (correlation {likeness:.2f}): give the scan before it was"
            " resampled, without an offset in its intensities, or state its resolution",
            likeness=likeness,
        )


def _evened(scan: Volume, mask: np.ndarray, run: Run) -> Volume:
    """`scan` without brightness differences between slices, which sharpening would turn into stripes."""
    gains = slice_gains(scan.data, mask)
    if np.all(gains == 1):
        return scan
    told = "brightness differs from slice to slice by up to {percent:.0f} %: corrected"
    run.report.log(Sentence(told, "slice-gains", percent=100 * np.ptp(np.log(gains))))
    return scan.with_data(scan.data / gains.astype(np.float32))


def _isotropic(volume: Volume, edge: float, kind: str) -> Volume:
    """`volume` on isotropic voxels of `edge` mm over the same field of view, interpolated by `kind`."""
    step = edge / np.array(volume.spacing)
    counts = np.array(volume.shape)
    shape = np.maximum(np.ceil(counts / step - 0.01).astype(int), 1)
    start = (counts - 1 - (shape - 1) * step) / 2
    return resample(volume, start, step, tuple(int(n) for n in shape), kind)


def _into_surroundings(estimate: np.ndarray, fine: FineScan) -> np.ndarray:
    """`estimate` inside the brain, interpolation outside, with a smooth blend entirely outside the brain."""
    share = np.minimum(2 * smoothed(fine.mask.astype(np.float32), [SEAM] * 3), 1)
    share[fine.mask] = 1
    return fine.data + share * (estimate - fine.data)
