"""The worker side of a job: `iqt --job FOLDER COMMAND ...` waits for its turn, works, and records how it ended."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..errors import CancelledError, OutputError
from ..events import Event
from ..io.locks import FileLock, is_held
from .folder import ALIVE, EVENTS, LOG, STOP, Job
from .state import State, write_state
from .stopping import stop_when

INTERVAL = 0.5  # seconds between progress updates
LOOK = 0.25  # seconds between checks while waiting or paused
TURNS = ".turns"
WRONG_USAGE = 2  # exit code


class Worker:
    """Communication of a job's process with the job folder. One worker per command.

    Raises:
        OutputError: another process is working on this job, or its folder is not writable.
    """

    def __init__(self, folder: Path) -> None:
        self.job = Job.open(folder)
        self._alive = FileLock(folder / ALIVE)
        if not self._alive.take(patience=2.0):
            raise OutputError(
                "another process is already working on {folder}: wait until it has finished", folder=folder
            )
        self._content: dict[str, Any] = {
            "state": "waiting", "pid": os.getpid(), "host": socket.gethostname(), "started": time.time(),
        }  # fmt: skip
        self._stop = stop_when(folder / STOP)
        self._written = 0.0
        self._device = FileLock(Path(os.devnull))
        self._message = ""
        try:
            self._write()
            self._events = (folder / EVENTS).open("ab")
            if self._events.tell():
                self._events.write(b"\n")  # a full disk may have truncated the last line
        except OSError as error:
            raise OutputError("cannot write to {folder}: {strerror}", folder=folder, strerror=error.strerror) from error

    def wait_for_turn(self) -> None:
        """Return when no other job is using this job's device and none has waited longer."""
        from ..device import choose

        device = choose(self.job.request.device)
        queue = self.job.folder.parent / TURNS / f"{socket.gethostname()}-{device.replace(':', '')}"
        queue.mkdir(parents=True, exist_ok=True)
        self._device = FileLock(queue / "device.lock")
        with self._ticket(queue) as ticket:
            while not (_is_first(ticket) and self._device.take()):
                if self.cancelled():
                    raise CancelledError("stopped while waiting for its turn")
                time.sleep(LOOK)
        self._content["started"] = time.time()
        self._set("running")

    def tell(self, event: Event) -> None:
        """Store an event: progress in the state at intervals, all others in a file."""
        if event.kind == "error":
            self._content["code"] = event.data.get("code", "")
            self._message = event.message
        if event.kind == "progress":
            self._content["progress"] = {
                "message": event.message, "code": getattr(event.message, "code", ""),
                "done": event.done, "total": event.total, "seconds_left": event.seconds_left,
            }  # fmt: skip
            if time.monotonic() - self._written > INTERVAL or event.done == event.total:
                with suppress(OSError):  # progress is not essential; the next update may succeed
                    self._write()
            return
        try:
            self._events.write(event.to_json().encode() + b"\n")
            self._events.flush()
        except OSError as error:
            if event.kind != "error":  # errors may themselves mean a full disk
                raise OutputError(
                    "cannot write to {folder}: {strerror}", folder=self.job.folder, strerror=error.strerror
                ) from error

    def cancelled(self) -> bool:
        """Whether to stop; blocks while the job is paused."""
        paused = False
        while self.job.pausing and not self._stop():
            if not paused:
                paused, former = True, self._content["state"]
                self._set("paused")
            time.sleep(LOOK)
        if paused:
            self._set(former)
        return self._stop()

    def end(self, code: int) -> None:
        """Record how the job ended and release the device."""
        ends: dict[int, State] = {0: "done", CancelledError.exit_code: "stopped"}
        if code == WRONG_USAGE:
            self._message = self._message or f"wrong usage: see {LOG} of the job"
        self._content |= {"exit_code": code, "ended": time.time(), "message": "" if code == 0 else self._message}
        self._set(ends.get(code, "failed"))
        with suppress(OSError):
            self._events.close()
        self._device.release()
        self._alive.release()

    def _set(self, state: State) -> None:
        self._content["state"] = state
        with suppress(OSError):
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        write_state(self.job.folder, self._content)

    @contextmanager
    def _ticket(self, queue: Path) -> Iterator[Path]:
        """A lock file held while this job waits; sorts by creation time of the jobs."""
        path = queue / f"{self.job.request.created:020.6f}-{self.job.name}.ticket"
        lock = FileLock(path)
        lock.take(patience=2.0)
        try:
            yield path
        finally:
            lock.remove()


def _is_first(ticket: Path) -> bool:
    """Whether no other live job has waited longer."""
    return not any(is_held(path) for path in ticket.parent.glob("*.ticket") if path.name < ticket.name)
