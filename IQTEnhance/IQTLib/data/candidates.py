"""Find the scans to prepare in files and folders, and give each a subject label."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..events import Reporter
from ..image.volume import Volume, not_measured
from ..io import dicom
from ..io.folders import folders_below
from ..io.formats import suffix as file_suffix
from ..io.quiet import quiet
from ..sentences import Sentence
from .people import pseudonym
from .subjects import Scan, find_scans, scan_of


@dataclass(frozen=True)
class Candidate:
    """A scan as found: a file with its derivatives, or (`series`) a DICOM series in a folder."""

    scan: Scan
    series: str | None = None

    @property
    def files(self) -> list[Path]:
        """A digest of everything that determines the prepared result."""
        path = self.scan.path
        return self.scan.files if not path.is_dir() else sorted(p for p in path.iterdir() if p.is_file())


def find_candidates(sources: Sequence[Path], *, suffix: str = "T1w") -> list[Candidate]:
    """Scans in files and folders; `InputError` if there are none."""
    found: list[Candidate] = []
    for source in sources:
        if source.is_file() and file_suffix(source):
            found.append(Candidate(scan_of(source, suffix=suffix)))
            continue
        if not source.exists():
            raise InputError("{source} does not exist: choose a folder or a volume", source=source)
        series = list(_dicom_series(source if source.is_dir() else source.parent, suffix))
        try:
            found += [Candidate(scan) for scan in find_scans(source, suffix=suffix)]
        except InputError:
            if not series:
                raise
        found += series
    return found


def _dicom_series(folder: Path, suffix: str) -> Iterator[Candidate]:
    """Each MR series below `folder`; patient ids become pseudonyms."""
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


def named(
    candidates: Sequence[Candidate], earlier: Mapping[str, str], *, keep_names: bool, report: Reporter
) -> Iterator[tuple[Candidate, str]]:
    """Each candidate with the prefix of its file names: `sub-<label>`, plus `_run-2` for a subject's second scan.

    Args:
        earlier: prefixes that earlier runs have given, with the shareable name of each scan, which keeps its prefix:
            one that goes or comes does not rename the others.

    Raises:
        InputError: two subjects would get the same label.
    """
    labelled = list(_labelled(candidates, keep_names=keep_names, report=report))
    free = dict(sorted(earlier.items(), key=lambda told: _run_of(told[0])))
    prefixes: list[str | None] = []
    for candidate in labelled:
        mine = (prefix for prefix, name in free.items() if name == candidate.scan.shareable)
        prefix = next((prefix for prefix in mine if prefix.partition("_")[0] == f"sub-{candidate.scan.person}"), None)
        free.pop(prefix or "", None)
        prefixes.append(prefix)
    taken = {*earlier, *filter(None, prefixes)}
    for candidate, prefix in zip(labelled, prefixes, strict=True):
        if prefix is None:
            first = f"sub-{candidate.scan.person}"
            prefix = next(one for one in chain([first], (f"{first}_run-{n}" for n in count(2))) if one not in taken)
            taken.add(prefix)
        yield candidate, prefix


def _labelled(candidates: Sequence[Candidate], *, keep_names: bool, report: Reporter) -> Iterator[Candidate]:
    """The candidates with the labels of their subjects; one sentence for each name that several scans have."""
    called: dict[str, str] = {}  # labels in lower case: some file systems ignore case
    seen: Counter[str] = Counter()
    for candidate in candidates:
        scan = candidate.scan
        name = person = scan.person
        if keep_names and candidate.series is None:
            name = scan.name.removeprefix("sub-")
            person = "".join(sign for sign in name if sign.isascii() and sign.isalnum()) or scan.person
        if (other := called.setdefault(person.lower(), name)) != name:
            raise InputError(
                "{other} and {name} would both become sub-{person}: rename one of them",
                other=other,
                name=name,
                person=person,
            )
        if candidate.series is None:  # the series of one patient belong together
            seen[scan.shareable] += 1
            if seen[scan.shareable] == 2:
                report.warn(Sentence("several scans are called {scan}: they count as one subject", scan=scan.name))
        yield replace(candidate, scan=replace(scan, person=person))


def _run_of(prefix: str) -> int:
    number = prefix.partition("_run-")[2]
    return int(number) if number.isdigit() else 1


def learnable(volume: Volume, mask: np.ndarray) -> float:
    """The mean inside `mask` of a volume that a model can learn from; `InputError` if it is not positive, or if nobody
    measured the volume."""
    for told in not_measured(volume):
        raise InputError(told)
    mean = float(volume.data[mask].mean(dtype=np.float64)) if mask.any() else 0.0
    if not mean > 0:
        raise InputError("mean intensity inside the brain is {scale:.4g}: it must be positive", scale=mean)
    return mean
