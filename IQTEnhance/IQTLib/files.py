"""Complete files or none: everything this library writes appears by rename when it is whole."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError


def folders_below(folder: Path) -> list[Path]:
    """`folder` and all folders below it, sorted; links are followed, but no folder is entered twice."""
    seen: set[str] = set()
    found = []
    for place, inner, _ in os.walk(folder, followlinks=True):
        inner.sort()
        if (real := os.path.realpath(place)) in seen:
            inner.clear()
            continue
        seen.add(real)
        found.append(Path(place))
    return sorted(found)


def check_output(path: Path, *, overwrite: bool = False) -> Path:
    """Return `path` if a result may be put there; raise `OutputError` otherwise. Call it before long work starts."""
    path = Path(path)
    try:
        if path.exists() and not overwrite:
            raise OutputError(f"{path} exists already: choose another name or pass --overwrite")
        folder = path.parent
        existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
        if not existing.is_dir():
            raise OutputError(f"{existing} is a file, not a folder: nothing can be written into it")
    except OSError as error:  # a name too long, a folder that may not be looked into
        raise OutputError(f"{path} cannot be written ({error.strerror}): choose another name or folder") from error
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError(f"{existing} is not writable: choose another folder")
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path of the same name (hence the same extension) that becomes `path` when the block succeeds.

    On any failure, Ctrl-C included, nothing is left behind. `OSError` (full disk, no permission) becomes `OutputError`.
    """
    with whole_folder(path.parent, prefix=f".{path.name}.") as folder:
        part = folder / path.name
        yield part
        if not part.exists():
            raise OutputError(f"{path} was not written")
        part.replace(path)


@contextmanager
def whole_folder(parent: Path, *, prefix: str, becomes: Path | None = None) -> Iterator[Path]:
    """Yield a temporary folder inside `parent`; on success rename it to `becomes` (if given), else remove it.

    Parents are made as needed, and go again when nothing stays in them.
    """
    try:
        new = [folder for folder in (parent, *parent.parents) if not folder.exists()]
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    except OSError as error:
        raise OutputError(f"cannot write into {parent}: {error.strerror or error}") from error
    try:
        yield folder
        if becomes is not None:
            _replace_folder(folder, becomes)
    except OSError as error:
        raise OutputError(f"cannot write into {parent}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # what is not empty stays
            for empty in new:
                empty.rmdir()


def _replace_folder(folder: Path, target: Path) -> None:
    """Rename `folder` to `target`; an older `target`, even a file, steps aside and comes back if that fails."""
    folder.chmod(0o755)
    aside = folder.with_name(folder.name + ".old")
    if target.exists():
        target.rename(aside)
    try:
        folder.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    if aside.is_file() or aside.is_symlink():
        aside.unlink()
    else:
        shutil.rmtree(aside, ignore_errors=True)
