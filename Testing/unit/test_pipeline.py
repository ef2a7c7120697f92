"""An enhanced volume lies where the scan lies, in the scan's units, and is changed in the brain only."""

import importlib
import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import CancelledError, InputError
from IQTLib.events import Reporter
from IQTLib.image.axis import upsample_slices
from IQTLib.image.examined import Examined
from IQTLib.image.noise import ScanNoise
from IQTLib.image.volume import Volume, read_mask, write
from IQTLib.methods.base import LowField, Run
from IQTLib.models.store import Model, load
from IQTLib.physics.acquisition import SliceProfile
from IQTLib.physics.simulation import simulate
from IQTLib.pipeline import enhance
from phantom import labels, phantom, world
from scipy.ndimage import distance_transform_edt
from test_volume import affines

FACTOR = 4
CUBIC = load("cubic")


@pytest.fixture(scope="module")
def model():
    method = tiny.srep()
    return Model(tiny.card(method), method)


@pytest.fixture(scope="module")
def scan(phantom_brain):
    """The phantom with slices 8 mm apart, noise in the air, and its brain mask."""
    rng = np.random.default_rng(3)
    pair = simulate(phantom_brain.volume, phantom_brain.maps, snr=(60, 50), rng=rng)
    return pair.low, pair.contrast > 0.5


def ramp(volume, origin):
    """Linear in the world and 20 at `origin`."""
    return (world(volume) - origin) @ (0.011, -0.02, 0.015) + 20


def ramp_volume(affine, shape):
    volume = Volume(np.zeros(shape), affine)
    return volume.with_data(ramp(volume, volume.affine[:3, 3]))


@st.composite
def thick_scans(draw):
    """Affine, shape and slice axis: any orientation, voxels in plane 0.82 to 1.2 times a quarter of the spacing."""
    affine, axis = draw(affines()).copy(), draw(st.sampled_from((0, 1, 2)))
    thick = draw(st.floats(3, 8))
    spacing = np.array([draw(st.floats(0.82, 1.2)) * thick / FACTOR for _ in range(3)])
    spacing[axis] = thick
    affine[:3, :3] *= spacing / np.linalg.norm(affine[:3, :3], axis=0)
    return affine, draw(st.tuples(*[st.integers(6, 11)] * 3)), axis


@pytest.mark.parametrize("grid", ["model", "isotropic"])
def test_memory_that_a_result_takes_is_asked_for_before_and_not_exceeded(scan, model, monkeypatch, grid):
    asked = []
    importlib.import_module("scipy.interpolate")  # else its code counts as memory of the result
    monkeypatch.setattr("IQTLib.pipeline.check_memory", lambda needed, purpose: asked.append((needed, purpose)))
    tracemalloc.start()
    try:
        enhance(scan[0], model=CUBIC, mask=scan[1], output_grid=grid)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    [(needed, purpose)] = asked
    assert peak < needed
    assert purpose == "a result of 72 x 84 x 68 voxels"


