"""The training loop of the deep methods, on lightning: steps, schedules, health checks, checkpoints, resuming.

A run is a folder: `last.ckpt` and `best.ckpt` are written atomically, `logs/` holds CSV and TensorBoard files. Batches
depend only on (seed, step), and torch's generator is seeded at every step. On the CPU, where all algorithms are
deterministic, a run that was killed and resumed therefore ends with byte-identical weights. On a GPU it sees the same
batches and random draws but rounds differently: CUDA has no deterministic gradients of 3-D pooling and interpolation.
Several processes give the same result as one, up to rounding.
"""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.utilities.rank_zero import rank_zero_only
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

from ..device import deterministic, is_out_of_memory
from ..errors import CancelledError, InputError
from ..events import Reporter
from ..methods.networks.layers import layout
from ..methods.networks.method import DeepMethod
from ..sentences import Sentence
from .averaging import MovingAverage
from .callbacks import TrainingMonitor, Validator
from .checkpoints import check_safe_to_resume, read_checkpoint
from .health import Health
from .processes import Hardware
from .recipe import TrainingRecipe
from .run_folder import LAST
from .sampler import PatchBatches, Patches
from .scan_pool import ScanPool
from .schedule import learning_share, precision

LOGS = "logs"
LOGGED = 10  # steps between two rows of the CSV and TensorBoard files
OnDevice = Callable[[dict[str, Any], torch.device | str], dict[str, Any]]


def moved(batch: dict[str, Any], device: torch.device | str) -> dict[str, Any]:
    """`batch` with its tensors on `device`."""
    return {
        name: value.to(device, non_blocking=True) if isinstance(value, torch.Tensor) else value
        for name, value in batch.items()
    }


class Fitting(lightning.LightningModule):
    """A method in training."""

    def __init__(self, method: DeepMethod, recipe: TrainingRecipe, on_device: OnDevice = moved) -> None:
        super().__init__()
        self.method, self.recipe, self._on_device = method, recipe, on_device
        self.network = method.network
        self.loss = nn.L1Loss() if recipe.loss == "l1" else nn.MSELoss()
        self.health = Health()

    def training_step(self, batch: dict[str, Any], index: int) -> torch.Tensor:
        torch.manual_seed(hash((self.recipe.seed, batch["step"])))  # DDL draws noise: the same in every process
        self.method.begin_step(batch["step"], self.recipe.steps, self.recipe)
        loss = self._weight(batch) * self.method.training_loss(self.network, batch, self.loss)
        self.health.note(batch["step"], batch["people"], loss)
        self.log("loss", loss, sync_dist=True)
        return loss

    def _weight(self, batch: dict[str, Any]) -> torch.Tensor | float:
        """By how much this process's mean counts, so that the mean over all processes is that of the whole batch."""
        own = self.method.averaged_over(batch)
        if own is None or self.trainer.world_size == 1:
            return batch["weight"]
        return own / self.trainer.strategy.reduce(own.clone(), reduce_op="mean")

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        gradients = [p.grad for p in self.network.parameters() if p.grad is not None]
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        if self.trainer.scaler is None:  # skips steps whose gradient overflows half precision
            self.health.note_gradient(norm)
        self.log("gradient", norm)

    def configure_optimizers(self) -> dict[str, Any]:
        groups = self.method.parameter_groups(self.recipe)
        kind = torch.optim.AdamW if self.recipe.optimizer == "adamw" else torch.optim.Adam
        optimizer = kind(
            [{"params": parameters, "lr": rate, "name": name} for name, (parameters, rate) in groups.items()],
            betas=(0.9, self.recipe.second_moment),
            eps=1e-8,
            weight_decay=self.recipe.weight_decay,
        )
        shares = [lambda step, name=name: learning_share(self.recipe, name, step) for name in groups]
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, shares)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def transfer_batch_to_device(self, batch: dict[str, Any], device: torch.device, index: int) -> dict[str, Any]:
        return self._on_device(batch, device)


