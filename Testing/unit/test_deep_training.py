"""Training from files to a model: the loss falls, runs survive interruptions, and bad input is refused."""

import csv
import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import lightning
import numpy as np
import pytest
import torch
from cohorts import SHAPE, packed, person, written
from IQTLib.errors import CancelledError, InputError, ModelError, OutputError
from IQTLib.events import Event, Reporter
from IQTLib.image.volume import write
from IQTLib.methods.base import Run
from IQTLib.models.store import WEIGHTS, check, load, read_card
from IQTLib.training import calibration, callbacks, loop, schedule
from IQTLib.training import networks as deep
from IQTLib.training.checkpoints import BEST, check_safe_to_resume
from IQTLib.training.curves import PICTURE, read_curves
from IQTLib.training.networks import train
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import NetworkRecipe, TrainingRecipe, load_recipe
from IQTLib.training.run_folder import ASIDE, LAST, begun, run_of
from IQTLib.training.sampler import PatchBatches, ScanSampler
from IQTLib.training.schedule import learning_share, precision
from IQTLib.training.validation import SLICE, validate
from safetensors.numpy import load_file
from test_cli import LIBRARY, iqt, one_line  # noqa: F401 - a fixture

HERE = Hardware()
TINY = {
    "settings.filters": 2,
    "settings.window": 32,
    "data.patch": 16,
    "data.slice_axes": "k",
    "training.steps": 12,
    "training.batch": 4,
    "training.people": 2,
    "training.warmup": 1,
    "training.validate_every": 6,
    "training.checkpoint_every": 2,
    "training.precision": "32",
}
DDL = {"settings.filters": 4, "settings.atoms": 4, "training.shuffle": 4, "training.freeze": 0.4}


def recipe(method: str = "unet", **changes) -> NetworkRecipe:
    """A recipe of seconds; changes as training_steps=3."""
    named = {key.replace("_", ".", 1): value for key, value in changes.items()}
    return load_recipe(f"{method}-t1w-x4", TINY | (DDL if method == "ddl" else {}) | named)


def options(method: str = "unet", **changes) -> list[str]:
    """The same for the command line."""
    named = {key.replace("_", ".", 1): value for key, value in changes.items()}
    values = TINY | (DDL if method == "ddl" else {}) | named
    return ["--device", "cpu", *(part for key, value in values.items() for part in ("--set", f"{key}={value}"))]


def listener() -> tuple[Reporter, list[Event]]:
    events: list[Event] = []
    return Reporter(events.append), events


def weights(checkpoint: Path) -> dict[str, torch.Tensor]:
    return torch.load(checkpoint, weights_only=True)["state_dict"]


def same_weights(one: Path, other: Path) -> bool:
    """Whether two runs ended with the same last weights and moments, byte for byte, and the same model."""
    first, second = (torch.load(run_of(target) / LAST, weights_only=True) for target in (one, other))
    equal = all(torch.equal(first["state_dict"][name], second["state_dict"][name]) for name in first["state_dict"])
    moments = [content["optimizer_states"][0]["state"] for content in (first, second)]
    for index, values in moments[0].items():
        equal &= all(torch.equal(torch.as_tensor(values[k]), torch.as_tensor(moments[1][index][k])) for k in values)
    stored, again = (load_file(target / WEIGHTS) for target in (one, other))
    return equal and all(stored[name].tobytes() == again[name].tobytes() for name in stored)


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    """Three people; the last one validates."""
    return written(tmp_path_factory.mktemp("people"), 3)


