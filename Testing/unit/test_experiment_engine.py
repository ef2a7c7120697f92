"""Runs of experiments: tasks and their store, failures, stopping."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experimenting import context
from IQTLib.errors import CancelledError, InputError
from IQTLib.evaluation.heldout import plan
from IQTLib.events import Reporter
from IQTLib.experiments import report, run
from IQTLib.experiments import tasks as tasks_module
from IQTLib.experiments.planning import Entry, Plan
from IQTLib.experiments.results import Results
from IQTLib.experiments.run import _note, read_run
from IQTLib.experiments.tasks import Store, Task
from IQTLib.io.files import file_digest
from remote import Remote

TASKS = [
    Task(measure, f"k{number}", f"{measure} {number}", {}) for number, measure in enumerate(("fine", "bad", "fine"))
]


def do(task, report, *, context):
    if task.measure == "bad":
        raise InputError("this scan\nis bad")
    Store(context.store).put_row(task.key, {"done": True})


def test_failures_are_recorded_in_one_line_and_the_rest_continues(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "perform", do)
    store, failures, events = Store(tmp_path / "results"), {}, []
    remote = replace(context(tmp_path), place=Remote())
    run._do("check", TASKS, store, remote, failures, Reporter(events.append))
    assert failures == {"k1": "this scan is bad"}
    assert store.row("k0") == store.row("k2") == {"done": True}
    assert [event.message for event in events if event.kind == "warning"] == ["bad 1 failed: this scan is bad"]
    run._do("check", TASKS, store, context(tmp_path), {}, Reporter(events.append))
    assert "interpolation: 1 to do, 2 kept from before" in [event.message for event in events if event.kind == "log"]


def test_a_run_that_is_stopped_also_stops_its_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "perform", do)
    with pytest.raises(CancelledError):
        run._do("check", TASKS, Store(tmp_path), context(tmp_path), {}, Reporter(cancelled=lambda: True))
    assert (tmp_path / "stop").exists()


# Keys and store


def test_a_file_that_changes_changes_its_key(tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(b"one")
    first = file_digest(path)
    assert first == file_digest(path)
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert file_digest(path) != first


def test_a_damaged_result_counts_as_none(tmp_path):
    store = Store(tmp_path)
    store.put_row("abc", {"value": 1})
    store.put_arrays("abc", data=np.arange(3))
    assert store.row("abc") == {"value": 1}
    np.testing.assert_array_equal(store.arrays("abc")["data"], [0, 1, 2])
    for path in Path(tmp_path).rglob("abc.*"):
        path.write_bytes(path.read_bytes()[:10])
    assert store.row("abc") is None
    assert store.arrays("abc") is None
    for other in ("[]", "5", "null", "{}"):
        next(tmp_path.rglob("abc.json")).write_text(other)
        assert store.row("abc") is None
        (tmp_path / "run.json").write_text(other)
        with pytest.raises(InputError, match=r"run\.json is damaged: delete it"):
            read_run(tmp_path)


def test_rows_hold_numpy_numbers_as_plain_ones(tmp_path):
    store = Store(tmp_path)
    store.put_row("k1", {"a": np.float32(0.5), "b": np.array([1, 2]), "c": float("nan")})
    assert json.dumps(store.row("k1")) == '{"a": 0.5, "b": [1, 2], "c": null}'


def test_cells_of_former_weights_are_forgotten_and_the_rest_of_an_earlier_run_stays(tmp_path):
    """A part of the experiments is run again after the U-Net's weights have changed."""
    (tmp_path / "results").mkdir()
    about = {"people": plan()}

    def cells(unet: str, *sets: str) -> Plan:
        found = [("unet", unet), ("srep", "same")]
        return Plan([], [Entry("table1", m, "head07", name, f"{m} {c} {name}", c) for name in sets for m, c in found])

    _note(tmp_path, about, cells("old", "InD1", "InD2"), {})
    _note(tmp_path, about, cells("new", "InD1"), {})
    kept = {entry["key"] for entry in read_run(tmp_path)["entries"]}
    assert kept == {"unet new InD1", "srep same InD1", "srep same InD2"}


def test_cells_of_runs_that_did_not_note_their_code_stay_readable(tmp_path):
    """Of them it cannot be told whether the weights are the same: the report says that they are older."""
    (tmp_path / "results").mkdir()
    about = {"people": plan()}
    _note(tmp_path, about, Plan([], [Entry("table1", "unet", "head07", s, s, "old") for s in ("InD1", "InD2")]), {})
    content = read_run(tmp_path)
    for row in content["entries"]:
        del row["code"]
    (tmp_path / "run.json").write_text(json.dumps(content))
    _note(tmp_path, about, Plan([], [Entry("table1", "unet", "head07", "InD1", "new InD1", "new", "code")]), {})
    assert {row["key"] for row in read_run(tmp_path)["entries"]} == {"new InD1", "InD2"}
    store = Store(tmp_path / "results")
    for key in ("new InD1", "InD2"):
        store.put_row(key, {"value": 1})
    assert report._older(Results(tmp_path)) == ", 2 of them measured by an earlier version of the code"
    now = tasks_module.code_of("scores")
    _note(tmp_path, about, Plan([], [Entry("table1", "unet", "head07", "InD1", "new InD1", "new", now)]), {})
    assert report._older(Results(tmp_path)) == ", 1 of them measured by an earlier version of the code"
