"""Several scans at once: of the scene, and of a folder; one that fails stops no other, Cancel keeps what is done."""

import sys
from pathlib import Path

import numpy as np
import pytest
import slicer
import slicer.util
from IQTEnhanceLib.Errors import EnhanceError, StoppedError
from IQTEnhanceLib.Folder import RESULTS
from IQTEnhanceLib.Progress import BatchProgress
from IQTLib.image.volume import Volume, read, write

sys.path.append(str(Path(__file__).parents[1] / "unit"))
from test_volume import dicom_affine, dicom_series

CUBIC = {"model": "cubic", "device": "cpu"}
AFFINE = np.diag([1.0, 1.0, 4.0, 1.0])


@pytest.fixture
def folder(tmp_path):
    """Two volumes in a folder of their own each, a text, labels, and a DICOM series."""
    folder = tmp_path / "scans"
    for number, name in enumerate(("a/T1.nii.gz", "b/T1.nii.gz", "b/T1_mask.nii.gz")):
        data = np.random.default_rng(number).uniform(1, 2, (8, 9, 6)).astype(np.float32)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(Volume(data, AFFINE), folder / name)
    (folder / "broken.nii").write_text("no volume")
    dicom_series(folder / "study")
    return folder


def test_every_scan_of_a_folder_has_its_result_beside_it(quick_logic, folder, temporary):
    results = quick_logic.processFolder(folder, **CUBIC)
    written = sorted(path.relative_to(folder / RESULTS) for path in (folder / RESULTS).rglob("*.nii.gz"))
    assert [str(path.parent) for path in written] == ["a", "b", "study"]
    assert {result.outputVolume for result in results} == {folder / RESULTS / path for path in written}
    assert all(path.name.endswith("_cubic.nii.gz") for path in written)
    series = read(folder / RESULTS / written[2])
    axes, theirs = (affine[:3, 2] / np.linalg.norm(affine[:3, 2]) for affine in (series.affine, dicom_affine()))
    np.testing.assert_allclose(axes, theirs, atol=1e-4)
    assert series.shape[2] == 4 * 6
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 0
    assert list(temporary.iterdir()) == []


def test_results_are_not_taken_for_scans_nor_replaced(quick_logic, folder):
    first = quick_logic.processFolder(folder, **CUBIC)
    before = [result.outputVolume.read_bytes() for result in first]
    again = quick_logic.processFolder(folder, **CUBIC)
    assert len(again) == len(first) == 3
    assert all("already exists" in str(result.error) for result in again)
    assert [result.outputVolume.read_bytes() for result in first] == before


def test_a_file_that_fails_stops_no_other(quick_logic, folder):
    scans = quick_logic.scansIn(folder)
    (folder / "a" / "T1.nii.gz").unlink()
    results = quick_logic.processFolder(folder, scans, **CUBIC)
    assert [result.error is None for result in results] == [False, True, True]
    assert "no such file" in str(results[0].error)


def test_a_folder_without_scans_is_said(quick_logic, tmp_path):
    with pytest.raises(EnhanceError, match="contains no scan"):
        quick_logic.processFolder(tmp_path, **CUBIC)
    with pytest.raises(EnhanceError, match="is not a folder"):
        quick_logic.scansIn(tmp_path / "nowhere")


def test_cancel_keeps_what_is_finished(quick_logic, a_volume, wait_until):
    volumes, told = [a_volume(name) for name in "ABC"], []

    def onResult(number, result):
        told.append((number, result.error))
        if number == 0:
            run.cancel("Stopped by the user")

    run = quick_logic.process(volumes, **CUBIC, waitForCompletion=False, onResult=onResult)
    wait_until(lambda: run.finished)
    assert [result.outputVolume and result.outputVolume.GetName() for result in run.results] == [
        "A IQT-interpolated",
        None,
        None,
    ]
    assert [number for number, _error in told] == [0, 1, 2]
    assert all(isinstance(error, StoppedError) for _number, error in told[1:])
    assert slicer.util.getNode("A IQT-interpolated") is not None


def test_a_closed_scene_ends_its_own_volumes_only(quick_logic, folder, wait_until):
    run = quick_logic.processFolder(folder, **CUBIC, waitForCompletion=False)
    slicer.mrmlScene.Clear()
    wait_until(lambda: run.finished)
    assert all(result.error is None for result in run.results)


def event(done: int, total: int, left: float | None = None) -> dict:
    return {"kind": "progress", "message": "network", "done": done, "total": total, "seconds_left": left}


def test_time_left_of_several_counts_those_that_wait():
    now = [0.0]
    progress = BatchProgress(3, clock=lambda: now[0])
    assert (progress.done, progress.secondsLeft) == (0.0, None)
    progress.take(event(0, 10))
    now[0] = 10.0
    progress.take(event(5, 10, 10.0))
    assert progress.currentLeft == 10.0
    assert progress.secondsLeft == pytest.approx(10 + 2 * 20)
    now[0] = 20.0
    progress.end(succeeded=True)
    assert progress.done == pytest.approx(1 / 3)
    assert progress.secondsLeft == pytest.approx(2 * 20)
    progress.end(succeeded=False)  # one that failed at once says nothing of the others' time
    assert progress.secondsLeft == pytest.approx(20)
