"""IQT-DL: the anisotropic U-Net as a method."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from ....errors import InputError
from ....io.typed import Between, check
from ..method import DeepMethod, check_windows
from . import METHOD

if TYPE_CHECKING:
    from .network import AnisotropicUNet


@dataclass(frozen=True)
class UNetSettings:
    """Parameters of IQT-DL.

    Args:
        factor: slice spacing in high-field voxels: 2, 4 or 8.
        filters: channels of the first of five levels: 16 (paper), 8 or 4.
        residual: the network adds detail to the cubic interpolation; False as in the paper.
        maximum_noise: largest noise of the training scans, as a share of the brain's mean; 0 where any is familiar.
        window, overlap, test_time_augmentation: how volumes are cut and flipped when enhancing. The lowest levels learn
            how near the borders of training patches are: of cubic's error a network of patches of 32 left 0.52 with
            windows of 32 and 48, 0.62 with 64, 0.77 with 96; one of patches of 48 left 0.437 with 48, 0.434 with 64,
            0.440 with 80. A noisy real scan got dotted lines with windows larger than the patches, so keep to those.
    """

    factor: int = 4
    filters: int = 16
    residual: bool = True
    maximum_noise: Annotated[float, Between(0, 1e6)] = 0.0
    window: int = 32
    overlap: float = 0.25
    test_time_augmentation: int = 1

    def __post_init__(self) -> None:
        check(self)
        if self.factor not in (2, 4, 8):
            raise InputError("factor {factor}: the anisotropic U-Net has 2, 4 or 8", factor=self.factor)
        if not 2 <= self.filters <= 64 or self.filters % 2:
            raise InputError("filters {filters}: choose an even number from 2 to 64", filters=self.filters)
        check_windows(self.window, self.overlap, self.test_time_augmentation)


class UNet(DeepMethod):
    """The anisotropic U-Net (Lin 2022; Eldaly 2024, IQT-DL)."""

    name: ClassVar[str] = METHOD.name
    settings: UNetSettings

    def __init__(self, settings: UNetSettings | None = None) -> None:
        super().__init__(settings or UNetSettings())

    def build(self) -> "AnisotropicUNet":
        from .network import AnisotropicUNet

        return AnisotropicUNet(self.settings.factor, self.settings.filters, residual=self.settings.residual)
