"""The training panel as a picture; IQT_TRAINING_SCREENSHOT=FILE keeps it, as the README's was made."""

import json
import os

import numpy as np
from IQTTrainingLib.Parameters import Method
from test_picture import picture
from training_fixtures import TINY_SREP


def test_training_panel_is_drawn(a_training_panel, nodes, wait_until, tmp_path):
    panel = a_training_panel()
    parameters = panel._parameterNode
    parameters.trainingFolder = str(tmp_path / "training")
    for volume, tissue in nodes(4):
        parameters.volume, parameters.tissue = volume, tissue
        panel.ui.addVolumeButton.click()
    panel.ui.checkButton.click()
    wait_until(lambda: not panel.dataPanel.running)
    parameters.method = Method.srep
    parameters.modelName, parameters.advanced = "my-model", json.dumps(TINY_SREP)
    panel.ui.trainButton.click()
    wait_until(lambda: panel.jobsPanel.follower.status.over, 120)
    shown = {"trainingFolder": "~/.iqt/training", "modelFolder": "~/.iqt/models", "pairsFolder": "~/.iqt/pairs"}
    for name, text in shown.items():  # or the picture would show a temporary folder
        widget = getattr(panel.ui, f"{name}LineEdit")
        widget.blockSignals(True)
        widget.setText(text)
    panel.ui.simulateCollapsibleButton.setCollapsed(False)
    picture(panel.parent)
    panel.parent.setMinimumHeight(panel.parent.sizeHint().height() + 60)  # what wrapped labels take in a form
    image = picture(panel.parent)
    assert image.height() > 1200
    assert len(np.unique(np.frombuffer(image.constBits(), np.uint8))) > 30  # text and frames, not one colour
    target = os.environ.get("IQT_TRAINING_SCREENSHOT") or str(tmp_path / "panel.png")
    assert image.save(target)
