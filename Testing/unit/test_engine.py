"""The engine for many tasks: here and on dask's workers, tasks that fail or kill their worker, jobs of a queue."""

import os
import signal
import subprocess
import sys
import threading
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from IQTLib.errors import CancelledError, InputError, IQTError
from IQTLib.events import Reporter
from IQTLib.jobs import clusters, engine
from IQTLib.jobs.clusters import Here, Local, Queue, Scheduler, cluster_of, own_gpu


def work(task: str, report: Reporter, marks: str = "", place=None):
    """A task that succeeds, fails, or kills its worker the first time, as its name says."""
    report.progress(0, 1, "within a task")
    report.warn(f"on {task}")
    if task == "bad":
        raise InputError("this scan is bad")
    if task == "bug":
        raise ZeroDivisionError("division by zero")
    mark = Path(marks, task)
    if task == "dies once" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task, own_gpu(place)


def run(tasks, place, do=work, report=None):
    ended = {}
    engine.run_tasks(
        tasks,
        do,
        place,
        report=report or Reporter(),
        message="work",
        finished=lambda task, result, error: ended.__setitem__(task, str(error) if error else result),
    )
    return ended


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="the system has no signal masks")
def test_ctrl_c_ends_no_worker_while_it_starts():
    """The terminal sends it to all: dask's threads start workers that do not hear it."""
    hears = "import signal; print(signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    said = []

    def start() -> None:
        resource_tracker.ensure_running()  # as multiprocessing does, which lets the thread hear again
        said.append(subprocess.check_output([sys.executable, "-S", "-c", hears], text=True).strip())

    with clusters._deaf_threads():
        thread = threading.Thread(target=start)
        thread.start()
        thread.join()
    assert said == ["False"]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_failures_are_one_line_each_and_the_rest_continues():
    events = []
    ended = run(["a", "bad", "bug", "b"], Here(), report=Reporter(events.append))
    assert ended == {
        "a": ("a", None),
        "bad": "this scan is bad",
        "bug": "ZeroDivisionError: division by zero",
        "b": ("b", None),
    }
    assert (events[0].done, events[-1].done, events[-1].total, events[-1].seconds_left) == (0, 4, 4, 0)


def test_the_exception_behind_an_unexpected_error_is_kept():
    ended = []
    engine.run_tasks(
        ["bug"], work, Here(), report=Reporter(), message="work", finished=lambda *told: ended.append(told[2])
    )
    assert isinstance(ended[0].__cause__, ZeroDivisionError)


def test_a_task_that_kills_every_worker_is_reported_as_crashed():
    class KilledWorker(Exception):  # noqa: N818 - dask's name
        pass

    def kill(task, report):
        raise KilledWorker(task, "tcp://127.0.0.1:1", 3)

    assert run(["bad"], Here(), kill) == {"bad": engine.CRASHED}


def test_work_stops_when_the_reporter_says_so_or_the_listener_raises():
    told = []
    with pytest.raises(CancelledError):
        engine.run_tasks(
            ["a", "b"],
            work,
            Here(),
            report=Reporter(cancelled=lambda: True),
            message="work",
            finished=lambda *_: None,
            ending=lambda: told.append("ending"),
        )
    assert told == ["ending"]

    def full(*_):
        raise IQTError("disk full")

    with pytest.raises(IQTError, match="disk full"):
        engine.run_tasks(["a", "b"], work, Here(), report=Reporter(), message="work", finished=full)


def test_workers_that_die_are_replaced_and_their_tasks_repeated(tmp_path):
    pytest.importorskip("distributed")
    pytest.importorskip("cryptography")
    place, events = Local(2, gpus=0), []
    do = partial(work, marks=str(tmp_path), place=place)
    ended = run(["a", "dies once", "bad", "b"], place, do, Reporter(events.append))
    assert sorted(e.message for e in events if e.kind == "warning") == ["on a", "on b", "on bad", "on dies once"]
    assert not any(event.message == "within a task" for event in events)  # its progress is over when it arrives
    assert ended == {"a": ("a", None), "dies once": ("dies once", None), "bad": "this scan is bad", "b": ("b", None)}


@pytest.mark.parametrize(
    ("system", "wanted"),
    [
        ("slurm", ["#SBATCH --cpus-per-task=8", "#SBATCH --gres=gpu:2", "#SBATCH --mem=30G"]),
        ("pbs", ["#PBS -l select=1:ncpus=8:mem=32gb:ngpus=2"]),
        ("sge", ["#$ -pe smp 8", "#$ -l gpu=2"]),
    ],
)
def test_jobs_ask_for_cores_memory_and_gpus(system, wanted, tmp_path):
    pytest.importorskip("dask_jobqueue")
    with Queue(system, 3, gpus=2, cores=8, memory="32 GB", folder=tmp_path).cluster() as cluster:
        script = cluster.job_script()
    for line in wanted:
        assert line in script
    assert "--nworkers 2" in script
    assert "--nthreads 1" in script
    assert "OMP_NUM_THREADS=4" in script


def test_clusters_by_name():
    assert cluster_of("local", 1) == Here()
    assert cluster_of("local", 4, gpus=1, cores=4) == Local(4, 1)
    assert cluster_of("sge", 4, cores=2) == Queue("sge", 4, cores=2)
    assert cluster_of("tcp://host:1", 1) == Scheduler("tcp://host:1")
    with pytest.raises(InputError, match="choose local, slurm, pbs, sge or the address"):
        cluster_of("condor", 1)


def test_missing_dask_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    for place in (Local(2), Scheduler("tcp://localhost:8786")):
        with pytest.raises(InputError, match=r"pip install 'image-quality-transfer\[cohort\]'"):
            run(["a"], place)


def test_no_scheduler_is_one_plain_error():
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="no dask scheduler answers at nonsense"):
        run(["a"], Scheduler("nonsense://nowhere:1"))


KILLED = """
import os, time
from IQTLib.jobs.clusters import Local
if __name__ == "__main__":
    with Local(1, 0).executor() as (pool, _):
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(600)
"""


def test_workers_end_with_a_command_that_is_killed(tmp_path):
    pytest.importorskip("distributed")
    pytest.importorskip("cryptography")
    script = tmp_path / "command.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(engine.__file__).parents[2])}
    with subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True) as command:
        worker = psutil.Process(int(command.stdout.readline()))
        command.kill()
    worker.wait(30)  # `TimeoutExpired` if it continues


@pytest.mark.parametrize(
    ("place", "names", "gpus"),
    [
        (Local(2, gpus=2), (0, 1, 2, 3, 4, 7), (0, 1, 2, 3, 0, 3)),  # a worker that is replaced gets a new number
        (Queue("slurm", 3, gpus=2), ("SLURMCluster-0-0", "SLURMCluster-0-1", "SLURMCluster-2-1"), (0, 1, 1)),
        (Queue("slurm", 3, gpus=1), ("SLURMCluster-0", "SLURMCluster-2"), (0, 0)),  # one worker a job: no suffix
        (Local(3), (0, 1), (None, None)),
        (Here(), (0,), (None,)),
    ],
)
def test_each_worker_of_a_job_has_its_own_gpu(monkeypatch, place, names, gpus):
    distributed = pytest.importorskip("distributed")
    for name, gpu in zip(names, gpus, strict=True):
        monkeypatch.setattr(distributed, "get_worker", lambda name=name: SimpleNamespace(name=name))
        assert own_gpu(place) == gpu
