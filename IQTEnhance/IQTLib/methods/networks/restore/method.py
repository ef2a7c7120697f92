"""Restoration of any scan: the network as a method, on a fine cubic grid instead of thick slices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from ....errors import InputError
from ....io.typed import Between, check
from ....physics.fine_scan import FineScan
from ...any_scan import AnyScanMethod
from ...base import Run, intensities
from ..method import DeepMethod, Schedule
from . import METHOD
from .bright import with_bright_spots
from .doubt import reaching_scan
from .weighed import consistent

if TYPE_CHECKING:
    from torch import Tensor, nn

    from .network import RestoreNet

MARGIN = 8  # voxels around the brain that the network sees; 16 change no score by 0.0002 and take 30 % longer
# Share of the brain's mean that the noise told to the network is at least. In quieter scans it is outweighed by what no
# simulation has: slice profile, motion, ringing, more noise in the brain than in the air.
LEAST_NOISE = 0.05
PINBALL = 0.5  # weight of the quantiles in the loss


@dataclass(frozen=True)
class RestoreSettings:
    """Parameters of the restoration.

    Args:
        channels: of the network's three levels. blocks: residual blocks of each.
        transfer: 1 gives T1w scans the contrast of high field, 0 keeps their own.
        consistency: 0 leaves the network's estimate as it is, 1 moves it to explain the scan as far as the noise
            allows, and where the contrast changes, only its bright spots; values between are mixtures.
        error: standard deviation of the network's error (share of the brain's mean) that the damping of consistency
            weighs the noise against.
        test_time_augmentation: flips of the scan that the network's output is the mean of: 1, 2, 4 or 8. Of cubic's
            error on a validation subject 1 left 0.818 (thick slices) and 0.791 (cubes), 2 left 0.806 and 0.782, 8 left
            0.801 and 0.779.
        factor: of the simulated scans that the method is also tested on.
    """

    channels: tuple[int, int, int] = (24, 48, 80)
    blocks: tuple[int, int, int] = (1, 2, 3)
    transfer: Literal[0, 1] = 1
    consistency: Annotated[float, Between(0, 1)] = 1.0
    error: Annotated[float, Between(0.001, 1)] = 0.08
    test_time_augmentation: Literal[1, 2, 4, 8] = 2
    factor: int = 4

    def __post_init__(self) -> None:
        check(self)
        if not all(4 <= c <= 256 for c in self.channels) or not all(1 <= b <= 8 for b in self.blocks):
            raise InputError(
                "channels {channels}, blocks {blocks}: choose 4 to 256 and 1 to 8",
                channels=self.channels,
                blocks=self.blocks,
            )


class Restore(AnyScanMethod, DeepMethod):
    """Better resolution, less noise, and for T1w the contrast of high field, for any contrast and voxel size."""

    name: ClassVar[str] = METHOD.name
    settings: RestoreSettings

    def __init__(self, settings: RestoreSettings | None = None) -> None:
        super().__init__(settings or RestoreSettings())
        self._squared = 2.0  # weight in the loss of squared errors, which blurred edges are

    @property
    def transfers(self) -> bool:
        """Whether T1w scans get the contrast of high field."""
        return bool(self.settings.transfer)

    def build(self) -> "RestoreNet":
        from .network import RestoreNet

        return RestoreNet(self.settings.channels, self.settings.blocks)

    def begin_step(self, step: int, total: int, training: Schedule) -> None:
        self._squared = training.squared_error

    def training_loss(
        self, network: "nn.Module", batch: Mapping[str, Any], distance: "Callable[[Tensor, Tensor], Tensor]"
    ) -> "Tensor":
        """The recipe's distance and the squared error of the estimate inside the brain, and the quantiles' pinball."""
        from torch.nn import L1Loss

        from .network import QUANTILES

        levels = network(batch["scan"], batch["known"]).float()
        truth, inside = batch["truth"], batch["inside"]
        voxels = self.averaged_over(batch)
        estimate = levels[:, :1]
        once = inside if isinstance(distance, L1Loss) else inside.sqrt()  # what is squared weighs once all the same
        loss = distance(estimate * once, truth * once) * inside.numel() / voxels
        loss = loss + self._squared * ((truth - estimate).square() * inside).sum() / voxels
        for number, quantile in enumerate(QUANTILES, 1):
            error = truth - levels[:, number : number + 1]
            loss = loss + PINBALL * ((quantile * error).maximum((quantile - 1) * error) * inside).sum() / voxels
        return loss

    def averaged_over(self, batch: Mapping[str, Any]) -> "Tensor":
        return batch["inside"].sum().clamp(min=1)

    def patch_multiple(self) -> int:
        import torch

        with torch.device("meta"):
            return self.build().multiple

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """Estimate and, if the scan asks for them, lower and upper quantile, float32 (1 or 3, x, y, z), in units of
        `scan.data`."""
        from .windows import whole

        box = _around(scan.mask, MARGIN)
        flips = self.settings.test_time_augmentation
        seen = scan.with_noise_of_at_least(LEAST_NOISE)
        part = whole(
            self.network, np.stack([seen.data[box], seen.linear_estimate()[box]]), seen.known, run, flips=flips
        )
        count = len(part) if scan.quantiles else 1
        levels = np.repeat(scan.data[None], count, axis=0)
        levels[(slice(None), *box)] = part[:count]
        half_width = (part[2] - part[1]) / 2
        del part  # as large as all that follows
        if self.settings.consistency:
            levels += self.settings.consistency * (self._consistent(levels[0], half_width, box, scan) - levels[0])
        usable = count > 1 and np.isfinite(levels).all()  # others are refused by whoever asked
        return intensities(reaching_scan(levels, scan) if usable else levels)

    def _consistent(
        self, estimate: np.ndarray, half_width: np.ndarray, box: tuple[slice, ...], scan: FineScan
    ) -> np.ndarray:
        if scan.transfer:  # a scan of another contrast is no measure, but for bright spots
            return with_bright_spots(estimate, scan)
        whole = np.zeros_like(estimate)
        whole[box] = half_width
        return consistent(estimate, whole, scan, self.settings.error)


def _around(mask: np.ndarray, margin: int) -> tuple[slice, ...]:
    where = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    return tuple(
        slice(max(int(w[0]) - margin, 0), min(int(w[-1]) + margin + 1, n))
        for w, n in zip(where, mask.shape, strict=True)
    )
