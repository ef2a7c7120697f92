"""Jobs as folders: real processes that wait, pause, stop, die, and what others see of them."""

import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError, OutputError
from IQTLib.io.locks import FileLock, is_held
from IQTLib.io.reading import MOST_TEXT
from IQTLib.jobs import folder as folder_module
from IQTLib.jobs.folder import ALIVE, EVENTS, LOG, Job, Request, jobs
from IQTLib.jobs.launch import launch
from IQTLib.jobs.state import KINDS, STATE, State, read_state, write_state

PROGRAM = """
import sys, time
from pathlib import Path
from IQTLib.errors import InputError
from IQTLib.cli.terminal import front_end, run, work_as_job

def command():
    work_as_job(Path(sys.argv[4]))
    with front_end() as report:
        what = sys.argv[5]
        if what == "fail":
            raise InputError("nothing to work on")
        if what == "usage":
            print("wrong usage: no such option")
            sys.exit(2)
        if what == "crash":
            raise ValueError("a defect")
        report.log("at work")
        for step in report.track(range(10_000 if what == "long" else 3), total=3, message="steps"):
            report.metrics(step, "loss", loss=1 / (1 + step))
            time.sleep(0.02)
        report.result("made", steps=3)

run(command)
"""


@pytest.fixture
def start(tmp_path) -> Callable:
    """Makes and launches a job of the program above."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    library = str(Path(folder_module.__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": library}
    started = []

    def begin(what="short", target="model", device="cpu", job=None) -> Job:
        job = job or Job.create(Request((what,), str(tmp_path / target), device), tmp_path / "jobs")
        launch(job, python=(sys.executable, str(program)), environment=environment)
        started.append(job)
        return job

    yield begin
    for job in started:
        job.kill()


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def ended(job: Job) -> str:
    until(lambda: job.status().over)
    return job.status().state


def running(job: Job) -> bool:
    status = job.status()
    assert not status.over, status
    return status.state == "running" and bool(status.progress)


def test_a_job_records_what_it_does_and_how_it_ended(start):
    job = start()
    assert ended(job) == "done"
    events, _ = job.events()
    assert [event["kind"] for event in events] == ["log", "log", "metrics", "metrics", "metrics", "result"]
    assert events[4]["data"] == {"loss": 1 / 3}
    status = job.status()
    assert (status.exit_code, status.message, status.progress["done"]) == (0, "", 3)
    assert 0 < status.seconds < 30


def test_events_are_read_on_from_an_offset(start):
    job = start("long")
    until(lambda: len(job.events()[0]) > 4)
    first, offset = job.events()
    until(lambda: len(job.events(offset)[0]) > 2)
    more, _ = job.events(offset)
    assert more[0]["done"] == first[-1]["done"] + 1


def test_a_job_outlives_the_process_that_started_it_and_is_found_again(start):
    job = start("long")
    until(lambda: running(job))
    [found] = jobs(job.folder.parent)
    assert (found, found.status().state) == (job, "running")
    assert os.getsid(found.status().pid) != os.getsid(0)  # no hang-up, no Ctrl-C from here


def test_pause_holds_it_and_going_on_lets_it_end(start):
    job = start("long")
    until(lambda: running(job))
    job.pause()
    until(lambda: job.status().state == "paused")
    seen, offset = job.events()
    time.sleep(0.3)
    assert job.events(offset)[0] == []
    job.go_on()
    until(lambda: len(job.events(offset)[0]) > 3)
    assert job.status().state == "running"
    assert seen


@pytest.mark.parametrize("pausing", [False, True])
def test_stop_ends_it_also_while_it_is_paused(start, pausing):
    job = start("long")
    until(lambda: running(job))
    if pausing:
        job.pause()
        until(lambda: job.status().state == "paused")
    job.stop()
    assert ended(job) == "stopped"
    assert job.status().message.startswith("stopped")


def test_a_killed_worker_is_reported_and_can_be_restarted(start):
    job = start("long")
    until(lambda: running(job))
    os.kill(job.status().pid, signal.SIGKILL)
    assert ended(job) == "failed"
    assert "the process was terminated" in job.status().message
    assert ended(start(job=job.renewed(["short"]))) == "done"


def test_force_ends_the_whole_tree(start):
    job = start("long")
    until(lambda: running(job))
    pid = job.status().pid
    job.kill()
    assert ended(job) == "failed"
    until(lambda: not is_held(job.folder / ALIVE))
    until(lambda: gone(pid))


def gone(pid: int) -> bool:
    import psutil

    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_process_id_that_was_given_to_another_process_is_left_alone(start, tmp_path):
    """The state of a worker that died names this very process: it is neither taken for the worker nor killed."""
    job = Job.create(Request(("long",), str(tmp_path / "model")), tmp_path / "jobs")
    import socket

    (job.folder / ALIVE).touch()
    write_state(job.folder, {"state": "running", "pid": os.getpid(), "host": socket.gethostname()})
    assert job.status().state == "failed"
    job.kill()  # or the tests would end here


@pytest.mark.parametrize(
    ("what", "code", "reason"),
    [("fail", 3, "nothing to work on"), ("crash", 1, "a defect"), ("usage", 2, "wrong usage")],
)
def test_failures_say_why(start, what, code, reason):
    job = start(what)
    assert ended(job) == "failed"
    assert job.status().exit_code == code
    assert reason in job.status().message
    assert reason in job.log()


def test_a_process_that_never_starts_is_reported(tmp_path):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    assert job.status().state == "starting"
    launch(job, python=(sys.executable, "-c", "raise SystemExit('no such module')"))
    assert ended(job) == "failed"
    assert "never started" in job.status().message
    assert "no such module" in job.status().message


def test_the_end_of_a_former_process_is_not_taken_for_that_of_a_renewed_job(start):
    job = start()
    assert ended(job) == "done"
    asked = job.asked_at
    again = job.renewed(["short"])
    again.never_began("its process ended with code 0", asked)  # what watched the first one wakes up only now
    assert again.status().state == "starting"
    again.never_began("its process ended with code 1", again.asked_at)
    assert again.status().state == "failed"


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    with pytest.raises(OutputError, match="/no/such/python cannot be started"):
        launch(job, python=("/no/such/python",))


@pytest.mark.parametrize("end", ["running", "done"])
def test_a_worker_that_begins_during_a_look_has_not_died(tmp_path, monkeypatch, end):
    """It takes its lock and writes its state after the look at the lock, before that at the state; it may also end."""
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    lock = FileLock(job.folder / ALIVE)
    looks = []

    def beginning(folder):
        looks.append(folder)
        if len(looks) == 1:
            lock.take()
            write_state(folder, {"state": "running", "pid": os.getpid()})
            told = read_state(folder)
            if end == "done":
                write_state(folder, {"state": "done", "exit_code": 0})
                lock.release()
            return told
        return read_state(folder)

    monkeypatch.setattr(folder_module, "read_state", beginning)
    try:
        assert job.status().state == end
    finally:
        lock.release()


def test_a_job_that_said_nothing_for_a_minute_has_failed(tmp_path):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    past = time.time() - folder_module.STARTING_SECONDS - 1
    os.utime(job.folder / "job.json", (past, past))
    assert "never started" in job.status().message


# Several


def test_jobs_on_one_device_run_one_after_the_other_in_order_of_creation(start):
    first = start("long", "a")
    until(lambda: running(first))
    second, third = start("long", "b"), start("short", "c")
    until(lambda: second.status().state == third.status().state == "waiting")
    first.stop()
    until(lambda: running(second))
    assert third.status().state == "waiting"
    second.stop()
    assert ended(third) == "done"


def test_a_killed_job_frees_its_device_and_leaves_the_queue(start):
    first = start("long", "a")
    until(lambda: running(first))
    second, third = start("long", "b"), start("short", "c")
    until(lambda: second.status().state == third.status().state == "waiting")
    for job in (second, first):
        os.kill(job.status().pid, signal.SIGKILL)
    assert ended(third) == "done"


def test_a_waiting_job_can_be_stopped(start):
    first = start("long", "a")
    until(lambda: running(first))
    second = start("long", "b")
    until(lambda: second.status().state == "waiting")
    second.stop()
    assert ended(second) == "stopped"
    assert "waiting for its turn" in second.status().message
    assert first.status().state == "running"


def test_two_jobs_for_one_target_are_refused_until_the_first_is_over(start, tmp_path):
    first = start("long")
    with pytest.raises(OutputError, match=r"is already writing .*model"):
        start("long")
    assert len(jobs(tmp_path / "jobs")) == 1
    first.stop()
    ended(first)
    assert ended(start()) == "done"


def test_two_processes_never_work_on_one_job(start):
    job = start("long")
    until(lambda: running(job))
    start(job=job)
    until(lambda: "another process is already working on" in job.log())
    assert job.status().state == "running"


def test_a_running_job_is_neither_renewed_nor_removed(start):
    job = start("long")
    for act in (lambda: job.renewed(["short"]), job.remove):
        with pytest.raises(OutputError, match="is not finished"):
            act()
    job.stop()
    ended(job)
    job.remove()
    assert not job.folder.exists()


# What can be wrong with files


def test_a_full_disk_leaves_its_mark_in_the_state(tmp_path):
    """Nothing new can be written: the former state is written over."""
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    job.folder.chmod(0o555)
    if os.access(job.folder, os.W_OK):  # the superuser: a folder in the way of the new file does the same
        (job.folder / f".{STATE}.part").mkdir()
    write_state(job.folder, {"state": "failed", "message": "no space left"})
    assert (job.status().state, job.status().message) == ("failed", "no space left")
    job.folder.chmod(0o755)


def test_a_file_size_limit_ends_the_job_with_a_reason(start, tmp_path):
    """Events cannot be written any more; the state, written over in place, tells of it."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8000, limits[1]))
    try:
        job = start("long")
        until(lambda: job.status().over, 60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert (job.status().state, job.status().exit_code) == ("failed", 5)
    assert "cannot write to" in job.status().message


def test_a_job_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder_module, "write_state", full)
    with pytest.raises(OutputError, match="No space left"):
        Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == [".lock"]


