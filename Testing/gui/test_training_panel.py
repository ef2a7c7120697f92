"""The training module's panel, with Qt's widgets in place of CTK's and Slicer's, on a real scene with real workers."""

import json
import re

import numpy as np
import pytest
import qt
import slicer
import slicer.util
from forms import Form
from IQTEnhanceLib.Views import compositeNode, sliceNode
from IQTLib.jobs.folder import Job, Request
from IQTLib.jobs.state import write_state
from IQTLib.methods.registry import METHODS
from IQTLib.training.recipe import load_recipe
from IQTTrainingLib.Parameters import IQTTrainingParameterNode, Method, Recipe, Size
from IQTTrainingLib.Plan import ADVANCED, METHOD_NAMES
from IQTTrainingLib.SimulatePanel import NUMBERS
from test_panel import texts
from training_fixtures import SMALL, TINY_SREP

FORM = Form("IQTTraining", layouts=frozenset({"advancedValuesLayout"}))
BY_CODE = {"leftOut", "preset", "device", "startModel", "advanced"}
NAMED = FORM.named_by_code | {f"{name}SpinBox" for name in NUMBERS}


def test_every_widget_that_the_code_names_is_in_the_form():
    assert FORM.names >= NAMED


def test_every_widget_in_the_form_is_used():
    assert FORM.spoken_to <= NAMED


def test_bindings_and_parameters_match():
    assert FORM.bound == set(IQTTrainingParameterNode.allParameters) - BY_CODE
    code = FORM.code("*Panel.py")
    assert all(re.search(rf"arameters\.{name} = ", code) for name in BY_CODE)


def test_every_control_explains_itself():
    kinds = ("QPushButton", "QComboBox", "QSpinBox", "QDoubleSpinBox", "QLineEdit", "QCheckBox", "QTableWidget")
    assert FORM.mute(*kinds, "qMRMLNodeComboBox") == []


def test_every_choice_is_one_of_the_library():
    assert set(Method.__members__) == set(METHOD_NAMES)
    for method in METHOD_NAMES:
        assert {recipe.value for recipe in Recipe} <= set(METHODS[method].recipes)
        assert {size.value for size in Size} == {"recipe", *METHODS[method].sizes}
    values = {"training.steps": 2, "training.batch": 8, "training.people": 4, "training.learning_rate": 1e-4}
    values |= {"training.validate_every": 1, "training.checkpoint_every": 1, "training.patience": 2, "training.seed": 1}
    values |= {"data.patch": 32, "data.gain": "free", "data.contrast_augmentation": 1, "data.lesions": 3}
    assert set(values) == set(ADVANCED["network"])
    load_recipe("unet-quick", values)


@pytest.fixture
def a_panel_with_people(a_training_panel, nodes, wait_until, tmp_path):
    """The panel after four volumes of the scene were added and checked."""
    made = nodes(4)
    panel = a_training_panel()
    panel._parameterNode.trainingFolder = str(tmp_path / "training")
    panel._parameterNode.pairsFolder = str(tmp_path / "pairs")
    for volume, tissue in made:
        panel._parameterNode.volume, panel._parameterNode.tissue = volume, tissue
        panel.ui.addVolumeButton.click()
    assert cell(panel.ui.volumesTable, 0, 1) == "not checked yet"
    panel.ui.checkButton.click()
    assert panel.ui.checkButton.text() == "Cancel"
    wait_until(lambda: not panel.dataPanel.running)
    return panel


def cell(table, row: int, column: int) -> str:
    return table.item(row, column).text()


def test_an_empty_panel_says_what_comes_first(a_training_panel):
    panel = a_training_panel()
    assert "Add volumes or choose a folder" in panel.ui.dataStatusLabel.text()
    assert not panel.ui.previewButton.isEnabled()
    assert not panel.ui.trainButton.isEnabled()
    assert panel.ui.trainButton.toolTip()
    assert panel.ui.jobStatusLabel.text() == "No job yet."


