"""Train a deep method from a folder of high-field volumes and write the model: `iqt train ddl|unet`."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..data.packed import PackedBrain, packed_brains
from ..data.seeds import generator
from ..data.subjects import Scan, find_scans, shuffled
from ..data.training_pairs import SimulatedPairs
from ..errors import InputError
from ..events import SILENT, Reporter
from ..io.files import alone
from ..methods.any_scan import AnyScanMethod
from ..methods.base import Run, TrainingPair
from ..methods.networks.method import DeepMethod
from ..models.store import Model, ModelCard, check_target, load, save
from ..physics.simulation import preset
from ..sentences import Sentence
from .checkpoints import take_best
from .network_card import ancestry, network_card
from .recipe import NetworkRecipe, TrainingRecipe
from .restoration import FiveKinds, restoration_pairs
from .roles import check_names, with_labels
from .run_folder import begun, check_run, run_of
from .sampler import PatchBatches, Patches, ScanSampler
from .scan_pool import ScanPool
from .trial import TrialPlan, check_and_tell, try_and_tell
from .validation import SLICE, validate

if TYPE_CHECKING:
    from .callbacks import Validator
    from .processes import Hardware

Scoring = Callable[[DeepMethod, Run], dict[str, float]]
TOO_FEW = Sentence("training needs at least one subject to train on and another for validation: add volumes")
ONE_OF = 5  # subjects is used for validation if the recipe names none
SAME = 1e-3  # largest relative change of the validation score for weights in half precision


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
    """Train the recipe's method on the volumes below `source` and write the model folder `target`.

    `start` names a model to fine-tune, `resume` continues a run that was stopped. The run is kept in `<target>.run`,
    also after the model has been written: for its curves, and to resume it.

    Returns:
        The model's card; None in the helper processes of a distributed run.
    """
    try:
        from . import loop
    except ImportError as error:
        told = "training needs {name}: pip install 'image-quality-transfer[train]'"
        raise InputError(told, name=error.name, code="missing-package") from None

    first = loop.is_first_process()
    if not first:  # only the first process reports and writes
        report = Reporter(cancelled=report.cancelled)
    folder, recipe = run_of(target), labelled(recipe, source)
    with ExitStack() as held:
        if first:
            check_target(target, overwrite=overwrite)
            held.enter_context(alone(folder))
            check_run(folder, recipe, resume=resume, overwrite=overwrite)
        training_subjects, validation_subjects = _people(source, recipe, cache, report)
        sampler = _sampler(training_subjects, recipe)
        score = _scoring(validation_subjects, recipe, folder) if first else None
        origin = None if start is None else load(start)
        method = new_method(recipe, origin, [brain.person for brain in validation_subjects])
        if first:  # only now: an unusable source or model must not move an older run aside
            roles = {"learn": training_subjects, "validate": validation_subjects}
            keys = {role: [brain.key for brain in brains] for role, brains in roles.items()}
            held.enter_context(begun(folder, recipe, subjects=keys, resume=resume, overwrite=overwrite, report=report))

        def validator(candidate: DeepMethod) -> dict[str, float]:
            assert score is not None  # only the first process validates
            return score(candidate, Run(hardware.device, Reporter(cancelled=report.cancelled)))

        monitor = loop.fit_first(
            method, sampler, recipe.training, folder, validator=validator, resume=resume, hardware=hardware,
            report=report,
        )  # fmt: skip
        if monitor is None:
            return None
        step = take_best(method, folder)
        method.prepare_for_inference()
        scores = _calibrated(method, sampler, recipe, validator, report)
        store_small(method, recipe.training, validator, scores["score"], report)
        card = network_card(target.name, method, recipe, training_subjects, validation_subjects)
        seconds = round(monitor.seconds, 1)
        card.training.update({"step": step, "seconds": seconds, "validation": scores} | ancestry(origin))
        card = save(card, method, target, overwrite=overwrite)
    check_and_tell(target, report)
    _try(target, source, recipe, hardware.device, report)
    report.result(str(target), model=str(target), people=len(training_subjects), seconds=seconds, **scores)
    return card


def _sampler(training_subjects: Sequence[PackedBrain], recipe: NetworkRecipe) -> Patches | ScanPool:
    """The source of patches of simulated scans of the training subjects."""
    if recipe.restores:
        return restoration_pairs(training_subjects, recipe)
    data = recipe.data
    own_axes = data.own_axes_of(brain.person for brain in training_subjects)
    copies = _with_copies(training_subjects, recipe)
    return ScanSampler(copies, recipe.simulator, slice_axes=data.axes, patch=data.patch, own_axes=own_axes)


def _scoring(validation_subjects: Sequence[PackedBrain], recipe: NetworkRecipe, folder: Path) -> Scoring:
    """Scores of a method on scans of the validation subjects, simulated once."""
    if recipe.restores:
        kinds = FiveKinds(validation_subjects, recipe.training.seed + 1)

        def of_kinds(method: DeepMethod, run: Run) -> dict[str, float]:
            assert isinstance(method, AnyScanMethod)  # the recipe restores
            return kinds.scores(method, run, picture=folder)

        return of_kinds
    pairs, gain_free = validation_pairs(validation_subjects, recipe), recipe.data.gain == "free"
    return lambda method, run: validate(method, pairs, run, gain_free=gain_free, picture=folder / SLICE)


def labelled(recipe: NetworkRecipe, source: Path) -> NetworkRecipe:
    """The recipe with labels instead of subjects' names, as stored in the model's card."""
    return replace(recipe, data=with_labels(recipe.data, find_scans(source, suffix=recipe.data.suffix)))


def _try(target: Path, source: Path, recipe: NetworkRecipe, device: str, report: Reporter) -> None:
    """Test the model on the recipe's test subjects; a model that cannot be tested is kept."""
    data = recipe.data
    if not data.test:
        return
    plan = TrialPlan(data.test, data.validation_sets, data.profile, data.axes, data.noise, data.suffix)
    try_and_tell(target, source, plan, device=device, report=report)


