"""Digests of what code does, not of how it is written: the result on a small fixed volume, by block means to 3 digits.

Enhancing is costly, so an estimate stays valid when the code behind it was rearranged, and only then. How code does on
the small volume is itself kept by the code's digest, so it is tried again only after a change.
"""

import numpy as np

from ..data.subjects import Brain
from ..evaluation.test_pairs import make_pair
from ..image.tissue import TissueMaps
from ..image.volume import Volume
from ..models.pretrained import Model
from ..physics.acquisition import SliceProfile
from ..pipeline import enhance
from .keys import code_digest, digest
from .store import Store

SHAPE = (48, 44, 40)
BLOCKS = 4  # along each axis
DIGITS = 3
PAIR_CODE = (
    "physics/simulation.py",
    "physics/acquisition.py",
    "image/axis.py",
    "image/grid.py",
    "evaluation/test_pairs.py",
)
ENHANCE_CODE = (
    "pipeline.py",
    "image/axis.py",
    "image/grid.py",
    "image/tissue.py",
    "image/noise.py",
    "image/noise_estimate.py",
    "physics/acquisition.py",
    "models/input_checks.py",
    "image/patches.py",
    "methods",
)


def small_brain() -> Brain:
    """Nested ellipsoids of white in grey matter in fluid with a wavy texture, 1 mm voxels; always the same."""
    grid = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in SHAPE), indexing="ij"))
    radius = np.sqrt((grid**2).sum(axis=0)) + 0.08 * np.sin(9 * grid).sum(axis=0) / 3
    labels = np.select([radius < 0.55, radius < 0.8, radius < 0.95], [3, 2, 1], 0)
    texture = 1 + 0.05 * np.sin(14 * grid[0] + 5 * grid[1] ** 2 - 11 * grid[2])
    data = np.array([0, 30, 70, 100])[labels] * texture
    maps = TissueMaps.from_labels(labels)
    return Brain("small", Volume(data.astype(np.float32), np.eye(4)), maps, labels > 0)


def summary(data: np.ndarray) -> list[float]:
    """Block means over the mean, rounded: what a rounding error hardly ever changes."""
    parts = [data]
    for axis in range(3):
        parts = [half for part in parts for half in np.array_split(part, BLOCKS, axis=axis)]
    mean = float(np.abs(data).mean()) or 1.0
    return [round(float(part.mean()) / mean, DIGITS) for part in parts]


def pair_digest(store: Store) -> str:
    """Of what the simulator makes of the small brain."""
    code = code_digest(*PAIR_CODE)
    return _kept(store, digest("pair behaviour", code), _tried_pair)


def model_digest(model: Model, store: Store) -> str:
    """Of what the pipeline makes of a scan of the small brain with this model."""
    card = model.card
    parts = (card.method, card.settings, card.grid, card.thickness, card.gap, card.normalisation, card.sha256)
    key = digest("model behaviour", parts, code_digest(*ENHANCE_CODE))
    return digest(parts, _kept(store, key, lambda: _tried_model(model)))


def _kept(store: Store, key: str, trial) -> str:
    row = store.row(key)
    if row is None:
        row = {"behaviour": digest(trial())}
        store.put_row(key, row)
    return row["behaviour"]


def _tried_pair() -> list[list[float]]:
    found = []
    for axis, test_set in enumerate(("InD1", "InD2", "OOD-ultra-low-field")):
        test = make_pair(small_brain(), test_set, seed=(1, 2, axis), slice_axis=axis)
        found += [summary(test.pair.low.data), summary(test.pair.high.data), summary(test.low_mask)]
    return found


def _tried_model(model: Model) -> list[float]:
    profile = SliceProfile.for_factor(model.card.profile.factor)
    test = make_pair(small_brain(), "InD1", seed=(1, 2, 3), slice_axis=2, profile=profile)
    done = enhance(test.pair.low, model=model, mask=test.low_mask, slice_axis=2)
    return summary(done.volume.data)
