"""Estimate brightness differences between slices, as interleaved acquisition causes them, inside the brain."""

import numpy as np

FEWEST = 200  # brain voxels that three neighbouring slices must share
DIM = 0.3  # voxels below this share of the brain's mean are ignored: their ratios are noise
EVEN = 0.02  # typical log difference of neighbours that anatomy alone can explain
SLOW = 0.3  # weight that preserves changes over five or more slices, which may be anatomy


def slice_gains(data: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Gain of each slice along the last axis relative to its neighbours, float (n,), about 1.

    Each slice is compared with the geometric mean of its two neighbours, by the median over the brain voxels that all
    three share. Anatomy changes smoothly and cancels; a slice that is too bright does not. The gains solve a damped
    least-squares problem in these second differences. Slices with too little brain have gain 1, and so have all slices
    of a scan with even brightness.
    """
    count = data.shape[2]
    if count < 3 or not mask.any():
        return np.ones(count)
    bright = mask & (data > max(DIM * data[mask].mean(), 0))
    logs = np.log(np.where(bright, data, 1))
    rows, right, weights = [], [], []
    for k in range(1, count - 1):
        inside = bright[..., k - 1] & bright[..., k] & bright[..., k + 1]
        if inside.sum() < FEWEST:
            continue
        difference = logs[..., k][inside] - (logs[..., k - 1][inside] + logs[..., k + 1][inside]) / 2
        row = np.zeros(count)
        row[k - 1 : k + 2] = -0.5, 1, -0.5
        rows.append(row)
        right.append(np.median(difference))
        weights.append(inside.sum())
    if not rows or np.median(np.abs(right)) < EVEN:
        return np.ones(count)
    matrix, share = np.array(rows), np.array(weights) / max(weights)  # in small slices at the ends anatomy dominates
    solution = np.linalg.solve((matrix.T * share) @ matrix + SLOW * np.eye(count), (matrix.T * share) @ np.array(right))
    return np.exp(solution)
