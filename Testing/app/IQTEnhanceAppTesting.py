"""What the tests inside Slicer share: a small volume, and waiting for work without blocking the application."""

import time
from collections.abc import Callable

import numpy as np
import slicer
import slicer.util
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleTest


class IQTEnhanceAppTest(ScriptedLoadableModuleTest):
    """Base of the tests: each method `test_...` runs on an empty scene."""

    worker = True
    """Whether the tests start workers, which need their packages: Slicer installs none while it tests."""

    def setUp(self) -> None:
        slicer.mrmlScene.Clear()
        if self.worker:
            from IQTEnhanceLib import Dependencies

            self.assertEqual(Dependencies.missingPackages(), [], "install these into Slicer's Python first")

    def runTest(self) -> None:
        for name in sorted(name for name in dir(self) if name.startswith("test_")):
            self.setUp()
            getattr(self, name)()

    def aVolume(self, name: str = "T1", shape: tuple[int, int, int] = (12, 40, 40)):
        """An ellipsoid of tissue in noise, with slices of 4 mm."""
        grids = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
        brain = sum(grid**2 for grid in grids) < 0.8
        noise = np.random.default_rng(3).normal(0, 4, shape)
        volume = slicer.util.addVolumeFromArray(np.where(brain, 200 + 40 * np.sin(5 * grids[2]), 20) + noise, name=name)
        volume.SetSpacing(1, 1, 4)
        return volume

    def waitUntil(self, holds: Callable[[], bool], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), end, "waited in vain")
            slicer.app.processEvents()
            time.sleep(0.02)

    def panel(self):
        """The module's panel, on screen."""
        slicer.util.selectModule("IQTEnhance")
        return slicer.modules.iqtenhance.widgetRepresentation().self()
