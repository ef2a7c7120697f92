"""Learn what T1w scans look like, for `IQTLib.image.t1w`, from simulated scans of several contrasts.

    python docs/reproduce/t1w_likeness.py SCANS t1w.json

SCANS is a BIDS folder of T1w volumes with brain masks and tissue labels. Of each subject ten scans are made, half T1w,
half with the tissues' intensities of FLAIR, T2w, PDw or T2*, of the five kinds and with coil fields of up to 50 %.
Subjects held out for tests are left out. Needs scikit-learn; seeds are fixed.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from IQTLib.data.subjects import Brain, find_scans, isotropic, load_brain
from IQTLib.evaluation.anyscan import KINDS, AnyScan, scan
from IQTLib.evaluation.heldout import plan
from IQTLib.image.t1w import brightness_by_depth

ORDER = ("T1w", "FLAIR", "T1w", "T2w", "T1w", "FLAIR", "T1w", "PDw", "T1w", "T2starw")
TISSUES = {  # least and most intensity of CSF and white matter, grey matter is 1
    "FLAIR": ((0.05, 0.4), (0.75, 1.02)),
    "T2w": ((1.3, 2.6), (0.6, 0.97)),
    "PDw": ((0.9, 1.3), (0.78, 0.97)),
    "T2starw": ((1.1, 1.8), (0.75, 1.0)),
}
THICKEST = 3.0  # mm: thicker slices are no truth
CONTRAST = (1.05, 1.6)  # of white over grey matter in T1w
PENALTY = 1.0  # C of the regression; a hundred times more or less told fewer of other subjects right


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
    """Ten scans with their contrasts."""
    for contrast in ORDER:
        kind = KINDS[list(KINDS)[rng.integers(len(KINDS))]]
        kind = replace(kind, contrast=CONTRAST, snr=(0.7 * kind.snr[0], 1.2 * kind.snr[1]))
        bias, axis = float(rng.uniform(0, 0.5)), int(rng.integers(3))
        volume, maps = brain.volume, brain.maps
        if contrast != "T1w":
            fluid, white = (rng.uniform(*ends) for ends in TISSUES[contrast])
            volume, maps = volume.with_data(in_contrast(brain, fluid, white)), None
        yield contrast, scan(volume, maps, brain.mask, kind, slice_axis=axis, rng=rng, bias=bias)


def main(folder: Path, target: Path) -> None:
    """Fit the regression and write its weights."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    published = plan()
    left_out = {one["person"] for one in (*published["people"], *published["any_scan"])} | {*published["never_trained"]}
    rows, labels = [], []
    for found in find_scans(folder):
        if found.person in left_out:
            continue
        brain = load_brain(found, rng=np.random.default_rng(0))
        if max(brain.volume.spacing) > THICKEST:
            continue
        brain = isotropic(brain)
        for contrast, low in scans_of(brain, np.random.default_rng([7, sum(map(ord, found.person))])):
            rows.append(brightness_by_depth(low.volume.data, low.mask, low.volume.spacing))
            labels.append(contrast == "T1w")
        print(found.person, len(rows), flush=True)
    scaler = StandardScaler().fit(rows)
    fit = LogisticRegression(C=PENALTY, max_iter=5000, class_weight="balanced").fit(scaler.transform(rows), labels)
    weights = fit.coef_[0] / scaler.scale_
    told = {
        "weights": weights.round(6).tolist(),
        "intercept": round(float(fit.intercept_[0] - weights @ scaler.mean_), 6),
    }
    target.write_text(json.dumps(told | {"scans": len(rows)}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
