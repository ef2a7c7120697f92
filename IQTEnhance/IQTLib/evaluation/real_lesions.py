"""How much contrast real lesions keep in simulated low-field scans, and after enhancement, by their volume.

    python -m IQTLib.evaluation.real_lesions FOLDER --subjects ms07 --contrasts T1w,FLAIR --models iqt-any,cubic

FOLDER holds `sub-<subject>/anat/` with registered skull-stripped scans (the brain is what is not zero) and
label-lesion_mask. A scan of a kind is simulated from each contrast, which all but T1w scans keep.

Nothing is known without the lesion, as it is of artificial ones. So the contrast is local: the lesion's mean minus the
median of the tissue around it, after the smooth field and the best affine map are matched.
"""

import argparse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from ..errors import InputError
from ..image.grid import on_grid
from ..image.modality import T1W
from ..image.tissue import TissueMaps, segment
from ..image.volume import Volume, read
from ..models.store import load
from ..pipeline import enhance
from .anyscan import KINDS, matched, scan

VOLUMES = (20.0, 60.0, 200.0)  # mm3, lower edges of the classes
RING = (2.0, 4.0)  # mm from a lesion: the tissue around it
CLEAR = 0.05  # of the brain's mean: least contrast in the truth that counts
FEWEST = 20  # voxels of a ring
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Lesions:
    """Connected lesions of at least the smallest of `VOLUMES`: labels from 1, labels of the rings, volumes (mm3)."""

    labels: np.ndarray
    rings: np.ndarray
    volumes: np.ndarray

    @classmethod
    def of(cls, mask: np.ndarray, spacing: Sequence[float]) -> "Lesions":
        """Raises `InputError` if boolean `mask` holds no lesion that is large enough."""
        labels, count = ndimage.label(mask)
        volumes = np.bincount(labels.ravel(), minlength=count + 1) * float(np.prod(spacing))
        large = [number for number in range(1, count + 1) if volumes[number] >= VOLUMES[0]]
        if not large:
            raise InputError(f"the lesion mask holds no lesion of {VOLUMES[0]:g} mm3 or more")
        table = np.zeros(count + 1, int)
        table[large] = np.arange(1, len(large) + 1)
        labels = table[labels]
        distance, nearest = ndimage.distance_transform_edt(labels == 0, sampling=spacing, return_indices=True)
        around = (distance >= RING[0]) & (distance <= RING[1]) & ~ndimage.binary_dilation(mask)
        return cls(labels, np.where(around, labels[tuple(nearest)], 0), volumes[large])

    def contrasts(self, data: np.ndarray) -> np.ndarray:
        """Mean of `data` in each lesion minus the median around it; NaN: too little tissue around it."""
        numbers = range(1, len(self.volumes) + 1)
        inside = ndimage.mean(data, self.labels, numbers)
        outside = ndimage.median(data, self.rings, numbers)
        enough = np.bincount(self.rings.ravel(), minlength=len(self.volumes) + 1)[1:] >= FEWEST
        return np.where(enough, np.asarray(inside) - np.asarray(outside), np.nan)


def kept(estimate: np.ndarray, truth: np.ndarray, lesions: Lesions, level: float) -> list[tuple[int, float]]:
    """Number of lesions and share of their contrast that is kept, in each class of `VOLUMES`.

    Lesions count if their contrast in `truth` has the usual sign and is `CLEAR` against `level`, the brain's mean.
    """
    ours, theirs = lesions.contrasts(estimate), lesions.contrasts(truth)
    counted = np.isfinite(theirs) & (np.sign(theirs) == np.sign(np.nanmedian(theirs)))
    counted &= np.abs(theirs) > CLEAR * level
    found = []
    for low, high in zip(VOLUMES, (*VOLUMES[1:], np.inf), strict=True):
        some = counted & (lesions.volumes >= low) & (lesions.volumes < high)
        found.append((int(some.sum()), float(ours[some].sum() / theirs[some].sum()) if some.any() else float("nan")))
    return found


def rows_of(
    folder: Path, people: Sequence[str], contrasts: Sequence[str], kinds: Sequence[str], models: Sequence[str]
) -> Iterator[Row]:
    """Shares of contrast by subject, contrast, kind and model; `scan` is the simulated scan, interpolated."""
    for person in people:
        stem = f"{folder}/sub-{person}/anat/sub-{person}_"
        first = read(f"{stem}T1w.nii.gz")
        brain = ndimage.binary_fill_holes(first.data != 0)
        lesions = Lesions.of(read(f"{stem}label-lesion_mask.nii.gz", allow_constant=True).data > 0, first.spacing)
        maps = segment(first, brain, rng=np.random.default_rng(0))
        for contrast, kind in product(contrasts, kinds):
            truth = read(f"{stem}{contrast}.nii.gz")
            truth = truth.with_data(np.where(brain, truth.data, 0))
            rng = np.random.default_rng(zlib.crc32(f"{person}|{contrast}|{kind}".encode()))
            seen = KINDS[kind] if contrast == T1W else _own_contrast(kind, truth, maps)
            low = scan(truth, maps, brain, seen, slice_axis=2, rng=rng)
            estimates = {"scan": low.volume}
            for name in models:
                model = load(name)
                told = contrast if getattr(model.method, "transfers", False) else None
                estimates[name] = enhance(low.volume, model=model, mask=low.mask, modality=told).volume
            level = float(truth.data[brain].mean())
            for name, estimate in estimates.items():
                near = matched(on_grid(estimate, truth), truth.data, brain, truth.spacing)
                shares = kept(near, truth.data, lesions, level)
                yield {"person": person, "contrast": contrast, "kind": kind, "model": name, "kept": shares}


def _own_contrast(kind: str, truth: Volume, maps: TissueMaps) -> Any:
    """The kind with the ratio of white to grey matter that `truth` has, so that its contrast stays."""
    white, grey = (float(np.median(truth.data[part > 0.9])) for part in (maps.wm, maps.gm))
    return replace(KINDS[kind], contrast=(white / grey, white / grey))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subjects", default="ms07")
    parser.add_argument("--contrasts", default="T1w,FLAIR")
    parser.add_argument("--kinds", default="ultra-low,clinical")
    parser.add_argument("--models", default="iqt-any,wiener")
    given = parser.parse_args(arguments)
    edges = [f"{low:g} to {high:g} mm3" for low, high in zip(VOLUMES, (*VOLUMES[1:], np.inf), strict=True)]
    print(f"| subject | contrast | kind | model | {' | '.join(edges)} |\n{'|---' * (4 + len(edges))}|")
    lists = (text.split(",") for text in (given.subjects, given.contrasts, given.kinds, given.models))
    for row in rows_of(given.folder, *lists):
        shares = " | ".join(f"{share:.2f} ({count})" for count, share in row["kept"])
        print("| {person} | {contrast} | {kind} | `{model}` | ".format(**row) + f"{shares} |", flush=True)


if __name__ == "__main__":
    main()
