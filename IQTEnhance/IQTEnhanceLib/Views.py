"""The slice views of the comparison: two layouts, which slice each view cuts, and how much of it is seen."""

from xml.sax.saxutils import escape

from slicer.i18n import tr as _

from .Checks import affineOf

PAIR, PLANES = 7401, 7402  # Slicer's own layouts are below 100
VIEW_GROUP = 74
INPUTS = ("IQTInput", "IQTInput2", "IQTInput3")
ENHANCED = ("IQTEnhanced", "IQTEnhanced2", "IQTEnhanced3")
ORIENTATIONS = ("Axial", "Coronal", "Sagittal")
COLOURS = {INPUTS: "#8C8C8C", ENHANCED: "#2F7FB5"}
_VIEW = """
 <item><view class="vtkMRMLSliceNode" singletontag="{tag}">
  <property name="orientation" action="default">{orientation}</property>
  <property name="viewlabel" action="default">{label}</property>
  <property name="viewcolor" action="default">{colour}</property>
  <property name="viewgroup" action="default">{group}</property>
 </view></item>"""


def enter(layout: int) -> None:
    """Change to one of our layouts."""
    node = layoutNode()
    if not node.IsLayoutDescription(layout):
        node.AddLayoutDescription(layout, layoutDescription(layout))
    node.SetViewArrangement(layout)


def layoutDescription(layout: int) -> str:
    """PAIR: one plane, input left and enhanced right. PLANES: three planes, the input above the enhanced volume."""
    if layout == PAIR:
        return _split("horizontal", _item(INPUTS, 0) + _item(ENHANCED, 0))
    rows = (_split("horizontal", "".join(_item(tags, column) for column in range(3))) for tags in (INPUTS, ENHANCED))
    return _split("vertical", "".join(f"<item>{row}</item>" for row in rows))


def _split(direction: str, items: str) -> str:
    return f'<layout type="{direction}" split="true">{items}\n</layout>'


def _item(tags: tuple[str, ...], column: int) -> str:
    label = escape(_("Input") if tags is INPUTS else _("Enhanced"))
    orientation = ORIENTATIONS[column]
    return _VIEW.format(tag=tags[column], label=label, colour=COLOURS[tags], orientation=orientation, group=VIEW_GROUP)


def make(tag: str) -> None:
    """Make one view before its layout is entered: each takes Slicer a moment, and all at once would make it stutter."""
    import slicer

    if sliceNode(tag) is None:
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLSliceNode")
        node.UnRegister(None)
        node.SetSingletonTag(tag)
        node.SetName(tag)
        node.SetLayoutName(tag)
        slicer.mrmlScene.AddNode(node)


def orient(layout: int, volume) -> None:
    """Lay every pair of views along the slices and columns of `volume` that are nearest to its anatomical plane."""
    orientations = (showingSlices(volume),) if layout == PAIR else ORIENTATIONS
    for column, orientation in enumerate(orientations):
        for tags in (INPUTS, ENHANCED):
            node = sliceNode(tags[column])
            node.SetViewGroup(VIEW_GROUP)
            node.SetOrientation(orientation)
            node.RotateToVolumePlane(volume)


def fit(layout: int) -> dict[str, tuple[int, int]]:
    """Show all of the background in every view, both of a pair in the same frame; returns the views' sizes."""
    import slicer

    manager, sizes = slicer.app.layoutManager(), {}
    for left, right in list(zip(INPUTS, ENHANCED, strict=True))[: 1 if layout == PAIR else 3]:
        widget = manager.sliceWidget(left) if manager is not None else None
        if widget is not None:
            widget.sliceLogic().FitSliceToBackground()
            _sameFrame(sliceNode(left), sliceNode(right))
    for tag in shownTags(layout):
        sizes[tag] = tuple(sliceNode(tag).GetDimensions()[:2])
    return sizes


def _sameFrame(source, target) -> None:
    """The same slice at the same scale around the same point, whatever the size of the two views."""
    scale = source.GetFieldOfView()[0] / max(source.GetDimensions()[0], 1)
    width, height = target.GetDimensions()[:2]
    target.GetSliceToRAS().DeepCopy(source.GetSliceToRAS())
    target.SetFieldOfView(scale * width, scale * height, source.GetFieldOfView()[2])
    target.SetXYZOrigin(source.GetXYZOrigin())
    target.UpdateMatrices()


def shownTags(layout: int) -> tuple[str, ...]:
    """The views of a layout."""
    columns = 1 if layout == PAIR else 3
    return (*INPUTS[:columns], *ENHANCED[:columns])


def showingSlices(volume) -> str:
    """The orientation that cuts across thick slices, where an enhancement shows most."""
    import numpy as np

    axes = affineOf(volume)[:3, :3]
    thick = axes[:, np.linalg.norm(axes, axis=0).argmax()]
    return "Coronal" if np.abs(thick).argmax() == 0 else "Sagittal"


def layoutNode():
    import slicer

    return slicer.app.layoutManager().layoutLogic().GetLayoutNode()


def sliceNode(tag: str):
    import slicer

    return slicer.mrmlScene.GetSingletonNode(tag, "vtkMRMLSliceNode")


def compositeNode(tag: str):
    """What is shown in that view; None while it does not exist."""
    import slicer.util

    nodes = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return next((node for node in nodes if node.GetLayoutName() == tag), None)
