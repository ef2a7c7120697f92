"""Several jobs one after the other: what `process` starts, what Cancel stops, what a closed scene ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slicer.i18n import tr as _

from .Errors import StoppedError
from .Folder import FileJob, FileRequest
from .Jobs import EnhanceJob, EnhanceRequest, EnhanceResult
from .Measurement import MeasureJob
from .Process import Runner

SCENE_CLOSED = _("The scene was closed during the enhancement")


class EnhanceRun:
    """Enhances volumes in turn, each in its own worker; a failure does not stop the others.

    Args:
        requests: volumes of the scene, or files.
        reference: also measure every result of the scene's volumes against this one.
        onEvent: receives the worker's events. onResult: the number of a volume (from 0) and what became of it.
        onFinished: is called once with this object, after the last one.
    """

    def __init__(
        self,
        requests: Sequence[EnhanceRequest | FileRequest],
        runner: Runner,
        *,
        reference=None,
        onEvent: Callable[[Mapping[str, Any]], None] = lambda event: None,
        onResult: Callable[[int, EnhanceResult], None] = lambda number, result: None,
        onFinished: Callable[["EnhanceRun"], None] = lambda run: None,
    ) -> None:
        self.finished = False
        self._requests, self._waiting = requests, list(range(len(requests)))
        self._results: dict[int, EnhanceResult] = {}
        self._number = 0
        self._runner, self._reference = runner, reference
        self._onEvent, self._onResult, self._onFinished = onEvent, onResult, onFinished
        self._job: EnhanceJob | FileJob | MeasureJob | None = None
        self._observation: int | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Number of the current volume (from 1), and how many there are."""
        return self._number + 1, len(self._requests)

    @property
    def results(self) -> list[EnhanceResult]:
        """Results of the finished volumes, in the order of the requests."""
        return [self._results[number] for number in sorted(self._results)]

    def start(self) -> None:
        """Begin with the first volume; returns at once."""
        self._observe()
        self._next()

    def wait(self) -> None:
        """Do everything now; returns when all is done."""
        self._observe()
        try:
            while self._waiting:
                job = self._enhancing(lambda job: None)
                job.run()
                measuring = self._measuring(job.result, lambda job: None)
                if measuring is not None:
                    measuring.run()
                    self._takeScores(job.result, measuring)
                self._take(job.result)
        finally:
            self._finish()

    def cancel(self, reason: str = _("Stopped")) -> None:
        """Stop the current volume and skip the waiting ones."""
        waiting, self._waiting = self._waiting, []
        for number in waiting:
            request = self._requests[number]
            self._take(EnhanceResult(request.inputVolume, request.model, error=StoppedError(reason)), number)
        if self._job is not None:
            self._job.stop(reason)

    def _next(self) -> None:
        if self._waiting:
            self._enhancing(self._afterEnhancing).start()
        else:
            self._finish()

    def _afterEnhancing(self, job: EnhanceJob | FileJob) -> None:
        measuring = self._measuring(job.result, lambda measured: self._afterMeasuring(job.result, measured))
        if measuring is not None:
            measuring.start()
        else:
            self._afterMeasuring(job.result, None)

    def _afterMeasuring(self, result: EnhanceResult, job: MeasureJob | None) -> None:
        if job is not None:
            self._takeScores(result, job)
        self._take(result)
        self._next()

    def _take(self, result: EnhanceResult, number: int | None = None) -> None:
        number = self._number if number is None else number
        self._results[number] = result
        self._onResult(number, result)

    def _enhancing(self, onEnd: Callable[[Any], None]) -> EnhanceJob | FileJob:
        self._number = self._waiting.pop(0)
        self._job = self._requests[self._number].job(self._runner, onEvent=self._onEvent, onEnd=onEnd)
        return self._job

    def _measuring(self, result: EnhanceResult, onEnd: Callable[[MeasureJob], None]) -> MeasureJob | None:
        if self._reference is None or result.outputVolume is None:
            return None
        volumes = (result.inputVolume, result.outputVolume, self._reference)
        self._job = MeasureJob(*volumes, self._runner, onEvent=self._onEvent, onEnd=onEnd)
        return self._job

    @staticmethod
    def _takeScores(result: EnhanceResult, job: MeasureJob) -> None:
        result.metrics = job.scores.get("enhanced", {})
        if job.error is not None:
            result.warnings += (_("Not scored: {error}").format(error=job.error),)

    def _finish(self) -> None:
        self.finished, self._job = True, None
        if self._observation is not None:
            import slicer

            slicer.mrmlScene.RemoveObserver(self._observation)
            self._observation = None
        self._onFinished(self)

    def _observe(self) -> None:
        import slicer

        if not any(isinstance(request, EnhanceRequest) for request in self._requests):
            return  # files do not care which scene is open
        event = slicer.vtkMRMLScene.StartCloseEvent
        self._observation = slicer.mrmlScene.AddObserver(event, lambda *_: self.cancel(SCENE_CLOSED))
