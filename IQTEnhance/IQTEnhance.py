"""Entry point for Slicer: the module's description. Panel and logic are in `IQTEnhanceLib`, algorithms in `IQTLib`."""

import slicer
from IQTEnhanceLib.Logic import IQTEnhanceLogic
from IQTEnhanceLib.SampleData import registerSampleData
from IQTEnhanceLib.Widget import IQTEnhanceWidget as PanelWidget
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleTest


class IQTEnhance(ScriptedLoadableModule):
    """Estimate high-field-like brain MRI from low-field scans."""

    def __init__(self, parent) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("IQT Enhance")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Image Synthesis")]
        self.parent.dependencies = []
        self.parent.contributors = ["The Image Quality Transfer developers"]
        self.parent.helpText = _(
            "Makes low-field brain MRI look like high-field MRI: isotropic voxels and stronger contrast, with the "
            "position and units of the scan. For research, not for diagnosis. See the Help section of the panel and "
            "the README."
        )
        self.parent.acknowledgementText = _(
            "An open implementation of Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image "
            "Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


class IQTEnhanceWidget(PanelWidget):
    """The panel."""

    def onReload(self) -> None:
        """Developers' Reload: also forget the packages beside this file."""
        import sys

        for name in [name for name in sys.modules if name.split(".")[0] in ("IQTEnhanceLib", "IQTLib")]:
            del sys.modules[name]
        super().onReload()


class IQTEnhanceTest(ScriptedLoadableModuleTest):
    """Developers' "Reload and Test": the whole workflow on a small volume; other tests are in Testing/app."""

    def setUp(self) -> None:
        slicer.mrmlScene.Clear()

    def runTest(self) -> None:
        self.setUp()
        self.test_small_volume()

    def test_small_volume(self) -> None:
        import numpy as np
        import slicer.util

        volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "small")
        slicer.util.updateVolumeFromArray(volume, np.random.default_rng(0).uniform(0, 100, (6, 20, 22)))
        volume.SetSpacing(1, 1, 4)
        result = IQTEnhanceLogic().process(volume, model="cubic", device="cpu")
        self.assertEqual(result.outputVolume.GetImageData().GetDimensions(), (22, 20, 24))
        self.delayDisplay("Test passed")
