"""The restoration network over a whole volume, or over slabs that agree to the last digit where memory is short."""

from functools import partial

import numpy as np
import torch
from torch import nn

from ....device import network_precision
from ....sentences import Sentence
from ...base import Run
from ..placing import computed
from .network import HEADS

FLIPS = ((), (0, 1, 2), (0,), (1, 2), (1,), (0, 2), (2,), (0, 1))  # axes, in the order in which they are used
AT_ONCE = {"cpu": 2**26, "gpu": 2**24}  # voxels: they take about 40 bytes each on a processor, 150 on a GPU


def whole(
    network: nn.Module, data: np.ndarray, known: np.ndarray, run: Run, *, flips: int = 1, most: int | None = None
) -> np.ndarray:
    """Mean over the first `flips` of `FLIPS` of `network` over `data` (inputs, x, y, z), float32 (heads, x, y, z).

    `known` is what the network is told of the scan. Volumes of more than `most` voxels (`AT_ONCE`) are cut into slabs
    along the first axis, each computed with as many voxels of its neighbours as the network looks at: it has no
    normalisation, so the slabs meet without a seam. Where memory runs out they are halved, and in the end computed on
    the CPU.

    Raises:
        InputError: the CPU has no memory for the thinnest slab.
    """
    multiple, most = network.multiple, most or AT_ONCE["cpu" if run.device == "cpu" else "gpu"]
    shape, padded = data.shape[1:], _padded(data, multiple)
    del data  # else both are in memory while the network computes
    plane = int(np.prod(padded.shape[2:]))
    planes = padded.shape[1]
    slab = planes if planes * plane <= most else max(most // plane - 2 * network.reach, multiple)

    def in_slabs(own: nn.Module, size: int, where: Run) -> np.ndarray:
        return _in_slabs(own, padded, known, size * multiple, flips, where)

    estimate = computed(
        network, in_slabs, most=lambda device: min(slab, planes) // multiple, run=run,
        piece=f"times {multiple} planes", advice="close other programs, or crop the scan to the head",
    )  # fmt: skip
    return estimate[(slice(None), *(slice(n) for n in shape))]


def _in_slabs(
    network: nn.Module, padded: np.ndarray, known: np.ndarray, thick: int, flips: int, run: Run
) -> np.ndarray:
    told = torch.from_numpy(known)[None].to(run.device)
    network.eval()
    with torch.inference_mode():
        compute = (
            network.folded(told, network_precision("cpu")) if run.device == "cpu" else partial(network, known=told)
        )
    cuts = [(axes, start) for axes in FLIPS[:flips] for start in range(0, padded.shape[1], thick)]
    levels = np.zeros((HEADS, *padded.shape[1:]), np.float32)
    with torch.inference_mode():
        for axes, start in run.report.track(cuts, total=len(cuts), message=Sentence("network", "network")):
            turned = tuple(axis + 1 for axis in axes)
            first, last = max(start - network.reach, 0), min(start + thick + network.reach, padded.shape[1])
            slab = torch.from_numpy(np.ascontiguousarray(np.flip(padded, turned)[:, first:last]))[None].to(run.device)
            estimate = compute(slab)[0, :, start - first : start - first + thick].float().cpu().numpy()
            np.flip(levels, turned)[:, start : start + thick] += estimate
            del slab, estimate  # else they lie beside what the network computes next
    levels /= flips
    return levels


def _padded(data: np.ndarray, multiple: int) -> np.ndarray:
    missing = [(0, 0), *((0, -n % multiple) for n in data.shape[1:])]
    if not np.any(missing):
        return np.ascontiguousarray(data, np.float32)
    return np.ascontiguousarray(np.pad(data, missing, mode="edge"), np.float32)
