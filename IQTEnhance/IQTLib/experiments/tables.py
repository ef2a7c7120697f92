"""Tables 1, 2 and 3: mean over people, 95 % interval, ratio to interpolation, and the published value."""

from collections.abc import Sequence

from .blocks import Block, Table, Text
from .catalogue import METHODS, PUBLISHED_SETS
from .published import published
from .results import GROUPS, Results, Summary

BASELINE = "cubic"
FEW = 3  # people; fewer prove nothing
UNITS = ("as is", "gain matched")
METRICS = {
    "nrmse_mean": "NRMSE (RMSE / mean)",
    "ssim": "SSIM (sigma 2.5, in the brain)",
    "nrmse_max": "NRMSE (RMSE / maximum)",
    "ssim_wang": "SSIM (Wang 2004, whole volume)",
}
TABLE_METRIC = {"nrmse_mean": 0, "ssim": 1}  # what the paper's columns are compared with (ALGORITHMS, finding 2)
SHORT = {"OOD-ultra-low-field": "OOD (assumed)"}


def number(value: float, digits: int = 3) -> str:
    """Fixed digits."""
    return f"{value:.{digits}f}"


def span(interval: Sequence[float], digits: int = 3) -> str:
    """An interval in brackets."""
    return f"[{interval[0]:.{digits}f}, {interval[1]:.{digits}f}]"


def cell(results: Results, table: str, method: str, test_set: str, metric: str, units: str, group: str) -> str:
    """A table's cell: mean and interval; ratio to interpolation and interval; the paper's value; or why it is empty."""
    summary = results.summary(table, method, test_set, (units, metric), group=group, baseline=BASELINE)
    lines = [] if summary is None else [f"{number(summary.mean)} {span(summary.interval)}"]
    if summary is not None and method != BASELINE:
        lines.append(f"×{number(summary.ratio, 2)} {span(summary.ratio_interval, 2)}")
    if metric in TABLE_METRIC and units == "as is" and (text := _paper(table, method, test_set, metric)):
        lines.append(text)
    why = results.missing(table, method=method, test_set=test_set)
    if summary is None:
        lines.insert(0, why or "no such person")
    elif why and group == "all":
        lines.append(f"({summary.people} people; the rest: {why})")
    return "\n".join(lines)


def _paper(table: str, method: str, test_set: str, metric: str) -> str:
    value = published(table, method, test_set)
    if value is None:
        return ""
    base = published("table1", BASELINE, test_set)
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
    header = ["scanners (people)", "method", *(SHORT.get(name, name) for name in sets)]
    return Table(header, rows, f"{METRICS[metric]}, {units}")


def scores_tables(results: Results, table: str, sets: Sequence[str] = PUBLISHED_SETS) -> list[Block]:
    """The table in all four metrics, as is and gain matched; sets without any result are left out."""
    if not any(entry["method"] != BASELINE for entry, _ in results.rows(table)):
        return [Text(f"Only interpolation was measured; the rest: {results.missing(table) or 'not run'}.")]
    sets = [name for name in sets if next(results.rows(table, test_set=name), None) is not None]
    return [scores_table(results, table, sets, metric, units) for metric in METRICS for units in UNITS]


def differences(results: Results, reference: str = "unet", metric: str = "nrmse_mean") -> list[Block]:
    """Every method's difference to `reference`, paired over people: what the paper's comparisons rest on."""
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
        f"Differences of {METRICS[metric]} to the U-Net, paired over people, with 95 % intervals; negative: the "
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
