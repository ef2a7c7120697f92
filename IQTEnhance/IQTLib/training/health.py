"""Checks that losses and gradients stay finite, without synchronising with the device at every step."""

from collections.abc import Sequence

import torch
from lightning.pytorch.strategies import Strategy

from ..errors import ModelError
from .checkpoints import BEST
from .run_folder import LAST

FAULTS = ("loss", "gradient")


class Health:
    """Flags of every step; `check` synchronises with the device and with all processes, which then stop together."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, Sequence[str]]] = []
        self._broken: list[torch.Tensor] = []

    def note(self, step: int, people: Sequence[str], loss: torch.Tensor) -> None:
        """Record the loss of a step on patches of `people`."""
        self._steps.append((step, people))
        broken = ~torch.isfinite(loss.detach())
        self._broken.append(torch.stack([broken, torch.zeros_like(broken)]).float())

    def note_gradient(self, norm: torch.Tensor) -> None:
        """Record the gradient norm of the last step."""
        self._broken[-1][1] = (~torch.isfinite(norm)).float()

    def check(self, strategy: Strategy) -> None:
        """Clear the flags; raise `ModelError`, in every process, if a loss or gradient was not finite."""
        if not self._steps:
            return
        broken = strategy.reduce(torch.stack(self._broken), reduce_op="sum").tolist()
        for (step, people), faults in zip(self._steps, broken, strict=True):
            for what, fault in zip(FAULTS, faults, strict=True):
                if fault:
                    raise ModelError(
                        "{what} became not finite at step {step} (subjects in the batch: {people}): stopped, {best} "
                        "and {last} keep the last good state; a lower training.learning_rate or training.clip=1 helps",
                        what=what,
                        step=step,
                        people=", ".join(people),
                        best=BEST,
                        last=LAST,
                    )
        self._steps, self._broken = [], []
