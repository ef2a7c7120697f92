"""Zero-filled scans are recognised, whatever their factor, and come back on the grid that was measured."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from IQTLib.image.examined import Examined
from IQTLib.image.grid import on_grid
from IQTLib.image.noise_estimate import measure_noise
from IQTLib.image.volume import Volume
from IQTLib.image.zero_filled import spectral_steps
from IQTLib.pipeline import enhance
from scipy import ndimage

SPACING = np.array([1.6, 1.6, 5.0])


def scanned(seed: int = 0, shape=(96, 104, 30), noise: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    """A head as a scanner samples it, complex, and its brain: an ellipsoid with texture in air."""
    rng = np.random.default_rng(seed)
    where = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij"))
    brain = (where**2).sum(axis=0) < 0.55
    texture = ndimage.gaussian_filter(rng.standard_normal(shape), 1.0)
    head = brain * (100 + 25 * texture / texture.std())
    parts = noise * rng.standard_normal((2, *shape))
    return head + parts[0] + 1j * parts[1], brain


def filled(measured: np.ndarray, shape, *, window: float = 0.0) -> np.ndarray:
    """Magnitude after zero-filling k-space to `shape`; `window` is the depth of a Hann filter of k-space."""
    spectrum = np.fft.fftshift(np.fft.fftn(measured))
    for axis, count in enumerate(measured.shape):
        hann = 1 - window + window * np.hanning(count + 2)[1:-1]
        spectrum *= np.expand_dims(hann, [n for n in range(3) if n != axis])
    pads = [(n // 2 - m // 2, n - m - (n // 2 - m // 2)) for m, n in zip(measured.shape, shape, strict=True)]
    wide = np.fft.ifftn(np.fft.ifftshift(np.pad(spectrum, pads)))
    return (np.abs(wide) * wide.size / measured.size).astype(np.float32)


def volume_of(data: np.ndarray, measured: np.ndarray) -> Volume:
    return Volume(data, np.diag([*(SPACING * measured.shape / data.shape), 1.0]))


def stretched(mask: np.ndarray, shape) -> np.ndarray:
    where = np.meshgrid(*(np.arange(n) * m / n for m, n in zip(mask.shape, shape, strict=True)), indexing="ij")
    return ndimage.map_coordinates(mask.astype(np.float32), where, order=1) > 0.5


def test_twice_the_voxels_give_the_magnitudes_that_were_measured():
    measured, brain = scanned()
    fine = filled(measured, (192, 208, 30))
    seen = Examined.of(volume_of(fine, measured), stretched(brain, fine.shape))
    np.testing.assert_allclose(seen.volume.spacing, SPACING)
    np.testing.assert_allclose(seen.volume.data, np.abs(measured), atol=1e-3)
    np.testing.assert_allclose(seen.width, SPACING)
    assert (seen.mask != brain).mean() < 0.03
    assert "its own samples of 1.6 x 1.6 x 5.0 mm are recovered" in str(seen.log[0])


@settings(max_examples=6, deadline=None)
@given(st.floats(1.35, 3.0), st.booleans(), st.floats(4, 12))
@example(2.26, False, 5.0)
@example(1.9, True, 12.0)
def test_any_factor_is_found_with_and_without_a_skull(times, masked, noise):
    measured, brain = scanned(noise=noise)
    fine = filled(measured, (round(96 * times), 104, 30))
    inside = stretched(brain, fine.shape)
    volume = volume_of(np.where(inside, fine, 0) if masked else fine, measured)
    seen = Examined.of(volume, inside)
    assert 0.9 * 1.6 < seen.volume.spacing[0] < 1.08 * 1.6  # finer loses nothing; near twice counts as twice
    np.testing.assert_allclose(seen.volume.spacing[1:], SPACING[1:])


def test_noise_is_white_again_and_measured_as_it_was():
    measured, brain = scanned(noise=8.0)
    fine = filled(measured, (192, 208, 30))
    seen = Examined.of(volume_of(fine, measured), stretched(brain, fine.shape))
    noise = measure_noise(seen.volume, seen.mask)
    assert noise.sigma == pytest.approx(8.0, rel=0.1)
    assert max(noise.lengths) == pytest.approx(1.0, abs=0.1)


def test_slices_may_be_zero_filled_too():
    measured, brain = scanned()
    fine = filled(measured, (96, 104, 60))
    seen = Examined.of(volume_of(fine, measured), stretched(brain, fine.shape))
    np.testing.assert_allclose(seen.volume.spacing, SPACING)


def test_a_filter_of_k_space_leaves_enough_of_the_step():
    measured, brain = scanned()
    fine = filled(measured, (192, 208, 30), window=0.6)
    seen = Examined.of(volume_of(fine, measured), stretched(brain, fine.shape))
    np.testing.assert_allclose(seen.volume.spacing, SPACING, rtol=0.06)


@pytest.mark.parametrize("kind", ["measured", "blurred", "turned", "slab"])
def test_scans_without_zeros_in_k_space_stay_as_they_are(kind):
    measured, brain = scanned(noise=3.0)
    data = np.abs(measured).astype(np.float32)
    if kind == "blurred":
        data = ndimage.gaussian_filter(data, 1.2)
    if kind == "turned":
        data, brain = (ndimage.rotate(one, 12, reshape=False, order=1) for one in (data, brain.astype(np.float32)))
        brain = brain > 0.5
    if kind == "slab":
        data, brain = data[..., 12:16], brain[..., 12:16]
    volume = volume_of(data, data)
    assert Examined.of(volume, brain).volume is volume


def test_a_brain_too_small_to_tell_has_no_step():
    measured, _ = scanned()
    nothing = np.zeros(measured.shape, bool)
    assert spectral_steps(np.abs(measured), nothing) == [None] * 3
    nothing[40:50, 40:50, 10:20] = True
    assert spectral_steps(np.abs(measured), nothing) == [None] * 3


def test_the_result_is_that_of_the_scan_before_zero_filling():
    measured, brain = scanned()
    own, fine = (volume_of(filled(measured, shape), measured) for shape in (measured.shape, (192, 208, 30)))
    results = [enhance(one, mask=stretched(brain, one.shape), model="wiener").volume for one in (own, fine)]
    inner = ndimage.binary_erosion(stretched(brain, results[0].shape), iterations=6)
    before, after = results[0].data, on_grid(results[1], results[0])
    assert np.abs(after - before)[inner].mean() < 0.02 * before[inner].std()
