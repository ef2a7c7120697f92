"""Gains of slices: found where they are, absent where they are not."""

import numpy as np
import pytest
from IQTLib.image.slice_gain import slice_gains


def brain(count: int = 24, noise: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """Anatomy that changes steadily across the slices, as an ellipsoid with a core does."""
    x, y, z = np.meshgrid(*(np.linspace(-1, 1, n) for n in (64, 64, count)), indexing="ij")
    radius = np.sqrt(x**2 + y**2 + (0.8 * z) ** 2)
    data = (
        np.where(radius < 0.6, 1.0, 0.7)
        + 0.05 * np.sin(5 * z)
        + noise * np.random.default_rng(0).standard_normal(x.shape)
    )
    return data.astype(np.float32), radius < 0.9


def test_gains_of_an_interleaved_scan_are_found():
    data, mask = brain()
    rng = np.random.default_rng(1)
    gains = np.where(np.arange(24) % 2, 1.05, 0.95) * np.exp(0.01 * rng.standard_normal(24))
    found = slice_gains(data * gains.astype(np.float32), mask)
    evened = np.log(gains / found)[2:-2]
    assert np.abs(np.diff(evened)).max() < 0.25 * np.abs(np.diff(np.log(gains[2:-2]))).max()


def test_a_scan_without_gains_is_left_alone():
    data, mask = brain()
    np.testing.assert_array_equal(slice_gains(data, mask), 1)


def test_the_scans_own_brightness_stays():
    data, mask = brain()
    gains = np.where(np.arange(24) % 2, 1.05, 0.95)
    found = slice_gains(data * gains.astype(np.float32), mask)
    assert np.log(found).mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("shape", [(8, 8, 1), (8, 8, 2), (4, 4, 9)])
def test_too_few_slices_or_voxels_have_no_gains(shape):
    np.testing.assert_array_equal(slice_gains(np.ones(shape, np.float32), np.ones(shape, bool)), 1)
    np.testing.assert_array_equal(slice_gains(np.ones(shape, np.float32), np.zeros(shape, bool)), 1)
