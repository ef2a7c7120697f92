"""Scores of the input and of the enhanced volume against a reference, in a table node."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import Exchange
from .Errors import EnhanceError
from .Jobs import WorkerJob
from .Output import inputOf
from .Process import Runner

MEASURES = {
    "nrmse_mean": "NRMSE (RMSE / mean of the reference)",
    "nrmse_max": "NRMSE (RMSE / maximum)",
    "ssim": "SSIM (sigma 2.5)",
    "ssim_wang": "SSIM (sigma 1.5, whole volume)",
    "psnr": "PSNR (dB)",
}


class MeasureJob(WorkerJob):
    """Compares an enhanced volume or its input with a reference; `scores` has the result.

    Both are put on the voxels of `grid`, the enhanced volume, and compared where the input was measured and where the
    `mask` (or, without one, the reference) is above 0.
    """

    def __init__(
        self, volume, reference, runner: Runner, *, grid, mask=None, **listeners: Callable[[Any], None]
    ) -> None:
        super().__init__(runner, **listeners)
        self.volume, self.reference, self.grid, self.mask = volume, reference, grid, mask
        self.scores: dict[str, float] = {}

    def prepare(self, folder: Path) -> list[str]:
        truth = writeOnGrid(self.reference, self.grid, folder / "reference.nrrd")
        estimate = writeOnGrid(self.volume, self.grid, folder / "estimate.nrrd")
        where = Exchange.writeVolume(self._compared(), folder / "mask.nrrd")
        return ["evaluate", str(truth), str(estimate), "--json", "--mask", str(where)]

    def _compared(self):
        """A mask on the grid. Slicer's resampling gives 0 beyond a volume, which is no estimate of anything."""
        import slicer.util

        node = onGrid(self.mask or self.reference, self.grid)
        inside = slicer.util.arrayFromVolume(node) > 0
        for volume in (inputOf(self.grid), self.reference):
            if volume is not None:
                inside &= extentOn(self.grid, volume)
        slicer.util.updateVolumeFromArray(node, inside.astype("uint8"))
        return node

    def complete(self, folder: Path) -> None:
        try:
            scores = json.loads(self.transcript.foreign[-1])
            self.scores = {name: float(scores[name]) for name in MEASURES if scores[name] is not None}
        except (ValueError, KeyError, TypeError, IndexError):
            raise EnhanceError(*self.transcript.failure(0)) from None


def onGrid(volume, grid):
    """A volume node outside the scene: `volume` in the world, on the voxels of `grid`, linearly interpolated."""
    import slicer

    Exchange.checkVolume(volume)
    node = slicer.vtkSlicerVolumesLogic.ResampleVolumeToReferenceVolume(volume, grid)
    if node is None or node.GetImageData() is None:
        raise EnhanceError(f"{volume.GetName()} cannot be put on the grid of {grid.GetName()}", "Check its transform.")
    slicer.mrmlScene.RemoveNode(node)
    return node


def extentOn(grid, volume):
    """Which voxels of `grid` lie inside `volume`, half a voxel around its centres included; array (k, j, i)."""
    import slicer
    import slicer.util

    ones = slicer.vtkMRMLScalarVolumeNode()
    ones.Copy(volume)
    image = ones.GetImageData().NewInstance()
    image.CopyStructure(volume.GetImageData())
    image.AllocateScalars(3, 1)  # unsigned char
    image.GetPointData().GetScalars().Fill(1)
    ones.SetAndObserveImageData(image)
    slicer.mrmlScene.AddNode(ones)
    try:
        return slicer.util.arrayFromVolume(onGrid(ones, grid)) > 0
    finally:
        slicer.mrmlScene.RemoveNode(ones)


def writeOnGrid(volume, grid, path: Path) -> Path:
    """Write `volume` on the voxels of `grid`."""
    if volume is grid:
        return Exchange.writeVolume(volume, path)
    return Exchange.writeVolume(onGrid(volume, grid), path)


def fillTable(table, columns: dict[str, dict[str, float]]):
    """Write one column of scores for each volume's name into a table node (a new one when None)."""
    import slicer
    import vtk

    if table is None:
        table = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTableNode", "IQT quality")
    modified = table.StartModify()
    table.RemoveAllColumns()
    names = vtk.vtkStringArray()
    names.SetName("Measure")
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
