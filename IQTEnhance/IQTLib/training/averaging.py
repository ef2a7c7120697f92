"""A moving average of the weights, which is what a training validates and keeps as the best."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from torch import nn

EARLY = 19  # steps: until long after, the average reaches back over the later part of all steps only


class MovingAverage(Callback):
    """After step n, average <- a average + (1 - a) weights, with a = `share` or (n + 1) / (n + 1 + EARLY) if less.

    Only parameters are averaged; statistics of batch normalisation stay the network's own.
    """

    def __init__(self, network: nn.Module, share: float) -> None:
        self.network, self.share = network, share
        self._average = [parameter.detach().clone() for parameter in network.parameters()]

    def state_dict(self) -> dict[str, Any]:
        return {"average": self._average}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._average = state["average"]

    def on_train_start(self, trainer: lightning.Trainer, module: lightning.LightningModule) -> None:
        self._average = [average.to(module.device) for average in self._average]

    @torch.no_grad()
    def on_train_batch_end(
        self, trainer: lightning.Trainer, module: lightning.LightningModule, outputs: Any, *_: Any
    ) -> None:
        kept = min(self.share, (trainer.global_step + 1) / (trainer.global_step + 1 + EARLY))
        torch._foreach_lerp_(self._average, list(self.network.parameters()), 1 - kept)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The network has the averaged weights inside the block."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for parameter, average in zip(self.network.parameters(), self._average, strict=True):
            kept = parameter.clone()
            parameter.copy_(average)
            average.copy_(kept)
