"""Maps beside an enhanced volume, in colours with a bar: of differences, of support, of the interval's half-width."""

from .Output import markAsNoScan, placeBeside


def placeMap(loaded, outputVolume, role: str, name: str, *, what: str, colours: str, window: float, level: float):
    """Put the voxels of `loaded`, a node outside the scene, into the map that `outputVolume` refers to as `role`.

    Args:
        name: follows the volume's name. what: says what it is instead of a scan. colours: identifier of the table.
        window, level: of the colours, in the map's units.

    Returns:
        The map's node, new or the one that was there, beside `outputVolume` and moved as it is.
    """
    import slicer

    node = outputVolume.GetNodeReference(role)
    if node is None:
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
        outputVolume.SetNodeReferenceID(role, node.GetID())
    modified = node.StartModify()
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    display = node.GetScalarVolumeDisplayNode()
    display.SetAutoWindowLevel(False)
    display.SetWindowLevel(max(window, 1e-6), level)
    display.SetAndObserveColorNodeID(colours)
    node.SetName(f"{outputVolume.GetName()} {name}")
    markAsNoScan(node, what)
    node.CopyOrientation(loaded)
    node.SetAndObserveTransformNodeID(outputVolume.GetTransformNodeID())
    node.SetAndObserveImageData(loaded.GetImageData())
    node.EndModify(modified)
    placeBeside(outputVolume, node)
    return node


def showColourBar(node, title: str, numbers: str, *, shown: bool) -> None:
    """Show or hide the bar beside a map; `numbers` is the format of its labels."""
    import slicer

    logic = slicer.vtkSlicerColorLogic
    legend = logic.GetColorLegendDisplayNode(node)
    if legend is None and shown:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
    if legend is not None:
        legend.SetTitleText(title)
        legend.SetLabelFormat(numbers)
        legend.SetVisibility(shown)
