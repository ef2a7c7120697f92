"""Recipes: everything that determines a training run, in one TOML or YAML file that is stored in the model's card.

method = "unet"
[settings]      # of the method
[data]          # DataRecipe
[variation]     # Variation: only for domain randomisation
[whole_scans]   # WholeScans: only for a restoration, on a GPU
[slices]        # SliceRecipe: only for a network on slices
[training]      # TrainingRecipe
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np

from ..data.training_pairs import Gain
from ..errors import InputError, reason
from ..io.reading import read_text
from ..io.typed import Between, Length, built, check, shown
from ..methods.networks.method import DeepMethod
from ..methods.registry import described, method_class
from ..physics.acquisition import SliceProfile
from ..physics.simulation import preset
from .recipe_checks import check_sections
from .recipe_text import from_toml, from_yaml
from .simulator import Simulator, Variation
from .slice_pairs import SliceRecipe
from .whole_scans import WholeScans

SHIPPED = Path(__file__).with_name("recipes")
DRAWS = 20_000
MOST_BYTES = 100_000  # of a recipe; the shipped ones hold two thousand
MANY = 10**8  # steps
RATES = Between(0, 1, without=(0, 1))
SHARE = Between(0, 1, without=(1,))
SECTIONS = ("settings", "data", "variation", "whole_scans", "slices", "training")


def axes_of(letters: str) -> tuple[int, ...]:
    """Numbers of slice axes: "j,i" is (1, 0)."""
    parts = letters.replace(" ", "").split(",")
    if set(parts) - set("ijk"):
        raise InputError("slice axes {letters!r}: choose from i, j and k, comma-separated", letters=letters)
    return tuple("ijk".index(letter) for letter in parts)


@dataclass(frozen=True)
class DataRecipe:
    """The subjects of a training, and how their scans are simulated.

    Args:
        preset: SNR distribution. factor, thickness: slice spacing and thickness in high-field voxels (thickness None:
            three parts slice, one part gap). noise: gaussian or rician.
        snr: "fresh" draws SNR and noise for each sample, "once" only once per subject, as in the paper.
        gain: see `Simulator`. slice_axes: slice axes of the simulated scans (letters i, j, k): those along which the
            volumes are sharp. own_axes: different ones for some subjects, by shell pattern: {"head*" = "k,j,i"}.
        patch: edge in voxels.
        suffix: BIDS suffix. exclude: subjects that are not used at all. validate: subjects that select the best
            checkpoint; if empty, a fifth of all, of whom at most one changes when a subject is added. test: held out
            for the final test.
        validation_sets: SNR presets of the scans of validation and test subjects.
        contrast_augmentation: copies of each training subject with the contrast of other scanners
            (`PackedBrain.with_other_contrast`).
        lesions: dark and bright blobs added to each training subject (`PackedBrain.with_lesions`) and each copy.
        source: where the volumes come from and their licence.
    """

    preset: str = "in-distribution"
    factor: Annotated[int, Between(2, 8)] = 4
    thickness: Annotated[int, Between(1, 8)] | None = None
    noise: Literal["gaussian", "rician"] = "gaussian"
    snr: Literal["fresh", "once"] = "fresh"
    gain: Gain = "scanner"
    slice_axes: Annotated[str, Length(20)] = "k"
    own_axes: dict[str, Annotated[str, Length(20)]] = field(default_factory=dict)
    patch: Annotated[int, Between(16, 256)] = 32
    suffix: Annotated[str, Length(60)] = "T1w"
    exclude: tuple[str, ...] = ()
    validate: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    validation_sets: tuple[str, ...] = ("InD1",)
    contrast_augmentation: Annotated[int, Between(0, 20)] = 0
    lesions: Annotated[int, Between(0, 10_000)] = 0
    source: str = "not stated"

    def __post_init__(self) -> None:
        check(self, "data.")
        if not self.validation_sets:
            raise InputError("data.validation_sets is empty: name at least one SNR preset")
        if both := set(self.validate) & set(self.test):
            raise InputError("{both} would be in both validation and test: choose one", both=", ".join(sorted(both)))
        for name in (self.preset, *self.validation_sets):
            preset(name)
        for letters in (self.slice_axes, *self.own_axes.values()):
            axes_of(str(letters))

    @property
    def axes(self) -> tuple[int, ...]:
        return axes_of(self.slice_axes)

    def own_axes_of(self, people: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """Axes of those of `people` who have their own; the first pattern that fits counts."""
        own = {}
        for person in people:
            fitting = [letters for pattern, letters in self.own_axes.items() if fnmatchcase(person, pattern)]
            if fitting:
                own[person] = axes_of(fitting[0])
        return own

    @property
    def profile(self) -> SliceProfile:
        if self.thickness is None:
            return SliceProfile.for_factor(self.factor)
        return SliceProfile(self.thickness, self.factor - self.thickness)


@dataclass(frozen=True)
class TrainingRecipe:
    """How a network is fitted.

    Args:
        steps: optimiser steps. batch: patches per step, of `people` subjects. loss: "mse" (IQT-DL) or "l1" (IQT-DDL).
        squared_error: weight of squared errors beside that loss, for a restoration.
        learning_rate, schedule: "cosine" to nearly zero after `warmup` steps and a share `flat` of all steps, "halving"
            at 50, 75, 87.5 and 94 % as published for DDL, or "constant".
        optimizer: "adam" or "adamw", which apply `weight_decay` to the gradient or to the weights. second_moment: share
            that its average of squared gradients keeps at each step.
        average: share that a moving average of the weights keeps at each step, such as 0.999. It is validated and
            becomes the model. 0: the weights themselves.
        dictionary_rate: learning rate of DDL's dictionary. shuffle: its first steps with atoms in random order.
            freeze: share of the steps, at the end, during which the dictionary is frozen.
        clip: largest gradient norm, 0 for none. precision: "auto" is bfloat16 where the processor or GPU has it.
        stored: precision of the model's weights: "auto" is half where validation scores stay, "8-bit" half of that.
        validate_every, checkpoint_every: steps. patience: stop after so many validations without improvement; 0: never.
    """

    steps: Annotated[int, Between(1, MANY)] = 10_000
    batch: Annotated[int, Between(1, 4096)] = 32
    people: Annotated[int, Between(1, 4096)] = 4
    loss: Literal["mse", "l1"] = "mse"
    squared_error: Annotated[float, Between(0, 100)] = 2.0
    learning_rate: Annotated[float, RATES] = 1e-3
    schedule: Literal["cosine", "halving", "constant"] = "cosine"
    warmup: Annotated[int, Between(0, MANY)] = 100
    flat: Annotated[float, SHARE] = 0.0
    optimizer: Literal["adam", "adamw"] = "adam"
    second_moment: Annotated[float, SHARE] = 0.999
    weight_decay: Annotated[float, Between(0, 1)] = 0.0
    average: Annotated[float, SHARE] = 0.0
    dictionary_rate: Annotated[float, RATES] = 5e-3
    shuffle: Annotated[int, Between(0, MANY)] = 1000
    freeze: Annotated[float, SHARE] = 0.1
    clip: Annotated[float, Between(0, 1e6)] = 0.0
    precision: Literal["auto", "32", "bf16", "16"] = "auto"
    stored: Literal["auto", "8-bit"] = "auto"
    validate_every: Annotated[int, Between(1, MANY)] = 1000
    checkpoint_every: Annotated[int, Between(1, MANY)] = 200
    patience: Annotated[int, Between(0, MANY)] = 0
    seed: Annotated[int, Between(0, 2**63 - 1)] = 300

    def __post_init__(self) -> None:
        check(self, "training.")
        if self.batch % self.people:
            raise InputError("batch {batch} is not a multiple of people {people}", batch=self.batch, people=self.people)


@dataclass(frozen=True)
class NetworkRecipe:
    """A training run of a deep method."""

    method: str
    description: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    data: DataRecipe = DataRecipe()
    training: TrainingRecipe = TrainingRecipe()
    variation: Variation | None = None
    whole_scans: WholeScans | None = None
    slices: SliceRecipe | None = None

    @property
    def restores(self) -> bool:
        """Whether the model restores scans of any kind instead of thick slices as in the paper."""
        return described(self.method).training == "restoration"

    @property
    def on_slices(self) -> bool:
        """Whether the model enlarges single slices, and learns from them."""
        return described(self.method).training == "slices"

    @property
    def of_volumes(self) -> bool:
        """Whether it is trained on slices that are cut from volumes."""
        return self.slices is not None and self.slices.planes != "mid-slices"

    @property
    def simulator(self) -> Simulator:
        """Draws scans of the training subjects; `InputError` if the variation's factor is not the model's."""
        data = self.data
        factors = {thickness + gap for thickness, gap in self.variation.profiles} if self.variation else {data.factor}
        if factors != {data.factor}:
            told = "slice profiles of factor {factors} contradict factor {factor}"
            raise InputError(told, factors=sorted(factors), factor=data.factor)
        return Simulator(preset(data.preset), data.profile, data.noise, self.variation, data.snr == "once", data.gain)

    @property
    def maximum_noise(self) -> float:
        """Noise relative to the brain's mean, exceeded by one scan in a thousand; 0 (no limit) with a variation."""
        if self.variation is not None:
            return 0.0
        draws = preset(self.data.preset).draw(DRAWS, np.random.default_rng(self.training.seed))
        return round(1 / float(np.quantile(draws.min(axis=1), 0.001)), 4)

    def new_method(self) -> "DeepMethod":
        """The untrained method with this recipe's settings."""
        kind: Any = method_class(self.method)
        if not issubclass(kind, DeepMethod):
            raise InputError("recipes are for the deep methods: {method} is not one", method=self.method)
        own = type(kind().settings)
        filters = any(entry.name == "maximum_noise" for entry in fields(own))
        found = {"maximum_noise": self.maximum_noise} if filters else {}
        if self.slices is not None and self.on_slices:
            found |= {
                "largest": max(self.slices.scales),
                "thickest": self.slices.thickest if self.slices.thick else 1.0,
            }
        settings = built(own, found | self.settings, "settings.")
        if settings.factor != self.data.factor:
            told = "settings.factor {factor} contradicts data.factor {other}"
            raise InputError(told, factor=settings.factor, other=self.data.factor)
        method = kind(settings)
        multiple = method.patch_multiple()
        for edge in [self.data.patch] if self.whole_scans is None else [edge for edge, _ in self.whole_scans.sizes]:
            if edge % multiple:
                raise InputError("patch {edge}: choose a multiple of {multiple}", edge=edge, multiple=multiple)
        return method


