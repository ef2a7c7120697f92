"""Does a scan show T1w contrast? By how bright the brain is at each depth below its surface.

In T1w white matter, which lies deep, is the brightest tissue; fluid, which lies on the surface and deepest, is dark. In
FLAIR fluid is dark too, but cortex is at least as bright as white matter; in PDw, T2w and T2* it is brighter. A
logistic regression tells them apart, learned from scans that were simulated in these contrasts
(`docs/reproduce/t1w_likeness.py`). A false "T1w" would give a FLAIR scan the contrast of another sequence, so doubt
counts as no.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from .axis import FWHM_TO_SIGMA, smoothed
from .modality import depths_below_surface

WEIGHTS = Path(__file__).with_name("t1w.json")
SHELLS = (2.0, 4.0, 6.0, 9.0, 13.0, 18.0)  # mm below the surface, where each begins; the last has no end
SHARES = (10, 25, 50, 75, 90)  # percentiles of the brightness in each
SOFT = 4.0  # mm, width over which noise is averaged
FIELD = 35.0  # mm, width of the mean that takes out the coil's field
BOUNDS = (0.0, 3.0)  # of relative brightness: beyond, the mean is hardly above 0
FEW = 50  # voxels: shells with fewer tell nothing
LIKELY = 0.6  # from here a scan is taken as T1w without a name
POSSIBLE = 0.01  # from here a name is believed
UNTOLD = 0.3  # between the two: of scans unlike all that the rule learned from, such as masks far from the brain


def t1w_probability(data: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...]) -> float:
    """How likely (0 to 1) the brain, the boolean `mask` of `data` with voxels of `spacing` mm, has T1w contrast;
    `UNTOLD` where its brightness is outside the range of what the rule learned from."""
    from scipy.special import expit

    seen, told = brightness_by_depth(data, mask, spacing), _regression()
    if np.any((seen < told["least"]) | (seen > told["most"])):
        return UNTOLD
    return float(expit(seen @ told["weights"] + told["intercept"]))


def brightness_by_depth(data: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """Percentiles (`SHARES`) of brightness, relative to the mean around, in each of `SHELLS`: (30,), shell by shell."""
    from scipy.ndimage import find_objects

    box, shape = find_objects(mask.astype(np.uint8))[0], mask.shape
    brain = mask[box]
    values = np.where(brain, data[box], 0).astype(np.float32)

    def mean(width: float) -> np.ndarray:
        sigma = width * FWHM_TO_SIGMA / np.asarray(spacing)
        share = smoothed(brain.astype(np.float32), sigma, box=box, shape=shape)[brain]
        return smoothed(values, sigma, box=box, shape=shape)[brain] / np.maximum(share, 1e-3)

    relative = np.clip(mean(SOFT) / np.maximum(mean(FIELD), 1e-6), *BOUNDS)
    shell = np.digitize(depths_below_surface(mask, spacing), SHELLS) - 1
    parts = [relative[shell == number] for number in range(len(SHELLS))]
    rows = [np.percentile(part, SHARES) if len(part) > FEW else np.ones(len(SHARES)) for part in parts]
    return np.concatenate(rows)


@lru_cache(maxsize=1)
def _regression() -> dict[str, np.ndarray]:
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {name: np.array(told[name]) for name in ("weights", "intercept", "least", "most")}
