"""Complete files or none: everything this library writes appears under its name when it is whole.

A result is written into a scratch folder beside its target, `.iqt-XXXXXXXX`:

    lock      held by the process that writes, for as long as it lives
    new/      what is being written: the file, or the new folder itself
    target    the name of the folder that `new` is about to become: from now on `new` is whole
    old-N     what stood there before

The operating system lets go of the lock when the process ends, however it ends. So `heal`, which every next start in
that place begins with, knows what nobody works on any more: it finishes a replacement that a kill has cut in two, and
clears the rest away.
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

from ..errors import ExistsError, OutputError
from ..events import strict_json
from .locks import FileLock

SCRATCH = ".iqt-"  # begins the name of every scratch folder
LOCK, NEW, TARGET, OLD = "lock", "new", "target", "old-"
TRIES = 5  # of what another process may be faster in


def file_digest(path: Path) -> str:
    """Digest of a file's content; a file that has not changed since is not read again."""
    status = path.stat()
    return _content(path, status.st_size, status.st_mtime_ns)


@cache
def _content(path: Path, size: int, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folders_below(folder: Path) -> list[Path]:
    """`folder` and all folders below it but those half written, sorted; links are followed, none is entered twice."""
    seen: set[str] = set()
    found = []
    for place, inner, _ in os.walk(folder, followlinks=True):
        inner[:] = sorted(name for name in inner if not name.startswith(SCRATCH))
        if (real := os.path.realpath(place)) in seen:
            inner.clear()
            continue
        seen.add(real)
        found.append(Path(place))
    return sorted(found)


def check_output(path: Path, *, overwrite: bool = False) -> Path:
    """Return `path` if a result may be put there; raise `OutputError` otherwise. Call it before long work starts."""
    path = Path(path)
    heal(path.parent)
    try:
        if _is_there(path) and not overwrite:
            raise ExistsError(f"{path} exists already: choose another name or pass --overwrite")
        folder = path.parent
        existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
        if not existing.is_dir():
            raise OutputError(f"{existing} is a file, not a folder: nothing can be written into it")
    except OSError as error:  # a name too long, a folder that may not be looked into
        raise OutputError(f"{path} cannot be written ({error.strerror}): choose another name or folder") from error
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError(f"{existing} is not writable: choose another folder")
    return path


def refuse_sources(targets: Iterable[Path], sources: Iterable[Path]) -> None:
    """Raise `OutputError` if a target is one of the sources, by whatever name: not even --overwrite replaces these."""
    taken = {_identity(source) for source in sources} - {None}
    for target in targets:
        if _identity(target) in taken:
            raise OutputError(f"{target} is an input itself, which is never replaced: choose another name")


@contextmanager
def whole_file(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary path of the same name (hence the same extension) that becomes `path` when the block succeeds.

    On any failure, Ctrl-C included, nothing is left behind. `OSError` (full disk, no permission) becomes `OutputError`.
    Without `overwrite`, of several processes that write one new file the first succeeds, the others get `ExistsError`.
    """
    with _scratch(path.parent) as scratch:
        (scratch / NEW).mkdir()
        part = scratch / NEW / path.name
        yield part
        if not part.exists():
            raise OutputError(f"{path} was not written")
        _keep_on_disk(part)
        part.replace(path) if overwrite else _create(part, path)
        _keep_on_disk(path.parent)


@contextmanager
def whole_folder(target: Path, *, overwrite: bool = True, private: bool = False) -> Iterator[Path]:
    """`whole_file` for a folder: yield an empty one that becomes `target` when the block succeeds.

    What stood there, even a file, goes when the new folder is in its place; of a link only the link goes. A `private`
    one is for its owner alone, and so is its parent where that is new.
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
    """Holds the lock of `folder`; `OutputError` when another process holds it."""
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not lock.take(patience=1.0):
            raise OutputError(f"another program writes into {folder}: wait for it, or choose another name")
    except OSError as error:
        raise OutputError(f"cannot write into {folder.parent}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.remove()


def make_private(folder: Path) -> Path:
    """Make `folder`, for its owner alone where it is new: it is to hold images or names of people."""
    if not folder.is_dir():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write into {folder}: {error.strerror}") from error
    return folder


def heal(folder: Path) -> None:
    """Finish or clear away what killed processes have left in `folder`; what others are writing there stays."""
    try:
        left = [Path(entry.path) for entry in os.scandir(folder) if entry.name.startswith(SCRATCH)]
    except OSError:  # no such folder: nothing to heal
        return
    for scratch in left:
        lock = FileLock(scratch / LOCK)
        with suppress(OSError):  # another user's, or another process heals it
            if lock.take():
                _finish(scratch)
                _remove(scratch, lock)


@contextmanager
def _scratch(parent: Path, mode: int = 0o777) -> Iterator[Path]:
    """A scratch folder in `parent`, which is made as needed and goes again when nothing stays in it."""
    heal(parent)
    try:
        made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
        parent.mkdir(mode, parents=True, exist_ok=True)
        scratch, lock = _locked_scratch(parent)
    except OSError as error:
        raise OutputError(f"cannot write into {parent}: {error.strerror or error}") from error
    try:
        yield scratch
    except OSError as error:
        raise OutputError(f"cannot write into {parent}: {error.strerror or error}") from error
    finally:
        _remove(scratch, lock)
        with suppress(OSError):  # what is not empty stays
            for empty in made:
                empty.rmdir()


def _locked_scratch(parent: Path) -> tuple[Path, FileLock]:
    """A new scratch folder with its lock. A healing process may find it before it is locked, and take it away."""
    for _ in range(TRIES):
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=parent))
        lock = FileLock(scratch / LOCK)
        with suppress(FileNotFoundError):
            if lock.take():
                return scratch, lock
        shutil.rmtree(scratch, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=parent))  # a disk without locks: leftovers stay there
    return scratch, FileLock(scratch / LOCK)


