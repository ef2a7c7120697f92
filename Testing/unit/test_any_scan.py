"""Restoring any scan: geometry of every grid, units, what lies outside the brain, and when there is nothing to do."""

from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from IQTLib import pipeline
from IQTLib.errors import InputError, ModelError
from IQTLib.events import Reporter
from IQTLib.image.brain import offset_doubt
from IQTLib.image.noise import ScanNoise
from IQTLib.image.noise_estimate import measure_noise
from IQTLib.image.volume import Volume
from IQTLib.methods.any_scan import restored, sharp_already
from IQTLib.methods.base import Run
from IQTLib.methods.networks.restore.method import Restore, RestoreSettings
from IQTLib.methods.wiener import Wiener
from IQTLib.models.store import load
from IQTLib.physics.fine_scan import FineScan
from IQTLib.pipeline import enhance
from scipy import ndimage
from scipy.spatial.transform import Rotation


class Interpolating(Restore):
    """A restoration that adds nothing."""

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        return np.stack([scan.data] * 3)


def oblique(shape, spacing, seed=0) -> Volume:
    """A ramp along the world's axes on an oblique grid: any error of geometry changes its values."""
    rng = np.random.default_rng(seed)
    affine = np.eye(4)
    affine[:3, :3] = Rotation.random(random_state=int(rng.integers(2**31))).as_matrix() * spacing
    affine[:3, 3] = rng.uniform(-50, 50, 3)
    volume = Volume(np.zeros(shape, np.float32), affine)
    return volume.with_data(ramp(volume))


def ramp(volume: Volume) -> np.ndarray:
    i, j, k = np.indices(volume.shape)
    world = np.einsum("ab,b...->a...", volume.affine[:3], np.stack([i, j, k, np.ones_like(i)]))
    return (1000 + np.tensordot([1.0, -2.0, 0.5], world, axes=1)).astype(np.float32)


@given(order=st.permutations([(9, 1.6), (12, 1.2), (5, 5.0)]), seed=st.integers(0, 1000), scan_voxels=st.booleans())
def test_every_voxel_keeps_its_position(order, seed, scan_voxels):
    shape, spacing = zip(*order, strict=True)
    volume = oblique(shape, np.array(spacing), seed)
    result = restored(
        volume,
        np.ones(shape, bool),
        Interpolating(),
        noise=ScanNoise(0.0),
        width=tuple(spacing),
        scan_voxels=scan_voxels,
        run=Run(),
    ).volume
    inside = (slice(3, -3),) * 3  # outside the outermost centres the edge value is repeated
    np.testing.assert_allclose(result.data[inside], ramp(result)[inside], rtol=2e-4)
    np.testing.assert_allclose(result.spacing, [1.0] * 3)
    edges = [np.array(v.shape) * v.spacing for v in (volume, result)]
    assert (edges[1] >= edges[0] - 0.02).all()
    assert (edges[1] < edges[0] + 1.0).all()
    centres = [v.affine @ [*(np.array(v.shape) - 1) / 2, 1] for v in (volume, result)]
    np.testing.assert_allclose(*centres, atol=1e-9)


def test_fine_scans_get_fine_voxels_and_can_keep_their_own_size():
    volume = oblique((40, 40, 6), np.array([0.45, 0.45, 5.0]))
    results = [
        restored(
            volume, np.ones(volume.shape, bool), Interpolating(), noise=ScanNoise(None), width=volume.spacing,
            scan_voxels=own, run=Run(),
        ).volume
        for own in (False, True)
    ]  # fmt: skip
    np.testing.assert_allclose(results[0].spacing, [0.7] * 3)
    np.testing.assert_allclose(results[1].spacing, [0.45] * 3)


def test_rounding_errors_of_an_affine_do_not_shift_the_grid():
    """A grid shifted by half a voxel made a lattice of a real scan's finest detail."""
    spacing = np.array([0.8125000019059272, 0.8124999758288742, 6.0])
    volume = oblique((227, 204, 5), spacing)
    result = restored(
        volume, np.ones(volume.shape, bool), Interpolating(), noise=ScanNoise(None), width=tuple(spacing),
        scan_voxels=False, run=Run(),
    ).volume  # fmt: skip
    assert result.shape[:2] == volume.shape[:2]
    np.testing.assert_allclose((np.linalg.inv(volume.affine) @ result.affine)[:2, 3], 0, atol=1e-4)


