"""`IQTEnhanceLogic.process` on a real scene, with the work in a real process."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import slicer
import slicer.util
from IQTEnhanceLib.Checks import affineOf
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Jobs import modalityEnding
from IQTEnhanceLib.Output import inputOf
from IQTLib import pipeline
from IQTLib.image.volume import Volume
from IQTLib.models.store import read_card
from scenery import oblique
from test_volume import dicom_series

HIGH_STEP = np.diag([1, 1, 0.25, 1])  # of the model's grid: four slices for each


def test_result_is_that_of_the_library_on_its_own_exact_grid(logic, a_volume, a_mask):
    volume = a_volume()
    mask = a_mask(volume)
    result = logic.process(volume, model="tiny", mask=mask)
    array = slicer.util.arrayFromVolume(volume)
    inside = slicer.util.arrayFromVolume(mask).T
    expected = pipeline.enhance(Volume(array.T, oblique()), model="tiny", mask=inside).volume
    found = slicer.util.arrayFromVolume(result.outputVolume)
    assert found.shape == (4 * array.shape[0], *array.shape[1:])
    np.testing.assert_allclose(found.T, expected.data, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(affineOf(result.outputVolume), oblique() @ HIGH_STEP, rtol=0, atol=1e-9)
    assert (result.error, result.model) == (None, str(read_folder(logic)))
    assert {"method", "total"} <= set(result.seconds)


def read_folder(logic):
    return logic.catalogue().models["tiny"].folder


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float64])
def test_every_voxel_type_goes_in(quick_logic, a_volume, dtype):
    volume = a_volume(dtype=dtype)
    result = quick_logic.process(volume, model="linear", device="cpu")
    out = slicer.util.arrayFromVolume(result.outputVolume)
    np.testing.assert_allclose(out[::4], slicer.util.arrayFromVolume(volume), rtol=1e-5)


def test_a_transformed_volume_keeps_its_transform(quick_logic, a_volume):
    volume = a_volume()
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moved = np.eye(4)
    moved[:3, 3] = 10, -20, 30
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(moved))
    volume.SetAndObserveTransformNodeID(transform.GetID())
    output = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    assert output.GetTransformNodeID() == transform.GetID()
    np.testing.assert_allclose(affineOf(output), oblique() @ HIGH_STEP, atol=1e-9)


def test_output_lies_beside_the_input_and_looks_alike(quick_logic, a_volume):
    volume = a_volume()
    volume.GetScalarVolumeDisplayNode().SetAutoWindowLevel(False)
    volume.GetScalarVolumeDisplayNode().SetWindowLevel(123, 77)
    volume.SetAttribute("DICOM.instanceUIDs", "1.2.3 1.2.4")
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), "study")
    hierarchy.CreateItem(study, volume)
    output = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    assert output.GetName() == "T1 IQT-interpolated"
    assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(output)) == study
    display = output.GetScalarVolumeDisplayNode()
    assert (display.GetAutoWindowLevel(), display.GetWindow(), display.GetLevel()) == (0, 123, 77)
    assert output.GetAttribute("DICOM.instanceUIDs") is None


def test_output_records_its_origin(quick_logic, a_volume, a_mask, models):
    volume = a_volume()
    output = quick_logic.process(volume, model="tiny", mask=a_mask(volume), options={"stride": 3}).outputVolume
    assert output.GetAttribute("IQT.model") == "tiny"
    assert output.GetAttribute("IQT.method") == "srep"
    assert output.GetAttribute("IQT.sha256") == read_card(models / "tiny").sha256
    assert json.loads(output.GetAttribute("IQT.parameters"))["stride"] == 3
    assert output.GetAttribute("IQT.version")
    assert output.GetAttribute("IQT.date").startswith("20")
    assert inputOf(output) is volume


def test_a_chosen_output_is_overwritten_and_no_other_made(quick_logic, a_volume):
    volume, chosen = a_volume(), a_volume("chosen", shape=(3, 4, 5))
    chosen.SetAttribute("DICOM.instanceUIDs", "1.2.3")
    count = slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode")
    assert quick_logic.process(volume, chosen, model="cubic", device="cpu").outputVolume is chosen
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == count
    assert chosen.GetImageData().GetDimensions() == (24, 26, 48)
    assert chosen.GetAttribute("DICOM.instanceUIDs") is None


@pytest.mark.parametrize(
    ("former", "renamed"),
    [("T1 IQT-UNet", True), ("T1 IQT-UNet_1", True), ("T2 IQT-interpolated", True), ("mine", False)],
)
def test_a_name_of_another_task_is_not_kept(quick_logic, a_volume, former, renamed):
    volume, chosen = a_volume(), a_volume(former)
    quick_logic.process(volume, chosen, model="cubic", device="cpu")
    assert chosen.GetName() == ("T1 IQT-interpolated" if renamed else former)


def test_an_output_of_the_same_work_keeps_its_name(quick_logic, a_volume):
    volume, chosen = a_volume(), a_volume("T1 IQT-interpolated_2")
    quick_logic.process(volume, chosen, model="cubic", device="cpu")
    assert chosen.GetName() == "T1 IQT-interpolated_2"


def test_several_volumes_and_one_of_them_bad(quick_logic, a_volume):
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")
    results = quick_logic.process([a_volume("A"), empty, a_volume("B")], method="interpolation", device="cpu")
    assert [result.outputVolume and result.outputVolume.GetName() for result in results] == [
        "A IQT-interpolated",
        None,
        "B IQT-interpolated",
    ]
    assert "empty has no voxels" in str(results[1].error)


def test_isotropic_grid_and_slice_axis_reach_the_worker(quick_logic, a_volume):
    thin = a_volume(matrix=np.diag([2.0, 1.0, 4.0, 1.0]))
    output = quick_logic.process(thin, model="cubic", device="cpu", outputGrid="isotropic").outputVolume
    assert output.GetSpacing() == pytest.approx((1, 1, 1), abs=0.01)
    across_i = quick_logic.process(thin, model="cubic", device="cpu", sliceAxis="i").outputVolume
    assert across_i.GetImageData().GetDimensions()[0] == 4 * 24


def test_an_isotropic_volume_comes_back_with_a_warning(quick_logic, a_volume):
    result = quick_logic.process(a_volume(matrix=np.eye(4)), model="cubic", device="cpu")
    assert "nothing to restore" in result.warnings[0]


def test_a_reference_gives_metrics(quick_logic, a_volume):
    volume = a_volume(shape=(24, 26, 24))
    perfect = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    metrics = quick_logic.process(volume, model="cubic", device="cpu", referenceVolume=perfect).metrics
    assert metrics["nrmse_mean"] == pytest.approx(0, abs=1e-6)
    assert metrics["ssim"] == pytest.approx(1)


def test_table_of_scores_compares_input_and_output(quick_logic, a_volume):
    volume = a_volume(shape=(24, 26, 24))
    truth = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    output = quick_logic.process(volume, model="nearest", device="cpu").outputVolume
    table = quick_logic.measure(output, volume, truth)
    names = [table.GetColumnName(number) for number in range(table.GetNumberOfColumns())]
    assert names == ["Measure", volume.GetName(), output.GetName()]
    linear, nearest = (float(table.GetCellText(0, column)) for column in (1, 2))
    assert 0 < linear < nearest  # Slicer's linear interpolation of the input is nearer to cubic than nearest is


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"model": "nothing-of-the-kind"}, "There is no model 'nothing-of-the-kind'"),
        ({"method": "magic"}, "There is no model of method 'magic'"),
        ({"model": "cubic", "method": "srep"}, "The model cubic is for interpolation, not for srep"),
        ({"model": "tiny", "options": {"colour": 1}}, "tiny has no option colour"),
        ({"model": "cubic", "device": "abacus"}, "abacus"),
    ],
)
def test_wrong_requests_are_refused_with_a_remedy(quick_logic, a_volume, temporary, arguments, reason):
    with pytest.raises(EnhanceError, match=reason) as refusal:
        quick_logic.process(a_volume(), **arguments)
    assert refusal.value.remedy
    assert list(temporary.iterdir()) == []


def test_a_mask_on_another_grid_is_refused(quick_logic, a_volume, a_mask):
    volume = a_volume()
    other = a_mask(a_volume("other", matrix=np.diag([1.0, 1.0, 4.0, 1.0])))
    with pytest.raises(EnhanceError, match="is not on the grid of T1"):
        quick_logic.process(volume, model="tiny", mask=other)


def test_the_input_is_never_its_own_output(quick_logic, a_volume):
    volume = a_volume()
    with pytest.raises(EnhanceError, match="The output is the input volume"):
        quick_logic.process(volume, volume, model="cubic", device="cpu")


@pytest.mark.parametrize(("name", "ending"), [("Ax T2 FLAIR", "_FLAIR"), ("MRHead", "")])
def test_the_worker_receives_what_the_nodes_name_states(a_volume, name, ending):
    assert modalityEnding(a_volume(name)) == ending


def test_the_worker_receives_what_the_dicom_files_state(a_volume, tmp_path, monkeypatch):
    timing = {"ScanningSequence": ["SE", "IR"], "RepetitionTime": 9000, "EchoTime": 120, "InversionTime": 2500}
    dicom_series(tmp_path, SeriesDescription="AX", **timing)
    files = {"1.2": str(tmp_path / "im000"), "1.3": str(tmp_path / "gone"), "1.4": ""}
    monkeypatch.setattr(slicer, "dicomDatabase", SimpleNamespace(fileForInstance=files.get), raising=False)
    for uid, ending in (("1.2", "_FLAIR"), ("1.3", ""), ("1.4", "")):
        volume = a_volume(f"5: AX {uid}")
        volume.SetAttribute("DICOM.instanceUIDs", f"{uid} 9.9")
        assert modalityEnding(volume) == ending
