"""Several processes train as one would; they share what cannot be shared evenly, and stop together."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from cohorts import packed
from fitting import EXACT, FITS, fit
from IQTLib.errors import InputError
from IQTLib.methods.networks.restore.method import Restore, RestoreSettings
from IQTLib.training import loop
from IQTLib.training.curves import read_curves
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import TrainingRecipe, load_recipe
from IQTLib.training.run_folder import LAST
from IQTLib.training.sampler import PatchBatches, ScanSampler
from test_cli import LIBRARY

COMMAND = Path(__file__).parents[1] / "fitting.py"


@pytest.fixture(scope="module")
def together(tmp_path_factory) -> tuple[subprocess.CompletedProcess, Path]:
    """What two processes say, the second of which lightning starts, and the folder of their fits."""
    folder = tmp_path_factory.mktemp("together")
    for name in (*FITS, "broken"):
        (folder / name).mkdir()
    environment = os.environ | {"PYTHONPATH": f"{LIBRARY}{os.pathsep}{COMMAND.parent}", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, COMMAND, folder, 2, "cpu"]
    done = subprocess.run(
        [*map(str, command)], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    return done, folder


@pytest.mark.parametrize("name", FITS)
def test_two_processes_have_the_losses_gradients_and_statistics_of_one(together, tmp_path, name):
    """Also where neither their shares nor their batches of the normalisation are equal; exact in double precision."""
    _, folder = together
    fit(name, tmp_path, Hardware())
    curves = [read_curves(one) for one in (tmp_path, folder / name)]
    first, later = (1e-5, 1e-4) if name in EXACT else (1e-3, 0.1)  # Adam's first steps make rounding errors large
    for kind in ("loss", "gradient"):
        alone, shared = ([value for _, value in curve[kind]] for curve in curves)
        assert len(alone) == 3
        assert shared[0] == pytest.approx(alone[0], rel=first)
        np.testing.assert_allclose(shared, alone, rtol=later)
    alone, shared = (torch.load(one / LAST, weights_only=True)["state_dict"] for one in (tmp_path, folder / name))
    assert alone.keys() == shared.keys()
    for kept in (kept for kept in alone if "running" in kept):
        assert torch.allclose(shared[kept], alone[kept], rtol=later, atol=later / 10), kept


def test_a_number_that_is_none_in_one_process_stops_all_with_one_message(together):
    done, folder = together
    assert done.returncode == 4, done.stderr[-2000:]
    assert "loss became not finite at step 1 (subjects in the batch: p" in done.stderr
    assert not (folder / "broken" / LAST).exists()


def test_the_default_recipe_is_shared_by_any_number_of_processes_up_to_its_subjects():
    chosen = load_recipe("unet-t1w-x4", {"data.patch": 16})
    sampler = ScanSampler([packed(seed) for seed in range(2)], chosen.simulator, slice_axes=(2,), patch=16)
    batch, people = chosen.training.batch, chosen.training.people

    def shares(world: int) -> list[dict]:
        options = {"seed": 1, "first": 0, "last": 1, "batch": batch, "people": people}
        return [PatchBatches(sampler, **options, rank=rank, world=world).at(0) for rank in range(world)]

    [whole] = shares(1)
    for world in (2, 4, people):
        parts = shares(world)
        assert sum(len(part["low"]) for part in parts) == batch
        assert {len(part["low"]) for part in parts} <= {batch // world, -(-batch // world)}
        assert all(part["people"] == whole["people"] for part in parts)
        mean = np.mean([part["weight"] * float(part["low"].mean()) for part in parts])
        assert mean == pytest.approx(float(whole["low"].mean()), rel=1e-5)
    with pytest.raises(InputError, match=f"{people} subjects in a batch are too few for 8 processes: .*people=8"):
        shares(8)


@pytest.mark.parametrize("loss", ["l1", "mse"])
def test_shares_of_a_restoration_count_by_their_voxels(monkeypatch, loss):
    """Its loss is the mean over the brain's voxels, in which patches differ; weights count once."""
    torch.manual_seed(0)
    inside = torch.rand(3, 1, 8, 8, 8) * (torch.rand(3, 1, 8, 8, 8) < torch.tensor([0.9, 0.5, 0.1]).view(3, 1, 1, 1, 1))
    batch = {"scan": torch.rand(3, 2, 8, 8, 8), "known": torch.rand(3, 6), "truth": torch.rand(3, 1, 8, 8, 8)}
    batch = {name: part.double() for name, part in batch.items()} | {"inside": inside.double(), "weight": 1.0}
    fitting = loop.Fitting(Restore(RestoreSettings((4, 4, 4), (1, 1, 1))), TrainingRecipe(loss=loss, batch=3, people=3))
    fitting.method.network.double()
    mean = SimpleNamespace(reduce=lambda own, reduce_op: batch["inside"].sum() / 2)
    monkeypatch.setattr(loop.Fitting, "trainer", SimpleNamespace(world_size=2, strategy=mean))
    parts = [{name: part[own] if name != "weight" else 1 for name, part in batch.items()} for own in ([0, 2], [1])]

    def of(part: dict) -> torch.Tensor:
        return fitting.method.training_loss(fitting.network, part, fitting.loss)

    whole = float(of(batch))
    assert np.mean([float(fitting._weight(part) * of(part)) for part in parts]) == pytest.approx(whole, rel=1e-9)
    monkeypatch.setattr("IQTLib.methods.networks.restore.method.PINBALL", 0)
    fitting.method._squared = 0
    error = (fitting.network(batch["scan"], batch["known"])[:, :1] - batch["truth"]).abs() ** (1 if loss == "l1" else 2)
    assert float(of(batch)) == pytest.approx(float((error * inside).sum() / inside.sum()), rel=1e-6)


@pytest.mark.parametrize(
    ("hardware", "wanted"),
    [
        (Hardware("cpu"), {"accelerator": "cpu", "devices": 1}),
        (Hardware("cuda:1"), {"accelerator": "cuda", "devices": [1]}),
        (Hardware("mps"), {"accelerator": "mps", "devices": 1}),
        (Hardware("cuda:0", 4), {"accelerator": "cuda", "devices": 4, "sync_batchnorm": True}),
        (Hardware("cuda:0", 1, nodes=2), {"accelerator": "cuda", "devices": 1, "sync_batchnorm": True, "num_nodes": 2}),
        (Hardware("cpu", 2), {"accelerator": "cpu", "devices": 2}),
    ],
)
def test_devices_are_passed_to_lightning(hardware, wanted):
    options = hardware.trainer_options
    assert options | wanted == options
    several = hardware.processes * hardware.nodes > 1
    assert ("strategy" in options) == several
    if several:  # a validation of the first process may take longer than the half hour that others wait by default
        assert options["strategy"]._timeout.days >= 1
        assert ("plugins" in options) == (hardware.device == "cpu")
