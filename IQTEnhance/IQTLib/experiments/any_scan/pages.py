"""The report's page on scans of any kind: scores beside cubic interpolation, and what the intervals hold."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...evaluation.anyscan import KINDS
from ...evaluation.bootstrap import summarised
from ..blocks import Block, Table, Text
from ..catalogue import METHODS
from ..results import GROUPS, Results, number, span

READING = (
    "Scans of five kinds, simulated by other code than the methods train and work with; resolution, noise and contrast "
    "are measured from the scan as for a user. NRMSE (RMSE / mean) and SSIM in the brain after smooth fields of 40 mm "
    "and the best affine map of intensities are matched, as ratios to cubic interpolation of the same scan, and Dice "
    "of CSF, GM and WM minus interpolation's; 95 % intervals (bootstrap over subjects). *Worse*: the number of "
    "subjects for whom a method's NRMSE is larger than interpolation's."
)
HELD = (
    "Calibrated intervals: share of the brain's voxels whose truth they contain, by subject, tissue and tenth of "
    "intensity (least and most), and median half-width as a share of the brain's mean. *AUSE*: area between the "
    "sparsification curves (0 where the interval ranks voxels as their errors do)."
)


def any_scan_pages(results: Results, experiment: str = "any-scan") -> list[Block]:
    """A table of scores for each kind, and one of the intervals."""
    blocks: list[Block] = []
    for kind, what in KINDS.items():
        rows = [row for group in GROUPS for row in _rows(results, experiment, kind, group)]
        if rows:
            header = ("scanners (subjects)", "method", "NRMSE ×", "SSIM ×", "Dice", "worse", "seconds")
            blocks.append(Table(header, rows, what.title))
    held = [row for kind in KINDS for row in _held(results, experiment, kind)]
    if held:
        columns = ("kind", "method", "people", "coverage", "CSF / GM / WM", "tenths", "half-width", "AUSE")
        blocks += [Text(HELD), Table(columns, held, "What the intervals hold")]
    return [Text(READING), *blocks] if blocks else []


def _rows(results: Results, experiment: str, kind: str, group: str) -> list[list[str]]:
    rows = []
    for method in results.methods(experiment):
        found = _found(results, experiment, method, kind, group)
        if not found:
            continue
        cells = [_ratio(found, metric) for metric in ("nrmse", "ssim")]
        gained = [row["scores"]["dice"] - row["interpolation"]["dice"] for row in found]
        worse = sum(row["scores"]["nrmse"] > row["interpolation"]["nrmse"] for row in found)
        seconds = float(np.median([row["seconds"] for row in found]))
        told = [*cells, f"{np.mean(gained):+.3f}", f"{worse} of {len(found)}", f"{seconds:.0f}"]
        rows.append([f"{group} ({len(found)})", METHODS[method].label, *told])
    return rows


def _ratio(found: Sequence[Mapping[str, Any]], metric: str) -> str:
    summary = summarised([row["scores"][metric] for row in found], [row["interpolation"][metric] for row in found])
    return f"{number(summary.ratio)} {span(summary.ratio_interval)}"


def _held(results: Results, experiment: str, kind: str) -> list[list[str]]:
    rows = []
    for method in results.methods(experiment):
        found = [row["interval"] for row in _found(results, experiment, method, kind, "all") if "interval" in row]
        if not found:
            continue
        coverage = [one["coverage"] for one in found]
        tissues = [np.mean([one["by tissue"][name] for one in found]) for name in found[0]["by tissue"]]
        tenths = np.mean([one["by intensity"] for one in found], axis=0)
        rows.append(
            [
                KINDS[kind].title,
                METHODS[method].label,
                str(len(found)),
                f"{np.mean(coverage):.3f} ({min(coverage):.3f} to {max(coverage):.3f})",
                " / ".join(f"{share:.2f}" for share in tissues),
                f"{min(tenths):.2f} to {max(tenths):.2f}",
                f"{np.mean([one['half-width'] for one in found]):.3f}",
                f"{np.mean([one['sparsification'] for one in found]):.2f}",
            ]
        )
    return rows


def _found(results: Results, experiment: str, method: str, kind: str, group: str) -> list[dict[str, Any]]:
    cells = results.rows(experiment, method=method, test_set=kind)
    return [row for entry, row in cells if results.scanner.get(entry["person"]) in GROUPS[group]]
