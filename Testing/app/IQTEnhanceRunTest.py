import numpy as np
import slicer
import slicer.util
from IQTEnhanceAppTesting import IQTEnhanceAppTest


class IQTEnhanceRunTest(IQTEnhanceAppTest):
    """A small volume is enhanced in a worker, from Python and from the panel, and the work can be cancelled."""

    def test_logic_enhances_on_its_own_grid(self) -> None:
        from IQTEnhance import IQTEnhanceLogic

        volume = self.aVolume()
        result = IQTEnhanceLogic().process(volume, model="linear", device="cpu")
        output = slicer.util.arrayFromVolume(result.outputVolume)
        self.assertEqual(output.shape, (48, 40, 40))
        np.testing.assert_allclose(output[::4], slicer.util.arrayFromVolume(volume), rtol=1e-5)
        self.assertIsNone(result.outputVolume.GetAttribute("DICOM.instanceUIDs"))

    def test_a_left_handed_volume_is_not_mirrored(self) -> None:
        from IQTEnhance import IQTEnhanceLogic

        volume = self.aVolume()
        volume.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(np.diag([-1.0, 1.0, 4.0, 1.0])))
        output = IQTEnhanceLogic().process(volume, model="linear", device="cpu").outputVolume
        np.testing.assert_allclose(
            slicer.util.arrayFromVolume(output)[::4], slicer.util.arrayFromVolume(volume), rtol=1e-5
        )

    def test_output_lies_in_the_same_folder(self) -> None:
        from IQTEnhance import IQTEnhanceLogic

        volume = self.aVolume()
        hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
        study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), "study")
        hierarchy.SetItemParent(hierarchy.GetItemByDataNode(volume), study)
        output = IQTEnhanceLogic().process(volume, model="cubic", device="cpu").outputVolume
        self.assertEqual(hierarchy.GetItemParent(hierarchy.GetItemByDataNode(output)), study)

    def test_apply_in_the_panel(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.methodComboBox.setCurrentIndex(panel.ui.methodComboBox.count - 1)
        panel.ui.applyButton.click()
        self.assertEqual(panel.ui.applyButton.text, "Cancel")
        self.waitUntil(lambda: not panel.runPanel.running)
        self.assertIsNotNone(slicer.util.getNode("T1 IQT-interpolated"))
        self.assertEqual(panel.ui.applyButton.text, "Apply")
        self.assertIn("is next to T1", panel.ui.statusLabel.text)

    def test_the_result_shows_itself_unless_the_views_are_to_be_left_alone(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.methodComboBox.setCurrentIndex(panel.ui.methodComboBox.count - 1)
        asked = panel.ui.showResultCheckBox.checked
        panel.ui.restoreLayoutButton.click()
        before = slicer.app.layoutManager().layout
        try:
            for shown in (False, True):
                panel.ui.showResultCheckBox.checked = shown
                panel.ui.applyButton.click()
                self.waitUntil(lambda: not panel.runPanel.running)
                self.assertEqual(slicer.app.layoutManager().layout != before, shown)
        finally:
            panel.ui.showResultCheckBox.checked = asked
            panel.ui.restoreLayoutButton.click()

    def test_cancel_in_the_panel(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.applyButton.click()
        panel.ui.applyButton.click()
        self.waitUntil(lambda: not panel.runPanel.running)
        self.assertIn("Stopped by the user", panel.ui.statusLabel.text)
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode"), 1)

    def test_closing_the_scene_ends_the_work(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.applyButton.click()
        slicer.mrmlScene.Clear()
        self.waitUntil(lambda: not panel.runPanel.running)
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode"), 0)
