"""ScSR (Yang 2010): one sparse code for the features of a patch and for the patch itself."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np

from ...io.typed import Between
from ..base import Run
from ..patchwise.method import PatchMethod, PatchSettings, Samples
from ..srep.coding import Coding, Solver
from ..srep.learning import MINIBATCH, dictionary, refuse_without_spams

LEARNING_PASSES = 10  # of all training patches
Weight = Annotated[float, Between(0, 1, without=(0, 1))]


@dataclass(frozen=True)
class ScSRSettings(PatchSettings):
    """Parameters of ScSR.

    Args:
        lam: sparsity weight lambda when enhancing. training_lam: while learning.
        stretch: contrast of a patch, as a multiple of the interpolated one's; 1.2 in the authors' program.
        solver: spams, torch, or auto (spams on the CPU where installed).
    """

    lam: Weight = 0.2
    training_lam: Weight = 0.15
    stretch: Annotated[float, Between(0, 10, without=(0,))] = 1.2
    solver: Solver = "auto"

    @property
    def coding(self) -> Coding:
        return Coding("lasso", self.lam, solver=self.solver)


class ScSR(PatchMethod):
    """x = mean(u) + c D_h a, a = argmin 1/2 |D_l a - f / |f||^2 + lambda |a|_1, c such that its length is that of u.

    u is the patch of the interpolated scan, less its mean where lengths count.
    """

    name: ClassVar[str] = "scsr"
    Settings: ClassVar = ScSRSettings
    settings: ScSRSettings
    uses_base: ClassVar[bool] = True
    low_atoms: np.ndarray
    high_atoms: np.ndarray

    def refuse_learning(self) -> None:
        refuse_without_spams()

    def learn(self, samples: Samples, rng: np.random.Generator, run: Run) -> None:
        """Joint atoms of [sqrt(N_h) x; sqrt(N_l) f], x and f of unit length, scaled to unit length together."""
        assert samples.base is not None
        patches = _centred(samples.base + samples.targets)
        norm = np.linalg.norm(patches, axis=1, keepdims=True)
        textured = norm[:, 0] > 1e-3 * np.median(norm)
        high = patches[textured] / norm[textured]
        low = (samples.features / samples.norm)[textured]
        shares = np.sqrt([high.shape[1], low.shape[1]]) / np.sqrt(high.shape[1] + low.shape[1])
        joint = np.concatenate([shares[0] * high, shares[1] * low], axis=1)
        iterations = -(-LEARNING_PASSES * len(joint) // MINIBATCH)
        atoms = dictionary(joint, self.settings, rng, iterations=iterations, lam=self.settings.training_lam)
        high_atoms, low_atoms = atoms[: high.shape[1]], atoms[high.shape[1] :]
        self.low_atoms = low_atoms / np.maximum(np.linalg.norm(low_atoms, axis=0), 1e-6)
        self.high_atoms = np.ascontiguousarray(high_atoms)

    def regress(self, features: np.ndarray, base: np.ndarray | None = None, device: str = "cpu") -> np.ndarray:
        assert base is not None
        coding = replace(self.settings.coding, device=device)
        norm = np.linalg.norm(features, axis=1, keepdims=True)
        predicted = coding.encode(features / np.maximum(norm, 1e-6), self.low_atoms) @ self.high_atoms.T
        flat = _centred(base)
        length = np.linalg.norm(predicted, axis=1, keepdims=True)
        scale = self.settings.stretch * np.linalg.norm(flat, axis=1, keepdims=True) / np.maximum(length, 1e-6)
        return np.where(length > 1e-6, scale * predicted - flat, 0).astype(np.float32)


def _centred(patches: np.ndarray) -> np.ndarray:
    return patches - patches.mean(axis=1, keepdims=True)
