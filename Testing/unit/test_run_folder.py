"""A training's folder: nobody's older run, and no other folder, is lost by a typo, a failure or a kill."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from cohorts import written
from IQTLib.errors import InputError, ModelError, OutputError
from IQTLib.io.folders import SCRATCH
from IQTLib.training import dictionaries
from IQTLib.training import networks as deep
from IQTLib.training.processes import Hardware
from IQTLib.training.run_folder import ASIDE, KEPT_RECIPE, LAST, begun, check_run, run_of
from test_deep_training import recipe


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("people"), 3, (32, 30, 32))


@pytest.fixture
def target(tmp_path) -> Path:
    """A model's folder to be, and an older run that has reached a checkpoint."""
    target = tmp_path / "model"
    with begun(run_of(target), recipe()):
        (run_of(target) / LAST).write_text("older")
    return target


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def train(method: str, source: Path, target: Path, *, start: Path | None = None, **changes) -> None:
    if method == "srep":
        names = {key.removeprefix("data_"): tuple(value) for key, value in changes.items()}
        dictionaries.train(
            source, target, dictionaries.DictionaryRecipe(**({"validate": ("p1",)} | names)), overwrite=True
        )
    else:
        deep.train(source, target, recipe(**changes), hardware=Hardware(), start=start, overwrite=True)


MISTAKES = {
    "source": {"source": "typo"},
    "people": {"data_test": ["p0", "p1", "p2"], "data_validate": []},
    "start": {"start": Path("no model")},
}


@pytest.mark.parametrize(
    ("method", "mistake"), [*(("unet", m) for m in MISTAKES), ("srep", "source"), ("srep", "people")]
)
def test_a_mistake_costs_no_older_run(people, target, monkeypatch, method, mistake):
    """Everything is looked at before the older run steps aside."""
    monkeypatch.setattr("IQTLib.training.run_folder._stepped_aside", lambda *_: pytest.fail("moved too early"))
    if (method, mistake) == ("srep", "start"):
        pytest.skip("dictionaries go on from no model")
    changes = dict(MISTAKES[mistake])
    source = people / changes.pop("source", "")
    before = everything_in(target.parent)
    with pytest.raises((InputError, ModelError)):
        train(method, source, target, **changes)
    assert everything_in(target.parent) == before


def test_a_run_that_was_killed_while_it_began_is_in_nobody_s_way(tmp_path):
    scratch = tmp_path / "model.run" / f"{SCRATCH}killed"
    (scratch / "new").mkdir(parents=True)
    (scratch / "new" / KEPT_RECIPE).write_text("{")
    with begun(run_of(tmp_path / "model"), recipe()):
        assert not scratch.exists()


def test_a_run_that_ends_before_its_first_checkpoint_brings_the_older_one_back(target):
    before = everything_in(target.parent)
    with suppress(KeyboardInterrupt), begun(run_of(target), recipe(training_steps=1), overwrite=True):
        assert (target.parent / f"model.run{ASIDE}" / LAST).is_file()
        raise KeyboardInterrupt
    assert everything_in(target.parent) == before


def test_one_that_ends_later_keeps_both_and_the_older_one_goes_with_success(target):
    newer, aside = recipe(training_steps=1), target.parent / f"model.run{ASIDE}"
    for number in range(2):  # overwritten twice, and twice in vain
        with suppress(KeyboardInterrupt), begun(run_of(target), newer, overwrite=True):
            (run_of(target) / LAST).write_text(f"newer {number}")
            raise KeyboardInterrupt
    found = {path.read_text() for path in target.parent.glob(f"*/{LAST}")}
    assert found == {"older", "newer 0", "newer 1"}
    with begun(run_of(target), newer, resume=True):
        pass
    assert [path.name for path in target.parent.iterdir()] == ["model.run"]
    assert not aside.exists()


