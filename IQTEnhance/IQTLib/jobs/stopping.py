"""Stop conditions other than signals: a file appears, or a process ends. For front ends such as Slicer.

On Windows, signals do not reach a process without a console, and a worker whose front end crashed gets none at all. We
watch the process id instead of stdin, because a launcher between Slicer and its worker outlives Slicer and may not pass
stdin on.
"""

import time
from collections.abc import Callable
from pathlib import Path

INTERVAL = 0.25  # seconds between checks: tiles may take 1 ms, network folders are slow

Condition = Callable[[], bool]


def stop_when(file: Path | None = None, process: int | None = None) -> Condition:
    """A function that returns True, from then on, once `file` exists or the process with id `process` has ended."""
    conditions: list[Condition] = []
    if file is not None:
        conditions.append(file.exists)
    if process is not None:
        conditions.append(gone(process))
    return _Seldom(conditions)


class _Seldom:
    """Whether any condition has held so far; checks immediately, then at most once per `INTERVAL`."""

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
    """A function that returns True once the process with this id has ended, even if the id is reused.

    The watched process is older than this one, so a younger process with its id means that it has ended. A process of
    another user, which cannot be queried, counts as running.
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
        try:  # `is_running` compares start times, even if the clock changes
            return not watched.is_running() or watched.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    return ended
