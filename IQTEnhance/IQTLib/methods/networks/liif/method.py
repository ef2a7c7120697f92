"""LIIF as a method for any scan: its slices are enlarged, then the planes across them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from ....io.typed import Between, check
from ....physics.fine_scan import FineScan
from ....sentences import Sentence
from ...any_scan import AnyScanMethod
from ...base import Run, intensities
from ..method import DeepMethod
from . import METHOD

if TYPE_CHECKING:
    from torch import Tensor, nn

    from .network import LIIF


MEAN = 0.3  # of the brain, in the intensities 0 to 1 that the network knows: about that of T2w slices
NOISELESS = 0.05  # noise, share of the brain's mean, above which a user is warned


@dataclass(frozen=True)
class LiifSettings:
    """Parameters of LIIF; as they are by default, the published model for scale 2.

    Args:
        features, blocks: of EDSR. enlarge: of its tail: 2, or 4 as the published model for scale 4.
        units: of each hidden layer of the implicit function, 128 or 256 as published.
        attention: whether attention and edges come before EDSR.
        residual: whether the network adds to cubic interpolation, which the published one does not.
        largest, thickest: scales that it was trained for, in both axes of a slice and in one of them alone.
        factor: of the simulated scans that the method is also tested on.
    """

    features: Annotated[int, Between(4, 256)] = 64
    blocks: Annotated[int, Between(1, 64)] = 16
    enlarge: Literal[2, 4] = 2
    units: Annotated[int, Between(8, 1024)] = 128
    attention: bool = False
    residual: bool = False
    largest: Annotated[float, Between(1, 8)] = 4.0
    thickest: Annotated[float, Between(1, 8)] = 6.0
    factor: int = 4

    def __post_init__(self) -> None:
        check(self)


class Liif(AnyScanMethod, DeepMethod):
    """Slices at any scale, from a network that answers for places."""

    name: ClassVar[str] = METHOD.name
    any_grid: ClassVar[bool] = True
    settings: LiifSettings

    def __init__(self, settings: LiifSettings | None = None) -> None:
        super().__init__(settings or LiifSettings())

    def build(self) -> "LIIF":
        from .network import LIIF

        own = self.settings
        return LIIF(own.features, own.blocks, own.enlarge, own.units, attention=own.attention, residual=own.residual)

    def training_loss(
        self, network: "nn.Module", batch: Mapping[str, Any], distance: "Callable[[Tensor, Tensor], Tensor]"
    ) -> "Tensor":
        """The distance of all three channels from the truth at the crops' places."""
        found = network(batch["slices"], batch["places"], batch["cells"]).float()
        return distance(found, batch["values"].expand_as(found))

    def patch_multiple(self) -> int:
        return 1

    def enlarge(self, low: np.ndarray, shape: tuple[int, int], run: Run) -> np.ndarray:
        """A slice (h, w) of intensities 0 to 1 with `shape` pixels over the same field of view, float32."""
        from .planes import SLICES, Axis, enlarged

        axes = tuple(Axis.over(n, m) for n, m in zip(low.shape, shape, strict=True))
        return enlarged(self.network, low[None], axes, run, SLICES)[0]

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """The estimate, float32 (1, x, y, z), in units of `scan.data`: see `volumes`.

        Raises:
            InputError: the scan's planes are too small, or too little memory. CancelledError.
        """
        from .volumes import Part, through_planes

        part = Part.of(scan)
        self._warn(part.scales, scan.noise, run)
        estimate = scan.data.copy()
        estimate[part.box] = through_planes(self.network, replace(part, data=part.data * MEAN), run) / MEAN
        return intensities(estimate)[None]

    def _warn(self, scales: tuple[float, ...], noise: float | None, run: Run) -> None:
        """Of what the network was not trained on."""
        largest = self.settings.largest
        thickest = max(largest, self.settings.thickest)
        if max(scales[:2]) > largest or scales[2] > thickest:
            told = (
                "the scan is enlarged {x:.1f} x {y:.1f} x {z:.1f} times, but the model was trained up to {largest:g} "
                "in slices and {thickest:g} across: check the result carefully"
            )
            x, y, z = scales
            run.report.warn(Sentence(told, "scale", x=x, y=y, z=z, largest=largest, thickest=thickest))
        if noise is not None and noise > NOISELESS:
            told = (
                "noise is {percent:.1f} % of the brain's mean, but the model was trained without noise: it stays in "
                "the result, and may look like structure"
            )
            run.report.warn(Sentence(told, "noise-stays", percent=100 * noise))