def _remove(scratch: Path, lock: FileLock) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    if scratch.exists():  # on Windows an open lock stays
        lock.remove()
        shutil.rmtree(scratch, ignore_errors=True)
    lock.release()


def _create(part: Path, path: Path) -> None:
    """Give a whole file its name unless that is taken, in one step."""
    try:
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links: take the name first
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            part.replace(path)
    except FileExistsError:
        raise ExistsError(f"{path} exists by now: another program has written it. Choose another name") from None


def _claim(new: Path, target: Path) -> None:
    """Give a whole folder its name unless that is taken by anything but an empty folder."""
    with suppress(OSError):
        target.rmdir()  # Windows renames onto nothing
    try:
        new.rename(target)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR) and not target.exists():
            raise
        raise ExistsError(f"{target} exists by now: another program has written it. Choose another name") from None


def _replace(scratch: Path, target: Path) -> None:
    """Put the whole folder `new` in the place of `target`; that steps aside, and comes back if this fails."""
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
            if _is_there(target):  # another process was faster: what it put there steps aside, too
                continue
            if _is_there(old):
                old.rename(target)
            raise error from None
    raise OutputError(f"{target} is written by other programs all the time: wait for them")


def _finish(scratch: Path) -> None:
    """A replacement that was cut between its two renames ends with the new folder, which is whole."""
    with suppress(FileNotFoundError):
        name = os.fsdecode((scratch / TARGET).read_bytes())
        target = scratch.parent / Path(name).name
        if name and not _is_there(target):
            (scratch / NEW).rename(target)


def _keep_on_disk(path: Path) -> None:
    """Have a file's content, or a folder's entries, outlast a power cut that comes after this."""
    folder = path.is_dir()
    if path.is_symlink() or (folder and os.name == "nt"):
        return
    file = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):  # not offered by every disk
            raise
    finally:
        os.close(file)


def _is_there(path: Path) -> bool:
    """Whether the name is taken, be it by a link that leads nowhere."""
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
    """Write a JSON file, whole or not at all."""
    with whole_file(path, overwrite=overwrite) as part:
        part.write_text(strict_json(content, indent=1) + "\n", encoding="utf-8")