def shipped() -> dict[str, Path]:
    """Names and files of the recipes that come with IQT."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_recipe(name: str | Path, overrides: Mapping[str, Any] | None = None) -> NetworkRecipe:
    """The recipe of that name, or in that file; `overrides` as {"training.steps": 10}.

    Raises:
        InputError: no such recipe, not readable, unknown or contradictory keys.
    """
    content = read_recipe(name)
    for key, value in (overrides or {}).items():
        section, dot, entry = key.partition(".")
        if not dot:
            content[section] = value
        elif section in SECTIONS:
            held = content.get(section, {})
            if not isinstance(held, dict):
                raise InputError("{name} is {held}: it must be a set of named values", name=section, held=shown(held))
            content[section] = held | {entry: value}
        else:
            raise InputError("--set {key}: sections are {all}", key=key, all=", ".join(SECTIONS), code="setting")
    return recipe_of(content)


def recipe_of(content: Mapping[str, Any]) -> NetworkRecipe:
    """A recipe from nested dictionaries, checked."""
    recipe = built(NetworkRecipe, content)
    recipe.simulator, recipe.new_method()
    check_sections(recipe, content)
    return recipe


def read_recipe(name: str | Path) -> dict[str, Any]:
    """The content of the recipe of that name or in that file, not checked yet."""
    path = shipped().get(str(name), Path(name))
    if path.suffix not in (".toml", ".yaml", ".yml"):
        told = "no recipe {path!r}: neither a .toml or .yaml file nor one of {shipped}"
        raise InputError(told, path=str(path), shipped=", ".join(shipped()))
    try:
        text = read_text(path, most=MOST_BYTES)
        content = from_toml(text) if path.suffix == ".toml" else from_yaml(text)
    except (OSError, ValueError) as error:
        raise InputError("recipe {path} cannot be read: {why}", path=path, why=reason(error)) from None
    if not isinstance(content, dict):
        raise InputError("recipe {path} holds no named values", path=path)
    return content
