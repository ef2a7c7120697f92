"""`iqt bids ... participant`: enhance the scans of a BIDS data set, each a task of its own.

A scan is done when its sidecar, which is written last, names the same scan, model, settings and version, and its files
are there. So a run may be stopped, killed or started again at any time: what is done is kept, the rest is done.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from ... import __version__
from ...device import choose
from ...errors import InputError, IQTError, OutputError
from ...events import SILENT, Reporter, strict_json
from ...image.brain import is_stripped
from ...image.volume import Volume, read, write
from ...io.files import alone, check_output, file_digest, write_json
from ...io.folders import absent
from ...io.reading import read_json
from ...jobs.clusters import Cluster, Here, worker_device
from ...jobs.engine import run_tasks
from ...methods.base import Run
from ...models.card import ModelCard
from ...models.intervals import calibration_of
from ...models.store import Model, load
from ...pipeline import Enhanced, OutputGrid, enhance
from ..enhance import write_ends
from .dataset import DESCRIPTION, SUFFIXES, BidsScan, check_dataset, describe_derivatives, find_scans, sidecar_of
from .picture import draw


@dataclass(frozen=True)
class Cohort:
    """What every task needs: folders, model and settings."""

    source: Path
    output: Path
    model: str
    options: Mapping[str, Any] = field(default_factory=dict)
    output_grid: OutputGrid = "model"
    device: str = "auto"
    uncertainty: bool = False
    place: Cluster = field(default_factory=Here)

    @property
    def settings(self) -> dict[str, Any]:
        """All that decides a result besides the scan, without paths."""
        card = _model(self.model, strict_json(self.options)).card
        return {
            "Model": card.name,
            "ModelVersion": card.version,
            "ModelSHA256": card.sha256,
            "Method": card.method,
            "Settings": {**card.settings, **self.options},
            "OutputGrid": self.output_grid,
            "Version": __version__,
            **self._calibration(card),
        }

    def _calibration(self, card: ModelCard) -> dict[str, Any]:
        """What decides the intervals: a model may be recalibrated with the same weights."""
        if not self.uncertainty:
            return {}
        told = calibration_of(card.name, card.intervals)
        factors = {"Coverage": told.coverage, "Confidence": told.confidence, "Factors": told.factors}
        return {"Uncertainty": True, "Calibration": factors}


def enhance_dataset(
    cohort: Cohort,
    *,
    people: Sequence[str] = (),
    sessions: Sequence[str] = (),
    suffixes: Sequence[str] = (),
    described: bool = True,
    report: Reporter = SILENT,
) -> dict[str, str]:
    """Enhance what is not done yet; returns why scans failed, by their paths.

    Args:
        people, sessions: labels of subjects and sessions, without "sub-" and "ses-"; none for all.
        suffixes: of the scans; none for those that the model is for.
        described: refuse a folder that does not say that it is a BIDS data set.

    Raises:
        InputError: no scans, or (at the end) some failed. OutputError: the folder of results is another's, or the disk
            is full. ModelError. CancelledError.
    """
    if described:
        check_dataset(cohort.source)
    if isinstance(cohort.place, Here):
        choose(cohort.device)  # one that is not there would fail scan by scan
    settings = cohort.settings
    scans = find_scans(cohort.source, suffixes or _suffixes_for(cohort), people=people, sessions=sessions)
    check_output(cohort.output / DESCRIPTION, overwrite=True)  # a mounted folder may lie where nothing can be written
    describe_derivatives(cohort.source, cohort.output)
    todo = [scan for scan in scans if not is_done(scan, cohort, settings)]
    report.log(f"{len(scans)} scans: {len(todo)} to enhance, {len(scans) - len(todo)} done before")
    failed: dict[str, str] = {}

    def finished(scan: BidsScan, warnings: Any, error: IQTError | None) -> None:
        note = cohort.output / scan.failure
        if error is None:
            note.unlink(missing_ok=True)
            told = f", with {len(warnings)} warning{'s' * (len(warnings) > 1)}" if warnings else ""
            report.log(f"{scan.name}: enhanced{told}")
            return
        if error.code == "disk-full":
            raise OutputError(f"{error}: free some space and give the same command again", code="disk-full")
        failed[scan.path] = reason = " ".join(str(error).replace(f"{cohort.source}/", "").split())
        report.warn(reason if scan.name in reason else f"{scan.path}: {reason}")
        with suppress(OutputError):
            write_json({"Source": scan.path, "Failed": reason}, note)

    do = partial(enhance_scan, cohort=cohort)
    run_tasks(todo, do, cohort.place, report=report, message="enhancing scans", finished=finished)
    done = len(scans) - len(failed)
    report.result(f"{cohort.output}: {done} of {len(scans)} scans", output=str(cohort.output), done=done, failed=failed)
    if failed:
        raise InputError(f"{len(failed)} of {len(scans)} scans failed: their files in {cohort.output / 'logs'} say why")
    return failed


def enhance_scan(scan: BidsScan, report: Reporter, *, cohort: Cohort) -> list[str]:
    """Enhance one scan, unless it is done, and return its warnings; whole files or none."""
    target = cohort.output / scan.derived
    settings = cohort.settings
    with alone(target):
        if is_done(scan, cohort, settings):  # by another run
            return []
        source = cohort.source / scan.path
        noted = _state(source)
        volume = read(source)
        device = choose(worker_device(cohort.place, cohort.device))
        run = Run(device, Reporter(cancelled=report.cancelled))  # the sidecar holds its warnings
        start = time.monotonic()
        model = _model(cohort.model, strict_json(cohort.options))
        result = enhance(volume, model=model, output_grid=cohort.output_grid, uncertainty=cohort.uncertainty, run=run)
        sidecar = _sidecar(scan, source, volume, result, settings) | {"Seconds": round(time.monotonic() - start, 2)}
        check_output(cohort.output / scan.sidecar, overwrite=True).unlink(missing_ok=True)  # what it describes goes
        write(result.volume, target, overwrite=True)
        write_ends(result.interval, [cohort.output / path for path in scan.bounds], overwrite=True)
        draw(volume, result.volume, result.mask, cohort.output / scan.picture)
        written = (scan.derived, *(scan.bounds if result.interval else ()))
        files = {"SourceSHA256": file_digest(source), "ResultBytes": _size(cohort.output, written)}
        write_json(sidecar | noted | files, cohort.output / scan.sidecar)
    return sidecar["Warnings"]


def is_done(scan: BidsScan, cohort: Cohort, settings: Mapping[str, Any]) -> bool:
    """Whether the results of this scan, with these `settings`, are there."""
    told = read_sidecar(cohort.output / scan.sidecar)
    files = (scan.derived, *(scan.bounds if (told or {}).get("Interval") else ()))
    if told is None or not all((cohort.output / path).is_file() for path in (*files, scan.picture)):
        return False
    size = _size(cohort.output, files)
    if told.get("ResultBytes", size) != size:  # cut short by a copy or a power cut
        return False
    if any(told.get(name) != value for name, value in json.loads(strict_json(settings)).items()):
        return False
    source = cohort.source / scan.path
    if not source.exists():  # git-annex has dropped it: nothing tells that it is another one
        return True
    same = all(told.get(name) == value for name, value in _state(source).items())
    return same or told.get("SourceSHA256") == file_digest(source)


def read_sidecar(path: Path) -> dict[str, Any] | None:
    """A sidecar of ours, None where there is none or it is damaged."""
    try:
        content = read_json(path)
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _sidecar(
    scan: BidsScan, source: Path, volume: Volume, result: Enhanced, settings: Mapping[str, Any]
) -> dict[str, Any]:
    scanner, problem = sidecar_of(source)
    sigma = None if result.noise is None else result.noise.sigma
    brain = volume.data[result.mask] if result.mask is not None else None
    return {
        "Description": "Enhanced by Image Quality Transfer: estimated detail, for research, not for diagnosis",
        "Sources": [f"bids:raw:{scan.path}"],
        "SkullStripped": is_stripped(volume),
        **scanner,
        **settings,
        "Warnings": [*result.warnings, *([problem] if problem else [])],
        "ScanVoxels": list(volume.spacing),
        "Voxels": list(result.volume.spacing),
        "NoiseSD": sigma,
        "SNR": float(brain.mean() / sigma) if brain is not None and brain.size and sigma else None,
        "Interval": None if result.interval is None else result.interval.group,
        "Resolution": None if result.resolution is None else list(result.resolution),
        "Gauge": None if result.gauge is None else result.gauge.state,
        "GaugeDistance": None if result.gauge is None else result.gauge.distance,
        "GaugeReasons": [] if result.gauge is None else list(result.gauge.reasons),
        "BrainLitres": None if brain is None else float(brain.size * abs(_voxel(volume)) * 1e-6),
    }


def _voxel(volume: Volume) -> float:
    a, b, c = volume.spacing
    return a * b * c


def _size(folder: Path, files: Sequence[str]) -> int:
    return sum((folder / path).stat().st_size for path in files)


def _state(path: Path) -> dict[str, Any]:
    """Size and date of a scan, by which it is recognised as unchanged without reading it."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise InputError(f"{path}: {absent(path)}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    return {"SourceBytes": status.st_size, "SourceModified": status.st_mtime_ns}


def _suffixes_for(cohort: Cohort) -> Sequence[str]:
    contrast = _model(cohort.model, strict_json(cohort.options)).card.contrast
    return [contrast] if contrast in SUFFIXES else SUFFIXES


@lru_cache(maxsize=1)
def _model(name: str, options: str) -> Model:
    """A worker loads the model once."""
    return load(name, options=json.loads(options))
