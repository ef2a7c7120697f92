"""The descriptor of a method, read by the command line, both panels, the experiments and the documentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FACTORS = tuple(range(2, 9))
Normalisation = Literal["none", "brain-mean", "n4-brain-mean"]  # of intensities, see `LowField.normalised`


@dataclass(frozen=True)
class Builtin:
    """A model without weights."""

    description: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    normalisation: Normalisation = "none"


@dataclass(frozen=True)
class Compared:
    """A model that the experiments compare, with its label in tables and figures."""

    label: str
    model: str


@dataclass(frozen=True)
class Descriptor:
    """Describes a method to front ends. It imports nothing heavy, so menus stay fast.

    Args:
        name: of the method in cards, recipes and commands.
        title: for menus. short: for file names of results.
        purpose: what it is for, in a sentence or two.
        plain: what it does, for someone who knows nothing of methods; the purpose where it is empty.
        implementation: "module:Class", imported when the method is used.
        any_scan: takes scans of any contrast and voxel size, also isotropic ones.
        finds_brain: works in the brain, where the coil's bias field can be estimated too.
        synthesises: makes another contrast, so that nothing in the result was measured.
        notice: what users must know about patents and licences.
        factors: supported slice spacings in high-field voxels.
        tunable: settings that may be changed when enhancing, each with a line of help.
        training: how `iqt train` trains it: sparse "dictionaries", a "network" for thick slices, for the "restoration"
            of any scan or on single "slices", the "synthesis" of another contrast, each with a recipe; "" if it cannot.
        training_needs: an optional package that training cannot do without.
        recipes: names of shipped recipes, by "quick", "standard" and "paper"; "gpu" is the standard one on a GPU.
        sizes: settings of a "small", "medium" and "large" model.
        builtin: models without weights, by name.
        compared: models in the main tables of the experiments, by their key there.
    """

    name: str
    title: str
    short: str
    purpose: str
    implementation: str
    plain: str = ""
    any_scan: bool = False
    finds_brain: bool = True
    synthesises: bool = False
    notice: str = ""
    factors: tuple[int, ...] = FACTORS
    tunable: Mapping[str, str] = field(default_factory=dict)
    training: Literal["", "dictionaries", "network", "restoration", "slices", "synthesis"] = ""
    training_needs: str = ""
    recipes: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    builtin: Mapping[str, Builtin] = field(default_factory=dict)
    compared: Mapping[str, Compared] = field(default_factory=dict)

    @property
    def evens(self) -> bool:
        """Whether the coil's bias field can be taken out of its results."""
        return self.finds_brain and not self.synthesises
