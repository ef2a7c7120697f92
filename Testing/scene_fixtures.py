"""Fixtures of the tests on a real scene, with workers that are real processes. Import after `standins.install()`."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import numpy as np
import pytest
import qt
import slicer
import slicer.util
import standins
import tiny
from IQTEnhanceLib.Logic import IQTEnhanceLogic
from scenery import SHAPE, oblique


@pytest.fixture
def scene():
    qt.QSettings().clear()
    return standins.new_scene()


@pytest.fixture
def models(tmp_path, monkeypatch):
    """The folder of the user's own models, with the model "tiny" in it."""
    folder = tmp_path / "models"
    tiny.saved(folder / "tiny")
    monkeypatch.setenv("IQT_MODELS", str(folder))
    return folder


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Slicer's temporary folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(slicer.app, "temporaryPath", str(folder))
    return folder


@pytest.fixture
def logic(scene, models, temporary):
    return IQTEnhanceLogic()


class InProcess:
    """A runner of the very commands, without the seconds that each process of their own takes to start."""

    def run(self, arguments, onLine, onStart=lambda process: None) -> int:
        from IQTLib import cli
        from IQTLib.cli import terminal

        out, code = io.StringIO(), 0
        try:
            with redirect_stdout(out), redirect_stderr(out):
                terminal.run(lambda: cli.app(list(arguments), prog_name="iqt"))
        except SystemExit as end:
            code = end.code or 0
        for line in out.getvalue().splitlines():
            onLine(line)
        return code

    def start(self, arguments, onLine, onEnd):
        qt.QTimer.singleShot(0, lambda: onEnd(self.run(arguments, onLine)))


@pytest.fixture
def quick_logic(scene, models, temporary, wait_until):
    """The module's logic with its work in this process."""
    return IQTEnhanceLogic(InProcess())


@pytest.fixture
def a_volume(scene) -> Callable:
    """Makes a volume node: an ellipsoid of tissue in noise."""

    def make(name="T1", dtype=np.float32, shape=SHAPE, matrix=None, cls="vtkMRMLScalarVolumeNode"):
        draw = np.random.default_rng(3)
        grids = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
        brain = sum(grid**2 for grid in grids) < 0.8
        array = np.where(brain, 200 + 40 * np.sin(5 * grids[2]), 20) + draw.normal(0, 4, shape)
        node = slicer.mrmlScene.AddNewNodeByClass(cls, name)
        slicer.util.updateVolumeFromArray(node, np.clip(array, 0, 250).astype(dtype))
        node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(oblique() if matrix is None else matrix))
        node.CreateDefaultDisplayNodes()
        return node

    return make


@pytest.fixture
def a_mask(scene) -> Callable:
    """Makes the mask of such a volume."""

    def make(volume):
        mask = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "brain")
        slicer.util.updateVolumeFromArray(mask, (slicer.util.arrayFromVolume(volume) > 120).astype(np.uint8))
        mask.CopyOrientation(volume)
        return mask

    return make


@pytest.fixture
def wait_until() -> Callable:
    """Runs Qt's event loop until something holds."""
    application = qt.QCoreApplication.instance() or qt.QApplication([])

    def wait(holds: Callable[[], bool], seconds: float = 300.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            application.processEvents(qt.QEventLoop.AllEvents, 50)
            time.sleep(0.005)

    return wait


@pytest.fixture
def a_panel(logic, wait_until):
    """Opens the module's panel on the scene, as Slicer does."""
    from IQTEnhance import IQTEnhanceWidget

    with opening(IQTEnhanceWidget) as open_panel:
        yield open_panel


@contextmanager
def opening(panel_class) -> Iterator[Callable]:
    """A function that opens panels of that class; afterwards they are closed as at Slicer's end.

    Short work of theirs runs in this process, unless a test gives their logic another runner.
    """
    panels = []

    def open_panel():
        parent = qt.QWidget()
        qt.QVBoxLayout(parent)
        parent.isEntered = True
        panel = panel_class(parent)
        panel.setup()
        panel.logic.runner = InProcess()
        panels.append(panel)
        return panel

    yield open_panel
    for panel in panels:
        panel.cleanup()
