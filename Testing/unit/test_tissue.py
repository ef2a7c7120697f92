"""Brain mask, tissue maps and noise: a phantom with known tissues, and the development scans where they are at hand."""

import sys

import numpy as np
import pytest
from IQTLib.errors import InputError
from IQTLib.image.brain import brain_mask, is_stripped
from IQTLib.image.noise_estimate import measure_noise, measure_snr
from IQTLib.image.tissue import TissueMaps, segment
from IQTLib.image.volume import Volume, read
from phantom import CSF, GM, SHAPE, SPACING, WM, labels, noisy, phantom, rng
from scipy import ndimage


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return 2 * (a & b).sum() / (a.sum() + b.sum())


@pytest.fixture
def scan(shared_data):
    def of(subject: str, suffix: str = "T1w") -> Volume:
        return read(shared_data / f"sub-{subject}" / "anat" / f"sub-{subject}_{suffix}.nii.gz")

    return of


def test_stripped_brain_is_its_own_mask_with_holes_filled():
    volume = phantom()
    data = volume.data.copy()
    data[30:34, 40:44, 30:34] = 0
    mask = brain_mask(volume.with_data(data))
    assert is_stripped(volume)
    np.testing.assert_array_equal(mask, labels() > 0)
    assert mask.sum() * SPACING**3 * 1e-6 == pytest.approx(0.918, rel=0.01)


@pytest.mark.parametrize("background", [-1.0, 500.0])
def test_stripped_brain_is_known_on_any_constant_background(background):
    volume = phantom()
    shifted = np.where(labels() > 0, volume.data, background)
    assert is_stripped(volume.with_data(shifted))


def test_head_sized_object_on_zeros_is_not_stripped():
    volume = phantom()  # 1.6 times larger in each direction: 3.76 L
    assert not is_stripped(Volume(volume.data, np.diag([1.6, 1.6, 1.6, 1]) @ volume.affine))


def test_noise_in_the_air_is_not_stripped():
    assert not is_stripped(noisy(phantom(), 2.0))


def test_ball_of_noise_is_no_brain():
    grid = np.indices((48, 48, 48)) - 24
    ball = np.where((grid**2).sum(axis=0) < 400, rng().normal(100, 30, (48, 48, 48)), 0)
    with pytest.raises(InputError, match=r"no brain found \(0\.\d\d L .*--mask"):
        brain_mask(Volume(ball, np.eye(4)))


def test_empty_volume_is_no_brain():
    with pytest.raises(InputError, match="no brain found"):
        brain_mask(Volume(np.zeros((40, 40, 40)), np.eye(4)))


def test_labels_become_one_hot_maps():
    maps = TissueMaps.from_labels(np.array([[[0, 1, 2, 3]]]))
    np.testing.assert_array_equal([maps.csf[0, 0], maps.gm[0, 0], maps.wm[0, 0]], np.eye(4)[1:])
    assert maps.wm.dtype == np.float32


def test_unknown_label_is_refused():
    with pytest.raises(InputError, match="unknown tissue label 7"):
        TissueMaps.from_labels(np.array([[[0, 1, 7]]]))


@pytest.mark.parametrize(("csf", "gm"), [(0.5, 0.51), (-0.1, 0.1), (np.nan, 0.1)])
def test_maps_that_are_no_fractions_are_refused(csf, gm):
    one = np.ones((2, 2, 2), np.float32)
    with pytest.raises(InputError, match="must be fractions"):
        TissueMaps(csf * one, gm * one, 0 * one)


def test_maps_of_different_shapes_are_refused():
    with pytest.raises(InputError, match="differ in shape"):
        TissueMaps(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)), np.zeros((2, 2, 3)))


