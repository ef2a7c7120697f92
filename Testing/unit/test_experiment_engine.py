"""The engine: keys, store, processes that die, failures, stopping, a dask cluster."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from experimenting import context, do
from IQTLib.errors import CancelledError, InputError
from IQTLib.evaluation.heldout import plan
from IQTLib.events import Reporter
from IQTLib.experiments import engine, report
from IQTLib.experiments import tasks as tasks_module
from IQTLib.experiments.planning import Entry, Plan
from IQTLib.experiments.results import Results
from IQTLib.experiments.run import _note, read_run
from IQTLib.experiments.tasks import Store, Task
from IQTLib.io.files import file_digest


def tasks(*measures):
    return [Task(measure, f"k{number:02}", f"{measure} {number}", {}) for number, measure in enumerate(measures)]


def run(folder, place, todo, report=None):
    """What became of the tasks, by title: None, or what went wrong."""
    ended = {}
    engine.run_tasks(
        todo,
        place,
        context(folder),
        report=report or Reporter(),
        message="work",
        finished=lambda task, failure: ended.__setitem__(task.title, failure),
        do=do,
    )
    return ended


def test_tasks_leave_rows_and_the_progress_ends_full(tmp_path):
    events = []
    ended = run(tmp_path, engine.Processes(2), tasks("fine", "fine", "fine"), Reporter(events.append))
    assert ended == {"fine 0": None, "fine 1": None, "fine 2": None}
    assert all(Store(tmp_path / "results").row(f"k0{i}")["process"] != os.getpid() for i in range(3))
    assert (events[0].done, events[-1].done, events[-1].total) == (0, 3, 3)
    assert events[-1].seconds_left == 0


def test_a_process_that_dies_loses_its_own_task_only(tmp_path):
    ended = run(tmp_path, engine.Processes(2), tasks("fine", "die", "fine", "fine"))
    assert ended == {"fine 0": None, "die 1": engine.CRASHED, "fine 2": None, "fine 3": None}


def test_what_fails_says_why_in_one_line_and_the_rest_goes_on(tmp_path):
    ended = run(tmp_path, engine.Processes(1), tasks("fail", "bug", "fine"))
    assert ended == {"fail 0": "this scan is bad", "bug 1": "ZeroDivisionError: division by zero", "fine 2": None}


def test_stopping_tells_the_workers_and_ends_soon(tmp_path):
    wanted = threading.Event()
    threading.Timer(4, wanted.set).start()
    start = time.monotonic()
    with pytest.raises(CancelledError):
        run(tmp_path, engine.Processes(1), tasks("wait", "fine"), Reporter(cancelled=wanted.is_set))
    assert time.monotonic() - start < engine.PATIENCE
    assert (tmp_path / "stop").exists()
    assert Store(tmp_path / "results").row("k01") is None


KILLED = """
import os, sys, time
from IQTLib.experiments import engine
if __name__ == "__main__":
    with engine.Processes(1).executor() as (pool, _):
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(600)
"""


def test_workers_end_with_a_command_that_is_killed(tmp_path):
    psutil = pytest.importorskip("psutil")
    script = tmp_path / "command.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(engine.__file__).parents[2])}
    with subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True) as command:
        worker = psutil.Process(int(command.stdout.readline()))
        command.kill()
    worker.wait(30)  # `TimeoutExpired` if it goes on


def test_the_same_tasks_run_on_a_dask_cluster(tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        ended = run(tmp_path, engine.Cluster(cluster.scheduler_address), tasks("fine", "fail", "fine"))
    assert ended == {"fine 0": None, "fail 1": "this scan is bad", "fine 2": None}
    assert Store(tmp_path / "results").row("k02")["process"] != os.getpid()


def test_no_scheduler_is_one_plain_error(tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="no dask scheduler answers at nonsense"):
        run(tmp_path, engine.Cluster("nonsense://nowhere:1"), tasks("fine"))


def test_dask_that_is_missing_is_named_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(InputError, match=r"needs dask: pip install 'image-quality-transfer\[experiments\]'"):
        run(tmp_path, engine.Cluster("tcp://localhost:8786"), tasks("fine"))


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
