"""The gauge: a good scan is known, a spoiled one is outside with a reason, and the user hears it before the work."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.app import measure as app_measure
from IQTLib.cli import app
from IQTLib.errors import InputError
from IQTLib.evaluation import gauge_trial, hallucination, lesion_trial
from IQTLib.evaluation.unfit_scans import DRAWN, SPOILED
from IQTLib.events import Reporter
from IQTLib.image import anatomy
from IQTLib.image.examined import Examined
from IQTLib.image.gauge import Range, gauge, judged
from IQTLib.image.gauge_measures import ghosts, measure, thinned
from IQTLib.image.noise import ScanNoise
from IQTLib.image.noise_estimate import measure_noise
from IQTLib.image.volume import Volume, read, write
from IQTLib.methods.base import Run
from IQTLib.pipeline import enhance
from scipy import ndimage
from typer.testing import CliRunner

RANGES = {"noise": [1.0, 3.0, 4.0], "air": [0.0, 0.1, 0.2], "voids": [0.0, 0.0, 0.0]}
FINE = {"noise": 3.0, "air": 0.1, "voids": 0.0}


def verdict(**measures):
    return judged(FINE | measures, {"ranges": RANGES, "outside": 1.5})


@cache
def head() -> tuple[Volume, np.ndarray]:
    """A T1w brain of 1.4 L with the average's tissues, in a head, on voxels of 5 mm; and its mask."""
    maps = anatomy._average()
    fine = np.stack([ndimage.zoom(part, 1.3, order=1, grid_mode=True, mode="nearest") for part in maps])
    cell = 2 * anatomy.HALF * np.cbrt(1.4e6) / anatomy.CELLS / 1.3
    fine = np.pad(fine, [(0, 0), *[(9, 9)] * 3])
    brain = fine.sum(axis=0) > 0.5
    signal = np.tensordot([25.0, 75.0, 120.0], fine, 1) / np.maximum(fine.sum(axis=0), 0.1) * brain
    scalp = ndimage.binary_dilation(brain, iterations=3) & ~ndimage.binary_dilation(brain, iterations=2)
    signal = ndimage.gaussian_filter(np.where(scalp, 90.0, signal), 0.6)
    rng = np.random.default_rng(4)
    noisy = np.hypot(signal + rng.normal(0, 5, signal.shape), rng.normal(0, 5, signal.shape))
    return Volume(noisy.astype(np.float32), np.diag([cell, cell, cell, 1.0])), brain


def look(volume: Volume, mask: np.ndarray):
    scan = Examined.of(volume, mask)
    return gauge(scan.volume, scan.mask, noise=measure_noise(scan.volume, scan.mask), width=scan.width)


def test_distance_is_one_at_the_edge_and_two_twice_as_far():
    one = Range(1.0, 3.0, 4.0)
    assert [one.distance(value) for value in (3.0, 1.0, 4.0, 5.0, -1.0)] == [0, 1, 1, 2, 2]
    assert one.distance(np.nan) == 0


def test_three_states_with_the_strangest_reason_first():
    assert verdict().state == "known"
    assert verdict(air=0.24).state == "near"
    told = verdict(air=0.5, noise=-1.0)
    assert told.state == "outside"
    assert told.distance == pytest.approx(4)
    assert [reason.split(" (")[0] for reason in told.reasons] == ["the background is bright", "the scan is noisy"]
    assert told.warning.startswith("this scan is unlike those that the models know: the background is bright")
    assert verdict().warning is None


def test_a_side_that_is_no_fault_does_not_count():
    assert verdict(noise=9.0).state == "known"  # less noise than any scan has
    assert verdict(air=-5.0).state == "known"
    assert verdict(voids=0.01).state == "outside"


@given(st.dictionaries(st.sampled_from(sorted(RANGES)), st.floats(-1e30, 1e30) | st.just(np.nan)))
def test_any_measures_give_a_verdict_that_json_can_hold(measures):
    told = verdict(**measures)
    assert json.loads(json.dumps(told.as_dict(), allow_nan=False))["state"] == told.state
    assert (told.state == "known") == (not told.reasons)


def test_a_good_head_is_not_outside():
    assert look(*head()).state != "outside", look(*head()).reasons


@pytest.mark.parametrize("kind", sorted(SPOILED.keys() - {"motion"}))
def test_a_spoiled_head_lies_farther_out(kind):
    volume, mask = head()
    told = look(SPOILED[kind](volume, mask, np.random.default_rng(3)), mask)
    assert told.distance > 1.3 * look(volume, mask).distance
    assert told.reasons


