"""The simulator makes what was asked of it: signal-to-noise ratios, geometry, and the published SNR distributions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.image.axis import FWHM_TO_SIGMA
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume, read
from IQTLib.physics.acquisition import SliceProfile
from IQTLib.physics.simulation import PRESETS, SNRPreset, add_noise, preset, simulate
from phantom import CSF, GM, WM, world
from scipy import ndimage, special, stats
from test_volume import OBLIQUE, affines, voxels

PROPERTY = settings(max_examples=40, deadline=None)
ASSUMED = "OOD-ultra-low-field"


def rng(seed=20):
    return np.random.default_rng(seed)


def low_field(high, profile, axis):
    """What a thick slice sees, by scipy alone: slices blurred by FWHM = thickness, every t-th one kept."""
    count = high.shape[axis] // profile.factor * profile.factor
    high = np.moveaxis(high, axis, -1)[..., :count].astype(float)
    blurred = ndimage.gaussian_filter1d(high, profile.thickness * FWHM_TO_SIGMA, mode="nearest")
    return np.moveaxis(blurred[..., :: profile.factor], -1, axis)


def measured(pair, maps, profile, axis):
    """Low-field voxels of eroded white matter, of eroded grey matter and of background that no tissue reaches."""
    csf, gm, wm = (low_field(tissue, profile, axis) for tissue in (maps.csf, maps.gm, maps.wm))
    in_plane = np.moveaxis(ndimage.generate_binary_structure(2, 1)[..., None], -1, axis)
    cores = (ndimage.binary_erosion(tissue > 0.9, in_plane) for tissue in (wm, gm))
    wm_values, gm_values = (pair.low.data[core] for core in cores)
    return wm_values, gm_values, pair.low.data[csf + gm + wm == 0]


# T2: signal-to-noise ratios


@pytest.mark.parametrize("fixed", ["GM", "WM"])
@pytest.mark.parametrize("name", PRESETS)
def test_eroded_tissue_has_the_snr_asked_for(phantom_brain, name, fixed):
    """T2 for a draw of every preset: means over sigma and the background's sd within 3 %."""
    profile, axis = SliceProfile(3, 1), 2
    snr = preset(name).draw(1, rng())[0]
    pair = simulate(phantom_brain.volume, phantom_brain.maps, snr=snr, rng=rng(), profile=profile, fixed=fixed)
    wm, gm, background = measured(pair, phantom_brain.maps, profile, axis)
    sigma = background.std()
    assert sigma == pytest.approx(pair.sigma, rel=0.03)
    assert (wm.mean() / sigma, gm.mean() / sigma) == pytest.approx(tuple(snr), rel=0.03)
    assert abs(background.mean()) < 0.03 * sigma


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("factor", range(2, 9))
def test_snr_holds_for_every_factor_and_slice_axis(phantom_brain, factor, axis):
    profile = SliceProfile.for_factor(factor)
    pair = simulate(
        phantom_brain.volume, phantom_brain.maps, snr=(64.5, 54.14), rng=rng(), profile=profile, slice_axis=axis
    )
    wm, gm, background = measured(pair, phantom_brain.maps, profile, axis)
    sigma = background.std()
    assert sigma == pytest.approx(pair.sigma, rel=0.03)
    assert (wm.mean() / sigma, gm.mean() / sigma) == pytest.approx((64.5, 54.14), rel=0.03)


@pytest.mark.parametrize("snr", [(9.0, 9.8), (64.5, 54.14)])
def test_rician_noise_has_the_statistics_of_a_magnitude(phantom_brain, snr):
    """Background is Rayleigh: mean sigma sqrt(pi / 2), sd sigma sqrt(2 - pi / 2); tissue has the mean of Rice's law."""
    profile = SliceProfile(3, 1)
    pair = simulate(phantom_brain.volume, phantom_brain.maps, snr=snr, rng=rng(), profile=profile, noise="rician")
    wm, gm, background = measured(pair, phantom_brain.maps, profile, 2)
    assert pair.low.data.min() >= 0
    assert background.mean() == pytest.approx(pair.sigma * np.sqrt(np.pi / 2), rel=0.03)
    assert background.std() == pytest.approx(pair.sigma * np.sqrt(2 - np.pi / 2), rel=0.03)
    q = np.array(snr) ** 2 / 4  # Rice 1944: mean = sigma sqrt(pi / 2) exp(-q) ((1 + 2 q) I0(q) + 2 q I1(q))
    expected = pair.sigma * np.sqrt(np.pi / 2) * ((1 + 2 * q) * special.ive(0, q) + 2 * q * special.ive(1, q))
    assert (wm.mean(), gm.mean()) == pytest.approx(tuple(expected), rel=0.03)


