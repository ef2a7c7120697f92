"""A job as others see it: what was asked for, how it goes, and ways to pause, stop and end it.

A job is a folder below `root()`:

    job.json      what was asked for        events.jsonl  what the worker said, but for its progress
    state.json    process id, progress, end log.txt       whatever else it printed
    alive.lock    held while it lives       pause, stop   requests: the worker looks for these files
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

from ..errors import InputError, OutputError
from ..io.files import whole_file
from ..io.folders import make_private
from ..io.locks import FileLock, is_held
from ..io.reading import open_regular, read_json
from ..io.typed import built
from .state import OVER, Status, read_state, write_state

JOB, EVENTS, LOG, ALIVE, PAUSE, STOP = "job.json", "events.jsonl", "log.txt", "alive.lock", "pause", "stop"
STARTING_SECONDS = 60.0  # a process that has said nothing for so long never began
PATIENCE = 5.0  # seconds that making a job waits for another
OUTSIDE = "it was ended from outside: killed, out of memory, or the computer went off"


def root() -> Path:
    """Where jobs are kept; the environment variable IQT_JOBS names another folder."""
    return Path(os.environ.get("IQT_JOBS") or Path.home() / ".iqt" / "jobs")


@dataclass(frozen=True)
class Request:
    """What a job is to do.

    Args:
        arguments: of `iqt`. target: what it will have written: one unfinished job for each.
        device: a torch device; jobs of one device take turns. title: for people.
        details: whatever its front end wants to know later.
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
        """Make the folder of a new job; `OutputError` when an unfinished job writes to the same target."""
        parent = root() if parent is None else parent
        target = str(Path(request.target).absolute())
        request = Request(**(asdict(request) | {"target": target, "created": time.time()}))
        with _alone(parent):
            for other in jobs(parent):
                if other.request.target == target and not other.status().over:
                    raise OutputError(f"the job {other.name} writes to {target} already: wait for it or stop it first")
            folder = _new_folder(parent, Path(target).name)
            job = cls(folder, request)
            try:
                job._write_request()
                write_state(folder, {})  # takes its room while there is any
            except (OSError, OutputError):
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return job

    @classmethod
    def open(cls, folder: Path) -> "Job":
        """The job in `folder`; `InputError` when there is none."""
        try:
            request = built(Request, read_json(folder / JOB))
        except (OSError, ValueError, TypeError, AttributeError, InputError) as error:
            raise InputError(f"{folder} holds no job: {error}") from None
        if not math.isfinite(request.created) or not all(isinstance(told, str) for told in request.details.values()):
            raise InputError(f"{folder} holds no job: {JOB} has a date or details of another kind")
        return cls(folder, request)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def alive(self) -> bool:
        """Whether its worker lives, on this computer or (where locks reach over the network) another."""
        return is_held(self.folder / ALIVE)

    def status(self) -> Status:
        """How it goes, also when its worker cannot tell any more."""
        alive = self.alive  # first: a worker that ends now writes its state, then lets go
        told = read_state(self.folder)
        state = told.pop("state", None)
        known = {name: told[name] for name in Status.__dataclass_fields__ if name in told}
        known["seconds"] = max(told.get("ended", time.time()) - told.get("started", time.time()), 0.0)
        if state in OVER or (alive and state is not None):
            return Status(state, **known)
        asked = abs(time.time() - self.asked_at)  # clocks go wrong: a date to come is as long ago as it is ahead
        if alive or (state is None and asked < STARTING_SECONDS):
            return Status("starting")
        if state is None:
            return Status("failed", f"it never began{self._last_words()}")
        known["message"] = f"{OUTSIDE}{self._last_words()}"
        return Status("failed", **known)

    def events(self, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Whole events from byte `offset` on, and the offset to ask from next time."""
        try:
            with open_regular(self.folder / EVENTS) as file:
                file.seek(offset)
                new = file.read()
        except OSError:
            return [], offset
        whole = new[: new.rfind(b"\n") + 1]
        return [event for line in whole.splitlines() if (event := _event(line))], offset + len(whole)

    def log(self) -> str:
        """What the worker printed besides its events."""
        try:
            with open_regular(self.folder / LOG) as file:
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def pause(self) -> None:
        """Ask it to halt between two steps; it keeps its memory and its turn."""
        self._ask(PAUSE)

    def go_on(self) -> None:
        """Take the request to pause back."""
        (self.folder / PAUSE).unlink(missing_ok=True)

    @property
    def pausing(self) -> bool:
        return (self.folder / PAUSE).exists()

    def stop(self) -> None:
        """Ask it to end between two steps."""
        self._ask(STOP)

    @property
    def stopping(self) -> bool:
        return (self.folder / STOP).exists()

    def kill(self) -> None:
        """End it by force, with its helpers. Does nothing when its worker is gone: its number may be another's."""
        pid = self.status().pid
        if pid is None or not self.alive or read_state(self.folder).get("host") != socket.gethostname():
            return
        with suppress(OSError):
            if os.name != "nt" and os.getpgid(pid) != os.getpgid(0):
                os.killpg(os.getpgid(pid), signal.SIGKILL)
            else:
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))  # on Windows SIGTERM ends by force

    def renewed(self, arguments: Sequence[str]) -> "Job":
        """The same job, ready to be started again with other arguments; `OutputError` while it is not over."""
        with _alone(self.folder.parent):
            if not self.status().over:
                raise OutputError(f"the job {self.name} is not over: stop it first")
            for name in (STOP, PAUSE):
                (self.folder / name).unlink(missing_ok=True)
            again = Job(self.folder, Request(**(asdict(self.request) | {"arguments": tuple(arguments)})))
            again._write_request()
            write_state(self.folder, {})
        return again

    def never_began(self, reason: str, asked: float) -> None:
        """Called by the program that started the process and saw it end; `asked` tells for which of its `asked_at`."""
        if self.asked_at == asked and not read_state(self.folder).get("state") and not self.alive:
            write_state(self.folder, {"state": "failed", "message": f"it never began: {reason}{self._last_words()}"})

    def remove(self) -> None:
        """Delete the job's folder, not what it has made; `OutputError` while it is not over."""
        if not self.status().over:
            raise OutputError(f"the job {self.name} is not over: stop it first")
        shutil.rmtree(self.folder)

    def _ask(self, request: str) -> None:
        """Leave a request for the worker; `OutputError` where that cannot be written."""
        try:
            (self.folder / request).touch()
        except OSError as error:
            raise OutputError(f"the job {self.name} cannot be asked to {request}: {error.strerror}") from error

    def _write_request(self) -> None:
        with whole_file(self.folder / JOB) as part:
            part.write_text(json.dumps(asdict(self.request), indent=1), encoding="utf-8")

    @property
    def asked_at(self) -> float:
        """When it was made or renewed."""
        with suppress(OSError):
            return (self.folder / JOB).stat().st_mtime
        return 0.0

    def _last_words(self) -> str:
        lines = self.log().strip().splitlines()
        return f" (its last words: {lines[-1].strip()})" if lines else ""


def jobs(parent: Path | None = None) -> list[Job]:
    """All jobs, the oldest first; folders that hold none are passed over."""
    parent = root() if parent is None else parent
    found = []
    for path in parent.glob(f"*/{JOB}"):
        with suppress(InputError):
            found.append(Job.open(path.parent))
    return sorted(found, key=lambda job: (job.request.created, job.name))


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):  # cut short by a full disk, or not the worker's
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
    raise OutputError(f"{parent} holds a thousand jobs of this second")


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Nobody else makes or renews a job meanwhile. `OSError` (full disk, no permission) becomes `OutputError`."""
    lock = FileLock(parent / ".lock")
    try:
        make_private(parent)
        if not lock.take(PATIENCE):
            raise OutputError(f"another program makes a job in {parent}: try again")
        yield
    except OSError as error:
        raise OutputError(f"cannot write into {parent}: {error.strerror or error}") from error
    finally:
        lock.release()
