"""Reproduces the shipped models and the published results from public data, and compares the outcome with them.

    python docs/reproduce/reproduce.py subjects                            list names, sources, licences, roles
    python docs/reproduce/reproduce.py fetch SCANS [--from FOLDER]         get the scans that OpenNeuro provides
    python docs/reproduce/reproduce.py models                              list models, stages, recipes, versions
    python docs/reproduce/reproduce.py train MODEL SCANS TARGET [--quick]  retrain a shipped model, stage by stage
    python docs/reproduce/reproduce.py results SCANS OUTPUT                recreate every pair, table and figure

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
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from IQTLib.evaluation.heldout import plan
from IQTLib.io.files import check_output, whole_file
from IQTLib.io.typed import built
from IQTLib.methods.registry import described
from IQTLib.models.card import ModelCard
from IQTLib.models.store import WEIGHTS, bundled_folder, find, read_card
from IQTLib.training.dictionaries import DictionaryRecipe, dictionary_recipe
from IQTLib.training.recipe import NetworkRecipe, load_recipe, recipe_of, shipped
from safetensors.numpy import load_file

HERE = Path(__file__).parent
CELL = ("experiment", "method", "person", "test_set", "units", "metric")
OPENNEURO = "https://s3.amazonaws.com/openneuro.org/"
QUICK_TRAINING = {"steps": 2, "validate_every": 2, "warmup": 1, "batch": 2, "people": 2, "freeze": 0.0}
QUICK_DATA = {"contrast_augmentation": 0, "lesions": 0, "validation_sets": ("InD1",)}
QUICK_PATCHES = 2000

Recipe = NetworkRecipe | DictionaryRecipe


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
    if name in people["validate"] or not any(name in card.training.get("people", ()) for card in _cards().values()):
        return "excluded" if name in people["never_trained"] else "validation"
    return "training"


@cache
def _cards() -> dict[str, ModelCard]:
    """The cards of the shipped models by name, without those that `iqt train` makes from a folder of mid-slices."""
    cards = {path.parent.name: read_card(path.parent) for path in sorted(bundled_folder().glob("*/card.json"))}
    return {name: card for name, card in cards.items() if described(card.method).training != "slices"}


def fetch(folder: Path, source: Path | None = None) -> list[Path]:
    """Get the scans that OpenNeuro provides, under BIDS-like names; existing files are kept.

    Args:
        source: folder of data sets as OpenNeuro names them (ds000011/sub-01/anat/...), for example DataLad clones;
            None downloads the scans.
    """
    made = []
    for name, one in subjects().items():
        suffix = one.get("suffix", "T1w")
        target = folder / f"sub-{name}" / "anat" / f"sub-{name}_{suffix}.nii.gz"
        if target.exists():
            continue
        if "url" not in one:
            print(f"{name}: take {one['identifier']} from {one['source']}, and save it as {target}")
            continue
        address = one["url"] if source is None else _local(one["url"], source)
        check_output(target)
        with urllib.request.urlopen(address) as stream, whole_file(target) as part, part.open("wb") as out:
            shutil.copyfileobj(stream, out)
        made.append(target)
    return made


def _local(url: str, source: Path) -> str:
    path = source.absolute() / url.removeprefix(OPENNEURO)
    if not path.is_file():
        raise SystemExit(f"{path} does not exist: --from takes the folder that holds ds002748 and ds000011")
    return path.as_uri()


@cache
def parts(model: str | Path) -> list[Recipe]:
    """Recipes of all stages of a shipped model's training, in order, from its card."""
    training: dict[str, Any] | None = _training(model)
    found: list[Recipe] = []
    while training:
        recipe = training["recipe"]
        found.append(recipe_of(recipe) if "training" in recipe else built(DictionaryRecipe, recipe))
        training = training.get("started_from")
    return found[::-1]


def _training(model: str | Path) -> dict[str, Any]:
    folder = find(model)
    if folder is None:
        raise SystemExit(f"{model} has no weights: there is nothing to retrain")
    return read_card(folder).training


def models() -> Iterator[str]:
    """The command that retrains each shipped model, and whether its recipes and versions are those of this machine."""
    for name in _cards():
        training, stages = _training(name), parts(name)
        yield f"{name}: python docs/reproduce/reproduce.py train {name} SCANS TARGET"
        subjects_used = (
            f"{len(training['people'])} subjects, {len(training.get('validation_people', ()))} for validation"
        )
        yield f"  trained {training['date']}, {len(stages)} stages, {subjects_used}"
        others = [f"{package} {then}" for package, then in training["versions"].items() if _version(package) != then]
        yield f"  versions that differ here: {', '.join(others) or 'none'}"
        changed = ", ".join(differences(stages[-1], name)) if name in shipped() else "there is none of that name"
        yield f"  last stage against `--recipe {name}`: {changed or 'the same'}"
        if "how" in training:
            yield f"  only similar weights: {training['how']}"


