"""The part of the panel that lists jobs and shows one of them: progress, curves, slice, score, log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.RunPanel import escaped, problem
from IQTEnhanceLib.Tables import fillTable as fillCells
from IQTEnhanceLib.Tables import prepareTable
from IQTLib.errors import IQTError
from IQTLib.jobs.folder import Job
from slicer.i18n import tr as _

from .Charts import SCORE_TITLES, LiveNodes, fillTable, scoreColumns
from .Following import JobFollower
from .JobWords import cardOf, cells, isListed, line, text
from .Logic import IQTTrainingLogic
from .TrainingWords import canGoOn

MOST = 30  # jobs that are listed
REFRESH = 2000  # ms between two looks at the list
TITLES = (_("Job"), _("What"), _("State"), _("Progress"))


class JobsPanel:
    """Follows the selected job, whichever program started it.

    Args:
        ui: the widgets by name. finished: is called when a followed job is over.
    """

    def __init__(self, ui, logic: IQTTrainingLogic, finished: Callable[[Job], None]) -> None:
        self._ui, self._logic, self._finished = ui, logic, finished
        self._jobs: list[Job] = []
        self._timer = None
        self._written = 0
        self.started: list[Job] = []
        self.follower: JobFollower | None = None
        self.nodes: LiveNodes | None = None
        self.table: Any = None
        prepareTable(ui.jobsTable, TITLES)
        prepareTable(ui.testTable, SCORE_TITLES)
        ui.jobsTable.itemSelectionChanged.connect(lambda *_: self._onChosen())
        for button, act in (("pause", self.pause), ("stop", self.stop), ("resume", self.resume)):
            getattr(ui, f"{button}Button").clicked.connect(lambda *_, act=act: self._try(act))
        ui.removeJobButton.clicked.connect(lambda *_: self._try(self.remove))
        ui.showCurvesButton.clicked.connect(lambda *_: self.showCurves())
        ui.showSliceButton.clicked.connect(lambda *_: self.showSlice())
        ui.openModelButton.clicked.connect(lambda *_: self.openModel())
        self._show()

    @property
    def job(self) -> Job | None:
        return self.follower.job if self.follower is not None else None

    def enter(self) -> None:
        """Look at the list now and then; follow the latest unfinished job, or else the latest."""
        import qt

        if self._timer is None:
            self._timer = qt.QTimer()
            self._timer.setInterval(REFRESH)
            self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()
        if self.follower is None and self._jobs:
            unfinished = [job for job in self._jobs if not job.status().over]
            self.follow((unfinished or self._jobs)[0])

    def exit(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def begin(self, job: Job) -> None:
        """Follow a job that was just started here."""
        self.started.append(job)
        self.follow(job)

    def follow(self, job: Job) -> None:
        """Show a job from its beginning."""
        if self.follower is not None:
            self.follower.stop()
        self._written, self.nodes, self.table = 0, LiveNodes(f"IQT {job.request.title}"), None
        self._ui.logTextEdit.clear()
        self._ui.cardLabel.setText("")
        fillCells(self._ui.testTable, [])
        self.follower = JobFollower(job, onChange=self._onChange, onEnd=self._onEnd)
        self.follower.start()
        self.refresh()

    def cleanup(self, *, keepRunning: bool) -> None:
        """Slicer closes: jobs that were started here continue or are asked to stop."""
        self.exit()
        if self.follower is not None:
            self.follower.stop()
        for job in self.started:
            if not keepRunning and not job.status().over:
                job.stop()

    def forget(self) -> None:
        """Let go of nodes of a scene that closes; the job's curves are drawn again with its next event."""
        self.table = None
        if self.nodes is not None:
            self.nodes = LiveNodes(self.nodes.name)

    def pause(self) -> None:
        """Pause or resume."""
        (self.job.go_on if self.job.pausing else self.job.pause)()

    def stop(self) -> None:
        """Ask the job to stop; the second time end it by force."""
        (self.job.kill if self.job.stopping else self.job.stop)()

    def resume(self) -> None:
        self.begin(self._logic.resume(self.job))

    def remove(self) -> None:
        """Forget a job that is over."""
        self.job.remove()
        self.follower = None
        self.refresh()
        self._show()

    def showCurves(self) -> None:
        self._update()
        chart = self.nodes.validation if self.nodes.validation.node is not None else self.nodes.loss
        chart.show()

    def showSlice(self) -> None:
        """The latest validation slice in the view that shows it upright."""
        import slicer
        import slicer.util

        self._update()
        if self.nodes.slice is None:
            return
        slicer.util.setSliceViewerLayers(background=self.nodes.slice, fit=True)
        for view in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
            if view.GetOrientation() == "Axial":
                view.SetSliceOffset(0.0)  # the volume has one slice, and it lies there

    def openModel(self) -> None:
        """Open the sister module with the model of this job."""
        import slicer.util
        from IQTEnhanceLib.Logic import IQTEnhanceLogic

        details = self.job.request.details
        parameters = IQTEnhanceLogic().getParameterNode()
        parameters.method, parameters.model, parameters.options = details["method"], Path(details["model"]).name, "{}"
        slicer.util.selectModule("IQTEnhance")

    def refresh(self) -> None:
        """Show the list of jobs."""
        self._jobs = self._logic.jobs()[:MOST]
        names = [job.name for job in self._jobs]
        current = names.index(self.job.name) if self.job is not None and self.job.name in names else -1
        fillCells(self._ui.jobsTable, [cells(job) for job in self._jobs], current=current)
        self._showRunning()

    def _onChosen(self) -> None:
        row = self._ui.jobsTable.currentRow()
        if 0 <= row < len(self._jobs) and (self.job is None or self._jobs[row].name != self.job.name):
            self.follow(self._jobs[row])

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except (EnhanceError, IQTError, OSError) as error:
            shown = error if isinstance(error, EnhanceError) else EnhanceError(str(error), "")
            self._ui.jobStatusLabel.setText(problem(shown))
            return
        if self.follower is not None:
            self._show()
        self.refresh()

    def _onChange(self, follower: JobFollower) -> None:
        for message in follower.messages[self._written :]:
            self._ui.logTextEdit.appendPlainText(message)
        self._written = len(follower.messages)
        self._update()
        self._show()

    def _onEnd(self, follower: JobFollower) -> None:
        if follower.test:
            columns = scoreColumns(follower.test)
            self.table = fillTable(_("{name} test").format(name=self.nodes.name), columns, self.table)
            rows = list(zip(*columns.values(), strict=True))
            fillCells(self._ui.testTable, [[text(cell) for cell in row] for row in rows])
        self._ui.cardLabel.setText(cardOf(follower))
        self._show()
        self.refresh()
        self._finished(follower.job)

    def _modelIsListed(self) -> bool:
        model = self.job.request.details.get("model")
        return model is not None and isListed(Path(model))

    def _update(self) -> None:
        if self.follower is not None and self.nodes is not None:
            self.nodes.update(self.follower.curves, self.follower.sliceFile)

    def _show(self) -> None:
        """Buttons, bar and line of the job that is followed."""
        ui, follower = self._ui, self.follower
        state = follower.status.state if follower is not None else ""
        alive = state in ("waiting", "running", "paused", "starting")
        ui.pauseButton.setEnabled(state in ("running", "paused"))
        ui.pauseButton.setText(_("Go on") if follower is not None and follower.job.pausing else _("Pause"))
        ui.stopButton.setEnabled(alive)
        ui.stopButton.setText(_("Force stop") if alive and follower.job.stopping else _("Stop"))
        ui.resumeButton.setEnabled(follower is not None and canGoOn(state, follower.status.code))
        ui.removeJobButton.setEnabled(bool(state) and not alive)
        ui.openModelButton.setEnabled(state == "done" and self._modelIsListed())
        ui.showCurvesButton.setEnabled(bool(follower is not None and follower.curves))
        ui.showSliceButton.setEnabled(bool(follower is not None and follower.sliceFile))
        progress = follower.status.progress if follower is not None else {}
        nobody = _("Choose a job.") if self._jobs else _("No job yet.")
        ui.progressBar.setVisible(alive)
        ui.progressBar.setRange(0, int(progress.get("total") or 0))
        ui.progressBar.setValue(int(progress.get("done") or 0))
        ui.jobStatusLabel.setText(line(follower) if follower is not None else nobody)
        self._showRunning()

    def _showRunning(self) -> None:
        """At the top of the panel, in sight whatever is folded: each job that works or waits."""
        lines = []
        for job in self._jobs:
            if not job.status().over:
                followed = self.follower is not None and self.follower.job.name == job.name
                told = line(self.follower) if followed else escaped(", ".join(filter(None, cells(job)[1:])))
                lines.append(f"<b>{escaped(job.request.title)}</b>: {told}")
        self._ui.runningLabel.setText("<br>".join(lines))
        self._ui.runningLabel.setVisible(bool(lines))
