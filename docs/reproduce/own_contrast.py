"""Scans that keep their contrast, as T2w and FLAIR do: five simulated kinds of each volume, restored by several models.

    python docs/reproduce/own_contrast.py MODELS VOLUME:AXIS ...     VOLUME a sharp T2w or FLAIR file, AXIS i, j or k

Prints NRMSE and SSIM over those of cubic interpolation, after smooth fields and the best affine map of intensities,
and the share of the brain that the 90 % interval holds. The contrast is taken from the file's name. The models get the
brain mask, but neither resolution nor noise. The seed is fixed.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from IQTLib.data.subjects import Brain, isotropic
from IQTLib.evaluation.anyscan import KINDS, matched, scan
from IQTLib.evaluation.intervals import Needed
from IQTLib.image.brain import find_brain
from IQTLib.image.grid import on_grid
from IQTLib.image.metrics import evaluate
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume, read
from IQTLib.models.store import load
from IQTLib.pipeline import enhance

SEED = 11


def brain_of(path: Path) -> tuple[Volume, np.ndarray]:
    """The brain of a volume, cropped and with cubic voxels, and its mask."""
    volume = read(path)
    mask = find_brain(volume).mask
    nothing = np.zeros(volume.shape, np.float32)
    brain = isotropic(
        Brain(path.name, volume.with_data(np.where(mask, volume.data, 0)), TissueMaps(nothing, nothing, nothing), mask)
    )
    return replace(brain.volume, modality=volume.modality), brain.mask


def lines_of(path: Path, slice_axis: int, models: list[str]) -> Iterator[str]:
    """A line for each kind and model."""
    truth, mask = brain_of(path)
    for number, (name, kind) in enumerate(KINDS.items()):
        low = scan(truth, None, mask, kind, slice_axis=slice_axis, rng=np.random.default_rng([SEED, number]))
        given = replace(low.volume, modality=truth.modality)

        def scores(result: Volume) -> tuple[float, float]:
            near = matched(on_grid(result, truth), truth.data, mask, truth.spacing)
            found = evaluate(np.where(mask, truth.data, 0), np.where(mask, near, 0), mask)
            return found.nrmse_mean, found.ssim

        error, alike = scores(given)
        for model in models:
            opened = load(model)
            found = enhance(given, mask=low.mask, model=opened, uncertainty=opened.card.intervals is not None)
            new_error, new_alike = scores(found.volume)
            told = f"nrmse {new_error / error:.3f}  ssim {new_alike / alike:.3f}"
            if found.interval is not None:
                needed = Needed.of(found.volume, found.interval, low.sharp, mask)
                told += f"  held {needed.coverage():.3f}  {found.interval.group}"
            yield f"{path.name}  {name:13s} {model:10s} {told}"


if __name__ == "__main__":
    for entry in sys.argv[2:]:
        file, _, axis = entry.rpartition(":")
        for line in lines_of(Path(file), "ijk".index(axis), sys.argv[1].split(",")):
            print(line, flush=True)
