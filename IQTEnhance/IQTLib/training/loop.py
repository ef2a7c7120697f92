"""The training loop of the deep methods, on lightning: steps, schedules, checks of health, checkpoints, resume.

One run is one folder: `last.ckpt` and `best.ckpt` appear by rename when they are whole, `logs/` holds CSV and
TensorBoard files. Batches depend on (seed, step) alone and torch's generator is seeded at every step, so a run that
was killed and resumed ends with the same weights as one that was not.
"""

import logging
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lightning
import torch
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.utilities.rank_zero import rank_zero_only
from torch import nn
from torch.utils.data import DataLoader

from ..errors import ModelError
from ..events import Reporter
from ..methods.networks.method import DeepMethod
from .callbacks import Judge, Watch
from .checkpoints import BEST, read_checkpoint
from .recipe import TrainingRecipe
from .run_folder import LAST
from .sampler import PatchBatches, Patches

LOGS = "logs"
HALVINGS = {"body": (1 / 2, 3 / 4, 7 / 8, 15 / 16), "dictionary": (1 / 8, 1 / 4, 1 / 2, 3 / 4, 7 / 8)}  # SRDD 2022
FLOOR = 0.01  # of the cosine schedule


@dataclass(frozen=True)
class Place:
    """Where to train: a torch `device` name, processes per machine, machines, loader processes."""

    device: str = "cpu"
    processes: int = 1
    nodes: int = 1
    workers: int = 0


class Fitting(lightning.LightningModule):
    """One method being fitted."""

    def __init__(self, method: DeepMethod, recipe: TrainingRecipe) -> None:
        super().__init__()
        self.method, self.recipe = method, recipe
        self.network = method.network
        self.lossy = nn.L1Loss() if recipe.loss == "l1" else nn.MSELoss()
        self.people: Sequence[str] = ()

    def training_step(self, batch: dict[str, Any], index: int) -> torch.Tensor:
        self.people = batch["people"]
        torch.manual_seed(hash((self.recipe.seed, batch["step"], self.global_rank)))  # DDL draws noise in its forward
        self.method.begin_step(batch["step"], self.recipe.steps, self.recipe)
        loss = self.lossy(self.network(batch["low"]).float(), batch["high"])
        if not torch.isfinite(loss):
            raise self._diverged(f"loss became {loss.item()}")
        self.log("loss", loss, sync_dist=self.trainer.world_size > 1)
        return loss

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        gradients = [p.grad for p in self.network.parameters() if p.grad is not None]
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        if not torch.isfinite(norm) and self.trainer.scaler is None:
            raise self._diverged("gradient became not finite")
        self.log("gradient", norm)

    def configure_optimizers(self) -> dict[str, Any]:
        groups = self.method.parameter_groups(self.recipe)
        optimizer = torch.optim.Adam(
            [{"params": parameters, "lr": rate, "name": name} for name, (parameters, rate) in groups.items()],
            betas=(0.9, 0.999),
            eps=1e-8,
            weight_decay=self.recipe.weight_decay,
        )
        shares = [lambda step, name=name: learning_share(self.recipe, name, step) for name in groups]
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, shares)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def transfer_batch_to_device(self, batch: dict[str, Any], device: torch.device, index: int) -> dict[str, Any]:
        return batch | {name: batch[name].to(device, non_blocking=True) for name in ("low", "high")}

    def _diverged(self, what: str) -> ModelError:
        return ModelError(
            f"{what} at step {self.global_step} (people in the batch: {', '.join(self.people)}): stopped, {BEST} and "
            f"{LAST} keep the last good state; a lower training.learning_rate or training.clip=1 helps"
        )


def learning_share(recipe: TrainingRecipe, group: str, step: int) -> float:
    """Share of the group's learning rate at `step`."""
    done = min(step / recipe.steps, 1.0)
    if group == "dictionary" and done >= 1 - recipe.freeze:
        return 0.0
    warm = min((step + 1) / max(recipe.warmup, 1), 1.0)
    if recipe.schedule == "halving":
        return 0.5 ** sum(done >= mark for mark in HALVINGS[group])
    if recipe.schedule == "cosine":
        return warm * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * done)))
    return warm


