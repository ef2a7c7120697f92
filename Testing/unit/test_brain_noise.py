"""Noise of masked scans: interpolated, in few bits, and where nothing can be told."""

import numpy as np
import pytest
from IQTLib.errors import InputError
from IQTLib.image.axis import interpolation_matrix
from IQTLib.image.brain_noise import brain_noise, rounding
from IQTLib.image.noise_estimate import measure_noise, measure_snr
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume
from phantom import WM, labels, noisy, phantom, rng
from scipy.ndimage import gaussian_filter

FINER = (1.6, 1.6, 2.5)  # voxels of the interpolated scan in one of the scan
CORE = (slice(16, 56), slice(18, 66), slice(24, 44))  # of the phantom: enough of it, in a tenth of the time


def finer(data: np.ndarray, kind: str) -> np.ndarray:
    """`data` interpolated to `FINER` times as many voxels; "sinc" is Lanczos' window over five of them."""
    for axis, times in enumerate(FINER):
        positions = np.arange(int((data.shape[axis] - 1) * times) + 1) / times
        if kind == "sinc":
            offset = positions[:, None] - np.arange(data.shape[axis])
            weights = np.sinc(offset) * np.where(np.abs(offset) < 5, np.sinc(offset / 5), 0)
            weights /= weights.sum(axis=1, keepdims=True)
        else:
            weights = interpolation_matrix(data.shape[axis], positions, kind)
        data = np.moveaxis(np.tensordot(weights, data, axes=(1, axis)), 0, axis)
    return data


@pytest.mark.parametrize("kind", ["linear", "cubic", "sinc"])
@pytest.mark.parametrize("snr", [12, 25])
def test_noise_of_an_interpolated_masked_scan_in_eight_bits(kind, snr):
    """Neighbours hardly differ: differences of neighbours had told 0.03 of it."""
    sigma, smooth = WM / snr, gaussian_filter(phantom().data, 0.6)[CORE]
    noise = rng().normal(0, sigma, smooth.shape)
    mask = finer((labels()[CORE] > 0).astype(float), "linear") > 0.5
    stored = np.round(np.clip(finer(smooth + noise, kind), 0, 127.5) * 2) * mask
    found = measure_noise(Volume(stored, np.eye(4)), mask)
    assert found.sigma == pytest.approx(2 * finer(noise, kind)[mask].std(), rel=0.2)
    assert all(length > 1.3 for length in found.lengths)


def test_noise_of_a_native_scan_stays_white():
    volume, mask = phantom(), labels() > 0
    found = measure_noise(volume.with_data(noisy(volume, 4).data * mask), mask)
    assert found.correlation == ((), (), ())


def test_noise_below_the_quantisation_step_cannot_be_measured():
    volume, mask = phantom(), labels() > 0
    coarse = volume.with_data(np.round(noisy(volume, 2.5).data / 10) * 10 * mask)
    found = measure_noise(coarse, mask)
    assert found.sigma is None
    assert "smaller than the quantisation step 10" in found.reason
    assert str(found).startswith("unknown: ")
    with pytest.raises(InputError, match="noise cannot be measured"):
        measure_snr(coarse, TissueMaps.from_labels(labels()), mask)


def test_rounding_adds_its_share_and_no_more():
    volume, mask = phantom(), labels() > 0
    coarse = volume.with_data(np.round(noisy(volume, 4).data / 4) * 4 * mask)
    assert measure_noise(coarse, mask).sigma == pytest.approx(4, rel=0.1)


def test_texture_that_grows_towards_edges_is_anatomy_and_no_noise():
    volume, mask = phantom(), labels() > 0
    texture = gaussian_filter(rng().normal(0, 1, volume.shape), 1)
    uneven = gaussian_filter(rng().normal(0, 1, volume.shape), 6)
    texture *= np.exp(2 * uneven / uneven.std()) * 100
    found = measure_noise(volume.with_data((50 + texture) * mask), mask)
    assert found.sigma is None
    assert "anatomy hides it" in found.reason


@pytest.mark.parametrize(("step", "offset"), [(1, 0), (0.25, 3.1), (1e-3, -1)])
def test_the_step_of_stored_numbers_is_found(step, offset):
    numbers = rng().integers(0, 60000, 5000) * step + offset
    assert rounding(numbers.astype(np.float32)) == pytest.approx(step, rel=1e-2)
    assert rounding(rng().normal(0, 1, 5000)) == 0


def textured(strength: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    """White noise of standard deviation 1 over fine anatomy that is the same everywhere, and a mask."""
    shape = (70, 70, 40)
    texture = gaussian_filter(rng().normal(0, 1, shape), 1)
    data = 100 + strength * texture / texture.std() + np.random.default_rng(7).normal(0, 1, shape)
    mask = np.zeros(shape, bool)
    mask[5:-5, 5:-5, 3:-3] = True
    return data * mask, mask


def test_voxels_of_a_scanners_own_share_no_noise():
    """What neighbours of 1.6 mm share is anatomy: it had made 2.7 times too much noise of the scan of a head."""
    data, mask = textured()
    found = measure_noise(Volume(data, np.diag([1.6, 1.6, 2.5, 1])), mask)
    assert found.correlation == ((), (), ())
    assert found.sigma == pytest.approx(1, rel=0.3)


def test_what_is_shared_over_millimetres_along_several_axes_is_anatomy():
    """A cubic interpolation of a quiet scan had 1.7 to 4.8 times too much noise."""
    data, mask = textured()
    found = measure_noise(Volume(data, np.eye(4)), mask)
    assert found.sigma is None
    assert "anatomy hides it" in found.reason


def test_what_voxels_share_without_an_end_is_no_noise(monkeypatch):
    """A small mask can hold too few pairs to follow it."""
    data = (100 + np.random.default_rng(0).normal(0, 2, (40, 40, 40))).astype(np.float32)
    alike = [0.98, 0.95, 0.93, 0.91], [0.1], [0.1]
    monkeypatch.setattr("IQTLib.image.brain_noise._independent", lambda *_: ((4, 1, 1), alike))
    monkeypatch.setattr("IQTLib.image.brain_noise._anatomy", lambda *_: "")
    found = brain_noise(data, np.ones(data.shape, bool), (1.0, 1.0, 1.0))
    assert found.sigma is None
    assert "too few voxels" in found.reason
