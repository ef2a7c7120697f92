"""LIIF (Chen, Liu and Wang 2021): intensities at any place of a slice, from the nearest features of its encoding.

Places are (x, y) in [-1, 1]: -1 and 1 are the outer edges of the first and last pixel, so that pixel i of n lies at
(2 i + 1) / n - 1. A cell is how large the pixel asked for is, in the same units: 2 / m for m pixels.
"""

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as torch names it

from ....device import autocast
from .encoder import COLOURS, EDSR, AttentionAndEdges

AROUND = 3  # pixels: the features of as many x as many neighbours describe a place (feature unfolding)
SHIFT = 1e-6  # of places, so that none lies between two features
LEAST_AREA = 1e-9
LAYERS = 4  # hidden layers of the implicit function
INPUTS = COLOURS * AROUND**2 + 2 + 2  # features, where the place lies to them, its cell


class LIIF(nn.Module):
    """Slices (b, 1, h, w) of intensities 0 to 1, places (b, q, 2) and cells (b, q, 2) -> (b, q, 3), intensities.

    Args:
        features, blocks, enlarge: of `EDSR`. units: of each hidden layer.
        attention: whether `AttentionAndEdges` come before the encoder.
        residual: whether the result is added to the slice by cubic interpolation, which the published model has not.
    """

    def __init__(
        self,
        features: int = 64,
        blocks: int = 16,
        enlarge: int = 2,
        units: int = 128,
        *,
        attention: bool = False,
        residual: bool = False,
    ) -> None:
        super().__init__()
        self.fusion = AttentionAndEdges() if attention else nn.Identity()
        self.encoder = EDSR(features, blocks, enlarge)
        widths = [INPUTS, *[units] * LAYERS]
        hidden = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), nn.ReLU())]
        self.function = nn.Sequential(*hidden, nn.Linear(units, COLOURS))
        self.residual = residual

    def forward(self, slices: torch.Tensor, places: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
        return self.query(self.encode(slices), slices, places, cells)

    def encode(self, slices: torch.Tensor) -> torch.Tensor:
        """Features (b, 27, H, W) of slices (b, 1, h, w): three channels of each pixel and its neighbours."""
        encoded = self.encoder(self.fusion(centred(slices).repeat(1, COLOURS, 1, 1)))
        return F.unfold(encoded, AROUND, padding=AROUND // 2).unflatten(-1, encoded.shape[-2:])

    def query(
        self, features: torch.Tensor, slices: torch.Tensor, places: torch.Tensor, cells: torch.Tensor
    ) -> torch.Tensor:
        """Intensities (b, q, 3) at `places`: the mean of what the function makes of the four nearest features.

        Each weighs as much as the rectangle between the place and the diagonally opposite feature, so that the result
        has no seams (local ensemble).
        """
        with autocast(features.device.type, None):  # places need full precision
            features = features.float()
            h, w = features.shape[-2:]
            sizes = torch.stack([cells[..., 0] * h, cells[..., 1] * w], -1)
            asked, areas = [], []
            for row, down in (_nearest(places[..., 0], side, h) for side in (-1, 1)):
                for column, right in (_nearest(places[..., 1], side, w) for side in (-1, 1)):
                    away = torch.stack([down, right], -1)
                    asked.append(torch.cat([_at(features, row * w + column), away, sizes], -1))
                    areas.append((down * right).abs() + LEAST_AREA)
            interpolated = self._interpolated(slices.float(), places)
        answers = torch.stack([self.function(one) for one in asked]).float()
        opposite = torch.stack(areas[::-1])
        found = (answers * (opposite / opposite.sum(0))[..., None]).sum(0)
        return (found + interpolated) / 2 + 0.5

    def _interpolated(self, slices: torch.Tensor, places: torch.Tensor) -> torch.Tensor | float:
        if not self.residual:
            return 0.0
        grid = places.flip(-1)[:, None]  # torch names the last axis of a slice first
        values = F.grid_sample(centred(slices), grid, mode="bicubic", padding_mode="border", align_corners=False)
        return values[:, :, 0].transpose(1, 2)


def centred(slices: torch.Tensor) -> torch.Tensor:
    """Intensities 0 to 1 as -1 to 1."""
    return (slices - 0.5) / 0.5


def _nearest(places: torch.Tensor, side: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of `count` features along an axis, the nearest on a side (-1 or 1) of `places`, and how far it is in features."""
    shifted = (places + side / count + SHIFT).clamp(-1 + SHIFT, 1 - SHIFT)
    index = ((shifted + 1) / 2 * count).long().clamp(0, count - 1)
    return index, (places - ((2 * index + 1) / count - 1)) * count


def _at(features: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Features (b, c, H, W) at pixels with numbers `index` (b, q): (b, q, c)."""
    channels = features.flatten(2).transpose(1, 2)
    return channels.gather(1, index[..., None].expand(-1, -1, channels.shape[-1]))
