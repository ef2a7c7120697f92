"""The trained U-Net on a processor: the same function with its batch norms folded (see `channels_last`).

A stage is a convolution, ReLU and batch norm: scale relu(z) + shift = max(scale z + shift, shift) for scales above 0,
so the scale goes into the convolution and a maximum remains.
"""

from collections.abc import Callable

import torch
from torch import nn

from ..channels_last import (
    Convolution,
    Product,
    add_product,
    at_least,
    foldable,
    multiplied,
    pooled,
    product,
    scale_and_shift,
    transposed_product,
)


def folded(network: nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    """An `AnisotropicUNet` for inference on a processor; itself where a scale is not positive."""
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm3d)]
    with torch.no_grad():
        return FoldedUNet(network) if foldable(norms) else network


class FoldedUNet:
    """(b, 1, x, y, z) -> (b, 1, x, y, z * factor), like the network that it is made from."""

    def __init__(self, network: nn.Module) -> None:
        self.encoder = [_Core(core) for core in network.encoder]
        self.pools = [pool.kernel_size for pool in network.pools]
        self.skips = [_Skip(skip) for skip in network.skips]
        self.bottom = _Core(network.bottom)
        self.ups = [transposed_product(up) for up in network.ups]
        self.decoder = [_Core(core) for core in network.decoder]
        self.last, self.base = product(network.last), network.base

    def __call__(self, low: torch.Tensor) -> torch.Tensor:
        skips, x = [], low.movedim(1, -1).contiguous()
        for core, pool, skip in zip(self.encoder[:-1], self.pools, self.skips, strict=True):
            x = core(x)
            skips.append(skip(x))
            x = pooled(x, pool)
        x = self.bottom(self.encoder[-1](x))
        for up, core, skip in zip(self.ups[::-1], self.decoder[::-1], skips[::-1], strict=True):
            x = core(_beside(x, up, skip))
        detail = multiplied(x, self.last).movedim(-1, 1)
        return detail if self.base is None else self.base(low) + detail


class _Core:
    """max(max(conv(max(conv(x), first)), second) + shortcut x, third)."""

    def __init__(self, core: nn.Module) -> None:
        one, _, first, other, _, second = core.main
        scale, self.first = scale_and_shift(first)
        self.one = _scaled(one, scale, self.first)
        scale, shift = scale_and_shift(second)
        outer, self.third = scale_and_shift(core.norm)
        matrix, bias = product(core.shortcut)
        self.shortcut = outer * matrix
        self.second = outer * (shift + bias) + self.third
        self.other = _scaled(other, outer * scale, self.second)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        inner = at_least(self.other(at_least(self.one(x), self.first)), self.second)
        add_product(inner, x, self.shortcut)
        return at_least(inner, self.third)


class _Skip:
    """The shifts of the last two stages go into what follows them, which pads nothing."""

    def __init__(self, skip: nn.Module) -> None:
        narrow, _, first, one, _, second, other, _, third, wide, _, fourth = skip.main
        scale, self.first = scale_and_shift(first)
        matrix, bias = product(narrow)
        self.narrow: Product = scale * matrix, scale * bias + self.first
        scale, self.second = scale_and_shift(second)
        self.one = _scaled(one, scale, self.second)
        scale, passed = scale_and_shift(third)
        self.other = _scaled(other, scale, torch.zeros_like(scale))
        scale, last = scale_and_shift(fourth)
        matrix, bias = product(wide)
        self.wide: Product = scale * matrix, scale * (bias + passed @ matrix)
        matrix, bias = transposed_product(skip.stretch)
        self.stretch: Product = matrix, bias + last @ matrix

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        inner = at_least(self.one(at_least(multiplied(x, self.narrow), self.first)), self.second)
        inner = multiplied(self.other(inner).relu_(), self.wide).relu_().add_(x)
        return multiplied(inner, self.stretch).view(*x.shape[:3], -1, x.shape[4])  # copies follow each other along z


def _scaled(convolution: nn.Conv3d, scale: torch.Tensor, shift: torch.Tensor) -> Convolution:
    return Convolution(scale.reshape(-1, 1, 1, 1, 1) * convolution.weight, scale * convolution.bias + shift)


def _beside(x: torch.Tensor, up: Product, skip: torch.Tensor) -> torch.Tensor:
    """`x`, enlarged twice along each axis, and `skip` as channels of one array."""
    n, i, j, k, channels = skip.shape
    both = x.new_empty(n, i, j, k, 2 * channels)
    blocks = multiplied(x, up).view(*x.shape[:4], 2, 2, 2, channels)
    cells = both.view(n, i // 2, 2, j // 2, 2, k // 2, 2, 2 * channels)
    cells[..., :channels] = blocks.permute(0, 1, 4, 2, 5, 3, 6, 7)
    both[..., channels:] = skip
    return both
