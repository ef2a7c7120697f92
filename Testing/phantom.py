"""A head-sized brain of which everything is known: nested ellipsoids of white in grey matter in cerebrospinal fluid."""

import numpy as np
from IQTLib.image.volume import Volume
from scipy.ndimage import zoom

CSF, GM, WM = 30.0, 70.0, 100.0
SHAPE, SPACING = (72, 84, 68), 2.0


def rng() -> np.random.Generator:
    return np.random.default_rng(20)


def labels() -> np.ndarray:
    """0 none, 1 CSF, 2 GM, 3 WM; half axes 58, 70 and 54 mm: 4/3 pi abc = 0.918 L."""
    i, j, k = (np.arange(n) - n // 2 for n in SHAPE)
    radius = np.sqrt((i[:, None, None] / 29) ** 2 + (j[:, None] / 35) ** 2 + (k / 27) ** 2)
    return np.select([radius < 0.65, radius < 0.85, radius < 1], [3, 2, 1], 0)


def phantom() -> Volume:
    values = np.array([0, CSF, GM, WM], np.float32)[labels()]
    return Volume(values, np.diag([-SPACING, SPACING, SPACING, 1]))


def head_of_average_shape() -> tuple[Volume, np.ndarray]:
    """A noisy head with a brain of 1.4 L that has the shape of an average one, and the brain's mask."""
    from IQTLib.image.brain_shape import _average

    brain = np.pad(zoom(_average(), 3, order=1, grid_mode=True, mode="nearest"), 8) > 0.5
    voxel = float(np.cbrt(1.4e6 / brain.sum()))
    head = np.where(brain, 100, 40) + rng().normal(0, 5, brain.shape)
    return Volume(head.astype(np.float32), np.diag([voxel, voxel, voxel, 1])), brain


def noisy(volume: Volume, sigma: float, *, rician: bool = False) -> Volume:
    draw = rng()
    real = volume.data + draw.normal(0, sigma, volume.shape)
    return volume.with_data(np.hypot(real, draw.normal(0, sigma, volume.shape)) if rician else real)


def world(volume: Volume) -> np.ndarray:
    """Position of every voxel in mm, shape (i, j, k, 3)."""
    index = np.stack(np.meshgrid(*map(np.arange, volume.shape), indexing="ij"), axis=-1)
    return index @ volume.affine[:3, :3].T + volume.affine[:3, 3]
