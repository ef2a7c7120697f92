"""The forward model against nibabel, against its defining equations, and against dense linear algebra."""

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from nibabel.processing import resample_from_to, smooth_image

FACTORS = range(2, 9)
PROPERTY = settings(max_examples=60, deadline=None)

profiles = st.integers(2, 8).flatmap(lambda t: st.builds(lambda gap: SliceProfile(t - gap, gap), st.integers(0, t - 1)))


@st.composite
def problems(draw, contrasts=(False, True)):
    """An acquisition with or without contrast, a high-field and a low-field array that fit it, float64."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    profile, slices = draw(profiles), draw(st.integers(2, 9))
    factor = rng.uniform(0.3, 2, (3, 2, slices)) if draw(st.sampled_from(contrasts)) else None
    return (
        Acquisition(profile, slices, factor),
        rng.normal(size=(3, 2, slices * profile.factor)),
        rng.normal(size=(3, 2, slices)),
    )


def voxels(shape, seed=1):
    return np.random.default_rng(seed).normal(100, 30, shape).astype(np.float32)


# The slice profile


@pytest.mark.parametrize(("factor", "thickness", "gap"), [(2, 2, 0), (3, 2, 1), (4, 3, 1), (5, 4, 1), (8, 6, 2)])
def test_factor_is_three_parts_slice_to_one_part_gap(factor, thickness, gap):
    assert SliceProfile.for_factor(factor) == SliceProfile(thickness, gap)


@pytest.mark.parametrize("factor", FACTORS)
def test_gap_is_a_quarter_of_the_factor_to_the_nearest_voxel(factor):
    profile = SliceProfile.for_factor(factor)
    assert profile.factor == factor
    assert abs(profile.gap - factor / 4) <= 0.5


@pytest.mark.parametrize("factor", [-4, 0, 1, 9, 100])
def test_factors_outside_2_to_8_are_refused(factor):
    with pytest.raises(InputError):
        SliceProfile.for_factor(factor)


@pytest.mark.parametrize(("thickness", "gap"), [(0, 4), (-1, 4), (3, -1), (1, 0), (7, 2), (9, 0)])
def test_impossible_profiles_are_refused(thickness, gap):
    with pytest.raises(InputError, match="thickness"):
        SliceProfile(thickness, gap)


@pytest.mark.parametrize(("thickness", "sigma"), [(2, 0.84932), (3, 1.27398), (4, 1.69864), (6, 2.54796)])
def test_sigma_is_thickness_over_2_35482_whatever_the_gap(thickness, sigma):
    for gap in (0, 1, 2):
        assert SliceProfile(thickness, gap).sigma == pytest.approx(sigma, abs=1e-5)


def test_slices_one_voxel_thick_are_not_blurred():
    """Blur acts only along axes whose thickness is not 1: every third slice is taken as is."""
    high = voxels((2, 2, 12))
    np.testing.assert_array_equal(Acquisition(SliceProfile(1, 2), 4).forward(high), high[..., ::3])


def test_gap_skips_slices_and_does_not_blur():
    """Thickness 3 with gap 0 takes blurred slices 0, 3, 6, ...; with gap 1 the same blurred slices 0, 4, 8, ..."""
    high = voxels((2, 2, 24))
    without, with_gap = Acquisition(SliceProfile(3, 0), 8), Acquisition(SliceProfile(3, 1), 6)
    np.testing.assert_allclose(without.forward(high)[..., 4::4], with_gap.forward(high)[..., 3::3], rtol=1e-6)


# Forward: T1


@pytest.mark.parametrize("factor", FACTORS)
def test_low_field_slice_k_is_blurred_high_field_slice_k_times_t(factor):
    """T1, against nibabel's smoothing on 1 mm voxels."""
    profile, high = SliceProfile.for_factor(factor), voxels((4, 3, 5 * factor))
    blurred = smooth_image(nibabel.Nifti1Image(high, np.eye(4)), (0, 0, profile.thickness), mode="nearest")
    low = Acquisition(profile, 5).forward(high)
    np.testing.assert_allclose(low, blurred.get_fdata()[..., ::factor], rtol=2e-6)


@pytest.mark.parametrize("factor", [2, 4, 8])
def test_forward_is_the_published_chain_of_smoothing_and_spline_resampling(factor):
    """Smooth by FWHM = voxel size x th, then resample by cubic spline to the affine times diag(1, 1, t)."""
    profile, high, voxel = SliceProfile.for_factor(factor), voxels((4, 3, 6 * factor)), 0.7
    image = nibabel.Nifti1Image(high, np.diag([voxel, voxel, voxel, 1]))
    blurred = smooth_image(image, (0, 0, voxel * profile.thickness), mode="nearest")
    target = ((4, 3, 6), np.diag([voxel, voxel, voxel * factor, 1]))
    expected = resample_from_to(blurred, target, order=3, mode="nearest").get_fdata()
    np.testing.assert_allclose(Acquisition(profile, 6).forward(high), expected, rtol=2e-5)


