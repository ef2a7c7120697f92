"""The forward model on any grid: separable blur and sampling with any spacing, width and phase.

Per axis a is A_a = C_a G_a: the Gaussian or box blur G_a on the fine grid, then cubic interpolation C_a at the centres
of the coarse voxels. The operator is their Kronecker product, so its adjoint, and even the exact solution of its damped
least-squares problem, take three small matrix products.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ..errors import InputError
from ..image.axis import FWHM_TO_SIGMA, along, interpolation_matrix

Profile = Literal["gaussian", "box"]


def blur_matrix(count: int, width: float, profile: Profile = "gaussian") -> np.ndarray:
    """Blur matrix for `count` samples; `width` is the full width at half maximum in voxels, edges are replicated.

    A width of 0 is the identity. "box" is the mean over `width` voxels, which may be fractional.
    """
    if not 0 <= width < 64 or profile not in ("gaussian", "box"):
        raise InputError(
            "blur of {width} voxels with profile {profile!r}: choose 0 to 64 and gaussian or box",
            width=width,
            profile=profile,
        )
    from scipy.ndimage import convolve1d, gaussian_filter1d  # slow to import, and menus do not need it

    identity = np.eye(count)
    if width == 0:
        return identity
    if profile == "gaussian":
        return gaussian_filter1d(identity, width * FWHM_TO_SIGMA, axis=0, mode="nearest")
    reach = int(np.ceil(width / 2 + 0.5))
    offsets = np.arange(-reach, reach + 1)
    covered = np.minimum(offsets + 0.5, width / 2) - np.maximum(offsets - 0.5, -width / 2)
    weights = np.maximum(covered, 0)
    return convolve1d(identity, weights / weights.sum(), axis=0, mode="nearest")


def sampling_matrix(
    count: int, centres: np.ndarray, width: float, *, own_width: float = 0.0, profile: Profile = "gaussian"
) -> np.ndarray:
    """Rows that measure `count` fine voxels at fractional `centres` with a point spread of `width` (fine voxels).

    `own_width` is the width that the fine voxels already have; the blur adds only the difference to `width`.

    Returns:
        float32 (len(centres), count); each row sums to 1.
    """
    missing = float(np.sqrt(max(width**2 - own_width**2, 0.0)))
    taken = interpolation_matrix(count, np.asarray(centres, float))
    if missing < 0.2:  # voxels: too narrow to reach a neighbour
        return taken
    return (taken.astype(np.float64) @ blur_matrix(count, missing, profile)).astype(np.float32)


def apply_along(data: np.ndarray, matrices: tuple[np.ndarray, ...]) -> np.ndarray:
    """Apply one matrix (m_a, n_a) per axis to `data` (n_0, n_1, n_2), starting with the one that shrinks most."""
    for axis in sorted(range(3), key=lambda a: matrices[a].shape[0] / matrices[a].shape[1]):
        data = along(data, matrices[axis], axis)
    return data


@dataclass(frozen=True, eq=False)
class Sampling:
    """The linear operator A = A_0 x A_1 x A_2 from the fine to the scan's grid.

    Args:
        matrices: one (n_low, n_high) per axis, from `sampling_matrix`.
    """

    matrices: tuple[np.ndarray, ...]

    def forward(self, fine: np.ndarray) -> np.ndarray:
        """A x: (N_0, N_1, N_2) -> (n_0, n_1, n_2)."""
        return apply_along(fine, self.matrices)

    def adjoint(self, coarse: np.ndarray) -> np.ndarray:
        """A^T y; <A x, y> = <x, A^T y>."""
        return apply_along(coarse, tuple(matrix.T for matrix in self.matrices))

    def consistent(self, fine: np.ndarray, coarse: np.ndarray, *, damping: float) -> np.ndarray:
        """argmin |A z - y|^2 + damping |z - x|^2 for x = `fine`, y = `coarse`: x + A^T (A A^T + damping)^-1 (y - A x).

        Exact, not iterative: A A^T is a Kronecker product, so its eigenvectors are known axis by axis. `damping` is the
        ratio of the noise variance to the error variance of `fine`.
        """
        return fine + self.explaining(coarse - self.forward(fine), damping=damping)

    def explaining(self, misfit: np.ndarray, *, damping: float) -> np.ndarray:
        """A^T (A A^T + damping)^-1 r: the smallest change of a fine image that explains `misfit` r of the scan."""
        if not damping > 0:
            raise InputError("damping {damping}: it must be positive", damping=damping)
        values, vectors = self._spectra
        rotated = apply_along(misfit.astype(np.float64), tuple(v.T for v in vectors))
        rotated /= np.einsum("i,j,k->ijk", *values) + damping
        return self.adjoint(apply_along(rotated, vectors).astype(np.float32))

    def nearest(self, fine: np.ndarray, coarse: np.ndarray, damping: float) -> np.ndarray:
        """`consistent` for methods that call it in each iteration with the same float32 `coarse` array: half the work.

        A is turned into the eigenvectors of A A^T once, so only two products are left.
        """
        turned, vectors = self._turned
        values = self._spectra[0]
        misfit = apply_along(coarse, tuple(v.T for v in vectors)) - turned.forward(fine)
        misfit /= (np.einsum("i,j,k->ijk", *values) + damping).astype(np.float32)
        return fine + turned.adjoint(misfit)

    def posterior_mean(self, coarse: np.ndarray, *, length: float, noise: float, spread: float) -> np.ndarray:
        """The best linear estimate of x from y = A x + noise: s^2 K A^T (s^2 A K A^T + n^2)^-1 y (Wiener, kriging).

        The prior is a Gaussian process with covariance exp(-distance / length) along each axis, which gives the
        spectrum of natural images. Exact, because A K A^T is a Kronecker product as well.

        Args:
            length: of the prior, fine voxels. spread: its standard deviation s. noise: standard deviation n of a coarse
                voxel; both in units of `coarse`.
        """
        if not (length > 0 and noise > 0 and spread > 0):
            raise InputError(
                "length {length}, noise {noise} and spread {spread} must be positive",
                length=length,
                noise=noise,
                spread=spread,
            )
        values, vectors, to_fine = self.prior_spectra(length)
        rotated = apply_along(coarse.astype(np.float64), tuple(vector.T for vector in vectors))
        rotated /= np.einsum("i,j,k->ijk", *values) + (noise / spread) ** 2
        return apply_along(rotated.astype(np.float32), to_fine)

    def prior_spectra(self, length: float) -> tuple[tuple[np.ndarray, ...], ...]:
        """For `posterior_mean`, along each axis: eigenvalues and eigenvectors V of A K A^T, and K A^T V (float32)."""
        values, vectors, to_fine = [], [], []
        for matrix in self.matrices:
            distance = np.abs(np.subtract.outer(np.arange(matrix.shape[1]), np.arange(matrix.shape[1])))
            crossed = matrix.astype(np.float64) @ np.exp(-distance / length)
            value, vector = np.linalg.eigh(crossed @ matrix.T)
            values.append(np.maximum(value, 0))
            vectors.append(vector)
            to_fine.append((vector.T @ crossed).T.astype(np.float32))
        return tuple(values), tuple(vectors), tuple(to_fine)

    @cached_property
    def _turned(self) -> tuple["Sampling", tuple[np.ndarray, ...]]:
        """V^T A and V, float32: A in the basis of the eigenvectors V of A A^T."""
        vectors = self._spectra[1]
        turned = tuple((v.T @ m).astype(np.float32) for v, m in zip(vectors, self.matrices, strict=True))
        return Sampling(turned), tuple(v.astype(np.float32) for v in vectors)

    @cached_property
    def _spectra(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        grams = [matrix.astype(np.float64) @ matrix.astype(np.float64).T for matrix in self.matrices]
        pairs = [np.linalg.eigh(gram) for gram in grams]
        return tuple(np.maximum(value, 0) for value, _ in pairs), tuple(vector for _, vector in pairs)