def test_lines_cut_short_and_foreign_lines_are_passed_over(tmp_path):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    (job.folder / EVENTS).write_bytes(b'{"kind": "lo\n[1]\n{"kind": "log", "message": "whole"}\n{"kind": "log", "mes')
    events, offset = job.events()
    assert [event["message"] for event in events] == ["whole"]
    with (job.folder / EVENTS).open("ab") as file:
        file.write(b'sage": "grown"}\n')
    assert job.events(offset)[0][0]["message"] == "grown"


def test_folders_that_hold_no_job_are_passed_over(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "job.json").write_text("{}")
    assert jobs(tmp_path) == []
    assert jobs(tmp_path / "absent") == []
    (tmp_path / "other" / "job.json").write_text(" " * (MOST_TEXT + 1))
    with pytest.raises(InputError, match=r"is not a job: 1\.05 MB, more than the 1\.05 MB expected$"):
        Job.open(tmp_path / "other")
    with pytest.raises(InputError, match="is not a job"):
        Job.open(tmp_path / "other")


@pytest.mark.parametrize("ahead", [1e4, 1e9])
def test_a_job_with_a_date_to_come_has_failed_too_and_leaves_its_target_free(tmp_path, ahead):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    future = time.time() + ahead
    os.utime(job.folder / "job.json", (future, future))
    assert job.status().state == "failed"
    Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")


