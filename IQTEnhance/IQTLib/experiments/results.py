"""Reading a run: means over subjects with their intervals, and Tables 1, 2 and 3."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..evaluation.bootstrap import Summary, summarised
from ..evaluation.heldout import BASELINE
from .blocks import Block, Table, Text
from .catalogue import METHODS, PUBLISHED_SETS
from .published import published, stated
from .run import RESULTS, read_run
from .tasks import Store

ORDER = list(METHODS)
GROUPS = {"known scanners": ("known",), "other scanners": ("other",), "all": ("known", "other")}


class Results:
    """The results in a folder of experiments.

    Args:
        output: the folder that `iqt experiments run` wrote.
    """

    def __init__(self, output: Path) -> None:
        self.output = Path(output)
        self.run = read_run(output)
        self.store = Store(self.output / RESULTS)
        self.entries: list[dict[str, str]] = self.run["entries"]
        people = self.run["people"]
        self.scanner = {one["person"]: one["scanner"] for one in (*people["people"], *people.get("any_scan", []))}

    def has(self, experiment: str) -> bool:
        """Whether there are results of it."""
        return any(True for _ in self.rows(experiment))

    def methods(self, experiment: str) -> list[str]:
        """Planned methods of an experiment, in the catalogue's order, whichever was run first."""
        planned = dict.fromkeys(e["method"] for e in self.entries if e["experiment"] == experiment)
        return sorted(planned, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def rows(self, experiment: str, **where: str) -> Iterator[tuple[dict[str, Any], Any]]:
        """(entry, row) of every available cell that matches `where`."""
        for entry in self._entries(experiment, **where):
            row = self.store.row(entry["key"])
            if row is not None:
                yield entry, row

    def missing(self, experiment: str, **where: str) -> str:
        """Why cells have no row: an error, or not run; empty if none is missing."""
        left = [entry for entry in self._entries(experiment, **where) if self.store.row(entry["key"]) is None]
        failures = {self.run["failures"].get(entry["key"], "not run") for entry in left}
        return "; ".join(sorted(failures))

    def by_person(
        self, experiment: str, method: str, test_set: str, path: Sequence[str], group: str = "all"
    ) -> dict[str, float]:
        """The value at `path` of the rows, by subject of the group."""
        found = {}
        for entry, row in self.rows(experiment, method=method, test_set=test_set):
            if self.scanner.get(entry["person"]) in GROUPS[group]:
                value: Any = row
                for name in path:
                    value = value[name]
                found[entry["person"]] = float(value)
        return found

    def common(self, experiment: str, test_set: str, group: str) -> set[str]:
        """Subjects of the group that all methods with results in this group have in common."""
        found: dict[str, set[str]] = {}
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
        """Summary over available subjects (of `people`), with a baseline over those who have both; None if none has."""
        own = self.by_person(experiment, method, test_set, path, group)
        own = {person: value for person, value in own.items() if people is None or person in people}
        if not baseline or baseline == method:
            return summarised(list(own.values())) if own else None
        base = self.by_person(experiment, baseline, test_set, path, group)
        both = [person for person in own if person in base]
        return summarised([own[p] for p in both], [base[p] for p in both]) if both else None

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


FEW = 3  # subjects; fewer prove nothing
UNITS = ("as is", "gain matched")
METRICS = {
    "nrmse_mean": "NRMSE (RMSE / mean)",
    "ssim": "SSIM (sigma 2.5, in the brain)",
    "nrmse_max": "NRMSE (RMSE / maximum)",
    "ssim_wang": "SSIM (Wang 2004, whole volume)",
}
TABLE_METRIC = {"nrmse_mean": 0, "ssim": 1}  # what the paper's columns are compared with (nrmse_mean, not nrmse_max)
SHORT = {"OOD-ultra-low-field": "OOD (assumed)"}


def number(value: float, digits: int = 3) -> str:
    """Fixed digits."""
    return f"{value:.{digits}f}"


def span(interval: Sequence[float], digits: int = 3) -> str:
    """An interval in brackets."""
    return f"[{interval[0]:.{digits}f}, {interval[1]:.{digits}f}]"


def subjects(count: int) -> str:
    """Their number in words."""
    return f"{count} subject{'s' if count != 1 else ''}"


def cell(results: Results, table: str, method: str, test_set: str, metric: str, units: str, group: str) -> str:
    """A table cell: mean and interval; ratio to interpolation and interval; the paper's value; or why it is empty."""
    summary = results.summary(table, method, test_set, (units, metric), group=group, baseline=BASELINE)
    lines = [] if summary is None else [f"{number(summary.mean)} {span(summary.interval)}"]
    if summary is not None and method != BASELINE:
        lines.append(f"×{number(summary.ratio, 2)} {span(summary.ratio_interval, 2)}")
    if metric in TABLE_METRIC and units == "as is" and (text := _paper(table, method, test_set, metric)):
        lines.append(text)
    why = results.missing(table, method=method, test_set=test_set)
    if summary is None:
        lines.insert(0, why or "no such subject")
    elif why and group == "all":
        lines.append(f"({subjects(summary.people)}; the rest: {why})")
    return "\n".join(lines)


def _paper(table: str, method: str, test_set: str, metric: str) -> str:
    value = published(table, method, test_set)
    if value is None:
        return ""
    base = stated("table1", BASELINE, test_set.partition("-ultra")[0])
    index = TABLE_METRIC[metric]
    ratio = "" if method == BASELINE else f" ×{value[index] / base[index]:.2f}"
    return f"paper {value[index]:.3f}{ratio}"


def scores_table(results: Results, table: str, sets: Sequence[str], metric: str, units: str) -> Table:
    """One metric in one kind of units, methods by test sets, for known scanners, other scanners and all."""
    rows = []
    for group in GROUPS:
        people = {e["person"] for e, _ in results.rows(table) if results.scanner.get(e["person"]) in GROUPS[group]}
        if not people:
            continue
        for method in results.methods(table):
            cells = [cell(results, table, method, test_set, metric, units, group) for test_set in sets]
            rows.append([f"{group} ({len(people)})", METHODS[method].label, *cells])
    header = ["scanners (subjects)", "method", *(SHORT.get(name, name) for name in sets)]
    return Table(header, rows, f"{METRICS[metric]}, {units}")


def scores_tables(results: Results, table: str, sets: Sequence[str] = PUBLISHED_SETS) -> list[Block]:
    """The table in all four metrics, as is and gain matched; sets without any result are left out."""
    if not any(entry["method"] != BASELINE for entry, _ in results.rows(table)):
        return [Text(f"Only interpolation was measured; the rest: {results.missing(table) or 'not run'}.")]
    sets = [name for name in sets if next(results.rows(table, test_set=name), None) is not None]
    return [scores_table(results, table, sets, metric, units) for metric in METRICS for units in UNITS]


def differences(results: Results, reference: str = "unet", metric: str = "nrmse_mean") -> list[Block]:
    """Every method's difference from `reference`, paired over subjects, as in the paper's comparisons."""
    rows = []
    for units in UNITS:
        for group in GROUPS:
            for method in results.methods("table1"):
                found = [
                    results.summary("table1", method, name, (units, metric), group=group, baseline=reference)
                    for name in PUBLISHED_SETS
                ]
                if method != reference and any(found):
                    rows.append([units, group, METHODS[method].label, *(_difference(one) for one in found)])
    header = ["units", "scanners", "method", *(SHORT.get(name, name) for name in PUBLISHED_SETS)]
    if not rows:
        return []
    text = (
        f"Differences of {METRICS[metric]} to the U-Net, paired over subjects, with 95 % intervals; negative: the "
        "method is better than the U-Net. The paper's claim that IQT-SRep beats IQT-DL out of distribution rests on a "
        "difference of -0.005 (five volumes, no interval)."
    )
    return [Text(text), Table(header, rows)]


def _difference(summary: Summary | None) -> str:
    if summary is None:
        return "not run"
    low, high = summary.difference_interval
    mark = "" if summary.people < 2 or low <= 0 <= high else " *"
    return f"{summary.difference:+.3f} [{low:+.3f}, {high:+.3f}]{mark}"