def validation_pairs(brains: Sequence[PackedBrain], recipe: NetworkRecipe) -> list[TrainingPair]:
    """One scan of each subject for each validation set, simulated and normalised like a user's scan."""
    data = recipe.data
    pairs: list[TrainingPair] = []
    for number, name in enumerate(data.validation_sets):
        pairs += SimulatedPairs(
            [brain.brain for brain in brains],
            preset(name),
            seed=recipe.training.seed + 1 + number,
            profile=data.profile,
            slice_axes=data.axes,
            noise=data.noise,
            gain=data.gain,
        )
    return pairs


def new_method(recipe: NetworkRecipe, origin: Model | None, validation_subjects: Sequence[str]) -> DeepMethod:
    """The recipe's method, with the weights of `origin`, which must not have seen the validation subjects."""
    method = recipe.new_method()
    if origin is not None:
        card = origin.card
        if both := sorted(set(card.training.get("people", [])) & set(validation_subjects)):
            raise InputError(
                "{card} was trained on {both}, who are for validation here: choose other subjects",
                card=card.name,
                both=", ".join(both),
            )
        if type(origin.method) is not type(method):
            raise InputError(
                "{card} is a model of method {method}, the recipe is one of {method2}",
                card=card.name,
                method=card.method,
                method2=recipe.method,
            )
        method.restore(origin.method.state())
    return method


def _people(
    source: Path, recipe: NetworkRecipe, cache: Path | None, report: Reporter
) -> tuple[list[PackedBrain], list[PackedBrain]]:
    """Packed brains for training and for validation, never of the same subject."""
    scans, validation_subjects = chosen_scans(source, recipe, report)
    packed = packed_brains(scans, cache=cache, report=report)
    for_training = [brain for brain in packed if brain.person not in validation_subjects]
    for_validation = [brain for brain in packed if brain.person in validation_subjects]
    if not for_training or not for_validation:
        raise InputError(TOO_FEW)
    return for_training, for_validation


