"""The restoration network over a whole volume, or over slabs that agree to the last digit where memory is short."""

import numpy as np
import torch
from torch import nn

from ...base import Run

REACH = 96  # voxels that an estimate looks at to each side at the very most: 6, 8 and 6 convolutions on three levels


def whole(network: nn.Module, data: np.ndarray, known: np.ndarray, run: Run, *, most: int = 2**24) -> np.ndarray:
    """`network` over `data` (inputs, x, y, z) and `known` -> float32 (heads, x, y, z).

    Volumes of more than `most` voxels are cut into slabs along the first axis, each computed with `REACH` voxels of its
    neighbours: the network has no normalisation, so the slabs meet without a seam.
    """
    multiple = network.multiple
    padded = _padded(data, multiple)
    plane = int(np.prod(padded.shape[2:]))
    thick = max(most // plane - 2 * REACH, multiple) // multiple * multiple
    told = torch.from_numpy(known)[None].to(run.device)
    network.eval().to(run.device)
    parts = []
    starts = range(0, padded.shape[1], thick)
    with torch.inference_mode():
        for start in run.report.track(starts, total=len(starts), message="network"):
            first, last = max(start - REACH, 0), min(start + thick + REACH, padded.shape[1])
            slab = torch.from_numpy(np.ascontiguousarray(padded[:, first:last]))[None].to(run.device)
            estimate = network(slab, told)[0].float().cpu().numpy()
            parts.append(estimate[:, start - first : start - first + thick])
    return np.concatenate(parts, axis=1)[(slice(None), *(slice(n) for n in data.shape[1:]))]


def _padded(data: np.ndarray, multiple: int) -> np.ndarray:
    missing = [(0, 0), *((0, -n % multiple) for n in data.shape[1:])]
    return np.ascontiguousarray(np.pad(data, missing, mode="edge"), np.float32)
