"""Reading a run: which row answers for which cell, and means over people with their bootstrap intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .catalogue import EXPERIMENTS, METHODS
from .run import RESULTS, read_run
from .store import Store

BOOTSTRAPS = 10_000
ORDER = list(METHODS)
GROUPS = {"known scanners": ("known",), "other scanners": ("other",), "all": ("known", "other")}


@dataclass(frozen=True)
class Summary:
    """Mean over people, its 95 % interval, and the ratio to a baseline over the same people with its interval."""

    people: int
    mean: float
    interval: tuple[float, float]
    ratio: float = float("nan")
    ratio_interval: tuple[float, float] = (float("nan"), float("nan"))
    difference: float = float("nan")
    difference_interval: tuple[float, float] = (float("nan"), float("nan"))


def summarised(values: Sequence[float], baseline: Sequence[float] | None = None, *, seed: int = 0) -> Summary:
    """Bootstrap over people; `baseline` holds the same people in the same order, drawn together (paired)."""
    own = np.asarray(values, float)
    picks = np.random.default_rng(seed).integers(len(own), size=(BOOTSTRAPS, len(own)))
    means = own[picks].mean(1)
    summary = Summary(len(own), float(own.mean()), _interval(means))
    if baseline is None:
        return summary
    base = np.asarray(baseline, float)
    others = base[picks].mean(1)
    return Summary(
        summary.people,
        summary.mean,
        summary.interval,
        float(own.mean() / base.mean()),
        _interval(means / others),
        float(own.mean() - base.mean()),
        _interval(means - others),
    )


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


class Results:
    """What a folder of experiments holds.

    Args:
        output: the folder that `iqt experiments run` wrote.
    """

    def __init__(self, output: Path) -> None:
        self.output = Path(output)
        self.run = read_run(output)
        self.store = Store(self.output / RESULTS)
        self.entries: list[dict[str, str]] = self.run["entries"]
        self.scanner = {entry["person"]: entry["scanner"] for entry in self.run["people"]["people"]}

    def has(self, experiment: str) -> bool:
        """Whether there is anything to tell of it."""
        return any(True for _ in self.rows(experiment))

    def methods(self, experiment: str) -> list[str]:
        """Planned methods of an experiment, in the catalogue's order, whichever was run first."""
        planned = dict.fromkeys(e["method"] for e in self.entries if e["experiment"] == experiment)
        return sorted(planned, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def rows(self, experiment: str, **where: str):
        """(entry, row) of every cell that is there and fits `where`."""
        for entry in self._entries(experiment, **where):
            row = self.store.row(entry["key"])
            if row is not None:
                yield entry, row

    def missing(self, experiment: str, **where: str) -> str:
        """Why cells have no row: what failed, or that they were not run; empty when all are there."""
        left = [entry for entry in self._entries(experiment, **where) if self.store.row(entry["key"]) is None]
        failures = {self.run["failures"].get(entry["key"], "not run") for entry in left}
        return "; ".join(sorted(failures))

    def by_person(
        self, experiment: str, method: str, test_set: str, path: Sequence[str], group: str = "all"
    ) -> dict[str, float]:
        """The value at `path` of the rows, by person of the group."""
        found = {}
        for entry, row in self.rows(experiment, method=method, test_set=test_set):
            if self.scanner.get(entry["person"]) in GROUPS[group]:
                value: Any = row
                for name in path:
                    value = value[name]
                found[entry["person"]] = float(value)
        return found

    def common(self, experiment: str, test_set: str, group: str) -> set[str]:
        """People of the group whom every method was measured on that was measured on any of them."""
        found = {}
        for entry, _ in self.rows(experiment, test_set=test_set):
            if self.scanner.get(entry["person"]) in GROUPS[group]:
                found.setdefault(entry["method"], set()).add(entry["person"])
        return set.intersection(*found.values()) if found else set()

    def summary(
        self,
        experiment: str,
        method: str,
        test_set: str,
        path: Sequence[str],
        *,
        group: str,
        baseline: str = "",
        people: set[str] | None = None,
    ) -> Summary | None:
        """Over the people who are there (of `people`); with a baseline, over those who have both; None for nobody."""
        own = self.by_person(experiment, method, test_set, path, group)
        own = {person: value for person, value in own.items() if people is None or person in people}
        if not baseline or baseline == method:
            return summarised(list(own.values())) if own else None
        base = self.by_person(experiment, baseline, test_set, path, group)
        both = [person for person in own if person in base]
        return summarised([own[p] for p in both], [base[p] for p in both]) if both else None

    def scores(self) -> Iterator[dict[str, Any]]:
        """Every score of every cell of the tables, one by one: what the means are made of."""
        for experiment in (name for name, one in EXPERIMENTS.items() if one.measure == "scores"):
            for entry, row in self.rows(experiment):
                cell = {name: entry[name] for name in ("experiment", "method", "person", "test_set")}
                cell["scanner"] = self.scanner.get(entry["person"], "")
                cell |= dict(zip(("snr_wm", "snr_gm"), row["snr"], strict=True))
                for units in ("as is", "gain matched"):
                    yield from (cell | {"units": units, "metric": m, "value": v} for m, v in row[units].items())

    def _entries(self, experiment: str, **where: str) -> list[dict[str, str]]:
        return [
            entry
            for entry in self.entries
            if entry["experiment"] == experiment and all(entry[name] == value for name, value in where.items())
        ]


def recoveries(results: Results, method: str, test_set: str, sign: int) -> dict[float, float]:
    """Mean recovery of bright (`sign` 1) or dark (-1) lesions by their diameter in mm."""
    found: dict[float, list[float]] = {}
    for _, row in results.rows("lesions", method=method, test_set=test_set):
        for lesion in row["lesions"]:
            if lesion["contrast"] * sign > 0:
                found.setdefault(lesion["diameter"], []).append(lesion["recovery"])
    return {size: float(np.mean(found[size])) for size in sorted(found)}
