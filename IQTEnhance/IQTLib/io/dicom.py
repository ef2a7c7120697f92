"""DICOM series: which ones a folder holds, and one of them as voxels with an affine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError

_TAGS = (
    *("SeriesInstanceUID", "SeriesNumber", "SeriesDescription", "Modality", "SOPInstanceUID"),
    *("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated"),
    *("ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing"),
)
_PLAIN = {  # transfer syntaxes without compression, and the bytes of an element before its pixels
    "1.2.840.10008.1.2": 8,
    "1.2.840.10008.1.2.1": 12,
    "1.2.840.10008.1.2.2": 12,
}


@dataclass(frozen=True)
class Series:
    """One DICOM series: the files that a scanner stored together, in no particular order."""

    uid: str
    description: str
    modality: str
    files: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Stack:
    """A series as one volume: its files from first to last along their normal, and its 4x4 RAS affine in mm."""

    files: tuple[Path, ...]
    affine: np.ndarray

    def voxels(self) -> np.ndarray:
        """Pixels with their rescale slopes applied, (i, j, k) float32."""
        import SimpleITK

        SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
        reader = SimpleITK.ImageSeriesReader()
        reader.SetImageIO("GDCMImageIO")
        reader.SetOutputPixelType(SimpleITK.sitkFloat32)
        reader.SetFileNames([str(path) for path in self.files])
        return SimpleITK.GetArrayFromImage(reader.Execute()).T


@dataclass(frozen=True)
class _Slice:
    """What the header of one file says; geometry in LPS mm, None where the header is silent."""

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


def is_dicom(path: Path) -> bool:
    """Whether the file carries DICOM's mark."""
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def list_series(folder: Path | str) -> list[Series]:
    """The series of images in `folder` and its direct sub-folders, by series number.

    Raises:
        InputError: there is no such folder, or a DICOM file in it is damaged.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder: choose the one that holds the DICOM files")
    return [_describe(slices) for slices in _scan(folder)]


def read_series(path: Path, *, series: str | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Voxels (i, j, k) float32 and 4x4 RAS affine of one series, which `find_stack` finds."""
    stack = find_stack(path, series=series)
    return stack.voxels(), stack.affine


def find_stack(path: Path, *, series: str | None = None) -> Stack:
    """The slices of one series as a volume; i runs along a row, k along the slices' normal.

    Args:
        path: a folder, or one file of the series.
        series: UID, description or number (from 1, as `list_series` orders them); needed if the folder holds several.

    Raises:
        InputError: no series, several to choose from, or slices that do not make one evenly spaced volume.
    """
    if path.is_dir():
        found = _scan(path)
    elif is_dicom(path):
        part = _header(path)
        found = [slices for slices in _scan(path.parent) if part and slices[0].uid == part.uid]
    else:
        raise InputError("not an image file known here: give .nii, .nii.gz, .nrrd, .mha or a folder of DICOM files")
    ordered, affine = _geometry(_choose(found, series))
    return Stack(tuple(part.path for part in ordered), affine)


def _scan(folder: Path) -> list[list[_Slice]]:
    """The slices of each series in `folder` and its direct sub-folders; a file met twice counts once."""
    found: dict[str, dict[str, _Slice]] = {}
    for path in _files(folder):
        part = _header(path)
        if part is not None:
            found.setdefault(part.uid, {}).setdefault(part.instance, part)
    groups = [list(parts.values()) for parts in found.values()]
    return sorted(groups, key=lambda slices: (slices[0].number, slices[0].uid))


def _files(folder: Path) -> Iterator[Path]:
    entries = sorted(folder.iterdir())
    for entry in entries:
        if entry.is_file():
            yield entry
    for entry in entries:
        if entry.is_dir():
            yield from (path for path in sorted(entry.iterdir()) if path.is_file())