def test_a_worker_whose_clock_is_ahead_has_worked_for_no_time(tmp_path):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    write_state(job.folder, {"state": "done", "started": time.time() + 1e6, "ended": time.time()})
    assert (job.status().state, job.status().seconds) == ("done", 0)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
STATES = dict.fromkeys(KINDS, ANYTHING) | {"state": ANYTHING | st.sampled_from(["running", "done", "starting"])}


@given(st.fixed_dictionaries({}, optional=STATES) | ANYTHING)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_state_holds_a_job_has_a_status(tmp_path, content):
    job = job_of(tmp_path)
    (job.folder / STATE).write_text(json.dumps(content))
    status = job.status()
    assert status.state in get_args(State)
    assert isinstance(status.message, str)
    assert status.pid is None or status.pid > 1
    assert status.seconds >= 0
    assert not status.progress or status.progress["done"] - status.progress["total"] < float("inf")
    assert job in jobs(tmp_path)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Request.__dataclass_fields__, ANYTHING)) | ANYTHING)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_request_holds_the_other_jobs_are_listed(tmp_path, content):
    good, bad = job_of(tmp_path), tmp_path / "bad"
    bad.mkdir(exist_ok=True)
    complete = {"arguments": ["short"], "target": "model"} | content if isinstance(content, dict) else content
    (bad / "job.json").write_text(json.dumps(complete))
    found = jobs(tmp_path)
    assert good in found
    for job in found:
        assert all(isinstance(argument, str) for argument in job.request.arguments)
        assert all(isinstance(told, str) for told in job.request.details.values())


