"""Models small and quick enough for tests: IQT-SRep with random dictionaries, and an untrained any-scan network."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from IQTLib.methods.networks.restore.method import Restore, RestoreSettings
from IQTLib.methods.srep.method import SRep, SRepSettings
from IQTLib.models.store import ModelCard, save

PATCH, ATOMS, COMPONENTS = 3, 16, 8
SHAPES = {"projection": (6 * PATCH**3, COMPONENTS), "low_atoms": (COMPONENTS, ATOMS), "high_atoms": (PATCH**3, ATOMS)}


def state(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: (0.01 * rng.standard_normal(shape)).astype(np.float32) for name, shape in SHAPES.items()}


def srep(seed: int = 0, **changes) -> SRep:
    small = {"patch": PATCH, "atoms": ATOMS, "stride": 2, "contrast_map": False, "solver": "torch"}
    method = SRep(SRepSettings(**(small | changes)))
    method.restore(state(seed))
    return method


def card(method: SRep, **changes) -> ModelCard:
    """Trained, as it were, for voxels of 1 to 2.5 mm and slices four times as thick."""
    entries = {
        "name": "tiny",
        "method": "srep",
        "settings": asdict(method.settings),
        "grid": {"factor": 4, "finest": 1.0, "coarsest": 2.5},
        "description": "random dictionaries",
    }
    return ModelCard(**(entries | changes))


def saved(folder: Path, seed: int = 0, **changes) -> Path:
    """The folder of a model with random dictionaries."""
    method = srep(seed, **changes)
    save(card(method, name=folder.name), method, folder)
    return folder


def restoring(folder: Path, **changes: Any) -> Path:
    """Write an untrained any-scan network of the smallest size; returns its folder."""
    settings = {"channels": [4, 4, 4], "blocks": [1, 1, 1]}
    grid = {"factor": 4, "finest": 0.5, "coarsest": 2.0}
    card = ModelCard(folder.name, "restore", settings, grid, contrast="any")
    save(replace(card, **changes), Restore(RestoreSettings((4, 4, 4), (1, 1, 1))), folder)
    return folder
