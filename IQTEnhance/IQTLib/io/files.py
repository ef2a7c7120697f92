"""Atomic files: everything that this library writes appears under its name only when it is complete.

A result is written into a scratch folder beside its target, `.iqt-XXXXXXXX`:

    lock      held by the writing process until it ends
    new/      the file being written, or the new folder itself
    target    the name of the folder that `new` is about to become; it exists once `new` is complete
    old-N     what was there before

The operating system releases the lock when the process ends, even if it is killed. Every later write to that place
starts with `heal`, which finds scratch folders without a living owner, completes a replacement that a kill interrupted,
and removes the rest.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import ExistsError, OutputError, reason
from ..events import strict_json
from ..streams import FULL
from .folders import SCRATCH, make_folders, remove_empty
from .locks import FileLock

LOCK, NEW, TARGET, OLD = "lock", "new", "target", "old-"
GONE = "-gone"
TRIES = 5  # when another process keeps winning the race


def file_digest(path: Path) -> str:
    """Digest of a file's content, cached until the file changes."""
    status = path.stat()
    return _content(path, status.st_size, status.st_mtime_ns)


@cache
def _content(path: Path, size: int, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_output(path: Path, *, overwrite: bool = False) -> Path:
    """Return `path` if a result may be written there, else raise `OutputError`. Call this before long work starts."""
    path = Path(path)
    heal(path.parent)
    try:
        if _is_there(path) and not overwrite:
            raise ExistsError("{path} exists already: choose another name or pass --overwrite", path=path)
        folder = path.parent
        existing = next(parent for parent in (folder, *folder.absolute().parents) if _is_there(parent))
        if not existing.exists():
            raise OutputError("{existing} is a link that leads nowhere: choose another folder", existing=existing)
        if not existing.is_dir():
            raise OutputError("{existing} is a file, not a folder: choose another folder", existing=existing)
        for name in path.absolute().relative_to(existing.absolute()).parts:
            _is_there(existing / name)  # one too long would be noticed only when the folders above it are there
    except OSError as error:  # a name that is too long, a folder without permission
        raise OutputError(
            "{path} cannot be written ({strerror}): choose another name or folder", path=path, strerror=error.strerror
        ) from error
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError("{existing} is not writable: choose another folder", existing=existing)
    return path


def refuse_sources(targets: Iterable[Path], sources: Iterable[Path]) -> None:
    """Raise `OutputError` if a target is one of the sources under any name: not even --overwrite replaces an input."""
    taken = {_identity(source) for source in sources} - {None}
    for target in targets:
        if _identity(target) in taken:
            raise OutputError(
                "{target} is also an input, and inputs are never replaced: choose another name", target=target
            )


@contextmanager
def whole_file(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary path of the same name (hence the same extension) that becomes `path` when the block succeeds.

    On any failure, Ctrl-C included, nothing is left behind. `OSError` (full disk, no permission) becomes `OutputError`.
    Without `overwrite`, if several processes write the same new file, the first succeeds and the others get
    `ExistsError`.
    """
    with _scratch(path.parent) as scratch:
        (scratch / NEW).mkdir()
        part = scratch / NEW / path.name
        yield part
        if not part.exists():
            raise OutputError("{path} was not written", path=path)
        _keep_on_disk(part)
        part.replace(path) if overwrite else _create(part, path)
        _keep_on_disk(path.parent)


@contextmanager
def whole_folder(target: Path, *, overwrite: bool = True, private: bool = False) -> Iterator[Path]:
    """`whole_file` for a folder: yield an empty one that becomes `target` when the block succeeds.

    Whatever was there, even a file, is deleted once the new folder is in place; of a link only the link is deleted. A
    `private` folder, and its parent if that is new, is readable by its owner only.
    """
    mode = 0o700 if private else 0o777
    with _scratch(target.parent, mode) as scratch:
        new = scratch / NEW
        new.mkdir(mode)
        yield new
        for place, _, names in os.walk(new, topdown=False):
            for path in (*(Path(place, name) for name in names), Path(place)):
                _keep_on_disk(path)
        _replace(scratch, target) if overwrite else _claim(new, target)
        _keep_on_disk(target.parent)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`; `OutputError` if another process holds it."""
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    made: list[Path] = []
    try:
        made = make_folders(folder.parent)
        if not lock.take(patience=1.0):
            raise OutputError(
                "another program is writing to {folder}: wait for it, or choose another name", folder=folder
            )
    except OSError as error:
        raise OutputError(
            "cannot write to {parent}: {strerror}", parent=folder.parent, strerror=error.strerror
        ) from error
    try:
        yield
    finally:
        lock.remove()
        remove_empty(made)


def heal(folder: Path) -> None:
    """Complete or remove what killed processes left in `folder`; leave running writes alone."""
    try:
        left = [Path(entry.path) for entry in os.scandir(folder) if entry.name.startswith(SCRATCH)]
    except OSError:  # no such folder: nothing to heal
        return
    for scratch in left:
        lock = FileLock(scratch / LOCK)
        with suppress(OSError):  # belongs to another user, or another process is healing it
            if lock.take():
                _finish(scratch)
                _remove(scratch, lock)


@contextmanager
def _scratch(parent: Path, mode: int = 0o777) -> Iterator[Path]:
    """A scratch folder in `parent`; `parent` is created if needed and removed again if it stays empty."""
    heal(parent)
    try:
        made = make_folders(parent, mode)
        scratch, lock = _locked_scratch(parent)
    except OSError as error:
        raise _unwritable(parent, error) from error
    try:
        yield scratch
    except OSError as error:
        raise _unwritable(parent, error) from error
    finally:
        _remove(scratch, lock)
        remove_empty(made)


def _unwritable(parent: Path, error: OSError) -> OutputError:
    code = "disk-full" if error.errno in FULL else None
    unclear = not error.strerror or error.errno == errno.EFBIG  # what a quota says of a file
    why = reason(error) + (" (is the disk full?)" if unclear else "")
    return OutputError("cannot write to {parent}: {why}", parent=parent, why=why, code=code)


def _locked_scratch(parent: Path) -> tuple[Path, FileLock]:
    """A new scratch folder with its lock. A healing process may remove it before it is locked, hence the retries."""
    for _ in range(TRIES):
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=parent))
        lock = FileLock(scratch / LOCK)
        with suppress(FileNotFoundError):
            if lock.take():
                return scratch, lock
        shutil.rmtree(scratch, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=parent))  # a file system without locks: leftovers stay
    return scratch, FileLock(scratch / LOCK)


