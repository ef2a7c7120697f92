"""Quality measures: numbers worked out by hand, scikit-image, and the SSIM formula written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.image.metrics import evaluate
from scipy.ndimage import correlate1d
from skimage.metrics import structural_similarity

SHAPE = (22, 24, 20)


def pair(seed=0, shape=SHAPE):
    """A smooth positive truth and an estimate with an error, float32."""
    rng = np.random.default_rng(seed)
    i, j, k = np.indices(shape)
    truth = 100 + 40 * np.sin(i / 4) * np.cos(j / 5) + 3 * k + rng.normal(0, 5, shape)
    return truth.astype(np.float32), (truth + rng.normal(0, 10, shape)).astype(np.float32)


def ball(shape=SHAPE, radius=8):
    centre = (np.array(shape) - 1) / 2
    return ((np.moveaxis(np.indices(shape), 0, -1) - centre) ** 2).sum(axis=-1) < radius**2


def ssim_map(truth, estimate, sigma, reach, data_range):
    """Wang 2004, eq. 13, with K1 = 0.01, K2 = 0.03 and a Gaussian window of 2 reach + 1 voxels that sums to 1."""
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    window /= window.sum()

    def mean(image):
        for axis in range(3):
            image = correlate1d(image, window, axis=axis)
        return image

    x, y = truth.astype(float), estimate.astype(float)
    mx, my = mean(x), mean(y)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    covariance, vx, vy = mean(x * y) - mx * my, mean(x * x) - mx**2, mean(y * y) - my**2
    return (2 * mx * my + c1) * (2 * covariance + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))


# Errors


def test_error_measures_of_a_volume_worked_out_by_hand():
    """Half 2, half 4, all 0.3 too high: RMSE 0.3, over the mean 3 is 0.1, over the maximum 4 is 0.075, and
    20 log10(4 / 0.3) = 22.499 dB."""
    truth = np.full((20, 20, 20), 2.0)
    truth[10:] = 4
    scores = evaluate(truth, truth + 0.3)
    assert scores.nrmse_mean == pytest.approx(0.1, rel=1e-5)
    assert scores.nrmse_max == pytest.approx(0.075, rel=1e-5)
    assert scores.psnr == pytest.approx(22.499, abs=1e-3)


def test_rmse_is_the_root_of_the_mean_square():
    """Errors of 3 in a quarter of the voxels: RMSE sqrt(9 / 4) = 1.5; mean of 10 and 30 is 20."""
    truth = np.full((20, 20, 20), 10.0)
    truth[::2] = 30
    estimate = truth.copy()
    estimate[:10, :10] += 3
    assert evaluate(truth, estimate).nrmse_mean == pytest.approx(0.075, rel=1e-5)


@given(st.floats(0.01, 1000), st.integers(0, 100))
@settings(max_examples=10, deadline=None)
def test_scores_are_free_of_intensity_units(scale, seed):
    truth, estimate = pair(seed)
    one, other = evaluate(truth, estimate), evaluate(truth * scale, estimate * scale)
    assert tuple(other.as_dict().values()) == pytest.approx(tuple(one.as_dict().values()), rel=1e-3)


@pytest.mark.parametrize("mask", [None, ball()])
def test_volume_agrees_with_itself(mask):
    truth, _ = pair()
    expected = {"nrmse_mean": 0, "nrmse_max": 0, "ssim": 1, "ssim_wang": 1, "psnr": float("inf")}
    assert evaluate(truth, truth, mask).as_dict() == pytest.approx(expected)


# Structural similarity


def test_ssim_is_that_of_scikit_image_with_the_published_parameters():
    """Sigma 2.5, no sample covariance, range of the truth in the mask, images masked, map averaged over the mask."""
    truth, estimate = pair()
    mask = ball()
    data_range = float(truth[mask].max() - truth[mask].min())
    window = {"gaussian_weights": True, "use_sample_covariance": False, "data_range": data_range}
    _, lin = structural_similarity(truth * mask, estimate * mask, sigma=2.5, full=True, **window)
    wang = structural_similarity(truth * mask, estimate * mask, sigma=1.5, **window)
    scores = evaluate(truth, estimate, mask)
    assert scores.ssim == pytest.approx(lin[mask].mean(), rel=1e-6)
    assert scores.ssim_wang == pytest.approx(wang, rel=1e-6)


def test_ssim_is_its_formula():
    """Windows of 19 voxels (sigma 2.5, 3.5 sigma to each side) and of 11 (sigma 1.5); Wang's is averaged where the
    window lies inside the volume."""
    truth, estimate = pair(1)
    mask = ball()
    inside = truth[mask]
    masked = truth * mask, estimate * mask
    data_range = float(inside.max() - inside.min())
    scores = evaluate(truth, estimate, mask)
    assert scores.ssim == pytest.approx(ssim_map(*masked, 2.5, 9, data_range)[mask].mean(), abs=1e-4)
    valid = (slice(5, -5),) * 3
    assert scores.ssim_wang == pytest.approx(ssim_map(*masked, 1.5, 5, data_range)[valid].mean(), abs=1e-4)


@given(st.tuples(*[st.integers(19, 40)] * 3), st.data())
@settings(max_examples=25, deadline=None)
def test_ssim_over_a_mask_is_that_of_the_whole_volume(shape, data):
    """However small the mask and however near to a corner."""
    first = [data.draw(st.integers(0, n - 2)) for n in shape]
    last = [data.draw(st.integers(a + 2, n)) for a, n in zip(first, shape, strict=True)]
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(first, last, strict=True))] = True
    truth, estimate = pair(2, shape)
    inside = truth[mask]
    _, whole = structural_similarity(
        truth * mask,
        estimate * mask,
        sigma=2.5,
        full=True,
        gaussian_weights=True,
        use_sample_covariance=False,
        data_range=float(inside.max() - inside.min()),
    )
    assert evaluate(truth, estimate, mask).ssim == pytest.approx(whole[mask].mean(), abs=1e-6)


# Masks


def test_only_the_mask_counts():
    truth, estimate = pair()
    mask = ball()
    wrong_outside = np.where(mask, estimate, -1e4)
    assert evaluate(truth, wrong_outside, mask) == evaluate(truth, estimate, mask)


def test_mask_may_be_numbers_and_is_where_they_are_positive():
    truth, estimate = pair()
    assert evaluate(truth, estimate, ball() * 0.7) == evaluate(truth, estimate, ball())


def test_without_a_mask_the_truths_voxels_that_are_not_zero_count():
    truth, estimate = pair()
    assert evaluate(truth * ball(), estimate) == evaluate(truth, estimate, ball())


def test_inputs_are_left_as_they_were():
    truth, estimate = pair()
    copies = truth.copy(), estimate.copy()
    evaluate(truth, estimate, ball())
    np.testing.assert_array_equal((truth, estimate), copies)


# What is refused


@pytest.mark.parametrize("shape", [(18, 24, 24), (24, 24, 18), (10, 10, 10), (24, 24, 1)])
def test_volume_smaller_than_the_window_is_refused(shape):
    with pytest.raises(InputError, match="19 voxels"):
        evaluate(*pair(shape=shape))


def test_volume_of_the_windows_size_is_compared():
    assert 0 < evaluate(*pair(shape=(19, 19, 19))).ssim < 1


def test_shapes_that_differ_are_refused():
    truth, estimate = pair()
    with pytest.raises(InputError, match=r"estimate .* differ in shape"):
        evaluate(truth, estimate[1:])
    with pytest.raises(InputError, match=r"mask .* differ in shape"):
        evaluate(truth, estimate, ball()[1:])


def test_empty_masks_and_truths_that_give_no_scale_are_refused():
    truth, estimate = pair()
    with pytest.raises(InputError, match="mask is empty"):
        evaluate(truth, estimate, np.zeros(SHAPE))
    with pytest.raises(InputError, match="mask is empty"):
        evaluate(np.zeros(SHAPE), estimate)
    with pytest.raises(InputError, match="positive mean"):
        evaluate(-truth, estimate)
    with pytest.raises(InputError, match="the truth is 5 everywhere inside the mask"):
        evaluate(np.full(SHAPE, 5.0), estimate)
