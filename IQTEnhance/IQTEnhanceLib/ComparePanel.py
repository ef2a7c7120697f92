"""The part of the panel that shows, measures and exports what was made."""

from collections.abc import Callable
from pathlib import Path

import qt
import slicer.util
from slicer.i18n import tr as _

from .Comparison import Comparison
from .Difference import DifferenceJob, differenceOf, showLegend
from .Errors import EnhanceError
from .Export import ExportJob, dicomFilesOf, dicomInstancesOf
from .Logic import IQTEnhanceLogic
from .Measurement import MEASURES, MeasureJob, fillTable
from .Output import inputOf
from .RunPanel import problem


class ComparePanel:
    """Works on the enhanced volume that was made last, or that is chosen as the output.

    Args:
        tell: shows a line of rich text to the user.
    """

    def __init__(self, ui, logic: IQTEnhanceLogic, tell: Callable[[str], None]) -> None:
        self._ui, self._logic, self._tell = ui, logic, tell
        self.comparison = Comparison()
        self._enhanced = self._table = self._parameters = self._differing = None
        ui.scoresLabel.setVisible(False)
        ui.sideBySideButton.clicked.connect(lambda *_: self.show())
        ui.toggleButton.clicked.connect(lambda *_: self._onToggle())
        ui.differenceButton.toggled.connect(lambda shown: self._onDifference(shown))
        ui.restoreLayoutButton.clicked.connect(lambda *_: self._onRestore())
        ui.measureButton.clicked.connect(lambda *_: self._onMeasure())
        ui.exportButton.clicked.connect(lambda *_: self._onExport())
        ui.fadeSlider.valueChanged.connect(lambda share: self.comparison.fade(share))

    def setParameters(self, parameters) -> None:
        self._parameters = parameters

    def forget(self) -> None:
        """Let go of the nodes of a scene that closes."""
        if self._differing is not None:
            self._differing.stop()
        self.comparison.forget()
        self._enhanced = self._table = None

    def setEnhanced(self, volume) -> None:
        """Make `volume` the one that is compared."""
        self._enhanced = volume
        self.update()

    def update(self) -> None:
        """Enable what can be done now, and say of the rest why it cannot."""
        enhanced = self._enhancedVolume()
        for button in (self._ui.sideBySideButton, self._ui.toggleButton, self._ui.differenceButton):
            button.setEnabled(enhanced is not None)
        reference = self._parameters.referenceVolume if self._parameters is not None else None
        self._ui.measureButton.setEnabled(enhanced is not None and reference is not None)
        obstacle = ""
        try:
            dicomInstancesOf(enhanced)
        except EnhanceError as error:
            obstacle = str(error)
        self._ui.exportButton.setEnabled(not obstacle)
        self._ui.exportButton.setToolTip(obstacle or _("Write a DICOM series that is derived from the scan."))

    def show(self) -> None:
        """Side by side, from the input to the enhanced volume."""
        enhanced = self._enhancedVolume()
        if enhanced is not None:
            self._ui.differenceButton.setChecked(False)
            self._enter(enhanced)

    def _enter(self, enhanced) -> None:
        self.comparison.show(inputOf(enhanced), enhanced)
        self.comparison.fade(self._parameters.fade)

    def _enhancedVolume(self):
        """The volume to compare, if its input is still there."""
        chosen = self._parameters.outputVolume if self._parameters is not None else None
        candidates = (chosen, self._enhanced)
        return next((volume for volume in candidates if volume is not None and inputOf(volume) is not None), None)

    def _onToggle(self) -> None:
        if not self.comparison.active:
            self.show()
        self._parameters.fade = 0.0 if self._parameters.fade > 0.5 else 1.0
        self.comparison.fade(self._parameters.fade)

    def _onDifference(self, shown: bool) -> None:
        """Show the map of enhanced minus input; a worker makes it when there is none of these two volumes yet."""
        if not shown:
            if self.comparison.differenceVolume is not None:
                showLegend(self.comparison.differenceVolume, False)
            self.comparison.showDifference(None)
            return
        enhanced = self._enhancedVolume()
        if not self.comparison.active:
            self._enter(enhanced)
        made = differenceOf(inputOf(enhanced), enhanced)
        if made is not None:
            self._showDifference(made)
        elif self._differing is None:
            self._tell(_("Making the map of differences..."))
            self._differing = DifferenceJob(inputOf(enhanced), enhanced, self._logic.runner, onEnd=self._onDiffered)
            self._differing.start()

    def _onDiffered(self, job: DifferenceJob) -> None:
        self._differing = None
        self._tell(problem(job.error) if job.error is not None else "")
        if job.error is not None:
            self._ui.differenceButton.setChecked(False)
        elif self._ui.differenceButton.property("checked"):
            self._onDifference(True)  # by now another volume may be chosen

    def _showDifference(self, volume) -> None:
        self.comparison.showDifference(volume)
        showLegend(volume, True)

    def _onRestore(self) -> None:
        self._ui.differenceButton.setChecked(False)
        self.comparison.restore()

    def _onMeasure(self) -> None:
        enhanced, reference = self._enhancedVolume(), self._parameters.referenceVolume
        self._ui.measureButton.setEnabled(False)
        self._ui.scoresLabel.setVisible(True)
        self._ui.scoresLabel.setText(_("Measuring..."))
        options = {"mask": self._maskFor(enhanced), "onEnd": self._onMeasured}
        MeasureJob(inputOf(enhanced), enhanced, reference, self._logic.runner, **options).start()

    def _onMeasured(self, job: MeasureJob) -> None:
        self._showScores(job.columns, job.error)

    def _maskFor(self, enhanced):
        mine = self._parameters.inputVolume is inputOf(enhanced)
        return self._parameters.mask if mine else None

    def _showScores(self, columns: dict[str, dict[str, float]], error: EnhanceError | None) -> None:
        self._ui.measureButton.setEnabled(True)
        if error is not None:
            self._ui.scoresLabel.setText(problem(error))
            return
        self._table = fillTable(self._table, columns)
        rows = ["".join(f"<th>{name}</th>" for name in ("", *columns))]
        for measure, title in MEASURES.items():
            cells = "".join(
                f"<td align='right'>{scores.get(measure, float('nan')):.3f}</td>" for scores in columns.values()
            )
            rows.append(f"<td>{title}</td>{cells}")
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        self._ui.scoresLabel.setText(f"<table cellpadding='3'>{body}</table>")

    def _onExport(self) -> None:
        enhanced = self._enhancedVolume()
        window = slicer.util.mainWindow()
        parent = qt.QFileDialog.getExistingDirectory(window, _("Folder for the new DICOM series"))
        if parent:
            self.exportTo(Path(parent) / f"{enhanced.GetName()} DICOM".replace(" ", "_"))

    def exportTo(self, folder: Path) -> None:
        """Export in a worker; the status line tells how it ended."""
        enhanced = self._enhancedVolume()
        try:
            sources = dicomFilesOf(enhanced)
        except EnhanceError as error:
            self._tell(problem(error))
            return
        self._ui.exportButton.setEnabled(False)
        self._tell(_("Writing DICOM..."))

        def ended(job: ExportJob) -> None:
            self._ui.exportButton.setEnabled(True)
            done = _("Wrote the DICOM series into {folder}").format(folder=folder)
            self._tell(problem(job.error) if job.error is not None else done)

        ExportJob(enhanced, sources, folder, self._logic.runner, onEnd=ended).start()
