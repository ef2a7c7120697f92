"""What a run of the experiments measured, written into the cards of the models that it measured.

    python -m IQTLib.experiments.cards results/

The models are those of the folders in which models are looked for; give `IQT_MODELS` for others.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..evaluation.heldout import BASELINE, UNITS, into_card, summary
from ..models.pretrained import find, read_card, write_card
from .catalogue import METHODS
from .results import Results, recoveries

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
