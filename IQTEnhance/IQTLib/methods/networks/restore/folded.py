"""The trained restoration network on a processor: the same function of one scan, in less time and much less memory.

What is known of the scan scales and shifts features behind a convolution, so for one scan it is part of it.
Blocks change the features in place, some planes at a time, with as many planes around as the convolutions look at.
"""

import torch
from torch import nn

from ..channels_last import Convolution, Product, linear
from .shuffle import FOLD, shuffled, unshuffled

PLANES = 16  # computed at once, or up to twice as many
LEAST = 2**20  # numbers computed at once: of small arrays torch computes convolutions by a slower method


class FoldedRestoration(nn.Module):
    """(1, INPUTS, x, y, z) -> (1, HEADS, x, y, z), like the network for the `known` (1, KNOWN) given."""

    def __init__(self, network: nn.Module, known: torch.Tensor, kind: torch.dtype = torch.float32) -> None:
        super().__init__()
        code = network.code(known)[0]
        self.stem, self.heads = (Convolution(part.weight, part.bias) for part in (network.stem, network.heads))
        self.going_down = _residuals(network.going_down, code)
        self.coming_up = _residuals(network.coming_up, code)
        self.down = nn.ModuleList(_Halving(part) for part in network.down)
        self.up = nn.ModuleList(Product(*linear(part)) for part in network.up)
        self.finished = network.finished
        self.to(kind)

    def forward(self, scan: torch.Tensor) -> torch.Tensor:
        features = scan.new_empty(
            1, *(n // FOLD for n in scan.shape[2:]), len(self.stem.bias), dtype=self.stem.bias.dtype
        )
        kept = []
        for planes, seen, inner in _slabs(features, 1):
            part = unshuffled(scan[:, :, FOLD * seen.start : FOLD * seen.stop])
            features[:, planes] = self.stem(part.movedim(1, -1).contiguous())[:, inner]
        for level, blocks in enumerate(self.going_down):
            for block in blocks:
                block(features)
            if level < len(self.down):
                kept.append(features)
                features = self.down[level](features)
        for level in reversed(range(len(self.down))):
            features = _added_twice_as_fine(kept.pop(), self.up[level](features))
            for block in self.coming_up[level]:
                block(features)
        result = scan.new_empty(1, len(self.heads.bias) // FOLD**3, *scan.shape[2:])
        for planes, seen, inner in _slabs(features, 1):
            change = shuffled(self.heads(features[:, seen].relu())[:, inner].movedim(-1, 1).float())
            fine = slice(FOLD * planes.start, FOLD * planes.stop)
            result[:, :, fine] = self.finished(scan[:, :, fine], change)
        return result


def _residuals(levels: nn.ModuleList, code: torch.Tensor) -> nn.ModuleList:
    return nn.ModuleList(nn.ModuleList(_Residual(block, code) for block in blocks) for blocks in levels)


class _Residual(nn.Module):
    """Adds second(relu(gain first(relu(x)) + shift)) to x in place."""

    def __init__(self, block: nn.Module, code: torch.Tensor) -> None:
        super().__init__()
        gain, shift = block.film(code).chunk(2)
        scale = 1 + gain
        self.first = Convolution(scale.reshape(-1, 1, 1, 1, 1) * block.first.weight, scale * block.first.bias + shift)
        self.second = Convolution(block.second.weight, block.second.bias)

    def forward(self, features: torch.Tensor) -> None:
        before = features[:, :0]
        for planes, seen, inner in _slabs(features, 2):
            part = torch.cat([before, features[:, planes.start : seen.stop]], dim=1)  # as they were before this block
            before = part[:, : inner.stop][:, -2:].clone()
            change = self.second(self.first(part.relu_()).relu_())
            features[:, planes] += change[:, inner]


class _Halving(nn.Module):
    """A convolution of 2^3 with stride 2 as a product of blocks of 2 x 2 x 2 voxels."""

    def __init__(self, convolution: nn.Conv3d) -> None:
        super().__init__()
        matrix = convolution.weight.permute(2, 3, 4, 1, 0).flatten(0, 3).contiguous()
        self.product = Product(matrix, convolution.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n, i, j, k, channels = x.shape
        result = x.new_empty(n, i // 2, j // 2, k // 2, len(self.product.shift))
        for first in range(0, i, PLANES):
            part = x[:, first : first + PLANES]
            blocks = part.view(n, part.shape[1] // 2, 2, j // 2, 2, k // 2, 2, channels).permute(0, 1, 3, 5, 2, 4, 6, 7)
            result[:, first // 2 : first // 2 + blocks.shape[1]] = self.product(blocks.flatten(4))
        return result


def _added_twice_as_fine(fine: torch.Tensor, coarse: torch.Tensor) -> torch.Tensor:
    """`fine` plus each voxel of `coarse` in 2 x 2 x 2 voxels, in place."""
    n, i, j, k, channels = fine.shape
    fine.view(n, i // 2, 2, j // 2, 2, k // 2, 2, channels).add_(coarse[:, :, None, :, None, :, None])
    return fine


def _slabs(features: torch.Tensor, reach: int) -> list[tuple[slice, slice, slice]]:
    """Planes to compute at once, those that they look at, and where the first lie in the second."""
    count = features.shape[1]
    pieces = max(min(features.numel() // LEAST, count // PLANES), 1)
    found = []
    for number in range(pieces):
        start, stop = count * number // pieces, count * (number + 1) // pieces
        seen = slice(max(start - reach, 0), min(stop + reach, count))
        found.append((slice(start, stop), seen, slice(start - seen.start, stop - seen.start)))
    return found
