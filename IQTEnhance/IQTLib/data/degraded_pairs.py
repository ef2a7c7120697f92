"""Training pairs of the restoration network: a high-field brain at 1 mm and a plausible degraded scan of it.

Every pair is a new draw. Lesions and the coil's bias field apply to both; resolution, noise and processing by scanners
and archives apply to the input only. So does the contrast of low field where the truth keeps that of high field; in all
other pairs scan and truth share one contrast, of any kind. The scan is then resampled to 1 mm, as in the pipeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation

from ..errors import InputError
from ..image.axis import interpolation_matrix
from ..physics.fine_scan import FineScan
from ..physics.sampling import Profile, Sampling, apply_along, sampling_matrix
from .drawn_anatomy import blobs, curve, low_field
from .packed import PackedBrain

MARGIN = 20  # voxels around a patch that its degradation may use
NODES = 4  # of a random bias field, per axis
BIAS = 0.15  # largest standard deviation of its logarithm
PURE = 230  # of 255: a voxel of one tissue
TRANSFERRED = 0.65  # share of the pairs of T1w brains whose truth has high-field contrast


@dataclass(frozen=True, eq=False)
class FineBrain:
    """A high-field volume on a 1 mm grid without its bias field.

    Args:
        data: float32 or float16 (x, y, z), with or without skull. mask: the brain, boolean. tissues: mean intensities
            of CSF, GM, WM (T1w), or three anchors from dark to bright for other contrasts. width: full width at half
            maximum of the volume's own point spread along each axis, mm. key: tells scans apart where random numbers
            are drawn. maps: CSF, GM and WM of a T1w brain, uint8 (3, x, y, z) of 255; None for other contrasts, whose
            pairs all keep the contrast of the scan.
    """

    person: str
    data: np.ndarray
    mask: np.ndarray
    tissues: tuple[float, float, float]
    width: tuple[float, float, float]
    key: str = ""
    maps: np.ndarray | None = None

    @classmethod
    def of(cls, packed: PackedBrain) -> "FineBrain":
        """A packed T1w brain on 1 mm voxels, taken to resolve its own; white matter becomes 1.

        Raises:
            InputError: a tissue has no voxel that is nothing else.
        """
        spacing = np.linalg.norm(packed.affine[:3, :3], axis=0)
        data = packed.high.astype(np.float32) * np.float32(packed.scale)
        tissues = []
        for number, name in enumerate(("CSF", "grey matter", "white matter")):
            pure = packed.maps[number] > PURE
            if not pure.any():
                raise InputError(f"{packed.person}: no voxel is {name} alone: check the tissue labels")
            tissues.append(float(np.median(data[pure])))
        where = [np.arange(0, n - 1 + 1e-6, 1 / s) for n, s in zip(data.shape, spacing, strict=True)]
        own = np.maximum(1 / spacing, 1)
        sampled = [sampling_matrix(n, c, w, own_width=1.0) for n, c, w in zip(data.shape, where, own, strict=True)]
        linear = [interpolation_matrix(n, c, "linear") for n, c in zip(data.shape, where, strict=True)]
        csf, gm, wm = (mean / tissues[2] for mean in tissues)
        fine = apply_along(data / np.float32(tissues[2]), tuple(sampled))
        maps = [apply_along(one.astype(np.float32), tuple(linear)) for one in packed.maps]
        inside, tissues_of = maps[3] > 0.5, np.round(maps[:3]).astype(np.uint8)
        x, y, z = np.maximum(spacing, 1.0)
        return cls(packed.person, np.maximum(fine, 0), inside, (csf, gm, wm), (x, y, z), packed.key, tissues_of)


@dataclass(frozen=True)
class Scanning:
    """How one scan is made: voxel spacing and width (mm) per axis, phase (voxels), noise (share of bright tissue)."""

    spacing: tuple[float, float, float]
    width: tuple[float, float, float]
    phase: tuple[float, float, float]
    noise: float
    box: bool = False
    slice_gain: float = 0.0
    zeroed: bool = False
    steps: int = 0
    resampled: bool = False

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Scanning":
        """Spacings ascend from the first axis to the last, the order that the pipeline uses."""
        kind = rng.choice(3, p=(0.6, 0.25, 0.15))
        if kind == 0:
            plane = rng.uniform(0.7, 2.0)
            spacing = [plane, plane * rng.choice([1.0, rng.uniform(1, 1.3)]), rng.uniform(2.5, 8.0)]
        elif kind == 1:
            spacing = [rng.uniform(1.5, 3.5)] * 3
        else:
            spacing = [rng.uniform(0.9, 1.2)] * 3
        ratio = rng.uniform(0.75, 1.3) if rng.random() < 0.7 else rng.uniform(0.65, 1.3, 3)
        width = np.sort(np.array(spacing) * ratio)
        noise = float(np.exp(-rng.uniform(np.log(5), np.log(100))))
        if kind == 2:  # a fine scan without noise teaches nothing
            noise = float(np.exp(-rng.uniform(np.log(5), np.log(40))))
        x, y, z = sorted(float(s) for s in spacing)
        wide_x, wide_y, wide_z = (float(w) for w in width)
        return cls(
            spacing=(x, y, z),
            width=(wide_x, wide_y, wide_z),
            phase=tuple(rng.uniform(0, 1, 3)),
            noise=noise,
            box=bool(rng.random() < 0.3),
            slice_gain=0.04 * rng.random() * bool(rng.random() < 0.3),
            zeroed=bool(rng.random() < 0.5),
            steps=int(rng.choice([0, 255])) if rng.random() < 0.4 else 0,
            resampled=bool(rng.random() < 0.3),
        )


@dataclass(frozen=True, eq=False)
class Acquired:
    """A scan of a cube of fine voxels: its voxels, the position of the first fine voxel on its grid, the edge of a
    fine voxel in its voxels, and how many neighbouring voxels share the noise.
    """

    data: np.ndarray
    mask: np.ndarray
    start: np.ndarray
    step: np.ndarray
    noise: float
    shared: float = 1.0


def scan_of(
    fine: np.ndarray, mask: np.ndarray, own: tuple[float, ...], how: Scanning, rng: np.random.Generator
) -> Acquired:
    """The scan of a cube `fine` of 1 mm voxels with resolution `own` (mm) along each axis and brain `mask`."""
    centres = [np.arange(p * s, n - 1 + 1e-6, s) for p, s, n in zip(how.phase, how.spacing, fine.shape, strict=True)]
    profile: list[Profile] = ["box" if how.box and axis == 2 else "gaussian" for axis in range(3)]
    sampling = Sampling(
        tuple(
            sampling_matrix(n, c, w, own_width=o, profile=p)
            for n, c, w, o, p in zip(fine.shape, centres, how.width, own, profile, strict=True)
        )
    )
    low = sampling.forward(fine)
    if how.slice_gain:
        low *= 1 + how.slice_gain * rng.standard_normal(low.shape[2:]).astype(np.float32)
    if how.noise:
        real, imaginary = (how.noise * rng.standard_normal((2, *low.shape), np.float32)).astype(np.float32)
        low = np.sqrt((low + real) ** 2 + imaginary**2)
    inside = sampling.forward(mask.astype(np.float32)) > 0.5
    if how.zeroed:
        low = np.where(binary_dilation(inside), low, 0)
    if how.steps:
        low = np.round(low * how.steps / 1.3) * np.float32(1.3 / how.steps)
    spacing = np.array(how.spacing)
    scan = Acquired(low.astype(np.float32), inside, -np.array(how.phase), 1 / spacing, how.noise)
    return _resampled(scan, fine.shape, rng) if how.resampled else scan


def _resampled(scan: Acquired, shape: tuple[int, ...], rng: np.random.Generator) -> Acquired:
    """A scan that was resampled to about 1 mm, linearly or cubically, with random phase."""
    kind = "linear" if rng.random() < 0.5 else "cubic"
    start, edge = rng.uniform(0, 1, 3), float(rng.choice([1.0, rng.uniform(0.8, 1.1)]))
    where = [np.arange(a, n - 1 + 1e-6, edge) for a, n in zip(start, shape, strict=True)]
    on_scan = [s + d * w for s, d, w in zip(scan.start, scan.step, where, strict=True)]
    matrices = [interpolation_matrix(n, x, kind) for n, x in zip(scan.data.shape, on_scan, strict=True)]
    linear = [interpolation_matrix(n, x, "linear") for n, x in zip(scan.data.shape, on_scan, strict=True)]
    less = float(np.prod([np.sqrt((m**2).sum(1).mean()) for m in matrices]))
    shared = float(np.prod(1 / (edge * scan.step))) / less**2  # noise at low frequencies is unchanged
    return Acquired(
        apply_along(scan.data, tuple(matrices)),
        apply_along(scan.mask.astype(np.float32), tuple(linear)) > 0.5,
        -start / edge,
        np.full(3, 1 / edge),
        scan.noise * less,
        max(shared, 1.0),
    )


def _smooth(nodes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    spread = [interpolation_matrix(NODES, np.linspace(0, NODES - 1, n)) for n in shape]
    return apply_along(nodes.astype(np.float32), tuple(spread))


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
        data, mask = (
            _turned(_cut(array, centre - edge // 2, edge), order, flips) for array in (brain.data, brain.mask)
        )
        own = tuple(brain.width[axis] for axis in order)
        data = data.astype(np.float32)
        shares = brain.maps if brain.maps is not None and rng.random() < TRANSFERRED else None
        fine = data if shares is not None else np.interp(data, *curve(brain.tissues, rng)).astype(np.float32)
        if rng.random() < 0.6:
            white = mask & (data > 0.5 * (brain.tissues[1] + brain.tissues[2]))
            fine = np.maximum(fine + blobs(fine.shape, white, int(rng.integers(1, 12)), rng), 0)
        # The bias field is in both: it is unrelated to resolution, and patches cannot distinguish it from anatomy.
        fine = fine * np.exp(_smooth(BIAS * rng.random() * rng.standard_normal((NODES,) * 3), fine.shape))
        acquired = fine
        if shares is not None:
            maps = np.stack([_turned(_cut(one, centre - edge // 2, edge), order, flips) for one in shares])
            acquired = low_field(fine, maps, brain.tissues, rng)
        scan = scan_of(acquired, mask, own, how := Scanning.draw(rng), rng)
        scale = (float(acquired[mask].mean()) if mask.any() else 0.7) * np.exp(0.1 * rng.standard_normal())
        told = None if rng.random() < 0.15 else scan.noise * np.exp(0.15 * rng.standard_normal())
        seen = FineScan.of(
            scan.data,
            scan.mask,
            step=scan.step,
            width=np.maximum(_found(how, rng), own),
            noise=told,
            shared=scan.shared * np.exp(0.2 * rng.standard_normal()) if scan.shared > 1 else 1.0,
            scale=max(scale, 0.1),
            start=scan.start,
            shape=fine.shape,
            transfer=shares is not None,
        )
        inner = (slice(MARGIN, MARGIN + patch),) * 3
        inside = binary_dilation(mask, iterations=2) if mask.any() else mask
        return {
            "scan": np.stack([seen.data[inner], seen.linear[inner]]),
            "truth": (fine[inner] / seen.scale)[None].astype(np.float32),
            "inside": inside[inner][None].astype(np.float32),
            "known": seen.known,
        }


def _found(how: Scanning, rng: np.random.Generator) -> np.ndarray:
    """The width along each axis that a user or `measure_resolution` would give: the truth, or the spacing of voxels."""
    if rng.random() < 0.5:
        return np.array(how.width) * np.exp(0.07 * rng.standard_normal(3))
    return np.array(how.spacing) * np.exp((0.1 if how.resampled else 0.0) * rng.standard_normal(3))


def _cut(array: np.ndarray, start: np.ndarray, edge: int) -> np.ndarray:
    """The cube of `edge` at `start`, zero-padded outside `array`."""
    first, last = np.maximum(start, 0), np.minimum(start + edge, array.shape)
    inside = array[tuple(slice(a, b) for a, b in zip(first, last, strict=True))]
    return np.pad(inside, list(zip(first - start, start + edge - last, strict=True)))


def _turned(array: np.ndarray, order: np.ndarray, flips: np.ndarray) -> np.ndarray:
    return array.transpose(order)[tuple(slice(None, None, int(step)) for step in flips)]
