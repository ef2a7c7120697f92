"""The best linear restoration (Wiener 1949): untrained, so it works for any contrast and invents nothing."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ..io.typed import Between
from ..physics.fine_scan import FineScan
from .any_scan import AnyScanMethod
from .base import Run, Untrained, intensities
from .descriptor import Builtin, Descriptor

METHOD = Descriptor(
    name="wiener",
    title="Wiener restoration: any scan, no training",
    short="Wiener",
    purpose="The best linear restoration of a scan of any contrast and voxel size: sharper and less noisy.",
    plain="Sharper and less noisy, as far as the scan's own noise allows. Nothing is learned, so nothing is invented.",
    implementation="IQTLib.methods.wiener:Wiener",
    any_scan=True,
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


class Wiener(AnyScanMethod, Untrained):
    """The posterior mean of a Gaussian process given the scan: deblurred and denoised as far as the noise permits.

    The prior covariance decays exponentially with distance; point spread and noise are those of the scan. Equivalent to
    kriging, and to a Wiener filter on any grid.
    """

    name: ClassVar[str] = METHOD.name
    Settings: ClassVar[type] = WienerSettings

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """The estimate, float32 (1, x, y, z), in units of `scan.data`."""
        run.report.check()
        return intensities(scan.linear_estimate(self.settings.strength))[None]