@pytest.mark.parametrize("kind", ["folder", "pipe", "deep", "endless"])
@pytest.mark.parametrize("name", ["job.json", STATE])
def test_what_is_no_file_or_no_json_of_ours_does_not_stop_the_list(tmp_path, name, kind):
    good, bad = job_of(tmp_path), Job.create(Request(("short",), str(tmp_path / "other")), tmp_path)
    path = bad.folder / name
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.write_text("[" * 100_000)
    assert good in jobs(tmp_path)
    assert bad.status().state in ("starting", "failed")


@pytest.mark.parametrize("kind", ["pipe", "endless"])
def test_events_and_log_that_are_no_files_are_read_as_nothing(tmp_path, kind):
    job = Job.create(Request(("short",), str(tmp_path / "other")), tmp_path)
    for name in (EVENTS, LOG):
        (job.folder / name).symlink_to("/dev/zero") if kind == "endless" else os.mkfifo(job.folder / name)
    assert job.log() == ""
    assert job.events() == ([], 0)


@pytest.mark.parametrize("request_", ["pause", "stop"])
def test_a_request_that_cannot_be_left_is_an_error(tmp_path, request_):
    job = Job.create(Request(("short",), str(tmp_path / "other")), tmp_path)
    (job.folder / request_).symlink_to(request_)  # leads to itself
    with pytest.raises(OutputError, match=f"cannot ask the job .* to {request_}"):
        getattr(job, request_)()


@given(st.fixed_dictionaries({"kind": ANYTHING, "message": ANYTHING}, optional={"done": ANYTHING, "data": ANYTHING}))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_events_of_another_kind_are_passed_over(tmp_path, event):
    job = job_of(tmp_path)
    (job.folder / EVENTS).write_text(json.dumps(event) + "\n")
    for told in job.events()[0]:
        assert isinstance(told["kind"], str)
        assert isinstance(told["message"], str)
        assert isinstance(told.get("data") or {}, dict)


def job_of(folder: Path) -> Job:
    """The job of a folder that holds one already, or a new one."""
    return next((job for job in jobs(folder) if job.name != "bad"), None) or Job.create(
        Request(("short",), str(folder / "model")), folder
    )


def test_a_damaged_state_is_no_state(tmp_path):
    job = Job.create(Request(("short",), str(tmp_path / "model")), tmp_path / "jobs")
    (job.folder / STATE).write_text("{{{")
    (job.folder / LOG).write_text("")
    assert job.status().state == "starting"


def test_a_lock_goes_with_its_holder(tmp_path):
    lock = FileLock(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")
    assert lock.take()
    assert is_held(tmp_path / "lock")
    assert not FileLock(tmp_path / "lock").take()
    lock.release()
    assert not is_held(tmp_path / "lock")
