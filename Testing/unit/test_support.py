"""The support map: what a result invents or loses shows, and a change of contrast or a smooth field does not."""

import json

import numpy as np
import pytest
from IQTLib.cli import app
from IQTLib.errors import ExistsError, InputError, OutputError
from IQTLib.evaluation.hallucination import hallucination_rate, new_spots, patch_correlations
from IQTLib.image.noise import ScanNoise
from IQTLib.image.volume import Volume, read, write
from IQTLib.physics.support import LIMIT, degraded, support
from scipy import ndimage
from typer.testing import CliRunner

SHAPE, WIDTH, SIGMA = (48, 48, 48), (2.0, 2.0, 4.0), 2.0
PLACE = (20, 24, 24)


@pytest.fixture(scope="module")
def fine() -> Volume:
    rng = np.random.default_rng(8)
    data = 100 + 25 * sum(_field(rng, size) for size in (1.5, 3, 6))
    return Volume(data.astype(np.float32), np.eye(4))


def _field(rng, size: float) -> np.ndarray:
    field = ndimage.gaussian_filter(rng.standard_normal(SHAPE), size)
    return field / field.std()


@pytest.fixture(scope="module")
def scan(fine) -> Volume:
    affine = np.diag([2.0, 2.0, 4.0, 1.0])
    affine[:3, 3] = 0.5, 0.5, 1.5
    grid = Volume(np.zeros((24, 24, 12), np.float32), affine)
    clean = degraded(fine, grid, WIDTH)
    return grid.with_data((clean + np.random.default_rng(9).normal(0, SIGMA, clean.shape)).astype(np.float32))


def look(enhanced: Volume, scan: Volume, noise: ScanNoise = ScanNoise(SIGMA)):  # noqa: B008 - frozen
    return support(enhanced, scan, np.ones(scan.shape, bool), noise=noise, width=WIDTH)


def with_blob(volume: Volume, height: float, radius: float = 4) -> Volume:
    i, j, k = np.ogrid[tuple(slice(n) for n in volume.shape)]
    distance = np.sqrt((i - PLACE[0]) ** 2 + (j - PLACE[1]) ** 2 + (k - PLACE[2]) ** 2)
    return volume.with_data(volume.data + np.float32(height) * (distance < radius))


def test_the_truth_is_supported(fine, scan):
    found = look(fine, scan)
    assert found.unsupported < 0.01
    assert 0.5 < found.volume.data.std() < 1.3  # in standard deviations of the noise
    np.testing.assert_array_equal(found.volume.affine, scan.affine)


def test_a_volume_elsewhere_or_of_another_head_has_no_map(fine, scan):
    far = Volume(fine.data, fine.affine + np.array([[0, 0, 0, 1000], [0] * 4, [0] * 4, [0] * 4]))
    with pytest.raises(InputError, match="does not lie where"):
        look(far, scan)
    with pytest.raises(InputError, match="does not show the scan"):
        look(fine.with_data(np.ascontiguousarray(fine.data[::-1, ::-1])), scan)


@pytest.mark.parametrize("height", [60.0, -60.0])
def test_a_blob_that_is_not_in_the_scan_is_found_where_it_is(fine, scan, height):
    found = look(with_blob(fine, height), scan)
    place = np.unravel_index(np.abs(found.volume.data).argmax(), scan.shape)
    world = scan.affine @ [*place, 1]
    assert np.linalg.norm(world[:3] - PLACE) < 5
    assert np.sign(found.volume.data[place]) == np.sign(height)
    assert abs(found.volume.data[place]) > 2 * LIMIT


def test_another_contrast_and_a_smooth_field_are_no_structure(fine, scan):
    field = 1 + 0.2 * np.cos(np.arange(SHAPE[0]) / 25)[:, None, None]
    other = fine.with_data((np.maximum(fine.data, 1) ** 0.8 * field).astype(np.float32))
    assert look(other, scan).unsupported < 0.05
    assert look(fine.with_data(300 - fine.data), scan).unsupported < 0.01


def test_unknown_noise_takes_the_spread_of_the_differences(fine, scan):
    assert look(fine, scan, ScanNoise(None, reason="unknown")).unsupported < 0.02


def test_a_turned_volume_and_an_empty_mask_are_refused(fine, scan):
    with pytest.raises(InputError, match="rotated relative to the scan"):
        look(Volume(fine.data, fine.affine[[1, 0, 2, 3]]), scan)
    with pytest.raises(InputError, match="mask is empty"):
        support(fine, scan, np.zeros(scan.shape, bool), noise=ScanNoise(1.0), width=WIDTH)


