"""Models against cubic interpolation on held-out people, with paired bootstrap intervals over people.

    python -m IQTLib.evaluation.heldout SCANS results.json --models srep-t1w-x4,srep-t1w-x4-fast

Every figure is given twice. "as is": the estimate in the units of its input, as the paper compares. "gain matched":
every estimate, interpolation too, is first scaled to the truth's mean in the brain, for a scanner's gain is arbitrary.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..data.subjects import Brain, cubic, find_scans, load_brain
from ..errors import InputError
from ..image.metrics import evaluate
from ..image.plotting import comparison
from ..io.files import write_json
from ..methods.base import Run
from ..models.pretrained import Model, load, read_card, write_card
from ..pipeline import Enhanced, enhance
from .test_pairs import TestPair, make_pair

BASELINE = "cubic"
METRICS = ("nrmse_mean", "nrmse_max", "ssim", "ssim_wang", "psnr")
UNITS = ("as is", "gain matched")
BOOTSTRAPS = 10_000


def plan(path: Path | None = None) -> dict[str, Any]:
    """The published list of held-out people, slice axes, test sets and seed, or one in a file of that form."""
    path = path or Path(__file__).with_name("heldout.json")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"the list of held-out people {path} cannot be read: {error}") from None


def brains(scans: Path, people: Sequence[str]) -> list[Brain]:
    """Held-out people in the order of the plan; `InputError` names one that is missing."""
    found = {scan.person: scan for scan in find_scans(scans)}
    missing = [person for person in people if person not in found]
    if missing:
        raise InputError(f"{scans} lacks the held-out people {', '.join(missing)}")
    return [cubic(load_brain(found[person], rng=np.random.default_rng(0))) for person in people]


def pairs(brain: Brain, number: int, *, slice_axis: int, sets: Sequence[str], seed: int) -> Iterator[TestPair]:
    """The pairs of one person, one per test set."""
    for index, name in enumerate(sets):
        yield make_pair(brain, name, seed=(seed, index, number), slice_axis=slice_axis)


def estimates(test: TestPair, models: Sequence[Model], *, slice_axis: int, device: str = "cpu") -> dict[str, Enhanced]:
    """What each model makes of the scan, by its name."""
    return {
        model.card.name: enhance(test.pair.low, model=model, mask=test.low_mask, slice_axis=slice_axis, run=Run(device))
        for model in models
    }


def score(test: TestPair, results: Mapping[str, Enhanced]) -> Iterator[dict[str, Any]]:
    """One row per model and kind of units."""
    truth, mask = test.pair.high.data, test.high_mask
    for name, result in results.items():
        estimate = result.volume.data
        gain = truth[mask].mean() / estimate[mask].mean()
        for units, data in zip(UNITS, (estimate, estimate * gain), strict=True):
            yield {
                "person": test.person,
                "set": test.test_set,
                "snr": test.pair.snr,
                "model": name,
                "units": units,
                "gain": float(gain),
                "seconds": sum(result.seconds.values()),
            } | evaluate(truth, data, mask).as_dict()


def draw(test: TestPair, results: Mapping[str, Enhanced], folder: Path) -> None:
    """A picture of scan, estimates, truth and errors, every volume at the truth's mean in the brain."""
    truth, mean = test.pair.high, test.pair.high.data[test.high_mask].mean()
    low = test.pair.low
    volumes = {"low field": low.with_data(low.data * mean / low.data[test.low_mask].mean())}
    for name, result in results.items():
        data = np.where(test.high_mask, result.volume.data, 0)
        volumes[name] = truth.with_data(data * mean / data[test.high_mask].mean())
    picture = folder / f"{test.person}_{test.test_set}.png"
    comparison(volumes | {"truth": truth}, picture, brain=test.high_mask, dots_per_inch=72)


def summary(rows: Sequence[dict[str, Any]], *, seed: int = 0) -> list[dict[str, Any]]:
    """Mean over people and ratio to the baseline's mean, with its 95 % paired bootstrap interval, per cell."""
    table = []
    keys = sorted({(r["set"], r["units"], r["model"]) for r in rows})
    for test_set, units, model in keys:
        for metric in METRICS:
            own = _by_person(rows, test_set, units, model, metric)
            base = _by_person(rows, test_set, units, BASELINE, metric)
            people = sorted(own)
            values, reference = (np.array([one[p] for p in people]) for one in (own, base))
            rng = np.random.default_rng(seed)
            picks = rng.integers(len(people), size=(BOOTSTRAPS, len(people)))
            ratios = values[picks].mean(1) / reference[picks].mean(1)
            table.append(
                {
                    "set": test_set,
                    "units": units,
                    "model": model,
                    "metric": metric,
                    "people": len(people),
                    "mean": round(float(values.mean()), 4),
                    "ratio": round(float(values.mean() / reference.mean()), 4),
                    "interval": [round(float(q), 4) for q in np.percentile(ratios, (2.5, 97.5))],
                }
            )
    return table


