"""The restoration network: better resolution, less noise, and on demand the contrast of high field.

Voxels are unshuffled 2 x 2 x 2 into channels, so that the residual U-Net works on a grid of half the size. It has no
normalisation layers: windows of any size agree where they have the same surroundings. Instead each residual block
starts as the identity (Fixup, Zhang 2019), and what is known of the scan (width of the point spread along each axis,
noise) scales and shifts the features of every block (FiLM, Perez 2018).
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as torch names it

from .shuffle import FOLD, shuffled, unshuffled

KNOWN = 6  # log width along x, y, z; log noise; whether it is known; whether the contrast shall be of high field
QUANTILES = (0.05, 0.95)
INPUTS = 2  # the scan by cubic splines, and the best linear estimate, which the network adds detail to
HEADS = 1 + len(QUANTILES)
SCALE = 0.1  # of the heads' last layer at the start: near the linear estimate


class Block(nn.Module):
    """x + conv(relu(gain * conv(relu(x)) + shift)), gain and shift from what is known of the scan."""

    def __init__(self, channels: int, code: int) -> None:
        super().__init__()
        self.first = nn.Conv3d(channels, channels, 3, padding=1)
        self.second = nn.Conv3d(channels, channels, 3, padding=1)
        self.film = nn.Linear(code, 2 * channels)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)

    def forward(self, features: torch.Tensor, code: torch.Tensor) -> torch.Tensor:
        gain, shift = self.film(code)[..., None, None, None].chunk(2, dim=1)
        inner = self.first(F.relu(features))
        return features + self.second(F.relu(torch.addcmul(inner + shift, inner, gain)))


class RestoreNet(nn.Module):
    """(b, INPUTS, x, y, z) and (b, KNOWN) -> (b, 1 + 2, x, y, z): estimate and its lower and upper quantile.

    Args:
        channels: of the three levels. blocks: residual blocks per level going down; coming up as many again, the lowest
            level has them once.

    Edges must be multiples of `multiple`.
    """

    def __init__(self, channels: tuple[int, int, int] = (24, 48, 80), blocks: tuple[int, int, int] = (1, 2, 3)) -> None:
        super().__init__()
        code = 64
        self.code = nn.Sequential(nn.Linear(KNOWN, code), nn.ReLU(), nn.Linear(code, code), nn.ReLU())
        self.stem = nn.Conv3d(INPUTS * FOLD**3, channels[0], 3, padding=1)
        self.down = nn.ModuleList(nn.Conv3d(a, b, 2, stride=2) for a, b in pairwise(channels))
        self.up = nn.ModuleList(nn.Conv3d(b, a, 1) for a, b in pairwise(channels))
        self.going_down = nn.ModuleList(
            nn.ModuleList(Block(c, code) for _ in range(n)) for c, n in zip(channels, blocks, strict=True)
        )
        self.coming_up = nn.ModuleList(
            nn.ModuleList(Block(c, code) for _ in range(n)) for c, n in zip(channels[:-1], blocks, strict=False)
        )
        self.heads = nn.Conv3d(channels[0], HEADS * FOLD**3, 3, padding=1)
        with torch.no_grad():
            self.heads.weight.mul_(SCALE)
            self.heads.bias.zero_()
        self.multiple = FOLD * 2 ** len(self.down)

    @property
    def reach(self) -> int:
        """Voxels that an estimate looks at to each side at the very most, a multiple of `multiple`."""
        convolutions = [2 * len(blocks) for blocks in self.going_down]
        for level, blocks in enumerate(self.coming_up):
            convolutions[level] += 2 * len(blocks)
        convolutions[0] += 2  # stem and heads
        voxels = sum(count * FOLD * 2**level for level, count in enumerate(convolutions))
        return (-(-voxels // self.multiple) + 1) * self.multiple  # and the rest of a block of the lowest level

    def forward(self, scan: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        code = self.code(known)
        *kept, features = self.encoded(scan, known)
        for level in reversed(range(len(self.down))):
            raised = F.interpolate(self.up[level](features), scale_factor=2, mode="nearest")
            features = raised + kept[level]
            for block in self.coming_up[level]:
                features = block(features, code)
        return self.finished(scan, shuffled(self.heads(F.relu(features)).float()))

    def encoded(self, scan: torch.Tensor, known: torch.Tensor) -> list[torch.Tensor]:
        """Features of each level going down, the finest first: (b, channels, x / 2, y / 2, z / 2) and so on."""
        code, levels = self.code(known), []
        features = self.stem(unshuffled(scan))
        for level, blocks in enumerate(self.going_down):
            features = self.down[level - 1](features) if level else features
            for block in blocks:
                features = block(features, code)
            levels.append(features)
        return levels

    @staticmethod
    def finished(scan: torch.Tensor, change: torch.Tensor) -> torch.Tensor:
        """Estimate and quantiles, (b, HEADS, x, y, z), from the inputs and what the heads say."""
        middle = scan[:, -1:] + change[:, :1]
        fixed = middle.detach()  # the quantiles learn their distance and do not pull the estimate
        return torch.cat([middle, fixed - F.softplus(change[:, 1:2] - 3), fixed + F.softplus(change[:, 2:] - 3)], 1)

    def folded(self, known: torch.Tensor, kind: torch.dtype = torch.float32) -> Callable[[torch.Tensor], torch.Tensor]:
        """The same function of one scan in evaluation, in less time and memory on a processor, in precision `kind`."""
        from .folded import FoldedRestoration

        return FoldedRestoration(self, known, kind)