def test_segmentation_finds_the_tissues_under_noise_and_bias():
    """GM and WM lie 30 apart: 6 sigma at sigma 5; the bias of +-20 % would blur them without N4."""
    volume, mask = phantom(), labels() > 0
    bias = np.linspace(0.8, 1.2, SHAPE[1])[:, None].astype(np.float32)
    biased = volume.with_data(noisy(volume, 5).data * bias)
    maps = segment(biased, mask, rng=rng())
    for name, label in (("csf", 1), ("gm", 2), ("wm", 3)):
        assert dice(getattr(maps, name) > 0.5, labels() == label) > 0.97, name
    assert not np.any((maps.csf + maps.gm + maps.wm)[~mask])


def test_segmentation_recovers_the_tissue_means():
    volume, mask = noisy(phantom(), 5), labels() > 0
    maps = segment(volume, mask, rng=rng())
    means = [np.average(volume.data, weights=tissue) for tissue in (maps.csf, maps.gm, maps.wm)]
    assert means == pytest.approx([CSF, GM, WM], rel=0.03)


def test_segmentation_of_a_noiseless_volume_is_its_labels():
    """Classes without width: a likelihood that underflows to zero must not become NaN."""
    maps = segment(phantom(), labels() > 0, rng=rng())
    assert dice(maps.wm > 0.5, labels() == 3) > 0.99


def test_missing_deepbet_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "deepbet.bet", None)
    with pytest.raises(InputError, match=r"pip install deepbet, or pass a brain mask"):
        brain_mask(noisy(phantom(), 2.0))


def test_segmentation_names_tissues_by_the_contrast():
    """In FLAIR grey matter is brighter than white: the same picture, the other names."""
    volume, mask = noisy(phantom(), 5), labels() > 0
    t1w = segment(volume, mask, rng=rng())
    flair = segment(volume, mask, rng=rng(), contrast="flair")
    np.testing.assert_array_equal(t1w.wm, flair.gm)
    np.testing.assert_array_equal(t1w.csf, flair.csf)


def test_voxels_of_mixed_content_stay_soft():
    volume, mask = phantom(), labels() > 0
    blurred = volume.with_data(ndimage.gaussian_filter(volume.data, 1.5))
    maps = segment(noisy(blurred, 2), mask, rng=rng())
    border = (maps.gm > 0.1) & (maps.gm < 0.9) & (maps.wm > 0.1)
    assert 1000 < border.sum() < 0.2 * mask.sum()


def test_segmentation_is_repeatable_and_free_of_intensity_units():
    volume, mask = noisy(phantom(), 5), labels() > 0
    first = segment(volume, mask, rng=rng())
    np.testing.assert_array_equal(first.gm, segment(volume, mask, rng=rng()).gm)
    tiny = segment(volume.with_data(volume.data * 1e-6), mask, rng=rng())
    assert dice(first.gm > 0.5, tiny.gm > 0.5) > 0.99


@pytest.mark.parametrize("call", [lambda v, m: segment(v, m, rng=rng()), measure_noise])
def test_masks_that_do_not_fit_are_refused(call):
    with pytest.raises(InputError, match=r"mask has shape \(3, 3, 3\)"):
        call(phantom(), np.ones((3, 3, 3), bool))
    with pytest.raises(InputError, match="mask has only 0 voxels"):
        call(phantom(), np.zeros(SHAPE, bool))


def test_constant_volume_and_unknown_contrast_are_refused():
    volume, mask = phantom(), labels() > 0
    with pytest.raises(InputError, match="constant"):
        segment(volume.with_data(np.ones(SHAPE)), mask, rng=rng())
    with pytest.raises(InputError, match="'pd'"):
        segment(volume, mask, rng=rng(), contrast="pd")


@pytest.mark.parametrize("rician", [False, True])
@pytest.mark.parametrize("snr", [9, 60])
def test_noise_is_measured_in_the_air(snr, rician):
    volume, sigma = phantom(), WM / snr
    assert measure_noise(noisy(volume, sigma, rician=rician), labels() > 0).sigma == pytest.approx(sigma, rel=0.03)


