"""What a training tells besides its model: curves, a slice, what it will take, how it does on people kept for that."""

import re
import weakref
from functools import partial

import nibabel
import numpy as np
import pytest
from cohorts import written
from IQTLib.errors import InputError
from IQTLib.events import Event, Reporter
from IQTLib.models.store import read_card
from IQTLib.training import dictionaries
from IQTLib.training.dictionaries import DictionaryRecipe
from IQTLib.training.estimate import estimate_deep, estimate_dictionaries
from IQTLib.training.networks import train
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import DataRecipe, load_recipe
from IQTLib.training.trial import TrialPlan, try_model
from IQTLib.training.validation import SLICE, write_slice
from surrogate import pair

SHAPE = (36, 36, 40)
TINY = {
    "settings.filters": 2,
    "settings.window": 32,
    "data.patch": 16,
    "data.slice_axes": "k",
    "training.steps": 6,
    "training.batch": 2,
    "training.people": 2,
    "training.validate_every": 3,
    "training.precision": "32",
}


def recipe(**changes):
    return load_recipe("unet-quick", TINY | {key.replace("_", ".", 1): value for key, value in changes.items()})


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    return written(tmp_path_factory.mktemp("people"), 4, SHAPE)


@pytest.fixture(scope="module")
def trained(people, tmp_path_factory):
    """Folder and events of a small network that p3 tests."""
    events: list[Event] = []
    target = tmp_path_factory.mktemp("models") / "mine"
    chosen = recipe(data_validate=("p2",), data_test=("p3",))
    train(people, target, chosen, hardware=Hardware(), report=Reporter(events.append))
    return target, events


def test_loss_and_validation_are_reported_as_numbers(trained):
    target, events = trained
    told = [event for event in events if event.kind == "metrics"]
    losses = {event.done: event.data["loss"] for event in told if event.message == "loss"}
    assert sorted(losses) == [1, 2, 3, 4, 5, 6]
    assert all(np.isfinite(list(losses.values())))
    validations = [event for event in told if event.message == "validation"]
    assert [event.done for event in validations] == [3, 6]
    assert {"score", "nrmse_mean", "ssim", "volume"} <= set(validations[0].data)
    assert validations[0].data["volume"] == str(target.with_name("mine.run") / SLICE)


def test_test_subjects_are_not_trained_on_and_their_scores_are_in_the_card(trained):
    target, events = trained
    card = read_card(target)
    assert (card.training["people"], card.training["validation_people"]) == (["p0", "p1"], ["p2"])
    [table] = [event.data["test"] for event in events if event.kind == "result" and "test" in event.data]
    assert {(row["model"], row["people"]) for row in table} == {("cubic", 1), ("mine", 1)}
    own = next(row for row in table if row["model"] == "mine" and row["metric"] == "ssim" and row["units"] == "as is")
    assert card.test["InD1"]["ssim, as is"] == {key: own[key] for key in ("mean", "ratio", "interval", "people")}
    assert any(event.message.startswith("trial") for event in events)  # the model was read back and tried


def test_a_model_is_not_tested_on_its_training_subjects(trained, people):
    target, _ = trained
    plan = TrialPlan(("p0",), ("InD1",), DataRecipe().profile, (2,))
    with pytest.raises(InputError, match="trained on p0"):
        try_model(target, people, plan)


def test_no_subject_is_in_both_validation_and_test():
    for kind in (DictionaryRecipe, DataRecipe):
        with pytest.raises(InputError, match="both validation and test"):
            kind(validate=("a", "b"), test=("b",))


def test_a_test_that_cannot_be_made_leaves_a_model_and_a_warning(people, tmp_path):
    events: list[Event] = []
    small = DictionaryRecipe(patch=3, atoms=16, patches=400, test=("nobody",))
    dictionaries.train(people, tmp_path / "mine", small, report=Reporter(events.append))
    warnings = [event.message for event in events if event.kind == "warning"]
    assert any("nobody" in text and "was not tested" in text for text in warnings)
    assert read_card(tmp_path / "mine").test == {}