def test_a_result_that_memory_does_not_hold_is_refused(scan, monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=8e6))
    with pytest.raises(InputError, match=r"a result of 72 x 84 x 68 voxels needs about 13\.2 MB"):
        enhance(scan[0], model=CUBIC, mask=scan[1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_voxels_that_are_no_intensities_are_refused_as_such(scan, bad):
    data = scan[0].data.copy()
    data[0, 0, 0] = bad
    with pytest.raises(InputError, match=r"NaN or infinite|too wide"):
        enhance(scan[0].with_data(data), model=CUBIC)


def test_options_of_a_loaded_model_are_refused(scan):
    with pytest.raises(InputError, match="is loaded: give the options to"):
        enhance(scan[0], model=CUBIC, options={"kind": "linear"})


# Where the result lies


@given(thick_scans())
@settings(max_examples=40, deadline=None)
def test_every_fourth_slice_of_the_result_is_a_measured_one(case):
    """Slice-centre geometry: voxel (i, j, 4 k) of the result is voxel (i, j, k) of the scan, to 1e-4 mm."""
    *grid, axis = case
    volume = ramp_volume(*grid)
    result = enhance(volume, model=CUBIC, slice_axis=axis).volume
    assert result.shape == tuple(n * FACTOR if a == axis else n for a, n in enumerate(volume.shape))
    every = tuple(slice(None, None, FACTOR if a == axis else 1) for a in range(3))
    np.testing.assert_allclose(world(result)[every], world(volume), atol=1e-4)
    np.testing.assert_allclose(result.data[every], volume.data, rtol=1e-5)


@given(thick_scans())
@settings(max_examples=40, deadline=None)
def test_a_volume_linear_in_the_world_stays_the_same_function(case):
    """Up to the last slice: beyond it nothing was measured, and a second spline rings a little at that bend."""
    *grid, axis = case
    volume = ramp_volume(*grid)
    for output_grid, margin in (("model", 0), ("isotropic", 1)):
        result = enhance(volume, model=CUBIC, slice_axis=axis, output_grid=output_grid).volume
        in_scan = (world(result) - volume.affine[:3, 3]) @ np.linalg.inv(volume.affine[:3, :3]).T
        last = np.array(volume.shape) - 1
        last[axis] -= margin
        inside = (in_scan < last + 1e-6).all(-1)
        assert inside.sum() > 0.5 * np.prod(last) * FACTOR
        np.testing.assert_allclose(result.data[inside], ramp(result, volume.affine[:3, 3])[inside], rtol=1e-5)


@given(thick_scans())
@settings(max_examples=30, deadline=None)
def test_isotropic_grid_is_cubic_and_spans_the_scan_in_plane(case):
    *grid, axis = case
    volume = ramp_volume(*grid)
    result = enhance(volume, model=CUBIC, slice_axis=axis, output_grid="isotropic").volume
    plane = [a for a in range(3) if a != axis]
    size = min(volume.spacing[a] for a in plane)
    assert result.spacing == pytest.approx((size,) * 3)
    np.testing.assert_allclose(result.affine[:3, 3], volume.affine[:3, 3], atol=1e-4)
    for a in plane:
        assert result.shape[a] * size == pytest.approx(volume.shape[a] * volume.spacing[a], abs=size / 2 + 1e-6)


@given(thick_scans(), st.sampled_from(["model", "isotropic"]))
@settings(max_examples=30, deadline=None)
def test_axes_keep_their_order_and_direction(case, output_grid):
    *grid, axis = case
    volume = ramp_volume(*grid)
    result = enhance(volume, model=CUBIC, slice_axis=axis, output_grid=output_grid).volume
    for a in range(3):
        np.testing.assert_allclose(
            result.affine[:3, a] / result.spacing[a], volume.affine[:3, a] / volume.spacing[a], atol=1e-6
        )


def test_voxels_in_plane_far_from_the_models_size_are_resampled_about_the_same_centre():
    """0.5 mm voxels, slices 4 mm apart: the model's voxels are 1 mm, half as many."""
    volume = ramp_volume(np.diag([-0.5, 0.5, 4.0, 1.0]), (40, 60, 10))
    result = enhance(volume, model=CUBIC).volume
    assert result.shape == (20, 30, 40)
    assert result.spacing == pytest.approx((1, 1, 1))
    centre, other = (v.affine @ [*(np.array(v.shape[:2]) - 1) / 2, 0, 1] for v in (volume, result))
    np.testing.assert_allclose(centre, other, atol=1e-6)
    core = (slice(3, -3), slice(3, -3), slice(0, 37))  # away from the border, which the blur against aliasing bends
    np.testing.assert_allclose(result.data[core], ramp(result, 0)[core], rtol=1e-5)


def test_slices_are_those_of_the_largest_spacing_unless_another_axis_is_named():
    volume = Volume(np.random.default_rng(0).random((12, 13, 14)), np.diag([3.0, 1.0, 4.0, 1.0]))
    assert enhance(volume, model=CUBIC).volume.spacing[2] == pytest.approx(1)
    result = enhance(volume, model=CUBIC, slice_axis=0).volume
    assert result.shape[0] == 48
    assert result.spacing[0] == pytest.approx(0.75)


# Units


@pytest.mark.parametrize("gain", [4.0, 2.0**-10])
def test_a_scanners_gain_goes_through(scan, model, gain):
    """Powers of two are exact in floating point, so not even a choice of atoms changes."""
    low, mask = scan
    plain = enhance(low, model=model, mask=mask).volume.data
    scaled = enhance(low.with_data(gain * low.data), model=model, mask=mask).volume.data
    np.testing.assert_allclose(scaled, gain * plain, rtol=1e-5)


def test_the_mean_of_the_brain_stays(scan, model):
    low, mask = scan
    result = enhance(low, model=model, mask=mask).volume
    high_mask = upsample_slices(mask.astype(np.float32), FACTOR, "linear") > 0.5
    assert result.data[high_mask].mean() == pytest.approx(low.data[mask].mean(), rel=0.02)


@pytest.mark.parametrize("normalisation", ["none", "brain-mean", "n4-brain-mean"])
def test_normalisation_is_undone_in_the_result(scan, normalisation):
    low, mask = scan
    field = LowField.normalised(
        low, mask, noise=ScanNoise(1.0), profile=SliceProfile(3, 1), normalisation=normalisation
    )
    if normalisation != "none":
        assert field.data[mask].mean(dtype=float) == pytest.approx(1, rel=1e-5)
    back = field.restore_units(upsample_slices(field.data, FACTOR))
    np.testing.assert_allclose(back[..., ::FACTOR], low.data, rtol=1e-4, atol=1e-4)


def test_the_bias_field_can_be_taken_out(scan, model):
    low, mask = scan
    field = np.exp(np.linspace(-0.25, 0.25, low.shape[0]))[:, None, None]
    uneven = low.with_data((low.data * field).astype(np.float32))
    kept, even = (enhance(uneven, model=model, mask=mask, remove_bias=on).volume for on in (False, True))
    white = upsample_slices((low.data > 0.9 * np.percentile(low.data, 95)).astype(np.float32), FACTOR, "linear") > 0.99
    spread = [volume.data[white].std() / volume.data[white].mean() for volume in (kept, even)]
    assert spread[1] < 0.6 * spread[0]
    np.testing.assert_array_equal(even.affine, kept.affine)
    assert np.isfinite(even.data).all()
    with pytest.raises(InputError, match="finds no brain"):
        enhance(uneven, model=CUBIC, remove_bias=True)


def test_a_scan_returned_unchanged_but_for_its_bias_field_says_so(scan, model):
    low, mask = scan
    cubes = Volume(low.data, np.diag([1.0, 1, 1, 1]))
    for on in (False, True):
        told = " ".join(map(str, enhance(cubes, model=model, mask=mask, remove_bias=on).warnings))
        assert "returned unchanged" in told
        assert ("bias field was taken out of it" in told) == on


# Inside and outside the brain


def test_far_from_the_brain_the_scan_is_only_interpolated(scan, model):
    """The seam is a Gaussian of 1.5 voxels, cut at 4 of them: 6 voxels in each direction."""
    low, mask = scan
    result = enhance(low, model=model, mask=mask).volume.data
    plain = enhance(low, model=CUBIC).volume.data
    brain = upsample_slices(mask.astype(np.float32), FACTOR, "linear") > 0.5
    far = distance_transform_edt(~brain) > 6 * np.sqrt(3)
    assert far.mean() > 0.1
    np.testing.assert_allclose(result[far], plain[far], atol=1e-3)
    assert np.abs(result - plain)[brain].mean() > 0.1


def test_the_brain_of_a_stripped_scan_is_found(model):
    volume, tissue = phantom(), labels()[..., ::FACTOR]
    thick = Volume(volume.data[..., ::FACTOR], volume.affine @ np.diag([1, 1, FACTOR, 1]))
    seen = []
    found = enhance(thick, model=model, run=Run(report=Reporter(seen.append))).volume
    given = enhance(thick, model=model, mask=tissue).volume
    np.testing.assert_array_equal(found.data, given.data)
    assert "finding the brain" in [event.message for event in seen]
    assert not found.data[0].any()


def test_interpolation_needs_no_brain():
    """Noise without anything in it, in which none could be found."""
    volume = Volume(np.random.default_rng(0).random((20, 20, 8)), np.diag([1.0, 1.0, 4.0, 1.0]))
    assert enhance(volume, model=CUBIC).volume.shape == (20, 20, 32)


# What is wrong or odd with the input


def test_an_isotropic_volume_comes_back_unchanged_with_a_warning(model):
    volume, seen = phantom(), []
    result = enhance(volume, model=model, run=Run(report=Reporter(seen.append)))
    np.testing.assert_array_equal(result.volume.data, volume.data)
    np.testing.assert_array_equal(result.volume.affine, volume.affine)
    *_, warning = result.warnings  # before it: a phantom is no brain
    assert "nothing to restore" in warning
    assert [event.message for event in seen if event.kind == "warning"] == list(result.warnings)


def test_a_resampled_scan_with_nothing_to_restore_comes_back_on_its_own_voxels(model, monkeypatch):
    """Not on those that the scanner sampled, which are examined."""
    sampled, volume = phantom(), phantom()
    finer = Volume(np.repeat(volume.data, 2, axis=0), volume.affine @ np.diag([0.5, 1, 1, 1]))
    monkeypatch.setattr(
        "IQTLib.pipeline.Examined.of", lambda *_: Examined(sampled, sampled.data > 0, sampled.spacing, ("resampled",))
    )
    result = enhance(finer, model=model, mask=finer.data > 0)
    assert result.volume is finer
    assert "nothing to restore" in result.warnings[-1]


@pytest.mark.parametrize("name", ["cubic", "tiny"])
@pytest.mark.parametrize(("mask", "says"), [(np.ones((3, 4, 5)), "differ in shape"), (0, "mask is empty")])
def test_masks_that_do_not_fit_are_refused(scan, model, name, mask, says):
    low, _ = scan
    mask = np.zeros(low.shape) if np.isscalar(mask) else mask
    with pytest.raises(InputError, match=says):
        enhance(low, model=CUBIC if name == "cubic" else model, mask=mask)


def test_a_mask_file_of_ones_is_accepted_and_one_of_zeros_or_on_another_grid_is_not(scan, tmp_path):
    low, mask = scan
    write(low.with_data(np.ones(low.shape)), tmp_path / "ones.nii")
    assert read_mask(tmp_path / "ones.nii", low).all()
    chances = np.linspace(0, 0.8, low.data.size, dtype=np.float32).reshape(low.shape)
    write(low.with_data(chances), tmp_path / "chances.nii")
    assert read_mask(tmp_path / "chances.nii", low).mean() == pytest.approx(0.5, abs=0.01)
    write(low.with_data(np.arange(low.data.size).reshape(low.shape) % 4), tmp_path / "labels.nii")
    assert read_mask(tmp_path / "labels.nii", low).mean() == pytest.approx(0.75, abs=0.01)
    write(low.with_data(np.zeros(low.shape)), tmp_path / "zeros.nii")
    with pytest.raises(InputError, match=r"zeros.nii is empty"):
        read_mask(tmp_path / "zeros.nii", low)
    write(Volume(mask, low.affine @ np.diag([1, 1, 1.1, 1])), tmp_path / "elsewhere.nii")
    with pytest.raises(InputError, match="is not on the grid"):
        read_mask(tmp_path / "elsewhere.nii", low)


def test_a_volume_smaller_than_a_patch_is_refused(model):
    """Two voxels along i, and patches of three."""
    volume = Volume(np.random.default_rng(0).random((2, 30, 10)) + 1, np.diag([2.0, 2.0, 8.0, 1.0]))
    with pytest.raises(InputError, match="2 x 30 x 40 voxels is smaller than a patch of 3"):
        enhance(volume, model=model, mask=np.ones(volume.shape))


@pytest.mark.parametrize(("spacing", "warned"), [(3.6, "0.90 mm voxels"), (8.0, None), (12.0, "3.00 mm voxels")])
def test_slices_that_the_model_was_not_trained_for_are_warned_of(model, spacing, warned):
    """The model knows voxels of 1 to 2.5 mm, that is slices of 4 to 10 mm."""
    volume = Volume(np.random.default_rng(0).random((16, 16, 8)) + 0.5, np.diag([2.0, 2.0, spacing, 1.0]))
    warnings = enhance(volume, model=model, mask=np.ones(volume.shape)).warnings
    spacing_warnings = [warning for warning in warnings if "the slice spacing gives" in warning]
    assert spacing_warnings == [] if warned is None else warned in spacing_warnings[0]
    assert enhance(volume, model=CUBIC).warnings == ()


@pytest.mark.parametrize("wrong", [{"slice_axis": 3}, {"output_grid": "finest"}, {"options": {"stride": 9}}])
def test_wrong_options_are_refused(scan, tmp_path, wrong):
    folder = tiny.saved(tmp_path / "tiny")
    with pytest.raises(InputError):
        enhance(scan[0], model=folder, mask=scan[1], **wrong)


@pytest.mark.parametrize("name", ["cubic", "tiny"])
def test_cancelling_stops_before_the_work(scan, model, name):
    with pytest.raises(CancelledError):
        enhance(scan[0], model=CUBIC if name == "cubic" else model, run=Run(report=Reporter(cancelled=lambda: True)))


def test_cancelling_stops_in_the_middle_of_the_work(scan, model):
    seen = []
    report = Reporter(seen.append, lambda: any(event.message == "sparse coding" for event in seen))
    with pytest.raises(CancelledError):
        enhance(scan[0], model=model, mask=scan[1], run=Run(report=report))
    assert (seen[-1].done, seen[-1].total > 0) == (0, True)


def test_a_model_that_weakened_lesions_in_its_tests_says_so_with_every_result(model, scan):
    low, mask = scan
    card = replace(model.card, lesions={"diameters": [4.0, 10.0], "bright": [0.1, 0.6], "dark": [1.0, 1.2]})
    assert any(
        "10 to 60 % of the contrast of bright" in told
        for told in enhance(low, model=Model(card, model.method), mask=mask).warnings
    )
    assert not any("lesions" in told for told in enhance(low, model=model, mask=mask).warnings)
