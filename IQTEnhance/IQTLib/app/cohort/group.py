"""`iqt bids ... group`: one page and one table of all scans that were enhanced, or could not be."""

import base64
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import __version__
from ...errors import InputError
from ...events import SILENT, Reporter
from ...io.files import whole_file
from ...io.reading import read_bytes
from .dataset import DESC, is_ours
from .participant import read_sidecar

TABLE, PAGE = "iqt_scans.tsv", "iqt_report.html"
TEMPLATE = "report.html"
MOST_PICTURE = 2**20
MOST_PICTURES = 5000  # about 100 MB of page; those of warnings first
BARS = 20
NUMBER = re.compile(r"\d+(\.\d+)?")
COLUMNS = {
    "participant_id": "Participant",
    "session_id": "Session",
    "scan": "Scan",
    "outcome": "Outcome",
    "gauge": "Gauge",
    "gauge_distance": "Distance",
    "snr": "SNR",
    "resolution": "Resolution, mm",
    "slice_spacing": "Slices, mm",
    "voxel": "Result, mm",
    "brain_litres": "Brain, L",
    "manufacturer": "Scanner",
    "field_strength": "Field, T",
    "model": "Model",
    "seconds": "Seconds",
    "warnings": "Warnings",
}
MISSING = "n/a"  # as BIDS has it in tables
DISTRIBUTIONS = {
    "gauge_distance": "Distance from scans that the models know (1: edge)",
    "snr": "SNR of the scans (mean of the brain / noise)",
    "resolution": "Resolution of the scans, mm",
    "slice_spacing": "Slice spacing, mm",
    "brain_litres": "Brain, L",
}


@dataclass(frozen=True)
class Row:
    """A scan: values by the names of `COLUMNS`, None where unknown, and its picture (None: it failed)."""

    values: dict[str, Any]
    picture: Path | None = None


@dataclass(frozen=True)
class Histogram:
    """Bars from `low` to `high`, heights relative to the tallest."""

    title: str
    low: float
    high: float
    counts: tuple[int, ...]

    @property
    def bars(self) -> list[float]:
        return [count / max(self.counts) for count in self.counts]


def write_group_report(output: Path, *, report: Reporter = SILENT) -> list[Row]:
    """Write the page and the table of the derivatives in `output`; returns the rows.

    Raises:
        InputError: the folder holds no results. CancelledError.
    """
    if not is_ours(output):
        raise InputError(f"{output} holds no results of `participant`: enhance scans first")
    sidecars = sorted(output.glob(f"sub-*/**/anat/*_desc-{DESC}_*.json"))
    found = [_row(path, output) for path in report.track(sidecars, total=len(sidecars), message="reading results")]
    found += [_failure(path) for path in (output / "logs").glob("sub-*.json")]
    if not found:
        raise InputError(f"{output} holds no enhanced scans yet")
    named = {row.values["scan"]: row for row in found}  # a failure hides the result of a scan that was there before
    rows = [named[name] for name in sorted(named)]
    with whole_file(output / TABLE) as part:
        part.write_text(_table(rows), encoding="utf-8")
    with whole_file(output / PAGE) as part:
        part.write_text(_page(rows), encoding="utf-8")
    report.result(f"{output / PAGE}: {len(rows)} scans", page=str(output / PAGE), table=str(output / TABLE))
    return rows


def _row(path: Path, output: Path) -> Row:
    """A damaged sidecar counts as a failure: the next run of `participant` repairs it."""
    told = read_sidecar(path)
    name = path.name.removesuffix(".json")
    if told is None:
        return Row(_values(name, "failed", {}, ["the JSON file of the result is damaged: enhance it again"]))
    given = told.get("Warnings")
    warnings = [str(line) for line in given] if isinstance(given, list) else []
    picture = output / path.relative_to(output).parts[0] / "figures" / f"{name}.jpg"
    return Row(_values(name, "warnings" if warnings else "done", told, warnings), picture)


def _failure(path: Path) -> Row:
    told = read_sidecar(path) or {}
    return Row(_values(path.name.removesuffix(".json"), "failed", {}, [str(told.get("Failed", "unknown"))]))


def _values(name: str, outcome: str, told: dict[str, Any], warnings: Sequence[str]) -> dict[str, Any]:
    entities = dict(part.split("-", 1) for part in name.split("_") if "-" in part)
    spacing, result, width = (_numbers(told.get(key)) for key in ("ScanVoxels", "Voxels", "Resolution"))
    session = entities.get("ses")
    scanner = [told[key] for key in ("Manufacturer", "ManufacturersModelName") if isinstance(told.get(key), str)]
    return {
        "participant_id": f"sub-{entities.get('sub', '')}",
        "session_id": f"ses-{session}" if session else None,
        "scan": name.replace(f"_desc-{DESC}", ""),
        "outcome": outcome,
        "gauge": told.get("Gauge") if isinstance(told.get("Gauge"), str) else None,
        "gauge_distance": _number(told.get("GaugeDistance")),
        "snr": _number(told.get("SNR"), 1),
        "resolution": max(width, default=None),
        "slice_spacing": max(spacing, default=None),
        "voxel": max(result, default=None),
        "brain_litres": _number(told.get("BrainLitres")),
        "manufacturer": " ".join(scanner) or None,
        "field_strength": _number(told.get("MagneticFieldStrength")),
        "model": told.get("Model") if isinstance(told.get("Model"), str) else None,
        "seconds": _number(told.get("Seconds"), 1),
        "warnings": "; ".join(warnings) or None,
    }


def _number(value: Any, digits: int = 2) -> float | None:
    return round(value, digits) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _numbers(values: Any) -> list[float]:
    found = [_number(value) for value in values] if isinstance(values, list) else []
    return [value for value in found if value is not None]


def _table(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, "excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        told = (row.values[name] for name in COLUMNS)
        writer.writerow(MISSING if value is None else " ".join(str(value).split()) for value in told)
    return text.getvalue()


def _page(rows: Sequence[Row]) -> str:
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(loader=PackageLoader(__package__, ""), autoescape=select_autoescape())
    kinds = Counter(
        NUMBER.sub("#", text) for row in rows for text in (row.values["warnings"] or "").split("; ") if text
    )
    found = (histogram(title, [row.values[name] for row in rows]) for name, title in DISTRIBUTIONS.items())
    first = sorted(rows, key=lambda row: row.values["outcome"] == "done")[:MOST_PICTURES]
    shown = {row.picture for row in first if row.picture is not None}
    return environment.get_template(TEMPLATE).render(
        columns=COLUMNS,
        rows=rows,
        outcomes=Counter(row.values["outcome"] for row in rows),
        histograms=[one for one in found if one],
        warnings=kinds.most_common(),
        pictures={path: _inline(path) for path in shown},
        version=__version__,
    )


def histogram(title: str, values: Sequence[float | None]) -> Histogram | None:
    """`BARS` equal bins over the known `values`; None if there are none."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    width = (high - low) / BARS or 1
    places = Counter(min(int((value - low) / width), BARS - 1) for value in known)
    return Histogram(title, low, high, tuple(places[place] for place in range(BARS)))


def _inline(path: Path) -> str:
    """A picture as an address that holds it; "" where it is missing."""
    try:
        return "data:image/jpeg;base64," + base64.b64encode(read_bytes(path, most=MOST_PICTURE)).decode()
    except OSError:
        return ""