def test_gaussian_noise_has_negative_values(phantom_brain):
    pair = simulate(phantom_brain.volume, phantom_brain.maps, snr=(60, 50), rng=rng())
    assert 0.4 < (pair.low.data[:4] < 0).mean() < 0.6


def test_added_noise_is_normal_or_rice_distributed():
    """Kolmogorov-Smirnov of 20,000 voxels of 5 with sigma 2, against the two laws."""
    image = np.full((20, 20, 50), 5.0)
    assert stats.kstest(add_noise(image, 2, "gaussian", rng()).ravel(), stats.norm(5, 2).cdf).pvalue > 0.01
    assert stats.kstest(add_noise(image, 2, "rician", rng()).ravel(), stats.rice(2.5, scale=2).cdf).pvalue > 0.01


# Contrast, anchored at one tissue


@pytest.mark.parametrize(
    ("fixed", "sigma", "wm", "gm"), [("GM", GM / 10, 20 * GM / 10, GM), ("WM", WM / 20, WM, 10 * WM / 20)]
)
def test_fixed_tissue_keeps_its_intensity_and_anchors_the_noise(phantom_brain, fixed, sigma, wm, gm):
    """SNR (20, 10): with GM = 70 fixed sigma is 7 and WM becomes 140; with WM = 100 fixed sigma is 5 and GM 50."""
    pair = simulate(phantom_brain.volume, phantom_brain.maps, snr=(20, 10), rng=rng(), fixed=fixed)
    assert pair.sigma == pytest.approx(sigma, rel=0.03)
    pure_wm, pure_gm, _ = measured(pair, phantom_brain.maps, SliceProfile(3, 1), 2)
    assert (pure_wm.mean(), pure_gm.mean()) == pytest.approx((wm, gm), rel=0.03)


def test_contrast_acts_on_each_tissue_alone():
    """Slabs of nothing, CSF, GM and WM across the slices, SNR (20, 10), GM fixed: sigma 7, WM from 100 to 140, CSF
    as it was, and nothing where no tissue is, whatever the intensity there."""
    labels = np.broadcast_to(np.repeat([0, 1, 2, 3], 3)[:, None, None], (12, 8, 16))
    high = Volume(np.array([50, CSF, GM, WM])[labels], np.eye(4))
    pair = simulate(high, TissueMaps.from_labels(labels), snr=(20, 10), rng=rng())
    np.testing.assert_allclose(pair.contrast[:, 0, 0], np.repeat([0, 1, 1, 1.4], 3), rtol=1e-6)
    assert pair.sigma == pytest.approx(7, rel=1e-6)
    noise = pair.low.data - pair.contrast * np.array([50, CSF, GM, WM])[labels[..., ::4]]
    assert noise.std() == pytest.approx(7, rel=0.15)  # 384 voxels: 3.6 % standard error


def test_contrast_is_one_where_the_snr_ratio_is_that_of_the_volume():
    """Tissues of 100 and 70 asked for at SNR 100 and 70: a = csf + gm + wm."""
    wm = np.zeros((8, 8, 32), np.float32)
    wm[:4] = 1
    pair = simulate(Volume(np.where(wm, WM, GM), np.eye(4)), TissueMaps(0 * wm, 1 - wm, wm), snr=(WM, GM), rng=rng())
    assert pair.sigma == pytest.approx(1, rel=1e-6)
    np.testing.assert_allclose(pair.contrast, 1, rtol=1e-6)


# Geometry


@given(affines(), st.sampled_from((0, 1, 2)), st.integers(2, 8), st.integers(0, 3))
@PROPERTY
def test_low_field_slice_k_lies_on_high_field_slice_k_times_t(affine, axis, factor, rest):
    """Contrast 1 and next to no noise: the low-field scan is the blurred volume, in the place of slices k t."""
    profile, shape = SliceProfile.for_factor(factor), [6, 7, 8]
    shape[axis] = 4 * factor + rest % factor
    wm = np.zeros(shape, np.float32)
    wm[np.indices(shape)[(axis + 1) % 3] < 3] = 1
    data = voxels(shape) + 1000
    gm_mean, wm_mean = (low_field(data, profile, axis)[low_field(m, profile, axis) > 0.9].mean() for m in (1 - wm, wm))
    snr = (1e7, 1e7 * gm_mean / wm_mean)
    pair = simulate(
        Volume(data, affine), TissueMaps(0 * wm, 1 - wm, wm), snr=snr, rng=rng(), profile=profile, slice_axis=axis
    )
    keep, every = ([slice(None)] * 3 for _ in range(2))
    keep[axis], every[axis] = slice(0, 4 * factor), slice(0, 4 * factor, factor)
    np.testing.assert_array_equal(pair.high.data, data[tuple(keep)])
    np.testing.assert_allclose(world(pair.high), world(Volume(data, affine))[tuple(keep)], atol=1e-9)
    np.testing.assert_allclose(pair.low.data, low_field(data, profile, axis), rtol=1e-5)
    np.testing.assert_allclose(world(pair.low), world(Volume(data, affine))[tuple(every)], atol=1e-9)
    assert pair.contrast.shape == pair.low.shape
    assert pair.low.spacing[axis] == pytest.approx(factor * pair.high.spacing[axis])