def test_checked_volumes_list_their_facts_and_are_split(a_panel_with_people):
    panel = a_panel_with_people
    row = [cell(panel.ui.volumesTable, 1, column) for column in range(7)]
    assert (row[0], row[3], row[5], row[6]) == ("p1", "1 x 1 x 1", "labels", "sub-p1")
    assert row[1].startswith("its SNR cannot be measured: ")  # blobs are smoother than any brain
    assert float(row[4]) == pytest.approx(0.02, abs=0.01)
    assert row[2] == ""
    assert re.search(r"Train: 2 subjects\. Validate: p\d\. Test: p\d\.", panel.ui.dataStatusLabel.text())
    panel.ui.testSpinBox.setValue(0)
    assert "Train: 3 subjects" in panel.ui.dataStatusLabel.text()
    panel.ui.volumesTable.item(0, 0).setCheckState(qt.Qt.Unchecked)
    assert "Train: 2 subjects" in panel.ui.dataStatusLabel.text()
    assert panel.dataPanel.leftOut == ["p0"]


def test_a_volume_that_cannot_be_used_says_why(a_training_panel, nodes, wait_until, tmp_path):
    [(volume, _labels)] = nodes(1, labelled=False)
    panel = a_training_panel()
    panel._parameterNode.trainingFolder = str(tmp_path / "training")
    panel._parameterNode.volume = volume
    panel.ui.addVolumeButton.click()
    panel.ui.checkButton.click()
    wait_until(lambda: not panel.dataPanel.running)
    status = cell(panel.ui.volumesTable, 0, 1)  # blobs of a hundredth of a litre
    assert status.startswith("No brain of plausible size was found. Choose its tissues")
    assert "None of the volumes can be used" in panel.ui.dataStatusLabel.text()
    panel.ui.volumesTable.selectRow(0)
    panel.ui.removeVolumeButton.click()
    assert panel.dataPanel.scans() == []


def test_the_list_is_in_the_scene(a_panel_with_people, a_training_panel):
    other = a_training_panel()
    assert [scan.volume.GetName() for scan in other.dataPanel.scans()] == [f"sub-p{number}" for number in range(4)]
    assert all(scan.tissue.GetName().startswith("tissues") for scan in other.dataPanel.scans())


def test_the_distribution_is_plotted_with_its_ellipses(a_training_panel):
    panel = a_training_panel()
    chart = panel.simulatePanel.plot(show=False)
    assert [chart.GetNthPlotSeriesNode(n).GetName() for n in range(3)] == ["drawn", "Mahalanobis 1", "Mahalanobis 3"]
    assert [chart.GetNthPlotSeriesNode(n).GetYColumnName() for n in range(3)] == [
        "drawn",
        "Mahalanobis 1",
        "Mahalanobis 3",
    ]
    panel.ui.presetComboBox.setCurrentIndex(panel.ui.presetComboBox.count() - 1)
    panel.ui.meanWhiteSpinBox.setValue(30)
    assert panel.simulatePanel.plan().preset == "30,54.1,8.9,8.6,0.94"
    table = panel.simulatePanel.plot(show=False).GetNthPlotSeriesNode(0).GetTableNode()
    drawn = slicer.util.arrayFromTableColumn(table, "SNR white matter")[:60]
    assert drawn.mean() == pytest.approx(30, abs=6)


def test_the_numbers_follow_the_preset(a_training_panel):
    panel = a_training_panel()
    names = [panel.ui.presetComboBox.itemText(n) for n in range(panel.ui.presetComboBox.count())]
    panel.ui.presetComboBox.setCurrentIndex(names.index("flair-in-distribution"))
    shown = [getattr(panel.ui, f"{name}SpinBox").value() for name in NUMBERS]
    assert shown == pytest.approx([35.0, 42.3, 5.8, 7.1, 0.96], abs=0.051)
    assert panel.simulatePanel.plan().preset == "flair-in-distribution"
    panel.ui.presetComboBox.setCurrentIndex(len(names) - 1)
    assert panel.simulatePanel.plan().preset == "35,42.3,5.8,7.1,0.96"  # one's own begin with them