@pytest.mark.parametrize(
    ("learn", "validate"), [(["a 1"], ["c 1"]), (["a 1", "b 2"], ["c 1"]), (["a 1", "c 1"], ["b 1"])]
)
def test_a_run_resumes_only_with_the_scans_that_it_began_with(tmp_path, learn, validate):
    """The card would name only those of the last part, and a test would take the others for new ones."""
    folder = tmp_path / "model.run"
    began = {"learn": ["b 1", "a 1"], "validate": ["c 1"]}
    with begun(folder, recipe(), subjects=began):
        pass
    with begun(folder, recipe(), subjects=began, resume=True):
        pass
    changed = {"learn": learn, "validate": validate}
    with (
        pytest.raises(InputError, match="began with other scans or roles of b"),
        begun(folder, recipe(), subjects=changed, resume=True),
    ):
        pytest.fail("it was resumed")


def test_a_run_that_the_user_named_alike_stays(target):
    kept = target.parent / f"model.run{ASIDE}-keep"
    shutil.copytree(run_of(target), kept)
    with begun(run_of(target), recipe(training_steps=1), overwrite=True):
        pass
    assert (kept / LAST).read_text() == "older"


def test_without_overwrite_a_run_with_a_checkpoint_stays(target):
    with pytest.raises(OutputError, match="continue with --resume, or start again with --overwrite"):
        check_run(run_of(target), recipe(), resume=False, overwrite=False)
    (run_of(target) / LAST).unlink()  # killed before its first one: nothing to keep
    check_run(run_of(target), recipe(), resume=False, overwrite=False)


@pytest.mark.parametrize("method", ["unet", "srep"])
def test_a_folder_of_another_kind_is_never_taken_for_a_run(people, tmp_path, method):
    (tmp_path / "model.run").mkdir()
    (tmp_path / "model.run" / "thesis.txt").write_text("three years")
    with pytest.raises(OutputError, match="is not a training run, so it is not touched"):
        train(method, people, tmp_path / "model")
    assert everything_in(tmp_path) == {"model.run/thesis.txt": b"three years"}


def test_folders_of_another_kind_with_the_name_of_an_older_run_stay(target):
    other = target.parent / f"model.run{ASIDE}er papers"
    other.mkdir()
    with begun(run_of(target), recipe(), overwrite=True):
        pass
    assert other.is_dir()


def test_a_linked_run_is_written_where_the_link_leads(tmp_path):
    (tmp_path / "large disk").mkdir()
    (tmp_path / "model.run").symlink_to("large disk")
    for number in range(2):
        with begun(run_of(tmp_path / "model"), recipe(), overwrite=True):
            (run_of(tmp_path / "model") / LAST).write_text(str(number))
    assert (tmp_path / "model.run").is_symlink()
    assert (tmp_path / "large disk" / LAST).read_text() == "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large disk", "model.run"]


def test_a_run_of_an_older_version_whose_recipes_had_fewer_settings_can_be_resumed(target):
    kept = run_of(target) / KEPT_RECIPE
    content = json.loads(kept.read_text())
    del content["whole_scans"], content["training"]["average"]
    kept.write_text(json.dumps(content))
    check_run(run_of(target), recipe(), resume=True, overwrite=False)
    with pytest.raises(InputError, match="the recipe is not the one of"):
        check_run(run_of(target), recipe(training_average=0.9), resume=True, overwrite=False)


def test_a_run_is_its_owners_alone(target):
    assert run_of(target).stat().st_mode & 0o077 == 0
    assert (run_of(target) / KEPT_RECIPE).is_file()


@pytest.mark.parametrize("damage", [b"{", b"\xff\xfe", b"[" * 5000])
def test_a_run_whose_recipe_is_damaged_cannot_be_resumed(tmp_path, damage):
    folder = tmp_path / "model.run"
    folder.mkdir()
    (folder / "recipe.json").write_bytes(damage)
    with pytest.raises(InputError, match="cannot be resumed"):
        check_run(folder, recipe(), resume=True, overwrite=False)
