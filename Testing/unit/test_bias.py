"""The battery on estimates whose bias is known because it was put in by hand."""

import numpy as np
import pytest
from IQTLib.evaluation import bias, lesion_recovery, rarity, real_scan
from IQTLib.image.axis import upsample_slices
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume
from IQTLib.methods.base import LowField
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from IQTLib.physics.lesions import SIZES, STRENGTH, Lesion, caution, scattered
from IQTLib.physics.lesions import drawn as drawn_lesions
from scipy.ndimage import gaussian_filter
from surrogate import PROFILE, blobs

SHAPE = (40, 44, 48)
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def truth():
    """A smooth random field around 1, as inside one tissue."""
    field = gaussian_filter(RNG.standard_normal(SHAPE), 3)
    return (1 + 0.2 * field / field.std()).astype(np.float32)


@pytest.fixture(scope="module")
def mask():
    return np.ones(SHAPE, bool)


def shrunk(truth, share):
    """Pulled towards the mean so that `share` of every difference to it is left."""
    return truth.mean() + share * (truth - truth.mean())


@pytest.mark.parametrize("share", [0.5, 1.0, 1.3])
def test_shrinkage_slope_is_the_share_that_is_left(truth, mask, share):
    noise = 0.01 * RNG.standard_normal(SHAPE)
    line = bias.shrinkage(truth, shrunk(truth, share) + noise, mask)
    assert line.slope == pytest.approx(share, abs=0.01)
    assert line.theil_sen == pytest.approx(share, abs=0.01)
    assert line.intercept == pytest.approx((1 - share) * truth.mean(), abs=0.01)


def test_a_few_wild_blocks_move_least_squares_but_not_theil_sen(truth, mask):
    wild = truth.copy()
    wild[:8, :8, :8] += 5
    line = bias.shrinkage(truth, wild, mask)
    assert line.theil_sen == pytest.approx(1, abs=0.02)
    assert abs(line.slope - 1) > 0.02


def test_shrinkage_looks_at_its_tissue_only(truth):
    tissue = np.zeros(SHAPE, bool)
    tissue[:20] = True
    estimate = np.where(tissue, shrunk(truth, 0.5), 100)
    assert bias.shrinkage(truth, estimate, tissue).slope == pytest.approx(0.5, abs=0.01)


def test_block_means_are_those_of_the_masked_voxels():
    volume = np.arange(64, dtype=np.float32).reshape(4, 4, 4)
    half = np.zeros((4, 4, 4), bool)
    half[2:] = True  # voxels 32 to 63
    (means,) = bias.block_means((volume,), half)
    np.testing.assert_allclose(means, [47.5])
    half[2] = False  # a quarter of the block: too little
    assert len(bias.block_means((volume,), half)[0]) == 0


def test_conditional_bias_of_an_estimate_that_shrinks_by_half_has_slope_minus_half(truth, mask):
    curve, line = bias.conditional_bias(truth, shrunk(truth, 0.5), mask)
    assert line.slope == pytest.approx(-0.5, abs=1e-4)
    assert curve.shape == (10, 2)
    assert np.all(np.diff(curve[:, 0]) > 0)
    np.testing.assert_allclose(curve[:, 1], -0.5 * (curve[:, 0] - truth.mean()), atol=1e-5)


def test_conditional_bias_of_a_constant_offset_has_no_slope(truth, mask):
    curve, line = bias.conditional_bias(truth, truth + 0.3, mask)
    np.testing.assert_allclose(curve[:, 1], 0.3, atol=1e-6)
    assert line.slope == pytest.approx(0, abs=1e-5)


