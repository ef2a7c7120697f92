"""Training pairs of the restoration network: a high-field brain at 1 mm and a plausible degraded scan of it.

Every pair is a new draw. Lesions and the coil's bias field apply to both; resolution, noise and processing by scanners
and archives apply to the input only. So does the contrast of low field where the truth keeps that of high field; in all
other pairs scan and truth share one contrast, of any kind. The scan is then resampled to 1 mm, as in the pipeline.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.ndimage import binary_dilation

from ..image.axis import interpolation_matrix
from ..physics.fine_scan import FineScan
from ..physics.sampling import apply_along
from .drawn_anatomy import Lesion, LowFieldContrast, blobs, curve
from .fine_brain import FineBrain
from .scanning import PlannedScan, Scanning, found_width

MARGIN = 20  # voxels around a patch that its degradation may use
NODES = 4  # of a random bias field, per axis
BIAS = 0.15  # largest standard deviation of its logarithm
TRANSFERRED = 0.65  # share of the pairs of T1w brains whose truth has high-field contrast
LESIONED = 0.6  # share of the pairs with lesions
RIM = 2  # voxels around the brain that count as inside
DIMMEST = 0.1  # lower bound of the mean by which a scan is divided


class Anatomy(Protocol):
    """What a plan needs to know of a `FineBrain`."""

    @property
    def tissues(self) -> tuple[float, float, float]: ...
    @property
    def width(self) -> tuple[float, float, float]: ...
    @property
    def classified(self) -> bool: ...


@dataclass(frozen=True, eq=False)
class Pair:
    """A scan on fine voxels, and of the same shape its truth (float32) and where the brain and its rim are."""

    seen: FineScan
    truth: np.ndarray
    inside: np.ndarray


@dataclass(frozen=True, eq=False)
class PairPlan:
    """Every random number of a pair, drawn before the pair is made.

    Args:
        contrast: what the scan alone gets, and asks to be undone; None where scan and truth share the contrast
            `curve`, see `drawn_anatomy.curve`. bias: logarithm of the bias field at its nodes.
        jitter: factor of the mean by which the scan is divided.
        width, told, shared: what is known of the scan's point spread and noise, see `FineScan`.
    """

    contrast: LowFieldContrast | None
    curve: tuple[np.ndarray, np.ndarray] | None
    lesions: list[Lesion]
    bias: np.ndarray
    scan: PlannedScan
    jitter: float
    told: float | None
    width: np.ndarray
    shared: float

    @classmethod
    def draw(
        cls,
        brain: Anatomy,
        shape: tuple[int, ...],
        order: np.ndarray,
        lesions: Callable[[np.random.Generator], list[Lesion]],
        rng: np.random.Generator,
        *,
        field: bool = True,
    ) -> "PairPlan":
        """A plan for a cuboid of `shape` of `brain`, its axes in `order`.

        Args:
            lesions: draws those of a pair that has any. field: also draw the noise of every voxel of the scan.
        """
        own = tuple(brain.width[axis] for axis in order)
        transfers = brain.classified and rng.random() < TRANSFERRED
        shared_contrast = None if transfers else curve(brain.tissues, rng)
        drawn = lesions(rng) if rng.random() < LESIONED else []
        # The bias field is in both: it is unrelated to resolution, and patches cannot distinguish it from anatomy.
        bias = BIAS * rng.random() * rng.standard_normal((NODES,) * 3)
        contrast = LowFieldContrast.draw(brain.tissues, rng) if transfers else None
        how = Scanning.draw(rng)
        scan = PlannedScan.draw(shape, own, how, rng, field=field)
        jitter = np.exp(0.1 * rng.standard_normal())
        told = None if rng.random() < 0.15 else scan.noise * np.exp(0.15 * rng.standard_normal())
        width = np.maximum(found_width(how, rng), own)
        shared = scan.shared * np.exp(0.2 * rng.standard_normal()) if scan.shared > 1 else 1.0
        return cls(contrast, shared_contrast, drawn, bias, scan, jitter, told, width, shared)

    def made(self, data: np.ndarray, mask: np.ndarray, maps: np.ndarray | None) -> Pair:
        """Carry it out on a cuboid of a brain: its intensities (float32), mask and tissue maps."""
        fine = data if self.curve is None else np.interp(data, *self.curve).astype(np.float32)
        added = blobs(fine.shape, self.lesions) if self.lesions else None
        if added is not None:
            fine = np.maximum(fine + added, 0)
        fine = fine * np.exp(apply_along(self.bias.astype(np.float32), bias_matrices(fine.shape)))
        acquired = fine
        if self.contrast is not None:
            assert maps is not None  # the plan is of a brain that has them
            acquired = self.contrast.of(fine, maps, added)
        scan = self.scan.of(acquired, mask)
        seen = FineScan.of(
            scan.data,
            scan.mask,
            step=scan.step,
            width=self.width,
            noise=self.told,
            shared=self.shared,
            scale=max((float(acquired[mask].mean()) if mask.any() else 0.7) * self.jitter, DIMMEST),
            start=scan.start,
            shape=fine.shape,
            transfer=self.contrast is not None,
        )
        inside = binary_dilation(mask, iterations=RIM) if mask.any() else mask
        return Pair(seen, (fine / seen.scale).astype(np.float32), inside)


def bias_matrices(shape: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """Interpolate the nodes of a bias field on a volume of `shape`."""
    return tuple(interpolation_matrix(NODES, np.linspace(0, NODES - 1, n)) for n in shape)


class DegradedPairs:
    """Patches of `brains` and of new scans of them, each with a contrast, resolution and noise of its own.

    One of the sources that `PatchBatches` draws from. patch: edge in fine voxels.
    """

    once = False

    def __init__(self, brains: Sequence[FineBrain], *, patch: int) -> None:
        self.brains, self.patch = brains, patch
        self._rooms = [np.argwhere(brain.mask[::4, ::4, ::4]) * 4 for brain in brains]

    def __len__(self) -> int:
        return len(self.brains)

    def name(self, index: int) -> str:
        return self.brains[index].person

    def key(self, index: int) -> str:
        return self.brains[index].key or self.brains[index].person

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """`count` patches of as many scans, float32: "scan" (count, 2, p, p, p), "truth" and "inside" (the brain and
        its rim) (count, 1, p, p, p), "known" (count, 6), see `FineScan.known`.
        """
        pairs = [self.pair(index, rng) for _ in range(count)]
        return {name: np.stack([pair[name] for pair in pairs]) for name in pairs[0]}

    def pair(self, index: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One patch of one scan, as `patches` gives them."""
        brain, patch = self.brains[index], self.patch
        centre = self._rooms[index][rng.integers(len(self._rooms[index]))]
        order, flips = rng.permutation(3), rng.integers(0, 2, 3) * -2 + 1
        edge = patch + 2 * MARGIN

        def part(array: np.ndarray) -> np.ndarray:
            return turned(cut(array, centre - edge // 2, edge), order, flips)

        data, mask = part(brain.data).astype(np.float32), part(brain.mask)

        def lesions(rng: np.random.Generator) -> list[Lesion]:
            count, room = int(rng.integers(1, 12)), np.argwhere(mask & (data > brain.whiter))
            return [Lesion.draw(room, rng) for _ in range(count)] if len(room) else []

        plan = PairPlan.draw(brain, data.shape, order, lesions, rng)
        maps = None if plan.contrast is None else brain.maps
        pair = plan.made(data, mask, None if maps is None else np.stack([part(one) for one in maps]))
        inner = (slice(MARGIN, MARGIN + patch),) * 3
        return {
            "scan": np.stack([pair.seen.data[inner], pair.seen.linear[inner]]),
            "truth": pair.truth[inner][None],
            "inside": pair.inside[inner][None].astype(np.float32),
            "known": pair.seen.known,
        }


def cut(array: np.ndarray, start: np.ndarray, edge: int | np.ndarray) -> np.ndarray:
    """The cuboid of `edge` at `start`, zero-padded outside `array`."""
    first, last = np.maximum(start, 0), np.minimum(start + edge, array.shape)
    inside = array[tuple(slice(a, b) for a, b in zip(first, last, strict=True))]
    return np.pad(inside, list(zip(first - start, start + edge - last, strict=True)))


def turned(array: np.ndarray, order: np.ndarray, flips: np.ndarray) -> np.ndarray:
    """`array` with its axes in another order and some of them flipped."""
    return array.transpose(order)[tuple(slice(None, None, int(step)) for step in flips)]
