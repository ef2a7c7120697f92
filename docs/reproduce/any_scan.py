"""Five kinds of simulated scans of a subject, restored by several models: NRMSE, SSIM and Dice beside cubic's.

    python docs/reproduce/any_scan.py SCANS SUBJECTS MODELS     SUBJECTS as head05:k,uih01:i with their slice axes

SCANS is a BIDS folder with brain masks (`desc-brain_mask`) and tissue labels (`dseg`). The models are not given
what is unknown for a user's scan (resolution, noise, contrast). The seed is fixed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from IQTLib.data.subjects import Brain, find_scans, isotropic, load_brain
from IQTLib.evaluation.anyscan import KINDS, AnyScan, figures, over_baseline, scan
from IQTLib.image.grid import on_grid
from IQTLib.pipeline import enhance

SEED = 11


def simulated(folder: Path, person: str, slice_axis: int, *, seed: int) -> Iterator[tuple[str, AnyScan, Brain]]:
    """A scan of each kind of a subject, with its high-field brain."""
    [found] = [one for one in find_scans(folder) if one.person == person]
    brain = isotropic(load_brain(found, rng=np.random.default_rng(0)))
    for number, (name, kind) in enumerate(KINDS.items()):
        rng = np.random.default_rng([seed, number])
        yield name, scan(brain.volume, brain.maps, brain.mask, kind, slice_axis=slice_axis, rng=rng), brain


def print_scores(folder: Path, person: str, slice_axis: int, models: list[str]) -> None:
    """Print a line for each kind and model: figures over (Dice: minus) those of cubic interpolation."""
    for name, low, brain in simulated(folder, person, slice_axis, seed=SEED):
        labels = np.argmax([brain.maps.csf, brain.maps.gm, brain.maps.wm], axis=0) + 1
        labels[~brain.mask] = 0
        baseline = on_grid(low.volume, brain.volume)
        rows = {"cubic": figures(baseline, brain.volume, brain.mask, labels, rng=np.random.default_rng(0))}
        for model in models:
            result = enhance(low.volume, mask=low.mask, model=model).volume
            estimate = on_grid(result, brain.volume)
            rows[model] = figures(estimate, brain.volume, brain.mask, labels, rng=np.random.default_rng(0))
        for model, row in over_baseline(rows, "cubic").items():
            values = "  ".join(f"{key} {value:.3f}" for key, value in row.items())
            print(f"{person}  {name:13s} {model:16s} {values}", flush=True)


if __name__ == "__main__":
    for entry in sys.argv[2].split(","):
        name, _, axis = entry.partition(":")
        print_scores(Path(sys.argv[1]), name, "ijk".index(axis or "k"), sys.argv[3].split(","))
