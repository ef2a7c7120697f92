"""What the training module takes from a scene and puts into it: volumes with tissues, previews, charts, tables."""

import re

import numpy as np
import pytest
import slicer
import slicer.util
import vtk
from IQTEnhanceLib.Checks import affineOf
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Sentences import SENTENCES
from IQTLib.app.simulate import SimulationRecipe, simulate_folder
from IQTLib.image.volume import read
from IQTLib.training.validation import write_slice
from IQTTrainingLib.Charts import LiveNodes, fillTable, scoreColumns
from IQTTrainingLib.Plan import SimulationPlan
from IQTTrainingLib.Scans import TISSUE_ROLE, sceneScans, tissueLabels
from surrogate import pair


def test_volumes_are_prepared_with_their_labels_and_own_geometry(training, nodes, tmp_path, monkeypatch):
    made = nodes(2)
    moved = slicer.util.vtkMatrixFromArray(np.array([[0, -1, 0, 5], [1, 0, 0, -7], [0, 0, 1, 9], [0, 0, 0, 1.0]]))
    for node in made[0]:
        node.SetIJKToRASMatrix(moved)
    facts = training.prepare(made, folder=tmp_path / "training")
    assert [(one["person"], one["tissue"], one["problem"]) for one in facts] == [
        ("p0", "labels", ""),
        ("p1", "labels", ""),
    ]
    volume = read(facts[0]["path"])
    np.testing.assert_allclose(volume.affine, affineOf(made[0][0]), atol=1e-5)
    np.testing.assert_allclose(volume.data, slicer.util.arrayFromVolume(made[0][0]).T, rtol=1e-5)
    assert sorted(one["person"] for one in training.facts(tmp_path / "training")) == ["p0", "p1"]
    monkeypatch.setitem(SENTENCES, "no-snr", "RSB inconnu")
    assert [one["warnings"] for one in training.facts(tmp_path / "training")] == [["RSB inconnu"]] * 2


def test_the_second_check_of_unchanged_volumes_does_nothing(training, nodes, tmp_path):
    made = nodes(1)
    [first] = training.prepare(made, folder=tmp_path / "training")
    before = path_time(first)
    training.prepare(made, folder=tmp_path / "training")
    assert path_time(first) == before
    slicer.util.arrayFromVolume(made[0][0])[20, 18, 18] += 1
    training.prepare(made, folder=tmp_path / "training")
    assert path_time(first) != before


def path_time(facts) -> int:
    from pathlib import Path

    return Path(facts["path"]).stat().st_mtime_ns


def test_tissues_set_in_the_scene_are_found_again(nodes):
    [(volume, labels)] = nodes(1)
    volume.SetNodeReferenceID(TISSUE_ROLE, labels.GetID())
    assert sceneScans([volume])[0].tissue is labels


def test_segments_become_tissues_by_their_names(nodes):
    [(volume, labels)] = nodes(1)
    expected = slicer.util.arrayFromVolume(labels)
    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "brain")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    for label, name in ((1, "CSF"), (2, "Grey matter"), (3, "white matter"), (0, "Scalp")):
        add_segment(segmentation, volume, expected == label, name)
    np.testing.assert_array_equal(tissueLabels(volume, segmentation), expected)
    segmentation.GetSegmentation().RemoveSegment(segmentation.GetSegmentation().GetNthSegmentID(2))
    with pytest.raises(EnhanceError, match="no segments of grey and white matter") as refusal:
        tissueLabels(volume, segmentation)
    assert "Name its segments" in refusal.value.remedy


def add_segment(segmentation, volume, inside, name: str) -> None:
    """A segment of the voxels `inside` (k, j, i) on the volume's grid."""
    from vtk.util.numpy_support import numpy_to_vtk

    image = slicer.vtkOrientedImageData()
    image.SetDimensions(volume.GetImageData().GetDimensions())
    image.GetPointData().SetScalars(numpy_to_vtk(inside.astype(np.uint8).ravel(), deep=True))
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    image.SetImageToWorldMatrix(matrix)
    segment = slicer.vtkSegment()
    segment.SetName(name)
    segment.AddRepresentation("Binary labelmap", image)
    segmentation.GetSegmentation().AddSegment(segment)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda volume, labels: slicer.util.arrayFromVolume(labels).fill(7), "holds the label 7"),
        (lambda volume, labels: labels.SetSpacing(2, 2, 2), "is not on the grid"),
        (lambda volume, labels: volume.SetAndObserveImageData(None), "has no voxels"),
    ],
)
def test_volumes_and_labels_that_do_not_fit_are_refused(training, nodes, tmp_path, spoil, reason):
    [(volume, labels)] = nodes(1)
    spoil(volume, labels)
    with pytest.raises(EnhanceError, match=reason) as refusal:
        training.prepare([(volume, labels)], folder=tmp_path / "training")
    assert refusal.value.remedy