def test_slices_that_do_not_fill_the_last_group_do_not_matter(phantom_brain):
    """68 slices hold eight groups of 8; what lies in the last four is cropped before anything is blurred."""
    volume, maps = phantom_brain.volume, phantom_brain.maps
    other = volume.data.copy()
    other[..., 64:] = 1e6
    pairs = [
        simulate(v, maps, snr=(60, 50), rng=rng(), profile=SliceProfile(6, 2))
        for v in (volume, volume.with_data(other))
    ]
    assert pairs[0].low.shape == (72, 84, 8)
    assert pairs[0].high.shape == (72, 84, 64)
    np.testing.assert_array_equal(pairs[0].low.data, pairs[1].low.data)


@pytest.mark.parametrize("noise", ["gaussian", "rician"])
def test_same_seed_gives_the_same_bytes_and_another_seed_others(phantom_brain, noise):
    def data(seed):
        pair = simulate(phantom_brain.volume, phantom_brain.maps, snr=(60, 50), rng=rng(seed), noise=noise)
        return pair.low.data.tobytes()

    assert data(1) == data(1)
    assert data(1) != data(2)


def test_input_is_left_as_it_was(phantom_brain):
    volume = phantom_brain.volume.with_data(phantom_brain.volume.data.copy())
    simulate(volume, phantom_brain.maps, snr=(60, 50), rng=rng())
    np.testing.assert_array_equal(volume.data, phantom_brain.volume.data)


# T3: the SNR distributions


@pytest.fixture(scope="module")
def in_distribution():
    return preset("in-distribution").draw(400_000, rng(0))


def test_distances_are_distributed_as_published(in_distribution):
    """T3. In two dimensions P(d < r) = 1 - exp(-r^2 / 2): 0.3935 within 1, 0.0111 beyond 3."""
    distance = preset("in-distribution").mahalanobis(in_distribution)
    assert np.mean(distance < 1) == pytest.approx(0.393, abs=0.005)
    assert np.mean(distance > 3) == pytest.approx(0.0113, abs=0.001)
    assert np.mean(np.diff(in_distribution) < 0) == pytest.approx(0.9997, abs=0.0002)  # P(SNR_WM > SNR_GM)


def test_draws_have_the_published_moments_in_the_order_wm_gm(in_distribution):
    assert in_distribution.mean(axis=0) == pytest.approx((64.50, 54.14), rel=0.002)
    np.testing.assert_allclose(np.cov(in_distribution.T), [[78.47, 71.50], [71.50, 73.91]], rtol=0.02)


@pytest.mark.parametrize(
    ("pair", "distance"),
    [((64.50, 54.14), 0), ((60.0, 58.8), 3), ((69.0, 49.5), 3), ((38.3, 28.8), 3), ((90.7, 79.5), 3)],
)
def test_mahalanobis_distance_of_the_specifications_examples(pair, distance):
    """Each within its rounding to 0.1: a tenth along the narrow axis (sd 2.157) is 0.05."""
    assert preset("InD1").mahalanobis([pair]).item() == pytest.approx(distance, abs=0.07)


@pytest.mark.parametrize("name", ["InD1", "InD2", "InD2-low", "InD2-high"])
def test_test_sets_keep_their_bounds(name):
    pairs = preset(name).draw(2000, rng())
    distance, ratio = preset(name).mahalanobis(pairs), pairs[:, 0] / pairs[:, 1]
    assert pairs.shape == (2000, 2)
    assert np.all(distance < 1) if name == "InD1" else np.all(distance > 3)
    assert np.all(ratio > 1)
    if name == "InD2-low":
        assert ratio.max() < 64.50 / 54.14
    if name == "InD2-high":
        assert ratio.min() > 64.50 / 54.14


@pytest.mark.parametrize("name", PRESETS)
def test_covariances_are_symmetric_and_positive_and_draws_usable(name):
    covariance = np.array(preset(name).covariance)
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0
    assert np.all(preset(name).draw(1000, rng()) > 0)
    np.testing.assert_array_equal(preset(name).draw(5, rng(1)), preset(name).draw(5, rng(1)))


