"""A scan resampled to fine isotropic voxels, with the operator that maps these to the scan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..image.axis import interpolation_matrix
from ..image.grid import check_grid
from .sampling import Sampling, apply_along, sampling_matrix

FAINTEST = 1e-3  # lower bound of the noise, as a share of the brain's mean
BYTES = 32  # peak memory per fine voxel; the Wiener filter needs 21
NARROWEST = 0.3  # fine voxels, of a point spread
TYPICAL = 0.03  # noise assumed if unknown, as a share of the brain's mean
USUAL_DENSITY = 0.1  # reference of log noise, per fine voxel
PRIOR_LENGTH = 4.0  # fine voxels: best of 1.5 to 30 on two validation subjects for four of five kinds of scan
PRIOR_SPREAD = 0.35  # of a brain's intensities about their mean of 1
Counts = Sequence[int] | np.ndarray  # voxels along each axis


@dataclass(frozen=True, eq=False)
class FineScan:
    """A scan on its own grid and linear estimates on a fine grid along the same axes; the brain's mean is 1.

    Args:
        scan: float32 on the scan's grid. data: its cubic-spline interpolation on the fine grid. mask: the brain there.
        sampling: A, from the fine to the scan's grid. width: full width at half maximum of the scan's point spread
            along each axis, in fine voxels. noise: its standard deviation in a voxel of the scan, None if unknown.
        shared: how many neighbouring voxels share the noise: 1 for white noise.
        start: of the fine grid, in voxels of the scan. step: edge of a fine voxel in voxels of the scan.
        scale: by which the scan was divided. transfer: give the result the contrast of high field (T1w only).
        quantiles: whether the result shall have its quantiles, where the method has any.
    """

    scan: np.ndarray
    data: np.ndarray
    mask: np.ndarray
    sampling: Sampling
    width: tuple[float, float, float]
    noise: float | None
    shared: float
    start: np.ndarray
    step: np.ndarray
    scale: float
    transfer: bool = False
    quantiles: bool = True

    @classmethod
    def of(
        cls,
        scan: np.ndarray,
        mask: np.ndarray,
        *,
        step: np.ndarray,
        width: np.ndarray,
        noise: float | None,
        shared: float = 1.0,
        scale: float | None = None,
        start: np.ndarray | None = None,
        shape: tuple[int, int, int] | None = None,
        transfer: bool = False,
        quantiles: bool = True,
    ) -> "FineScan":
        """`scan` and boolean `mask` on fine voxels that are `step` voxels of the scan wide along each axis.

        Args:
            width: in fine voxels. noise: in units of the scan. scale: None takes the mean inside the mask.
            start, shape: of the fine grid; None covers the scan's field of view to the outer edges of its voxels,
                centred.

        Raises:
            InputError: the brain is empty on the fine grid or not positive on average, or the grid is too large.
        """
        counts, step = np.array(scan.shape), np.asarray(step, float)
        # An extra voxel from rounding errors would shift the grid by half a voxel, where interpolation is worst.
        fine = np.maximum(np.ceil(counts / step - 0.01).astype(int), 1) if shape is None else np.array(shape)
        check_grid(fine.tolist(), each=BYTES)
        start = (counts - 1 - (fine - 1) * step) / 2 if start is None else np.asarray(start, float)
        inside = apply_along(mask.astype(np.float32), onto_fine(counts, start, step, fine, "linear")) > 0.5
        if scale is None:
            scale = float(scan[mask].mean(dtype=np.float64)) if mask.any() else 0.0
            if not scale > 0 or not inside.any():
                words = "mean intensity inside the brain is {scale:.4g}: give a scan in which 0 is no signal, or a mask"
                raise InputError(words, scale=scale)
        normal = (scan / scale).astype(np.float32)
        sampling = from_fine(counts, start, step, fine, width)
        told = None if noise is None else noise / scale
        x, y, z = (float(w) for w in width)
        data = apply_along(normal, onto_fine(counts, start, step, fine))
        return cls(normal, data, inside, sampling, (x, y, z), told, shared, start, step, scale, transfer, quantiles)

    @property
    def passing_noise(self) -> float:
        """Noise per voxel of the scan if it were white and equally strong at low frequencies, where anatomy is."""
        return max(TYPICAL if self.noise is None else self.noise, FAINTEST) * float(np.sqrt(self.shared))

    def with_noise_of_at_least(self, least: float) -> "FineScan":
        """The same scan, said to have a `passing_noise` of `least` if it is known to have less."""
        if self.noise is None or self.passing_noise >= least:
            return self
        return replace(self, noise=least / float(np.sqrt(self.shared)))

    @cached_property
    def linear(self) -> np.ndarray:
        """The best linear estimate of the fine image, float32: see `Sampling.posterior_mean`."""
        return self.linear_estimate()

    def linear_estimate(self, strength: float = 1.0) -> np.ndarray:
        """The same estimate, but assuming noise that is `strength` times as strong."""
        noise = strength * self.passing_noise
        return self.sampling.posterior_mean(self.scan, length=PRIOR_LENGTH, noise=noise, spread=PRIOR_SPREAD)

    @property
    def known(self) -> np.ndarray:
        """Scan parameters for a network, float32 (6,): log width of the point spread (fine voxels) along each axis; log
        noise density (invariant under resampling), or 0 if unknown; whether the noise is known; whether the result
        shall have the contrast of high field.
        """
        density = self.passing_noise / np.sqrt(np.prod(self.step))
        told = None if self.noise is None else np.log(density / USUAL_DENSITY) / 2
        return known_of(self.width, told, self.transfer)


def known_of(width: Sequence[float] | np.ndarray, noise: float | None, transfer: bool) -> np.ndarray:
    """`FineScan.known` from the width of the point spread, half the log noise density or None, and the contrast."""
    told = 0.0 if noise is None else noise
    width = np.log(np.maximum(width, NARROWEST))
    return np.array([*width, told, float(noise is not None), float(transfer)], np.float32)


def onto_fine(
    counts: Counts, start: np.ndarray, step: np.ndarray, fine: Counts, kind: str = "cubic"
) -> tuple[np.ndarray, ...]:
    """Matrices that interpolate a scan of `counts` voxels on a fine grid of `fine` voxels, see `FineScan`."""
    where = [s + d * np.arange(n) for s, d, n in zip(start, step, fine, strict=True)]
    return tuple(interpolation_matrix(n, x, kind) for n, x in zip(counts, where, strict=True))


def from_fine(
    counts: Counts,
    start: np.ndarray,
    step: np.ndarray,
    fine: Counts,
    width: Sequence[float] | np.ndarray,
) -> Sampling:
    """The operator from that fine grid to the scan's, whose point spread is `width` fine voxels wide."""
    return Sampling(
        tuple(
            sampling_matrix(n, (np.arange(m) - s) / d, w, own_width=1.0)
            for n, m, s, d, w in zip(fine, counts, start, step, width, strict=True)
        )
    )
