"""DICOM series: list those in a folder, and read one as voxels with an affine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..sentences import Sentence
from .dicom_slice import Slice, is_dicom, read_slice, same_picture
from .folders import is_file_or_lost
from .quiet import quiet
from .reading import check_claim

_ROUNDING = 5e-3  # of direction cosines


@dataclass(frozen=True)
class Series:
    """One DICOM series: the files that a scanner stored together, in no particular order."""

    uid: str
    description: str
    modality: str
    files: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Stack:
    """A series as one volume: its files from first to last along their normal, and its 4x4 RAS affine in mm.

    `caveats` are warnings for the user about the series; `shape` is (i, j, k); `description` is the series',
    `weighting` the modality that its timing says.
    """

    files: tuple[Path, ...]
    affine: np.ndarray
    caveats: tuple[str, ...] = ()
    shape: tuple[int, int, int] = (0, 0, 0)
    description: str = ""
    weighting: str = ""

    def voxels(self) -> np.ndarray:
        """Pixels with their rescale slopes applied, (i, j, k) float32."""
        import SimpleITK

        SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
        reader = SimpleITK.ImageSeriesReader()
        reader.SetImageIO("GDCMImageIO")
        reader.SetOutputPixelType(SimpleITK.sitkFloat32)
        reader.SetFileNames([str(path) for path in self.files])
        return SimpleITK.GetArrayFromImage(reader.Execute()).T


@quiet()
def list_series(folder: Path | str) -> list[Series]:
    """The series of images in `folder` and its direct sub-folders, by series number.

    Raises:
        InputError: the folder does not exist, or a DICOM file in it is damaged.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError("{folder} is not a folder: choose the one that holds the DICOM files", folder=folder)
    return [_describe(slices) for slices in _scan(folder)]


@quiet()
def find_stack(path: Path, *, series: str | None = None) -> Stack:
    """The slices of one series as a volume; i runs along a row, k along the slices' normal.

    Args:
        path: a folder, or one file of the series.
        series: UID, description or number (see `_numbered`); required if the folder holds several.

    Raises:
        InputError: no series, several to choose from, or slices that do not make one evenly spaced volume.
    """
    if path.is_dir():
        found = _scan(path)
    elif is_dicom(path):
        part = read_slice(path)
        found = [slices for slices in _scan(path.parent) if part and slices[0].uid == part.uid]
    else:
        raise InputError("unknown image format: give .nii, .nii.gz, .nrrd, .mha or a folder of DICOM files")
    return _stack(_choose(found, series))


def list_stacks(folder: Path) -> Iterator[tuple[Series, Stack | InputError]]:
    """The series of images among the files of `folder`, each as a volume or with the reason why it cannot be one.

    Raises:
        InputError: a DICOM file is damaged.
    """
    for slices in _scan(folder, deep=False):
        try:
            yield _describe(slices), _stack(slices)
        except InputError as error:
            yield _describe(slices), error


def _stack(slices: Sequence[Slice]) -> Stack:
    _check_kind(slices)
    ordered, affine = _geometry(slices)
    first = slices[0]
    shape, files = (first.columns, first.rows, len(slices)), tuple(part.path for part in ordered)
    return Stack(files, affine, tuple(_caveats(slices)), shape, first.description, first.weighting)


def _scan(folder: Path, *, deep: bool = True) -> list[list[Slice]]:
    """The slices of each series in `folder` and (`deep`) its direct sub-folders; an image found twice counts once."""
    found: dict[str, dict[str, Slice]] = {}
    for path in _files(folder) if deep else (path for path in sorted(folder.iterdir()) if _may_be_slice(path)):
        part = read_slice(path)
        if part is not None:
            known = found.setdefault(part.uid, {}).setdefault(part.instance, part)
            if known is not part and not same_picture(known, part):
                raise InputError(
                    "{path} and {path2} are different images with the same SOPInstanceUID: one of them would be "
                    "lost, export the series again",
                    path=known.path.name,
                    path2=path.name,
                )
    groups = [list(parts.values()) for parts in found.values()]
    return sorted(groups, key=lambda slices: (slices[0].number, slices[0].uid))


def _files(folder: Path) -> Iterator[Path]:
    entries = sorted(folder.iterdir())
    for entry in entries:
        if _may_be_slice(entry):
            yield entry
    for entry in entries:
        if entry.is_dir():
            yield from (path for path in sorted(entry.iterdir()) if _may_be_slice(path))


def _may_be_slice(path: Path) -> bool:
    """A file, or a link to one that is not here and has the name of a slice: a volume without it would be too short."""
    slices = path.suffix.lower() in ("", ".dcm", ".ima") or path.suffix[1:].isdigit()
    return path.is_file() or (slices and is_file_or_lost(path))


def _describe(slices: Sequence[Slice]) -> Series:
    first = slices[0]
    return Series(first.uid, first.description, first.modality, tuple(part.path for part in slices))


def _numbered(found: list[list[Slice]]) -> list[tuple[int, list[Slice]]]:
    """Each series with the number that the scanner gave it; from 1 in their order if one has none."""
    numbers = [slices[0].number for slices in found]
    return list(zip(numbers if min(numbers) > 0 else range(1, len(found) + 1), found, strict=True))


