"""`iqt experiments run --scale smoke`: every part on small synthetic people, then again without changes."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from experimenting import small_slices, small_world
from IQTLib.experiments import findings
from IQTLib.experiments.catalogue import EXPERIMENTS
from IQTLib.experiments.results import Results
from IQTLib.models.store import find, load, read_card
from test_cli import iqt as here  # noqa: F401 - a fixture

LIBRARY = Path(__file__).parents[2] / "IQTEnhance"


def iqt(*words, **environment):
    env = os.environ | {"PYTHONPATH": str(LIBRARY), "OMP_NUM_THREADS": "1"} | environment
    return subprocess.run(
        [sys.executable, "-m", "IQTLib", "experiments", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )


def processor_seconds():
    """What the commands took so far, their processes included."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Folder of the run, and how the command is called there."""
    folder = tmp_path_factory.mktemp("experiments")
    scans, people = small_world(folder)
    where = ("--scans", scans, "--people", people, "--ixi", small_slices(folder), "--output", folder / "out")
    words = ("run", *where, "--scale", "smoke")
    return folder / "out", words


@pytest.fixture(scope="module")
def done(world):
    """The first, whole run: its folder, its events, and its seconds of processor."""
    folder, words = world
    start = processor_seconds()
    command = iqt(*words, "--docs", folder / "docs", "--json-events")
    assert command.returncode == 0, command.stderr
    return folder, [json.loads(line) for line in command.stdout.splitlines()], processor_seconds() - start


def test_every_experiment_has_results_and_nothing_failed(done):
    folder, events, _ = done
    results = Results(folder)
    assert results.run["failures"] == {}
    assert events[-1]["data"]["failed"] == {}
    for name in EXPERIMENTS:
        assert next(results.rows(name), None) is not None, name
        assert results.missing(name) == "", name


def test_progress_and_remaining_time_are_reported(done):
    progress = [event for event in done[1] if event["kind"] == "progress"]
    assert {"measuring shipped models", "training IQT-SRep", "training IQT-DDL"} <= {e["message"] for e in progress}
    assert any(event.get("seconds_left") is not None for event in progress)


def test_report_needs_nothing_else_and_holds_every_part(done):
    folder = done[0]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'src="data:image/png' in page
    assert not re.search(r"(src|href)=\"(?!data:)", page)
    text = (folder / "RESULTS.md").read_text(encoding="utf-8")
    for experiment in EXPERIMENTS.values():
        assert f"## {experiment.title}" in text or experiment.measure == "check"
    assert "What we could not reproduce and why" in text
    assert "paper 0.257" in text
    assert "Nothing to show" not in text
    for link in re.findall(r"\]\((figures/[^)]+)\)", text):
        assert (folder / link).is_file()


def test_documentation_has_small_pictures(done):
    pictures = list((done[0] / "docs" / "figures").iterdir())
    assert len(pictures) >= 10
    assert max(path.stat().st_size for path in pictures) < 200_000


