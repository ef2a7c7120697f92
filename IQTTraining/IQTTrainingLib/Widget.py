"""The panel: its life in Slicer, and what its parts have to do with one another."""

from pathlib import Path

import slicer
import slicer.util
from IQTEnhanceLib import Dependencies
from IQTEnhanceLib.Panel import ModulePanel
from IQTLib.jobs.folder import Job
from slicer.i18n import tr as _

from .DataPanel import DataPanel
from .Help import HELP
from .JobsPanel import JobsPanel
from .Logic import IQTTrainingLogic
from .SimulatePanel import SimulatePanel
from .TrainingWords import STATES
from .TrainPanel import TrainPanel

REQUIREMENTS = Path(__file__).resolve().parents[1] / "Resources" / "requirements-training.txt"


class IQTTrainingWidget(ModulePanel):
    """The panel of the module."""

    def setup(self) -> None:
        """Called once, when the module is opened first."""
        super().setup()
        self.loadForm("IQTTraining.ui")
        self.ui.advancedValuesLayout = self.ui.advancedGroupBox.layout()
        self.ui.helpLabel.setText(HELP)
        self.logic = IQTTrainingLogic()
        self.dataPanel = DataPanel(self.ui, self.logic, self.update, self.ensurePackages)
        self.jobsPanel = JobsPanel(self.ui, self.logic, self.onFinished)
        started = self.jobsPanel.begin
        self.simulatePanel = SimulatePanel(self.ui, self.logic, self.dataPanel, self.ensurePackages, started)
        self.trainPanel = TrainPanel(
            self.ui, self.logic, self.dataPanel, self.simulatePanel, self.ensurePackages, started
        )
        self.parts = (self.dataPanel, self.simulatePanel, self.trainPanel)
        self.followScene()
        self.enter()

    def cleanup(self) -> None:
        """Called when the application closes or the module is reloaded."""
        keep = self._parameterNode is None or self._parameterNode.keepRunning
        self.jobsPanel.cleanup(keepRunning=keep)
        self.setParameterNode(None)
        self.removeObservers()

    def enter(self) -> None:
        self.initializeParameterNode()
        self.jobsPanel.enter()

    def exit(self) -> None:
        """Do not look at jobs while the panel is hidden; the one that is followed goes on being followed."""
        self.jobsPanel.exit()

    def forget(self) -> None:
        self.simulatePanel.forget()
        self.jobsPanel.forget()

    def initializeParameterNode(self) -> None:
        from IQTLib.models.store import user_folder

        parameters = self.logic.getParameterNode()
        home = user_folder().parent
        for name, default in (("trainingFolder", "training"), ("pairsFolder", "pairs"), ("modelFolder", "models")):
            if not getattr(parameters, name):
                setattr(parameters, name, str(user_folder() if default == "models" else home / default))
        if parameters.volume is None:
            parameters.volume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
        self.setParameterNode(parameters)

    def update(self, caller=None, event=None) -> None:
        if self._parameterNode is None:
            return
        self.ui.addVolumeButton.setEnabled(self._parameterNode.volume is not None)
        self.dataPanel.update()
        self.simulatePanel.update()
        self.trainPanel.update()

    def ensurePackages(self) -> None:
        """Install, after asking, what the worker needs; `EnhanceError` when it cannot be had."""
        for note in Dependencies.ensure(REQUIREMENTS):
            self.ui.logTextEdit.appendPlainText(note)

    def onFinished(self, job: Job) -> None:
        """A followed job is over: its model can be gone on from, and the sister module lists it."""
        if self._parameterNode is not None:
            self.update()
        slicer.util.showStatusMessage(
            _("{job}: {state}").format(job=job.request.title, state=STATES[job.status().state]), 5000
        )
        sister = getattr(getattr(slicer, "modules", None), "IQTEnhanceWidget", None)
        if sister is not None and getattr(sister, "_parameterNode", None) is not None:
            sister.initializeParameterNode()
