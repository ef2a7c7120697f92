"""All systems in one table: slices, the paper's pairs, scans of any kind, lesions and cost, from single scores.

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
LESIONS = ("4 mm", "8 mm")
READING = (
    "A dash: the system does not take such images, or was not run on them. *Slices*: PSNR (dB) / SSIM on the 70 test "
    "slices of IXI. *InD1, InD2, OOD*: NRMSE, gain matched, as a ratio to cubic interpolation, and its 95 % interval "
    "(bootstrap over subjects). *Any scan*: the same ratio after fields and contrast are matched, mean over subjects. "
    "*Lesions*: share of the contrast of inserted blobs that InD1 results keep, bright / dark (1 is ideal)."
)
COST = (
    "One volume of high field, mask given, each in a process of its own. *Numbers*: parameters, or entries of "
    "dictionaries and matrices. *Training*: of the last stage, from the model's card."
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
    kinds = [[METHODS[name].label, *scores.kinds(name), *scores.lesions(name)] for name in volumes]
    others = ["system", *(kind.title for kind in KINDS.values()), *(f"lesions of {size}" for size in LESIONS)]
    cost = [[METHODS[name].label, *scores.cost(name)] for name in volumes]
    return [
        Text(READING),
        Table(header, table, "Slices, and pairs of the paper's simulator"),
        Table(others, kinds, "Scans of any kind, and lesions"),
        Text(COST),
        Table(["system", "seconds", "processor seconds", "peak MiB", "numbers", "training"], cost, "Cost"),
    ]


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

    def _ratio(self, name: str, test_set: str, units: str, metric: str) -> str:
        own = self.values.get((name, test_set, units, metric), {})
        base = self.values.get((BASELINE, test_set, units, metric), {})
        both = [person for person in own if person in base]
        if not both:
            return "–"
        found = summarised([own[p] for p in both], [base[p] for p in both])
        if name == BASELINE:
            return f"{number(found.mean)}"
        few = f"\n({subjects(len(both))})" if len(both) < len(base) else ""
        return f"{number(found.ratio, 2)} {span(found.ratio_interval, 2)}{few}"

    def kinds(self, name: str) -> list[str]:
        """Cells for scans of any kind."""
        cells = []
        for kind in KINDS:
            own, base = (
                self.values.get((name, kind, "fields matched", metric), {})
                for metric in ("nrmse", "nrmse of interpolation")
            )
            cells.append(f"{_mean(own) / _mean(base):.2f}" if own else "–")
        return cells

    def lesions(self, name: str) -> list[str]:
        """Cells for bright / dark lesions."""
        cells = []
        for size in LESIONS:
            both = [self._recovery(name, f"recovery of {kind} {size}") for kind in ("bright", "dark")]
            cells.append(" / ".join(both) if any(text != "–" for text in both) else "–")
        return cells

    def _recovery(self, name: str, metric: str) -> str:
        values = self.values.get((name, "InD1", "gain matched", metric), {})
        return f"{_mean(values):.2f}" if values else "–"

    def cost(self, name: str) -> list[str]:
        """Cells for time, memory, size and training."""
        value = {
            metric: _mean(self.values.get((name, "InD1", "", metric), {}))
            for metric in ("seconds", "processor seconds", "peak MiB", "numbers", "training seconds")
        }
        forms = ("{:.1f}", "{:.1f}", "{:.0f}", "{:,.0f}")
        told = [form.format(v) if np.isfinite(v) else "–" for form, v in zip(forms, value.values(), strict=False)]
        training = value["training seconds"]
        return [*told, f"{training / 60:.0f} min" if np.isfinite(training) else "–"]


def _mean(values: Mapping[str, float] | Sequence[float]) -> float:
    numbers = list(values.values()) if isinstance(values, Mapping) else list(values)
    return float(np.mean(numbers)) if numbers else float("nan")
