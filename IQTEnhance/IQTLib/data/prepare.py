"""High-field scans from anywhere into one folder to train from: checked, named as BIDS has it, tissue maps beside.

What takes long (brain, tissues) is done once for each scan, and again only when its files change.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..errors import InputError, code_of
from ..events import SILENT, Event, Reporter
from ..image.noise_estimate import measure_snr
from ..image.tissue import TissueMaps
from ..image.volume import Volume, read, write
from ..io import dicom
from ..io.files import folders_below, write_json
from ..io.formats import suffix as file_suffix
from ..io.reading import read_json
from .subjects import Scan, find_scans, load_brain, scan_of

TISSUES = ("CSF", "GM", "WM")
THICK = 1.6  # mm: slices further apart are hardly those of a high-field volume to learn from
VERSION = 2

TissueSource = Literal["maps", "labels", "estimated"]


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


@dataclass(frozen=True)
class Facts:
    """What is known of a prepared scan. `problem` tells why there is none, `code` of what kind it is (see `errors`).

    Args:
        person, source: who, and where it came from. path: the prepared volume.
        spacing: mm. litres: of brain. tissue: where the tissue maps come from. snr: of white and grey matter.
        warnings: what speaks against learning from it.
    """

    person: str
    source: str
    path: str = ""
    spacing: tuple[float, ...] = ()
    litres: float | None = None
    tissue: TissueSource | None = None
    snr: tuple[float, float] | None = None
    warnings: tuple[str, ...] = ()
    problem: str = ""
    code: str = ""


def prepare(
    sources: Sequence[Path], target: Path, *, suffix: str = "T1w", device: str = "cpu", report: Reporter = SILENT
) -> list[Facts]:
    """Prepare every scan of `sources`, files or folders (NIfTI, NRRD, MetaImage, DICOM, BIDS), into `target`.

    A bad scan is told of in its facts and in a result event, and the rest goes on.

    Raises:
        InputError: there is nothing, or nothing good.
    """
    found = list(_named(find_candidates(sources, suffix=suffix)))
    prepared = []
    for candidate in report.track(found, total=len(found), message="checking volumes"):
        facts = _prepare(candidate, target, device, report)
        report.result(facts.path or facts.source, **asdict(facts))
        prepared.append(facts)
    if all(facts.problem for facts in prepared):
        reason = f"none of {len(prepared)} volumes can be used: {prepared[0].problem}"
        raise InputError(reason, code="none-usable")
    return prepared


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
    """Each MR series below `folder`; the person is a hash of the patient's id, which belongs into no model card."""
    seen = set()
    for place in folders_below(folder):
        if not any(path.is_file() and not file_suffix(path) and dicom.is_dicom(path) for path in place.iterdir()):
            continue
        for series in dicom.list_series(place):
            if series.uid not in seen and series.modality == "MR":
                seen.add(series.uid)
                scan = Scan(path=series.files[0].parent, person=_patient(series.files[0]), suffix=suffix)
                yield Candidate(scan, series.uid)


def _patient(path: Path) -> str:
    import pydicom

    header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["PatientID", "StudyInstanceUID"])
    identity = str(header.get("PatientID") or header.get("StudyInstanceUID") or path.parent)
    return f"dcm{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def _named(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, str]]:
    """Each candidate with its file name's beginning: `sub-<person>`, and `_run-2` for a person's second scan."""
    count: dict[str, int] = {}
    for candidate in candidates:
        person = "".join(filter(str.isalnum, candidate.scan.person)) or "unnamed"
        count[person] = count.get(person, 0) + 1
        run = f"_run-{count[person]}" if count[person] > 1 else ""
        yield replace(candidate, scan=replace(candidate.scan, person=person)), f"sub-{person}{run}"


def _prepare(named: tuple[Candidate, str], target: Path, device: str, report: Reporter) -> Facts:
    candidate, prefix = named
    scan = candidate.scan
    folder = target / f"sub-{scan.person}" / "anat"
    sidecar = folder / f"{prefix}_{scan.suffix}.json"
    try:
        stamp = [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in candidate.files]
        if (kept := _kept(sidecar, stamp)) is not None:
            return kept
        facts = _checked(candidate, folder, prefix, device, report)
        write_json({"Version": VERSION, "Files": stamp, "Facts": asdict(facts)}, sidecar)  # last: now it is whole
        return facts
    except InputError as error:
        return Facts(scan.person, str(scan.path), problem=str(error), code=code_of(error))
    except OSError as error:
        return Facts(scan.person, str(scan.path), problem=f"{scan.path} cannot be read: {error.strerror}")


def _kept(sidecar: Path, stamp: list[list[Any]]) -> Facts | None:
    """The facts of a former time, when the scan is the same and what was made of it is there."""
    try:
        content = read_json(sidecar)
        facts = Facts(**content["Facts"])
        same = content["Version"] == VERSION and content["Files"] == stamp and Path(facts.path).is_file()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return facts if same else None


def _checked(candidate: Candidate, folder: Path, prefix: str, device: str, report: Reporter) -> Facts:
    scan = candidate.scan
    seed = int(hashlib.sha256(prefix.encode()).hexdigest()[:8], 16)
    volume = read(scan.path, series=candidate.series)
    warnings: list[str] = []
    listening = _overheard(report, warnings)
    brain = load_brain(scan, volume=volume, rng=np.random.default_rng(seed), report=listening, device=device)
    tissue: TissueSource = "maps" if scan.probabilities else "labels" if scan.labels else "estimated"
    if max(volume.spacing) > THICK:
        warnings.append(f"slices are {max(volume.spacing):.1f} mm apart: a model learns nothing finer from it")
    try:
        snr = measure_snr(volume, brain.maps, brain.mask)
    except InputError as error:
        snr = None
        warnings.append(f"its SNR cannot be told: {error}")
    path = _write(volume, brain.mask, brain.maps, folder, prefix, scan.suffix)
    return Facts(
        person=scan.person,
        source=str(scan.path),
        path=str(path),
        spacing=tuple(round(s, 3) for s in volume.spacing),
        litres=round(float(brain.mask.sum() * np.prod(volume.spacing) * 1e-6), 3),
        tissue=tissue,
        snr=None if snr is None else (round(snr.wm, 1), round(snr.gm, 1)),
        warnings=tuple(warnings),
    )


def _overheard(report: Reporter, warnings: list[str]) -> Reporter:
    """`report`, whose warnings go into a list: they become facts of the scan."""

    def sink(event: Event) -> None:
        if event.kind == "warning":
            warnings.append(event.message)
        else:
            report.sink(event)

    return replace(report, sink=sink)


def _write(volume: Volume, mask: np.ndarray, maps: TissueMaps, folder: Path, prefix: str, suffix: str) -> Path:
    write(volume.with_data(mask), folder / f"{prefix}_desc-brain_mask.nii.gz", overwrite=True)
    for name, tissue in zip(TISSUES, (maps.csf, maps.gm, maps.wm), strict=True):
        coarse = np.floor(250 * tissue) / 250  # few values pack well; downwards, for their sum must not exceed 1
        write(volume.with_data(coarse), folder / f"{prefix}_label-{name}_probseg.nii.gz", overwrite=True)
    return write(volume, folder / f"{prefix}_{suffix}.nii.gz", overwrite=True)
