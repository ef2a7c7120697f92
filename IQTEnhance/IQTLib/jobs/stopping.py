"""When to stop without a signal: a file that appears, a process that is gone. For front ends such as Slicer's.

Signals do not reach a process without a console on Windows, and a worker whose front end crashed gets none at all.
The process is watched by its id and not by a closed stdin: between Slicer and its worker stands a launcher, which
lives on when Slicer dies and need not pass stdin on.
"""

import time
from collections.abc import Callable
from pathlib import Path

INTERVAL = 0.25  # seconds between two looks: tiles may take a millisecond each, and a network folder is slow

Condition = Callable[[], bool]


def stop_when(file: Path | None = None, process: int | None = None) -> Condition:
    """A function that turns True, for good, when `file` exists or the process with id `process` is gone."""
    conditions: list[Condition] = []
    if file is not None:
        conditions.append(file.exists)
    if process is not None:
        conditions.append(gone(process))
    return _Seldom(conditions)


class _Seldom:
    """Whether any condition held so far; looks at most once every `INTERVAL`, the first time at once."""

    def __init__(self, conditions: list[Condition]) -> None:
        self._conditions = conditions
        self._next = -float("inf")
        self._stopped = False

    def __call__(self) -> bool:
        now = time.monotonic()
        if not self._stopped and now >= self._next:
            self._next = now + INTERVAL
            self._stopped = any(condition() for condition in self._conditions)
        return self._stopped


def gone(process: int) -> Condition:
    """Whether the process that has this id now has ended; another one that is given the id later is not taken for it.

    Who watches was started by whom it watches, or later: a younger process has taken over the id of one that is gone.
    One that may not be asked, another user's, counts as there.
    """
    import psutil

    try:
        watched = psutil.Process(process)
        if watched.create_time() > psutil.Process().create_time():
            return lambda: True
    except psutil.NoSuchProcess:
        return lambda: True
    except psutil.AccessDenied:
        return lambda: not psutil.pid_exists(process)

    def ended() -> bool:
        try:  # `is_running` knows the process by its beginning, also when the clock is set meanwhile
            return not watched.is_running() or watched.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    return ended