@pytest.fixture(scope="module", autouse=True)
def few_batches():
    """Batch normalisations are measured over 8 batches instead of 64, which is most of the work of a tiny training."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "BATCHES", 8)
        yield


@pytest.fixture(scope="module")
def whole(people, tmp_path_factory) -> Callable[[str], tuple[Path, list[Event]]]:
    """Trains a method once, from beginning to end: its model and events."""

    @cache
    def trained(method: str) -> tuple[Path, list[Event]]:
        target = tmp_path_factory.mktemp(method) / "model"
        report, events = listener()
        train(people, target, recipe(method), hardware=HERE, report=report)
        return target, events

    return trained


@pytest.fixture(params=["unet", "ddl"])
def uninterrupted(request, whole) -> tuple[str, Path, list[Event]]:
    """(method, model, events) of a run from beginning to end."""
    return request.param, *whole(request.param)


@pytest.fixture
def unet(whole) -> Path:
    """The U-Net of `uninterrupted`, for tests that only need some run."""
    return whole("unet")[0]


@pytest.fixture
def copied(unet, tmp_path) -> Path:
    """A model that was not written yet, whose run is that of `unet`."""
    shutil.copytree(run_of(unet), run_of(tmp_path / "model"))
    return tmp_path / "model"


# Learning


def test_loss_falls(tmp_path):
    brains = [packed(seed) for seed in range(2)]
    chosen = recipe(training_steps=40, training_batch=8, training_validate_every=100, training_learning_rate=0.02)
    sampler = ScanSampler(brains, chosen.simulator, slice_axes=(2,), patch=16)
    method = chosen.new_method()
    held = PatchBatches(sampler, seed=9, first=0, last=1, batch=16, people=2).at(0)

    def loss() -> float:
        with torch.no_grad():
            return float(torch.nn.functional.mse_loss(method.network.train()(held["low"]), held["high"]))

    torch.manual_seed(chosen.training.seed)
    before = loss()
    loop.fit(
        method,
        sampler,
        chosen.training,
        tmp_path,
        validator=lambda _: {"score": 1.0},
        resume=False,
        hardware=HERE,
        report=Reporter(),
    )
    assert loss() < 0.5 * before


def test_a_run_leaves_model_checkpoints_logs_and_curves(uninterrupted):
    _, target, events = uninterrupted
    folder = run_of(target)
    assert {BEST, LAST, PICTURE, SLICE, "recipe.json", "subjects.json", "logs"} == {
        path.name for path in folder.iterdir()
    }
    assert (folder / PICTURE).read_bytes().startswith(b"\x89PNG")
    assert list(folder.glob("logs/*/events.out.tfevents.*"))
    curves = read_curves(folder)
    assert {"loss", "gradient", "validation_score", "validation_ssim"} <= set(curves)
    assert [step for step, _ in curves["validation_score"]] == [6, 12]
    with next(folder.glob("logs/*/metrics.csv")).open(newline="") as stream:
        assert "validation_nrmse_mean" in next(csv.reader(stream))
    progress = [event for event in events if event.message == "training"]
    assert (progress[-1].done, progress[-1].total, progress[-1].seconds_left) == (12, 12, 0.0)
    assert json.loads(events[-1].to_json())["data"]["people"] == 2


def test_exported_model_passes_its_check_and_its_card_states_all(uninterrupted):
    method, target, _ = uninterrupted
    assert [line.split(":")[0] for line in check(target)] == ["card", "weights", "trial"]
    card = load(target).card
    assert (card.method, card.contrast, card.normalisation) == (method, "T1w", "n4-brain-mean")
    assert card.training["people"] == ["p0", "p1"]
    assert card.training["validation_people"] == ["p2"]
    assert card.training["recipe"]["training"]["steps"] == 12
    assert card.training["recipe"]["data"]["patch"] == 16
    assert card.training["step"] in (6, 12)
    assert card.training["seconds"] > 0
    assert set(card.training["validation"]) == {"score", "nrmse_mean", "ssim", "ssim_cubic"}
    assert card.training["parameters"] == sum(p.numel() for p in load(target).method.network.parameters())
    assert {"torch", "lightning", "numpy", "iqt"} <= set(card.training["versions"])
    assert card.model_grid.finest < 1 < card.model_grid.coarsest


def test_half_precision_is_stored_where_it_changes_the_score_by_less_than_a_thousandth(uninterrupted):
    _, target, events = uninterrupted
    told = next(event.message for event in events if event.message.startswith("weights of 16 bits change"))
    change = abs(float(told.split()[-2])) / 100
    kinds = {array.dtype for array in load_file(target / WEIGHTS).values() if array.dtype.kind == "f"}
    assert kinds == {np.dtype(np.float16 if change <= 1e-3 else np.float32)}


def test_full_precision_is_stored_where_half_is_not_enough(unet, people, copied, monkeypatch):
    monkeypatch.setattr(deep, "SAME", -1.0)
    train(people, copied, recipe(), hardware=HERE, resume=True)
    arrays = load_file(copied / WEIGHTS)
    assert {array.dtype.name for array in arrays.values() if array.dtype.kind == "f"} == {"float32"}
    best = weights(run_of(copied) / BEST)
    assert all(np.array_equal(array, best[f"network.{name}"].numpy()) for name, array in arrays.items())


def test_weights_are_stored_in_8_bits_if_the_recipe_says_so(people, tmp_path):
    model = tmp_path / "model"
    train(people, model, recipe(training_stored="8-bit", training_steps=2), hardware=HERE)
    arrays = load_file(model / WEIGHTS)
    assert any(array.dtype == np.int8 for array in arrays.values())
    assert all(array.dtype != np.float16 for array in arrays.values())
    best = weights(run_of(model) / BEST)
    for name, array in load(model).method.state().items():
        np.testing.assert_allclose(array, best[f"network.{name}"].numpy(), atol=np.abs(array).max(initial=0) / 250)


def test_best_weights_are_exported_not_the_last(unet):
    folder = run_of(unet)
    scores = dict(read_curves(folder)["validation_score"])
    best = min(scores, key=scores.get)
    assert torch.load(folder / BEST, weights_only=True)["global_step"] == best
    assert load(unet).card.training["step"] == best


# Interrupted and resumed


def test_a_cancelled_run_that_is_resumed_ends_the_same(uninterrupted, people, tmp_path):
    method, whole, _ = uninterrupted
    target = tmp_path / "stopped"
    stopping = Reporter(cancelled=lambda: (run_of(target) / LAST).exists())
    with pytest.raises(CancelledError, match="stopped at step 2 of 12: continue with --resume"):
        train(people, target, recipe(method), hardware=HERE, report=stopping)
    assert not target.exists()
    train(people, target, recipe(method), hardware=HERE, resume=True)
    assert same_weights(target, whole)


def test_a_run_that_is_cancelled_in_its_validation_begins_with_it_again(uninterrupted, people, tmp_path, monkeypatch):
    """Without waiting for the validation's end."""
    method, whole, _ = uninterrupted
    target, wanted = tmp_path / "stopped", threading.Event()

    def interrupted(*args, **kwargs):
        wanted.set()
        return validate(*args, **kwargs)

    monkeypatch.setattr(deep, "validate", interrupted)
    with pytest.raises(CancelledError, match="during validation at step 6"):
        train(people, target, recipe(method), hardware=HERE, report=Reporter(cancelled=wanted.is_set))
    monkeypatch.undo()
    assert not (run_of(target) / BEST).exists()
    train(people, target, recipe(method), hardware=HERE, resume=True)
    assert same_weights(target, whole)
    assert read_curves(run_of(target))["validation_score"] == read_curves(run_of(whole))["validation_score"]


