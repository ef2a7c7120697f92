"""The part of the panel that enhances several scans in turn: volumes in the scene, or files in a folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Dependencies
from .BatchRows import BatchRow, exportables, folderRows, nameOf, sceneRows, summary
from .Errors import EnhanceError, StoppedError
from .Folder import RESULTS, ScansJob
from .Logic import IQTEnhanceLogic
from .ModelPanel import ModelPanel
from .Progress import BatchProgress
from .Run import EnhanceRun
from .RunPanel import BAR, escaped, inWords, problem
from .Send import Sender, whyNotSend
from .Tables import chooseFolder, fillTable, fitColumns, isTicked, prepareTable, setCell, tick

TITLES = (_("Scan"), _("Status"), _("Time left"), _("Result"), _("Study"), _("Details"))
STATE, LEFT, RESULT = 1, 2, 3


class BatchPanel:
    """A table with state, time left and result of each scan; the model and its settings are the panel's.

    Args:
        changed: is called when work has started or ended. show: is called with a result that shall be seen.
    """

    def __init__(
        self,
        ui,
        logic: IQTEnhanceLogic,
        models: ModelPanel,
        *,
        changed: Callable[[], None],
        show: Callable[[Any], None],
    ) -> None:
        self._ui, self._logic, self._models, self._changed, self._show = ui, logic, models, changed, show
        self._parameters = self._run = self._looking = None
        self._rows: list[BatchRow] = []
        self._left: set[Any] = set()  # scans that the user does not want
        self._started: list[int] = []  # rows in work, by their number in the run
        self._results: dict[int, Any] = {}
        self._source: Path | None = None
        self._found: list[Any] = []
        self._progress = BatchProgress(0)
        self._obstacle = self._shown = ""
        prepareTable(ui.batchTable, TITLES)
        ui.batchSceneButton.clicked.connect(lambda *_: self.listScene())
        ui.batchFolderButton.clicked.connect(lambda *_: self._onFolder())
        ui.batchAllButton.clicked.connect(lambda *_: self._tick(lambda row: True))
        ui.batchNoneButton.clicked.connect(lambda *_: self._tick(lambda row: False))
        ui.batchStudyButton.clicked.connect(lambda *_: self._onStudy())
        ui.batchApplyButton.clicked.connect(lambda *_: self.cancel() if self.running else self.apply())
        ui.batchShowButton.clicked.connect(lambda *_: self._onShow())
        self._sender = Sender(ui.batchSendButton.window, ui.batchStatusLabel.setText, self._showButtons)
        ui.batchSendButton.clicked.connect(lambda *_: self._onSend())
        ui.batchTable.itemChanged.connect(lambda *_: self._onTicked())
        ui.batchTable.itemSelectionChanged.connect(lambda *_: self._showButtons())
        opened = ui.batchCollapsibleButton.contentsCollapsed  # results that are shown are not lost when it is
        opened.connect(lambda collapsed: collapsed or self._results or self.refresh())
        ui.batchProgressBar.setVisible(False)

    @property
    def running(self) -> bool:
        return self._run is not None

    @property
    def chosen(self) -> list[int]:
        """Numbers of the rows to enhance."""
        return [number for number, row in enumerate(self._rows) if not row.obstacle and row.scan not in self._left]

    def setParameters(self, parameters) -> None:
        self._parameters = parameters

    def update(self) -> None:
        """Follow the model: another one fits other scans."""
        shown = f"{self._models.entry} {self._parameters.sliceAxis}"
        if shown != self._shown and not self._collapsed:
            self._shown = shown
            self.refresh()

    def setObstacle(self, obstacle: str) -> None:
        """Set the reason why nothing can be started, or ""."""
        self._obstacle = obstacle
        self._showButtons()

    def forget(self) -> None:
        """Release the nodes of a closing scene."""
        if self._source is None:
            self._rows, self._results = [], {}
            self._left.clear()
            fillTable(self._ui.batchTable, [])

    def listScene(self) -> None:
        """List the volumes of the scene."""
        self._source, self._found, self._left = None, [], set()
        self.refresh()

    def listFolder(self, folder: Path) -> None:
        """Let a worker look for scans in a folder; the table follows when it has."""
        self._ui.batchSourceLabel.setText(_("Searching for scans in {folder}...").format(folder=folder))
        listeners = {"onEvent": self._onFound, "onEnd": self._onFoundAll}
        self._looking = ScansJob(folder, self._logic.runner, **listeners)
        self._showButtons()
        self._looking.start()

    def refresh(self) -> None:
        """Update the rows, unless they are being enhanced."""
        if self.running or self._parameters is None or self._models.entry is None:
            return
        entry, axis = self._models.entry, self._parameters.sliceAxis.value
        if self._source is None:
            self._rows = sceneRows(entry, axis)
            text = _("Volumes of the scene: {count}.").format(count=len(self._rows))
        else:
            self._rows = folderRows(self._found, self._source, entry, axis)
            text = _("Scans in {folder}: {count}. Results go into its folder {results}.")
            text = text.format(folder=self._source, count=len(self._rows), results=RESULTS)
        self._ui.batchSourceLabel.setText(text)
        self._left |= {row.scan for row in self._rows if not row.wanted}
        self._results = {}
        self._fill()

    def apply(self) -> None:
        """Enhance what is ticked, one after the other."""
        numbers = self.chosen
        settings = self._models.settings() | {
            "waitForCompletion": False,
            "onEvent": self._onEvent,
            "onResult": self._onResult,
            "onFinished": self._onFinished,
        }
        scans = [self._rows[number].scan for number in numbers]
        self._started, self._results, self._progress = numbers, {}, BatchProgress(len(numbers))
        try:
            Dependencies.ensure()
            for number in numbers:
                self._set(number, _("Waiting"))
            self._ui.batchStatusLabel.setText(_("Starting..."))
            if self._source is None:
                run = self._logic.process(scans, **settings)
            else:
                run = self._logic.processFolder(self._source, scans, **settings)
        except EnhanceError as error:
            self._ui.batchStatusLabel.setText(problem(error))
            return
        self._run = None if run.finished else run  # all may have failed at once
        self._ui.batchProgressBar.setRange(0, BAR)
        self._ui.batchProgressBar.setValue(0)
        self._ui.batchProgressBar.setVisible(self.running)
        self._changed()
        self._showButtons()

    def cancel(self) -> None:
        """Stop the work; what is finished stays."""
        if self._run is not None:
            self._ui.batchApplyButton.setEnabled(False)
            self._ui.batchStatusLabel.setText(_("Stopping..."))
            self._run.cancel(_("Stopped by the user"))

    @property
    def _collapsed(self) -> bool:
        return bool(self._ui.batchCollapsibleButton.property("collapsed"))

    def _fill(self) -> None:
        rows = [(row.title, row.state, "", "", row.study, row.what) for row in self._rows]
        ticked = [row.scan not in self._left for row in self._rows]
        tips = [row.tip for row in self._rows]
        fillTable(self._ui.batchTable, rows, ticked=ticked, tips=tips, current=self._ui.batchTable.currentRow())
        self._showButtons()

    def _set(self, row: int, state: str, left: str = "", result: str = "", tip: str = "") -> None:
        for column, text in ((STATE, state), (LEFT, left), (RESULT, result)):
            setCell(self._ui.batchTable, row, column, text, tip)

    def _showButtons(self) -> None:
        ui, count = self._ui, len(self.chosen)
        looking = self._looking is not None
        for button in (ui.batchSceneButton, ui.batchFolderButton, ui.batchAllButton, ui.batchNoneButton):
            button.setEnabled(not self.running and not looking)
        current = ui.batchTable.currentRow()
        ui.batchStudyButton.setEnabled(0 <= current < len(self._rows) and not self.running)
        ui.batchShowButton.setEnabled(self._resultOf(current) is not None)
        obstacle = whyNotSend()
        ready = not (obstacle or self.running or self._sender.running)
        ui.batchSendButton.setEnabled(ready and bool(exportables(self._rows, self._results)))
        ui.batchSendButton.setToolTip(obstacle or _("Send all results of the table to a PACS or a DICOMweb server."))
        if self.running:
            ui.batchApplyButton.setText(_("Cancel"))
            ui.batchApplyButton.setEnabled(True)
            return
        text = {0: _("Enhance scans"), 1: _("Enhance 1 scan")}.get(count, _("Enhance {count} scans"))
        ui.batchApplyButton.setText(text.format(count=count))
        ui.batchApplyButton.setEnabled(bool(count) and not self._obstacle and not looking)
        obstacle = self._obstacle or ("" if count else _("Tick the scans to enhance."))
        if not self._results:
            ui.batchStatusLabel.setText(escaped(obstacle))

    def _tick(self, wanted: Callable[[BatchRow], bool]) -> None:
        self._left = {row.scan for row in self._rows if row.obstacle or not wanted(row)}
        self._results = {}
        self._fill()

    def _onTicked(self) -> None:
        if not self.running:
            table = self._ui.batchTable
            self._left = {row.scan for number, row in enumerate(self._rows) if not isTicked(table, number)}
            self._showButtons()

    def _onStudy(self) -> None:
        study = self._rows[self._ui.batchTable.currentRow()].study
        self._tick(lambda row: row.study == study)

    def _onFolder(self) -> None:
        if folder := chooseFolder(_("Folder of the scans"), str(self._source or "")):
            self.listFolder(Path(folder))

    def _onFound(self, event: Mapping[str, Any]) -> None:
        if event["kind"] == "progress":
            text = _("Searching for scans: folder {done} of {total}.")
            self._ui.batchSourceLabel.setText(text.format(done=event.get("done") or 0, total=event.get("total") or 0))

    def _onFoundAll(self, job: ScansJob) -> None:
        self._looking = None
        if job.error is not None:
            self._ui.batchSourceLabel.setText(problem(job.error))
            self._showButtons()
            return
        self._source, self._found, self._left = job.source, job.scans, set()
        self.refresh()

    def _onEvent(self, event: Mapping[str, Any]) -> None:
        if event["kind"] not in ("progress", "result"):
            self._ui.logTextEdit.appendPlainText(str(event["message"]))
            return
        if event["kind"] == "result" or self._run is None:
            return
        self._progress.take(event)
        position, total = self._run.position
        stage = str(event["message"])
        left = self._progress.currentLeft
        state = f"{stage[:1].upper()}{stage[1:]}"
        self._set(self._started[position - 1], state, "" if left is None else inWords(left))
        for number in self._started[position:]:
            if self._progress.each is not None:
                setCell(self._ui.batchTable, number, LEFT, inWords(self._progress.each))
        self._tellWhole(position, total)

    def _tellWhole(self, position: int, total: int) -> None:
        self._ui.batchProgressBar.setValue(int(BAR * self._progress.done))
        text = _("Scan {position} of {total}").format(position=position, total=total)
        if self._progress.secondsLeft is not None:
            text += _(", about {left} left for all").format(left=inWords(self._progress.secondsLeft))
        self._ui.batchStatusLabel.setText(f"{text}.")

    def _onResult(self, number: int, result: Any) -> None:
        self._progress.end(succeeded=result.error is None)
        row, error = self._started[number], result.error
        if row >= len(self._rows):  # the scene was closed
            return
        self._results[row] = result
        if error is None:
            state = _("Done, with warnings") if result.warnings else _("Done")
            self._set(row, state, "", nameOf(result.outputVolume), "\n".join(result.warnings))
        else:
            state = _("Stopped") if isinstance(error, StoppedError) else _("Failed")
            self._set(row, state, "", error.reason, str(error))

    def _onFinished(self, run: EnhanceRun) -> None:
        self._run = None
        self._ui.batchProgressBar.setVisible(False)
        self._ui.batchStatusLabel.setText(escaped(summary(run.results)))
        for row in (row for row, result in self._results.items() if result.error is None):
            self._left.add(self._rows[row].scan)
            tick(self._ui.batchTable, row, False)
        fitColumns(self._ui.batchTable, len(TITLES))
        self._changed()
        self._showButtons()

    def _resultOf(self, row: int) -> Any:
        result = self._results.get(row)
        return result if result is not None and result.outputVolume is not None else None

    def _onSend(self) -> None:
        done, deidentified = exportables(self._rows, self._results), self._ui.deidentifyCheckBox.property("checked")
        self._sender.send(done, self._logic.runner, deidentified=bool(deidentified))

    def _onShow(self) -> None:
        self._show(self._resultOf(self._ui.batchTable.currentRow()))
