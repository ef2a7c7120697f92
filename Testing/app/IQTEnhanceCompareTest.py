import slicer
import slicer.util
from IQTEnhanceAppTesting import IQTEnhanceAppTest


class IQTEnhanceCompareTest(IQTEnhanceAppTest):
    """Side by side in real slice views, and back."""

    def compared(self):
        """The panel with an enhanced volume side by side with its input."""
        volume = self.aVolume()
        panel = self.panel()
        output = panel.logic.process(volume, model="cubic", device="cpu").outputVolume
        panel.comparePanel.setEnhanced(output)
        panel.ui.sideBySideButton.click()
        return panel, volume, output

    def composite(self, view: str):
        return slicer.app.layoutManager().sliceWidget(view).sliceLogic().GetSliceCompositeNode()

    def label(self, view: str) -> str:
        return slicer.app.layoutManager().sliceWidget(view).sliceController().sliceViewLabel

    def test_the_first_comparison_shows_the_whole_volume(self) -> None:
        self.compared()
        node = slicer.app.layoutManager().sliceWidget("IQTInput").mrmlSliceNode()
        width = height = 40  # mm, of the axial slice
        self.waitUntil(lambda: node.GetFieldOfView()[0] >= width and node.GetFieldOfView()[1] >= height, 5)

    def test_difference_and_measure_leave_the_scan_alone(self) -> None:
        panel, volume, output = self.compared()
        volume.AddDefaultStorageNode()
        display, storage = volume.GetDisplayNodeID(), volume.GetStorageNodeID()
        panel.ui.differenceButton.checked = True
        self.waitUntil(lambda: self.composite("IQTInput").GetBackgroundVolumeID() != volume.GetID())
        panel.logic.measure(output, volume, output)
        self.assertEqual((volume.GetDisplayNodeID(), volume.GetStorageNodeID()), (display, storage))
        self.assertIsNotNone(slicer.mrmlScene.GetNodeByID(display))
        self.assertIsNotNone(slicer.mrmlScene.GetNodeByID(storage))

    def test_two_linked_views(self) -> None:
        former = slicer.app.layoutManager().layout
        panel, volume, output = self.compared()
        self.assertEqual(self.composite("IQTInput").GetBackgroundVolumeID(), volume.GetID())
        self.assertEqual(self.composite("IQTEnhanced").GetBackgroundVolumeID(), output.GetID())
        self.assertTrue(self.composite("IQTInput").GetHotLinkedControl())
        panel.ui.restoreLayoutButton.click()
        self.assertEqual(slicer.app.layoutManager().layout, former)

    def test_moving_one_view_moves_the_other(self) -> None:
        self.compared()
        left, right = (slicer.app.layoutManager().sliceWidget(view) for view in ("IQTInput", "IQTEnhanced"))
        left.sliceLogic().StartSliceNodeInteraction(1)  # offset
        left.sliceLogic().SetSliceOffset(left.sliceLogic().GetSliceOffset() + 3)
        left.sliceLogic().EndSliceNodeInteraction()
        self.assertAlmostEqual(left.sliceLogic().GetSliceOffset(), right.sliceLogic().GetSliceOffset(), places=3)

    def test_fade_toggle_and_difference(self) -> None:
        panel, volume, _ = self.compared()
        panel.ui.fadeSlider.value = 0.25
        self.assertAlmostEqual(self.composite("IQTInput").GetForegroundOpacity(), 0.25)
        panel.ui.toggleButton.click()
        self.assertEqual(self.composite("IQTInput").GetForegroundOpacity(), 1.0)
        self.assertEqual(self.label("IQTInput"), "Enhanced")
        panel.ui.differenceButton.checked = True
        self.waitUntil(lambda: self.composite("IQTInput").GetBackgroundVolumeID() != volume.GetID())
        self.assertEqual(self.label("IQTInput"), "Enhanced - input")

    def test_scores_against_a_reference(self) -> None:
        panel, volume, output = self.compared()
        table = panel.logic.measure(output, volume, output)
        self.assertEqual(table.GetNumberOfColumns(), 3)
        self.assertAlmostEqual(float(table.GetCellText(0, 2)), 0.0, places=5)