def markdown(table: Sequence[dict[str, Any]], metric: str, units: str) -> str:
    """Models by test sets: mean (ratio to cubic interpolation, 95 % interval)."""
    cells = {(r["set"], r["model"]): r for r in table if r["metric"] == metric and r["units"] == units}
    sets = [name for name in plan()["sets"] if any(key[0] == name for key in cells)]
    models = sorted({model for _, model in cells}, key=lambda name: (name != BASELINE, name))
    lines = ["| | " + " | ".join(sets) + " |", "|---" * (len(sets) + 1) + "|"]
    for model in models:
        row = []
        for name in sets:
            cell = cells[name, model]
            low, high = cell["interval"]
            ratio = "" if model == BASELINE else f" ({cell['ratio']:.3f}; {low:.3f}-{high:.3f})"
            row.append(f"{cell['mean']:.3f}{ratio}")
        lines.append(f"| {model} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def refuse_training_people(models: Sequence[Model], people: Sequence[str]) -> None:
    """`InputError` that names the subjects who are in both a model's training set and the test set."""
    for model in models:
        training = model.card.training
        both = sorted({*training.get("people", []), *training.get("validation_people", [])} & set(people))
        if both:
            raise InputError(f"{model.card.name} was trained on {', '.join(both)}: they cannot test it")


def main() -> None:
    """Run the comparison and write rows and summary."""
    parser = argparse.ArgumentParser(description="Compare models with cubic interpolation on held-out people.")
    parser.add_argument("scans", type=Path, help="folder of high-field volumes, BIDS-like names")
    parser.add_argument("output", type=Path, help="JSON file for rows and summary")
    parser.add_argument("--models", default="srep-t1w-x4", help="names or folders, comma-separated")
    parser.add_argument("--people", default="", help="only these of the held-out people, comma-separated")
    parser.add_argument("--sets", default="", help="only these test sets, comma-separated")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of every pair")
    parser.add_argument("--device", default="cpu", help="torch device")
    arguments = parser.parse_args()
    names = arguments.models.split(",")
    models = [load(name) for name in (BASELINE, *names)]
    listed = plan()
    wanted = arguments.people.split(",") if arguments.people else [entry["person"] for entry in listed["people"]]
    refuse_training_people(models, wanted)
    sets = arguments.sets.split(",") if arguments.sets else listed["sets"]
    rows: list[dict[str, Any]] = []
    for number, entry in enumerate(listed["people"]):
        if entry["person"] not in wanted:
            continue
        (brain,) = brains(arguments.scans, [entry["person"]])
        for test in pairs(brain, number, slice_axis=entry["slice_axis"], sets=listed["sets"], seed=listed["seed"]):
            if test.test_set in sets:
                results = estimates(test, models, slice_axis=entry["slice_axis"], device=arguments.device)
                rows += score(test, results)
                if arguments.pictures:
                    draw(test, results, arguments.pictures)
        print(f"{entry['person']} done", flush=True)
    table = summary(rows)
    write_json({"plan": listed, "summary": table, "rows": rows}, arguments.output)
    for units in UNITS:
        for metric in ("nrmse_mean", "ssim"):
            print(f"\n{metric}, {units}\n{markdown(table, metric, units)}")


def into_card(folder: Path, table: Sequence[dict[str, Any]]) -> None:
    """Write the scores of the model in `folder`, rows of `summary`, into its card."""
    card = read_card(folder)
    cells = [row for row in table if row["model"] == card.name and row["metric"] in ("nrmse_mean", "ssim")]
    card.test.clear()
    for row in cells:
        entry = {key: row[key] for key in ("mean", "ratio", "interval", "people")}
        card.test.setdefault(row["set"], {})[f"{row['metric']}, {row['units']}"] = entry
    write_card(card, folder)


def _by_person(rows: Sequence[dict[str, Any]], test_set: str, units: str, model: str, metric: str) -> dict[str, float]:
    return {
        row["person"]: row[metric]
        for row in rows
        if (row["set"], row["units"], row["model"]) == (test_set, units, model)
    }


if __name__ == "__main__":
    main()
