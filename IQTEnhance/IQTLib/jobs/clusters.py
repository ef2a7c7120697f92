"""Where tasks run: in this process, in processes of this machine, or on a cluster. Processes and clusters are dask's.

Dask restarts a worker that dies and gives its task to another one; dask-jobqueue requests workers from SLURM, PBS or
SGE. A worker does one task at a time. Scans and results must be reachable from all workers.
"""

import logging
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Protocol

from ..errors import InputError, reason

QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster"}
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
PATIENCE = 20.0  # seconds that workers have to end; dask ends the rest with this process, and results appear whole
TEND, LOST = 10, 300  # seconds between looks at the number of workers; after which one that is gone is given up
MISSING = "several workers need dask: pip install 'image-quality-transfer[cohort]'"


class Cluster(Protocol):
    """A place that runs tasks."""

    def executor(self) -> Any:
        """A context: an executor, and how many tasks to give it at once.

        Raises:
            InputError: it is not available, with the reason.
        """


@dataclass(frozen=True)
class Here:
    """This process, one task after the other; needs no other package."""

    @contextmanager
    def executor(self) -> Iterator[tuple[Executor, int]]:
        yield _AtOnce(), 1


@dataclass(frozen=True)
class Local:
    """`jobs` workers on this machine that share its cores; with `gpus`, that many workers a job, each with its GPU."""

    jobs: int
    gpus: int = 0

    @contextmanager
    def executor(self) -> Iterator[tuple[Executor, int]]:
        with _dask_errors():
            import dask
            from distributed import LocalCluster

        workers = self.jobs * max(self.gpus, 1)
        threads = max(1, (os.cpu_count() or 1) // workers)
        # Dask gives up a worker that is not back in 15 s, which a busy machine needs to start one.
        dask.config.set({"distributed.deploy.lost-worker-timeout": f"{LOST} s"})
        with _deaf_threads():
            cluster = LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                memory_limit=0,  # IQT itself checks the memory; dask would kill a worker, and it would die again
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
                env={name: os.environ.get("OMP_NUM_THREADS", str(threads)) for name in THREADS},
                preload=[__name__],
                security=_security(),  # without it, others on this machine could run code as this user
            )
        with _kept(cluster, workers), _client(cluster) as client:
            yield client.get_executor(pure=False), workers


@dataclass(frozen=True)
class Scheduler:
    """A running dask scheduler at `address` (tcp://host:8786)."""

    address: str

    @contextmanager
    def executor(self) -> Iterator[tuple[Executor, int]]:
        with _client(self.address) as client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise InputError(f"the cluster at {self.address} has no workers")
            yield client.get_executor(pure=False), threads


