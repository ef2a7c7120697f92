"""The report's pages on regression to the mean and on lesions."""

from pathlib import Path

import numpy as np

from ...evaluation.bias import contrast_between, contrast_response
from ..blocks import Block, Bullets, Picture, Table, Text, plot
from ..catalogue import METHODS, PUBLISHED_SETS
from ..results import BASELINE, FEW, GROUPS, SHORT, Results, Summary, number, recoveries, span, subjects, summarised

MEASURES: dict[str, tuple[tuple[str, ...], str]] = {
    "shrinkage slope, GM": (("shrinkage", "GM", "slope"), "1"),
    "shrinkage slope, WM": (("shrinkage", "WM", "slope"), "1"),
    "the same by Theil-Sen, GM": (("shrinkage", "GM", "theil_sen"), "1"),
    "the same by Theil-Sen, WM": (("shrinkage", "WM", "theil_sen"), "1"),
    "slope of bias by decile, brain": (("decile slope",), "0"),
    "slope of bias by decile, GM": (("decile slope by tissue", "GM"), "0"),
    "slope of bias by decile, WM": (("decile slope by tissue", "WM"), "0"),
    "high-frequency energy": (("high-frequency energy",), "1"),
    "high-frequency correlation": (("high-frequency correlation",), "1"),
    "WM/GM ratio of the estimate": (("ratio", "estimate"), ""),
}
"""Measure -> where it lies in a row, and its value for a perfect estimate."""


def bias_pages(results: Results, pictures: Path) -> list[Block]:
    """Tables of the bias measures by test set and kind of scanner, curves, and the evidence for the paper's claim."""
    blocks: list[Block] = [
        Text(
            "All estimates are scaled to the truth's mean in the brain first. Shrinkage: slope of the estimate's block "
            "means (4 x 4 x 4 voxels) on the truth's inside a tissue. Bias by decile: mean error in each tenth of the "
            "true intensities; a negative slope pulls dark voxels up and bright ones down. High frequency: what thick "
            "slices lose. An estimate that regresses to the mean has slopes below 1, negative bias slopes, too little "
            "high-frequency energy, and errors that grow with a patch's distance to the training."
        )
    ]
    for group in ("known scanners", "other scanners"):
        for test_set in PUBLISHED_SETS:
            table = _measures_table(results, group, test_set)
            if table.rows:
                blocks.append(table)
    blocks += [_contrast_table(results), *_curves(results, pictures), Bullets(verdict(results))]
    return blocks


def _measures_table(results: Results, group: str, test_set: str) -> Table:
    people = results.common("bias", test_set, group)
    methods = results.methods("bias")
    found = {
        (method, name): results.summary("bias", method, test_set, path, group=group, people=people)
        for method in methods
        for name, (path, _) in MEASURES.items()
    }
    methods = [method for method in methods if found[method, "high-frequency energy"] is not None]
    rows = [
        [name, perfect, *(_text(found[method, name]) for method in methods)] for name, (_, perfect) in MEASURES.items()
    ]
    header = ["measure", "perfect", *(METHODS[method].label for method in methods)]
    caption = f"{SHORT.get(test_set, test_set)}, {group} ({subjects(len(people))})"
    return Table(header, rows if methods else [], caption)


def _text(summary: Summary | None) -> str:
    return "" if summary is None else f"{number(summary.mean, 2)}\n{span(summary.interval, 2)}"


def _contrast_table(results: Results) -> Table:
    """Does the estimated WM/GM ratio follow the scan's (which differs between test sets), or the subject's true one?"""
    rows = []
    for method in results.methods("bias"):
        for group in GROUPS:
            found = [
                (e["person"], *(row["ratio"][name] for name in ("scan", "truth", "estimate")))
                for e, row in results.rows("bias", method=method)
                if results.scanner.get(e["person"]) in GROUPS[group]
            ]
            if len(found) < 3:
                continue
            people = np.array([one[0] for one in found])
            scan, truth, estimate = (np.array([one[i] for one in found]) for i in (1, 2, 3))
            followed = contrast_between(people, truth, estimate)
            rows.append(
                [
                    METHODS[method].label,
                    group,
                    number(float(truth.mean()), 2),
                    number(float(estimate.mean()), 2),
                    number(contrast_response(people, scan, estimate), 2),
                    number(followed, 2) if np.isfinite(followed) else "",
                ]
            )
    header = [
        "method",
        "scanners",
        "true WM/GM",
        "estimated",
        "slope on the scan's contrast (perfect 0)",
        "slope on the subject's true contrast (perfect 1)",
    ]
    return Table(header, rows, "Contrast over all test sets")


CURVES = {
    "bias": (("decile bias",), "true intensity / mean", "bias", "Mean error by decile of the true intensity"),
    "rarity": (
        ("rarity", "rmse"),
        "decile of distance to the training's patches",
        "RMSE / mean",
        "Error of patches from common to rare",
    ),
}
"""Name of a picture -> where its curve lies in a row, its axes, its caption."""


