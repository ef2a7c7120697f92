"""Models are found, loaded, checked and saved; what is foreign or damaged is told in one line and never run."""

import errno
import hashlib
import json
import os
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import numpy as np
import pytest
import tiny
from IQTLib.errors import InputError, ModelError, OutputError
from IQTLib.methods.base import LowField, Run
from IQTLib.methods.registry import METHODS, method_class
from IQTLib.models import store
from IQTLib.models.store import CARD, WEIGHTS, available, check, find, load, read_card, save
from safetensors import SafetensorError
from safetensors.numpy import save_file

BUILTIN = ["nearest", "linear", "cubic", "lrtv", "elrtv", "wiener"]


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Empty folders of bundled and of the user's models."""
    bundled, user = tmp_path / "bundled", tmp_path / "user"
    bundled.mkdir()
    user.mkdir()
    monkeypatch.setattr(store, "bundled_folder", lambda: bundled)
    monkeypatch.setenv("IQT_MODELS", str(user))
    return bundled, user


@pytest.fixture
def model(tmp_path):
    return tiny.saved(tmp_path / "tiny")


def refused(name, *says, error=ModelError, **options):
    with pytest.raises(error) as refusal:
        load(name, **options)
    message = str(refusal.value)
    assert "\n" not in message
    for part in says:
        assert part in message
    return message


def change_card(folder, **changes):
    content = json.loads((folder / CARD).read_text()) | changes
    (folder / CARD).write_text(json.dumps({key: value for key, value in content.items() if value is not None}))


def set_weights(folder, state):
    """Other weights, and a card that vouches for them."""
    save_file(state, folder / WEIGHTS)
    change_card(folder, sha256=hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest())


# Every method


@pytest.mark.parametrize("name", METHODS)
def test_every_method_in_the_list_keeps_the_protocol(name):
    kind = method_class(name)
    method = kind()
    assert kind.name == name
    assert is_dataclass(method.settings)
    assert set(METHODS[name].tunable) <= {entry.name for entry in fields(method.settings)}
    assert kind.needs_brain == METHODS[name].finds_brain
    assert kind(replace(method.settings)).settings == method.settings
    json.dumps({entry.name: getattr(method.settings, entry.name) for entry in fields(method.settings)})
    for work in ("enhance", "state", "restore"):
        assert callable(getattr(method, work))
    with pytest.raises(FrozenInstanceError):
        setattr(method.settings, fields(method.settings)[0].name, None)


def test_unknown_method_is_reported_with_those_there_are():
    with pytest.raises(ModelError, match=r"unknown method 'diffusion': this version has .*interpolation, lrtv"):
        method_class("diffusion")


# Saving and loading


def test_a_saved_model_comes_back_with_its_card_and_gives_the_same_result(tmp_path):
    method = tiny.srep(nonzeros=2)
    card = save(tiny.card(method, training={"people": ["a"]}), method, tmp_path / "tiny")
    back = load(tmp_path / "tiny")
    assert back.card == card
    assert back.card.training == {"people": ["a"]}
    assert back.method.settings == method.settings
    assert card.sha256 == hashlib.sha256((tmp_path / "tiny" / WEIGHTS).read_bytes()).hexdigest()
    data = np.random.default_rng(1).uniform(0.5, 1.5, (12, 12, 4)).astype(np.float32)
    low = LowField(data, np.ones(data.shape, bool), 0.01, card.profile, np.ones((1, 1, 1), np.float32))
    ours, theirs = (one.enhance(low, Run()) for one in (method, back.method))
    # Weights are kept as float16, 11 bits: 5e-4 of the detail, which is below 0.1 here.
    np.testing.assert_allclose(theirs, ours, atol=5e-4)


def test_saving_the_same_model_twice_gives_the_same_bytes(tmp_path):
    one, two = (tiny.saved(tmp_path / place / "tiny") for place in ("a", "b"))
    for name in (CARD, WEIGHTS):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_card_is_read_as_people_write_it(model):
    change_card(model, grid={"factor": 4, "finest": 1, "coarsest": 2}, version=None)  # whole numbers, a default
    card = read_card(model)
    assert card.model_grid.coarsest == 2
    assert card.version == "1"


# Finding


def test_interpolations_are_always_there():
    assert available() == dict.fromkeys(BUILTIN)
    assert find("cubic") is None
    assert load("linear").method.settings.kind == "linear"


def test_bundled_and_user_models_are_found_by_name(folders):
    bundled, user = folders
    tiny.saved(bundled / "one")
    tiny.saved(user / "two")
    (user / "notes").mkdir()
    (user / ".half-written").mkdir()
    (user / ".half-written" / CARD).touch()
    assert list(available()) == [*BUILTIN, "one", "two"]
    assert find("one") == bundled / "one"
    assert load("two").card.name == "two"


