"""Train a patch method, IQT-SRep or a regressor, from a folder of high-field volumes and write the model."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np

from ..data.subjects import Brain, find_scans, isotropic, load_brain
from ..data.training_pairs import SimulatedPairs
from ..errors import InputError
from ..events import SILENT, Reporter
from ..io.files import alone
from ..io.typed import Between, Length, built, check
from ..methods.base import Run, TrainingPair
from ..methods.descriptor import Normalisation
from ..methods.patchwise.learning import fit
from ..methods.patchwise.method import DictionarySettings, PatchMethod
from ..methods.registry import described, method_class
from ..models.store import ModelCard, check_target, save
from ..physics.acquisition import SliceProfile
from ..physics.simulation import Noise, preset
from ..sentences import Sentence
from .provenance import grid_of, provenance
from .recipe import axes_of, read_recipe
from .roles import check_names, with_labels
from .run_folder import LAST, begun, check_run, run_of
from .trial import TrialPlan, check_and_tell, try_and_tell
from .validation import SLICE, validate

SREP = "srep"


@dataclass(frozen=True)
class DictionaryRecipe:
    """Everything that determines a training run of a `method`; stored in the model card.

    Subjects who are excluded, for validation (scores at the end, a picture) or for the final test are not trained on.
    """

    patch: Literal[3, 5, 7] = 7
    atoms: Annotated[int, Between(16, 4096)] = 1024
    patches: Annotated[int, Between(100, 10**8)] = 100_000
    paper: bool = False
    preset: str = "in-distribution"
    factor: Annotated[int, Between(2, 8)] = 4
    gap: Annotated[int, Between(0, 7)] | None = None
    noise: Noise = "gaussian"
    slice_axes: tuple[Literal[0, 1, 2], ...] = (2,)
    suffix: Annotated[str, Length(60)] = "T1w"
    exclude: tuple[str, ...] = ()
    validate: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    seed: Annotated[int, Between(0, 2**63 - 1)] = 300
    data: str = "not stated"
    method: str = SREP

    def __post_init__(self) -> None:
        check(self)
        if described(self.method).training != "dictionaries":
            raise InputError(
                "method {method} has no dictionaries: write a recipe of its own for it", method=self.method
            )
        if not self.slice_axes:
            raise InputError("slice_axes is empty: choose from i, j and k")
        preset(self.preset), self.profile, self.settings
        if both := set(self.validate) & set(self.test):
            raise InputError("{both} would be in both validation and test: choose one", both=", ".join(sorted(both)))

    @property
    def profile(self) -> SliceProfile:
        """Three parts slice and one part gap, unless the gap is given."""
        return (
            SliceProfile.for_factor(self.factor) if self.gap is None else SliceProfile(self.factor - self.gap, self.gap)
        )

    @property
    def normalisation(self) -> Normalisation:
        return "brain-mean" if self.paper else "n4-brain-mean"

    @property
    def settings(self) -> DictionarySettings:
        kind: type[PatchMethod] = method_class(self.method)
        settings = kind.Settings.of_size(self.patch, self.atoms, paper=self.paper)
        return replace(settings, patches=self.patches)


def dictionary_recipe(name: str | Path = "", *, method: str = SREP, **changes: Any) -> DictionaryRecipe:
    """The recipe of that name or in that file, or the standard one; `changes` replace its values unless they are None.

    A recipe for several methods names them all: "anr, aplus".

    Raises:
        InputError: no such recipe, one of another method, unknown or contradictory values.
    """
    name = name or described(method).recipes["standard"]
    content = read_recipe(name)
    if method not in str(content.get("method", "")).replace(",", " ").split():
        raise InputError("recipe {name} is not one of method {method}", name=name, method=method)
    content["method"] = method
    content |= {key: value for key, value in changes.items() if value is not None}
    if isinstance(content.get("slice_axes"), str):
        content["slice_axes"] = axes_of(content["slice_axes"])
    return built(DictionaryRecipe, content)


def train(
    source: Path,
    target: Path,
    recipe: DictionaryRecipe,
    *,
    resume: bool = False,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> ModelCard:
    """Learn dictionaries from the volumes below `source` and write the model folder `target`.

    Args:
        resume: continue a run that was stopped; only convolutional methods keep what they have learned so far.
    """
    settings, _ = recipe.settings, preset(recipe.preset)
    kept = _keeps(recipe)
    if resume and not kept:
        raise InputError("a training of {method} has no parts to resume from: start it again", method=recipe.method)
    check_target(target, overwrite=overwrite)
    start = time.monotonic()
    scans = find_scans(source, suffix=recipe.suffix)
    recipe = with_labels(recipe, scans)
    if recipe.validate or kept:
        check_run(run_of(target), recipe, resume=resume, overwrite=overwrite)
    check_names(recipe, scans, source, report)
    others = (*recipe.exclude, *recipe.validate, *recipe.test)
    method = method_class(recipe.method)(settings)
    method.refuse_learning()
    pairs, affines = load_pairs(source, recipe, lambda person: person not in others, recipe.seed, report)
    validation: list[TrainingPair] = []
    if recipe.validate:
        validation = load_pairs(source, recipe, lambda person: person in recipe.validate, recipe.seed + 1, report)[0]
    if kept:
        method.checkpoint = run_of(target) / LAST
    with _run_folder(target, recipe, resume, overwrite, report):
        fit(method, pairs, rng=np.random.default_rng(recipe.seed), run=Run(report=report))
        scores = _validation(method, validation, target, report) if validation else {}
        people = [pair.person for pair in pairs]
        card = _card(target.name, method, recipe, people, affines, round(time.monotonic() - start, 1))
        if scores:
            card.training.update(validation_people=list(recipe.validate), validation=scores)
        card = save(card, method, target, overwrite=overwrite)
    check_and_tell(target, report)
    if recipe.test:
        plan = TrialPlan(recipe.test, (recipe.preset,), recipe.profile, recipe.slice_axes, recipe.noise, recipe.suffix)
        try_and_tell(target, source, plan, device="cpu", report=report)
    report.result(str(target), model=str(target), people=len(pairs), seconds=card.training["seconds"], **scores)
    return card


@contextmanager
def _run_folder(
    target: Path, recipe: DictionaryRecipe, resume: bool, overwrite: bool, report: Reporter
) -> Iterator[None]:
    """The run folder, which validation needs for its picture and some methods for what they have learned so far."""
    if not (recipe.validate or _keeps(recipe)):
        yield
        return
    folder = run_of(target)
    with alone(folder), begun(folder, recipe, resume=resume, overwrite=overwrite, report=report):
        yield


def _keeps(recipe: DictionaryRecipe) -> bool:
    """Whether the method keeps what it has learned so far."""
    return hasattr(method_class(recipe.method), "checkpoint")


def _validation(method: PatchMethod, pairs: Sequence[TrainingPair], target: Path, report: Reporter) -> dict[str, float]:
    """Scores on the validation subjects; writes one of their slices into the run folder."""
    report.log(Sentence("validation"))
    picture = run_of(target) / SLICE
    scores = validate(method, pairs, Run(), gain_free=True, picture=picture)
    report.metrics(1, "validation", **scores, volume=str(picture))
    return scores


def load_pairs(
    source: Path, recipe: DictionaryRecipe, wanted: Callable[[str], bool], seed: int, report: Reporter = SILENT
) -> tuple[list[TrainingPair], list[np.ndarray]]:
    """Simulated pairs of the wanted subjects, and the affines of their scans; an unusable scan triggers a warning and
    is left out.

    Only the pairs stay in memory: a brain with its tissue maps takes more than twice as much.
    """
    scans = [scan for scan in find_scans(source, suffix=recipe.suffix) if wanted(scan.person)]
    if not scans:
        raise InputError(
            "{source} has only subjects that are excluded or held out: none is left to train on", source=source
        )
    pairs, affines = [], []
    for scan in report.track(scans, total=len(scans), message=Sentence("reading volumes", "reading")):
        try:
            brain = isotropic(load_brain(scan, rng=np.random.default_rng(0), report=report), report)
        except InputError as error:
            report.warn(Sentence("{path} is skipped: {why}", path=scan.path.name, why=error))
            continue
        pairs.append(_pair(brain, recipe, seed))
        affines.append(brain.volume.affine)
        del brain  # before the next one is read
    if not pairs:
        raise InputError("no usable volume below {source}", source=source)
    return pairs, affines


def _pair(brain: Brain, recipe: DictionaryRecipe, seed: int) -> TrainingPair:
    return SimulatedPairs(
        [brain],
        preset(recipe.preset),
        seed=seed,
        profile=recipe.profile,
        noise=recipe.noise,
        slice_axes=recipe.slice_axes,
        normalisation=recipe.normalisation,
    )[0]


def _steps(method: PatchMethod) -> str:
    return "OMP" if method.name == SREP else method.message


def _card(
    name: str,
    method: PatchMethod,
    recipe: DictionaryRecipe,
    people: Sequence[str],
    affines: Sequence[np.ndarray],
    seconds: float,
) -> ModelCard:
    settings = method.settings
    title = described(method.name).title.partition(":")[0]
    kind = "paper mode" if recipe.paper else f"contrast map, {_steps(method)}, data consistency"
    return ModelCard(
        name=name,
        method=method.name,
        settings=asdict(settings),
        grid=grid_of(affines, recipe.factor),
        thickness=recipe.profile.thickness,
        gap=recipe.profile.gap,
        normalisation=recipe.normalisation,
        contrast=recipe.suffix,
        description=(
            f"{title} {recipe.suffix} x{recipe.factor}, {settings.patch}^3 patches, {settings.atoms} atoms ({kind})"
        ),
        training={
            "people": list(people),
            "data": recipe.data,
            "recipe": asdict(recipe),
            "simulator": {
                "distribution": asdict(preset(recipe.preset)),
                "profile": asdict(recipe.profile),
                "noise": recipe.noise,
            },
            "components": int(method.projection.shape[1]),  # 0 where filters take the place of patches
            "seconds": seconds,
        }
        | provenance("numpy", "scipy", "spams-bin" if described(method.name).training_needs != "sporco" else "sporco"),
    )
