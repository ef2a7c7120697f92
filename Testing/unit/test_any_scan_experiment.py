"""The experiment on scans of any kind: who is measured, what a row says, and the page."""

import json
from dataclasses import replace

import numpy as np
import pytest
import tiny
from experimenting import HELD_OUT, context, small_world
from IQTLib.evaluation.anyscan import KINDS
from IQTLib.experiments import measures, planning
from IQTLib.experiments.any_scan.measures import measured
from IQTLib.experiments.any_scan.pages import any_scan_pages
from IQTLib.experiments.catalogue import SCALES
from IQTLib.experiments.results import Results
from IQTLib.experiments.tasks import ModelRef, Store
from IQTLib.models.intervals import Calibration
from IQTLib.pipeline import enhance


def plan_of(tmp_path, scale, **changes):
    scans, people = small_world(tmp_path)
    people.write_text(json.dumps(HELD_OUT | changes), encoding="utf-8")
    return planning.planned(scans, people, SCALES[scale], tmp_path / "store", ["any-scan"], ("cubic", "any"))


def test_people_of_other_tests_and_those_for_any_scan_alone_are_measured_in_every_kind(tmp_path):
    extra = [{"person": "p3", "slice_axis": 0, "scanner": "other"}]
    plan = plan_of(tmp_path, "cpu", any_scan=extra)
    assert {(e.person, e.test_set) for e in plan.entries} == {(p, k) for p in ("p0", "p1", "p3") for k in KINDS}
    seeds = {task.inputs["pair"].seed for _, tasks in plan.waves for task in tasks}
    assert seeds == {(5, number, person) for number in range(5, 10) for person in range(3)}


def test_row_has_scores_beside_interpolation_and_what_the_interval_holds(tmp_path):
    plan = plan_of(tmp_path, "smoke")
    task = next(task for _, tasks in plan.waves for task in tasks)
    cubic = measured(task.inputs | {"model": ModelRef("cubic", "")}, context(tmp_path))
    assert "interval" not in cubic
    assert cubic["scores"]["nrmse"] == pytest.approx(cubic["interpolation"]["nrmse"], rel=0.3)
    folder = tiny.restoring(tmp_path / "sure", intervals=Calibration.none_yet())
    row = measured(task.inputs | {"model": ModelRef(str(folder), "")}, context(tmp_path))
    held = row["interval"]
    assert row["interpolation"] == cubic["interpolation"]  # the same scan
    assert 0 < held["coverage"] < 1
    assert set(held["by tissue"]) == {"CSF", "GM", "WM"}
    assert np.mean(held["by intensity"]) == pytest.approx(held["coverage"], abs=1e-3)


def test_a_scan_that_is_named_is_said_to_be_t1w(tmp_path, monkeypatch):
    scans, people = small_world(tmp_path)
    plan = planning.planned(scans, people, SCALES["smoke"], tmp_path / "store", ["any-scan"], ("any", "any-named"))
    keys = {entry.method: entry.key for entry in plan.entries}
    tasks = {task.key: task for _, tasks in plan.waves for task in tasks}
    told = []

    def noted(*args, **values):
        told.append(values.get("modality"))
        return enhance(*args, **values)

    monkeypatch.setattr("IQTLib.experiments.any_scan.measures.enhance", noted)
    folder = tiny.restoring(tmp_path / "sure")
    for method in ("any", "any-named"):
        inputs = tasks[keys[method]].inputs
        measured(inputs | {"model": replace(inputs["model"], name=str(folder))}, context(tmp_path))
    assert told == [None, "T1w"]


def test_page_gives_ratios_by_scanner_how_many_are_worse_and_coverage(tmp_path):
    store, entries = Store(tmp_path / "results"), []
    base = {"nrmse": 0.2, "ssim": 0.5, "dice": 0.6}
    for person, ratio in (("a", 0.8), ("b", 0.9), ("c", 1.1)):
        scores = {"nrmse": 0.2 * ratio, "ssim": 0.55, "dice": 0.64}
        held = {"coverage": 0.9 if person == "a" else 0.93, "by tissue": {"CSF": 0.9, "GM": 0.91, "WM": 0.92}}
        held |= {"by intensity": [0.8, 0.95], "half-width": 0.1, "sparsification": 0.3}
        entries.append(
            {"experiment": "any-scan", "method": "any", "person": person, "test_set": "noisy", "key": person}
        )
        store.put_row(person, {"scores": scores, "interpolation": base, "seconds": 9.0, "interval": held})
    people = [{"person": p, "scanner": s} for p, s in (("a", "known"), ("b", "known"))]
    about = {"people": {"people": people, "any_scan": [{"person": "c", "scanner": "other"}]}, "entries": entries}
    (tmp_path / "run.json").write_text(json.dumps(about | {"failures": {}, "skipped": {}}))
    _, scores, _, held = any_scan_pages(Results(tmp_path))
    rows = {row[0]: row[2:] for row in scores.rows}
    assert rows["known scanners (2)"] == ["0.850 [0.800, 0.900]", "1.100 [1.100, 1.100]", "+0.040", "0 of 2", "9"]
    assert rows["other scanners (1)"][0].startswith("1.100")
    assert rows["all (3)"][3] == "1 of 3"
    assert held.rows[0][2:5] == ["3", "0.920 (0.900 to 0.930)", "0.90 / 0.91 / 0.92"]


def test_lesions_are_measured_in_a_result_on_a_grid_of_its_own(tmp_path, monkeypatch):
    scans, people = small_world(tmp_path)
    plan = planning.planned(scans, people, SCALES["smoke"], tmp_path / "store", ["lesions"], ("cubic",))
    task = next(task for _, tasks in plan.waves for task in tasks)
    expected = measures.lesions(task.inputs, context(tmp_path))["lesions"]

    def longer(*args, **values):
        result = enhance(*args, **values)
        more = np.pad(result.volume.data, ((0, 0), (0, 0), (0, 3)), "edge")
        return replace(result, volume=replace(result.volume, data=more))

    monkeypatch.setattr(measures, "enhance", longer)
    found = measures.lesions(task.inputs, context(tmp_path))["lesions"]
    assert len(found) > 2
    np.testing.assert_allclose([one["recovery"] for one in found], [one["recovery"] for one in expected], atol=1e-3)
