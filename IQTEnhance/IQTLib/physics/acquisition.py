"""The forward model of a thick-slice low-field scan: Y = a * (S G X) + noise (Lin 2022; Eldaly 2024, eq. 1).

G blurs along the slice axis by the slice thickness, S keeps every t-th slice, and a is the tissue contrast. The slice
axis is always the last one. G and S act along that axis only, so together they form one small dense matrix A of shape
(n_low, n_high); its adjoint and pseudo-inverse are exact and cost one matrix product.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..image.axis import FWHM_TO_SIGMA, along_slices


@dataclass(frozen=True)
class SliceProfile:
    """Slice thickness and gap in high-field voxels; `factor` = thickness + gap is the slice spacing t."""

    thickness: int
    gap: int = 0

    def __post_init__(self) -> None:
        if self.thickness < 1 or self.gap < 0:
            raise InputError(
                "slice thickness {thickness} and gap {gap}: need thickness >= 1 and gap >= 0",
                thickness=self.thickness,
                gap=self.gap,
            )
        if not 2 <= self.factor <= 8:
            raise InputError("slice factor {factor} (thickness + gap) is outside 2 to 8", factor=self.factor)

    @property
    def factor(self) -> int:
        return self.thickness + self.gap

    @property
    def sigma(self) -> float:
        """Standard deviation of the slice profile in high-field voxels; the gap does not blur."""
        return self.thickness * FWHM_TO_SIGMA if self.thickness > 1 else 0.0

    @classmethod
    def for_factor(cls, factor: int) -> "SliceProfile":
        """Three parts slice to one part gap, as in the published simulator for 8 (6+2): 4 -> 3+1, 2 -> 2+0."""
        gap = round(factor / 4)
        return cls(factor - gap, gap)


@dataclass(frozen=True)
class Acquisition:
    """The linear part of the forward model along the last axis.

    Args:
        profile: slice thickness and gap.
        slices: number n_low of low-field slices; the high-field side has n_high = n_low * factor.
        contrast: tissue factor a on the low-field grid (..., n_low), or None for 1.

    Low-field slice k is centred on high-field slice k * factor: no half-voxel shift.
    """

    profile: SliceProfile
    slices: int
    contrast: np.ndarray | None = None

    @cached_property
    def matrix(self) -> np.ndarray:
        """A, shape (n_low, n_high): rows k*t of the Gaussian blur matrix with edges replicated."""
        from scipy.ndimage import gaussian_filter1d  # slow to import, and listing models does not need it

        identity = np.eye(self.slices * self.profile.factor)
        if self.profile.sigma:
            identity = gaussian_filter1d(identity, self.profile.sigma, axis=0, mode="nearest")
        return identity[:: self.profile.factor].astype(np.float32)

    def forward(self, high: np.ndarray) -> np.ndarray:
        """A X, contrast applied: (..., n_high) -> (..., n_low)."""
        low = along_slices(high, self.matrix)
        return low if self.contrast is None else self.contrast * low

    def mask(self, high: np.ndarray) -> np.ndarray:
        """Low-field voxels that lie mostly inside a mask: bool (..., n_high) -> (..., n_low)."""
        return along_slices(high.astype(np.float32), self.matrix) > 0.5

    def adjoint(self, low: np.ndarray) -> np.ndarray:
        """A^T Y: (..., n_low) -> (..., n_high); <forward(x), y> = <x, adjoint(y)>."""
        return along_slices(low if self.contrast is None else self.contrast * low, self.matrix.T)

    def pseudo_inverse(self, low: np.ndarray, *, damping: float = 0.0) -> np.ndarray:
        """A^T (A A^T + damping I)^-1 (Y / a): the smallest X that explains Y; with damping, the Tikhonov solution.

        Where the contrast a is zero, nothing was measured and the result is zero.
        """
        if self.contrast is not None:
            low = np.divide(low, self.contrast, out=np.zeros_like(low), where=self.contrast > 1e-6)
        return along_slices(low, self._right_inverse(damping).T)

    def consistent(self, high: np.ndarray, low: np.ndarray, *, damping: float) -> np.ndarray:
        """Move `high` to explain `low`: X + A^+ (Y - A X)."""
        return high + self.pseudo_inverse(low - self.forward(high), damping=damping)

    def _right_inverse(self, damping: float) -> np.ndarray:
        matrix = self.matrix.astype(np.float64)
        gram = matrix @ matrix.T + damping * np.eye(self.slices)
        return np.linalg.solve(gram, matrix).astype(np.float32)
