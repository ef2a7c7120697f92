"""The contrast of a scan: T1w or another one, by its name or series description; the three tissues of its voxels."""

import re
from dataclasses import dataclass

import numpy as np

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
    """Mean intensity of the dark, middle and bright voxels of a brain, and their mean depth below its surface (mm)."""

    means: tuple[float, float, float]
    depths: tuple[float, float, float]


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
    return Tissues((low, mid, high), (depths[0], depths[1], depths[2]))


def depths_below_surface(mask: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """Distance (mm) of each voxel in `mask` from the nearest one outside it, in the order of `data[mask]`."""
    from scipy.ndimage import distance_transform_edt

    where = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    box = tuple(slice(max(int(w[0]) - 1, 0), int(w[-1]) + 2) for w in where)  # no nearer voxel lies beyond
    return distance_transform_edt(mask[box], sampling=spacing)[mask[box]]