def _curves(results: Results, pictures: Path) -> list[Block]:
    """A picture of each curve for each kind of scanner, a panel for each test set."""
    blocks: list[Block] = []
    for group in ("known scanners", "other scanners"):
        sets = [name for name in PUBLISHED_SETS if results.common("bias", name, group)]
        for name, (path, across, up, caption) in CURVES.items():
            found = {m: [_curve(results, m, s, group, path) for s in sets] for m in results.methods("bias")}
            whole = {m: [p for p in panels if p is not None] for m, panels in found.items()}
            shown = {m: panels for m, panels in whole.items() if panels and len(panels) == len(sets)}
            if shown:
                picture = pictures / f"{name}-{group.replace(' ', '-')}.png"
                labels = [f"{up}, {SHORT.get(s, s)}" for s in sets]
                plot(shown, picture, across=across, up=labels, level=0 if name == "bias" else None)
                blocks.append(Picture(picture, f"{caption}, {group}."))
    return blocks


def _curve(
    results: Results, method: str, test_set: str, group: str, path: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray] | None:
    """(x, y) of a curve, the mean over the subjects whom all methods were measured on; None without any."""
    people, found = results.common("bias", test_set, group), []
    for entry, row in results.rows("bias", method=method, test_set=test_set):
        if entry["person"] in people:
            for name in path:
                row = row[name]
            found.append(row)
    if not found:
        return None
    curve = np.mean(found, axis=0)
    return (curve[:, 0], curve[:, 1]) if curve.ndim == 2 else (np.arange(1, len(curve) + 1), curve)


def verdict(results: Results) -> list[str]:
    """The findings as sentences, whichever way they turn out."""
    sentences = []
    for group in ("known scanners", "other scanners"):
        for test_set in PUBLISHED_SETS:
            where = f"{SHORT.get(test_set, test_set)}, {group}"
            slopes = _means(results, ("decile slope",), test_set, group)
            if BASELINE not in slopes:
                continue
            plain = slopes.pop(BASELINE)
            if slopes:
                parts = ", ".join(f"{METHODS[m].label} {v:+.2f}" for m, v in sorted(slopes.items(), key=lambda i: i[1]))
                sentences.append(f"Bias slope by decile, {where}: interpolation {plain:+.2f}; {parts}.")
            sparse = [method for method in ("srep-paper", "srep", "ddl") if method in slopes]
            if "unet" in slopes and sparse:
                told = "; ".join(_against_network(results, method, test_set, group) for method in sparse)
                sentences.append(f"The paper's claim, less regression to the mean than the U-Net, {where}: {told}.")
    return sentences


def _against_network(results: Results, method: str, test_set: str, group: str) -> str:
    """Whether `method` has a bias slope nearer to 0 than the U-Net's, by the paired difference of their sizes."""
    slopes = [results.by_person("bias", name, test_set, ("decile slope",), group) for name in (method, "unet")]
    both = sorted(set(slopes[0]) & set(slopes[1]))
    own, base = ([abs(one[person]) for person in both] for one in slopes)
    found = summarised(own, base)
    low, high = found.difference_interval
    said = "holds" if high < 0 else "does not hold, it regresses more" if low > 0 else "no clear difference"
    if found.people < FEW:
        said = f"only {subjects(found.people)}"
    return f"{METHODS[method].label} {found.difference:+.2f} {span(found.difference_interval, 2)} ({said})"


def _means(results: Results, path: tuple[str, ...], test_set: str, group: str) -> dict[str, float]:
    people = results.common("bias", test_set, group)
    found = {m: results.summary("bias", m, test_set, path, group=group, people=people) for m in results.methods("bias")}
    return {method: summary.mean for method, summary in found.items() if summary is not None}


LESION_SETS = ("InD1", "OOD-ultra-low-field")
SIGNS = {"bright": 1, "dark": -1}


def lesion_pages(results: Results, pictures: Path) -> list[Block]:
    """Recovery by method, test set and size; bright and dark lesions apart, because their errors could cancel."""
    rows: list[tuple[str, str, dict[float, str]]] = []
    curves = {}
    for method in results.methods("lesions"):
        panels = []
        for test_set in LESION_SETS:
            found = {name: recoveries(results, method, test_set, sign) for name, sign in SIGNS.items()}
            if not all(found.values()):
                continue
            panels += [(np.array([*one]), np.array([*one.values()])) for one in found.values()]
            cells = {size: f"{found['bright'][size]:.2f} / {found['dark'][size]:.2f}" for size in found["bright"]}
            rows.append((METHODS[method].label, SHORT.get(test_set, test_set), cells))
        if len(panels) == len(LESION_SETS) * len(SIGNS):
            curves[method] = panels
    if not rows:
        return []
    sizes = sorted({size for *_, cells in rows for size in cells})
    header = ["method", "set", *(f"{size:.0f} mm: bright / dark" for size in sizes)]
    table = [[*names, *(cells.get(size, "") for size in sizes)] for *names, cells in rows]
    blocks: list[Block] = [
        Text(
            "Gaussian blobs of 30 % of the white matter's mean, brighter or darker, are put into the white matter; the "
            "coefficient is how much of a blob's contrast comes back (1: all of it, above 1: exaggerated, below 0: "
            "inverted). Interpolation's own value shows what the slices and the simulator's contrast leave of it."
        ),
        Table(header, table, "Recovery of inserted lesions"),
    ]
    if curves:
        up = [f"recovery, {SHORT.get(test_set, test_set)}, {sign}" for test_set in LESION_SETS for sign in SIGNS]
        path = plot(curves, pictures / "lesions.png", across="diameter (mm)", up=up, level=1)
        blocks.append(Picture(path, "Recovery coefficient of lesions, mean over subjects."))
    return blocks
