import sys

import slicer
import slicer.util
from IQTTrainingAppTesting import IQTTrainingAppTest


class IQTTrainingLoadTest(IQTTrainingAppTest):
    """The module loads, shows its panel, and draws its distribution."""

    worker = False

    def test_module_is_there(self) -> None:
        self.assertEqual(slicer.modules.iqttraining.title, "IQT Training")

    def test_opening_the_panel_loads_no_torch(self) -> None:
        before = "torch" in sys.modules
        panel = self.panel()
        self.assertEqual("torch" in sys.modules, before)
        self.assertFalse(panel.ui.trainButton.enabled)

    def test_every_widget_of_the_form_is_of_its_own_kind(self) -> None:
        ui = self.panel().ui
        self.assertEqual(ui.volumeSelector.className(), "qMRMLNodeComboBox")
        self.assertEqual(ui.advancedCollapsibleButton.className(), "ctkCollapsibleButton")

    def test_widgets_and_parameters_follow_each_other(self) -> None:
        panel = self.panel()
        panel.ui.thicknessSpinBox.value = 2
        panel.ui.modelNameLineEdit.text = "mine"
        panel.ui.keepRunningCheckBox.checked = False
        parameters = panel._parameterNode
        self.assertEqual((parameters.thickness, parameters.modelName, parameters.keepRunning), (2, "mine", False))
        parameters.gap = 2
        self.assertEqual(panel.ui.gapSpinBox.value, 2)
        self.assertIn("4", panel.ui.factorLabel.text)

    def test_distribution_is_shown_in_a_plot_view(self) -> None:
        panel = self.panel()
        panel.ui.plotButton.click()
        chart = panel.simulatePanel.chart.node
        self.assertEqual(chart.GetNumberOfPlotSeriesNodes(), 3)
        views = slicer.util.getNodesByClass("vtkMRMLPlotViewNode")
        self.assertIn(chart.GetID(), [view.GetPlotChartNodeID() for view in views])

    def test_an_empty_panel_says_what_is_missing(self) -> None:
        panel = self.panel()
        panel._parameterNode.modelName = ""
        self.assertIn("name", panel.ui.trainButton.toolTip)
        panel._parameterNode.modelName = "mine"
        self.assertIn("too few", panel.ui.trainButton.toolTip)