def small(**settings) -> Restore:
    method = Restore(RestoreSettings(channels=(4, 4, 4), blocks=(1, 1, 1), **settings))
    torch.manual_seed(0)
    _ = method.network
    return method


def test_the_result_keeps_units_and_leaves_the_surroundings():
    rng = np.random.default_rng(1)
    mask = np.zeros((24, 24, 8), bool)
    mask[8:16, 8:16, 3:5] = True
    volume = Volume((500 + 50 * rng.standard_normal(mask.shape)).astype(np.float32), np.diag([1.5, 1.5, 4.0, 1]))
    kwargs = {"noise": ScanNoise(50.0), "width": volume.spacing, "scan_voxels": False, "run": Run()}
    plain = restored(volume, mask, Interpolating(), **kwargs).volume
    result = restored(volume, mask, small(), **kwargs).volume
    assert result.data[15:20, 15:20, 14:18].mean() == pytest.approx(500, rel=0.1)
    np.testing.assert_array_equal(result.data[:4], plain.data[:4])


def test_consistency_moves_the_result_towards_the_scan():
    rng = np.random.default_rng(2)
    scan = (1 + 0.3 * rng.standard_normal((16, 16, 6))).astype(np.float32)
    fine = FineScan.of(
        scan, np.ones(scan.shape, bool), step=np.array([1, 1, 0.25]), width=np.array([1, 1, 4.0]), noise=0.02
    )
    misfits = []
    for share in (0.0, 1.0):
        estimate = small(consistency=share).restore_scan(fine, Run())[0]
        misfits.append(np.abs(fine.sampling.forward(estimate) - fine.scan).mean())
    assert misfits[1] < 0.6 * misfits[0]  # noise of 0.02 is followed as one of 0.03


def test_a_sharp_quiet_scan_is_named_as_such():
    volume = oblique((20, 20, 20), np.array([1.0, 1.0, 1.0]))
    mask = np.ones(volume.shape, bool)
    assert "nothing to restore" in sharp_already(volume, mask, ScanNoise(1.0), (1.0, 1.0, 1.1))
    assert sharp_already(volume, mask, ScanNoise(100.0), (1.0, 1.0, 1.1)) is None
    assert sharp_already(volume, mask, ScanNoise(1.0), (1.0, 1.0, 5.0)) is None
    assert sharp_already(volume, mask, ScanNoise(None), (1.0, 1.0, 1.0)) is None


def test_a_brain_without_signal_is_refused():
    volume = Volume(np.zeros((8, 8, 8), np.float32), np.eye(4))
    with pytest.raises(InputError, match="mean intensity inside the brain is 0"):
        restored(
            volume, np.ones(volume.shape, bool), small(), noise=ScanNoise(0.0), width=(2, 2, 2), scan_voxels=False,
            run=Run(),
        )  # fmt: skip


def noisy_ball(spacing, *, resampled=False, noise=0.08, seed=3):
    """A ball with a core as truth on 1 mm voxels, and a blurred, sampled, noisy scan of it with its mask."""
    truth = np.zeros((64, 64, 64), np.float32)
    radius = np.sqrt(((np.indices(truth.shape) - 31.5) ** 2).sum(0))
    truth[radius < 28], truth[radius < 18] = 0.6, 1.0
    truth = ndimage.gaussian_filter(truth, 0.6)
    low = ndimage.gaussian_filter(truth, np.sqrt(np.maximum(np.square(spacing) - 1, 0)) / 2.355)
    counts = tuple(int(63 / s) + 1 for s in spacing)
    rng = np.random.default_rng(seed)
    low = ndimage.affine_transform(low, spacing, output_shape=counts, order=3)
    low = (low + noise * rng.standard_normal(counts)).astype(np.float32)
    inside = ndimage.affine_transform((radius < 28).astype(np.float32), spacing, output_shape=counts, order=1) > 0.5
    return Volume(truth, np.eye(4)), Volume(100 * low, np.diag([*spacing, 1.0])), inside


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (1.5, 1.5, 4.0), (4.0, 1.5, 1.5), (2.0, 2.0, 2.0)])
def test_wiener_is_nearer_to_the_truth_than_interpolation(spacing):
    truth, scan, mask = noisy_ball(np.array(spacing))
    kwargs = {"noise": ScanNoise(8.0), "width": spacing, "scan_voxels": False, "run": Run()}
    errors = []
    for method in (Interpolating(), Wiener()):
        result = restored(scan, mask, method, **kwargs).volume
        where = np.linalg.inv(result.affine)
        estimate = ndimage.affine_transform(result.data, where[:3, :3], where[:3, 3], truth.shape, order=3) / 100
        core = (slice(8, 56),) * 3
        errors.append(np.sqrt(np.mean((estimate - truth.data)[core] ** 2)))
    assert errors[1] < 0.95 * errors[0]


