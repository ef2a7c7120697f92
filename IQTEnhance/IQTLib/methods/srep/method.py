"""IQT-SRep: the sparse code of a low-field patch in D_l yields the missing detail through D_h (Eldaly 2024, alg. 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np

from ...device import Fallback
from ...errors import InputError, ModelError
from ...image.axis import upsample_slices
from ...image.patches import OverlapAverage, positions
from ...io.typed import Between, check
from ...physics.acquisition import Acquisition
from ..base import LowField, Run, intensities
from ..contrast import ContrastMap, denoised
from ..state import checked_state, stored
from . import METHOD
from .coding import Coder, Coding, Solver
from .features import patch_features

BATCH = 8192  # patches coded at once: bounds the memory
STRIDES = {3: 1, 5: 2, 7: 3}
RESIDUAL_SD = 0.1  # prior of data consistency: error of interpolation, as a share of the brain's mean
LEAST_SPREAD = 0.01  # share of the brain's mean, where patches agree
STIFFNESS = 0.3  # damping without noise: less would also fit errors of the contrast map (measured)


@dataclass(frozen=True)
class SRepSettings:
    """Parameters of IQT-SRep. The defaults are those of the product; `of_size` also provides those of the paper.

    Args:
        patch: edge P of the cubic patches in voxels. atoms: dictionary size K. stride: of patches when enhancing.
        coder: omp with `nonzeros` atoms per patch, or lasso with `lam` (unit-norm features and atoms).
        energy: share of feature energy that the PCA keeps. patches: number of training patches.
        contrast_map: learn a map to high-field contrast and sharpen its result. denoise: Wiener filter before it.
        consistency: finally move the result towards agreement with the measured slices.
        solver: spams, torch, or auto (spams on the CPU where installed).
    """

    patch: int = 7
    atoms: int = 1024
    stride: int = 3
    coder: Coder = "omp"
    nonzeros: Annotated[int, Between(1, 32)] = 3
    lam: Annotated[float, Between(0, 1, without=(0, 1))] = 0.01
    energy: Annotated[float, Between(0, 1, without=(0,))] = 0.90
    patches: int = 100_000
    contrast_map: bool = True
    denoise: bool = True
    consistency: bool = True
    solver: Solver = "auto"

    def __post_init__(self) -> None:
        check(self)
        if self.patch not in STRIDES:
            raise InputError(f"patch {self.patch}: choose 3, 5 or 7")
        if not 16 <= self.atoms <= 4096:
            raise InputError(f"{self.atoms} atoms: choose 16 to 4096")
        if not 1 <= self.stride <= self.patch:
            raise InputError(f"stride {self.stride}: choose 1 to the patch size {self.patch}")
        if self.patches < self.atoms:
            raise InputError(f"{self.patches} training patches for {self.atoms} atoms: choose more patches")

    @classmethod
    def of_size(cls, patch: int, atoms: int, *, paper: bool = False) -> "SRepSettings":
        """Product or paper settings for a patch size and number of atoms, with the matching stride."""
        settings = cls(patch=patch, atoms=atoms, stride=STRIDES.get(patch, 1))
        if not paper:
            return settings
        return replace(settings, coder="lasso", contrast_map=False, denoise=False, consistency=False)

    @property
    def coding(self) -> Coding:
        return Coding(self.coder, self.lam, self.nonzeros, self.solver)


class SRep:
    """Coupled dictionaries: V projects features, D_l codes them, D_h turns codes into detail."""

    name: ClassVar[str] = METHOD.name
    needs_brain: ClassVar[bool] = True

    def __init__(self, settings: SRepSettings | None = None) -> None:
        self.settings = settings or SRepSettings()
        self.projection = self.low_atoms = self.high_atoms = np.empty((0, 0), np.float32)
        self.contrast: ContrastMap | None = None

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        return self._estimate(low, run)[0]

    def enhance_with_spread(self, low: LowField, run: Run) -> tuple[np.ndarray, np.ndarray]:
        """The estimate and the standard deviation of overlapping patches, with the noise of the scan."""
        estimate, detail = self._estimate(low, run, spread=True)
        return estimate, np.hypot(detail.spread(), max(low.noise or 0.0, LEAST_SPREAD)).astype(np.float32)

    def _estimate(self, low: LowField, run: Run, *, spread: bool = False) -> tuple[np.ndarray, OverlapAverage]:
        settings = self.settings
        start = self.start(low)
        self._refuse_tiny(start.shape)
        where = positions(low.high_mask, settings.patch, settings.stride)
        detail = OverlapAverage(start.shape, settings.patch, spread=spread)
        batches = [where[i : i + BATCH] for i in range(0, len(where), BATCH)]
        coded = Fallback(run.device, run.report)
        for batch in run.report.track(batches, total=len(batches), message="sparse coding"):
            features = patch_features(start, batch, size=settings.patch, factor=low.profile.factor)
            codes = coded(lambda device, features=features: self.codes(features, device), "sparse coding")
            detail.add(batch, codes @ self.high_atoms.T)
        high = start + detail.average()
        if settings.consistency:
            high = _explain_slices(high, start[..., :: low.profile.factor], low)
        return intensities(high), detail

    def start(self, low: LowField) -> np.ndarray:
        """The base that detail is added to: interpolated and, in product mode, denoised and mapped to high-field
        contrast."""
        data = denoised(low) if self.settings.denoise else low.data
        if self.contrast is None:
            return upsample_slices(data, low.profile.factor)
        return self.contrast.apply(low, data)

    def codes(self, features: np.ndarray, device: str = "cpu"):
        """Sparse codes (n, K) of feature vectors (n, 6 P^3): coded at unit norm, scaled back."""
        projected = features @ self.projection
        norm = np.linalg.norm(projected, axis=1)
        safe = np.maximum(norm, 1e-6)[:, None]
        coding = replace(self.settings.coding, device=device)
        return coding.encode(projected / safe, self.low_atoms).multiply(norm[:, None]).tocsr()

    def state(self) -> dict[str, np.ndarray]:
        arrays = {"projection": self.projection, "low_atoms": self.low_atoms, "high_atoms": self.high_atoms}
        state = {name: stored(array, np.float16) for name, array in arrays.items()}
        if self.contrast is not None:
            state |= {f"contrast.{name}": array for name, array in vars(self.contrast).items()}
        return state

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        parts = ContrastMap.shapes() if self.settings.contrast_map else {}
        shapes = self._shapes(state) | {f"contrast.{part}": shape for part, shape in parts.items()}
        arrays = checked_state(state, shapes, positive=("contrast.spread",))
        norm = np.linalg.norm(arrays["low_atoms"], axis=0)
        if not np.all(norm > 0):
            raise ModelError("the weights have atoms that are zero: they are damaged")
        self.projection, self.high_atoms = arrays["projection"], arrays["high_atoms"]
        self.low_atoms = arrays["low_atoms"] / norm
        self.contrast = ContrastMap(*(arrays[f"contrast.{part}"] for part in parts)) if parts else None

    def _shapes(self, state: Mapping[str, np.ndarray]) -> dict[str, tuple[int, ...]]:
        """Shapes of the dictionaries; the number of feature components is known only from the state."""
        patch, atoms = self.settings.patch, self.settings.atoms
        components = (np.shape(state.get("projection")) or (0,))[-1]
        return {
            "projection": (6 * patch**3, components),
            "low_atoms": (components, atoms),
            "high_atoms": (patch**3, atoms),
        }

    def _refuse_tiny(self, shape: tuple[int, ...]) -> None:
        if min(shape) < self.settings.patch:
            size = " x ".join(map(str, shape))
            raise InputError(f"a model grid of {size} voxels is smaller than a patch of {self.settings.patch}")


def _explain_slices(high: np.ndarray, slices: np.ndarray, low: LowField) -> np.ndarray:
    """Data consistency inside the brain; its strength decreases with the noise of the scan.

    If the noise is unknown, it assumes none, because the target is then the original scan, which was not denoised.
    """
    physics = Acquisition(low.profile, slices.shape[-1])
    damping = STIFFNESS + ((low.noise or 0.0) / RESIDUAL_SD) ** 2
    return np.where(low.high_mask, physics.consistent(high, slices, damping=damping), high)
