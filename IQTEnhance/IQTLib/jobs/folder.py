"""A job as seen by other programs: its request, its status, and ways to pause, stop and kill it.

A job is a folder below `root()`:

    job.json      the request               events.jsonl  events of the worker, except progress
    state.json    process id, progress, end log.txt       all other output
    alive.lock    held while it is alive    pause, stop   requests: the worker looks for these files
"""

import json
import math
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any

from ..errors import InputError, OutputError, reason
from ..io.files import whole_file
from ..io.folders import make_private
from ..io.locks import FileLock, is_held
from ..io.reading import open_regular, read_json
from ..io.typed import built
from .state import OVER, Status, read_state, write_state

JOB, EVENTS, LOG, ALIVE, PAUSE, STOP = "job.json", "events.jsonl", "log.txt", "alive.lock", "pause", "stop"
STARTING_SECONDS = 60.0  # a process silent for so long never started
PATIENCE = 5.0  # seconds to wait while another job is being created
OUTSIDE = "the process was terminated: it was killed, ran out of memory, or the computer was switched off"


def root() -> Path:
    """The folder of all jobs; the environment variable IQT_JOBS replaces the default."""
    return Path(os.environ.get("IQT_JOBS") or Path.home() / ".iqt" / "jobs")


@dataclass(frozen=True)
class Request:
    """The request of a job.

    Args:
        arguments: of `iqt`. target: its output; only one unfinished job per target is allowed.
        device: a torch device; jobs on one device run in turn. title: for display.
        details: stored for the front end.
    """

    arguments: tuple[str, ...]
    target: str
    device: str = "cpu"
    title: str = ""
    created: float = 0.0
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One job folder."""

    folder: Path
    request: Request

    @classmethod
    def create(cls, request: Request, parent: Path | None = None) -> "Job":
        """Create the folder of a new job; `OutputError` if an unfinished job has the same target."""
        parent = root() if parent is None else parent
        target = str(Path(request.target).absolute())
        request = Request(**(asdict(request) | {"target": target, "created": time.time()}))
        with _alone(parent):
            for other in jobs(parent):
                if other.request.target == target and not other.status().over:
                    raise OutputError(
                        "the job {other} is already writing {target}: wait for it or stop it first",
                        other=other.name,
                        target=target,
                    )
            folder = _new_folder(parent, Path(target).name)
            job = cls(folder, request)
            try:
                job._write_request()
                write_state(folder, {})  # reserves its disk space early
            except (OSError, OutputError):
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return job

    @classmethod
    def open(cls, folder: Path) -> "Job":
        """The job in `folder`; `InputError` if there is none."""
        try:
            request = built(Request, read_json(folder / JOB))
        except (OSError, ValueError, TypeError, AttributeError, InputError) as error:
            raise InputError("{folder} is not a job: {why}", folder=folder, why=reason(error)) from None
        if not math.isfinite(request.created) or not all(isinstance(told, str) for told in request.details.values()):
            raise InputError("{folder} is not a job: date or details in {job} are invalid", folder=folder, job=JOB)
        return cls(folder, request)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def alive(self) -> bool:
        """Whether its worker is alive, on this computer or (if locks work across the network) another one."""
        return is_held(self.folder / ALIVE)

    def status(self) -> Status:
        """The status of the job, even if its worker has ended without a message."""
        alive, told = self._looked()
        if not alive and told.get("state") not in (None, *OVER):
            alive, told = self._looked()  # it may have begun between the two looks: it takes the lock first
        state = told.pop("state", None)
        known = {name: told[name] for name in Status.__dataclass_fields__ if name in told}
        known["seconds"] = max(told.get("ended", time.time()) - told.get("started", time.time()), 0.0)
        if state in OVER or (alive and state is not None):
            return Status(state, **known)
        asked = abs(time.time() - self.asked_at)  # clocks may be wrong: treat a future date like a past one
        if alive or (state is None and asked < STARTING_SECONDS):
            return Status("starting")
        if state is None:
            return Status("failed", f"it never started{self._last_words()}")
        known["message"] = f"{OUTSIDE}{self._last_words()}"
        return Status("failed", **known)

    def _looked(self) -> tuple[bool, dict[str, Any]]:
        """Alive first: a worker that ends now writes its state before it releases the lock."""
        return self.alive, read_state(self.folder)

    def events(self, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Complete events from byte `offset` on, and the next offset."""
        try:
            with open_regular(self.folder / EVENTS) as file:
                file.seek(offset)
                new = file.read()
        except OSError:
            return [], offset
        whole = new[: new.rfind(b"\n") + 1]
        return [event for line in whole.splitlines() if (event := _event(line))], offset + len(whole)

    def log(self) -> str:
        """Output of the worker other than events."""
        try:
            with open_regular(self.folder / LOG) as file:
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def pause(self) -> None:
        """Request a pause between two steps; the job keeps its memory and its place in the queue."""
        self._ask(PAUSE)

    def go_on(self) -> None:
        """Withdraw the request to pause."""
        (self.folder / PAUSE).unlink(missing_ok=True)

    @property
    def pausing(self) -> bool:
        return (self.folder / PAUSE).exists()

    def stop(self) -> None:
        """Request a stop between two steps."""
        self._ask(STOP)

    @property
    def stopping(self) -> bool:
        return (self.folder / STOP).exists()

    def kill(self) -> None:
        """Kill it and its helper processes. Does nothing if the worker has ended, because its id may have been
        reused."""
        pid = self.status().pid
        if pid is None or not self.alive or read_state(self.folder).get("host") != socket.gethostname():
            return
        with suppress(OSError):
            if os.name != "nt" and os.getpgid(pid) != os.getpgid(0):
                os.killpg(os.getpgid(pid), signal.SIGKILL)
            else:
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))  # on Windows SIGTERM kills

    def renewed(self, arguments: Sequence[str]) -> "Job":
        """The same job, ready to start again with other arguments; `OutputError` if it is unfinished."""
        with _alone(self.folder.parent):
            if not self.status().over:
                raise OutputError("the job {value} is not finished: stop it first", value=self.name)
            for name in (STOP, PAUSE):
                (self.folder / name).unlink(missing_ok=True)
            again = Job(self.folder, Request(**(asdict(self.request) | {"arguments": tuple(arguments)})))
            again._write_request()
            write_state(self.folder, {})
        return again

    def never_began(self, reason: str, asked: float) -> None:
        """Record that the process ended before it started work; `asked` is the `asked_at` of that attempt."""
        if self.asked_at == asked and not read_state(self.folder).get("state") and not self.alive:
            write_state(self.folder, {"state": "failed", "message": f"it never started: {reason}{self._last_words()}"})

    def remove(self) -> None:
        """Delete the job's folder but not its results; `OutputError` if it is unfinished."""
        if not self.status().over:
            raise OutputError("the job {value} is not finished: stop it first", value=self.name)
        shutil.rmtree(self.folder)

    def _ask(self, request: str) -> None:
        """Leave a request for the worker; `OutputError` if it cannot be written."""
        try:
            (self.folder / request).touch()
        except OSError as error:
            raise OutputError(
                "cannot ask the job {value} to {request}: {strerror}",
                value=self.name,
                request=request,
                strerror=error.strerror,
            ) from error

    def _write_request(self) -> None:
        with whole_file(self.folder / JOB) as part:
            part.write_text(json.dumps(asdict(self.request), indent=1), encoding="utf-8")

    @property
    def asked_at(self) -> float:
        """When it was created or restarted."""
        with suppress(OSError):
            return (self.folder / JOB).stat().st_mtime
        return 0.0

    def _last_words(self) -> str:
        lines = self.log().strip().splitlines()
        return f" (last output: {lines[-1].strip()})" if lines else ""