def test_a_killed_run_that_is_resumed_ends_the_same(unet, people, tmp_path):
    """SIGKILL in the middle of a step: nothing can be cleaned up."""
    target = tmp_path / "killed"
    environment = os.environ | {"PYTHONPATH": str(LIBRARY)}
    command = [sys.executable, "-m", "IQTLib", "train", "unet", people, target, *options(), "--json-events"]
    with subprocess.Popen([*map(str, command)], env=environment, stdout=subprocess.PIPE) as process:
        deadline = time.monotonic() + 120
        while not (run_of(target) / LAST).exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    step = torch.load(run_of(target) / LAST, weights_only=True)["global_step"]
    assert 0 < step < 12
    train(people, target, recipe(), hardware=HERE, resume=True)
    assert same_weights(target, unet)


def test_a_stop_file_ends_a_run_after_a_step(iqt, people):  # noqa: F811
    """The file here is the run's own first checkpoint."""
    done = iqt("train", "unet", people, "model", *options(), "--stop-file", f"model.run/{LAST}")
    assert done.code == 130
    assert "continue with --resume" in done.err
    assert not Path("model").exists()
    assert torch.load(Path("model.run") / LAST, weights_only=True)["global_step"] >= 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_let_a_step_end_and_keep_it(iqt, people, monkeypatch, number):  # noqa: F811
    tell = callbacks.TrainingMonitor._tell

    def interrupted(self, step: int) -> None:
        tell(self, step)
        if step == 3:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(callbacks.TrainingMonitor, "_tell", interrupted)
    done = iqt("train", "unet", people, "model", *options())
    assert done.code == 130, done.err
    assert "stopped at step 3 of 12: continue with --resume" in done.err
    assert torch.load(Path("model.run") / LAST, weights_only=True)["global_step"] == 3


