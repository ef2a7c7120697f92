"""What whole scans a training needs at each step, and every number of these, drawn by processes without a GPU.

Scan n is drawn from (seed, n) alone. At step s the pool holds the scans s new ... s new + pool - 1; a scan is ordered
when the first patch of it is due. So a run that was stopped resumes with the same patches, and several processes
together see what one would see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch.utils.data import IterableDataset, get_worker_info

from ..data.degraded_pairs import PairPlan, bias_matrices, cut
from ..data.drawn_anatomy import Lesion, LowFieldContrast
from ..data.fine_brain import FineBrain
from ..data.scanning import Scanning
from ..data.seeds import generator, words
from ..errors import InputError
from ..physics.fine_scan import PRIOR_LENGTH, from_fine, known_of, onto_fine
from .whole_scans import WholeScans

MARGIN = 16  # voxels around the brain, as much as a network sees of a scan
PLACES = 20_000  # voxels of a brain where patches and lesions may lie
LESIONS = (4, 70)  # fewest of a scan that has any, and one more than the most
ANYWHERE = 0.25  # share of lesions that are not in white matter


def framed(brain: FineBrain, edge: int) -> FineBrain:
    """`brain` cut or padded to `MARGIN` voxels around its mask, at least `edge` along each axis."""
    where = np.argwhere(brain.mask)
    first, last = where.min(axis=0) - MARGIN, where.max(axis=0) + 1 + MARGIN
    size = np.maximum(last - first, edge)
    start = first - (size - (last - first)) // 2
    maps = None if brain.maps is None else np.stack([cut(one, start, size) for one in brain.maps])
    return replace(brain, data=cut(brain.data, start, size), mask=cut(brain.mask, start, size), maps=maps)


@dataclass(frozen=True, eq=False)
class Outline:
    """What processes that draw scans need of a brain: no volume. `white` and `room`: voxels (n, 3)."""

    person: str
    key: str
    shape: tuple[int, ...]
    tissues: tuple[float, float, float]
    width: tuple[float, float, float]
    classified: bool
    white: np.ndarray
    room: np.ndarray

    @classmethod
    def of(cls, brain: FineBrain) -> "Outline":
        white, room = (_some(mask) for mask in (brain.mask & (brain.data > brain.whiter), brain.mask))
        return cls(
            person=brain.person,
            key=brain.key or brain.person,
            shape=brain.data.shape,
            tissues=brain.tissues,
            width=brain.width,
            classified=brain.classified,
            white=white if len(white) else room,
            room=room,
        )


@dataclass(frozen=True, eq=False)
class Placed:
    """A brain with its axes in another order and some of them flipped."""

    brain: int
    outline: Outline
    order: np.ndarray
    flips: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.outline.shape[axis] for axis in self.order)

    def turned(self, voxels: np.ndarray) -> np.ndarray:
        """Voxels (n, 3) of the brain where they are now."""
        moved = voxels[:, self.order].astype(np.int64)
        return np.where(self.flips < 0, np.array(self.shape) - 1 - moved, moved)


@dataclass(frozen=True, eq=False)
class Order:
    """A scan to be made: the parts of a `PairPlan` without matrices, and these in one tensor `flat`, by `sizes`.

    `seed` is of the noise in its voxels, which the device draws.
    """

    brain: int
    order: tuple[int, ...]
    flips: tuple[int, ...]
    shape: tuple[int, ...]
    seed: int
    how: Scanning
    contrast: LowFieldContrast | None
    lesions: list[Lesion]
    jitter: float
    told: float | None
    shared: float
    step: float
    sizes: Mapping[str, tuple[int, ...]]
    flat: torch.Tensor

    @classmethod
    def of(cls, plan: PairPlan, placed: Placed, seed: int) -> "Order":
        parts = _matrices(plan, placed.shape)
        flat = np.concatenate([np.asarray(part, np.float32).ravel() for part in parts.values()])
        return cls(
            brain=placed.brain,
            order=tuple(int(axis) for axis in placed.order),
            flips=tuple(int(flip) for flip in placed.flips),
            shape=placed.shape,
            seed=seed,
            how=plan.scan.how,
            contrast=plan.contrast,
            lesions=plan.lesions,
            jitter=float(plan.jitter),
            told=None if plan.told is None else float(plan.told),
            shared=float(plan.shared),
            step=float(np.prod(plan.scan.step)),
            sizes={name: np.shape(part) for name, part in parts.items()},
            flat=torch.from_numpy(flat),
        )

    def pin_memory(self) -> "Order":
        """For the data loader, so that a GPU can fetch it while it computes."""
        return replace(self, flat=self.flat.pin_memory())

    def tensors(self, device: torch.device | str) -> dict[str, torch.Tensor]:
        """The arrays by name, on `device`."""
        counts = [int(np.prod(size)) for size in self.sizes.values()]
        parts = self.flat.to(device, non_blocking=True).split(counts)
        return {name: part.view(size) for (name, size), part in zip(self.sizes.items(), parts, strict=True)}


def _matrices(plan: PairPlan, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """The arrays of a plan, and the operators of `FineScan`; those along axis a have names that end in a."""
    scan = plan.scan
    told = None if plan.told is None else 0.0  # the noise follows when the scan's mean is known
    parts = {"bias": plan.bias, "known": known_of(plan.width, told, plan.contrast is not None)}
    if plan.curve is not None:
        parts["curve"] = np.stack(plan.curve)
    if scan.gains is not None:
        parts["gains"] = scan.gains
    if plan.lesions:
        parts["lesions"] = np.array([(one.diameter, one.amplitude, one.soft, *one.stretch) for one in plan.lesions])
    seen = from_fine(scan.counts, scan.start, scan.step, shape, plan.width)
    values, vectors, to_fine = seen.prior_spectra(PRIOR_LENGTH)
    along = {
        "nodes": bias_matrices(shape),
        "sampled": scan.sampling.matrices,
        "cubic": onto_fine(scan.counts, scan.start, scan.step, shape),
        "values": values,
        "turned": tuple(vector.T for vector in vectors),
        "fine": to_fine,
    }
    if plan.contrast is not None:
        along["soft"] = tuple(plan.contrast.softening(n) for n in shape)
    if scan.resampling is not None:
        along |= {"again": scan.resampling.data, "mask": scan.resampling.mask}
    return parts | {f"{name}{axis}": one for name, matrices in along.items() for axis, one in enumerate(matrices)}


class ScanOrders(IterableDataset):
    """For steps `first` ... `last` - 1: {"step", "people", "weight" as in `PatchBatches`; "edge" of the patches,
    "patches": scans and first voxels; "orders": scans to be made before; "oldest": no older scan is needed again}.

    Args:
        rank, world: this process draws the patches rank, rank + world, ... of each batch.

    Raises:
        InputError: there are more processes than patches in a batch, or a pattern of `settings.weights` fits nobody.
    """

    def __init__(
        self,
        outlines: Sequence[Outline],
        settings: WholeScans,
        *,
        seed: int,
        first: int,
        last: int,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self.outlines, self.settings, self.seed, self.first, self.last = outlines, settings, seed, first, last
        self.rank, self.world = rank, world
        if world > (fewest := min(count for _, count in settings.sizes)):
            raise InputError(
                "{fewest} patches in a batch are too few for {world} processes: choose fewer, or more patches in"
                " whole_scans.sizes",
                fewest=fewest,
                world=world,
            )
        self._weights = settings.weights_of([outline.person for outline in outlines])
        self._placed: dict[int, Placed] = {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        worker = get_worker_info()
        offset, stride = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for step in range(self.first + offset, self.last, stride):
            yield self.at(step)

    def at(self, step: int) -> dict[str, Any]:
        """What this process needs at `step`, after all steps from the first."""
        edge, chosen = self._chosen(step)
        own = chosen[self.rank :: self.world]
        lasting = -(-self.settings.pool // self.settings.new)  # steps during which a scan is in the pool
        known = {
            number
            for earlier in range(max(self.first, step - lasting), step)
            for number, _ in self._chosen(earlier)[1][self.rank :: self.world]
        }
        new = sorted({number for number, _ in own} - known)
        with threadpool_limits(1, user_api="blas"):  # the same digits whatever the number of loader processes
            orders = [(number, self.order(number)) for number in new]
        return {
            "step": step,
            "people": [self.placed(number).outline.person for number, _ in chosen],
            "weight": len(own) * self.world / len(chosen),
            "edge": edge,
            "patches": [(number, self._start(number, place, edge)) for number, place in own],
            "orders": orders,
            "oldest": step * self.settings.new,
        }

    def order(self, number: int) -> Order:
        """The scan of that number."""
        placed = self.placed(number)
        outline = placed.outline
        rng = generator(self.seed, "scan", number)

        def lesions(rng: np.random.Generator) -> list[Lesion]:
            rooms = placed.turned(outline.white), placed.turned(outline.room)
            return [Lesion.draw(rooms[int(rng.random() < ANYWHERE)], rng) for _ in range(rng.integers(*LESIONS))]

        plan = PairPlan.draw(outline, placed.shape, placed.order, lesions, rng, field=False)
        return Order.of(plan, placed, int(rng.integers(2**63)))

    def placed(self, number: int) -> Placed:
        """The subject of a scan, each as often as its weight says; another one changes only the scans that it takes."""
        if number not in self._placed:
            if len(self._placed) > 4 * self.settings.pool:
                self._placed.clear()
            draws = [words(self.seed, "subject", number, outline.key)[0] for outline in self.outlines]
            waits = [-np.log((draw + 0.5) / 2**32) / w for draw, w in zip(draws, self._weights, strict=True)]
            brain, rng = int(np.argmin(waits)), generator(self.seed, "turn", number)
            turn = rng.permutation(3), rng.integers(0, 2, 3) * -2 + 1
            self._placed[number] = Placed(brain, self.outlines[brain], *turn)
        return self._placed[number]

    def _chosen(self, step: int) -> tuple[int, list[tuple[int, float]]]:
        """The edge of the patches of a step, and for each its scan and where in the brain, 0 to 1."""
        rng = generator(self.seed, "patches", step)
        edge, count = self.settings.sizes[rng.integers(len(self.settings.sizes))]
        numbers = step * self.settings.new + rng.choice(self.settings.pool, count, replace=False)
        return edge, list(zip(numbers.tolist(), rng.random(count).tolist(), strict=True))

    def _start(self, number: int, place: float, edge: int) -> tuple[int, ...]:
        """First voxel of a patch around one of the brain's voxels, inside the volume."""
        placed = self.placed(number)
        room = placed.outline.room
        centre = placed.turned(room[[int(place * len(room))]])[0]
        return tuple(np.clip(centre - edge // 2, 0, np.array(placed.shape) - edge).tolist())


def _some(mask: np.ndarray) -> np.ndarray:
    """Up to about `PLACES` voxels of a mask, evenly chosen, int16 (n, 3)."""
    voxels = np.argwhere(mask)
    return voxels[:: max(len(voxels) // PLACES, 1)].astype(np.int16)
