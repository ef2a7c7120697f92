"""One run of the worker with its temporary folder: start, monitor, stop, fetch the result, clean up."""

import logging
import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Exchange
from .Errors import EnhanceError, StoppedError
from .Messages import Transcript
from .Process import GRACE_SECONDS, Runner, WorkerProcess
from .Words import TEMPORARY, WORDS, Words

Event = Mapping[str, Any]


class WorkerJob(ABC):
    """Base of the jobs. A subclass says what to run (`prepare`) and what to do at its end (`complete`).

    Args:
        onEvent: receives the worker's events, on the main thread. onEnd: is called once, when all is cleaned up;
            `error` is then None or the reason.
    """

    words: Words = WORDS

    def __init__(
        self,
        runner: Runner,
        *,
        onEvent: Callable[[Event], None] = lambda event: None,
        onEnd: Callable[["WorkerJob"], None] = lambda job: None,
    ) -> None:
        self.error: EnhanceError | None = None
        self.transcript = Transcript(words=self.words)
        self._runner, self._onEvent, self._onEnd = runner, onEvent, onEnd
        self._folder: Path | None = None
        self._process: WorkerProcess | None = None
        self._names: dict[str, str] = {}
        self._unwritten: list[Callable[[], Any]] = []
        self._arguments: list[str] = []
        self._stopReason = ""
        self._over = False
        self._started = time.monotonic()

    @abstractmethod
    def prepare(self, folder: Path) -> list[str]:
        """Write what the worker reads into `folder`; returns the arguments of `iqt`."""

    @abstractmethod
    def complete(self, folder: Path) -> None:
        """Load what the worker has written."""

    def conclude(self) -> None:  # noqa: B027 - nothing by default
        """Called at every end, when `error` is known."""

    def start(self) -> None:
        """Begin; returns at once."""
        try:
            self._arguments = self._open()
        except Exception as error:
            self._close(error)
        else:
            self._launchWhenWritten()

    def _launchWhenWritten(self) -> None:
        """Start the worker after its volumes are written, one at a time: between them Slicer goes on."""
        import qt

        try:
            if self._stopReason:
                raise StoppedError(self._stopReason)
            if self._unwritten:
                self._unwritten.pop(0)()
            if self._unwritten:
                qt.QTimer.singleShot(0, self._launchWhenWritten)
            else:
                self._process = self._runner.start(self._arguments, self._onLine, self._onProcessEnd)
        except Exception as error:
            self._close(error)

    def run(self) -> None:
        """Begin, and wait for the end."""
        try:
            arguments = self._open()
            while self._unwritten:
                self._unwritten.pop(0)()
            code = self._runner.run(arguments, self._onLine, self._take)
        except Exception as error:
            self._close(error)
        except BaseException:
            self._close(StoppedError(_("Stopped")))
            raise
        else:
            self._onProcessEnd(code)

    def stop(self, reason: str = _("Stopped")) -> None:
        """Ask the worker to stop between two steps; kill it if it does not within seconds."""
        if self._over or self._stopReason:
            return
        self._stopReason = reason
        with suppress(OSError):  # a full disk; the worker will be killed
            self.stopFile.touch()
        if self._process is not None:
            self._process.killAfter(GRACE_SECONDS)

    @property
    def stopReason(self) -> str:
        """Why the work was asked to stop; "" while it was not."""
        return self._stopReason

    @property
    def stopFile(self) -> Path:
        return self._folder / "stop"

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def write(self, node, path: Path) -> Path:
        """The volume is written for the worker before it starts; its messages then name the volume, not the file."""
        self._names[str(path)] = node.GetName()
        self._unwritten.append(partial(Exchange.writeVolume, node, path))
        return path

    def writeTogether(self, volumes: Mapping[str, Any], folder: Path) -> list[Path]:
        """Write volumes, by name, as they lie beside one another in the world."""
        placed = Exchange.inOneWorld(list(volumes.values()))
        return [self.write(node, folder / f"{name}.nrrd") for name, node in zip(volumes, placed, strict=True)]

    def told(self, *names: str) -> dict[str, Any]:
        """What the worker's last result says; `EnhanceError` when it lacks one of `names`."""
        if not self.transcript.results:
            raise EnhanceError(*self.transcript.failure(0))
        result = self.transcript.results[-1]
        if missing := set(names) - set(result):
            reason = _("The worker's result is incomplete: it lacks {names}").format(names=", ".join(sorted(missing)))
            raise EnhanceError(reason, _("Install the extension again."))
        return result

    def _open(self) -> list[str]:
        self._folder = newFolder()
        return self.prepare(self._folder)

    def _take(self, process: WorkerProcess) -> None:
        self._process = process

    def _onLine(self, line: str) -> None:
        """Must not raise, or Slicer would stop reading the worker's output."""
        event = self.transcript.take(line)
        pid = (event or {}).get("data", {}).get("pid")
        if isinstance(pid, int) and self._process is not None:
            self._process.addPid(pid)
        event = event or {"kind": "log", "message": line}
        named = self._named(event["message"])
        self._tell(self._onEvent, event if named == event["message"] else {**event, "message": named})

    def _onProcessEnd(self, code: int) -> None:
        try:
            if self._stopReason:
                raise StoppedError(self._stopReason)
            if code != 0:
                reason, remedy = self.transcript.failure(code)
                raise EnhanceError(self._named(reason), remedy)
            self.complete(self._folder)
        except Exception as error:
            self._close(error)
        else:
            self._close(None)

    def _named(self, text: str) -> str:
        """`text` with volumes in place of their temporary files."""
        for path, name in self._names.items():
            text = text.replace(path, name)
        return text.replace(str(self._folder), _("the temporary folder"))

    def _close(self, error: Exception | None) -> None:
        if self._over:
            return
        self._over = True
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if error is not None and not isinstance(error, EnhanceError):
            logging.exception("IQTEnhance", exc_info=error)
            reason = _("Unexpected {kind}: {error}").format(kind=type(error).__name__, error=error)
            error = EnhanceError(reason, _("Please report it with the log."))
        self.error = error
        self.conclude()
        self._tell(self._onEnd, self)

    @staticmethod
    def _tell(listener: Callable[[Any], None], what: Any) -> None:
        try:
            listener(what)
        except Exception:  # a display error must not prevent the work from finishing
            logging.exception("IQTEnhance")


def followed(job: WorkerJob) -> list[str]:
    """Options by which a worker tells how it goes, and ends with its job or with Slicer."""
    return ["--json-events", "--stop-file", str(job.stopFile), "--watch-parent", str(os.getpid())]


def newFolder() -> Path:
    """A new temporary folder.

    Raises:
        EnhanceError: there is no room, or no permission.
    """
    try:
        return Path(tempfile.mkdtemp(prefix="IQTEnhance-", dir=temporaryFolder()))
    except OSError as error:
        reason = _("The temporary folder {folder} cannot be used ({error})")
        raise EnhanceError(reason.format(folder=temporaryFolder(), error=error.strerror), TEMPORARY) from error


def temporaryFolder() -> str | None:
    """Slicer's own, as set in its preferences; the system's where there is no application."""
    import slicer

    application = getattr(slicer, "app", None)
    return getattr(application, "temporaryPath", None)
