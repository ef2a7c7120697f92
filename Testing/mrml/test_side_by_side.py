"""Side by side: Slicer's real layout, slice and composite nodes."""

import numpy as np
import pytest
import slicer
import slicer.util
from IQTEnhanceLib.Checks import affineOf
from IQTEnhanceLib.Comparison import Comparison
from IQTEnhanceLib.Difference import DifferenceJob, differenceOf, showLegend
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Views import PAIR, PLANES, make, showingSlices, shownTags, sliceNode


@pytest.fixture
def shown(quick_logic, a_volume):
    """A comparison on show, its input and its enhanced volume."""
    volume = a_volume()
    output = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
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
    assert layout() == PAIR > 100
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


def test_difference_is_enhanced_minus_input(shown, quick_logic):
    comparison, volume, output = shown
    array = slicer.util.arrayFromVolume(output)
    array[:] = slicer.util.arrayFromVolume(output) + 7
    node = differing(quick_logic, volume, output)
    difference = slicer.util.arrayFromVolume(node)
    np.testing.assert_allclose(difference[:45:4], 7, atol=1e-3)  # the measured slices
    assert (difference[47:] == 0).all()  # more than half a slice beyond the last of them
    comparison.showDifference(node)
    assert composite("IQTInput").GetBackgroundVolumeID() == node.GetID()
    comparison.showDifference(None)
    assert composite("IQTInput").GetBackgroundVolumeID() == volume.GetID()


def differing(quick_logic, volume, output):
    job = DifferenceJob(volume, output, quick_logic.runner)
    job.run()
    assert job.error is None, job.error
    return job.volume


def test_a_difference_is_made_once_for_the_same_voxels(shown, quick_logic):
    _, volume, output = shown
    assert differenceOf(volume, output) is None
    node = differing(quick_logic, volume, output)
    assert differenceOf(volume, output) is node
    output.GetImageData().Modified()
    assert differenceOf(volume, output) is None
    assert differing(quick_logic, volume, output) is node


@pytest.mark.parametrize("moved", ["none", "both", "reference"])
def test_looking_at_volumes_leaves_their_nodes_alone(shown, quick_logic, moved):
    """Difference and Measure take nothing out of the scene, not even a node of their own."""
    _, volume, output = shown
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(np.diag([1.0, 1, 1, 1])))
    reference = quick_logic.process(volume, model="linear", device="cpu").outputVolume
    for node in {"none": (), "both": (volume, output), "reference": (reference,)}[moved]:
        node.SetAndObserveTransformNodeID(transform.GetID())
    volume.AddDefaultStorageNode()
    before, removed = nodes(), []
    slicer.mrmlScene.AddObserver(slicer.vtkMRMLScene.NodeRemovedEvent, lambda *_: removed.append(1))
    quick_logic.measure(output, volume, reference)
    difference = differing(quick_logic, volume, output)
    new = {"IQT quality", difference.GetName(), difference.GetDisplayNode().GetName()}
    assert removed == []  # with a copy of a volume the module Data also removes what the copy shares
    assert [name for name in nodes() if name in before] == before
    assert set(nodes()) - set(before) <= new


def nodes() -> list[str]:
    scene = slicer.mrmlScene
    return sorted(scene.GetNthNode(number).GetName() or "" for number in range(scene.GetNumberOfNodes()))


def test_volumes_are_compared_where_they_lie_in_the_world(shown, quick_logic):
    """A reference under a transform that undoes its own displacement lies where the volume does."""
    _, volume, output = shown
    reference = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    straight = quick_logic.measure(output, volume, reference)
    place = np.eye(4)
    place[:3, 3] = 30, -20, 10
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(np.linalg.inv(place)))
    matrix = slicer.util.vtkMatrixFromArray(place @ affineOf(reference))
    reference.SetIJKToRASMatrix(matrix)
    reference.SetAndObserveTransformNodeID(transform.GetID())
    moved = quick_logic.measure(output, volume, reference)
    for column in (1, 2):
        cells = [float(table.GetCellText(0, column)) for table in (straight, moved)]
        assert cells[0] == pytest.approx(cells[1], abs=1e-5)


def test_a_transform_that_bends_is_refused_with_the_remedy(shown, quick_logic):
    _, volume, output = shown
    reference = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    grid = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLGridTransformNode")
    reference.SetAndObserveTransformNodeID(grid.GetID())
    with pytest.raises(EnhanceError, match="non-linear parent transform") as refusal:
        quick_logic.measure(output, volume, reference)
    assert "Harden" in refusal.value.remedy


