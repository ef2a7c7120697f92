"""Bright spots of a T1w scan that the change of contrast would weaken: bleeding, contrast agent, vessels.

High field makes grey matter and fluid darker than white matter, and nothing brighter. A network that has learned this
takes a spot brighter than white matter for white matter between darker tissue, and returns half of its contrast. But
the scan says that it is brighter: where a matched filter finds it so beyond the noise, the result has to explain it.
"""

import numpy as np

from ....image.axis import FWHM_TO_SIGMA, smoothed
from ....physics.fine_scan import FineScan

SPOT = 5.0  # fine voxels: width of the matched filter
FIELD = 35.0  # fine voxels: width over which the coil's field changes little
SOFT = 3.0  # fine voxels: over which what is missing is averaged
BRIGHTER = 1.12  # than white matter around it; 1.03 raises the error of noisy scans by 7 %, 1.15 loses spots of 6 mm
CERTAIN, CERTAINLY = 2.5, 4.5  # standard deviations of the filtered noise from which a spot counts, and counts fully
DARKER = 0.3  # than white matter: what counts outside the brain, so that its rim is no spot
UNCHANGED = 0.93  # of the scan: what the network leaves at least of white matter
WHITE = 0.8  # of its bright percentile: what white matter has at least in a coil's field
BRIGHT = 85  # percentile of the brain that represents white matter
ERROR = 0.2  # prior standard deviation of what is missing, as a share of the brain's mean


def with_bright_spots(estimate: np.ndarray, scan: FineScan) -> np.ndarray:
    """`estimate` (fine voxels, high-field contrast), raised where the scan's brain is brighter than white matter."""
    inside = scan.sampling.forward(scan.mask.astype(np.float32)) > 0.5
    seen = scan.sampling.forward(estimate)
    if not inside.any():
        return estimate
    missing = _certainty(seen, scan, inside) * np.maximum(scan.scan - seen, 0)
    missing = smoothed(missing, SOFT * FWHM_TO_SIGMA * np.asarray(scan.step))  # else the scan's noise comes back
    raised = scan.sampling.consistent(estimate, seen + missing, damping=(scan.passing_noise / ERROR) ** 2)
    return np.where(scan.mask, raised, estimate)


def _certainty(seen: np.ndarray, scan: FineScan, inside: np.ndarray) -> np.ndarray:
    """How surely (0 to 1, on the scan's grid) each voxel belongs to a spot brighter than white matter."""
    from scipy import ndimage

    white = _white_matter(seen, scan, inside)
    sigma = SPOT * FWHM_TO_SIGMA * np.asarray(scan.step)
    excess = smoothed(np.where(inside, scan.scan - BRIGHTER * white, -DARKER * white), sigma)
    noise = scan.passing_noise * np.prod([_norm(float(s)) for s in sigma])
    sure = np.clip((excess / noise - CERTAIN) / (CERTAINLY - CERTAIN), 0, 1)
    return np.where(inside, ndimage.maximum_filter(sure, 3), 0).astype(np.float32)


def _white_matter(seen: np.ndarray, scan: FineScan, inside: np.ndarray) -> np.ndarray:
    """The brightness of white matter around each voxel, which follows the coil's field."""
    white = inside & (seen > UNCHANGED * scan.scan) & (seen > WHITE * np.percentile(seen[inside], BRIGHT))
    typical = float(np.median(seen[white] if white.any() else seen[inside]))
    sigma = FIELD * FWHM_TO_SIGMA * np.asarray(scan.step)
    share = smoothed(white.astype(np.float32), sigma, truncate=3)
    total = smoothed(np.where(white, seen, 0).astype(np.float32), sigma, truncate=3)
    return (total + 1e-3 * typical) / (share + 1e-3)


def _norm(sigma: float) -> float:
    """By how much a Gaussian filter along one axis reduces white noise."""
    from scipy import ndimage

    impulse = np.zeros(2 * int(4 * sigma + 1) + 1)
    impulse[len(impulse) // 2] = 1
    return float(np.linalg.norm(ndimage.gaussian_filter1d(impulse, sigma) if sigma > 0 else impulse))
