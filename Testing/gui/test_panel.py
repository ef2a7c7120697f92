"""The panel itself, with Qt's widgets in place of CTK's and Slicer's, on a real scene with a real worker."""

import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import qt
import slicer
import tiny
from forms import Form
from IQTEnhanceLib import Interval, ModelPanel
from IQTEnhanceLib.GaugePanel import lightText
from IQTEnhanceLib.Output import markAsNoScan
from IQTEnhanceLib.Parameters import IQTEnhanceParameterNode, OutputGrid
from IQTEnhanceLib.Process import ConsoleRunner
from IQTEnhanceLib.RunPanel import REMARK
from IQTEnhanceLib.Views import PAIR, PLANES, compositeNode
from IQTLib.models.intervals import Calibration
from IQTLib.models.store import read_card, write_card
from IQTLib.sentences import Sentence
from PySide6.QtTest import QTest

FORM = Form("IQTEnhance", layouts=frozenset({"optionsLayout"}))


@pytest.fixture(autouse=True)
def srep_by_default(monkeypatch):
    """A default with weights, a card and settings: the recommended model has none of them."""
    monkeypatch.setattr("IQTLib.models.store.DEFAULT_MODEL", "srep-t1w-x4")


def test_every_widget_that_the_code_names_is_in_the_form():
    assert FORM.named_by_code <= FORM.names


def test_every_widget_in_the_form_is_used():
    assert FORM.spoken_to <= FORM.named_by_code


def test_bindings_and_parameters_match():
    by_code = {"method", "model", "device", "options"}  # menus that follow the library, not a fixed list
    assert FORM.bound == set(IQTEnhanceParameterNode.allParameters) - by_code
    assert all(f"parameters.{name}" in FORM.code("ModelPanel.py") for name in by_code)


def test_every_control_explains_itself():
    assert FORM.mute("QPushButton", "QComboBox", "qMRMLNodeComboBox", "ctkSliderWidget") == []


def test_apply_says_what_is_missing(a_panel):
    panel = a_panel()
    assert not panel.ui.applyButton.isEnabled()
    assert "Load a brain MRI" in panel.ui.applyButton.toolTip()


def test_a_volume_that_gets_its_voxels_later_makes_apply_ready(a_panel):
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "late")
    panel = a_panel()
    assert "late has no voxels" in panel.ui.applyButton.toolTip()
    slicer.util.updateVolumeFromArray(volume, np.random.default_rng(0).uniform(0, 100, (6, 20, 22)))
    assert panel.ui.applyButton.isEnabled()
    volume.SetSpacing(1, 1, 1.2)
    assert "isotropic already" in panel.ui.warningsLabel.text()
    volume.SetAndObserveImageData(None)
    assert not panel.ui.applyButton.isEnabled()


def test_menus_show_the_registry_and_the_models(a_panel, a_volume):
    a_volume()
    panel = a_panel()
    assert texts(panel.ui.methodComboBox)[0] == "IQT-SRep: sparse dictionaries"
    assert texts(panel.ui.modelComboBox) == ["srep-t1w-x4", "srep-t1w-x4-fast", "srep-t1w-x4-paper", "tiny"]
    summary = panel.ui.modelSummaryLabel.text()
    assert re.search(r"T1w, x4, voxels of 0\.67 to 1\.30 mm.* 9 held-out subjects \(InD1\): NRMSE 0\.174", summary)
    panel.ui.methodComboBox.setCurrentIndex(panel.ui.methodComboBox.count() - 1)
    assert texts(panel.ui.modelComboBox) == ["cubic", "nearest", "linear"]
    assert panel._parameterNode.method == "interpolation"


def texts(combo) -> list[str]:
    return [combo.itemText(number) for number in range(combo.count())]


