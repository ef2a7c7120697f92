"""Headers of NRRD and MetaImage, checked before ITK reads them: voxel file, voxel sizes and orientation.

ITK opens any file that a header names, assumes 1 mm if voxel sizes are missing, accepts damaged compressed voxels, and
its MetaImage reader overruns its buffer if a list has an unexpected length (ITK issue 6853).
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..sentences import Sentence
from .reading import beside, open_regular
from .typed import number

_MOST_HEADER = 2**20  # bytes
_LINE = re.compile(rb"\r\n|\n|\r")
_NRRD_FIELD = re.compile(rb"([\w ]+):(?!=)[ \t]*(.*)")
_NRRD_END = re.compile(rb"\n\r?\n")
_NRRD_SPACES = ("rightanteriorsuperior", "leftanteriorsuperior", "leftposteriorsuperior", "ras", "las", "lps")
_NRRD_ENCODINGS = ("raw", "gz", "gzip", "ascii", "txt", "text", "hex")
_META_LINE = re.compile(rb"([\w\[\].|-]{1,80}) *[=:] *([ -~]{0,1000}?) *(?:\r?\n|\Z)")
_META_LISTS = {  # number of entries: NDims to this power
    **dict.fromkeys(
        ("DimSize", "ElementSpacing", "ElementSize", "CenterOfRotation", "Offset", "Origin", "Position"), 1
    ),
    **dict.fromkeys(("TransformMatrix", "Rotation", "Orientation"), 2),
}
_NO_ORIENTATION = Sentence("the header states no orientation: left and right may be swapped", "no-orientation")


@dataclass(frozen=True)
class Stored:
    """Voxels in a file: from byte `start` on, `packed` by gzip or zlib, or as `text`; `caveats` for the user."""

    file: Path
    start: int
    packed: bool
    text: bool = False
    caveats: tuple[str, ...] = ()

    def unpacked_size(self, most: float = float("inf")) -> int:
        """Size in bytes of the decompressed voxels; counting stops beyond `most`.

        Raises `zlib.error` if the checksum is wrong, which ITK does not check.
        """
        with open_regular(self.file) as file:
            file.seek(self.start)
            unpack = zlib.decompressobj(wbits=47)  # detects zlib or gzip
            size = 0
            while not unpack.eof and size <= most:
                part = file.read(2**14)  # of zeros: 16 MB
                if not part:
                    raise InputError("the file is cut short: copy or export it again")
                size += len(unpack.decompress(part))
        return size


def nrrd_stored(path: Path) -> Stored:
    """Locate the voxels of an NRRD file, which may be in another file."""
    with open_regular(path) as file:
        start = file.read(_MOST_HEADER)
    end = _NRRD_END.search(start)
    if not start.startswith(b"NRRD") or (end is None and len(start) == _MOST_HEADER):
        raise InputError("the NRRD header is damaged: copy or export it again")
    fields: dict[str, str] = {}
    for line in _LINE.split(start[: end.start()] if end else start):
        if match := _NRRD_FIELD.fullmatch(line):
            name = match[1].decode().lower().replace(" ", "")
            if name in fields:
                raise InputError("the NRRD header states {name} twice: correct it", name=name)
            fields[name] = match[2].decode("utf-8", "replace").strip()
    encoding = fields.get("encoding", "raw").lower()
    if encoding not in _NRRD_ENCODINGS:
        raise InputError("the voxels are encoded as {encoding}: save them raw or with gzip", encoding=encoding)
    packed = encoding in ("gz", "gzip")
    if packed and any(fields.get(skip, "0") != "0" for skip in ("lineskip", "byteskip")):
        raise InputError("the NRRD header skips bytes before compressed voxels: save the image again")
    caveats = _nrrd_place(fields)
    if "datafile" in fields:
        return Stored(beside(path, fields["datafile"]), 0, packed, encoding not in ("raw", "gz", "gzip"), caveats)
    if end is None:
        raise InputError("the NRRD header does not name its voxel file: copy or export the image again")
    return Stored(path, end.end(), packed, encoding not in ("raw", "gz", "gzip"), caveats)


def _nrrd_place(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Refuse an image without voxel sizes in mm; return caveats."""
    if units := set(re.findall(r'"([^"]*)"', fields.get("spaceunits", ""))) - {"mm", "millimeter", "millimeters", ""}:
        raise InputError("positions are in {units}: convert the header to mm", units=", ".join(sorted(units)))
    told = " ".join(fields.get(name, "") for name in ("spacedirections", "spaceorigin"))
    _numbers(word for word in re.findall(r"[^\s(),]+", told) if word != "none")
    if "spacedirections" not in fields:
        _check_sizes(fields.get("spacings", "").split()[:3])
        return (_NO_ORIENTATION,)
    known = fields["spacedirections"].count("(")
    if known < 3 and fields.get("dimension") not in ("1", "2"):  # those are refused as slices
        raise InputError(
            "the header states voxel sizes of {known} axes: add all three, or convert the image again", known=known
        )
    space = fields.get("space", "").lower().replace("-", "").replace("time", "")
    return () if space in _NRRD_SPACES else (_NO_ORIENTATION,)


