"""The two priors of LRTV, for images (x, y, z) that may be one voxel thick along an axis: total variation, low rank.

Both are norms, so each needs two things only: its value, and the projection on the ball of its dual norm.
"""

import numpy as np


def gradient(image: np.ndarray, axis: int, out: np.ndarray) -> np.ndarray:
    """Forward differences along `axis` into `out`, 0 at the last voxel."""
    front, back = _halves(axis)
    np.subtract(image[back], image[front], out=out[front])
    out[_last(axis)] = 0
    return out


def add_adjoint(field: np.ndarray, axis: int, out: np.ndarray) -> None:
    """Add the adjoint of `gradient` (minus the divergence) of `field` to `out`; the last voxel of `field` counts 0."""
    front, back = _halves(axis)
    out[back] += field[front]
    out[front] -= field[front]


def total_variation(image: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Sum of the gradients' lengths (isotropic), each times its weight."""
    lengths = _lengths([gradient(image, axis, np.empty_like(image)) for axis in real_axes(image.shape)])
    return float(np.sum(lengths if weights is None else lengths * weights, dtype=np.float64))


def into_tv_ball(fields: list[np.ndarray], radius: float | np.ndarray) -> None:
    """Project a vector field, one array per axis, on lengths of at most `radius`: the dual ball of total variation."""
    lengths = _lengths(fields)
    np.maximum(lengths, radius, out=lengths)
    np.divide(radius, lengths, out=lengths, where=lengths > 0)
    for field in fields:
        field *= lengths


def nuclear_norm(image: np.ndarray, axis: int) -> float:
    """Sum of the singular values of the unfolding of `image` along `axis`."""
    return float(np.sqrt(_spectrum(image, axis)[0]).sum())


def into_spectral_ball(image: np.ndarray, axis: int, radius: float) -> np.ndarray:
    """`image` with the singular values of its unfolding along `axis` cut to `radius`: the nuclear norm's dual ball.

    What is cut off, `image` minus this, is the singular value soft threshold (Cai 2010). Only the small Gram matrix is
    decomposed.
    """
    squares, vectors = _spectrum(image, axis, np.float32)  # enough: none is much larger than the radius
    kept = np.minimum(1, radius / np.sqrt(np.maximum(squares, 1e-30)))
    if kept.min() == 1:
        return image
    matrix = ((vectors * kept) @ vectors.T).astype(image.dtype)
    return _folded(matrix @ unfolded(image, axis), axis, image.shape)


def real_axes(shape: tuple[int, ...]) -> list[int]:
    """Axes with more than one voxel."""
    return [axis for axis, count in enumerate(shape) if count > 1]


def unfoldings(shape: tuple[int, ...]) -> list[int]:
    """Axes whose unfoldings differ: the two of a single slice are transposes of each other."""
    axes = real_axes(shape)
    return axes[:1] if len(axes) == 2 else axes


def unfolded(image: np.ndarray, axis: int) -> np.ndarray:
    """The matrix (n_axis, all others)."""
    return np.moveaxis(image, axis, 0).reshape(image.shape[axis], -1)


def _folded(matrix: np.ndarray, axis: int, shape: tuple[int, ...]) -> np.ndarray:
    rest = [count for other, count in enumerate(shape) if other != axis]
    return np.ascontiguousarray(np.moveaxis(matrix.reshape(shape[axis], *rest), 0, axis))


def _spectrum(image: np.ndarray, axis: int, precision: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Squared singular values of the unfolding and its left singular vectors."""
    matrix = unfolded(image, axis)
    values, vectors = np.linalg.eigh((matrix @ matrix.T).astype(precision))
    return np.maximum(values, 0), vectors


def _lengths(fields: list[np.ndarray]) -> np.ndarray:
    squares = fields[0] * fields[0]
    for field in fields[1:]:
        squares += field * field
    return np.sqrt(squares, out=squares)


def _halves(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    before = (slice(None),) * axis
    return (*before, slice(None, -1)), (*before, slice(1, None))


def _last(axis: int) -> tuple[slice, ...]:
    return (*(slice(None),) * axis, slice(-1, None))