def test_motion_brightens_the_air_beside_the_head():
    """A measure, not a verdict: of movements like these the gauge calls some near and none outside."""
    volume, mask = head()
    still = look(volume, mask).measures["ghosts"]
    for seed in (3, 4, 5):
        spoiled = SPOILED["motion"](volume, mask, np.random.default_rng(seed))
        assert look(spoiled, mask).measures["ghosts"] > 4 * max(still, 0.001)


def test_what_thick_slices_spill_beyond_their_ends_is_no_ghost():
    volume, mask = head()
    thin, inside = thinned(volume, mask)
    level = float(np.median(thin.data[inside]))
    spilled = np.where(np.arange(thin.shape[2]) > np.flatnonzero(inside.any(axis=(0, 1)))[-1], 0.3 * level, 0.0)
    scan = Volume(thin.data + spilled.astype(np.float32), thin.affine)
    assert ghosts(scan, inside, level, (1.6, 1.6, 1.6)) > 0.1
    assert ghosts(scan, inside, level, (1.6, 1.6, 5.0)) < 0.02


@pytest.mark.parametrize("trial", [hallucination, lesion_trial])
def test_trials_on_t1w_scans_take_models_that_use_no_modality(trial, monkeypatch):
    volume, mask = head()
    small = volume.affine @ np.diag([0.5, 0.5, 0.5, 1])  # fewer voxels of 1 mm
    smooth = Volume(ndimage.gaussian_filter(volume.data, 1), small)
    labels = np.digitize(smooth.data, [50, 97]) + 1
    labels[~mask] = 0
    monkeypatch.setattr(trial, "truth_of", lambda folder, person: (smooth, mask, labels))
    [*rows] = trial.rows_of("folder", ["one"], ["cubic"], ["cubic-voxels"])
    assert {row["model"] for row in rows} == {"cubic"}


@pytest.mark.parametrize("kind", sorted(DRAWN))
def test_what_is_no_brain_is_outside(kind):
    volume, mask = head()
    told = look(DRAWN[kind](volume, np.random.default_rng(3)), mask)
    assert told.state == "outside"


def test_waves_beside_what_interpolation_has_filled_are_no_ghost():
    """One voxel below zero made all of the zeros around a turned scan count as air."""
    volume, mask = head()
    filled = volume.data.copy()
    filled[:, :4] = filled[:, -4:] = 0
    filled[0, 4, 0] = -3
    thin, inside = thinned(volume.with_data(filled), mask)
    level = float(np.median(thin.data[inside]))
    expected = ghosts(*thinned(volume, mask), level, (5.0, 5.0, 5.0))
    assert abs(ghosts(thin, inside, level, (5.0, 5.0, 5.0)) - expected) < 0.01


@pytest.mark.parametrize("axes", [(0, 1), (0, 2)])
def test_slices_that_follow_a_turned_head_show_a_brain(axes):
    volume, mask = head()
    turn, angle = np.eye(4), np.radians(30)
    turn[np.ix_(axes, axes)] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    straight = anatomy.likeness(volume, mask)
    assert anatomy.likeness(Volume(volume.data, turn @ volume.affine), mask) == pytest.approx(straight, abs=0.01)


