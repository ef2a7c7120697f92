"""The enhanced volume as a DICOM series derived from the scan, for archives and other viewers."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Exchange
from .Catalogue import Catalogue, card
from .Errors import EnhanceError
from .Interval import intervalOf
from .Output import ATTRIBUTE, inputOf
from .Process import Runner
from .WorkerJob import WorkerJob, followed

NO_DICOM = _("Load the scan from the DICOM database, then enhance that volume.")


class SeriesJob(WorkerJob):
    """Base of the jobs that write a series; afterwards `series` is its UID and `files` the number of its files."""

    series, files = "", 0

    def complete(self, folder: Path) -> None:
        told = self.told("series", "files")
        self.series, self.files = str(told["series"]), int(told["files"])


class ExportJob(SeriesJob):
    """Writes `outputVolume` into the new folder `target`; `sources` are the scan's DICOM files.

    `deidentified` leaves out who the patient is, when and where the scan was made. `uncertainty`: the volume is the map
    of how sure `madeBy`, the enhanced volume, is.
    """

    def __init__(
        self,
        outputVolume,
        sources: Sequence[Path],
        target: Path,
        runner: Runner,
        *,
        deidentified: bool = False,
        uncertainty: bool = False,
        madeBy=None,
        **listeners: Callable[[Any], None],
    ) -> None:
        super().__init__(runner, **listeners)
        self.deidentified, self.uncertainty, self.madeBy = deidentified, uncertainty, madeBy or outputVolume
        self.outputVolume, self.sources, self.target = outputVolume, sources, target

    def prepare(self, folder: Path) -> list[str]:
        Exchange.checkVolume(self.outputVolume)
        enhanced = self.write(self.outputVolume, folder / "enhanced.nrrd")
        scan = folder / "scan"
        scan.mkdir()
        for number, file in enumerate(self.sources):
            _linkOrCopy(file, scan / f"{number:05d}.dcm")
        choice = ["--deidentify"] * self.deidentified + ["--uncertainty"] * self.uncertainty
        return ["export-dicom", str(enhanced), str(scan), str(self.target), *choice, *followed(self), *self._model()]

    def _model(self) -> list[str]:
        """The option that names the model, if it is still the one that made the volume."""
        name = self.madeBy.GetAttribute(f"{ATTRIBUTE}model")
        entry = Catalogue().models.get(name)
        if entry is None:
            return []
        if entry.folder is not None and card(entry).sha256 != self.madeBy.GetAttribute(f"{ATTRIBUTE}sha256"):
            return []
        return ["--model", name]


class FileExportJob(SeriesJob):
    """Likewise for the file `result`, which `model` made from `scan`, a DICOM series found in a folder."""

    def __init__(
        self,
        result: Path,
        scan: Any,
        model: str,
        target: Path,
        runner: Runner,
        *,
        deidentified: bool = False,
        **listeners: Callable[[Any], None],
    ) -> None:
        super().__init__(runner, **listeners)
        self._what = [str(result), str(scan.path), str(target), "--series", scan.series, "--model", model]
        self._what += ["--deidentify"] * deidentified

    def prepare(self, folder: Path) -> list[str]:
        return ["export-dicom", *self._what, *followed(self)]


@dataclass(frozen=True)
class Exportable:
    """What can become DICOM: an enhanced volume of the scene, or a file `output` that `model` made from `scan`."""

    output: Any
    scan: Any = None
    model: str = ""

    def check(self) -> None:
        """Raise `EnhanceError` if it was not made from a DICOM series."""
        if not isinstance(self.output, Path):
            dicomInstancesOf(self.output)
        elif not self.scan.series:
            raise EnhanceError(_("{name} is not a DICOM series").format(name=self.scan.title))

    def series(self, folder: Path, runner: Runner, *, deidentified: bool = False) -> list[Callable[..., SeriesJob]]:
        """What makes the jobs for its series in the new `folder`, given their listeners; the map of how sure a result
        is becomes a series of its own beside it.

        Raises:
            EnhanceError: the scan's files are gone.
        """
        choice = {"deidentified": deidentified}
        if isinstance(self.output, Path):
            return [partial(FileExportJob, self.output, self.scan, self.model, folder, runner, **choice)]
        sources = dicomFilesOf(self.output)
        made = [partial(ExportJob, self.output, sources, folder, runner, **choice)]
        if (interval := intervalOf(self.output)) is not None:
            beside = folder.with_name(f"{folder.name}_interval")
            sure = {"uncertainty": True, "madeBy": self.output}
            made.append(partial(ExportJob, interval, sources, beside, runner, **choice, **sure))
        return made

    def key(self) -> Any:
        """Changes with the voxels of a volume, or with the file."""
        if isinstance(self.output, Path):
            return str(self.output), self.output.stat().st_mtime_ns
        return self.output.GetID(), self.output.GetImageData().GetMTime()


class Exports:
    """Jobs one after the other until one fails; `jobs` are those that ran, `error` is the reason of the last, or None.

    Args:
        waiting: make the jobs, given `onEnd`. onEnd: is called once with this object.
    """

    def __init__(self, waiting: Sequence[Callable[..., SeriesJob]], onEnd: Callable[["Exports"], None]) -> None:
        self.jobs: list[SeriesJob] = []
        self.error: EnhanceError | None = None
        self._waiting, self._onEnd = list(waiting), onEnd

    def start(self) -> None:
        """Begin; returns at once."""
        if self.error is not None or not self._waiting:
            self._onEnd(self)
            return
        self._waiting.pop(0)(onEnd=self._ended).start()

    def _ended(self, job: Any) -> None:
        self.jobs.append(job)
        self.error = job.error
        self.start()


def dicomInstancesOf(outputVolume) -> list[str]:
    """The UIDs of the DICOM instances that the volume's scan was loaded from.

    Raises:
        EnhanceError: there are none.
    """
    source = inputOf(outputVolume)
    if source is None:
        reason = _("The volume's scan is not in the scene")
        raise EnhanceError(reason, _("Choose an enhanced volume and keep its input."))
    uids = (source.GetAttribute("DICOM.instanceUIDs") or "").split()
    if not uids:
        raise EnhanceError(_("{name} was not loaded from DICOM").format(name=source.GetName()), NO_DICOM)
    return uids


def dicomFilesOf(outputVolume) -> list[Path]:
    """The files of these instances, as the DICOM database knows them; `EnhanceError` when some are gone."""
    import slicer

    files = [Path(slicer.dicomDatabase.fileForInstance(uid) or "gone") for uid in dicomInstancesOf(outputVolume)]
    missing = sum(not file.is_file() for file in files)
    if missing:
        reason = _("{missing} of {all} DICOM files of {name} are gone")
        name = inputOf(outputVolume).GetName()
        raise EnhanceError(reason.format(missing=missing, all=len(files), name=name), NO_DICOM)
    return files


def addToDatabase(folder: Path, *, copy: bool = False) -> None:
    """Let Slicer's DICOM database know the series in `folder`, or have a `copy` of them."""
    from DICOMLib import DICOMUtils

    if not DICOMUtils.importDicom(str(folder), copyFiles=copy):
        reason = _("{folder} could not be added to the DICOM database").format(folder=folder)
        raise EnhanceError(reason, _("Import it in the module DICOM."))


def _linkOrCopy(file: Path, target: Path) -> None:
    with suppress(OSError):  # another disk, or a file system without links
        target.hardlink_to(file)
        return
    shutil.copyfile(file, target)
