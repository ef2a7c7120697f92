"""From the public data to the shipped models and the published results, and how far a run of yours is from them.

    python docs/reproduce/reproduce.py subjects                        names, sources, licences, roles
    python docs/reproduce/reproduce.py fetch SCANS                     download what lies at OpenNeuro
    python docs/reproduce/reproduce.py train MODEL SCANS TARGET        train a shipped model again, part after part
    python docs/reproduce/reproduce.py results SCANS OUTPUT            every pair, table and figure again

Subjects and the axes along which each source is sharp are in `subjects.json`. The recipe of every part of a training is
in the shipped model's card, so nothing is written twice.
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
    return "left out" if name in people["never_trained"] else "training"


def fetch(folder: Path) -> list[Path]:
    """Download the scans that have an address, under BIDS-like names; those that are there already stay."""
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
    """Recipes of the parts in which a shipped model was trained, the first one first, as its card tells them."""
    folder = find(model)
    if folder is None:
        raise SystemExit(f"{model} has no weights: nothing was trained")
    training: dict[str, Any] | None = read_card(folder).training
    found = []
    while training:
        found.append(training["recipe"])
        training = training.get("started_from")
    return found[::-1]


def train(model: str, scans: Path, target: Path) -> None:
    """Train `model` again, each part from the weights of the part before, and compare its weights with the shipped."""
    recipes = parts(model)
    start = None
    for number, recipe in enumerate(recipes, 1):
        made = target if number == len(recipes) else target.with_name(f"{target.name}-part{number}")
        print(f"part {number} of {len(recipes)}: {made}")
        _train_part(recipe, scans, made, start)
        start = made
    same = read_card(target).sha256 == read_card(find(model)).sha256
    print("these are the very weights that ship" if same else "other weights than those that ship: compare the scores")


def _train_part(recipe: dict[str, Any], scans: Path, target: Path, start: Path | None) -> None:
    if "method" not in recipe:
        from IQTLib.io.typed import built
        from IQTLib.training.srep import SRepRecipe
        from IQTLib.training.srep import train as train_dictionaries

        train_dictionaries(scans, target, built(SRepRecipe, recipe))
        return
    from IQTLib.training.loop import Hardware
    from IQTLib.training.networks import train as train_network
    from IQTLib.training.recipe import recipe_of

    train_network(scans, target, recipe_of(recipe), hardware=Hardware(), start=start)


def results(scans: Path, output: Path, *options: str) -> None:
    """Run the experiments and tell how far pairs and scores are from the published ones."""
    words = ["experiments", "run", "--scans", str(scans), "--output", str(output), *options]
    subprocess.run([sys.executable, "-m", "IQTLib", *words], check=True)
    pairs = [json.loads((folder / "pairs.json").read_text(encoding="utf-8")) for folder in (output, HERE.parent)]
    print("the pairs are those of the results" if pairs[0] == pairs[1] else "the pairs are others than the results'")
    for text in compared(output / "scores.csv", HERE.parent / "scores.csv"):
        print(text)


def compared(own: Path, published: Path) -> Iterator[str]:
    """How many scores of `published` are in `own`, and the largest difference of each metric."""
    ours, theirs = _scores(own), _scores(published)
    apart = {cell: abs(ours[cell] - theirs[cell]) for cell in ours.keys() & theirs.keys()}
    yield f"{len(apart)} of {len(theirs)} published scores were computed again"
    for metric in sorted({cell[-1] for cell in apart}):
        cell = max((cell for cell in apart if cell[-1] == metric), key=apart.__getitem__)
        yield f"{metric}: at most {apart[cell]:.3g} apart ({', '.join(cell[:-1])})"


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
