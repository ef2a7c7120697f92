"""High-field volumes of the scene and their tissues as files that the worker can prepare."""

import filecmp
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Exchange import checkVolume, writeVolume
from IQTEnhanceLib.Jobs import checkMask
from IQTLib.data.people import label, name_in
from slicer.i18n import tr as _

TISSUE_ROLE = "IQTTraining.Tissue"
TISSUES = {1: ("csf", "liquor", "ventric"), 2: ("gm", "gray", "grey"), 3: ("wm", "white")}


@dataclass(frozen=True)
class SceneScan:
    """A volume node and, if there are any, its tissues: a label map (1 CSF, 2 GM, 3 WM) or a segmentation by names."""

    volume: Any
    tissue: Any = None

    @property
    def person(self) -> str:
        """The label in a node's name of BIDS, `sub-<label>...`, else a pseudonym of the name."""
        return label(name_in(self.volume.GetName()))


def sceneScans(given: Sequence[Any]) -> list[SceneScan]:
    """Volume nodes, or pairs of a volume and its tissues, each with a name of its own; tissues set before are found.

    Raises:
        EnhanceError: no grey-scale volume, or two that would be the same person.
    """
    found = []
    for entry in given:
        scan = SceneScan(*entry) if isinstance(entry, (tuple, list)) else SceneScan(entry)
        checkVolume(scan.volume)
        found.append(SceneScan(scan.volume, scan.tissue or scan.volume.GetNodeReference(TISSUE_ROLE)))
    people = [scan.person for scan in found]
    double = sorted({name_in(scan.volume.GetName()) for scan in found if people.count(scan.person) > 1})
    if double:
        reason = _("Two volumes are called {name}").format(name=double[0])
        raise EnhanceError(reason, _("Rename one of them: names identify subjects."))
    return found


def writeScan(scan: SceneScan, folder: Path, suffix: str) -> Path:
    """Write a volume and its tissues into `folder`; files that are there already and the same keep their date."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"sub-{scan.person}_{suffix}.nrrd"
    beside = [path.with_name(f"sub-{scan.person}_{what}.nrrd") for what in ("dseg", "desc-brain_mask")]
    _writeIfNew(scan.volume, path)
    if scan.tissue is None:
        for stale in beside:
            stale.unlink(missing_ok=True)
        return path
    labels = tissueLabels(scan.volume, scan.tissue)
    for target, array in zip(beside, (labels, labels > 0), strict=True):
        _writeIfNew(_likeVolume(scan.volume, array.astype("uint8")), target)
    return path


def tissueLabels(volume, tissue):
    """Array (k, j, i) of 0 none, 1 CSF, 2 GM, 3 WM on the volume's grid.

    Raises:
        EnhanceError: a label map elsewhere or with other labels, or segments whose names tell no tissue.
    """
    import numpy as np
    import slicer.util

    if tissue.IsA("vtkMRMLSegmentationNode"):
        return _ofSegmentation(volume, tissue)
    checkMask(tissue, volume)
    labels = np.round(slicer.util.arrayFromVolume(tissue))
    if unknown := sorted(set(np.unique(labels)) - {0, 1, 2, 3}):
        reason = _("{name} holds the label {label:g}").format(name=tissue.GetName(), label=unknown[0])
        raise EnhanceError(reason, _("Tissue labels are 0 none, 1 CSF, 2 grey, 3 white matter."))
    return labels


def _ofSegmentation(volume, segmentation):
    import numpy as np
    import slicer
    import slicer.util
    import vtk

    labels = np.zeros(slicer.util.arrayFromVolume(volume).shape, np.uint8)
    found = set()
    segments = segmentation.GetSegmentation()
    for number in range(segments.GetNumberOfSegments()):
        segment = segments.GetNthSegmentID(number)
        label = _tissueOf(segments.GetSegment(segment).GetName())
        if label is None:
            continue
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
        chosen = vtk.vtkStringArray()
        chosen.InsertNextValue(segment)
        try:
            export = slicer.vtkSlicerSegmentationsModuleLogic.ExportSegmentsToLabelmapNode
            if not export(segmentation, chosen, node, volume):
                reason = _("{segmentation} cannot be put on {volume}")
                reason = reason.format(segmentation=segmentation.GetName(), volume=volume.GetName())
                raise EnhanceError(reason, _("Check its geometry."))
            labels[slicer.util.arrayFromVolume(node) > 0] = label
        finally:
            display = node.GetDisplayNode()
            if display is not None and display.GetColorNode() is not None:
                slicer.mrmlScene.RemoveNode(display.GetColorNode())
            slicer.mrmlScene.RemoveNode(node)
        found.add(label)
    if not {2, 3} <= found:
        reason = _("{name} has no segments of grey and white matter").format(name=segmentation.GetName())
        raise EnhanceError(reason, _("Name its segments CSF, grey matter and white matter."))
    return labels


def _tissueOf(name: str) -> int | None:
    lower = name.lower()
    return next((label for label, words in TISSUES.items() if any(word in lower for word in words)), None)


def _likeVolume(volume, array):
    import slicer
    import slicer.util

    node = slicer.vtkMRMLScalarVolumeNode()
    node.SetName(volume.GetName())
    node.CopyOrientation(volume)
    slicer.util.updateVolumeFromArray(node, array)
    return node


def _writeIfNew(node, path: Path) -> None:
    part = path.with_name(f"part-{path.name}")
    try:
        writeVolume(node, part)
        if path.is_file() and filecmp.cmp(part, path, shallow=False):
            return
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
