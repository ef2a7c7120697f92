"""The panel as a picture; IQT_SCREENSHOT=FILE keeps it, as the README's was made."""

import os

import numpy as np
import qt
import slicer


def test_panel_is_drawn(a_panel, a_volume, wait_until, tmp_path):
    a_volume("IQT-lowfield-template", shape=(12, 40, 40))
    panel = a_panel()
    panel.ui.modelComboBox.setCurrentIndex(1)
    fast = panel.modelPanel.entry
    panel.ui.methodComboBox.setCurrentIndex(panel.modelPanel._methods.index("interpolation"))
    panel.ui.applyButton.click()
    wait_until(lambda: not panel.runPanel.running)
    panel._parameterNode.outputVolume = slicer.util.getNode("*IQT-interpolated")
    panel._parameterNode.method, panel._parameterNode.model = fast.method, fast.name
    panel.modelPanel.update()
    panel.ui.compareCollapsibleButton.setCollapsed(False)
    panel.ui.advancedCollapsibleButton.setCollapsed(False)
    wait_until(lambda: panel.ui.refreshDevicesButton.isEnabled())
    image = picture(panel.parent)
    assert image.height() > 700
    assert len(np.unique(np.frombuffer(image.constBits(), np.uint8))) > 30  # text and frames, not one colour
    target = os.environ.get("IQT_SCREENSHOT") or str(tmp_path / "panel.png")
    assert image.save(target)


def picture(widget) -> "qt.QImage":
    widget.setFixedWidth(470)
    widget.show()
    for _ in range(3):  # labels that wrap find their height in the second round
        qt.QCoreApplication.processEvents()
        widget.adjustSize()
    return widget.grab().toImage()
