"""On a real CUDA GPU: what docs/gpu.md says must come out. Everything here is skipped without one.

What can be known without a GPU is in test_device.py, test_windows.py and test_processes.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from cohorts import packed
from fitting import FITS, fit
from IQTLib.device import available, choose, computes_bfloat16, memory
from IQTLib.events import Event, Reporter
from IQTLib.methods.base import Run
from IQTLib.methods.networks.ddl.method import DDL, DDLSettings
from IQTLib.methods.networks.unet.method import UNet, UNetSettings
from IQTLib.training.curves import read_curves
from IQTLib.training.loop import Fitting
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import TrainingRecipe, load_recipe
from IQTLib.training.sampler import PatchBatches, ScanSampler
from surrogate import pair
from test_cli import LIBRARY

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]
GPU = "cuda:0"
FITTING = Path(__file__).parents[1] / "fitting.py"


def methods() -> list[UNet | DDL]:
    torch.manual_seed(0)
    ddl = DDL(DDLSettings(atoms=4, filters=4, window=32))
    ddl.prepare_for_inference()
    return [UNet(UNetSettings(filters=4, window=32)), ddl]


def test_the_gpu_is_found_with_its_memory_and_its_precision():
    assert choose("auto") == choose("cuda") == GPU
    free, total = memory(GPU)
    assert 0 < free <= total
    assert GPU in [device.name for device in available()]
    assert computes_bfloat16(GPU) == (torch.cuda.get_device_capability(0) >= (8, 0))


@pytest.mark.parametrize("number", [0, 1], ids=["unet", "ddl"])
def test_a_scan_is_enhanced_as_on_the_cpu(number):
    """In half precision, 11 bits, through some ten layers."""
    method, low = methods()[number], pair().low
    expected, found = (method.enhance(low, Run(device)) for device in ("cpu", GPU))
    assert np.abs(found - expected).max() < 0.02 * np.ptp(expected)


@pytest.mark.parametrize("coder", ["omp", "lasso"])
def test_sparse_codes_are_those_of_the_cpu(coder):
    from IQTLib.methods.srep.coding import Coding
    from surrogate import coding_problem

    features, dictionary = coding_problem(200, atoms=256)
    codes = [
        Coding(coder, solver="torch", device=device).encode(features, dictionary).toarray() for device in ("cpu", GPU)
    ]
    errors = [np.linalg.norm(features - code @ dictionary.T, axis=1).mean() for code in codes]
    assert errors[1] == pytest.approx(errors[0], rel=1e-2)


@pytest.mark.parametrize("name", FITS)
def test_training_has_the_losses_of_the_cpu(tmp_path, name):
    losses = []
    for device in ("cpu", GPU):
        fit(name, tmp_path / device.replace(":", ""), Hardware(device))
        losses.append([value for _, value in read_curves(tmp_path / device.replace(":", ""))["loss"]])
    assert losses[1][0] == pytest.approx(losses[0][0], rel=2e-2)  # TensorFloat-32 has 10 bits
    np.testing.assert_allclose(losses[1], losses[0], rtol=0.1)


@pytest.mark.parametrize("number", [0, 1], ids=["unet", "ddl"])
def test_a_step_does_not_wait_for_the_gpu(number):
    """torch itself raises at the first operation for which the processor has to wait."""
    recipe = load_recipe("unet-t1w-x4", {"settings.filters": 4, "data.patch": 16})
    sampler = ScanSampler([packed(0), packed(1)], recipe.simulator, slice_axes=(2,), patch=16)
    batches = PatchBatches(sampler, seed=0, first=0, last=3, batch=4, people=2)
    module = _fitting(methods()[number])
    optimizer = module.configure_optimizers()["optimizer"]
    for batch in batches:
        pinned = batch | {name: batch[name].pin_memory() for name in ("low", "high")}
        try:
            torch.cuda.set_sync_debug_mode("error" if batch["step"] > 0 else "default")  # the first one allocates
            here = module.transfer_batch_to_device(pinned, torch.device(GPU), 0)
            module.training_step(here, 0).backward()
            module.on_before_optimizer_step(optimizer)
            optimizer.step()
            optimizer.zero_grad()
        finally:
            torch.cuda.set_sync_debug_mode("default")


def test_too_little_memory_passes_a_scan_to_the_cpu_and_leaves_the_network(monkeypatch):
    """The rest of the memory is taken away; then a step of training follows."""
    method, low = methods()[0], pair().low
    module, events = _fitting(method), []
    expected = method.enhance(low, Run("cpu"))
    method.network.to(GPU)
    torch.cuda.empty_cache()
    held = torch.cuda.memory_allocated(0) / torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(held + 1e-6, 0)
    try:
        found = method.enhance(low, Run(GPU, Reporter(events.append)))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, 0)
    warning = f"{GPU} has too little memory for the network: falling back to the CPU"
    assert Event("warning", warning) in events
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert {parameter.device for parameter in method.network.parameters()} == {torch.device(GPU)}
    batch = {"step": 0, "people": ["a"], "weight": 1.0}
    batch |= {"low": torch.rand(2, 1, 16, 16, 4, device=GPU), "high": torch.rand(2, 1, 16, 16, 16, device=GPU)}
    module.network.train()
    module.training_step(batch, 0).backward()


def test_the_brain_is_found_as_on_the_cpu(shared_data):
    from IQTLib.image.brain import brain_mask
    from IQTLib.image.volume import read

    head = read(next(shared_data.glob("sub-head01/anat/*_T1w.nii.gz")))
    one, other = (brain_mask(head, device=device) for device in ("cpu", GPU))
    assert 2 * (one & other).sum() / (one.sum() + other.sum()) > 0.999


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="one GPU")
def test_two_gpus_have_the_losses_of_one(tmp_path):
    for name in (*FITS, "broken"):
        (tmp_path / name).mkdir()
    environment = os.environ | {"PYTHONPATH": f"{LIBRARY}{os.pathsep}{FITTING.parent}"}
    done = subprocess.run(
        [*map(str, [sys.executable, FITTING, tmp_path, 2, GPU])],
        env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr[-2000:]  # the last fit is the broken one
    assert "loss became not finite at step 1" in done.stderr
    for name in FITS:
        fit(name, tmp_path / f"{name} alone", Hardware(GPU))
        folders = (tmp_path / f"{name} alone", tmp_path / name)
        alone, shared = ([value for _, value in read_curves(folder)["loss"]] for folder in folders)
        assert shared[0] == pytest.approx(alone[0], rel=1e-3)


def _fitting(method: UNet | DDL) -> Fitting:
    """A method in training, without lightning around it."""
    from types import SimpleNamespace

    module = Fitting(method, TrainingRecipe(steps=10))
    module._trainer = SimpleNamespace(scaler=None)
    module.log = lambda *_, **__: None
    module.network.to(GPU)
    return module
