"""Work stops on request, as on Ctrl-C: when a file appears, when the process that asked for it is gone or deaf."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
import tiny
from IQTLib.image.volume import Volume, write
from IQTLib.jobs import stopping
from phantom import labels, noisy, phantom
from test_cli import LIBRARY, Done, everything_in, one_line, started

WATCHING = (
    "import sys; from IQTLib.jobs.stopping import gone; watched = gone(int(sys.argv[1]));"
    "print(watched(), flush=True); input(); print(watched(), flush=True)"
)
LONG = ("--model", "slow", "--mask", "mask.nii.gz", "--json-events")
SHORT = {  # without the stop file each of these succeeds
    "enhance": ("enhance", "brain.nii.gz", "new/out.nii", "--model", "cubic"),
    "simulate": ("simulate", "sub-01_T1w.nii.gz", "new"),
    "train srep": ("train", "srep", ".", "new", "--patch", 3, "--atoms", 16, "--patches", 1000),
    "demo": ("demo", "new", "--model", "cubic"),
}


@pytest.fixture
def folder(tmp_path):
    """A brain in slices 8 mm apart, its mask, a person to simulate, and a model that takes minutes for the brain."""
    volume = phantom()
    thick = Volume(volume.data[..., ::4], volume.affine @ np.diag([1, 1, 4, 1]))
    write(noisy(thick, 1.0), tmp_path / "brain.nii.gz")
    write(thick.with_data(labels()[..., ::4] > 0), tmp_path / "mask.nii.gz")
    write(volume, tmp_path / "sub-01_T1w.nii.gz")
    write(volume.with_data(labels()), tmp_path / "sub-01_dseg.nii.gz")
    tiny.saved(tmp_path / "models" / "slow", coder="lasso", lam=0.0001, stride=1)
    return tmp_path


@pytest.fixture
def other_process():
    """A process that only waits."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def begun(process):
    """`process`, as soon as it codes its first patches."""
    assert any("sparse coding" in line for line in process.stdout), process.stderr.read()
    return process


def ended(process):
    out, err = process.communicate(timeout=60)
    one_line(Done(process.returncode, out, err), 130, "stopped")
    return out


def test_a_file_that_appears_stops_the_work_and_nothing_is_left(folder):
    before = everything_in(folder)
    process = begun(started("enhance", "brain.nii.gz", "new/out.nii", *LONG, "--stop-file", "stop", folder=folder))
    (folder / "stop").touch()
    asked = time.monotonic()
    out = ended(process)
    assert time.monotonic() - asked < 10
    assert json.loads(out.splitlines()[-1])["data"] == {"exit_code": 130, "code": "stopped"}
    assert everything_in(folder) == sorted([*before, "stop"])
    assert not (folder / "new").exists()


@pytest.mark.parametrize("command", SHORT)
def test_every_long_command_obeys_the_stop_file(folder, command):
    (folder / "stop").touch()
    before = everything_in(folder)
    ended(started(*SHORT[command], "--stop-file", "stop", folder=folder))
    assert everything_in(folder) == before
    assert not (folder / "new").exists()


def test_work_continues_while_the_file_is_missing_and_the_process_runs(folder, other_process):
    watch = ("--stop-file", "nowhere/stop", "--watch-parent", other_process.pid)
    process = started(*SHORT["enhance"], *watch, folder=folder)
    assert process.communicate(timeout=60) == ("new/out.nii\n", "")
    assert process.returncode == 0


def test_work_stops_when_the_watched_process_dies(folder, other_process):
    watch = ("--watch-parent", other_process.pid)
    process = begun(started("enhance", "brain.nii.gz", "new/out.nii", *LONG, *watch, folder=folder))
    other_process.kill()
    other_process.wait()
    ended(process)
    assert not (folder / "new").exists()


def test_work_stops_when_its_events_are_no_longer_read(folder):
    process = begun(started("enhance", "brain.nii.gz", "new/out.nii", *LONG, folder=folder))
    process.stdout.close()
    assert process.wait(timeout=60) == 130
    assert process.stderr.read() == "iqt: stopped: the program that reads the events has ended\n"
    assert not (folder / "new").exists()


def test_a_process_id_that_cannot_be_is_wrong_usage(folder):
    process = started(*SHORT["enhance"], "--watch-parent", 0, folder=folder)
    process.communicate(timeout=60)
    assert process.returncode == 2


def test_disk_is_looked_at_a_few_times_a_second_only_and_a_stop_is_final(monkeypatch, tmp_path):
    now, looks = [0.0], []
    monkeypatch.setattr(stopping.time, "monotonic", lambda: now[0])
    stopped = stopping._Seldom([lambda: looks.append(now[0]) or len(looks) == 3])
    answers = []
    for now[0] in np.arange(0, 2, 0.05):
        answers.append(stopped())
    assert len(looks) == 3
    assert np.diff(looks).min() > 0.2
    assert answers == sorted(answers)
    assert answers[-1]


def test_another_users_process_counts_as_alive(monkeypatch):
    def forbidden(self):
        raise psutil.AccessDenied

    for question in ("status", "create_time"):
        monkeypatch.setattr(psutil.Process, question, forbidden)
        assert not stopping.gone(os.getppid())()


def test_another_process_with_the_same_id_is_not_taken_for_the_watched_one(monkeypatch):
    """The system gives numbers away again; psutil tells processes apart by when they began, too."""
    watched = stopping.gone(os.getppid())
    assert not watched()
    monkeypatch.setattr(psutil.Process, "__eq__", lambda self, other: False)
    assert watched()


def test_a_process_younger_than_its_watcher_has_reused_the_id_of_an_ended_one(other_process):
    assert not stopping.gone(os.getppid())()
    assert stopping.gone(other_process.pid)()


def test_a_process_that_ended_counts_as_gone_before_it_is_waited_for():
    """Until then its number stays taken."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    command = [sys.executable, "-c", WATCHING, str(process.pid)]
    environment = os.environ | {"PYTHONPATH": str(LIBRARY)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout.readline() == "False\n"
        process.stdin.close()
        while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        watching.stdin.write("\n")
        watching.stdin.flush()
        assert watching.stdout.readline() == "True\n"
    process.wait()
