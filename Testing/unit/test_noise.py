"""Noise goes through resampling as the voxels do, and what uses it knows what neighbours share."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
from IQTLib.image.axis import INTERPOLATIONS
from IQTLib.image.grid import resample, resampling_matrices
from IQTLib.image.noise import WHITE, ScanNoise, local_share
from IQTLib.image.volume import Volume
from IQTLib.methods.base import LowField
from IQTLib.methods.contrast import denoised
from IQTLib.models.store import Model
from IQTLib.physics.acquisition import SliceProfile
from IQTLib.pipeline import prepare

SIGMA, LEVEL = 3.0, 100.0


def noise_only(spacing: tuple[float, float, float], extent: tuple[float, float, float] = (90, 90, 100)) -> Volume:
    """A constant with white noise."""
    shape = tuple(round(length / step) for length, step in zip(extent, spacing, strict=True))
    data = np.random.default_rng(1).normal(LEVEL, SIGMA, shape).astype(np.float32)
    return Volume(data, np.diag([*spacing, 1.0]))


def on_the_models_grid(volume: Volume, axis: int) -> LowField:
    method = tiny.srep()
    card = replace(tiny.card(method), grid={"factor": 4, "finest": 0.67, "coarsest": 1.3}, normalisation="brain-mean")
    low, _ = prepare(volume, np.ones(volume.shape, bool), Model(card, method), axis=axis, noise=ScanNoise(SIGMA))
    return low


@pytest.mark.parametrize(
    ("plane", "slices"), [(0.5, 5.0), (0.7, 6.0), (1.0, 5.0), (1.6, 5.0), (1.25, 5.0)], ids=lambda size: f"{size} mm"
)
@pytest.mark.parametrize("axis", [2, 0])
def test_noise_on_the_models_grid_is_what_resampling_leaves_of_it(plane, slices, axis):
    spacing = [plane] * 3
    spacing[axis] = slices
    low = on_the_models_grid(noise_only(tuple(spacing)), axis)
    assert low.noise == pytest.approx(low.data.std(), rel=0.02)
    shared = (low.data[1:] - 1) * (low.data[:-1] - 1)
    neighbours = low.correlation[0][0] if low.correlation[0] else 0.0
    assert neighbours == pytest.approx(shared.mean() / low.data.var(), abs=0.02)


def test_half_a_millimetre_in_plane_is_far_noisier_than_the_models_voxels():
    """What was wrong: the scan's own sigma, 3 times too large, drove filter, consistency and warnings."""
    low = on_the_models_grid(noise_only((0.5, 0.5, 5)), 2)
    assert low.noise < 0.4 * SIGMA / LEVEL


@pytest.mark.parametrize("kind", INTERPOLATIONS)
@pytest.mark.parametrize("step", [0.4, 1.0, 1.7])
def test_variance_and_correlation_follow_every_interpolation_twice_over(kind, step):
    """A second resampling starts from correlated noise."""
    noise, volume = ScanNoise(SIGMA), noise_only((1, 1, 1), (80, 40, 30))
    for _ in range(2):
        start, steps = np.array([0.3, 0.0, 0.0]), np.array([step, 1.0, 1.0])
        shape = (int((volume.shape[0] - 1) / step), *volume.shape[1:])
        noise = noise.resampled(resampling_matrices(volume.shape, start, steps, shape, kind), np.ones(shape, bool))
        volume = resample(volume, start, steps, shape, kind)
    assert noise.sigma == pytest.approx(volume.data.std(), rel=0.04)
    assert noise.correlation[1:] == ((), ())


def test_axes_of_the_noise_turn_with_those_of_the_volume():
    noise = ScanNoise(1.0, ((0.5,), (), (0.2, 0.1)))
    assert noise.turned([1, 2, 0]).correlation == ((), (0.2, 0.1), (0.5,))
    assert noise.lengths == pytest.approx((2, 1, 1.6))


def test_share_of_the_noise_that_nine_voxels_show():
    assert local_share(WHITE) == pytest.approx(1)
    volume = noise_only((1, 1, 1), (90, 90, 30))
    shape, step = (176, 176, 30), np.array([0.5, 0.5, 1])
    fine = resample(volume, np.zeros(3), step, shape)
    noise = ScanNoise(SIGMA).resampled(
        resampling_matrices(volume.shape, np.zeros(3), step, shape), np.ones(shape, bool)
    )
    nine = np.lib.stride_tricks.sliding_window_view(fine.data, (3, 3), axis=(0, 1))
    spread = nine.var(axis=(-1, -2)).mean() / (8 / 9)
    assert local_share(noise.correlation) == pytest.approx(spread / fine.data.var(), rel=0.03)


def test_wiener_filter_takes_off_no_more_than_is_seen():
    """White noise is filtered; the same spread of noise, shared by neighbours, is taken for structure."""
    volume = noise_only((1, 1, 1), (60, 60, 10))
    mask, gain = np.ones(volume.shape, bool), np.ones((1, 1, 1), np.float32)
    white = LowField(volume.data, mask, SIGMA, SliceProfile(3, 1), gain)
    shared = replace(white, correlation=((0.7, 0.2), (0.7, 0.2), ()))
    assert denoised(white).std() < 0.5 * SIGMA
    assert denoised(shared).std() > 1.1 * denoised(white).std()


def test_a_scan_with_unknown_noise_is_not_filtered():
    volume = noise_only((1, 1, 1), (20, 20, 5))
    low = LowField(volume.data, np.ones(volume.shape, bool), None, SliceProfile(3, 1), np.ones((1, 1, 1), np.float32))
    np.testing.assert_array_equal(denoised(low), volume.data)
