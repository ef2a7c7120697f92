"""Data consistency weighed by the network's own doubt, for scans in a contrast that it hardly knows.

`Sampling.consistent` takes the network's error to be the same everywhere, which holds for T1w and nearly for FLAIR. In
T2w, which training had little of, the network loses fine bright fluid, and knows that it is unsure there. Then the
estimate has to explain the scan where the interval is wide, and may smooth noise away where it is narrow.
"""

import numpy as np

from ....physics.fine_scan import FineScan

KNOWN, UNKNOWN = 0.86, 0.92  # rms misfit over noise: T1w 0.76 to 0.80, FLAIR 0.83 to 0.86, T2w 0.93 to 1.07
QUIET = 0.03  # noise, share of the brain's mean, below which the misfit tells of the operator rather than the network
STEPS = 12  # of conjugate gradients; 20 change the error by less than 1 %
CLOSE = 1e-10  # of the squared misfit: nothing is left to explain
LEAST = 1e-3  # half-width, share of the brain's mean


def consistent(estimate: np.ndarray, half_width: np.ndarray, scan: FineScan, error: float) -> np.ndarray:
    """`estimate` (fine voxels) moved to explain the scan as far as its noise allows.

    Args:
        half_width: of the network's 90 % interval, fine voxels, in units of `estimate`. It is taken for the standard
            deviation of the error, of which it would be 1.64 times: errors in T2w and FLAIR were 1.6 times as large as
            the network expects.
        error: the standard deviation in contrasts that the network knows, in the same units.
    """
    damping = (scan.with_noise_of_at_least(QUIET).passing_noise / error) ** 2
    plain = scan.sampling.consistent(estimate, scan.scan, damping=damping)
    share = _unknown(estimate, scan)
    if not share:
        return plain
    return plain + share * (_explained(estimate, np.maximum(half_width, LEAST) ** 2, scan) - plain)


def _unknown(estimate: np.ndarray, scan: FineScan) -> float:
    """0 if the misfit is what is left of the noise in contrasts that the network knows, 1 if it is clearly more."""
    inside = scan.sampling.forward(scan.mask.astype(np.float32)) > 0.5
    if scan.noise is None or scan.passing_noise < QUIET or not inside.any():
        return 0.0
    misfit = (scan.scan - scan.sampling.forward(estimate))[inside]
    ratio = float(np.sqrt(np.mean(misfit**2))) / scan.passing_noise
    return float(np.clip((ratio - KNOWN) / (UNKNOWN - KNOWN), 0, 1))


def _explained(estimate: np.ndarray, variance: np.ndarray, scan: FineScan) -> np.ndarray:
    """argmin |A z - y|^2 / n^2 + |z - x|^2 / w: x + W A^T (A W A^T + n^2)^-1 (y - A x), by conjugate gradients."""
    forward, adjoint, noise = scan.sampling.forward, scan.sampling.adjoint, scan.passing_noise**2
    residual = scan.scan - forward(estimate)
    found, direction = np.zeros_like(residual), residual.copy()
    length = float(np.vdot(residual, residual))
    enough = CLOSE * length
    for _ in range(STEPS):
        if length <= enough:
            break
        applied = forward(variance * adjoint(direction)) + noise * direction
        step = length / float(np.vdot(direction, applied))
        found += step * direction
        residual = residual - step * applied
        shorter = float(np.vdot(residual, residual))
        direction = residual + shorter / length * direction
        length = shorter
    return estimate + variance * adjoint(found)
