"""Slicer stays responsive while it trains, and training is as quick as from a terminal.

Judged is what does not depend on other programs: the thread's own work, the processes' own work, and shares.
"""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from IQTEnhanceLib import Process
from IQTLib.image.volume import Volume, write
from IQTLib.jobs.state import STATE
from IQTTrainingLib.Plan import SimulationPlan
from training_fixtures import STEPS

UNET = {"method": "unet", "recipe": "quick", "size": "small", "device": "cpu", "validate": ("p2",)}


def test_starting_a_job_takes_the_main_thread_less_than_a_tenth_of_a_second(training, people, models):
    start = time.thread_time(), time.perf_counter()
    training.train(people, models / "mine", advanced=STEPS, **UNET)
    worked, passed = time.thread_time() - start[0], time.perf_counter() - start[1]
    print(f"starting a job: {1000 * worked:.0f} ms of the main thread's own work, {1000 * passed:.0f} ms by the clock")
    assert worked < 0.1


def test_following_a_training_costs_what_reading_its_state_a_few_times_does(
    a_training_panel, people, models, wait_until
):
    """With the whole panel: list of jobs, bar, log, curves. The state is read at the same moments, as slowly."""
    panel = a_training_panel()
    steps = STEPS | {"training.steps": 100_000, "training.validate_every": 40}
    job = panel.logic.train(people, models / "mine", advanced=steps, **UNET)
    panel.jobsPanel.begin(job)
    follower = panel.jobsPanel.follower
    wait_until(lambda: follower.status.progress.get("message") == "training", 120)
    looks = metered(job, follower._timer, follower.look)
    lists = metered(job, panel.jobsPanel._timer, panel.jobsPanel.refresh)
    start = time.perf_counter()
    until = time.perf_counter() + 8
    wait_until(lambda: time.perf_counter() > until, 60)
    passed = time.perf_counter() - start
    job.stop()
    work, reading = map(sum, zip(*looks, *lists, strict=True))
    print(f"following a training: {100 * work / passed:.2f} % of a core, {work / reading:.1f} times reading its state")
    assert follower.status.progress["done"] > 3
    assert work < 20 * reading


def metered(job, timer, act) -> list[tuple[float, float]]:
    """Seconds of the thread's own work at each of the timer's calls from now on, and for reading the job's state."""
    seconds: list[tuple[float, float]] = []

    def call() -> None:
        reading = thread_seconds(lambda: json.loads((job.folder / STATE).read_text()))
        seconds.append((thread_seconds(act), reading))

    timer.timeout.disconnect()
    timer.timeout.connect(call)
    return seconds


def thread_seconds(act) -> float:
    """Seconds of this thread's own work."""
    before = time.thread_time()
    act()
    return time.thread_time() - before


def test_training_from_slicer_costs_what_it_costs_in_a_terminal(training, people, models, monkeypatch):
    """Work of the processes, both told by the operating system when they have ended; a busy machine gets three trials.

    With one thread each, for threads that wait for one another count as working.
    """
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    resource = pytest.importorskip("resource")
    psutil = pytest.importorskip("psutil")
    steps = STEPS | {"training.steps": 24, "training.validate_every": 24, "training.checkpoint_every": 24}

    others = set(psutil.Process().children(recursive=True))  # what earlier tests left, as Python's resource tracker

    def alone() -> None:
        """Until every process of before has ended and is counted."""
        end = time.monotonic() + 60
        while set(psutil.Process().children(recursive=True)) - others:
            assert time.monotonic() < end
            time.sleep(0.05)

    def work_of(run) -> float:
        alone()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run()
        alone()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def in_slicer(trial: int) -> None:
        target = models / f"slicer{trial}"
        job = training.train(people, target, advanced=steps, waitForCompletion=True, **UNET)
        assert job.status().state == "done"

    def bare() -> None:
        arguments = [part.replace("/slicer", "/bare") for part in training.jobs()[0].request.arguments]
        environment = os.environ | {"PYTHONPATH": str(Process.LIBRARY_FOLDER)}
        command = [sys.executable, "-m", "IQTLib", *arguments]
        subprocess.run(command, check=True, env=environment, capture_output=True)

    ratios = []
    for trial in range(3):
        inside, outside = work_of(lambda trial=trial: in_slicer(trial)), work_of(bare)
        ratios.append(inside / outside)
        print(f"training: {inside:.2f} s of work from Slicer, {outside:.2f} s in a terminal ({ratios[-1]:.3f})")
        if ratios[-1] < 1.3:  # aimed at is 1.05; single runs on a busy machine tell no more
            break
    assert min(ratios) < 1.3


def test_preview_of_a_large_volume(training, tmp_path):
    """256 x 256 x 256 voxels with mask and tissue maps at hand, from the click to the volume in the scene."""
    anat = tmp_path / "data" / "sub-large" / "anat"
    volume, tissue = large()
    write(volume, anat / "sub-large_T1w.nii.gz")
    write(volume.with_data(tissue > 0), anat / "sub-large_desc-brain_mask.nii.gz")
    for label, name in enumerate(("CSF", "GM", "WM"), start=1):
        write(volume.with_data(tissue == label), anat / f"sub-large_label-{name}_probseg.nii.gz")
    start = time.perf_counter()
    job = training.preview(anat / "sub-large_T1w.nii.gz", SimulationPlan())
    passed = time.perf_counter() - start
    print(f"preview of 256^3 voxels: {passed:.1f} s")
    assert job.volume.GetImageData().GetDimensions() == (256, 256, 64)
    assert job.measured == pytest.approx(job.asked, rel=0.1)
    assert passed < 60


def large() -> tuple[Volume, np.ndarray]:
    """A head-sized brain on 0.8 mm voxels with texture, and its tissue labels."""
    grid = np.linspace(-1, 1, 256, dtype=np.float32)
    radius = np.sqrt((grid[:, None, None] * 1.3) ** 2 + (grid[:, None] * 1.1) ** 2 + (grid * 1.4) ** 2)
    tissue = np.select([radius < 0.55, radius < 0.85, radius < 1], [3, 2, 1], 0).astype(np.uint8)
    rng = np.random.default_rng(0)
    data = np.array([0, 30, 70, 100], np.float32)[tissue] * (1 + 0.02 * rng.standard_normal(tissue.shape, np.float32))
    return Volume(data, np.diag([-0.8, 0.8, 0.8, 1])), tissue
