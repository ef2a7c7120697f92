"""Do one task in a worker process: the same function locally and on a cluster."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

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

HERE = "experiments"
CODE = {
    "scores": ("image/metrics.py", f"{HERE}/scoring.py", f"{HERE}/estimates.py"),
    "bias": tuple(f"{HERE}/{name}.py" for name in ("battery", "bias", "rarity", "estimates")),
    "lesions": ("physics/lesions.py", *(f"{HERE}/{name}.py" for name in ("insertion", "lesions", "estimates"))),
    "sections": ("image/plotting.py", f"{HERE}/sections.py", f"{HERE}/estimates.py"),
    "lowfield": (
        f"{HERE}/lowfield.py",
        f"{HERE}/bias.py",
        "image/noise.py",
        "image/noise_estimate.py",
        "image/tissue.py",
    ),
    "check": (f"{HERE}/interpolation.py", "image/metrics.py"),
    "cost": (f"{HERE}/cost.py",),
    "train srep": ("training/srep.py", "methods/srep", "data/training_pairs.py"),
    "train ddl": ("training/networks.py", "training/sampler.py", "training/simulator.py", "methods/networks/ddl"),
    "library": (f"{HERE}/rarity.py", "image/patches.py"),
}
"""Code that decides a result besides that of pairs and models: a change of it makes the result again."""


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
