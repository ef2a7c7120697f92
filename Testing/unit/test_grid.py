"""Voxels keep their place: axes, interpolation and resampling against world coordinates and scipy."""

from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.image.axis import INTERPOLATIONS, interpolation_matrix, upsample_slices
from IQTLib.image.grid import (
    ModelGrid,
    is_isotropic,
    isotropic_like,
    resample,
    slice_axis,
    slices_back,
    slices_last,
    sub_affine,
)
from IQTLib.image.volume import Volume
from phantom import world
from scipy.interpolate import interp1d, make_interp_spline
from test_volume import OBLIQUE, affines, voxels

PROPERTY = settings(max_examples=60, deadline=None)
axes = st.sampled_from((0, 1, 2))


def spaced(*spacing, shape=(4, 5, 6)):
    return Volume(voxels(shape), np.diag([*spacing, 1.0]))


def directions(volume):
    return volume.affine[:3, :3] / volume.spacing


# The slice axis


@pytest.mark.parametrize(
    ("spacing", "axis"),
    [((1, 1, 5), 2), ((5, 1, 1), 0), ((0.8, 5, 0.8), 1), ((1, 1, 1), 2), ((2, 2, 1), 1), ((1.0001, 1, 1), 2)],
)
def test_slice_axis_has_the_largest_spacing_and_is_the_last_of_equals(spacing, axis):
    assert slice_axis(spaced(*spacing)) == axis


def test_slice_axis_of_an_oblique_volume_is_found_by_its_spacing():
    assert slice_axis(Volume(voxels(), OBLIQUE[:, [2, 0, 1, 3]])) == 0


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_slice_axis_can_be_chosen(axis):
    assert slice_axis(spaced(1, 1, 5), axis) == axis


@pytest.mark.parametrize("axis", [-1, 3, 7])
def test_axes_that_do_not_exist_are_refused(axis):
    with pytest.raises(InputError, match=f"slice axis {axis}: choose 0, 1 or 2"):
        slice_axis(spaced(1, 1, 5), axis)


@pytest.mark.parametrize(
    ("spacing", "axis", "isotropic"),
    [
        ((1, 1, 1), 2, True),
        ((1, 1, 1.5), 2, True),
        ((1, 1, 1.6), 2, False),
        ((5, 1, 1), 0, False),
        ((5, 1, 1), 1, True),
    ],
)
def test_volume_is_isotropic_up_to_slices_half_as_thick_again(spacing, axis, isotropic):
    assert is_isotropic(spaced(*spacing), axis) is isotropic


@given(affines(), axes)
@PROPERTY
def test_moving_slices_last_keeps_the_position_of_every_voxel(affine, axis):
    """Voxels of distinct values: each is found at the same place in the world."""
    volume = Volume(np.random.default_rng(0).permutation(120).reshape(4, 5, 6), affine)
    turned = slices_last(volume, axis)
    assert turned.shape[2] == volume.shape[axis]
    assert turned.spacing[2] == pytest.approx(volume.spacing[axis])
    before, after = (world(v).reshape(-1, 3)[np.argsort(v.data, axis=None)] for v in (volume, turned))
    np.testing.assert_allclose(after, before, atol=1e-9)


@given(affines(), axes)
@PROPERTY
def test_slices_back_undoes_slices_last(affine, axis):
    volume = Volume(voxels(), affine)
    back = slices_back(slices_last(volume, axis), axis)
    np.testing.assert_array_equal(back.data, volume.data)
    np.testing.assert_array_equal(back.affine, volume.affine)


@given(affines(), st.tuples(*[st.floats(-20, 20)] * 3), st.tuples(*[st.floats(0.1, 8)] * 3))
@PROPERTY
def test_voxel_of_a_sub_grid_lies_at_start_plus_steps(affine, start, step):
    index = np.array([3, 1, 2])
    expected = affine[:3, :3] @ (start + index * np.array(step)) + affine[:3, 3]
    np.testing.assert_allclose((sub_affine(affine, start, step) @ [*index, 1])[:3], expected, atol=1e-9)


# Interpolation


@pytest.mark.parametrize("kind", INTERPOLATIONS)
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_interpolation_is_the_identity_at_samples(kind, count):
    np.testing.assert_allclose(interpolation_matrix(count, np.arange(count), kind), np.eye(count), atol=1e-7)


