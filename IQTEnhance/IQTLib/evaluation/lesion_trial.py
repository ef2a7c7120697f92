"""What becomes of artificial lesions in simulated scans of any kind: contrast, volume, and whether the interval holds.

    python -m IQTLib.evaluation.lesion_trial FOLDER --subjects head05,uih01 --models iqt-any,cubic

Each subject is scanned twice with the same noise, without and with lesions: bright and dark, Gaussian and with a sharp
edge, 3 to 12 mm in white matter. In the scan a dark lesion has the contrast of tissue that is as dark: low field
weakens it as it weakens grey matter (not with --undimmed). The change of the estimate shows what became of a lesion.
FOLDER holds `sub-<subject>/anat/` with T1w, dseg (1 CSF, 2 GM, 3 WM) and desc-brain_mask.
"""

import argparse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ..image.grid import on_grid
from ..image.modality import T1W
from ..image.tissue import TissueMaps
from ..image.volume import Volume
from ..models.store import load
from ..physics.lesions import Lesion, drawn
from ..pipeline import enhance
from .anyscan import KINDS, scan
from .intervals import Needed
from .lesion_recovery import placed, recovery
from .truths import at_one_mm, truth_of

DIAMETERS = (3.0, 4.0, 6.0, 8.0, 12.0)  # mm
CORE = 0.5  # share of the peak contrast: beyond it a voxel belongs to the lesion
Row = dict[str, Any]


def rows_of(
    folder: Path, people: Sequence[str], models: Sequence[str], kinds: Sequence[str], *, undimmed: bool = False
) -> Iterator[Row]:
    """Recovered share of contrast and of volume, and the interval's coverage inside, of every lesion.

    `undimmed`: the scan shows dark lesions at their full contrast, although its grey matter is weakened.
    """
    for person in people:
        truth, mask, maps = at_one_mm(*truth_of(folder, person))
        white = maps.wm > 0.9
        rng = np.random.default_rng(zlib.crc32(f"{person}|lesions".encode()))
        lesions = placed(white, truth.spacing, rng, diameters=DIAMETERS, sharp=(False, True))
        added = float(truth.data[white].mean()) * drawn(lesions, truth.shape, truth.spacing) * mask
        ill = truth.with_data(np.maximum(truth.data + added, 0))
        for kind, name in product(kinds, models):
            # One state of the generator for both, so that contrast, field, phase and noise are the same.
            seed = zlib.crc32(f"{person}|{kind}".encode())
            healthy = scan(truth, maps, mask, KINDS[kind], slice_axis=2, rng=np.random.default_rng(seed))
            affected = ill if undimmed else seen(ill, added, maps, healthy.contrast)
            scanned = scan(affected, maps, mask, KINDS[kind], slice_axis=2, rng=np.random.default_rng(seed))
            model = load(name)
            named = [replace(one.volume, modality=T1W) for one in (healthy, scanned)]  # as a file's name would say
            before = on_grid(enhance(named[0], model=model, mask=healthy.mask).volume, truth)
            told = model.card.intervals is not None
            result = enhance(named[1], model=model, mask=scanned.mask, uncertainty=told)
            gain = float(truth.data[mask].mean() / before[mask].mean())
            change = gain * (on_grid(result.volume, truth) - before)
            held = _held(result, ill, mask)
            for lesion in lesions:
                yield {"person": person, "kind": kind, "model": name} | _row(lesion, change, added, held, truth)


def seen(ill: Volume, added: np.ndarray, maps: TissueMaps, contrast: float) -> Volume:
    """`ill` before a scan whose white matter is `contrast` times as bright as grey matter: dark lesions as grey matter.

    `added` (i, j, k) is the change by lesions, with the sign of their contrast; brighter ones stay as they are.
    """
    white, grey = (float(np.median(ill.data[fraction > 0.9])) for fraction in (maps.wm, maps.gm))
    greyness = np.clip(-added / (white - grey), 0, 1) * maps.wm
    return ill.with_data((ill.data * (1 + (white / contrast / grey - 1) * greyness)).astype(np.float32))


def _held(result: Any, truth: Volume, mask: np.ndarray) -> np.ndarray | None:
    """1 where the interval holds the truth, 0 where not, NaN outside; None without an interval."""
    if result.interval is None:
        return None
    needed = Needed.of(result.volume, result.interval, truth, mask)
    held = np.full(truth.shape, np.nan, np.float32)
    held[needed.inside] = needed.factor <= 1
    return held


def _row(lesion: Lesion, change: np.ndarray, added: np.ndarray, held: np.ndarray | None, truth: Volume) -> Row:
    box = lesion.window(truth.shape, truth.spacing)
    peak = np.abs(added[box]).max()
    core = np.abs(added[box]) > CORE * peak
    found = np.sign(lesion.contrast) * change[box] > CORE * peak
    inside = np.nan if held is None else float(np.nanmean(np.append(held[box][core], np.nan)))
    return {
        "diameter": lesion.diameter,
        "bright": lesion.contrast > 0,
        "sharp": lesion.sharp,
        "contrast": recovery(change[box], added[box]),
        "volume": float(found.sum() / core.sum()),
        "held": inside,
    }


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Lines of a Markdown table: mean recovered contrast / volume of each diameter, and coverage inside."""
    sizes = sorted({row["diameter"] for row in rows})
    yield "| kind | model | lesions |" + "".join(f" {size:g} mm |" for size in sizes) + " interval holds |"
    yield "|---" * (4 + len(sizes)) + "|"
    groups = dict.fromkeys((row["kind"], row["model"], row["bright"]) for row in rows)
    for kind, model, bright in groups:
        own = [row for row in rows if (row["kind"], row["model"], row["bright"]) == (kind, model, bright)]
        cells = []
        for size in sizes:
            some = [row for row in own if row["diameter"] == size]
            cells.append(" / ".join(f"{np.mean([row[what] for row in some]):.2f}" for what in ("contrast", "volume")))
        held = np.array([row["held"] for row in own])
        told = "-" if np.isnan(held).all() else f"{np.nanmean(held):.2f}"
        yield f"| {kind} | `{model}` | {'bright' if bright else 'dark'} | {' | '.join(cells)} | {told} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subjects", default="head05,uih01")
    parser.add_argument("--models", default="iqt-any,unet-t1w-x4,srep-t1w-x4,cubic")
    parser.add_argument("--kinds", default="ultra-low,clinical")
    parser.add_argument("--undimmed", action="store_true", help="the scan shows dark lesions at their full contrast")
    given = parser.parse_args(arguments)
    listed = (text.split(",") for text in (given.subjects, given.models, given.kinds))
    rows = list(rows_of(given.folder, *listed, undimmed=given.undimmed))
    for line in table(rows):
        print(line)


if __name__ == "__main__":
    main()
