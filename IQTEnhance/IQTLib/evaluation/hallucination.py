"""How often an enhanced volume shows structure that the truth does not have: in patches, and as spots in white matter.

After sFRC (Kc et al. 2024): the Fourier correlation of estimate and truth is taken in patches, on spheres of equal
frequency. Where it falls below `THRESHOLD` at a coarse frequency, which the scan itself resolves, the patch does not
show what is there: a hallucination, or a loss. Blur and a change of contrast leave the correlation high.

    python -m IQTLib.evaluation.hallucination FOLDER --subjects head05,uih01 --models iqt-any,cubic
"""

import argparse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from ..errors import InputError
from ..image.axis import FWHM_TO_SIGMA, smoothed
from ..image.examined import Examined
from ..image.grid import on_grid
from ..image.modality import T1W
from ..image.noise_estimate import measure_noise
from ..image.volume import Volume
from ..physics.support import support
from ..pipeline import enhance
from .anyscan import KINDS, matched, scan
from .truths import at_one_mm, truth_of

PATCH, STEP = 24.0, 12.0  # mm: edge of a patch, and from one to the next
COARSEST, FINEST = 0.06, 0.12  # cycles per mm: structures of 8 to 4 mm
THRESHOLD = 0.5
FULL = 0.7  # share of brain that a patch needs
SPOT, AROUND = 4.0, 12.0  # mm: width of a spot, and of what it is compared with
RAISED = 0.08  # of white matter: height from which it counts, half of what a lesion of 30 % and 6 mm has
SHOWN = 0.5  # of its height that the truth must show
DEEP = 2.0  # mm from grey matter and fluid, whose border looks like a spot


def hallucination_rate(estimate: np.ndarray, truth: Volume, mask: np.ndarray) -> float:
    """Share (0 to 1) of the brain's patches whose correlation with the truth is below `THRESHOLD`.

    Args:
        estimate: on the truth's grid. mask: the brain, boolean.

    Raises:
        InputError: shapes differ, or the brain holds no whole patch.
    """
    if not estimate.shape == truth.shape == mask.shape:
        raise InputError(f"estimate {estimate.shape}, truth {truth.shape} and mask {mask.shape} differ in shape")
    found = [correlation for _, correlation in patch_correlations(estimate, truth, mask)]
    if not found:
        raise InputError(f"the brain holds no patch of {PATCH:g} mm: is the mask right?")
    return float((np.array(found) < THRESHOLD).mean())


def patch_correlations(
    estimate: np.ndarray, truth: Volume, mask: np.ndarray
) -> Iterator[tuple[tuple[slice, ...], float]]:
    """Place of every patch in the brain, and the lowest correlation of its shells between the two frequencies."""
    size, step = ([max(1, round(length / s)) for s in truth.spacing] for length in (PATCH, STEP))
    window = np.einsum("i,j,k->ijk", *(np.hanning(n + 2)[1:-1] for n in size))
    shells = _shells(size, truth.spacing)
    starts = (range(0, n - m + 1, d) for n, m, d in zip(truth.shape, size, step, strict=True))
    for corner in product(*starts):
        place = tuple(slice(first, first + n) for first, n in zip(corner, size, strict=True))
        if mask[place].mean() >= FULL:
            yield place, _lowest(estimate[place], truth.data[place], mask[place], window, shells)


def _shells(size: Sequence[int], spacing: Sequence[float]) -> list[np.ndarray]:
    """Frequencies of each shell, flat indices; as wide as the patch resolves."""
    axes = [np.fft.fftfreq(n, s) for n, s in zip(size, spacing, strict=True)]
    radius = np.sqrt(sum(part**2 for part in np.meshgrid(*axes, indexing="ij")))
    edges = np.arange(COARSEST, FINEST + 1e-9, 1 / PATCH / 2)
    return [np.flatnonzero((radius >= low) & (radius < low + 1 / PATCH)) for low in edges]


