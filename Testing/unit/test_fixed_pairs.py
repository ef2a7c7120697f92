"""Networks fitted through the protocol of every method: on pairs that are given."""

import numpy as np
import pytest
from IQTLib.errors import InputError
from IQTLib.image.grid import upsample_slices
from IQTLib.image.metrics import evaluate
from IQTLib.methods.base import Run
from IQTLib.methods.networks.unet.method import UNet, UNetSettings
from IQTLib.training.fixed import PairPatches, fit_pairs
from IQTLib.training.recipe import TrainingRecipe
from surrogate import pair

SHAPE = (40, 36, 40)


def unet() -> UNet:
    return UNet(UNetSettings(filters=4, window=32))


def fitted(steps: int, rate: float = 1e-2) -> UNet:
    """A U-Net that learned from two of three people; the third one chose its weights."""
    recipe = TrainingRecipe(
        steps=steps, batch=4, people=2, warmup=5, validate_every=steps, learning_rate=rate, precision="32"
    )
    method = unet()
    pairs = [pair(SHAPE, seed) for seed in range(3)]
    fit_pairs(method, pairs, rng=np.random.default_rng(1), run=Run(), recipe=recipe)
    return method


def test_a_fitted_network_is_better_than_interpolation():
    test = pair(SHAPE, 2)
    plain = upsample_slices(test.low.data, test.low.profile.factor)
    estimate = fitted(120).enhance(test.low, Run())
    own, cubic = (evaluate(test.high, data, test.low.high_mask).nrmse_mean for data in (estimate, plain))
    assert own < cubic


def test_the_same_seed_fits_the_same_weights():
    first, second = (fitted(4).state() for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_patches_are_cut_from_the_pairs_and_turned_alike():
    source = pair(SHAPE, 1)
    patches = PairPatches([source], patch=32)
    rng = np.random.default_rng(0)
    low, high = patches.patches(0, 5, rng, rng)
    factor = source.low.profile.factor
    assert low.shape == (5, 32, 32, 32 // factor)
    assert high.shape == (5, 32, 32, 32)
    for scan, truth in zip(low, high, strict=True):
        measured = truth[..., ::factor]
        assert np.corrcoef(scan[scan > 0], measured[scan > 0])[0, 1] > 0.5


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(InputError, match="no pairs"):
        fit_pairs(unet(), [], rng=np.random.default_rng(0), run=Run())


def test_a_volume_smaller_than_a_patch_is_refused():
    with pytest.raises(InputError, match="smaller than a patch of 64"):
        PairPatches([pair()], patch=64)
