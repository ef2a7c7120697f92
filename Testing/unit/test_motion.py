"""Motion is recognised by what the recommended model's encoder sees in the brain, and only with its own weights."""

from dataclasses import replace

import numpy as np
import pytest
from IQTLib.evaluation import motion_lessons
from IQTLib.evaluation.anyscan import KINDS, scan
from IQTLib.evaluation.motion_lessons import MOVING, NOISELESS
from IQTLib.evaluation.truths import at_one_mm, truth_of
from IQTLib.evaluation.unfit_scans import moved, noisy, restless
from IQTLib.image.examined import Examined
from IQTLib.image.gauge import gauge_of
from IQTLib.image.noise import ScanNoise
from IQTLib.image.volume import Volume
from IQTLib.methods.registry import method_class
from IQTLib.models import motion as judge
from IQTLib.models.store import load

MADE = {"moved": moved, "restless": restless}


@pytest.fixture
def fresh():
    judge._telling.cache_clear()
    yield
    judge._telling.cache_clear()


def small_head(shape=(40, 44, 12)) -> tuple[Volume, np.ndarray]:
    grid = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij"))
    radius = np.sqrt((grid**2).sum(axis=0))
    data = np.select([radius < 0.4, radius < 0.6, radius < 0.8], [100.0, 70.0, 30.0], 0.0)
    return Volume(data.astype(np.float32), np.diag([4, 4, 12, 1.0])), radius < 0.8


@pytest.mark.parametrize("make", MADE)
def test_motion_keeps_the_grid_and_comes_from_its_generator(make):
    volume, mask = small_head()
    first, again, other = (MADE[make](volume, mask, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.data.tobytes() == again.data.tobytes() != other.data.tobytes()
    assert np.array_equal(first.affine, volume.affine)
    assert first.data.dtype == np.float32
    assert first.data.mean() == pytest.approx(volume.data.mean(), rel=0.1)


def test_a_head_that_does_not_move_stays_as_it_is(monkeypatch):
    """Every line of k-space returns to its place, in any order."""
    monkeypatch.setattr("IQTLib.evaluation.unfit_scans._posed", lambda data, *_: data)
    volume, mask = small_head()
    for seed in range(6):
        still = restless(volume, mask, np.random.default_rng(seed))
        assert np.abs(still.data - volume.data).max() < 1e-3


@pytest.mark.parametrize("make", MADE)
def test_motion_is_recognised_without_air(shared_data, make):
    """On a scanner's subject that nothing was learned from; a scan whose air was cut away shows no ghosts in it."""
    truth, mask, maps = at_one_mm(*truth_of(shared_data, "mgh01"))
    truth = replace(truth, data=truth.data * mask)
    kind = KINDS["ultra-low"]
    one = scan(truth, maps, mask, kind, slice_axis=2, rng=np.random.default_rng(0))
    clean = scan(truth, maps, mask, replace(kind, snr=NOISELESS), slice_axis=2, rng=np.random.default_rng(0))
    sigma = float(np.median(truth.data[maps.wm > 0.9])) / one.snr
    scores = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        image = MADE[make](clean.volume, clean.mask, rng)
        spoiled = noisy(image, image.data, rng, sigma)
        scores.append(gauge_of(Examined.of(spoiled, clean.mask), judge.motion)[1].measures["motion"])
    _, good = gauge_of(Examined.of(one.volume, one.mask), judge.motion)
    assert min(scores) > 3 * good.measures["motion"]
    assert np.median(scores) > 0.5 > good.measures["motion"]


def test_a_high_score_is_a_reason():
    volume, mask = small_head((64, 64, 40))
    _, told = gauge_of(Examined.of(volume, mask), lambda scan, noise: 9.0)
    assert told.state == "outside"
    assert any("as if the head had moved (score 9;" in reason for reason in told.reasons)


def test_without_a_network_nothing_is_said_of_motion():
    volume, mask = small_head((64, 64, 40))
    _, told = gauge_of(Examined.of(volume, mask))
    assert told.measures["motion"] is None


def test_features_of_other_weights_are_not_judged(fresh, monkeypatch):
    model = load("iqt-any")
    other = replace(model, card=replace(model.card, sha256="0" * 64))
    monkeypatch.setattr(judge, "load", lambda name: other)
    volume, mask = small_head()
    assert np.isnan(judge.motion(Examined.of(volume, mask), ScanNoise(1.0)))


def test_without_torch_nothing_is_judged(fresh, monkeypatch):
    monkeypatch.setattr(judge, "find_spec", lambda name: None)
    volume, mask = small_head()
    assert np.isnan(judge.motion(Examined.of(volume, mask), ScanNoise(1.0)))


def test_too_little_brain_is_not_judged():
    volume, mask = small_head()
    few = mask & (np.arange(mask.shape[0])[:, None, None] == 20)
    assert np.isnan(judge.motion(Examined.of(volume, few), ScanNoise(1.0)))


def test_methods_without_a_network_start_without_torch():
    assert judge.motion_for(method_class("wiener")()) is None
    assert judge.motion_for(method_class("restore")()) is judge.motion


def test_a_source_is_judged_by_what_the_others_taught():
    rng = np.random.default_rng(0)

    def row(person: str, how: str) -> dict:
        features = rng.normal(0, 1, 8)
        features[0] += 0 if how == "good" else 12
        return {"person": person, "class": how, "kind": "x", "measures": {}, "features": features.tolist()}

    people = [f"{name}{number}" for name in "abcd" for number in range(8)]
    rows = [row(person, how) for person in people for how in ("good", MOVING)]
    odd = row("e1", "good") | {"features": rows[1]["features"]}  # a good scan that looks like motion
    told = motion_lessons.with_motion([*rows, odd], [*people, "e1"])
    score = {(one["person"], one["class"]): one["measures"]["motion"] for one in told}
    assert max(score[person, "good"] for person in people) < min(score[person, MOVING] for person in people)
    assert score["e1", "good"] > max(score[person, "good"] for person in people)  # not excused by itself
    blank = row("a1", "good") | {"features": None}
    assert motion_lessons.with_motion([*rows, blank], people)[-1]["measures"]["motion"] is None
