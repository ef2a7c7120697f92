"""Recipes and cards of anybody's making: each is valid, or one line says which value is not and what is allowed."""

import copy
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError, IQTError, ModelError
from IQTLib.io.typed import built
from IQTLib.methods.registry import trainable
from IQTLib.methods.srep.method import SRepSettings
from IQTLib.models import store
from IQTLib.models.card import CARD, read_card
from IQTLib.models.store import bundled_folder
from IQTLib.physics.lesions import caution
from IQTLib.training.dictionaries import DictionaryRecipe, dictionary_recipe
from IQTLib.training.recipe import read_recipe, recipe_of, shipped
from test_cli import iqt  # noqa: F401 - a fixture

RECIPES = {name: read_recipe(name) for name in shipped()}
DEEP = sorted(name for name in RECIPES if RECIPES[name]["method"] in trainable("network", "restoration", "slices"))
CARDS = {folder.name: json.loads((folder / CARD).read_text()) for folder in sorted(bundled_folder().iterdir())}
WHOLE = (0, -1, -32, 1, 2, 3, 8, 16, 24, 48, 10**9, 2**63, 10**400)
REAL = (0.0, -0.5, 1e-320, 1e308, math.nan, math.inf, -math.inf)
TEXTS = ("", "auto", "32", "k,j,i", "x" * 300, "a\nb", "\ud800", "\x00", "60,50,nan,8,0.9", "60,50,5,5,1", "[", "InD1")
LEAVES = st.one_of(
    st.none(), st.booleans(), st.sampled_from(WHOLE + REAL), st.sampled_from(TEXTS), st.integers(), st.floats(),
    st.text(max_size=20),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LEAVES, inner, max_size=3), max_leaves=6
)
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(content: Any, path: tuple = ()) -> list[tuple]:
    """Paths to everything in nested dictionaries and lists."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path] * bool(path) + [place for key, value in inside for place in places(value, (*path, key))]


def mutated(data: st.DataObject, valid: dict[str, Any], extra: tuple[str, ...]) -> dict[Any, Any]:
    """`valid` with one to three values replaced, removed or added."""
    content = copy.deepcopy(valid)
    for _ in range(data.draw(st.integers(1, 3))):
        known = places(content) + [(key,) for key in extra if key not in content]
        *outer, last = data.draw(st.sampled_from(known)) if known else (data.draw(LEAVES),)
        inside = content
        for key in outer:
            inside = inside[key]
        how = data.draw(st.sampled_from(("replace", "replace", "remove", "add")))
        if how == "add" and isinstance(inside, dict):
            inside[data.draw(LEAVES)] = data.draw(VALUES)
        elif how == "remove" and (isinstance(inside, list) or last in inside):
            del inside[last]
        else:
            inside[last] = data.draw(VALUES)
    return content


def one_line(error: IQTError) -> None:
    message = str(error)
    assert message
    assert len(message.splitlines()) == 1, message
    assert len(message) < 1000
    message.encode("utf-8")


SECTIONED = ("description", "settings", "data", "training", "variation")
EVERYTHING = {name: json.loads(json.dumps(asdict(recipe_of(RECIPES[name])))) for name in DEEP}  # defaults written out


@QUICK
@given(data=st.data())
def test_a_recipe_is_valid_or_refused_in_a_line(data):
    name = data.draw(st.sampled_from(DEEP))
    content = mutated(data, data.draw(st.sampled_from((RECIPES, EVERYTHING)))[name], SECTIONED)
    try:
        recipe = recipe_of(content)
    except (InputError, ModelError) as error:
        one_line(error)
        return
    json.dumps(asdict(recipe), allow_nan=False).encode("utf-8")
    with torch.device("meta"):
        network = recipe.new_method().build()
    multiple = getattr(network, "multiple", 1)  # networks on slices take any
    x, z = (
        (multiple, multiple) if recipe.restores or recipe.on_slices else (multiple[0], multiple[2] * recipe.data.factor)
    )
    patch = recipe.data.patch
    assert patch > 0
    assert patch % x == 0 == patch % z
    recipe.data.own_axes_of(["p1"]), recipe.data.profile, recipe.maximum_noise


@QUICK
@given(data=st.data())
def test_a_recipe_of_dictionaries_is_valid_or_refused_in_a_line(data):
    content = mutated(data, json.loads(json.dumps(asdict(dictionary_recipe()))), ())
    try:
        recipe = built(DictionaryRecipe, content)
    except (InputError, ModelError) as error:
        one_line(error)
        return
    json.dumps(asdict(recipe), allow_nan=False).encode("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("model")


@QUICK
@given(data=st.data())
def test_a_card_is_valid_or_refused_in_a_line(folder, data):
    valid = CARDS[data.draw(st.sampled_from(sorted(CARDS)))]
    content = mutated(data, valid, ())
    (folder / CARD).write_text(json.dumps(content, skipkeys=True))
    try:
        card = read_card(folder)
        method = store._method(card, {})
    except (InputError, ModelError) as error:
        one_line(error)
        return
    assert method.name == card.method
    assert card.model_grid.factor == card.profile.factor
    caution(card.lesions)
    _trained(card)


def _trained(card) -> None:
    """What is told of a scan beside this training."""
    from IQTLib.models.input_checks import _trained_snr

    ranges = _trained_snr(card.training.get("simulator", {}))
    assert ranges is None or all(math.isfinite(number) for pair in ranges for number in pair)


LONG = "n" * 300


@pytest.mark.parametrize(
    "words",
    [
        ["enhance", "scan.nii", "out.nii", "--model", LONG],
        ["models", "check", LONG],
        ["enhance", "scan.nii", f"{LONG}.nii", "--model", "cubic"],
        ["train", "unet", ".", "model", "--recipe", f"{LONG}.toml"],
        ["train", "unet", ".", LONG],
    ],
)
def test_names_too_long_for_the_system_are_said_in_a_line(iqt, words):  # noqa: F811
    one_error(iqt(*words), 3, 5)


def one_error(done, *codes: int) -> None:
    assert done.code in codes, done.err
    assert done.err.count("\n") == 1
    assert "unexpected" not in done.err


@pytest.mark.parametrize("value", ["'omp", '"omp"', 10**400, True, None])
def test_a_choice_is_taken_to_the_letter(value):
    settings = copy.deepcopy(CARDS["srep-t1w-x4"]["settings"]) | {"solver": value}
    with pytest.raises(InputError, match=r"solver is .*: choose one of"):
        built(SRepSettings, settings)
