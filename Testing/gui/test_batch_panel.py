"""The section Several scans: a table with state, time left and result of each, from the scene or from a folder."""

from pathlib import Path

import numpy as np
import pytest
import qt
import slicer
import slicer.util
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Tables import isTicked
from IQTLib.image.volume import Volume, write

STATE, LEFT, RESULT, STUDY, WHAT = range(1, 6)


@pytest.fixture
def a_batch(a_panel, a_volume):
    """Opens the panel with the section open, on two volumes of one study, one of another, and one without voxels."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    studies = [hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), name) for name in ("Monday", "Friday")]
    for name, study in (("A", 0), ("B", 1), ("C", 0)):
        hierarchy.CreateItem(studies[study], a_volume(name))
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")
    return opened(a_panel)


def opened(a_panel):
    panel = a_panel()
    panel.ui.methodComboBox.setCurrentIndex(panel.modelPanel._methods.index("interpolation"))
    panel.ui.batchCollapsibleButton.setCollapsed(False)
    return panel


def cells(panel, column: int) -> list[str]:
    table = panel.ui.batchTable
    return [table.item(row, column).text() for row in range(table.rowCount())]


def ticked(panel) -> list[str]:
    table = panel.ui.batchTable
    return [table.item(row, 0).text() for row in range(table.rowCount()) if isTicked(table, row)]


def finished(panel, wait_until) -> None:
    panel.ui.batchApplyButton.click()
    wait_until(lambda: not panel.batchPanel.running)


def test_volumes_are_listed_with_study_and_suitability(a_batch):
    assert cells(a_batch, 0) == ["empty", "B", "A", "C"]
    assert cells(a_batch, STUDY) == ["", "Friday", "Monday", "Monday"]
    assert cells(a_batch, STATE)[0] == "Cannot be used"
    assert "24 x 26 x 12 voxels of 1.00 x 1.00 x 4.00 mm" in cells(a_batch, WHAT)
    assert ticked(a_batch) == ["B", "A", "C"]
    assert a_batch.ui.batchApplyButton.text() == "Enhance 3 scans"


def test_a_whole_study_is_ticked_at_once(a_batch):
    a_batch.ui.batchTable.selectRow(3)
    a_batch.ui.batchStudyButton.click()
    assert ticked(a_batch) == ["A", "C"]
    a_batch.ui.batchNoneButton.click()
    assert not a_batch.ui.batchApplyButton.isEnabled()
    assert "Tick the scans" in a_batch.ui.batchStatusLabel.text()


def test_results_lie_in_the_study_of_their_scans(a_batch, wait_until):
    finished(a_batch, wait_until)
    assert cells(a_batch, STATE)[1:] == ["Done", "Done", "Done"]
    assert cells(a_batch, RESULT)[1] == "B IQT-interpolated"
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = hierarchy.GetItemByDataNode(slicer.util.getNode("B IQT-interpolated"))
    assert hierarchy.GetItemName(hierarchy.GetItemParent(item)) == "Friday"
    assert ticked(a_batch) == []  # nobody wants them twice
    assert "3 of 3 scans are done" in a_batch.ui.batchStatusLabel.text()
    a_batch.batchPanel.refresh()
    assert cells(a_batch, 0) == ["empty", "B", "A", "C"]  # results are not offered as scans


def test_one_that_fails_stops_no_other_and_says_why(a_batch, wait_until):
    bad = slicer.util.getNode("A")
    slicer.util.arrayFromVolume(bad)[:] = np.nan
    finished(a_batch, wait_until)
    assert cells(a_batch, STATE)[1:] == ["Done", "Failed", "Done"]
    assert "NaN" in cells(a_batch, RESULT)[2]
    assert "2 of 3 scans are done, 1 failed" in a_batch.ui.batchStatusLabel.text()


def test_cancel_stops_all_and_keeps_what_is_finished(a_batch, wait_until):
    panel = a_batch
    panel.ui.batchApplyButton.click()
    assert panel.ui.batchApplyButton.text() == "Cancel"
    assert "Several scans" in panel.ui.obstacleLabel.text()
    assert not panel.ui.applyButton.isEnabled()
    wait_until(lambda: cells(panel, STATE)[1] == "Done")
    panel.ui.batchApplyButton.click()
    wait_until(lambda: not panel.batchPanel.running)
    assert cells(panel, STATE)[1] == "Done"
    assert cells(panel, STATE)[3] == "Stopped"
    assert slicer.util.getNode("B IQT-interpolated") is not None
    assert panel.ui.applyButton.isEnabled()


def test_state_and_time_left_are_reported_while_it_works(a_batch):
    batch = a_batch.batchPanel

    class Run:
        position = 1, 3

    batch._started, batch._run = [1, 2, 3], Run()
    batch._progress = type(batch._progress)(3, clock=iter(range(0, 1000, 10)).__next__)
    batch._onEvent({"kind": "progress", "message": "network", "done": 5, "total": 10, "seconds_left": 30.0})
    batch._run = None
    assert cells(a_batch, STATE)[1] == "Network"
    assert cells(a_batch, LEFT)[1] == "30 s"
    assert all(cells(a_batch, LEFT)[2:])
    assert "Scan 1 of 3, about" in a_batch.ui.batchStatusLabel.text()


def test_another_model_checks_the_scans_again(a_batch):
    assert set(cells(a_batch, STATE)[1:]) == {"Fits"}
    slicer.util.getNode("A").SetSpacing(1, 1, 8)
    titles = [a_batch.ui.methodComboBox.itemText(n) for n in range(a_batch.ui.methodComboBox.count())]
    a_batch.ui.methodComboBox.setCurrentIndex(titles.index("IQT-SRep: sparse dictionaries"))
    assert cells(a_batch, STATE)[2] == "See remarks"
    assert "the model was trained for" in a_batch.ui.batchTable.item(2, 0).toolTip()


def test_several_scans_are_asked_what_one_is(a_batch, monkeypatch, tmp_path):
    panel, asked = a_batch, []

    def process(*scans, **settings):
        asked.append((settings["removeBias"], settings["uncertainty"]))
        raise EnhanceError("stop", "here")

    monkeypatch.setattr(panel.logic, "process", process)
    monkeypatch.setattr(panel.logic, "processFolder", process)
    for method, ticked_box in (("restore", True), ("restore", False), ("interpolation", True)):
        panel.ui.methodComboBox.setCurrentIndex(panel.modelPanel._methods.index(method))
        for box in (panel.ui.removeBiasCheckBox, panel.ui.uncertaintyCheckBox):
            box.setChecked(ticked_box)
        panel.ui.batchApplyButton.click()
    for box in (panel.ui.removeBiasCheckBox, panel.ui.uncertaintyCheckBox):
        box.setChecked(False)
    assert asked == [(True, True), (False, False), (False, False)]


def test_a_folder_is_enhanced_file_by_file_and_taken_up_again(a_panel, a_volume, tmp_path, wait_until):
    for name in ("a", "b"):
        data = np.random.default_rng(0).uniform(1, 2, (8, 9, 6)).astype(np.float32)
        write(Volume(data, np.diag([1.0, 1.0, 4.0, 1.0])), tmp_path / "scans" / f"{name}.nii.gz")
    panel = opened(a_panel)
    panel.batchPanel.listFolder(tmp_path / "scans")
    wait_until(lambda: cells(panel, 0) == ["a.nii.gz", "b.nii.gz"])
    assert "Results go into its folder IQT" in panel.ui.batchSourceLabel.text()
    panel.ui.batchTable.item(1, 0).setCheckState(qt.Qt.Unchecked)
    finished(panel, wait_until)
    assert cells(panel, RESULT) == ["a_cubic.nii.gz", ""]
    panel.batchPanel.refresh()
    assert cells(panel, STATE) == ["Done before", "Fits"]
    assert ticked(panel) == []  # the user has not wanted the other
    slicer.mrmlScene.Clear()
    assert cells(panel, 0) == ["a.nii.gz", "b.nii.gz"]  # files do not go with the scene


def test_the_log_names_volumes_and_no_temporary_files(a_batch, temporary, wait_until):
    slicer.util.arrayFromVolume(slicer.util.getNode("A"))[:] = np.nan
    slicer.util.arrayFromVolumeModified(slicer.util.getNode("A"))
    finished(a_batch, wait_until)
    log = a_batch.ui.logTextEdit.toPlainText()
    assert "A: " in log
    assert "NaN" in log
    assert str(temporary) not in log


def test_results_stay_in_the_table_when_the_section_is_closed_and_opened(a_batch, wait_until):
    finished(a_batch, wait_until)
    before = cells(a_batch, STATE), cells(a_batch, RESULT), a_batch.ui.batchStatusLabel.text()
    for collapsed in (True, False):
        a_batch.ui.batchCollapsibleButton.setCollapsed(collapsed)
    assert (cells(a_batch, STATE), cells(a_batch, RESULT), a_batch.ui.batchStatusLabel.text()) == before
    a_batch.ui.batchSceneButton.click()  # lists anew
    assert "Done" not in cells(a_batch, STATE)


def test_a_result_of_several_is_shown_beside_its_scan(a_batch, wait_until):
    finished(a_batch, wait_until)
    a_batch.ui.batchTable.selectRow(2)
    assert a_batch.ui.batchShowButton.isEnabled()
    a_batch.ui.batchShowButton.click()
    comparison = a_batch.comparePanel.views.comparison
    assert (comparison.inputVolume.GetName(), comparison.outputVolume.GetName()) == ("A", "A IQT-interpolated")


def test_a_result_in_a_file_is_loaded_with_its_scan(a_panel, a_volume, tmp_path, monkeypatch):
    from IQTEnhanceLib.Jobs import EnhanceResult

    loaded = {"scan.nii": a_volume("scan"), "out.nii": a_volume("out")}
    monkeypatch.setattr(slicer.util, "loadVolume", lambda path: loaded[Path(path).name], raising=False)
    panel = a_panel()
    panel.onShowResult(EnhanceResult(tmp_path / "scan.nii", "cubic", tmp_path / "out.nii"))
    assert panel.comparePanel.views.comparison.inputVolume is loaded["scan.nii"]
    panel.onShowResult(EnhanceResult(tmp_path, "cubic", tmp_path / "out.nii"))
    assert "Load the scan in the DICOM module first" in panel.ui.batchStatusLabel.text()
