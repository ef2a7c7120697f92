import json

import slicer
from IQTTrainingAppTesting import IQTTrainingAppTest
from IQTTrainingRunTest import SREP


class IQTTrainingButtonsTest(IQTTrainingAppTest):
    """The buttons that no other test presses. Those that open a dialog of the system are left to a person."""

    def checked(self):
        """The panel with four checked volumes and a plan that takes a minute."""
        people = self.people()
        panel = self.panel()
        parameters = panel._parameterNode
        parameters.trainingFolder = str(self.folder / "training")
        for volume, tissue in people:
            parameters.volume, parameters.tissue = volume, tissue
            panel.ui.addVolumeButton.click()
        panel.ui.checkButton.click()
        self.waitUntil(lambda: not panel.dataPanel.running, 300)
        parameters.method = type(parameters.method).srep
        parameters.modelName = "buttons"
        parameters.advanced = json.dumps(SREP)
        return panel

    def test_remove_takes_a_volume_from_the_list(self) -> None:
        [(volume, _tissue)] = self.people(1)
        panel = self.panel()
        panel._parameterNode.volume = volume
        panel.ui.addVolumeButton.click()
        panel.ui.volumesTable.selectRow(0)
        panel.ui.removeVolumeButton.click()
        self.assertEqual(panel.dataPanel.people, [])
        self.assertIsNotNone(slicer.mrmlScene.GetNodeByID(volume.GetID()))

    def test_command_line_is_copied(self) -> None:
        panel = self.checked()
        panel.ui.copyButton.click()
        self.assertIn("iqt train srep", slicer.app.clipboard().text())

    def test_estimate_and_devices(self) -> None:
        panel = self.checked()
        panel.ui.refreshDevicesButton.click()
        self.waitUntil(lambda: panel.ui.refreshDevicesButton.property("enabled"))
        panel.ui.estimateButton.click()
        self.waitUntil(lambda: panel.ui.estimateButton.property("text") == "Estimate")

    def test_a_job_is_paused_stopped_resumed_and_forgotten(self) -> None:
        panel = self.checked()
        ui, jobs = panel.ui, panel.jobsPanel
        panel._parameterNode.advanced = json.dumps(SREP | {"patches": 200_000})
        ui.trainButton.click()
        self.waitUntil(lambda: jobs.follower is not None and jobs.follower.status.state == "running", 120)
        ui.pauseButton.click()
        ui.pauseButton.click()  # goes on
        ui.stopButton.click()
        self.waitUntil(lambda: jobs.follower.status.over, 120)
        self.assertEqual(jobs.follower.status.state, "stopped")
        ui.showCurvesButton.click()
        ui.resumeButton.click()
        self.waitUntil(lambda: jobs.follower.status.state == "running", 120)
        ui.stopButton.click()
        self.waitUntil(lambda: jobs.follower.status.over, 120)
        name = jobs.job.name
        ui.removeJobButton.click()
        self.assertNotIn(name, [job.name for job in panel.logic.jobs()])

    def test_all_scans_are_simulated(self) -> None:
        panel = self.checked()
        panel._parameterNode.pairsFolder = str(self.folder / "pairs")
        panel.ui.simulateButton.click()
        self.waitUntil(lambda: panel.jobsPanel.follower is not None and panel.jobsPanel.follower.status.over, 300)
        self.assertEqual(panel.jobsPanel.follower.status.state, "done")
