"""What trained networks compute on a processor, in fewer passes over memory: channels last, batch norms folded.

Most time of a network with few channels goes into reading and writing its features. Here arrays are (n, x, y, z,
channels): convolutions of 1^3 and transposed ones whose kernel is their stride are matrix products without a copy, a
batch norm is part of the convolution before it, and what can be is computed in place. Results are those of the trained
modules but for rounding. They are modules themselves: `to(torch.bfloat16)` makes them compute in it.
"""

from collections.abc import Iterable

import torch
from torch import nn
from torch.nn import functional

Linear = tuple[torch.Tensor, torch.Tensor]
"""Matrix (inside, outside) and shift (outside,)."""


class Convolution(nn.Module):
    """A convolution with "same" padding: (n, x, y, z, inside) -> (n, x, y, z, outside)."""

    weight: torch.Tensor
    bias: torch.Tensor

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight.contiguous(memory_format=torch.channels_last_3d))
        self.register_buffer("bias", bias)
        self.padding = [edge // 2 for edge in weight.shape[2:]]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (
            functional.conv3d(x.to(self.weight.dtype).movedim(-1, 1), self.weight, self.bias, padding=self.padding)
            .movedim(1, -1)
            .contiguous()
        )


class Product(nn.Module):
    """(n, x, y, z, inside) -> (n, x, y, z, outside) by a matrix and a shift."""

    matrix: torch.Tensor
    shift: torch.Tensor

    def __init__(self, matrix: torch.Tensor, shift: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("matrix", matrix)
        self.register_buffer("shift", shift)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.addmm(self.shift, x.flatten(0, 3).to(self.matrix.dtype), self.matrix).view(*x.shape[:4], -1)


class Addition(nn.Module):
    """Adds x `matrix` to `total` in place."""

    matrix: torch.Tensor

    def __init__(self, matrix: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("matrix", matrix)

    def forward(self, total: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        total.flatten(0, 3).addmm_(x.flatten(0, 3).to(total.dtype), self.matrix)
        return total


class AtLeast(nn.Module):
    """x, raised in place to `least` per channel; whole lines at once, for few channels fill no vector."""

    least: torch.Tensor

    def __init__(self, least: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("least", least)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        lines = x.flatten(3)
        torch.maximum(lines, self.least.repeat(x.shape[3]), out=lines)
        return x


def scale_and_shift(norm: nn.BatchNorm3d) -> Linear:
    """What a batch norm does in evaluation: x -> scale x + shift, per channel."""
    scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale


def foldable(norms: Iterable[nn.BatchNorm3d]) -> bool:
    """Whether all scales are positive, so that they can pass a ReLU; in trained networks they are."""
    return all(bool((norm.weight > 0).all()) for norm in norms)


def normalised(convolution: nn.Conv3d, norm: nn.BatchNorm3d) -> Convolution:
    """A convolution and the batch norm behind it."""
    scale, shift = scale_and_shift(norm)
    return Convolution(scale.reshape(-1, 1, 1, 1, 1) * convolution.weight, scale * convolution.bias + shift)


def linear(convolution: nn.Conv3d) -> Linear:
    """A convolution of 1^3 as a product."""
    return convolution.weight.flatten(1).T.contiguous(), convolution.bias


def transposed(convolution: nn.ConvTranspose3d) -> Linear:
    """A transposed convolution whose kernel is its stride, (i, j, k): outside is i j k times its channels."""
    matrix = convolution.weight.permute(0, 2, 3, 4, 1).flatten(1).contiguous()
    return matrix, convolution.bias.repeat(matrix.shape[1] // len(convolution.bias))


def pooled(x: torch.Tensor, kernel: tuple[int, int, int]) -> torch.Tensor:
    return functional.max_pool3d(x.movedim(-1, 1), kernel).movedim(1, -1).contiguous()