def _header(path: Path) -> _Slice | None:
    """The header of one file, or None if it is no DICOM image."""
    import pydicom

    if not is_dicom(path):
        return None
    try:
        with path.open("rb") as file:
            header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=list(_TAGS))
            rest = path.stat().st_size - file.tell()
        if "Rows" not in header or "SeriesInstanceUID" not in header:
            return None
        part = _Slice(
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
        )
        pixels = part.rows * part.columns * part.frames * part.samples * int(header.get("BitsAllocated") or 16) // 8
        before = _PLAIN.get(str(header.file_meta.TransferSyntaxUID))
        if before is not None and rest < before + pixels:  # ITK does not always notice
            raise EOFError
        return part
    except Exception as error:  # pydicom has no common error for damaged files
        raise InputError(f"{path.name} is a damaged DICOM file: copy it again, or remove it") from error


def _numbers(values: Any, count: int) -> tuple[float, ...] | None:
    return None if values is None or len(values) != count else tuple(float(value) for value in values)


def _describe(slices: Sequence[_Slice]) -> Series:
    first = slices[0]
    return Series(first.uid, first.description, first.modality, tuple(part.path for part in slices))


def _choose(found: list[list[_Slice]], wanted: str | None) -> list[_Slice]:
    """The one series that `wanted` names, or the only one there is."""
    if not found:
        raise InputError("no DICOM images here: choose the folder that holds the files of one series")
    if wanted is None:
        matches = found
    else:
        names = [(slices[0].uid, slices[0].description, str(number)) for number, slices in enumerate(found, start=1)]
        by_kind = ([s for s, name in zip(found, names, strict=True) if name[kind] == wanted] for kind in range(3))
        matches = next((some for some in by_kind if some), [])
    if len(matches) == 1:
        return matches[0]
    listed = "; ".join(
        f'{number}: "{slices[0].description}", {len(slices)} files, UID {slices[0].uid}'
        for number, slices in enumerate(found, start=1)
    )
    asked = "several series" if wanted is None else f"{len(matches)} series match {wanted!r}"
    reason = f"{asked}, pick one with --series by UID, description or number: {listed}"
    raise InputError(reason, code="several-series")


def _geometry(slices: Sequence[_Slice]) -> tuple[list[_Slice], np.ndarray]:
    """The slices from first to last along their normal, and the RAS affine of the stack."""
    first = slices[0]
    if any(part.frames > 1 for part in slices):
        raise InputError("multi-frame (enhanced) DICOM is not read here: convert it to NIfTI with dcm2niix first")
    if any(part.samples > 1 for part in slices):
        raise InputError("the pictures are in colour: choose the series with the scan itself")
    if any(None in (part.orientation, part.position, part.spacing) for part in slices):
        raise InputError("slices lack position, orientation or pixel spacing: export the original series")
    if len(slices) < 2:
        raise InputError("the series is a single slice: give a whole volume")
    same = ("rows", "columns", "orientation", "spacing")
    for name in same:
        if not np.allclose([getattr(part, name) for part in slices], getattr(first, name), rtol=0, atol=1e-4):
            raise InputError(f"slices differ in {name}: a localiser or a mixed series, choose one of a single volume")
    row, column = np.reshape(first.orientation, (2, 3))
    normal = np.cross(row, column)
    ordered = sorted(slices, key=lambda part: float(normal @ part.position))
    positions = np.array([part.position for part in ordered])
    steps = np.diff(positions, axis=0)
    gaps = steps @ normal
    if gaps.min() < 1e-3:
        raise InputError("several slices lie at one place (echoes, times?): export each volume as a series of its own")
    step = (positions[-1] - positions[0]) / len(steps)
    if np.linalg.norm(steps - step, axis=1).max() > 1e-2 * max(1.0, float(np.linalg.norm(step))):
        worst = int(gaps.argmax())
        raise InputError(
            f"slices are {gaps.min():.3f} to {gaps.max():.3f} mm apart, farthest after {ordered[worst].path.name}: "
            "some are missing, copy or export the series again"
        )
    affine = np.eye(4)
    affine[:3] = np.column_stack([row * first.spacing[1], column * first.spacing[0], step, positions[0]])
    return ordered, np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
