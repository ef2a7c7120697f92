"""The demo writes what it promises, its picture shows what it says, and the held-out comparison adds up."""

import json
import sys

import numpy as np
import pytest
import tiny
from IQTLib.app import demo
from IQTLib.errors import InputError, OutputError
from IQTLib.evaluation import heldout
from IQTLib.evaluation.heldout_pairs import make_pair
from IQTLib.events import Reporter
from IQTLib.image.axis import upsample_slices
from IQTLib.image.volume import read
from IQTLib.models.store import Model, load, read_card
from IQTLib.physics.simulation import PRESETS
from phantom import phantom

pytest.importorskip("matplotlib")


@pytest.fixture
def small_template(monkeypatch, phantom_brain):
    monkeypatch.setattr(demo, "template", lambda: (phantom_brain.volume, phantom_brain.maps))


def picture(path):
    from matplotlib.image import imread

    return imread(path)[..., :3]


# The demo


def test_template_is_a_brain_with_tissue_maps():
    """The ICBM 152 brain has 1.9 L, of which cerebrospinal fluid is the smallest part."""
    pytest.importorskip("nilearn")
    volume, maps = demo.template()
    assert volume.spacing == pytest.approx((1, 1, 1))
    assert (volume.data > 0).sum() * 1e-6 == pytest.approx(1.9, abs=0.2)
    assert maps.gm.sum() > maps.wm.sum() > maps.csf.sum() > 0
    inside = volume.data > 0
    np.testing.assert_allclose((maps.csf + maps.gm + maps.wm)[inside], 1, atol=1e-3)


def test_demo_with_interpolation_compares_it_with_itself(small_template, tmp_path):
    seen = []
    scores = demo.run_demo(tmp_path / "demo", model="cubic", report=Reporter(seen.append))
    assert scores["interpolated"] == scores["enhanced"]
    assert all(np.isfinite(value) for value in scores["enhanced"].values())
    assert 0 < scores["enhanced"]["nrmse_mean"] < 0.3
    names = {"lowfield.nii.gz", "interpolated.nii.gz", "enhanced.nii.gz", "truth.nii.gz", "comparison.png"}
    assert {path.name for path in (tmp_path / "demo").iterdir()} == names
    assert read(tmp_path / "demo" / "lowfield.nii.gz").shape == (72, 84, 17)
    truth, enhanced = (read(tmp_path / "demo" / f"{name}.nii.gz") for name in ("truth", "enhanced"))
    assert truth.shape == enhanced.shape
    np.testing.assert_allclose(truth.affine, enhanced.affine, atol=1e-6)
    result = seen[-1]
    assert (result.kind, result.data) == ("result", scores)
    assert f"{scores['enhanced']['ssim']:.4f}" in result.message
    image = picture(tmp_path / "demo" / "comparison.png")
    assert image.shape == (round(8.2 * 110), round(2.6 * 110 * 6), 3)  # 4 volumes and 2 error maps
    assert image.std() > 0.05