def meta_stored(path: Path) -> Stored:
    """Locate the voxels of a MetaImage file, which may be in another file."""
    with open_regular(path) as file:
        start = file.read(2**16)
        size = file.seek(0, 2)
    fields: dict[str, str] = {}
    place = 0
    while "ElementDataFile" not in fields:
        line = _META_LINE.match(start, place)
        if line is None or line[1].decode() in fields:
            raise InputError("the MetaImage header is damaged: copy or export it again")
        fields[line[1].decode()] = line[2].decode()
        place = line.end()
    if fields.get("ObjectType") != "Image" or fields.get("NDims") not in ("2", "3", "4"):
        raise InputError("the image does not have 2 to 4 dimensions: give a whole volume")
    dimensions = int(fields["NDims"])
    for name, power in _META_LISTS.items():
        if name in fields and len(_numbers(fields[name].split())) != dimensions**power:
            raise InputError(
                "the header's {name} ({name2}) does not fit {dimensions} dimensions: correct it",
                name=name,
                name2=fields[name],
                dimensions=dimensions,
            )
    caveats = _meta_place(fields)
    packed = _is_true(fields.get("CompressedData"))
    text = not _is_true(fields.get("BinaryData", "True"))
    name = fields["ElementDataFile"]
    if name.upper() == "LOCAL":
        if packed and fields.get("CompressedDataSize") != str(size - place):
            raise InputError("the file size does not match its header: copy or export it again")
        return Stored(path, place, packed, text, caveats)
    return Stored(beside(path, name), 0, packed, text, caveats)


def _meta_place(fields: Mapping[str, str]) -> tuple[str, ...]:
    _check_sizes((fields.get("ElementSpacing") or fields.get("ElementSize", "")).split()[:3])
    if (unit := fields.get("DistanceUnits", "mm")) not in ("mm", "?"):
        raise InputError("positions are in {unit}: convert the header to mm", unit=unit)
    return () if {"TransformMatrix", "Rotation", "Orientation"} & set(fields) else (_NO_ORIENTATION,)


def _is_true(word: str | None) -> bool:
    return (word or "").lower().startswith(("t", "1"))


def _numbers(words: Iterable[str]) -> list[float]:
    try:
        return [number(word) for word in words]
    except ValueError as error:
        raise InputError("the header is damaged ({why}): copy or export it again", why=error) from None


def _check_sizes(words: list[str]) -> None:
    sizes = np.array(_numbers(words))
    if sizes.size == 0 or not (np.isfinite(sizes) & (sizes > 0)).all():
        told = " x ".join(words) or "no"
        raise InputError("the header has {told} voxel sizes: add sizes in mm, or convert the image again", told=told)
