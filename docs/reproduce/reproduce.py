"""Reproduces the shipped models and the published results from public data, and compares the outcome with them.

    python docs/reproduce/reproduce.py subjects                        list names, sources, licences, roles
    python docs/reproduce/reproduce.py fetch SCANS                     download the scans that OpenNeuro provides
    python docs/reproduce/reproduce.py train MODEL SCANS TARGET        retrain a shipped model, stage by stage
    python docs/reproduce/reproduce.py results SCANS OUTPUT            recreate every pair, table and figure

Subjects and the axes along which each source is sharp are in `subjects.json`. The recipe of every stage is taken
from the shipped model's card.
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IQTLib.evaluation.heldout import plan
from IQTLib.io.files import check_output, whole_file
from IQTLib.models.store import find, read_card

HERE = Path(__file__).parent
CELL = ("experiment", "method", "person", "test_set", "units", "metric")


def subjects() -> dict[str, dict[str, Any]]:
    """Every subject by name: source, identifier, address, licence, slice axes, note, and its role."""
    found = {}
    for entry in json.loads((HERE / "subjects.json").read_text(encoding="utf-8")):
        for name in entry["names"]:
            number = name.lstrip("abcdefghijklmnopqrstuvwxyz")
            one = {key: str(text).format(number=number) for key, text in entry.items() if key != "names"}
            found[name] = one | {"role": _role(name)}
    return found


def _role(name: str) -> str:
    people = plan()
    if name in [entry["person"] for entry in people["people"]]:
        return "test"
    if name in people["validate"]:
        return "validation"
    return "excluded" if name in people["never_trained"] else "training"


def fetch(folder: Path) -> list[Path]:
    """Download the scans that have an address, under BIDS-like names; existing files are kept."""
    made = []
    for name, one in subjects().items():
        target = folder / f"sub-{name}" / "anat" / f"sub-{name}_T1w.nii.gz"
        if "url" not in one:
            print(f"{name}: take {one['identifier']} from {one['source']}, and save it as {target}")
        elif not target.exists():
            check_output(target)
            with urllib.request.urlopen(one["url"]) as stream, whole_file(target) as part, part.open("wb") as out:
                shutil.copyfileobj(stream, out)
            made.append(target)
    return made


def parts(model: str | Path) -> list[dict[str, Any]]:
    """Recipes of all stages of a shipped model's training, in order, from its card."""
    folder = find(model)
    if folder is None:
        raise SystemExit(f"{model} has no weights: there is nothing to retrain")
    training: dict[str, Any] | None = read_card(folder).training
    found = []
    while training:
        found.append(training["recipe"])
        training = training.get("started_from")
    return found[::-1]


def train(model: str, scans: Path, target: Path) -> None:
    """Retrain `model`, each stage from the weights of the one before, and compare its weights with the shipped ones."""
    recipes = parts(model)
    start = None
    for number, recipe in enumerate(recipes, 1):
        made = target if number == len(recipes) else target.with_name(f"{target.name}-part{number}")
        print(f"stage {number} of {len(recipes)}: {made}")
        _train_part(recipe, scans, made, start)
        start = made
    same = read_card(target).sha256 == read_card(find(model)).sha256
    print("identical to the shipped weights" if same else "different from the shipped weights: compare the scores")


def _train_part(recipe: dict[str, Any], scans: Path, target: Path, start: Path | None) -> None:
    if "method" not in recipe:
        from IQTLib.io.typed import built
        from IQTLib.training.srep import SRepRecipe
        from IQTLib.training.srep import train as train_dictionaries

        train_dictionaries(scans, target, built(SRepRecipe, recipe))
        return
    from IQTLib.training.networks import train as train_network
    from IQTLib.training.processes import Hardware
    from IQTLib.training.recipe import recipe_of

    train_network(scans, target, recipe_of(recipe), hardware=Hardware(), start=start)


def results(scans: Path, output: Path, *options: str) -> None:
    """Run the experiments and compare pairs and scores with the published ones."""
    words = ["experiments", "run", "--scans", str(scans), "--output", str(output), *options]
    subprocess.run([sys.executable, "-m", "IQTLib", *words], check=True)
    pairs = [json.loads((folder / "pairs.json").read_text(encoding="utf-8")) for folder in (output, HERE.parent)]
    print("the pairs are the published ones" if pairs[0] == pairs[1] else "the pairs differ from the published ones")
    for text in compared(output / "scores.csv", HERE.parent / "scores.csv"):
        print(text)


def compared(own: Path, published: Path) -> Iterator[str]:
    """How many scores of `published` are in `own`, and the largest difference of each metric."""
    ours, theirs = _scores(own), _scores(published)
    apart = {cell: abs(ours[cell] - theirs[cell]) for cell in ours.keys() & theirs.keys()}
    yield f"{len(apart)} of {len(theirs)} published scores were recomputed"
    for metric in sorted({cell[-1] for cell in apart}):
        cell = max((cell for cell in apart if cell[-1] == metric), key=apart.__getitem__)
        yield f"{metric}: largest difference {apart[cell]:.3g} ({', '.join(cell[:-1])})"


def _scores(path: Path) -> dict[tuple[str, ...], float]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {tuple(row[name] for name in CELL): float(row["value"]) for row in csv.DictReader(stream)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("subjects", "fetch", "train", "results"))
    parser.add_argument("arguments", nargs="*", help="see above; options after -- go to `iqt experiments run`")
    chosen = parser.parse_args()
    if chosen.what == "subjects":
        for name, one in subjects().items():
            print(f"{name:14} {one['role']:10} {one['source']} {one['identifier']} ({one['licence']}); {one['note']}")
    elif chosen.what == "fetch":
        print(f"{len(fetch(Path(chosen.arguments[0])))} scans downloaded")
    elif chosen.what == "train":
        train(chosen.arguments[0], Path(chosen.arguments[1]), Path(chosen.arguments[2]))
    else:
        results(Path(chosen.arguments[0]), Path(chosen.arguments[1]), *chosen.arguments[2:])


if __name__ == "__main__":
    main()
