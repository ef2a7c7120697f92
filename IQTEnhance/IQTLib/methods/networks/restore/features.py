"""What the encoder of a restoration network sees in the middle of a brain, as a few hundred numbers."""

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - as torch names it

from ....image.examined import Examined
from ....image.grid import transposed
from ....image.noise import ScanNoise
from ....physics.fine_scan import FineScan
from ...any_scan import COARSEST, FINEST
from .method import LEAST_NOISE
from .network import RestoreNet

BOX = (80, 80, 64)  # fine voxels that are looked at, along the axes in the order of their resolution
AROUND = 12  # fine voxels beside the box that its linear estimate needs
INSIDE = 0.9  # of a feature's voxel: the brain
FEWEST = 500  # such voxels of the finest level


def features(network: RestoreNet, scan: Examined, noise: ScanNoise) -> np.ndarray | None:
    """Mean, log standard deviation and mean positive part over the brain of every channel of the encoder's levels.

    Args:
        network: on the CPU. noise: of the scan on its own grid.

    Returns:
        float32 (3 * sum of channels,), or None if there is too little brain in the box, or no signal.
    """
    scale = float(scan.volume.data[scan.mask].mean(dtype=np.float64))
    if not scale > 0:
        return None
    fine = _middle(scan, noise, scale)
    size = [min(edge, n) // network.multiple * network.multiple for edge, n in zip(BOX, fine.mask.shape, strict=True)]
    box = tuple(slice((n - edge) // 2, (n - edge) // 2 + edge) for edge, n in zip(size, fine.mask.shape, strict=True))
    if not all(size) or fine.mask[box].sum() < FEWEST * network.multiple:
        return None
    seen = np.stack([fine.data[box], fine.linear_estimate()[box]])
    inside = torch.from_numpy(fine.mask[box].astype(np.float32))[None, None]
    network.eval()
    with torch.inference_mode():
        levels = network.encoded(torch.from_numpy(seen)[None], torch.from_numpy(fine.known)[None])
        found = torch.cat([_pooled(level[0], inside) for level in levels])
    return found.numpy() if torch.isfinite(found).all() else None


def _middle(scan: Examined, noise: ScanNoise, scale: float) -> FineScan:
    """The middle of the brain on fine voxels, its axes in the order of their resolution."""
    order = np.argsort(scan.width, kind="stable").tolist()
    volume, mask = transposed(scan.volume, order), scan.mask.transpose(order)
    edge = float(np.clip(min(*scan.width, *volume.spacing), FINEST, COARSEST))
    step = edge / np.array(volume.spacing)
    part = []
    for axis, (size, share) in enumerate(zip(BOX, step, strict=True)):
        where = np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis})))
        middle, half = (where[0] + where[-1] + 1) / 2, (size / 2 + AROUND) * share
        part.append(slice(max(int(middle - half), 0), int(np.ceil(middle + half))))
    cut = tuple(part)
    return FineScan.of(
        volume.data[cut],
        mask[cut],
        step=step,
        width=np.array(scan.width)[order] / edge,
        noise=noise.sigma,
        shared=float(np.prod(noise.lengths)),
        scale=scale,
    ).with_noise_of_at_least(LEAST_NOISE)


def _pooled(level: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    share = F.adaptive_avg_pool3d(inside, level.shape[1:])[0, 0]
    values = level[:, share > INSIDE]
    if not values.shape[1]:
        return torch.full((3 * len(level),), torch.nan)
    return torch.cat([values.mean(1), values.std(1, correction=0).clamp(min=1e-6).log(), F.relu(values).mean(1)])
