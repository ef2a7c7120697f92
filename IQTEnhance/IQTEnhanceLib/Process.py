"""Run work in a separate process: a `Runner` starts `PythonSlicer -m IQTLib ...` and forwards its output lines.

Slicer survives a crash of that process, and its memory is released when it ends.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from slicer.i18n import tr as _

from .Errors import EnhanceError

LIBRARY_FOLDER = Path(__file__).resolve().parents[1]
ENVIRONMENT = {"PYTHONPATH": str(LIBRARY_FOLDER), "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
GRACE_SECONDS = 10.0  # between asking a worker to stop and killing it


# pip in a process that tells its number first, so that it can be interrupted: it then undoes what it has half done.
PIP = """
import json, os, runpy, sys
sys.stdout.write(json.dumps({"kind": "log", "message": "pip started", "data": {"pid": os.getpid()}}) + "\\n")
sys.stdout.flush()
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


class WorkerProcess(Protocol):
    """A process that runs."""

    def addPid(self, pid: int) -> None:
        """Also kill this process: the launcher's child, whose id only the child itself knows."""

    def killAfter(self, seconds: float) -> None:
        """Kill it then, unless it has ended."""

    def kill(self) -> None:
        """Kill it now."""


class Runner(Protocol):
    """Starts worker processes. Replace it to run the work on another machine, or in tests."""

    def start(
        self, arguments: Sequence[str], onLine: Callable[[str], None], onEnd: Callable[[int], None]
    ) -> WorkerProcess:
        """Return at once; the main thread then gets each line of output, and at last the exit code."""

    def run(
        self, arguments: Sequence[str], onLine: Callable[[str], None], onStart: Callable[[WorkerProcess], None]
    ) -> int:
        """Wait for the end; returns the exit code."""


class ConsoleRunner:
    """Runs `IQTLib` in `PythonSlicer` by `slicer.util.launchConsoleProcess`."""

    program: tuple[str, ...] = ("-m", "IQTLib")

    def start(
        self, arguments: Sequence[str], onLine: Callable[[str], None], onEnd: Callable[[int], None]
    ) -> "ConsoleProcess":
        return ConsoleProcess(self._launch(arguments, blocking=False, logCallback=onLine, completedCallback=onEnd))

    def run(
        self, arguments: Sequence[str], onLine: Callable[[str], None], onStart: Callable[[WorkerProcess], None]
    ) -> int:
        process = self._launch(arguments, blocking=True)
        worker = ConsoleProcess(process)
        onStart(worker)
        try:
            for line in process.stdout.buffer:  # bytes: the output may have any encoding
                onLine(line.decode("utf-8", "replace").rstrip())
            return process.wait()
        except BaseException:  # even Ctrl-C in the Python console must not leave a worker behind
            worker.kill()
            raise
        finally:
            process.stdout.close()

    def _launch(self, arguments: Sequence[str], **options: Any):
        import slicer.util

        command = [pythonExecutable(), *self.program, *arguments]
        try:
            return slicer.util.launchConsoleProcess(command, updateEnvironment=ENVIRONMENT, **options)
        except OSError as error:
            reason = _("{program} cannot be started ({error})").format(program=command[0], error=error)
            raise EnhanceError(reason, _("Check the installation of Slicer, or install it again.")) from error


class PipRunner(ConsoleRunner):
    """Runs pip in Slicer's Python, likewise."""

    program = ("-c", PIP)


class ConsoleProcess:
    """A launched process and, once known, its child: ending the launcher alone would leave the worker running."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self._pids = {process.pid}

    def addPid(self, pid: int) -> None:
        self._pids.add(pid)

    def killAfter(self, seconds: float) -> None:
        import qt

        qt.QTimer.singleShot(int(1000 * seconds), self.kill)

    def interrupt(self) -> None:
        """As Ctrl-C does; where that cannot be sent, `killAfter` remains."""
        for pid in self._pids - {self._process.pid} if os.name == "posix" else ():
            with suppress(OSError):
                os.kill(pid, signal.SIGINT)

    def kill(self) -> None:
        if self._process.poll() is not None:  # the ids may have been reused
            return
        for pid in self._pids - {self._process.pid}:
            with suppress(OSError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))  # on Windows SIGTERM kills
        self._process.kill()


def pythonExecutable() -> str:
    """Slicer's Python launcher, or the interpreter itself where there is none."""
    return shutil.which("PythonSlicer") or sys.executable
