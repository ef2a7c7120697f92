"""Simulated training pairs, one per subject, each fully reproducible."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..errors import InputError
from ..image.grid import slices_last
from ..image.noise import ScanNoise
from ..methods.base import LowField, TrainingPair
from ..methods.descriptor import Normalisation
from ..physics.acquisition import Acquisition, SliceProfile
from ..physics.simulation import LowFieldPair, Noise, SNRPreset, simulate
from .seeds import generator
from .subjects import Brain

Gain = Literal["scanner", "free"]


class SimulatedPairs(Sequence[TrainingPair]):
    """One pair per brain; its SNR, noise and slice axis depend only on the seed and the brain's `key`.

    Args:
        brains: subjects, on isotropic voxels.
        preset: distribution of (SNR_WM, SNR_GM).
        slice_axes: each brain is sliced along one of these.
    """

    def __init__(
        self,
        brains: Sequence[Brain],
        preset: SNRPreset,
        *,
        seed: int,
        profile: SliceProfile = SliceProfile(3, 1),  # noqa: B008 - frozen
        slice_axes: Sequence[int] = (2,),
        noise: Noise = "gaussian",
        normalisation: Normalisation = "n4-brain-mean",
        gain: Gain = "free",
    ) -> None:
        self.brains, self.preset, self.seed = brains, preset, seed
        self.profile, self.slice_axes, self.noise, self.normalisation = profile, slice_axes, noise, normalisation
        self.gain: Gain = gain

    def __len__(self) -> int:
        return len(self.brains)

    def __getitem__(self, index: int) -> TrainingPair:  # type: ignore[override]  # no slices: a pair takes seconds
        if not 0 <= index < len(self.brains):
            raise IndexError(index)  # ends iteration over a Sequence
        brain = self.brains[index]
        try:
            return self._pair(brain)
        except InputError as error:
            raise InputError("sub-{person}: {why}", person=brain.person, why=error, code=error.code) from error

    def _pair(self, brain: Brain) -> TrainingPair:
        rng = generator(self.seed, "pair", brain.key)
        axis = self.slice_axes[int(rng.integers(len(self.slice_axes)))]
        wm, gm = self.preset.draw(1, rng)[0]
        pair = simulate(
            brain.volume,
            brain.maps,
            snr=(wm, gm),
            rng=rng,
            profile=self.profile,
            slice_axis=axis,
            fixed=self.preset.fixed,
            noise=self.noise,
        )
        return training_pair(
            pair,
            brain.mask,
            person=brain.person,
            profile=self.profile,
            slice_axis=axis,
            normalisation=self.normalisation,
            gain=self.gain,
        )


def training_pair(
    pair: LowFieldPair,
    mask: np.ndarray,
    *,
    person: str,
    profile: SliceProfile,
    slice_axis: int,
    normalisation: Normalisation,
    gain: Gain = "free",
) -> TrainingPair:
    """A simulated pair with slices last, both volumes divided by the scan's bias field; the scan's brain mean is 1.

    With `gain` "free" the truth's mean is 1 too, because a scanner's gain is arbitrary. With "scanner" the truth keeps
    the units of the scan, as in the simulator.
    """
    low = slices_last(pair.low, slice_axis)
    high = np.moveaxis(pair.high.data, slice_axis, -1)
    mask = np.moveaxis(mask, slice_axis, -1)[..., : high.shape[-1]]
    low_mask = Acquisition(profile, low.shape[-1]).mask(mask)
    field = LowField.normalised(
        low, low_mask, noise=ScanNoise(pair.sigma), profile=profile, normalisation=normalisation
    )
    truth = high / field.high_gain
    if gain == "free":
        truth = truth / truth[mask].mean()
    return TrainingPair(field, np.ascontiguousarray(truth, np.float32), person)