@given(st.integers(2, 12), st.lists(st.floats(-3, 15), min_size=1, max_size=20), st.integers(0, 2**32))
@PROPERTY
def test_interpolation_agrees_with_scipy(count, where, seed):
    """Outside the samples the edge is repeated: scipy is asked at positions moved to the edge."""
    samples, where = np.random.default_rng(seed).normal(size=count), np.array(where)
    inside = np.clip(where, 0, count - 1)
    expected = {
        "nearest": interp1d(np.arange(count), samples, kind="nearest-up")(inside),
        "linear": np.interp(where, np.arange(count), samples),
        "cubic": make_interp_spline(np.arange(count), samples, 3, bc_type="natural")(inside),
    }
    for kind, values in expected.items():
        np.testing.assert_allclose(interpolation_matrix(count, where, kind) @ samples, values, atol=1e-5, err_msg=kind)


def test_halfway_between_two_samples():
    """Cubic spline through 0, 0, 1, 0, 0 with free ends: its moments M solve [4 1 0; 1 4 1; 0 1 4] M = 6 [1, -2, 1],
    M = 6 [3, -5, 3] / 7, so at 1.5 it is 1/2 - (M1 + M2) / 16 = 1/2 + 3/28."""
    impulse, where = np.array([0, 0, 1, 0, 0]), np.array([1.5])
    assert (interpolation_matrix(5, where, "linear") @ impulse).item() == 0.5
    assert (interpolation_matrix(5, where, "nearest") @ impulse).item() == 1  # the later of two equally near
    assert (interpolation_matrix(5, where, "cubic") @ impulse).item() == pytest.approx(0.5 + 3 / 28)


def test_unknown_interpolation_is_refused():
    with pytest.raises(InputError, match="interpolation 'sinc': choose one of nearest, linear, cubic"):
        interpolation_matrix(4, np.zeros(1), "sinc")


@given(st.integers(1, 12), st.integers(2, 8), st.sampled_from(("linear", "cubic")))
@PROPERTY
def test_ramp_along_the_slices_is_interpolated_exactly_and_not_extrapolated(count, factor, kind):
    """T1: high-field slice m lies at low-field coordinate m / t, without any half-voxel shift."""
    high = upsample_slices(np.arange(count, dtype=float)[None, None], factor, kind)[0, 0]
    expected = np.minimum(np.arange(count * factor) / factor, count - 1)
    np.testing.assert_allclose(high, expected, atol=1e-5)


@pytest.mark.parametrize("kind", INTERPOLATIONS)
def test_measured_slices_are_every_factor_th_slice_of_the_upsampled_volume(kind):
    low = voxels((3, 4, 5))
    np.testing.assert_allclose(upsample_slices(low, 4, kind)[..., ::4], low, rtol=1e-5)


# Resampling


@given(
    affines(),
    st.tuples(*[st.floats(12, 15)] * 3),
    st.tuples(*[st.floats(0.4, 2.5)] * 3),
    st.tuples(*[st.floats(-1, 1)] * 4),
    st.sampled_from(("linear", "cubic")),
)
@PROPERTY
def test_linear_function_of_the_world_stays_so_on_any_grid(affine, start, step, coefficients, kind):
    """Away from the edges, where the blur before coarser steps sees repeated voxels."""
    *gradient, offset = coefficients
    volume = Volume(np.zeros((32, 32, 32)), affine)
    volume = volume.with_data(world(volume) @ gradient + offset)
    shape = tuple(int((19 - a) / b) + 1 for a, b in zip(start, step, strict=True))
    new = resample(volume, np.array(start), np.array(step), shape, kind)
    assert new.spacing == pytest.approx(np.multiply(volume.spacing, step))
    np.testing.assert_allclose(new.data, world(new) @ gradient + offset, atol=2e-3)


def test_resampling_onto_the_same_grid_changes_no_bit():
    volume = Volume(voxels(), OBLIQUE)
    same = resample(volume, np.zeros(3), np.ones(3), volume.shape)
    np.testing.assert_array_equal(same.data, volume.data)
    np.testing.assert_array_equal(same.affine, volume.affine)


