"""`iqt train restore` from files to a model that restores scans of several kinds."""

import json

import numpy as np
import pytest
from cohorts import packed, person, written
from IQTLib.data.fine_brain import FineBrain
from IQTLib.errors import InputError
from IQTLib.evaluation.anyscan import KINDS
from IQTLib.image.volume import Volume
from IQTLib.methods.base import Run
from IQTLib.methods.networks.restore.method import Restore, RestoreSettings
from IQTLib.models.store import check, load, read_card
from IQTLib.pipeline import enhance
from IQTLib.training.curves import read_curves
from IQTLib.training.networks import train
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import load_recipe, recipe_of
from IQTLib.training.restoration import FiveKinds
from IQTLib.training.run_folder import run_of
from test_cli import iqt  # noqa: F401 - a fixture

TINY = {
    "settings.channels": [4, 6, 8],
    "settings.blocks": [1, 1, 1],
    "data.patch": 16,
    "training.steps": 2,
    "training.batch": 2,
    "training.warmup": 1,
    "training.validate_every": 2,
    "training.precision": "32",
}
OPTIONS = ["--device", "cpu"]
OPTIONS += [part for key, value in TINY.items() for part in ("--set", f"{key}={json.dumps(value)}")]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    return written(tmp_path_factory.mktemp("people"), 2, (32, 32, 36))


@pytest.fixture(scope="module")
def model(people, tmp_path_factory):
    target = tmp_path_factory.mktemp("models") / "any"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IQTLib.training.curves.draw_curves", lambda _: None)  # pictures are tested elsewhere
        train(people, target, load_recipe("restore-any", TINY), hardware=Hardware())
    return target


def test_a_trained_model_restores_scans_of_other_voxels_and_contrasts(model):
    card = read_card(model)
    assert (card.method, card.contrast) == ("restore", "any")
    assert card.training["validation"].keys() == {
        "score", "ultra-low", "resampled", "cubic-voxels", "clinical", "noisy"
    }  # fmt: skip
    assert [step for step, _ in read_curves(run_of(model))["validation_score"]] == [2]
    assert list(check(model))
    fine, rng = person(5).data, np.random.default_rng(0)
    for step in ((2, 2, 2), (1, 4, 1)):
        scan = fine[:: step[0], :: step[1], :: step[2]]
        scan = (200 - scan + 3 * rng.standard_normal(scan.shape)).astype(np.float32)
        volume = Volume(scan, np.diag([*map(float, step), 1.0]))
        result = enhance(volume, mask=scan < 170, model=load(model))
        assert result.volume.spacing == pytest.approx((1, 1, 1))
        assert np.isfinite(result.volume.data).all()
        assert 50 < result.volume.data.mean() < 250


def test_a_dry_run_estimates_it(iqt, people, tmp_path):  # noqa: F811
    done = iqt("train", "restore", people, tmp_path / "none", *OPTIONS, "--dry-run")
    assert done.code == 0, done.err
    assert "2 subjects" in done.out
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("option", ["data.lesions=3", "data.preset=InD2-low", "data.slice_axes=i", "data.gain=free"])
def test_options_that_would_do_nothing_are_refused(option):
    key, value = option.split("=")
    with pytest.raises(InputError, match=f"{key}: a restoration is trained on scans of any kind, leave it out"):
        load_recipe("restore-any", {key: int(value) if value.isdigit() else value})


def test_a_packed_brain_becomes_one_of_white_matter_1_on_fine_voxels():
    source = packed(3)
    fine = FineBrain.of(source)
    assert fine.data.shape == source.high.shape
    assert fine.tissues[2] == 1
    assert sorted(fine.tissues) == list(fine.tissues)
    np.testing.assert_array_equal(fine.mask, source.maps[3] > 0)


@pytest.mark.parametrize("transfer", [0, 1])
def test_a_validation_scan_is_examined_as_a_users_is(transfer):
    """High-field contrast for T1w where the method gives it, and a resolution that is found, not given."""
    seen = []

    class Linear(Restore):
        def restore_scan(self, scan, run):
            seen.append(scan)
            return scan.linear_estimate()[None]

    found = FiveKinds([packed(3)], 0).scores(Linear(RestoreSettings(transfer=transfer)), Run("cpu"))
    assert [scan.transfer for scan in seen] == [bool(transfer)] * 5
    assert all(scan.noise is not None for scan in seen)
    assert found.keys() == {"score", *KINDS}
    assert all(0.3 < value < 3 for value in found.values())


def test_the_recipe_in_a_models_card_is_one_that_can_be_trained(model):
    assert recipe_of(read_card(model).training["recipe"]).restores