@given(profiles, st.integers(2, 6))
@PROPERTY
def test_matrix_is_a_sampled_gaussian_with_the_edge_slices_repeated(profile, slices):
    """Row k: weights exp(-d^2 / 2 sigma^2) of slices k t + d, summing to 1; what falls outside goes to the edge."""
    count, sigma = slices * profile.factor, profile.sigma
    reach = int(4 * sigma + 0.5)
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (offsets / sigma) ** 2) if sigma else np.ones(1)
    expected = np.zeros((slices, count))
    for k in range(slices):
        for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
            expected[k, min(max(k * profile.factor + offset, 0), count - 1)] += weight
    np.testing.assert_allclose(Acquisition(profile, slices).matrix, expected, atol=1e-7)


@given(profiles, st.integers(2, 9))
@PROPERTY
def test_constant_volume_stays_constant(profile, slices):
    high = np.full((2, 3, slices * profile.factor), 7.0)
    np.testing.assert_allclose(Acquisition(profile, slices).forward(high), 7, rtol=1e-6)


def test_contrast_multiplies_the_blurred_slices():
    high, contrast = voxels((2, 3, 16)), voxels((2, 3, 4), seed=2)
    profile = SliceProfile(3, 1)
    plain = Acquisition(profile, 4).forward(high)
    np.testing.assert_allclose(Acquisition(profile, 4, contrast).forward(high), contrast * plain)


# Adjoint and inverses


@given(problems())
@PROPERTY
def test_adjoint_passes_the_dot_product_test(problem):
    physics, x, y = problem
    forward, adjoint = np.vdot(physics.forward(x), y), np.vdot(x, physics.adjoint(y))
    assert forward == pytest.approx(adjoint, abs=1e-12 * np.linalg.norm(x) * np.linalg.norm(y))


@given(problems())
@PROPERTY
def test_pseudo_inverse_explains_what_was_measured(problem):
    physics, _, y = problem
    np.testing.assert_allclose(physics.forward(physics.pseudo_inverse(y)), y, atol=1e-4)


@given(problems(contrasts=(False,)))
@PROPERTY
def test_pseudo_inverse_without_contrast_is_moore_penrose(problem):
    physics, _, y = problem
    expected = y @ np.linalg.pinv(physics.matrix.astype(float)).T
    np.testing.assert_allclose(physics.pseudo_inverse(y), expected, atol=1e-4)


@given(problems(contrasts=(True,)))
@PROPERTY
def test_pseudo_inverse_with_contrast_is_moore_penrose_of_each_column(problem):
    """diag(a) A has full row rank, so its pseudo-inverse takes y to the smallest x with a A x = y."""
    physics, _, y = problem
    inverse = np.linalg.pinv(physics.contrast[1, 1][:, None] * physics.matrix)
    np.testing.assert_allclose(physics.pseudo_inverse(y)[1, 1], inverse @ y[1, 1], atol=1e-4)


@given(problems())
@PROPERTY
def test_no_volume_that_explains_the_measurement_is_smaller(problem):
    physics, other, y = problem
    smallest = physics.pseudo_inverse(y)
    also = physics.consistent(other, y, damping=0)  # another solution
    np.testing.assert_allclose(physics.forward(also), y, atol=1e-4)
    assert np.linalg.norm(smallest) <= np.linalg.norm(also) * (1 + 1e-5)


@given(problems(contrasts=(False,)), st.floats(1e-3, 10))
@PROPERTY
def test_damped_inverse_solves_the_normal_equations_of_tikhonov(problem, damping):
    """min |A x - y|^2 + damping |x|^2, that is (A^T A + damping I) x = A^T y."""
    physics, _, y = problem
    A = physics.matrix.astype(float)
    expected = np.linalg.solve(A.T @ A + damping * np.eye(A.shape[1]), A.T @ y[0, 0])
    np.testing.assert_allclose(physics.pseudo_inverse(y, damping=damping)[0, 0], expected, atol=1e-4)


@given(problems())
@PROPERTY
def test_consistent_volume_reproduces_the_slices(problem):
    physics, x, y = problem
    np.testing.assert_allclose(physics.forward(physics.consistent(x, y, damping=0)), y, atol=1e-4)


@given(problems())
@PROPERTY
def test_volume_that_explains_the_slices_is_left_alone(problem):
    physics, x, _ = problem
    np.testing.assert_allclose(physics.consistent(x, physics.forward(x), damping=0), x, atol=1e-6)


@given(problems(contrasts=(False,)), st.floats(0.01, 1))
@PROPERTY
def test_damped_consistency_comes_nearer_to_the_slices_without_reaching_them(problem, damping):
    physics, x, y = problem

    def misfit(volume):
        return np.linalg.norm(y - physics.forward(volume))

    assert misfit(physics.consistent(x, y, damping=0)) < misfit(physics.consistent(x, y, damping=damping)) < misfit(x)


def test_columns_without_contrast_were_not_measured():
    """Background: a = 0, so the estimate is zero there and consistency changes nothing, however noisy the slices."""
    contrast = np.ones((2, 1, 4))
    contrast[0] = 0
    physics, low, high = Acquisition(SliceProfile(3, 1), 4, contrast), voxels((2, 1, 4)), voxels((2, 1, 16))
    assert not physics.pseudo_inverse(low)[0].any()
    np.testing.assert_array_equal(physics.consistent(high, low, damping=0)[0], high[0])
    np.testing.assert_allclose(physics.forward(physics.consistent(high, low, damping=0))[1], low[1], rtol=1e-4)
