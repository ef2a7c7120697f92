"""The settings of the panel, stored in the scene."""

from enum import Enum
from typing import Annotated, Union

from slicer import vtkMRMLLabelMapVolumeNode, vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper


class SliceAxis(Enum):
    """The axis across the slices."""

    auto, i, j, k = "auto", "i", "j", "k"

    def label(self) -> str:
        return _("Largest spacing") if self is SliceAxis.auto else self.name.upper()


class OutputGrid(Enum):
    """The voxels of the result."""

    model, isotropic = "model", "isotropic"

    def label(self) -> str:
        by_factor = self is OutputGrid.model
        return _("Isotropic, slice spacing / factor") if by_factor else _("Isotropic, in-plane voxel size")


@parameterNodeWrapper
class IQTEnhanceParameterNode:
    """The parameters of the module.

    inputVolume: what to enhance. mask: its brain; None finds it automatically. outputVolume: None makes a new one.
    method, model: names in the library's registry and among its models; empty is the default.
    device: a torch device. sliceAxis, outputGrid: see their classes. options: of the method, a JSON dictionary.
    referenceVolume: a truth to measure against. fade: share of the enhanced volume over the input, 0 to 1.
    """

    inputVolume: vtkMRMLScalarVolumeNode
    mask: Union[vtkMRMLLabelMapVolumeNode, vtkMRMLScalarVolumeNode, None]  # noqa: UP007 - Slicer requires Union
    outputVolume: vtkMRMLScalarVolumeNode
    referenceVolume: vtkMRMLScalarVolumeNode
    method: str = ""
    model: str = ""
    device: str = "auto"
    sliceAxis: SliceAxis = SliceAxis.auto
    outputGrid: OutputGrid = OutputGrid.model
    options: str = "{}"
    fade: Annotated[float, WithinRange(0, 1)] = 0.0
