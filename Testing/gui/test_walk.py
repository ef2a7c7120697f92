"""The walk that a review makes in Slicer goes through on the panels here: no step names a button that is not there."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "app"))
import walk


@pytest.fixture
def shots() -> list[str]:
    return []


def test_the_walk_through_enhance(a_panel, a_volume, models, wait_until, shots, monkeypatch):
    a_volume()
    panel = a_panel()
    monkeypatch.setattr(walk, "sections", lambda ui: ["logCollapsibleButton", "modelsCollapsibleButton"])
    monkeypatch.setattr(panel.ui.recommendedButton, "click", lambda: None)  # its model would take a minute
    walk.enhance(panel, wait_until, shots.append)
    assert shots[0] == "enhance-opened"
    assert {"enhance-done", "enhance-difference", "enhance-several-done", "enhance-recommended-done"} <= set(shots)
    assert "Done in" in panel.ui.statusLabel.text()


def test_the_walk_through_training(a_training_panel, a_volume, wait_until, shots):
    a_volume()
    walk.training(a_training_panel(), wait_until, shots.append)
    assert len(shots) == len(set(shots)) > 4
