"""A walk through both modules as a user goes, which saves a picture of each step; to be looked at in each review.

    Slicer --additional-module-paths IQTEnhance IQTTraining --python-script Testing/app/walk.py [FOLDER]

The pictures go into FOLDER, "iqt-walk" in the home folder without one, and with them "gaps.txt": how long Slicer at
most did not answer on the way to each picture. Slicer stays open at the end.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import slicer
import slicer.util

SAMPLE = "IQT-lowfield-template.nii.gz"
Shoot = Callable[[str], None]
Wait = Callable[[Callable[[], bool]], None]


def enhance(panel, wait: Wait, shoot: Shoot) -> None:
    """IQT Enhance: each section, a result, its comparison, several scans, the models."""
    ui = panel.ui
    shoot("enhance-opened")
    for name in sections(ui):
        opened(ui, name, shoot, "enhance")
    ui.checkScanButton.click()
    wait(lambda: panel.gaugePanel.job is None)
    shoot("enhance-scan-checked")
    ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)  # interpolation: it takes seconds
    shoot("enhance-another-method")
    ui.applyButton.click()
    shoot("enhance-running")
    wait(lambda: not panel.runPanel.running)
    shoot("enhance-done")
    for button in ("toggleButton", "toggleButton", "sideBySideButton"):
        getattr(ui, button).click()
    ui.layoutComboBox.setCurrentIndex(1)
    shoot("enhance-one-plane")
    ui.layoutComboBox.setCurrentIndex(0)
    ui.differenceButton.setChecked(True)
    wait(lambda: panel.comparePanel.views.comparison.differenceVolume is not None)
    shoot("enhance-difference")
    ui.differenceButton.setChecked(False)
    ui.restoreLayoutButton.click()
    shoot("enhance-layout-restored")
    several(panel, wait, shoot)
    ui.recommendedButton.click()
    asked = bool(ui.uncertaintyCheckBox.property("checked"))
    ui.uncertaintyCheckBox.setChecked(True)
    ui.applyButton.click()
    wait(lambda: not panel.runPanel.running)
    shoot("enhance-recommended-done")
    ui.uncertaintyCheckBox.setChecked(asked)
    if ui.sureGroupBox.property("enabled"):
        ui.sureGroupBox.setChecked(True)
        shoot("enhance-how-sure")
        ui.sureGroupBox.setChecked(False)
    supported(panel, wait, shoot)


def supported(panel, wait: Wait, shoot: Shoot) -> None:
    """The map of what the scan does not support; it may end in a remark, such as that there is no brain."""
    panel.ui.supportButton.setChecked(True)
    wait(lambda: panel.comparePanel.views._differing is None)
    shoot("enhance-support")
    panel.ui.supportButton.setChecked(False)


def several(panel, wait: Wait, shoot: Shoot) -> None:
    """The section for several scans."""
    ui = panel.ui
    ui.batchCollapsibleButton.setProperty("collapsed", False)
    ui.batchSceneButton.click()
    ui.batchAllButton.click()
    shoot("enhance-several-listed")
    ui.batchApplyButton.click()
    shoot("enhance-several-running")
    wait(lambda: not panel.batchPanel.running)
    shoot("enhance-several-done")
    ui.batchCollapsibleButton.setProperty("collapsed", True)


def training(panel, wait: Wait, shoot: Shoot) -> None:
    """IQT Training: each section, with a volume on the list."""
    shoot("training-opened")
    panel.dataPanel.add()
    for name in sections(panel.ui):
        opened(panel.ui, name, shoot, "training")


def sections(ui) -> list[str]:
    return [name for name in sorted(vars(ui)) if name.endswith("CollapsibleButton")]


def opened(ui, name: str, shoot: Shoot, module: str) -> None:
    """A picture of one section, which is then as it was."""
    before = bool(getattr(ui, name).property("collapsed"))
    getattr(ui, name).setProperty("collapsed", False)
    shoot(f"{module}-{name.removesuffix('CollapsibleButton')}")
    getattr(ui, name).setProperty("collapsed", before)


def aVolume(name: str = "T1"):
    """An ellipsoid of tissue in noise, with slices of 4 mm, for where there is no sample."""
    shape = (24, 80, 80)
    grids = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    brain = sum(grid**2 for grid in grids) < 0.8
    noise = np.random.default_rng(3).normal(0, 4, shape)
    volume = slicer.util.addVolumeFromArray(np.where(brain, 200 + 40 * np.sin(5 * grids[2]), 20) + noise, name=name)
    volume.SetSpacing(1, 1, 4)
    return volume


class Heartbeat:
    """The longest time between two beats of a timer: so long Slicer did not answer."""

    def __init__(self) -> None:
        import qt

        self._timer = qt.QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(10)
        self.begin()

    def begin(self) -> None:
        self.longest, self._last = 0.0, time.monotonic()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now


def numbered(folder: Path) -> Shoot:
    """Saves pictures of the main window, in their order."""
    count: Iterator[int] = iter(range(1, 1000))
    heart = Heartbeat()

    def shoot(name: str) -> None:
        with (folder / "gaps.txt").open("a", encoding="utf-8") as gaps:
            gaps.write(f"{1000 * heart.longest:.0f} ms until {name}\n")
        end = time.monotonic() + 0.5  # views draw, and layouts find their size
        while time.monotonic() < end:
            slicer.app.processEvents()
        slicer.util.mainWindow().grab().save(str(folder / f"{next(count):02d}-{name}.png"))
        heart.begin()

    return shoot


def wait(holds: Callable[[], bool], seconds: float = 900.0) -> None:
    """Slicer goes on meanwhile."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        slicer.app.processEvents()
        time.sleep(0.02)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shoot = numbered(folder)
    sample = Path(slicer.util.modulePath("IQTEnhance")).parent / "Resources" / "SampleData" / SAMPLE
    slicer.util.loadVolume(str(sample)) if sample.is_file() else aVolume()
    for module, walk in (("IQTEnhance", enhance), ("IQTTraining", training)):
        slicer.util.selectModule(module)
        walk(slicer.util.getModuleWidget(module), wait, shoot)


if __name__ == "__main__":
    main(Path(sys.argv[-1]) if len(sys.argv) > 1 and not sys.argv[-1].endswith(".py") else Path.home() / "iqt-walk")
