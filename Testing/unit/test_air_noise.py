"""Noise in the air: what voxels share of it after zero-filling is found along any axis, and white noise stays white."""

import numpy as np
import pytest
from IQTLib.image.air_noise import air_noise
from IQTLib.image.noise import WHITE

SHAPE = (72, 72, 24)
SIGMA = 3.0


@pytest.fixture(scope="module")
def mask() -> np.ndarray:
    found = np.zeros(SHAPE, bool)
    found[24:48, 24:48, 4:20] = True
    return found


def scanned(mask: np.ndarray, measured: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """A complex scan whose k-space holds `measured` samples along each axis, the others are zero."""
    rng = np.random.default_rng(seed)
    space = rng.standard_normal(SHAPE) + 1j * rng.standard_normal(SHAPE)
    for axis, (whole, count) in enumerate(zip(SHAPE, measured, strict=True)):
        frequency = np.fft.fftfreq(whole) * whole
        space[(slice(None),) * axis + ((frequency < -count / 2) | (frequency >= count / 2),)] = 0
    noise = np.fft.ifftn(space, norm="ortho")
    return SIGMA * noise * np.sqrt(np.prod(SHAPE) / np.prod(measured)) + 80 * mask


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", [np.abs, np.real])
def test_white_noise_is_white(mask, seed, kind):
    found = air_noise(kind(scanned(mask, SHAPE, seed)).astype(np.float32), mask)
    assert found.sigma == pytest.approx(SIGMA, rel=0.03)
    assert found.correlation == WHITE


@pytest.mark.parametrize(
    ("measured", "factors"), [((72, 72, 12), (1, 1, 2)), ((36, 48, 24), (2, 1.5, 1)), ((24, 72, 16), (3, 1, 1.5))]
)
@pytest.mark.parametrize("kind", [np.abs, np.real])
def test_zero_filling_is_found_along_any_axis(mask, measured, factors, kind):
    found = air_noise(kind(scanned(mask, measured)).astype(np.float32), mask)
    assert found.sigma == pytest.approx(SIGMA, rel=0.05)
    assert found.lengths == pytest.approx(factors, rel=0.12)


def test_four_slices_suffice(mask):
    few = np.abs(scanned(mask, (72, 72, 12)))[..., 6:10].astype(np.float32)
    assert air_noise(few, mask[..., 6:10]).lengths == pytest.approx((1, 1, 2), rel=0.15)


def test_air_of_uneven_brightness_is_no_correlation(mask):
    uneven = 1 + 0.15 * np.sin(np.linspace(0, 3, SHAPE[0]))[:, None, None]
    assert air_noise((uneven * np.abs(scanned(mask, SHAPE))).astype(np.float32), mask).correlation == WHITE


@pytest.mark.parametrize("empty", [lambda d: np.zeros_like(d), lambda d: d[:20, :20, :8]])
def test_without_enough_air_nothing_is_said(mask, empty):
    data = empty(np.abs(scanned(mask, SHAPE)).astype(np.float32))
    inside = np.zeros(data.shape, bool)
    inside[4:-4, 4:-4, 2:-2] = True
    assert air_noise(data, inside) is None