def test_the_face_of_a_head_that_tilted_slices_follow_is_no_air_above_it():
    """The header tilts the head back, and so lifts what lies before its lower half."""
    volume, mask = head()
    rng, room = np.random.default_rng(1), [(0, 0), (0, 16), (0, 0)]
    air = np.hypot(*rng.normal(0, 5, (2, mask.shape[0], 16, mask.shape[2])))
    inside, data = np.pad(mask, room), np.concatenate([volume.data, air], axis=1).astype(np.float32)
    front = np.arange(data.shape[1]) >= mask.shape[1]
    lower = np.arange(data.shape[2]) < np.flatnonzero(mask.any(axis=(0, 1))).mean() - 4
    data[:, front[:, None] & lower] += 60
    turn, angle = np.eye(4), np.radians(35)
    turn[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    level = float(np.median(volume.data[mask]))
    assert ghosts(Volume(data, turn @ volume.affine), inside, level, (5.0,) * 3) < 0.02


@pytest.mark.parametrize("shape", [(9, 9, 1), (9, 1, 2), (2, 3, 9)])
def test_few_thin_slices_are_thinned_to_some(shape):
    volume = Volume(np.ones(shape, np.float32), np.diag([0.3, 0.3, 0.3, 1.0]))
    thin, inside = thinned(volume, volume.data > 0)
    assert min(thin.shape) >= 1
    assert thin.shape == inside.shape


def test_a_mask_of_mostly_nothing_gives_numbers_of_a_usual_size():
    volume, mask = head()
    wide = ndimage.binary_dilation(mask, iterations=9)
    empty = volume.with_data(np.where(mask & (np.arange(mask.shape[0]) % 4 == 0)[:, None, None], volume.data, 0))
    found = measure(empty, wide, noise=ScanNoise(1.0), width=(5.0,) * 3)
    assert all(abs(value) < 1e5 for value in found.values() if np.isfinite(value))


def test_thinned_voxels_stay_where_they_are():
    volume = Volume(np.arange(7 * 8 * 9, dtype=np.float32).reshape(7, 8, 9), np.diag([0.9, 0.5, 3.0, 1.0]))
    thin, _ = thinned(volume, volume.data > 0)
    assert thin.shape == (4, 2, 9)
    place = np.linalg.inv(volume.affine) @ thin.affine @ [1, 1, 4, 1]
    assert thin.data[1, 1, 4] == volume.data[tuple(np.rint(place[:3]).astype(int))]


def test_the_user_hears_it_before_the_work_and_the_result_carries_it(tmp_path):
    volume, mask = head()
    events = []
    spoiled = SPOILED["inverted"](volume, mask, np.random.default_rng(3))
    model = tiny.saved(tmp_path / "tiny")
    result = enhance(spoiled, model=model, mask=mask, run=Run(report=Reporter(events.append)))
    warned = [event.message for event in events if event.kind == "warning" and "unlike" in event.message]
    assert warned == [result.gauge.warning]
    assert result.warnings[0] == warned[0]


def test_a_mask_taken_for_a_scan_is_judged():
    """Voxels between 1 and 1 fill no histogram."""
    mask = np.zeros((24, 24, 12), bool)
    mask[4:-4, 4:-4, 2:-2] = True
    assert measure(
        Volume(mask.astype(np.float32), np.diag([5, 5, 5, 1.0])), mask, noise=ScanNoise(1.0), width=(5.0,) * 3
    )["levels"] == pytest.approx(0)


def test_check_tells_it_on_the_command_line(tmp_path):
    volume, mask = head()
    write(volume, tmp_path / "scan.nii")
    write(volume.with_data(mask.astype(np.float32)), tmp_path / "mask.nii")
    arguments = ["check", str(tmp_path / "scan.nii"), "--mask", str(tmp_path / "mask.nii")]
    plain = CliRunner().invoke(app, arguments)
    assert plain.exit_code == 0
    assert "distance" in plain.output
    events = CliRunner().invoke(app, [*arguments, "--json-events"]).output.splitlines()
    told = json.loads(events[-1])["data"]["gauge"]
    assert told["state"] in ("known", "near", "outside")
    assert told["measures"]["anatomy"] > np.log(0.3)


def test_check_tells_what_the_mask_says_of_the_header(tmp_path, monkeypatch):
    volume, mask = head()
    write(volume, tmp_path / "scan.nii")
    write(volume.with_data(mask.astype(np.float32)), tmp_path / "mask.nii")
    monkeypatch.setattr(app_measure, "doubts", lambda volume, mask: ("front and back are swapped",))
    told = []
    app_measure.check_scan(tmp_path / "scan.nii", mask=tmp_path / "mask.nii", report=Reporter(told.append))
    assert [event.message for event in told if event.kind == "warning"] == ["front and back are swapped"]


def test_a_scan_without_a_brain_is_outside_and_no_error(tmp_path, monkeypatch):
    write(head()[0], tmp_path / "scan.nii")

    def nothing(*_, **__):
        raise InputError("no brain found", code="no-brain")

    monkeypatch.setattr(app_measure, "find_brain", nothing)
    told = app_measure.check_scan(tmp_path / "scan.nii")
    assert (told.state, told.reasons) == ("outside", ("no brain found",))


def test_ranges_hold_the_good_scans_and_a_source_left_out_has_no_part_in_its_own():
    rows = [
        {"person": person, "class": "good", "kind": "x", "measures": {"air": value}}
        for person, value in (("a01", 0.1), ("a02", 0.2), ("b01", 0.3), ("c", 0.4))
    ]
    assert gauge_trial.statistics(rows)["air"] == pytest.approx([0.1, 0.3, 0.45])
    found = dict(gauge_trial.left_out(rows, ["a01", "a02", "b01", "c"])["good"])
    assert found["c"] > 1  # beyond what a and b show
    assert found["b01"] <= 1
    assert gauge_trial.auroc([2, 3], [1, 2]) == 0.875


def test_a_real_scan_is_not_outside(shared_data):
    stem = shared_data / "sub-uih01" / "anat" / "sub-uih01_"
    volume, mask = read(f"{stem}T1w.nii.gz"), read(f"{stem}desc-brain_mask.nii.gz", allow_constant=True)
    coarse = replace(volume, data=volume.data[::2, ::4, ::4], affine=volume.affine @ np.diag([2, 4, 4, 1.0]))
    assert look(coarse, mask.data[::2, ::4, ::4] > 0).state != "outside"
