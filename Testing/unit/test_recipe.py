"""Recipes: one file decides a training run, and says in plain words what it cannot."""

import json
from dataclasses import asdict

import pytest
from IQTLib.errors import InputError, ModelError
from IQTLib.methods.networks.ddl.method import DDL
from IQTLib.methods.networks.liif.method import Liif
from IQTLib.methods.networks.restore.method import Restore
from IQTLib.methods.networks.unet.method import UNet
from IQTLib.methods.registry import trainable
from IQTLib.models.store import CARD, bundled_folder, read_card
from IQTLib.physics.simulation import PRESETS
from IQTLib.training.dictionaries import dictionary_recipe
from IQTLib.training.recipe import NetworkRecipe, load_recipe, read_recipe, recipe_of, shipped
from IQTLib.training.simulator import Variation

TOML = """
method = "unet"
description = "a trial"
[settings]
filters = 4
[data]
exclude = ["a", "b"]
slice_axes = "j, i"
patch = 16
snr = "once"
[variation]
snr = [10, 50.5]
profiles = [[3, 1], [4, 0]]
[training]
steps = 12
learning_rate = 1
precision = "32"
"""
YAML = """
method: unet
description: a trial
settings: {filters: 4}
data:
  exclude: [a, b]
  slice_axes: j, i
  patch: 16
  snr: once
variation:
  snr: [10, 50.5]
  profiles: [[3, 1], [4, 0]]
training:
  steps: 12
  learning_rate: 0.5
  precision: "32"
"""


def test_subjects_with_axes_of_their_own_are_named_by_pattern():
    own = {"head0[1-3]": "k,j,i", "head*": "k"}
    recipe = recipe_of({"method": "unet", "data": {"slice_axes": "j,i", "own_axes": own}})
    people = ["head01", "head07", "stripped01", "Head02"]
    assert recipe.data.own_axes_of(people) == {"head01": (2, 1, 0), "head07": (2,)}


