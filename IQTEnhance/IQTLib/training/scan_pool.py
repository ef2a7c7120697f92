"""Whole scans made on the training's device, and patches cut from them.

The device carries out the plans of `data.degraded_pairs` with the formulas of `PairPlan.made`, only the noise of voxels
is drawn by its own generator. Everything is deterministic on a device, lesions too: each is added to its own box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..data.degraded_pairs import DIMMEST, RIM
from ..data.drawn_anatomy import EDGE, REACH, Lesion
from ..data.fine_brain import FineBrain
from ..data.scanning import LEVELS
from ..image.axis import FWHM_TO_SIGMA
from ..physics.fine_scan import FAINTEST, PRIOR_SPREAD, TYPICAL, USUAL_DENSITY
from .scan_orders import Order, Outline, ScanOrders, framed
from .whole_scans import WholeScans

VISIBLE = 0.04  # change of intensity from which on a voxel belongs to a lesion
AT_ONCE = 24  # lesions, which bounds memory


@dataclass(frozen=True, eq=False)
class WholeScan:
    """On the fine grid, half precision: both inputs of the network (2, x, y, z), truth and weight in the loss (1, x, y,
    z); `known` (6,), see `FineScan`.
    """

    scan: torch.Tensor
    truth: torch.Tensor
    weight: torch.Tensor
    known: torch.Tensor


class ScanPool:
    """The training's source of patches: scans of `brains`, made when they are due and kept as long as they may be used.

    A recipe with a section `whole_scans` has one instead of a source of `Patches`.
    """

    def __init__(self, brains: Sequence[FineBrain], settings: WholeScans, *, seed: int) -> None:
        brains = [
            brain if settings.contrast is None or not brain.classified else brain.with_contrast(settings.contrast)
            for brain in brains
        ]
        self.settings, self.seed = settings, seed
        self.brains = [framed(brain, settings.largest) for brain in brains]
        self._outlines = [Outline.of(brain) for brain in self.brains]
        self._maker: ScanMaker | None = None
        self._scans: dict[int, WholeScan] = {}

    def orders(self, *, first: int, last: int, rank: int = 0, world: int = 1) -> ScanOrders:
        """What steps `first` ... `last` - 1 of this process need, without any volume: for loader processes."""
        return ScanOrders(self._outlines, self.settings, seed=self.seed, first=first, last=last, rank=rank, world=world)

    @torch.no_grad()
    def batch(self, needs: dict[str, Any], device: torch.device | str) -> dict[str, Any]:
        """The patches of a step, after those of all steps before, float32 on `device`: "scan" (b, 2, p, p, p), "truth"
        and "inside" (b, 1, p, p, p), the weights in the loss, "known" (b, 6); besides "step", "people", "weight".
        """
        if self._maker is None:
            self._maker = ScanMaker(self.brains, device, lesion_weight=self.settings.lesion_weight)
        self._scans = {number: scan for number, scan in self._scans.items() if number >= needs["oldest"]}
        self._scans |= {number: self._maker.make(order) for number, order in needs["orders"]}
        parts = [_patch(self._scans[number], start, needs["edge"]) for number, start in needs["patches"]]
        scan, truth, inside, known = (torch.stack(part).float() for part in zip(*parts, strict=True))
        counted = torch.zeros_like(inside)
        middle = (..., *(slice(self.settings.rim, needs["edge"] - self.settings.rim),) * 3)
        counted[middle] = inside[middle]
        told = {name: needs[name] for name in ("step", "people", "weight")}
        return told | {"scan": scan, "truth": truth, "inside": counted, "known": known}


class ScanMaker:
    """Makes scans of `brains`, which it keeps on `device`."""

    def __init__(self, brains: Sequence[FineBrain], device: torch.device | str, *, lesion_weight: float = 1.0) -> None:
        self.device, self.lesion_weight = device, lesion_weight
        self._brains = [
            (self._kept(brain.data.astype(np.float16)), self._kept(brain.mask), self._kept(brain.maps))
            for brain in brains
        ]

    def _kept(self, array: np.ndarray | None) -> Any:
        return None if array is None else torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

    @torch.no_grad()
    def make(self, order: Order) -> WholeScan:
        """The scan, its truth and weights, as `PairPlan.made` makes them."""
        arrays = order.tensors(self.device)
        data, mask, maps = self._brains[order.brain]
        mask = _turned(mask, order)
        fine = _turned(data, order).float()
        if "curve" in arrays:
            fine = interpolated(fine, *arrays["curve"])
        weight, lesions = spread(mask, RIM).float(), None
        if order.lesions:
            lesions = added(order.shape, order.lesions, arrays["lesions"])
            fine = (fine + lesions).clamp(min=0)
            weight = weight * (1 + (self.lesion_weight - 1) * (lesions.abs() > VISIBLE))
        fine = fine * along(arrays["bias"], _axes(arrays, "nodes")).exp()
        acquired = fine
        if order.contrast is not None:
            soft = _axes(arrays, "soft")
            assert maps is not None  # the plan is of a brain that has them
            csf, gm = (along(_turned(share, order).float() / 255, soft) for share in maps[:2])
            if lesions is not None:  # dark ones lose contrast as grey matter does
                gm = gm + (lesions / -order.contrast.gap).clamp(0, 1) * (1 - csf - gm).clamp(0, 1)
            acquired = fine * (1 + (order.contrast.fluid - 1) * csf + (order.contrast.grey - 1) * gm)
        scale = ((acquired * mask).sum() / mask.sum() * order.jitter).clamp(min=DIMMEST)
        inputs, known = self._seen(self._scanned(acquired, mask, order, arrays) / scale, scale, order, arrays)
        return WholeScan(inputs.half(), (fine / scale)[None].half(), weight[None].half(), known)

    def _scanned(
        self, fine: torch.Tensor, mask: torch.Tensor, order: Order, arrays: dict[str, torch.Tensor]
    ) -> torch.Tensor:
        """The scan on its own grid, as `PlannedScan.of` makes it."""
        how, sampled = order.how, _axes(arrays, "sampled")
        low = along(fine, sampled)
        if "gains" in arrays:
            low = low * arrays["gains"]
        if how.noise:
            real, imaginary = how.noise * self._normals(order.seed, (2, *low.shape))
            low = ((low + real) ** 2 + imaginary**2).sqrt()
        if how.zeroed:
            low = low * spread(along(mask.float(), sampled) > 0.5, 1)
        if how.steps:
            low = torch.round(low * how.steps / LEVELS) * (LEVELS / how.steps)
        return along(low, _axes(arrays, "again")) if how.resampled else low

    def _normals(self, seed: int, shape: tuple[int, ...]) -> torch.Tensor:
        drawn = torch.Generator(self.device).manual_seed(seed)
        return torch.randn(shape, generator=drawn, device=self.device)

    def _seen(
        self, normal: torch.Tensor, scale: torch.Tensor, order: Order, arrays: dict[str, torch.Tensor]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Both inputs (2, x, y, z) and what is known of the normalised scan, as `FineScan` has them."""
        noise = torch.full_like(scale, TYPICAL) if order.told is None else order.told / scale
        passing = noise.clamp(min=FAINTEST) * order.shared**0.5
        x, y, z = _axes(arrays, "values")
        spectrum = along(normal, _axes(arrays, "turned"))
        spectrum = spectrum / (x[:, None, None] * y[:, None] * z + (passing / PRIOR_SPREAD) ** 2)
        known = arrays["known"].clone()
        if order.told is not None:
            known[3] = (passing / (order.step**0.5 * USUAL_DENSITY)).log() / 2
        return torch.stack([along(normal, _axes(arrays, "cubic")), along(spectrum, _axes(arrays, "fine"))]), known


