"""What Slicer loads: the module's description. Panel and logic are in `IQTTrainingLib`, the algorithms in `IQTLib`."""

import slicer
from IQTTrainingLib.Logic import IQTTrainingLogic
from IQTTrainingLib.Widget import IQTTrainingWidget as PanelWidget
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleTest


class IQTTraining(ScriptedLoadableModule):
    """Simulated low-field data, and models trained with them, from one's own high-field volumes."""

    def __init__(self, parent) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("IQT Training")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Image Synthesis")]
        self.parent.dependencies = []  # IQTEnhanceLib is found also where that module is not loaded
        self.parent.contributors = ["The Image Quality Transfer developers"]
        self.parent.helpText = _(
            "Simulates low-field scans of high-field brain MRI and trains models for IQT Enhance, in the background. "
            "For research. See the Help section of the panel and the README."
        )
        self.parent.acknowledgementText = _(
            "An open implementation of Eldaly AK, Figini M, Alexander DC. Alternative Learning Paradigms for Image "
            "Quality Transfer. Machine Learning for Biomedical Imaging 2024:027, doi 10.59275/j.melba.2024-1656."
        )


class IQTTrainingWidget(PanelWidget):
    """The panel."""

    def onReload(self) -> None:
        """Developers' Reload: also forget the packages beside this file."""
        import sys

        packages = ("IQTTrainingLib", "IQTEnhanceLib", "IQTLib")
        for name in [name for name in sys.modules if name.split(".")[0] in packages]:
            del sys.modules[name]
        super().onReload()


class IQTTrainingTest(ScriptedLoadableModuleTest):
    """Developers' "Reload and Test": a plan, its command line, a chart; Testing/app has the other tests."""

    def setUp(self) -> None:
        slicer.mrmlScene.Clear()

    def runTest(self) -> None:
        self.setUp()
        self.test_plan_and_distribution()

    def test_plan_and_distribution(self) -> None:
        from IQTTrainingLib.Charts import Chart, showDistribution
        from IQTTrainingLib.Plan import TrainingPlan

        line = IQTTrainingLogic().commandLine(TrainingPlan("scans", "model", method="srep", recipe="quick"))
        self.assertTrue(line.startswith("iqt train srep scans model --recipe srep-quick"))
        chart = showDistribution(Chart("test"), "in-distribution", 0)
        self.assertEqual(chart.GetNumberOfPlotSeriesNodes(), 3)
        self.delayDisplay("Test passed")
