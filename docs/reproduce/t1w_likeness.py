"""Learn what T1w scans look like, for `IQTLib.image.t1w`, from simulated scans of several contrasts.

    python docs/reproduce/t1w_likeness.py t1w.json SCANS [SCANS ...]

Each SCANS is a BIDS folder of T1w volumes with brain masks and tissue labels. Of each subject twelve scans are made,
five of them T1w, the others with the tissues' intensities of FLAIR, T2w, PDw or T2*, or with hardly any contrast. They
are of the five kinds, with coil fields of up to 50 % and masks that are up to 3 mm too tight or 6 mm too wide. Subjects
held out for tests are left out. Needs scikit-learn; seeds are fixed.
"""

import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from IQTLib.data.subjects import Brain, find_scans, isotropic, load_brain
from IQTLib.evaluation.anyscan import KINDS, AnyScan, scan
from IQTLib.evaluation.heldout import plan
from IQTLib.image.t1w import brightness_by_depth
from scipy import ndimage

ORDER = ("T1w", "FLAIR", "T1w", "T2w", "T1w", "FLAIR", "none", "T1w", "PDw", "T1w", "T2starw", "none")
TISSUES = {  # least and most intensity of CSF and white matter, grey matter is 1
    "FLAIR": ((0.05, 0.4), (0.75, 1.02)),
    "T2w": ((1.3, 2.6), (0.6, 0.97)),
    "PDw": ((0.9, 1.3), (0.78, 0.97)),
    "T2starw": ((1.1, 1.8), (0.75, 1.0)),
    "none": ((0.8, 1.2), (0.97, 1.03)),
}
CONTRAST = (1.05, 1.6)  # of white over grey matter in T1w
MASK = (-3.0, 6.0)  # mm that half of the masks are moved outwards
THICKEST = 3.0  # mm: thicker slices are no truth
PENALTY = 10.0  # C of the regression: of 0.3 to 100 the best for sources left out
ROOM = 0.5  # of each feature's range that a scan may lie outside it


def in_contrast(brain: Brain, fluid: float, white: float) -> np.ndarray:
    """The brain with these means of CSF and white matter, and the texture of its tissues kept."""
    data, maps = brain.volume.data, brain.maps
    typical = float(np.median(data[brain.mask]))
    made = maps.csf * fluid
    for tissue, mean, guess in ((maps.gm, 1.0, 0.8), (maps.wm, white, 1.0)):
        pure = tissue > 0.9
        middle = float(np.median(data[pure])) if pure.sum() > 50 else guess * typical
        made = made + tissue * mean * np.clip(data / max(middle, 1e-6), 0.5, 1.5)
    return np.where(brain.mask, made, 0).astype(np.float32)


def scans_of(brain: Brain, rng: np.random.Generator) -> Iterator[tuple[str, AnyScan]]:
    """Twelve scans with their contrasts."""
    for contrast in ORDER:
        kind = KINDS[list(KINDS)[rng.integers(len(KINDS))]]
        kind = replace(kind, contrast=CONTRAST, snr=(0.7 * kind.snr[0], 1.2 * kind.snr[1]))
        bias, axis = float(rng.uniform(0, 0.5)), int(rng.integers(3))
        volume, maps = brain.volume, brain.maps
        if contrast != "T1w":
            fluid, white = (rng.uniform(*ends) for ends in TISSUES[contrast])
            volume, maps = volume.with_data(in_contrast(brain, fluid, white)), None
        low = scan(volume, maps, brain.mask, kind, slice_axis=axis, rng=rng, bias=bias)
        outwards = float(rng.uniform(*MASK)) if rng.random() < 0.5 else 0.0
        yield contrast, replace(low, mask=moved(low.mask, low.volume.spacing, outwards))


def moved(mask: np.ndarray, spacing: tuple[float, ...], outwards: float) -> np.ndarray:
    """The mask with its surface moved by so many mm."""
    if outwards > 0:
        return ndimage.distance_transform_edt(~mask, sampling=spacing) <= outwards
    return ndimage.distance_transform_edt(mask, sampling=spacing) > -outwards


def features_of(folder: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    """Subject, contrast and features of every scan."""
    published = plan()
    left_out = {one["person"] for one in (*published["people"], *published["any_scan"])} | {*published["never_trained"]}
    for found in find_scans(folder):
        if found.person in left_out:
            continue
        brain = load_brain(found, rng=np.random.default_rng(0))
        if max(brain.volume.spacing) > THICKEST:
            continue
        for contrast, low in scans_of(isotropic(brain), np.random.default_rng([7, zlib.crc32(found.person.encode())])):
            yield found.person, contrast, brightness_by_depth(low.volume.data, low.mask, low.volume.spacing)
        print(found.person, flush=True)


def fitted(rows: list[tuple[str, str, np.ndarray]]) -> dict[str, object]:
    """What `t1w.json` holds: weights and intercept, the range of each feature, and who it learned from."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    features, labels = np.array([row[2] for row in rows]), [row[1] == "T1w" for row in rows]
    scaler = StandardScaler().fit(features)
    fit = LogisticRegression(C=PENALTY, max_iter=5000, class_weight="balanced").fit(scaler.transform(features), labels)
    weights = fit.coef_[0] / scaler.scale_
    low, high = features.min(axis=0), features.max(axis=0)
    return {
        "weights": weights.round(6).tolist(),
        "intercept": round(float(fit.intercept_[0] - weights @ scaler.mean_), 6),
        "least": (low - ROOM * (high - low)).round(4).tolist(),
        "most": (high + ROOM * (high - low)).round(4).tolist(),
        "scans": len(rows),
        "people": sorted({row[0] for row in rows}),
    }


if __name__ == "__main__":
    found = [row for folder in sys.argv[2:] for row in features_of(Path(folder))]
    Path(sys.argv[1]).write_text(json.dumps(fitted(found)) + "\n", encoding="utf-8")
