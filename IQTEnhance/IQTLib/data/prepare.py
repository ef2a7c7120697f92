"""Collect high-field scans in one training folder: checked, with BIDS names and tissue maps.

The slow steps (brain, tissues) run once per scan, and again only if its files change.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .. import __version__
from ..device import choose
from ..errors import ExistsError, InputError, IQTError, OutputError, code_of, reason
from ..events import SILENT, Event, Reporter
from ..image.noise_estimate import measure_snr
from ..image.tissue import TissueMaps
from ..image.volume import Volume, read, write
from ..io.files import alone, check_output, refuse_sources, write_json
from ..io.folders import absent, real
from ..io.reading import read_json
from ..jobs.clusters import Cluster, Here, worker_device
from ..jobs.engine import original, run_tasks
from ..sentences import Sentence, sentences_in
from .candidates import Candidate, find_candidates, named
from .people import sealed
from .subjects import Scan, load_brain

TISSUES = ("CSF", "GM", "WM")
THICK = 1.6  # mm: slices further apart are unusual for high-field training data
VERSION = 2
MARK = "dataset_description.json"  # from BIDS; marks a folder made by `prepare`
MADE_BY = "iqt prepare"

TissueSource = Literal["maps", "labels", "estimated"]


@dataclass(frozen=True)
class Facts:
    """Facts about a prepared scan. If it failed, `problem` is the reason and `code` the kind of error (see `errors`).

    Args:
        person, source: the subject's label, and where it comes from. path: the prepared volume.
        spacing: mm. litres: brain volume. tissue: origin of the tissue maps. snr: of white and grey matter.
        warnings: doubts about its use for training.
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
    sources: Sequence[Path],
    target: Path,
    *,
    suffix: str = "T1w",
    device: str = "cpu",
    place: Cluster = Here(),  # noqa: B008 - frozen
    keep_names: bool = False,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> list[Facts]:
    """Prepare every scan of `sources`, files or folders (NIfTI, NRRD, MetaImage, DICOM, BIDS), into `target`.

    A bad scan is reported in its facts and in a result event; the others continue.

    Args:
        place: where the scans are checked.
        keep_names: build labels from file names instead of pseudonyms.
        overwrite: also accept a target with other files, and replace those of the same names.

    Raises:
        InputError: no scans, or none that is usable. OutputError: the target contains the sources, or files that
            `prepare` did not make.
    """
    if not sources:
        raise InputError("nothing to prepare: name files or folders")
    _check_target(sources, target, overwrite=overwrite)
    candidates = [one for one in find_candidates(sources, suffix=suffix) if not one.scan.path.is_relative_to(target)]
    earlier = _earlier(target, suffix)
    found = list(named(candidates, earlier, keep_names=keep_names, report=report))
    planned = (path for candidate, prefix in found for path in _outputs(_folder(target, candidate), prefix, suffix))
    refuse_sources(planned, (path for candidate in candidates for path in candidate.files))
    prepared: dict[str, Facts] = {}

    def finished(work: tuple[Candidate, str], facts: Facts, error: IQTError | None) -> None:
        if error is not None:
            raise original(error)
        report.result(facts.path or facts.source, **asdict(facts))
        prepared[work[1]] = facts

    do = partial(_prepare, target=target, device=device, place=place, overwrite=overwrite)
    with alone(target):
        run_tasks(found, do, place, report=report, message=Sentence("checking volumes", "checking"), finished=finished)
    facts = [prepared[prefix] for _, prefix in found]
    if all(one.problem for one in facts):
        told = "none of {count} volumes can be used: {why}"
        raise InputError(told, count=len(facts), why=facts[0].problem, code="none-usable")
    return facts


def _earlier(target: Path, suffix: str) -> dict[str, str]:
    """The prefixes of scans that earlier runs have prepared, and what each scan is called."""
    sidecars = sorted(target.glob(f"sub-*/anat/sub-*_{suffix}.json"))
    facts = {path.name.removesuffix(f"_{suffix}.json"): _told(path).get("Facts") for path in sidecars}
    return {prefix: str(told.get("source")) for prefix, told in facts.items() if isinstance(told, dict)}