@pytest.fixture
def files(fine, scan, tmp_path):
    """Writes scan, fine and mask, and gives the path of any name."""
    volumes = {"scan": scan, "fine": fine, "mask": scan.with_data(np.ones(scan.shape))}
    for name, volume in volumes.items():
        write(volume, tmp_path / f"{name}.nii")
    return lambda name: str(tmp_path / f"{name}.nii")


def test_the_command_writes_the_map_on_the_grid_of_the_scan_and_replaces_nothing(files, scan):
    arguments = ["support", files("scan"), files("fine"), files("map"), "--mask", files("mask"), "--json-events"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert 0 <= json.loads(done.output.splitlines()[-1])["data"]["unsupported"] <= 1
    assert read(files("map")).shape == scan.shape
    refused = CliRunner().invoke(app, arguments)
    assert isinstance(refused.exception, ExistsError)


def test_enhance_writes_it_beside_the_result(files, scan, tmp_path):
    arguments = ["enhance", files("scan"), files("out"), "--model", "wiener", "--support", "--mask", files("mask")]
    done = CliRunner().invoke(app, [*arguments, "--json-events"])
    assert done.exit_code == 0, done.output
    assert 0 <= json.loads(done.output.splitlines()[-1])["data"]["unsupported"] < 0.3
    assert read(files("out_support")).shape == scan.shape
    (tmp_path / "out.nii").unlink()
    refused = CliRunner().invoke(app, arguments)  # the map of another result is in the way
    assert isinstance(refused.exception, ExistsError)
    assert not (tmp_path / "out.nii").exists()


def test_a_result_that_cannot_be_compared_is_written_without_a_map(files, tmp_path, monkeypatch):
    def refusing(*_, **__):
        raise InputError("they show different things")

    arguments = ["enhance", files("scan"), files("out"), "--model", "cubic", "--support", "--mask", files("mask")]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert {path.name for path in tmp_path.glob("out*")} == {"out.nii", "out_support.nii"}
    monkeypatch.setattr("IQTLib.app.enhance.support_of", refusing)
    told = CliRunner().invoke(app, [*arguments, "--overwrite"])
    assert told.exit_code == 0, told.output
    assert "no support map: they show different things" in " ".join(told.output.split())
    assert {path.name for path in tmp_path.glob("out*")} == {"out.nii"}


def test_a_given_mask_is_that_of_the_map_also_where_the_model_needs_none(files, monkeypatch):
    monkeypatch.setattr("IQTLib.app.support.find_brain", lambda *_: pytest.fail("the brain was given"))
    arguments = ["enhance", files("scan"), files("out"), "--model", "cubic", "--support", "--mask", files("mask")]
    assert CliRunner().invoke(app, arguments).exit_code == 0


@pytest.mark.parametrize("command", ["support", "difference"])
def test_a_wrong_ending_is_refused_before_the_volumes_are_read(command, tmp_path):
    arguments = [command, str(tmp_path / "absent.nii"), str(tmp_path / "absent.nii"), str(tmp_path / "map.txt")]
    refused = CliRunner().invoke(app, arguments).exception
    assert isinstance(refused, OutputError)
    assert "cannot write this kind of file" in str(refused)


def test_hallucinations_are_counted_where_they_are_and_blur_is_none(fine):
    mask = np.ones(SHAPE, bool)
    assert hallucination_rate(fine.data, fine, mask) == 0
    blurred = ndimage.gaussian_filter(fine.data, 1.5)
    assert hallucination_rate(3 * blurred + 7, fine, mask) == 0
    invented = with_blob(fine.with_data(blurred), 300).data
    low = [place for place, value in patch_correlations(invented, fine, mask) if value < 0.5]
    assert low
    assert all(part.start <= at < part.stop for place in low for part, at in zip(place, PLACE, strict=True))
    foreign = ndimage.gaussian_filter(np.random.default_rng(1).standard_normal(SHAPE), 2)
    assert hallucination_rate(foreign, fine, mask) > 0.8
    with pytest.raises(InputError, match="no patch"):
        hallucination_rate(fine.data, fine, np.zeros(SHAPE, bool))


def test_new_spots_are_counted_but_not_those_of_the_truth(fine):
    white = np.ones(SHAPE, bool)
    white[0] = white[-1] = False
    truth = fine.with_data(ndimage.gaussian_filter(fine.data, 2))
    ill = with_blob(truth, 60)
    assert new_spots(truth.data, truth, white, white) == 0
    assert new_spots(ill.data, truth, white, white) == 1
    assert new_spots(with_blob(truth, -60).data, truth, white, white) == 1
    assert new_spots(3 * ill.data + 7, ill, white, white) == 0
    assert new_spots(ill.data, truth, white, np.zeros(SHAPE, bool)) == 0
