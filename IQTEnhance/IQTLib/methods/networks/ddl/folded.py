"""The trained IQT-DDL on a processor: the same function with its batch norms folded (see `channels_last`).

In evaluation the code of the dictionary is the same in every voxel, so its part of the predictor is a constant, and the
shifts of residual blocks are carried along until a product takes them up.
"""

import torch
from torch import nn
from torch.nn import functional

from ..channels_last import Convolution, Product, add_product, multiplied, normalised, pooled, product, scale_and_shift
from .extractor import POOLS, FeatureExtractor


def folded(network: nn.Module) -> "FoldedDictionary":
    """A `DeepDictionary` for inference on a processor, with the dictionary that it has stored."""
    with torch.no_grad():
        return FoldedDictionary(network)


class FoldedDictionary:
    """(b, 1, x, y, z) -> (b, 1, x * s_x, y * s_y, z * s_z), like the network that it is made from."""

    def __init__(self, network: nn.Module) -> None:
        self.network = network
        self.extractor = _Extractor(network.extractor)
        self.predictor = _Predictor(network.predictor, network.code)

    def __call__(self, low: torch.Tensor) -> torch.Tensor:
        coefficients = self.predictor(self.extractor(low.movedim(1, -1).contiguous())).movedim(-1, 1)
        detail = self.network.reconstruct(coefficients, self.network.dictionary)
        return detail if self.network.base is None else self.network.base(low) + detail


class _Extractor:
    def __init__(self, extractor: FeatureExtractor) -> None:
        self.column = [_Block(block) for block in extractor.column]
        self.nested = {name: _Block(block) for name, block in extractor.nested.items()}
        self.first, self.last = (Convolution(part.weight, part.bias) for part in (extractor.first, extractor.last))

    def __call__(self, low: torch.Tensor) -> torch.Tensor:
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


class _Block:
    """Two convolutions with their batch norms, each followed by a ReLU."""

    def __init__(self, block: nn.Sequential) -> None:
        self.one, self.other = normalised(block[0], block[1]), normalised(block[3], block[4])

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return self.other(self.one(x).relu_()).relu_()


class _Predictor:
    """last(x + group(x)) with x = first([features, code]); both ways to `last` are one product each."""

    def __init__(self, predictor: nn.Module, code: torch.Tensor) -> None:
        matrix, bias = product(predictor.first)
        features = len(matrix) - code.shape[1]
        shift = bias + code.flatten() @ matrix[features:]
        self.first = matrix[:features].contiguous()
        *blocks, outer = predictor.group
        last, bias = product(predictor.last)
        wide, behind = product(outer)
        self.direct: Product = self.first @ last, bias + (shift + behind) @ last
        self.blocks = []
        for block in blocks:
            self.blocks.append(_Bottleneck(block, shift))
            shift = shift + self.blocks[-1].shift
        self.group = wide @ last
        self.direct = self.direct[0], self.direct[1] + shift @ self.group

    def __call__(self, features: torch.Tensor) -> torch.Tensor:
        x = features @ self.first
        for block in self.blocks:
            block(x)
        total = multiplied(features, self.direct)
        add_product(total, x, self.group)
        return torch.softmax(total, dim=-1)


class _Bottleneck:
    """Adds to x in place; `given` is the shift that x lacks until now, `shift` the one that it lacks after it."""

    def __init__(self, block: nn.Module, given: torch.Tensor) -> None:
        narrow, first, _, middle, second, _, wide, third = block.layers
        scale, shift = scale_and_shift(first)
        matrix, bias = product(narrow)
        self.narrow: Product = scale * matrix, scale * (bias + given @ matrix) + shift
        self.middle = normalised(middle, second)
        scale, shift = scale_and_shift(third)
        matrix, bias = product(wide)
        self.wide, self.shift = scale * matrix, scale * bias + shift

    def __call__(self, x: torch.Tensor) -> None:
        add_product(x, self.middle(multiplied(x, self.narrow).relu_()).relu_(), self.wide)
