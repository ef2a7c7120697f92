"""What is to be simulated or trained, in words of the panel, and as the very command line that does it."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from IQTEnhanceLib.Catalogue import methodTitle
from IQTEnhanceLib.Errors import EnhanceError
from IQTLib.methods.registry import METHODS, trainable
from slicer.i18n import tr as _

SIZES = ("recipe", "small", "medium", "large")
IN_DISTRIBUTION = "in-distribution"

ADVANCED: dict[str, dict[str, str]] = {  # by how methods are trained: option or recipe key -> what it is
    "dictionaries": {
        "patch": _("edge of the patches in voxels: 3, 5 or 7"),
        "atoms": _("size of the dictionary, 16 to 4096"),
        "patches": _("number of training patches"),
        "seed": _("seed of every random draw"),
    },
    "network": {
        "training.steps": _("number of optimiser steps"),
        "training.batch": _("patches per step; a multiple of the subjects per step"),
        "training.people": _("subjects per step"),
        "training.learning_rate": _("initial learning rate"),
        "training.validate_every": _("steps between validations"),
        "training.checkpoint_every": _("steps between checkpoints: all that an interruption can lose"),
        "training.patience": _("stop after this many validations without improvement; 0 means never"),
        "training.seed": _("seed of every random draw"),
        "data.patch": _("edge of the training patches in voxels"),
        "data.gain": _("scanner (the estimate keeps the scan's units) or free"),
        "data.contrast_augmentation": _("copies of each subject with the contrast of other scanners"),
        "data.lesions": _("dark and bright blobs added to each subject, so that lesions are preserved"),
    },
    "synthesis": {
        "target": _("the contrast to be made, as files name it: T2w, FLAIR, T1w"),
        "slices": _("folder of mid-slices of that contrast without partner, if there is one"),
        "pair_slices": _("slices of each subject with both contrasts"),
        "other_slices": _("slices of each subject with the first contrast only"),
        "settings.scale": _("how many times finer the result is in axial slices"),
        "settings.filters": _("number of filters"),
        "seed": _("seed of every random draw"),
    },
}
# Restorations of any scan and networks on slices are trained from the command line: the section Simulate has no say in
# their scans.
METHOD_NAMES = trainable("dictionaries", "network", "synthesis")


@dataclass(frozen=True)
class SimulationPlan:
    """How low-field scans are made of high-field ones.

    Args:
        preset: a name, or "mean WM,mean GM,spread WM,spread GM,correlation". thickness, gap: in high-field voxels;
            their sum is the factor. sliceAxis: i, j, k. noise: gaussian or rician. suffix: T1w, FLAIR, ...
    """

    preset: str = IN_DISTRIBUTION
    sliceAxis: str = "k"
    thickness: int = 3
    gap: int = 1
    noise: str = "gaussian"
    suffix: str = "T1w"
    seed: int = 0

    @property
    def factor(self) -> int:
        return self.thickness + self.gap

    def arguments(self, source: Path, target: Path, *, resume: bool = False, lowOnly: bool = False) -> list[str]:
        """Of `iqt`, to simulate every scan below `source` into `target`."""
        self.check()
        arguments = ["simulate", str(source), str(target), "--preset", self.preset, "--factor", str(self.factor)]
        arguments += ["--gap", str(self.gap), "--slice-axis", self.sliceAxis, "--noise", self.noise]
        arguments += ["--suffix", self.suffix, "--seed", str(self.seed)]
        return arguments + ["--resume"] * resume + ["--low-only"] * lowOnly

    def check(self) -> None:
        """Raise `EnhanceError` for values that no scan can be simulated with, before a worker starts."""
        from IQTLib.errors import InputError
        from IQTLib.physics.acquisition import SliceProfile
        from IQTLib.physics.simulation import preset

        try:
            preset(self.preset)
            SliceProfile(self.thickness, self.gap)
        except InputError as error:
            raise EnhanceError(str(error), _("Correct it in the Simulate section.")) from None


@dataclass(frozen=True)
class TrainingPlan:
    """What is to be trained, from whom, and where it goes.

    Args:
        source: folder of prepared scans, for a synthesis of scans as they are. target: folder of the new model.
        method: a name of `METHOD_NAMES`. recipe: quick, standard, paper, another shipped one's name, or a .toml file.
        size: recipe (as it has it), small, medium, large. simulation: of the scans to learn from.
        validate, test, exclude: subjects for validation, for the final test, and excluded ones.
        start: a model to fine-tune. advanced: values by name of `ADVANCED`. note: where the data come from.
    """

    source: str
    target: str
    method: str = "unet"
    recipe: str = "standard"
    size: str = "recipe"
    simulation: SimulationPlan = field(default_factory=SimulationPlan)
    validate: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    device: str = "auto"
    start: str = ""
    advanced: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    cache: str = ""

    def arguments(self, *, resume: bool = False, dryRun: bool = False, overwrite: bool = False) -> list[str]:
        """Of `iqt`."""
        self.check()
        if dryRun and self.kind == "synthesis":
            raise EnhanceError(_("What this training takes is not estimated"), _("It takes minutes."))
        kinds = {"dictionaries": self._dictionaries, "network": self._network, "synthesis": self._synthesis}
        arguments = ["train", self.method, self.source, self.target, *kinds[self.kind]()]
        arguments += ["--resume"] * (resume and not self.isSparse)
        for name in ("validate", "test", "exclude"):
            if people := getattr(self, name):
                arguments += [f"--{name}", ",".join(people)]
        if self.note:
            arguments += ["--data", self.note]
        return arguments + ["--dry-run"] * dryRun + ["--overwrite"] * overwrite

    def check(self) -> None:
        """Raise `EnhanceError` for plans that cannot be trained, before a worker starts."""
        self.simulation.check()
        factor = self.simulation.factor
        if self.method not in METHOD_NAMES:
            reason = _("There is no method '{name}'").format(name=self.method)
            raise EnhanceError(reason, _("Choose one of {names}.").format(names=", ".join(METHOD_NAMES)))
        factors = METHODS[self.method].factors
        if factor not in factors:
            reason = _("{method} does not support factor {factor}")
            remedy = _("Choose thickness + gap of {some} or {last}.")
            raise EnhanceError(
                reason.format(method=methodTitle(self.method), factor=factor),
                remedy.format(some=", ".join(map(str, factors[:-1])), last=factors[-1]),
            )
        if self.size not in SIZES:
            reason = _("There is no size '{name}'").format(name=self.size)
            raise EnhanceError(reason, _("Choose one of {names}.").format(names=", ".join(SIZES)))
        if self.kind != "network" and self.start:
            title = methodTitle(self.method).partition(":")[0]
            reason = _("{method} cannot be fine-tuned").format(method=title)
            raise EnhanceError(reason, _("Train it from scratch: it takes minutes."))
        unknown = set(self.advanced) - set(ADVANCED[self.kind])
        if unknown:
            reason = _("{names} cannot be set here").format(names=", ".join(sorted(unknown)))
            raise EnhanceError(reason, _("Write a recipe file instead."))

    def _dictionaries(self) -> list[str]:
        simulation = self.simulation
        values = METHODS[self.method].sizes.get(self.size, {}) | dict(self.advanced)
        arguments = ["--recipe", self.recipeName]
        arguments += [part for name, value in values.items() for part in (f"--{name}", str(value))]
        arguments += ["--preset", simulation.preset, "--factor", str(simulation.factor), "--gap", str(simulation.gap)]
        arguments += ["--noise", simulation.noise]
        return [*arguments, "--slice-axes", simulation.sliceAxis, "--suffix", simulation.suffix]

    def _synthesis(self) -> list[str]:
        sizes = METHODS[self.method].sizes.get(self.size, {})
        values = {f"settings.{name}": value for name, value in sizes.items()} | dict(self.advanced)
        slices = values.pop("slices", "")
        values |= {"source": self.simulation.suffix}
        arguments = ["--recipe", self.recipeName]
        arguments += [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
        return arguments + (["--slices", str(slices)] if slices else [])

    def _network(self) -> list[str]:
        simulation = self.simulation
        values: dict[str, Any] = {
            "data.preset": simulation.preset,
            "data.factor": simulation.factor,
            "settings.factor": simulation.factor,
            "data.thickness": simulation.thickness,
            "data.noise": simulation.noise,
            "data.slice_axes": simulation.sliceAxis,
            "data.suffix": simulation.suffix,
        }
        if simulation.preset != IN_DISTRIBUTION:
            values["data.validation_sets"] = [simulation.preset]
        values |= {f"settings.{name}": value for name, value in METHODS[self.method].sizes.get(self.size, {}).items()}
        arguments = ["--recipe", self.recipeName, "--device", self.device]
        for name, value in (values | dict(self.advanced)).items():
            arguments += ["--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]
        arguments += ["--cache", self.cache] if self.cache else []
        return arguments + (["--from", self.start] if self.start else [])

    @property
    def kind(self) -> str:
        """How the method is trained, as its descriptor has it."""
        return METHODS[self.method].training

    @property
    def isSparse(self) -> bool:
        """Whether dictionaries are learned, without device, checkpoints or fine-tuning."""
        return self.kind == "dictionaries"

    @property
    def recipeName(self) -> str:
        """The name or file that `--recipe` gets."""
        return METHODS[self.method].recipes.get(self.recipe, self.recipe)

    @property
    def worksOn(self) -> str:
        """The device whose turn a job of this plan waits for."""
        return self.device if self.kind == "network" else "cpu"


def resumed(arguments: Sequence[str], since: float = 0.0) -> list[str]:
    """A job's arguments to continue where it ended: from its checkpoint or, if there is none yet, from the beginning.

    Dictionaries of patches have no checkpoints and start again. Only files newer than `since`, when the job was
    created, were written by the job itself: an older run or model that it may not overwrite is neither resumed nor
    replaced.
    """
    if arguments[0] == "simulate":
        return [*(part for part in arguments if part != "--resume"), "--resume"]
    rest = [part for part in arguments if part not in ("--resume", "--overwrite")]
    if len(rest) < 4:  # no training of ours
        return list(arguments)
    target = Path(rest[3])
    checkpoint = target.with_name(f"{target.name}.run") / "last.ckpt"
    begun = _isYoung(checkpoint, since)
    overwrite = "--overwrite" in arguments or _isYoung(target / "card.json", since)
    return [*rest, *["--resume"] * begun, *["--overwrite"] * overwrite]


def _isYoung(path: Path, since: float) -> bool:
    return path.is_file() and path.stat().st_mtime >= since


def commandLine(arguments: Sequence[str]) -> str:
    """What to type in a terminal, or to hand to a cluster."""
    return shlex.join(["iqt", *arguments])


def shippedValues(method: str, recipe: str) -> dict[str, str]:
    """What a shipped recipe says of the advanced values, for the panel; empty for what it leaves to the library."""
    import IQTLib

    try:
        import tomllib
    except ImportError:  # Python 3.10
        return {}
    name = METHODS[method].recipes.get(recipe, recipe)
    path = Path(IQTLib.__file__).parent / "training" / "recipes" / f"{name}.toml"
    if not path.is_file():
        return {}
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    values = {"": content, **{f"{section}.": content.get(section, {}) for section in ("training", "data", "settings")}}
    return {
        f"{section}{key}": str(value)
        for section, entries in values.items()
        for key, value in entries.items()
        if not isinstance(value, dict)
    }
