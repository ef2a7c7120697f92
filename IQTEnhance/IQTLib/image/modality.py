"""The contrast of a scan: T1w or another one, by its name or series description and by what its voxels show."""

import re
from dataclasses import dataclass

import numpy as np

from .axis import FWHM_TO_SIGMA, smoothed

T1W = "T1w"
MODALITIES = (T1W, "T2w", "FLAIR", "T2starw", "PDw")
# Words in file names and series descriptions, in this order: FLAIR is also written "t2_flair", T2* contains T2.
WORDS = (
    ("FLAIR", r"flair|dark.?fluid"),
    ("T2starw", r"t2.?starw?|t2\*|swi|swan|medic|gre.?t2"),
    ("PDw", r"pdw?|proton.?density"),
    ("T2w", r"t2w?|t2.?(?:tse|fse|space|weighted)"),
    (T1W, r"t1w?|t1.?(?:tse|se|weighted)|mp2?rage|spgr|bravo|tfl|tfe|unit1"),
)
DEEPER, SHALLOW = (
    1.1,
    0.9,
)  # ratio of depths: T1w 1.1 or more without a strong coil field, T2w 0.7 to 1.1, FLAIR 0.7 to 1.0
RISING, STEEP = 0.2, 0.4  # correlation with depth: T1w 0.2 to 0.65 (noise lowers it), FLAIR to 0.32, T2w to 0.23
REACH = 12.0  # mm below the surface, where grey matter gives way to white
FIELD = 35.0  # mm, width of the mean that takes out the coil's field
SAMPLE = 20_000
START = (5, 40, 85)  # percentiles: fluid, grey and white matter of a T1w brain


def named(text: str) -> str:
    """The modality that a file name or a series description states, one of `MODALITIES`, or "" if none."""
    for modality, words in WORDS:
        if re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z])", text.lower()):
            return modality
    return ""


def stated(*texts: str, weighting: str = "") -> str:
    """The modality that the first of `texts` to do so states, else `weighting`, what the sequence's timing says."""
    return next(filter(None, map(named, texts)), weighting)


@dataclass(frozen=True)
class Tissues:
    """Mean intensity of the dark, middle and bright voxels of a brain, their mean depth below its surface (mm), and how
    far brightness rises with depth (`_rise`)."""

    means: tuple[float, float, float]
    depths: tuple[float, float, float]
    rise: float = 0.0

    @property
    def like_t1w(self) -> bool:
        """Bright tissue lies deepest, as white matter does in T1w: elsewhere it is grey matter or fluid."""
        steep = self.rise > STEEP and self._ratio > SHALLOW
        return steep or (self._ratio > DEEPER and self.rise > RISING / 2)

    @property
    def may_be_t1w(self) -> bool:
        """Nothing speaks against T1w, as far as noise and the coil's field let one see."""
        return self.like_t1w or (self._ratio > 1 and self.rise > RISING)

    @property
    def _ratio(self) -> float:
        dark, middle, bright = self.depths
        return bright / max(dark, middle, 1e-6)


def tissue_depths(data: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...]) -> Tissues:
    """The three tissues of `data` inside the boolean `mask`; rough on purpose, it takes a fraction of a second."""
    from scipy.cluster.vq import kmeans2, vq  # slow to import, and menus do not need it

    values = data[mask]
    draw = np.random.default_rng(0).choice(values.size, min(SAMPLE, values.size), replace=False)
    sample = values[draw][:, None].astype(np.float64)
    means = np.sort(kmeans2(sample, np.percentile(sample, START)[:, None], minit="matrix", iter=50)[0], axis=0)
    depth = depths_below_surface(mask, spacing)
    classes = vq(sample, means)[0]
    depths = [float(depth[draw][classes == n].mean()) if (classes == n).any() else 0.0 for n in range(3)]
    low, mid, high = map(float, means.ravel())
    return Tissues((low, mid, high), (depths[0], depths[1], depths[2]), _rise(data, mask, spacing, depth))


def depths_below_surface(mask: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """Distance (mm) of each voxel in `mask` from the nearest one outside it, in the order of `data[mask]`."""
    from scipy.ndimage import distance_transform_edt

    where = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    box = tuple(slice(max(int(w[0]) - 1, 0), int(w[-1]) + 2) for w in where)  # no nearer voxel lies beyond
    return distance_transform_edt(mask[box], sampling=spacing)[mask[box]]


def _rise(data: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...], depth: np.ndarray) -> float:
    """Correlation of brightness, relative to the mean around, with depth near the surface: the coil's field, which can
    make the surface the brightest, changes too slowly to matter."""
    from scipy.ndimage import find_objects

    sigma, box = FIELD * FWHM_TO_SIGMA / np.asarray(spacing), find_objects(mask.astype(np.uint8))[0]
    brain, shape = mask[box], mask.shape
    share = smoothed(brain.astype(np.float32), sigma, box=box, shape=shape)[brain]
    around = smoothed(np.where(brain, data[box], 0).astype(np.float32), sigma, box=box, shape=shape)[brain] / share
    relative = np.clip(data[mask] / np.maximum(around, 1e-6), 0, 3)
    spread = float(relative.std())
    return float(np.corrcoef(relative, np.minimum(depth, REACH))[0, 1]) if spread > 0 else 0.0