def test_a_users_model_hides_the_bundled_one(folders):
    bundled, user = folders
    for folder, seed in ((bundled, 0), (user, 1)):
        tiny.saved(folder / "same", seed)
    assert find("same") == user / "same"
    assert load("same").card.sha256 == read_card(user / "same").sha256 != read_card(bundled / "same").sha256


def test_users_folder_is_in_the_home_by_default(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("IQT_MODELS")
    assert store.user_folder() == tmp_path / ".iqt" / "models"
    assert list(available()) == BUILTIN  # it need not be there


@pytest.mark.parametrize("name", ["", CARD, WEIGHTS])
def test_a_model_is_named_by_its_folder_or_a_file_in_it(model, name):
    assert load(model / name).card.name == "tiny"
    assert load(str(model / name)).card.name == "tiny"


def test_a_name_that_is_nowhere_is_reported_with_those_there_are():
    refused("sreb", "no model 'sreb'", "nearest, linear, cubic")


# Foreign and damaged models


def test_one_flipped_byte_in_the_weights_is_found_by_its_hash(model):
    raw = bytearray((model / WEIGHTS).read_bytes())
    raw[-10] ^= 1
    (model / WEIGHTS).write_bytes(raw)
    refused(model, "SHA-256", hashlib.sha256(raw).hexdigest()[:12], read_card(model).sha256[:12])


def test_missing_weights_are_reported(model):
    (model / WEIGHTS).unlink()
    refused(model, f"holds no {WEIGHTS}")


class Bomb:
    def __reduce__(self):
        return os._exit, (99,)


@pytest.mark.parametrize("vouched_for", [False, True])
def test_a_pickle_in_place_of_the_weights_is_refused_and_not_run(model, vouched_for):
    (model / WEIGHTS).write_bytes(pickle.dumps(Bomb()))
    if vouched_for:
        change_card(model, sha256=hashlib.sha256((model / WEIGHTS).read_bytes()).hexdigest())
    refused(model, "not a safetensors file" if vouched_for else "damaged or foreign")


def test_a_folder_with_pickled_weights_alone_is_refused_and_not_run(model):
    (model / WEIGHTS).unlink()
    (model / "weights.pt").write_bytes(pickle.dumps(Bomb()))
    refused(model, f"holds no {WEIGHTS}", "weights.pt is refused")


@pytest.mark.parametrize("ending", [".pth", ".pt", ".pkl", ".ckpt", ".npz"])
def test_a_path_to_pickled_weights_is_refused_and_not_run(tmp_path, ending):
    path = tmp_path / f"net{ending}"
    path.write_bytes(pickle.dumps(Bomb()))
    refused(path, "refused", "any code")


def test_foreign_weights_are_refused_although_their_hash_is_right(model):
    set_weights(model, {"conv.weight": np.zeros((2, 2), np.float32)})
    refused(model, "lack high_atoms, low_atoms, projection", "have the unknown conv.weight", WEIGHTS)


@pytest.mark.parametrize("kind", ["bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_weights_in_precisions_that_numpy_has_not_are_refused(model, kind):
    import torch
    from safetensors.torch import save_file as save_tensors

    save_tensors({name: torch.zeros(2, 2, dtype=getattr(torch, kind)) for name in tiny.SHAPES}, model / WEIGHTS)
    change_card(model, sha256=hashlib.sha256((model / WEIGHTS).read_bytes()).hexdigest())
    refused(model, WEIGHTS)


@pytest.mark.parametrize("name", tiny.SHAPES)
def test_weights_of_another_shape_are_refused(model, name):
    set_weights(model, tiny.state() | {name: np.zeros((5, 7), np.float32)})
    refused(model, "(5, 7)", "the card requires")


def test_a_folder_without_a_card_is_no_model(tmp_path):
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", f"holds no {CARD}")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"card"', "\x00\x01", "{}", '{"format": "1"}', '{"format": 2}']
)
def test_a_card_that_is_none_is_refused(model, text):
    (model / CARD).write_text(text)
    refused(model, str(model / CARD))


def test_a_card_that_is_not_text_is_refused(model):
    (model / CARD).write_bytes(b"\xff\xfe\x00")
    refused(model, "cannot be read")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "unknown keys colour"),
        ({"name": None}, "name"),
        ({"name": 5}, "name is 5: it must be text"),
        ({"settings": []}, "settings is []"),
        ({"training": "30 people"}, "training"),
        ({"method": "diffusion"}, "unknown method 'diffusion'"),
        ({"grid": {"factor": 4}}, "finest"),
        ({"normalisation": "z-score"}, "normalisation is 'z-score'"),
        ({"grid": {"factor": 4, "finest": 1.0, "coarsest": "2"}}, "coarsest is '2': it must be a number"),
        ({"grid": {"factor": 4, "finest": -1.0, "coarsest": 2.0}}, "is not a valid card"),
        ({"grid": {"factor": 4, "finest": 2.0, "coarsest": 1.0}}, "is not a valid card"),
        ({"grid": {"factor": 3, "finest": 1.0, "coarsest": 2.0}}, "thickness 3 and gap 1"),
        ({"thickness": 3.0}, "thickness is 3.0: it must be a whole number"),
        ({"thickness": 0}, "thickness 0"),
        ({"sha256": None}, "damaged or foreign"),
    ],
)
def test_a_card_that_makes_no_sense_is_refused(model, change, says):
    change_card(model, **change)
    refused(model, says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"patch": 4}, "patch 4"),
        ({"patch": "3"}, "patch is '3'"),
        ({"atoms": 1e3}, "atoms is 1000.0"),
        ({"denoise": "no"}, "denoise is 'no': it must be true or false"),
        ({"depth": 12}, "depth"),
    ],
)
def test_settings_that_do_not_fit_the_method_are_the_models_fault(model, change, says):
    change_card(model, settings=read_card(model).settings | change)
    refused(model, "the card of tiny does not fit its method", says)


