"""What the panel is set to, kept in the scene and saved with it."""

from enum import Enum
from typing import Annotated, Union

from IQTEnhanceLib.Catalogue import methodTitle
from slicer import vtkMRMLLabelMapVolumeNode, vtkMRMLScalarVolumeNode, vtkMRMLSegmentationNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

from .Plan import METHOD_NAMES


class Modality(Enum):
    """The contrast, as BIDS names it."""

    T1w, FLAIR, T2w = "T1w", "FLAIR", "T2w"

    def label(self) -> str:
        return _("T2w (with tissue labels)") if self is Modality.T2w else self.name


class Axis(Enum):
    """The axis across the simulated slices."""

    i, j, k = "i", "j", "k"

    def label(self) -> str:
        return self.name.upper()


class Noise(Enum):
    gaussian, rician = "gaussian", "rician"

    def label(self) -> str:
        return _("Gaussian (published)") if self is Noise.gaussian else _("Rician")


class _Described(Enum):
    def label(self) -> str:
        return methodTitle(self.value)


Method = _Described("Method", {name: name for name in reversed(METHOD_NAMES)}, module=__name__)
"""The methods that can be trained, as the library describes them."""


class Recipe(Enum):
    quick, standard, paper = "quick", "standard", "paper"

    def label(self) -> str:
        return {"quick": _("Quick look"), "standard": _("Standard"), "paper": _("The paper's sizes")}[self.value]


class Size(Enum):
    recipe, small, medium, large = "recipe", "small", "medium", "large"

    def label(self) -> str:
        sizes = {"small": _("Small"), "medium": _("Medium"), "large": _("Large")}
        return sizes.get(self.name, _("As the recipe has it"))


SNR = Annotated[float, WithinRange(0.1, 1000)]


@parameterNodeWrapper
class IQTTrainingParameterNode:
    """The parameters of the module.

    volume, tissue: the next to be added to the list, which is kept as references of role "volumes".
    sourceFolder: scans on the disk. modality: of all. trainingFolder: where the prepared scans go.
    leftOut: subjects who are not used, a JSON list. splitSeed, validateShare, testShare (per cent): who does what.
    preset: a name of the library's, or "custom": then mean..., spread..., correlation.
    sliceAxis, thickness, gap (high-field voxels), noise, simulationSeed: of the simulated scans. pairsFolder: theirs.
    method, recipe, size, advanced (a JSON dictionary), startModel: what is trained. device: where.
    modelName, modelFolder: what for. dataNote: where the data come from, for the model's card.
    keepRunning: whether jobs continue when Slicer closes.
    """

    volume: vtkMRMLScalarVolumeNode
    tissue: Union[vtkMRMLLabelMapVolumeNode, vtkMRMLSegmentationNode, None]  # noqa: UP007 - as Slicer wants it
    sourceFolder: str = ""
    modality: Modality = Modality.T1w
    trainingFolder: str = ""
    leftOut: str = "[]"
    splitSeed: Annotated[int, WithinRange(0, 99999)] = 1
    validateShare: Annotated[int, WithinRange(0, 50)] = 20
    testShare: Annotated[int, WithinRange(0, 50)] = 20
    preset: str = "in-distribution"
    meanWhite: SNR = 64.5
    meanGrey: SNR = 54.1
    spreadWhite: SNR = 8.9
    spreadGrey: SNR = 8.6
    correlation: Annotated[float, WithinRange(-0.99, 0.99)] = 0.94
    sliceAxis: Axis = Axis.k
    thickness: Annotated[int, WithinRange(1, 8)] = 3
    gap: Annotated[int, WithinRange(0, 7)] = 1
    noise: Noise = Noise.gaussian
    simulationSeed: Annotated[int, WithinRange(0, 99999)] = 0
    pairsFolder: str = ""
    method: Method = Method.unet
    recipe: Recipe = Recipe.standard
    size: Size = Size.recipe
    device: str = "auto"
    modelName: str = ""
    modelFolder: str = ""
    startModel: str = ""
    advanced: str = "{}"
    dataNote: str = ""
    keepRunning: bool = True
