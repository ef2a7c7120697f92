"""`card.json` of a model: what it is and how it was made, described once and checked whole when it is read."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any

from ..errors import InputError, ModelError, reason
from ..image.grid import ModelGrid
from ..io.files import whole_file
from ..io.reading import read_json
from ..io.typed import Length, Positive, built, shown
from ..methods.descriptor import Normalisation
from ..physics.acquisition import SliceProfile
from .intervals import Calibration

CARD = "card.json"
FORMAT = 1
Spread = tuple[Positive, Positive]


@dataclass(frozen=True)
class ModelCard:
    """What `card.json` holds.

    Args:
        name, version, description: of the model.
        method, settings: its class in `METHODS` and the parameters.
        grid: voxel sizes (mm) and factor it was trained for.
        thickness, gap: slice profile of its training data in high-field voxels.
        contrast: T1w, FLAIR, ... . normalisation: of intensities, as `LowField.normalised` has it.
        training: subjects, data and their licences, simulator, seeds, versions. test: scores on named held-out sets.
        intervals: calibration of the method's intervals; None if it was never done.
        lesions: mean recovery (1: all of the contrast) of "bright" and "dark" artificial lesions by "diameters" (mm).
        sha256: of the weights file.
    """

    name: Annotated[str, Length(100)]
    method: str
    settings: dict[str, Any]
    grid: dict[str, float]
    thickness: int = 3
    gap: int = 1
    contrast: Annotated[str, Length(60)] = "T1w"
    version: Annotated[str, Length(60)] = "1"
    description: str = ""
    normalisation: Normalisation = "brain-mean"
    training: dict[str, Any] = field(default_factory=dict)
    test: dict[str, Any] = field(default_factory=dict)
    lesions: dict[str, Any] = field(default_factory=dict)
    intervals: Calibration | None = None
    sha256: str = ""
    format: int = FORMAT

    @property
    def model_grid(self) -> ModelGrid:
        grid: dict[str, Any] = self.grid
        return ModelGrid(**grid)

    @property
    def profile(self) -> SliceProfile:
        return SliceProfile(self.thickness, self.gap)


@dataclass(frozen=True)
class NormalTold:
    """An `SNRPreset`, as far as scans are compared with it."""

    mean: Spread
    covariance: tuple[tuple[Positive, float], tuple[float, Positive]]


@dataclass(frozen=True)
class VariationTold:
    """A `Variation`, as far as scans are compared with it."""

    snr: Spread
    ratio: Spread


@dataclass(frozen=True)
class SimulatorTold:
    """How training scans were made."""

    distribution: NormalTold | None = None
    variation: VariationTold | None = None


@dataclass(frozen=True)
class TrainingTold:
    """What IQT itself reads of a card's `training`; all else in it is for people."""

    people: tuple[str, ...] = ()
    validation_people: tuple[str, ...] = ()
    simulator: SimulatorTold = SimulatorTold()
    seconds: float = 0.0


@dataclass(frozen=True)
class LesionsTold:
    """What a card's `lesions` hold."""

    diameters: tuple[float, ...] = ()
    bright: tuple[float, ...] = ()
    dark: tuple[float, ...] = ()


def read_card(folder: Path) -> ModelCard:
    """Read and check `card.json`."""
    path = folder / CARD
    try:
        content = read_json(path)
    except FileNotFoundError:
        raise ModelError("{folder} holds no {card}: it is not a model folder", folder=folder, card=CARD) from None
    except (OSError, ValueError) as error:
        raise ModelError("{path} cannot be read: {why}", path=path, why=reason(error)) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError("{path} is not a model card of format {format}", path=path, format=FORMAT)
    known = {entry.name for entry in fields(ModelCard)}
    unknown = set(content) - known
    if unknown:
        names = ", ".join(shown(name)[1:-1] for name in sorted(unknown)[:10])
        raise ModelError("{path} has unknown keys {names}: is it from a newer version?", path=path, names=names)
    try:
        card = built(ModelCard, content)
        grid, profile = built(ModelGrid, card.grid, "grid."), card.profile
        built(TrainingTold, card.training, "training.", more=True)
        built(LesionsTold, card.lesions, "lesions.", more=True)
    except InputError as error:
        raise ModelError("{path} is not a valid card: {why}", path=path, why=error) from None
    if grid.factor != profile.factor or not 0 < grid.finest <= grid.coarsest:
        raise ModelError(
            "{path} is not a valid card: grid {grid} with thickness {thickness} and gap {gap}",
            path=path,
            grid=card.grid,
            thickness=card.thickness,
            gap=card.gap,
        )
    return card


def write_card(card: ModelCard, folder: Path) -> None:
    """Write `card.json` into `folder`, whole or not at all."""
    with whole_file(folder / CARD) as part:
        content = {name: value for name, value in asdict(card).items() if value is not None}
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
