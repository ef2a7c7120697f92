"""Learning-rate schedules and the precision of a training."""

import math

from ..device import computes_bfloat16
from ..errors import InputError
from .recipe import TrainingRecipe

HALVINGS = {"body": (1 / 2, 3 / 4, 7 / 8, 15 / 16), "dictionary": (1 / 8, 1 / 4, 1 / 2, 3 / 4, 7 / 8)}  # SRDD 2022
FLOOR = 0.01  # of the cosine schedule


def learning_share(recipe: TrainingRecipe, group: str, step: int) -> float:
    """Share of the group's learning rate at `step`."""
    done = min(step / recipe.steps, 1.0)
    if group == "dictionary" and done >= 1 - recipe.freeze:
        return 0.0
    warm = min((step + 1) / max(recipe.warmup, 1), 1.0)
    if recipe.schedule == "halving":
        return 0.5 ** sum(done >= mark for mark in HALVINGS[group])
    if recipe.schedule == "cosine":
        falling = max(done - recipe.flat, 0.0) / (1 - recipe.flat)
        return warm * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * falling)))
    return warm


def precision(recipe: TrainingRecipe, device: str) -> str:
    """The name of lightning's precision plugin; "auto" chooses half precision where the device supports it."""
    kind = device.partition(":")[0]
    able = {"cuda": ("32", "bf16", "16"), "cpu": ("32", "bf16")}.get(kind, ("32",))
    chosen = recipe.precision
    if chosen == "auto":
        chosen = "bf16" if computes_bfloat16(device) else "16" if kind == "cuda" else "32"
    if chosen not in able:
        raise InputError(
            "training.precision is {chosen!r}: {device} trains in {able} only",
            chosen=chosen,
            device=device,
            able=", ".join(able),
        )
    return {"32": "32-true", "bf16": "bf16-mixed", "16": "16-mixed"}[chosen]
