"""Every single score behind the tables, as rows of `scores.csv`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ..catalogue import EXPERIMENTS, Measure
from ..results import UNITS, Results

MEBIBYTE = 2**20
Told = Iterator[tuple[str, str, Any]]  # units, metric, value


def all_scores(results: Results) -> Iterator[dict[str, Any]]:
    """The rows: experiment, method, subject, test set, kind of scanner, SNR of the pair, units, metric, value."""
    for name, experiment in EXPERIMENTS.items():
        if experiment.measure not in TOLD:
            continue
        for entry, row in results.rows(name):
            cell = {key: entry[key] for key in ("experiment", "method", "person", "test_set")}
            snr = row["snr"] if experiment.measure in PAIRS else ("", "")
            cell |= {"scanner": results.scanner.get(entry["person"], "")} | dict(
                zip(("snr_wm", "snr_gm"), snr, strict=True)
            )
            for units, metric, value in TOLD[experiment.measure](row):
                yield cell | {"units": units, "metric": metric, "value": value}
    yield from _slices(results)


def _of_pairs(row: Mapping[str, Any]) -> Told:
    for units in UNITS:
        yield from ((units, metric, value) for metric, value in row[units].items())


def _of_any_scan(row: Mapping[str, Any]) -> Told:
    for metric, value in row["scores"].items():
        yield "fields matched", metric, value
        yield "fields matched", f"{metric} of interpolation", row["interpolation"][metric]
    if "interval" in row:
        yield "", "coverage", row["interval"]["coverage"]


def _of_lesions(row: Mapping[str, Any]) -> Told:
    """The mean over lesions of one size and sign."""
    found: dict[str, list[float]] = {}
    for lesion in row["lesions"]:
        kind = "bright" if lesion["contrast"] > 0 else "dark"
        found.setdefault(f"recovery of {kind} {lesion['diameter']:g} mm", []).append(lesion["recovery"])
    yield from (("gain matched", metric, float(np.mean(values))) for metric, values in found.items())


def _of_bias(row: Mapping[str, Any]) -> Told:
    for tissue, line in row["shrinkage"].items():
        yield "gain matched", f"shrinkage of {tissue}", line["slope"]
    yield "gain matched", "slope of bias", row["decile slope"]
    for name in ("high-frequency energy", "high-frequency correlation"):
        yield "gain matched", name, row[name]


def _of_cost(row: Mapping[str, Any]) -> Told:
    whole = max(row["runs"], key=lambda run: run["share"])
    peak = whole["peak"] and whole["peak"] / MEBIBYTE
    told = {name: whole[name] for name in ("seconds", "processor seconds")} | {"peak MiB": peak}
    told |= {"MiB of the model": row["bytes"] / MEBIBYTE, "training subjects": row.get("training subjects")}
    told |= {"numbers": row["numbers"], "training seconds": row["training seconds"]}
    yield from (("", metric, value) for metric, value in told.items() if value is not None)


PAIRS: tuple[Measure, ...] = ("scores", "lesions")  # rows that tell the SNR of the pair
TOLD: dict[Measure, Callable[[Mapping[str, Any]], Told]] = {
    "scores": _of_pairs,
    "any scan": _of_any_scan,
    "lesions": _of_lesions,
    "bias": _of_bias,
    "cost": _of_cost,
}


def _slices(results: Results) -> Iterator[dict[str, Any]]:
    """Slices, whose subjects are in the rows."""
    for name in (name for name, one in EXPERIMENTS.items() if one.measure == "slices"):
        for entry, row in results.rows(name):
            cell = {key: entry[key] for key in ("experiment", "method", "person", "test_set")}
            cell |= {"scanner": "", "snr_wm": "", "snr_gm": "", "units": "0 to 255"}
            for metric in ("psnr", "ssim", "ssim_gaussian", "seconds"):
                for subject, value in zip(row["subjects"], row[metric], strict=True):
                    yield cell | {"person": subject, "metric": metric, "value": value}
