"""The forward model on any grid: adjoint, the section-1 operator as a special case, exact damped least squares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from IQTLib.physics.sampling import Sampling, blur_matrix, sampling_matrix
from scipy.sparse.linalg import LinearOperator, cg


def any_sampling(rng: np.random.Generator, shape=(14, 11, 17)) -> Sampling:
    matrices = []
    for count in shape:
        spacing = rng.uniform(1, 4)
        centres = np.arange(rng.uniform(0, 1) * spacing, count - 1, spacing)
        matrices.append(sampling_matrix(count, centres, spacing * rng.uniform(0.65, 1.3), own_width=1.0))
    return Sampling(tuple(matrices))


@given(seed=st.integers(0, 2**31))
def test_adjoint_fits_forward(seed):
    rng = np.random.default_rng(seed)
    sampling = any_sampling(rng)
    fine = rng.standard_normal([m.shape[1] for m in sampling.matrices]).astype(np.float32)
    coarse = rng.standard_normal([m.shape[0] for m in sampling.matrices]).astype(np.float32)
    one, two = np.vdot(sampling.forward(fine), coarse), np.vdot(fine, sampling.adjoint(coarse))
    assert one == pytest.approx(two, rel=1e-3, abs=1e-3)


@given(seed=st.integers(0, 2**31))
def test_a_constant_stays_constant_at_any_spacing_and_phase(seed):
    sampling = any_sampling(np.random.default_rng(seed))
    shape = [m.shape[1] for m in sampling.matrices]
    np.testing.assert_allclose(sampling.forward(np.full(shape, 3.0, np.float32)), 3.0, rtol=1e-5)


@pytest.mark.parametrize(("thickness", "gap"), [(3, 1), (4, 0), (2, 2), (6, 2), (1, 1)])
def test_thick_slices_are_a_special_case(thickness, gap):
    profile = SliceProfile(thickness, gap)
    slices = 6
    count = slices * profile.factor
    width = thickness if thickness > 1 else 0.0
    general = sampling_matrix(count, np.arange(slices) * profile.factor, width)
    np.testing.assert_allclose(general, Acquisition(profile, slices).matrix, atol=2e-7)


def test_consistent_agrees_with_conjugate_gradients():
    """scipy's CG on the normal equations (A^T A + mu) z = A^T y + mu x, an independent way to the same minimum."""
    rng = np.random.default_rng(5)
    sampling = any_sampling(rng, (9, 8, 10))
    shape = tuple(m.shape[1] for m in sampling.matrices)
    fine = rng.standard_normal(shape).astype(np.float32)
    coarse = rng.standard_normal([m.shape[0] for m in sampling.matrices]).astype(np.float32)
    damping = 0.05

    def normal(flat):
        volume = flat.reshape(shape).astype(np.float32)
        return (sampling.adjoint(sampling.forward(volume)) + damping * volume).ravel()

    right = (sampling.adjoint(coarse) + damping * fine).ravel()
    size = int(np.prod(shape))
    solution, failed = cg(LinearOperator((size, size), matvec=normal, dtype=np.float64), right, rtol=1e-6)
    assert failed == 0
    np.testing.assert_allclose(sampling.consistent(fine, coarse, damping=damping).ravel(), solution, atol=2e-3)


def test_consistent_explains_a_noise_free_scan():
    rng = np.random.default_rng(6)
    sampling = any_sampling(rng)
    truth = rng.standard_normal([m.shape[1] for m in sampling.matrices]).astype(np.float32)
    coarse = sampling.forward(truth)
    moved = sampling.consistent(np.zeros_like(truth), coarse, damping=1e-6)
    np.testing.assert_allclose(sampling.forward(moved), coarse, atol=5e-3)


def test_posterior_mean_agrees_with_the_dense_formula():
    """Against the textbook's Gaussian conditioning with all matrices written out."""
    rng = np.random.default_rng(8)
    sampling = any_sampling(rng, (6, 5, 7))
    shape = tuple(m.shape[1] for m in sampling.matrices)
    coarse = rng.standard_normal([m.shape[0] for m in sampling.matrices]).astype(np.float32)
    dense = np.kron(np.kron(*sampling.matrices[:2]), sampling.matrices[2]).astype(np.float64)
    grids = [np.abs(np.subtract.outer(np.arange(n), np.arange(n))) for n in shape]
    prior = 0.35**2 * np.kron(np.kron(*(np.exp(-g / 3.0) for g in grids[:2])), np.exp(-grids[2] / 3.0))
    known = dense @ prior @ dense.T + 0.1**2 * np.eye(len(dense))
    expected = prior @ dense.T @ np.linalg.solve(known, coarse.ravel())
    found = sampling.posterior_mean(coarse, length=3.0, noise=0.1, spread=0.35)
    np.testing.assert_allclose(found.ravel(), expected, atol=1e-4)


def test_width_of_a_blur_is_its_width_at_half_maximum():
    for profile in ("gaussian", "box"):
        response = blur_matrix(101, 8.0, profile)[50]
        assert (response >= response.max() / 2).sum() == pytest.approx(8, abs=1)
        assert response.sum() == pytest.approx(1)


@pytest.mark.parametrize(("width", "profile"), [(-1, "gaussian"), (np.nan, "gaussian"), (99, "box"), (2, "sinc")])
def test_senseless_blur_is_refused(width, profile):
    with pytest.raises(InputError, match="blur of"):
        blur_matrix(10, width, profile)


@given(seed=st.integers(0, 2**31), damping=st.floats(1e-3, 10))
def test_the_nearest_image_that_explains_is_the_same_by_the_quick_way(seed, damping):
    rng = np.random.default_rng(seed)
    sampling = any_sampling(rng)
    fine = rng.standard_normal([m.shape[1] for m in sampling.matrices]).astype(np.float32)
    coarse = rng.standard_normal([m.shape[0] for m in sampling.matrices]).astype(np.float32)
    slow = sampling.consistent(fine, coarse, damping=damping)
    np.testing.assert_allclose(sampling.nearest(fine, coarse, damping), slow, atol=2e-3 * np.abs(slow).max())
