import json

import slicer
import slicer.util
from IQTTrainingAppTesting import IQTTrainingAppTest

SREP = {"patch": 3, "atoms": 64, "patches": 2000}
STEPS = {"training.steps": 8, "training.batch": 2, "training.people": 2, "training.validate_every": 4}


class IQTTrainingRunTest(IQTTrainingAppTest):
    """Volumes of the scene are checked, simulated and trained from, in processes that Slicer only looks at."""

    def test_from_the_console(self) -> None:
        from IQTEnhance import IQTEnhanceLogic
        from IQTTraining import IQTTrainingLogic

        logic = IQTTrainingLogic()
        target = self.folder / "models" / "mine"
        job = logic.train(self.people(), target, method="srep", recipe="quick", advanced=SREP, validate=("p3",))
        self.assertEqual(self.waitForJob(job), "done", job.log())
        self.assertIn("mine", IQTEnhanceLogic().catalogue().models)
        follower = logic.attach(job)
        self.assertTrue(follower.curves["ssim"])

    def test_a_network_is_stopped_and_resumed(self) -> None:
        from IQTTraining import IQTTrainingLogic

        logic = IQTTrainingLogic()
        values = {"method": "unet", "recipe": "quick", "size": "small", "device": "cpu", "validate": ("p3",)}
        long = STEPS | {"training.steps": 10_000, "training.validate_every": 5000, "training.checkpoint_every": 2}
        job = logic.train(self.people(), self.folder / "models" / "net", advanced=long, **values)
        self.waitUntil(lambda: job.status().over or job.status().progress.get("message") == "training", 300)
        self.assertEqual(job.status().state, "running", job.log())
        job.stop()
        self.assertEqual(self.waitForJob(job), "stopped")
        again = logic.resume(job)
        self.waitUntil(lambda: again.status().over or again.status().progress.get("done", 0) > 2, 300)
        again.stop()
        self.assertEqual(self.waitForJob(again), "stopped")

    def test_in_the_panel(self) -> None:
        people = self.people()
        panel = self.panel()
        parameters = panel._parameterNode
        parameters.trainingFolder = str(self.folder / "training")
        for volume, tissue in people:
            parameters.volume, parameters.tissue = volume, tissue
            panel.ui.addVolumeButton.click()
        panel.ui.checkButton.click()
        self.waitUntil(lambda: not panel.dataPanel.running, 300)
        self.assertEqual(len(panel.dataPanel.people), 4)
        panel.ui.previewButton.click()
        self.waitUntil(lambda: not panel.simulatePanel.running, 120)
        self.assertIsNotNone(slicer.util.getNode("p0 low field"))
        parameters.method = type(parameters.method).srep
        parameters.modelName = "panel"
        parameters.advanced = json.dumps(SREP)
        panel.ui.trainButton.click()
        self.waitUntil(lambda: panel.jobsPanel.follower is not None and panel.jobsPanel.follower.status.over, 300)
        self.assertIn("validation NRMSE", panel.ui.jobStatusLabel.text)
        self.assertIn("Listed in IQT Enhance", panel.ui.cardLabel.text)
        panel.ui.showSliceButton.click()
        self.assertIsNotNone(panel.jobsPanel.nodes.slice)
        panel.ui.openModelButton.click()
        sister = slicer.modules.iqtenhance.widgetRepresentation().self()
        self.assertEqual(sister.ui.modelComboBox.currentText, "panel")

    def test_segmentation_as_tissues(self) -> None:
        from IQTTraining import IQTTrainingLogic

        [(volume, tissue)] = self.people(1)
        segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "tissues")
        segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
        slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(tissue, segmentation)
        names = ("CSF", "grey matter", "white matter")
        for number, name in enumerate(names):
            segmentation.GetSegmentation().GetNthSegment(number).SetName(name)
        [facts] = IQTTrainingLogic().prepare([(volume, segmentation)], folder=self.folder / "training")
        self.assertEqual((facts["tissue"], facts["problem"]), ("labels", ""))
