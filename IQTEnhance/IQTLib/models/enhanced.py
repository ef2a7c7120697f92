"""What enhancing a volume gives."""

from dataclasses import dataclass, replace

import numpy as np

from ..image.gauge import Gauge
from ..image.grid import on_grid
from ..image.noise import ScanNoise
from ..image.tissue import bias_field
from ..image.volume import Volume
from .intervals import Interval


@dataclass(frozen=True, eq=False)
class Enhanced:
    """An enhanced volume, its warnings, the seconds that each stage took, and the noise of the scan.

    `noise` is on the scan's own grid; None if the method does not use it. `resolution` is the width of the scan's point
    spread along each axis (mm) that an any-scan method assumed; None for the other methods. `mask` is the brain on the
    given scan's grid, `gauge` how far the scan lies from those that models know; None if the method needs no brain.
    `interval` is where the truth lies; None unless asked for, and for a scan that is outside.
    """

    volume: Volume
    warnings: tuple[str, ...]
    seconds: dict[str, float]
    noise: ScanNoise | None = None
    resolution: tuple[float, float, float] | None = None
    mask: np.ndarray | None = None
    interval: Interval | None = None
    gauge: Gauge | None = None

    def remarked(self, remark: str) -> "Enhanced":
        """The same, with the `remark` of the volume that it was made from in all volumes."""
        if not remark:
            return self
        interval = self.interval and replace(
            self.interval,
            lower=replace(self.interval.lower, remark=remark),
            upper=replace(self.interval.upper, remark=remark),
        )
        return replace(self, volume=replace(self.volume, remark=remark), interval=interval)

    def without_bias(self, brain: Volume) -> "Enhanced":
        """The same, the smooth field of the coil (N4) divided out of the volume and its interval.

        `brain`: the mask (0 or 1) on the scan's grid; outside it the field goes on smoothly.
        """
        inside = on_grid(brain, self.volume) > 0.5
        field = bias_field(self.volume.data, inside, self.volume.spacing)

        def even(volume: Volume) -> Volume:
            return volume.with_data((volume.data / field).astype(np.float32))

        interval = self.interval and replace(
            self.interval, lower=even(self.interval.lower), upper=even(self.interval.upper)
        )
        return replace(self, volume=even(self.volume), interval=interval)
