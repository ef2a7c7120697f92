"""Do many tasks, here or on many workers: what fails is noted and the rest goes on."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from typing import Any, TypeVar

from ..errors import CancelledError, IQTError
from ..events import Reporter
from .clusters import Cluster

CRASHED = "its worker process died (out of memory?)"
T = TypeVar("T")


def run_tasks(
    tasks: Sequence[T],
    do: Callable[[T], Any],
    place: Cluster,
    *,
    report: Reporter,
    message: str,
    finished: Callable[[T, Any, IQTError | None], None],
    ending: Callable[[], None] = lambda: None,
) -> None:
    """`do` every task; where workers are other processes, both must survive pickling.

    Args:
        message: names the work in progress events.
        finished: called here with every finished task, its result, and what went wrong, if anything. What this raises
            ends the work.
        ending: called when the work ends early, before the workers are ended.

    Raises:
        InputError: the place has no workers. CancelledError: the reporter wants the work to stop, or a task did.
    """
    progress = _Progress(len(tasks), report, message)
    waiting = deque(tasks)
    running: dict[futures.Future[Any], T] = {}
    with place.executor() as (executor, width), _told(ending):
        while waiting or running:
            while waiting and len(running) < width:
                running[executor.submit(do, waiting[0])] = waiting[0]
                waiting.popleft()
            for future in futures.wait(running, timeout=0.3, return_when=futures.FIRST_COMPLETED).done:
                finished(running.pop(future), *_outcome(future))
                progress.step()
            report.check()


@contextmanager
def _told(ending: Callable[[], None]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        ending()
        raise


def _outcome(future: "futures.Future[Any]") -> tuple[Any, IQTError | None]:
    """A task's result and what went wrong, in one line; a wish to stop is passed on."""
    try:
        return future.result(), None
    except CancelledError:
        raise
    except futures.CancelledError:
        raise IQTError("the connection to the cluster is lost: give the same command again to go on") from None
    except IQTError as error:
        return None, error
    except Exception as error:
        died = type(error).__name__ == "KilledWorker"  # dask's
        return None, IQTError(CRASHED if died else " ".join(f"{type(error).__name__}: {error}".split())[:300])


class _Progress:
    """Progress with the time left, from the pace so far."""

    def __init__(self, total: int, report: Reporter, message: str) -> None:
        self.total, self.report, self.message = total, report, message
        self.done, self.start = 0, time.monotonic()
        report.progress(0, total, message)

    def step(self) -> None:
        self.done += 1
        pace = (time.monotonic() - self.start) / self.done
        self.report.progress(self.done, self.total, self.message, round(pace * (self.total - self.done), 1))
