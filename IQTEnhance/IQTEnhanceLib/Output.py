"""The enhanced volume in the scene: on its own grid, beside the input, displayed alike, with its origin recorded."""

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

ATTRIBUTE = "IQT."
NO_SCAN = "IQT.noScan"
INPUT_ROLE = "IQTEnhance.Input"
NOT_INHERITED = ("DICOM.instanceUIDs", "DICOM.MRML.VolumeNode")  # these identify the slices of the source
OUR_NAME = re.compile(r".* IQT-\w+")  # also with the number that makes it unique


def outputName(inputName: str, method: str) -> str:
    """`"T1 IQT-SRep"` for `("T1", "srep")`."""
    from IQTLib.methods.registry import METHODS

    return f"{inputName} IQT-{METHODS[method].short if method in METHODS else method}"


def placeOutput(loaded, inputVolume, outputVolume, *, method: str, facts: Mapping[str, Any]):
    """Put the voxels and geometry of `loaded`, a node outside the scene, into `outputVolume` or a new node.

    Args:
        facts: attributes to write, by name (model, sha256, version, ...); the date is added.

    Returns:
        The output volume, with parent transform, subject hierarchy folder, window and level as the input has them. One
        whose name tells of another method or input is renamed.
    """
    import slicer

    name = outputName(inputVolume.GetName(), method)
    if outputVolume is None:
        outputVolume = slicer.mrmlScene.AddNewNodeByClass(
            "vtkMRMLScalarVolumeNode", slicer.mrmlScene.GenerateUniqueName(name)
        )
    modified = outputVolume.StartModify()
    if OUR_NAME.fullmatch(outputVolume.GetName()) and not outputVolume.GetName().startswith(name):
        outputVolume.SetName(slicer.mrmlScene.GenerateUniqueName(name))
    _showAlike(inputVolume, outputVolume)  # before the voxels, or Slicer would choose its own window
    outputVolume.CopyOrientation(loaded)
    outputVolume.SetAndObserveImageData(loaded.GetImageData())
    outputVolume.SetAndObserveTransformNodeID(inputVolume.GetTransformNodeID())
    outputVolume.SetVoxelValueQuantity(inputVolume.GetVoxelValueQuantity())
    outputVolume.SetVoxelValueUnits(inputVolume.GetVoxelValueUnits())
    _describe(outputVolume, inputVolume, {"method": method, **facts})
    outputVolume.EndModify(modified)
    placeBeside(inputVolume, outputVolume)
    return outputVolume


def markAsNoScan(node, what: str) -> None:
    """Mark a volume as something other than a scan, so that it is not enhanced by mistake."""
    node.SetAttribute(NO_SCAN, what)


def noScan(node) -> str:
    """What the volume is instead of a scan; empty for a scan."""
    return (node.GetAttribute(NO_SCAN) or "") if node is not None else ""


def inputOf(outputVolume):
    """The volume that `outputVolume` was made from, or None."""
    return outputVolume.GetNodeReference(INPUT_ROLE) if outputVolume is not None else None


def _describe(outputVolume, inputVolume, facts: Mapping[str, Any]) -> None:
    for name in NOT_INHERITED:
        outputVolume.RemoveAttribute(name)
    date = datetime.now(timezone.utc).isoformat(timespec="seconds")
    for name, value in {**facts, "date": date}.items():
        outputVolume.SetAttribute(f"{ATTRIBUTE}{name}", str(value))
    outputVolume.SetNodeReferenceID(INPUT_ROLE, inputVolume.GetID())


def _showAlike(inputVolume, outputVolume) -> None:
    if outputVolume.GetDisplayNode() is None:
        outputVolume.CreateDefaultDisplayNodes()
    source, target = inputVolume.GetScalarVolumeDisplayNode(), outputVolume.GetScalarVolumeDisplayNode()
    if source is None or target is None:
        return
    target.SetAutoWindowLevel(False)
    target.SetWindowLevel(source.GetWindow(), source.GetLevel())
    target.SetAndObserveColorNodeID(source.GetColorNodeID())
    target.SetInterpolate(source.GetInterpolate())


def placeBeside(inputVolume, outputVolume) -> None:
    """Put the output into the input's folder of the subject hierarchy."""
    import slicer

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    source, target = hierarchy.GetItemByDataNode(inputVolume), hierarchy.GetItemByDataNode(outputVolume)
    if not source:
        return
    parent = hierarchy.GetItemParent(source)
    if target:
        hierarchy.SetItemParent(target, parent)
    else:
        hierarchy.CreateItem(parent, outputVolume)
