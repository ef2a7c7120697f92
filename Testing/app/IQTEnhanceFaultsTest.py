import re
from urllib.parse import urlparse
from urllib.request import url2pathname

import numpy as np
import slicer
import slicer.util
from IQTEnhanceAppTesting import IQTEnhanceAppTest


class IQTEnhanceFaultsTest(IQTEnhanceAppTest):
    """What went wrong in a running Slicer once, and is not seen by the tests of whole workflows."""

    def test_an_output_is_named_for_what_it_holds_now(self) -> None:
        volume, output = self.aVolume(), self.aVolume("T1 IQT-UNet")
        self.panel().logic.process(volume, output, model="cubic", device="cpu")
        self.assertEqual(output.GetName(), "T1 IQT-interpolated")

    def test_the_sample_has_an_absolute_address(self) -> None:
        [source] = slicer.modules.sampleDataSources["Image Quality Transfer"]
        self.assertRegex(source.uris[0], r"^file:///")

    def test_the_unet_draws_no_bands_on_the_sample(self) -> None:
        """Windows of another size have other borders: what differs from plane to plane is a seam."""
        from IQTLib.evaluation.artefacts import seam
        from IQTLib.image.volume import read
        from IQTLib.models.store import load
        from IQTLib.pipeline import enhance

        [source] = slicer.modules.sampleDataSources["Image Quality Transfer"]
        scan = read(url2pathname(urlparse(source.uris[0]).path))
        result = enhance(scan, model="unet-t1w-x4")
        other = enhance(scan, model=load("unet-t1w-x4", options={"window": 64}), mask=result.mask)
        inside = enhance(scan.with_data(result.mask.astype(np.float32)), model="cubic").volume.data > 0.5
        self.assertLess(seam(result.volume.data, other.volume.data, inside), 0.02)

    def test_an_error_names_the_volume_and_a_remedy_of_the_panel(self) -> None:
        volume = self.aVolume()
        slicer.util.arrayFromVolume(volume)[:2] = np.nan
        slicer.util.arrayFromVolumeModified(volume)
        panel = self.panel()
        panel.ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        panel.ui.applyButton.click()
        self.waitUntil(lambda: not panel.runPanel.running)
        told = re.sub(r"<[^>]*>", "", str(panel.ui.statusLabel.property("text")))
        self.assertIn("T1: ", told)
        self.assertIn("NaN", told)
        self.assertNotRegex(told, r"--[a-z]|iqt [a-z]|[/\\]")  # no options, no temporary paths

    def test_a_scan_without_a_brain_asks_for_a_mask_of_the_scene(self) -> None:
        self.aVolume()
        panel = self.panel()
        panel.ui.checkScanButton.click()
        self.waitUntil(lambda: panel.gaugePanel.job is None)
        self.assertNotIn("--mask", panel.ui.gaugeLabel.property("text"))

    def test_messages_of_another_volume_go(self) -> None:
        first, other = self.aVolume("A"), self.aVolume("B")
        panel = self.panel()
        panel._parameterNode.inputVolume = first
        panel.ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        panel.ui.applyButton.click()
        self.waitUntil(lambda: not panel.runPanel.running)
        self.assertTrue(panel.ui.statusLabel.property("text"))
        panel._parameterNode.inputVolume = other
        self.assertEqual(panel.ui.statusLabel.property("text"), "")

    def test_results_of_several_stay_when_the_section_is_closed(self) -> None:
        self.aVolume("A")
        panel = self.panel()
        ui = panel.ui
        ui.methodComboBox.setCurrentIndex(len(panel.modelPanel._methods) - 1)
        ui.batchCollapsibleButton.setProperty("collapsed", False)
        ui.batchSceneButton.click()
        ui.batchApplyButton.click()
        self.waitUntil(lambda: not panel.batchPanel.running)
        for collapsed in (True, False):
            ui.batchCollapsibleButton.setProperty("collapsed", collapsed)
        self.assertEqual(ui.batchTable.item(0, 1).text(), "Done")
