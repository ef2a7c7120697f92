"""The trained IQT-DDL on a processor: the same function with its batch norms folded (see `channels_last`).

In evaluation the code of the dictionary is the same in every voxel, so its part of the predictor is a constant, and the
shifts of residual blocks are carried along until a product takes them up.
"""

import torch
from torch import nn
from torch.nn import functional

from ....device import autocast
from ..channels_last import Addition, Convolution, Product, linear, normalised, pooled, scale_and_shift
from .extractor import POOLS, FeatureExtractor


def folded(network: nn.Module, kind: torch.dtype) -> "FoldedDictionary":
    """A `DeepDictionary` for inference on a processor, with the dictionary that it has stored."""
    with torch.no_grad():
        return FoldedDictionary(network, kind)


class FoldedDictionary:
    """(b, 1, x, y, z) -> (b, 1, x * s_x, y * s_y, z * s_z), like the network that it is made from.

    The detail is computed in precision `kind`, what it is added to in full precision.
    """

    def __init__(self, network: nn.Module, kind: torch.dtype = torch.float32) -> None:
        self.network, self.kind = network, kind
        self.extractor = _Extractor(network.extractor).to(kind)
        self.predictor = _Predictor(network.predictor, network.code).to(kind)

    def __call__(self, low: torch.Tensor) -> torch.Tensor:
        features = self.extractor(low.movedim(1, -1).contiguous())
        coefficients = self.predictor(features).movedim(-1, 1)
        with autocast("cpu", None if self.kind == torch.float32 else self.kind):
            detail = self.network.reconstruct(coefficients, self.network.dictionary).float()
        return detail if self.network.base is None else self.network.base(low) + detail


class _Extractor(nn.Module):
    def __init__(self, extractor: FeatureExtractor) -> None:
        super().__init__()
        self.column = nn.ModuleList(_Block(block) for block in extractor.column)
        self.nested = nn.ModuleDict({name: _Block(block) for name, block in extractor.nested.items()})
        self.first, self.last = (Convolution(part.weight, part.bias) for part in (extractor.first, extractor.last))

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        nodes: dict[tuple[int, int], torch.Tensor] = {}
        x = low
        for depth, block in enumerate(self.column):
            x = block(x if depth == 0 else pooled(x, POOLS[depth - 1]))
            nodes[depth, 0] = x
        for j in (1, 2, 3):
            for i in range(4 - j):
                same = [nodes[i, earlier] for earlier in range(j)]
                raised = functional.interpolate(
                    nodes[i + 1, j - 1].movedim(-1, 1), scale_factor=POOLS[i], mode="trilinear"
                )
                nodes[i, j] = self.nested[f"{i}{j}"](torch.cat([*same, raised.movedim(1, -1)], dim=-1))
        return self.last(torch.cat([self.first(low), nodes[0, 3]], dim=-1))


class _Block(nn.Module):
    """Two convolutions with their batch norms, each followed by a ReLU."""

    def __init__(self, block: nn.Sequential) -> None:
        super().__init__()
        self.one, self.other = normalised(block[0], block[1]), normalised(block[3], block[4])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.other(self.one(x).relu_()).relu_()


class _Predictor(nn.Module):
    """last(x + group(x)) with x = first([features, code]); both ways to `last` are one product each."""

    def __init__(self, predictor: nn.Module, code: torch.Tensor) -> None:
        super().__init__()
        matrix, bias = linear(predictor.first)
        features = len(matrix) - code.shape[1]
        first, shift = matrix[:features].contiguous(), bias + code.flatten() @ matrix[features:]
        *blocks, outer = predictor.group
        last, bias = linear(predictor.last)
        wide, behind = linear(outer)
        bias = bias + (shift + behind) @ last
        self.blocks = nn.ModuleList()
        for block in blocks:
            self.blocks.append(_Bottleneck(block, shift))
            shift = shift + self.blocks[-1].shift
        self.first, self.group = Product(first, torch.zeros_like(shift)), Addition(wide @ last)
        self.direct = Product(first @ last, bias + shift @ (wide @ last))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        x = self.first(features)
        for block in self.blocks:
            block(x)
        return torch.softmax(self.group(self.direct(features), x), dim=-1)


class _Bottleneck(nn.Module):
    """Adds to x in place; `given` is the shift that x lacks until now, `shift` the one that it lacks after it."""

    def __init__(self, block: nn.Module, given: torch.Tensor) -> None:
        super().__init__()
        narrow, first, _, middle, second, _, wide, third = block.layers
        scale, shift = scale_and_shift(first)
        matrix, bias = linear(narrow)
        self.narrow = Product(scale * matrix, scale * (bias + given @ matrix) + shift)
        self.middle = normalised(middle, second)
        scale, shift = scale_and_shift(third)
        matrix, bias = linear(wide)
        self.wide, self.shift = Addition(scale * matrix), scale * bias + shift

    def forward(self, x: torch.Tensor) -> None:
        self.wide(x, self.middle(self.narrow(x).relu_()).relu_())
