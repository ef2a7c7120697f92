"""The enhanced volume as a DICOM series derived from the scan, for archives and other viewers."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Exchange
from .Catalogue import Catalogue, card
from .Errors import EnhanceError
from .Output import ATTRIBUTE, inputOf
from .Process import Runner
from .WorkerJob import WorkerJob, followed

NO_DICOM = _("Load the scan from the DICOM database, then enhance that volume.")


class ExportJob(WorkerJob):
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

    def complete(self, folder: Path) -> None:
        self.told()


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


def addToDatabase(folder: Path) -> None:
    """Let Slicer's DICOM database know the series; from its module it can be sent to a server or PACS."""
    from DICOMLib import DICOMUtils

    if not DICOMUtils.importDicom(str(folder)):
        reason = _("{folder} could not be added to the DICOM database").format(folder=folder)
        raise EnhanceError(reason, _("Import it in the module DICOM."))


def _linkOrCopy(file: Path, target: Path) -> None:
    with suppress(OSError):  # another disk, or a file system without links
        target.hardlink_to(file)
        return
    shutil.copyfile(file, target)
