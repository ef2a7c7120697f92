"""A run as other extensions know it from Slicer's command-line modules: a node with status, progress and Cancel."""

from collections.abc import Callable
from typing import Any

from slicer.i18n import tr as _

from .Errors import EnhanceError, StoppedError
from .Progress import BatchProgress
from .Run import EnhanceRun

PROGRESS = "IQT.progress"  # per cent, a whole number; the node's own progress can be set by compiled modules only
MESSAGE = "IQT.message"
OUTPUT_ROLE = "IQTEnhance.Output"


class CommandNode:
    """Keeps a `vtkMRMLCommandLineModuleNode` in step with a run; its `Cancel()` stops the run.

    The node's status goes from Scheduled over Running to Completed, Completed with errors, or Cancelled. Observe
    `ModifiedEvent` for progress (attributes `PROGRESS` and `MESSAGE`) and `StatusModifiedEvent` for the status.

    Args:
        start: starts the work with the listeners `onEvent`, `onResult` and `onFinished`, and returns its run.
        total: number of volumes.
    """

    def __init__(self, start: Callable[..., EnhanceRun], total: int) -> None:
        import slicer

        self.node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCommandLineModuleNode", "IQT Enhance")
        self.node.SetSaveWithScene(False)  # a run does not go on in another session
        self._progress = BatchProgress(total)
        self._run: EnhanceRun | None = None
        self._observation = self.node.AddObserver(self.node.StatusModifiedEvent, self._onStatus)
        self.node.SetAttribute(PROGRESS, "0")
        self.node.SetStatus(self.node.Scheduled)
        try:
            run = start(onEvent=self._onEvent, onResult=self._onResult, onFinished=self._onFinished)
        except EnhanceError:  # of a request that cannot be met; a failed run says so in the node
            self.node.RemoveObserver(self._observation)
            slicer.mrmlScene.RemoveNode(self.node)
            raise
        if not run.finished:
            self._run = run
            self.node.SetStatus(self.node.Running)

    def _onStatus(self, _node, _event) -> None:
        """Another module may have pressed Cancel."""
        if self._run is not None and self.node.GetStatus() == self.node.Cancelling:
            run, self._run = self._run, None
            run.cancel(_("Stopped by the user"))

    def _onEvent(self, event: Any) -> None:
        if event["kind"] == "progress":
            self._progress.take(event)
            self._tell(str(event["message"]))

    def _tell(self, message: str) -> None:
        modified = self.node.StartModify()
        self.node.SetAttribute(PROGRESS, str(int(100 * self._progress.done)))
        self.node.SetAttribute(MESSAGE, message)
        self.node.EndModify(modified)

    def _onResult(self, _number: int, result: Any) -> None:
        self._progress.end(succeeded=result.error is None)
        if result.outputVolume is not None:
            self.node.AddNodeReferenceID(OUTPUT_ROLE, result.outputVolume.GetID())
        self._tell("")

    def _onFinished(self, run: EnhanceRun) -> None:
        self._run = None
        errors = [result.error for result in run.results if result.error is not None]
        self.node.SetErrorText("\n".join(map(str, errors)))
        self.node.RemoveObserver(self._observation)
        if any(isinstance(error, StoppedError) for error in errors):
            self.node.SetStatus(self.node.Cancelled)
        else:
            self.node.SetStatus(self.node.CompletedWithErrors if errors else self.node.Completed)
