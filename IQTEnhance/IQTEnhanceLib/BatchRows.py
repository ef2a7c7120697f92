"""The scans that can be enhanced together, each as a row of the table: what it is, and whether it fits the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from .Catalogue import ModelEntry
from .Checks import affineOf, gridWarnings
from .Errors import EnhanceError, StoppedError
from .Exchange import checkVolume
from .Export import Exportable
from .Folder import targetOf
from .Output import ATTRIBUTE, noScan


@dataclass(frozen=True)
class BatchRow:
    """One scan.

    Args:
        scan: a volume node, or a `FoundScan` of a folder. study: what it belongs to. what: its size and voxels.
        obstacle: why it cannot be enhanced, "" when it can. remarks: what must be known before.
        done: the result that is there already, or None.
    """

    scan: Any
    title: str
    study: str
    what: str = ""
    obstacle: str = ""
    remarks: tuple[str, ...] = ()
    done: Path | None = None

    @property
    def wanted(self) -> bool:
        """Whether it is chosen until the user says otherwise."""
        return not self.obstacle and self.done is None

    @property
    def state(self) -> str:
        """Before the work."""
        if self.obstacle:
            return _("Cannot be used")
        if self.done is not None:
            return _("Done before")
        return _("See remarks") if self.remarks else _("Fits")

    @property
    def tip(self) -> str:
        return "\n".join(filter(None, (self.title, self.what, self.obstacle, *self.remarks)))


def sceneRows(entry: ModelEntry, sliceAxis: str) -> list[BatchRow]:
    """Volumes of the scene that can be scans, in the order of their studies; results are none."""
    import slicer.util

    nodes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    scans = [node for node in nodes if node.GetClassName() == "vtkMRMLScalarVolumeNode" and _maybeScan(node)]
    return sorted((_ofNode(node, entry, sliceAxis) for node in scans), key=lambda row: row.study)


def folderRows(scans: list[Any], source: Path, entry: ModelEntry, sliceAxis: str) -> list[BatchRow]:
    """Scans that were found below the folder `source`."""
    return [_ofFile(scan, source, entry, sliceAxis) for scan in scans]


def summary(results: list[Any]) -> str:
    """`"3 of 5 scans are done, 1 failed, 1 was stopped: see the table."`"""
    stopped = sum(isinstance(result.error, StoppedError) for result in results)
    failed = sum(result.error is not None for result in results) - stopped
    parts = [_("{done} of {all} scans are done").format(done=len(results) - failed - stopped, all=len(results))]
    parts += [_("{count} failed").format(count=failed)] if failed else []
    parts += [_("{count} stopped").format(count=stopped)] if stopped else []
    return f"{', '.join(parts)}."


def exportables(rows: Sequence[BatchRow], results: Mapping[int, Any]) -> list[Exportable]:
    """What became of the rows; `results` by their numbers."""
    done = [(rows[row].scan, result) for row, result in sorted(results.items()) if result.error is None]
    return [Exportable(result.outputVolume, scan, result.model) for scan, result in done]


def nameOf(output: Any) -> str:
    """The name of a volume or of a file."""
    return output.name if isinstance(output, Path) else output.GetName()


def _maybeScan(node) -> bool:
    return not (node.GetHideFromEditors() or noScan(node) or node.GetAttribute(f"{ATTRIBUTE}model"))


def _ofNode(node, entry: ModelEntry, sliceAxis: str) -> BatchRow:
    try:
        checkVolume(node)
    except EnhanceError as error:
        return BatchRow(node, node.GetName(), studyOf(node), obstacle=str(error))
    shape, affine = node.GetImageData().GetDimensions(), affineOf(node)
    remarks = tuple(gridWarnings(shape, affine, entry, sliceAxis))
    return BatchRow(node, node.GetName(), studyOf(node), _inWords(shape, affine), remarks=remarks)


def _ofFile(scan, source: Path, entry: ModelEntry, sliceAxis: str) -> BatchRow:
    place = scan.path if scan.series else scan.path.parent
    study = str(place.relative_to(source)) if place != source else source.name
    if scan.problem:
        return BatchRow(scan, scan.title, study, obstacle=f"{scan.problem[:1].upper()}{scan.problem[1:]}.")
    remarks = tuple(f"{text[:1].upper()}{text[1:]}." for text in scan.caveats)
    remarks += tuple(gridWarnings(scan.shape, scan.affine, entry, sliceAxis))
    target = targetOf(scan, source, entry.name)
    what = " ".join(filter(None, (scan.modality, _inWords(scan.shape, scan.affine))))
    return BatchRow(scan, scan.title, study, what, remarks=remarks, done=target if target.exists() else None)


def studyOf(node) -> str:
    """Patient and study of a volume in the subject hierarchy; "" when it lies in none."""
    import slicer

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item, names = hierarchy.GetItemByDataNode(node), []
    while item and (item := hierarchy.GetItemParent(item)) and item != hierarchy.GetSceneItemID():
        names.append(hierarchy.GetItemName(item))
    return " / ".join(reversed(names))


def _inWords(shape, affine) -> str:
    import numpy as np

    spacing = np.linalg.norm(np.asarray(affine, float)[:3, :3], axis=0)
    size = " x ".join(str(number) for number in shape)
    return _("{size} voxels of {spacing} mm").format(size=size, spacing=" x ".join(f"{s:.2f}" for s in spacing))