def test_the_line_of_a_running_job_stands_at_the_top(a_training_panel, tmp_path):
    panel = a_training_panel()
    assert panel.ui.runningLabel.isHidden()
    request = Request(("train", "unet"), str(tmp_path / "new"), "cpu", "new", details={"kind": "train"})
    job = Job.create(request)
    panel.jobsPanel.refresh()
    assert "<b>new</b>" in panel.ui.runningLabel.text()
    assert not panel.ui.runningLabel.isHidden()
    write_state(job.folder, {"state": "failed", "message": "x"})
    panel.jobsPanel.refresh()
    assert panel.ui.runningLabel.isHidden()


def test_preview_lies_beside_its_original_with_its_snr_in_a_table(a_panel_with_people, wait_until):
    panel = a_panel_with_people
    panel.ui.volumesTable.selectRow(1)
    panel.ui.previewButton.click()
    wait_until(lambda: not panel.simulatePanel.running)
    low, high = slicer.util.getNode("sub-p1 low field"), slicer.util.getNode("sub-p1")
    assert low.GetImageData().GetDimensions() == (36, 36, 10)
    assert low.GetSpacing() == pytest.approx((1, 1, 4))
    assert low.GetOrigin() == pytest.approx(high.GetOrigin())
    inside = slicer.util.arrayFromVolume(high)[::4] > 0
    together = np.corrcoef(slicer.util.arrayFromVolume(low)[inside], slicer.util.arrayFromVolume(high)[::4][inside])
    assert together[0, 1] > 0.7
    views = {tag: compositeNode(tag) for tag in ("IQTInput", "IQTEnhanced")}
    assert views["IQTInput"].GetBackgroundVolumeID() == high.GetID()
    assert views["IQTEnhanced"].GetBackgroundVolumeID() == low.GetID()
    assert [view.GetLabelVolumeID() for view in views.values()] == [None, None]
    labels = [sliceNode(tag).GetLayoutLabel() for tag in views]
    assert labels == ["High field", "Low field, simulated"]
    table = slicer.util.getNode("IQT preview SNR")
    assert float(table.GetCellText(0, 2)) == pytest.approx(float(table.GetCellText(0, 1)), rel=0.5)


def test_training_in_the_panel_shows_curves_slice_score_and_card(a_panel_with_people, wait_until, models):
    panel = a_panel_with_people
    panel.ui.methodComboBox.setCurrentIndex(list(Method).index(Method.srep))
    panel.ui.modelNameLineEdit.setText("mine")
    panel._parameterNode.advanced = json.dumps(TINY_SREP)
    assert panel.ui.trainButton.isEnabled(), panel.ui.trainStatusLabel.text()
    panel.ui.trainButton.click()
    assert cell(panel.ui.jobsTable, 0, 0) == "mine"
    wait_until(lambda: panel.jobsPanel.follower.status.over, 120)
    wait_until(lambda: "Done in" in panel.ui.jobStatusLabel.text())
    assert re.search(r"validation NRMSE 0\.\d+ .* SSIM 0\.\d+", panel.ui.jobStatusLabel.text())
    assert "Listed in IQT Enhance" in panel.ui.cardLabel.text()
    assert float(cell(panel.ui.testTable, 0, 5)) > 0
    assert slicer.util.getNode("IQT mine test").GetNumberOfRows() == 4
    panel.ui.showCurvesButton.isEnabled()
    panel.jobsPanel._update()
    image = panel.jobsPanel.nodes.slice.GetImageData()
    assert image.GetDimensions() == (3 * SMALL[1], SMALL[2], 1)
    assert image.GetScalarRange()[1] > 1
    assert (models / "mine" / "card.json").is_file()
    assert "trial" in panel.ui.logTextEdit.toPlainText()


