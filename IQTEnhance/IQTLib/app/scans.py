"""`iqt scans`: every volume file and DICOM series below a folder, what it is, and what keeps it from being enhanced."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..errors import InputError, reason
from ..events import SILENT, Reporter
from ..image.volume import Volume, read
from ..io import dicom
from ..io.folders import folders_below, is_file_or_lost
from ..io.formats import stem, suffix
from ..sentences import Sentence

LABELS = ("dseg", "mask", "probseg", "seg", "label", "labels")
NO_HEADER = ("", ".img")  # not a volume, or the voxel file of an .hdr


@dataclass(frozen=True)
class FoundScan:
    """A volume file, or one `series` of the DICOM files in the folder `path`.

    Args:
        title: the file's name, or the series' description. modality: of a series, else "".
        shape, affine: of the voxels (i, j, k), and their place in RAS mm; empty when they are unknown.
        problem: why it cannot be enhanced, "" when it can. caveats: what must be known of it.
    """

    path: Path
    title: str
    series: str = ""
    modality: str = ""
    shape: tuple[int, ...] = ()
    affine: tuple[tuple[float, ...], ...] = ()
    problem: str = ""
    caveats: tuple[str, ...] = ()


def list_scans(folder: Path, *, report: Reporter = SILENT) -> list[FoundScan]:
    """The scans below `folder`, in order of their paths; each is also reported as a result.

    A bad one carries its problem and does not hide the others.

    Raises:
        InputError: there is no such folder. CancelledError.
    """
    if not folder.is_dir():
        raise InputError("{folder} is not a folder: choose the one that holds the scans", folder=folder)
    closed: list[Path] = []
    places = folders_below(folder, closed=closed)
    problem = "the folder cannot be read: change its permissions"
    found = [FoundScan(place, place.name, problem=problem) for place in sorted(closed)]
    for scan in found:
        report.result(_line(scan), **asdict(scan))
    for place in report.track(places, total=len(places), message=Sentence("looking for scans", "scans")):
        for scan in _scans_in(place, report):
            if not scan.series or all(scan.series != known.series for known in found):
                found.append(scan)
                report.result(_line(scan), **asdict(scan))
    return found


def _scans_in(folder: Path, report: Reporter) -> Iterator[FoundScan]:
    files = sorted(path for path in folder.iterdir() if is_file_or_lost(path))
    for path in files:
        report.check()
        if suffix(path) not in NO_HEADER:
            yield _volume(path)
    if any(path.is_file() and not suffix(path) and _is_dicom(path) for path in files):
        yield from _series(folder)


def _volume(path: Path) -> FoundScan:
    if stem(path).lower().replace("-", "_").rpartition("_")[2] in LABELS:
        return FoundScan(path, path.name, problem=Sentence("by its name these are labels, not a scan"))
    try:
        volume = read(path)
    except InputError as error:
        return FoundScan(path, path.name, problem=_without(path, error))
    return _placed(FoundScan(path, path.name), volume)


def _series(folder: Path) -> Iterator[FoundScan]:
    try:
        for series, stack in dicom.list_stacks(folder):
            scan = FoundScan(folder, series.description or "DICOM series", series.uid, series.modality)
            yield replace(scan, problem=reason(stack)) if isinstance(stack, InputError) else _placed(scan, stack)
    except InputError as error:  # a damaged file
        yield FoundScan(folder, folder.name, problem=reason(error))


def _without(path: Path, error: InputError) -> str:
    """What is wrong with the file, whose name stands beside it anyway."""
    cause = error.__cause__
    return reason(cause if isinstance(cause, InputError) and str(error) == f"{path}: {cause}" else error)


def _placed(scan: FoundScan, image: Volume | dicom.Stack) -> FoundScan:
    affine = tuple(map(tuple, image.affine.tolist()))
    return replace(scan, shape=image.shape, affine=affine, caveats=image.caveats)


def _is_dicom(path: Path) -> bool:
    try:
        return dicom.is_dicom(path)
    except InputError:  # not readable, which `_series` tells
        return True


def _line(scan: FoundScan) -> str:
    name = f"{scan.path} [{scan.title}]" if scan.series else str(scan.path)
    return f"{name}: {scan.problem or ' x '.join(map(str, scan.shape))}"
