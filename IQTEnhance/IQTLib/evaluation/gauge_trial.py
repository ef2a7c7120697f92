"""Make the statistics of the gauge (`image.gauge`) from a folder of subjects, and test it on sources left out.

    python -m IQTLib.evaluation.gauge_trial FOLDER TABLE --fit head01,eve,philips07 --test mgh01

FOLDER holds `sub-<subject>/anat/`. From a T1w scan with dseg (1 CSF, 2 GM, 3 WM) and desc-brain_mask, scans of all
kinds and spoiled ones are simulated; all other scans of a subject (T1w, T2w, FLAIR, T2starw) are good as they are.
TABLE (JSON lines) keeps the measures of every scan, so that a stopped run goes on. With `--write` gauge.json and
motion.npz beside the code are replaced. A subject's source is the label without its number.
"""

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..image import anatomy
from ..image.brain import find_brain
from ..image.examined import Examined
from ..image.gauge import STATISTICS, judged
from ..image.gauge_measures import measure
from ..image.noise_estimate import measure_noise
from ..image.volume import Volume, read
from ..io.files import write_json
from ..models.motion import LEARNED, seen
from ..models.store import DEFAULT_MODEL, Model, load
from .anyscan import KINDS, AnyScan, Kind, scan
from .motion_lessons import MAKERS, MOVING, Row, axis_of, learned, moving, other_contrasts, rng_of, source, with_motion
from .truths import at_one_mm, truth_of
from .unfit_scans import DRAWN, SPOILED

SEQUENCES = ("_T1w", "_T2w", "_FLAIR", "_T2starw")
GRID = (88, 88, 72), 2.5  # voxels, mm: of drawn objects
SPOILT = ("ultra-low", "clinical", "cubic-voxels")  # one of these kinds of each subject, because it takes minutes
NOTE = "Known range of each measure in good scans: least, typical, greatest. Made by IQTLib.evaluation.gauge_trial."
SPREAD = {"voids": 2e-3, "pile-up": 2e-3, "ghosts": 0.01, "stripes": 0.2}  # that no scan is blamed for


def scans_of(folder: Path, person: str) -> Iterator[tuple[str, str, Volume, np.ndarray]]:
    """Class ("good" or how it was spoiled), kind, volume and mask of a subject's scans."""
    truths = set()
    if (folder / f"sub-{person}" / "anat" / f"sub-{person}_dseg.nii.gz").exists():
        truths = {f"sub-{person}_T1w.nii.gz"}
        yield from _simulated(folder, person)
    for path in sorted((folder / f"sub-{person}" / "anat").glob("*.nii.gz")):
        if path.name.removesuffix(".nii.gz").endswith(SEQUENCES) and path.name not in truths:
            volume = read(path)
            yield (
                "good",
                path.name.removesuffix(".nii.gz").removeprefix(f"sub-{person}_"),
                volume,
                find_brain(volume).mask,
            )


def _simulated(folder: Path, person: str) -> Iterator[tuple[str, str, Volume, np.ndarray]]:
    truth, mask, labels = truth_of(folder, person)
    yield "good", "original", truth, mask
    cube, inside, maps = at_one_mm(truth, mask, labels)
    white = float(np.median(cube.data[maps.wm > 0.9]))

    for name, kind in KINDS.items():

        def scanned(kind: Kind, name: str = name) -> AnyScan:
            rng = rng_of(person, name)
            return scan(cube, maps, inside, kind, slice_axis=axis_of(person, rng), rng=rng)

        one, spoilt = scanned(kind), name == SPOILT[zlib.crc32(person.encode()) % len(SPOILT)]
        yield "good", name, one.volume, one.mask
        for how, make in SPOILED.items() if spoilt else ():
            if how not in MAKERS:
                yield how, name, make(one.volume, one.mask, rng_of(person, name, how)), one.mask
        for how in () if kind.resampled else MAKERS:
            told = how if spoilt and how == "motion" else MOVING
            yield told, name, *moving(scanned, kind, white, how, rng_of(person, name, how))
    yield from other_contrasts(person, cube, inside, maps)


def drawn() -> Iterator[tuple[str, str, Volume, np.ndarray]]:
    """The same of objects that are no heads, with whatever is taken for their brain; nothing if that is refused."""
    shape, step = GRID
    empty = Volume(np.zeros(shape, np.float32), np.diag([step, step, step, 1.0]))
    for name, make in DRAWN.items():
        volume = make(empty, rng_of(name))
        try:
            mask = find_brain(volume).mask
        except InputError:
            continue
        yield name, "drawn", volume, mask


def row_of(volume: Volume, mask: np.ndarray, network: Any) -> dict[str, Any]:
    """`measures` by name, and the `features` from which motion is judged."""
    scan = Examined.of(volume, mask)
    noise = measure_noise(scan.volume, scan.mask)
    told: Mapping[str, float] = measure(scan.volume, scan.mask, noise=noise, width=scan.width)
    found = seen(network, scan, noise)
    return {
        "measures": {name: value if np.isfinite(value) else None for name, value in told.items()},
        "features": None if found is None else [round(float(number), 5) for number in found],
    }


