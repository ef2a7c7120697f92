"""The experiments' own trainings, for Tables 2 and 3 and for rarity; and the cost of models."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..data.subjects import find_scans, isotropic, load_brain
from ..errors import InputError
from .estimates import model_of, pair_of, run_of
from .tasks import Context, ModelRef, PairSpec, Store

if TYPE_CHECKING:
    from ..training.recipe import NetworkRecipe

SLICE_AXES: tuple[Literal[0, 1, 2], ...] = (1, 0)  # as the shipped models: one source is not sharp along z
DATA = "the experiments' training subjects"
DDL_RECIPE = "ddl-paper"


def srep(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Dictionaries in the paper's settings, into the store's folder of that key."""
    from ..training.dictionaries import DictionaryRecipe, train

    recipe = DictionaryRecipe(**inputs["recipe"], slice_axes=SLICE_AXES, exclude=_others(inputs), data=DATA)
    target = Store(context.store).model(inputs["key"])
    card = train(inputs["scans"], target, recipe, overwrite=True, report=run_of(context).report)
    return {"people": card.training["people"], "seconds": card.training["seconds"], "sha256": card.sha256}


def ddl(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """IQT-DDL by a recipe with the paper's sizes and changes; an interrupted training resumes from its checkpoint."""
    from ..training.networks import train
    from ..training.processes import Hardware
    from ..training.run_folder import LAST
    from ..training.run_folder import run_of as run_folder_of

    target = Store(context.store).model(inputs["key"])
    folder = run_folder_of(target)
    resume = (folder / LAST).is_file()
    card = train(
        inputs["scans"],
        target,
        _ddl_recipe(inputs),
        hardware=Hardware(context.device),
        resume=resume,
        overwrite=not resume,
        cache=context.brains,
        report=run_of(context).report,
    )
    shutil.rmtree(folder, ignore_errors=True)
    assert card is not None  # only further processes of a training have none
    training = card.training
    return {
        "people": training["people"],
        "seconds": training["seconds"],
        "parameters": training["parameters"],
        "sha256": card.sha256,
        "validation": training["validation"],
    }


def base_recipe(method: str) -> dict[str, Any]:
    """What determines the trainings of `method`, apart from the changes of a cell."""
    from ..training.recipe import read_recipe

    return {} if method == "srep" else {k: v for k, v in read_recipe(DDL_RECIPE).items() if k != "description"}


def _ddl_recipe(inputs: dict[str, Any]) -> "NetworkRecipe":
    from ..training.recipe import load_recipe

    validate = [name for name in inputs["validate"] if name in _people(inputs["scans"])]
    people = {"data.exclude": _others(inputs, keep=validate), "data.validate": tuple(validate), "data.source": DATA}
    return load_recipe(DDL_RECIPE, {"data.slice_axes": "j,i", **inputs["recipe"], **people})


def library(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Patches of simulated scans of training subjects, in distribution."""
    from ..data.training_pairs import SimulatedPairs
    from ..evaluation.rarity import Library
    from ..physics.simulation import preset

    report = run_of(context).report
    scans = [scan for scan in find_scans(inputs["scans"]) if scan.person in inputs["training_subjects"]]
    low = []
    for scan in scans:
        report.check()
        brain = isotropic(load_brain(scan, rng=np.random.default_rng(0)))
        pairs = SimulatedPairs(
            [brain],
            preset("in-distribution"),
            seed=inputs["seed"],
            slice_axes=SLICE_AXES,
            normalisation="brain-mean",
        )
        low.append(pairs[0].low)
    found = Library.of(low, inputs["patches"], np.random.default_rng(inputs["seed"]))
    Store(context.store).put_arrays(inputs["key"], projection=found.projection, features=found.features)
    return {
        "people": [scan.person for scan in scans],
        "patches": len(found.features),
        "components": found.projection.shape[1],
    }


def _others(inputs: dict[str, Any], keep: list[str] = []) -> tuple[str, ...]:  # noqa: B006 - read only
    """All subjects except the training subjects and `keep`, for `exclude`."""
    stay = {*inputs["training_subjects"], *keep}
    return tuple(sorted(_people(inputs["scans"]) - stay))


def _people(scans: Path) -> set[str]:
    return {scan.person for scan in find_scans(scans)}


def training_subjects(scans: Path, *, kept_out: set[str], count: int) -> list[str]:
    """`count` training subjects (0: all), spread evenly over the alphabet and so over the sources."""
    people = sorted(_people(scans) - kept_out)
    if len(people) < 2:
        raise InputError(
            f"{scans} holds {len(people)} subjects who are not held out: Tables 2 and 3 train on two or more"
        )
    if not count or count >= len(people):
        return people
    return [people[i] for i in np.linspace(0, len(people) - 1, count).round().astype(int)]


def cost(inputs: dict[str, Any], context: Context) -> dict[str, Any]:
    """Seconds, peak memory and size of a model, for each share `crops` of the pair's scan."""
    from ..evaluation.cost import measured
    from ..models.store import WEIGHTS, find

    spec: PairSpec = inputs["pair"]
    ref: ModelRef = inputs["model"]
    folder = find(ref.name)
    weights = 0 if folder is None else (folder / WEIGHTS).stat().st_size
    model = model_of(ref)
    test = pair_of(spec)
    place: dict[str, Any] = {"slice_axis": spec.slice_axis, "factor": spec.factor, "device": context.device}
    runs = [measured(test, ref.name, share=share, **place) for share in inputs["crops"]]
    training = model.card.training
    settings = model.card.settings
    return {
        "runs": runs,
        "bytes": weights,
        "numbers": int(sum(array.size for array in model.method.state().values())),
        "atoms": settings.get("atoms"),
        "patch": settings.get("patch"),
        "training seconds": training.get("seconds"),
        "training subjects": len(training["people"]) if "people" in training else None,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
