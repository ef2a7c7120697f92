"""Runs many tasks, here or on many workers: failures are reported and the other tasks continue."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from ..errors import CancelledError, IQTError
from ..events import Event, Reporter
from .clusters import Cluster, Here

CRASHED = "its worker process died (out of memory?)"
T = TypeVar("T")


def run_tasks(
    tasks: Sequence[T],
    do: Callable[[T, Reporter], Any],
    place: Cluster,
    *,
    report: Reporter,
    message: str,
    finished: Callable[[T, Any, IQTError | None], None],
    ending: Callable[[], None] = lambda: None,
) -> None:
    """Call `do` for all tasks, and `finished` after each.

    Args:
        do: receives a task and a reporter. Where workers are other processes, both task and result must survive
            pickling, and all events of a task but its progress arrive when it ends.
        message: names the work in progress events.
        finished: receives a task, its result and its error; the exception behind an unexpected error is its
            `__cause__`. What `finished` raises ends the work.
        ending: called when the work ends early, before the workers are ended.

    Raises:
        InputError: the place has no workers. CancelledError: the reporter or a task requested a stop.
    """
    progress = _Progress(len(tasks), report, message)
    waiting = deque(tasks)
    running: dict[futures.Future[Any], T] = {}
    attempt = partial(_attempt, do, report if isinstance(place, Here) else None)
    with place.executor() as (executor, width), _announced(ending):
        while waiting or running:
            while waiting and len(running) < width:
                running[executor.submit(attempt, waiting[0])] = waiting[0]
                waiting.popleft()
            futures.wait(running, timeout=0.3, return_when=futures.FIRST_COMPLETED)
            for future in [one for one in running if one.done()]:
                result, error, events = _outcome(future)
                for event in events:
                    report.sink(event)
                finished(running.pop(future), result, _in_one_line(error))
                progress.step()
            report.check()


@contextmanager
def _announced(ending: Callable[[], None]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        ending()
        raise


def _attempt(
    do: Callable[[T, Reporter], Any], report: Reporter | None, task: T
) -> tuple[Any, Exception | None, list[Event]]:
    """Result, error and events of a task; with a reporter of this process, the events go there at once."""
    events: list[Event] = []
    try:
        return do(task, report or Reporter(events.append)), None, events
    except Exception as error:
        return None, error, events


def _outcome(future: "futures.Future[Any]") -> tuple[Any, Exception | None, list[Event]]:
    """What `_attempt` returned; the events without progress, which is over by now."""
    try:
        result, error, events = future.result()
    except futures.CancelledError:
        raise IQTError("the connection to the cluster was lost: repeat the command to continue") from None
    except Exception as failure:  # of dask: the worker died, or the result cannot be pickled
        return None, failure, []
    return result, error, [event for event in events if event.kind != "progress"]


def _in_one_line(error: Exception | None) -> IQTError | None:
    """The error for the user; a requested stop is raised."""
    if isinstance(error, CancelledError):
        raise error
    if error is None or isinstance(error, IQTError):
        return error
    died = type(error).__name__ == "KilledWorker"  # dask's
    failure = IQTError(CRASHED if died else " ".join(f"{type(error).__name__}: {error}".split())[:300])
    failure.__cause__ = error
    return failure


def original(error: IQTError) -> BaseException:
    """What a task raised: the engine wraps only errors that are not for the user, in a plain `IQTError`."""
    return error.__cause__ if type(error) is IQTError and error.__cause__ is not None else error


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
