"""Slicer stays responsive: how long the module holds the main thread while work runs on 256 x 256 x 40 voxels.

Judged is what does not depend on other programs: the thread's own work, and shares of a run.
"""

import time

import numpy as np
import pytest
import qt


def test_main_thread_is_free_while_work_runs(logic, a_volume, wait_until):
    volume = a_volume(dtype=np.int16, shape=(40, 256, 256))
    logic.catalogue()  # as the panel does before Apply
    beats: list[tuple[float, float]] = []
    timer = qt.QTimer()
    timer.timeout.connect(lambda: beats.append(now()))
    beats.append(now())
    timer.start(5)
    run = logic.process(volume, model="cubic", device="cpu", waitForCompletion=False)
    wait_until(lambda: run.finished)
    beats.append(now())
    timer.stop()
    assert run.results[0].error is None
    worked, passed = np.diff(beats, axis=0).max(axis=0)
    print(f"longest hold of the main thread {worked:.3f} s of its own work, {passed:.3f} s by the clock")
    assert worked < 0.1


def now() -> tuple[float, float]:
    """Seconds that this thread has worked, which other programs do not prolong, and seconds by the clock."""
    return time.thread_time(), time.perf_counter()


def test_apply_returns_at_once_and_the_worker_speaks_soon(logic, a_volume, wait_until):
    events: list[float] = []
    volume = a_volume(dtype=np.int16, shape=(40, 256, 256))
    start = time.perf_counter()
    run = logic.process(
        volume,
        model="cubic",
        device="cpu",
        waitForCompletion=False,
        onEvent=lambda event: events.append(time.perf_counter() - start),
    )
    returned = time.perf_counter() - start
    wait_until(lambda: run.finished)
    total = time.perf_counter() - start
    print(f"returned after {returned:.3f} s, first event after {events[0]:.2f} s of {total:.1f} s")
    assert returned < 0.25 * total
    assert events[0] == pytest.approx(min(events))
    assert events[0] < 0.5 * total
