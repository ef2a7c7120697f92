"""What the networks share: cubic interpolation along the slice axis, a safe 3-D convolution, their memory's layout."""

from functools import lru_cache

import numpy as np
import torch
from torch import nn

from ...device import autocast

SMALLEST = 3  # smallest in-plane size for which oneDNN's bfloat16 gradients are correct


class Conv3d(nn.Conv3d):
    """Uses full precision for small planes, where oneDNN's bfloat16 weight gradients read uninitialised memory.

    Found in torch 2.13 on CPUs with 3^3 kernels and planes of 1 x 1 and 2 x 2 voxels, of any number of slices.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.device.type != "cpu" or min(x.shape[2:4]) >= SMALLEST:
            return super().forward(x)
        with autocast("cpu", None):
            return super().forward(x.to(self.weight.dtype))


class CubicUpsample(nn.Module):
    """(..., n) -> (..., n * factor) by cubic convolution (Keys 1981, a = -0.5), to which the networks add detail.

    It is local, so windows of any size give the same result.

    High-field slice m lies at low-field coordinate m / factor; the identity at measured slices, exact for linear ramps
    between them. Beyond the last slice the edge is repeated.
    """

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        matrix = torch.from_numpy(keys_matrix(low.shape[-1], self.factor)).to(low.device, non_blocking=True)
        with autocast(low.device.type, None):  # the interpolation keeps full precision
            return low.float() @ matrix.T


def layout(network: nn.Module) -> torch.memory_format:
    """Channels last, for a network on volumes or on slices."""
    flat = any(parameter.dim() == 4 for parameter in network.parameters())
    return torch.channels_last if flat else torch.channels_last_3d


@lru_cache(maxsize=64)
def keys_matrix(count: int, factor: int) -> np.ndarray:
    """Weights (count * factor, count) of Keys' cubic convolution, edges repeated."""
    where = np.arange(count * factor) / factor
    base = np.floor(where).astype(int)
    weights = np.zeros((count * factor, count), np.float32)
    for tap in range(-1, 3):
        distance = np.abs(where - (base + tap))
        near = (1.5 * distance - 2.5) * distance**2 + 1
        far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
        value = np.where(distance <= 1, near, np.where(distance < 2, far, 0))
        np.add.at(weights, (np.arange(len(where)), np.clip(base + tap, 0, count - 1)), value)
    return weights