@dataclass(frozen=True)
class Queue:
    """`jobs` jobs of a queueing system: "slurm", "pbs" or "sge". A job that ends early is submitted again.

    Args:
        gpus: of a job, which then runs as many workers, each with its GPU. cores, memory: of a job.
        folder: for the jobs' output; all nodes must reach it.

    Other settings of a site (queue, account, time limit) go into dask's own file, `~/.config/dask/jobqueue.yaml`.
    """

    system: str
    jobs: int
    gpus: int = 0
    cores: int = 4
    memory: str = "8 GB"
    folder: Path = Path()

    @contextmanager
    def executor(self) -> Iterator[tuple[Executor, int]]:
        self.folder.mkdir(parents=True, exist_ok=True)
        cluster = self.cluster()
        workers = self.jobs * max(self.gpus, 1)
        with _kept(cluster, workers), _client(cluster) as client:
            yield client.get_executor(pure=False), workers

    def cluster(self) -> Any:
        """The cluster before any job is submitted; `job_script()` shows what will be."""
        with _dask_errors():
            import dask_jobqueue

        workers = max(self.gpus, 1)
        threads = max(1, self.cores // workers)
        return getattr(dask_jobqueue, QUEUES[self.system])(
            cores=workers,  # threads of dask: one for each worker; the rest is for the libraries below
            processes=workers,
            memory=self.memory,
            job_script_prologue=[f"export DASK_DISTRIBUTED__NANNY__PRE_SPAWN_ENVIRON__{n}={threads}" for n in THREADS],
            log_directory=str(self.folder),
            scheduler_options={"dashboard_address": None},
            security=_security(),
            shared_temp_directory=str(self.folder),
            **self._requested(),
        )

    def _requested(self) -> dict[str, Any]:
        """Cores and GPUs of a job in the syntax of its queueing system."""
        if self.system == "pbs":
            memory = self.memory.lower().replace(" ", "")
            gpus = f":ngpus={self.gpus}" if self.gpus else ""
            return {"resource_spec": f"select=1:ncpus={self.cores}:mem={memory}{gpus}"}
        if self.system == "slurm":
            return {"job_cpu": self.cores, "job_extra_directives": [f"--gres=gpu:{self.gpus}"] if self.gpus else []}
        requested = [f"-pe smp {self.cores}", *([f"-l gpu={self.gpus}"] if self.gpus else [])]
        return {"job_extra_directives": requested, "resource_spec": f"h_vmem={self.memory.replace(' ', '')}"}


def cluster_of(cluster: str, jobs: int, **wanted: Any) -> Cluster:
    """The place for `--cluster`: local, a queueing system or the address of a scheduler.

    Raises:
        InputError: unknown.
    """
    if cluster in QUEUES:
        return Queue(cluster, jobs, **wanted)
    if "://" in cluster:
        return Scheduler(cluster)
    if cluster != "local":
        known = ", ".join(("local", *QUEUES))
        raise InputError(f"cluster {cluster!r}: choose {known} or the address of a dask scheduler, tcp://host:port")
    gpus = wanted.get("gpus", 0)
    return Local(jobs, gpus) if jobs > 1 or gpus else Here()


def worker_device(place: Cluster, device: str) -> str:
    """The device of this worker: its own GPU if `place` gives it one, else `device`."""
    gpu = own_gpu(place)
    return device if gpu is None else f"cuda:{gpu}"


def own_gpu(place: Cluster) -> int | None:
    """The number of the GPU that this worker has to itself; None if the jobs requested none.

    Workers of a job see the same GPUs and are numbered: 0, 1, ... on one machine, "SLURMCluster-12-0", ... elsewhere.
    """
    gpus = getattr(place, "gpus", 0)
    if not gpus:
        return None
    from distributed import get_worker

    number = int(str(get_worker().name).rpartition("-")[2])
    return number % (place.jobs * gpus) if isinstance(place, Local) else number * (gpus > 1)


def dask_setup(worker: Any) -> None:
    """Dask calls this in each local worker: the terminal sends Ctrl-C to all, but the command ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows; elsewhere it never arrives, see `_deaf_threads`


@contextmanager
def _deaf_threads() -> Iterator[None]:
    """Threads that begin inside the block, and processes that these start, get no Ctrl-C.

    A worker that it ends while it starts leaves dask with an error of its own instead of a stop.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # else the thread that starts it would hear again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _AtOnce(Executor):
    """An executor that runs a task as soon as it is submitted."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def _dask_errors() -> Iterator[None]:
    """Say how to get dask where it is missing."""
    try:
        yield
    except ImportError:
        raise InputError(MISSING, code="missing-package") from None


def _security() -> Any:
    with _dask_errors():
        from distributed.security import Security

        return Security.temporary()


@contextmanager
def _kept(cluster: Any, workers: int) -> Iterator[None]:
    """Keep that many `workers`: dask itself does not replace one whose nanny or job has ended."""
    from tornado.ioloop import PeriodicCallback

    again = PeriodicCallback(lambda: cluster.scale(workers), 1000 * TEND)
    cluster.scale(workers)
    cluster.loop.add_callback(again.start)
    try:
        yield
    finally:
        cluster.loop.add_callback(again.stop)
        with suppress(Exception):  # of dask's, about workers that are still starting or were ended from outside
            cluster.close(timeout=PATIENCE)


@contextmanager
def _client(cluster: Any) -> Iterator[Any]:
    with _dask_errors():
        from distributed import Client
    try:
        client = Client(cluster, timeout=20)
    except (OSError, ValueError) as error:
        raise InputError(f"no dask scheduler answers at {cluster}: {reason(error)}") from None
    with client:
        yield client
