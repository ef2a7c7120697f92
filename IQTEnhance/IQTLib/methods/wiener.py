"""The best linear restoration (Wiener 1949): untrained, so it works for any contrast and invents nothing."""

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
    title="Wiener restoration: any scan, no training",
    short="Wiener",
    purpose="The best linear restoration of a scan of any contrast and voxel size: sharper and less noisy.",
    plain="Sharper and less noisy, as far as the scan's own noise allows. Nothing is learned, so nothing is invented.",
    implementation="IQTLib.methods.wiener:Wiener",
    tunable={
        "strength": "factor on the assumed noise, 0.1 to 10: above 1 gives a smoother result, below 1 a sharper one"
    },
    builtin={
        "wiener": Builtin(
            "best linear restoration of any scan: sharper, less noisy, no training data, nothing invented",
            normalisation="brain-mean",
        )
    },
)


@dataclass(frozen=True)
class WienerSettings:
    """`strength`: factor on the assumed noise; above 1 gives a smoother result, below 1 a sharper one."""

    strength: Annotated[float, Between(0.1, 10)] = 1.0


class Wiener:
    """The posterior mean of a Gaussian process given the scan: deblurred and denoised as far as the noise permits.

    The prior covariance decays exponentially with distance; point spread and noise are those of the scan. Equivalent to
    kriging, and to a Wiener filter on any grid.
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
        """The filter has no state: only an empty one is accepted."""
        checked_state(state, {})
