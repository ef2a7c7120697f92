"""The card of a trained network: the model, its training subjects, and how their scans were simulated."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..data.packed import PackedBrain
from ..methods.networks.method import DeepMethod
from ..models.card import ModelCard
from ..models.store import Model
from ..physics.simulation import preset
from .provenance import grid_of, provenance
from .recipe import NetworkRecipe


def ancestry(origin: Model | None) -> dict[str, Any]:
    """What a card says about the model that was fine-tuned: its name, weights and complete training."""
    if origin is None:
        return {}
    told = {name: origin.card.training.get(name) for name in ("recipe", "step", "seconds", "started_from")}
    kept = {name: value for name, value in told.items() if value is not None}
    return {"started_from": {"name": origin.card.name, "sha256": origin.card.sha256} | kept}


def network_card(
    name: str,
    method: DeepMethod,
    recipe: NetworkRecipe,
    training_subjects: Sequence[PackedBrain],
    validation_subjects: Sequence[PackedBrain],
) -> ModelCard:
    """The card of `method`, trained with `recipe`."""
    data, settings = recipe.data, vars(method.settings)
    affines = [brain.affine for brain in (*training_subjects, *validation_subjects)]
    return ModelCard(
        name=name,
        method=method.name,
        settings=dict(settings),
        grid=grid_of(affines, data.factor),
        thickness=data.profile.thickness,
        gap=data.profile.gap,
        normalisation="brain-mean" if recipe.restores else "n4-brain-mean",
        contrast="any" if recipe.restores else data.suffix,
        description=recipe.description or _description(recipe),
        training={
            "people": [brain.person for brain in training_subjects],
            "validation_people": [brain.person for brain in validation_subjects],
            "data": data.source,
            "recipe": asdict(recipe),
            **({} if recipe.restores else {"simulator": _simulator(recipe)}),
            "parameters": sum(parameter.numel() for parameter in method.network.parameters()),
        }
        | provenance("numpy", "torch", "lightning"),
    )


def _description(recipe: NetworkRecipe) -> str:
    data = recipe.data
    trained_on = f"any scan, trained on {data.suffix}" if recipe.restores else f"{data.suffix} x{data.factor}"
    return f"{recipe.method} {trained_on}"


def _simulator(recipe: NetworkRecipe) -> dict[str, Any]:
    """How training scans were simulated, as in every card: the input checks compare a user's scan with this."""
    how = {"profile": asdict(recipe.data.profile), "noise": recipe.data.noise}
    if recipe.variation is not None:
        return {"variation": asdict(recipe.variation)} | how
    return {"distribution": asdict(preset(recipe.data.preset))} | how
