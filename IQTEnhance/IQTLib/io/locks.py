"""Locks that the operating system releases when their holder ends, even if it is killed.

A process id in a file may have been reused, and a lock file may be left behind; a lock on an open file cannot. A job is
alive while it holds its lock, and its process id is used only during that time.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PAUSE = 0.05  # seconds between attempts


class FileLock:
    """An exclusive lock on a file, which is created if needed and kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None

    def take(self, patience: float = 0.0) -> bool:
        """Acquire the lock; False if another process holds it. Retries for `patience` seconds because `is_held` takes
        it briefly."""
        end = time.monotonic() + patience
        while True:
            file = self.path.open("ab")
            if _locked(file) and _is_at(file, self.path):
                self._file = file
                return True
            file.close()
            if time.monotonic() >= end:
                return False
            time.sleep(PAUSE)

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def remove(self) -> None:
        """Release the lock and delete its file."""
        if os.name == "nt":  # Windows does not delete open files
            self.release()
        with suppress(OSError):
            self.path.unlink()
        self.release()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock of that file."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return False
    except PermissionError:  # belongs to another user; on Windows also: opened exclusively
        return True
    with file:
        return not _locked(file)


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Whether the open file is still the one at `path`: its last holder may have deleted it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _locked(file: BinaryIO) -> bool:
    """Lock an open file; closing it unlocks. Forked helper processes hold it too until they end."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