def test_the_choice_is_in_the_scene(a_panel, a_volume):
    volume = a_volume()
    panel = a_panel()
    panel.ui.modelComboBox.setCurrentIndex(1)
    panel.ui.outputGridComboBox.setCurrentIndex(1)
    other = a_panel()
    assert other._parameterNode.inputVolume is volume
    assert other._parameterNode.outputGrid is OutputGrid.isotropic
    assert other.ui.modelComboBox.currentText() == "srep-t1w-x4-fast"
    assert other.ui.outputGridComboBox.currentIndex() == 1


def test_settings_of_the_method_reach_the_request(a_panel, a_volume):
    a_volume()
    panel = a_panel()
    fields = panel.modelPanel._fields
    assert {"stride", "coder", "lam"} <= set(fields)
    assert fields["stride"].placeholderText() == "3"
    fields["stride"].setText("2")
    fields["stride"].editingFinished.emit()
    assert panel.modelPanel.options() == {"stride": 2}
    panel.ui.modelComboBox.setCurrentIndex(1)
    assert panel.modelPanel.options() == {}


def test_a_model_deleted_from_the_disk_gives_way_to_the_default(a_panel, a_volume, models):
    import shutil

    a_volume()
    panel = a_panel()
    panel.ui.modelComboBox.setCurrentIndex(3)
    assert panel._parameterNode.model == "tiny"
    shutil.rmtree(models / "tiny")
    panel.initializeParameterNode()
    assert panel.ui.modelComboBox.currentText() == "srep-t1w-x4"


@pytest.mark.parametrize(
    ("spacing", "warning"),
    [
        ((1, 1, 1.2), "isotropic already"),
        ((1, 1, 8), "the slice spacing gives 2.00 mm voxels, but the model was trained for 0.67 to 1.30 mm"),
        ((1, 1, 4), None),
    ],
)
def test_spacing_is_warned_of_in_the_panel(a_panel, a_volume, spacing, warning):
    a_volume(matrix=np.diag([*spacing, 1.0]))
    panel = a_panel()
    shown = panel.ui.warningsLabel.text()
    assert shown == "" if warning is None else warning.lower() in shown.lower()


def test_a_model_that_weakens_lesions_is_warned_of_before_the_work(a_panel, a_volume, models):
    card = read_card(models / "tiny")
    card.lesions.update(diameters=[4.0, 10.0], bright=[0.1, 0.6], dark=[1.0, 1.2])
    write_card(card, models / "tiny")
    a_volume()
    panel = a_panel()
    panel.ui.modelComboBox.setCurrentIndex(3)
    assert "10 to 60 % of the contrast of bright ones" in panel.ui.warningsLabel.text()


