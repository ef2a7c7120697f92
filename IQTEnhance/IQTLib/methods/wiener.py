"""The best linear restoration: nothing is learned, so it knows every contrast and invents nothing (Wiener 1949)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ..io.typed import Between
from ..physics.fine_scan import FineScan
from .any_scan import restored_slices
from .base import LowField, Run, intensities
from .descriptor import Builtin, Descriptor
from .state import checked_state

METHOD = Descriptor(
    name="wiener",
    title="Wiener restoration: any scan, nothing learned",
    short="Wiener",
    purpose="The best linear restoration of a scan of any contrast and voxel size: sharper and less noisy.",
    implementation="IQTLib.methods.wiener:Wiener",
    tunable={
        "strength": "how many times as noisy as it is the scan is taken for, 0.1 to 10: above 1 smoother, below sharper"
    },
    builtin={
        "wiener": Builtin(
            "best linear restoration of any scan, sharper and less noisy: nothing is learned, nothing is invented",
            normalisation="brain-mean",
        )
    },
)


@dataclass(frozen=True)
class WienerSettings:
    """`strength`: how many times as noisy as it is the scan is taken for; above 1 smoother, below 1 sharper."""

    strength: Annotated[float, Between(0.1, 10)] = 1.0


class Wiener:
    """The mean of a Gaussian process given the scan: deblurred and denoised as far as its noise allows.

    The prior's covariance falls exponentially with the distance; point spread and noise are those of the scan. The same
    as kriging, and as the Wiener filter of a scan on any grid.
    """

    name: ClassVar[str] = METHOD.name
    needs_brain: ClassVar[bool] = True
    any_scan: ClassVar[bool] = True

    def __init__(self, settings: WienerSettings | None = None) -> None:
        self.settings = settings or WienerSettings()

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """The estimate, float32 (1, x, y, z), in units of `scan.data`."""
        run.report.check()
        return intensities(scan.linear_estimate(self.settings.strength))[None]

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        return restored_slices(self, low, run)

    def state(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """There is no state: only an empty one is accepted."""
        checked_state(state, {})
