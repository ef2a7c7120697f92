"""Along one axis: matrices applied to slices, and interpolation between them with slice-centre geometry."""

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
    count = low.shape[-1]
    return along_slices(low, interpolation_matrix(count, np.arange(count * factor) / factor, kind))