def test_resampling_from_a_later_voxel_is_cropping():
    volume = Volume(voxels(), OBLIQUE)
    crop = resample(volume, np.array([1.0, 2.0, 3.0]), np.ones(3), (3, 3, 3))
    np.testing.assert_allclose(crop.data, volume.data[1:4, 2:5, 3:6], rtol=1e-5)
    np.testing.assert_allclose(world(crop), world(volume)[1:4, 2:5, 3:6], atol=1e-9)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_wave_fades_before_coarser_sampling_as_a_gaussian_predicts(axis):
    """Step 3 from voxels that are 1 wide: FWHM sqrt(3^2 - 1), and a wave of f cycles per voxel fades by
    exp(-2 pi^2 sigma^2 f^2), sigma = FWHM / 2.35482 = 1.20113; f = 0.1 gives 0.7522."""
    wave = np.cos(2 * np.pi * 0.1 * np.arange(61))
    shape, step, count = [2, 2, 2], np.ones(3), [2, 2, 2]
    shape[axis], step[axis], count[axis] = 61, 3.0, 21
    data = np.moveaxis(np.broadcast_to(wave, (2, 2, 61)), -1, axis)
    coarse = np.moveaxis(resample(Volume(data, np.eye(4)), np.zeros(3), step, tuple(count)).data, axis, -1)
    np.testing.assert_allclose(coarse[0, 0, 2:-2], 0.7522 * wave[::3][2:-2], atol=1e-3)


def test_finest_wave_does_not_alias():
    """Every other voxel of 1, -1, 1, ... would be 1. The blur has sigma^2 = (2^2 - 1) / (8 ln 2), and both spectral
    images of the sampled Gaussian meet at half a cycle: 2 exp(-2 pi^2 sigma^2 / 4) = 2 exp(-2.6697) = 0.1385."""
    wave = np.broadcast_to((-1.0) ** np.arange(40), (2, 2, 40))
    coarse = resample(Volume(wave, np.eye(4)), np.zeros(3), np.array([1, 1, 2]), (2, 2, 20))
    np.testing.assert_allclose(coarse.data[..., 3:-3], 0.1385, atol=1e-3)


def test_finer_sampling_does_not_blur():
    volume = spaced(1, 1, 1)
    fine = resample(volume, np.zeros(3), np.full(3, 0.5), (7, 9, 11))
    np.testing.assert_allclose(fine.data[::2, ::2, ::2], volume.data, rtol=1e-5)


def test_grids_too_large_to_hold_are_refused_before_any_work():
    with pytest.raises(InputError, match="2000 x 2000 x 2000 voxels is too large"):
        resample(spaced(1, 1, 1), np.zeros(3), np.full(3, 0.002), (2000, 2000, 2000))


def test_a_grid_that_memory_does_not_hold_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1e8))
    with pytest.raises(
        InputError, match=r"a grid of 300 x 300 x 300 voxels needs about 324 MB of memory, but only 100 MB is"
    ):
        resample(spaced(1, 1, 1), np.zeros(3), np.full(3, 0.01), (300, 300, 300))


# A model's grid


GRID = ModelGrid(factor=4, finest=0.7, coarsest=1.25)


def test_slices_that_a_model_accepts_stay_as_they_are():
    volume = Volume(voxels((6, 7, 5)), OBLIQUE * np.array([1.25, 1.25, 0.8, 1]))  # 0.875 x 1 x 4 mm, moved
    fitted = GRID.fit(volume)
    np.testing.assert_array_equal(fitted.data, volume.data)
    np.testing.assert_allclose(fitted.affine, volume.affine, atol=1e-12)


def test_thick_slices_are_interpolated_to_the_coarsest_of_the_model():
    """8 mm slices would ask for 2 mm voxels: they become slices 4 x 1.25 = 5 mm apart; every 40 mm both coincide."""
    volume = spaced(1, 1, 8, shape=(6, 7, 11))
    fitted = GRID.fit(volume)
    assert fitted.spacing == pytest.approx((1, 1, 5))
    assert fitted.shape == (6, 7, 18)  # 88 mm of slices
    np.testing.assert_allclose(fitted.data[..., [0, 8, 16]], volume.data[..., [0, 5, 10]], rtol=1e-5)


def test_fine_voxels_within_a_slice_become_as_wide_as_the_model_needs():
    """4 mm slices ask for 1 mm voxels; 12 voxels of 0.5 mm become 6 of 1 mm, centred at the same 2.75 mm."""
    fitted = GRID.fit(spaced(0.5, 0.5, 4, shape=(12, 12, 3)))
    assert fitted.shape == (6, 6, 3)
    assert fitted.spacing == pytest.approx((1, 1, 4))
    np.testing.assert_allclose(world(fitted)[[0, -1], 0, 0, 0], [0.25, 5.25])


