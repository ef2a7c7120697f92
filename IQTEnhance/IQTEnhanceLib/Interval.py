"""How sure the result is: half the interval's width, as a map that lies over the enhanced volume in colours."""

from slicer.i18n import tr as _

from .Maps import placeMap, showColourBar
from .Output import ATTRIBUTE

ROLE = "IQTEnhance.Interval"
MADE_OF = "IQT.intervalOf"
COVERAGE = f"{ATTRIBUTE}coverage"
COLOURS = "vtkMRMLColorTableNodeFileInferno.txt"
REACH = 0.2  # of the display window of the result that the colours reach


def placeInterval(loaded, outputVolume, *, coverage: float):
    """Turn the volume node `loaded` of standard deviations into half-widths of the interval, beside `outputVolume`.

    `coverage` is the share of the brain's voxels that the interval holds.

    Returns:
        Its node, in units of the result; zero outside the brain.
    """
    import slicer.util
    from IQTLib.models.intervals import NORMAL

    slicer.util.arrayFromVolume(loaded)[:] *= NORMAL
    reach = _reach(outputVolume)
    node = placeMap(
        loaded, outputVolume, ROLE, "interval +-", what=_("a map of the interval's half-width"), colours=COLOURS,
        window=reach, level=reach / 2,
    )  # fmt: skip
    node.SetAttribute(COVERAGE, f"{coverage:g}")
    node.SetAttribute(MADE_OF, _stateOf(outputVolume))
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
    title = _("{coverage:.0%} interval\n(+- grey levels)").format(coverage=float(node.GetAttribute(COVERAGE)))
    showColourBar(node, title, "%.3g", shown=shown)


def _reach(outputVolume) -> float:
    display = outputVolume.GetScalarVolumeDisplayNode()
    return REACH * display.GetWindow() if display is not None else 1.0


def _stateOf(outputVolume) -> str:
    return f"{outputVolume.GetID()} {outputVolume.GetImageData().GetMTime()}"
