"""The base of the patch methods: each predicts the detail of a patch from the features of the same patch.

A method learns `learn(samples)` and predicts `regress(features)`; it sees vectors only. This base does the rest:
denoising and contrast map before, features and their projection, overlapping patches, data consistency after.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, ClassVar, TypeVar

import numpy as np

from ...device import Fallback
from ...errors import InputError, ModelError
from ...image.axis import upsample_slices
from ...image.patches import OverlapAverage, extract, positions
from ...io.typed import Between, check
from ...physics.acquisition import Acquisition
from ...sentences import Sentence
from ..base import LowField, Run, TrainingPair, intensities
from ..contrast import ContrastMap, denoised, in_plane
from ..state import checked_state, stored
from .ahead import ahead
from .features import Geometry, projected_features, thick_slices

PLANES = 16  # made consistent at once: they fit a processor's cache
BATCH = 8192  # patches predicted at once: bounds the memory
STRIDES = {3: 1, 5: 2, 7: 3}
RESIDUAL_SD = 0.1  # prior of data consistency: error of interpolation, as a share of the brain's mean
LEAST_SPREAD = 0.01  # share of the brain's mean, where patches agree
STIFFNESS = 0.3  # damping without noise: less would also fit errors of the contrast map (measured)

S = TypeVar("S", bound="DictionarySettings")
P = TypeVar("P", bound="PatchSettings")


@dataclass(frozen=True)
class DictionarySettings:
    """Parameters that all methods with learned atoms or filters have. The defaults are those of the product.

    Args:
        patch: edge P of the cubic patches in voxels. atoms: dictionary size K. patches: number of training patches.
        contrast_map: learn a map to high-field contrast and sharpen its result. denoise: Wiener filter before it.
        consistency: finally move the result towards agreement with the measured slices.
    """

    patch: int = 7
    atoms: int = 1024
    patches: int = 100_000
    contrast_map: bool = True
    denoise: bool = True
    consistency: bool = True

    PAPER: ClassVar[Mapping[str, Any]] = {"contrast_map": False, "denoise": False, "consistency": False}
    """Settings without the product's steps, as far as a paper's."""

    def __post_init__(self) -> None:
        check(self)
        if self.patch not in STRIDES:
            raise InputError("patch {patch}: choose 3, 5 or 7", patch=self.patch)
        if not 16 <= self.atoms <= 4096:
            raise InputError("{atoms} atoms: choose 16 to 4096", atoms=self.atoms)
        if self.patches < self.atoms:
            raise InputError(
                "{patches} training patches for {atoms} atoms: choose more patches",
                patches=self.patches,
                atoms=self.atoms,
            )

    @property
    def coding(self) -> Any:
        """The `Coding` of patches while learning and, where a method codes them, when enhancing."""
        raise NotImplementedError

    @classmethod
    def of_size(cls: type[S], patch: int, atoms: int, *, paper: bool = False) -> S:
        """Product or paper settings for a patch size and number of atoms."""
        settings = cls(patch=patch, atoms=atoms)
        return replace(settings, **cls.PAPER) if paper else settings


@dataclass(frozen=True)
class PatchSettings(DictionarySettings):
    """Parameters that all methods of overlapping patches have besides.

    Args:
        stride: of patches when enhancing. energy: share of feature energy that the PCA keeps.
    """

    stride: int = 3
    energy: Annotated[float, Between(0, 1, without=(0,))] = 0.90

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.stride <= self.patch:
            raise InputError(
                "stride {stride}: choose 1 to the patch size {patch}", stride=self.stride, patch=self.patch
            )

    @classmethod
    def of_size(cls: type[P], patch: int, atoms: int, *, paper: bool = False) -> P:
        """With the stride that suits the patch size."""
        return replace(super().of_size(patch, atoms, paper=paper), stride=STRIDES[patch])


@dataclass(frozen=True, eq=False)
class Samples:
    """Training patches: projected `features` (n, q), `targets` (n, voxels), and the `base` they belong on, likewise.

    A target is the truth minus the base. `base` is None unless the method uses it.
    """

    features: np.ndarray
    targets: np.ndarray
    base: np.ndarray | None = None

    @property
    def norm(self) -> np.ndarray:
        """Lengths of the features, (n, 1)."""
        return np.linalg.norm(self.features, axis=1, keepdims=True)


@dataclass(frozen=True)
class Costs:
    """Of learning: seconds, bytes of memory and of disk, besides what the scans take."""

    seconds: float
    memory: int
    disk: int


class PatchMethod:
    """V projects the features of a patch; a subclass turns them into the patch's detail."""

    name: ClassVar[str]
    needs_brain: ClassVar[bool] = True
    Settings: ClassVar[type[DictionarySettings]] = PatchSettings
    STATE: ClassVar[tuple[str, ...]] = ("low_atoms", "high_atoms")
    """Names of the trained arrays besides the projection, which are attributes."""
    uses_base: ClassVar[bool] = False
    message: ClassVar[str] = Sentence("sparse coding", "sparse-coding")
    whole_volumes: ClassVar[bool] = False
    """Whether it learns from whole volumes instead of patches."""
    passes: ClassVar[int] = 0
    """How often all training patches are coded while learning; 0 where spams' online learning codes some."""

    def __init__(self, settings: Any = None) -> None:
        self.settings: Any = settings or self.Settings()
        for part in ("projection", *self.STATE):
            setattr(self, part, np.empty((0, 0), np.float32))
        self.contrast: ContrastMap | None = None

    projection: np.ndarray

    def refuse_learning(self) -> None:
        """Raise `InputError` where learning lacks a library."""

    def learn_pairs(self, pairs: Sequence[TrainingPair], rng: np.random.Generator, run: Run) -> None:
        """Learn from whole volumes, if that is how the method learns; `start` of each is what detail is added to."""
        raise NotImplementedError

    def learn(self, samples: Samples, rng: np.random.Generator, run: Run) -> None:
        """Set the trained arrays from samples, of which there are at least as many as atoms."""
        raise NotImplementedError

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        """The detail (n, voxels) for projected `features` (n, q); `base` are the patches it is added to, if used."""
        raise NotImplementedError

    def shapes(self, components: int) -> dict[str, tuple[int, ...]]:
        """Shapes of the arrays of `STATE` for that number of feature components."""
        patch, atoms = self.settings.patch, self.settings.atoms
        return {"low_atoms": (components, atoms), "high_atoms": (patch**3, atoms)}

    def prepare(self) -> None:
        """Compute what follows from the trained arrays, after learning and after loading."""

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        return self._estimate(low, run)[0]

    def enhance_with_spread(self, low: LowField, run: Run) -> tuple[np.ndarray, np.ndarray]:
        """The estimate and the standard deviation of overlapping patches, with the noise of the scan."""
        estimate, detail = self._estimate(low, run, spread=True)
        return estimate, np.hypot(detail.spread(), max(low.noise or 0.0, LEAST_SPREAD)).astype(np.float32)

    def _estimate(self, low: LowField, run: Run, *, spread: bool = False) -> tuple[np.ndarray, OverlapAverage]:
        settings, factor = self.settings, low.profile.factor
        start = self.start(low)
        self._refuse_tiny(start.shape)
        geometry = Geometry(settings.patch, settings.stride, thick_slices(factor))
        detail = self.detail(start, low.high_mask, geometry, run, spread=spread)
        high = start + detail.average()
        if settings.consistency:
            high = explain_slices(high, start[..., ::factor], low)
        return intensities(high), detail

    def detail(
        self, start: np.ndarray, mask: np.ndarray, geometry: Geometry, run: Run, *, spread: bool = False
    ) -> OverlapAverage:
        """The detail of all patches of `start` (x, y, z) that touch `mask`."""
        where = positions(mask, geometry.size, geometry.stride)
        detail = OverlapAverage(start.shape, geometry.size, spread=spread)
        batches = [where[i : i + BATCH] for i in range(0, len(where), BATCH)]
        regressed = Fallback(run.device, run.report)

        def seen(batch: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
            features = projected_features(start, batch, geometry, self.projection)
            return features, extract(start[None], batch, geometry.size) if self.uses_base else None

        with closing(ahead(seen, batches)) as known:
            for batch in run.report.track(batches, total=len(batches), message=self.message):
                detail.add(batch, regressed(partial(self.regress, *next(known)), self.message))
        return detail

    def start(self, low: LowField) -> np.ndarray:
        """The base that detail is added to: interpolated and, in product mode, denoised and mapped to high-field
        contrast."""
        data = denoised(low) if self.settings.denoise else low.data
        if self.contrast is None:
            return upsample_slices(data, low.profile.factor)
        return self.contrast.apply(low, data)

    def state(self) -> dict[str, np.ndarray]:
        return {name: stored(getattr(self, name), np.float16) for name in ("projection", *self.STATE)} | self._map

    @property
    def _map(self) -> dict[str, np.ndarray]:
        """The arrays of the contrast map, if there is one."""
        parts = {} if self.contrast is None else vars(self.contrast)
        return {f"contrast.{name}": array for name, array in parts.items()}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        parts = ContrastMap.shapes() if self.settings.contrast_map else {}
        components = (np.shape(state.get("projection", 0)) or (0,))[-1]  # known only from the state
        shapes = {"projection": (6 * self.settings.patch**3, components)} | self.shapes(components)
        shapes |= {f"contrast.{part}": shape for part, shape in parts.items()}
        arrays = checked_state(state, shapes, positive=("contrast.spread",))
        norm = np.linalg.norm(arrays["low_atoms"], axis=0) if "low_atoms" in arrays else np.ones(1)
        if not np.all(norm > 0):
            raise ModelError("the weights have atoms that are zero: they are damaged")
        for name in ("projection", *self.STATE):
            setattr(self, name, arrays[name] / norm if name == "low_atoms" else arrays[name])
        self.contrast = ContrastMap(*(arrays[f"contrast.{part}"] for part in parts)) if parts else None
        self.prepare()

    def _refuse_tiny(self, shape: tuple[int, ...]) -> None:
        if min(shape) < self.settings.patch:
            size = " x ".join(map(str, shape))
            raise InputError(
                "a model grid of {size} voxels is smaller than a patch of {patch}", size=size, patch=self.settings.patch
            )


def explain_slices(high: np.ndarray, slices: np.ndarray, low: LowField) -> np.ndarray:
    """Data consistency inside the brain; its strength decreases with the noise of the scan.

    If the noise is unknown, it assumes none, because the target is then the original scan, which was not denoised.
    """
    physics, box = Acquisition(low.profile, slices.shape[-1]), in_plane(low.mask)
    damping = STIFFNESS + ((low.noise or 0.0) / RESIDUAL_SD) ** 2
    consistent = high.copy()
    whole = consistent[box], slices[box], low.high_mask[box]
    for first in range(0, len(whole[0]), PLANES):
        estimate, given, inside = (part[first : first + PLANES] for part in whole)
        np.copyto(estimate, physics.consistent(estimate, given, damping=damping), where=inside)
    return consistent
