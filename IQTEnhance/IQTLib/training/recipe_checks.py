"""Sections and settings of a recipe that its method would ignore: refused, because they would do nothing."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..errors import InputError
from ..sentences import Sentence

RESTORATION_DATA = {"patch", "suffix", "exclude", "validate", "test", "source"}
SLICE_DATA = {"patch", "suffix", "exclude", "test", "source"}


def check_sections(recipe: Any, content: Mapping[str, Any]) -> None:
    """Refuse what the method of `recipe`, a `NetworkRecipe` made from `content`, would ignore.

    Raises:
        InputError: there is such a setting.
    """
    if recipe.restores:
        _check_idle(recipe, content, RESTORATION_DATA, Sentence("a restoration is trained on scans of any kind"))
    if recipe.on_slices:
        read = SLICE_DATA | ({"validate"} if recipe.of_volumes else set())
        _check_idle(recipe, content, read, Sentence("a network on slices is trained on slices as they are"))
    elif recipe.slices is not None:
        raise InputError("slices: only a network on slices has this section, {method} is none", method=recipe.method)
    if recipe.whole_scans is not None:
        _check_whole_scans(recipe)


def _check_idle(recipe: Any, content: Mapping[str, Any], read: set[str], why: str) -> None:
    """Refuse settings of data other than those that are `read`: such a method simulates no thick slices."""
    usual = json.loads(json.dumps(asdict(type(recipe.data)())))  # a model's card holds every setting
    idle = {
        name
        for name, value in content.get("data", {}).items()
        if name not in read and json.loads(json.dumps(value)) != usual.get(name)
    }
    if idle or content.get("variation") is not None:
        told = ", ".join(sorted(f"data.{name}" for name in idle)) or "variation"
        raise InputError("{told}: {why}, leave it out", told=told, why=why)


def _check_whole_scans(recipe: Any) -> None:
    """Refuse settings that whole scans replace, and methods that are not trained on them."""
    if not recipe.restores:
        raise InputError(
            "whole_scans: only a restoration is trained on whole scans, {method} is none", method=recipe.method
        )
    usual = type(recipe)(recipe.method)
    if recipe.data.patch != usual.data.patch:
        raise InputError("data.patch: whole_scans.sizes says how large patches are, leave it out")
    for name in ("batch", "people"):
        if getattr(recipe.training, name) != getattr(usual.training, name):
            raise InputError("training.{name}: whole_scans.sizes has the patches of a batch, leave it out", name=name)
