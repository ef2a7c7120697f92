"""Findings: sentences generated from the numbers, and the scores in the cards of the measured models.

python -m IQTLib.experiments.findings results/
"""

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..evaluation.heldout import UNITS, into_card, summary
from ..models.store import find, read_card, write_card
from .catalogue import METHODS, PUBLISHED_SETS
from .published import published, stated
from .results import BASELINE, FEW, SHORT, Results, Summary, number, recoveries, span, subjects

PATH = ("as is", "nrmse_mean")
SETTINGS = {"table2": "atoms", "table3": "patch"}  # and the field of `MethodSpec` that is varied


def findings(results: Results) -> list[str]:
    """A sentence for each kind of scanner and test set, then for the paper's two comparisons."""
    sentences = []
    for group in ("known scanners", "other scanners"):
        for test_set in PUBLISHED_SETS:
            found = {m: s for m in results.methods("table1") if (s := _ratio(results, m, test_set, group)) is not None}
            if found:
                sentences.append(_ranking(found, f"{SHORT.get(test_set, test_set)}, {group}"))
    sentences += [text for name in ("srep-paper", "srep", "ddl") if (text := _against_network(results, name))]
    sentences += [text for test_set in ("InD1", "OOD-ultra-low-field") if (text := _lesions(results, test_set))]
    sentences += [text for table, what in SETTINGS.items() if (text := _settings(results, table, what))]
    return sentences or ["Nothing has been measured yet."]


def _settings(results: Results, table: str, what: str) -> str:
    """How the error relative to interpolation depends on a setting of IQT-SRep and IQT-DDL, next to the paper's."""
    parts, base = [], stated("table1", BASELINE, "InD1")[0]
    for kind, name in (("srep", "IQT-SRep"), ("ddl", "IQT-DDL")):
        rows = []
        for method in (m for m in results.methods(table) if METHODS[m].training == kind):
            found = results.summary(table, method, "InD1", PATH, group="known scanners", baseline=BASELINE)
            if found is not None:
                paper = stated(table, method, "InD1")[0]
                rows.append((getattr(METHODS[method], what), number(found.ratio, 2), number(paper / base, 2)))
        if rows:
            sizes, ours, papers = (" / ".join(map(str, column)) for column in zip(*sorted(rows), strict=True))
            parts.append(f"{name} {sizes}: ×{ours} (paper ×{papers})")
    where = "NRMSE, as is, against cubic interpolation, InD1, known scanners, this run's trainings"
    return f"{what.capitalize()}, {where}: {'; '.join(parts)}." if parts else ""


def _lesions(results: Results, test_set: str) -> str:
    """The recovered contrast of artificial lesions for each method, bright and dark."""
    parts = []
    for method in results.methods("lesions"):
        means = [recoveries(results, method, test_set, sign) for sign in (1, -1)]
        if all(means):
            bright, dark = (sum(one.values()) / len(one) for one in means)
            parts.append(f"{METHODS[method].label} {bright:.2f} / {dark:.2f}")
    where = SHORT.get(test_set, test_set)
    return f"Recovered contrast of bright / dark artificial lesions, {where}: {', '.join(parts)}." if parts else ""


def _ratio(results: Results, method: str, test_set: str, group: str) -> Summary | None:
    if method == BASELINE:
        return None
    return results.summary("table1", method, test_set, PATH, group=group, baseline=BASELINE)


def _ranking(found: dict[str, Summary], where: str) -> str:
    """Methods by their error relative to interpolation, naming those that are worse."""
    order = sorted(found, key=lambda method: found[method].ratio)
    parts = ", ".join(f"{METHODS[m].label} ×{found[m].ratio:.2f} {span(found[m].ratio_interval, 2)}" for m in order)
    worse = [METHODS[method].label for method in order if found[method].ratio > 1]
    plainly = f" **Worse than interpolation: {', '.join(worse)}.**" if worse else ""
    return f"{where}: NRMSE, as is, against cubic interpolation: {parts}.{plainly}"


def _against_network(results: Results, method: str) -> str:
    """Does `method` beat the U-Net out of distribution, as the paper claims for IQT-SRep and IQT-DDL?"""
    parts = []
    for group in ("known scanners", "other scanners"):
        found = results.summary("table1", method, "OOD-ultra-low-field", PATH, group=group, baseline="unet")
        if found is not None and math.isfinite(found.difference):
            low, high = found.difference_interval
            verdict = "better" if high < 0 else "worse" if low > 0 else "no clear difference"
            if found.people < FEW:
                verdict = f"only {subjects(found.people)}"
            parts.append(f"{group} {found.difference:+.3f} [{low:+.3f}, {high:+.3f}] ({verdict})")
    paper = published("table1", method, "OOD")
    unet = published("table1", "unet", "OOD")
    said = f" The paper: {paper[0] - unet[0]:+.3f}, no interval." if paper and unet else ""
    return f"{METHODS[method].label} minus U-Net, NRMSE in OOD, as is: {'; '.join(parts)}.{said}" if parts else ""