def _choose(found: list[list[Slice]], wanted: str | None) -> list[Slice]:
    """The one series that `wanted` names, or the only one there is."""
    if not found:
        raise InputError("no DICOM images here: choose the folder that holds the files of one series")
    if wanted is None:
        matches = found
    else:
        names = [(slices[0].uid, slices[0].description, str(number)) for number, slices in _numbered(found)]
        by_kind = ([s for s, name in zip(found, names, strict=True) if name[kind] == wanted] for kind in range(3))
        matches = next((some for some in by_kind if some), [])
    if len(matches) == 1:
        return matches[0]
    listed = "; ".join(
        f'{number}: "{slices[0].description}", {len(slices)} files, UID {slices[0].uid}'
        for number, slices in _numbered(found)
    )
    asked = "several series" if wanted is None else f"{len(matches)} series match {wanted!r}"
    reason = f"{asked}, pick one with --series by UID, description or number: {listed}"
    raise InputError(reason, code="several-series")


def _check_kind(slices: Sequence[Slice]) -> None:
    """Refuse a series whose files are not the slices of one grey volume, each in its place."""
    if any(part.frames > 1 or "MOSAIC" in part.image_type for part in slices):
        raise InputError("multi-frame (enhanced, mosaic) DICOM is not supported: convert it with dcm2niix first")
    if any(part.samples > 1 or part.photometric not in ("MONOCHROME1", "MONOCHROME2") for part in slices):
        raise InputError("the images are in colour: choose the series with the scan itself")
    if any(part.photometric == "MONOCHROME1" for part in slices):
        raise InputError("the images are inverted (MONOCHROME1): choose the series with the scan itself")
    for part in slices:
        _check_geometry(part)
    if len(slices) < 2:
        raise InputError("the series is a single slice: give a whole volume")
    for name in ("rows", "columns", "orientation", "spacing"):
        if not np.allclose([getattr(part, name) for part in slices], getattr(slices[0], name), rtol=0, atol=1e-4):
            raise InputError(
                "slices differ in {name}: a localiser or a mixed series, choose one of a single volume", name=name
            )
    if len({part.frame for part in slices}) > 1:
        raise InputError("slices differ in frame of reference: choose a series of a single scan")
    check_claim((slices[0].columns, slices[0].rows, len(slices)), np.inf, itemsize=4)


def _check_geometry(part: Slice) -> None:
    if part.orientation is None or part.position is None or part.spacing is None:
        raise InputError("slices lack position, orientation or pixel spacing: export the original series")
    if not part.slope or not np.isfinite((*part.orientation, *part.position, part.slope, part.intercept)).all():
        raise InputError(
            "{path} has a position or a rescale slope that is not a number: export it again", path=part.path.name
        )
    if not (np.isfinite(part.spacing).all() and min(part.spacing) > 0):
        raise InputError(
            "{path} has pixels of {spacing} mm: export the original series", path=part.path.name, spacing=part.spacing
        )
    lengths = np.linalg.norm(np.reshape(part.orientation, (2, 3)), axis=1)
    if np.abs(lengths - 1).max() > _ROUNDING:
        found = " and ".join(f"{length:.4g}" for length in lengths)
        raise InputError(
            "{path} has direction cosines of length {found} instead of 1: export it again",
            path=part.path.name,
            found=found,
        )


def _caveats(slices: Sequence[Slice]) -> Iterator[str]:
    if slices[0].modality != "MR":
        modality = slices[0].modality or "unknown"
        yield Sentence("the series is of modality {modality}, not MR", "not-mr", modality=modality)
    if any(part.lossy for part in slices):
        yield Sentence("the images were compressed with loss", "lossy")


def _geometry(slices: Sequence[Slice]) -> tuple[list[Slice], np.ndarray]:
    """The slices from first to last along their normal, and the RAS affine of the stack."""
    first = slices[0]
    row, column = (axis / np.linalg.norm(axis) for axis in np.array(first.orientation).reshape(2, 3))
    between_rows, between_columns = first.spacing or (0.0, 0.0)  # never None: `_check_kind` refused that
    normal = np.cross(row, column)
    ordered = sorted(slices, key=lambda part: float(normal @ part.position))
    positions = np.array([part.position for part in ordered])
    steps = np.diff(positions, axis=0)
    gaps = steps @ normal
    if gaps.min() < 1e-3:
        raise InputError("several slices share one position (echoes, times?): export each volume as a separate series")
    step = (positions[-1] - positions[0]) / len(steps)
    if np.linalg.norm(steps - step, axis=1).max() > 1e-2 * max(1.0, float(np.linalg.norm(step))):
        worst = int(gaps.argmax())
        raise InputError(
            "slices are {gaps:.3f} to {gaps2:.3f} mm apart, farthest after {path}: some are missing, copy or"
            " export the series again",
            gaps=gaps.min(),
            gaps2=gaps.max(),
            path=ordered[worst].path.name,
        )
    affine = np.eye(4)
    affine[:3] = np.column_stack([row * between_columns, column * between_rows, step, positions[0]])
    return ordered, np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
