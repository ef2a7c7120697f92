"""`IQTTrainingLogic` on a real scene: real trainings in real processes, and every way that they end."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nibabel
import numpy as np
import pytest
import slicer
import slicer.util
from cohorts import person, written
from IQTEnhanceLib import Process
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Logic import IQTEnhanceLogic
from IQTLib.image.metrics import evaluate
from IQTLib.image.volume import read, write
from IQTLib.models.store import WEIGHTS, read_card
from IQTTrainingLib import Logic
from IQTTrainingLib.Plan import SimulationPlan, TrainingPlan, commandLine, resumed
from safetensors.numpy import load_file
from training_fixtures import SMALL, STEPS, TINY_SREP, node

UNET = {"method": "unet", "recipe": "quick", "size": "small", "device": "cpu", "advanced": STEPS}
LONG = UNET | {"advanced": STEPS | {"training.steps": 100_000, "training.validate_every": 50_000}}
SREP = {"method": "srep", "recipe": "quick", "advanced": TINY_SREP}


def until(holds, seconds: float = 300.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def at_work(job) -> bool:
    """Whether a training is past its preparations; a failed one fails the test."""
    status = job.status()
    assert not status.over, (status.message, job.log())
    return status.progress.get("message") == "training" and status.progress["done"] > 2


def end_of(job) -> str:
    until(lambda: job.status().over)
    return job.status().state


def same_weights(one: Path, other: Path) -> bool:
    states = [load_file(folder / WEIGHTS) for folder in (one, other)]
    return all(np.array_equal(array, states[1][name]) for name, array in states[0].items())


@pytest.fixture
def target(models) -> Path:
    return models / "mine"


@pytest.fixture(scope="module")
def from_terminal(tmp_path_factory) -> Path:
    """A model trained once by the command line that the panel shows for `UNET`, without Slicer."""
    folder = tmp_path_factory.mktemp("terminal")
    people = written(folder / "people", 4, SMALL)
    plan = TrainingPlan(str(people), str(folder / "mine"), validate=("p2",), **UNET)
    command = [sys.executable, "-m", "IQTLib", *shlex.split(commandLine(plan.arguments()))[1:]]
    environment = os.environ | {"PYTHONPATH": str(Process.LIBRARY_FOLDER), "OMP_NUM_THREADS": "1"}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    return folder / "mine"


# Simulate and train


def test_scene_volumes_become_pairs_with_sidecars(training, nodes, tmp_path):
    job = training.simulate(nodes(2), tmp_path / "pairs", thickness=2, gap=0, waitForCompletion=True)
    assert job.status().state == "done"
    anat = tmp_path / "pairs" / "sub-p1" / "anat"
    assert sorted(path.name for path in anat.iterdir()) == [
        f"sub-p1_acq-{role}_T1w{ending}" for role in ("highfield", "lowfield") for ending in (".json", ".nii.gz")
    ]
    low, high = (read(anat / f"sub-p1_acq-{role}_T1w.nii.gz") for role in ("lowfield", "highfield"))
    assert (low.shape, high.shape) == ((36, 36, 20), SMALL)
    np.testing.assert_allclose(high.affine, person(1, SMALL).affine, atol=1e-5)
    assert high.data.max() == pytest.approx(person(1, SMALL).data.max(), rel=1e-5)


def test_a_trained_model_enhances_better_than_before_and_is_listed(training, nodes, target, scene):
    """A dictionary of 64 atoms against one of random numbers and against interpolation, on a new person."""
    job = training.train(nodes(4), target, validate=("p2",), test=("p3",), waitForCompletion=True, **SREP)
    assert job.status().state == "done"
    enhance = IQTEnhanceLogic()
    entry = enhance.catalogue().models["mine"]
    assert (entry.method, entry.bundled) == ("srep", False)
    assert "1 held-out subject" in entry.summary
    truth = person(9, SMALL)
    scan, mask = low_field_of(truth)
    errors = {}
    for model in ("mine", "tiny", "cubic"):
        output = enhance.process(scan, model=model, mask=mask, device="cpu").outputVolume
        estimate = slicer.util.arrayFromVolume(output).T
        inside = truth.data > 0
        gain = truth.data[inside].mean() / estimate[inside].mean()
        errors[model] = evaluate(truth.data, estimate * gain, inside).nrmse_mean
    assert errors["mine"] < 0.95 * min(errors["tiny"], errors["cubic"])  # other pairs than of old: 0.91


def low_field_of(truth):
    """Nodes of a simulated scan of `truth` and of its brain mask."""
    from cohorts import tissues
    from IQTLib.image.tissue import TissueMaps
    from IQTLib.physics.acquisition import SliceProfile
    from IQTLib.physics.simulation import simulate

    maps = TissueMaps.from_labels(tissues(truth))
    pair = simulate(truth, maps, snr=(64.0, 54.0), rng=np.random.default_rng(0), profile=SliceProfile(3, 1))
    inside = (truth.data > 0)[..., ::4].astype(np.uint8)
    return node("scan", pair.low, pair.low.data), node("brain", pair.low, inside, "vtkMRMLLabelMapVolumeNode")


def test_a_network_is_trained_followed_and_tested(training, people, target):
    job = training.train(people, target, validate=("p2",), test=("p3",), **UNET)
    ended, events = [], []
    follower = training.attach(job, onEvent=events.append, onEnd=ended.append)
    follower.wait()
    assert ended == [follower]
    assert follower.status.state == "done", job.log()
    assert sorted(follower.curves["loss"]) == list(range(1, 9))
    assert sorted(follower.curves["ssim"]) == [4, 8]
    assert nibabel.load(follower.sliceFile).shape == (3 * 36, 40, 1)
    assert {row["model"] for row in follower.test} == {"cubic", "mine"}
    card = read_card(target)
    assert (card.training["people"], card.training["validation_people"]) == (["p0", "p1"], ["p2"])
    assert "nrmse_mean, as is" in card.test["InD1"]
    assert any("trial" in message and "finite" in message for message in follower.messages)
    assert [event["kind"] for event in events].count("metrics") == 10


def test_a_network_continues_from_another(training, people, models, from_terminal):
    shutil.copytree(from_terminal, models / "first")
    values = UNET | {"validate": ("p2",), "waitForCompletion": True, "advanced": STEPS | {"training.steps": 2}}
    job = training.train(people, models / "second", start="first", **values)
    assert "--from first" in training.commandLine(job)
    assert read_card(models / "second").training["started_from"]["sha256"] == read_card(from_terminal).sha256


def test_the_command_line_does_the_same_without_slicer(training, people, target, from_terminal):
    plan = TrainingPlan(str(people), str(target), validate=("p2",), **UNET)
    line = training.commandLine(plan)
    assert line.startswith("iqt train unet ")
    assert line == training.commandLine(training.trainPlan(plan, waitForCompletion=True))
    assert same_weights(from_terminal, target)


# Stop, kill, resume, attach again


def test_cancel_keeps_the_training_so_far_and_resume_finishes_it(training, people, target):
    job = training.train(people, target, validate=("p2",), **LONG)
    until(lambda: at_work(job))
    job.stop()
    assert end_of(job) == "stopped"
    assert "continue with --resume" in job.status().message
    assert not target.exists()
    again = training.resume(job)
    assert again.folder == job.folder
    until(lambda: at_work(again))
    assert again.status().progress["done"] > 2
    again.stop()
    assert end_of(again) == "stopped"


def test_a_killed_training_says_so_and_ends_as_if_nothing_had_been(training, people, target, models):
    """The same weights as a run that nobody killed."""
    steps = STEPS | {"training.steps": 60, "training.validate_every": 60}
    whole = training.train(people, models / "whole", validate=("p2",), **(UNET | {"advanced": steps}))
    assert end_of(whole) == "done"
    job = training.train(people, target, validate=("p2",), **(UNET | {"advanced": steps}))
    until(lambda: at_work(job))
    os.kill(job.status().pid, signal.SIGKILL)
    assert end_of(job) == "failed"
    assert "killed" in job.status().message
    assert end_of(training.resume(job)) == "done"
    assert same_weights(target, models / "whole")


def test_a_training_that_was_killed_before_its_first_checkpoint_begins_again(training, people, target):
    job = training.train(people, target, validate=("p2",), **UNET)
    until(lambda: job.status().state == "running")
    job.kill()
    assert end_of(job) == "failed"
    assert not (target.with_name("mine.run") / "last.ckpt").exists()
    assert end_of(training.resume(job)) == "done"
    assert target.is_dir()


def test_only_a_jobs_own_output_is_resumed_or_replaced(models):
    """It was killed before its training began: beside its target lies an older run, in its place an older model."""
    target = models / "mine"
    for path in (target.with_name("mine.run") / "last.ckpt", target / "card.json"):
        path.parent.mkdir(parents=True)
        path.touch()
    arguments = ["train", "unet", "people", str(target), "--recipe", "unet-quick"]
    now = (target / "card.json").stat().st_mtime
    assert resumed(arguments, now + 1) == arguments
    assert resumed([*arguments, "--overwrite"], now + 1) == [*arguments, "--overwrite"]
    assert resumed(arguments, now - 1) == [*arguments, "--resume", "--overwrite"]
    replacing = ("simulate", "people", "pairs", "--overwrite")
    assert resumed(replacing, now) == [*replacing, "--resume"]  # of the pairs there were, none of another recipe stays


def test_pause_and_go_on(training, people, target):
    job = training.train(people, target, validate=("p2",), **LONG)
    until(lambda: at_work(job))
    job.pause()
    until(lambda: job.status().state == "paused")
    step = job.status().progress["done"]
    time.sleep(1.0)
    assert job.status().progress["done"] == step
    job.go_on()
    until(lambda: job.status().progress["done"] > step + 3)
    job.stop()
    assert end_of(job) == "stopped"


CLOSING_SLICER = """
import sys
sys.path[:0] = {path!r}
import standins; standins.install()
from IQTTrainingLib.Logic import IQTTrainingLogic
job = IQTTrainingLogic().train({people!r}, {target!r}, validate=("p2",), **{values!r})
print(job.folder, flush=True)
"""


def test_a_training_outlives_slicer_and_another_slicer_finds_it(training, people, target):
    """The program that starts the job ends at once; this one attaches to what it left."""
    root = Path(__file__).parents[2]
    path = [str(root / "Testing"), str(root / "IQTTraining")]
    code = CLOSING_SLICER.format(path=path, people=str(people), target=str(target), values=UNET)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    [job] = training.jobs()
    assert str(job.folder) == done.stdout.strip()
    follower = training.attach(job.name)
    assert follower.wait().state == "done"
    assert len(follower.curves["loss"]) == 8
    late = training.attach(job)  # and when all is over, everything is there, too
    assert (late.status.state, late.curves) == ("done", follower.curves)


# Several at once, and a full disk


def test_trainings_on_one_device_run_one_after_the_other(training, people, models):
    first = training.train(people, models / "first", validate=("p2",), **LONG)
    until(lambda: at_work(first))
    second = training.train(people, models / "second", **(SREP | {"validate": ("p2",)}))
    until(lambda: second.status().state == "waiting")
    time.sleep(1)
    assert second.status().state == "waiting"
    first.stop()
    assert end_of(second) == "done"
    assert [job.request.title for job in training.jobs()] == ["second", "first"]


def test_two_trainings_never_write_one_model(training, people, target):
    first = training.train(people, target, validate=("p2",), **LONG)
    with pytest.raises(EnhanceError, match=r"is already writing .*mine") as refusal:
        training.train(people, target, **SREP)
    assert refusal.value.remedy
    until(lambda: at_work(first))
    command = [sys.executable, "-m", "IQTLib", *first.request.arguments, "--resume"]  # from a terminal, say
    environment = os.environ | {"PYTHONPATH": str(Process.LIBRARY_FOLDER)}
    other = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert other.returncode == 5
    assert "another program is writing to" in other.stderr
    assert first.status().state == "running"


def test_a_disk_that_fills_up_is_reported_and_the_training_can_be_resumed(training, people, target):
    """Files of more than 60 kB cannot be written: a checkpoint is larger."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
    try:
        job = training.train(people, target, validate=("p2",), **UNET)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert end_of(job) == "failed"
    assert job.status().exit_code == 5
    assert "is the disk full?" in job.status().message
    assert not target.exists()
    again = training.train(people, target, validate=("p2",), waitForCompletion=True, **UNET)
    assert again.status().state == "done"


