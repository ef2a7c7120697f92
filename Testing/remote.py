"""Workers without processes: everything that goes to them and comes back is pickled, as for another machine."""

import pickle
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass


class _Pickled(Executor):
    def submit(self, work, /, *given):
        future = Future()
        work, given = pickle.loads(pickle.dumps((work, given)))
        future.set_result(pickle.loads(pickle.dumps(work(*given))))
        return future


@dataclass(frozen=True)
class Remote:
    """A place (`IQTLib.jobs.clusters.Cluster`) with two such workers."""

    @contextmanager
    def executor(self):
        yield _Pickled(), 2