def test_the_command_line_is_copied(a_panel_with_people):
    panel = a_panel_with_people
    panel.ui.modelNameLineEdit.setText("mine")
    panel.ui.copyButton.click()
    line = qt.QApplication.clipboard().text()
    assert line.startswith("iqt train unet ")
    assert "--recipe unet-t1w-x4" in line
    assert f"--validate {','.join(panel.dataPanel.split().validate)}" in line


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", "what?"])
def test_names_that_no_folder_can_have_are_refused(a_panel_with_people, name):
    panel = a_panel_with_people
    panel.ui.modelNameLineEdit.setText(name)
    assert not panel.ui.trainButton.isEnabled()
    assert "name" in panel.ui.trainStatusLabel.text()


def test_an_existing_model_is_replaced_only_after_asking(a_panel_with_people, monkeypatch):
    asked = []
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text: asked.append(text))
    panel = a_panel_with_people
    panel.ui.modelNameLineEdit.setText("tiny")
    panel.ui.trainButton.click()
    assert "called tiny already exists" in asked[0]
    assert "Choose another name" in panel.ui.trainStatusLabel.text()
    assert panel.logic.jobs() == []


def test_advanced_values_are_those_of_the_recipe_until_they_are_changed(a_training_panel):
    panel = a_training_panel()
    fields = panel.trainPanel._fields
    assert fields["training.steps"].placeholderText() == str(load_recipe("unet-t1w-x4").training.steps)
    fields["training.steps"].setText("50")
    fields["training.steps"].editingFinished.emit()
    assert json.loads(panel._parameterNode.advanced) == {"training.steps": 50}
    panel.ui.recipeComboBox.setCurrentIndex(list(Recipe).index(Recipe.quick))
    fields = panel.trainPanel._fields
    assert (fields["training.steps"].placeholderText(), fields["training.steps"].text()) == ("300", "50")
    panel.ui.methodComboBox.setCurrentIndex(list(Method).index(Method.srep))
    assert json.loads(panel._parameterNode.advanced) == {}
    assert not panel.ui.startComboBox.isEnabled()


def test_another_contrast_is_learned_from_a_folder_as_it_is(a_training_panel, tmp_path):
    panel = a_training_panel()
    panel.ui.modelNameLineEdit.setText("guess")
    panel.ui.methodComboBox.setCurrentIndex(list(Method).index(Method.weenie))
    assert not panel.ui.trainButton.isEnabled()
    assert "learns from a folder with two contrasts" in panel.ui.trainStatusLabel.text()
    panel._parameterNode.sourceFolder = str(tmp_path)
    assert panel.ui.trainButton.isEnabled(), panel.ui.trainStatusLabel.text()
    fields = panel.trainPanel._fields
    assert fields["target"].placeholderText() == "T2w"
    for name, text in {"target": "FLAIR", "settings.scale": "2", "slices": "my slices"}.items():
        fields[name].setText(text)
        fields[name].editingFinished.emit()
    panel.ui.copyButton.click()
    line = qt.QApplication.clipboard().text()
    assert line.startswith(f"iqt train weenie {tmp_path} ")
    assert "--set target=FLAIR --set settings.scale=2 --set source=T1w --slices 'my slices'" in line
    panel.ui.estimateButton.click()
    assert "is not estimated" in panel.ui.estimateLabel.text()


def test_models_to_go_on_from_are_those_of_the_method(a_training_panel):
    panel = a_training_panel()
    assert texts(panel.ui.startComboBox)[0] == "None: train from scratch"
    assert "unet-t1w-x4" in texts(panel.ui.startComboBox)
    assert "ddl-t1w-x4" not in texts(panel.ui.startComboBox)


def test_a_failed_job_says_why_and_can_be_resumed_or_forgotten(a_training_panel, tmp_path):
    job = Job.create(Request(("train", "unet"), str(tmp_path / "lost"), "cpu", "lost", details={"kind": "train"}))
    write_state(job.folder, {"state": "failed", "message": "the disk was full", "exit_code": 5})
    panel = a_training_panel()
    assert cell(panel.ui.jobsTable, 0, 2) == "failed"
    assert "the disk was full" in panel.ui.jobStatusLabel.text()
    assert panel.ui.resumeButton.isEnabled()
    assert not panel.ui.stopButton.isEnabled()
    panel.ui.removeJobButton.click()
    assert not job.folder.exists()
    assert panel.ui.jobStatusLabel.text() == "No job yet."


