"""The baselines: interpolation along the slice axis with slice-centre geometry."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ..image.axis import INTERPOLATIONS, upsample_slices
from .base import LowField, Run, Untrained
from .descriptor import Builtin, Compared, Descriptor

METHOD = Descriptor(
    name="interpolation",
    title="Interpolation (baseline)",
    short="interpolated",
    purpose="The baseline for all other methods; it needs no training.",
    plain="Smooth slices between those that were measured. Nothing is learned, so nothing is invented.",
    implementation="IQTLib.methods.interpolation:Interpolation",
    finds_brain=False,
    builtin={
        kind: Builtin(f"{kind} interpolation along the slice axis, a baseline", {"kind": kind})
        for kind in INTERPOLATIONS
    },
    compared={"cubic": Compared("cubic interpolation", "cubic")},
)


@dataclass(frozen=True)
class InterpolationSettings:
    """`kind`: nearest, linear or cubic."""

    kind: Literal["nearest", "linear", "cubic"] = "cubic"


class Interpolation(Untrained):
    """No training: high-field slice m is interpolated at low-field coordinate m / factor."""

    name: ClassVar[str] = METHOD.name
    needs_brain: ClassVar[bool] = False
    Settings: ClassVar[type] = InterpolationSettings

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        run.report.check()
        return upsample_slices(low.data, low.profile.factor, self.settings.kind)
