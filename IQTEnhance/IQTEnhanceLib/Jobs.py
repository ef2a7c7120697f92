"""One run of the worker with its temporary folder: start, follow, stop, take over the result, clean up."""

import json
import logging
import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import Exchange
from .Errors import EnhanceError, StoppedError
from .Messages import Transcript
from .Output import placeOutput
from .Process import GRACE_SECONDS, Runner, WorkerProcess

Event = Mapping[str, Any]


@dataclass(frozen=True)
class EnhanceRequest:
    """What to do with one volume. `outputVolume` None makes a new one; `options` are settings of the method."""

    inputVolume: Any
    model: str
    method: str
    outputVolume: Any = None
    mask: Any = None
    device: str = "auto"
    sliceAxis: str = "auto"
    outputGrid: str = "model"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class EnhanceResult:
    """What became of one volume.

    Args:
        outputVolume: the enhanced volume, None after an error.
        warnings: what a reader of the image must know. seconds: by stage, and "total" with start and transfer.
        metrics: scores against a reference, by name. error: None, or why there is no volume.
    """

    inputVolume: Any
    model: str
    outputVolume: Any = None
    warnings: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    error: EnhanceError | None = None


class WorkerJob(ABC):
    """Base of the jobs. A subclass says what to run (`prepare`) and what to do at its end (`complete`).

    Args:
        onEvent: receives the worker's events, on the main thread. onEnd: is called once, when all is cleaned up;
            `error` is then None or the reason.
    """

    def __init__(
        self,
        runner: Runner,
        *,
        onEvent: Callable[[Event], None] = lambda event: None,
        onEnd: Callable[["WorkerJob"], None] = lambda job: None,
    ) -> None:
        self.error: EnhanceError | None = None
        self.transcript = Transcript()
        self._runner, self._onEvent, self._onEnd = runner, onEvent, onEnd
        self._folder: Path | None = None
        self._process: WorkerProcess | None = None
        self._stopReason = ""
        self._over = False
        self._started = time.monotonic()

    @abstractmethod
    def prepare(self, folder: Path) -> list[str]:
        """Write what the worker reads into `folder`; returns the arguments of `iqt`."""

    @abstractmethod
    def complete(self, folder: Path) -> None:
        """Take over what the worker has written."""

    def conclude(self) -> None:  # noqa: B027 - nothing by default
        """Called at every end, when `error` is known."""

    def start(self) -> None:
        """Begin; returns at once."""
        try:
            arguments = self._open()
            self._process = self._runner.start(arguments, self._onLine, self._onProcessEnd)
        except Exception as error:
            self._close(error)

    def run(self) -> None:
        """Begin, and wait for the end."""
        try:
            code = self._runner.run(self._open(), self._onLine, self._take)
        except Exception as error:
            self._close(error)
        except BaseException:
            self._close(StoppedError("Stopped"))
            raise
        else:
            self._onProcessEnd(code)

    def stop(self, reason: str = "Stopped") -> None:
        """Ask the worker to stop between two steps; if it does not within seconds, end it by force."""
        if self._over or self._stopReason:
            return
        self._stopReason = reason
        with suppress(OSError):  # a full disk; force remains
            self.stopFile.touch()
        if self._process is not None:
            self._process.killAfter(GRACE_SECONDS)

    @property
    def stopFile(self) -> Path:
        return self._folder / "stop"

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def _open(self) -> list[str]:
        self._folder = Path(tempfile.mkdtemp(prefix="IQTEnhance-", dir=temporaryFolder()))
        return self.prepare(self._folder)

    def _take(self, process: WorkerProcess) -> None:
        self._process = process

    def _onLine(self, line: str) -> None:
        """Never raises: Slicer would stop listening to the worker."""
        event = self.transcript.take(line)
        pid = (event or {}).get("data", {}).get("pid")
        if isinstance(pid, int) and self._process is not None:
            self._process.addPid(pid)
        self._tell(self._onEvent, event or {"kind": "log", "message": line})

    def _onProcessEnd(self, code: int) -> None:
        try:
            if self._stopReason:
                raise StoppedError(self._stopReason)
            if code != 0:
                raise EnhanceError(*self.transcript.failure(code))
            self.complete(self._folder)
        except Exception as error:
            self._close(error)
        else:
            self._close(None)

    def _close(self, error: Exception | None) -> None:
        if self._over:
            return
        self._over = True
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if error is not None and not isinstance(error, EnhanceError):
            logging.exception("IQTEnhance", exc_info=error)
            error = EnhanceError(f"Unexpected {type(error).__name__}: {error}", "Please report it with the log.")
        self.error = error
        self.conclude()
        self._tell(self._onEnd, self)

    @staticmethod
    def _tell(listener: Callable[[Any], None], what: Any) -> None:
        try:
            listener(what)
        except Exception:  # a panel that fails to draw must not keep the work from its end
            logging.exception("IQTEnhance")