@pytest.mark.parametrize("rician", [False, True])
@pytest.mark.parametrize("snr", [9, 60])
def test_noise_is_measured_inside_a_stripped_brain(snr, rician):
    volume, mask, sigma = phantom(), labels() > 0, WM / snr
    stripped = noisy(volume, sigma, rician=rician).data * mask
    assert measure_noise(volume.with_data(stripped), mask).sigma == pytest.approx(sigma, rel=0.1)


def test_head_outside_the_mask_does_not_count_as_noise():
    volume, inner = phantom(), labels() > 1
    for rician in (False, True):
        assert measure_noise(noisy(volume, 5, rician=rician), inner).sigma == pytest.approx(5, rel=0.05)


def test_snr_is_tissue_mean_over_noise():
    maps = TissueMaps.from_labels(labels())
    snr = measure_snr(noisy(phantom(), 5), maps, labels() > 0)
    assert (snr.wm, snr.gm) == pytest.approx((WM / 5, GM / 5), rel=0.05)
    assert (snr.wm_mean, snr.gm_mean) == pytest.approx((WM, GM), rel=0.01)
    assert snr.ratio == pytest.approx(WM / GM, rel=0.01)


def test_snr_takes_a_given_noise_level():
    assert measure_snr(phantom(), TissueMaps.from_labels(labels()), labels() > 0, sigma=2).wm == pytest.approx(50)


def test_snr_needs_noise_and_pure_tissue_on_the_same_grid():
    volume, mask = phantom(), labels() > 0
    maps = TissueMaps.from_labels(labels())
    with pytest.raises(InputError, match="standard deviation 0"):
        measure_snr(volume, maps, mask)
    with pytest.raises(InputError, match="0 voxels of pure grey matter"):
        measure_snr(volume, TissueMaps.from_labels(np.where(mask, 3, 0)), mask, sigma=1)
    with pytest.raises(InputError, match="must share a grid"):
        measure_snr(volume, TissueMaps.from_labels(np.zeros((2, 2, 2))), mask, sigma=1)


@pytest.mark.data
@pytest.mark.parametrize(("subject", "stripped"), [("stripped01", True), ("ms07", True), ("head01", False)])
def test_real_scans_are_classified_as_stripped_or_whole(scan, subject, stripped):
    assert is_stripped(scan(subject)) == stripped


@pytest.mark.data
def test_whole_head_on_zeroed_background_is_not_stripped(scan):
    assert not is_stripped(scan("colin27"))


@pytest.mark.data
def test_mask_of_a_thick_slice_scan_follows_permuted_and_flipped_axes(scan):
    volume = scan("lowfield64mT")
    mask = brain_mask(volume)
    assert 1.3 < mask.sum() * np.prod(volume.spacing) * 1e-6 < 1.7
    turn = np.zeros((4, 4))  # new (i, j, k) = old (last - k, i, j)
    turn[[2, 0, 1, 3], [0, 1, 2, 3]] = -1, 1, 1, 1
    turn[2, 3] = volume.shape[2] - 1
    turned = Volume(volume.data.transpose(2, 0, 1)[::-1], volume.affine @ turn)
    assert dice(brain_mask(turned)[::-1].transpose(1, 2, 0), mask) > 0.999


@pytest.mark.data
def test_maps_of_a_real_brain_agree_with_its_labels(scan):
    volume, given = scan("head01"), scan("head01", "dseg").data
    maps = segment(volume, given > 0, rng=rng())
    assert dice(maps.gm > 0.5, given == 2) > 0.85
    assert dice(maps.wm > 0.5, given == 3) > 0.85


@pytest.mark.data
@pytest.mark.parametrize("snr", [9, 60])
def test_noise_added_to_a_real_stripped_brain_is_measured(scan, snr):
    """White noise far above what interpolation left of the brain's own, of which nothing can be told."""
    volume = scan("stripped01")
    mask, sigma = volume.data > 0, 1560 / snr
    assert measure_noise(volume, mask).sigma is None
    measured = measure_noise(volume.with_data(noisy(volume, sigma).data * mask), mask).sigma
    assert measured == pytest.approx(sigma, rel=0.1)
