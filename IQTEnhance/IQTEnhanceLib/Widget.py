"""The panel: its life cycle in Slicer, and the interaction of its parts."""

from pathlib import Path

import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _

from . import Dependencies, Settings
from .BatchPanel import BatchPanel
from .Cards import resultText
from .Checks import warningsBefore
from .ComparePanel import ComparePanel
from .Errors import EnhanceError
from .Exchange import checkVolume
from .Folder import inScene
from .GaugePanel import GaugePanel
from .Help import HELP
from .Jobs import EnhanceResult
from .Logic import IQTEnhanceLogic
from .ModelPanel import ModelPanel
from .ModelsPanel import ModelsPanel
from .Output import noScan
from .Panel import ModulePanel
from .Run import EnhanceRun
from .RunPanel import RunPanel, problem
from .SetupPanel import SetupPanel


class IQTEnhanceWidget(ModulePanel):
    """The panel of the module."""

    _watched = _choice = None
    _remarks: tuple[str, ...] = ()  # of the last result

    def setup(self) -> None:
        """Called once, when the module is opened first."""
        super().setup()
        self.loadForm("IQTEnhance.ui")
        self.ui.optionsLayout = self.ui.optionsGroupBox.layout()
        self.ui.helpLabel.setText(HELP)
        _keep(self.ui.showResultCheckBox, Settings.SHOW_RESULT)
        _keep(self.ui.uncertaintyCheckBox, Settings.UNCERTAINTY)
        _keep(self.ui.removeBiasCheckBox, Settings.REMOVE_BIAS, default=False)
        self.logic = IQTEnhanceLogic()
        self.setupPanel = SetupPanel(self.ui, self.updateReadiness)
        self.runPanel = RunPanel(self.ui)
        self.gaugePanel = GaugePanel(self.ui, lambda: self.logic.runner)
        self.modelPanel = ModelPanel(self.ui, self.logic, self.update)
        self.modelsPanel = ModelsPanel(self.ui, self.logic, self.modelPanel.refresh)
        self.comparePanel = ComparePanel(self.ui, self.logic, self.ui.statusLabel.setText)
        listeners = {"changed": self.updateReadiness, "show": self.onShowResult}
        self.batchPanel = BatchPanel(self.ui, self.logic, self.modelPanel, **listeners)
        self.ui.applyButton.clicked.connect(lambda *_: self.onApplyButton())
        self.parts = (self.modelPanel, self.comparePanel, self.batchPanel)
        self.followScene()
        self.initializeParameterNode()

    def cleanup(self) -> None:
        """Called when the application closes or the module is reloaded."""
        if self.runPanel.running:
            self.runPanel.cancel()
        self.batchPanel.cancel()
        self.gaugePanel.stop()
        self.setupPanel.cancel()
        self.setParameterNode(None)
        self.removeObservers()

    def enter(self) -> None:
        self.initializeParameterNode()

    def exit(self) -> None:
        """Do not follow the parameter node while the panel is hidden; running work continues."""
        if not self.runPanel.running and not self.batchPanel.running:
            self.setParameterNode(None)

    def forget(self) -> None:
        self.comparePanel.forget()
        self.batchPanel.forget()

    def initializeParameterNode(self) -> None:
        """Follow the parameter node of the scene; take the first volume as input if none was chosen."""
        parameters = self.logic.getParameterNode()
        if parameters.inputVolume is None:
            parameters.inputVolume = firstScan()
        self.setParameterNode(parameters)

    def update(self, caller=None, event=None) -> None:
        if self._parameterNode is None:
            return
        self.modelPanel.update()
        self.comparePanel.update()
        self.batchPanel.update()
        self._watch(self._parameterNode.inputVolume)
        self._forgetStale()
        self.updateReadiness()

    def updateReadiness(self, caller=None, event=None) -> None:
        """Whether Apply can be pressed, and what must be known of the input before."""
        if self._parameterNode is None:
            return
        self.batchPanel.setObstacle(_("A volume is being enhanced.") if self.runPanel.running else "")
        chosen = self._parameterNode
        ready = not self.runPanel.running and not self._obstacle()
        self.gaugePanel.update(chosen.inputVolume, chosen.mask, ready=ready)
        if self.runPanel.running:
            return
        obstacle = _("Several scans are being enhanced.") if self.batchPanel.running else self._obstacle()
        self.runPanel.setReady(obstacle)
        self.runPanel.warn([*([] if obstacle else self._warnings()), *self._remarks])

    def _forgetStale(self) -> None:
        """Clear messages about another volume, model or setting."""
        chosen = self._parameterNode
        choice = (chosen.inputVolume, self.modelPanel.entry, chosen.mask, chosen.device, chosen.options)
        choice += (chosen.sliceAxis, chosen.outputGrid)
        if choice != self._choice:
            self._choice, self._remarks = choice, ()
            self.runPanel.clear()
            self.comparePanel.clear()

    def setParameterNode(self, parameters) -> None:
        if parameters is None:
            self._watch(None)
        super().setParameterNode(parameters)

    def _watch(self, volume) -> None:
        """Follow the chosen volume: its voxels or position may change after it was chosen."""
        if volume is self._watched:
            return
        events = (vtk.vtkCommand.ModifiedEvent, slicer.vtkMRMLVolumeNode.ImageDataModifiedEvent)
        for event in events:
            if self._watched is not None:
                self.removeObserver(self._watched, event, self.updateReadiness)
            if volume is not None:
                self.addObserver(volume, event, self.updateReadiness)
        self._watched = volume

    def onApplyButton(self) -> None:
        """Apply, or Cancel while work runs."""
        if self.runPanel.running:
            self.runPanel.cancel()
            return
        try:
            notes = Dependencies.ensure()
            self.setupPanel.look()
            self.runPanel.begin(notes)
            run = self._start()
        except EnhanceError as error:
            self.runPanel.end(error, "")
            self.update()
            return
        if not run.finished:  # it may have failed at once
            self.runPanel.run = run
            self.updateReadiness()
            if Settings.isOn(Settings.SHOW_RESULT):
                self.comparePanel.views.makeReady()

    def _start(self) -> EnhanceRun:
        parameters = self._parameterNode
        return self.logic.process(
            parameters.inputVolume,
            parameters.outputVolume,
            **self.modelPanel.settings(),
            mask=parameters.mask,
            waitForCompletion=False,
            onEvent=self.runPanel.onEvent,
            onFinished=self.onFinished,
        )

    def onFinished(self, run: EnhanceRun) -> None:
        """Called at the end of the work, whichever it was."""
        result = run.results[0]
        self.runPanel.end(result.error, resultText(result, self.modelPanel.entry))
        if result.outputVolume is not None:
            self.comparePanel.setEnhanced(result.outputVolume)
        chosen = self._parameterNode
        if chosen is not None and result.gauge and result.inputVolume is chosen.inputVolume:
            self.gaugePanel.show(result.gauge)
        self._remarks = tuple(result.warnings)
        self.update()
        if result.outputVolume is not None and Settings.isOn(Settings.SHOW_RESULT):
            self.showComparison(result.outputVolume)

    def onShowResult(self, result: EnhanceResult) -> None:
        """Show one of several results; a file is loaded first, with its scan."""
        try:
            output = inScene(result) if isinstance(result.outputVolume, Path) else result.outputVolume
        except EnhanceError as error:
            self.ui.batchStatusLabel.setText(problem(error))
            return
        self._parameterNode.outputVolume = None  # or it would be compared
        self.showComparison(output)

    def showComparison(self, output) -> None:
        self.comparePanel.setEnhanced(output)
        self.ui.compareCollapsibleButton.setProperty("collapsed", False)
        self.comparePanel.views.show()

    def _obstacle(self) -> str:
        """Why Apply is disabled, or ""."""
        if self.setupPanel.running:
            return _("Packages are being installed.")
        parameters = self._parameterNode
        try:
            checkVolume(parameters.inputVolume)
        except EnhanceError as error:
            return str(error)
        if what := noScan(parameters.inputVolume):
            told = _("{name} is {what}, not a scan. Choose a brain MRI.")
            return told.format(name=parameters.inputVolume.GetName(), what=what)
        if parameters.outputVolume is not None and parameters.outputVolume is parameters.inputVolume:
            return _("The output is the input volume. Choose another output, or a new volume.")
        return ""

    def _warnings(self) -> list[str]:
        if self._parameterNode is None or self._obstacle() or self.modelPanel.entry is None:
            return []
        axis = self._parameterNode.sliceAxis.value
        return warningsBefore(self._parameterNode.inputVolume, self.modelPanel.entry, axis)


def firstScan():
    """The first volume of the scene that can be a scan; label maps are not scans."""
    nodes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    fitting = (node for node in nodes if node.GetClassName() == "vtkMRMLScalarVolumeNode" and not noScan(node))
    return next((node for node in fitting if not node.GetHideFromEditors()), None)


def _keep(checkBox, name: str, default: bool = True) -> None:
    """Keep the choice between sessions."""
    checkBox.setChecked(Settings.isOn(name, default))
    checkBox.toggled.connect(lambda on: Settings.remember(name, bool(on)))
