"""Every network on a GPU that is not there: `python pretend_gpu.py` names those that infer and train on it.

torch's fake tensors have shapes, types and devices but no numbers. They refuse to be computed on two devices at once,
and to tell a number: so a step of training that waits for the GPU fails here. So does one that draws its random numbers
there, which would not be those of the CPU. A build of torch for CUDA pretends to have "cuda:0"; one for CPUs only has
no autograd for that name, and pretends to have a device of another maker.
"""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import torch
from IQTLib.methods import networks
from IQTLib.methods.any_scan import AnyScanMethod
from IQTLib.methods.base import Run
from IQTLib.methods.networks import windows
from IQTLib.methods.networks.liif import planes
from IQTLib.methods.networks.liif.method import Liif
from IQTLib.methods.networks.method import DeepMethod
from IQTLib.methods.networks.restore import windows as slabs
from IQTLib.methods.networks.restore.network import HEADS, INPUTS, KNOWN
from IQTLib.methods.networks.windows import Windows
from IQTLib.training.loop import Fitting
from IQTLib.training.recipe import TrainingRecipe
from torch import nn
from torch._subclasses.fake_tensor import DataDependentOutputException, FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

PATCH = 16
SMALL = {"filters": 4, "atoms": 4, "features": 4}


def pretended() -> str:
    """The name of a device that torch takes for a GPU, with autograd."""
    if torch.backends.cuda.is_built():
        return "cuda:0"
    from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

    _setup_privateuseone_for_python_backend("pretended")
    return "pretended:0"


def every_network() -> list[type[DeepMethod]]:
    """The methods with a network, whether or not they are offered yet."""
    for room in pkgutil.iter_modules(networks.__path__, f"{networks.__name__}."):
        if room.ispkg:
            import_module(f"{room.name}.method")
    return sorted(DeepMethod.__subclasses__(), key=lambda kind: kind.name)


def small(kind: type[DeepMethod]) -> DeepMethod:
    default = kind().settings
    return kind(type(default)(**{key: value for key, value in SMALL.items() if hasattr(default, key)}))


def move(network: nn.Module, device: str) -> None:
    """In place of `to`, which fake tensors have not."""
    for module in network.modules():
        for name, tensor in module._parameters.items():
            module._parameters[name] = None if tensor is None else nn.Parameter(_on(tensor, device))
        for name, tensor in module._buffers.items():
            module._buffers[name] = None if tensor is None else _on(tensor, device)


def _on(tensor: torch.Tensor, device: str) -> torch.Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=device)


def stay(device: str) -> None:
    """Networks may be told to go to `device`, where they are, and nowhere else."""

    def to(network: nn.Module, *place: object, **how: object) -> nn.Module:
        assert not place or str(place[0]) == device, f"the network was moved to {place[0]}"
        return network

    nn.Module.to = to


