"""The UNet++ of depth three, with a long skip, that turns a low-field patch into features (Eldaly 2024, fig. 2)."""

import torch
from torch import nn
from torch.nn import functional

from ..layers import Conv3d

POOLS = ((2, 2, 1), (2, 2, 2), (2, 2, 2))  # fits patches of 16, 32 and 48 voxels whose slices are four times thicker


class FeatureExtractor(nn.Module):
    """(b, 1, x, y, z) -> (b, filters, x, y, z); x and y divide by 8, z by 4. Channels double at each level below."""

    def __init__(self, filters: int) -> None:
        super().__init__()
        c = [filters * 2**level for level in range(4)]
        self.first = nn.Conv3d(1, filters // 2, 3, padding=1)
        self.last = nn.Conv3d(filters // 2 + filters, filters, 3, padding=1)
        self.column = nn.ModuleList(_block(a, b) for a, b in zip([1, *c], c, strict=False))
        inside = {(0, 1): c[0] + c[1], (1, 1): c[1] + c[2], (2, 1): c[2] + c[3]}
        inside |= {(0, 2): 2 * c[0] + c[1], (1, 2): 2 * c[1] + c[2], (0, 3): 3 * c[0] + c[1]}
        self.nested = nn.ModuleDict({f"{i}{j}": _block(n, c[i]) for (i, j), n in inside.items()})
        self.multiple = (8, 8, 4)

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        nodes: dict[tuple[int, int], torch.Tensor] = {}
        x = low
        for depth, block in enumerate(self.column):
            x = block(x if depth == 0 else functional.max_pool3d(x, POOLS[depth - 1]))
            nodes[depth, 0] = x
        for j in (1, 2, 3):
            for i in range(4 - j):
                same = [nodes[i, earlier] for earlier in range(j)]
                nodes[i, j] = self.nested[f"{i}{j}"](torch.cat([*same, _up(nodes[i + 1, j - 1], POOLS[i])], dim=1))
        return self.last(torch.cat([self.first(low), nodes[0, 3]], dim=1))


def _up(x: torch.Tensor, pool: tuple[int, int, int]) -> torch.Tensor:
    return functional.interpolate(x, scale_factor=pool, mode="trilinear", align_corners=False)


def _block(inside: int, outside: int) -> nn.Sequential:
    stages = ((inside, outside), (outside, outside))
    layers = [(Conv3d(a, b, 3, padding=1), nn.BatchNorm3d(b), nn.ReLU()) for a, b in stages]
    return nn.Sequential(*(layer for stage in layers for layer in stage))