def statistics(rows: Sequence[Row]) -> dict[str, list[float]]:
    """Least, typical (median of the sources' medians) and greatest value of each measure in good scans.

    Few sources show less than there is: each edge is at least half the range from the typical value, and `SPREAD`.
    """
    found = {}
    for name in rows[0]["measures"]:
        by_source: dict[str, list[float]] = {}
        for row in rows:
            if (value := row["measures"][name]) is not None and np.isfinite(value):
                by_source.setdefault(source(row["person"]), []).append(value)
        values = [value for some in by_source.values() for value in some]
        typical = float(np.median([np.median(some) for some in by_source.values()]))
        half = max((max(values) - min(values)) / 2, SPREAD.get(name, 0.0))
        edges = (min(*values, typical - half), typical, max(*values, typical + half))
        least, middle, most = np.array(edges) * 1e4
        found[name] = [float(number) / 1e4 for number in (np.floor(least), np.round(middle), np.ceil(most))]  # outwards
    return found


def left_out(rows: Sequence[Row], fit: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
    """Distances by class, with the subject, each from ranges that the subject's source had no part in."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in rows:
        others = [
            one
            for one in rows
            if one["class"] == "good" and one["person"] in fit and source(one["person"]) != source(row["person"])
        ]
        told = {"ranges": statistics(others), "outside": np.inf}
        measures = {name: np.nan if value is None else value for name, value in row["measures"].items()}
        found.setdefault(row["class"], []).append((row["person"], judged(measures, told).distance))
    return found


def auroc(bad: Sequence[float], good: Sequence[float]) -> float:
    """Probability that a bad scan lies farther out than a good one."""
    below = np.array(bad)[:, None] - np.array(good)
    return float((below > 0).mean() + (below == 0).mean() / 2)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--fit", required=True, help="subjects whose good scans set the ranges")
    parser.add_argument("--test", default="", help="subjects that are only tested")
    parser.add_argument(
        "--average", default="", help="with --write: also replace brain_tissues.npz, by these subjects' tissues"
    )
    parser.add_argument("--outside", type=float, default=1.5, help="distance beyond which a scan is outside")
    parser.add_argument("--write", action="store_true", help="replace gauge.json")
    given = parser.parse_args(arguments)
    fit, test = ([name for name in text.split(",") if name] for text in (given.fit, given.test))
    if given.write and given.average:
        people = given.average.split(",")
        half = anatomy.average_of([_labelled(given.folder, person) for person in people])
        np.savez_compressed(anatomy.TISSUES, half=half)
    model = load(DEFAULT_MODEL)
    taken = _table(given.folder, given.table, [*fit, *test], model)
    rows = with_motion(taken, fit)
    if given.write:
        weights, shift = learned([row for row in taken if row["person"] in fit])
        np.savez(LEARNED, weights=weights.astype(np.float32), shift=np.float32(shift), sha256=model.card.sha256)
        good = [row for row in rows if row["class"] == "good" and row["person"] in fit]
        write_json({"version": 1, "note": NOTE, "outside": given.outside, "ranges": statistics(good)}, STATISTICS)
    for line in report(rows, fit, given.outside):
        print(line)


def report(rows: Sequence[Row], fit: Sequence[str], outside: float) -> Iterator[str]:
    """Share of good scans called outside by source, and AUROC of every class of bad ones."""
    found = left_out(rows, fit)
    good = found.pop("good")
    for name in sorted({source(person) for person, _ in good}):
        own = [distance for person, distance in good if source(person) == name]
        yield f"good, {name}: {np.mean(np.array(own) > outside):.0%} of {len(own)} outside, largest {max(own):.2f}"
    for name, bad in found.items():
        distances = [distance for _, distance in bad]
        share = np.mean(np.array(distances) > outside)
        yield f"{name}: AUROC {auroc(distances, [d for _, d in good]):.3f}, {share:.0%} of {len(bad)} outside"


def _table(folder: Path, path: Path, people: Sequence[str], model: Model) -> list[Row]:
    method: Any = model.method
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    known = {row["person"] for row in rows}
    with path.open("a") as table:
        for person in [*people, ""]:
            if person in known:
                continue
            found = scans_of(folder, person) if person else drawn()
            new = [
                {"person": person, "class": how, "kind": kind} | row_of(volume, mask, method.network)
                for how, kind, volume, mask in found
            ]
            table.writelines(json.dumps(row) + "\n" for row in new)
            rows += new
    return rows


def _labelled(folder: Path, person: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    truth, mask, labels = truth_of(folder, person)
    return labels, mask, truth.affine


if __name__ == "__main__":
    main()
