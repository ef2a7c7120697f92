"""Fixtures of the training module's tests: people as nodes of a real scene, and jobs in a folder of the test's own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import slicer
import slicer.util
from cohorts import person, tissues, written
from IQTTrainingLib.Logic import IQTTrainingLogic

STEPS = {
    "training.steps": 8,
    "training.batch": 2,
    "training.people": 2,
    "training.validate_every": 4,
    "training.checkpoint_every": 2,
    "data.patch": 32,
}
TINY_SREP = {"patch": 3, "atoms": 64, "patches": 2000}
SMALL = (36, 36, 40)


@pytest.fixture
def training(scene, models, temporary, tmp_path, monkeypatch):
    """The module's logic; whatever job a test leaves behind is ended."""
    monkeypatch.setenv("IQT_JOBS", str(tmp_path / "jobs"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    logic = IQTTrainingLogic()
    yield logic
    for job in logic.jobs():
        job.kill()


@pytest.fixture
def nodes(scene) -> Callable:
    """Makes volume nodes of small people, each with a label map of its tissues."""

    def make(count: int, shape=SMALL, labelled: bool = True):
        made = []
        for seed in range(count):
            volume = person(seed, shape)
            made.append((node(f"sub-p{seed}", volume, volume.data), _labels(seed, volume) if labelled else None))
        return made

    return make


def node(name: str, volume, array, cls: str = "vtkMRMLScalarVolumeNode"):
    made = slicer.mrmlScene.AddNewNodeByClass(cls, name)
    slicer.util.updateVolumeFromArray(made, np.ascontiguousarray(array.T))
    made.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(np.array(volume.affine)))
    made.CreateDefaultDisplayNodes()
    return made


def _labels(seed: int, volume):
    return node(f"tissues{seed}", volume, tissues(volume), "vtkMRMLLabelMapVolumeNode")


@pytest.fixture
def people(tmp_path) -> Path:
    """Folder of four small people with labels and masks."""
    return written(tmp_path / "people", 4, SMALL)


@pytest.fixture
def a_training_panel(training, wait_until):
    """Opens the module's panel on the scene, as Slicer does."""
    from scene_fixtures import opening

    from IQTTraining import IQTTrainingWidget

    with opening(IQTTrainingWidget) as open_panel:
        yield open_panel