def test_widths_of_the_t1w_distribution_are_the_published_ones():
    """sd 12.15 along (0.718, 0.696), 2.157 across."""
    variances, axes = np.linalg.eigh(preset("in-distribution").covariance)
    assert np.sqrt(variances) == pytest.approx((2.157, 12.15), abs=0.005)
    assert np.abs(axes[:, 1]) == pytest.approx((0.718, 0.696), abs=0.001)


def test_ultra_low_field_says_that_it_is_assumed():
    """Mean (9.0, 9.8), sd 15 % each, correlation 0.9, white matter fixed."""
    ultra = preset(ASSUMED)
    assert "assumed" in ultra.note
    assert ultra.fixed == "WM"
    np.testing.assert_allclose(ultra.covariance, [[1.35**2, 0.9 * 1.35 * 1.47], [0.9 * 1.35 * 1.47, 1.47**2]])
    assert [name for name in PRESETS if "assumed" in PRESETS[name].note] == [ASSUMED]
    assert all(PRESETS[name].fixed == "GM" for name in PRESETS if name != ASSUMED)


def test_snr_drawn_is_always_positive():
    wide = SNRPreset((1.0, 1.0), ((4.0, 0.0), (0.0, 4.0)))
    assert np.all(wide.draw(5000, rng()) > 0)


# What is refused


def test_unknown_preset_is_refused():
    with pytest.raises(InputError, match="no SNR preset '7T': choose one of in-distribution, InD1"):
        preset("7T")


def test_bounds_that_leave_nothing_are_refused():
    with pytest.raises(InputError, match="reject almost every draw"):
        replace(preset("InD1"), farther=2.0).draw(1, rng())


@pytest.mark.parametrize("snr", [(0, 50), (60, -1), (np.nan, 50), (60, np.inf)])
def test_snr_that_is_none_is_refused(phantom_brain, snr):
    with pytest.raises(InputError, match="both must be positive"):
        simulate(phantom_brain.volume, phantom_brain.maps, snr=snr, rng=rng())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fixed": "CSF"}, "'CSF': choose WM or GM"),
        ({"noise": "poisson"}, "'poisson': choose gaussian or rician"),
        ({"slice_axis": 3}, "slice axis 3: choose 0, 1 or 2"),
        ({"slice_axis": -1}, "slice axis -1: choose 0, 1 or 2"),
    ],
)
def test_unknown_choices_are_refused(phantom_brain, change, says):
    with pytest.raises(InputError, match=says):
        simulate(phantom_brain.volume, phantom_brain.maps, snr=(60, 50), rng=rng(), **change)


def test_maps_of_another_shape_and_too_few_slices_are_refused(phantom_brain):
    few = Volume(voxels((5, 5, 7)), OBLIQUE)
    maps = TissueMaps.from_labels(np.full((5, 5, 7), 2))
    with pytest.raises(InputError, match="differ in shape"):
        simulate(few, phantom_brain.maps, snr=(60, 50), rng=rng())
    with pytest.raises(InputError, match="7 slices along axis 2 are too few for factor 4"):
        simulate(few, maps, snr=(60, 50), rng=rng())


def test_volumes_without_pure_tissue_or_of_negative_tissue_are_refused():
    labels = np.full((6, 6, 16), 2)
    volume = Volume(voxels((6, 6, 16)), np.eye(4))
    with pytest.raises(InputError, match="no pure white or grey matter"):
        simulate(volume, TissueMaps.from_labels(labels), snr=(60, 50), rng=rng())
    labels[:3] = 3
    with pytest.raises(InputError, match="both must be positive"):
        simulate(volume.with_data(-volume.data), TissueMaps.from_labels(labels), snr=(60, 50), rng=rng())


# A real brain


@pytest.mark.data
@pytest.mark.parametrize("fixed", ["GM", "WM"])
def test_real_brain_has_the_snr_asked_for(shared_data, fixed):
    """Tissue means over the noise, which is measured in the zeroed background; slices along y, which is sharp."""
    folder = shared_data / "sub-stripped01" / "anat"
    volume = read(folder / "sub-stripped01_T1w.nii.gz")
    maps = TissueMaps.from_labels(np.round(read(folder / "sub-stripped01_dseg.nii.gz").data)).softened(0.5)
    profile, snr = SliceProfile(3, 1), (64.5, 54.14)
    pair = simulate(volume, maps, snr=snr, rng=rng(), profile=profile, slice_axis=1, fixed=fixed)
    wm, gm = (low_field(tissue, profile, 1) for tissue in (maps.wm, maps.gm))
    background = pair.low.data[low_field(volume.data, profile, 1) == 0]
    assert background.std() == pytest.approx(pair.sigma, rel=0.03)
    assert pair.low.data[wm > 0.9].mean() / background.std() == pytest.approx(snr[0], rel=0.03)
    assert pair.low.data[gm > 0.9].mean() / background.std() == pytest.approx(snr[1], rel=0.03)
