"""How sure the result is: half the interval's width, as a map that lies over the enhanced volume in colours."""

from pathlib import Path

from . import Exchange
from .Output import ATTRIBUTE, markAsNoScan, placeBeside

ROLE = "IQTEnhance.Interval"
MADE_OF = "IQT.intervalOf"
COVERAGE = f"{ATTRIBUTE}coverage"
COLOURS = "vtkMRMLColorTableNodeFileInferno.txt"
REACH = 0.2  # of the display window of the result that the colours reach


def placeInterval(path: Path, affine, outputVolume, *, coverage: float):
    """Load the standard deviations of `path` (.nii) as half-widths of the interval, beside `outputVolume`.

    Args:
        affine: IJK to RAS, as the worker told it. coverage: share of the brain's voxels that the interval holds.

    Returns:
        Its node, in units of the result; zero outside the brain.
    """
    import slicer
    import slicer.util
    from IQTLib.models.intervals import NORMAL

    loaded = Exchange.readVolume(path, affine)
    slicer.util.arrayFromVolume(loaded)[:] *= NORMAL
    node = outputVolume.GetNodeReference(ROLE)
    if node is None:
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
        outputVolume.SetNodeReferenceID(ROLE, node.GetID())
    modified = node.StartModify()
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    _colour(node.GetScalarVolumeDisplayNode(), outputVolume.GetScalarVolumeDisplayNode())
    node.SetName(f"{outputVolume.GetName()} interval +-")
    markAsNoScan(node, "a map of the interval's half-width")
    node.SetAttribute(COVERAGE, f"{coverage:g}")
    node.CopyOrientation(loaded)
    node.SetAndObserveTransformNodeID(outputVolume.GetTransformNodeID())
    node.SetAndObserveImageData(loaded.GetImageData())
    node.SetAttribute(MADE_OF, _stateOf(outputVolume))
    node.EndModify(modified)
    placeBeside(outputVolume, node)
    return node


def dropInterval(outputVolume) -> None:
    """Remove the map of a result that is about to be replaced."""
    import slicer

    node = outputVolume.GetNodeReference(ROLE)
    if node is not None:
        outputVolume.SetNodeReferenceID(ROLE, None)
        slicer.mrmlScene.RemoveNode(node)


def intervalOf(outputVolume):
    """The map of this result, if its voxels have not changed since; else None."""
    node = outputVolume.GetNodeReference(ROLE) if outputVolume is not None else None
    return node if node is not None and node.GetAttribute(MADE_OF) == _stateOf(outputVolume) else None


def hideBelow(node, least: float) -> None:
    """Make half-widths below `least` invisible, and with them all outside the brain."""
    display = node.GetScalarVolumeDisplayNode()
    display.SetAutoThreshold(False)
    display.SetThreshold(max(least, 1e-6), 1e30)
    display.SetApplyThreshold(True)


def widest(node) -> float:
    """The half-width that the colours reach."""
    return float(node.GetScalarVolumeDisplayNode().GetWindow())


def showLegend(node, shown: bool) -> None:
    """A colour bar beside the map."""
    import slicer

    logic = slicer.vtkSlicerColorLogic
    legend = logic.GetColorLegendDisplayNode(node)
    if legend is None and shown:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
    if legend is not None:
        legend.SetTitleText(f"{float(node.GetAttribute(COVERAGE)):.0%} interval\n(+- grey levels)")
        legend.SetLabelFormat("%.3g")
        legend.SetVisibility(shown)


def _colour(display, resultDisplay) -> None:
    reach = REACH * resultDisplay.GetWindow() if resultDisplay is not None else 1.0
    display.SetAutoWindowLevel(False)
    display.SetWindowLevel(max(reach, 1e-6), max(reach, 1e-6) / 2)
    display.SetAndObserveColorNodeID(COLOURS)


def _stateOf(outputVolume) -> str:
    return f"{outputVolume.GetID()} {outputVolume.GetImageData().GetMTime()}"
