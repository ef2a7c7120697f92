"""Runs tasks in processes of this machine or on a dask cluster; failures are recorded and the other tasks continue."""

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import CancelledError, InputError, IQTError
from ..events import Reporter
from .tasks import Context, Task, perform

CRASHED = "its worker process died (out of memory?)"
PATIENCE = 20  # seconds that workers have to stop by themselves
Finished = Callable[[Task, str | None], None]
"""Called with every finished task and its error, None if it succeeded."""


@dataclass(frozen=True)
class Processes:
    """`count` processes of this machine, spawned, because threads and GPUs do not survive a fork."""

    count: int

    @contextmanager
    def executor(self, count: int | None = None) -> Iterator[tuple[Executor, int]]:
        """An executor and how many tasks it takes at once."""
        before = set(multiprocessing.active_children())
        count = count or self.count
        pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=_follow_the_command)
        try:
            yield pool, count
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end([one for one in multiprocessing.active_children() if one not in before])
            raise
        pool.shutdown()


@dataclass(frozen=True)
class Cluster:
    """A dask cluster at `address` (tcp://host:8786); scans and the output folder must be reachable from all of it."""

    address: str

    @contextmanager
    def executor(self, count: int | None = None) -> Iterator[tuple[Executor, int]]:
        """An executor and how many tasks it takes at once."""
        try:
            from distributed import Client
        except ImportError:
            raise InputError("--cluster needs dask: pip install 'image-quality-transfer[experiments]'") from None
        try:
            client = Client(self.address, timeout=20)
        except (OSError, ValueError) as error:
            raise InputError(f"no dask scheduler answers at {self.address}: {error}") from None
        with client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise InputError(f"the cluster at {self.address} has no workers")
            yield client.get_executor(pure=False), count or 2 * threads


def run_tasks(
    tasks: Iterable[Task],
    place: Processes | Cluster,
    context: Context,
    *,
    report: Reporter,
    message: str,
    finished: Finished,
    do: Callable[[Task, Context], None] = perform,
) -> None:
    """Call `do` for all tasks, and `finished` after each.

    If a process dies, the tasks that were running are repeated one at a time to find the one at fault.

    Raises:
        CancelledError: the reporter requested a stop; the context's stop file passes it on to the workers.
    """
    tasks = list(tasks)
    progress = _Progress(len(tasks), report, message)

    def done(task: Task, failure: str | None) -> None:
        finished(task, failure)
        progress.step()

    waiting = deque(tasks)
    while waiting:
        for suspect in _attempt(waiting, place, context, report, done, do):
            if _attempt(deque([suspect]), place, context, report, done, do, count=1):
                done(suspect, CRASHED)


def _attempt(
    waiting: deque[Task],
    place: Processes | Cluster,
    context: Context,
    report: Reporter,
    done: Finished,
    do: Callable[[Task, Context], None],
    count: int | None = None,
) -> list[Task]:
    """Work until no task is left or a process dies; returns the tasks that were running then."""
    running: dict[Future, Task] = {}
    try:
        with place.executor(count) as (executor, width), _told_to_stop(context):
            while waiting or running:
                while waiting and len(running) < width:
                    running[executor.submit(do, waiting[0], context)] = waiting[0]
                    waiting.popleft()
                for future in wait(running, timeout=0.3, return_when=FIRST_COMPLETED).done:
                    failure = _failure(future)
                    done(running.pop(future), failure)
                report.check()
    except BrokenProcessPool:
        return list(running.values())
    return []


@contextmanager
def _told_to_stop(context: Context) -> Iterator[None]:
    """Tell the workers to stop if the command ends early."""
    try:
        yield
    except BrokenProcessPool:
        raise
    except BaseException:
        context.stop.touch()
        raise


def _failure(future: Future) -> str | None:
    """The error in one line; a broken pool and a cancellation are raised again."""
    try:
        future.result()
    except (BrokenProcessPool, CancelledError):
        raise
    except IQTError as error:
        return " ".join(str(error).split())
    except Exception as error:
        return " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return None


class _Progress:
    """Progress, with the remaining time extrapolated from the time so far."""

    def __init__(self, total: int, report: Reporter, message: str) -> None:
        self.total, self.report, self.message = total, report, message
        self.done, self.start = 0, time.monotonic()
        report.progress(0, total, message)

    def step(self) -> None:
        self.done += 1
        pace = (time.monotonic() - self.start) / self.done
        self.report.progress(self.done, self.total, self.message, round(pace * (self.total - self.done), 1))


def _follow_the_command() -> None:
    """Ignore the terminal's Ctrl-C: workers stop through the context's stop file.

    They also end when the command was killed; Python's pool would let them wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(command) -> None:
    command.join()
    os._exit(1)  # results are written atomically: none is half written


def _end(processes: Sequence[multiprocessing.process.BaseProcess]) -> None:
    """Wait for the workers to stop by themselves, then kill them."""
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.terminate()
