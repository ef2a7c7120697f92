import sys

import slicer
import slicer.util
from IQTEnhanceAppTesting import IQTEnhanceAppTest


class IQTEnhanceLoadTest(IQTEnhanceAppTest):
    """The module loads, shows its panel, and knows its models and sample."""

    worker = False

    def test_module_is_there(self) -> None:
        self.assertEqual(slicer.modules.iqtenhance.title, "IQT Enhance")

    def test_opening_the_panel_loads_no_torch(self) -> None:
        before = "torch" in sys.modules
        panel = self.panel()
        self.assertEqual("torch" in sys.modules, before)
        self.assertFalse(panel.ui.applyButton.enabled)

    def test_every_widget_of_the_form_is_of_its_own_kind(self) -> None:
        ui = self.panel().ui
        self.assertEqual(ui.inputSelector.className(), "qMRMLNodeComboBox")
        self.assertEqual(ui.fadeSlider.className(), "ctkSliderWidget")
        self.assertEqual(ui.advancedCollapsibleButton.className(), "ctkCollapsibleButton")

    def test_bundled_models_are_listed(self) -> None:
        models = slicer.modules.iqtenhance.widgetRepresentation().self().logic.catalogue().models
        self.assertIn("srep-t1w-x4", models)
        self.assertTrue(models["srep-t1w-x4"].bundled)

    def test_a_volume_makes_apply_ready(self) -> None:
        volume = self.aVolume()
        panel = self.panel()
        panel.ui.inputSelector.setCurrentNode(volume)
        self.assertTrue(panel.ui.applyButton.enabled)
        self.assertTrue(panel.ui.modelSummaryLabel.text)

    def test_a_volume_that_gets_its_voxels_later_makes_apply_ready(self) -> None:
        import numpy as np

        volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "late")
        panel = self.panel()
        panel.ui.inputSelector.setCurrentNode(volume)
        self.assertFalse(panel.ui.applyButton.enabled)
        slicer.util.updateVolumeFromArray(volume, np.random.default_rng(0).uniform(0, 100, (6, 20, 22)))
        self.assertTrue(panel.ui.applyButton.enabled)

    def test_choosing_a_method_changes_the_models(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.methodComboBox.setCurrentIndex(panel.ui.methodComboBox.count - 1)
        self.assertEqual(panel.ui.modelComboBox.currentText, "cubic")

    def test_bundled_sample_is_registered_and_loads(self) -> None:
        import SampleData

        sources = slicer.modules.sampleDataSources.get("Image Quality Transfer", [])
        self.assertEqual([source.sampleName for source in sources], ["IQT-lowfield-template"])
        [volume] = SampleData.SampleDataLogic().downloadFromSource(sources[0])
        self.assertEqual(volume.GetSpacing(), (1.0, 1.0, 4.0))
