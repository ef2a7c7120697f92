import slicer
import slicer.util
from IQTEnhanceAppTesting import IQTEnhanceAppTest


class IQTEnhanceButtonsTest(IQTEnhanceAppTest):
    """The buttons that no other test presses. Those that open a dialog of the system are left to a person."""

    def compared(self):
        """The panel with a volume and its interpolation, ready to be compared."""
        volume = self.aVolume()
        panel = self.panel()
        output = panel.logic.process(volume, model="cubic", device="cpu").outputVolume
        panel.comparePanel.setEnhanced(output)
        return panel, volume, output

    def test_check_scan(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.checkScanButton.click()
        self.assertFalse(panel.ui.checkScanButton.property("enabled"))
        self.waitUntil(lambda: panel.gaugePanel.job is None)
        self.assertTrue(panel.ui.gaugeLabel.property("text"))
        self.assertTrue(panel.ui.checkScanButton.property("enabled"))

    def test_back_to_the_recommended_model(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        self.assertEqual(panel.ui.modelComboBox.property("currentText"), "cubic")
        panel.ui.recommendedButton.click()
        self.assertEqual(panel.ui.modelComboBox.property("currentText"), "iqt-any")
        self.assertFalse(panel.ui.recommendedButton.property("enabled"))

    def test_how_sure_is_asked_only_of_models_that_can_tell(self) -> None:
        from IQTEnhanceLib import Settings

        panel, _volume, _output = self.compared()
        before = Settings.isOn(Settings.UNCERTAINTY)
        panel.ui.uncertaintyCheckBox.setChecked(not before)
        self.assertEqual(Settings.isOn(Settings.UNCERTAINTY), not before)
        panel.ui.uncertaintyCheckBox.setChecked(before)
        panel.ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        self.assertFalse(panel.ui.uncertaintyCheckBox.property("enabled"))
        self.assertFalse(panel.ui.sureGroupBox.property("enabled"))  # an interpolation has no interval

    def test_brightness_is_evened_out_only_by_models_that_find_the_brain(self) -> None:
        from IQTEnhanceLib import Settings

        panel = self.panel()
        before = Settings.isOn(Settings.REMOVE_BIAS, default=False)
        panel.ui.removeBiasCheckBox.setChecked(not before)
        self.assertEqual(Settings.isOn(Settings.REMOVE_BIAS, default=False), not before)
        panel.ui.removeBiasCheckBox.setChecked(before)
        panel.ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        self.assertFalse(panel.ui.removeBiasCheckBox.property("enabled"))  # an interpolation finds no brain

    def test_devices(self) -> None:
        panel = self.panel()
        panel.ui.refreshDevicesButton.click()
        self.waitUntil(lambda: panel.ui.refreshDevicesButton.property("enabled"))
        self.assertGreaterEqual(len(panel.modelPanel._devices), 2)

    def test_support_and_reveal(self) -> None:
        panel, volume, _output = self.compared()
        brain = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "brain")
        slicer.util.updateVolumeFromArray(brain, (slicer.util.arrayFromVolume(volume) > 120).astype("uint8"))
        brain.CopyOrientation(volume)
        panel._parameterNode.inputVolume, panel._parameterNode.mask = volume, brain
        comparison = panel.comparePanel.views.comparison
        panel.ui.supportButton.setChecked(True)
        self.waitUntil(lambda: comparison.differenceVolume is not None)
        panel.ui.supportButton.setChecked(False)
        self.assertIsNone(comparison.differenceVolume)
        panel.ui.revealButton.setChecked(True)
        panel.ui.revealButton.setChecked(False)
        self.assertFalse(panel.comparePanel.views.reveal.on)

    def test_measure(self) -> None:
        panel, _volume, output = self.compared()
        panel._parameterNode.referenceVolume = output
        panel.ui.measureButton.click()
        self.waitUntil(lambda: panel.ui.measureButton.property("enabled"))
        self.assertIn("NRMSE", panel.ui.scoresLabel.property("text"))

    def test_several_scans(self) -> None:
        self.aVolume("A")
        self.aVolume("B")
        panel = self.panel()
        ui = panel.ui
        ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        ui.batchCollapsibleButton.setProperty("collapsed", False)
        ui.batchSceneButton.click()
        ui.batchNoneButton.click()
        self.assertEqual(panel.batchPanel.chosen, [])
        ui.batchTable.selectRow(1)
        ui.batchStudyButton.click()
        self.assertIn(1, panel.batchPanel.chosen)
        ui.batchAllButton.click()
        ui.batchApplyButton.click()
        self.waitUntil(lambda: not panel.batchPanel.running)
        self.assertIn("2 of 2", ui.batchStatusLabel.property("text"))
        ui.batchShowButton.click()
        self.assertTrue(panel.comparePanel.views.comparison.active)
        ui.restoreLayoutButton.click()

    def test_models(self) -> None:
        panel = self.panel()
        panel.ui.modelsCollapsibleButton.setProperty("collapsed", False)
        names = [entry.name for entry in panel.modelsPanel._entries]
        panel.ui.modelsTable.selectRow(names.index("srep-t1w-x4-fast"))
        self.assertFalse(panel.ui.deleteModelButton.property("enabled"))  # it came with the extension
        panel.ui.checkModelButton.click()
        self.waitUntil(lambda: panel.modelsPanel._job is None)
        self.assertIn("passed all checks", panel.ui.modelsStatusLabel.property("text"))

    def test_export_is_offered_for_dicom_only(self) -> None:
        panel, _volume, _output = self.compared()
        self.assertFalse(panel.ui.exportButton.property("enabled"))
        self.assertIn("was not loaded from DICOM", panel.ui.exportButton.property("toolTip"))
