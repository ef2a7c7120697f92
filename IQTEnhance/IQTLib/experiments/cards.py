"""What a run of the experiments measured, written into the cards of the models that it measured.

    python -m IQTLib.experiments.cards results/

The models are those of the folders in which models are looked for; give `IQT_MODELS` for others.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..pretrained import find, read_card, write_card
from .catalogue import METHODS
from .heldout import BASELINE, UNITS, into_card, summary
from .results import Results

LESION_SET = "InD1"


def score_rows(results: Results, method: str) -> Iterator[dict[str, Any]]:
    """Rows of Table 1 for `method` in the form of `heldout.score`."""
    for entry, row in results.rows("table1", method=method):
        for units in UNITS:
            place = {"person": entry["person"], "set": entry["test_set"], "model": METHODS[method].model}
            yield place | {"units": units} | row[units]


def lesion_recovery(results: Results, method: str) -> dict[str, Any]:
    """Mean recovery of bright and of dark lesions by their diameter (mm); empty when it was not measured."""
    cells = list(results.rows("lesions", method=method, test_set=LESION_SET))
    found = [lesion for _, row in cells for lesion in row["lesions"]]
    if not found:
        return {}
    diameters = sorted({lesion["diameter"] for lesion in found})

    def means(sign: int) -> list[float]:
        chosen = [lesion for lesion in found if lesion["contrast"] * sign > 0]
        by_size = ([one["recovery"] for one in chosen if one["diameter"] == size] for size in diameters)
        return [round(float(np.mean(values)), 2) for values in by_size]

    return {
        "test_set": LESION_SET,
        "people": len(cells),
        "diameters": diameters,
        "bright": means(1),
        "dark": means(-1),
    }


def write_cards(results: Results) -> list[str]:
    """Into the cards of all measured models; returns their names."""
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