def test_labels_state_what_is_shown(shown, quick_logic):
    comparison, volume, output = shown
    labels = [sliceNode("IQTInput").GetLayoutLabel()]
    for share in (1.0, 0.25, 0.0):
        comparison.fade(share)
        labels.append(sliceNode("IQTInput").GetLayoutLabel())
    comparison.showDifference(differing(quick_logic, volume, output))
    labels.append(sliceNode("IQTInput").GetLayoutLabel())
    assert labels == ["Input", "Enhanced", "Enhanced over input, 25%", "Input", "Enhanced - input"]
    assert composite("IQTInput").GetForegroundOpacity() == 0
    assert sliceNode("IQTEnhanced").GetLayoutLabel() == "Enhanced"


def test_a_colour_bar_shows_the_units_of_the_difference(shown, quick_logic):
    _, volume, output = shown
    node = differing(quick_logic, volume, output)
    showLegend(node, True)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)
    assert "grey levels of the scan" in legend.GetTitleText()
    assert legend.GetVisibility() == 1
    showLegend(node, False)
    assert legend.GetVisibility() == 0


@pytest.mark.parametrize("kind", [PAIR, PLANES])
def test_the_whole_volume_is_seen_once_the_views_have_their_size(quick_logic, a_volume, wait_until, kind):
    """A first layout gives its views their size only after it was asked for."""
    volume = a_volume(matrix=np.diag([1.0, 1.0, 4.0, 1.0]), shape=(30, 60, 90))
    output = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    comparison = Comparison()
    comparison.show(volume, output, kind)
    for tag in shownTags(kind):
        slicer.app.layoutManager().sliceWidget(tag).sliceLogic().ResizeSliceNode(150, 700)
    wait_until(lambda: all(sees(tag, volume) for tag in shownTags(kind)), 5)
    for left, right in zip(shownTags(kind)[::1], shownTags(kind)[len(shownTags(kind)) // 2 :], strict=False):
        views = [sliceNode(tag) for tag in (left, right)]
        assert views[0].GetFieldOfView() == pytest.approx(views[1].GetFieldOfView())
        matrices = [slicer.util.arrayFromVTKMatrix(view.GetXYToRAS()) for view in views]
        np.testing.assert_allclose(*matrices, atol=1e-6)  # the same place under the same pixel


def sees(tag: str, volume) -> bool:
    """Whether all of the volume lies inside the view's frame."""
    bounds = np.zeros(6)
    volume.GetRASBounds(bounds)
    corners = np.array(np.meshgrid(bounds[:2], bounds[2:4], bounds[4:])).reshape(3, -1)
    view = sliceNode(tag)
    to_view = np.linalg.inv(slicer.util.arrayFromVTKMatrix(view.GetXYToRAS()))
    places = (to_view @ np.vstack([corners, np.ones(8)]))[:2]
    size = np.array(view.GetDimensions()[:2]).reshape(2, 1)
    return bool((places >= -1).all() and (places <= size + 1).all())


def test_three_planes_show_each_volume_three_times(shown):
    comparison, volume, output = shown
    comparison.show(volume, output, PLANES)
    assert layout() == PLANES
    for number, orientation in enumerate(("Axial", "Coronal", "Sagittal")):
        left, right = shownTags(PLANES)[number], shownTags(PLANES)[number + 3]
        assert composite(left).GetBackgroundVolumeID() == volume.GetID()
        assert composite(right).GetBackgroundVolumeID() == output.GetID()
        matrices = [slicer.util.arrayFromVTKMatrix(sliceNode(tag).GetSliceToRAS()) for tag in (left, right)]
        np.testing.assert_allclose(*matrices, atol=1e-9)
        through = np.abs(matrices[0][:3, 2]).argmax()
        assert "RAS"[through] == {"Axial": "S", "Coronal": "A", "Sagittal": "R"}[orientation]
    comparison.restore()
    assert layout() == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView


def test_views_made_beforehand_are_those_of_the_layout(quick_logic, a_volume):
    for tag in shownTags(PAIR):
        make(tag)
    volume = a_volume()
    output = quick_logic.process(volume, model="cubic", device="cpu").outputVolume
    Comparison().show(volume, output)
    names = [node.GetLayoutName() for node in slicer.util.getNodesByClass("vtkMRMLSliceNode")]
    assert sorted(name for name in names if name.startswith("IQT")) == sorted(shownTags(PAIR))


@pytest.mark.parametrize(
    ("spacing", "orientation"),
    [((1, 1, 4), "Sagittal"), ((4, 1, 1), "Coronal"), ((1, 4, 1), "Sagittal")],
)
def test_view_cuts_across_the_slices(scene, a_volume, spacing, orientation):
    assert showingSlices(a_volume(matrix=np.diag([*spacing, 1.0]))) == orientation
