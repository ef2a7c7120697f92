"""The part of the panel that chooses method, model, its settings and the device."""

import json
from collections.abc import Callable
from typing import Any

import qt
from slicer.i18n import tr as _

from . import Settings
from .Cards import cardText
from .Catalogue import Catalogue, ModelEntry, card, methodTitle, tunableSettings
from .Devices import ALWAYS, DeviceEntry, DevicesJob
from .Errors import EnhanceError
from .Logic import IQTEnhanceLogic
from .RunPanel import escaped


class ModelPanel:
    """Fills the menus from the library's registry and model folders, and keeps the choice in the parameter node.

    Args:
        ui: the widgets by name. changed: is called when the user has chosen something else.
    """

    def __init__(self, ui, logic: IQTEnhanceLogic, changed: Callable[[], None]) -> None:
        self._ui, self._logic, self._changed = ui, logic, changed
        self._catalogue = Catalogue()
        self._methods: list[str] = []
        self._entries: list[ModelEntry] = []
        self._devices: list[DeviceEntry] = list(ALWAYS)
        self._fields: dict[str, Any] = {}
        self._shown: ModelEntry | None = None
        self._asked = False
        self._parameters = None
        ui.methodComboBox.currentIndexChanged.connect(lambda *_: self._onMethod())
        ui.modelComboBox.currentIndexChanged.connect(lambda *_: self._onModel())
        ui.deviceRemarkLabel.setVisible(False)
        ui.recommendedButton.clicked.connect(lambda *_: self._choose("", ""))
        ui.deviceComboBox.currentIndexChanged.connect(lambda *_: self._onDevice())
        ui.refreshDevicesButton.clicked.connect(lambda *_: self.askDevices())
        ui.advancedCollapsibleButton.contentsCollapsed.connect(lambda collapsed: self._onAdvanced(collapsed))

    @property
    def entry(self) -> ModelEntry | None:
        """The chosen model."""
        return self._shown

    @property
    def hasIntervals(self) -> bool:
        """Whether the chosen model can estimate the uncertainty of its results."""
        entry = self._shown
        return entry is not None and entry.folder is not None and card(entry).intervals is not None

    @property
    def evens(self) -> bool:
        """Whether the coil's uneven brightness can be taken out of the chosen model's results."""
        from IQTLib.methods.registry import described

        return self._shown is not None and described(self._shown.method).evens

    def setParameters(self, parameters) -> None:
        """Show another parameter node's choice, and look again which models there are."""
        self._parameters, self._catalogue = parameters, Catalogue()
        if parameters is not None:
            self.update()

    def refresh(self) -> None:
        """Look again which models there are."""
        self._catalogue = Catalogue()
        if self._parameters is not None:
            self.update()
            self._changed()

    def update(self) -> None:
        """Bring the widgets to what the parameter node says; a model that is gone gives way to the default."""
        parameters = self._parameters
        try:
            chosen = self._catalogue.resolve(parameters.method or None, parameters.model or None)
        except EnhanceError:
            chosen = next(iter(self._catalogue.modelsOf(parameters.method)), self._catalogue.resolve(None, None))
        self._methods = self._catalogue.methods()
        self._entries = self._catalogue.modelsOf(chosen.method)
        fill(self._ui.methodComboBox, [methodTitle(name) for name in self._methods], self._methods.index(chosen.method))
        fill(self._ui.modelComboBox, [entry.name for entry in self._entries], self._entries.index(chosen))
        recommended = self._catalogue.resolve(None, None)
        self._ui.cardLabel.setText(cardText(chosen, recommended=chosen == recommended))
        title = _("Other methods: the paper's, and classic ones") if chosen == recommended else _("Chosen: {name}")
        self._ui.modelCollapsibleButton.setProperty("text", title.format(name=chosen.name))
        self._ui.recommendedButton.setEnabled(chosen != recommended)
        self._ui.modelSummaryLabel.setText(" ".join([chosen.summary, *self._catalogue.problems]))
        names = [device.name for device in self._devices]
        index = names.index(parameters.device) if parameters.device in names else 0
        fill(self._ui.deviceComboBox, [device.title for device in self._devices], index)
        if chosen != self._shown:
            self._shown = chosen
            self._showSettings(chosen)
        self._ui.uncertaintyCheckBox.setEnabled(self.hasIntervals)
        self._ui.removeBiasCheckBox.setEnabled(self.evens)

    def settings(self) -> dict[str, Any]:
        """What the panel asks of each scan, arguments of `Logic.process` and `Logic.processFolder`."""
        parameters = self._parameters
        return {
            "method": parameters.method or None,
            "model": parameters.model or None,
            "device": parameters.device,
            "sliceAxis": parameters.sliceAxis.value,
            "outputGrid": parameters.outputGrid.value,
            "uncertainty": self.hasIntervals and Settings.isOn(Settings.UNCERTAINTY),
            "removeBias": self.evens and Settings.isOn(Settings.REMOVE_BIAS, default=False),
            "options": self.options(),
        }

    def options(self) -> dict[str, Any]:
        """The method's settings that the user has changed."""
        return json.loads(self._parameters.options)

    def askDevices(self) -> None:
        """Let a worker search for GPUs; the menu is updated within seconds."""
        self._ui.refreshDevicesButton.setEnabled(False)
        DevicesJob(self._logic.runner, onEnd=self._onDevices).start()

    def _onDevices(self, job: DevicesJob) -> None:
        self._ui.refreshDevicesButton.setEnabled(True)
        text = _("The device to compute on, with its free memory.")
        if job.error is not None:
            text = _("GPUs cannot be listed yet: {reason}").format(reason=job.error)
        self._ui.deviceComboBox.setToolTip(text)
        self._ui.deviceRemarkLabel.setText(escaped("\n".join(job.remarks)))
        self._ui.deviceRemarkLabel.setVisible(bool(job.remarks))
        self._devices = job.devices
        if self._parameters is not None:
            self.update()

    def _onAdvanced(self, collapsed: bool) -> None:
        if not collapsed and not self._asked:
            self._asked = True
            self.askDevices()

    def _onMethod(self) -> None:
        method = self._methods[index(self._ui.methodComboBox)]
        self._choose(method, self._catalogue.modelsOf(method)[0].name)

    def _onModel(self) -> None:
        entry = self._entries[index(self._ui.modelComboBox)]
        self._choose(entry.method, entry.name)

    def _choose(self, method: str, model: str) -> None:
        self._parameters.method, self._parameters.model, self._parameters.options = method, model, "{}"
        self.update()
        self._changed()

    def _onDevice(self) -> None:
        self._parameters.device = self._devices[index(self._ui.deviceComboBox)].name

    def _showSettings(self, entry: ModelEntry) -> None:
        layout = self._ui.optionsLayout
        while layout.rowCount():
            layout.removeRow(0)
        self._fields = {}
        changed = self.options()
        for name, (text, value) in tunableSettings(entry).items():
            field = qt.QLineEdit()
            field.setPlaceholderText(value)
            field.setToolTip(text)
            field.setText(str(changed.get(name, "")))
            field.editingFinished.connect(self._onSetting)
            layout.addRow(f"{name}:", field)
            self._fields[name] = field
        self._ui.optionsGroupBox.setVisible(bool(self._fields))

    def _onSetting(self) -> None:
        texts = {name: field.property("text").strip() for name, field in self._fields.items()}
        self._parameters.options = json.dumps({name: _read(text) for name, text in texts.items() if text})


def fill(comboBox, titles: list[str], current: int) -> None:
    """Set a menu's entries and choice without emitting signals."""
    blocked = comboBox.blockSignals(True)
    comboBox.clear()
    comboBox.addItems(titles)
    comboBox.setCurrentIndex(current)
    comboBox.blockSignals(blocked)


def index(comboBox) -> int:
    """The current entry, for every binding of Qt."""
    return int(comboBox.property("currentIndex"))


def _read(text: str) -> Any:
    """A setting as a number or truth value where it is one."""
    try:
        return json.loads(text)
    except ValueError:
        return text
