"""Do one task in a worker process: the same function locally and on a cluster."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..methods.registry import METHODS
from .code import code_digest
from .store import Store
from .tasks import Context, Task

WORK = {
    "scores": "scoring:scores",
    "bias": "battery:bias",
    "lesions": "insertion:lesions",
    "sections": "sections:sections",
    "lowfield": "lowfield:lowfield",
    "check": "interpolation:check",
    "cost": "cost:cost",
    "train srep": "trainings:srep",
    "train ddl": "trainings:ddl",
    "library": "trainings:library",
}
"""Measure -> module:function. Each takes a task's inputs and the context, and returns the row."""

LEARNED = {"train ddl": ("methods.networks.ddl.method",)}
"""What a training learns where its recipe alone names it: its code counts, too."""


def code_of(measure: str) -> str:
    """Digest of all code that decides a row of `measure`, but for the method's own (`method_code`)."""
    return code_digest(f"experiments.{WORK[measure]}", *LEARNED.get(measure, ()))


def method_code(method: str) -> str:
    """Digest of all code that decides what `method` makes of a scan."""
    module = METHODS[method].implementation.partition(":")[0].partition(".")[2]
    return code_digest("experiments.estimates:estimate_of", module)


def perform(task: Task, context: Context) -> None:
    """Do `task` and put its row into the store, unless it is there already."""
    store = Store(context.store)
    if store.row(task.key) is not None:
        return
    if context.threads:
        import torch

        torch.set_num_threads(min(context.threads, torch.get_num_threads()))  # OMP_NUM_THREADS may want fewer
    start = time.monotonic()
    row = work_of(task.measure)({**task.inputs, "key": task.key}, context)
    store.put_row(task.key, {"title": task.title, "took": round(time.monotonic() - start, 1), **row})


def work_of(measure: str) -> Callable[[dict[str, Any], Context], dict[str, Any]]:
    """The function behind a measure, imported when it is needed."""
    module, _, name = WORK[measure].partition(":")
    return getattr(import_module(f".{module}", __package__), name)