def test_a_finished_run_can_be_exported_again(people, copied, unet):
    report, events = listener()
    train(people, copied, recipe(), hardware=HERE, resume=True, report=report)
    assert any("nothing left to train" in event.message for event in events)
    assert (copied / WEIGHTS).read_bytes() == (unet / WEIGHTS).read_bytes()


def test_resuming_with_another_recipe_is_refused(people, copied):
    with pytest.raises(InputError, match=r"the recipe is not the one of .*recipe\.json"):
        train(people, copied, recipe(training_learning_rate=0.01), hardware=HERE, resume=True)


def test_resuming_nothing_is_refused(people, tmp_path):
    with pytest.raises(InputError, match="holds no training run: nothing to resume"):
        train(people, tmp_path / "model", recipe(), hardware=HERE, resume=True)
    target = tmp_path / "early"
    with begun(run_of(target), recipe()):
        pass
    with pytest.raises(InputError, match=r"last\.ckpt is not there: nothing to resume"):
        train(people, target, recipe(), hardware=HERE, resume=True)


def test_a_checkpoint_of_another_network_is_refused(people, copied):
    path = run_of(copied) / LAST
    content = torch.load(path, weights_only=True)
    content["state_dict"]["network.last.weight"] = torch.zeros(1, 4, 1, 1, 1)
    torch.save(content, path)
    with pytest.raises(ModelError, match="is a checkpoint of another network"):
        train(people, copied, recipe(), hardware=HERE, resume=True)


@pytest.mark.parametrize("size", [0, 1000, 50_000])
def test_a_truncated_checkpoint_is_refused(people, copied, size):
    os.truncate(run_of(copied) / LAST, size)
    with pytest.raises(ModelError, match=r"last\.ckpt is not a complete checkpoint"):
        train(people, copied, recipe(), hardware=HERE, resume=True)


def test_a_run_is_not_overwritten_unless_asked(people, copied):
    with pytest.raises(OutputError, match="holds a training run: continue with --resume"):
        train(people, copied, recipe(), hardware=HERE)
    train(people, copied, recipe(training_steps=1), hardware=HERE, overwrite=True)
    assert load(copied).card.training["step"] == 1
    assert not list(copied.parent.glob(f"*{ASIDE}*"))


def test_nothing_in_a_run_reveals_the_computers_name(unet):
    host = socket.gethostname()
    files = [path for path in run_of(unet).rglob("*") if path.is_file()]
    writers = [path.name.split(".")[4] for path in files if "tfevents" in path.name]
    assert writers  # events.out.tfevents.<time>.<computer>.<process>.<number>
    assert set(writers) == {"iqt"}
    if len(host) > 5:  # shorter names stand in any binary file by chance
        assert not any(host in path.name or host.encode() in path.read_bytes() for path in files)


def test_no_better_validation_ends_a_run_early(people, tmp_path, monkeypatch):
    monkeypatch.setattr(deep, "validate", lambda *_, **__: {"score": 1.0})
    report, events = listener()
    changed = recipe(training_validate_every=1, training_patience=2)
    train(people, tmp_path / "model", changed, hardware=HERE, report=report)
    assert any(event.message == "no improvement in 2 validations: stopping at step 3" for event in events)
    assert load(tmp_path / "model").card.training["step"] == 1


# What goes wrong while it runs


