"""When to stop without a signal: a file that appears, a process that is gone. For front ends such as Slicer's.

Signals do not reach a process without a console on Windows, and a worker whose front end crashed gets none at all.
The process is watched by its id and not by a closed stdin: between Slicer and its worker stands a launcher, which
lives on when Slicer dies and need not pass stdin on.
"""

import os
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
        conditions.append(_gone_on_windows(process) if os.name == "nt" else lambda: _gone(process))
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


def _gone(process: int) -> bool:
    try:
        os.kill(process, 0)  # signal 0 is only a question
    except ProcessLookupError:
        return True
    except PermissionError:  # it is there, and another user's
        return False
    return False


def _gone_on_windows(process: int) -> Condition:
    """Windows has no signal 0 (`os.kill` would end the process); a handle is asked whether the process has ended.

    The handle is opened once, so that another process that is given the same id later is not taken for this one.
    """
    import ctypes
    from ctypes import wintypes

    synchronize, no_such_process, signalled = 0x0010_0000, 87, 0
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.WaitForSingleObject.argtypes = (wintypes.HANDLE, wintypes.DWORD)
    kernel.WaitForSingleObject.restype = wintypes.DWORD
    handle = kernel.OpenProcess(synchronize, False, process)
    if not handle:  # one that may not be watched counts as there
        gone = ctypes.get_last_error() == no_such_process
        return lambda: gone
    return lambda: kernel.WaitForSingleObject(handle, 0) == signalled
