"""However the work ends: Slicer lives, the scene is whole, a reason and a remedy are told, and no file stays."""

import os
import signal
import sys
import time

import numpy as np
import pytest
import slicer
from IQTEnhanceLib import Exchange, Process, WorkerJob
from IQTEnhanceLib.Errors import EnhanceError, StoppedError
from IQTEnhanceLib.Run import SCENE_CLOSED

pytestmark = pytest.mark.usefixtures("models")
LONG = {"model": "tiny", "device": "cpu", "options": {"stride": 1}}  # minutes on the volume below


@pytest.fixture
def long_run(logic, a_volume, a_mask, wait_until):
    """A run in the middle of its work, and the events so far."""
    volume, events = a_volume(shape=(40, 160, 160)), []
    run = logic.process(volume, mask=a_mask(volume), waitForCompletion=False, onEvent=events.append, **LONG)
    wait_until(lambda: run.finished or any(event.get("done", 0) > 0 for event in events))
    assert not run.finished, run.results[0].error
    return run, events


def worker_pid(events) -> int:
    return next(event["data"]["pid"] for event in events if event.get("data", {}).get("pid"))


def is_alive(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def volumes() -> int:
    return slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode")


def test_cancel_in_the_middle(long_run, wait_until, temporary):
    run, events = long_run
    before, start = volumes(), time.monotonic()
    run.cancel("Stopped by the user")
    wait_until(lambda: run.finished)
    assert time.monotonic() - start < Process.GRACE_SECONDS  # by itself, not by force
    assert isinstance(run.results[0].error, StoppedError)
    assert "Stopped by the user" in str(run.results[0].error)
    assert (volumes(), list(temporary.iterdir())) == (before, [])
    assert not is_alive(worker_pid(events))


def test_a_worker_that_does_not_listen_is_ended_by_force(long_run, wait_until, temporary, monkeypatch):
    run, events = long_run
    monkeypatch.setattr(WorkerJob, "GRACE_SECONDS", 0.2)
    os.kill(worker_pid(events), signal.SIGSTOP)
    run.cancel()
    wait_until(lambda: run.finished, 20)
    assert isinstance(run.results[0].error, StoppedError)
    assert list(temporary.iterdir()) == []
    assert not is_alive(worker_pid(events))


def test_worker_killed(long_run, wait_until, temporary):
    run, events = long_run
    os.kill(worker_pid(events), signal.SIGKILL)
    wait_until(lambda: run.finished)
    error = run.results[0].error
    assert "terminated (code -9)" in str(error)
    assert "memory" in error.remedy
    assert list(temporary.iterdir()) == []


def test_scene_closed_while_running(long_run, wait_until, temporary):
    run, events = long_run
    slicer.mrmlScene.Clear()
    wait_until(lambda: run.finished)
    assert SCENE_CLOSED in str(run.results[0].error)
    assert (volumes(), list(temporary.iterdir())) == (0, [])
    assert not is_alive(worker_pid(events))


def test_input_deleted_while_running(logic, a_volume, wait_until, temporary):
    volume = a_volume()
    run = logic.process(volume, model="cubic", device="cpu", waitForCompletion=False)
    slicer.mrmlScene.RemoveNode(volume)
    wait_until(lambda: run.finished)
    assert "deleted" in str(run.results[0].error)
    assert (volumes(), list(temporary.iterdir())) == (0, [])


class Impostor(Process.ConsoleRunner):
    """Runs a Python program of the test's in place of the worker."""

    def __init__(self, program: str) -> None:
        self.program = f"FULL = {FULL!r}\n{program}"

    def _launch(self, arguments, **options):
        import slicer.util

        return slicer.util.launchConsoleProcess([sys.executable, "-c", self.program, *arguments], **options)


FULL = '{"affine": [], "model": "", "sha256": "", "version": "", "warnings": [], "seconds": {}}'


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("print('\\x00 garbage {\"kind\"')", "ended without a result"),
        ("import sys; sys.stdout.buffer.write(bytes(range(256)) * 50)", "ended without a result"),
        (
            "print('[1, 2]'); print('{}'); print('null'); print('{\"kind\": \"result\", \"message\": 5}')",
            "without a result",
        ),
        ('print(\'{"kind": "result", "message": "", "data": {}}\')', "is incomplete"),
        (
            "import sys; open(sys.argv[3], 'wb').write(b'x' * 999); "
            'print(\'{"kind": "result", "message": "", "data": \' + FULL + "}")',
            "cannot be read",
        ),
        ("import a_package_that_is_not_there", "lacks a Python package"),
        ("raise SystemExit(3)", "ended with code 3"),
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_a_worker_that_talks_nonsense(logic, a_volume, wait_until, temporary, program, reason, waits):
    logic.runner = Impostor(program)
    before = a_volume() and volumes()
    volume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
    if waits:
        with pytest.raises(EnhanceError, match=reason) as failure:
            logic.process(volume, model="cubic")
        assert failure.value.remedy
    else:
        run = logic.process(volume, model="cubic", waitForCompletion=False)
        wait_until(lambda: run.finished)
        assert reason in str(run.results[0].error)
    assert (volumes(), list(temporary.iterdir())) == (before, [])


def test_no_python_to_run(logic, a_volume, temporary, monkeypatch):
    monkeypatch.setattr(Process, "pythonExecutable", lambda: "/no/such/python")
    with pytest.raises(EnhanceError, match="/no/such/python cannot be started"):
        logic.process(a_volume(), model="cubic")
    assert list(temporary.iterdir()) == []


def test_weights_deleted_after_they_were_chosen(logic, a_volume, models, temporary):
    (models / "tiny" / "weights.safetensors").unlink()
    with pytest.raises(EnhanceError, match=r"holds no weights\.safetensors") as failure:
        logic.process(a_volume(), model="tiny", device="cpu")
    assert "another model" in failure.value.remedy


def test_too_little_space_is_reported_before_the_work(logic, a_volume, temporary, monkeypatch):
    usage = Exchange.shutil.disk_usage(temporary)
    monkeypatch.setattr(Exchange.shutil, "disk_usage", lambda folder: usage._replace(free=1000))
    with pytest.raises(EnhanceError, match="has 0 MiB left, but 1 MiB may be needed"):
        logic.process(a_volume(), model="cubic")
    assert list(temporary.iterdir()) == []


def test_temporary_folder_that_fills_up(logic, a_volume, temporary):
    """Files of more than 20 kB cannot be written, first by this process, then by the worker."""
    resource = pytest.importorskip("resource")
    large, small = a_volume(dtype=np.float64), a_volume(dtype=np.uint8)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        results = logic.process([large, small], model="cubic", device="cpu")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert "cannot be written to the temporary folder" in str(results[0].error)
    assert "disk is full" in str(results[1].error)
    assert all("Free disk space" in result.error.remedy for result in results)
    assert list(temporary.iterdir()) == []


def test_a_temporary_folder_that_is_not_there(logic, a_volume, temporary, monkeypatch):
    monkeypatch.setattr(slicer.app, "temporaryPath", str(temporary / "gone"))
    with pytest.raises(EnhanceError, match="gone"):
        logic.process(a_volume(), model="cubic")


def test_a_listener_that_fails_does_not_stop_the_work(logic, a_volume, wait_until):
    def fail(event):
        raise RuntimeError("drawing failed")

    run = logic.process(a_volume(), model="cubic", device="cpu", waitForCompletion=False, onEvent=fail)
    wait_until(lambda: run.finished)
    assert run.results[0].outputVolume is not None


def test_cancel_leaves_out_the_volumes_that_wait(logic, a_volume, wait_until):
    run = logic.process([a_volume("A"), a_volume("B")], model="cubic", device="cpu", waitForCompletion=False)
    run.cancel()
    wait_until(lambda: run.finished)
    assert [type(result.error) for result in run.results] == [StoppedError, StoppedError]
    assert {result.inputVolume.GetName() for result in run.results} == {"A", "B"}
