"""Train IQT-SRep from a folder of high-field volumes and write the model."""

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..acquisition import SliceProfile
from ..errors import InputError
from ..events import SILENT, Reporter
from ..methods.base import Run
from ..methods.srep.method import SRep, SRepSettings
from ..pretrained import ModelCard, check_target, save
from ..simulation import preset
from ..typed import built
from .cohort import Brain, cubic, find_scans, load_brain
from .pairs import SimulatedPairs
from .provenance import grid_of, provenance
from .recipe import axes_of, read_recipe

DEFAULT_RECIPE = "srep-t1w-x4"


@dataclass(frozen=True)
class SRepRecipe:
    """Everything that decides a training run; it lands in the model card."""

    patch: int = 7
    atoms: int = 1024
    patches: int = 100_000
    paper: bool = False
    preset: str = "in-distribution"
    factor: int = 4
    slice_axes: tuple[int, ...] = (2,)
    suffix: str = "T1w"
    exclude: tuple[str, ...] = ()
    seed: int = 300
    data: str = "not stated"

    @property
    def normalisation(self) -> str:
        return "brain-mean" if self.paper else "n4-brain-mean"

    @property
    def settings(self) -> SRepSettings:
        return replace(SRepSettings.of_size(self.patch, self.atoms, paper=self.paper), patches=self.patches)


def srep_recipe(name: str | Path = DEFAULT_RECIPE, **changes: Any) -> SRepRecipe:
    """The recipe of that name, or in that file; `changes` take the place of its values, but for those that are None.

    Raises:
        InputError: no such recipe, one of another method, unknown or contradictory values.
    """
    content = read_recipe(name)
    if content.pop("method", None) != SRep.name:
        raise InputError(f"recipe {name} is not one of method {SRep.name}")
    content |= {key: value for key, value in changes.items() if value is not None}
    if isinstance(content.get("slice_axes"), str):
        content["slice_axes"] = axes_of(content["slice_axes"])
    return built(SRepRecipe, content)


def train(
    source: Path, target: Path, recipe: SRepRecipe, *, overwrite: bool = False, report: Reporter = SILENT
) -> ModelCard:
    """Learn dictionaries from the volumes below `source` and write the model folder `target`."""
    settings, distribution = recipe.settings, preset(recipe.preset)
    check_target(target, overwrite=overwrite)
    start = time.monotonic()
    brains = load_brains(source, recipe, report)
    pairs = SimulatedPairs(
        brains,
        distribution,
        seed=recipe.seed,
        profile=SliceProfile.for_factor(recipe.factor),
        slice_axes=recipe.slice_axes,
        normalisation=recipe.normalisation,
    )
    method = SRep(settings)
    method.fit(pairs, rng=np.random.default_rng(recipe.seed), run=Run(report=report))
    card = _card(target.name, method, recipe, pairs, round(time.monotonic() - start, 1))
    card = save(card, method, target, overwrite=overwrite)
    report.result(str(target), model=str(target), people=len(brains), seconds=card.training["seconds"])
    return card


def load_brains(source: Path, recipe: SRepRecipe, report: Reporter = SILENT) -> list[Brain]:
    """Training people: all scans found but those of excluded people; a bad one is told of and left out."""
    found = find_scans(source, suffix=recipe.suffix)
    if strangers := set(recipe.exclude) - {scan.person for scan in found}:
        report.warn(f"no scan of {', '.join(sorted(strangers))}, who should be excluded: are the names right?")
    scans = [scan for scan in found if scan.person not in recipe.exclude]
    brains = []
    for scan in report.track(scans, total=len(scans), message="reading volumes"):
        rng = np.random.default_rng([recipe.seed, len(brains)])
        try:
            brains.append(cubic(load_brain(scan, rng=rng, report=report), report))
        except InputError as error:
            report.warn(f"{scan.path.name} is left out: {error}")
    if not brains:
        raise InputError(f"no usable volume below {source}")
    return brains


def _card(name: str, method: SRep, recipe: SRepRecipe, pairs: SimulatedPairs, seconds: float) -> ModelCard:
    settings = method.settings
    kind = "paper mode" if recipe.paper else "contrast map, OMP, data consistency"
    return ModelCard(
        name=name,
        method=method.name,
        settings=asdict(settings),
        grid=grid_of([brain.volume.affine for brain in pairs.brains], recipe.factor),
        thickness=pairs.profile.thickness,
        gap=pairs.profile.gap,
        normalisation=pairs.normalisation,
        contrast=recipe.suffix,
        description=(
            f"IQT-SRep {recipe.suffix} x{recipe.factor}, {settings.patch}^3 patches, {settings.atoms} atoms ({kind})"
        ),
        training={
            "people": [brain.person for brain in pairs.brains],
            "data": recipe.data,
            "recipe": asdict(recipe),
            "simulator": {"distribution": asdict(pairs.preset), "profile": asdict(pairs.profile), "noise": pairs.noise},
            "components": int(method.projection.shape[1]),
            "seconds": seconds,
        }
        | provenance("numpy", "scipy", "spams-bin"),
    )
