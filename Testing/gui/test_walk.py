"""The walk that a review makes in Slicer goes through on the panels here: no step names a button that is not there."""

import sys
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "app"))
import walk


@pytest.fixture
def shots() -> list[str]:
    return []


def test_the_walk_through_enhance(a_panel, a_volume, a_mask, models, wait_until, monkeypatch):
    volume = a_volume()
    panel = a_panel()
    panel._parameterNode.mask = a_mask(volume)  # or a network would look for the brain
    monkeypatch.setattr(walk, "sections", lambda ui: ["logCollapsibleButton", "modelsCollapsibleButton"])
    monkeypatch.setattr(panel.ui.recommendedButton, "click", lambda: None)  # its model would take a minute
    told = {}
    walk.enhance(panel, wait_until, lambda name: told.update({name: panel.ui.statusLabel.text()}))
    assert next(iter(told)) == "enhance-opened"
    assert {"enhance-scan-checked", "enhance-done", "enhance-difference", "enhance-several-done"} <= set(told)
    assert "Done in" in told["enhance-recommended-done"]
    assert told["enhance-support"] == ""  # no remark: the map is there


def test_the_walk_tells_how_long_slicer_did_not_answer(a_panel, wait_until):
    a_panel()
    heart = walk.Heartbeat()
    wait_until(lambda: heart.longest > 0)
    time.sleep(0.2)
    wait_until(lambda: heart.longest > 0.15)
    heart.begin()
    assert heart.longest == 0


def test_the_walk_through_training(a_training_panel, a_volume, wait_until, shots):
    a_volume()
    walk.training(a_training_panel(), wait_until, shots.append)
    assert len(shots) == len(set(shots)) > 4
