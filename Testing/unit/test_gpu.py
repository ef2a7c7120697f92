"""On a real CUDA GPU: what docs/gpu.md says must come out. Everything here is skipped without one.

What can be known without a GPU is in test_device.py, test_windows.py and test_processes.py.
"""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import IQTLib
import numpy as np
import pytest
import torch
from cohorts import packed
from fitting import FITS, fit
from IQTLib.data.degraded_pairs import DegradedPairs
from IQTLib.data.fine_brain import FineBrain
from IQTLib.device import available, choose, computes_bfloat16, memory
from IQTLib.events import Event, Reporter
from IQTLib.methods.base import Run
from IQTLib.methods.networks.ddl.method import DDL, DDLSettings
from IQTLib.methods.networks.method import DeepMethod
from IQTLib.methods.networks.restore.method import Restore, RestoreSettings
from IQTLib.methods.networks.unet.method import UNet, UNetSettings
from IQTLib.training.curves import read_curves
from IQTLib.training.loop import Fitting
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import TrainingRecipe, load_recipe
from IQTLib.training.sampler import PatchBatches, ScanSampler
from IQTLib.training.scan_pool import ScanMaker, ScanPool
from IQTLib.training.whole_scans import WholeScans
from surrogate import pair

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]
GPU = "cuda:0"
FITTING = Path(__file__).parents[1] / "fitting.py"
LIBRARY = Path(IQTLib.__file__).parents[1]
NAMES = ("unet", "ddl", "restore")
SMALLEST = 512  # bytes that torch gives at least


def method_of(name: str) -> DeepMethod:
    """A small network with random weights, the same at every call."""
    torch.manual_seed(0)
    if name == "unet":
        return UNet(UNetSettings(filters=4, window=32))
    if name == "ddl":
        ddl = DDL(DDLSettings(atoms=4, filters=4, window=32))
        ddl.prepare_for_inference()
        return ddl
    restore = Restore(RestoreSettings((8, 8, 8), (1, 1, 1)))
    for parameter in restore.network.parameters():  # its blocks start as the identity
        torch.nn.init.normal_(parameter, std=0.05)
    return restore


def batches_for(method: DeepMethod) -> PatchBatches:
    """Three steps of training."""
    if isinstance(method, Restore):
        pairs = DegradedPairs([FineBrain.of(packed(seed)) for seed in (0, 1)], patch=16)
        return PatchBatches(pairs, seed=0, first=0, last=3, batch=4, people=2)
    recipe = load_recipe("unet-t1w-x4", {"settings.filters": 4, "data.patch": 16})
    sampler = ScanSampler([packed(0), packed(1)], recipe.simulator, slice_axes=(2,), patch=16)
    return PatchBatches(sampler, seed=0, first=0, last=3, batch=4, people=2)


def test_the_gpu_is_found_with_its_memory_and_its_precision():
    assert choose("auto") == choose("cuda") == GPU
    free, total = memory(GPU)
    assert 0 < free <= total
    assert GPU in [device.name for device in available()]
    assert computes_bfloat16(GPU) == (torch.cuda.get_device_capability(0) >= (8, 0))


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_is_enhanced_as_on_the_cpu(name):
    """In half precision or TensorFloat-32, both of 11 bits, through some ten layers."""
    method, low = method_of(name), pair().low
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


def test_training_a_restoration_has_the_losses_of_the_cpu():
    losses = []
    for device in ("cpu", GPU):
        method = method_of("restore")
        module, optimizer = _fitting(method, device)
        losses.append([float(_step(module, optimizer, batch, device)) for batch in batches_for(method)])
    assert losses[1][0] == pytest.approx(losses[0][0], rel=2e-2)
    np.testing.assert_allclose(losses[1], losses[0], rtol=0.1)


def test_whole_scans_are_made_as_on_the_cpu_and_without_waiting(monkeypatch):
    """With the same noise; TensorFloat-32 is not used."""
    monkeypatch.setattr(ScanMaker, "_normals", lambda self, seed, shape: torch.ones(shape, device=self.device))
    brains, found = [FineBrain.of(packed(seed)) for seed in (0, 1)], []
    for device in ("cpu", GPU):
        pool = ScanPool(brains, WholeScans(sizes=((16, 4),), pool=8), seed=1)
        orders = pool.orders(first=0, last=3)
        needs = [orders.at(step) for step in range(3)]
        for step in needs:
            step["orders"] = [(number, order.pin_memory()) for number, order in step["orders"]]
        batches = [pool.batch(needs[0], device)]  # the first one carries the brains to the device
        try:
            torch.cuda.set_sync_debug_mode("error")
            batches += [pool.batch(step, device) for step in needs[1:]]
        finally:
            torch.cuda.set_sync_debug_mode("default")
        found.append([batch[name].cpu() for batch in batches for name in ("scan", "truth", "inside", "known")])
    for expected, made in zip(*found, strict=True):
        off = (made - expected).abs() > 5e-3 * expected.abs().max()
        assert off.float().mean() < 1e-3  # intensities in steps: the last digit can decide which one


@pytest.mark.parametrize("name", NAMES)
def test_a_step_does_not_wait_for_the_gpu(name):
    """torch itself raises at the first operation for which the processor has to wait."""
    method = method_of(name)
    module, optimizer = _fitting(method)
    for batch in batches_for(method):
        pinned = {key: value.pin_memory() if torch.is_tensor(value) else value for key, value in batch.items()}
        try:
            torch.cuda.set_sync_debug_mode("error" if batch["step"] > 0 else "default")  # the first one allocates
            _step(module, optimizer, pinned)
        finally:
            torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("name", ["unet", "restore"])
def test_too_little_memory_passes_a_scan_to_the_cpu_and_leaves_the_network(name):
    """The rest of the memory is taken away; then a step of training follows."""
    method, low, events = method_of(name), pair().low, []
    module, optimizer = _fitting(method, "cpu")
    expected = method.enhance(low, Run("cpu"))
    method.network.to(GPU)
    taken = _take_memory()
    try:
        found = method.enhance(low, Run(GPU, Reporter(events.append)))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, 0)
    del taken
    warning = f"{GPU} has too little memory for the network: falling back to the CPU"
    assert Event("warning", warning) in events
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert {parameter.device for parameter in method.network.parameters()} == {torch.device(GPU)}
    method.network.train()
    _step(module, optimizer, batches_for(method).at(0))


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


def _take_memory() -> list[torch.Tensor]:
    """No new memory of the GPU, and nothing left of what torch has reserved already."""
    torch.cuda.empty_cache()
    held = torch.cuda.memory_allocated(0) / torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(held, 0)
    taken, size = [], 2**24
    while size >= SMALLEST:
        try:
            taken.append(torch.empty(size, dtype=torch.uint8, device=GPU))
        except torch.cuda.OutOfMemoryError:
            size //= 2
    return taken


def _fitting(method: DeepMethod, device: str = GPU) -> tuple[Fitting, torch.optim.Optimizer]:
    """A method in training, without lightning around it."""
    module = Fitting(method, TrainingRecipe(steps=10))
    module._trainer = SimpleNamespace(scaler=None, world_size=1)
    module.log = lambda *_, **__: None
    module.network.to(device)
    return module, module.configure_optimizers()["optimizer"]


def _step(module: Fitting, optimizer: torch.optim.Optimizer, batch: dict, device: str = GPU) -> torch.Tensor:
    """What lightning does in a step; returns the loss."""
    loss = module.training_step(module.transfer_batch_to_device(batch, torch.device(device), 0), 0)
    loss.backward()
    module.on_before_optimizer_step(optimizer)
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach()
