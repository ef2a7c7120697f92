"""The anisotropic U-Net of IQT-DL (Lin 2022; Eldaly 2024): thick slices in, cubic voxels out.

Tensors are (batch, channels, x, y, z), slices last. The encoder pools in plane until slices and plane agree; skips are
stretched along the slice axis to the decoder's cubic grid.
"""

from collections.abc import Callable

import torch
from torch import nn

from ....errors import InputError
from ..layers import Conv3d, CubicUpsample

LEVELS = 5


class Core(nn.Module):
    """Two conv-ReLU-BN and a 1^3 shortcut, summed, ReLU, BN."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.main = nn.Sequential(*_stage(inside, outside, 3), *_stage(outside, outside, 3))
        self.shortcut = nn.Conv3d(inside, outside, 1)
        self.norm = nn.BatchNorm3d(outside)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(torch.relu(self.main(x) + self.shortcut(x)))


class Bottleneck(nn.Module):
    """A skip: residual bottleneck at half the channels, then stretched `stretch` times along the slice axis."""

    def __init__(self, channels: int, stretch: int) -> None:
        super().__init__()
        half = channels // 2
        self.main = nn.Sequential(
            *_stage(channels, half, 1), *_stage(half, half, 3), *_stage(half, half, 3), *_stage(half, channels, 1)
        )
        size = (1, 1, stretch)
        self.stretch = nn.ConvTranspose3d(channels, channels, size, stride=size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.stretch(self.main(x) + x)


class AnisotropicUNet(nn.Module):
    """Five levels with `filters`, 2 `filters`, ... channels.

    Args:
        factor: slice spacing s in high-field voxels: 2, 4 or 8.
        filters: channels of the first level (16 in the paper; 8 and 4 for CPUs).
        residual: add the cubic interpolation of the input to the output (it costs no parameter).

    Shapes: (b, 1, x, y, z) -> (b, 1, x, y, z * factor); x, y, z divide by `multiple`. `memory`: about how many numbers
    an evaluation holds per high-field voxel.
    """

    def __init__(self, factor: int = 4, filters: int = 16, *, residual: bool = True) -> None:
        super().__init__()
        if factor not in (2, 4, 8):
            raise InputError("factor {factor}: the anisotropic U-Net has 2, 4 or 8", factor=factor)
        widths = [filters * 2**level for level in range(LEVELS)]
        stretches = [max(factor // 2**level, 1) for level in range(LEVELS - 1)]
        self.encoder = nn.ModuleList(Core(a, b) for a, b in zip([1, *widths], widths, strict=False))
        self.pools = nn.ModuleList(nn.MaxPool3d((2, 2, 1 if stretch > 1 else 2)) for stretch in stretches)
        self.skips = nn.ModuleList(Bottleneck(c, stretch) for c, stretch in zip(widths, stretches, strict=False))
        self.ups = nn.ModuleList(nn.ConvTranspose3d(2 * c, c, 2, stride=2) for c in widths[:-1])
        self.decoder = nn.ModuleList(Core(2 * c, c) for c in widths[:-1])
        self.bottom = Core(widths[-1], widths[-1])
        self.last = nn.Conv3d(filters, 1, 1)
        self.base = CubicUpsample(factor) if residual else None
        self.multiple = (16, 16, 2 ** sum(stretch == 1 for stretch in stretches))
        self.memory = 8 * filters

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        skips, x = [], low
        for core, pool, skip in zip(self.encoder[:-1], self.pools, self.skips, strict=True):
            x = core(x)
            skips.append(skip(x))
            x = pool(x)
        x = self.bottom(self.encoder[-1](x))
        for up, core, skip in zip(self.ups[::-1], self.decoder[::-1], skips[::-1], strict=True):
            x = core(torch.cat([up(x), skip], dim=1))
        detail = self.last(x)
        return detail if self.base is None else self.base(low) + detail

    def folded(self, kind: torch.dtype = torch.float32) -> Callable[[torch.Tensor], torch.Tensor]:
        """The same function in evaluation, in less time on a processor; its detail in precision `kind`."""
        from .folded import folded

        return folded(self, kind)


def _stage(inside: int, outside: int, kernel: int) -> tuple[nn.Module, ...]:
    return Conv3d(inside, outside, kernel, padding=kernel // 2), nn.ReLU(), nn.BatchNorm3d(outside)
