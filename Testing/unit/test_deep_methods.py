"""The deep methods behind the protocol of every method: states that do not fit are refused, volumes come out whole."""

import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from IQTLib.errors import InputError, ModelError
from IQTLib.methods.base import Run
from IQTLib.methods.networks.ddl.method import DDL, DDLSettings
from IQTLib.methods.networks.method import DeepMethod
from IQTLib.methods.networks.unet.method import UNet, UNetSettings
from IQTLib.methods.registry import METHODS, method_class
from IQTLib.models.store import ModelCard, check, load, save
from IQTLib.training.recipe import TrainingRecipe
from surrogate import pair


def unet() -> UNet:
    torch.manual_seed(0)
    return UNet(UNetSettings(filters=2, window=32))


def ddl() -> DDL:
    torch.manual_seed(0)
    method = DDL(DDLSettings(atoms=4, filters=4, window=32))
    method.prepare_for_inference()
    return method


METHODS_HERE = pytest.mark.parametrize("build", [unet, ddl])


def card_of(method: DeepMethod) -> ModelCard:
    return ModelCard(
        name="tiny", method=method.name, settings=asdict(method.settings),
        grid={"factor": 4, "finest": 0.5, "coarsest": 2.0}, normalisation="n4-brain-mean",
    )  # fmt: skip


def test_both_are_found_by_their_names():
    assert {"ddl", "unet"} <= set(METHODS)
    assert (method_class("ddl"), method_class("unet")) == (DDL, UNet)


@METHODS_HERE
def test_enhanced_volume_has_the_shape_of_its_truth_and_is_not_negative(build):
    example = pair()
    high = build().enhance(example.low, Run())
    assert high.shape == example.high.shape
    assert high.dtype == np.float32
    assert high.min() >= 0
    assert np.isfinite(high).all()


@METHODS_HERE
def test_the_same_scan_gives_the_same_estimate(build):
    low, method = pair().low, build()
    assert np.array_equal(method.enhance(low, Run()), method.enhance(low, Run()))


@METHODS_HERE
def test_restored_method_enhances_as_the_one_that_was_stored(build):
    low, method = pair().low, build()
    copy = type(method)(method.settings)
    copy.restore(method.state())
    assert np.array_equal(copy.enhance(low, Run()), method.enhance(low, Run()))


@METHODS_HERE
def test_half_precision_halves_the_weights_and_changes_little(build):
    low, method = pair().low, build()
    full = {name: array.nbytes for name, array in method.state().items()}
    before = method.enhance(low, Run())
    method.stored = np.float16
    state = method.state()
    assert all(array.nbytes * 2 == full[name] for name, array in state.items() if array.dtype == np.float16)
    copy = type(method)(method.settings)
    copy.restore(state)
    assert np.abs(copy.enhance(low, Run()) - before).max() < 0.02 * np.ptp(before)


@METHODS_HERE
def test_saved_model_passes_its_check(build, tmp_path):
    method = build()
    save(card_of(method), method, tmp_path / "tiny")
    assert len(list(check(tmp_path / "tiny"))) == 3
    tuned = load(tmp_path / "tiny", options={"test_time_augmentation": 2}).method
    assert tuned.settings.test_time_augmentation == 2


def test_former_names_of_settings_are_read(tmp_path):
    method = UNet(UNetSettings(filters=2, window=32, test_time_augmentation=2, maximum_noise=0.3))
    save(card_of(method), method, tmp_path / "old")
    card = json.loads((tmp_path / "old" / "card.json").read_text(encoding="utf-8"))
    settings = card["settings"]
    settings |= {"turns": settings.pop("test_time_augmentation"), "noisiest": settings.pop("maximum_noise")}
    (tmp_path / "old" / "card.json").write_text(json.dumps(card), encoding="utf-8")
    assert load(tmp_path / "old").method.settings == method.settings
    for name in ("turns", "test_time_augmentation"):
        assert load(tmp_path / "old", options={name: 4}).method.settings.test_time_augmentation == 4
    with pytest.raises(InputError, match="turns and test_time_augmentation are the same setting"):
        load(tmp_path / "old", options={"turns": 2, "test_time_augmentation": 4})


@METHODS_HERE
def test_weights_of_another_network_are_refused(build):
    method = build()
    foreign = {"atoms": np.zeros((4, 4), np.float32)}
    with pytest.raises(
        ModelError, match=r"the weights lack .* and \d+ more and have the unknown atoms: they do not match"
    ):
        method.restore(foreign)
    first = next(iter(method.state()))
    with pytest.raises(ModelError, match=f"the weights lack {first} and have the unknown atoms"):
        method.restore({name: array for name, array in method.state().items() if name != first} | foreign)


@METHODS_HERE
def test_mis_shaped_and_damaged_weights_are_refused_and_change_nothing(build):
    method = build()
    good = method.state()
    name = next(iter(good))
    with pytest.raises(ModelError, match=rf"the weights have {name} of shape"):
        method.restore(good | {name: good[name][..., None]})
    for bad in (np.nan, np.inf):
        with pytest.raises(ModelError, match=rf"have \d+ values in {name} that are not finite"):
            method.restore(good | {name: np.full_like(good[name], bad)})
    assert all(np.array_equal(array, good[key]) for key, array in method.state().items())


def test_dictionary_shuffles_at_first_and_freezes_at_the_end():
    method, training = ddl(), TrainingRecipe(steps=100, shuffle=10, freeze=0.2)
    for step, shuffling, fresh in ((0, True, True), (9, True, True), (10, False, True), (79, False, True)):
        method.begin_step(step, 100, training)
        assert (method.network.shuffling, method.network.fresh) == (shuffling, fresh)
    method.begin_step(80, 100, training)
    assert not method.network.fresh


def test_dictionary_has_a_learning_rate_of_its_own():
    method, training = ddl(), TrainingRecipe(learning_rate=2e-4, dictionary_rate=5e-3)
    groups = method.parameter_groups(training)
    assert (groups["body"][1], groups["dictionary"][1]) == (2e-4, 5e-3)
    members = [parameter for parameters, _ in groups.values() for parameter in parameters]
    assert {id(p) for p in members} == {id(p) for p in method.network.parameters()}
    assert len(members) == len({id(p) for p in members})
