"""The contrast of a scan: T1w or another one, by its name or series description and by what its voxels show."""

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
DEEPER = 1.1  # T1w 1.2 or more, FLAIR 1.0 or less
SAMPLE = 20_000
START = (5, 40, 85)  # percentiles: fluid, grey and white matter of a T1w brain


def named(text: str) -> str:
    """The modality that a file name or a series description states, one of `MODALITIES`, or "" if none."""
    for modality, words in WORDS:
        if re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z])", text.lower()):
            return modality
    return ""


@dataclass(frozen=True)
class Tissues:
    """Mean intensity of the dark, middle and bright voxels of a brain, and their mean depth below its surface (mm)."""

    means: tuple[float, float, float]
    depths: tuple[float, float, float]

    @property
    def like_t1w(self) -> bool:
        """Bright tissue lies deepest, as white matter does in T1w: elsewhere it is grey matter or fluid."""
        dark, middle, bright = self.depths
        return bright > DEEPER * max(dark, middle)


def tissue_depths(data: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...]) -> Tissues:
    """The three tissues of `data` inside the boolean `mask`; rough on purpose, it takes a fraction of a second."""
    from scipy.cluster.vq import kmeans2, vq  # slow to import, and menus do not need it
    from scipy.ndimage import distance_transform_edt

    values = data[mask]
    draw = np.random.default_rng(0).choice(values.size, min(SAMPLE, values.size), replace=False)
    sample = values[draw][:, None].astype(np.float64)
    means = np.sort(kmeans2(sample, np.percentile(sample, START)[:, None], minit="matrix", iter=50)[0], axis=0)
    depth = distance_transform_edt(mask, sampling=spacing)[mask][draw]
    classes = vq(sample, means)[0]
    dark, middle, bright = (float(depth[classes == n].mean()) if (classes == n).any() else 0.0 for n in range(3))
    low, mid, high = map(float, means.ravel())
    return Tissues((low, mid, high), (dark, middle, bright))