def fit(
    method: DeepMethod,
    sampler: Patches | ScanPool,
    recipe: TrainingRecipe,
    folder: Path,
    *,
    validator: Validator,
    resume: bool,
    hardware: Hardware,
    report: Reporter,
) -> TrainingMonitor:
    """Train `method`; afterwards its network holds the last weights and `folder` the best ones.

    Raises:
        CancelledError: stopped, with `last.ckpt` written. ModelError: diverged, or a checkpoint of another network.
        OutputError: a checkpoint could not be written. InputError: nothing to resume, or memory ran out.
    """
    if resume:
        check_safe_to_resume()
    torch.manual_seed(recipe.seed)
    module = Fitting(method, recipe, sampler.batch if isinstance(sampler, ScanPool) else moved)
    method.network.to(memory_format=layout(method.network))
    average = MovingAverage(method.network, recipe.average) if recipe.average else None
    monitor = TrainingMonitor(method, recipe, folder, validator, report, average)
    checkpoint = folder / LAST if resume else None
    content: dict[str, Any] = {"global_step": 0} if checkpoint is None else read_checkpoint(checkpoint, module)
    first = content["global_step"]
    if first >= recipe.steps:
        monitor.load_state_dict(content["callbacks"][monitor.state_key])
        report.log(
            Sentence(
                "{last} is at step {first} of {steps}: there is nothing left to train",
                last=LAST,
                first=first,
                steps=recipe.steps,
            )
        )
        return monitor
    with _quiet(), deterministic(hardware.device), _enough_memory(hardware.device):
        trainer = _trainer(recipe, folder, [monitor] if average is None else [average, monitor], hardware)
        span = {"first": first, "last": recipe.steps, "rank": trainer.global_rank, "world": trainer.world_size}
        if isinstance(sampler, ScanPool):
            batches: IterableDataset = sampler.orders(**span)
        else:
            batches = PatchBatches(sampler, seed=recipe.seed, batch=recipe.batch, people=recipe.people, **span)
        loader = DataLoader(
            batches, batch_size=None, num_workers=hardware.workers, pin_memory=hardware.device.startswith("cuda")
        )
        trainer.fit(module, loader, ckpt_path=checkpoint, weights_only=True)
    return monitor


def is_first_process() -> bool:
    """Whether this process writes files: it is the only one or, by its environment, the first of a distributed run."""
    return rank_zero_only.rank == 0


def _trainer(recipe: TrainingRecipe, folder: Path, callbacks: list[Callback], hardware: Hardware) -> lightning.Trainer:
    table = CSVLogger(folder, LOGS)
    _leave_out_the_host()
    return lightning.Trainer(
        **hardware.trainer_options,
        precision=precision(recipe, hardware.device),
        max_steps=recipe.steps,
        gradient_clip_val=recipe.clip or None,
        callbacks=callbacks,
        logger=[table, TensorBoardLogger(folder, LOGS, version=table.version)],
        log_every_n_steps=min(LOGGED, recipe.steps),
        default_root_dir=folder,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        use_distributed_sampler=False,
    )


def _leave_out_the_host() -> None:
    """Keep the computer's name out of the names of TensorBoard's files, which has no option for this."""
    from tensorboard.summary.writer import event_file_writer

    event_file_writer.socket = SimpleNamespace(gethostname=lambda: "iqt")


@contextmanager
def _enough_memory(device: str) -> Iterator[None]:
    """Turn torch's out-of-memory errors into `InputError`."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        advice = "choose a smaller training.batch, data.patch or settings.filters"
        raise InputError(
            "the memory of {device} ran out in training: {advice}", device=device, advice=advice
        ) from error


def fit_first(
    method: DeepMethod,
    sampler: Patches | ScanPool,
    recipe: TrainingRecipe,
    folder: Path,
    *,
    validator: Validator,
    resume: bool,
    hardware: Hardware,
    report: Reporter,
) -> TrainingMonitor | None:
    """`fit`, with the curves in `folder` drawn after each validation and at the end.

    None in all processes but the first, which alone draws, reports a stop and has something to store.
    """
    from .curves import draw_curves  # matplotlib takes a second

    def drawing(candidate: DeepMethod) -> dict[str, float]:
        scores = validator(candidate)
        draw_curves(folder)
        return scores

    first = is_first_process()
    try:
        monitor = fit(
            method, sampler, recipe, folder, validator=drawing, resume=resume, hardware=hardware, report=report
        )
    except CancelledError:
        if first:
            raise
        return None
    if not first:
        return None
    draw_curves(folder)
    return monitor


class _quiet(warnings.catch_warnings):  # noqa: N801 - reads as a verb
    """Silences Lightning's advice, which is for its own users; ours get events."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.filterwarnings("ignore", module="lightning")
        warnings.filterwarnings("ignore", message=".*num_workers.*")
        warnings.filterwarnings("ignore", message="Grad strides do not match")  # of 1^3 kernels, between processes
        for name in ("lightning.pytorch", "lightning.fabric"):
            logging.getLogger(name).setLevel(logging.ERROR)
