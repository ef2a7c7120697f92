"""The networks' convolution: torch's, but for a fault of oneDNN's."""

import torch
from torch import nn

from ...device import autocast

SMALLEST = 3  # voxels in plane from which bfloat16 gradients are right


class Conv3d(nn.Conv3d):
    """In full precision where planes are small: there oneDNN's bfloat16 weight gradients read uninitialised memory.

    Found in torch 2.13 on CPUs with 3^3 kernels and planes of 1 x 1 and 2 x 2 voxels, of any number of slices.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.device.type != "cpu" or min(x.shape[2:4]) >= SMALLEST:
            return super().forward(x)
        with autocast("cpu", None):
            return super().forward(x.float())