def jobs(parent: Path | None = None) -> list[Job]:
    """All jobs, oldest first; other folders are skipped."""
    parent = root() if parent is None else parent
    found = []
    for path in parent.glob(f"*/{JOB}"):
        with suppress(InputError):
            found.append(Job.open(path.parent))
    return sorted(found, key=lambda job: (job.request.created, job.name))


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):  # truncated by a full disk, or not from the worker
        return None
    kinds: dict[str, Any] = {"kind": str, "message": str, "done": (int, float, NoneType), "data": (dict, NoneType)}
    if not isinstance(event, dict) or not all(isinstance(event.get(name), kind) for name, kind in kinds.items()):
        return None
    return event


def _new_folder(parent: Path, name: str) -> Path:
    stamp = f"{time.strftime('%Y%m%d-%H%M%S')}-{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:60]}"
    for number in range(1, 1000):
        folder = parent / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise OutputError("{parent} already has a thousand jobs from this second: try again", parent=parent)


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Exclude others from creating or restarting jobs. `OSError` (full disk, no permission) becomes `OutputError`."""
    lock = FileLock(parent / ".lock")
    try:
        make_private(parent)
        if not lock.take(PATIENCE):
            raise OutputError("another program is creating a job in {parent}: try again", parent=parent)
        yield
    except OSError as error:
        raise OutputError("cannot write to {parent}: {why}", parent=parent, why=error.strerror or error) from error
    finally:
        lock.release()
