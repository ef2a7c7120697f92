"""Reading what others wrote: regular files only, none larger than expected, nothing that memory does not hold.

A link to `/dev/zero` never ends, a named pipe without a writer never begins, a megabyte of zeros unpacks to a
gigabyte. Whoever reads a file that may have come from elsewhere opens it here.
"""

import errno
import json
import math
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import InputError

MEGABYTE = 2**20
MOST_TEXT = MEGABYTE  # cards and sidecars; the shipped ones hold some kilobytes
DEEPEST = 50  # brackets within brackets
MOST_VOXELS = 2**29  # a head in voxels of 0.3 mm
DEFLATED = 1100  # deflate packs at most 1032 bytes into one
SPARE = 0.9  # of the memory that is available now


def open_regular(path: Path, *, most: float = float("inf")) -> BinaryIO:
    """Open a regular file of at most `most` bytes for reading, without waiting for anybody.

    Raises:
        OSError: there is none, it is a folder, a pipe or a device, or it is larger.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags)
    about = os.fstat(handle)
    if stat.S_ISREG(about.st_mode) and about.st_size <= most:
        return os.fdopen(handle, "rb")
    os.close(handle)
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    raise OSError(errno.EFBIG, f"{in_words(about.st_size)}, more than the {in_words(most)} expected", str(path))


def read_bytes(path: Path, *, most: int = MOST_TEXT) -> bytes:
    """The bytes of a regular file of at most `most` bytes; `OSError` as from `open_regular`."""
    with open_regular(path, most=most) as file:
        return file.read(most)  # a file that grows meanwhile ends here


def read_text(path: Path, *, most: int = MOST_TEXT) -> str:
    """UTF-8 text of a regular file of at most `most` bytes, line ends as "\\n".

    Raises:
        OSError: as from `open_regular`. ValueError: it is not UTF-8.
    """
    return read_bytes(path, most=most).decode("utf-8").replace("\r\n", "\n")


def read_json(path: Path, *, most: int = MOST_TEXT) -> Any:
    """What a JSON file of at most `most` bytes holds.

    Raises:
        OSError: as from `open_regular`. ValueError: it is not JSON, or nested too deep.
    """
    return json.loads(not_too_deep(read_text(path, most=most)))


def not_too_deep(text: str) -> str:
    """`text` if its brackets nest at most `DEEPEST` deep, else `ValueError`; brackets within quotes count too."""
    depth = 0
    for sign in filter("[]{}".__contains__, text):
        depth = depth + 1 if sign in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            raise ValueError(f"values are nested more than {DEEPEST} deep")
    return text


def check_memory(needed: float, purpose: str) -> None:
    """`InputError` when `needed` bytes for `purpose` ("reading 512 x 512 x 900 voxels") are more than are free."""
    import psutil

    available = psutil.virtual_memory().available
    if needed > SPARE * available:
        raise InputError(
            f"{purpose} takes about {in_words(needed)} of memory, {in_words(available)} are available: "
            "close other programs, or crop or resample the image first",
            code="memory",
        )


def in_words(size: float) -> str:
    """Bytes for people: "3.2 GB"."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def beside(header: Path, name: str) -> Path:
    """The regular file that a header calls `name`: only in the header's own folder, or below it.

    Raises:
        InputError: it lies elsewhere, also by a link, or it stands for several files. OSError: there is none.
    """
    if name.upper().startswith("LIST") or "%" in name:
        raise InputError(f"its voxels are spread over several files ({name}): save them as one file")
    folder, path = header.parent.resolve(), header.parent / name
    if name in ("", "-") or not path.resolve().is_relative_to(folder):
        raise InputError(
            f"the header points to {name!r}, outside the header's folder: for safety that file is not opened"
        )
    open_regular(path).close()
    return path


def check_claim(shape: Sequence[int], packed_bytes: float, itemsize: int = 1) -> tuple[int, int, int]:
    """The three axes of a header's `shape`, whose voxels of `itemsize` bytes take at most `packed_bytes`.

    Raises:
        InputError: it is not a volume, claims more than the file holds, or needs more memory than there is.
    """
    shape = tuple(int(n) for n in shape)
    if any(n < 1 for n in shape):
        raise InputError(f"the image is empty (shape {shape}): export it again")
    if any(n > 1 for n in shape[3:]):
        raise InputError(f"the image holds several volumes (shape {shape}): save the one to use in a file of its own")
    if len(shape) < 3 or 1 in shape[:3]:
        raise InputError(f"the image is a single slice (shape {shape}): give a whole volume")
    voxels = math.prod(shape)
    if voxels > MOST_VOXELS:
        raise InputError(f"the header claims {voxels} voxels (shape {shape}), which is not a brain scan: correct it")
    if voxels * itemsize > packed_bytes:
        raise InputError(f"the file is too short for its shape {shape}: it was cut, copy or export it again")
    check_memory(voxels * (itemsize + 12), f"reading {' x '.join(map(str, shape))} voxels")
    return shape[0], shape[1], shape[2]
