"""The part of the panel that scores and exports results; `ViewsPanel` shows them."""

from collections.abc import Callable
from pathlib import Path

import qt
import slicer.util
from slicer.i18n import tr as _

from .Errors import EnhanceError
from .Export import Exportable, Exports, SeriesJob, addToDatabase, dicomInstancesOf
from .Logic import IQTEnhanceLogic
from .Measurement import MEASURES, MeasureJob, fillTable
from .Output import inputOf
from .RunPanel import escaped, problem
from .Send import Sender, whyNotSend
from .Sentences import sentenceCase
from .ViewsPanel import ViewsPanel


class ComparePanel:
    """Works on the enhanced volume that was made last, or that is chosen as the output.

    Args:
        tell: shows a line of rich text to the user.
    """

    def __init__(self, ui, logic: IQTEnhanceLogic, tell: Callable[[str], None]) -> None:
        self._ui, self._logic, self._tell = ui, logic, tell
        self._table = self._parameters = None
        self.views = ViewsPanel(ui, logic, tell)
        ui.scoresLabel.setVisible(False)
        ui.measureButton.clicked.connect(lambda *_: self._onMeasure())
        ui.exportButton.clicked.connect(lambda *_: self._onExport())
        self._sender = Sender(ui.sendButton.window, tell, self.update)
        ui.sendButton.clicked.connect(lambda *_: self._onSend())

    def setParameters(self, parameters) -> None:
        self._parameters = parameters
        self.views.setParameters(parameters)

    def forget(self) -> None:
        """Release the nodes of a closing scene."""
        self.views.forget()
        self._table = None

    def clear(self) -> None:
        """Clear the scores of a volume that is no longer selected."""
        self._ui.scoresLabel.setVisible(False)

    def setEnhanced(self, volume) -> None:
        """Make `volume` the one that is compared."""
        self.views.setEnhanced(volume)
        self.update()

    def update(self) -> None:
        """Enable what is possible now, and explain what is not."""
        self.views.update()
        enhanced = self.views.enhancedVolume
        reference = self._parameters.referenceVolume if self._parameters is not None else None
        self._ui.measureButton.setEnabled(enhanced is not None and reference is not None)
        obstacle = ""
        try:
            dicomInstancesOf(enhanced)
        except EnhanceError as error:
            obstacle = str(error)
        self._ui.exportButton.setEnabled(not obstacle)
        self._ui.exportButton.setToolTip(obstacle or _("Write a DICOM series that is derived from the scan."))
        obstacle = obstacle or whyNotSend()
        self._ui.sendButton.setEnabled(not obstacle and not self._sender.running)
        self._ui.sendButton.setToolTip(obstacle or _("Send the result to a PACS or a DICOMweb server."))

    def _onMeasure(self) -> None:
        enhanced, reference = self.views.enhancedVolume, self._parameters.referenceVolume
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
        enhanced = self.views.enhancedVolume
        window = slicer.util.mainWindow()
        parent = qt.QFileDialog.getExistingDirectory(window, _("Folder for the new DICOM series"))
        if parent:
            name = "IQT" if self._deidentified else enhanced.GetName()
            self.exportTo(Path(parent) / f"{name} DICOM".replace(" ", "_"))

    def exportTo(self, folder: Path) -> None:
        """Export in a worker, and the map of how sure the result is as a series of its own beside it; the status line
        says how it ended."""
        exportable = Exportable(self.views.enhancedVolume)
        try:
            waiting = exportable.series(folder, self._logic.runner, deidentified=self._deidentified)
        except EnhanceError as error:
            self._tell(problem(error))
            return
        self._ui.exportButton.setEnabled(False)
        self._tell(_("Writing DICOM..."))
        Exports(waiting, self._onExported).start()

    def _onExported(self, exports: Exports) -> None:
        told = [problem(job.error) if job.error is not None else self._exported(job) for job in exports.jobs]
        self._ui.exportButton.setEnabled(True)
        self._tell(" ".join(told))

    @property
    def _deidentified(self) -> bool:
        return bool(self._ui.deidentifyCheckBox.property("checked"))

    def _onSend(self) -> None:
        results = [Exportable(self.views.enhancedVolume)]
        self._sender.send(results, self._logic.runner, deidentified=self._deidentified)

    def _exported(self, job: SeriesJob) -> str:
        """What to say of a series that is written, and in the database if that was asked for."""
        folder = job.target
        told = [_("Wrote the DICOM series into {folder}.").format(folder=folder)]
        told += [sentenceCase(text) for text in job.transcript.warnings]
        if self._ui.databaseCheckBox.property("checked"):
            try:
                addToDatabase(folder)
                told.append(_("It is in the DICOM database."))
            except EnhanceError as error:
                return f"{escaped(' '.join(told))} {problem(error)}"
        return escaped(" ".join(told))