def differences(recipe: Recipe, name: str) -> list[str]:
    """Settings in which `recipe` differs from the recipe of that name that comes with IQT."""
    usual: Recipe = (
        dictionary_recipe(name, method=recipe.method) if isinstance(recipe, DictionaryRecipe) else load_recipe(name)
    )
    ours, theirs = _flat(asdict(recipe)), _flat(asdict(usual))
    return [f"{key} {ours.get(key)!r}" for key in sorted(ours) if ours.get(key) != theirs.get(key)]


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def _version(package: str) -> str:
    try:
        return version("image-quality-transfer" if package == "iqt" else package)
    except ImportError:  # PackageNotFoundError
        return "absent"


def train(model: str, scans: Path, target: Path, *, quick: bool = False) -> None:
    """Retrain `model`, each stage from the weights of the one before, and compare its weights with the shipped ones.

    Args:
        quick: a few steps a stage, to see that everything is in place; the weights are useless.
    """
    recipes, training = parts(model), _training(model)
    used = {*training["people"], *training.get("validation_people", ())}
    here = {path.name.removeprefix("sub-") for path in scans.glob("sub-*")}
    if (missing := used - here) and not quick:
        raise SystemExit(f"{scans} holds no scan of {', '.join(sorted(missing))}: see `fetch`")
    start = None
    for number, recipe in enumerate(recipes, 1):
        made = target if number == len(recipes) else target.with_name(f"{target.name}-part{number}")
        print(f"stage {number} of {len(recipes)}: {made}")
        recipe = _for_subjects(recipe, here - used, training.get("validation_people", ()))
        _train_part(_shortened(recipe) if quick else recipe, scans, made, start)
        start = made
    same = same_weights(target, model)
    print("identical to the shipped weights" if same else "different from the shipped weights: compare the scores")


def same_weights(one: str | Path, other: str | Path) -> bool:
    """Whether two models have the same parameters to the last bit; their files also contain the models' names."""
    first, second = (load_file(find(model) / WEIGHTS) for model in (one, other))
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


def _for_subjects(recipe: Recipe, others: set[str], validate: Sequence[str]) -> Recipe:
    """`recipe` for the subjects of the shipped model only: the folder may hold those of other models as well."""
    held = recipe if isinstance(recipe, DictionaryRecipe) else recipe.data
    exclude = (*held.exclude, *sorted(others - {*held.exclude, *held.validate, *held.test}))
    if isinstance(recipe, DictionaryRecipe):
        return replace(recipe, exclude=exclude)
    return replace(recipe, data=replace(recipe.data, exclude=exclude, validate=held.validate or tuple(validate)))


def _shortened(recipe: Recipe) -> Recipe:
    if isinstance(recipe, DictionaryRecipe):
        return replace(recipe, patches=QUICK_PATCHES)
    if recipe.whole_scans:
        whole = replace(recipe.whole_scans, sizes=((32, 2),), pool=2, new=1)
        steps = {key: value for key, value in QUICK_TRAINING.items() if key not in ("batch", "people")}
        return replace(recipe, whole_scans=whole, training=replace(recipe.training, **steps))
    data = recipe.data if recipe.restores else replace(recipe.data, **QUICK_DATA)
    return replace(recipe, data=data, training=replace(recipe.training, **QUICK_TRAINING))


def _train_part(recipe: Recipe, scans: Path, target: Path, start: Path | None) -> None:
    if isinstance(recipe, DictionaryRecipe):
        from IQTLib.training.dictionaries import train as train_dictionaries

        train_dictionaries(scans, target, recipe)
        return
    from IQTLib.training.networks import train as train_network
    from IQTLib.training.processes import Hardware

    train_network(scans, target, recipe, hardware=Hardware(), start=start)


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
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("subjects")
    commands.add_parser("models")
    fetching = commands.add_parser("fetch")
    fetching.add_argument("scans", type=Path)
    fetching.add_argument("--from", dest="source", type=Path, help="copy from a folder with ds002748 and ds000011")
    training = commands.add_parser("train")
    training.add_argument("model", choices=sorted(_cards()))
    training.add_argument("scans", type=Path)
    training.add_argument("target", type=Path)
    training.add_argument("--quick", action="store_true", help="two steps a stage: is everything in place?")
    recreating = commands.add_parser("results")
    recreating.add_argument("scans", type=Path)
    recreating.add_argument("output", type=Path)
    recreating.add_argument("options", nargs="*", help="after --: options of `iqt experiments run`")
    chosen = parser.parse_args()
    if chosen.what == "subjects":
        for name, one in subjects().items():
            print(f"{name:14} {one['role']:10} {one['source']} {one['identifier']} ({one['licence']}); {one['note']}")
    elif chosen.what == "models":
        print("\n".join(models()))
    elif chosen.what == "fetch":
        print(f"{len(fetch(chosen.scans, chosen.source))} scans fetched")
    elif chosen.what == "train":
        train(chosen.model, chosen.scans, chosen.target, quick=chosen.quick)
    else:
        results(chosen.scans, chosen.output, *chosen.options)


if __name__ == "__main__":
    main()