class EnhanceJob(WorkerJob):
    """Enhances one volume; afterwards `result` tells what became of it."""

    def __init__(self, request: EnhanceRequest, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.request = request
        self.result = EnhanceResult(request.inputVolume, request.model)

    def prepare(self, folder: Path) -> list[str]:
        request = self.request
        Exchange.checkVolume(request.inputVolume)
        Exchange.checkSpace(folder, request.inputVolume)
        if request.outputVolume is request.inputVolume:
            raise EnhanceError("The output is the input volume", "Choose another output, or a new volume.")
        source = Exchange.writeVolume(request.inputVolume, folder / "input.nrrd")
        arguments = ["enhance", str(source), str(folder / "output.nii"), "--json-events", "--model", request.model]
        arguments += ["--device", request.device, "--slice-axis", request.sliceAxis]
        arguments += ["--output-grid", request.outputGrid]
        arguments += ["--stop-file", str(self.stopFile), "--watch-parent", str(os.getpid())]
        if request.mask is not None:
            checkMask(request.mask, request.inputVolume)
            arguments += ["--mask", str(Exchange.writeVolume(request.mask, folder / "mask.nrrd"))]
        for name, value in request.options.items():
            arguments += ["--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]
        return arguments

    def complete(self, folder: Path) -> None:
        import slicer

        request, told = self.request, self._told()
        chosen = (request.inputVolume, request.outputVolume)
        if not all(node is None or slicer.mrmlScene.IsNodePresent(node) for node in chosen):
            raise StoppedError("The input or output volume was deleted while it was enhanced")
        loaded = Exchange.readVolume(folder / "output.nii", told["affine"])
        settings = {"device": request.device, "sliceAxis": request.sliceAxis, "outputGrid": request.outputGrid}
        facts = {name: told[name] for name in ("model", "sha256", "version")}
        facts["parameters"] = json.dumps(settings | dict(request.options))
        self.result.warnings = tuple(told["warnings"])
        facts["warnings"] = "; ".join(self.result.warnings)
        self.result.outputVolume = placeOutput(
            loaded, request.inputVolume, request.outputVolume, method=request.method, facts=facts
        )
        self.result.seconds = {**told["seconds"], "total": round(self.seconds, 3)}

    def conclude(self) -> None:
        self.result.error = self.error

    def _told(self) -> dict[str, Any]:
        """What the worker's last result says."""
        if not self.transcript.results:
            raise EnhanceError(*self.transcript.failure(0))
        told = self.transcript.results[-1]
        if missing := {"affine", "model", "sha256", "version", "warnings", "seconds"} - set(told):
            reason = f"The worker's result makes no sense: it lacks {', '.join(sorted(missing))}"
            raise EnhanceError(reason, "Install the extension again.")
        return told


def checkMask(mask, volume) -> None:
    """Raise `EnhanceError` unless both volumes have the same voxels in the same place."""
    import numpy as np
    import slicer.util

    Exchange.checkVolume(mask)
    same = mask.GetImageData().GetDimensions() == volume.GetImageData().GetDimensions()
    same = same and mask.GetTransformNodeID() == volume.GetTransformNodeID()
    if same:
        import vtk

        matrices = [vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()]
        for node, matrix in zip((mask, volume), matrices, strict=True):
            node.GetIJKToRASMatrix(matrix)
        ours, theirs = (slicer.util.arrayFromVTKMatrix(matrix) for matrix in matrices)
        same = np.allclose(ours, theirs, atol=1e-2)
    if not same:
        raise EnhanceError(
            f"The mask {mask.GetName()} does not lie on the grid of {volume.GetName()}",
            "Resample it to that volume first (module Resample Scalar/Vector/DWI Volume), or choose no mask.",
        )


def temporaryFolder() -> str | None:
    """Slicer's own, as set in its preferences; the system's where there is no application."""
    import slicer

    application = getattr(slicer, "app", None)
    return getattr(application, "temporaryPath", None)