@given(affines(), st.tuples(*[st.integers(2, 14)] * 3), st.integers(2, 8), st.floats(0.9, 1.6))
@PROPERTY
def test_fitted_volume_has_the_models_voxels_about_the_same_centre(affine, shape, factor, coarsest):
    grid = ModelGrid(factor, 0.5, coarsest)
    volume = Volume(voxels(shape), affine)
    fitted = grid.fit(volume)
    voxel = min(volume.spacing[2] / factor, coarsest)
    assert fitted.spacing[2] == pytest.approx(voxel * factor)
    for new, old in zip(fitted.spacing[:2], volume.spacing[:2], strict=True):
        assert new == pytest.approx(old if 0.8 <= old / voxel <= 1.25 else voxel)
    np.testing.assert_allclose(directions(fitted), directions(volume), atol=1e-9)

    def centre_of_first_slice(v):
        return world(v)[:, :, 0].mean(axis=(0, 1))

    np.testing.assert_allclose(centre_of_first_slice(fitted), centre_of_first_slice(volume), atol=1e-6)
    for new, old in zip(
        np.multiply(fitted.shape, fitted.spacing), np.multiply(volume.shape, volume.spacing), strict=True
    ):
        assert new >= old - 1e-4  # nothing is cut off


@pytest.mark.parametrize("voxel", [0.7, 1.0, 1.25])
def test_voxels_of_the_model_fit(voxel):
    assert GRID.misfit(voxel) is None


@pytest.mark.parametrize("voxel", [0.69, 1.26])
def test_other_voxels_are_reported_in_a_sentence(voxel):
    sentence = GRID.misfit(voxel)
    assert f"{voxel:.2f} mm" in sentence
    assert "0.70 to 1.25 mm" in sentence


# The output grid


def on_high_grid(low, factor):
    """Where the high-field voxels of a low-field volume lie."""
    return Volume(
        voxels((*low.shape[:2], low.shape[2] * factor)), sub_affine(low.affine, np.zeros(3), (1, 1, 1 / factor))
    )


def test_cubic_high_field_voxels_stay_as_they_are():
    low = spaced(1, 1, 4)
    high = on_high_grid(low, 4)
    result = isotropic_like(high, low)
    np.testing.assert_array_equal(result.data, high.data)
    np.testing.assert_allclose(result.affine, high.affine, atol=1e-12)


def test_output_of_an_oblong_input_is_cubic_of_its_smaller_size():
    """4 x 5 voxels of 0.8 x 1 mm: 5 voxels of 0.8 mm hold 4 mm, 6 hold 4.8 of 5 mm; 24 slices 1 mm apart span 23 mm,
    in which 29 slices of 0.8 mm fit (28 x 0.8 = 22.4)."""
    low = Volume(voxels((5, 5, 6)), np.diag([0.8, 1, 4, 1]))
    result = isotropic_like(on_high_grid(low, 4), low)
    assert result.spacing == pytest.approx((0.8, 0.8, 0.8))
    assert result.shape == (5, 6, 29)


@given(affines(), st.tuples(*[st.integers(2, 12)] * 3), st.integers(2, 8))
@PROPERTY
def test_output_is_cubic_starts_at_the_inputs_first_voxel_and_covers_it(affine, shape, factor):
    original = Volume(voxels(shape), affine)
    fitted = ModelGrid(factor, 0.5, 1.25).fit(original)
    high = on_high_grid(fitted, factor)
    result = isotropic_like(high, original)
    size = min(original.spacing[:2])
    assert result.spacing == pytest.approx((size,) * 3)
    np.testing.assert_allclose(directions(result), directions(original), atol=1e-9)
    np.testing.assert_allclose(world(result)[0, 0, 0], world(original)[0, 0, 0], atol=1e-6)
    for axis in (0, 1):
        assert abs(result.shape[axis] * size - shape[axis] * original.spacing[axis]) <= size / 2 + 1e-6
    last, end = (result.shape[2] - 1) * size, (high.shape[2] - 1) * high.spacing[2]
    assert end - size < last <= end + 1e-4  # as many slices as fit, none beyond what was restored
