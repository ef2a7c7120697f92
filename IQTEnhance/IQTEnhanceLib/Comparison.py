"""Input and enhanced volume side by side: linked views of the same frame, with the same window and level."""

from slicer.i18n import tr as _

from . import Views
from .Difference import isSupport
from .Views import ENHANCED, INPUTS, PAIR, PLANES
from .Window import sameWindow

LOOKS = (0, 300)  # ms after a change of layout: views have found their size by then


class Comparison:
    """Shows an enhanced volume beside its input, and gives the former layout back.

    Args:
        titles: of the views of the one and of the other.
    """

    def __init__(self, titles: tuple[str, str] = (_("Input"), _("Enhanced"))) -> None:
        self._titles = titles
        self.inputVolume = self.outputVolume = self.differenceVolume = self.overlay = None
        self._share = 0.0
        self._layout = PAIR
        self._sizes: dict[str, tuple[int, int]] = {}
        self._formerLayout: int | None = None
        self._formerCrosshair: int | None = None

    @property
    def active(self) -> bool:
        """Whether the views are those of the comparison."""
        return self.outputVolume is not None and Views.layoutNode().GetViewArrangement() in (PAIR, PLANES)

    def show(self, inputVolume, outputVolume, layout: int = PAIR, *, contrast: str = "T1w") -> None:
        """Change to the layout and put the volumes into its views."""
        self.inputVolume, self.outputVolume = inputVolume, outputVolume
        self.differenceVolume = self.overlay = None
        self._layout = layout
        self._enterLayout()
        for tag in Views.shownTags(layout):
            composite = Views.compositeNode(tag)
            composite.SetLinkedControl(False)  # or the second volume would go into all views
            composite.SetLabelVolumeID(None)
            composite.SetForegroundVolumeID(outputVolume.GetID() if tag in INPUTS else None)
            composite.SetBackgroundVolumeID((inputVolume if tag in INPUTS else outputVolume).GetID())
        Views.orient(layout, inputVolume)
        sameWindow(inputVolume, outputVolume, contrast)
        self._refresh()
        self._sizes = Views.fit(layout)
        self._fitWhenSized()
        for tag in Views.shownTags(layout):
            Views.compositeNode(tag).SetHotLinkedControl(True)
            Views.compositeNode(tag).SetLinkedControl(True)

    def restore(self) -> None:
        """Return to the layout and crosshair from before."""
        if self._formerLayout is not None:
            Views.layoutNode().SetViewArrangement(self._formerLayout)
        if self._formerCrosshair is not None and _crosshair() is not None:
            _crosshair().SetCrosshairMode(self._formerCrosshair)
        self._formerLayout = self._formerCrosshair = None

    def fade(self, share: float) -> None:
        """Lay the enhanced volume over the input in its views: 0 shows the input, 1 the enhanced volume."""
        self._share = min(max(share, 0.0), 1.0)
        if self.active:
            self._refresh()

    def showDifference(self, volume) -> None:
        """Put the map of enhanced minus input into the input's views, or (None) the input back."""
        self.differenceVolume = volume
        if self.active:
            self._refresh()

    def showOverlay(self, volume, opacity: float = 0.5) -> None:
        """Lay a map over the enhanced volume in its views, or (None) take it away."""
        self.overlay = volume
        if not self.active:
            return
        for tag in ENHANCED:
            composite = Views.compositeNode(tag)
            if composite is None or tag not in Views.shownTags(self._layout):
                continue
            linked = composite.GetLinkedControl()
            composite.SetLinkedControl(False)  # or the input's views would follow
            composite.SetForegroundVolumeID(volume.GetID() if volume is not None else None)
            composite.SetForegroundOpacity(opacity if volume is not None else 0.0)
            composite.SetLinkedControl(linked)

    @property
    def layout(self) -> int:
        """The layout that was entered last."""
        return self._layout

    def shown(self) -> dict[str, str]:
        """What each view shows, in words."""
        output = self.outputVolume.GetName()
        names = dict(zip(self._titles, (self.inputVolume.GetName(), output), strict=True))
        left = names.get(self._label(), f"{self._label()}: {output}")
        return {tag: left if tag in INPUTS else output for tag in Views.shownTags(self._layout)}

    def forget(self) -> None:
        """Release volumes and settings of a closing scene."""
        self.__init__(self._titles)

    def _refresh(self) -> None:
        """Layers and labels of the input's views; a label tells what is seen, not what once was."""
        changed = self.differenceVolume is not None
        background = self.differenceVolume if changed else self.inputVolume
        for number, tag in enumerate(INPUTS):
            composite = Views.compositeNode(tag)
            if composite is None or tag not in Views.shownTags(self._layout):
                continue
            linked = composite.GetLinkedControl()
            composite.SetLinkedControl(False)  # or the enhanced volume's views would follow
            composite.SetBackgroundVolumeID(background.GetID())
            composite.SetForegroundOpacity(0.0 if changed else self._share)
            composite.SetLinkedControl(linked)
            Views.sliceNode(tag).SetLayoutLabel(self._label())
            Views.sliceNode(ENHANCED[number]).SetLayoutLabel(self._titles[1])

    def _label(self) -> str:
        first, second = self._titles
        if self.differenceVolume is not None:
            difference = _("{enhanced} - {input}").format(enhanced=second, input=first.lower())
            return _("Not supported") if isSupport(self.differenceVolume) else difference
        if self._share in (0.0, 1.0):
            return second if self._share else first
        text = _("{enhanced} over {input}, {share:.0%}")
        return text.format(enhanced=second, input=first.lower(), share=self._share)

    def _enterLayout(self) -> None:
        import slicer

        former = Views.layoutNode().GetViewArrangement()
        if former not in (PAIR, PLANES):
            self._formerLayout = former
        if former != self._layout:
            Views.enter(self._layout)
        crosshair = _crosshair()
        if crosshair is not None and self._formerCrosshair is None:
            self._formerCrosshair = crosshair.GetCrosshairMode()
            crosshair.SetCrosshairMode(slicer.vtkMRMLCrosshairNode.ShowBasic)

    def _fitWhenSized(self) -> None:
        """Fit again once the new layout has been laid out; what the user has changed by then stays."""
        import qt

        def look() -> None:
            if not self.active:
                return
            sizes = {tag: tuple(Views.sliceNode(tag).GetDimensions()[:2]) for tag in Views.shownTags(self._layout)}
            if sizes != self._sizes:
                self._sizes = Views.fit(self._layout)

        for milliseconds in LOOKS:
            qt.QTimer.singleShot(milliseconds, look)


def _crosshair():
    import slicer

    return slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLCrosshairNode")
