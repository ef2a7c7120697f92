"""Along one axis: matrices applied to slices, and interpolation between them with slice-centre geometry."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..errors import InputError

INTERPOLATIONS = ("nearest", "linear", "cubic")
FWHM_TO_SIGMA = 1 / np.sqrt(8 * np.log(2))


def along_slices(data: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Apply `matrix` (m, n) along the last axis: (..., n) -> (..., m), as one product of two plain matrices.

    The result keeps the memory order of `data` (in arrays from files the last axis varies slowest), which avoids
    copies.
    """
    if data.flags.f_contiguous and not data.flags.c_contiguous:
        rows = data.reshape(-1, data.shape[-1], order="F")
        return (matrix @ rows.T).T.reshape(*data.shape[:-1], len(matrix), order="F")
    rows = np.ascontiguousarray(data).reshape(-1, data.shape[-1])
    return (rows @ np.ascontiguousarray(matrix.T)).reshape(*data.shape[:-1], len(matrix))


def along(data: np.ndarray, matrix: np.ndarray, axis: int) -> np.ndarray:
    """Apply `matrix` (m, n) along an axis of n voxels of `data` (i, j, k): products of plain matrices, without a copy.

    The result is contiguous in the order of its axes; `data` in that order is fastest.
    """
    data = np.ascontiguousarray(data)
    if axis == 0:
        return (matrix @ data.reshape(len(data), -1)).reshape(-1, *data.shape[1:])
    if axis == 1:
        return np.matmul(matrix, data)
    return (data.reshape(-1, data.shape[2]) @ matrix.T).reshape(*data.shape[:2], -1)


def smoothed(
    data: np.ndarray,
    sigma: Sequence[float] | np.ndarray,
    *,
    truncate: float = 4.0,
    mode: str = "reflect",
    box: tuple[slice, ...] | None = None,
    shape: tuple[int, ...] | None = None,
) -> np.ndarray:
    """float32 `data` (i, j, k) under a Gaussian of deviations `sigma` (voxels), as by scipy's `gaussian_filter`.

    One matrix product per axis: wide filters take a tenth of the time, because a processor multiplies matrices several
    times faster than it moves a window. With `box`, `data` is that part of a volume of `shape` that is zero elsewhere,
    and the result is the same part of the volume's.
    """
    for axis, width in enumerate(sigma):
        part = slice(None) if box is None else box[axis]
        count = data.shape[axis] if shape is None else shape[axis]
        if width > 0:
            data = along(data, smoothing_matrix(count, float(width), truncate, mode)[part, part], axis)
    return data


@lru_cache(maxsize=32)
def smoothing_matrix(count: int, sigma: float, truncate: float = 4.0, mode: str = "reflect") -> np.ndarray:
    """Weights (count, count), float32, of a Gaussian along an axis."""
    from scipy.ndimage import gaussian_filter1d  # slow to import, and menus do not need it

    return gaussian_filter1d(np.eye(count), sigma, axis=0, mode=mode, truncate=truncate).astype(np.float32)


def interpolation_matrix(count: int, positions: np.ndarray, kind: str = "cubic") -> np.ndarray:
    """Weights (len(positions), count) that interpolate `count` samples at fractional `positions`.

    `cubic` is the natural cubic spline: the identity at samples, exact for a linear ramp. Outside the samples the edge
    value is repeated, so nothing is extrapolated.
    """
    if kind not in INTERPOLATIONS:
        raise InputError(
            "interpolation {kind!r}: choose one of {interpolations}",
            kind=kind,
            interpolations=", ".join(INTERPOLATIONS),
        )
    positions = np.clip(positions, 0, count - 1)
    if kind == "cubic" and count > 2:
        from scipy.interpolate import CubicSpline  # slow to import

        return CubicSpline(np.arange(count), np.eye(count), bc_type="natural")(positions).astype(np.float32)
    if kind == "nearest" or count == 1:
        return np.eye(count, dtype=np.float32)[np.floor(positions + 0.5).astype(int)]
    base = np.minimum(positions.astype(int), count - 2)
    weights = np.zeros((len(positions), count), np.float32)
    rows = np.arange(len(positions))
    weights[rows, base] = 1 - (positions - base)
    weights[rows, base + 1] = positions - base
    return weights


def upsample_slices(low: np.ndarray, factor: int, kind: str = "cubic") -> np.ndarray:
    """(..., n) -> (..., n * factor): high-field slice m is interpolated at low-field coordinate m / factor."""
    return along_slices(low, _finer(low.shape[-1], factor, kind))


@lru_cache(maxsize=32)
def _finer(count: int, factor: int, kind: str) -> np.ndarray:
    return interpolation_matrix(count, np.arange(count * factor) / factor, kind)