def test_two_volumes_of_one_name_are_refused(training, nodes, tmp_path):
    made = nodes(2)
    made[1][0].SetName("sub-p0_T1w")
    with pytest.raises(EnhanceError, match="Two volumes are called sub-p0"):
        training.prepare(made, folder=tmp_path / "training")


def test_names_of_volumes_do_not_leave_the_scene(nodes):
    [(one, _), (other, _)] = nodes(2)
    one.SetName("Doe_Jane_19500101")
    other.SetName("DoeJane19500101")
    people = [scan.person for scan in sceneScans([one, other])]
    assert len(set(people)) == 2
    assert all(re.fullmatch(r"anon[0-9a-f]{10}", person) for person in people)


def test_preview_is_what_the_library_simulates(training, nodes, tmp_path):
    made = nodes(1)
    [facts] = training.prepare(made, folder=tmp_path / "training")
    plan = SimulationPlan(preset="50,42,2,2,0.5", sliceAxis="i", thickness=2, gap=1, noise="rician", seed=4)
    before = slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode")
    job = training.preview(facts["path"], plan, original=made[0][0])
    recipe = SimulationRecipe("50,42,2,2,0.5", factor=3, gap=1, slice_axis=0, noise="rician", seed=4)
    from pathlib import Path

    [low] = simulate_folder(Path(facts["path"]), tmp_path / "expected", recipe, truth=False)
    np.testing.assert_allclose(slicer.util.arrayFromVolume(job.volume).T, read(low).data, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(affineOf(job.volume), read(low).affine, atol=1e-5)
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == before + 1
    assert job.asked == pytest.approx((50, 42), abs=8)


def test_live_nodes_follow_a_training_and_survive_their_removal(scene, tmp_path):
    nodes = LiveNodes("IQT mine")
    truth = pair((28, 32, 28))
    path = tmp_path / "validation.nii"
    write_slice(truth, truth.high, path)
    curves = {"loss": {1: 0.5, 2: 0.25}, "nrmse_mean": {2: 0.2}, "ssim": {2: 0.9}}
    nodes.update(curves, str(path))
    table = nodes.loss.node.GetNthPlotSeriesNode(0).GetTableNode()
    np.testing.assert_allclose(slicer.util.arrayFromTableColumn(table, "loss"), [0.5, 0.25])
    scan, estimate, high = np.split(slicer.util.arrayFromVolume(nodes.slice)[0], 3, axis=1)
    np.testing.assert_allclose(high, truth.high[14].T, rtol=1e-5)
    np.testing.assert_allclose(estimate, high)
    assert len(np.unique(scan, axis=0)) == 7  # slices, repeated to their place
    slicer.mrmlScene.RemoveNode(nodes.loss.node)
    nodes.update(curves | {"loss": {1: 0.5, 2: 0.25, 3: 0.1}}, str(path))
    assert nodes.loss.node.GetNthPlotSeriesNode(0).GetTableNode().GetNumberOfRows() == 3


def test_scores_are_laid_beside_those_of_interpolation(scene):
    base = {"set": "InD1", "units": "as is", "metric": "nrmse_mean", "people": 3}
    rows = [
        base | {"model": "cubic", "mean": 0.2, "ratio": 1.0, "interval": [1, 1]},
        base | {"model": "mine", "mean": 0.1, "ratio": 0.5, "interval": [0.4, 0.6]},
    ]
    table = fillTable("test", scoreColumns(rows))
    cells = [table.GetCellText(0, column) for column in range(table.GetNumberOfColumns())]
    assert cells == ["InD1", "as is", "NRMSE", "0.2", "0.1", "0.5", "0.400 to 0.600", "3"]
