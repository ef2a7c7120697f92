"""Send results to a PACS or a DICOMweb server: into Slicer's DICOM database, then by the dialog of its DICOM module."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from .Errors import EnhanceError
from .Export import Exportable, Exports, addToDatabase
from .Process import Runner
from .RunPanel import escaped, problem
from .WorkerJob import newFolder


def whyNotSend() -> str:
    """Why this Slicer cannot send anything, or ""."""
    import slicer

    try:
        from DICOMLib import DICOMSendDialog  # noqa: F401
    except ImportError:
        return _("Slicer's DICOM module is not available. Export to a folder instead.")
    database = getattr(slicer, "dicomDatabase", None)
    if database is None or not database.isOpen:
        return _("The DICOM database is not open. Open it in the module DICOM.")
    return ""


class Sender:
    """Writes results into the DICOM database and opens Slicer's dialog for them, which asks for the server.

    A result that was sent before and has not changed is sent again as the same series. `dialog` is the one that was
    opened last, or None.

    Args:
        window: gives the dialog's parent. tell: shows a line of rich text. changed: is called when work starts or ends.
    """

    def __init__(self, window: Callable[[], Any], tell: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._window, self._tell, self._changed = window, tell, changed
        self._sent: dict[Any, list[str]] = {}  # series in the database, by result
        self.dialog: Any = None
        self._folder: Path | None = None

    @property
    def running(self) -> bool:
        return self._folder is not None

    def send(self, results: Sequence[Exportable], runner: Runner, *, deidentified: bool) -> None:
        """Send results; those that are not from DICOM are left out."""
        try:
            fit = _fromDicom(results)
            keys = [(*result.key(), deidentified) for result in fit]
            self._folder = newFolder()
            waiting, whose = [], []
            for number, (key, result) in enumerate(zip(keys, fit, strict=True)):
                if not self._filesOf(key):
                    made = result.series(self._folder / str(number), runner, deidentified=deidentified)
                    waiting, whose = [*waiting, *made], [*whose, *[key] * len(made)]
        except EnhanceError as error:
            self._end(problem(error))
            return
        self._tell(_("Writing DICOM..."))
        self._changed()
        left = len(results) - len(fit)
        Exports(waiting, lambda exports: self._onWritten(exports, whose, keys, left)).start()

    def _onWritten(self, exports: Exports, whose: Sequence[Any], keys: Sequence[Any], left: int) -> None:
        try:
            self._keep(exports, whose)
            self._open([file for key in keys for file in self._filesOf(key)])
        except EnhanceError as error:
            self._end(problem(error))
            return
        told = _("It is in the DICOM database. Choose the server in the window that has opened.")
        out = _(" Left out, as not from DICOM: {count}.").format(count=left) if left else ""
        self._end(escaped(f"{told}{out}"))

    def _end(self, told: str) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        self._tell(told)
        self._changed()

    def _keep(self, exports: Exports, whose: Sequence[Any]) -> None:
        """Copy the series into the database."""
        import slicer

        if exports.error is not None:
            raise exports.error
        if exports.jobs:
            addToDatabase(self._folder, copy=True)
        for job in exports.jobs:
            stored = len(slicer.dicomDatabase.filesForSeries(job.series))
            if stored != job.files:
                reason = _("The DICOM database has {stored} of {files} files of the result")
                remedy = _("Nothing was sent. Check the disk of the database in the module DICOM.")
                raise EnhanceError(reason.format(stored=stored, files=job.files), remedy)
        for key, job in zip(whose, exports.jobs, strict=True):
            self._sent.setdefault(key, []).append(job.series)

    def _filesOf(self, key: Any) -> list[str]:
        import slicer

        return [file for series in self._sent.get(key, ()) for file in slicer.dicomDatabase.filesForSeries(series)]

    def _open(self, files: list[str]) -> None:
        from DICOMLib import DICOMSendDialog

        self.dialog = DICOMSendDialog(files, self._window())


def _fromDicom(results: Sequence[Exportable]) -> list[Exportable]:
    """Those of `results` that can be sent; `EnhanceError` with the last reason if none can."""
    fit, reason = [], EnhanceError(_("There is no result to send"), _("Enhance a scan first."))
    for result in results:
        try:
            result.check()
            fit.append(result)
        except EnhanceError as error:
            reason = error
    if not fit:
        raise reason
    return fit
