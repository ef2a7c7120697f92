"""What the files of each format hold, as voxels (i, j, k) float32 and a 4x4 RAS affine in mm, and writing the same.

`volume.read` and `volume.write` are the way in: they add what every format needs (checks, whole files, one kind of
error). Here libraries raise what they like.
"""

import gzip
import math
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import InputError

_FORMATS = {
    **dict.fromkeys((".nii", ".nii.gz", ".hdr", ".img"), "NIfTI"),
    **dict.fromkeys((".nrrd", ".nhdr"), "NRRD"),
    **dict.fromkeys((".mha", ".mhd"), "MetaImage"),
}
READABLE = tuple(_FORMATS)
WRITABLE = (".nii", ".nii.gz", ".nrrd", ".mha")

_PAIR = (".hdr", ".img")
_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_MM_PER_UNIT = {1: 1e3, 3: 1e-3}  # NIfTI codes of metre and micron; all others are taken as mm
_NRRD_PACKED = re.compile(rb"^encoding: *gz(?:ip)?[ \r]*(?=\n).*?\n\r?\n", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_META_LINE = re.compile(rb"(\w{1,80}) *[=:] *([ -~]{0,1000}?) *(?:\r?\n|\Z)")
_META_LISTS = {  # how many numbers: this power of NDims
    **dict.fromkeys(
        ("DimSize", "ElementSpacing", "ElementSize", "CenterOfRotation", "Offset", "Origin", "Position"), 1
    ),
    **dict.fromkeys(("TransformMatrix", "Rotation", "Orientation"), 2),
}
_MOST_VOXELS = 2**33
_MOST_DEFLATED = 1100  # deflate packs at most 1032 bytes into one


def suffix(path: Path | str) -> str:
    """The ending of `path` that names its format, in lower case (".nii.gz" is one), or "" if none is known."""
    name = Path(path).name.lower()
    return max((known for known in READABLE if name.endswith(known)), key=len, default="")


def stem(path: Path | str) -> str:
    """The file's name without the ending that names its format."""
    name = Path(path).name
    return name[: -len(ending)] if (ending := suffix(path)) else name


def format_of(path: Path) -> str:
    """Name of the format that the ending stands for; without a known ending it can only be DICOM."""
    return _FORMATS.get(suffix(path), "DICOM")


def read_image(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Voxels (i, j, k) float32 and RAS affine, mm, of a file with a known ending."""
    return _read_nifti(path) if format_of(path) == "NIfTI" else _read_itk(path)


def write_image(data: np.ndarray, affine: np.ndarray, path: Path) -> None:
    """Write voxels (i, j, k) float32 and RAS affine, mm, to a file whose ending is one of `WRITABLE`."""
    if format_of(path) == "NIfTI":
        _write_nifti(data, affine, path)
    else:
        _write_itk(data, affine, path)


def _check_claim(shape: Sequence[int], packed_bytes: float, itemsize: int = 1) -> tuple[int, int, int]:
    """The three axes of a header's `shape`; `InputError` if it is no volume or more than `packed_bytes` can hold."""
    shape = tuple(int(n) for n in shape)
    if any(n < 1 for n in shape):
        raise InputError(f"the image is empty (shape {shape}): export it again")
    if any(n > 1 for n in shape[3:]):
        raise InputError(f"the image holds several volumes (shape {shape}): save the one to use in a file of its own")
    if len(shape) < 3 or 1 in shape[:3]:
        raise InputError(f"the image is a single slice (shape {shape}): give a whole volume")
    voxels = math.prod(shape)
    if voxels > _MOST_VOXELS:
        raise InputError(f"the header claims {voxels} voxels (shape {shape}), which is no brain scan: correct it")
    if voxels * itemsize > packed_bytes:
        raise InputError(f"the file is too short for its shape {shape}: it was cut, copy or export it again")
    return shape[:3]


def _read_nifti(path: Path) -> tuple[np.ndarray, np.ndarray]:
    import nibabel

    pair = suffix(path) in _PAIR
    header_file, voxel_file = (path.with_suffix(".hdr"), path.with_suffix(".img")) if pair else (path, path)
    with header_file.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"  # by content: .nii and .nii.gz are often mistaken for each other
    with gzip.open(header_file) if packed else header_file.open("rb") as stream:
        start = stream.read(nibabel.Nifti2Header.sizeof_hdr)
        stream.seek(0)
        kinds = (nibabel.Nifti1Pair, nibabel.Nifti2Pair) if pair else (nibabel.Nifti1Image, nibabel.Nifti2Image)
        kind = next((kind for kind in kinds if kind.header_class.may_contain_header(start)), None)
        if kind is None:
            raise InputError("this is not a NIfTI image, whatever its name says: convert it")
        image = kind.from_filename(path) if pair else kind.from_stream(stream)
        dtype = image.get_data_dtype()
        if dtype.kind not in "biuf":
            raise InputError(f"voxels are colours or complex numbers ({dtype}): save one real number per voxel")
        room = voxel_file.stat().st_size * (_MOST_DEFLATED if packed else 1)
        shape = _check_claim(image.shape, room, dtype.itemsize)
        data = np.array(image.get_fdata(dtype=np.float32)).reshape(shape)  # a copy in memory, the file may go away
        while stream.read(2**20):  # at the end of a gzip stream its checksum is compared
            pass
    affine = image.affine.copy()
    affine[:3] *= _MM_PER_UNIT.get(int(image.header["xyzt_units"]) & 7, 1.0)
    return data, affine


def _write_nifti(data: np.ndarray, affine: np.ndarray, path: Path) -> None:
    import nibabel

    image = nibabel.Nifti1Image(data, affine)
    image.set_sform(affine, code="scanner")
    image.set_qform(affine, code="scanner")
    image.header.set_xyzt_units("mm")
    with path.open("wb") as file:
        if suffix(path) == ".nii":
            image.to_stream(file)
        else:  # level 1: brains shrink hardly more at level 6; no name and no time, for the same bytes every time
            with gzip.GzipFile("", "wb", 1, file, mtime=0) as stream:
                image.to_stream(stream)


def _read_itk(path: Path) -> tuple[np.ndarray, np.ndarray]:
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    packed_from = _packed_from(path)
    reader = SimpleITK.ImageFileReader()
    reader.SetImageIO("NrrdImageIO" if format_of(path) == "NRRD" else "MetaImageIO")
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    kind = SimpleITK.GetPixelIDValueAsString(reader.GetPixelID())
    if reader.GetNumberOfComponents() != 1 or "complex" in kind:
        raise InputError(f"voxels are colours, vectors or complex ({kind}): save one real number per voxel")
    detached = suffix(path) in (".nhdr", ".mhd")
    room = np.inf if detached else path.stat().st_size * _MOST_DEFLATED
    shape = _check_claim(reader.GetSize(), room)
    stored = None if packed_from is None else _unpacked_size(path, packed_from)
    image = reader.Execute()
    array = SimpleITK.GetArrayViewFromImage(image)
    if stored not in (None, array.nbytes):
        raise InputError(f"the file holds {stored} bytes of voxels instead of {array.nbytes}: copy or export it again")
    data = array.astype(np.float32).T.reshape(shape)
    affine = np.eye(4)
    dimension = image.GetDimension()
    affine[:3, :3] = np.reshape(image.GetDirection(), (dimension, dimension))[:3, :3] * image.GetSpacing()[:3]
    affine[:3, 3] = image.GetOrigin()[:3]
    return data, _LPS_TO_RAS @ affine


def _write_itk(data: np.ndarray, affine: np.ndarray, path: Path) -> None:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(data.T)
    axes, origin = np.split((_LPS_TO_RAS @ affine)[:3], [3], axis=1)
    spacing = np.linalg.norm(axes, axis=0)
    image.SetOrigin(origin.ravel().tolist())
    image.SetSpacing(spacing.tolist())
    image.SetDirection((axes / spacing).ravel().tolist())
    SimpleITK.WriteImage(image, str(path), useCompression=True, compressionLevel=1)
    start = _packed_from(path)  # read back: ITK's writers do not always notice that the disk is full
    if start is None or _unpacked_size(path, start) != data.nbytes:
        raise RuntimeError("the file is not whole")


def _packed_from(path: Path) -> int | None:
    """Where in the file compressed voxels start, or None if there are none."""
    return _packed_nrrd(path) if format_of(path) == "NRRD" else _packed_meta(path)


def _packed_nrrd(path: Path) -> int | None:
    with path.open("rb") as file:
        header = _NRRD_PACKED.search(file.read(2**16))
    return header and header.end()


def _packed_meta(path: Path) -> int | None:
    """`_packed_from` for MetaImage, and a check of its header before ITK sees it.

    ITK's reader writes beyond its memory where a header's list has another length than it expects (ITK issue 6853).
    """
    with path.open("rb") as file:
        start = file.read(2**16)
    fields: dict[str, str] = {}
    place = 0
    while "ElementDataFile" not in fields:
        line = _META_LINE.match(start, place)
        if line is None or line[1].decode() in fields:
            raise InputError("the MetaImage header is damaged: copy or export it again")
        fields[line[1].decode()] = line[2].decode()
        place = line.end()
    if fields.get("ObjectType") != "Image" or fields.get("NDims") not in ("2", "3", "4"):
        raise InputError("the file holds no image of 2 to 4 dimensions: give a whole volume")
    dimensions = int(fields["NDims"])
    for name, power in _META_LISTS.items():
        if name in fields and len([float(number) for number in fields[name].split()]) != dimensions**power:
            raise InputError(f"the header's {name} ({fields[name]}) does not fit {dimensions} dimensions: correct it")
    if fields["ElementDataFile"] != "LOCAL" or not fields.get("CompressedData", "").lower().startswith(("t", "1")):
        return None
    if fields.get("CompressedDataSize") != str(path.stat().st_size - place):
        raise InputError("the file has not the size that its header tells: copy or export it again")
    return place


def _unpacked_size(path: Path, start: int) -> int:
    """Bytes that the compressed voxels from `start` unpack to.

    Raises `zlib.error` if their checksum is wrong: ITK takes damaged compressed voxels for good ones.
    """
    with path.open("rb") as file:
        file.seek(start)
        unpack = zlib.decompressobj(wbits=47)  # zlib or gzip, told by its first bytes
        size = 0
        while not unpack.eof:
            part = file.read(2**16)
            if not part:
                raise InputError("the file is cut short: copy or export it again")
            size += len(unpack.decompress(part))
    return size
