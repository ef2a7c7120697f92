"""Several jobs one after the other: what `process` starts, what Cancel stops, what a closed scene ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .Errors import StoppedError
from .Jobs import EnhanceJob, EnhanceRequest, EnhanceResult
from .Measurement import MeasureJob
from .Process import Runner

SCENE_CLOSED = "The scene was closed while the volume was enhanced"


class EnhanceRun:
    """Enhances volumes in turn, each in a worker of its own; one that fails does not keep the others from theirs.

    Args:
        reference: also measure every result against this volume.
        onEvent: receives the worker's events. onFinished: is called once with this object, after the last one.
    """

    def __init__(
        self,
        requests: Sequence[EnhanceRequest],
        runner: Runner,
        *,
        reference=None,
        onEvent: Callable[[Mapping[str, Any]], None] = lambda event: None,
        onFinished: Callable[["EnhanceRun"], None] = lambda run: None,
    ) -> None:
        self.results: list[EnhanceResult] = []
        self.finished = False
        self._waiting, self._total = list(requests), len(requests)
        self._runner, self._reference = runner, reference
        self._onEvent, self._onFinished = onEvent, onFinished
        self._job: EnhanceJob | MeasureJob | None = None
        self._observation: int | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Number of the volume in work (from 1), and how many there are."""
        return min(len(self.results) + 1, self._total), self._total

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
                self.results.append(job.result)
        finally:
            self._finish()

    def cancel(self, reason: str = "Stopped") -> None:
        """Stop the volume in work and leave out those that wait."""
        for request in self._waiting:
            result = EnhanceResult(request.inputVolume, request.model, error=StoppedError(reason))
            self.results.append(result)
        self._waiting.clear()
        if self._job is not None:
            self._job.stop(reason)

    def _next(self) -> None:
        if self._waiting:
            self._enhancing(self._afterEnhancing).start()
        else:
            self._finish()

    def _afterEnhancing(self, job: EnhanceJob) -> None:
        measuring = self._measuring(job.result, lambda measured: self._afterMeasuring(job.result, measured))
        if measuring is not None:
            measuring.start()
        else:
            self._afterMeasuring(job.result, None)

    def _afterMeasuring(self, result: EnhanceResult, job: MeasureJob | None) -> None:
        if job is not None:
            self._takeScores(result, job)
        self.results.append(result)
        self._next()

    def _enhancing(self, onEnd: Callable[[EnhanceJob], None]) -> EnhanceJob:
        self._job = EnhanceJob(self._waiting.pop(0), self._runner, onEvent=self._onEvent, onEnd=onEnd)
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
            result.warnings += (f"Not measured: {job.error}",)

    def _finish(self) -> None:
        self.finished, self._job = True, None
        if self._observation is not None:
            import slicer

            slicer.mrmlScene.RemoveObserver(self._observation)
            self._observation = None
        self._onFinished(self)

    def _observe(self) -> None:
        import slicer

        event = slicer.vtkMRMLScene.StartCloseEvent
        self._observation = slicer.mrmlScene.AddObserver(event, lambda *_: self.cancel(SCENE_CLOSED))
