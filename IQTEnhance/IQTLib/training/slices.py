"""Train a network on slices and write the model: `iqt train liif`."""

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..evaluation.planar import MID_SLICES, Slices, read_slices
from ..events import SILENT, Reporter
from ..io.files import alone
from ..methods.base import Run
from ..methods.networks.method import DeepMethod
from ..models.card import ModelCard
from ..models.store import check_target, load, save
from ..sentences import Sentence
from .checkpoints import take_best
from .network_card import ancestry
from .networks import labelled, new_method, store_small
from .provenance import VOXEL_TOLERANCE, provenance
from .recipe import NetworkRecipe
from .run_folder import begun, check_run, run_of
from .slice_pairs import ProtocolScores, SliceCrops, SliceRecipe
from .volume_slices import volume_slices

if TYPE_CHECKING:
    from .processes import Hardware


def train(
    source: Path,
    target: Path,
    recipe: NetworkRecipe,
    *,
    hardware: "Hardware",
    start: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    cache: Path | None = None,
    report: Reporter = SILENT,
) -> ModelCard | None:
    """Train the recipe's method on the slices in `source` and write the model folder `target`.

    Slices for training and validation are those of `evaluation.planar.read_slices` or, as the recipe says, of volumes.
    All else is as in `networks.train`; `cache` has no effect.
    """
    try:
        from . import loop
    except ImportError as error:
        told = "training needs {name}: pip install 'image-quality-transfer[train]'"
        raise InputError(told, name=error.name, code="missing-package") from None

    first = loop.is_first_process()
    if not first:
        report = Reporter(cancelled=report.cancelled)
    folder, recipe = run_of(target), labelled(recipe, source) if recipe.of_volumes else recipe
    with ExitStack() as held:
        if first:
            check_target(target, overwrite=overwrite)
            held.enter_context(alone(folder))
            check_run(folder, recipe, resume=resume, overwrite=overwrite)
        training_slices, validation_slices = slices_of(source, recipe, report)
        sampler = SliceCrops(training_slices, recipe.slices or SliceRecipe(), recipe.data.patch)
        scoring = ProtocolScores(validation_slices) if first else None
        origin = None if start is None else load(start)
        method = new_method(recipe, origin, validation_slices.subjects)
        if first:
            keys = {"learn": training_slices.subjects, "validate": validation_slices.subjects}
            held.enter_context(begun(folder, recipe, subjects=keys, resume=resume, overwrite=overwrite, report=report))

        def validator(candidate: Any) -> dict[str, float]:
            assert scoring is not None  # only the first process validates
            return scoring.scores(candidate, Run(hardware.device, Reporter(cancelled=report.cancelled)))

        monitor = loop.fit_first(
            method, sampler, recipe.training, folder, validator=validator, resume=resume, hardware=hardware,
            report=report,
        )  # fmt: skip
        if monitor is None:
            return None
        step = take_best(method, folder)
        scores = validator(method)
        store_small(method, recipe.training, validator, scores["score"], report)
        card = slice_card(target.name, method, recipe, training_slices, validation_slices)
        seconds = round(monitor.seconds, 1)
        card.training.update({"step": step, "seconds": seconds, "validation": scores} | ancestry(origin))
        card = save(card, method, target, overwrite=overwrite)
    report.result(str(target), model=str(target), people=len(set(training_slices.subjects)), seconds=seconds, **scores)
    return card


def slices_of(source: Path, recipe: NetworkRecipe, report: Reporter = SILENT) -> tuple[Slices, Slices]:
    """Slices for training and for validation, without those of the recipe's excluded subjects."""
    if recipe.of_volumes:
        return volume_slices(source, recipe, report)
    if not (source / MID_SLICES.format("train")).exists():
        told = "{path} is missing: to learn from volumes choose the recipe liif-volumes"
        raise InputError(told, path=source / MID_SLICES.format("train"))
    learned, validated = (read_slices(source, split) for split in ("train", "val"))
    left_out = {*recipe.data.exclude, *recipe.data.test}
    if strangers := left_out - {*learned.subjects, *validated.subjects}:
        report.warn(
            Sentence(
                "no slice of {strangers}, named in the recipe: are the names right?",
                strangers=", ".join(sorted(strangers)),
            )
        )
    if both := set(learned.subjects) & set(validated.subjects):
        raise InputError(
            "{source}: {both} would be in both training and validation: choose one",
            source=source,
            both=", ".join(sorted(both)[:3]),
        )
    return _without(learned, left_out), _without(validated, left_out)


def _without(slices: Slices, left_out: set[str]) -> Slices:
    kept = [n for n, subject in enumerate(slices.subjects) if subject not in left_out]
    if not kept:
        raise InputError("no slice is left to train on or to validate with: exclude fewer subjects")
    return Slices(slices.images[kept], tuple(slices.subjects[n] for n in kept))


def slice_card(
    name: str, method: DeepMethod, recipe: NetworkRecipe, training_slices: Slices, validation_slices: Slices
) -> ModelCard:
    """The card of `method`, trained with `recipe`."""
    data, pixel = recipe.data, (recipe.slices or SliceRecipe()).pixel
    return ModelCard(
        name=name,
        method=method.name,
        settings=dict(vars(method.settings)),
        grid={
            "factor": data.factor,
            "finest": round(pixel / VOXEL_TOLERANCE, 3),
            "coarsest": round(pixel * VOXEL_TOLERANCE, 3),
        },
        thickness=data.profile.thickness,
        gap=data.profile.gap,
        normalisation="brain-mean",
        contrast=data.suffix,
        description=recipe.description or f"{recipe.method} on 2-D slices, trained on {data.suffix}",
        training={
            "people": list(dict.fromkeys(training_slices.subjects)),
            "validation_people": list(dict.fromkeys(validation_slices.subjects)),
            "data": data.source,
            "recipe": asdict(recipe),
            "parameters": sum(parameter.numel() for parameter in method.network.parameters()),
        }
        | provenance("numpy", "torch", "lightning"),
    )
