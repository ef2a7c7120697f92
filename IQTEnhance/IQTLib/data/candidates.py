"""Scans to prepare: found in files and folders of any kind, each with a label that tells who it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import InputError
from ..events import Reporter
from ..io import dicom
from ..io.files import folders_below
from ..io.formats import suffix as file_suffix
from ..io.quiet import quiet
from .people import pseudonym
from .subjects import Scan, find_scans, scan_of


@dataclass(frozen=True)
class Candidate:
    """A scan as it was found: a file with what lies beside it, or (`series`) a DICOM series of a folder."""

    scan: Scan
    series: str | None = None

    @property
    def files(self) -> list[Path]:
        """Everything that decides what becomes of it."""
        path = self.scan.path
        return self.scan.files if path.is_file() else sorted(p for p in path.iterdir() if p.is_file())


def find_candidates(sources: Sequence[Path], *, suffix: str = "T1w") -> list[Candidate]:
    """Scans of files and folders; `InputError` when there is none."""
    found: list[Candidate] = []
    for source in sources:
        if source.is_file() and file_suffix(source):
            found.append(Candidate(scan_of(source, suffix=suffix)))
            continue
        if not source.exists():
            raise InputError(f"{source} is not there: choose a folder or a volume")
        series = list(_dicom_series(source if source.is_dir() else source.parent, suffix))
        try:
            found += [Candidate(scan) for scan in find_scans(source, suffix=suffix)]
        except InputError:
            if not series:
                raise
        found += series
    return found


def _dicom_series(folder: Path, suffix: str) -> Iterator[Candidate]:
    """Each MR series below `folder`; the patient's id becomes a pseudonym."""
    seen = set()
    for place in folders_below(folder):
        if not any(path.is_file() and not file_suffix(path) and dicom.is_dicom(path) for path in place.iterdir()):
            continue
        for series in dicom.list_series(place):
            if series.uid not in seen and series.modality == "MR":
                seen.add(series.uid)
                scan = Scan(path=series.files[0].parent, person=_patient(series.files[0]), suffix=suffix)
                yield Candidate(scan, series.uid)


@quiet()
def _patient(path: Path) -> str:
    import pydicom

    header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["PatientID", "StudyInstanceUID"])
    return pseudonym(str(header.get("PatientID") or header.get("StudyInstanceUID") or path.parent))


def named(candidates: Sequence[Candidate], *, keep_names: bool, report: Reporter) -> Iterator[tuple[Candidate, str]]:
    """Each candidate with its file name's beginning: `sub-<person>`, and `_run-2` for a person's second scan.

    Raises:
        InputError: two people would become one.
    """
    count: dict[str, int] = {}
    called: dict[str, str] = {}  # by label in lower case, for some disks do not tell cases apart
    for candidate in candidates:
        scan = candidate.scan
        name = person = scan.person
        if keep_names and candidate.series is None:
            name = scan.name.removeprefix("sub-")
            person = "".join(sign for sign in name if sign.isascii() and sign.isalnum()) or scan.person
        if (other := called.setdefault(person.lower(), name)) != name:
            raise InputError(f"{other} and {name} would become one person, sub-{person}: rename one of them")
        count[person] = count.get(person, 0) + 1
        if count[person] == 2 and not scan.name.startswith("sub-"):
            report.log(f"several scans are those of {scan.name}: they count as one person's")
        run = f"_run-{count[person]}" if count[person] > 1 else ""
        yield replace(candidate, scan=replace(scan, person=person)), f"sub-{person}{run}"
