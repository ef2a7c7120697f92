"""What LRTV and its relatives restore from: a scan, how it was sampled, how it is enlarged, how noisy it is."""

from dataclasses import dataclass

import numpy as np

from ...image.axis import interpolation_matrix
from ...physics.fine_scan import FineScan
from ...physics.sampling import Sampling


@dataclass(frozen=True, eq=False)
class Observed:
    """A scan y = A x + noise; a slice is a volume one voxel thick.

    Args:
        scan: y, float32 (x, y, z). sampling: A. enlarging: interpolation of the scan on the fine grid.
        noise: standard deviation of the noise at low frequencies, in units of `scan`; 0: none.
    """

    scan: np.ndarray
    sampling: Sampling
    enlarging: Sampling
    noise: float = 0.0

    @property
    def density(self) -> float:
        """Fine voxels to one of the scan: the weight that makes the data term independent of the scan's grid."""
        return float(np.prod([matrix.shape[1] / matrix.shape[0] for matrix in self.sampling.matrices]))

    def enlarged(self, kind: str = "given") -> np.ndarray:
        """The scan on the fine grid: by `enlarging`, or "nearest"."""
        if kind == "given":
            return self.enlarging.forward(self.scan).astype(np.float32)
        nearest = [np.eye(m.shape[1], dtype=np.float32)[np.abs(m).argmax(1)] for m in self.enlarging.matrices]
        return Sampling(tuple(nearest)).forward(self.scan)


def of_brain(fine: FineScan, margin: int) -> tuple[Observed, tuple[slice, ...]]:
    """The part of `fine` within `margin` fine voxels of the brain, and where it lies on the fine grid."""
    box, scan_box, matrices, enlarging = [], [], [], []
    for axis, matrix in enumerate(fine.sampling.matrices):
        inside = np.flatnonzero(fine.mask.any(axis=tuple(other for other in range(3) if other != axis)))
        low, high = max(inside[0] - margin, 0), min(inside[-1] + margin + 1, matrix.shape[1])
        centres = (np.arange(matrix.shape[0]) - fine.start[axis]) / fine.step[axis]
        rows = np.flatnonzero((centres > low - 0.5) & (centres < high - 0.5))
        if not rows.size:
            rows = np.array([np.abs(centres - (low + high - 1) / 2).argmin()])
        part = matrix[rows[0] : rows[-1] + 1, low:high]
        matrices.append(part / part.sum(axis=1, keepdims=True))  # what lies outside counts as the edge's mean
        where = fine.start[axis] + fine.step[axis] * np.arange(low, high) - rows[0]
        enlarging.append(interpolation_matrix(len(rows), where))
        box.append(slice(low, high))
        scan_box.append(slice(rows[0], rows[-1] + 1))
    sampling = Sampling(tuple(matrices))
    scan = np.ascontiguousarray(fine.scan[tuple(scan_box)])
    return Observed(scan, sampling, Sampling(tuple(enlarging)), fine.passing_noise), tuple(box)
