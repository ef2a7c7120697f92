"""The first run: what is missing on this computer, and a job that installs it with a log and a way to stop."""

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Dependencies
from .Errors import EnhanceError, StoppedError
from .Process import PipRunner, Runner
from .WorkerJob import WorkerJob

GIBIBYTE = 2**30
ROOM, ROOM_TORCH = 2.0, 8.0  # GiB that the packages take while they are installed, and PyTorch with CUDA
AGAIN = _("Look into the log. With a network behind a proxy, or without one, use a folder of wheels.")


@dataclass(frozen=True)
class Setup:
    """What this computer lacks: requirements, PyTorch first, and whether the disk has room for them."""

    missing: tuple[str, ...]
    freeGiB: float

    @property
    def torch(self) -> bool:
        """Whether PyTorch is missing."""
        return any(name.startswith("torch") for name in self.missing)

    @property
    def fits(self) -> bool:
        return self.freeGiB >= (ROOM_TORCH if self.torch else ROOM)

    def inWords(self) -> str:
        """What is missing, in some lines; "" when nothing is."""
        if not self.missing:
            return ""
        names = [name.partition(">")[0] for name in self.missing]
        lines = [_("These are needed once: {names}.").format(names=", ".join(names))]
        if self.torch:
            lines.append(_("PyTorch comes from Slicer's extension PyTorch and takes some GiB."))
        if not self.fits:
            room = ROOM_TORCH if self.torch else ROOM
            text = _(
                "The disk of Slicer has {free:.1f} GiB left, and up to {room:.0f} GiB may be needed: free some first."
            )
            lines.append(text.format(free=self.freeGiB, room=room))
        return " ".join(lines)


def look(*more: Path) -> Setup:
    """Ask Slicer's Python what it has; quick, and nothing is installed. `more` are files of other modules."""
    return Setup(tuple(Dependencies.missingPackages(*more)), shutil.disk_usage(sys.prefix).free / GIBIBYTE)


class InstallJob(WorkerJob):
    """Lets pip install `requirements` into Slicer's Python; Slicer's own builds and PyTorch stay as they are.

    Args:
        wheels: a folder of wheels to install from, without any network.
    """

    def __init__(
        self,
        requirements: Sequence[str],
        runner: Runner | None = None,
        *,
        wheels: Path | None = None,
        **listeners: Callable[[Any], None],
    ) -> None:
        super().__init__(runner or PipRunner(), **listeners)
        self.requirements, self.wheels = requirements, wheels

    def prepare(self, folder: Path) -> list[str]:
        constraints = folder / "constraints.txt"
        constraints.write_text("\n".join(Dependencies.kept()), encoding="utf-8")
        arguments = ["install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        arguments += ["--prefer-binary", "--constraint", str(constraints)]
        if self.wheels is not None:
            if not any(self.wheels.glob("*.whl")):
                reason = _("{folder} holds no wheels").format(folder=self.wheels)
                raise EnhanceError(reason, _("Choose the folder that `pip download` has filled."))
            arguments += ["--no-index", "--find-links", str(self.wheels)]
        return [*arguments, *self.requirements]

    def stop(self, reason: str = _("Stopped")) -> None:
        super().stop(reason)
        interrupt = getattr(self._process, "interrupt", None)
        if interrupt is not None:
            interrupt()

    def complete(self, folder: Path) -> None:
        """pip has succeeded."""

    def conclude(self) -> None:
        """pip's last line explains more than that it failed."""
        told = [line for line in self.transcript.foreign if line.startswith("ERROR")]
        if self.error is not None and told and not isinstance(self.error, StoppedError):
            self.error = EnhanceError(told[-1].removeprefix("ERROR:").strip(), AGAIN)
