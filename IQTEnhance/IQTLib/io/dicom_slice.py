"""The header of one DICOM file, read and checked before use."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from .folders import absent
from .reading import open_regular
from .sequence import ELEMENTS, weighting_of
from .typed import number

_TAGS = (
    *("SeriesInstanceUID", "SeriesNumber", "SeriesDescription", "Modality", "SOPInstanceUID", "FrameOfReferenceUID"),
    *("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated", "PhotometricInterpretation"),
    *("ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing", "ImageType"),
    *("RescaleSlope", "RescaleIntercept", "LossyImageCompression", *ELEMENTS),
)
_PLAIN = {  # transfer syntaxes without compression, and the bytes of an element before its pixels
    "1.2.840.10008.1.2": 8,
    "1.2.840.10008.1.2.1": 12,
    "1.2.840.10008.1.2.2": 12,
}
_SLICES = ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4")  # files of CT and MR, one slice each
_PIXELS = b"\xe0\x7f\x10\x00"  # the tag, least byte first
_DEFLATED = "1.2.840.10008.1.2.1.99"


@dataclass(frozen=True)
class Slice:
    """The header of one file; geometry in LPS mm, None where an element is missing. `weighting` is what the timing of
    its sequence says (`sequence.weighting`)."""

    path: Path
    uid: str
    instance: str
    number: int
    description: str
    modality: str
    rows: int
    columns: int
    frames: int
    samples: int
    orientation: tuple[float, ...] | None
    position: tuple[float, ...] | None
    spacing: tuple[float, ...] | None
    slope: float
    intercept: float
    photometric: str
    image_type: tuple[str, ...]
    frame: str
    lossy: bool
    weighting: str


def is_dicom(path: Path) -> bool:
    """Whether the file starts with the DICOM prefix; `InputError` where it cannot be read."""
    try:
        with open_regular(path) as file:
            return file.read(132)[128:] == b"DICM"
    except FileNotFoundError:
        raise InputError("{path}: {path2}", path=path.name, path2=absent(path)) from None
    except OSError as error:
        raise InputError("{path} cannot be read: {strerror}", path=path.name, strerror=error.strerror) from None


def read_slice(path: Path) -> Slice | None:
    """The header of one file, or None if it is not a DICOM image.

    Raises:
        InputError: the file is damaged, or deflated as a whole.
    """
    import pydicom

    if not is_dicom(path):
        return None
    try:
        with open_regular(path) as file:
            pydicom.filereader.read_preamble(file, force=False)
            # The public `read_file_meta_info` opens the file itself, and so reads as much as a damaged one asks for.
            if pydicom.filereader._read_file_meta_info(file).get("TransferSyntaxUID") == _DEFLATED:
                raise InputError(
                    "{path} is deflated DICOM, which is not supported: save it uncompressed", path=path.name
                )
            file.seek(0)
            header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=list(_TAGS))
            rest = path.stat().st_size - file.tell()
            start = file.read(12)
        if "Rows" not in header or "SeriesInstanceUID" not in header:
            kind = pydicom.uid.UID(str(header.file_meta.get("MediaStorageSOPClassUID") or ""))
            if kind in _SLICES or not kind.is_valid:  # the volume would lack a slice
                raise EOFError
            return None
        part = Slice(
            path=path,
            uid=str(header.SeriesInstanceUID),
            instance=str(header.get("SOPInstanceUID") or path),
            number=int(header.get("SeriesNumber") or 0),
            description=str(header.get("SeriesDescription") or ""),
            modality=str(header.get("Modality") or ""),
            rows=int(header.Rows),
            columns=int(header.Columns),
            frames=int(header.get("NumberOfFrames") or 1),
            samples=int(header.get("SamplesPerPixel") or 1),
            orientation=_numbers(header.get("ImageOrientationPatient"), 6),
            position=_numbers(header.get("ImagePositionPatient"), 3),
            spacing=_numbers(header.get("PixelSpacing"), 2),
            slope=_number(header.get("RescaleSlope"), 1.0),
            intercept=_number(header.get("RescaleIntercept"), 0.0),
            photometric=str(header.get("PhotometricInterpretation") or "MONOCHROME2"),
            image_type=_words(header.get("ImageType")),
            frame=str(header.get("FrameOfReferenceUID") or ""),
            lossy=header.get("LossyImageCompression") == "01",
            weighting=weighting_of(header.get),
        )
        pixels = part.rows * part.columns * part.frames * part.samples * int(header.get("BitsAllocated") or 16) // 8
        before = _PLAIN.get(str(header.file_meta.TransferSyntaxUID))
        if before is not None and rest < before + pixels:  # ITK does not always notice
            raise EOFError
        if start[:4] == _PIXELS and before is not None and _length(start[:before]) >= max(2 * pixels, pixels + 2):
            raise ValueError("more pixels than the header tells")  # ITK takes the first bytes for them
        return part
    except InputError:
        raise
    except Exception as error:  # pydicom has no common error for damaged files
        raise InputError("{path} is a damaged DICOM file: copy it again, or remove it", path=path.name) from error


def _length(start: bytes) -> int:
    """Of the pixels, which the last bytes before them tell; 0 where they are in parts."""
    told = int.from_bytes(start[-4:], "little")
    return 0 if told == 2**32 - 1 else told


def same_picture(one: Slice, other: Slice) -> bool:
    """Whether two files hold the same slice, that is, identical header and pixels."""
    return replace(one, path=other.path) == other and _pixels(one.path) == _pixels(other.path)


def _pixels(path: Path) -> bytes:
    import pydicom

    return bytes(pydicom.dcmread(path).get("PixelData") or b"")


def _numbers(values: Any, count: int) -> tuple[float, ...] | None:
    return None if values is None or len(values) != count else tuple(number(str(value)) for value in values)


def _number(value: Any, default: float) -> float:
    return default if value in (None, "") else number(str(value))


def _words(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value or ()))
