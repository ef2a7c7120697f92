"""Times parts of a training on this computer, with random patches and scans of a brain that is a ball."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..device import autocast

if TYPE_CHECKING:
    import torch

    from ..methods.networks.method import DeepMethod
    from .recipe import NetworkRecipe
    from .sampler import Patches
    from .scan_pool import ScanPool

TRIALS = 3


@dataclass(frozen=True)
class Trial:
    """A batch on the device, its patches' edge, and seconds for a step's: on any processor, and on the device."""

    batch: "dict[str, torch.Tensor]"
    patch: int
    drawing: float
    making: float = 0.0


def trial_of(recipe: "NetworkRecipe", box: float, device: str) -> Trial:
    """For a recipe and a brain of `box` voxels."""
    from .sampler import PatchBatches
    from .scan_pool import ScanPool

    training, source = recipe.training, _practice(recipe, box)
    if isinstance(source, ScanPool):
        return _trial_of_whole_scans(source, device)
    batches = PatchBatches(source, seed=0, first=0, last=1, batch=training.batch, people=training.people)
    count, rng = training.batch // training.people, np.random.default_rng(0)
    drawing = timed(lambda: source.patches(0, count, rng, rng)) * training.people
    return Trial(tensors(batches.at(0), device), recipe.data.patch, drawing)


def _trial_of_whole_scans(source: "ScanPool", device: str) -> Trial:
    """Every patch of the batch is cut from the same scan."""
    (edge, count), new = source.settings.sizes[0], source.settings.new
    orders = source.orders(first=0, last=1)
    order = orders.order(0)
    told = {"step": 0, "people": [], "weight": 1.0, "edge": edge, "oldest": 0, "patches": [(0, (0, 0, 0))] * count}

    def made(*scans: tuple[int, Any]) -> "dict[str, torch.Tensor]":
        batch = tensors(source.batch(told | {"orders": list(scans)}, device), device)
        float(batch["known"].sum())  # waits for the device
        return batch

    batch = made((0, order))
    making = max(timed(lambda: made((0, order))) - timed(made), 0.0)
    return Trial(batch, edge, timed(lambda: orders.order(0), 1) * new, making * new)


def tensors(batch: dict[str, Any], device: str) -> "dict[str, torch.Tensor]":
    import torch

    return {name: part.to(device) for name, part in batch.items() if isinstance(part, torch.Tensor)}


def timed_steps(
    method: "DeepMethod", recipe: "NetworkRecipe", batch: "dict[str, torch.Tensor]", device: str
) -> tuple[float, float, int, int]:
    """Seconds of a step and of one patch forward, bytes of graphics memory and of main memory for a step."""
    import torch

    from ..methods.networks.layers import layout
    from .schedule import precision

    training, cuda = recipe.training, device.startswith("cuda")
    network = method.network.to(device, memory_format=layout(method.network)).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-6)
    kind = {"bf16-mixed": torch.bfloat16, "16-mixed": torch.float16}.get(precision(training, device))
    before = peak_memory()

    def forward() -> torch.Tensor:
        with autocast(device, kind):
            loss = method.training_loss(network, batch, torch.nn.functional.mse_loss)
        if cuda:
            torch.cuda.synchronize(device)
        return loss

    def step() -> None:
        optimizer.zero_grad()
        forward().backward()
        optimizer.step()
        if cuda:
            torch.cuda.synchronize(device)

    seconds, ahead = timed(step), timed(torch.no_grad()(forward))
    graphics = torch.cuda.max_memory_reserved(device) if cuda else 0
    return seconds, ahead / max(map(len, batch.values())), graphics, max(peak_memory() - before, 0)


def _practice(recipe: "NetworkRecipe", box: float) -> "Patches | ScanPool":
    """A source of patches of a ball of `box` voxels with three tissues, as good as a brain for timing."""
    from ..data.packed import PackedBrain
    from .restoration import restoration_pairs
    from .sampler import ScanSampler

    edge = max(round(box ** (1 / 3)), recipe.data.patch + 8)
    grid = np.linspace(-1, 1, edge)
    radius = np.sqrt(grid[:, None, None] ** 2 + grid[:, None] ** 2 + grid**2)
    tissue = [(radius < 0.9) & (radius >= 0.75), (radius < 0.75) & (radius >= 0.5), radius < 0.5, radius < 0.9]
    high = np.select(tissue[:3], [8_000, 20_000, 30_000], 0).astype(np.uint16)
    brain = PackedBrain("nobody", np.eye(4), 5e-5, high, np.stack([255 * one.astype(np.uint8) for one in tissue]))
    brain.maps[3] //= 255
    if recipe.restores:
        return restoration_pairs([brain], recipe)
    return ScanSampler([brain], recipe.simulator, slice_axes=recipe.data.axes[:1], patch=recipe.data.patch)


def timed(act: Callable[[], object], trials: int = TRIALS) -> float:
    """Seconds of the quickest of some trials after a first one."""
    act()
    times = []
    for _ in range(trials):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_memory() -> int:
    """The most bytes of memory that this process ever had; 0 where that is unknown (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