# Options


def test_an_option_changes_what_the_card_says(model):
    assert load(model).method.settings.stride == 2
    assert load(model, options={"stride": 1, "lam": 0.5, "denoise": False}).method.settings.stride == 1


@pytest.mark.parametrize("name", ["patch", "atoms", "colour"])
def test_an_option_that_cannot_be_set_is_refused_with_those_that_can(model, name):
    refused(model, f"no option {name}", "stride, coder, nonzeros", error=InputError, options={name: 3})


def test_interpolation_has_no_options():
    refused("cubic", "nothing can be set", error=InputError, options={"kind": "linear"})


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"stride": 4}, "stride 4"),
        ({"stride": 1.5}, "stride is 1.5: it must be a whole number"),
        ({"stride": True}, "stride is True"),
        ({"stride": "two"}, "stride is 'two'"),
        ({"denoise": "no"}, "denoise is 'no'"),
        ({"coder": "ista"}, "coder is 'ista'"),
        ({"lam": float("nan")}, "lam is nan: it must be a number from 0 to 1, but not 0 or 1"),
    ],
)
def test_a_wrong_value_of_an_option_is_the_users_fault(model, option, says):
    refused(model, says, error=InputError, options=option)


# Checking


def test_check_lists_what_it_checked(model):
    card, weights, trial = check(model)
    assert "srep, format 1" in card
    assert read_card(model).sha256[:12] in weights
    assert "24 x 24 x 24" in trial  # 6 slices, factor 4
    assert len(list(check("cubic"))) == 2


def test_check_refuses_a_model_whose_result_is_not_finite(model):
    """Weights that are numbers, but larger than any volume's."""
    set_weights(model, tiny.state() | {"high_atoms": np.full(tiny.SHAPES["high_atoms"], 3e38, np.float32)})
    with pytest.raises(ModelError, match=r"the model makes \d+ of 13824 voxels NaN or infinite"):
        list(check(model))


# Saving that fails


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_an_existing_model_is_kept_unless_it_may_be_overwritten(model):
    before = read_card(model).sha256
    other = tiny.srep(seed=1)
    with pytest.raises(OutputError, match="--overwrite"):
        save(tiny.card(other), other, model)
    assert read_card(model).sha256 == before
    (model / "notes.txt").touch()
    save(tiny.card(other), other, model, overwrite=True)
    assert read_card(model).sha256 != before
    assert everything_in(model) == [CARD, WEIGHTS]


def test_a_folder_that_is_no_model_is_never_overwritten(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.tex").touch()
    method = tiny.srep()
    with pytest.raises(OutputError, match="is not a model"):
        save(tiny.card(method), method, tmp_path / "thesis", overwrite=True)
    assert everything_in(tmp_path / "thesis") == ["chapter1.tex"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), SafetensorError("full")])
def test_a_full_disk_leaves_no_model_or_the_older_one(model, tmp_path, monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("safetensors.numpy.save_file", fail)
    before, method = everything_in(tmp_path), tiny.srep(seed=1)
    for folder, overwrite in ((tmp_path / "deep" / "new", False), (model, True)):
        with pytest.raises(OutputError):
            save(tiny.card(method), method, folder, overwrite=overwrite)
    assert everything_in(tmp_path) == before
    assert load(model).card == read_card(model)


def test_a_full_disk_while_the_card_is_written_keeps_the_older_card(model, monkeypatch):
    before = (model / CARD).read_bytes()

    def fail(path, *_, **__):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", fail)
    with pytest.raises(OutputError, match="No space left"):
        store.write_card(read_card(model), model)
    assert (model / CARD).read_bytes() == before
    assert everything_in(model) == [CARD, WEIGHTS]
