"""A run as a node of Slicer's command-line modules: what another extension sees of it."""

import pytest
import slicer
from IQTEnhanceLib.CommandNode import MESSAGE, OUTPUT_ROLE, PROGRESS
from IQTEnhanceLib.Errors import EnhanceError


def watched(node) -> list[tuple[str, int]]:
    """Fills with status and progress at each change."""
    seen = []

    def look(caller, _event) -> None:
        seen.append((caller.GetStatusString(), int(caller.GetAttribute(PROGRESS))))

    node.AddObserver(node.StatusModifiedEvent, look)
    node.AddObserver("ModifiedEvent", look)
    return seen


def test_progress_and_results_of_several_volumes(quick_logic, a_volume, wait_until):
    node = quick_logic.processInNode([a_volume("A"), a_volume("B")], model="cubic", device="cpu")
    assert node.IsBusy()
    seen = watched(node)
    wait_until(lambda: not node.IsBusy())
    assert node.GetStatus() == node.Completed
    shares = [share for _status, share in seen]
    assert shares == sorted(shares)
    assert {0 < share < 100 for share in shares} == {True, False}
    assert (shares[-1], node.GetAttribute(MESSAGE), node.GetErrorText()) == (100, "", "")
    count = node.GetNumberOfNodeReferences(OUTPUT_ROLE)
    names = [node.GetNthNodeReference(OUTPUT_ROLE, number).GetName() for number in range(count)]
    assert names == ["A IQT-interpolated", "B IQT-interpolated"]


def test_one_that_fails_is_told_in_the_node(quick_logic, a_volume, wait_until):
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")
    node = quick_logic.processInNode([empty, a_volume()], model="cubic", device="cpu")
    wait_until(lambda: not node.IsBusy())
    assert node.GetStatus() == node.CompletedWithErrors
    assert node.GetErrorText() == "empty has no voxels. Choose a volume with an image."
    assert node.GetNumberOfNodeReferences(OUTPUT_ROLE) == 1


def test_one_that_fails_at_once(quick_logic):
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")
    node = quick_logic.processInNode(empty, model="cubic")
    assert node.GetStatus() == node.CompletedWithErrors


def test_cancel_of_the_node_stops_the_run(quick_logic, a_volume, wait_until):
    node = quick_logic.processInNode([a_volume("A"), a_volume("B")], model="cubic", device="cpu")
    seen = watched(node)
    node.Cancel()
    wait_until(lambda: not node.IsBusy())
    assert node.GetStatus() == node.Cancelled
    assert seen[0][0] == "Cancelling"
    assert node.GetNumberOfNodeReferences(OUTPUT_ROLE) == 0
    assert "Stopped" in node.GetErrorText()


def test_a_request_that_cannot_be_met_leaves_no_node(quick_logic, a_volume):
    with pytest.raises(EnhanceError, match="There is no model 'nothing'"):
        quick_logic.processInNode(a_volume(), model="nothing")
    assert slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLCommandLineModuleNode") is None


def test_a_closed_scene_ends_the_run(quick_logic, a_volume, wait_until):
    node = quick_logic.processInNode(a_volume(), model="cubic", device="cpu")
    slicer.mrmlScene.Clear()
    wait_until(lambda: not node.IsBusy())
    assert node.GetStatus() == node.Cancelled
