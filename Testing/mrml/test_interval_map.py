"""How sure a result is: the map of the interval's half-width, beside the result and over it."""

from pathlib import Path

import numpy as np
import pytest
import slicer
import slicer.util
import tiny
from IQTEnhanceLib import Interval
from IQTEnhanceLib.Checks import affineOf
from IQTEnhanceLib.Comparison import Comparison
from IQTEnhanceLib.Folder import inScene
from IQTEnhanceLib.Output import noScan
from IQTEnhanceLib.Views import compositeNode
from IQTLib.image.volume import Volume, read, write
from IQTLib.models.intervals import Calibration


@pytest.fixture
def sure(quick_logic, models, a_volume, a_mask):
    """A scan and its result with intervals."""
    tiny.restoring(models / "sure", intervals=Calibration.none_yet())
    scan = a_volume("T2w scan")
    result = quick_logic.process(scan, model="sure", mask=a_mask(scan), uncertainty=True, device="cpu")
    return scan, result.outputVolume


def test_the_map_lies_beside_the_result_on_its_grid(sure):
    scan, output = sure
    node = Interval.intervalOf(output)
    assert node.GetName() == f"{output.GetName()} interval +-"
    assert "half-width" in noScan(node)
    np.testing.assert_allclose(affineOf(node), affineOf(output))
    half, values = slicer.util.arrayFromVolume(node), slicer.util.arrayFromVolume(output)
    assert half.shape == values.shape
    assert (half >= 0).all()
    assert 0.1 < (half > 0).mean() < 0.9
    assert node.GetAttribute("IQT.coverage") == "0.9"
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    items = [hierarchy.GetItemByDataNode(one) for one in (scan, output, node)]
    assert len({hierarchy.GetItemParent(item) for item in items}) == 1


def test_a_map_of_other_voxels_is_not_shown(sure):
    _, output = sure
    output.GetImageData().Modified()
    assert Interval.intervalOf(output) is None


def test_a_result_without_interval_drops_the_map_of_the_one_before(sure, quick_logic):
    scan, output = sure
    assert slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")[-1].GetName().endswith("interval +-")
    quick_logic.process(scan, output, model="cubic", device="cpu")
    assert Interval.intervalOf(output) is None
    assert not any(node.GetName().endswith("+-") for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode"))


def test_the_map_lies_over_the_enhanced_volume_alone(sure):
    scan, output = sure
    node, comparison = Interval.intervalOf(output), Comparison()
    comparison.show(scan, output)
    comparison.showOverlay(node, 0.4)
    assert compositeNode("IQTEnhanced").GetForegroundVolumeID() == node.GetID()
    assert compositeNode("IQTEnhanced").GetForegroundOpacity() == pytest.approx(0.4)
    assert compositeNode("IQTInput").GetForegroundVolumeID() == output.GetID()
    comparison.showOverlay(None)
    assert not compositeNode("IQTEnhanced").GetForegroundVolumeID()


def test_small_half_widths_and_what_lies_outside_the_brain_are_hidden(sure):
    node = Interval.intervalOf(sure[1])
    display = node.GetScalarVolumeDisplayNode()
    Interval.hideBelow(node, 0.0)
    assert display.GetApplyThreshold()
    assert display.GetLowerThreshold() > 0
    Interval.hideBelow(node, 5.0)
    assert display.GetLowerThreshold() == 5.0
    Interval.showLegend(node, True)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)
    assert legend.GetTitleText().startswith("90% interval")


def test_a_folder_s_results_have_the_map_too(quick_logic, models, a_volume, tmp_path, monkeypatch):
    tiny.restoring(models / "sure", intervals=Calibration.none_yet())
    radius = np.linalg.norm((np.indices((24, 24, 14)).T - (11.5, 11.5, 6.5)) * (6, 6, 10), axis=-1).T
    ball = np.select([radius < 45, radius < 58, radius < 65], [50.0, 70.0, 100.0], 0)  # a stripped brain's size
    ball += 2 * np.random.default_rng(0).standard_normal(ball.shape) * (ball > 0)
    write(Volume(ball.astype(np.float32), np.diag([6.0, 6.0, 10.0, 1.0])), tmp_path / "scan_T2w.nii.gz")
    [result] = quick_logic.processFolder(tmp_path, model="sure", device="cpu", uncertainty=True)
    assert result.error is None

    def load(file: str, properties=None):
        if not Path(file).is_file():
            raise RuntimeError("no such file")
        node = a_volume(Path(file).name)
        slicer.util.updateVolumeFromArray(node, read(file).data.T)
        return node

    monkeypatch.setattr(slicer.util, "loadVolume", load, raising=False)
    half = slicer.util.arrayFromVolume(Interval.intervalOf(inScene(result)))
    lower, upper = (read(file).data.T for file in result.interval["files"][:2])
    np.testing.assert_allclose(2 * half, upper - lower, atol=1e-3 * half.max())
    names = [node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")]
    assert names == ["scan_T2w.nii.gz", "scan_T2w_sure.nii.gz", "scan_T2w_sure.nii.gz interval +-"]
    Path(result.interval["files"][2]).unlink()
    assert Interval.intervalOf(inScene(result)) is None
