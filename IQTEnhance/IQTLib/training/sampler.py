"""Patches for training deep networks: every sample of a subject is a newly simulated scan.

A batch depends only on seed, step and subjects, so a run that was stopped at any step resumes with the same batches,
and several processes together see what one would see. The sample of a subject at a step depends on seed, step and that
subject, not on which other subjects there are or on their order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from ..data.packed import PackedBrain
from ..data.seeds import generator, words
from ..errors import InputError
from ..image.patches import positions
from ..methods.networks.surroundings import rimmed
from ..physics.acquisition import Acquisition, SliceProfile
from ..physics.simulation import ThickSlices
from .simulator import Draw, Simulator, bent, smooth_field

FOREGROUND = 0.2  # share of a patch's voxels above the volume's mean, as in the papers, to skip background


@dataclass(frozen=True, eq=False)
class Patient:
    """A packed brain with its slice axis last, and the possible positions of its patches.

    Args:
        high: uint16 (x, y, n * factor), a view. starts: first voxels of patches on the low-field grid, (m, 3); they may
            reach half a patch beyond the volume.
    """

    brain: PackedBrain
    axis: int
    factor: int
    high: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, brain: PackedBrain, *, axis: int, factor: int, patch: int) -> "Patient":
        count = brain.high.shape[axis] // factor * factor
        high = np.moveaxis(brain.high, axis, -1)[..., :count]
        if min(high.shape) < patch:
            size = " x ".join(map(str, high.shape))
            raise InputError(
                "{person}: a brain of {size} voxels is smaller than a patch of {patch}",
                person=brain.person,
                size=size,
                patch=patch,
            )
        padded = np.pad(high > high.mean(), patch // 2)
        starts = positions(padded, patch, patch // 4, share=FOREGROUND)
        starts = (starts - patch // 2)[starts[:, 2] % factor == 0]
        return cls(brain, axis, factor, high, (starts // (1, 1, factor)).astype(np.int16))


class ScanSampler:
    """Draws patches of simulated scans; noiseless thick slices are cached in half precision, per slice profile.

    Args:
        slice_axes: possible slice axes of all subjects. own_axes: different ones, by subject.

    Number n is one subject cut along one axis, so subjects with more slice axes are sampled more often.
    """

    def __init__(
        self,
        brains: Sequence[PackedBrain],
        simulator: Simulator,
        *,
        slice_axes: Sequence[int],
        patch: int,
        own_axes: Mapping[str, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        self.simulator, self.patch = simulator, patch
        self.factor, self.once = simulator.profile.factor, simulator.once
        if patch % self.factor or patch < 16:
            raise InputError(
                "patch {patch}: choose at least 16, a multiple of the factor {factor}", patch=patch, factor=self.factor
            )
        self._brains = brains
        self._cuts = [(n, axis) for n, brain in enumerate(brains) for axis in own_axes.get(brain.person, slice_axes)]
        self._patients: dict[tuple[int, int], Patient] = {}
        self._slices: dict[tuple[int, int, SliceProfile], tuple[list[torch.Tensor], np.ndarray, np.ndarray]] = {}

    def __len__(self) -> int:
        return len(self._cuts)

    def name(self, index: int) -> str:
        return self._brains[self._cuts[index][0]].person

    def key(self, index: int) -> str:
        """Subject and slice axis, which determine the random draws for number `index`."""
        number, axis = self._cuts[index]
        return f"{self._brains[number].key} axis {axis}"

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """`count` pairs of patches of one new scan, number `index`: "low" (count, 1, p, p, p / t) and "high"
        (count, 1, p, p, p).

        `scan_rng` draws the scan (SNR, noise), `rng` the positions and rotations of the patches.
        """
        brain, axis = self._cuts[index]
        patient = self._patient(brain, axis)
        low, scale = self._scan(brain, patient, self.simulator.draw(scan_rng), scan_rng)
        lows, highs = turned_patches(low, patient.high, patient.starts, count, rng, patch=self.patch)
        return {"low": lows[:, None], "high": highs[:, None].astype(np.float32) * np.float32(scale)}

    def _patient(self, index: int, axis: int) -> Patient:
        key = (index, axis)
        if key not in self._patients:
            self._patients[key] = Patient.of(self._brains[index], axis=axis, factor=self.factor, patch=self.patch)
        return self._patients[key]

    def _thick_slices(
        self, index: int, axis: int, profile: SliceProfile
    ) -> tuple[list[torch.Tensor], np.ndarray, np.ndarray]:
        """Noiseless slices and tissue maps in half precision; on the same grid the brain, and the brain with a rim."""
        key = (index, axis, profile)
        if key not in self._slices:
            brain = self._brains[index].brain
            slices = ThickSlices.of(brain.volume, brain.maps, profile=profile, slice_axis=axis)
            count = slices.clean.shape[-1]
            mask = np.moveaxis(brain.mask, axis, -1)[..., : count * profile.factor]
            inside = Acquisition(profile, count).mask(mask)
            arrays = (slices.clean, slices.csf, slices.gm, slices.wm)
            halves = [torch.from_numpy(np.ascontiguousarray(array, np.float16)) for array in arrays]
            self._slices[key] = halves, inside, rimmed(inside)
        return self._slices[key]

    def _scan(self, index: int, patient: Patient, draw: Draw, rng: np.random.Generator) -> tuple[np.ndarray, float]:
        """A normalised scan (x, y, n), and the factor that turns packed high-field numbers into its truth."""
        halves, inside, seen = self._thick_slices(index, patient.axis, draw.profile)
        slices = bent(ThickSlices(*(half.float().numpy() for half in halves)), draw)  # numpy is three times slower
        low, _, _ = slices.scan(draw.snr, rng=FastNormals(rng), fixed=draw.fixed, noise=draw.noise)
        if draw.bias is not None:
            low *= np.exp(smooth_field(draw.bias, low.shape))
        mean = float(low.mean(where=inside, dtype=np.float64))
        return seen * low / np.float32(mean), patient.brain.scale / (mean if self.simulator.gain == "scanner" else 1.0)


class FastNormals:
    """Draws noise like a generator, but in single precision and five times faster; seeded by `rng`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._generator = torch.Generator().manual_seed(int(rng.integers(2**63)))

    def normal(self, loc: float, scale: float, size: tuple[int, ...]) -> np.ndarray:
        return torch.empty(size).normal_(loc, scale, generator=self._generator).numpy()


