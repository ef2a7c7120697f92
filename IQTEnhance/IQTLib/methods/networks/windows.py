"""Networks on whole volumes: overlapping windows with blending, in batches that fit the memory.

If memory runs out, the batch is halved; if a GPU is too small for one window, the CPU takes over.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from ...device import autocast, memory, network_precision, wait
from ...sentences import Sentence
from ..base import Run
from .placing import computed

SHARE = 0.5  # of the free memory that a batch may take
MOST = 16  # windows in a batch: more is not faster
CACHED = 2**19  # high-field voxels in a CPU batch: 16 windows of 32 are 20 % faster than 4; larger ones gain nothing
NEAR = 2  # voxels around what is not zero that windows cover too
UNTOLD = 2 * 2**30  # bytes assumed to be free if the system does not report it


@dataclass(frozen=True)
class Windows:
    """How a volume is cut into windows.

    Args:
        edge: largest in-plane size of a window in voxels; it has edge / factor slices.
        overlap: overlap of neighbouring windows, as a share; their estimates are blended.
    """

    edge: int
    overlap: float


def estimate(network: nn.Module, low: np.ndarray, *, factor: int, windows: Windows, run: Run) -> np.ndarray:
    """Apply `network` to `low` (x, y, n) -> float32 (x, y, n * factor), with progress and cancellation.

    Windows lie where `low` is not zero; elsewhere the estimate is zero.

    Raises:
        InputError: the CPU has too little memory for a single window.
    """
    edges = (windows.edge, windows.edge, windows.edge // factor)
    size = tuple(fitted(*axis, windows.overlap) for axis in zip(low.shape, edges, network.multiple, strict=True))
    padded, inside = _padded(low, size)
    corners = covering(padded != 0, size, windows.overlap)

    def slid(own: nn.Module, batch: int, where: Run) -> np.ndarray:
        return _slide(own, padded, corners, size, factor, batch, windows.overlap, where)

    high = computed(
        network, slid, most=lambda device: _batch(network, size, factor, device), run=run, piece="windows",
        advice="close other programs, or choose smaller windows (--set window=32)",
    )  # fmt: skip
    return high[(*inside[:2], slice(0, low.shape[2] * factor))]


def fitted(count: int, edge: int, multiple: int, overlap: float) -> int:
    """Window size for an axis of `count` voxels: as many windows as `edge` requires, each as small as possible.

    The last window ends flush with the brain, so windows of a fixed size would overlap by more than requested.
    """
    edge = max(edge, multiple)
    shared = overlap * edge
    windows = max(math.ceil((count - shared) / (edge - shared)), 1)
    return math.ceil((count + (windows - 1) * shared) / windows / multiple) * multiple


def covering(busy: np.ndarray, size: tuple[int, ...], overlap: float) -> list[tuple[int, int, int]]:
    """First voxels of windows of `size` that cover the `busy` voxels of a volume (x, y, n).

    Layer by layer, and row by row within a layer: each reaches only as far as the brain does there.
    """
    found = []
    for z in starts(np.any(busy, axis=(0, 1)), size[2], overlap):
        layer = np.any(busy[..., z : z + size[2]], axis=2)
        for x in starts(np.any(layer, axis=1), size[0], overlap):
            row = np.any(layer[x : x + size[0]], axis=0)
            found += [(x, y, z) for y in starts(row, size[1], overlap)]
    return found


def starts(busy: np.ndarray, edge: int, overlap: float) -> list[int]:
    """First voxels of windows along an axis that cover the `busy` ones and `NEAR` more; the last window ends flush."""
    where = np.flatnonzero(busy)
    if not where.size:
        return []
    first, last = max(int(where[0]) - NEAR, 0), min(int(where[-1]) + 1 + NEAR, len(busy))
    if last - first <= edge:
        return [min(max((first + last - edge) // 2, 0), len(busy) - edge)]
    return [*range(first, last - edge, max(int(edge * (1 - overlap)), 1)), last - edge]


def _slide(
    network: nn.Module,
    low: np.ndarray,
    windows: list[tuple[int, int, int]],
    size: tuple[int, ...],
    factor: int,
    batch: int,
    overlap: float,
    run: Run,
) -> np.ndarray:
    """The weighted mean of the estimates of `windows`, given by their first voxels.

    They are cut and blended on the device, so that a scan goes there once and its estimate comes back once.
    """
    scan = torch.from_numpy(low).to(run.device)
    weight = _ramps(size, overlap).repeat_interleave(factor, dim=-1).to(run.device)
    total = torch.zeros(*low.shape[:2], low.shape[2] * factor, device=run.device)
    weights = torch.zeros_like(total)
    network.eval().to(memory_format=torch.channels_last_3d)  # twice as fast on CPUs with few channels
    batches = [windows[first : first + batch] for first in range(0, len(windows), batch)]
    folds = run.device == "cpu" and hasattr(network, "folded")
    compute = network.folded(network_precision("cpu")) if folds else network
    with torch.inference_mode():
        for corners in run.report.track(batches, total=len(batches), message=Sentence("network", "network")):
            cut = torch.stack([scan[_box(corner, size)] for corner in corners])[:, None]
            for corner, high in zip(corners, _predicted(compute, cut), strict=True):
                box = _box((*corner[:2], corner[2] * factor), weight.shape)
                total[box] += high[0] * weight
                weights[box] += weight
            wait(run.device)
    return total.div_(weights.clamp_(min=1e-9)).cpu().numpy()  # zero where no window lies


def _box(corner: tuple[int, ...], size: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(first, first + edge) for first, edge in zip(corner, size, strict=True))


def _ramps(size: tuple[int, ...], overlap: float) -> torch.Tensor:
    """Blending weights (x, y, n) of a window: 1 in the middle, falling linearly where others overlap.

    A Gaussian that is truncated near the edges, as in MONAI, leaves steps of half the disagreement of two windows,
    visible as lines. The error is the same (0.535 of that of cubic on one subject with either).
    """
    weights = torch.ones(*size)
    for axis, count in enumerate(size):
        nearest = torch.minimum(torch.arange(count), torch.arange(count).flip(0)) + 0.5
        ramp = (nearest / max(overlap * count, 0.5)).clamp(max=1)
        weights *= ramp.reshape([-1 if other == axis else 1 for other in range(3)])
    return weights


def _predicted(network: Callable[[torch.Tensor], torch.Tensor], windows: torch.Tensor) -> torch.Tensor:
    """(b, 1, x, y, n) -> float32 (b, 1, x, y, n * factor).

    A folded network chooses its precision itself.
    """
    kind = windows.device.type
    with autocast(kind, network_precision(kind) if kind == "cuda" else None):
        return network(windows).float()


def _padded(low: np.ndarray, size: tuple[int, ...]) -> tuple[np.ndarray, tuple[slice, ...]]:
    """`low`, padded to at least the size of a window, and its in-plane position there.

    Its outermost voxels go on: zeros beyond a scan that ends in the brain look like the end of the brain, and networks
    darken it by 90 % there. Outside a brain that ends in the scan both are the same.
    """
    missing = [max(edge - count, 0) for edge, count in zip(size, low.shape, strict=True)]
    before = [missing[0] // 2, missing[1] // 2, 0]  # the first slice stays the first
    around = [(b, m - b) for b, m in zip(before, missing, strict=True)]
    inside = tuple(slice(b, b + count) for b, count in zip(before, low.shape, strict=True))
    return np.pad(low, around, mode="edge").astype(np.float32), inside


def _batch(network: nn.Module, size: tuple[int, ...], factor: int, device: str) -> int:
    """Batch size that should fit into the free memory; halved later if it does not."""
    voxels = int(np.prod(size)) * factor
    need = voxels * 4 * network.memory  # float32 numbers per high-field voxel at the worst layer
    free = memory(device)[0] or UNTOLD
    most = MOST if device != "cpu" else min(max(CACHED // voxels, 1), MOST)
    return int(np.clip(SHARE * free // need, 1, most))
