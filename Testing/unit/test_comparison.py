"""An enhanced volume beside its scan and the truth, each wherever it lies."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.evaluation.comparison import compare, difference, onto, write_difference
from IQTLib.events import Reporter
from IQTLib.image.metrics import evaluate
from IQTLib.image.volume import Volume, write
from scipy.spatial.transform import Rotation

TO_HIGH = np.diag([1, 1, 0.25, 1])


def ramp(affine, shape, slope=(2.0, -3.0, 5.0)) -> Volume:
    """A volume whose voxels are a linear function of their place in the world."""
    index = np.stack([*np.indices(shape), np.ones(shape)], axis=-1)
    world = index @ np.asarray(affine).T
    return Volume(world[..., :3] @ slope, affine)


@given(st.integers(0, 2**32 - 1))
def test_a_ramp_in_the_world_is_the_same_on_every_grid(seed):
    rng = np.random.default_rng(seed)
    affines = []
    for _ in range(2):
        affine = np.eye(4)
        affine[:3, :3] = Rotation.random(random_state=int(rng.integers(2**31))).as_matrix() * rng.uniform(0.5, 3, 3)
        affine[:3, 3] = rng.uniform(-5, 5, 3)
        affines.append(affine)
    volume, grid = ramp(affines[0], (9, 8, 7)), ramp(affines[1], (6, 7, 8))
    found, inside = onto(volume, grid)
    index = np.stack([*np.indices(grid.shape), np.ones(grid.shape)], axis=-1)
    place = (index @ (np.linalg.inv(affines[0]) @ affines[1]).T)[..., :3]
    between = ((place >= 0) & (place <= np.array(volume.shape) - 1)).all(-1)
    np.testing.assert_allclose(found[between], grid.data[between], atol=1e-3)
    assert (inside == ((place >= -0.5) & (place <= np.array(volume.shape) - 0.5)).all(-1)).mean() > 0.99


@pytest.fixture
def scan():
    return Volume(np.random.default_rng(0).uniform(50, 100, (24, 26, 6)), np.diag([1.0, 1.0, 4.0, 1.0]))


@pytest.fixture
def enhanced(scan):
    return Volume(np.repeat(scan.data, 4, axis=2), scan.affine @ TO_HIGH)


def test_difference_is_enhanced_minus_scan_where_the_scan_measured(scan, enhanced):
    change = difference(scan, enhanced.with_data(enhanced.data + 7))
    np.testing.assert_allclose(change.data[..., ::4], 7, atol=1e-4)  # the measured slices
    assert (change.data[..., 23] == 0).all()  # more than half a slice beyond the last of them
    np.testing.assert_array_equal(change.affine, enhanced.affine)


def test_difference_of_volumes_that_do_not_overlap_is_refused(scan, enhanced):
    far = Volume(enhanced.data, np.diag([1, 1, 1, 1.0]) + np.eye(4, k=3) * 500)
    with pytest.raises(InputError, match="do not overlap"):
        difference(scan, far)


def test_both_are_scored_on_the_same_voxels(scan, enhanced):
    truth = enhanced.with_data(enhanced.data * 1.1)
    scores = compare(truth, scan, enhanced)
    covered = onto(scan, enhanced)[1]
    assert scores["enhanced"] == evaluate(truth.data, enhanced.data, covered)
    assert scores["scan"] == evaluate(truth.data, onto(scan, enhanced)[0], covered)


def test_a_mask_on_another_grid_is_taken(scan, enhanced):
    mask = np.zeros(scan.shape)
    mask[4:20, 4:20] = 3
    scores = compare(enhanced, scan, enhanced, scan.with_data(mask))
    assert scores["enhanced"].nrmse_mean == 0 < scores["scan"].nrmse_mean


def test_volumes_that_do_not_meet_are_refused(scan, enhanced):
    away = scan.affine.copy()
    away[:3, 3] = 1000
    with pytest.raises(InputError, match="do not overlap"):
        compare(Volume(scan.data, away), scan, enhanced)


def test_volumes_that_hardly_meet_are_doubted(scan, enhanced, tmp_path):
    told = []
    for name, shift in (("near", 2), ("far", 0.7 * enhanced.shape[0])):
        moved = np.eye(4)
        moved[0, 3] = shift
        write(scan, tmp_path / "scan.nii", overwrite=True)
        write(Volume(enhanced.data, moved @ enhanced.affine), tmp_path / f"{name}.nii")
        report = Reporter(lambda event: told.append(event.message) if event.kind == "warning" else None)
        write_difference(tmp_path / "scan.nii", tmp_path / f"{name}.nii", tmp_path / f"{name}-d.nii", report=report)
    assert len(told) == 1
    assert "of the enhanced volume lies inside scan.nii: is it of another head or place?" in told[0]


def test_the_commands(scan, enhanced, tmp_path):
    from IQTLib.cli import app
    from typer.testing import CliRunner

    files = {name: tmp_path / f"{name}.nii" for name in ("truth", "scan", "enhanced", "change")}
    write(enhanced.with_data(enhanced.data * 1.1), files["truth"])
    write(scan, files["scan"])
    write(enhanced, files["enhanced"])
    run = CliRunner().invoke
    told = run(app, ["compare", *map(str, [files["truth"], files["scan"], files["enhanced"]]), "--json-events"])
    result = json.loads(told.stdout.splitlines()[-1])["data"]
    assert result["scan"]["nrmse_mean"] > 0 < result["enhanced"]["nrmse_mean"]
    told = run(app, ["difference", *map(str, [files["scan"], files["enhanced"], files["change"]]), "--json-events"])
    result = json.loads(told.stdout.splitlines()[-1])["data"]
    assert result["deviation"] > 0
    assert files["change"].is_file()