@dataclass(frozen=True)
class Turn:
    """An in-plane flip and rotation by multiples of 90 degrees; the slice axis keeps its direction."""

    quarters: int
    flip: bool

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Turn":
        return cls(int(rng.integers(4)), bool(rng.integers(2)))

    def __call__(self, patch: np.ndarray) -> np.ndarray:
        turned = np.rot90(patch, self.quarters)
        return turned[::-1] if self.flip else turned


class Patches(Protocol):
    """A source of patches: simulated scans or given pairs."""

    once: bool
    """Whether a subject's scan is the same in every sample."""

    def __len__(self) -> int: ...

    def name(self, index: int) -> str: ...

    def key(self, index: int) -> str:
        """What the random draws for number `index` depend on; not changed by adding or removing other subjects."""

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """`count` pairs, float32 (count, ...), by the names that the method's `training_loss` uses."""


class PatchBatches(IterableDataset):
    """Batches of steps `first` ... `last` - 1: {"step", "low" (b, 1, ...), "high" (b, 1, ...), "people", "weight"}.

    `people` are those of all processes. `weight` multiplies the mean loss of this process's patches: the mean over all
    processes is then that of the whole batch, although one process may draw one sample more than another.

    Args:
        batch: patches of all processes together. people: subjects per batch, each giving batch / people patches.
        rank, world: this process draws the samples rank, rank + world, ... of each batch.

    Raises:
        InputError: there are more processes than samples, or patches cannot be shared evenly among samples.
    """

    def __init__(
        self,
        sampler: Patches,
        *,
        seed: int,
        first: int,
        last: int,
        batch: int = 32,
        people: int = 8,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        if batch % people:
            raise InputError("batch {batch} is not a multiple of people {people}", batch=batch, people=people)
        if world > people:
            raise InputError(
                "{people} subjects in a batch are too few for {world} processes: choose fewer processes, or set "
                "training.people={world} and a multiple of it as training.batch",
                people=people,
                world=world,
            )
        self.sampler, self.seed, self.first, self.last = sampler, seed, first, last
        self.batch, self.people, self.rank, self.world = batch, people, rank, world
        self._keys = [sampler.key(index) for index in range(len(sampler))]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        worker = get_worker_info()
        offset, stride = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for step in range(self.first + offset, self.last, stride):
            yield self.at(step)

    def at(self, step: int) -> dict[str, Any]:
        """This process's part of the batch of `step`."""
        sampled = self._sampled(step)
        own = sampled[self.rank :: self.world]
        parts = []
        for index, time in own:
            rng = generator(self.seed, step, time, self._keys[index])
            scan_rng = generator(self.seed, "once", self._keys[index]) if self.sampler.once else rng
            parts.append(self.sampler.patches(index, self.batch // self.people, rng, scan_rng))
        tensors = {name: torch.from_numpy(np.concatenate([part[name] for part in parts])) for name in parts[0]}
        people = [self.sampler.name(index) for index, _ in sampled]
        weight = len(own) * self.world / self.people
        return {"step": step, "people": people, "weight": weight, **tensors}

    def _sampled(self, step: int) -> list[tuple[int, int]]:
        """Numbers of the subjects sampled at `step`, each with how often it occurred before in this batch.

        All subjects once in random order, then all again. An added subject changes at most one place in a batch.
        """
        numbers = range(len(self._keys))
        rounds = -(-self.people // len(self._keys))
        order = [
            (index, time)
            for time in range(rounds)
            for index in sorted(numbers, key=lambda n: words(self.seed, step, time, "place", self._keys[n]))
        ]
        return order[: self.people]


def turned_patches(
    low: np.ndarray, high: np.ndarray, starts: np.ndarray, count: int, rng: np.random.Generator, *, patch: int
) -> tuple[np.ndarray, np.ndarray]:
    """`count` pairs of patches at positions drawn from `starts` (m, 3), voxels of `low`; each pair randomly rotated.

    Returns:
        (count, p, p, p / t) and (count, p, p, p) for patch p and factor t.
    """
    factor = high.shape[2] // low.shape[2]
    size, stretch = np.array([patch, patch, patch // factor]), (1, 1, factor)
    pairs = []
    for start in starts[rng.integers(len(starts), size=count)].astype(int):
        turn = Turn.draw(rng)
        pairs.append((turn(window(low, start, size)), turn(window(high, start * stretch, size * stretch))))
    lows, highs = zip(*pairs, strict=True)
    return np.stack(lows), np.stack(highs)


def window(array: np.ndarray, start: np.ndarray, size: np.ndarray) -> np.ndarray:
    """The box of `size` at `start`, zero beyond the edge of `array`."""
    first = np.maximum(start, 0)
    last = np.minimum(start + size, array.shape)
    inside = array[tuple(slice(a, b) for a, b in zip(first, last, strict=True))]
    if inside.shape == tuple(size):
        return inside
    return np.pad(inside, list(zip(first - start, start + size - last, strict=True)))