def test_a_loss_that_is_not_a_number_stops_and_keeps_the_last_good_state(people, tmp_path, monkeypatch):
    original = PatchBatches.at

    def at(self, step: int) -> dict:
        batch = original(self, step)
        if step == 7:
            batch["low"][0] = torch.nan
        return batch

    monkeypatch.setattr(PatchBatches, "at", at)
    target = tmp_path / "model"
    with pytest.raises(ModelError, match=r"loss became not finite at step 7 \(subjects in the batch: p\d, p\d\)"):
        train(people, target, recipe(), hardware=HERE)
    for name in (LAST, BEST):
        assert all(torch.isfinite(tensor).all() for tensor in weights(run_of(target) / name).values())
    assert torch.load(run_of(target) / LAST, weights_only=True)["global_step"] == 6
    assert not target.exists()


def test_a_gradient_that_is_not_a_number_stops_too(people, tmp_path, monkeypatch):
    step = loop.Fitting.training_step

    def training_step(self, batch, index):
        loss = step(self, batch, index)
        if index == 2:
            loss.register_hook(lambda gradient: gradient * torch.nan)
        return loss

    monkeypatch.setattr(loop.Fitting, "training_step", training_step)
    with pytest.raises(ModelError, match="gradient became not finite at step 2"):
        train(people, tmp_path / "model", recipe(), hardware=HERE)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("PytorchStreamWriter failed writing file")],
    ids=["system", "torch"],
)
def test_a_full_disk_leaves_the_checkpoint_before(people, tmp_path, monkeypatch, error):
    save, kept = lightning.Trainer.save_checkpoint, []

    def full(self, path, *arguments):
        if self.global_step == 4:
            kept.append((run_of(tmp_path / "model") / LAST).read_bytes())
            Path(path).write_bytes(b"half a check")
            raise error
        save(self, path, *arguments)

    monkeypatch.setattr(lightning.Trainer, "save_checkpoint", full)
    with pytest.raises(OutputError, match=r"(cannot write to|last\.ckpt cannot be written)") as told:
        train(people, tmp_path / "model", recipe(), hardware=HERE)
    assert len(re.findall("cannot|disk full", str(told.value))) <= 2  # no doubled words
    folder = run_of(tmp_path / "model")
    assert (folder / LAST).read_bytes() == kept[0]
    assert {path.name for path in folder.iterdir()} == {LAST, "recipe.json", "subjects.json", "logs"}


# People


def test_no_training_subject_is_a_validation_subject(people, tmp_path, monkeypatch):
    """Two scans of one person stay on one side."""
    folder = shutil.copytree(people, tmp_path / "people")
    for path in sorted(folder.glob("sub-p2_*")):
        shutil.copy(path, path.with_name(path.name.replace("sub-p2_", "sub-p2_ses-b_")))
    seen, original = set(), PatchBatches.at

    def at(self, step: int) -> dict:
        batch = original(self, step)
        seen.update(batch["people"])
        return batch

    monkeypatch.setattr(PatchBatches, "at", at)
    card = train(folder, tmp_path / "model", recipe(training_steps=3), hardware=HERE)
    assert card.training["validation_people"] == ["p2", "p2"]
    assert seen == set(card.training["people"]) == {"p0", "p1"}


def test_subjects_can_be_named(people, tmp_path):
    report, events = listener()
    chosen = recipe(training_steps=1, data_validate=["p0"], data_exclude=["p1", "p9"])
    card = train(people, tmp_path / "model", chosen, hardware=HERE, report=report)
    assert card.training["validation_people"] == ["p0"]
    assert card.training["people"] == ["p2"]
    assert any("no scan of p9" in event.message for event in events if event.kind == "warning")


def test_a_fifth_of_the_subjects_validates_by_default_and_hardly_changes_with_a_new_subject():
    from IQTLib.data.subjects import Scan

    scans = [Scan(Path(f"{n}.nii"), f"{n:02}", "T1w") for n in range(12)]
    validation_subjects = deep._validation_subjects(scans, recipe())
    assert len(validation_subjects) == 2
    assert validation_subjects == deep._validation_subjects(scans[::-1], recipe())
    assert (
        len(validation_subjects & deep._validation_subjects([*scans, Scan(Path("new.nii"), "new", "T1w")], recipe()))
        >= 1
    )
    assert len(deep._validation_subjects(scans[:3], recipe())) == 1
    assert deep._validation_subjects(scans[:1], recipe()) == set()


