"""Safe reading of untrusted files: only regular files, of limited size, that fit into memory.

A link to `/dev/zero` never ends, a named pipe without a writer never begins, and a megabyte of compressed zeros unpacks
to a gigabyte. Open every file from outside through this module.
"""

import errno
import io
import json
import math
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import InputError
from ..sentences import Sentence
from .folders import real

MEGABYTE = 2**20
MOST_TEXT = MEGABYTE  # cards and sidecars; shipped ones have a few kilobytes
DEEPEST = 50  # brackets within brackets
MOST_VOXELS = 2**29  # a head in voxels of 0.3 mm
DEFLATED = 1100  # deflate packs at most 1032 bytes into one
SPARE = 0.9  # of the memory that is available now
LONGEST_REMARK = 79  # characters, of NIfTI
NOT_MEASURED = "synthesised: not measured"  # begins the remark in a file whose contrast no scanner has seen


class RegularFile(io.BufferedReader):
    """Reads no more than there is: a damaged header may ask for gigabytes, for which Python would make room."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MEGABYTE:
            size = min(size, max(os.fstat(self.fileno()).st_size - self.tell(), 0))
        return super().read(size)


def open_regular(path: Path, *, most: float = float("inf")) -> BinaryIO:
    """Open a regular file of at most `most` bytes for reading, without blocking.

    Raises:
        OSError: the file does not exist, is a folder, pipe or device, or is larger.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags)
    about = os.fstat(handle)
    if stat.S_ISREG(about.st_mode) and about.st_size <= most:
        return RegularFile(io.FileIO(handle))
    os.close(handle)
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    raise OSError(errno.EFBIG, f"{in_words(about.st_size)}, more than the {in_words(most)} expected", str(path))


def read_bytes(path: Path, *, most: int = MOST_TEXT) -> bytes:
    """The bytes of a regular file of at most `most` bytes; `OSError` as from `open_regular`."""
    with open_regular(path, most=most) as file:
        return file.read(most)  # the file may be growing


def read_text(path: Path, *, most: int = MOST_TEXT) -> str:
    """UTF-8 text of a regular file of at most `most` bytes, line ends as "\\n", without the mark that Excel puts first.

    Raises:
        OSError: as from `open_regular`. ValueError: it is not UTF-8.
    """
    return read_bytes(path, most=most).decode("utf-8-sig").replace("\r\n", "\n")


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
    """`InputError` if `needed` bytes for `purpose` ("reading 512 x 512 x 900 voxels") exceed the free memory."""
    import psutil

    available = psutil.virtual_memory().available
    if needed > SPARE * available:
        raise InputError(
            "{purpose} needs about {needed} of memory, but only {available} is available: close other "
            "programs, or crop or resample the image first",
            purpose=purpose,
            needed=in_words(needed),
            available=in_words(available),
            code="memory",
        )


def in_words(size: float) -> str:
    """Bytes in readable form: "3.2 GB"."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def beside(header: Path, name: str) -> Path:
    """The regular file `name` that a header refers to; it must be in the header's folder or below.

    Raises:
        InputError: it is elsewhere, even through a link, or `name` is a pattern for several files. OSError: it does not
            exist.
    """
    if name.upper().startswith("LIST") or "%" in name:
        raise InputError("the voxels are spread over several files ({name}): save them as one file", name=name)
    folder, path = real(header.parent), header.parent / name
    if name in ("", "-") or not real(path).is_relative_to(folder):
        raise InputError(
            "the header points to {name!r}, outside the header's folder: for safety that file is not opened", name=name
        )
    open_regular(path).close()
    return path


def check_claim(shape: Sequence[int], packed_bytes: float, itemsize: int = 1) -> tuple[int, int, int]:
    """The three axes of a header's `shape`, whose voxels of `itemsize` bytes take at most `packed_bytes`.

    Raises:
        InputError: not a volume, larger than the file, or larger than the memory.
    """
    shape = tuple(int(n) for n in shape)
    if any(n < 1 for n in shape):
        raise InputError("the image is empty (shape {shape}): export it again", shape=shape)
    if any(n > 1 for n in shape[3:]):
        raise InputError(
            "the image holds several volumes (shape {shape}): save the one to use in a file of its own", shape=shape
        )
    if len(shape) < 3 or 1 in shape[:3]:
        raise InputError("the image is a single slice (shape {shape}): give a whole volume", shape=shape)
    voxels = math.prod(shape)
    if voxels > MOST_VOXELS:
        raise InputError(
            "the header claims {voxels} voxels (shape {shape}), which is not a brain scan: correct it",
            voxels=voxels,
            shape=shape,
        )
    if voxels * itemsize > packed_bytes:
        raise InputError(
            "the file is too short for its shape {shape}: it is truncated, copy or export it again", shape=shape
        )
    check_memory(voxels * (itemsize + 12), f"reading {' x '.join(map(str, shape))} voxels")
    return shape[0], shape[1], shape[2]


def not_measured(caveats: Iterable[str]) -> tuple[Sentence, ...]:
    """Those of `caveats` that say that nobody measured a file (`remark_caveats`); their "remark" is what it says."""
    return tuple(one for one in caveats if isinstance(one, Sentence) and one.code == "not-measured")


def remark_caveats(remark: str) -> tuple[str, ...]:
    """A caveat where the remark of a file says that nobody measured it."""
    if not remark.startswith(NOT_MEASURED):
        return ()
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in remark[:LONGEST_REMARK])
    return (Sentence("the file says of itself: {remark}", "not-measured", remark=plain),)
