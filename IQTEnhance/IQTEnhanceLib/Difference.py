"""The map of enhanced minus input: made by a worker, shown in colours with a bar that shows the units."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import Exchange
from .Checks import affineOf
from .Errors import StoppedError
from .Output import markAsNoScan, placeBeside
from .Process import Runner
from .WorkerJob import WorkerJob, followed

ROLE = "IQTEnhance.Difference"
MADE_OF = "IQT.differenceOf"
DIVERGING = "vtkMRMLColorTableNodeFileDivergingBlueRed.txt"
SPREADS = 4  # standard deviations to each side that the colours reach


class DifferenceJob(WorkerJob):
    """Makes the map of `outputVolume` minus `inputVolume`; afterwards `volume` is its node, 0 beyond the input."""

    def __init__(self, inputVolume, outputVolume, runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.inputVolume, self.outputVolume = inputVolume, outputVolume
        self.volume: Any = None
        self._state = _stateOf(inputVolume, outputVolume)

    def prepare(self, folder: Path) -> list[str]:
        Exchange.checkSpace(folder, self.outputVolume)
        volumes = {"scan": self.inputVolume, "enhanced": self.outputVolume}
        paths = self.writeTogether(volumes, folder)
        return ["difference", *map(str, paths), str(folder / "difference.nii"), *followed(self)]

    def complete(self, folder: Path) -> None:
        import slicer

        told = self.told("affine", "deviation")
        if not all(slicer.mrmlScene.IsNodePresent(node) for node in (self.inputVolume, self.outputVolume)):
            raise StoppedError("A volume was deleted while it was compared")
        loaded = Exchange.readVolume(folder / "difference.nii", told["affine"])
        self.volume = _placed(loaded, self.outputVolume, SPREADS * float(told["deviation"]))
        self.volume.SetAttribute(MADE_OF, self._state)


def differenceOf(inputVolume, outputVolume):
    """The map that was made before, if neither volume has changed since; else None."""
    node = outputVolume.GetNodeReference(ROLE)
    current = node is not None and node.GetAttribute(MADE_OF) == _stateOf(inputVolume, outputVolume)
    return node if current else None


def _stateOf(*volumes) -> str:
    """Changes with the voxels and the place of the volumes."""
    return " ".join(f"{node.GetID()} {node.GetImageData().GetMTime()} {_placeOf(node)}" for node in volumes)


def _placeOf(node) -> str:
    transform = node.GetParentTransformNode()
    moved = transform.GetTransformToWorldMTime() if transform is not None else 0
    return f"{affineOf(node).tobytes().hex()} {moved}"


def _placed(loaded, outputVolume, reach: float):
    """The map's voxels in its node beside the enhanced volume, in blue (less), white (no change) and red (more)."""
    import slicer

    node = outputVolume.GetNodeReference(ROLE)
    if node is None:
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
        outputVolume.SetNodeReferenceID(ROLE, node.GetID())
    modified = node.StartModify()
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    display = node.GetScalarVolumeDisplayNode()
    display.SetAutoWindowLevel(False)
    display.SetWindowLevel(2 * max(reach, 1e-6), 0.0)
    display.SetAndObserveColorNodeID(DIVERGING)
    node.SetName(f"{outputVolume.GetName()} difference")
    markAsNoScan(node, "a map of differences")
    node.CopyOrientation(outputVolume)
    node.SetAndObserveTransformNodeID(outputVolume.GetTransformNodeID())
    node.SetAndObserveImageData(loaded.GetImageData())
    node.EndModify(modified)
    placeBeside(outputVolume, node)
    return node


def showLegend(node, shown: bool) -> None:
    """A colour bar beside the map, with the units that its numbers are in."""
    import slicer

    logic = slicer.vtkSlicerColorLogic
    legend = logic.GetColorLegendDisplayNode(node)
    if legend is None and shown:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
    if legend is not None:
        legend.SetTitleText(f"Enhanced - input\n({unitsOf(node)})")
        legend.SetLabelFormat("%+.3g")
        legend.SetVisibility(shown)


def unitsOf(node) -> str:
    """Of the voxel values, as far as the scan states them."""
    units = node.GetVoxelValueUnits()
    return units.GetCodeMeaning() if units is not None and units.GetCodeMeaning() else "grey levels of the scan"