def _assumed_distribution(results: Results) -> str:
    """Our assumption about ultra-low field, and how far interpolation then is from the published row."""
    text = (
        "The OOD distribution is not published. Ours (mean SNR 9.0 / 9.8, white matter fixed) is an assumption that "
        "all OOD columns depend on"
    )
    paper, parts = published("table1", BASELINE, "OOD"), []
    for group in ("known scanners", "other scanners"):
        found = results.summary("table1", BASELINE, "OOD-ultra-low-field", PATH, group=group)
        if found is not None:
            parts.append(f"{number(found.mean)} {span(found.interval)} on {group}")
    if not parts or paper is None:
        return f"{text}: they cannot be compared with the paper's."
    return (
        f"{text}: interpolation's NRMSE is {' and '.join(parts)} where the paper has {number(paper[0])}, so neither "
        "values nor ratios of these columns can be compared with the paper's."
    )


def not_reproduced(results: Results) -> list[str]:
    """Known differences from the paper, including those in the numbers of this run."""
    sentences = [
        "The paper's subjects (Human Connectome Project, 0.7 mm) are not available to us; ours are from four open "
        "sources, at 0.8 to 1 mm, some of them less sharp. Their own WM/GM contrast differs from HCP's, and with it "
        "every absolute number (see Interpolation against the paper). Compare ratios to interpolation rather than "
        "values.",
        _assumed_distribution(results),
        "InD2's five SNR pairs are not published. Draws beyond Mahalanobis distance 3 differ widely in contrast, so "
        "InD2-low and InD2-high are shown apart; by its size the paper's error lies on the low-contrast side.",
        "The shipped networks were trained on CPUs, with 8 or 16 filters and a small part of the paper's steps "
        "(see their cards). The recipes `unet-paper`, `ddl-paper` and `ddl-128-paper` have the paper's sizes, losses "
        "and steps, but neither its normalisation of intensities (histogram landmarks, a z-score of the patch library) "
        "nor its way of putting patches of the training's size together.",
        "The paper prints no numbers of parameters. Those of our networks are what our reading of its text and of the "
        "code that it builds on comes to; nothing published can confirm them.",
        "Tables 2 and 3 are trained at the scale stated there, not at the paper's. IQT-DDL's patch size is that of the "
        "training; whole volumes are enhanced in larger windows.",
        "Tissue maps are estimated (no SPM12), which shifts the simulator's contrast near tissue borders.",
        "The paper's IQT-SRep code is not public: lambda 0.01, stride and features are our reading of it. Published "
        "times are from MATLAB on a laptop; ours are Python on the machine above.",
    ]
    for method in ("srep-paper", "ddl", "unet"):
        for test_set in PUBLISHED_SETS:
            ours = _ratio(results, method, test_set, "known scanners")
            value, base = published("table1", method, test_set), published("table1", BASELINE, test_set)
            if ours is None or value is None or base is None:
                continue
            theirs, (low, high) = value[0] / base[0], ours.ratio_interval
            if not low <= theirs <= high:
                sentences.append(
                    f"{METHODS[method].label}, {SHORT.get(test_set, test_set)}, known scanners: NRMSE over "
                    f"interpolation's is {number(ours.ratio, 2)} {span(ours.ratio_interval, 2)}, the paper's "
                    f"{number(theirs, 2)}."
                )
    return sentences


LESION_SET = "InD1"


def score_rows(results: Results, method: str) -> Iterator[dict[str, Any]]:
    """Rows of Table 1 for `method` in the form of `heldout.score`."""
    for entry, row in results.rows("table1", method=method):
        for units in UNITS:
            place = {"person": entry["person"], "set": entry["test_set"], "model": METHODS[method].model}
            yield place | {"units": units} | row[units]


def lesion_recovery(results: Results, method: str) -> dict[str, Any]:
    """Mean recovery of bright and of dark lesions by their diameter (mm); empty when it was not measured."""
    bright, dark = (recoveries(results, method, LESION_SET, sign) for sign in (1, -1))
    if not (bright and dark):
        return {}
    people = sum(1 for _ in results.rows("lesions", method=method, test_set=LESION_SET))
    shares = {name: [round(value, 2) for value in one.values()] for name, one in (("bright", bright), ("dark", dark))}
    return {"test_set": LESION_SET, "people": people, "diameters": [*bright]} | shares


def write_cards(results: Results) -> list[str]:
    """Write the scores into the cards of all measured models; returns their names."""
    written = []
    baseline = [*score_rows(results, BASELINE)]
    for method in results.methods("table1"):
        folder, rows = find(METHODS[method].model), [*score_rows(results, method)]
        if folder is None or not rows:
            continue
        people = {(row["person"], row["set"]) for row in rows}
        into_card(folder, summary(rows + [row for row in baseline if (row["person"], row["set"]) in people]))
        card = read_card(folder)
        card.lesions.clear()
        card.lesions.update(lesion_recovery(results, method))
        write_card(card, folder)
        written.append(card.name)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the scores of a run into the cards of its models.")
    parser.add_argument("output", type=Path, help="folder of `iqt experiments run`")
    print("\n".join(write_cards(Results(parser.parse_args().output))))


if __name__ == "__main__":
    main()