def fit(
    method: DeepMethod,
    visits: Patches,
    recipe: TrainingRecipe,
    folder: Path,
    *,
    judge: Judge,
    resume: bool,
    place: Place,
    report: Reporter,
) -> Watch:
    """Fit `method`; afterwards its network holds the last weights and `folder` the best ones.

    Raises:
        CancelledError: stopped; `last.ckpt` is there. ModelError: diverged, or a checkpoint of another network.
        OutputError: a checkpoint could not be written. InputError: nothing to resume.
    """
    torch.manual_seed(recipe.seed)
    module = Fitting(method, recipe)
    method.network.to(memory_format=torch.channels_last_3d)
    watch = Watch(method, recipe, folder, judge, report)
    checkpoint = folder / LAST if resume else None
    content = {"global_step": 0} if checkpoint is None else read_checkpoint(checkpoint, module)
    first = content["global_step"]
    if first >= recipe.steps:
        watch.load_state_dict(content["callbacks"][watch.state_key])
        report.log(f"{LAST} is at step {first} of {recipe.steps}: there is nothing left to train")
        return watch
    with _quiet():
        trainer = _trainer(recipe, folder, watch, place)
        batches = PatchBatches(
            visits, seed=recipe.seed, first=first, last=recipe.steps, batch=recipe.batch, people=recipe.people,
            rank=trainer.global_rank, world=trainer.world_size,
        )  # fmt: skip
        loader = DataLoader(
            batches, batch_size=None, num_workers=place.workers, pin_memory=place.device.startswith("cuda")
        )
        trainer.fit(module, loader, ckpt_path=checkpoint, weights_only=True)
    return watch


def is_first_process() -> bool:
    """Whether this process writes files: the only one, or the first of a distributed run, known by its environment."""
    return rank_zero_only.rank == 0


def precision(recipe: TrainingRecipe, device: str) -> str:
    """The precision plugin's name: half where "auto" finds that the processor or GPU computes in it."""
    named = {"32": "32-true", "bf16": "bf16-mixed", "16": "16-mixed"}
    if recipe.precision != "auto":
        return named[recipe.precision]
    if device.startswith("cuda"):
        return named["bf16" if torch.cuda.is_bf16_supported() else "16"]
    can = [getattr(torch.cpu, f"_is_{what}_supported", lambda: False)() for what in ("avx512_bf16", "amx_tile")]
    return named["bf16" if device == "cpu" and any(can) else "32"]


def _trainer(recipe: TrainingRecipe, folder: Path, watch: Watch, place: Place) -> lightning.Trainer:
    kind, _, number = place.device.partition(":")
    table = CSVLogger(folder, LOGS)
    _leave_out_the_host()
    several = place.processes * place.nodes > 1
    return lightning.Trainer(
        accelerator={"cuda": "gpu"}.get(kind, kind),
        devices=[int(number)] if number else place.processes,
        num_nodes=place.nodes,
        strategy="ddp" if several else "auto",
        precision=precision(recipe, place.device),
        max_steps=recipe.steps,
        gradient_clip_val=recipe.clip or None,
        callbacks=[watch],
        logger=[table, TensorBoardLogger(folder, LOGS, version=table.version)],
        log_every_n_steps=min(10, recipe.steps),
        default_root_dir=folder,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        use_distributed_sampler=False,
    )


def _leave_out_the_host() -> None:
    """TensorBoard puts the computer's name into its files' names, which are copied and shown; it offers no choice."""
    from tensorboard.summary.writer import event_file_writer

    event_file_writer.socket = SimpleNamespace(gethostname=lambda: "iqt")


class _quiet(warnings.catch_warnings):  # noqa: N801 - reads as a verb
    """Lightning's advice is for its own users; ours get events."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.filterwarnings("ignore", module="lightning")
        warnings.filterwarnings("ignore", message=".*num_workers.*")
        warnings.filterwarnings("ignore", message="Grad strides do not match")  # of 1^3 kernels, between processes
        for name in ("lightning.pytorch", "lightning.fabric"):
            logging.getLogger(name).setLevel(logging.ERROR)
