"""Seeded pairs of held-out people: the same for the same seed, set and person, on every machine."""

from dataclasses import dataclass

import numpy as np

from ..acquisition import Acquisition, SliceProfile
from ..simulation import LowFieldPair, Noise, preset, simulate
from ..training.cohort import Brain


@dataclass(frozen=True, eq=False)
class TestPair:
    """A simulated scan of a held-out person with its truth and brain masks."""

    person: str
    test_set: str
    pair: LowFieldPair
    high_mask: np.ndarray
    low_mask: np.ndarray


def draw_snr(test_set: str, rng: np.random.Generator) -> tuple[float, float]:
    """(SNR_WM, SNR_GM) of a pair of `test_set`: the first thing that is drawn for it."""
    wm, gm = preset(test_set).draw(1, rng)[0]
    return float(wm), float(gm)


def make_pair(
    brain: Brain,
    test_set: str,
    *,
    seed: tuple[int, int, int],
    slice_axis: int,
    profile: SliceProfile = SliceProfile(3, 1),  # noqa: B008 - frozen
    noise: Noise = "gaussian",
) -> TestPair:
    """The pair of a person in a test set; `seed` (plan's seed, number of the set, number of the person) decides it."""
    rng = np.random.default_rng(seed)
    snr = draw_snr(test_set, rng)
    pair = simulate(
        brain.volume,
        brain.maps,
        snr=snr,
        rng=rng,
        profile=profile,
        slice_axis=slice_axis,
        fixed=preset(test_set).fixed,
        noise=noise,
    )
    high_mask = brain.mask[tuple(slice(n) for n in pair.high.shape)]
    slices = np.moveaxis(high_mask, slice_axis, -1)
    low_mask = Acquisition(profile, pair.low.shape[slice_axis]).mask(slices)
    return TestPair(brain.person, test_set, pair, high_mask, np.moveaxis(low_mask, -1, slice_axis))
