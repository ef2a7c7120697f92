"""Scans of a folder: a worker finds them and enhances file after file; they need not be loaded into the scene."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from .Errors import EnhanceError
from .Interval import placeInterval
from .Jobs import EnhanceResult, settings
from .Output import INPUT_ROLE
from .Process import Runner
from .WorkerJob import WorkerJob, followed

RESULTS = "IQT"  # the folder of the results, in that of the scans
DEVIATION = 2  # place of the standard deviations among the files of an interval


class ScansJob(WorkerJob):
    """Looks for scans below the folder `source`; `scans` has them, each an `IQTLib.app.scans.FoundScan`."""

    def __init__(self, source: Path, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.source = source
        self.scans: list[Any] = []

    def prepare(self, folder: Path) -> list[str]:
        return ["scans", str(self.source), *followed(self)]

    def complete(self, folder: Path) -> None:
        try:
            found = [_scan(data) for data in self.transcript.results]
        except (TypeError, KeyError):
            raise EnhanceError(*self.transcript.failure(0)) from None
        results = self.source / RESULTS
        self.scans = [scan for scan in found if not scan.path.is_relative_to(results)]


def _scan(data: dict[str, Any]) -> Any:
    from IQTLib.app.scans import FoundScan

    affine = tuple(tuple(row) for row in data["affine"])
    plain = {"path": Path(data["path"]), "shape": tuple(data["shape"]), "caveats": tuple(data["caveats"])}
    return FoundScan(**data | plain | {"affine": affine})


@dataclass(frozen=True)
class FileRequest:
    """What to do with one file, or with one `series` of the DICOM files in the folder `path`; see `EnhanceRequest`."""

    path: Path
    target: Path
    model: str
    method: str
    series: str = ""
    device: str = "auto"
    sliceAxis: str = "auto"
    outputGrid: str = "model"
    uncertainty: bool = False
    removeBias: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def inputVolume(self) -> Path:
        return self.path

    def job(self, runner: Runner, **listeners: Callable[[Any], None]) -> "FileJob":
        return FileJob(self, runner, **listeners)


class FileJob(WorkerJob):
    """Enhances one file into another, which must not be there yet; afterwards `result` holds the outcome."""

    def __init__(self, request: FileRequest, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.request = request
        self.result = EnhanceResult(request.path, request.model)

    def prepare(self, folder: Path) -> list[str]:
        request = self.request
        if request.target.exists():
            reason = _("{name} already exists").format(name=request.target.name)
            remedy = _("Move it out of {folder} to enhance the scan again.").format(folder=request.target.parent)
            raise EnhanceError(reason, remedy)
        try:
            request.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = _("{folder} cannot be created ({error})")
            reason = reason.format(folder=request.target.parent, error=error.strerror)
            raise EnhanceError(reason, _("Choose scans in a folder that you may write to.")) from error
        series = ["--series", request.series] if request.series else []
        return ["enhance", str(request.path), str(request.target), *series, *settings(request), *followed(self)]

    def complete(self, folder: Path) -> None:
        told = self.told("warnings", "seconds")
        self.result.warnings = tuple(told["warnings"])
        self.result.interval = told.get("interval")
        self.result.outputVolume = self.request.target
        self.result.seconds = {**told["seconds"], "total": round(self.seconds, 3)}

    def conclude(self) -> None:
        self.result.error = self.error


def targetOf(scan: Any, source: Path, model: str) -> Path:
    """Where the result of a scan below `source` goes: `<source>/IQT/.../<name>_<model>.nii.gz`."""
    from IQTLib.io.formats import stem

    name, place = stem(scan.path), scan.path.parent
    if scan.series:  # descriptions are not unique, and hold any sign
        place = scan.path
        name = f"{re.sub(r'[^A-Za-z0-9-]+', '_', scan.title).strip('_')}_{scan.series.rpartition('.')[2][-8:]}"
    return source / RESULTS / place.relative_to(source) / f"{name}_{model}.nii.gz"


def inScene(result: EnhanceResult):
    """The volume of a result's file, loaded beside its scan, with its map of how sure it is; a scan that is a DICOM
    folder must be loaded by hand."""
    import slicer.util

    if result.inputVolume.is_dir():
        reason = _("{name} has DICOM files").format(name=result.inputVolume.name)
        raise EnhanceError(reason, _("Load the scan in the DICOM module first."))
    try:
        scan, output = (slicer.util.loadVolume(str(path)) for path in (result.inputVolume, result.outputVolume))
    except RuntimeError as error:
        reason = _("The files cannot be loaded ({error})").format(error=error)
        raise EnhanceError(reason, _("Check that they are still there.")) from error
    output.SetNodeReferenceID(INPUT_ROLE, scan.GetID())
    if result.interval is not None:
        with suppress(RuntimeError):  # somebody deleted it: the result is shown without its map
            loaded = slicer.util.loadVolume(result.interval["files"][DEVIATION], {"show": False})
            placeInterval(loaded, output, coverage=float(result.interval["coverage"]))
            slicer.mrmlScene.RemoveNode(loaded)  # the map has its voxels
    return output
