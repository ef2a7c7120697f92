"""Input and enhanced volume side by side: one layout, two linked views, the same window and level."""

from .Checks import affineOf
from .Measurement import extentOn, onGrid

LAYOUT_ID = 7401  # Slicer's own are below 100
VIEW_GROUP = 74
LEFT, RIGHT = "IQTInput", "IQTEnhanced"
DIFFERENCE_ROLE = "IQTEnhance.Difference"
DIVERGING = "vtkMRMLColorTableNodeFileDivergingBlueRed.txt"
_VIEW = """
 <item><view class="vtkMRMLSliceNode" singletontag="{tag}">
  <property name="orientation" action="default">{orientation}</property>
  <property name="viewlabel" action="default">{label}</property>
  <property name="viewcolor" action="default">{colour}</property>
  <property name="viewgroup" action="default">{group}</property>
 </view></item>"""


def layoutDescription() -> str:
    views = ((LEFT, "Input", "#8C8C8C"), (RIGHT, "Enhanced", "#2F7FB5"))
    items = (
        _VIEW.format(tag=tag, label=label, colour=colour, orientation="Sagittal", group=VIEW_GROUP)
        for tag, label, colour in views
    )
    return f'<layout type="horizontal" split="true">{"".join(items)}\n</layout>'


class Comparison:
    """Shows an enhanced volume beside its input, and gives the former layout back."""

    def __init__(self) -> None:
        self.inputVolume = self.outputVolume = None
        self._formerLayout: int | None = None
        self._formerCrosshair: int | None = None

    @property
    def active(self) -> bool:
        """Whether the views are those of the comparison."""
        return self.outputVolume is not None and _layoutNode().GetViewArrangement() == LAYOUT_ID

    def show(self, inputVolume, outputVolume) -> None:
        """Change to the layout and put the volumes into its views."""
        self.inputVolume, self.outputVolume = inputVolume, outputVolume
        self._enterLayout()
        orientation = showingSlices(inputVolume)
        for tag, volume in ((LEFT, inputVolume), (RIGHT, outputVolume)):
            _sliceNode(tag).SetViewGroup(VIEW_GROUP)
            _sliceNode(tag).SetOrientation(orientation)
            _sliceNode(tag).RotateToVolumePlane(inputVolume)
            composite = _compositeNode(tag)
            composite.SetLinkedControl(False)  # or the second volume would go into both views
            composite.SetBackgroundVolumeID(volume.GetID())
            composite.SetForegroundVolumeID(outputVolume.GetID() if tag == LEFT else None)
            composite.SetForegroundOpacity(0.0)
            composite.SetLabelVolumeID(None)
        sameWindow(inputVolume, outputVolume)
        self._fit()
        for tag in (LEFT, RIGHT):
            _compositeNode(tag).SetHotLinkedControl(True)
            _compositeNode(tag).SetLinkedControl(True)

    def restore(self) -> None:
        """Return to the layout and crosshair from before."""
        if self._formerLayout is not None:
            _layoutNode().SetViewArrangement(self._formerLayout)
        if self._formerCrosshair is not None and _crosshair() is not None:
            _crosshair().SetCrosshairMode(self._formerCrosshair)
        self._formerLayout = self._formerCrosshair = None

    def fade(self, share: float) -> None:
        """Lay the enhanced volume over the input in the left view: 0 shows the input, 1 the enhanced volume."""
        if self.active:
            _compositeNode(LEFT).SetForegroundOpacity(min(max(share, 0.0), 1.0))

    def showDifference(self, shown: bool) -> None:
        """Put the map of enhanced minus input into the left view, or the input back."""
        if not self.active:
            return
        background = differenceMap(self.inputVolume, self.outputVolume) if shown else self.inputVolume
        _compositeNode(LEFT).SetBackgroundVolumeID(background.GetID())

    def forget(self) -> None:
        """Let go of volumes and settings of a scene that closes."""
        self.__init__()

    def _enterLayout(self) -> None:
        import slicer

        node = _layoutNode()
        if not node.IsLayoutDescription(LAYOUT_ID):
            node.AddLayoutDescription(LAYOUT_ID, layoutDescription())
        if node.GetViewArrangement() != LAYOUT_ID:
            self._formerLayout = node.GetViewArrangement()
            node.SetViewArrangement(LAYOUT_ID)
        crosshair = _crosshair()
        if crosshair is not None and self._formerCrosshair is None:
            self._formerCrosshair = crosshair.GetCrosshairMode()
            crosshair.SetCrosshairMode(slicer.vtkMRMLCrosshairNode.ShowBasic)

    @staticmethod
    def _fit() -> None:
        import slicer

        manager = slicer.app.layoutManager()
        for tag in (LEFT, RIGHT):
            widget = manager.sliceWidget(tag) if manager is not None else None
            if widget is not None:
                widget.sliceLogic().FitSliceToBackground()


def showingSlices(inputVolume) -> str:
    """The orientation that cuts across thick slices, where an enhancement shows most."""
    import numpy as np

    axes = affineOf(inputVolume)[:3, :3]
    thick = axes[:, np.linalg.norm(axes, axis=0).argmax()]
    return "Coronal" if np.abs(thick).argmax() == 0 else "Sagittal"


def sameWindow(inputVolume, outputVolume) -> None:
    """Show the output with the input's window and level."""
    source, target = inputVolume.GetScalarVolumeDisplayNode(), outputVolume.GetScalarVolumeDisplayNode()
    if source is not None and target is not None:
        target.SetAutoWindowLevel(False)
        target.SetWindowLevel(source.GetWindow(), source.GetLevel())


def differenceMap(inputVolume, outputVolume):
    """A volume node of enhanced minus input on the enhanced grid, 0 beyond the input's slices; made once."""
    import numpy as np
    import slicer
    import slicer.util

    node = outputVolume.GetNodeReference(DIFFERENCE_ROLE)
    if node is None:
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", f"{outputVolume.GetName()} difference")
        node.CreateDefaultDisplayNodes()
        outputVolume.SetNodeReferenceID(DIFFERENCE_ROLE, node.GetID())
    measured = slicer.util.arrayFromVolume(onGrid(inputVolume, outputVolume)).astype(np.float32)
    change = slicer.util.arrayFromVolume(outputVolume) - measured
    change[~extentOn(outputVolume, inputVolume)] = 0
    node.CopyOrientation(outputVolume)
    node.SetAndObserveTransformNodeID(outputVolume.GetTransformNodeID())
    display = node.GetScalarVolumeDisplayNode()
    display.SetAutoWindowLevel(False)
    display.SetWindowLevel(max(8 * float(change.std()), 1e-6), 0.0)  # four standard deviations to each side
    display.SetAndObserveColorNodeID(DIVERGING)
    slicer.util.updateVolumeFromArray(node, change)
    return node


def _layoutNode():
    import slicer

    return slicer.app.layoutManager().layoutLogic().GetLayoutNode()


def _crosshair():
    import slicer

    return slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLCrosshairNode")


def _sliceNode(tag: str):
    import slicer

    return slicer.mrmlScene.GetSingletonNode(tag, "vtkMRMLSliceNode")


def _compositeNode(tag: str):
    import slicer.util

    nodes = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return next(node for node in nodes if node.GetLayoutName() == tag)