def along(data: torch.Tensor, matrices: Sequence[torch.Tensor]) -> torch.Tensor:
    """One matrix (m, n) per axis, like `physics.sampling.apply_along`."""
    for axis in sorted(range(3), key=lambda a: matrices[a].shape[0] / matrices[a].shape[1]):
        matrix = matrices[axis]
        if axis == 0:
            data = (matrix @ data.reshape(len(data), -1)).reshape(len(matrix), *data.shape[1:])
        elif axis == 1:
            data = matrix @ data
        else:
            data = data @ matrix.T
    return data.contiguous()


def spread(mask: torch.Tensor, times: int) -> torch.Tensor:
    """Binary dilation by the six neighbours."""
    for _ in range(times):
        wider = mask.clone()
        for axis, count in enumerate(mask.shape):
            for one, other in ((0, 1), (1, 0)):
                wider.narrow(axis, one, count - 1).logical_or_(mask.narrow(axis, other, count - 1))
        mask = wider
    return mask


def interpolated(data: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """`numpy.interp` with the knots x, y."""
    right = torch.bucketize(data, x).clamp(1, len(x) - 1)
    left = right - 1
    return y[left] + (y[right] - y[left]) * ((data - x[left]) / (x[right] - x[left])).clamp(0, 1)


def added(shape: tuple[int, ...], lesions: Sequence[Lesion], numbers: torch.Tensor) -> torch.Tensor:
    """`drawn_anatomy.blobs`; `numbers` (n, 6): diameter, amplitude, whether it is soft, and the stretch of the axes."""
    total = numbers.new_zeros(shape)
    reach = int(np.ceil(REACH * max(one.diameter for one in lesions)))
    axis = torch.arange(-reach, reach + 1, device=numbers.device, dtype=numbers.dtype)
    for first in range(0, len(lesions), AT_ONCE):
        some = numbers[first : first + AT_ONCE, :, None, None, None]
        diameter, amplitude, soft, x, y, z = some.unbind(1)
        squared = (axis[:, None, None] / x) ** 2 + (axis[:, None] / y) ** 2 + (axis / z) ** 2
        smooth = torch.exp(-0.5 * squared / (diameter * FWHM_TO_SIGMA) ** 2)
        sharp = torch.sigmoid((diameter / 2 - squared.sqrt()) / EDGE)
        drawn = amplitude * torch.where(soft > 0.5, smooth, sharp)
        for one, blob in zip(lesions[first:], drawn, strict=False):
            box = one.box(shape)
            inner = [
                slice(b.start - int(c) + reach, b.stop - int(c) + reach) for b, c in zip(box, one.centre, strict=True)
            ]
            total[box] += blob[tuple(inner)]
    return total


def _axes(arrays: dict[str, torch.Tensor], name: str) -> list[torch.Tensor]:
    return [arrays[f"{name}{axis}"] for axis in range(3)]


def _turned(data: torch.Tensor, order: Order) -> torch.Tensor:
    return data.permute(order.order).flip([axis for axis, flip in enumerate(order.flips) if flip < 0]).contiguous()


def _patch(scan: WholeScan, start: Sequence[int], edge: int) -> tuple[torch.Tensor, ...]:
    box = (slice(None), *(slice(first, first + edge) for first in start))
    return scan.scan[box], scan.truth[box], scan.weight[box], scan.known