def _remove(scratch: Path, lock: FileLock) -> None:
    """Under another name, so that a process that has just made the folder and is about to lock it does not find it."""
    gone = scratch if scratch.name.endswith(GONE) else scratch.with_name(f"{scratch.name}{GONE}")
    with suppress(OSError):  # Windows does not rename what is open
        scratch.rename(gone)
    left = gone if gone.exists() else scratch
    shutil.rmtree(left, ignore_errors=True)
    if left.exists():  # Windows cannot delete an open lock, and a network disk keeps it as long as it is open
        lock.release()
        shutil.rmtree(left, ignore_errors=True)
    lock.release()


def _create(part: Path, path: Path) -> None:
    """Give a complete file its name in one step, unless the name is taken."""
    try:
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: reserve the name first
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            part.replace(path)
    except FileExistsError:
        raise ExistsError("another program has just written {path}: choose another name", path=path) from None


def _claim(new: Path, target: Path) -> None:
    """Give a complete folder its name, unless anything but an empty folder has it."""
    with suppress(OSError):
        target.rmdir()  # Windows cannot rename onto an existing folder
    try:
        new.rename(target)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR) and not target.exists():
            raise
        raise ExistsError("another program has just written {target}: choose another name", target=target) from None


def _replace(scratch: Path, target: Path) -> None:
    """Replace `target` by the complete folder `new`; the old one moves aside, and comes back if this fails."""
    note = scratch / f"{TARGET}-part"
    note.write_bytes(os.fsencode(target.name))
    _keep_on_disk(note)
    note.rename(scratch / TARGET)
    for number in range(TRIES):
        old = scratch / f"{OLD}{number}"
        with suppress(FileNotFoundError):
            target.rename(old)
        try:
            (scratch / NEW).rename(target)
            return
        except OSError as error:
            if _is_there(target):  # another process was faster: move its folder aside too
                continue
            if _is_there(old):
                old.rename(target)
            raise error from None
    raise OutputError("other programs keep writing {target}: wait until they have finished", target=target)


def _finish(scratch: Path) -> None:
    """Complete a replacement that was interrupted between its two renames: the new folder is complete."""
    with suppress(FileNotFoundError):
        name = os.fsdecode((scratch / TARGET).read_bytes())
        target = scratch.parent / Path(name).name
        if name and not _is_there(target):
            (scratch / NEW).rename(target)


def _keep_on_disk(path: Path) -> None:
    """Flush a file's content or a folder's entries to disk, so that they survive a power cut."""
    folder = path.is_dir()
    if path.is_symlink() or (folder and os.name == "nt"):
        return
    file = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):  # not supported by every file system
            raise
    finally:
        os.close(file)


def _is_there(path: Path) -> bool:
    """Whether the name is taken, even by a broken link."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def write_json(content: Mapping[str, Any], path: Path, *, overwrite: bool = True) -> None:
    """Write a JSON file atomically."""
    with whole_file(path, overwrite=overwrite) as part:
        part.write_text(strict_json(content, indent=1) + "\n", encoding="utf-8")