def written(tmp_path, text: str, name: str = "own.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


NETWORKS = [name for name in shipped() if read_recipe(name)["method"] in trainable("network", "restoration", "slices")]


@pytest.mark.parametrize("name", NETWORKS)
def test_shipped_recipes_make_sense(name):
    recipe = load_recipe(name)
    assert name.startswith(recipe.method)
    assert type(recipe.new_method()) is {"unet": UNet, "ddl": DDL, "restore": Restore, "liif": Liif}[recipe.method]
    assert set(recipe.data.validation_sets) <= set(PRESETS)
    assert (recipe.variation is not None) == name.endswith("robust")
    assert json.loads(json.dumps(asdict(recipe)))  # as it lands in the card


@pytest.mark.parametrize("name", [name for name in shipped() if name.startswith("srep-t1w")])
def test_recipes_of_dictionaries_give_the_shipped_settings(name):
    shipped_settings = read_card(bundled_folder() / name).settings
    assert asdict(dictionary_recipe(name).settings) == shipped_settings
    assert dictionary_recipe(name, atoms=64, patch=None).settings.atoms == 64


@pytest.mark.parametrize(
    ("text", "says"),
    [('method = "ddl"', "not one of method srep"), ('method = "srep"\ncolour = 1', "colour"), ("patch = 7", "method")],
)
def test_recipes_of_dictionaries_that_make_no_sense_are_refused(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        dictionary_recipe(written(tmp_path, text))


def test_every_shipped_model_has_a_recipe():
    named = {"iqt-any": "restore-gpu"}
    models = {folder.name for folder in bundled_folder().iterdir() if (folder / CARD).is_file()}
    assert set(shipped()) >= {named.get(model, model) for model in models}


def test_recipe_has_what_its_file_says(tmp_path):
    recipe = load_recipe(written(tmp_path, TOML.replace("learning_rate = 1", "learning_rate = 0.5")))
    assert (recipe.method, recipe.description, recipe.settings) == ("unet", "a trial", {"filters": 4})
    assert recipe.data.exclude == ("a", "b")
    assert recipe.data.axes == (1, 0)
    assert recipe.variation == Variation(snr=(10, 50.5), profiles=((3, 1), (4, 0)))
    assert (recipe.training.steps, recipe.training.learning_rate) == (12, 0.5)
    assert recipe.simulator.once
    assert recipe.new_method().settings.filters == 4


@pytest.mark.parametrize("ending", ["yaml", "yml"])
def test_yaml_equals_toml(tmp_path, ending):
    toml = written(tmp_path, TOML.replace("learning_rate = 1", "learning_rate = 0.5"))
    assert load_recipe(written(tmp_path, YAML, f"own.{ending}")) == load_recipe(toml)


def test_a_card_holds_a_recipe_that_is_the_same_again():
    recipe = load_recipe("unet-t1w-x4-robust")
    assert recipe_of(json.loads(json.dumps(asdict(recipe)))) == recipe


def test_overrides_change_single_values():
    recipe = load_recipe(
        "unet-t1w-x4", {"training.steps": 7, "settings.filters": 2, "variation.bias": 0.2, "description": "mine"}
    )
    assert recipe.training.steps == 7
    assert recipe.settings["filters"] == 2
    assert recipe.variation == Variation(bias=0.2)
    assert recipe.description == "mine"
    assert recipe.training.validate_every == load_recipe("unet-t1w-x4").training.validate_every


def test_profile_of_a_recipe_is_three_parts_slice_unless_it_says_otherwise():
    assert recipe_of({"method": "unet"}).data.profile.thickness == 3
    assert recipe_of({"method": "unet", "data": {"thickness": 2}}).data.profile.gap == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"method": "unet", "surprise": 1}, "surprise is unknown"),
        ({"method": "unet", "training": {"stepps": 1}}, "training.stepps is unknown"),
        ({"method": "unet", "data": {"folder": "x"}}, "data.folder is unknown"),
        ({"method": "unet", "settings": {"atoms": 64}}, "settings.atoms is unknown"),
        ({"method": "unet", "variation": {"noise": 1}}, "variation.noise is unknown"),
        ({}, "method"),
        ({"method": "unet", "training": {"steps": "many"}}, "training.steps is 'many': it must be a whole number"),
        ({"method": "unet", "training": {"steps": 1.5}}, "training.steps is 1.5: it must be a whole number"),
        ({"method": "unet", "training": {"steps": True}}, "training.steps is True"),
        ({"method": "unet", "data": {"exclude": "a"}}, "data.exclude is 'a': it must be a list"),
        ({"method": "unet", "training": 5}, "training is 5"),
        ({"method": "unet", "data": "many"}, "data is 'many'"),
        ({"method": "unet", "training": {"loss": "huber"}}, "training.loss is 'huber'"),
        ({"method": "unet", "training": {"precision": "64"}}, "training.precision is '64'"),
        ({"method": "unet", "training": {"schedule": "linear"}}, "training.schedule is 'linear'"),
        ({"method": "unet", "data": {"noise": "pink"}}, "data.noise is 'pink'"),
        ({"method": "unet", "data": {"gain": "own"}}, "data.gain is 'own'"),
        ({"method": "unet", "data": {"snr": "twice"}}, "data.snr is 'twice'"),
        ({"method": "unet", "data": {"preset": "OOD"}}, "no SNR preset 'OOD'"),
        ({"method": "unet", "data": {"validation_sets": ["InD9"]}}, "no SNR preset 'InD9'"),
        ({"method": "unet", "data": {"validation_sets": []}}, "validation_sets"),
        ({"method": "unet", "data": {"slice_axes": "x"}}, "slice axes 'x'"),
        ({"method": "unet", "data": {"slice_axes": ""}}, "slice axes"),
        ({"method": "unet", "data": {"own_axes": {"head*": "z"}}}, "slice axes 'z'"),
        ({"method": "unet", "data": {"own_axes": {"head*": 2}}}, r"data.own_axes.head\* is 2"),
        ({"method": "unet", "data": {"own_axes": "k"}}, "data.own_axes is 'k'"),
        ({"method": "unet", "data": {"patch": 18}}, "patch 18"),
        ({"method": "unet", "data": {"patch": 24}}, "patch 24"),
        ({"method": "unet", "data": {"factor": 8}}, "settings.factor 4 contradicts data.factor 8"),
        ({"method": "unet", "data": {"thickness": 5}}, "thickness 5"),
        ({"method": "unet", "variation": {"profiles": [[4, 4]]}}, r"factor \[8\] contradict factor 4"),
        ({"method": "unet", "variation": {"profiles": []}}, "profiles"),
        ({"method": "unet", "variation": {"snr": [50, 10]}}, "variation.snr"),
        ({"method": "unet", "variation": {"snr": [0, 10]}}, "variation.snr"),
        ({"method": "unet", "variation": {"snr": [5]}}, "variation.snr"),
        ({"method": "unet", "variation": {"bias": -1}}, "variation.bias"),
        ({"method": "unet", "training": {"batch": 10, "people": 4}}, "batch 10 is not a multiple of people 4"),
        ({"method": "unet", "training": {"steps": 0}}, "training.steps is 0"),
        (
            {"method": "unet", "training": {"learning_rate": 3.0}},
            "training.learning_rate is 3.0: it must be a number from 0 to 1",
        ),
        ({"method": "unet", "training": {"freeze": 1.0}}, "training.freeze is 1.0"),
        ({"method": "ddl", "settings": {"atoms": 65}}, "power of two"),
        ({"method": "unet", "settings": {"filters": 3}}, "filters 3"),
        ({"method": "srep"}, "srep"),
        ({"method": "interpolation"}, "interpolation"),
        ({"method": "gan"}, "unknown method 'gan'"),
        ({"method": "unet", "data": {"patch": 0}}, "data.patch is 0: it must be a whole number from 16 to 256"),
        ({"method": "unet", "data": {"patch": -32}}, "data.patch is -32"),
        ({"method": "unet", "data": {"lesions": 10**9}}, "data.lesions is 1000000000"),
        ({"method": "unet", "data": {"preset": "60,50,nan,8,0.9"}}, "SNR distribution 60,50,nan,8,0.9"),
        ({"method": "unet", "training": {"clip": float("nan")}}, "training.clip is nan: it must be a number from 0"),
        ({"method": "unet", "training": {"clip": -1.0}}, "training.clip is -1.0"),
        ({"method": "unet", "training": {"patience": -1}}, "training.patience is -1"),
        ({"method": "unet", "training": {"seed": -1}}, "training.seed is -1"),
        ({"method": "unet", "training": {"seed": 10**5000}}, "training.seed is a number of too many digits"),
        ({"method": "unet", "variation": {"profiles": [[5, -1]]}}, "variation.profiles is -1"),
        ({"method": "unet", "description": "x" * 3000}, "description is 'x+...x+': it must be text of at most 2000"),
        ({"method": "unet", "description": "\ud800"}, "description is '.*': it must be text without control"),
        ({"method": "unet", 5: 6}, "5 is not a name: names are text, in quotes"),
        ({"method": "unet", "data": {True: 6}}, "data.True is not a name"),
        ({"method": "unet", "settings": {"x" * 300: 6}}, r"settings.x+\.\.\.x+ is unknown"),
    ],
)
def test_a_contradictory_recipe_is_reported(content, says):
    with pytest.raises((InputError, ModelError), match=says):
        recipe_of(content)


def test_unknown_section_in_an_override_is_said():
    with pytest.raises(InputError, match="sections are settings, data"):
        load_recipe("unet-t1w-x4", {"trainings.steps": 1})


def test_files_that_are_no_recipes_are_said(tmp_path):
    with pytest.raises(InputError, match=r"no recipe 'ddl-t2': neither a .toml or .yaml file nor one of"):
        load_recipe("ddl-t2")
    with pytest.raises(InputError, match="cannot be read"):
        load_recipe(tmp_path / "nowhere.toml")
    for name, text in (("a.toml", "method = "), ("b.yaml", "method: [unet")):
        with pytest.raises(InputError, match="cannot be read"):
            load_recipe(written(tmp_path, text, name))
    with pytest.raises(InputError, match="holds no named values"):
        load_recipe(written(tmp_path, "- unet", "c.yaml"))
    (tmp_path / "d.toml").write_bytes(b"\\xff\\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        load_recipe(tmp_path / "d.toml")


def test_recipes_are_frozen():
    assert NetworkRecipe.__dataclass_params__.frozen