def test_demo_is_the_same_for_the_same_seed(small_template, tmp_path):
    for name in ("a", "b"):
        demo.run_demo(tmp_path / name, model="cubic", seed=3)
    for path in (tmp_path / "a").glob("*.nii.gz"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize("name", ["comparison.png", "truth.nii.gz"])
def test_demo_refuses_to_replace_files_before_any_work(monkeypatch, tmp_path, name):
    monkeypatch.setattr(demo, "template", lambda: pytest.fail("the work began"))
    (tmp_path / name).touch()
    with pytest.raises(OutputError, match="exists already"):
        demo.run_demo(tmp_path, model="cubic")


@pytest.mark.parametrize("missing", ["nilearn", "matplotlib"])
def test_demo_without_its_extra_says_what_to_install(monkeypatch, tmp_path, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match=r"pip install 'image-quality-transfer\[demo\]'"):
        demo.run_demo(tmp_path / "demo", model="cubic")
    assert not (tmp_path / "demo").exists()


# The picture


def test_volumes_share_a_grey_scale_and_no_error_is_black(tmp_path):
    """Three columns of equal width: the volume twice, and the map of its errors against itself."""
    volume = phantom()
    demo.comparison({"same": volume.with_data(volume.data.copy()), "truth": volume}, tmp_path / "a.png")
    image = picture(tmp_path / "a.png")
    rows = slice(image.shape[0] // 10, None)  # below the titles
    width = round(image.shape[1] * (0.93 - 0.005) / 3)
    same, truth, error = (image[rows, n * width + 6 : (n + 1) * width] for n in range(3))
    assert same.max() > 0.95  # white matter
    assert np.abs(same.mean() - truth.mean()) < 0.01
    assert error.max() < 0.05


def test_volumes_on_another_grid_have_no_error_map(tmp_path):
    volume = phantom()
    thick = type(volume)(volume.data[..., ::4], volume.affine @ np.diag([1, 1, 4, 1]))
    demo.comparison({"thick": thick, "truth": volume}, tmp_path / "a.png")
    assert picture(tmp_path / "a.png").shape[1] == round(2 * 2.6 * 110)


def test_drawing_leaves_the_programs_matplotlib_alone(tmp_path):
    import matplotlib

    matplotlib.rcParams["backend"] = "svg"
    demo.comparison({"truth": phantom()}, tmp_path / "a.png")
    assert matplotlib.rcParams["backend"] == "svg"
    matplotlib.rcParams["backend"] = "agg"


# Held-out people


def test_plan_names_subjects_of_several_sources_and_known_test_sets():
    plan = heldout.plan()
    people = [entry["person"] for entry in plan["people"]]
    assert len(people) == len(set(people)) >= 5
    assert len({person.rstrip("0123456789") for person in people}) > 1
    assert set(plan["sets"]) <= set(PRESETS)
    assert {entry["slice_axis"] for entry in plan["people"]} <= {0, 1, 2}


def test_training_subjects_cannot_be_test_subjects():
    method = tiny.srep()
    model = Model(tiny.card(method, training={"people": ["anna", "bert"]}), method)
    heldout.refuse_training_people([load("cubic"), model], ["carl"])
    with pytest.raises(InputError, match="tiny was trained on bert: they cannot test it"):
        heldout.refuse_training_people([load("cubic"), model], ["carl", "bert"])


@pytest.fixture(scope="module")
def pairs(phantom_brain):
    sets = ("InD1", "InD2")
    return [[make_pair(phantom_brain, name, seed=(7, s, 1), slice_axis=1) for s, name in enumerate(sets)] for _ in "ab"]


def test_pairs_are_the_same_every_time_and_differ_between_sets(pairs):
    one, two = pairs
    for ours, theirs in zip(one, two, strict=True):
        np.testing.assert_array_equal(ours.pair.low.data, theirs.pair.low.data)
        assert ours.pair.snr == theirs.pair.snr
    assert [test.test_set for test in one] == ["InD1", "InD2"]
    assert one[0].pair.snr != one[1].pair.snr
    for test in one:
        (accepted,) = PRESETS[test.test_set].accepts(np.array([test.pair.snr]))
        assert accepted


def test_masks_of_a_pair_lie_on_its_two_grids(pairs, phantom_brain):
    test = pairs[0][0]
    assert test.pair.low.shape == test.low_mask.shape == (72, 21, 68)
    np.testing.assert_array_equal(test.high_mask, phantom_brain.mask)
    upsampled = np.moveaxis(upsample_slices(np.moveaxis(test.low_mask, 1, -1).astype(np.float32), 4), -1, 1) > 0.5
    assert np.mean(upsampled == test.high_mask) > 0.97


def test_gain_matched_scores_are_those_of_the_scaled_estimate(pairs):
    results = heldout.estimates(pairs[0][0], [load("cubic")], slice_axis=1)
    as_is, matched = heldout.score(pairs[0][0], results)
    assert (as_is["units"], matched["units"]) == heldout.UNITS
    assert as_is["model"] == matched["model"] == "cubic"
    assert as_is["gain"] == matched["gain"] == pytest.approx(1, abs=0.2)
    assert matched["nrmse_mean"] != as_is["nrmse_mean"]
    json.dumps([as_is, matched])


def rows(**people):
    """Rows of cubic interpolation and of a model, per person (baseline, model), the same in every metric."""
    cell = {"set": "InD1", "units": "as is"}
    return [
        cell | {"person": person, "model": model} | dict.fromkeys(heldout.METRICS, value)
        for person, pair in people.items()
        for model, value in zip(("cubic", "m"), pair, strict=True)
    ]


def of_model(table, model):
    return next(row for row in table if row["model"] == model and row["metric"] == "ssim")


def test_summary_is_the_ratio_of_means_with_its_interval():
    """Means 3 and 2.4. With people drawn again, the ratio is 0.5 at least (all a) and 0.9 at most (all c)."""
    table = heldout.summary(rows(a=(2, 1), b=(3, 2.6), c=(4, 3.6)))
    row = of_model(table, "m")
    assert (row["people"], row["mean"], row["ratio"]) == (3, 2.4, 0.8)
    low, high = row["interval"]
    assert 0.5 <= low < 0.8 < high <= 0.9
    assert of_model(table, "cubic") | {"mean": 3, "ratio": 1, "interval": [1, 1]} == of_model(table, "cubic")


def test_a_model_better_by_the_same_share_in_everyone_has_no_spread():
    row = of_model(heldout.summary(rows(a=(2, 1.8), b=(3, 2.7), c=(7, 6.3))), "m")
    assert (row["ratio"], row["interval"]) == (0.9, [0.9, 0.9])


def test_scores_go_into_the_card_and_leave_the_weights_sound(tmp_path):
    model = tiny.saved(tmp_path / "tiny")
    table = [row | {"model": "tiny"} for row in heldout.summary(rows(a=(2, 1.8), b=(3, 2.7))) if row["model"] == "m"]
    heldout.into_card(model, table)
    scores = read_card(model).test["InD1"]
    assert set(scores) == {"nrmse_mean, as is", "ssim, as is"}
    assert scores["ssim, as is"]["people"] == 2
    assert load(model).card.test == read_card(model).test  # the weights' hash still holds