def test_enhance_takes_scans_that_the_papers_methods_return_unchanged():
    _, scan, mask = noisy_ball(np.array((1.0, 1.0, 1.0)))
    unchanged = enhance(scan, mask=mask, model="cubic")
    result = enhance(scan, mask=mask, model="wiener")
    assert any("nothing to restore" in warning for warning in unchanged.warnings)
    assert not any("nothing to restore" in warning for warning in result.warnings)
    deep = ndimage.binary_erosion(mask, iterations=14)
    assert result.volume.data[deep].std() < 0.6 * scan.data[deep].std()
    assert result.volume.data[deep].mean() == pytest.approx(scan.data[deep].mean(), rel=0.01)
    np.testing.assert_allclose(result.resolution, scan.spacing)


def test_strength_chooses_between_smooth_and_sharp():
    _, scan, mask = noisy_ball(np.array((1.0, 1.0, 1.0)))
    deep = ndimage.binary_erosion(mask, iterations=14)
    left = [
        enhance(scan, mask=mask, model="wiener", options={"strength": strength}).volume.data[deep].std()
        for strength in (0.3, 1.0, 3.0)
    ]
    assert left[0] > 1.3 * left[1] > 1.3 * left[2]
    with pytest.raises(InputError, match="strength"):
        enhance(scan, mask=mask, model="wiener", options={"strength": 0})


def test_voxels_larger_than_the_scans_are_told():
    volume, told = oblique((40, 40, 6), np.array([0.45, 0.45, 5.0])), []
    for own in (False, True):
        restored(
            volume, np.ones(volume.shape, bool), Interpolating(), noise=ScanNoise(None), width=volume.spacing,
            scan_voxels=own, run=Run(report=Reporter(told.append)),
        )  # fmt: skip
    assert [event.message for event in told if "0.45 mm" in event.message] == [
        "the result has voxels of 0.7 mm, the scan 0.45 mm: for these choose the output grid isotropic"
    ]


@pytest.mark.filterwarnings("error")
def test_negative_intensities_are_told_before_anything_fails():
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)))
    lowered = scan.with_data(scan.data - 2 * scan.data.max())
    assert "make 0 mean no signal" in offset_doubt(lowered.data, mask)
    with pytest.raises(InputError, match="a scan in which 0 is no signal"):
        enhance(lowered, mask=mask, model="wiener")


def test_an_offset_that_hides_the_contrast_is_reported():
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)))
    assert offset_doubt(scan.data, mask) is None
    raised = scan.with_data(scan.data + 100 * scan.data.max())
    assert "subtract the offset" in offset_doubt(raised.data, mask)
    assert any("subtract the offset" in told for told in pipeline._brain(raised, mask, load("wiener"), Run()).doubts)


@pytest.mark.parametrize("fault", ["copied voxels", "offset", "resolution"])
def test_a_result_that_does_not_show_the_scan_is_refused(fault):
    """It was noise in the brain, and nothing said so."""
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)), noise=0.004)
    resolution = None
    if fault == "copied voxels":
        data = scan.data.repeat(4, axis=2).repeat(2, axis=0).repeat(2, axis=1)
        scan, mask = Volume(data, np.diag([0.75, 0.75, 1, 1])), mask.repeat(4, 2).repeat(2, 0).repeat(2, 1)
        resolution = (1.5, 1.5, 4.0)
    if fault == "offset":
        scan = scan.with_data(scan.data + 10_000 * scan.data.max())
    if fault == "resolution":
        resolution = (6.0, 6.0, 20.0)
    with pytest.raises(InputError, match="the result does not resemble the scan"):
        enhance(scan, mask=mask, model="wiener", resolution=resolution)


