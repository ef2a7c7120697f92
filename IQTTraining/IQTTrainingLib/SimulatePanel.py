"""The part of the panel that says how low-field scans are made, shows one, and writes all."""

from collections.abc import Callable
from pathlib import Path

import slicer
from IQTEnhanceLib.Comparison import Comparison
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.ModelPanel import fill, index
from IQTEnhanceLib.RunPanel import problem
from IQTEnhanceLib.Tables import chooseFolder
from IQTLib.jobs.folder import Job
from slicer.i18n import tr as _

from .Charts import Chart, fillTable, showDistribution
from .DataPanel import DataPanel
from .Logic import IQTTrainingLogic
from .Plan import SimulationPlan
from .Work import PreviewJob

CUSTOM = "custom"
NUMBERS = ("meanWhite", "meanGrey", "spreadWhite", "spreadGrey", "correlation")


class SimulatePanel:
    """Keeps the choice in the parameter node.

    Args:
        ui: the widgets by name. started: is called with a job that began.
    """

    def __init__(
        self, ui, logic: IQTTrainingLogic, data: DataPanel, ready: Callable[[], None], started: Callable[[Job], None]
    ) -> None:
        from IQTLib.physics.simulation import PRESETS

        self._ui, self._logic, self._data, self._ready, self._started = ui, logic, data, ready, started
        self._parameters = None
        self._names = [*PRESETS, CUSTOM]
        self._job: PreviewJob | None = None
        self._table = None
        self.chart = Chart(_("IQT SNR distribution"))
        self.comparison = Comparison((_("High field"), _("Low field, simulated")))
        ui.presetComboBox.currentIndexChanged.connect(lambda *_: self._onPreset())
        ui.plotButton.clicked.connect(lambda *_: self.plot(show=True))
        ui.previewButton.clicked.connect(lambda *_: self.preview())
        ui.simulateButton.clicked.connect(lambda *_: self.simulate())
        ui.pairsFolderButton.clicked.connect(lambda *_: self._onFolder())

    @property
    def running(self) -> bool:
        return self._job is not None

    def setParameters(self, parameters) -> None:
        self._parameters = parameters
        if parameters is not None:
            self.update()

    def forget(self) -> None:
        """Let go of nodes of a scene that closes."""
        self._table = None
        self.chart = Chart(self.chart.name)
        self.comparison.forget()

    def plan(self) -> SimulationPlan:
        """What the widgets say."""
        parameters = self._parameters
        preset = parameters.preset
        if preset == CUSTOM:
            preset = ",".join(f"{getattr(parameters, name):g}" for name in NUMBERS)
        return SimulationPlan(
            preset=preset,
            sliceAxis=parameters.sliceAxis.value,
            thickness=parameters.thickness,
            gap=parameters.gap,
            noise=parameters.noise.value,
            suffix=parameters.modality.value,
            seed=parameters.simulationSeed,
        )

    def update(self) -> None:
        parameters = self._parameters
        chosen = parameters.preset if parameters.preset in self._names else self._names[0]
        titles = [*self._names[:-1], _("Own numbers")]
        fill(self._ui.presetComboBox, titles, self._names.index(chosen))
        for name in NUMBERS:
            getattr(self._ui, f"{name}SpinBox").setEnabled(chosen == CUSTOM)
        self._ui.factorLabel.setText(_("factor {factor}").format(factor=parameters.thickness + parameters.gap))
        obstacle = self._obstacle()
        for button in (self._ui.previewButton, self._ui.simulateButton):
            button.setEnabled(not obstacle)
        if not self.running:
            self._ui.simulateStatusLabel.setText(obstacle)

    def plot(self, *, show: bool):
        """The distribution as a chart of the scene; `show` also puts it into the layout."""
        try:
            plan = self.plan()
            plan.check()
        except EnhanceError as error:
            self._ui.simulateStatusLabel.setText(problem(error))
            return None
        node = showDistribution(self.chart, plan.preset, plan.seed)
        if show:
            self.chart.show()
        return node

    def preview(self) -> None:
        """Let a worker simulate a scan of the chosen volume; again: stop it."""
        if self._job is not None:
            self._job.stop(_("Stopped by the user"))
            return
        try:
            self._ready()
            facts, node = self._data.chosen
            self._job = self._logic.preview(
                facts["path"], self.plan(), original=node, waitForCompletion=False, onEnd=self._onPreview
            )
            if self._job.error is not None:
                self._job = None
                return
        except EnhanceError as error:
            self._ui.simulateStatusLabel.setText(problem(error))
            return
        self._ui.previewButton.setText(_("Cancel"))
        self._ui.simulateStatusLabel.setText(_("Simulating..."))

    def simulate(self) -> None:
        """Write all pairs, as a job."""
        try:
            self._ready()
            job = self._logic.simulate(self._data.folder, Path(self._parameters.pairsFolder), self.plan())
        except EnhanceError as error:
            self._ui.simulateStatusLabel.setText(problem(error))
            return
        self._started(job)

    def _onPreview(self, job: PreviewJob) -> None:
        self._job = None
        self._ui.previewButton.setText(_("Preview"))
        if job.error is not None:
            self._ui.simulateStatusLabel.setText(problem(job.error))
            return
        measured = job.measured or (float("nan"),) * 2
        columns = {"SNR": [_("white matter"), _("grey matter")], _("asked for"): job.asked, _("measured"): measured}
        self._table = fillTable(_("IQT preview SNR"), columns, self._table)
        self._ui.simulateStatusLabel.setText(
            _("{name}: SNR of white / grey matter {white:.0f} / {grey:.0f}, requested {a:.0f} / {b:.0f}.").format(
                name=job.volume.GetName(), white=measured[0], grey=measured[1], a=job.asked[0], b=job.asked[1]
            )
        )
        original = job.original
        if original is not None and slicer.mrmlScene.IsNodePresent(original) and slicer.app.layoutManager() is not None:
            self.comparison.show(original, job.volume, contrast=job.plan.suffix)

    def _obstacle(self) -> str:
        try:
            self.plan().check()
        except EnhanceError as error:
            return problem(error)
        return "" if self._data.chosen is not None else _("Check volumes first.")

    def _onPreset(self) -> None:
        """Take the preset and put its numbers into the fields, as a starting point for other values."""
        chosen = self._names[index(self._ui.presetComboBox)]
        if chosen != CUSTOM:
            for name, value in numbersOf(chosen).items():
                setattr(self._parameters, name, value)
        self._parameters.preset = chosen

    def _onFolder(self) -> None:
        if folder := chooseFolder(_("Pairs"), self._parameters.pairsFolder):
            self._parameters.pairsFolder = folder


def numbersOf(preset: str) -> dict[str, float]:
    """Means, spreads and correlation of a preset, rounded as the fields show them."""
    from IQTLib.physics.simulation import PRESETS

    distribution = PRESETS[preset]
    (white, cross), (_cross, grey) = distribution.covariance
    spreads = white**0.5, grey**0.5
    values = (*distribution.mean, *spreads, cross / (spreads[0] * spreads[1]))
    return {name: round(value, 2 if name == "correlation" else 1) for name, value in zip(NUMBERS, values, strict=True)}
