"""Whether the numbers of a training are still numbers, without waiting for the device at every step."""

from collections.abc import Sequence

import torch
from lightning.pytorch.strategies import Strategy

from ..errors import ModelError
from .checkpoints import BEST
from .run_folder import LAST

FAULTS = ("loss", "gradient")


class Health:
    """Notes of every step; asking them waits for the device, and for all processes, which then stop together."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, Sequence[str]]] = []
        self._broken: list[torch.Tensor] = []

    def note(self, step: int, people: Sequence[str], loss: torch.Tensor) -> None:
        """The loss of a step on patches of `people`."""
        self._steps.append((step, people))
        broken = ~torch.isfinite(loss.detach())
        self._broken.append(torch.stack([broken, torch.zeros_like(broken)]).float())

    def note_gradient(self, norm: torch.Tensor) -> None:
        """The norm of the gradient of the step noted last."""
        self._broken[-1][1] = (~torch.isfinite(norm)).float()

    def check(self, strategy: Strategy) -> None:
        """Forget the notes; raise `ModelError`, in every process, when one of them is of a number that is none."""
        if not self._steps:
            return
        broken = strategy.reduce(torch.stack(self._broken), reduce_op="sum").tolist()
        for (step, people), faults in zip(self._steps, broken, strict=True):
            for what, fault in zip(FAULTS, faults, strict=True):
                if fault:
                    raise ModelError(
                        f"{what} became not finite at step {step} (people in the batch: {', '.join(people)}): stopped, "
                        f"{BEST} and {LAST} keep the last good state; a lower training.learning_rate or "
                        "training.clip=1 helps"
                    )
        self._steps, self._broken = [], []