def test_dictionaries_are_validated_once_with_a_slice(people, tmp_path):
    events: list[Event] = []
    small = DictionaryRecipe(patch=3, atoms=32, patches=1000, gap=2, noise="rician", validate=("p1",), test=("p2",))
    card = dictionaries.train(people, tmp_path / "mine", small, report=Reporter(events.append))
    assert (card.training["people"], card.training["validation_people"]) == (["p0", "p3"], ["p1"])
    assert (card.thickness, card.gap, card.training["simulator"]["noise"]) == (2, 2, "rician")
    [scores] = [event.data for event in events if event.kind == "metrics"]
    assert 0 < scores["nrmse_mean"] < 1
    assert nibabel.load(scores["volume"]).shape == (3 * 36, 40, 1)


def test_of_each_subject_only_its_pair_stays_in_memory(people, tmp_path, monkeypatch):
    """A brain with its tissue maps takes more than twice the memory of its pair; all of them were kept."""
    real, brains = dictionaries.isotropic, []

    def watched(brain, report):
        assert not any(earlier() for earlier in brains)
        found = real(brain, report)
        brains.append(weakref.ref(found))
        return found

    monkeypatch.setattr(dictionaries, "isotropic", watched)
    dictionaries.train(people, tmp_path / "mine", DictionaryRecipe(patch=3, atoms=16, patches=400, validate=("p1",)))
    assert len(brains) == 4


def test_the_slice_shows_scan_estimate_and_truth_from_left_to_right(tmp_path):
    one = pair((28, 32, 28))
    write_slice(one, 2 * one.high, tmp_path / "slice.nii")
    scan, estimate, truth = np.split(nibabel.load(tmp_path / "slice.nii").get_fdata()[..., 0], 3)
    np.testing.assert_allclose(truth, one.high[14], rtol=1e-6)
    np.testing.assert_allclose(estimate, 2 * truth, rtol=1e-6)
    np.testing.assert_array_equal(scan[:, 0], scan[:, 1])  # a slice, repeated
    assert scan[truth > 0].mean() == pytest.approx(truth[truth > 0].mean(), rel=0.1)


# Before it starts


def test_an_estimate_counts_what_there_is_to_do(people):
    few, many = (estimate_deep(people, recipe(training_steps=steps), device="cpu") for steps in (100, 10_000))
    assert few.people == 4
    assert many.seconds > 20 * few.seconds
    assert (many.memory, many.disk) == pytest.approx((few.memory, few.disk), rel=0.2)
    wide = estimate_deep(people, recipe(settings_filters=16), device="cpu")
    assert wide.disk > 3 * few.disk  # 64 times the parameters, beside 2 MiB of logs
    assert re.match(r"about \d+ (s|min) with 4 subjects, \d.* of memory, \d+ MiB of disk", few.text)


def test_dictionaries_are_estimated_by_their_size(people):
    small, large = (
        estimate_dictionaries(people, DictionaryRecipe(patch=patch, atoms=atoms))
        for patch, atoms in ((3, 64), (7, 1024))
    )
    assert large.seconds > 2 * small.seconds
    assert large.memory > 100_000 * 2 * 6 * 7**3 * 4  # features of all patches, twice


def test_a_split_without_training_subjects_is_reported_before_training(people):
    with pytest.raises(InputError, match="no subject below"):
        estimate_dictionaries(people, DictionaryRecipe(exclude=("p0", "p1", "p2", "p3")))


def test_an_estimate_refuses_and_tells_of_names_without_a_scan_as_training_does(people):
    strangers = ("p8", "p9")
    for estimate in (
        partial(estimate_dictionaries, recipe=DictionaryRecipe(validate=strangers)),
        partial(estimate_deep, recipe=recipe(data_validate=strangers), device="cpu"),
    ):
        told: list[Event] = []
        with pytest.raises(InputError, match="holds no scan of the subjects for validation"):
            estimate(people, report=Reporter(told.append))
        assert [event.message[:18] for event in told] == ["no scan of p8, p9,"]
