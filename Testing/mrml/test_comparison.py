"""Side by side: Slicer's real layout, slice and composite nodes."""

import numpy as np
import pytest
import slicer
import slicer.util
from IQTEnhanceLib.Comparison import LAYOUT_ID, Comparison, differenceMap, showingSlices


@pytest.fixture
def shown(logic, a_volume):
    """A comparison on show, its input and its enhanced volume."""
    volume = a_volume()
    output = logic.process(volume, model="cubic", device="cpu").outputVolume
    comparison = Comparison()
    comparison.show(volume, output)
    return comparison, volume, output


def composite(name: str):
    nodes = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return next(node for node in nodes if node.GetLayoutName() == name)


def layout() -> int:
    return slicer.app.layoutManager().layoutLogic().GetLayoutNode().GetViewArrangement()


def test_own_layout_with_two_linked_views(shown):
    _, volume, output = shown
    assert layout() == LAYOUT_ID > 100
    for name, shows in (("IQTInput", volume), ("IQTEnhanced", output)):
        node = composite(name)
        assert node.GetBackgroundVolumeID() == shows.GetID()
        assert (node.GetLinkedControl(), node.GetHotLinkedControl()) == (1, 1)
    views = [slicer.mrmlScene.GetSingletonNode(name, "vtkMRMLSliceNode") for name in ("IQTInput", "IQTEnhanced")]
    assert len({view.GetViewGroup() for view in views}) == 1
    left, right = (slicer.util.arrayFromVTKMatrix(view.GetSliceToRAS()) for view in views)
    np.testing.assert_allclose(left[:3, :3], right[:3, :3], atol=1e-9)
    crosshair = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLCrosshairNode")
    assert crosshair.GetCrosshairMode() == crosshair.ShowBasic


def test_both_have_the_same_window(shown):
    _, volume, output = shown
    volume.GetScalarVolumeDisplayNode().SetAutoWindowLevel(False)
    volume.GetScalarVolumeDisplayNode().SetWindowLevel(55, 44)
    shown[0].show(volume, output)
    display = output.GetScalarVolumeDisplayNode()
    assert (display.GetWindow(), display.GetLevel(), display.GetAutoWindowLevel()) == (55, 44, 0)


def test_former_layout_and_crosshair_come_back(shown):
    comparison = shown[0]
    comparison.show(*shown[1:])  # a second time must not make ours the former one
    comparison.restore()
    crosshair = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLCrosshairNode")
    assert layout() == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView
    assert crosshair.GetCrosshairMode() == crosshair.NoCrosshair
    assert not comparison.active


def test_fade_lays_the_enhanced_volume_over_the_input(shown):
    comparison, _, output = shown
    comparison.fade(0.5)
    assert composite("IQTInput").GetForegroundVolumeID() == output.GetID()
    assert composite("IQTInput").GetForegroundOpacity() == 0.5
    assert composite("IQTEnhanced").GetForegroundOpacity() == 0


def test_fading_in_another_layout_touches_nothing(shown):
    comparison = shown[0]
    comparison.restore()
    comparison.fade(0.5)
    assert composite("IQTInput").GetForegroundOpacity() == 0


def test_difference_is_enhanced_minus_input(shown):
    comparison, volume, output = shown
    array = slicer.util.arrayFromVolume(output)
    array[:] = slicer.util.arrayFromVolume(output) + 7
    comparison.showDifference(True)
    node = slicer.mrmlScene.GetNodeByID(composite("IQTInput").GetBackgroundVolumeID())
    difference = slicer.util.arrayFromVolume(node)
    np.testing.assert_allclose(difference[:45:4], 7, atol=1e-3)  # the measured slices
    assert (difference[47:] == 0).all()  # more than half a slice beyond the last of them
    assert differenceMap(volume, output) is node
    comparison.showDifference(False)
    assert composite("IQTInput").GetBackgroundVolumeID() == volume.GetID()


@pytest.mark.parametrize(
    ("spacing", "orientation"),
    [((1, 1, 4), "Sagittal"), ((4, 1, 1), "Coronal"), ((1, 4, 1), "Sagittal")],
)
def test_view_cuts_across_the_slices(scene, a_volume, spacing, orientation):
    assert showingSlices(a_volume(matrix=np.diag([*spacing, 1.0]))) == orientation