@pytest.mark.parametrize(
    ("code", "message", "remedy", "can"),
    [
        ("input", "batch 6 is not a multiple of people 4", "Correct it in the Data, Simulate or Train section", False),
        ("exists", "mine.run holds a training run: continue with --resume", "Choose another name or folder", False),
        ("memory", "out of memory: choose smaller windows (--set window=32)", "smaller size, batch or patch", True),
        ("output", "cannot write: No space left on device", "Free disk space", True),
    ],
)
def test_resume_is_offered_only_where_it_can_help(a_training_panel, tmp_path, code, message, remedy, can):
    job = Job.create(Request(("train", "unet"), str(tmp_path / "lost"), "cpu", "lost", details={"kind": "train"}))
    write_state(job.folder, {"state": "failed", "message": message, "exit_code": 3, "code": code})
    panel = a_training_panel()
    told = panel.ui.jobStatusLabel.text()
    assert remedy in told
    assert "--" not in told
    assert panel.ui.resumeButton.isEnabled() is can
    assert ("press Resume" in told) is can


def test_a_stopped_job_explains_how_to_continue(a_training_panel, tmp_path):
    job = Job.create(Request(("train", "unet"), str(tmp_path / "lost"), "cpu", "lost", details={"method": "unet"}))
    progress = {"message": "training", "done": 5, "total": 10}
    message = "stopped at step 5 of 10: continue with --resume"
    write_state(job.folder, {"state": "stopped", "message": message, "code": "stopped", "progress": progress})
    panel = a_training_panel()
    assert panel.ui.jobStatusLabel.text() == "Stopped at 5 of 10. Resume continues it."
    assert panel.ui.resumeButton.isEnabled()


@pytest.mark.parametrize("keep", [True, False])
def test_closing_slicer_leaves_jobs_running_or_stops_them(a_training_panel, people, models, wait_until, keep):
    panel = a_training_panel()
    panel.ui.keepRunningCheckBox.setChecked(keep)
    values = {"training.steps": 100_000, "training.batch": 2, "training.people": 2, "training.validate_every": 50_000}
    job = panel.logic.train(people, models / "long", recipe="quick", size="small", device="cpu", advanced=values)
    panel.jobsPanel.begin(job)
    wait_until(lambda: panel.jobsPanel.follower.status.progress.get("message") == "training", 120)
    panel.cleanup()
    assert job.stopping is not keep
    assert (job.status().state == "running") or not keep


def test_devices_are_looked_for_when_asked(a_training_panel, wait_until):
    panel = a_training_panel()
    panel.ui.refreshDevicesButton.click()
    assert not panel.ui.refreshDevicesButton.isEnabled()
    wait_until(lambda: panel.ui.refreshDevicesButton.isEnabled())
    assert texts(panel.ui.deviceComboBox)[1].startswith("Processor (CPU)")


def test_an_estimate_is_reported_in_words(a_panel_with_people, wait_until):
    panel = a_panel_with_people
    panel.ui.methodComboBox.setCurrentIndex(list(Method).index(Method.srep))
    panel.ui.recipeComboBox.setCurrentIndex(list(Recipe).index(Recipe.quick))
    panel.ui.modelNameLineEdit.setText("mine")
    panel.ui.estimateButton.click()
    wait_until(lambda: panel.ui.estimateButton.text() == "Estimate")
    assert re.fullmatch(r"About \d+ (s|min), \d.* of memory, \d+ MiB of disk\.", panel.ui.estimateLabel.text())


def test_closing_the_scene_leaves_a_panel_that_works(a_panel_with_people, nodes):
    panel = a_panel_with_people
    slicer.mrmlScene.Clear()
    [(volume, _labels)] = nodes(1)
    panel.enter()
    assert panel._parameterNode.volume is volume
    assert panel.dataPanel.scans() == []
