"""The part of the panel that says what is trained, where, and for what name; it estimates, copies and starts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qt
from IQTEnhanceLib.Catalogue import Catalogue
from IQTEnhanceLib.Devices import ALWAYS, DeviceEntry, DevicesJob
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.ModelPanel import fill, index
from IQTEnhanceLib.RunPanel import problem
from IQTEnhanceLib.Tables import chooseFolder
from IQTLib.jobs.folder import Job
from IQTLib.methods.registry import METHODS
from slicer.i18n import tr as _

from .DataPanel import DataPanel
from .Logic import IQTTrainingLogic
from .Plan import ADVANCED, TrainingPlan, shippedValues
from .SimulatePanel import SimulatePanel
from .Work import EstimateJob


class TrainPanel:
    """Keeps the choice in the parameter node.

    Args:
        ui: the widgets by name. ready: raises `EnhanceError` when packages are missing. started: is called with a job.
    """

    def __init__(
        self,
        ui,
        logic: IQTTrainingLogic,
        data: DataPanel,
        simulation: SimulatePanel,
        ready: Callable[[], None],
        started: Callable[[Job], None],
    ) -> None:
        self._ui, self._logic, self._data, self._simulation = ui, logic, data, simulation
        self._ready, self._started = ready, started
        self._parameters = None
        self._devices: list[DeviceEntry] = list(ALWAYS)
        self._starts: list[str] = [""]
        self._fields: dict[str, Any] = {}
        self._shown: tuple[str, str] | None = None
        self._estimating: EstimateJob | None = None
        ui.deviceComboBox.currentIndexChanged.connect(lambda *_: self._onDevice())
        ui.startComboBox.currentIndexChanged.connect(lambda *_: self._onStart())
        ui.refreshDevicesButton.clicked.connect(lambda *_: self.askDevices())
        ui.modelFolderButton.clicked.connect(lambda *_: self._onFolder())
        ui.estimateButton.clicked.connect(lambda *_: self.estimate())
        ui.copyButton.clicked.connect(lambda *_: self.copy())
        ui.trainButton.clicked.connect(lambda *_: self.train())

    def setParameters(self, parameters) -> None:
        self._parameters = parameters
        if parameters is not None:
            self.update()

    def plan(self) -> TrainingPlan:
        """What the widgets say; `EnhanceError` when something is missing."""
        parameters = self._parameters
        if not parameters.modelName.strip():
            raise EnhanceError(_("The model has no name"), _("Enter one in the Train section."))
        if set(parameters.modelName) & set('/\\:*?"<>|') or parameters.modelName.startswith("."):
            raise EnhanceError(_("The model's name is not a valid folder name"), _("Use letters, digits, - and _."))
        source, split = (self._scansAsTheyAre(), None) if self._isSynthesis else (self._data.folder, self._data.split())
        return TrainingPlan(
            source=str(source),
            target=str(Path(parameters.modelFolder) / parameters.modelName.strip()),
            method=parameters.method.value,
            recipe=parameters.recipe.value,
            size=parameters.size.value,
            simulation=self._simulation.plan(),
            validate=split.validate if split else (),
            test=split.test if split else (),
            exclude=tuple(self._data.leftOut),
            device=parameters.device,
            start=parameters.startModel if self._isNetwork else "",
            advanced=json.loads(parameters.advanced),
            note=parameters.dataNote.strip(),
            cache=str(self._data.folder.parent / "cache") if self._isNetwork else "",
        )

    @property
    def _isNetwork(self) -> bool:
        return METHODS[self._parameters.method.value].training == "network"

    @property
    def _isSynthesis(self) -> bool:
        return METHODS[self._parameters.method.value].training == "synthesis"

    def _scansAsTheyAre(self) -> str:
        """The folder that a synthesis learns from: prepared volumes have one contrast only."""
        if not self._parameters.sourceFolder:
            raise EnhanceError(
                _("This method learns from a folder with two contrasts, such as sub-01_T1w and sub-01_T2w"),
                _("Choose it in the Data section; its volumes need no check."),
            )
        return self._parameters.sourceFolder

    def update(self) -> None:
        """Bring the widgets to what the parameter node says."""
        parameters = self._parameters
        names = [device.name for device in self._devices]
        chosen = names.index(parameters.device) if parameters.device in names else 0
        fill(self._ui.deviceComboBox, [device.title for device in self._devices], chosen)
        self._ui.deviceComboBox.setEnabled(self._isNetwork)
        self._ui.startComboBox.setEnabled(self._isNetwork)
        self._showStarts(parameters.method.value)
        kind = (parameters.method.value, parameters.recipe.value)
        if kind != self._shown:
            self._shown = kind
            self._showAdvanced(*kind)
        obstacle = self._obstacle()
        for button in (self._ui.trainButton, self._ui.copyButton, self._ui.estimateButton):
            button.setEnabled(not obstacle)
        self._ui.trainButton.setToolTip(obstacle or _("Start; you can use Slicer meanwhile."))
        self._ui.trainStatusLabel.setText(obstacle)

    def askDevices(self) -> None:
        """Let a worker look for graphics cards; the menu follows in seconds."""
        self._ui.refreshDevicesButton.setEnabled(False)
        DevicesJob(self._logic.runner, onEnd=self._onDevices).start()

    def estimate(self) -> None:
        """Let a worker estimate what the training will take; again: stop it."""
        if self._estimating is not None:
            self._estimating.stop(_("Stopped by the user"))
            return
        try:
            self._ready()
            self._estimating = self._logic.estimate(self.plan(), waitForCompletion=False, onEnd=self._onEstimate)
            if self._estimating.error is not None:
                self._estimating = None
                return
        except EnhanceError as error:
            self._ui.estimateLabel.setText(problem(error))
            return
        self._ui.estimateButton.setText(_("Cancel"))
        self._ui.estimateLabel.setText(_("Timing a few steps..."))

    def copy(self) -> None:
        """Put the command line into the clipboard."""
        import slicer

        try:
            line = self._logic.commandLine(self.plan())
        except EnhanceError as error:
            self._ui.trainStatusLabel.setText(problem(error))
            return
        slicer.app.clipboard().setText(line)
        self._ui.trainStatusLabel.setText(_("Copied: {line}").format(line=line))

    def train(self) -> None:
        """Start the training as a job; an existing model is replaced only after asking."""
        try:
            self._ready()
            plan = self.plan()
            job = self._logic.trainPlan(plan, overwrite=self._mayOverwrite(Path(plan.target)))
        except EnhanceError as error:
            self._ui.trainStatusLabel.setText(problem(error))
            return
        self._started(job)

    def _mayOverwrite(self, target: Path) -> bool:
        import slicer.util

        if not target.exists() and not target.with_name(f"{target.name}.run").exists():
            return False
        question = _("A model or an unfinished training run called {name} already exists. Replace it?")
        if not slicer.util.confirmOkCancelDisplay(question.format(name=target.name)):
            raise EnhanceError(_("{name} already exists").format(name=target.name), _("Choose another name."))
        return True

    def _obstacle(self) -> str:
        try:
            self.plan().check()
        except EnhanceError as error:
            return problem(error)
        return ""

    def _showStarts(self, method: str) -> None:
        models = [entry.name for entry in Catalogue().modelsOf(method)] if self._isNetwork else []
        self._starts = ["", *models]
        chosen = self._parameters.startModel
        number = self._starts.index(chosen) if chosen in self._starts else 0
        fill(self._ui.startComboBox, [_("None: train from scratch"), *models], number)

    def _showAdvanced(self, method: str, recipe: str) -> None:
        layout = self._ui.advancedValuesLayout
        while layout.rowCount():
            layout.removeRow(0)
        self._fields = {}
        changed, shipped = json.loads(self._parameters.advanced), shippedValues(method, recipe)
        for name, text in ADVANCED[METHODS[method].training].items():
            field = qt.QLineEdit()
            field.setPlaceholderText(shipped.get(name, _("as in the recipe")))
            field.setToolTip(text)
            field.setText(str(changed.get(name, "")))
            field.editingFinished.connect(self._onAdvanced)
            layout.addRow(f"{name.partition('.')[2] or name}:", field)
            self._fields[name] = field
        known = {name: value for name, value in changed.items() if name in self._fields}
        self._parameters.advanced = json.dumps(known)

    def _onAdvanced(self) -> None:
        texts = {name: field.property("text").strip() for name, field in self._fields.items()}
        self._parameters.advanced = json.dumps({name: _number(text) for name, text in texts.items() if text})

    def _onDevices(self, job: DevicesJob) -> None:
        self._ui.refreshDevicesButton.setEnabled(True)
        if job.error is not None:
            self._ui.trainStatusLabel.setText(problem(job.error))
        self._devices = job.devices
        if self._parameters is not None:
            self.update()

    def _onEstimate(self, job: EstimateJob) -> None:
        self._estimating = None
        self._ui.estimateButton.setText(_("Estimate"))
        self._ui.estimateLabel.setText(problem(job.error) if job.error is not None else job.text)

    def _onDevice(self) -> None:
        self._parameters.device = self._devices[index(self._ui.deviceComboBox)].name

    def _onStart(self) -> None:
        self._parameters.startModel = self._starts[index(self._ui.startComboBox)]

    def _onFolder(self) -> None:
        if folder := chooseFolder(_("Folder of the model"), self._parameters.modelFolder):
            self._parameters.modelFolder = folder


def _number(text: str) -> Any:
    """A value as a number where it is one."""
    try:
        return json.loads(text)
    except ValueError:
        return text