def test_high_frequency_energy_goes_with_the_square_of_the_detail(mask):
    truth = RNG.standard_normal(SHAPE).astype(np.float32)
    profile = SliceProfile(3, 1)
    smooth = upsample_slices(Acquisition(profile, SHAPE[2] // 4).forward(truth), 4)
    assert bias.high_frequency(truth, truth, mask, profile) == pytest.approx((1, 1))
    energy, correlation = bias.high_frequency(truth, 0.5 * truth, mask, profile)
    assert energy == pytest.approx(0.25, abs=1e-5)
    assert correlation == pytest.approx(1, abs=1e-5)
    assert bias.high_frequency(truth, smooth, mask, profile)[0] < 0.2


def test_detail_that_is_not_the_truths_has_energy_but_no_correlation(mask):
    truth, other = RNG.standard_normal((2, *SHAPE)).astype(np.float32)
    energy, correlation = bias.high_frequency(truth, other, mask, SliceProfile(3, 1))
    assert energy == pytest.approx(1, abs=0.05)
    assert abs(correlation) < 0.02


def test_contrast_response_distinguishes_copied_from_restored_contrast():
    people = np.repeat(["a", "b", "c"], 4)
    scans = np.tile([1.0, 1.1, 1.2, 1.3], 3)
    truths = np.repeat([1.3, 1.5, 1.7], 4)
    assert bias.contrast_response(people, scans, scans + truths) == pytest.approx(1)
    assert bias.contrast_response(people, scans, truths) == pytest.approx(0, abs=1e-9)
    assert bias.contrast_between(people, truths, truths) == pytest.approx(1)
    assert bias.contrast_between(people, truths, np.full(12, 1.5)) == pytest.approx(0, abs=1e-9)


def test_tissue_ratio_is_that_of_the_pure_voxels():
    data, wm = np.array([2.0, 4.0, 9.0]), np.array([0.0, 1.0, 0.5])
    assert bias.tissue_ratio(data, wm, 1 - wm) == pytest.approx(2)


# Rarity


def scan(seed, gain=1.0):
    data = gain * blobs((32, 32, 24), seed)
    return LowField(data, data > 0, 0.01, PROFILE, np.ones((1, 1, 1), np.float32))


def test_patches_unlike_the_library_are_rare():
    rng = np.random.default_rng(1)
    library = rarity.Library.of([scan(0), scan(1)], 800, rng)
    known = library.distance(rarity.low_patches(scan(2), 200, rng)[1])
    strange = library.distance(rarity.low_patches(scan(2, gain=3.0), 200, rng)[1])
    assert np.median(strange) > 2 * np.median(known)
    own = library.distance(rarity.low_patches(scan(0), 5000, rng)[1])
    assert own.min() < known.min()


def test_errors_by_decile_of_rarity_grow_when_error_is_rarity():
    values = RNG.permutation(np.arange(100.0))
    np.testing.assert_allclose(rarity.by_decile(values, values), np.arange(4.5, 100, 10))
    np.testing.assert_allclose(rarity.by_decile(-values, values), np.arange(94.5, 0, -10))


def test_patch_errors_cover_the_high_field_part_of_a_patch():
    error = np.zeros((8, 8, 32))
    error[:4, :4, :16] = 2.0
    rms, mean = rarity.patch_errors(error, np.array([[0, 0, 0], [4, 4, 4], [2, 0, 0]]), 4)
    np.testing.assert_allclose(rms, [2, 0, np.sqrt(2)])
    np.testing.assert_allclose(mean, [2, 0, 1])


# Lesions


@pytest.fixture(scope="module")
def lesion():
    return Lesion((32, 32, 32), 8.0, -0.3)


def test_lesions_lie_in_white_matter_and_apart():
    white = np.zeros((100, 100, 100), bool)
    white[10:90, 10:90, 10:90] = True
    found = lesion_recovery.placed(white, (1.0, 1.0, 1.0), np.random.default_rng(0))
    assert sorted({one.diameter for one in found}) == list(lesion_recovery.DIAMETERS)
    assert {one.contrast for one in found} == set(lesion_recovery.CONTRASTS)
    assert all(white[one.centre] for one in found)
    for index, one in enumerate(found):
        for other in found[:index]:
            assert np.linalg.norm(np.subtract(one.centre, other.centre)) >= lesion_recovery.APART * other.diameter


def test_no_lesion_where_there_is_no_white_matter():
    assert lesion_recovery.placed(np.zeros((20, 20, 20), bool), (1.0, 1.0, 1.0), np.random.default_rng(0)) == []


def test_a_lesion_is_half_as_strong_half_its_width_away(lesion):
    drawn = drawn_lesions([lesion], (64, 64, 64), (1.0, 1.0, 2.0))
    assert drawn[32, 32, 32] == pytest.approx(-0.3)
    assert drawn[36, 32, 32] == pytest.approx(-0.15)
    assert drawn[32, 32, 34] == pytest.approx(-0.15)  # 4 mm are 2 voxels there


def test_lesions_are_drawn_as_the_sum_of_their_gaussians():
    """In windows, against the whole grid; one of them is cut by the edge."""
    shape, spacing = (30, 40, 20), (1.0, 0.8, 2.0)
    found = [Lesion((3, 20, 10), 6.0, 0.4), Lesion((8, 25, 9), 4.0, -0.2)]
    grid = np.stack(np.meshgrid(*(np.arange(n) * d for n, d in zip(shape, spacing, strict=True)), indexing="ij"), -1)
    whole = np.zeros(shape)
    for one in found:
        away = ((grid - np.array(one.centre) * spacing) ** 2).sum(-1)
        whole += one.contrast * np.exp(-4 * np.log(2) * away / one.diameter**2)
    np.testing.assert_allclose(drawn_lesions(found, shape, spacing), whole, atol=1e-4)


def test_scattered_lesions_lie_inside_and_are_of_all_sizes_and_both_signs():
    inside = np.zeros((40, 40, 40), bool)
    inside[5:20, 10:30, 8:12] = True
    found = scattered(inside, (1.0, 1.0, 1.0), 400, np.random.default_rng(0))
    assert all(inside[one.centre] for one in found)
    sizes, contrasts = (np.array([getattr(one, name) for one in found]) for name in ("diameter", "contrast"))
    assert SIZES[0] <= sizes.min() < 3.2 < 11 < sizes.max() <= SIZES[1]
    assert -STRENGTH <= contrasts.min() < -0.45 < 0.45 < contrasts.max() <= STRENGTH
    assert found == scattered(inside, (1.0, 1.0, 1.0), 400, np.random.default_rng(0))
    assert scattered(~inside & False, (1.0, 1.0, 1.0), 3, np.random.default_rng(0)) == []


def test_recovery_is_the_share_that_came_back(lesion):
    drawn = drawn_lesions([lesion], (64, 64, 64), (1.0, 1.0, 1.0))
    assert lesion_recovery.recovery(drawn, drawn) == pytest.approx(1)
    assert lesion_recovery.recovery(0.5 * drawn, drawn) == pytest.approx(0.5)
    assert lesion_recovery.recovery(np.zeros_like(drawn), drawn) == 0


def test_recovery_after_a_blur_is_that_of_two_gaussians(lesion):
    """A blob of sigma s after a blur of sigma g: (2 s^2 / (2 s^2 + g^2))^(3/2)."""
    drawn = drawn_lesions([lesion], (64, 64, 64), (1.0, 1.0, 1.0)).astype(np.float64)
    s, g = 8 / 2.35482, 2.0
    expected = (2 * s**2 / (2 * s**2 + g**2)) ** 1.5
    assert lesion_recovery.recovery(gaussian_filter(drawn, g), drawn) == pytest.approx(expected, rel=1e-3)


def test_a_scan_with_lesions_is_the_scan_and_what_the_slices_make_of_them(lesion):
    low = RNG.standard_normal((64, 16, 64)).astype(np.float32)
    contrast = np.full(low.shape, 0.8)
    profile = SliceProfile(3, 1)
    scanned, added = lesion_recovery.with_lesions(
        [lesion],
        low,
        contrast,
        shape=(64, 64, 64),
        spacing=(1.0, 1.0, 1.0),
        white=100.0,
        profile=profile,
        slice_axis=1,
    )
    slices = Acquisition(profile, 16).forward(np.moveaxis(added, 1, -1))
    np.testing.assert_allclose(scanned - low, 0.8 * np.moveaxis(slices, -1, 1), atol=1e-4)
    assert added.min() == pytest.approx(-30)


# The real scan


def test_sharpness_is_one_for_noise_alike_in_all_directions_and_less_when_slices_are_smooth(mask):
    noise = RNG.standard_normal(SHAPE).astype(np.float32)
    cubes = Volume(noise, np.eye(4))
    assert real_scan.sharpness(cubes, mask) == pytest.approx(1, abs=0.03)
    smooth = cubes.with_data(gaussian_filter(noise, (0, 0, 2)))
    assert real_scan.sharpness(smooth, mask) < 0.7
    thick = Volume(noise, np.diag([1.0, 1.0, 4.0, 1.0]))
    assert real_scan.sharpness(thick, mask) == pytest.approx(0.25, abs=0.01)


def test_consistency_counts_an_offset_but_forgives_a_change_of_contrast():
    scan = RNG.uniform(1, 3, (20, 20, 10))
    mask = np.ones(scan.shape, bool)
    same = real_scan.consistency(scan, scan, mask, sigma=0.1)
    assert same["inconsistency"] == 0
    assert same["unexplained"] == pytest.approx(0, abs=1e-9)
    off = real_scan.consistency(scan + 0.2, scan, mask, sigma=0.1)
    assert off["inconsistency over noise"] == pytest.approx(2)
    assert off["inconsistency"] == pytest.approx(0.2 / scan.mean())
    assert off["unexplained"] == pytest.approx(0, abs=1e-9)
    unrelated = real_scan.consistency(RNG.permutation(scan.ravel()).reshape(scan.shape), scan, mask, sigma=0.1)
    assert unrelated["unexplained"] == pytest.approx(1, abs=0.01)


def test_contrast_of_a_phantom_is_that_of_its_tissues():
    wm = np.zeros((48, 48, 48), np.float32)
    wm[12:36, 12:36, 12:36] = 1
    gm = np.zeros_like(wm)
    gm[6:42, 6:42, 6:42] = 1
    gm -= wm
    mask = (wm + gm) > 0
    data = 100 * wm + 70 * gm + RNG.normal(0, 2, wm.shape)
    found = real_scan.tissue_contrast(
        Volume(data.astype(np.float32), np.eye(4)), mask, TissueMaps(np.zeros_like(wm), gm, wm)
    )
    assert found["ratio"] == pytest.approx(100 / 70, rel=0.05)
    assert found["snr"] == pytest.approx(100 / 2, rel=0.15)
    assert found["contrast to noise"] == pytest.approx(30 / 2, rel=0.2)


def test_fine_noise_is_the_noise_whatever_varies_slowly():
    inside = np.ones(SHAPE, bool)
    slow = 100 + 8 * np.sin(np.linspace(0, 1.5, SHAPE[0]))[:, None, None] * np.ones(SHAPE)
    noisy = Volume((slow + RNG.normal(0, 2, SHAPE)).astype(np.float32), np.eye(4))
    assert real_scan.fine_noise(noisy, inside) == pytest.approx(2, rel=0.1)
    coarse = Volume((slow + RNG.normal(0, 2, SHAPE)).astype(np.float32), np.diag([0.5, 0.5, 0.5, 1]))
    assert real_scan.fine_noise(coarse, inside) == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("known", [{}, {"bright": [0.8, 0.9], "dark": [1.0, 1.3]}, {"bright": "yes"}, {"bright": []}])
def test_faithful_models_and_those_that_were_not_tested_are_not_cautioned_of(known):
    assert caution({"diameters": [4.0, 10.0]} | known) is None


def test_a_model_that_loses_lesions_is_cautioned_of_with_the_numbers():
    told = caution({"diameters": [4.0, 10.0], "bright": [0.07, 0.7], "dark": [1.0, 1.3]})
    assert told == (
        "In tests with artificial lesions of 4 to 10 mm in white matter this model showed 7 to 70 % of the contrast of "
        "bright ones and 100 to 130 % of the contrast of dark ones: check the original scan"
    )


def test_a_sharp_lesion_is_a_ball_of_its_diameter():
    from IQTLib.physics.lesions import Lesion
    from IQTLib.physics.lesions import drawn as drawn_lesions

    ball = drawn_lesions([Lesion((20, 20, 20), 12.0, -0.3, sharp=True)], (41, 41, 41), (1.0, 1.0, 1.0))
    assert ball.min() == pytest.approx(-0.3)
    assert ball.sum() == pytest.approx(-0.3 * np.pi / 6 * 12**3, rel=0.02)


def test_a_lesion_is_followed_by_contrast_volume_and_interval():
    from IQTLib.evaluation import lesion_trial
    from IQTLib.image.volume import Volume
    from IQTLib.physics.lesions import Lesion
    from IQTLib.physics.lesions import drawn as drawn_lesions

    truth = Volume(np.zeros((41, 41, 41), np.float32), np.eye(4))
    lesion = Lesion((20, 20, 20), 8.0, 0.3)
    added = drawn_lesions([lesion], truth.shape, truth.spacing)
    held = np.full(truth.shape, np.nan, np.float32)
    held[20:] = 1
    held[:20] = 0
    whole, weak = (lesion_trial._row(lesion, share * added, added, held, truth) for share in (1.0, 0.4))
    assert (whole["contrast"], whole["volume"], whole["bright"]) == (pytest.approx(1), 1, True)
    assert 0.5 < whole["held"] < 0.6
    assert (weak["contrast"], weak["volume"]) == (pytest.approx(0.4), 0)
    told = [{"kind": "clinical", "model": "cubic"} | whole, {"kind": "clinical", "model": "cubic"} | weak]
    assert list(lesion_trial.table(told))[-1].startswith("| clinical | `cubic` | bright | 0.70 / 0.50 | 0.5")


def test_low_field_weakens_a_dark_lesion_as_it_weakens_grey_matter_and_leaves_a_bright_one():
    from IQTLib.evaluation.lesion_trial import seen
    from IQTLib.image.tissue import TissueMaps
    from IQTLib.image.volume import Volume

    grey = np.arange(10) < 3
    maps = TissueMaps(np.zeros((10, 1, 1)), grey[:, None, None].astype(float), (~grey)[:, None, None].astype(float))
    added = np.zeros((10, 1, 1))
    added[5:8, 0, 0] = -0.3, -0.15, 0.3
    truth = np.where(grey, 0.7, 1.0)[:, None, None]
    told = seen(Volume((truth + added).astype(np.float32), np.eye(4)), added, maps, contrast=1.25).data[:, 0, 0]
    # The scan itself makes grey matter 1 / 1.25 of white matter.
    assert told[:5] == pytest.approx(truth[:5, 0, 0])
    assert (told[5], told[7]) == (pytest.approx(0.8), pytest.approx(1.3))
    assert 0.8 < told[6] < 1


def test_contrast_that_real_lesions_keep_is_local_and_by_volume():
    from IQTLib.errors import InputError
    from IQTLib.evaluation.real_lesions import Lesions, kept

    rng = np.random.default_rng(3)
    mask = np.zeros((60, 40, 40), bool)
    mask[10:13, 10:14, 10:13] = mask[40:48, 20:28, 20:28] = mask[55, 5, 5] = True  # 36, 512 and 1 mm3
    lesions = Lesions.of(mask, (1.0, 1.0, 1.0))
    assert list(lesions.volumes) == [36, 512]
    field = 100 + np.linspace(0, 60, 60)[:, None, None]
    truth = field + 40.0 * mask + rng.normal(0, 0.1, mask.shape)
    assert kept(truth, truth, lesions, 130.0) == [(1, 1.0), (0, pytest.approx(np.nan, nan_ok=True)), (1, 1.0)]
    weaker = field + np.where(np.arange(60)[:, None, None] < 30, 10.0, 30.0) * mask
    assert [share for _, share in kept(weaker, truth, lesions, 130.0)][::2] == pytest.approx([0.25, 0.75], abs=0.03)
    with pytest.raises(InputError, match="no lesion of 20 mm3"):
        Lesions.of(np.zeros((5, 5, 5), bool), (1.0, 1.0, 1.0))