def infer(method: DeepMethod, device: str) -> None:
    """Windows in, windows out, on the device."""
    factor = method.settings.factor
    with torch.no_grad():
        low = torch.rand(2, 1, PATCH, PATCH, PATCH // factor).to(device)
        high = windows._predicted(method.network.eval(), low)
    assert (high.shape, high.dtype, str(high.device)) == ((2, 1, PATCH, PATCH, PATCH), torch.float32, device)


def restore(method: DeepMethod, device: str) -> None:
    """A patch and what is known of its scan in, estimate and quantiles out, on the device."""
    with torch.no_grad():
        scan, known = torch.rand(2, INPUTS, PATCH, PATCH, PATCH).to(device), torch.rand(2, KNOWN).to(device)
        levels = method.network.eval()(scan, known)
    assert (levels.shape, levels.dtype, str(levels.device)) == ((2, HEADS, *scan.shape[2:]), torch.float32, device)


def enlarge(method: DeepMethod, device: str) -> None:
    """Slices in, intensities at places out, on the device."""
    with torch.no_grad():
        slices, places = (torch.rand(2, 1, PATCH, PATCH).to(device), torch.rand(2, 9, 2).to(device))
        found = method.network.eval()(slices, places, places)
    assert (found.shape, found.dtype, str(found.device)) == ((2, 9, 3), torch.float32, device)


def batch_for(method: DeepMethod) -> dict[str, torch.Tensor]:
    """Two random patches, on the CPU."""
    if isinstance(method, Liif):
        asked = {"slices": (1, PATCH, PATCH), "places": (9, 2), "cells": (9, 2), "values": (9, 1)}
        return {name: torch.rand(2, *shape) for name, shape in asked.items()}
    if isinstance(method, AnyScanMethod):
        channels = {"scan": INPUTS, "truth": 1, "inside": 1}
        patches = {name: torch.rand(2, count, PATCH, PATCH, PATCH) for name, count in channels.items()}
        return patches | {"known": torch.rand(2, KNOWN)}
    factor = method.settings.factor
    return {"low": torch.rand(2, 1, PATCH, PATCH, PATCH // factor), "high": torch.rand(2, 1, PATCH, PATCH, PATCH)}


class DrawsOnCPU(TorchDispatchMode):
    """Refuses random numbers of the device, which differ from the CPU's with the same seed."""

    def __torch_dispatch__(self, operation, types, arguments=(), options=None):
        result = operation(*arguments, **(options or {}))
        assert torch.Tag.nondeterministic_seeded not in operation.tags or result.device.type == "cpu", operation
        return result


class Training:
    """What lightning does in a step."""

    def __init__(self, method: DeepMethod, device: str) -> None:
        self.module, self.device = Fitting(method, TrainingRecipe(steps=10, shuffle=1)), device
        self.module._trainer = SimpleNamespace(scaler=None, world_size=1)
        self.module.log = lambda *_, **__: None
        self.optimizer = self.module.configure_optimizers()["optimizer"]

    def step(self, number: int) -> None:
        batch = {"step": number, "people": ["a"], "weight": 1.0, **batch_for(self.module.method)}
        self.module.network.train()
        batch = self.module.transfer_batch_to_device(batch, torch.device(self.device), 0)
        with DrawsOnCPU():
            loss = self.module.training_step(batch, 0)
        loss.backward()
        self.module.on_before_optimizer_step(self.optimizer)
        self.optimizer.step()
        self.optimizer.zero_grad()
        assert str(loss.device) == self.device
        try:
            loss.item()
        except DataDependentOutputException:
            return
        raise AssertionError("a fake tensor has told its number: this test proves nothing")


def validate_without_memory(method: DeepMethod, device: str) -> None:
    """Whole volumes by windows, none of which fits into the device's memory."""
    places = []

    def slide(network, low, corners, size, factor, batch, overlap, run):
        fed = torch.ones(1, 1, *size).to(run.device)
        with torch.no_grad():
            assert str(windows._predicted(network.eval(), fed).device) == run.device
        places.append(run.device)
        if run.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return np.zeros((*low.shape[:2], low.shape[2] * factor), np.float32)

    windows._slide, windows.memory = slide, lambda device: (2**40, 2**40)
    low = np.ones((32, 32, 8), np.float32)
    windows.estimate(method.network, low, factor=method.settings.factor, windows=Windows(32, 0.25), run=Run(device))
    assert set(places) == {device, "cpu"}
    assert {str(tensor.device) for tensor in method.network.state_dict().values()} == {device}


def restore_without_memory(method: DeepMethod, device: str) -> None:
    """A whole scan in slabs, none of which fits into the device's memory."""
    places = []

    def in_slabs(network, padded, known, thick, flips, run):
        fed, told = torch.rand(1, *padded.shape).to(run.device), torch.rand(1, *known.shape).to(run.device)
        with torch.no_grad():
            assert str(network.eval()(fed, told).device) == run.device
        places.append((run.device, thick))
        if run.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return np.zeros((HEADS, *padded.shape[1:]), np.float32)

    slabs._in_slabs = in_slabs
    data, known = np.ones((INPUTS, 62, PATCH, PATCH), np.float32), np.zeros(KNOWN, np.float32)
    assert slabs.whole(method.network, data, known, Run(device)).shape == (HEADS, *data.shape[1:])
    assert places == [(device, 64), (device, 32), (device, 16), (device, 8), ("cpu", 64)]
    assert {str(tensor.device) for tensor in method.network.state_dict().values()} == {device}


def enlarge_without_memory(method: DeepMethod, device: str) -> None:
    """Slices in pieces, none of which fits into the device's memory."""
    places = []

    def answers(network, slices, asked, cell, run):
        given, wanted = torch.rand(len(slices), 1, PATCH, PATCH).to(run.device), asked.to(run.device)
        with torch.no_grad():
            told = cell.to(run.device).expand(len(slices), *wanted.shape[1:])
            found = network.eval()(given, wanted.expand(len(slices), -1, -1), told)
        assert str(found.device) == run.device
        places.append((run.device, len(slices)))
        if run.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return np.zeros((len(slices), wanted.shape[1]), np.float32)

    planes._answers = answers
    axes = (planes.Axis.over(PATCH, 20), planes.Axis.over(PATCH, 24))
    data = np.zeros((4, PATCH, PATCH), np.float32)
    assert planes.enlarged(method.network, data, axes, Run(device), planes.SLICES).shape == (4, 20, 24)
    assert places == [(device, 4), (device, 2), (device, 1), ("cpu", 4)]
    assert {str(tensor.device) for tensor in method.network.state_dict().values()} == {device}


def checks_of(kind: type[DeepMethod]) -> tuple[Callable[[DeepMethod, str], None], ...]:
    """What such a method must do on a device, and without memory there."""
    if issubclass(kind, Liif):
        return enlarge, enlarge_without_memory
    if issubclass(kind, AnyScanMethod):
        return restore, restore_without_memory
    return infer, validate_without_memory


def main() -> None:
    device = pretended()
    for kind in every_network():
        with FakeTensorMode():
            method = small(kind)
            move(method.network, device)
            stay(device)
            works, without_memory = checks_of(kind)
            works(method, device)
            training = Training(method, device)
            training.step(0)
            training.step(5)
            without_memory(method, device)
            training.step(6)
        print(kind.name, flush=True)


if __name__ == "__main__":
    main()
