"""Samples of resampled scans are recovered, and other scans are left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.image.examined import Examined
from IQTLib.image.native_grid import native, sampling
from IQTLib.image.volume import Volume
from scipy import ndimage

SPACING = (1.6, 1.9, 4.0)


def scanned(shape=(56, 50, 26), seed: int = 0) -> np.ndarray:
    """Smooth structure and noise, as a scanner gives them."""
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.standard_normal(shape), 1.2)
    return (100 + 80 * smooth / smooth.std() + 6 * rng.standard_normal(shape)).astype(np.float32)


def to_one_mm(data: np.ndarray, order: int, start=(0.0, 0.0, 0.0)) -> Volume:
    step = 1 / np.array(SPACING)
    counts = tuple(np.floor((np.array(data.shape) - 1 - start) / step).astype(int))
    fine = ndimage.affine_transform(data, step, start, output_shape=counts, order=order, mode="nearest")
    affine = np.diag([*SPACING, 1.0]) @ np.block([[np.diag(step), np.array(start)[:, None]], [np.eye(4)[3]]])
    return Volume(fine, affine)


@pytest.mark.parametrize("order", [0, 1, 3])
def test_the_samples_of_a_resampled_scan_are_recovered_at_their_positions(order):
    data = scanned()
    fine = to_one_mm(data, order, (0.3, 0.6, 0.4))
    volume, inside = native(fine, np.ones(fine.shape, bool), (1.5, 1.0, 3.4))
    np.testing.assert_allclose(
        volume.spacing, SPACING, rtol=1e-4 if order else 5e-4
    )  # copies tell places to half a voxel
    first = np.round(np.linalg.inv(np.diag([*SPACING, 1.0])) @ volume.affine[:, 3])[:3].astype(int)
    there = data[tuple(slice(a, a + n) for a, n in zip(first, volume.shape, strict=True))]
    inner = (slice(3, -3),) * 3  # the last samples lie outside the resampled field of view
    assert np.abs(volume.data[inner] - there[inner]).max() < 0.02 * data.std()
    assert inside.all()


@settings(max_examples=4, deadline=None)
@given(st.floats(1.4, 5.0), st.floats(0, 1), st.sampled_from([1, 3]))
def test_any_spacing_and_phase_is_found(step, phase, order):
    rng = np.random.default_rng(0)
    samples = rng.standard_normal((12, 12, int(90 / step) + 12))
    where = phase * step + np.arange(90)
    fine = ndimage.map_coordinates(
        samples, np.stack(np.meshgrid(np.arange(12), np.arange(12), where / step + 4, indexing="ij")), order=order
    )
    found = sampling(fine, np.ones(fine.shape, bool), 2, step * 1.1)
    assert found is not None
    assert found.step == pytest.approx(step, rel=1e-3)
    drift = (found.start + phase * step) / step
    assert abs(drift - round(drift)) < 0.02


def test_rounding_to_8_bits_does_not_hide_them():
    fine = to_one_mm(scanned(), 1)
    rounded = fine.with_data(np.round(fine.data / fine.data.max() * 255))
    volume, _ = native(rounded, np.ones(fine.shape, bool), SPACING)
    np.testing.assert_allclose(volume.spacing, SPACING, rtol=1e-3)


@pytest.mark.parametrize("kind", ["white", "smooth"])
def test_other_scans_are_left_alone(kind):
    rng = np.random.default_rng(1)
    data = rng.standard_normal((60, 60, 60)).astype(np.float32)
    if kind == "smooth":
        data = ndimage.gaussian_filter(data, 1.0) + 0.01 * data
    assert native(Volume(100 + data, np.eye(4)), np.ones(data.shape, bool), (1.6, 2.0, 3.0)) is None


def test_a_given_resolution_is_taken_as_it_is():
    volume = to_one_mm(scanned(), 3)
    seen = Examined.of(volume, np.ones(volume.shape, bool), (1.0, 2.0, 3.0))
    assert seen.volume is volume
    assert seen.width == (1.0, 2.0, 3.0)
