"""The way from public data to the shipped models and the published scores."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from cohorts import written
from IQTLib.evaluation.heldout import plan
from IQTLib.models.store import find, read_card
from IQTLib.training.recipe import read_recipe, shipped
from tiny import saved

ROOT = Path(__file__).parents[2]
SHIPPED = sorted({folder.name for folder in (ROOT / "Resources" / "Models").iterdir()} - {"liif-t2w"})  # of mid-slices


@pytest.fixture(scope="module")
def reproduce():
    spec = importlib.util.spec_from_file_location("reproduce", ROOT / "docs" / "reproduce" / "reproduce.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_subject_has_a_public_source_a_licence_and_one_role(reproduce):
    known = reproduce.subjects()
    people = plan()
    named = {entry["person"] for entry in people["people"]} | {*people["validate"], *people["never_trained"]}
    cards = [read_card(find(model)).training for model in SHIPPED]
    trained = {name for card in cards for name in card["people"]}
    validating = {name for card in cards for name in card.get("validation_people", ())}
    assert named | trained | validating <= set(known)
    assert all(one["source"] and one["identifier"] and one["licence"] for one in known.values())
    assert {name for name, one in known.items() if one["role"] in ("training", "validation")} == trained | validating
    assert known["head07"]["url"].endswith("ds000011/sub-07/anat/sub-07_T1w.nii.gz")


@pytest.mark.parametrize("model", SHIPPED)
def test_every_part_of_a_shipped_models_training_is_a_recipe_of_this_version(reproduce, model):
    assert len(reproduce.parts(model)) == {"unet-t1w-x4": 5, "unet-t1w-x4-robust": 4, "ddl-t1w-x4": 3}.get(model, 1)


def test_the_list_of_models_shows_commands_and_what_differs_from_the_recipe_in_the_package(reproduce):
    text = "\n".join(reproduce.models())
    for model in SHIPPED:
        assert f"reproduce.py train {model} SCANS TARGET" in text
    assert "data.own_axes.head* 'k,j,i'" in text
    assert "data.patch" not in text  # what defines a model is the same in both
    assert "settings.filters" not in text
    assert text.count("only similar weights") == 2  # iqt-any and aplus-t1w-x4


@pytest.mark.parametrize("local", [False, True])
def test_scans_are_fetched_under_their_names_and_only_once(reproduce, local, tmp_path, monkeypatch, capsys):
    source = tmp_path / "mirror" / "ds1" / "original.nii.gz"
    source.parent.mkdir(parents=True)
    source.write_bytes(b"voxels")
    one = {"source": "here", "identifier": "sub-01", "licence": "CC0"}
    address = f"{reproduce.OPENNEURO}ds1/original.nii.gz" if local else source.as_uri()
    known = {"a01": one | {"url": address, "suffix": "FLAIR"}, "b02": one}
    monkeypatch.setattr(reproduce, "subjects", lambda: known)
    where = tmp_path / "mirror" if local else None
    (made,) = reproduce.fetch(tmp_path / "scans", where)
    assert made == tmp_path / "scans" / "sub-a01" / "anat" / "sub-a01_FLAIR.nii.gz"
    assert made.read_bytes() == b"voxels"
    source.unlink()
    assert reproduce.fetch(tmp_path / "scans", where) == []
    assert "b02: take sub-01 from here" in capsys.readouterr().out
    made.unlink()
    if local:
        with pytest.raises(SystemExit, match="--from takes the folder that holds ds002748"):
            reproduce.fetch(tmp_path / "scans", where)


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Small scans named as subjects of the shipped models, and one that none of them was trained on."""
    folder = written(tmp_path_factory.mktemp("scans"), 4, (36, 36, 40))
    for number, name in enumerate(("head01", "head05", "stripped49", "trio26y")):
        (folder / f"sub-{name}").mkdir()
        for path in folder.glob(f"sub-p{number}_*"):
            path.rename(folder / f"sub-{name}" / path.name.replace(f"p{number}", name))
    return folder


def test_the_stages_of_a_network_start_from_one_another_and_use_its_own_subjects(
    reproduce, scans, tmp_path, monkeypatch, capsys
):
    runs = []

    def train(source, target, recipe, *, hardware, start):
        runs.append((recipe, start))
        saved(target)

    monkeypatch.setattr("IQTLib.training.networks.train", train)
    with pytest.raises(SystemExit, match="holds no scan of head02"):
        reproduce.train("unet-t1w-x4-robust", scans, tmp_path / "unet")
    reproduce.train("unet-t1w-x4-robust", scans, tmp_path / "unet", quick=True)
    assert [start and start.name for _, start in runs] == [None, "unet-part1", "unet-part2", "unet-part3"]
    for recipe, _ in runs:
        assert "trio26y" in recipe.data.exclude
        assert set(recipe.data.validate) == {"stripped49", "head05"}
        assert recipe.training.steps == 2
    assert [recipe.training.seed for recipe, _ in runs] == [300, 301, 302, 701]
    assert "different from the shipped weights" in capsys.readouterr().out


def test_dictionaries_trained_twice_are_the_same(reproduce, scans, tmp_path, monkeypatch):
    small = [replace(recipe, patch=3, atoms=32) for recipe in reproduce.parts("srep-t1w-x4-paper")]
    monkeypatch.setattr(reproduce, "parts", lambda _: small)
    for name in ("once", "again"):
        reproduce.train("srep-t1w-x4-paper", scans, tmp_path / name, quick=True)
    assert read_card(tmp_path / "once").training["people"] == ["head01", "head05", "stripped49"]
    assert reproduce.same_weights(tmp_path / "once", tmp_path / "again")
    assert not reproduce.same_weights(tmp_path / "once", "srep-t1w-x4-paper")


def test_scores_are_compared_cell_by_cell(reproduce, tmp_path):
    published = ROOT / "docs" / "scores.csv"
    lines = published.read_text(encoding="utf-8").splitlines()
    *cell, value = lines[1].split(",")
    own = tmp_path / "scores.csv"
    own.write_text("\n".join([lines[0], ",".join([*cell, str(float(value) + 0.25)]), lines[2]]) + "\n")
    told = list(reproduce.compared(own, published))
    assert told[0] == f"2 of {len(lines) - 1} published scores were recomputed"
    assert any(text.startswith(f"{cell[-1]}: largest difference 0.25") for text in told)


def test_recipes_that_come_with_iqt_know_nothing_of_our_own_subjects():
    for name in shipped():
        content = read_recipe(name)
        data = content.get("data", content)
        assert "own_axes" not in data
        assert data.get("slice_axes", "k") in ("k", "k,j,i")
        assert not any(data.get(part) for part in ("exclude", "validate", "test"))
