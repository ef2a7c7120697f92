"""Scans that no model should be trusted with, made from good ones or drawn: motion, metal, contrasts, other things.

They measure what the gauge (`image.gauge`) is worth. Only its recognition of motion (`models.motion`) learns from them,
from `moved` and `restless`.
"""

import itertools
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from ..image.volume import Volume

POSES = (4, 9)  # of a restless head during one scan, from and below
SHIFT, TURN = 5.0, 5.0  # mm and degrees: standard deviation of each pose
SIZES = 0.4, 1.6  # times these: of other motion
MOMENTS = 64  # between which a head moves
THICK = 1.5  # times the finest spacing: slices that are measured one by one
SEPARATE = 0.7  # of such scans, whose slices begin at other moments of the motion
GHOST = (0.3, 0.5)  # of the signal
METAL = (14.0, 28.0)  # mm, radius of the signal void
PILE_UP = (2.0, 4.0)  # times the brain's bright tissue

Maker = Callable[[Volume, np.ndarray, np.random.Generator], Volume]


def moved(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """The head takes another pose several times between lines of k-space."""
    axis = _phase_axis(volume, rng)
    data, spacing = volume.data, np.array(volume.spacing)
    count = data.shape[axis]
    edges = np.sort(rng.choice(np.arange(1, count), int(rng.integers(*POSES)) - 1, replace=False))
    edges = np.concatenate([[0], edges, [count]])
    frequencies = np.zeros_like(data, dtype=np.complex64)
    for first, last in itertools.pairwise(edges):
        lines = [slice(None)] * 3
        lines[axis] = slice(first, last)
        posed = _posed(data, mask, spacing, rng)
        frequencies[tuple(lines)] = np.fft.fftshift(np.fft.fft(posed, axis=axis), axes=axis)[tuple(lines)]
    return _from_lines(volume, frequencies, axis)


def restless(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """Motion of another make, to learn from: turns, a walk or nodding, in slices that are measured at other times, with
    lines in any of three orders."""
    axis, across = _phase_axis(volume, rng), int(np.argsort(volume.spacing, kind="stable")[2])
    count, slices = volume.shape[axis], volume.shape[across]
    poses = _path(rng)
    apart = slices if volume.spacing[across] > THICK * min(volume.spacing) else 1  # else a volume is one measurement
    starts = rng.uniform(0, 1, apart) if rng.random() < SEPARATE else np.zeros(apart)
    times = (_line_times(count, rng)[:, None] + starts) % 1
    pose_of = np.broadcast_to(poses[(times * len(poses)).astype(int)], (count, slices))
    size = np.exp(rng.uniform(*np.log(SIZES)))
    frequencies = np.zeros((count, slices, volume.data.size // (count * slices)), np.complex64)
    for pose in np.unique(poses):
        posed = _posed(volume.data, mask, np.array(volume.spacing), rng, size)
        lines = np.fft.fftshift(np.fft.fft(posed, axis=axis), axes=axis)
        lines = np.moveaxis(lines, (axis, across), (0, 1)).reshape(frequencies.shape)
        frequencies[pose_of == pose] = lines[pose_of == pose]
    third = ({0, 1, 2} - {axis, across}).pop()
    ordered = np.moveaxis(frequencies.reshape(count, slices, volume.shape[third]), (0, 1), (axis, across))
    return _from_lines(volume, ordered, axis)


def _path(rng: np.random.Generator) -> np.ndarray:
    """Which pose the head has at each of `MOMENTS`: turns, a walk, or nodding between two to four poses."""
    kind = rng.integers(3)
    moments = np.arange(MOMENTS) / MOMENTS
    if kind == 2:
        swing = (1 + np.sin(2 * np.pi * (moments * rng.uniform(1.5, 12) + rng.uniform()))) / 2
        return np.minimum(swing * rng.integers(2, 5), 3.99).astype(int)
    turns = np.sort(rng.uniform(0, 1, int(rng.integers(1, 4) if kind == 0 else rng.integers(4, 8))))
    return np.searchsorted(turns, moments)


def _line_times(count: int, rng: np.random.Generator) -> np.ndarray:
    """When, from 0 to 1, each line of k-space is measured: in order, interleaved, or from the centre outwards."""
    kind, lines = rng.integers(3), np.arange(count)
    if kind == 1:
        step = int(rng.integers(2, 9))
        lines = np.argsort(np.concatenate([np.arange(first, count, step) for first in range(step)]), kind="stable")
    if kind == 2:
        lines = np.argsort(np.argsort(np.abs(lines - count // 2), kind="stable"), kind="stable")
    return lines / count


def ghosted(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """Copies of the head moved by a half or a third of the field of view along the phase direction."""
    axis = _phase_axis(volume, rng)
    count = volume.shape[axis]
    copies = int(rng.integers(2, 4))
    strength = rng.uniform(*GHOST) / (copies - 1)
    data = volume.data.astype(np.complex64)
    for n in range(1, copies):
        turned = np.exp(1j * rng.uniform(0, 2 * np.pi))
        data = data + strength * turned * np.roll(volume.data, n * count // copies, axis)
    return volume.with_data(np.abs(data).astype(np.float32))


def with_metal(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """A signal void with piled-up signal at its rim, centred in the outer brain."""
    spacing = np.array(volume.spacing)
    depth = ndimage.distance_transform_edt(mask, sampling=spacing)
    places = np.argwhere((depth > 5) & (depth < 25))
    centre = places[rng.integers(len(places))]
    grid = np.stack(np.meshgrid(*[np.arange(n) for n in volume.shape], indexing="ij"))
    offset = (grid - centre[:, None, None, None]) * spacing[:, None, None, None]
    stretch = rng.uniform(0.8, 1.25, 3)[:, None, None, None]
    radius = np.sqrt(((offset / stretch) ** 2).sum(axis=0))
    size = rng.uniform(*METAL)
    bright = float(np.percentile(volume.data[mask], 90)) * rng.uniform(*PILE_UP)
    side = rng.standard_normal(3)
    facing = np.tensordot(side / np.linalg.norm(side), offset, axes=1) / np.maximum(radius, 1)
    rim = np.exp(-0.5 * ((radius - size) / 3) ** 2) * np.clip(facing, 0, 1)
    void = 1 / (1 + np.exp(-(radius - size) / 1.5))
    data = volume.data * void + bright * rim * (volume.data > 0.1 * bright / 4)
    return volume.with_data(data.astype(np.float32))


def inverted(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """Dark becomes bright, the air too."""
    top = np.percentile(volume.data, 99.9)
    return volume.with_data(top - np.minimum(volume.data, top))


def two_levels(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """A mask or a threshold instead of an image."""
    return volume.with_data((volume.data > np.percentile(volume.data[mask], rng.uniform(30, 60))).astype(np.float32))


def edges(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """The size of the gradient instead of the image."""
    return volume.with_data(ndimage.gaussian_gradient_magnitude(volume.data, 1.0))


def wrapped(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """Intensities that wrap around, as a phase does."""
    turns = rng.uniform(3, 6)
    return volume.with_data(np.mod(turns * volume.data / np.percentile(volume.data[mask], 95), 1).astype(np.float32))


def harsh(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """A power of the intensities that leaves the brightest voxels only."""
    top = np.percentile(volume.data[mask], 95)
    return volume.with_data((np.maximum(volume.data, 0) / top) ** rng.uniform(5, 8))


def stretched(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """The long flat brain of another species, with a human's volume: the header's voxels are changed."""
    axis = int(np.argmax(np.abs(np.linalg.inv(volume.affine[:3, :3])[:, 1])))
    scale = np.full(3, 1 / np.sqrt(1.6))
    scale[axis] = 1.6
    affine = volume.affine.copy()
    affine[:3, :3] = affine[:3, :3] * scale
    return Volume(volume.data, affine)


def shuffled(volume: Volume, mask: np.ndarray, rng: np.random.Generator) -> Volume:
    """Slices in the wrong order, as from files sorted by name."""
    axis = int(np.argmax(volume.spacing))
    return volume.with_data(np.take(volume.data, rng.permutation(volume.shape[axis]), axis))


SPOILED: dict[str, Maker] = {
    "motion": moved,
    "ghosts": ghosted,
    "metal": with_metal,
    "inverted": inverted,
    "two levels": two_levels,
    "edges": edges,
    "wrapped": wrapped,
    "harsh": harsh,
    "stretched": stretched,
    "shuffled": shuffled,
}


def noise_only(grid: Volume, rng: np.random.Generator) -> Volume:
    """Rician noise."""
    return grid.with_data(np.hypot(*rng.standard_normal((2, *grid.shape))).astype(np.float32))


def sphere(grid: Volume, rng: np.random.Generator) -> Volume:
    """A bottle of water: uniform, with a coil's field and noise."""
    radius = _radii(grid, np.full(3, rng.uniform(65, 85)))
    return noisy(grid, (radius < 1) * (1 + 0.2 * _smooth(grid, 40, rng)), rng)


def cylinder(grid: Volume, rng: np.random.Generator) -> Volume:
    """A test object: a cylinder of water with rods, holes and a wedge."""
    x, y, z = _millimetres(grid)
    data = ((np.hypot(x, y) < 85) & (np.abs(z) < 70)).astype(np.float32)
    for angle in np.arange(0, 2 * np.pi, np.pi / 4):
        data[np.hypot(x - 50 * np.cos(angle), y - 50 * np.sin(angle)) < rng.uniform(4, 12)] *= rng.uniform(0, 0.8)
    data[(np.abs(z) < 8) & (np.abs(x) < 60) & (np.abs(y) < 4)] = 0.2
    return noisy(grid, data, rng)


def texture(grid: Volume, rng: np.random.Generator) -> Volume:
    """Random texture in the shape of a brain: an ellipsoid of 1.3 litres."""
    inside = _radii(grid, np.array([64.0, 80.0, 60.0])) < 1
    return noisy(grid, inside * (1 + 0.35 * _smooth(grid, rng.uniform(3, 10), rng)), rng)


def limb(grid: Volume, rng: np.random.Generator) -> Volume:
    """A leg: fat around muscle around bone with marrow."""
    x, y, _z = _millimetres(grid)
    radius = np.hypot(x, y * rng.uniform(0.9, 1.1)) + 6 * _smooth(grid, 30, rng)
    bone = np.hypot(x - 10, y + 12)
    data = np.select([bone < 10, bone < 15, radius < 55, radius < 68], [0.9, 0.05, 0.45, 1.0], 0.0)
    return noisy(grid, data * (1 + 0.1 * _smooth(grid, 4, rng)), rng)


def trunk(grid: Volume, rng: np.random.Generator) -> Volume:
    """An abdomen: fat, liver, kidneys, spine, bowel with air."""
    x, y, z = _millimetres(grid)
    body = np.hypot(x / 95, y / 70)
    data = np.select([body < 0.8, body < 1], [0.4 + 0.15 * _smooth(grid, 12, rng), 1.0], 0.0)
    data[np.hypot(np.hypot(x - 40, y - 5) / 42, z / 60) < 1] = 0.6
    for side in (-1, 1):
        data[np.hypot(np.hypot((x - side * 45) / 18, (y + 30) / 18), z / 40) < 1] = 0.75
    data[np.hypot(x, y + 42) < 16] = 0.3
    data[(_smooth(grid, 10, rng) > 1.2) & (body < 0.7)] = 0.0
    return noisy(grid, data, rng)


DRAWN: dict[str, Callable[[Volume, np.random.Generator], Volume]] = {
    "noise": noise_only,
    "sphere": sphere,
    "cylinder": cylinder,
    "texture": texture,
    "limb": limb,
    "trunk": trunk,
}


def _phase_axis(volume: Volume, rng: np.random.Generator) -> int:
    """One of the two axes in plane."""
    return int(np.argsort(volume.spacing, kind="stable")[rng.integers(2)])


def _from_lines(volume: Volume, frequencies: np.ndarray, axis: int) -> Volume:
    """The image whose Fourier transform along `axis` is `frequencies`, its centre in the middle."""
    image = np.fft.ifft(np.fft.ifftshift(frequencies, axes=axis), axis=axis)
    return volume.with_data(np.abs(image).astype(np.float32))


def _posed(
    data: np.ndarray, mask: np.ndarray, spacing: np.ndarray, rng: np.random.Generator, size: float = 1.0
) -> np.ndarray:
    """`data` turned about the brain's centre and shifted at random, by `size` times as much as usual."""
    angles = size * np.radians(TURN) * rng.standard_normal(3)
    cross = np.array([[0, -angles[2], angles[1]], [angles[2], 0, -angles[0]], [-angles[1], angles[0], 0]])
    turn = np.linalg.qr(np.eye(3) + cross)[0]
    turn *= np.sign(np.diag(turn))
    matrix = np.diag(1 / spacing) @ turn @ np.diag(spacing)
    centre = np.array(ndimage.center_of_mass(mask))
    offset = centre - matrix @ centre + size * SHIFT * rng.standard_normal(3) / spacing
    return ndimage.affine_transform(data, matrix, offset, order=1, mode="constant")


def _millimetres(grid: Volume) -> list[np.ndarray]:
    """Distance from the grid's centre along each voxel axis."""
    lines = [(np.arange(n) - (n - 1) / 2) * step for n, step in zip(grid.shape, grid.spacing, strict=True)]
    return list(np.meshgrid(*lines, indexing="ij"))


def _radii(grid: Volume, axes: np.ndarray) -> np.ndarray:
    return np.sqrt(sum((line / axis) ** 2 for line, axis in zip(_millimetres(grid), axes, strict=True)))


def _smooth(grid: Volume, length: float, rng: np.random.Generator) -> np.ndarray:
    """A random field of standard deviation 1 that varies over `length` mm."""
    field = ndimage.gaussian_filter(rng.standard_normal(grid.shape), length / np.array(grid.spacing))
    return field / field.std()


def noisy(grid: Volume, data: np.ndarray, rng: np.random.Generator, sigma: float = 0.04) -> Volume:
    """`data` on `grid` with Rician noise."""
    real, imaginary = sigma * rng.standard_normal((2, *grid.shape))
    return grid.with_data(np.hypot(np.maximum(data, 0) + real, imaginary).astype(np.float32))
