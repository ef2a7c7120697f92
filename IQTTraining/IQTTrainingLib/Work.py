"""Short work in a worker that the panel waits for: check volumes, preview a scan, estimate a training."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from IQTEnhanceLib import Exchange
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Output import placeBeside
from IQTEnhanceLib.Process import Runner
from IQTEnhanceLib.WorkerJob import WorkerJob, followed
from IQTLib.events import duration, size
from slicer.i18n import tr as _

from .Plan import SimulationPlan, TrainingPlan
from .Scans import SceneScan, writeScan
from .TrainingWords import TRAINING_WORDS

Facts = dict[str, Any]
SCENE = "scene"  # folder of the volumes that came from the scene
LOW_ROLE = "IQTTraining.HighField"


class PrepareJob(WorkerJob):
    """Checks volumes of the scene and of files, and lays them out in `target`; `facts` holds their facts."""

    words = TRAINING_WORDS

    def __init__(
        self,
        scans: Sequence[SceneScan],
        sources: Sequence[Path],
        target: Path,
        runner: Runner,
        *,
        suffix: str = "T1w",
        **listeners: Callable[[Any], None],
    ) -> None:
        super().__init__(runner, **listeners)
        self.scans, self.sources, self.target, self.suffix = scans, sources, target, suffix

    @property
    def facts(self) -> list[Facts]:
        return [result for result in self.transcript.results if "person" in result]

    def prepare(self, folder: Path) -> list[str]:
        if not self.scans and not self.sources:
            raise EnhanceError(_("There are no volumes"), _("Add volumes of the scene, or choose a folder."))
        scene = self.target.parent / SCENE
        for scan in self.scans:
            Exchange.checkSpace(folder, scan.volume)
        try:
            written = [writeScan(scan, scene, self.suffix) for scan in self.scans]
        except OSError as error:
            reason = _("cannot write {path} ({error})")
            reason = reason.format(path=error.filename or scene, error=error.strerror)
            raise EnhanceError(reason, _("Free disk space, or choose another training folder.")) from error
        paths = [str(path) for path in (*written, *self.sources, self.target)]
        return ["prepare", *paths, "--suffix", self.suffix, *followed(self)]

    def complete(self, folder: Path) -> None:
        """All is in the facts; a volume that cannot be used says so there."""


class PreviewJob(WorkerJob):
    """Simulates a low-field scan of one prepared volume into the scene.

    Afterwards `volume` is its node; `asked` and `measured` are its SNR of white and grey matter, the latter None where
    it is unknown.
    """

    words = TRAINING_WORDS

    def __init__(
        self, path: Path, plan: SimulationPlan, runner: Runner, *, original=None, **listeners: Callable[[Any], None]
    ) -> None:
        super().__init__(runner, **listeners)
        self.path, self.plan, self.original = path, plan, original
        self.volume: Any = None
        self.asked: tuple[float, float] | None = None
        self.measured: tuple[float, float] | None = None

    def prepare(self, folder: Path) -> list[str]:
        return [*self.plan.arguments(self.path, folder / "preview", lowOnly=True), "--plain", *followed(self)]

    def complete(self, folder: Path) -> None:
        import slicer

        if not self.transcript.results:
            raise EnhanceError(*self.transcript.failure(0))
        told = self.transcript.results[-1]
        loaded = Exchange.readVolume(Path(told["low"]), told["affine"])
        name = self.original.GetName() if self.original is not None else told["person"]
        self.volume = slicer.mrmlScene.AddNewNodeByClass(
            "vtkMRMLScalarVolumeNode", slicer.mrmlScene.GenerateUniqueName(_("{name} low field").format(name=name))
        )
        self.volume.CopyOrientation(loaded)
        self.volume.SetAndObserveImageData(loaded.GetImageData())
        self.volume.CreateDefaultDisplayNodes()
        if self.original is not None and slicer.mrmlScene.IsNodePresent(self.original):
            self.volume.SetAndObserveTransformNodeID(self.original.GetTransformNodeID())
            self.volume.SetNodeReferenceID(LOW_ROLE, self.original.GetID())
            placeBeside(self.original, self.volume)
        self.asked = tuple(told["snr"])
        self.measured = tuple(told["measured"]) if told.get("measured") else None


class EstimateJob(WorkerJob):
    """Estimates the cost of a training run; `text` summarises it, `estimate` has the numbers."""

    words = TRAINING_WORDS

    def __init__(self, plan: TrainingPlan, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.plan = plan
        self.estimate: dict[str, Any] = {}
        self.text = ""

    def prepare(self, folder: Path) -> list[str]:
        return [*self.plan.arguments(dryRun=True), *followed(self)]

    def complete(self, folder: Path) -> None:
        if not self.transcript.results:
            raise EnhanceError(*self.transcript.failure(0))
        self.estimate = self.transcript.results[-1]
        self.text = inWords(self.estimate, freeSpace(Path(self.plan.target)))


def freeSpace(path: Path) -> int:
    """Free bytes on the disk of `path`."""
    existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    return shutil.disk_usage(existing).free


def inWords(estimate: dict[str, Any], free: int) -> str:
    """An estimate, and whether the disk has room for it."""
    lacking = _(" Only {size} of disk space is free.").format(size=size(free)) if free < estimate["disk"] else ""
    graphics = _(" ({size} on the GPU)") if estimate["graphics_memory"] else ""
    return _("About {time}, {memory} of memory{graphics}, {disk} of disk.{lacking}").format(
        time=duration(estimate["seconds"]),
        memory=size(estimate["memory"]),
        graphics=graphics.format(size=size(estimate["graphics_memory"] or 0)),
        disk=size(estimate["disk"]),
        lacking=lacking,
    )
