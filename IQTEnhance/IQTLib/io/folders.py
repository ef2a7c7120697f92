"""Folders: making them, as deep as a path may be, finding those below one, and where they really are."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ..errors import InputError, OutputError
from ..sentences import Sentence

SCRATCH = ".iqt-"  # begins the name of every scratch folder, see `files`


def make_folders(folder: Path, mode: int = 0o777) -> list[Path]:
    """Make `folder`, with `mode` where it is new, and those above it; returns the new ones, the innermost first.

    One after the other: `Path.mkdir(parents=True)` calls itself for each, and a thousand are more than Python allows.
    On `OSError` none of them stays.
    """
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    for number, place in enumerate(reversed(new)):
        try:
            place.mkdir(mode if place == folder else 0o777, exist_ok=True)
        except OSError:
            remove_empty(new[len(new) - number :])
            raise
    return new


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove `folders`, from the innermost on, up to the first that is not empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def make_private(folder: Path) -> Path:
    """Make `folder`, for its owner alone where it is new: it is to hold images or names of people."""
    if not folder.is_dir():
        try:
            make_folders(folder, 0o700)
        except OSError as error:
            raise OutputError(
                "cannot write into {folder}: {strerror}", folder=folder, strerror=error.strerror
            ) from error
    return folder


def real(path: Path) -> Path:
    """Where `path` leads, all links followed; a circle of links leads nowhere, which `Path.resolve` does not bear."""
    return Path(os.path.realpath(path))


def is_file_or_lost(path: Path) -> bool:
    """Whether `path` is a file, or a link to one that is not here, as git-annex leaves them.

    Whoever looks for scans takes both: reading tells of the lost ones, which would else be missing in silence.
    """
    return path.is_file() or (path.is_symlink() and not path.exists())


def absent(path: Path) -> str:
    """Why there is nothing to read at `path`."""
    if path.is_symlink():
        return Sentence("a link to a file that is not here: fetch its content first (git annex get, datalad get)")
    return Sentence("no such file or folder")


def folders_below(folder: Path, *, closed: list[Path] | None = None) -> list[Path]:
    """`folder` and all folders below it except scratch folders, sorted; follows links, visits each folder once.

    Folders without permission to read go into the list `closed`; without it they raise `InputError`, as whatever they
    hold would be missing in silence.
    """
    seen: set[str] = set()
    found: list[Path] = []
    shut: list[Path] = [] if closed is None else closed

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # gone meanwhile
            shut.append(Path(error.filename))

    for place, inner, _ in os.walk(folder, followlinks=True, onerror=note):
        inner[:] = sorted(name for name in inner if not name.startswith(SCRATCH))
        if (real := os.path.realpath(place)) in seen:
            inner.clear()
            continue
        seen.add(real)
        (found if os.access(place, os.X_OK) else shut).append(Path(place))
    if shut and closed is None:
        raise InputError(
            "{shut} cannot be read: change its permissions, or move it out of {folder}", shut=min(shut), folder=folder
        )
    return sorted(found)
