"""The panel: its life in Slicer, and what its parts have to do with one another."""

from pathlib import Path

import slicer
import slicer.util
import vtk
from IQTEnhanceLib import Dependencies
from IQTLib.jobs.folder import Job
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleWidget

from .DataPanel import DataPanel
from .Help import HELP
from .JobsPanel import JobsPanel
from .Logic import IQTTrainingLogic
from .SimulatePanel import SimulatePanel
from .TrainPanel import TrainPanel

REQUIREMENTS = Path(__file__).resolve().parents[1] / "Resources" / "requirements-training.txt"


class IQTTrainingWidget(ScriptedLoadableModuleWidget, slicer.util.VTKObservationMixin):
    """The panel of the module; its state is the parameter node."""

    def __init__(self, parent=None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        slicer.util.VTKObservationMixin.__init__(self)
        self.logic: IQTTrainingLogic | None = None
        self._parameterNode = None
        self._guiTag = None

    def setup(self) -> None:
        """Called once, when the module is opened first."""
        ScriptedLoadableModuleWidget.setup(self)
        panel = slicer.util.loadUI(self.resourcePath("UI/IQTTraining.ui"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        self.ui.advancedValuesLayout = self.ui.advancedGroupBox.layout()
        panel.setMRMLScene(slicer.mrmlScene)
        self.ui.helpLabel.setText(HELP)
        self.logic = IQTTrainingLogic()
        self.dataPanel = DataPanel(self.ui, self.logic, self.update, self.ensurePackages)
        self.jobsPanel = JobsPanel(self.ui, self.logic, self.onFinished)
        started = self.jobsPanel.begin
        self.simulatePanel = SimulatePanel(self.ui, self.logic, self.dataPanel, self.ensurePackages, started)
        self.trainPanel = TrainPanel(
            self.ui, self.logic, self.dataPanel, self.simulatePanel, self.ensurePackages, started
        )
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
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

    def onSceneStartClose(self, caller, event) -> None:
        self.simulatePanel.forget()
        self.jobsPanel.forget()
        self.setParameterNode(None)

    def onSceneEndClose(self, caller, event) -> None:
        if self.parent.isEntered:
            self.initializeParameterNode()

    def initializeParameterNode(self) -> None:
        """Follow the parameter node of the scene; folders that were never set get their defaults."""
        from IQTLib.pretrained import user_folder

        parameters = self.logic.getParameterNode()
        home = user_folder().parent
        for name, default in (("trainingFolder", "training"), ("pairsFolder", "pairs"), ("modelFolder", "models")):
            if not getattr(parameters, name):
                setattr(parameters, name, str(user_folder() if default == "models" else home / default))
        if parameters.volume is None:
            parameters.volume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
        self.setParameterNode(parameters)

    def setParameterNode(self, parameters) -> None:
        if self._parameterNode is not None:
            self._parameterNode.disconnectGui(self._guiTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.update)
        self._parameterNode = parameters
        for part in (self.dataPanel, self.simulatePanel, self.trainPanel):
            part.setParameters(parameters)
        if parameters is not None:
            self._guiTag = parameters.connectGui(self.ui)
            self.addObserver(parameters, vtk.vtkCommand.ModifiedEvent, self.update)
            self.update()

    def update(self, caller=None, event=None) -> None:
        """Bring everything that is not bound by name to what the parameter node says."""
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
        slicer.util.showStatusMessage(_("{job}: {state}").format(job=job.request.title, state=job.status().state), 5000)
        sister = getattr(getattr(slicer, "modules", None), "IQTEnhanceWidget", None)
        if sister is not None and getattr(sister, "_parameterNode", None) is not None:
            sister.initializeParameterNode()
