"""How a job goes, in a file that always has room on the disk."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

STATE = "state.json"
ROOM = 4096  # bytes of the file: it can be written over when the disk is full
OVER = ("done", "failed", "stopped")

State = Literal["starting", "waiting", "running", "paused", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Status:
    """How a job goes: `progress` is the latest event of that kind, `message` the reason of an end other than "done".

    `code` is that of the error (see `errors`), empty when its worker could not tell any more.
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
    """Write a job's state; on a full disk over the former one, for which there is room."""
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
    """What a job's worker has left there; nothing when that is nothing that can be read."""
    for _ in range(3):  # one that is being written over is whole a moment later
        try:
            content = json.loads((folder / STATE).read_bytes())
            return content if isinstance(content, dict) else {}
        except OSError:
            return {}
        except ValueError:
            time.sleep(0.01)
    return {}