def chosen_scans(source: Path, recipe: NetworkRecipe, report: Reporter) -> tuple[list[Scan], set[str]]:
    """Scans for training and validation, and the subjects for validation."""
    scans, data = find_scans(source, suffix=recipe.data.suffix), recipe.data
    check_names(data, scans, source, report)
    scans = [scan for scan in scans if scan.person not in (*data.exclude, *data.test)]
    return scans, _validation_subjects(scans, recipe)


def _with_copies(training_subjects: Sequence[PackedBrain], recipe: NetworkRecipe) -> list[PackedBrain]:
    """The training subjects and their copies by contrast augmentation, with lesions if the recipe asks for them."""
    seed, data = recipe.training.seed, recipe.data
    copies = [
        replace(one, key=f"{one.key} copy {n}") for n in range(data.contrast_augmentation) for one in training_subjects
    ]
    training_copies = [
        *training_subjects,
        *(copy.with_other_contrast(generator(seed, "elsewhere", copy.key)) for copy in copies),
    ]
    if not data.lesions:
        return training_copies
    return [one.with_lesions(data.lesions, generator(seed, "lesions", one.key)) for one in training_copies]


def _validation_subjects(scans: Sequence[Scan], recipe: NetworkRecipe) -> set[str]:
    people = {scan.person for scan in scans}
    if recipe.data.validate:
        return set(recipe.data.validate) & people
    return set(shuffled(people, "validate")[: max(len(people) // ONE_OF, 1)]) if len(people) > 1 else set()


def _calibrated(
    method: DeepMethod, sampler: Patches | ScanPool, recipe: NetworkRecipe, validator: "Validator", report: Reporter
) -> dict[str, float]:
    """Recompute the batch-normalisation statistics, keep them if they validate better, and return the scores."""
    from .calibration import BATCHES, calibrate, has_batch_norms

    training, scores = recipe.training, validator(method)
    if isinstance(sampler, ScanPool) or not has_batch_norms(method.network):  # a restoration has none
        return scores
    count = min(BATCHES, training.steps)  # a short training gains nothing from more batches than it saw
    before = {name: tensor.clone() for name, tensor in method.network.state_dict().items()}
    unseen = PatchBatches(
        sampler, seed=training.seed, first=training.steps, last=training.steps + count,
        batch=training.batch, people=training.people,
    )  # fmt: skip
    scans = (
        batch["low"]
        for batch in report.track(unseen, total=count, message=Sentence("batch normalisation", "batch-normalisation"))
    )
    calibrate(method.network, scans, seed=training.seed)
    method.prepare_for_inference()
    again = validator(method)
    better = again["score"] < scores["score"]
    report.log(
        Sentence(
            "batch normalisation over {count} batches: score {again:.4f} after {scores:.4f}{better}",
            count=count,
            again=again["score"],
            scores=scores["score"],
            better="" if better else Sentence(", not kept"),
        )
    )
    if not better:
        method.network.load_state_dict(before)
    return again if better else scores


def store_small(
    method: DeepMethod, recipe: TrainingRecipe, validator: "Validator", score: float, report: Reporter
) -> None:
    """Set the precision of the stored weights: half if that keeps the validation score, or the recipe's 8 bits."""
    method.stored, bits = (np.int8, 8) if recipe.stored == "8-bit" else (np.float16, 16)
    change = validator(reloaded(method))["score"] / score - 1
    told = Sentence("weights of {bits} bits change the score by {change:+.3f} %", bits=bits, change=100 * change)
    (report.warn if recipe.stored == "8-bit" and not abs(change) <= SAME else report.log)(told)
    if recipe.stored == "auto" and not abs(change) <= SAME:
        method.stored = np.float32


def reloaded(method: DeepMethod) -> DeepMethod:
    """A copy of `method` restored from its stored state."""
    copy = type(method)(method.settings)
    copy.restore(method.state())
    return copy
