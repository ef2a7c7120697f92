"""Patches for training deep networks: every visit to a person is a new simulated scan of them.

A batch is decided by (seed, step) alone, so a run that was stopped at any step goes on with the very same batches, and
several processes that share the steps see together what one would see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d
from torch.utils.data import IterableDataset, get_worker_info

from ..data.packed import PackedBrain
from ..data.training_pairs import Gain
from ..errors import InputError
from ..image.axis import interpolation_matrix
from ..image.patches import positions
from ..physics.acquisition import Acquisition, SliceProfile
from ..physics.simulation import Noise, SNRPreset, ThickSlices, Tissue

FOREGROUND = 0.2  # share of a patch's voxels above the volume's mean: the papers' rule against background
FIELD_NODES = 4  # of a random bias field, per axis


@dataclass(frozen=True)
class Variation:
    """Domain randomisation: how far simulated scans stray from the preset (ALGORITHMS 9.1, item 3; SynthSR 2021).

    Args:
        snr: range of SNR_WM, log-uniform. ratio: range of SNR_WM / SNR_GM, uniform.
        profiles: slice thickness and gap in high-field voxels, one of them per visit; all of one factor.
        bias: standard deviation of the logarithm of a smooth bias field (what N4 leaves over).
        gamma: standard deviation of the logarithm of the exponent that bends the intensities.
        blur: largest in-plane blur, standard deviation in voxels.
    """

    snr: tuple[float, float] = (5.0, 110.0)
    ratio: tuple[float, float] = (0.7, 1.6)
    profiles: tuple[tuple[int, int], ...] = ((4, 0), (3, 1), (2, 2))
    bias: float = 0.1
    gamma: float = 0.15
    blur: float = 0.6

    def __post_init__(self) -> None:
        for name in ("snr", "ratio"):
            low, high = getattr(self, name)
            if not 0 < low <= high:
                raise InputError(f"variation.{name} {low} to {high}: it must be positive and not end before it begins")
        for name in ("bias", "gamma", "blur"):
            if not 0 <= getattr(self, name) < 10:
                raise InputError(f"variation.{name} {getattr(self, name)}: choose 0 to 10")
        if not self.profiles:
            raise InputError("variation.profiles is empty: name at least one thickness and gap")


@dataclass(frozen=True)
class Draw:
    """The parameters of one visit."""

    profile: SliceProfile
    snr: tuple[float, float]
    fixed: Tissue
    noise: Noise
    bias: np.ndarray | None = None
    gamma: float = 1.0
    blur: float = 0.0


@dataclass(frozen=True)
class Simulator:
    """Draws visits: from an SNR preset, or, where a `variation` is given, from its wide box.

    Args:
        once: one draw of SNR and noise per person and slice axis, as in the paper, instead of a fresh one per visit.
        gain: what the truth is divided by. "scanner": what the scan is divided by, so the estimate keeps the units that
            the simulator gives both; "free": its own mean, so the scanner's arbitrary gain is nothing to learn.
    """

    preset: SNRPreset
    profile: SliceProfile
    noise: Noise = "gaussian"
    variation: Variation | None = None
    once: bool = False
    gain: Gain = "scanner"

    def draw(self, rng: np.random.Generator) -> Draw:
        variation = self.variation
        if variation is None:
            wm, gm = self.preset.draw(1, rng)[0]
            return Draw(self.profile, (float(wm), float(gm)), self.preset.fixed, self.noise)
        wm = float(np.exp(rng.uniform(*np.log(variation.snr))))
        return Draw(
            profile=SliceProfile(*variation.profiles[rng.integers(len(variation.profiles))]),
            snr=(wm, wm / rng.uniform(*variation.ratio)),
            fixed=("WM", "GM")[rng.integers(2)],
            noise=self.noise,
            bias=variation.bias * rng.standard_normal((FIELD_NODES,) * 3),
            gamma=float(np.exp(variation.gamma * rng.standard_normal())),
            blur=float(rng.uniform(0, variation.blur)),
        )


@dataclass(frozen=True, eq=False)
class Patient:
    """A packed brain with its slices last, and where its patches may lie.

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
            raise InputError(f"{brain.person}: a brain of {size} voxels is smaller than a patch of {patch}")
        padded = np.pad(high > high.mean(), patch // 2)
        starts = positions(padded, patch, patch // 4, share=FOREGROUND)
        starts = (starts - patch // 2)[starts[:, 2] % factor == 0]
        return cls(brain, axis, factor, high, (starts // (1, 1, factor)).astype(np.int16))


class Visits:
    """Simulated scans of patients; what is costly is kept: thick slices in half precision, per slice profile.

    Args:
        slice_axes: axes that everybody's slices may lie across. own_axes: other ones, by person.

    Number n is one person cut along one axis, so whoever may be cut along more axes is visited more often.
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
            raise InputError(f"patch {patch}: choose at least 16, a multiple of the factor {self.factor}")
        self._brains = brains
        self._cuts = [(n, axis) for n, brain in enumerate(brains) for axis in own_axes.get(brain.person, slice_axes)]
        self._patients: dict[tuple[int, int], Patient] = {}
        self._slices: dict[tuple[int, int, SliceProfile], tuple[list[torch.Tensor], np.ndarray]] = {}

    def __len__(self) -> int:
        return len(self._cuts)

    def name(self, index: int) -> str:
        return self._brains[self._cuts[index][0]].person

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """`count` pairs of patches of one new scan, number `index`: (count, p, p, p / t), (count, p, p, p).

        `scan_rng` decides the scan (SNR, noise), `rng` the places and the turns of the patches.
        """
        brain, axis = self._cuts[index]
        patient = self._patient(brain, axis)
        low, scale = self._scan(brain, patient, self.simulator.draw(scan_rng), scan_rng)
        lows, highs = turned_patches(low, patient.high, patient.starts, count, rng, patch=self.patch)
        return lows, highs.astype(np.float32) * np.float32(scale)

    def _patient(self, index: int, axis: int) -> Patient:
        key = (index, axis)
        if key not in self._patients:
            self._patients[key] = Patient.of(self._brains[index], axis=axis, factor=self.factor, patch=self.patch)
        return self._patients[key]

    def _thick_slices(self, index: int, axis: int, profile: SliceProfile) -> tuple[list[torch.Tensor], np.ndarray]:
        """Clean slices and tissue maps in half precision, and the brain mask on the same grid."""
        key = (index, axis, profile)
        if key not in self._slices:
            brain = self._brains[index].brain
            slices = ThickSlices.of(brain.volume, brain.maps, profile=profile, slice_axis=axis)
            count = slices.clean.shape[-1]
            mask = np.moveaxis(brain.mask, axis, -1)[..., : count * profile.factor]
            inside = Acquisition(profile, count).mask(mask)
            arrays = (slices.clean, slices.csf, slices.gm, slices.wm)
            halves = [torch.from_numpy(np.ascontiguousarray(array, np.float16)) for array in arrays]
            self._slices[key] = halves, inside
        return self._slices[key]

    def _scan(self, index: int, patient: Patient, draw: Draw, rng: np.random.Generator) -> tuple[np.ndarray, float]:
        """A normalised scan (x, y, n), and what packed high-field numbers are multiplied by to be its truth."""
        halves, inside = self._thick_slices(index, patient.axis, draw.profile)
        slices = _bent(ThickSlices(*(half.float().numpy() for half in halves)), draw)  # numpy takes three times as long
        low, _, _ = slices.scan(draw.snr, rng=FastNormals(rng), fixed=draw.fixed, noise=draw.noise)
        if draw.bias is not None:
            low *= np.exp(smooth_field(draw.bias, low.shape))
        mean = float(low.mean(where=inside, dtype=np.float64))
        return low / np.float32(mean), patient.brain.scale / (mean if self.simulator.gain == "scanner" else 1.0)


class FastNormals:
    """In place of a generator where noise is drawn: single precision, five times as fast; `rng` seeds it."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._generator = torch.Generator().manual_seed(int(rng.integers(2**63)))

    def normal(self, loc: float, scale: float, size: tuple[int, ...]) -> np.ndarray:
        return torch.empty(size).normal_(loc, scale, generator=self._generator).numpy()


@dataclass(frozen=True)
class Turn:
    """A rotation by quarters and a flip in plane; never along the slice axis, whose geometry has a direction."""

    quarters: int
    flip: bool

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Turn":
        return cls(int(rng.integers(4)), bool(rng.integers(2)))

    def __call__(self, patch: np.ndarray) -> np.ndarray:
        turned = np.rot90(patch, self.quarters)
        return turned[::-1] if self.flip else turned


class Patches(Protocol):
    """Where patches come from: simulated visits, or pairs that are given."""

    once: bool
    """Whether a person's scan is the same at every visit."""

    def __len__(self) -> int: ...

    def name(self, index: int) -> str: ...

    def patches(
        self, index: int, count: int, rng: np.random.Generator, scan_rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]: ...


class PatchBatches(IterableDataset):
    """Batches of steps `first` ... `last` - 1: {"step", "low" (b, 1, ...), "high" (b, 1, ...), "people"}.

    Args:
        batch: patches of all processes together. people: visits per batch, each giving batch / people patches.
        rank, world: this process makes the visits rank, rank + world, ... of each batch.
    """

    def __init__(
        self,
        visits: Patches,
        *,
        seed: int,
        first: int,
        last: int,
        batch: int = 32,
        people: int = 8,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        if people % world or batch % people:
            raise InputError(f"batch {batch} of {people} people cannot be shared among {world} processes evenly")
        self.visits, self.seed, self.first, self.last = visits, seed, first, last
        self.batch, self.people, self.rank, self.world = batch, people, rank, world

    def __iter__(self) -> Iterator[dict]:
        worker = get_worker_info()
        offset, stride = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for step in range(self.first + offset, self.last, stride):
            yield self.at(step)

    def at(self, step: int) -> dict:
        """The share of this process in the batch of `step`."""
        count = len(self.visits)
        chosen = np.random.default_rng([self.seed, step]).permutation(max(count, self.people))[: self.people] % count
        lows, highs = [], []
        for place in range(self.rank, self.people, self.world):
            person = int(chosen[place])
            rng = np.random.default_rng([self.seed, step, place])
            scan_rng = np.random.default_rng([self.seed, person]) if self.visits.once else rng
            low, high = self.visits.patches(person, self.batch // self.people, rng, scan_rng)
            lows.append(low)
            highs.append(high)
        low, high = (torch.from_numpy(np.concatenate(parts)[:, None]) for parts in (lows, highs))
        people = [self.visits.name(int(person)) for person in chosen[self.rank :: self.world]]
        return {"step": step, "low": low, "high": high, "people": people}


def turned_patches(
    low: np.ndarray, high: np.ndarray, starts: np.ndarray, count: int, rng: np.random.Generator, *, patch: int
) -> tuple[np.ndarray, np.ndarray]:
    """`count` pairs of patches at places drawn from `starts` (m, 3), voxels of `low`; each pair randomly turned.

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
    """The box of `size` at `start`, zero where it reaches beyond `array`."""
    first = np.maximum(start, 0)
    last = np.minimum(start + size, array.shape)
    inside = array[tuple(slice(a, b) for a, b in zip(first, last, strict=True))]
    if inside.shape == tuple(size):
        return inside
    return np.pad(inside, list(zip(first - start, start + size - last, strict=True)))


def smooth_field(nodes: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """A smooth float32 field of `shape` through `nodes`, a small array spread over it."""
    field = nodes
    for axis, count in enumerate(shape):
        weights = interpolation_matrix(nodes.shape[axis], np.linspace(0, nodes.shape[axis] - 1, count))
        field = np.moveaxis(np.tensordot(weights, field, axes=(1, axis)), 0, axis)
    return field.astype(np.float32)


def _bent(slices: ThickSlices, draw: Draw) -> ThickSlices:
    """`slices` with intensities raised to gamma and blurred in plane."""
    if draw.gamma != 1:
        slices = replace(slices, clean=np.maximum(slices.clean, 0) ** np.float32(draw.gamma))
    if draw.blur < 0.2:  # less does not reach the next voxel
        return slices
    arrays = [slices.clean, slices.csf, slices.gm, slices.wm]
    for axis in (0, 1):
        arrays = [gaussian_filter1d(array, draw.blur, axis=axis, truncate=3) for array in arrays]
    return ThickSlices(*arrays)
