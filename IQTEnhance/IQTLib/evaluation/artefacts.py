"""What networks can add to a real scan, seen without a truth: seams, a halo around the brain, bright points.

Halo and points are relative to the interpolated scan, which has none of them.
"""

import numpy as np
from scipy import ndimage

EDGE = 3  # voxels inside the mask where points do not count: the brain's border has corners
SPOT, AROUND = 3, 4  # voxels: a point's radius, and the radius of the shell that it is compared with
RAISED = 0.25  # of the brain's mean: height above the shell from which a voxel counts as a point
SHOWN = 1 / 3  # of a point's height that the scan must show nearby


def seam(estimate: np.ndarray, otherwise_cut: np.ndarray, mask: np.ndarray) -> float:
    """Largest step from plane to plane, as a share of the brain's mean, by which estimates of two tilings differ.

    Anatomy is the same in both and cancels. A step is the mean over the part of a plane that lies in the brain, at
    least a tenth of the largest such part: an eye sees a line from about 0.02 on.
    """
    change, mean = otherwise_cut - estimate, estimate[mask].mean()
    largest = 0.0
    for axis in range(3):
        moved, inside = np.moveaxis(change, axis, 0), np.moveaxis(mask, axis, 0)
        both = inside[1:] & inside[:-1]
        counts = both.sum((1, 2))
        steps = np.abs(np.where(both, np.diff(moved, axis=0), 0).sum((1, 2))) / np.maximum(counts, 1)
        largest = max(largest, float(steps[counts > 0.1 * counts.max()].max()))
    return largest / float(mean)


def halo(estimate: np.ndarray, scan: np.ndarray, mask: np.ndarray) -> float:
    """Mean of `estimate - scan` 1 to 4 voxels outside the mask, as a share of the brain's mean; negative: darker."""
    near = ndimage.binary_dilation(mask, iterations=4) & ~ndimage.binary_dilation(mask, iterations=1)
    return float((estimate - scan)[near].mean() / scan[mask].mean())


def unseen_points(estimate: np.ndarray, scan: np.ndarray, mask: np.ndarray) -> int:
    """Bright points of `estimate` of which `scan` shows less than a third of the height within a voxel."""
    inner = ndimage.binary_erosion(mask, iterations=EDGE)
    mean = scan[mask].mean()
    height, shown = (_height(data / mean) for data in (estimate, scan))
    peaks = inner & (estimate == ndimage.maximum_filter(estimate, 2 * SPOT - 1)) & (height > RAISED)
    return int((peaks & (ndimage.maximum_filter(shown, 3) < SHOWN * height)).sum())


def _height(data: np.ndarray) -> np.ndarray:
    """Of each voxel above the mean of the shell around it."""
    x, y, z = np.ogrid[-AROUND : AROUND + 1, -AROUND : AROUND + 1, -AROUND : AROUND + 1]
    grid = x**2 + y**2 + z**2
    shell = ((grid <= AROUND**2) & (grid > SPOT**2)).astype(np.float32)
    return data - ndimage.convolve(data.astype(np.float32), shell / shell.sum())
