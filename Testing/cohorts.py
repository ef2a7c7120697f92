"""Small people for the tests of training: brains of random blobs with their tissue labels, in memory and as files."""

from pathlib import Path

import numpy as np
from IQTLib.data.packed import PackedBrain
from IQTLib.data.subjects import Brain
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume, write
from surrogate import blobs

SHAPE = (44, 40, 48)
INTENSITIES = (0, 0.5, 0.9, 1.3)  # none, CSF, GM, WM of `surrogate.blobs`


def tissues(volume: Volume) -> np.ndarray:
    """Labels 0 none, 1 CSF, 2 GM, 3 WM: the nearest of the blobs' intensities."""
    return np.abs(volume.data[..., None] / 100 - np.array(INTENSITIES, np.float32)).argmin(-1).astype(np.uint8)


def person(seed: int, shape: tuple[int, int, int] = SHAPE) -> Volume:
    """Intensities around 100 on 1 mm voxels, 0 outside the brain."""
    return Volume(100 * blobs(shape, seed), np.diag([-1.0, 1.0, 1.0, 1.0]))


def brain(seed: int, shape: tuple[int, int, int] = SHAPE) -> Brain:
    volume = person(seed, shape)
    labels = tissues(volume)
    return Brain(f"p{seed}", volume, TissueMaps.from_labels(labels), labels > 0)


def packed(seed: int, shape: tuple[int, int, int] = SHAPE) -> PackedBrain:
    """A person packed as it is: the bias field of random blobs is their anatomy."""
    source = brain(seed, shape)
    scale = float(source.volume.data.max()) / 65535
    parts = (source.maps.csf, source.maps.gm, source.maps.wm, source.mask)
    maps = np.stack([np.floor(255 * np.asarray(part, np.float32)).astype(np.uint8) for part in parts])
    high = np.round(source.volume.data / scale).astype(np.uint16)
    mean = float((high * scale)[source.mask].mean())
    return PackedBrain(source.person, source.volume.affine, scale / mean, high, maps)


def written(folder: Path, count: int, shape: tuple[int, int, int] = SHAPE) -> Path:
    """`count` people sub-p0, sub-p1, ... with labels and masks in `folder`."""
    for seed in range(count):
        volume = person(seed, shape)
        labels = tissues(volume)
        write(volume, folder / f"sub-p{seed}_T1w.nii.gz")
        write(volume.with_data(labels), folder / f"sub-p{seed}_dseg.nii.gz")
        write(volume.with_data(labels > 0), folder / f"sub-p{seed}_desc-brain_mask.nii.gz")
    return folder
