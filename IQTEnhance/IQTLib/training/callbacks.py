"""The callback that runs after each training step: progress, cancellation, checkpoints, validation, early stopping."""

import math
import signal
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback

from ..errors import CancelledError, OutputError, reason
from ..events import Reporter
from ..io.files import whole_file
from ..methods.networks.method import DeepMethod
from ..sentences import Sentence
from .averaging import MovingAverage
from .checkpoints import BEST
from .recipe import TrainingRecipe
from .run_folder import LAST
from .validation import SLICE

CURVE_POINTS = 500  # losses that a run reports
LOOK = 10  # steps on a GPU between two checks of losses and of cancellation: each check synchronises with the device

Validator = Callable[[DeepMethod], dict[str, float]]
"""Scores of a method on the validation subjects; "score" selects the best checkpoint, smaller is better."""


class TrainingMonitor(Callback):
    """After each step: progress, cancellation, checkpoints, validation, early stopping."""

    @property
    def state_key(self) -> str:
        """The name used in all checkpoints, so that runs started by older versions can be resumed."""
        return "Watch"

    def __init__(
        self,
        method: DeepMethod,
        recipe: TrainingRecipe,
        folder: Path,
        validator: Validator,
        report: Reporter,
        average: MovingAverage | None = None,
    ) -> None:
        self.method, self.recipe, self.folder, self.validator, self.report = method, recipe, folder, validator, report
        self.average = average
        self.best, self.waited, self.seconds = math.inf, 0, 0.0
        self.due = False  # a validation has started but not finished
        self._told = 0.0
        self._losses: list[torch.Tensor] = []
        self._rhythms = (recipe.validate_every, recipe.checkpoint_every)
        self._every = max(recipe.steps // CURVE_POINTS, 1)
        self._terminate = signal.getsignal(signal.SIGTERM)

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best, "waited": self.waited, "seconds": self.seconds, "due": self.due}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.best, self.waited, self.seconds = state["best"], state["waited"], state["seconds"]
        self.due = state.get("due", False)

    def on_train_start(self, trainer: lightning.Trainer, module: lightning.LightningModule) -> None:
        # Lightning's handler calls the other processes from wherever the signal arrives, which can deadlock them.
        # None: the handler was set outside Python, by a program that embeds it.
        if self._terminate is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._terminate)
        self._start, self._first, self._mark = time.monotonic(), trainer.global_step, time.monotonic()
        if self.due:
            self._validate(trainer)
            self._keep(trainer, LAST)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, module: lightning.LightningModule, outputs: Any, *_: Any
    ) -> None:
        step, last = trainer.global_step, trainer.global_step == self.recipe.steps
        validates, keeps = (last or step % every == 0 for every in self._rhythms)
        self._losses.append(trainer.callback_metrics["loss"])  # mean over all processes; read only when reported
        looks = validates or keeps or step % (1 if module.device.type == "cpu" else LOOK) == 0
        if looks:
            module.health.check(trainer.strategy)
        self._tell(step)
        if validates:
            if not last:  # a run stopped during a long validation repeats it
                self.due = True
                self._keep(trainer, LAST)
            self._validate(trainer)
        if keeps or trainer.should_stop:
            self._keep(trainer, LAST)
        if looks and trainer.strategy.reduce_boolean_decision(self._cancelled(), all=False):
            self._keep(trainer, LAST)
            told = "stopped at step {step} of {steps}: continue with --resume"
            raise CancelledError(told, step=step, steps=self.recipe.steps, code="stopped")

    def _tell(self, step: int) -> None:
        now = time.monotonic()
        if now - self._told > 0.5 or step == self.recipe.steps:
            self._told = now
            left = (now - self._start) / (step - self._first) * (self.recipe.steps - step)
            self.report.progress(step, self.recipe.steps, Sentence("training", "training"), round(left, 1))
        if step % self._every == 0 or step == self.recipe.steps:
            self.report.metrics(step, "loss", loss=float(torch.stack(self._losses).mean()))
            self._losses = []

    def _cancelled(self) -> bool:
        """Whether to stop; time that the front end takes to answer does not count as training."""
        before = time.monotonic()
        cancelled = self.report.cancelled()
        paused = time.monotonic() - before
        self._start += paused
        self._mark += paused
        return cancelled

    def _validate(self, trainer: lightning.Trainer) -> None:
        """Validate the weights, or their moving average; keep them if they are the best so far."""
        with nullcontext() if self.average is None else self.average.applied():
            better = self._is_better(trainer)
            if better:
                self._keep(trainer, BEST)
        if self.recipe.patience and self.waited >= self.recipe.patience:
            self.report.log(
                Sentence(
                    "no improvement in {waited} validations: stopping at step {global_step}",
                    waited=self.waited,
                    global_step=trainer.global_step,
                )
            )
            trainer.should_stop = True

    def _is_better(self, trainer: lightning.Trainer) -> bool:
        better = stopped = False
        if trainer.is_global_zero:
            try:
                better = self._validated(trainer)
            except CancelledError:
                stopped = True
        better, stopped, self.best = trainer.strategy.broadcast((better, stopped, self.best))
        if stopped:
            told = "stopped during validation at step {step}: continue with --resume"
            raise CancelledError(told, step=trainer.global_step, code="stopped")
        self.due = False
        self.waited = 0 if better else self.waited + 1
        return better

    def _validated(self, trainer: lightning.Trainer) -> bool:
        """Score the method and report it; return whether it is the best so far."""
        self.method.prepare_for_inference()
        scores = self.validator(self.method)
        self.method.network.train()
        better = scores["score"] < self.best
        for logger in trainer.loggers:
            logger.log_metrics({f"validation_{name}": value for name, value in scores.items()}, trainer.global_step)
            logger.save()
        slice_file = self.folder / SLICE
        shown = {"volume": str(slice_file)} if slice_file.exists() else {}
        self.report.metrics(trainer.global_step, "validation", **scores, **shown)
        text = ", ".join(f"{name} {value:.4f}" for name, value in scores.items())
        self.report.log(
            Sentence(
                "step {global_step}: {text_}{better}",
                global_step=trainer.global_step,
                text_=text,
                better=Sentence(" (best so far)") if better else "",
            )
        )
        self.best = min(self.best, scores["score"])
        return better

    def _keep(self, trainer: lightning.Trainer, name: str) -> None:
        """Write a checkpoint atomically: every process takes part, the first one writes."""
        now = time.monotonic()
        self.seconds, self._mark = self.seconds + now - self._mark, now
        path = self.folder / name
        try:
            with whole_file(path) if trainer.is_global_zero else nullcontext(path) as part:
                trainer.save_checkpoint(part)
        except RuntimeError as error:  # of torch; `whole_file` tells of all others
            raise OutputError(
                "{path} cannot be written: {why} (is the disk full?)", path=path, why=reason(error)
            ) from error