def _lowest(
    ours: np.ndarray, theirs: np.ndarray, inside: np.ndarray, window: np.ndarray, shells: list[np.ndarray]
) -> float:
    one, other = (_spectrum(np.where(inside, part, part[inside].mean()), window) for part in (ours, theirs))
    found = []
    for shell in shells:
        power = np.sqrt((np.abs(one[shell]) ** 2).sum() * (np.abs(other[shell]) ** 2).sum())
        found.append(float((one[shell] * other[shell].conj()).sum().real / max(power, 1e-30)))
    return min(found)


def _spectrum(patch: np.ndarray, window: np.ndarray) -> np.ndarray:
    centred = patch - (patch * window).sum() / window.sum()
    return np.fft.fftn(centred * window).ravel()


def new_spots(estimate: np.ndarray, truth: Volume, mask: np.ndarray, white: np.ndarray) -> int:
    """How many bright or dark spots of lesion size `estimate` has in deep white matter that the truth does not have.

    Args:
        estimate: on the truth's grid, in any units and contrast. mask: the brain. white: white matter; both boolean.
    """
    deep = ndimage.distance_transform_edt(white, sampling=truth.spacing) > DEEP
    if not deep.any():
        return 0
    level = float(np.median(truth.data[deep]))
    near = matched(estimate, truth.data, mask, truth.spacing)
    ours, theirs = (_heights(data / level, truth.spacing) for data in (near, truth.data))
    size = [2 * round(SPOT / 2 / s) + 1 for s in truth.spacing]
    count = 0
    for sign in (1, -1):
        peaks = deep & (sign * ours > RAISED) & (sign * ours == ndimage.maximum_filter(sign * ours, size))
        count += int((peaks & (ndimage.maximum_filter(sign * theirs, 3) < SHOWN * sign * ours)).sum())
    return count


def _heights(data: np.ndarray, spacing: Sequence[float]) -> np.ndarray:
    fine, coarse = (
        smoothed(data.astype(np.float32), [width * FWHM_TO_SIGMA / s for s in spacing]) for width in (SPOT, AROUND)
    )
    return fine - coarse


def rows_of(
    folder: Path, people: Sequence[str], models: Sequence[str], kinds: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Rate, new spots, and share of the brain that the scan does not support (`physics.support`), by subject, kind and
    model."""
    for person, kind in product(people, kinds):
        truth, inside, maps = at_one_mm(*truth_of(folder, person))
        rng = np.random.default_rng(zlib.crc32(f"{person}|{kind}".encode()))
        one = scan(truth, maps, inside, KINDS[kind], slice_axis=2, rng=rng)
        seen, noise = Examined.of(one.volume, one.mask), measure_noise(one.volume, one.mask)
        for model in models:
            result = enhance(replace(one.volume, modality=T1W), model=model, mask=one.mask).volume
            estimate = on_grid(result, truth)
            rate = hallucination_rate(estimate, truth, inside)
            spots = new_spots(estimate, truth, inside, maps.wm > 0.9)
            told = support(result, one.volume, one.mask, noise=noise, width=seen.width)
            found = {"rate": rate, "spots": spots, "unsupported": told.unsupported}
            yield {"person": person, "kind": kind, "model": model} | found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subjects", default="head05,uih01")
    parser.add_argument("--models", default="iqt-any,unet-t1w-x4,srep-t1w-x4,cubic")
    parser.add_argument("--kinds", default="ultra-low,clinical")
    given = parser.parse_args(arguments)
    print("| subject | kind | model | patches that do not show the truth | new spots | unsupported voxels |")
    print("|---" * 6 + "|")
    for row in rows_of(given.folder, *(text.split(",") for text in (given.subjects, given.models, given.kinds))):
        print("| {person} | {kind} | `{model}` | {rate:.1%} | {spots} | {unsupported:.1%} |".format(**row), flush=True)


if __name__ == "__main__":
    main()
