"""Plots of the scene as they are read."""

import numpy as np
from IQTTrainingLib.Charts import Chart


def test_the_legend_has_room_above_the_curves(scene):
    chart = Chart("curves")
    node = chart.fill({"step": [1, 2, 3], "NRMSE": [0.5, 0.2, 0.1], "SSIM": [0.6, np.nan, 0.9]}, x="step", y="score")
    low, high = node.GetYAxisRange()
    assert low < 0.1
    assert high >= 0.9 + 0.3 * (0.9 - 0.1)
    assert node.GetYAxisRangeAuto() == 0
    assert [node.GetNthPlotSeriesNode(n).GetName() for n in range(2)] == ["NRMSE", "SSIM"]
    flat = chart.fill({"step": [1, 2, 3], "NRMSE": [0.5, 0.5, 0.5], "SSIM": [0.5, 0.5, 0.5]}, x="step", y="score")
    assert flat.GetYAxisRange()[0] < 0.5 < flat.GetYAxisRange()[1]
