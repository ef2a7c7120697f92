"""Training in several processes with the result of one: hardware, and batch normalisation over all processes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
from lightning.pytorch.plugins.layer_sync import LayerSync
from lightning.pytorch.strategies import DDPStrategy
from torch import distributed, nn

PATIENCE = timedelta(days=7)  # the others wait while the first process validates, which may take hours
OVER_VOXELS = (0, 2, 3, 4)


@dataclass(frozen=True)
class Hardware:
    """Where to train: a `device` of `device.choose`, processes per machine, machines, loader processes."""

    device: str = "cpu"
    processes: int = 1
    nodes: int = 1
    workers: int = 0

    @property
    def trainer_options(self) -> dict[str, Any]:
        """Options of lightning's trainer. Several GPU processes take one GPU each, from the first; else `device`."""
        kind, _, number = self.device.partition(":")
        options = {"accelerator": kind, "devices": 1 if kind == "mps" else self.processes, "num_nodes": self.nodes}
        if self.processes * self.nodes == 1:
            return options | ({"devices": [int(number)]} if kind == "cuda" else {})
        together = {"sync_batchnorm": True} if kind == "cuda" else {"plugins": [SharedNorms()]}
        return options | together | {"strategy": DDPStrategy(timeout=PATIENCE)}


class SharedNorms(LayerSync):
    """Batch normalisation over the batches of all processes on CPUs, for which torch has none (`SyncBatchNorm`)."""

    def apply(self, model: nn.Module) -> nn.Module:
        return _renamed(model, nn.BatchNorm3d, SharedBatchNorm3d)

    def revert(self, model: nn.Module) -> nn.Module:
        return _renamed(model, SharedBatchNorm3d, nn.BatchNorm3d)


class SharedBatchNorm3d(nn.BatchNorm3d):
    """Uses mean and variance over the patches of all processes, which may hold different numbers of patches."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return super().forward(x)
        data = x.to(torch.promote_types(x.dtype, torch.float32))
        count = data.new_tensor([x.numel() / x.shape[1]])
        *_, total = sums = _Sum.apply(torch.cat([data.sum(OVER_VOXELS), count]))
        mean = sums[:-1] / total
        centred = data - _over_voxels(mean)
        variance = _Sum.apply(centred.square().sum(OVER_VOXELS)) / total
        with torch.no_grad():
            self.num_batches_tracked += 1
            share = 1 / int(self.num_batches_tracked) if self.momentum is None else self.momentum
            self.running_mean.lerp_(mean, share)
            self.running_var.lerp_(variance * total / (total - 1), share)
        scale = self.weight * (variance + self.eps).rsqrt()
        return (centred * _over_voxels(scale) + _over_voxels(self.bias)).to(x.dtype)


class _Sum(torch.autograd.Function):
    """The sum over all processes; its gradient is also summed, because every process uses it."""

    @staticmethod
    def forward(ctx: Any, own: torch.Tensor) -> torch.Tensor:
        total = own.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:
        total = gradient.contiguous().clone()
        distributed.all_reduce(total)
        return total


def _over_voxels(channels: torch.Tensor) -> torch.Tensor:
    return channels[:, None, None, None]


def _renamed(model: nn.Module, old: type, new: type) -> nn.Module:
    for module in model.modules():
        if type(module) is old:
            module.__class__ = new
    return model
