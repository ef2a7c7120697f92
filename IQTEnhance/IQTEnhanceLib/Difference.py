"""Maps of an enhanced volume and its input, made by a worker, shown in colours with a bar that shows the units.

`DIFFERENCE`: enhanced minus input. `SUPPORT`: enhanced and degraded again minus input, in standard deviations of noise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Exchange
from .Checks import affineOf
from .Errors import StoppedError
from .Maps import placeMap, showColourBar
from .Process import Runner
from .WorkerJob import WorkerJob, followed

DIVERGING = "vtkMRMLColorTableNodeFileDivergingBlueRed.txt"
SPREADS = 4  # standard deviations of the difference to each side that the colours reach
REACH = 6.0  # standard deviations of noise: twice those from which the scan contradicts the result


@dataclass(frozen=True)
class Kind:
    """A kind of map: the command that makes it and its name; `what` says what it is instead of a scan."""

    command: str
    what: str

    @property
    def role(self) -> str:
        return f"IQTEnhance.{self.command.capitalize()}"

    @property
    def madeOf(self) -> str:
        return f"IQT.{self.command}Of"


DIFFERENCE = Kind("difference", _("a map of differences"))
SUPPORT = Kind("support", _("a map of what the scan does not support"))


class DifferenceJob(WorkerJob):
    """Makes a map of `outputVolume` and `inputVolume`; afterwards `volume` is its node, 0 beyond the input.

    Args:
        mask: the brain on the input's grid, for `SUPPORT`; None finds it.
    """

    def __init__(
        self, inputVolume, outputVolume, runner: Runner, kind: Kind = DIFFERENCE, *, mask=None,
        **listeners: Callable[[Any], None],
    ) -> None:  # fmt: skip
        super().__init__(runner, **listeners)
        self.kind, self.mask = kind, mask if kind is SUPPORT else None
        self.inputVolume, self.outputVolume = inputVolume, outputVolume
        self.volume: Any = None
        self._state = _stateOf(inputVolume, outputVolume)

    def prepare(self, folder: Path) -> list[str]:
        Exchange.checkSpace(folder, self.outputVolume)
        volumes = {"scan": self.inputVolume, "enhanced": self.outputVolume}
        volumes |= {"mask": self.mask} if self.mask is not None else {}
        scan, enhanced, *mask = self.writeTogether(volumes, folder)
        options = ["--mask", str(mask[0])] if mask else []
        return [self.kind.command, str(scan), str(enhanced), str(folder / "map.nii"), *options, *followed(self)]

    def complete(self, folder: Path) -> None:
        import slicer

        told = self.told("affine")
        if not all(slicer.mrmlScene.IsNodePresent(node) for node in (self.inputVolume, self.outputVolume)):
            raise StoppedError(_("A volume was deleted while it was compared"))
        loaded = Exchange.readVolume(folder / "map.nii", told["affine"])
        reach = REACH if self.kind is SUPPORT else SPREADS * float(told["deviation"])
        self.volume = placeMap(
            loaded, self.outputVolume, self.kind.role, self.kind.command, what=self.kind.what, colours=DIVERGING,
            window=2 * reach, level=0.0,
        )  # fmt: skip
        self.volume.SetAttribute(self.kind.madeOf, self._state)


def differenceOf(inputVolume, outputVolume, kind: Kind = DIFFERENCE):
    """The map that was made before, if neither volume has changed since; else None."""
    node = outputVolume.GetNodeReference(kind.role)
    current = node is not None and node.GetAttribute(kind.madeOf) == _stateOf(inputVolume, outputVolume)
    return node if current else None


def isSupport(node) -> bool:
    """Whether a map is one of `SUPPORT`."""
    return node.GetAttribute(SUPPORT.madeOf) is not None


def _stateOf(*volumes) -> str:
    """Changes with the voxels and the place of the volumes."""
    return " ".join(f"{node.GetID()} {node.GetImageData().GetMTime()} {_placeOf(node)}" for node in volumes)


def _placeOf(node) -> str:
    transform = node.GetParentTransformNode()
    moved = transform.GetTransformToWorldMTime() if transform is not None else 0
    return f"{affineOf(node).tobytes().hex()} {moved}"


def showLegend(node, shown: bool) -> None:
    """A colour bar beside the map, with the units that its numbers are in."""
    difference = _("Enhanced - input\n({units})").format(units=unitsOf(node))
    told = _("Not supported by the scan\n(noise)") if isSupport(node) else difference
    showColourBar(node, told, "%+.3g", shown=shown)


def unitsOf(node) -> str:
    """Of the voxel values, as far as the scan states them."""
    units = node.GetVoxelValueUnits()
    return units.GetCodeMeaning() if units is not None and units.GetCodeMeaning() else _("grey levels of the scan")
