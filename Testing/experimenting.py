"""A folder of small synthetic subjects for the experiments."""

import json
from pathlib import Path

import numpy as np
from cohorts import person, tissues, written
from IQTLib.data.subjects import Brain
from IQTLib.experiments.tasks import Context
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume, write
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from scipy.ndimage import gaussian_filter

SHAPE = (48, 48, 48)  # the largest patch of the experiments
SMALL_SHAPE = (48, 44, 40)
HELD_OUT = {
    "seed": 5,
    "sets": ["InD1", "InD2", "InD2-low", "InD2-high", "OOD-ultra-low-field"],
    "people": [
        {"person": "p0", "slice_axis": 2, "scanner": "known"},
        {"person": "p1", "slice_axis": 1, "scanner": "other"},
    ],
    "never_trained": ["real"],
    "validate": ["p2"],
    "pictured": ["p0", "p1"],
    "real": "real",
}


def small_world(folder: Path, count: int = 5) -> tuple[Path, Path]:
    """Scans of `count` people and one of a low field without a truth; returns their folder and the held-out list."""
    scans = written(folder / "scans", count, SHAPE)
    high = person(99, SHAPE)
    labels = tissues(high)
    slices = Acquisition(SliceProfile(3, 1), SHAPE[2] // 4)
    low = slices.forward(high.data) + np.random.default_rng(0).normal(0, 2, (*SHAPE[:2], SHAPE[2] // 4))
    scan = Volume(low.astype(np.float32), high.affine @ np.diag([1.0, 1.0, 4.0, 1.0]))
    write(scan, scans / "sub-real_T1w.nii.gz")
    write(scan.with_data(slices.mask(labels > 0).astype(np.uint8)), scans / "sub-real_desc-brain_mask.nii.gz")
    people = folder / "people.json"
    people.write_text(json.dumps(HELD_OUT), encoding="utf-8")
    return scans, people


def small_slices(folder: Path, count: int = 3) -> Path:
    """A folder of mid-slices of `count` people, as the experiments on IXI read them."""
    rng = np.random.default_rng(0)
    images = gaussian_filter(rng.uniform(0, 255, (count, 32, 32)) > 160, (0, 1, 1), output=np.float32) * 255
    subjects = np.array([f"s{number}" for number in range(count)])
    for split in ("test", "train"):
        np.savez(folder / f"ixi-t2-midslices-{split}.npz", images=images.astype(np.uint8), subjects=subjects)
    return folder


def small_brain() -> Brain:
    """Nested ellipsoids of white in grey matter in fluid with a wavy texture, 1 mm voxels; always the same."""
    grid = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in SMALL_SHAPE), indexing="ij"))
    radius = np.sqrt((grid**2).sum(axis=0)) + 0.08 * np.sin(9 * grid).sum(axis=0) / 3
    labels = np.select([radius < 0.55, radius < 0.8, radius < 0.95], [3, 2, 1], 0)
    texture = 1 + 0.05 * np.sin(14 * grid[0] + 5 * grid[1] ** 2 - 11 * grid[2])
    data = np.array([0, 30, 70, 100])[labels] * texture
    maps = TissueMaps.from_labels(labels)
    return Brain("small", Volume(data.astype(np.float32), np.eye(4)), maps, labels > 0)


def context(folder: Path) -> Context:
    """Results in `folder`, work stops when its file `stop` appears."""
    return Context(folder / "results", folder / "brains", "cpu", folder / "stop")
