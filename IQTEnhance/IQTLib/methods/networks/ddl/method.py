"""IQT-DDL: deep dictionary learning as a method."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from ....errors import InputError
from ....io.typed import Between, check
from ..method import DeepMethod, Schedule, check_windows
from . import METHOD

if TYPE_CHECKING:
    from torch import nn

    from .network import DeepDictionary


@dataclass(frozen=True)
class DDLSettings:
    """Parameters of IQT-DDL.

    Args:
        factor: slice spacing in high-field voxels; atoms are (1, 1, factor) voxels.
        atoms: dictionary size, a power of two: 64 or 128 in the paper.
        filters: channels of the feature extractor's first level: as many as atoms in the paper; 16 or 32 for CPUs.
        complement: "centred" (across the borders of atoms only where there are any) or "literal" (SRDD's 2^3 kernel).
        residual: the dictionary adds detail to the cubic interpolation; False as in the paper's text.
        leaky: LeakyReLU in the dictionary's tree; False as in SRDD, which the paper builds on.
        maximum_noise: largest noise of the training scans, as a share of the brain's mean; 0 where any is familiar.
        window, overlap, test_time_augmentation: how volumes are cut and flipped when enhancing.
    """

    factor: int = 4
    atoms: int = 64
    filters: int = 64
    complement: Literal["centred", "literal"] = "centred"
    residual: bool = True
    leaky: bool = True
    maximum_noise: Annotated[float, Between(0, 1e6)] = 0.0
    window: int = 64
    overlap: float = 0.125
    test_time_augmentation: int = 1

    def __post_init__(self) -> None:
        check(self)
        if not 2 <= self.factor <= 8:
            raise InputError("factor {factor}: choose 2 to 8", factor=self.factor)
        if not 2 <= self.atoms <= 1024 or self.atoms & (self.atoms - 1):
            raise InputError(
                "{atoms} atoms: IQT-DDL grows its dictionary by doubling, choose a power of two", atoms=self.atoms
            )
        if not 4 <= self.filters <= 256 or (self.filters + self.atoms) % 4:
            raise InputError(
                "filters {filters}: choose 4 to 256, with filters + atoms a multiple of 4", filters=self.filters
            )
        if self.complement not in ("centred", "literal"):
            raise InputError("complement {complement!r}: choose centred or literal", complement=self.complement)
        check_windows(self.window, self.overlap, self.test_time_augmentation)


class DDL(DeepMethod):
    """Deep dictionary learning (Eldaly 2024, IQT-DDL)."""

    name: ClassVar[str] = METHOD.name
    settings: DDLSettings

    def __init__(self, settings: DDLSettings | None = None) -> None:
        super().__init__(settings or DDLSettings())

    def build(self) -> "DeepDictionary":
        from .network import DeepDictionary

        settings = self.settings
        return DeepDictionary(
            settings.atoms,
            settings.filters,
            (1, 1, settings.factor),
            complement=settings.complement,
            residual=settings.residual,
            leaky=settings.leaky,
        )

    def begin_step(self, step: int, total: int, training: Schedule) -> None:
        self.network.shuffling = step < training.shuffle
        self.network.fresh = step < total * (1 - training.freeze)

    def prepare_for_inference(self) -> None:
        self.network.store()

    def parameter_groups(self, training: Schedule) -> dict[str, tuple[list["nn.Parameter"], float]]:
        growing = [*self.network.generator.parameters(), *self.network.encoder.parameters()]
        grown = {id(parameter) for parameter in growing}
        body = [parameter for parameter in self.network.parameters() if id(parameter) not in grown]
        return {"body": (body, training.learning_rate), "dictionary": (growing, training.dictionary_rate)}
