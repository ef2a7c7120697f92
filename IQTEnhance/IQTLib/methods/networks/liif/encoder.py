"""EDSR-baseline (Lim et al. 2017), and the attention and edges that the study describes before it.

The encoder keeps EDSR's enlarging tail, as the study's program does and LIIF's authors do not: its features are an
image of three channels on a grid 2 or 4 times as fine.
"""

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as torch names it

COLOURS = 3  # grey slices are given as RGB, as published
HEADS = (1, 3, 5)  # kernels of the attention
LEAST_GRADIENT = 1e-6  # keeps the gradient of an edge's strength finite where the slice is flat


class Block(nn.Module):
    """x + conv(relu(conv(x)))."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(features, features, 3, padding=1)
        self.second = nn.Conv2d(features, features, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.second(F.relu(self.first(x)))


class EDSR(nn.Module):
    """(b, 3, h, w) -> (b, 3, h * enlarge, w * enlarge).

    Args:
        features: channels. blocks: residual blocks. enlarge: 2 or 4, by pixel shuffles of 2.
    """

    def __init__(self, features: int = 64, blocks: int = 16, enlarge: int = 2) -> None:
        super().__init__()
        self.head = nn.Conv2d(COLOURS, features, 3, padding=1)
        self.blocks = nn.Sequential(*(Block(features) for _ in range(blocks)))
        self.body = nn.Conv2d(features, features, 3, padding=1)
        doublings = {2: 1, 4: 2}[enlarge]
        tail: list[nn.Module] = []
        for _ in range(doublings):
            tail += [nn.Conv2d(features, 4 * features, 3, padding=1), nn.PixelShuffle(2)]
        self.tail = nn.Sequential(*tail, nn.Conv2d(features, COLOURS, 3, padding=1))

    def forward(self, slices: torch.Tensor) -> torch.Tensor:
        shallow = self.head(slices)
        return self.tail(shallow + self.body(self.blocks(shallow)))


class Attention(nn.Module):
    """Multi-head convolutional attention (Georgescu et al. 2023; "SMAM" in the study): x * sigmoid(sum of heads).

    Each head narrows the channels with one kernel and widens them again with its transpose: 1, 3 and 5 pixels wide.
    """

    def __init__(self, channels: int = COLOURS) -> None:
        super().__init__()
        inner = max(1, channels // 2)
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels, inner, k), nn.ReLU(), nn.ConvTranspose2d(inner, channels, k))
            for k in HEADS
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(torch.stack([head(x) for head in self.heads]).sum(0))


class AttentionAndEdges(nn.Module):
    """w_1 x + w_2 edges + w_3 attention, from w = (1, 0, 0): trained with the model and applied in every use of it.

    The study takes edges from a frozen network whose weights were never published; here they are the strength of
    Sobel's gradient, which needs none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.weights = nn.Parameter(torch.tensor([1.0, 0.0, 0.0]))
        self.edges = Sobel()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        own, edges, attended = self.weights
        return own * x + edges * self.edges(x) + attended * self.attention(x)


class Sobel(nn.Module):
    """Length of the gradient of each channel, (b, c, h, w), edges repeated; intensities to a pixel."""

    kernels: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        across = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]) / 8
        self.register_buffer("kernels", torch.stack([across, across.T])[:, None], persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        channels = x.shape[1]
        padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
        both = F.conv2d(padded, self.kernels.repeat(channels, 1, 1, 1), groups=channels)
        return (both.unflatten(1, (channels, 2)).square().sum(2) + LEAST_GRADIENT).sqrt()