def test_dictionaries_without_spams_are_refused_before_the_start(training, people, models, monkeypatch):
    monkeypatch.setattr(Logic.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EnhanceError, match="needs the package spams") as refusal:
        training.train(people, models / "a", **SREP)
    assert "agree to install it" in refusal.value.remedy
    assert training.jobs() == []


def test_a_training_that_cannot_start_says_why(training, people, models, monkeypatch):
    with pytest.raises(EnhanceError, match="none is left to train on") as failure:
        training.train(people, models / "a", exclude=("p0", "p1", "p2", "p3"), waitForCompletion=True, **SREP)
    assert failure.value.remedy
    monkeypatch.setattr(Process, "pythonExecutable", lambda: "/no/such/python")
    with pytest.raises(EnhanceError, match="/no/such/python cannot be started"):
        training.train(people, models / "b", **SREP)


def test_another_contrast_is_learned_and_its_job_resumes(training, target, tmp_path):
    pytest.importorskip("sporco")
    for number in range(2):
        brain = person(number, SMALL)
        folder = tmp_path / f"sub-p{number}" / "anat"
        folder.mkdir(parents=True)
        write(brain, folder / f"sub-p{number}_T1w.nii.gz")
        other = np.where(brain.data > 0, 2 * brain.data.max() - brain.data, 0)
        write(brain.with_data(other), folder / f"sub-p{number}_T2w.nii.gz")
        write(brain.with_data(brain.data > 0), folder / f"sub-p{number}_desc-brain_mask.nii.gz")  # too small to find
    few = {"settings.filters": 4, "pair_slices": 3}
    job = training.train(tmp_path, target, method="weenie", recipe="quick", advanced=few, waitForCompletion=True)
    assert read_card(target).training["pairs"] == ["p0", "p1"]
    assert "--resume" in resumed(job.request.arguments, job.request.created)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"method": "magic"}, "no method"),
        ({"method": "unet", "simulation": SimulationPlan(thickness=2, gap=1)}, "does not support factor 3"),
        ({"method": "srep", "start": "srep-t1w-x4"}, "cannot be fine-tuned"),
        ({"size": "huge"}, "no size"),
        ({"simulation": SimulationPlan(preset="nonsense")}, "no SNR preset"),
        ({"simulation": SimulationPlan(thickness=9)}, "outside 2 to 8"),
        ({"advanced": {"training.colour": 1}}, "cannot be set"),
    ],
)
def test_plans_that_make_no_sense_are_refused_at_once(training, people, models, values, reason):
    with pytest.raises(EnhanceError, match=reason) as refusal:
        training.train(people, models / "a", **values)
    assert refusal.value.remedy
    assert training.jobs() == []


def test_a_simulation_that_was_stopped_keeps_its_pairs(training, people, tmp_path):
    plan = SimulationPlan()
    job = training.simulate(people, tmp_path / "pairs", plan, waitForCompletion=True)
    first, *_, last = sorted((tmp_path / "pairs").rglob("*_acq-lowfield_T1w.nii.gz"))
    before = first.stat().st_mtime_ns
    last.unlink()
    last.with_name("sub-p3_acq-highfield_T1w.json").unlink()
    assert end_of(training.resume(job)) == "done"
    assert first.stat().st_mtime_ns == before
    assert last.is_file()


def test_command_lines_are_quoted():
    line = commandLine(["train", "unet", "a folder/data", "my model"])
    assert line == "iqt train unet 'a folder/data' 'my model'"