def test_every_score_is_written_down(done):
    """The mean of a table's cell can be made again from scores.csv."""
    assert (done[0] / "docs" / "scores.csv").read_text() == (done[0] / "scores.csv").read_text()
    with (done[0] / "scores.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["experiment"] == "table1" and row["test_set"] == "InD1"]
    values = [float(r["value"]) for r in rows if (r["method"], r["units"], r["metric"]) == ("srep", "as is", "ssim")]
    assert len(values) == 2  # people
    cell = Results(done[0]).summary("table1", "srep", "InD1", ("as is", "ssim"), group="all")
    assert np.mean(values) == pytest.approx(cell.mean, rel=1e-4)


def test_rows_are_sound_numbers(done):
    results = Results(done[0])
    for entry, row in results.rows("table1"):
        for units in ("as is", "gain matched"):
            assert 0 < row[units]["nrmse_mean"] < 2, entry
            assert 0 < row[units]["ssim"] < 1
        assert row["snr"][0] > 0
    for _, row in results.rows("cost"):
        assert all(run["seconds"] > 0 and run["peak"] > 2**26 for run in row["runs"])
    for _, row in results.rows("bias", method="cubic"):
        assert 0 < row["high-frequency energy"] < 1  # interpolation has less detail than the truth
        assert row["decile slope"] < 0  # and less contrast


def test_a_second_run_does_nothing_and_is_quick(done, world):
    rows = sorted((done[0] / "results").rglob("*.json"))
    before = {path: path.stat().st_mtime_ns for path in rows}
    (done[0] / "report.html").unlink()
    start = processor_seconds()
    command = iqt(*world[1])
    assert command.returncode == 0, command.stderr
    assert (done[0] / "report.html").is_file()
    assert processor_seconds() - start < done[2] / 5
    assert {path: path.stat().st_mtime_ns for path in sorted((done[0] / "results").rglob("*.json"))} == before


def test_an_interrupted_run_continues_on_workers_where_it_was(done, world):
    """One missing result is the one that is computed again, here by workers of dask."""
    pytest.importorskip("cryptography")
    folder, words = done[0], world[1]
    results = Results(folder)
    entry, row = next(results.rows("table1", method="cubic", person="p0", test_set="InD1"))
    path = next((folder / "results").rglob(f"{entry['key']}.json"))
    others = {p: p.stat().st_mtime_ns for p in (folder / "results").rglob("*.json") if p != path}
    path.unlink()
    command = iqt(*words, "--only", "table1", "--jobs", 2)
    assert command.returncode == 0, command.stderr
    again = Results(folder).store.row(entry["key"])
    assert again["as is"] == row["as is"]
    assert all(p.stat().st_mtime_ns == when for p, when in others.items())


def test_report_can_be_written_again_and_needs_a_run(done, tmp_path, here):  # noqa: F811
    """Of one experiment: the second run above writes that of all again."""
    nothing = here("experiments", "report", "--output", tmp_path)
    assert nothing.code == 3
    assert "holds no run of experiments" in nothing.err
    run = json.loads((done[0] / "run.json").read_text(encoding="utf-8"))
    run["entries"] = [entry for entry in run["entries"] if entry["experiment"] == "table1"]
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    shutil.copytree(done[0] / "results", tmp_path / "results")
    assert here("experiments", "report", "--output", tmp_path).code == 0
    assert "Table 1" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_was_measured_goes_into_the_models_cards(done, tmp_path, monkeypatch):
    model = shutil.copytree(find("unet-t1w-x4"), tmp_path / "unet-t1w-x4")
    monkeypatch.setattr(findings, "find", lambda name: model if name == "unet-t1w-x4" else None)
    assert findings.write_cards(Results(done[0])) == ["unet-t1w-x4"]
    card = read_card(model)
    measured = [
        row["gain matched"]["ssim"] for _, row in Results(done[0]).rows("table1", method="unet", test_set="InD1")
    ]
    assert card.test["InD1"]["ssim, gain matched"]["mean"] == pytest.approx(np.mean(measured), abs=1e-4)
    assert card.lesions["people"] == 2
    assert len(card.lesions["bright"]) == len(card.lesions["dark"]) == len(card.lesions["diameters"]) > 0
    assert load(model).card.test == card.test  # the weights' hash still holds


def test_list_names_all_and_wrong_names_are_one_line(world, here, monkeypatch):  # noqa: F811
    listed = here("experiments", "list")
    assert all(name in listed.out for name in EXPERIMENTS)
    wrong = here("experiments", *world[1], "--only", "table9")
    assert (wrong.code, wrong.err.count("\n")) == (3, 1)
    assert "no experiment 'table9'" in wrong.err
    assert "no test set 'InD9'" in here("experiments", *world[1], "--sets", "InD9").err
    monkeypatch.setenv("IQT_SCANS", "")
    assert here("experiments", "run", "--output", "x").code != 0
