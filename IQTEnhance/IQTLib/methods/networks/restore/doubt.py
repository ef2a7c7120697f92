"""Where scan and estimate disagree, the truth may lie on the scan's side: intervals that reach there.

A network that has seen few lesions takes one for tissue, and is sure of it. The scan still shows it: what the estimate
would look like to the scanner is darker or brighter there than the scan with the estimate's contrast (the best monotone
curve and a smooth field, `physics.support.likened`). Where this difference exceeds its usual spread, the interval is
shifted towards what would explain it, and holds both.
"""

import numpy as np

from ....image.axis import FWHM_TO_SIGMA, smoothed
from ....physics.fine_scan import FineScan
from ....physics.support import likened

WIDTH = 3.0  # fine voxels over which scan and estimate are averaged before they are compared
TOP = 95  # percentile of the brain above which brightness counts as it is: high field spreads what is darker
USUAL = 1.0  # standard deviations of the difference over the brain that need no explanation
ERROR = 0.05  # root of the damping: smaller ones follow the scan more closely, but also its noise
SAFETY = 4.0  # an unresolved spot differs more than the scan shows


def reaching_scan(levels: np.ndarray, scan: FineScan) -> np.ndarray:
    """`levels` (estimate, lower, upper; fine voxels), the last two moved in place to where the scan says otherwise.

    The interval shrinks nowhere, so what a calibration has found for it still holds.
    """
    shift = SAFETY * scan.sampling.explaining(_otherwise(levels[0], scan), damping=ERROR**2)
    shift[~scan.mask] = 0
    levels[1] += np.minimum(shift, 0)
    levels[2] += np.maximum(shift, 0)
    return levels


def _otherwise(estimate: np.ndarray, scan: FineScan) -> np.ndarray:
    """By how much the scan differs from what `estimate` would look like, beyond the usual; on the scan's grid."""
    seen = scan.sampling.forward(estimate)
    inside = scan.sampling.forward(scan.mask.astype(np.float32)) > 0.5
    missing = np.zeros_like(seen)
    if inside.any():
        box = tuple(slice(where.min(), where.max() + 1) for where in np.nonzero(inside))
        brain = inside[box]
        ours, theirs = (_averaged(data[box], brain, scan.step) for data in (scan.scan, seen))
        top = float(np.percentile(ours[brain], TOP))
        wanted = likened(np.minimum(ours, top), theirs, brain) + np.maximum(ours - top, 0)
        difference = np.where(brain, wanted - theirs, 0)
        usual = USUAL * 1.4826 * float(np.median(np.abs(difference[brain])))
        missing[box] = np.sign(difference) * np.maximum(np.abs(difference) - usual, 0)
    return missing


def _averaged(data: np.ndarray, inside: np.ndarray, step: np.ndarray) -> np.ndarray:
    """`data` blurred inside the brain only, so that what surrounds it does not count."""
    sigma = WIDTH * FWHM_TO_SIGMA * np.asarray(step)
    return smoothed(np.where(inside, data, 0), sigma) / (smoothed(inside.astype(np.float32), sigma) + 1e-3)
