"""Batch normalisation as it will be used.

While a network learns, its batch normalisations see the batch at hand; what they keep for use is a moving average over
the last ten or so. With few patches a process that average can be far from any scan's: a U-Net from two processes of 8
patches had 0.56 and 0.51 of interpolation's error on two people, and 0.50 and 0.45 once it was measured anew.
"""

from collections.abc import Iterable

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm  # nn.SyncBatchNorm, of training on several GPUs, is one, too

BATCHES = 64


def has_batch_norms(network: nn.Module) -> bool:
    """Whether there is anything to calibrate."""
    return any(isinstance(module, _BatchNorm) for module in network.modules())


def calibrate(network: nn.Module, batches: Iterable[torch.Tensor], *, seed: int) -> None:
    """Set the running statistics of the batch normalisations to their means over `batches`, (b, 1, x, y, n) each.

    They depend on the weights, the batches and `seed` (of what the network draws itself) alone, not on what they were.
    Source: "precise BN" of Wu and Johnson, Rethinking "Batch" in BatchNorm, 2021.
    """
    norms = [module for module in network.modules() if isinstance(module, _BatchNorm)]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # torch then keeps the mean of all batches
    was_training, device = network.training, next(network.parameters()).device
    network.train()
    torch.manual_seed(seed)
    try:
        with torch.no_grad():
            for low in batches:
                network(low.to(device))
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        network.train(was_training)
