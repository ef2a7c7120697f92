"""The way from public data to the shipped models and the published scores."""

import importlib.util
from pathlib import Path

import pytest
from IQTLib.evaluation.heldout import plan
from IQTLib.io.typed import built
from IQTLib.models.store import find, read_card
from IQTLib.training.recipe import read_recipe, recipe_of, shipped
from IQTLib.training.srep import SRepRecipe

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(folder.name for folder in (ROOT / "Resources" / "Models").iterdir() if folder.is_dir())


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
    trained = {name for model in SHIPPED for name in read_card(find(model)).training["people"]}
    assert named | trained <= set(known)
    assert all(one["source"] and one["identifier"] and one["licence"] for one in known.values())
    assert {name for name, one in known.items() if one["role"] in ("training", "validation")} >= trained
    assert known["head07"]["url"].endswith("ds000011/sub-07/anat/sub-07_T1w.nii.gz")


@pytest.mark.parametrize("model", SHIPPED)
def test_every_part_of_a_shipped_models_training_is_a_recipe_of_this_version(reproduce, model):
    parts = reproduce.parts(model)
    for recipe in parts:
        if "method" in recipe:
            recipe_of(recipe)
        else:
            built(SRepRecipe, recipe)
    assert len(parts) == {"unet-t1w-x4": 5, "unet-t1w-x4-robust": 4, "ddl-t1w-x4": 3}.get(model, 1)


def test_scans_are_fetched_under_their_names_and_only_once(reproduce, tmp_path, monkeypatch, capsys):
    source = tmp_path / "original.nii.gz"
    source.write_bytes(b"voxels")
    one = {"source": "here", "identifier": "sub-01", "licence": "CC0"}
    known = {"a01": one | {"url": source.as_uri()}, "b02": one}
    monkeypatch.setattr(reproduce, "subjects", lambda: known)
    (made,) = reproduce.fetch(tmp_path / "scans")
    assert made == tmp_path / "scans" / "sub-a01" / "anat" / "sub-a01_T1w.nii.gz"
    assert made.read_bytes() == b"voxels"
    assert reproduce.fetch(tmp_path / "scans") == []
    assert "b02: take sub-01 from here" in capsys.readouterr().out


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