def test_a_given_resolution_is_taken():
    _, scan, mask = noisy_ball(np.array((1.0, 1.0, 1.0)))
    result = enhance(scan, mask=mask, model="wiener", resolution=(1.5, 1.5, 3.0))
    assert result.resolution == (1.5, 1.5, 3.0)
    assert not np.array_equal(result.volume.data, enhance(scan, mask=mask, model="wiener").volume.data)


def test_a_resolution_finer_than_the_voxels_is_doubted():
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)))
    found = enhance(scan, mask=mask, model="wiener", resolution=(1.5, 4.0, 1.5))
    assert [told for told in found.warnings if "resolution" in told] == [
        "1.5 mm are stated as resolution along k, but voxels are 4 mm: name i, j, k in turn"
    ]
    told = enhance(scan, mask=mask, model="wiener", resolution=(1.5, 1.5, 3.0)).warnings
    assert not any("resolution" in each for each in told)


@pytest.mark.parametrize("resolution", [(1, 2), (1, 2, 0), (1, 2, -1), (1, 2, np.nan), (1, 2, 900), (1, 2, 41)])
def test_senseless_resolutions_are_refused(resolution):
    _, scan, mask = noisy_ball(np.array((2.0, 2.0, 2.0)))
    with pytest.raises(InputError, match="width of the point spread along i, j and k"):
        enhance(scan, mask=mask, model="wiener", resolution=resolution)


def test_methods_of_the_paper_take_no_resolution():
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)))
    with pytest.raises(InputError, match="does not use a resolution"):
        enhance(scan, mask=mask, model="cubic", resolution=(1, 1, 4))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        *(
            ({"resolution": wrong}, "give the width")
            for wrong in (5, "1.6", "1,1,4", (1, 1, None), (1, 1), ("a", 1, 1))
        ),
        *(({"slice_axis": wrong}, "choose 0, 1 or 2") for wrong in (3, -1, "k", 1.5)),
        ({"model": None}, "model 'None': give"),
        ({"model": b"cubic"}, "cubic.*: give a loaded model"),
        ({"run": Run("nonsense")}, "choose auto, cpu"),
        pytest.param({"run": Run("cuda:99")}, "no CUDA device|does not exist", id="device"),
    ],
)
def test_what_a_program_gives_wrongly_is_refused_in_words(given, says):
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)))
    with pytest.raises((InputError, ModelError), match=says):
        enhance(scan, **({"mask": mask, "model": "wiener"} | given))


@pytest.mark.parametrize(
    ("model", "axis", "unused"), [("wiener", 2, ["slice axis"]), ("wiener", None, []), ("cubic", 2, ["brain mask"])]
)
def test_what_a_model_does_not_use_is_told(model, axis, unused):
    _, scan, mask = noisy_ball(np.array((1.5, 1.5, 4.0)))
    warnings = enhance(scan, mask=mask, model=model, slice_axis=axis).warnings
    told = [text.partition(" does not use the ")[2] for text in warnings if text.startswith(f"model {model} ")]
    assert [text.partition(":")[0] for text in told] == unused


def test_a_fine_grid_that_memory_does_not_hold_is_refused(monkeypatch):
    volume = oblique((20, 20, 5), np.array([1.2, 1.2, 5]))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=4e5))
    with pytest.raises(InputError, match="a grid of 24 x 24 x 25 voxels needs about 461 kB of memory"):
        restored(
            volume,
            np.ones(volume.shape, bool),
            Interpolating(),
            noise=ScanNoise(0.0),
            width=(1.2, 1.2, 5.0),
            scan_voxels=False,
            run=Run(),
        )


def test_noise_that_thick_slices_share_is_anatomy():
    """Correlation across slices 5 mm apart: no scanner's noise does that, so its size cannot be told."""
    rng = np.random.default_rng(6)
    texture = ndimage.gaussian_filter(rng.standard_normal((48, 48, 40)), (1.2, 1.2, 1.2))
    volume = Volume((1000 + 400 * texture).astype(np.float32), np.diag([1.6, 1.6, 5.0, 1.0]))
    fine = Volume(volume.data, np.diag([0.7, 0.7, 0.7, 1.0]))  # where it may come from an interpolation
    mask = np.ones(volume.shape, bool)
    assert measure_noise(fine, mask).sigma is not None
    assert measure_noise(volume, mask).sigma is None
