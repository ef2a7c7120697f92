"""Scores of the input and of the enhanced volume against a reference, in a table node."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from .Errors import EnhanceError
from .Exchange import checkSpace, checkVolume
from .Process import Runner
from .WorkerJob import WorkerJob, followed

MEASURES = {
    "nrmse_mean": _("NRMSE (RMSE / mean of the reference)"),
    "nrmse_max": _("NRMSE (RMSE / maximum)"),
    "ssim": _("SSIM (sigma 2.5)"),
    "ssim_wang": _("SSIM (sigma 1.5, whole volume)"),
    "psnr": _("PSNR (dB)"),
}


class MeasureJob(WorkerJob):
    """Compares an enhanced volume and its input with a reference; `scores` has those of the "scan" and the "enhanced".

    Both are scored on the enhanced volume's voxels, where the input was measured and where the `mask` (or, without
    one, the reference) is above 0.
    """

    def __init__(
        self, inputVolume, outputVolume, reference, runner: Runner, *, mask=None, **listeners: Callable[[Any], None]
    ) -> None:
        super().__init__(runner, **listeners)
        self.inputVolume, self.outputVolume, self.reference, self.mask = inputVolume, outputVolume, reference, mask
        self.scores: dict[str, dict[str, float]] = {}

    @property
    def columns(self) -> dict[str, dict[str, float]]:
        """The scores by the volumes' names."""
        names = {"scan": self.inputVolume.GetName(), "enhanced": self.outputVolume.GetName()}
        return {names[which]: scores for which, scores in self.scores.items()}

    def prepare(self, folder: Path) -> list[str]:
        volumes = {"truth": self.reference, "scan": self.inputVolume, "enhanced": self.outputVolume}
        volumes |= {"mask": self.mask} if self.mask is not None else {}
        for volume in volumes.values():
            checkVolume(volume)
            checkSpace(folder, volume)
        truth, scan, enhanced, *mask = self.writeTogether(volumes, folder)
        options = ["--mask", str(mask[0])] if mask else []
        return ["compare", str(truth), str(scan), str(enhanced), *options, *followed(self)]

    def complete(self, folder: Path) -> None:
        told = self.told("scan", "enhanced")
        try:
            for which in ("scan", "enhanced"):
                scores = {name: told[which][name] for name in MEASURES}
                self.scores[which] = {name: float(score) for name, score in scores.items() if score is not None}
        except (KeyError, TypeError, ValueError):
            raise EnhanceError(*self.transcript.failure(0)) from None


def fillTable(table, columns: dict[str, dict[str, float]]):
    """Write one column of scores for each volume's name into a table node (a new one when None)."""
    import slicer
    import vtk

    if table is None:
        table = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTableNode", "IQT quality")
    modified = table.StartModify()
    table.RemoveAllColumns()
    names = vtk.vtkStringArray()
    names.SetName(_("Measure"))
    for title in MEASURES.values():
        names.InsertNextValue(title)
    table.AddColumn(names)
    for title, scores in columns.items():
        column = vtk.vtkDoubleArray()
        column.SetName(title)
        for measure in MEASURES:
            column.InsertNextValue(scores.get(measure, float("nan")))
        table.AddColumn(column)
    table.EndModify(modified)
    return table
