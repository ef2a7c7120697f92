"""All systems side by side: slices and pairs, scans of any kind, lesions and bias, cost; from single scores.

It reads rows of `scores.csv`, so runs of several days or machines can be put together (`docs/reproduce/systems.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...evaluation.anyscan import KINDS
from ...evaluation.bootstrap import summarised
from ..blocks import Block, Table, Text
from ..catalogue import METHODS, PUBLISHED_SETS, SYSTEMS
from ..results import BASELINE, SHORT, number, span, subjects

Row = Mapping[str, Any]
IN_SLICES = {
    "cubic": "ixi-bicubic",
    "lrtv": "ixi-lrtv",
    "elrtv": "ixi-elrtv",
    "csc-sr": "ixi-csc",
    **{name: f"ixi-{name}" for name in ("scsr", "ne-lle", "zeyde", "gr", "anr", "aplus")},
}
# Systems of slices only.
ALONE = ("ixi-landweber", "ixi-aplus-landweber", "ixi-csc-landweber", "ixi-elrtv-study", "ixi-liif")
COSTS = {  # column -> metric, form
    "seconds": ("seconds", "{:.1f}"),
    "processor seconds": ("processor seconds", "{:.1f}"),
    "times cubic": ("times", "{:.1f}"),
    "peak MiB": ("peak MiB", "{:.0f}"),
    "numbers": ("numbers", "{:,.0f}"),
    "model MiB": ("MiB of the model", "{:.2f}"),
    "training minutes": ("minutes", "{:.0f}"),
    "subjects": ("training subjects", "{:.0f}"),
}
OOD = "OOD-ultra-low-field"
LESIONS = {"4 mm": "InD1", "6 mm": "InD1", "10 mm": "InD1", "": OOD}  # size, "" for all -> test set
BIAS = {
    "slope of bias": "slope of bias (0)",
    "shrinkage of WM": "shrinkage, WM (1)",
    "high-frequency energy": "detail: energy (1)",
    "high-frequency correlation": "detail: correlation (1)",
}
READING = (
    "A dash: the system does not take such images, or was not run on them. *Slices*: PSNR (dB) / SSIM on the 70 test "
    "slices of IXI. *InD1, InD2, OOD*: NRMSE, gain matched, as a ratio to cubic interpolation, and its 95 % interval "
    "(bootstrap over subjects)."
)
KIND = (
    "NRMSE as a ratio to cubic interpolation, and its 95 % interval, after smooth fields and contrast are matched. "
    "Nothing is said of the scans. Interpolation itself: its NRMSE."
)
KEPT = (
    "*Lesions*: share of the contrast of inserted blobs that the result keeps, bright / dark. *Slope of bias*: mean "
    "error by tenth of the true intensities; below 0 the estimate pulls dark voxels up and bright ones down. "
    "*Shrinkage*: slope of block means on the truth's inside white matter. *Detail*: of what thick slices lose, the "
    "energy that the estimate has, and its correlation with the truth's. InD1, gain matched. In brackets what a "
    "perfect estimate has; for lesions 1."
)
COST = (
    "One volume of high field, mask given, each in a process of its own. *Numbers*: parameters, or entries of "
    "dictionaries and matrices. *Training*: of the last stage, and the subjects learned from, from the model's card."
)


def systems_pages(rows: Iterable[Row]) -> list[Block]:
    """The tables; nothing if no system was measured.

    Args:
        rows: of `scores.csv` (`scores.all_scores`), values as numbers or text. Of two values of one cell the later
            counts.
    """
    scores = _Scores(rows)
    found = [name for name in (*SYSTEMS, *ALONE) if scores.knows(name)]
    if not found:
        return []
    sets = [SHORT.get(name, name) for name in PUBLISHED_SETS]
    header = ["system", "slices x2", "slices x4", *sets]
    table = [[METHODS[name].label, *scores.slices(name), *scores.pairs(name)] for name in found]
    volumes = [name for name in found if name in SYSTEMS]
    sizes = [f"lesions of {size}" if size else f"all, {SHORT[OOD]}" for size in LESIONS]
    blocks: list[Block] = [Text(READING), Table(header, table, "Slices, and pairs of the paper's simulator")]
    for text, caption, columns, cells in (
        (KIND, "Scans of any kind", [kind.title for kind in KINDS.values()], scores.kinds),
        (KEPT, "Lesions, and regression to the mean", [*sizes, *BIAS.values()], scores.kept),
        (COST, "Cost", list(COSTS), scores.cost),
    ):
        told = [[METHODS[name].label, *cells(name)] for name in volumes]
        measured = [row for row in told if any(cell != "–" for cell in row[1:])]
        blocks += [Text(text), Table(["system", *columns], measured, caption)] if measured else []
    return blocks


class _Scores:
    """Values by method, test set, units and metric, then by subject."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.values: dict[tuple[str, str, str, str], dict[str, float]] = {}
        for row in rows:
            if row["experiment"] in ("table2", "table3", "ixi-parts"):
                continue  # other settings, other slices
            key = (row["method"], row["test_set"], row["units"], row["metric"])
            self.values.setdefault(key, {})[row["person"]] = float(row["value"])

    def knows(self, name: str) -> bool:
        """Whether there is any value of that system."""
        return any(key[0] in (name, IN_SLICES.get(name, name)) for key in self.values)

    def slices(self, name: str) -> list[str]:
        """Cells for both scales."""
        cells = []
        for test_set in ("x2", "x4"):
            key = (IN_SLICES.get(name, name), test_set, "0 to 255")
            psnr, ssim = (self.values.get((*key, metric), {}) for metric in ("psnr", "ssim"))
            cells.append(f"{_mean(psnr):.2f} / {_mean(ssim):.4f}" if psnr else "–")
        return cells

    def pairs(self, name: str) -> list[str]:
        """Cells for the paper's test sets."""
        return [self._ratio(name, test_set, "gain matched", "nrmse_mean") for test_set in PUBLISHED_SETS]

    def kinds(self, name: str) -> list[str]:
        """Cells for scans of any kind."""
        where = [(name, kind, "fields matched") for kind in KINDS]
        return [self._ratio(*one, "nrmse", (*one, "nrmse of interpolation")) for one in where]

    def _ratio(
        self, name: str, test_set: str, units: str, metric: str, base_key: tuple[str, str, str, str] | None = None
    ) -> str:
        own = self.values.get((name, test_set, units, metric), {})
        base = self.values.get(base_key or (BASELINE, test_set, units, metric), {})
        both = [person for person in own if person in base]
        if not both:
            return "–"
        found = summarised([own[p] for p in both], [base[p] for p in both])
        if name == BASELINE:
            return f"{number(found.mean)}"
        few = f"\n({subjects(len(both))})" if len(both) < len(base) else ""
        return f"{number(found.ratio, 2)} {span(found.ratio_interval, 2)}{few}"

    def kept(self, name: str) -> list[str]:
        """Cells for lesions, bright / dark, and for regression to the mean."""
        cells = []
        for size, test_set in LESIONS.items():
            both = [self._recovery(name, f"recovery of {kind} {size}", test_set) for kind in ("bright", "dark")]
            cells.append(" / ".join(both) if any(text != "–" for text in both) else "–")
        means = [_mean(self.values.get((name, "InD1", "gain matched", metric), {})) for metric in BIAS]
        return [*cells, *(f"{mean:.2f}" if np.isfinite(mean) else "–" for mean in means)]

    def _recovery(self, name: str, metric: str, test_set: str) -> str:
        """The mean over subjects, and over all sizes whose metric begins so."""
        where = (name, test_set, "gain matched")
        found = [values for key, values in self.values.items() if key[:3] == where and key[3].startswith(metric)]
        return f"{np.mean([_mean(values) for values in found]):.2f}" if found else "–"

    def cost(self, name: str) -> list[str]:
        """Cells for time, memory, size and training."""
        metrics = [*(metric for metric, _ in COSTS.values()), "training seconds"]
        value = {metric: _mean(self.values.get((name, "InD1", "", metric), {})) for metric in metrics}
        value["minutes"] = value["training seconds"] / 60
        value["times"] = value["seconds"] / _mean(self.values.get((BASELINE, "InD1", "", "seconds"), {}))
        return [form.format(value[metric]) if np.isfinite(value[metric]) else "–" for metric, form in COSTS.values()]


def _mean(values: Mapping[str, float] | Sequence[float]) -> float:
    numbers = list(values.values()) if isinstance(values, Mapping) else list(values)
    return float(np.mean(numbers)) if numbers else float("nan")