def _folder(target: Path, candidate: Candidate) -> Path:
    return target / f"sub-{candidate.scan.person}" / "anat"


def _outputs(folder: Path, prefix: str, suffix: str) -> list[Path]:
    """Output files of a scan: mask, tissue maps, volume and sidecar."""
    endings = ["desc-brain_mask.nii.gz", *(f"label-{name}_probseg.nii.gz" for name in TISSUES)]
    return [folder / f"{prefix}_{ending}" for ending in (*endings, f"{suffix}.nii.gz", f"{suffix}.json")]


def _prepare(
    work: tuple[Candidate, str], report: Reporter, *, target: Path, device: str, place: Cluster, overwrite: bool
) -> Facts:
    candidate, prefix = work
    scan = candidate.scan
    device = choose(worker_device(place, device))
    folder = _folder(target, candidate)
    outputs = _outputs(folder, prefix, scan.suffix)
    sidecar = outputs[-1]
    try:
        stamp = sealed(str([(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in candidate.files]))
        if (kept := _kept(outputs, stamp, scan)) is not None:
            return kept
        if not overwrite and not _is_ours(sidecar) and (foreign := [path for path in outputs if path.exists()]):
            raise ExistsError(
                "{foreign} was not made by `{made_by}`: move it, or pass --overwrite",
                foreign=foreign[0],
                made_by=MADE_BY,
            )
        place_of = sealed(str(real(scan.path)))
        if _told(sidecar).get("Place", place_of) != place_of:
            report.warn(
                Sentence(
                    "sub-{person}: {sidecar} was prepared from a file elsewhere, which is replaced now",
                    person=scan.person,
                    sidecar=sidecar.name,
                )
            )
        facts = _checked(candidate, prefix, outputs, device, report)
        told = asdict(facts) | {"source": scan.shareable, "path": Path(facts.path).name}
        made = {"Version": VERSION, "Stamp": stamp, "Place": place_of, "Bytes": _size(outputs), "Facts": told,
                "Sentences": sentences_in(told["warnings"])}  # fmt: skip
        write_json(made, sidecar)  # last: marks the scan as complete
        return facts
    except (InputError, ExistsError) as error:
        return Facts(scan.person, str(scan.path), problem=reason(error), code=code_of(error))
    except FileNotFoundError as error:
        lost = Path(error.filename or scan.path)
        return Facts(scan.person, str(scan.path), problem=f"{lost}: {absent(lost)}")
    except OSError as error:
        return Facts(scan.person, str(scan.path), problem=f"{scan.path} cannot be read: {error.strerror}")


def _kept(outputs: Sequence[Path], stamp: str, scan: Scan) -> Facts | None:
    """The facts of an earlier run, if the scan is unchanged and its files are there, whole."""
    sidecar = outputs[-1]
    try:
        content = read_json(sidecar)
        facts = replace(Facts(**content["Facts"]), source=str(scan.path))
        facts = replace(facts, path=str(sidecar.with_name(facts.path)))
        size = _size(outputs)
        same = content["Version"] == VERSION and content["Stamp"] == stamp and content.get("Bytes", size) == size
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return facts if same else None


def _size(outputs: Sequence[Path]) -> int:
    """Bytes of all files of a scan but the sidecar; `OSError` if one is missing."""
    return sum(path.stat().st_size for path in outputs[:-1])


def _check_target(sources: Sequence[Path], target: Path, *, overwrite: bool) -> None:
    """Refuse a target that contains a source or (without `overwrite`) files that `prepare` did not make."""
    check_output(target, overwrite=True)
    folder = real(target)
    for source in sources:
        if real(source).is_relative_to(folder):
            raise OutputError("{target} contains the scans to prepare: choose a new folder", target=target)
    if (target.exists() or target.is_symlink()) and not target.is_dir():
        raise OutputError("{target} is a file, or a link that leads nowhere: choose a new folder", target=target)
    content = [path for path in target.iterdir() if not path.name.startswith(".")] if target.is_dir() else []
    if content and not overwrite and not _is_marked(target):
        raise ExistsError(
            "{target} contains files that `{made_by}` did not make: choose a new folder, or pass --overwrite"
            " to add prepared scans to them",
            target=target,
            made_by=MADE_BY,
            code="exists",
        )


def _mark(target: Path) -> None:
    if not (target / MARK).exists():
        made_by = {"Name": MADE_BY, "Version": __version__}
        about = {"Name": "Scans prepared for training", "BIDSVersion": "1.9.0", "DatasetType": "derivative"}
        write_json(about | {"GeneratedBy": [made_by]}, target / MARK)


def _is_marked(target: Path) -> bool:
    try:
        return any(maker["Name"] == MADE_BY for maker in read_json(target / MARK)["GeneratedBy"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_ours(sidecar: Path) -> bool:
    """Whether all or (after an interruption) some of a scan's files were made here."""
    content = _told(sidecar)
    return "Version" in content and "Facts" in content


def _told(sidecar: Path) -> dict[str, Any]:
    """What a sidecar says; nothing where there is none or it is damaged."""
    try:
        content = read_json(sidecar)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _checked(candidate: Candidate, prefix: str, outputs: Sequence[Path], device: str, report: Reporter) -> Facts:
    scan = candidate.scan
    seed = int(hashlib.sha256(prefix.encode()).hexdigest()[:8], 16)
    volume = read(scan.path, series=candidate.series)
    warnings: list[str] = []
    listening = _overheard(report, warnings, scan)
    brain = load_brain(scan, volume=volume, rng=np.random.default_rng(seed), report=listening, device=device)
    tissue: TissueSource = "maps" if scan.probabilities else "labels" if scan.labels else "estimated"
    if max(volume.spacing) > THICK:
        told = "slices are {mm:.1f} mm apart: a model cannot learn finer detail from it"
        warnings.append(Sentence(told, "coarse", mm=max(volume.spacing)))
    try:
        snr = measure_snr(volume, brain.maps, brain.mask)
    except InputError as error:
        snr = None
        warnings.append(Sentence("its SNR cannot be measured: {error}", "no-snr", error=reason(error)))
    _write(volume, brain.mask, brain.maps, outputs)
    return Facts(
        person=scan.person,
        source=str(scan.path),
        path=str(outputs[-2]),
        spacing=tuple(round(s, 3) for s in volume.spacing),
        litres=round(float(brain.mask.sum() * np.prod(volume.spacing) * 1e-6), 3),
        tissue=tissue,
        snr=None if snr is None else (round(snr.wm, 1), round(snr.gm, 1)),
        warnings=tuple(warnings),
    )


def _overheard(report: Reporter, warnings: list[str], scan: Scan) -> Reporter:
    """`report` with warnings collected in a list; they become facts of the scan and do not reveal its file name."""

    def sink(event: Event) -> None:
        if event.kind == "warning":
            warnings.append(_without_name(event.message, scan))
        else:
            report.sink(event)

    return replace(report, sink=sink)


def _without_name(message: str, scan: Scan) -> str:
    if isinstance(message, Sentence) and message.code == "of-scan":
        return Sentence("{scan}: {told}", message.code, **(message.values | {"scan": scan.shareable}))
    return message.replace(scan.path.name, scan.shareable)


def _write(volume: Volume, mask: np.ndarray, maps: TissueMaps, outputs: Sequence[Path]) -> None:
    *masks, path, sidecar = outputs
    _mark(sidecar.parents[2])  # the target, above sub-<person>/anat: not before something is put there
    write_json({"Version": VERSION, "Facts": None}, sidecar)  # first: marks these files as ours
    coarse = [np.floor(250 * tissue) / 250 for tissue in (maps.csf, maps.gm, maps.wm)]  # the sum must stay below 1
    for data, place in zip((mask, *coarse), masks, strict=True):  # few distinct values compress well
        write(volume.with_data(data), place, overwrite=True)
    write(volume, path, overwrite=True)