def test_no_volumes_or_one_are_refused(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match=r"contains no \*_T1w volume"):
        train(empty, tmp_path / "model", recipe(), hardware=HERE)
    with pytest.raises(InputError, match="training needs at least one subject to train on and another"):
        train(written(tmp_path / "one", 1), tmp_path / "another", recipe(), hardware=HERE)


def test_subjects_without_tissue_maps_and_on_other_voxels_are_trained_on(tmp_path):
    folder = written(tmp_path / "people", 2)
    (folder / "sub-p0_dseg.nii.gz").unlink()
    other = person(5, (SHAPE[0], SHAPE[1], SHAPE[2] // 2))
    flat = type(other)(other.data, other.affine @ np.diag([1, 1, 2, 1]))
    write(flat, folder / "sub-p0_ses-2_T1w.nii.gz")
    write(flat.with_data(flat.data > 0), folder / "sub-p0_ses-2_desc-brain_mask.nii.gz")
    report, events = listener()
    card = train(folder, tmp_path / "model", recipe(training_steps=1), hardware=HERE, report=report)
    logs = [event.message for event in events if event.kind == "log"]
    assert card.training["people"] == ["p0", "p0"]
    assert sum("no tissue maps beside it" in message for message in logs) == 2
    assert any("resampled to 1.00 mm isotropic" in message for message in logs)


def test_subjects_smaller_than_a_patch_are_refused(people, tmp_path):
    with pytest.raises(InputError, match="is smaller than a patch of 64"):
        train(people, tmp_path / "model", recipe(data_patch=64), hardware=HERE)


# Fine-tuning


def test_fine_tuning_continues_from_a_models_weights(unet, people, tmp_path):
    gentle = recipe(training_steps=1, training_learning_rate=1e-6)
    card = train(people, tmp_path / "model", gentle, hardware=HERE, start=unet)
    origin = card.training["started_from"]
    assert origin["name"] == unet.name
    assert origin["sha256"] == read_card(unet).sha256
    assert str(tmp_path) not in json.dumps(card.training)
    tuned, start = (load_file(folder / WEIGHTS) for folder in (tmp_path / "model", unet))
    for name in tuned:
        if name.endswith("weight"):
            np.testing.assert_allclose(tuned[name], start[name], atol=2e-3)


def test_fine_tuning_refuses_what_does_not_fit(unet, people, tmp_path):
    with pytest.raises(InputError, match="was trained on p0, who are for validation"):
        train(people, tmp_path / "a", recipe(data_validate=["p0"]), hardware=HERE, start=unet)
    with pytest.raises(InputError, match="is a model of method unet, the recipe is one of ddl"):
        train(people, tmp_path / "b", recipe("ddl"), hardware=HERE, start=unet)
    with pytest.raises(ModelError, match="the weights have"):
        train(people, tmp_path / "c", recipe(settings_filters=4), hardware=HERE, start=unet)
    with pytest.raises(ModelError, match="no model 'nobody'"):
        train(people, tmp_path / "d", recipe(), hardware=HERE, start="nobody")


# Several processes


def test_two_processes_train_as_one(unet, people, tmp_path):
    """Over gloo, started by lightning and by torchrun."""
    alone = read_curves(run_of(unet))
    environment = os.environ | {"PYTHONPATH": str(LIBRARY), "OMP_NUM_THREADS": "1"}
    here = [sys.executable, "-m", "IQTLib"]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "IQTLib"]
    for number, start in enumerate((here, torchrun)):
        target = tmp_path / f"model{number}"
        command = [*start, "train", "unet", people, target, *options(), "--processes", 2, "--json-events"]
        done = subprocess.run(
            [*map(str, command)], env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stderr[-2000:]
        events = [json.loads(line) for line in done.stdout.splitlines()]  # of one process, so not mixed up
        assert sum(event["kind"] == "result" for event in events) == 1
        together = read_curves(run_of(target))
        for name in ("loss", "validation_score"):
            assert [step for step, _ in together[name]] == [step for step, _ in alone[name]]
            for (_, one), (_, other) in zip(together[name], alone[name], strict=True):
                assert one == pytest.approx(other, rel=0.02)  # rounding of single precision, grown by Adam's steps
        assert list(check(target))


@pytest.mark.parametrize("to_all", [True, False])
def test_two_processes_stop_together(people, tmp_path, to_all):
    """SIGTERM to each of them, as SLURM sends it, or to the first one only."""
    target = tmp_path / "model"
    environment = os.environ | {"PYTHONPATH": str(LIBRARY), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "IQTLib", "train", "unet", people, target, *options(training_steps=2000)]
    with subprocess.Popen(
        [*map(str, command), "--processes", "2"], env=environment, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 120
        while not (run_of(target) / LAST).exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        (os.killpg if to_all else os.kill)(process.pid, signal.SIGTERM)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130, said.decode()[-2000:]
    assert b"of 2000: continue with --resume" in said
    assert torch.load(run_of(target) / LAST, weights_only=True)["global_step"] >= 2
    assert not target.exists()


# The command


def test_command_trains_and_enhances(iqt, people, tmp_path):  # noqa: F811
    done = iqt("train", "ddl", people, "models/own", *options("ddl", training_steps=2), "--json-events", "--data", "x")
    assert done.code == 0, done.err
    assert {event["kind"] for event in done.events} >= {"progress", "log", "result"}
    assert load(tmp_path / "models" / "own").card.training["data"] == "x"
    assert iqt("models", "check", "own").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--set", "training.steps=many"], 3, "training.steps is 'many'"),
        (["--set", "data.factor=8"], 3, "contradicts"),
        (["--set", "training.loss=huber"], 3, "training.loss is 'huber'"),
        (["--recipe", "nowhere.toml"], 3, "cannot be read"),
        (["--resume"], 3, "nothing to resume"),
        (["--from", "nobody"], 4, "no model 'nobody'"),
    ],
)
def test_command_says_what_is_wrong_in_a_line(iqt, people, arguments, code, says):  # noqa: F811
    one_line(iqt("train", "unet", people, "model", *options(), *arguments, "--json-events"), code, says)
    assert not Path("model").exists()


# Schedules


def test_learning_rates_follow_the_papers_halvings():
    paper = TrainingRecipe(steps=400_000, schedule="halving", warmup=0, freeze=0.1)
    marks = {"body": [200_000, 300_000, 350_000, 375_000], "dictionary": [50_000, 100_000, 200_000, 300_000, 350_000]}
    for group, steps in marks.items():
        for number, step in enumerate(steps):
            assert learning_share(paper, group, step - 1) == 0.5**number
            if group == "body" or step < 360_000:
                assert learning_share(paper, group, step) == 0.5 ** (number + 1)
    assert learning_share(paper, "dictionary", 360_000) == 0  # frozen for the last 40,000
    assert learning_share(paper, "body", 360_000) > 0


def test_cosine_warms_up_and_ends_low():
    chosen = TrainingRecipe(steps=1000, warmup=100)
    shares = [learning_share(chosen, "body", step) for step in range(1000)]
    assert shares[0] == pytest.approx(0.01, abs=1e-3)
    assert max(shares) > 0.95
    assert shares[-1] == pytest.approx(0.01, abs=1e-3)
    assert learning_share(TrainingRecipe(steps=10, warmup=0, schedule="constant"), "body", 9) == 1


def test_precision_is_the_one_asked_for():
    assert precision(TrainingRecipe(precision="32"), "cpu") == "32-true"
    assert precision(TrainingRecipe(precision="bf16"), "cpu") == "bf16-mixed"
    assert precision(TrainingRecipe(precision="16"), "cuda:0") == "16-mixed"


@pytest.mark.parametrize(
    ("device", "has", "chosen"),
    [
        ("cpu", True, "bf16-mixed"), ("cpu", False, "32-true"), ("mps", False, "32-true"),
        ("cuda:0", True, "bf16-mixed"), ("cuda:0", False, "16-mixed"),
    ],
)  # fmt: skip
def test_precision_is_half_where_the_device_has_it(monkeypatch, device, has, chosen):
    monkeypatch.setattr(schedule, "computes_bfloat16", lambda name: has and name == device)
    assert precision(TrainingRecipe(), device) == chosen


@pytest.mark.parametrize(("device", "wanted"), [("cpu", "16"), ("mps", "16"), ("mps", "bf16")])
def test_precision_that_a_device_has_not_is_said(device, wanted):
    with pytest.raises(InputError, match=f"training.precision is '{wanted}': {device} trains in 32"):
        precision(TrainingRecipe(precision=wanted), device)


def test_resuming_is_refused_where_a_forged_checkpoint_could_run_code():
    for version in ("2.2.2", "2.5.1+cu124"):
        with pytest.raises(InputError, match=r"--resume needs torch 2\.6 or later, this is " + re.escape(version)):
            check_safe_to_resume(version)
    for version in ("2.6.0", "2.13.0+cpu", "3.0.0a0+git1"):
        check_safe_to_resume(version)


def test_memory_that_runs_out_in_training_is_said_with_what_to_do(people, tmp_path, monkeypatch):
    def full(self, batch, index):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB")

    monkeypatch.setattr(loop.Fitting, "training_step", full)
    with pytest.raises(InputError, match=r"the memory of cpu ran out in training: choose a smaller training\.batch"):
        train(people, tmp_path / "model", recipe(), hardware=HERE)


def test_training_on_the_cpu_is_held_to_deterministic_algorithms(people, tmp_path, monkeypatch):
    seen = []
    step = loop.Fitting.training_step

    def noted(self, batch, index):
        seen.append(torch.are_deterministic_algorithms_enabled())
        return step(self, batch, index)

    monkeypatch.setattr(loop.Fitting, "training_step", noted)
    train(people, tmp_path / "model", recipe(training_steps=2), hardware=HERE)
    assert seen == [True, True]
    assert not torch.are_deterministic_algorithms_enabled()


def test_trained_model_enhances_what_it_validated_on(unet, people):
    from IQTLib.data.packed import packed_brains
    from IQTLib.data.subjects import find_scans

    validation_subjects = packed_brains(find_scans(people)[2:])
    pairs = deep.validation_pairs(validation_subjects, recipe())
    scores = deep.validate(load(unet).method, pairs, Run(), gain_free=False)
    assert scores == pytest.approx(load(unet).card.training["validation"], rel=2e-3)


# Batch normalisation


def test_calibrated_statistics_are_means_over_the_batches():
    network, rng = torch.nn.Sequential(torch.nn.BatchNorm3d(1)), torch.Generator().manual_seed(0)
    batches = [3 + torch.randn(4, 1, 8, 8, 2, generator=rng) for _ in range(5)]
    network.train()(torch.full((2, 1, 4, 4, 1), 100.0))  # what it kept from before
    network.eval()
    calibration.calibrate(network, batches, seed=0)
    norm = network[0]
    assert norm.momentum == 0.1
    assert not network.training
    assert norm.running_mean.item() == pytest.approx(np.mean([batch.mean() for batch in batches]), rel=1e-5)
    assert norm.running_var.item() == pytest.approx(np.mean([batch.var() for batch in batches]), rel=1e-5)


def test_a_model_is_kept_with_the_statistics_that_validate_better(people, tmp_path, monkeypatch):
    """Patches of the windows' size: the statistics over many batches are the better ones after twelve steps."""
    monkeypatch.setattr(calibration, "BATCHES", 64)
    report, events = listener()
    train(people, tmp_path / "model", recipe(data_patch=32), hardware=HERE, report=report)
    [told] = [event.message for event in events if event.message.startswith("batch normalisation over")]
    after, before = map(float, re.findall(r"\d+\.\d+", told))
    assert after < before
    assert load(tmp_path / "model").card.training["validation"]["score"] == pytest.approx(after, rel=1e-3)
