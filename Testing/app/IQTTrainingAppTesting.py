"""What the training module's tests inside Slicer share: small people, a folder of jobs of their own, the panel."""

import os
import tempfile
from pathlib import Path

import numpy as np
import slicer
import slicer.util
from IQTEnhanceAppTesting import IQTEnhanceAppTest

SHAPE = (40, 36, 36)  # k, j, i


class IQTTrainingAppTest(IQTEnhanceAppTest):
    """Base of the tests: jobs, models and prepared volumes go into a temporary folder."""

    def setUp(self) -> None:
        from IQTEnhanceLib import Dependencies
        from IQTTrainingLib.Widget import REQUIREMENTS

        slicer.mrmlScene.Clear()
        if self.worker:
            self.assertEqual(Dependencies.missingPackages(REQUIREMENTS), [], "install these into Slicer's Python first")
        self.folder = Path(tempfile.mkdtemp(prefix="IQTTraining-"))
        os.environ["IQT_JOBS"], os.environ["IQT_MODELS"] = str(self.folder / "jobs"), str(self.folder / "models")

    def people(self, count: int = 4) -> list:
        """Volumes of random blobs in an ellipsoid, each with a label map of its tissues."""
        from scipy.ndimage import gaussian_filter

        made = []
        radius = sum(np.meshgrid(*(np.linspace(-1.05, 1.05, n) ** 2 for n in SHAPE), indexing="ij"))
        for number in range(count):
            field = gaussian_filter(np.random.default_rng(number).standard_normal(SHAPE), 2.5)
            labels = np.where(radius < 1, 1 + np.digitize(field / field.std(), [-0.6, 0.5]), 0).astype(np.uint8)
            array = np.array([0, 50, 90, 130.0])[labels]
            volume = slicer.util.addVolumeFromArray(array, name=f"p{number}")
            tissue = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", f"tissue{number}")
            slicer.util.updateVolumeFromArray(tissue, labels)
            made.append((volume, tissue))
        return made

    def panel(self):
        """The module's panel, on screen."""
        slicer.util.selectModule("IQTTraining")
        return slicer.modules.iqttraining.widgetRepresentation().self()

    def waitForJob(self, job, seconds: float = 300.0) -> str:
        self.waitUntil(lambda: job.status().over, seconds)
        return job.status().state
