"""The learned dictionary of IQT-DDL: atoms grown from noise by a binary tree, and the code of each atom (SRDD 2022)."""

import math

import torch
from torch import nn

from ....errors import InputError


class Branch(nn.Module):
    """One child of a node of the tree: 1^3 conv, activation, 1^3 conv, activation (tanh at the leaves)."""

    def __init__(self, inside: int, outside: int, *, leaf: bool, leaky: bool) -> None:
        super().__init__()
        hidden = nn.LeakyReLU(0.2) if leaky else nn.ReLU()
        self.layers = nn.Sequential(
            nn.Conv3d(inside, outside, 1), hidden, nn.Conv3d(outside, outside, 1), nn.Tanh() if leaf else hidden
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)


class DictionaryGenerator(nn.Module):
    """Noise -> dictionary D_H of `atoms` patches of size `scale`, values in (-1, 1).

    Args:
        atoms: a power of two. scale: high-field voxels per low-field voxel along x, y, z.
        leaky: LeakyReLU inside the tree; with plain ReLU dead branches can make atoms identical.
    """

    def __init__(self, atoms: int, scale: tuple[int, int, int], *, leaky: bool = True) -> None:
        super().__init__()
        depth = int(math.log2(max(atoms, 1)))
        if atoms < 2 or 2**depth != atoms:
            raise InputError(
                "{atoms} atoms: IQT-DDL grows its dictionary by doubling, choose a power of two", atoms=atoms
            )
        self.scale, self.width = scale, math.prod(scale)
        self.levels = nn.ModuleList(
            nn.ModuleList(Branch(self.width, self.width, leaf=level == depth, leaky=leaky) for _ in range(2**level))
            for level in range(1, depth + 1)
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        """`noise` (b, q, 1, 1, 1) with q = product of the scale -> D_H (b, atoms, *scale)."""
        nodes = [noise]
        for level in self.levels:
            nodes = [branch(nodes[index // 2]) for index, branch in enumerate(level)]
        leaves = torch.stack([leaf.flatten(1) for leaf in nodes], dim=1)
        return leaves.reshape(len(noise), len(nodes), *self.scale)  # the 3-D pixel shuffle of a single voxel

    def noise(self) -> torch.Tensor:
        """A draw of N(0, 1) for `forward`, from torch's generator, on the device of the weights."""
        return torch.randn(1, self.width, 1, 1, 1).to(next(self.parameters()).device, non_blocking=True)


class CodeEncoder(nn.Module):
    """D_H -> code C_H of each atom: grouped conv with kernel = scale, ReLU, 1^3 conv; (b, atoms, 1, 1, 1)."""

    def __init__(self, atoms: int, scale: tuple[int, int, int]) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv3d(atoms, atoms, scale, stride=scale, groups=atoms), nn.ReLU(), nn.Conv3d(atoms, atoms, 1)
        )

    def forward(self, dictionary: torch.Tensor) -> torch.Tensor:
        return self.layers(dictionary)
