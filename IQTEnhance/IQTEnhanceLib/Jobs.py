"""The request to enhance a volume, the job that does it, and its result."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Exchange, Interval
from .Errors import EnhanceError, StoppedError
from .Output import placeOutput
from .Process import Runner
from .WorkerJob import WorkerJob, followed

TOLD = ("affine", "model", "sha256", "version", "warnings", "seconds")  # what a result must say


@dataclass(frozen=True)
class EnhanceRequest:
    """What to do with one volume. `outputVolume` None makes a new one; `options` are settings of the method;
    `uncertainty` also gives a map of how sure the result is, `removeBias` takes the coil's uneven brightness out."""

    inputVolume: Any
    model: str
    method: str
    outputVolume: Any = None
    mask: Any = None
    device: str = "auto"
    sliceAxis: str = "auto"
    outputGrid: str = "model"
    uncertainty: bool = False
    removeBias: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def job(self, runner: Runner, **listeners: Callable[[Any], None]) -> "EnhanceJob":
        return EnhanceJob(self, runner, **listeners)


@dataclass
class EnhanceResult:
    """The result for one volume.

    Args:
        inputVolume: the node; of a folder's scans the path. outputVolume: likewise, None after an error.
        warnings: what a reader of the image must know. seconds: by stage, and "total" with start and transfer.
        metrics: scores against a reference, by name. gauge: whether the models know such scans (`IQTLib.image.gauge`).
        interval: of a folder's scans, "coverage" (share of the brain's voxels that it holds), "files" and more.
        error: None, or why there is no volume.
    """

    inputVolume: Any
    model: str
    outputVolume: Any = None
    warnings: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    gauge: Mapping[str, Any] | None = None
    interval: Mapping[str, Any] | None = None
    error: EnhanceError | None = None


class EnhanceJob(WorkerJob):
    """Enhances one volume and stores the outcome in `result`."""

    def __init__(self, request: EnhanceRequest, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.request = request
        self.result = EnhanceResult(request.inputVolume, request.model)

    def prepare(self, folder: Path) -> list[str]:
        request = self.request
        Exchange.checkVolume(request.inputVolume)
        Exchange.checkSpace(folder, request.inputVolume)
        if request.outputVolume is request.inputVolume:
            raise EnhanceError(_("The output is the input volume"), _("Choose another output, or a new volume."))
        source = self.write(request.inputVolume, folder / f"input{modalityEnding(request.inputVolume)}.nrrd")
        arguments = ["enhance", str(source), str(folder / "output.nii"), *settings(request), *followed(self)]
        if request.mask is not None:
            checkMask(request.mask, request.inputVolume)
            arguments += ["--mask", str(self.write(request.mask, folder / "mask.nrrd"))]
        return arguments

    def complete(self, folder: Path) -> None:
        import slicer

        request, told = self.request, self.told(*TOLD)
        nodes = (request.inputVolume, request.outputVolume)
        if not all(node is None or slicer.mrmlScene.IsNodePresent(node) for node in nodes):
            deleted = _("The input or output volume was deleted while it was enhanced")
            raise StoppedError(self.stopReason or deleted)
        loaded = Exchange.readVolume(folder / "output.nii", told["affine"])
        chosen = {"device": request.device, "sliceAxis": request.sliceAxis, "outputGrid": request.outputGrid}
        chosen["removeBias"] = request.removeBias
        facts = {name: told[name] for name in ("model", "sha256", "version")}
        facts["parameters"] = json.dumps(chosen | dict(request.options))
        self.result.warnings = tuple(told["warnings"])
        self.result.gauge = told.get("gauge")
        facts["warnings"] = "; ".join(self.result.warnings)
        self.result.outputVolume = placeOutput(
            loaded, request.inputVolume, request.outputVolume, method=request.method, facts=facts
        )
        Interval.dropInterval(self.result.outputVolume)
        if told.get("interval"):
            coverage = float(told["interval"]["coverage"])
            deviations = Exchange.readVolume(folder / "output_sd.nii", told["affine"])
            Interval.placeInterval(deviations, self.result.outputVolume, coverage=coverage)
        self.result.seconds = {**told["seconds"], "total": round(self.seconds, 3)}

    def conclude(self) -> None:
        self.result.error = self.error


def modalityEnding(volume) -> str:
    """An ending for the file, such as "_FLAIR": the worker then knows what the node's name or its files say."""
    from IQTLib.image.modality import stated

    description, weighting = _told(volume)
    found = stated(volume.GetName() or "", description, weighting=weighting)
    return f"_{found}" if found else ""


def _told(volume) -> tuple[str, str]:
    """Description and weighting of the series, by the first of the volume's DICOM files or the JSON file beside it."""
    import slicer
    from IQTLib.errors import InputError
    from IQTLib.io.dicom_slice import read_slice
    from IQTLib.io.formats import stem
    from IQTLib.io.sequence import of_sidecar

    uids = (volume.GetAttribute("DICOM.instanceUIDs") or "").split()
    database = getattr(slicer, "dicomDatabase", None)  # not there without the DICOM module
    file = database.fileForInstance(uids[0]) if uids and database else ""
    try:
        header = read_slice(Path(file)) if file else None
    except InputError:  # gone or damaged
        header = None
    if header is not None:
        return header.description, header.weighting
    storage = volume.GetStorageNode()
    name = storage.GetFileName() if storage is not None else ""
    return of_sidecar(Path(name).with_name(f"{stem(name)}.json")) if name else ("", "")


def settings(request) -> list[str]:
    """Options of `iqt enhance` that any request has."""
    arguments = ["--model", request.model, "--device", request.device]
    arguments += ["--slice-axis", request.sliceAxis, "--output-grid", request.outputGrid]
    arguments += ["--uncertainty"] * request.uncertainty + ["--remove-bias"] * request.removeBias
    for name, value in request.options.items():
        arguments += ["--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]
    return arguments


def checkMask(mask, volume) -> None:
    """Raise `EnhanceError` unless both volumes have the same voxels in the same place."""
    import numpy as np
    import slicer.util

    Exchange.checkVolume(mask)
    same = mask.GetImageData().GetDimensions() == volume.GetImageData().GetDimensions()
    same = same and mask.GetTransformNodeID() == volume.GetTransformNodeID()
    if same:
        import vtk

        matrices = [vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()]
        for node, matrix in zip((mask, volume), matrices, strict=True):
            node.GetIJKToRASMatrix(matrix)
        ours, theirs = (slicer.util.arrayFromVTKMatrix(matrix) for matrix in matrices)
        same = np.allclose(ours, theirs, atol=1e-2)
    if not same:
        reason = _("The mask {mask} is not on the grid of {volume}")
        raise EnhanceError(
            reason.format(mask=mask.GetName(), volume=volume.GetName()),
            _("Resample it to that volume first (module Resample Scalar/Vector/DWI Volume), or choose no mask."),
        )