def test_apply_runs_and_compares(a_panel, a_volume, wait_until):
    volume = a_volume()
    panel = a_panel()
    choose(panel, "interpolation")
    panel.ui.applyButton.click()
    assert panel.ui.applyButton.text() == "Cancel"
    wait_until(lambda: not panel.runPanel.running)
    assert panel.ui.applyButton.text() == "Apply"
    assert panel.ui.statusLabel.text().startswith("Done in")
    assert "started" in panel.ui.logTextEdit.toPlainText()
    output = slicer.util.getNode("T1 IQT-interpolated")
    assert "T1 IQT-interpolated is next to T1" in panel.ui.statusLabel.text()
    assert not panel.ui.compareCollapsibleButton.property("collapsed")
    views = {node.GetLayoutName(): node for node in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")}
    assert views["IQTInput"].GetBackgroundVolumeID() == volume.GetID()
    assert views["IQTEnhanced"].GetBackgroundVolumeID() == output.GetID()
    panel.ui.fadeSlider.setValue(0.25)
    assert views["IQTInput"].GetForegroundOpacity() == pytest.approx(0.25)
    panel.ui.toggleButton.click()
    assert views["IQTInput"].GetForegroundOpacity() == 1


def test_the_key_f8_flickers(a_panel, a_volume, wait_until):
    a_volume()
    panel = a_panel()
    output = panel.logic.process(slicer.util.getNode("T1"), model="cubic", device="cpu").outputVolume
    panel.comparePanel.setEnhanced(output)
    panel.ui.compareCollapsibleButton.setCollapsed(False)
    panel.parent.show()
    panel.parent.activateWindow()
    wait_until(lambda: panel.ui.toggleButton.isVisible() and panel.parent.isActiveWindow())
    for shown in (1.0, 0.0):
        QTest.keyClick(panel.parent, qt.Qt.Key_F8)  # the button goes down and up again
        wait_until(lambda shown=shown: panel._parameterNode.fade == shown, 10)


def choose(panel, method: str) -> None:
    panel.ui.methodComboBox.setCurrentIndex(panel.modelPanel._methods.index(method))


def applied(panel, wait_until):
    choose(panel, "interpolation")
    panel.ui.applyButton.click()
    wait_until(lambda: not panel.runPanel.running)


def arrangement() -> int:
    return slicer.app.layoutManager().layoutLogic().GetLayoutNode().GetViewArrangement()


def test_the_result_shows_itself_unless_the_views_are_to_be_left_alone(a_panel, a_volume, wait_until):
    a_volume()
    panel = a_panel()
    before = arrangement()
    panel.ui.showResultCheckBox.setChecked(False)
    applied(panel, wait_until)
    assert arrangement() == before
    other = a_panel()
    assert not other.ui.showResultCheckBox.isChecked()  # it is remembered
    other.ui.showResultCheckBox.setChecked(True)
    applied(other, wait_until)
    assert arrangement() == PLANES
    assert other.comparePanel.views.comparison.active


def test_the_layout_of_the_comparison_is_remembered(a_panel, a_volume, wait_until):
    a_volume()
    panel = a_panel()
    applied(panel, wait_until)
    panel.ui.layoutComboBox.setCurrentIndex(1)
    assert arrangement() == PAIR
    assert a_panel().ui.layoutComboBox.currentIndex() == 1


def test_what_is_in_the_way_stands_under_the_button(a_panel, a_volume):
    panel = a_panel()
    assert "Load a brain MRI" in panel.ui.obstacleLabel.text()
    assert not panel.ui.obstacleLabel.isHidden()
    a_volume()
    panel.enter()
    assert panel.ui.obstacleLabel.isHidden()


def test_a_message_of_another_volume_goes(a_panel, a_volume, wait_until):
    a_volume()
    other = a_volume("other")
    panel = a_panel()
    applied(panel, wait_until)
    assert "Done in" in panel.ui.statusLabel.text()
    panel._parameterNode.inputVolume = other
    assert panel.ui.statusLabel.text() == ""


def test_remarks_on_a_result_stay_until_something_else_is_chosen(a_panel, a_volume, wait_until):
    a_volume(matrix=np.eye(4))
    panel = a_panel()
    applied(panel, wait_until)
    assert panel.ui.warningsLabel.text().count("nothing to restore") == 1  # said before the run, too
    panel.ui.fadeSlider.setValue(0.5)
    assert [warning.code for warning in panel._remarks] == ["isotropic"]
    panel.ui.outputGridComboBox.setCurrentIndex(1)
    assert panel._remarks == ()
    assert panel.ui.statusLabel.text() == ""


def test_an_error_of_another_mask_goes(a_panel, a_volume, a_mask, wait_until):
    volume = a_volume()
    panel = a_panel()
    panel._parameterNode.mask = a_mask(a_volume("other", matrix=np.diag([1.0, 1.0, 4.0, 1.0])))
    panel._parameterNode.inputVolume = volume
    applied(panel, wait_until)
    assert "is not on the grid" in panel.ui.statusLabel.text()
    panel._parameterNode.mask = a_mask(volume)
    assert panel.ui.statusLabel.text() == ""


def test_the_recommended_model_is_on_top_and_one_button_away(a_panel, a_volume):
    a_volume()
    panel = a_panel()
    recommended = panel.modelPanel.entry
    assert panel.ui.cardLabel.text().startswith(f"<b>Recommended: {recommended.name}</b>")
    assert panel.ui.modelCollapsibleButton.property("collapsed")
    assert not panel.ui.recommendedButton.isEnabled()
    choose(panel, "interpolation")
    assert panel.ui.modelCollapsibleButton.property("text") == "Chosen: cubic"
    panel.ui.recommendedButton.click()
    assert panel.modelPanel.entry == recommended
    assert panel.ui.methodComboBox.currentIndex() == 0


def test_what_is_no_scan_is_neither_chosen_nor_enhanced(a_panel, a_volume):
    montage = a_volume("montage")
    markAsNoScan(montage, "a picture of a training")
    panel = a_panel()
    assert panel._parameterNode.inputVolume is None
    panel._parameterNode.inputVolume = montage
    assert panel.ui.obstacleLabel.text() == "montage is a picture of a training, not a scan. Choose a brain MRI."
    assert not panel.ui.applyButton.isEnabled()


def test_each_warning_is_reported_once(a_panel):
    panel = a_panel()
    low = Sentence("the SNR is low", "snr")
    panel.runPanel.warn(["Slices ask for 2 mm voxels.", "slices ask for 2 mm voxels", low])
    assert panel.ui.warningsLabel.text().count("<li>") == 2
    assert panel.ui.warningsLabel.text().index("SNR") < panel.ui.warningsLabel.text().index("voxels")


def test_the_difference_is_made_by_a_worker_and_then_shown(a_panel, a_volume, wait_until):
    volume = a_volume()
    panel = a_panel()
    applied(panel, wait_until)
    panel.ui.differenceButton.setChecked(True)
    comparison = panel.comparePanel.views.comparison
    assert comparison.differenceVolume is None
    wait_until(lambda: comparison.differenceVolume is not None)
    panel.ui.differenceButton.setChecked(False)
    assert compositeNode("IQTInput").GetBackgroundVolumeID() == volume.GetID()
    panel.ui.differenceButton.setChecked(True)
    assert comparison.differenceVolume is not None  # at once: it is there already


def test_the_support_map_takes_the_place_of_the_difference(a_panel, a_volume, a_mask, wait_until):
    volume = a_volume()
    panel = a_panel()
    panel._parameterNode.mask = a_mask(volume)
    applied(panel, wait_until)
    comparison = panel.comparePanel.views.comparison
    panel.ui.supportButton.setChecked(True)
    wait_until(lambda: comparison.differenceVolume is not None)
    assert comparison.differenceVolume.GetName().endswith(" support")
    assert comparison.differenceVolume.GetImageData().GetDimensions() == volume.GetImageData().GetDimensions()
    assert comparison.shown()["IQTInput"].startswith("Not supported")
    panel.ui.differenceButton.setChecked(True)
    assert not panel.ui.supportButton.isChecked()
    wait_until(lambda: comparison.differenceVolume.GetName().endswith(" difference"))
    panel.ui.differenceButton.setChecked(False)
    assert compositeNode("IQTInput").GetBackgroundVolumeID() == volume.GetID()


def test_a_scan_is_checked_before_the_work_and_the_light_goes_with_it(a_panel, a_volume, a_mask, wait_until):
    volume = a_volume()
    panel = a_panel()
    ui = panel.ui
    panel._parameterNode.mask = a_mask(volume)
    assert not ui.gaugeLabel.text()
    ui.checkScanButton.click()
    assert ui.gaugeLabel.text() == "Checking the scan..."
    assert not ui.checkScanButton.isEnabled()
    wait_until(lambda: panel.gaugePanel.job is None)
    assert "too few to judge" in ui.gaugeLabel.text()
    assert REMARK in ui.gaugeLabel.text()
    panel._parameterNode.inputVolume = a_volume("another")
    assert not ui.gaugeLabel.text()
    panel._parameterNode.inputVolume = None
    assert not ui.checkScanButton.isEnabled()


def test_a_light_is_a_colour_and_a_sentence():
    told = lightText({"state": "outside", "reasons": ["air < brain"]})
    assert "do not rely on the result" in told
    assert "air &lt; brain" in told
    assert "<ul" not in lightText({"state": "known", "reasons": []})


def test_the_panel_offers_uncertainty_where_the_model_can_estimate_it(a_panel, models, a_volume, a_mask, wait_until):
    tiny.restoring(models / "sure", intervals=Calibration.none_yet())
    scan = a_volume("T2w scan")
    panel = a_panel()
    parameters, ui = panel._parameterNode, panel.ui
    parameters.method, parameters.model, parameters.mask = "restore", "sure", a_mask(scan)
    wait_until(lambda: ui.uncertaintyCheckBox.isEnabled())
    assert ui.uncertaintyCheckBox.isChecked()
    assert not ui.sureGroupBox.isEnabled()
    ui.applyButton.click()
    wait_until(lambda: not panel.runPanel.running)
    output = panel.comparePanel.views.enhancedVolume
    assert ui.sureGroupBox.isEnabled()
    ui.sureGroupBox.setChecked(True)
    node = Interval.intervalOf(output)
    assert compositeNode("IQTEnhanced").GetForegroundVolumeID() == node.GetID()
    ui.sureLeastSlider.setValue(0.5)
    assert node.GetScalarVolumeDisplayNode().GetLowerThreshold() == pytest.approx(0.5 * Interval.widest(node))
    ui.sureOpacitySlider.setValue(0.8)
    assert compositeNode("IQTEnhanced").GetForegroundOpacity() == pytest.approx(0.8)
    panel.comparePanel.views.show()  # stays when the comparison is opened again
    assert compositeNode("IQTEnhanced").GetForegroundVolumeID() == node.GetID()
    ui.sureGroupBox.setChecked(False)
    assert not compositeNode("IQTEnhanced").GetForegroundVolumeID()
    parameters.method, parameters.model = "interpolation", "cubic"
    wait_until(lambda: not ui.uncertaintyCheckBox.isEnabled())


def test_the_panel_evens_out_the_brightness_where_the_model_finds_the_brain(
    a_panel, models, a_volume, a_mask, wait_until
):
    tiny.restoring(models / "any")
    scan = a_volume("T2w scan")
    panel = a_panel()
    parameters, box = panel._parameterNode, panel.ui.removeBiasCheckBox
    parameters.method, parameters.model, parameters.mask = "restore", "any", a_mask(scan)
    wait_until(box.isEnabled)
    assert not box.isChecked()
    results = []
    for on in (False, True):
        box.setChecked(on)
        panel.ui.applyButton.click()
        wait_until(lambda: not panel.runPanel.running)
        output = panel.comparePanel.views.enhancedVolume
        results.append(slicer.util.arrayFromVolume(output).copy())
        assert json.loads(output.GetAttribute("IQT.parameters"))["removeBias"] is on
    assert not np.allclose(*results)
    parameters.method, parameters.model = "interpolation", "cubic"
    wait_until(lambda: not box.isEnabled())
    panel.ui.applyButton.click()  # ticked, but this model finds no brain
    wait_until(lambda: not panel.runPanel.running)
    assert not json.loads(panel.comparePanel.views.enhancedVolume.GetAttribute("IQT.parameters"))["removeBias"]
    box.setChecked(False)


def test_a_snapshot_is_written_from_the_panel(a_panel, a_volume, wait_until, tmp_path, monkeypatch):
    a_volume()
    panel = a_panel()
    applied(panel, wait_until)
    image = qt.QImage(50, 50, qt.QImage.Format_RGB32)
    monkeypatch.setattr("IQTEnhanceLib.Snapshot.viewImage", lambda tag: image)
    panel.comparePanel.views.saveSnapshot(tmp_path / "picture.png")
    assert qt.QImage(str(tmp_path / "picture.png")).width() == 150
    assert "Wrote" in panel.ui.statusLabel.text()


def test_cancel_gives_apply_back(a_panel, a_volume, wait_until):
    a_volume()
    panel = a_panel()
    panel.logic.runner = ConsoleRunner()
    panel.ui.applyButton.click()
    panel.ui.applyButton.click()
    assert not panel.ui.applyButton.isEnabled()
    wait_until(lambda: not panel.runPanel.running)
    assert "Stopped by the user" in panel.ui.statusLabel.text()
    assert panel.ui.applyButton.isEnabled()


def test_an_error_is_shown_with_its_remedy(a_panel, a_volume, models, wait_until):
    a_volume()
    panel = a_panel()
    panel.ui.modelComboBox.setCurrentIndex(3)
    (models / "tiny" / "weights.safetensors").unlink()
    panel.ui.applyButton.click()
    wait_until(lambda: not panel.runPanel.running)
    assert "holds no weights.safetensors" in panel.ui.statusLabel.text()
    assert "Choose another model" in panel.ui.statusLabel.text()


def test_measuring_fills_a_table(a_panel, a_volume, quick_logic, wait_until):
    volume = a_volume(shape=(24, 26, 24))
    truth = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    truth.SetName("truth")
    panel = a_panel()
    panel._parameterNode.outputVolume = quick_logic.process(volume, model="linear", device="cpu").outputVolume
    assert not panel.ui.measureButton.isEnabled()
    panel._parameterNode.referenceVolume = truth
    panel.ui.measureButton.click()
    wait_until(lambda: "<table" in panel.ui.scoresLabel.text())
    table = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLTableNode")
    assert table.GetNumberOfColumns() == 3
    assert float(table.GetCellText(0, 1)) > 0


def test_export_says_why_it_cannot(a_panel, a_volume, quick_logic):
    volume = a_volume()
    panel = a_panel()
    panel._parameterNode.outputVolume = quick_logic.process(volume, model="linear", device="cpu").outputVolume
    assert not panel.ui.exportButton.isEnabled()
    assert "was not loaded from DICOM" in panel.ui.exportButton.toolTip()


def test_export_writes_a_series_or_says_why_not(a_panel, a_volume, quick_logic, tmp_path, wait_until, monkeypatch):
    volume = a_volume()
    panel = a_panel()
    panel._parameterNode.outputVolume = quick_logic.process(volume, model="linear", device="cpu").outputVolume
    volume.SetAttribute("DICOM.instanceUIDs", "1.2 1.3")
    panel.update()
    assert panel.ui.exportButton.isEnabled()
    monkeypatch.setattr(slicer, "dicomDatabase", SimpleNamespace(fileForInstance=lambda uid: ""), raising=False)
    panel.comparePanel.exportTo(tmp_path / "derived")
    assert "2 of 2 DICOM files of T1 are gone" in panel.ui.statusLabel.text()
    text = tmp_path / "no.dcm"
    text.write_text("no DICOM")
    monkeypatch.setattr(slicer.dicomDatabase, "fileForInstance", lambda uid: str(text))
    panel.comparePanel.exportTo(tmp_path / "derived")
    assert "Writing DICOM" in panel.ui.statusLabel.text()
    wait_until(lambda: panel.ui.exportButton.isEnabled())
    assert "no DICOM images here" in panel.ui.statusLabel.text()
    assert not (tmp_path / "derived").exists()


def test_export_without_identity_and_into_the_database(
    a_panel, a_volume, quick_logic, tmp_path, wait_until, monkeypatch
):
    volume = a_volume()
    panel = a_panel()
    panel._parameterNode.outputVolume = quick_logic.process(volume, model="linear", device="cpu").outputVolume
    monkeypatch.setattr("IQTEnhanceLib.Export.dicomFilesOf", lambda output: [])
    ran, imported = [], []

    def run(arguments, onLine, onStart=None) -> int:
        ran.append(list(arguments))
        onLine('{"kind": "warning", "message": "the face can still be seen"}')
        onLine('{"kind": "result", "message": "done", "data": {"series": "1.2", "files": 3}}')
        return 0

    monkeypatch.setattr(panel.logic.runner, "run", run)
    utils = SimpleNamespace(importDicom=lambda folder, copyFiles: imported.append(folder) or True)
    monkeypatch.setitem(sys.modules, "DICOMLib", SimpleNamespace(DICOMUtils=utils))
    panel.ui.deidentifyCheckBox.setChecked(True)
    panel.ui.databaseCheckBox.setChecked(True)
    panel.comparePanel.exportTo(tmp_path / "derived")
    wait_until(lambda: bool(imported))
    assert "--deidentify" in ran[0]
    assert imported == [str(tmp_path / "derived")]
    assert "The face can still be seen. It is in the DICOM database" in panel.ui.statusLabel.text()


def test_the_map_of_the_interval_is_exported_as_a_series_of_its_own(
    a_panel, a_volume, a_mask, models, quick_logic, tmp_path, wait_until, monkeypatch
):
    tiny.restoring(models / "sure", intervals=Calibration.none_yet())
    scan = a_volume("T2w scan")
    panel = a_panel()
    options = {"model": "sure", "mask": a_mask(scan), "uncertainty": True, "device": "cpu"}
    panel._parameterNode.outputVolume = quick_logic.process(scan, **options).outputVolume
    monkeypatch.setattr("IQTEnhanceLib.Export.dicomFilesOf", lambda output: [])
    ran = []

    def run(arguments, onLine, onStart=None) -> int:
        ran.append(list(arguments))
        onLine('{"kind": "result", "message": "done", "data": {"series": "1.2", "files": 3}}')
        return 0

    monkeypatch.setattr(panel.logic.runner, "run", run)
    panel.comparePanel.exportTo(tmp_path / "derived")
    wait_until(lambda: panel.ui.exportButton.isEnabled())
    assert ["--uncertainty" in arguments for arguments in ran] == [False, True]
    assert [arguments[3] for arguments in ran] == [str(tmp_path / "derived"), str(tmp_path / "derived_interval")]
    assert all(arguments[-2:] == ["--model", "sure"] for arguments in ran)
    assert panel.ui.statusLabel.text().count("Wrote the DICOM series") == 2


def test_devices_are_looked_for_when_the_section_opens(a_panel, a_volume, wait_until):
    a_volume()
    panel = a_panel()
    panel.ui.advancedCollapsibleButton.setCollapsed(False)
    assert not panel.ui.refreshDevicesButton.isEnabled()
    wait_until(lambda: panel.ui.refreshDevicesButton.isEnabled())
    assert texts(panel.ui.deviceComboBox)[1].startswith("Processor (CPU)")
    panel.ui.deviceComboBox.setCurrentIndex(1)
    assert panel._parameterNode.device == "cpu"


def test_closing_the_scene_leaves_an_empty_panel_that_works(a_panel, a_volume):
    a_volume()
    panel = a_panel()
    slicer.mrmlScene.Clear()
    assert not panel.ui.applyButton.isEnabled()
    volume = a_volume()
    panel.enter()
    assert panel._parameterNode.inputVolume is volume
    assert panel.ui.applyButton.isEnabled()


def test_menu_helpers_report_nothing(a_panel):
    combo = a_panel().ui.methodComboBox
    heard = []
    combo.currentIndexChanged.connect(heard.append)
    ModelPanel.fill(combo, ["a", "b"], 1)
    assert (ModelPanel.index(combo), heard) == (1, [])
