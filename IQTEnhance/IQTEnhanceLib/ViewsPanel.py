"""The part of the panel that shows scan and enhanced volume: side by side, in alternation, difference, picture."""

from collections.abc import Callable
from pathlib import Path

import qt
import slicer.util
from slicer.i18n import tr as _

from . import Settings, Views
from .Catalogue import Catalogue, card
from .Comparison import Comparison
from .Difference import DIFFERENCE, SUPPORT, DifferenceJob, Kind, differenceOf, showLegend
from .Errors import EnhanceError
from .Logic import IQTEnhanceLogic
from .ModelPanel import fill, index
from .Output import ATTRIBUTE, inputOf
from .Reveal import Reveal
from .RunPanel import problem
from .Snapshot import saveSnapshot
from .SurePanel import SurePanel

LAYOUTS = (Views.PLANES, Views.PAIR)


class ViewsPanel:
    """Works on the enhanced volume that was made last, or that is chosen as the output.

    Args:
        tell: shows a line of rich text to the user.
    """

    def __init__(self, ui, logic: IQTEnhanceLogic, tell: Callable[[str], None]) -> None:
        self._ui, self._logic, self._tell = ui, logic, tell
        self._enhanced = self._parameters = self._differing = None
        self._kind: Kind | None = None  # of the map that is shown or awaited
        self._maps = {DIFFERENCE: ui.differenceButton, SUPPORT: ui.supportButton}
        self.comparison, self.reveal = Comparison(), Reveal()
        self.sure = SurePanel(ui, self.comparison, enhanced=lambda: self.enhancedVolume, enter=self._enter)
        fill(ui.layoutComboBox, [_("Three planes"), _("One plane, large")], LAYOUTS.index(self.layout))
        ui.layoutComboBox.currentIndexChanged.connect(lambda *_: self._onLayout())
        ui.sideBySideButton.clicked.connect(lambda *_: self.show())
        ui.toggleButton.clicked.connect(lambda *_: self._onToggle())
        ui.differenceButton.toggled.connect(lambda shown: self._onMap(DIFFERENCE, shown))
        ui.supportButton.toggled.connect(lambda shown: self._onMap(SUPPORT, shown))
        ui.revealButton.toggled.connect(lambda on: self._onReveal(on))
        ui.snapshotButton.clicked.connect(lambda *_: self._onSnapshot())
        ui.restoreLayoutButton.clicked.connect(lambda *_: self._onRestore())
        ui.fadeSlider.valueChanged.connect(lambda share: self.comparison.fade(share))

    @property
    def layout(self) -> int:
        """The layout that is remembered."""
        chosen = Settings.number(Settings.LAYOUT, LAYOUTS[0])
        return chosen if chosen in LAYOUTS else LAYOUTS[0]

    @property
    def enhancedVolume(self):
        """The volume to compare, if its input is still there."""
        chosen = self._parameters.outputVolume if self._parameters is not None else None
        candidates = (chosen, self._enhanced)
        return next((volume for volume in candidates if volume is not None and inputOf(volume) is not None), None)

    def setParameters(self, parameters) -> None:
        self._parameters = parameters

    def setEnhanced(self, volume) -> None:
        self._enhanced = volume

    def forget(self) -> None:
        """Release the nodes of a closing scene."""
        if self._differing is not None:
            self._differing.stop()
        self.reveal.stop()
        self.comparison.forget()
        self.sure.forget()
        self._enhanced = None

    def update(self) -> None:
        """Enable what can be done now."""
        ui, there = self._ui, self.enhancedVolume is not None
        rest = (ui.sideBySideButton, ui.toggleButton, ui.revealButton, ui.snapshotButton)
        for button in (*rest, *self._maps.values()):
            button.setEnabled(there)
        self.sure.update()

    def makeReady(self) -> None:
        """Make the views one after the other while the worker works: the comparison then opens at once."""

        def makeNext(tags: tuple[str, ...]) -> None:
            if tags and slicer.mrmlScene is not None:
                Views.make(tags[0])
                qt.QTimer.singleShot(0, lambda: makeNext(tags[1:]))

        if slicer.app.layoutManager() is not None:
            makeNext(Views.shownTags(self.layout))

    def show(self) -> None:
        """Side by side, from the input to the enhanced volume."""
        enhanced = self.enhancedVolume
        if enhanced is not None:
            self._hideMaps()
            self._enter(enhanced)

    def _enter(self, enhanced) -> None:
        self.comparison.show(inputOf(enhanced), enhanced, self.layout, contrast=contrastOf(enhanced))
        self.comparison.fade(self._parameters.fade)
        self.sure.refresh()

    def _onLayout(self) -> None:
        Settings.remember(Settings.LAYOUT, LAYOUTS[index(self._ui.layoutComboBox)])
        if self.comparison.active:
            self.show()

    def _onToggle(self) -> None:
        if not self.comparison.active:
            self.show()
        self._parameters.fade = 0.0 if self._parameters.fade > 0.5 else 1.0
        self.comparison.fade(self._parameters.fade)

    def _onMap(self, kind: Kind, shown: bool) -> None:
        """Show a map of enhanced and input; a worker makes it when there is none of these two volumes yet."""
        if not shown:
            if self._kind is not kind:  # the other one has taken its place
                return
            self._kind = None
            if self.comparison.differenceVolume is not None:
                showLegend(self.comparison.differenceVolume, False)
            self.comparison.showDifference(None)
            return
        if self.comparison.differenceVolume is not None:
            showLegend(self.comparison.differenceVolume, False)
        self._kind = kind
        for other, button in self._maps.items():
            if other is not kind:
                button.setChecked(False)
        enhanced = self.enhancedVolume
        if not self.comparison.active:
            self._enter(enhanced)
        made = differenceOf(inputOf(enhanced), enhanced, kind)
        if made is not None:
            self.comparison.showDifference(made)
            showLegend(made, True)
        elif self._differing is None:
            self._tell(_("Computing the map..."))
            scan = inputOf(enhanced)
            mask = self._parameters.mask if self._parameters.inputVolume is scan else None
            job = DifferenceJob(scan, enhanced, self._logic.runner, kind, mask=mask, onEnd=self._onMade)
            self._differing = job
            job.start()

    def _hideMaps(self) -> None:
        for button in self._maps.values():
            button.setChecked(False)

    def _onMade(self, job: DifferenceJob) -> None:
        self._differing = None
        self._tell(problem(job.error) if job.error is not None else "")
        if job.error is not None:
            self._maps[job.kind].setChecked(False)
        if self._kind is not None and self._maps[self._kind].property("checked"):
            self._onMap(self._kind, True)  # by now another volume or map may be chosen

    def _onReveal(self, on: bool) -> None:
        if not on:
            self.reveal.stop()
            return
        try:
            if not self.comparison.active:
                self.show()
            self.reveal.start()
        except EnhanceError as error:
            self._tell(problem(error))
            self._ui.revealButton.setChecked(False)

    def _onSnapshot(self) -> None:
        name = f"{self.enhancedVolume.GetName()}.png"
        path = qt.QFileDialog.getSaveFileName(None, _("Image of the comparison"), name, _("PNG (*.png)"))
        path = path[0] if isinstance(path, tuple) else path  # Qt's own binding also tells the filter
        if path:
            self.saveSnapshot(Path(path))

    def saveSnapshot(self, path: Path) -> None:
        """Write the views as a picture; the status line says how it ended."""
        if not self.comparison.active:
            self.show()
        try:
            saveSnapshot(path, self.comparison.layout, self.comparison.shown())
        except EnhanceError as error:
            self._tell(problem(error))
            return
        self._tell(_("Wrote {path}").format(path=path))

    def _onRestore(self) -> None:
        self._hideMaps()
        self._ui.revealButton.setChecked(False)
        self.comparison.restore()


def contrastOf(enhanced) -> str:
    """The contrast that the volume's model is for; T1w if that is no longer known."""
    entry = Catalogue().models.get(enhanced.GetAttribute(f"{ATTRIBUTE}model"))
    return card(entry).contrast if entry is not None and entry.folder is not None else "T1w"
