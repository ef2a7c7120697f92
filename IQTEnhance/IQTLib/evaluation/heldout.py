"""Compare models with cubic interpolation on held-out subjects, with paired bootstrap intervals over subjects.

Every score is given twice. "as is": the estimate in the units of its input, as in the paper. "gain matched": every
estimate, including interpolation, is first scaled to the truth's mean in the brain, because a scanner's gain is
arbitrary.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, reason
from ..image.metrics import evaluate
from ..methods.base import Run
from ..models.store import Model, read_card, write_card
from ..pipeline import Enhanced, enhance
from .bootstrap import summarised
from .heldout_pairs import HeldOutPair

BASELINE = "cubic"
METRICS = ("nrmse_mean", "nrmse_max", "ssim", "ssim_wang", "psnr")
UNITS = ("as is", "gain matched")


def plan(path: Path | None = None) -> dict[str, Any]:
    """The published list of held-out subjects, slice axes, test sets and seed, or one from a file in that format."""
    path = path or Path(__file__).with_name("heldout.json")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"the list of held-out subjects {path} cannot be read: {reason(error)}") from None


def estimates(
    test: HeldOutPair, models: Sequence[Model], *, slice_axis: int, device: str = "cpu"
) -> dict[str, Enhanced]:
    """The estimate of each model for the scan, by model name."""
    return {
        model.card.name: enhance(test.pair.low, model=model, mask=test.low_mask, slice_axis=slice_axis, run=Run(device))
        for model in models
    }


def score(test: HeldOutPair, results: Mapping[str, Enhanced]) -> Iterator[dict[str, Any]]:
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


def summary(rows: Sequence[dict[str, Any]], *, seed: int = 0) -> list[dict[str, Any]]:
    """Mean over subjects and ratio to the baseline's mean with its 95 % paired bootstrap interval, per cell."""
    table = []
    keys = sorted({(r["set"], r["units"], r["model"]) for r in rows})
    for test_set, units, model in keys:
        for metric in METRICS:
            own = _by_person(rows, test_set, units, model, metric)
            base = _by_person(rows, test_set, units, BASELINE, metric)
            people = sorted(own)
            found = summarised([own[p] for p in people], [base[p] for p in people], seed=seed)
            table.append(
                {
                    "set": test_set,
                    "units": units,
                    "model": model,
                    "metric": metric,
                    "people": found.people,
                    "mean": round(found.mean, 4),
                    "ratio": round(found.ratio, 4),
                    "interval": [round(end, 4) for end in found.ratio_interval],
                }
            )
    return table


def trained_on(model: Model) -> set[str]:
    """Subjects that the model learned from, or that chose it."""
    training = model.card.training
    return {*training.get("people", []), *training.get("validation_people", [])}


def refuse_training_people(models: Sequence[Model], people: Sequence[str], *, purpose: str = "test") -> None:
    """`InputError` that names the subjects who are in both a model's training set and the set for `purpose`."""
    for model in models:
        if both := sorted(trained_on(model) & set(people)):
            raise InputError(f"{model.card.name} was trained on {', '.join(both)}: they cannot {purpose} it")


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
