"""The state of a job, in a file whose disk space is reserved."""

import json
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args

from ..io.reading import read_json

STATE = "state.json"
ROOM = 4096  # bytes of the file: it can be overwritten even if the disk is full
OVER = ("done", "failed", "stopped")

State = Literal["starting", "waiting", "running", "paused", "done", "failed", "stopped"]
NUMBER = (int, float)
KINDS: dict[str, type | tuple[type, ...]] = {  # types of a worker's entries
    "state": str, "message": str, "code": str, "exit_code": int, "pid": int, "host": str, "started": NUMBER,
    "ended": NUMBER, "progress": dict,
}  # fmt: skip
PROGRESS: dict[str, type | tuple[type, ...]] = {
    "message": str, "done": NUMBER, "total": NUMBER, "seconds_left": (*NUMBER, NoneType),
}  # fmt: skip


@dataclass(frozen=True)
class Status:
    """Status of a job: `progress` is the latest progress event, `message` the reason if it did not end with "done".

    `code` is that of the error (see `errors`), empty if the worker ended without one.
    """

    state: State
    message: str = ""
    exit_code: int | None = None
    code: str = ""
    pid: int | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def over(self) -> bool:
        return self.state in OVER


def write_state(folder: Path, content: Mapping[str, Any]) -> None:
    """Write a job's state; on a full disk, in place over the previous one."""
    text = json.dumps(content)
    if len(text.encode()) > ROOM:
        text = json.dumps({**content, "message": str(content.get("message", ""))[:500], "progress": {}})
    data = text.encode().ljust(ROOM)
    part = folder / f".{STATE}.part"
    try:
        part.write_bytes(data)
        part.replace(folder / STATE)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        with (folder / STATE).open("r+b", buffering=0) as file:
            file.write(data)


def read_state(folder: Path) -> dict[str, Any]:
    """The valid entries of a job's state, or nothing if the file is unreadable."""
    for _ in range(3):  # a file being overwritten is complete a moment later
        try:
            content = read_json(folder / STATE)
            return _fitting(content) if isinstance(content, dict) else {}
        except OSError:
            return {}
        except ValueError:
            time.sleep(0.01)
    return {}


def _fitting(content: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of the right type: the file may be damaged, forged or from another version."""
    known = {name: value for name, value in content.items() if _is_one_of(value, KINDS.get(name, ()))}
    if known.get("state") not in get_args(State):
        known.pop("state", None)
    if known.get("pid", 2) < 2:  # signals interpret these as process groups or all processes
        known.pop("pid")
    progress = known.pop("progress", {})
    if all(_is_one_of(progress.get(name), kinds) for name, kinds in PROGRESS.items()):
        known["progress"] = progress
    return known


def _is_one_of(value: Any, kinds: type | tuple[type, ...]) -> bool:
    finite = not isinstance(value, float) or math.isfinite(value)
    return isinstance(value, kinds) and not isinstance(value, bool) and finite
