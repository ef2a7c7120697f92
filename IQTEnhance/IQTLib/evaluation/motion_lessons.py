"""Scans of heads that move and of heads that do not, and what a logistic regression learns from them.

Noise is added after the motion, because it does not move with the head: a simulation that moved it would smooth it, and
would be recognised by that alone.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import ndimage

from ..image.tissue import TissueMaps
from ..image.volume import Volume
from ..models.motion import judged
from .anyscan import KINDS, AnyScan, Kind, scan
from .unfit_scans import moved, noisy, restless

MOVING, STILL = "motion to learn from", "still to learn from"  # classes of scans
NOISELESS = (1e6, 1e6)  # SNR
MAKERS = {"motion": moved, "restless": restless}
LEVELS = {  # least and most of fluid, grey and white matter
    "T2w": ((1.5, 3.0), (1.0, 1.0), (0.5, 0.85)),
    "FLAIR": ((0.1, 0.5), (1.0, 1.0), (0.7, 1.0)),
}
FILTERED, SOFT = 0.5, (0.3, 0.9)  # share of such scans that are smoothed, and by how much (voxels)
FACTORS = 0.2, 8.0  # of a tissue's brightness, least and most
PENALTY = 0.03  # of the logistic regression, inverse: smaller ones call more good scans outside or miss more motion
Row = Mapping[str, Any]


def rng_of(*names: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32("|".join(names).encode()))


def axis_of(person: str, rng: np.random.Generator) -> int:
    """The slice axis: drawn, but fixed for skull-stripped subjects."""
    return 1 if person.startswith("stripped") else int(rng.integers(3))


def moving(
    scanned: Callable[[Kind], AnyScan], kind: Kind, level: float, how: str, rng: np.random.Generator
) -> tuple[Volume, np.ndarray]:
    """A scan with motion by `MAKERS[how]`, and its mask; `level` is the signal that the SNR refers to."""
    clean = scanned(replace(kind, snr=NOISELESS))
    image = MAKERS[how](clean.volume, clean.mask, rng)
    return noisy(image, image.data, rng, level / scanned(kind).snr), clean.mask


def other_contrasts(
    person: str, cube: Volume, inside: np.ndarray, maps: TissueMaps
) -> Iterator[tuple[str, str, Volume, np.ndarray]]:
    """Class, kind, volume and mask of scans of a T1w volume painted as T2w and as FLAIR."""
    native = [name for name, kind in KINDS.items() if not kind.resampled]
    for contrast in LEVELS:
        rng = rng_of(person, contrast)
        volume = painted(cube, maps, contrast, rng)
        level = float(np.median(volume.data[inside]))
        for name in rng.choice(native, 2, replace=False):

            def scanned(kind: Kind, volume: Volume = volume, name: str = f"{contrast} {name}") -> AnyScan:
                own = rng_of(person, name)
                return scan(volume, None, inside, kind, slice_axis=axis_of(person, own), rng=own)

            still = scanned(KINDS[name])
            told = rng_of(person, contrast, name, "still")
            yield STILL, f"{contrast} {name}", filtered(still.volume, told), still.mask
            for how in MAKERS:
                told = rng_of(person, contrast, name, how)
                image, mask = moving(scanned, KINDS[name], level, how, told)
                yield MOVING, f"{contrast} {name}", filtered(image, told), mask


def filtered(volume: Volume, rng: np.random.Generator) -> Volume:
    """Half of the scans smoothed in plane, as scanners do, so that smooth noise is not taken for motion."""
    width = rng.uniform(*SOFT) if rng.random() < FILTERED else 0.0
    widths = np.where(np.argsort(np.argsort(volume.spacing, kind="stable"), kind="stable") < 2, width, 0.0)
    return volume.with_data(ndimage.gaussian_filter(volume.data, widths))


def painted(volume: Volume, maps: TissueMaps, contrast: str, rng: np.random.Generator) -> Volume:
    """`volume` with the brightness of its tissues drawn from `LEVELS`, its detail kept."""
    tissues = (maps.csf, maps.gm, maps.wm)
    typical = [float(np.median(volume.data[part > 0.9])) for part in tissues]
    wanted = [rng.uniform(*levels) * typical[1] for levels in LEVELS[contrast]]
    factors = np.clip(np.array(wanted) / np.maximum(typical, 1e-6 * typical[1]), *FACTORS)
    rest = np.clip(1 - sum(tissues), 0, 1)
    field = sum(factor * part for factor, part in zip(factors, tissues, strict=True)) + rng.uniform(0.3, 1.5) * rest
    return volume.with_data((volume.data * field).astype(np.float32))


def learned(rows: Sequence[Row]) -> tuple[np.ndarray, float]:
    """Weights (n,) and shift of a logistic regression on `features` that tells moving heads from others."""
    from sklearn.linear_model import LogisticRegression

    classes = {"good": False, STILL: False, "motion": True, MOVING: True}
    rows = [row for row in rows if row["class"] in classes and row["features"] is not None]
    data = np.array([row["features"] for row in rows])
    mean, spread = data.mean(0), np.maximum(data.std(0), 1e-6)
    fitted = LogisticRegression(C=PENALTY, max_iter=5000, class_weight="balanced")
    fitted.fit((data - mean) / spread, [classes[row["class"]] for row in rows])
    weights = fitted.coef_[0] / spread
    return weights, float(fitted.intercept_[0] - mean @ weights)


def source(person: str) -> str:
    return person.rstrip("0123456789")


def with_motion(rows: Sequence[Row], fit: Sequence[str]) -> list[dict[str, Any]]:
    """`rows` with the measure of motion among the others, each judged by what other sources of `fit` have taught."""
    own = [row for row in rows if row["person"] in fit]
    taught = {
        name: learned([row for row in own if source(row["person"]) != name])
        for name in {source(row["person"]) for row in rows}
    }

    def measured(row: Row) -> float | None:
        return None if row["features"] is None else judged(np.array(row["features"]), *taught[source(row["person"])])

    return [{**row, "measures": {**row["measures"], "motion": measured(row)}} for row in rows]
