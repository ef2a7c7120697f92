"""`iqt calibrate`: calibrate a model's intervals on scans whose truth is known."""

import csv
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..data.people import label
from ..device import choose
from ..errors import InputError, IQTError, reason
from ..evaluation.heldout import refuse_training_people, trained_on
from ..evaluation.intervals import LARGEST, Needed, check_number, conformal_factor, subject_factor
from ..events import SILENT, Reporter
from ..image.grid import on_grid
from ..image.modality import MODALITIES
from ..image.volume import Volume, not_measured, read, read_mask
from ..io.files import whole_folder
from ..io.reading import read_text
from ..methods.base import Run
from ..models.card import write_card
from ..models.intervals import Calibration
from ..models.store import WEIGHTS, Model, check_target, find, load
from ..pipeline import enhance

NEEDED, OPTIONAL = ("participant_id", "scan", "truth"), ("mask", "modality")
LEAST_LIKENESS = 0.3  # correlation in the brain; of registered scans of one contrast far higher


@dataclass(frozen=True)
class Pair:
    """A scan with its truth, and if given its brain mask and modality; `person` may be shared."""

    person: str
    scan: Path
    truth: Path
    mask: Path | None
    modality: str | None


def calibrate(
    table: Path,
    target: Path,
    *,
    model: str | Path,
    coverage: float = 0.9,
    confidence: float = 0.9,
    device: str = "auto",
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> Calibration:
    """Write the model to `target` with intervals that hold `coverage` of the brain of a new subject with `confidence`.

    Args:
        table: tab-separated, with the columns participant_id, scan, truth and optionally mask (of the brain, on the
            scan's grid) and modality; paths are relative to the table's folder. Scan and truth are registered.

    Raises:
        InputError: a faulty table, too few subjects for any group of scans, or subjects that trained the model.
    """
    check_target(target, overwrite=overwrite)
    source, loaded = find(model), load(model)
    pairs = read_pairs(table, trained_on(loaded))
    if source is None:
        raise InputError(f"model {model} is not trained, so there is no interval to calibrate: choose iqt-any")
    refuse_training_people([loaded], sorted({pair.person for pair in pairs}), purpose="calibrate")
    check_number(len({pair.person for pair in pairs}), confidence)
    found: dict[str, dict[str, list[np.ndarray]]] = defaultdict(lambda: defaultdict(list))
    for pair, group, factors in _measured(pairs, loaded, Run(choose(device), report)):
        found[group][pair.person].append(factors)
    calibration = _calibration(found, coverage, confidence, report)
    with whole_folder(target, overwrite=overwrite) as part:
        shutil.copyfile(source / WEIGHTS, part / WEIGHTS)
        write_card(replace(loaded.card, name=target.name, intervals=calibration), part)
    groups = "; ".join(f"{name}: {factor:.2f}" for name, factor in calibration.factors.items())
    report.result(f"{target}: factors {groups}", folder=str(target), factors=calibration.factors)
    return calibration


def read_pairs(table: Path, known: Collection[str] = ()) -> list[Pair]:
    """The rows of a table of pairs; `InputError` names the first fault.

    `known`: labels that a participant may also be called by without "sub-", as elsewhere in the table.
    """
    try:
        rows = list(csv.DictReader(read_text(table).splitlines(), delimiter="\t"))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{table} cannot be read: {reason(error)}") from None
    columns = set(rows[0]) if rows else set()
    if missing := [name for name in NEEDED if name not in columns]:
        raise InputError(f"{table} has no column {', '.join(missing)}: it needs {', '.join(NEEDED)}, tab-separated")
    names = [(row["participant_id"] or "").strip() for row in rows]
    known = {*known, *(label(name) for name in names if name.startswith("sub-"))}
    return [_pair(table, number, row, known) for number, row in enumerate(rows, 2)]


def _pair(table: Path, number: int, row: dict[str, str | None], known: Collection[str]) -> Pair:
    values = {name: (row.get(name) or "").strip() for name in (*NEEDED, *OPTIONAL)}
    values = {name: "" if value == "n/a" else value for name, value in values.items()}
    if empty := [name for name in NEEDED if not values[name]]:
        raise InputError(f"{table}, line {number}: {', '.join(empty)} is empty")
    if values["modality"] and values["modality"] not in MODALITIES:
        raise InputError(f"{table}, line {number}: modality {values['modality']}: choose {', '.join(MODALITIES)}")
    files = {name: table.parent / values[name] for name in ("scan", "truth", "mask") if values[name]}
    if lost := [path for path in files.values() if not path.exists()]:
        raise InputError(f"{table}, line {number}: {lost[0]} does not exist")
    person = values["participant_id"]
    person = person if person in known else label(person)
    return Pair(person, files["scan"], files["truth"], files.get("mask"), values["modality"] or None)


def _measured(pairs: Sequence[Pair], model: Model, run: Run) -> Iterator[tuple[Pair, str, np.ndarray]]:
    """Each pair with its group and the factors that its voxels need; a pair that fails is left out with a warning."""
    raw = Model(replace(model.card, intervals=Calibration.none_yet()), model.method)
    quiet = Run(run.device, Reporter(cancelled=run.report.cancelled))
    for pair in run.report.track(pairs, total=len(pairs), message="calibration"):
        try:
            scan, truth = read(pair.scan), read(pair.truth)
            if told := not_measured(scan, truth):
                raise InputError(told[0])
            mask = None if pair.mask is None else read_mask(pair.mask, scan)
            result = enhance(scan, model=raw, mask=mask, modality=_told(pair, model), uncertainty=True, run=quiet)
            if result.interval is None:
                reasons = [told for told in result.warnings if told.startswith("no interval")]
                raise InputError("; ".join(reasons) or "no interval")
            needed = Needed.of(result.volume, result.interval, truth)
            _check_alike(result.volume, truth, needed)
            yield pair, result.interval.group, needed.factor
        except InputError as error:
            run.report.warn(f"{pair.scan} is left out: {error}")


def _told(pair: Pair, model: Model) -> str | None:
    """The modality for `enhance`, which only models that give another contrast take."""
    if pair.modality is None or getattr(model.method, "transfers", False):
        return pair.modality
    if model.card.contrast not in ("any", pair.modality):
        raise InputError(f"it is {pair.modality}, but {model.card.name} is for {model.card.contrast}")
    return None


def _check_alike(estimate: Volume, truth: Volume, needed: Needed) -> None:
    """Refuse a truth that shows something else: it would make intervals as wide as it is wrong."""
    ours = on_grid(estimate, truth, order=1)[needed.inside]
    alike = np.corrcoef(ours, needed.truth)[0, 1] if min(ours.std(), needed.truth.std()) > 0 else 0.0
    if alike < LEAST_LIKENESS:
        raise InputError(
            f"its estimate does not look like its truth (correlation {alike:.2f}): are scan and truth registered, of "
            "one person and one contrast?"
        )


def _calibration(
    found: dict[str, dict[str, list[np.ndarray]]], coverage: float, confidence: float, report: Reporter
) -> Calibration:
    factors, scores, people = {}, {}, set()
    refused: IQTError | None = None
    for group, subjects in sorted(found.items()):
        own = {person: subject_factor(scans, coverage) for person, scans in sorted(subjects.items())}
        try:
            factor = conformal_factor(list(own.values()), confidence)
            if factor >= LARGEST:
                raise InputError("the model's intervals do not hold the truth at any width")
            factors[group] = factor
        except InputError as error:
            refused = error
            report.warn(f"{group}: {error}; scans of this group get no interval")
            continue
        held = {person: _coverage(scans, factors[group]) for person, scans in sorted(subjects.items())}
        scores[group] = {
            person: {"factor": round(own[person], 3), "coverage": round(held[person], 3)} for person in own
        }
        people |= set(own)
    if not factors:
        raise refused or InputError("no scan could be used for calibration: the warnings say why")
    return Calibration(coverage, confidence, factors, tuple(sorted(people)), scores)


def _coverage(scans: Sequence[np.ndarray], factor: float) -> float:
    return float(np.mean(np.concatenate(scans) <= factor))
