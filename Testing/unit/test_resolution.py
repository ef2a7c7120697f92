"""The grid that a resampled scan was sampled on, found from its spectrum."""

import numpy as np
import pytest
from IQTLib.app.demo import template
from IQTLib.image.resolution import log_spectra, measure_resolution, repeated
from IQTLib.image.volume import Volume, read
from scipy import ndimage

SIGMA = 0.4247  # of a Gaussian of full width 1 at half maximum


def sampled(truth: np.ndarray, mask: np.ndarray, spacing: tuple[float, ...], noise: float, seed: int = 0):
    """A scan of `truth` (1 mm) and its mask on a grid of `spacing`, by scipy alone."""
    width = np.sqrt(np.maximum(np.square(spacing) - 1, 0)) * SIGMA
    counts = tuple(int((n - 1) / s) + 1 for n, s in zip(truth.shape, spacing, strict=True))
    low = ndimage.affine_transform(ndimage.gaussian_filter(truth, width), spacing, output_shape=counts, order=3)
    inside = ndimage.affine_transform(mask.astype(np.float32), spacing, output_shape=counts, order=1) > 0.5
    return low + noise * np.random.default_rng(seed).standard_normal(counts).astype(np.float32), inside


def resampled(data: np.ndarray, spacing: tuple[float, ...], order: int) -> np.ndarray:
    """`data` on voxels of 1 mm."""
    counts = tuple(int((n - 1) * s) + 1 for n, s in zip(data.shape, spacing, strict=True))
    return ndimage.affine_transform(data.astype(np.float32), 1 / np.array(spacing), output_shape=counts, order=order)


@pytest.fixture(scope="module")
def brain(shared_data):
    """A head of a scanner that the weights never saw: not an average, which is smoother than any person."""
    volume = read(shared_data / "sub-head05/anat/sub-head05_T1w.nii.gz")
    mask = read(shared_data / "sub-head05/anat/sub-head05_desc-brain_mask.nii.gz").data > 0
    box = ndimage.find_objects(mask.astype(int))[0]
    data = volume.data[box] / volume.data[mask].mean()
    return data, mask[box], volume.spacing


@pytest.mark.parametrize(("order", "within"), [(0, 0.06), (1, 0.4), (3, 0.2)])
def test_the_grid_of_a_resampled_scan_is_found(brain, order, within):
    truth, mask, _ = brain
    spacing = (1.6, 1.6, 5.0)
    low, inside = sampled(truth, mask, spacing, noise=0.05)
    data = resampled(low, spacing, order)
    found = measure_resolution(Volume(data, np.eye(4)), resampled(inside, spacing, 0) > 0.5)
    np.testing.assert_allclose(found, spacing, rtol=within)


@pytest.mark.parametrize("spacing", [(1.6, 1.6, 5.0), (2.4, 2.4, 2.4)])
def test_a_scan_on_its_own_grid_keeps_its_spacing(brain, spacing):
    truth, mask, _ = brain
    low, inside = sampled(truth, mask, spacing, noise=0.05)
    assert measure_resolution(Volume(low, np.diag([*spacing, 1.0])), inside) == pytest.approx(spacing)


def test_it_follows_the_axes_and_the_size_of_voxels(brain):
    truth, mask, _ = brain
    low, inside = sampled(truth, mask, (1.6, 1.6, 5.0), noise=0.05)
    data, inside = (resampled(array, (1.6, 1.6, 5.0), order) for array, order in ((low, 3), (inside, 0)))
    found = measure_resolution(Volume(data, np.eye(4)), inside > 0.5)
    turned = measure_resolution(
        Volume(np.ascontiguousarray(data.transpose(2, 0, 1)), np.diag([0.8, 0.8, 0.8, 1.0])),
        inside.transpose(2, 0, 1) > 0.5,
    )
    np.testing.assert_allclose(turned, 0.8 * np.array(found)[[2, 0, 1]], rtol=0.02)


def test_the_template_is_smoother_than_its_voxels():
    volume, maps = template()
    found = measure_resolution(volume, maps.gm + maps.wm > 0.5)
    assert all(1.3 < width < 4 for width in found)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_repeated_planes_are_counted(times):
    planes = np.repeat(np.random.default_rng(0).standard_normal((40, 4, 4)), times, axis=0)
    assert repeated(planes, 0) == pytest.approx(times, rel=0.05)
    assert repeated(planes.transpose(1, 0, 2), 1) == pytest.approx(times, rel=0.05)


def test_unknown_resolution_falls_back_to_the_spacing():
    volume = Volume(np.random.default_rng(0).uniform(1, 2, (20, 20, 6)).astype(np.float32), np.diag([1, 1, 4.0, 1]))
    for mask in (np.zeros(volume.shape, bool), np.ones(volume.shape, bool)):
        assert measure_resolution(volume, mask) == volume.spacing
    assert log_spectra(volume.data[..., :1], np.ones((20, 20, 1), bool)) is None


@pytest.mark.parametrize("unit", [1e-16, 1e12])
def test_a_spectrum_knows_no_units(unit):
    """Of tiny numbers it was flat, of huge ones NaN."""
    rng = np.random.default_rng(0)
    data = ndimage.gaussian_filter(rng.normal(1, 1, (40, 40, 40)), (2, 1, 1)).astype(np.float32)
    mask = np.zeros(data.shape, bool)
    mask[4:-4, 4:-4, 4:-4] = True
    np.testing.assert_allclose(log_spectra(data * np.float32(unit), mask), log_spectra(data, mask), atol=1e-3)
