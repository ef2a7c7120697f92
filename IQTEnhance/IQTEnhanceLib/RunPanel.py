"""The part of the panel that starts and stops a run and shows its progress."""

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slicer.i18n import tr as _

from .Errors import EnhanceError, StoppedError
from .Progress import WholeProgress
from .Run import EnhanceRun
from .Sentences import codeOf, sentenceCase

# Order of warnings by their codes: what makes the work useless, then what makes the result wrong, and so on.
WEIGHTS = (
    ("isotropic", "sharp"),
    ("outside", "brain-size", "other-contrast", "flipped-front", "flipped-top", "flipped-both", "mask-shape"),
    ("lesions-bright", "lesions-dark", "lesions-bright-dark"),
    ("snr", "noise-unknown"),
)
BAR = 1000
REMARK, WRONG = (
    "#C46A00",
    "#E5484D",
)  # bold heads, which can be read on light and on dark; all else in the theme's colour


class RunPanel:
    """Apply button (Cancel while work runs), progress bar with time left, warnings, and log."""

    def __init__(self, ui) -> None:
        self._ui = ui
        self._progress, self._position = WholeProgress(), 1
        self.run: EnhanceRun | None = None

    @property
    def running(self) -> bool:
        return self.run is not None

    def setReady(self, obstacle: str) -> None:
        """Enable Apply, or show the obstacle below it."""
        if self.running:
            return
        self._ui.applyButton.setText(_("Apply"))
        self._ui.applyButton.setEnabled(not obstacle)
        self._ui.applyButton.setToolTip(obstacle or _("Enhance the volume. You can use Slicer meanwhile."))
        self._ui.obstacleLabel.setText(escaped(obstacle))
        self._ui.obstacleLabel.setVisible(bool(obstacle))

    def clear(self) -> None:
        """Clear messages about another volume or model."""
        if not self.running:
            self._ui.statusLabel.setText("")

    def warn(self, warnings: Iterable[str]) -> None:
        """Show warnings about input or result without duplicates, most important first."""
        once = {warning.rstrip(".").lower(): warning for warning in warnings}
        ordered = map(sentenceCase, sorted(once.values(), key=weight))
        items = "".join(f"<li>{escaped(warning)}</li>" for warning in ordered)
        head = f'<b style="color: {REMARK}">{_("Please note")}</b>'
        style = "margin-left: 14px; -qt-list-indent: 0"
        self._ui.warningsLabel.setText(f'{head}<ul style="{style}">{items}</ul>' if items else "")
        self._ui.warningsLabel.setVisible(bool(items))

    def begin(self, notes: Sequence[str]) -> None:
        """Get ready to show a run; `notes` go into the log."""
        self._ui.logTextEdit.clear()
        for note in notes:
            self._ui.logTextEdit.appendPlainText(note)
        self._ui.applyButton.setText(_("Cancel"))
        self._ui.applyButton.setEnabled(True)
        self._ui.applyButton.setToolTip(_("Stop; the scene is left unchanged."))
        self._progress, self._position = WholeProgress(), 1
        self._ui.obstacleLabel.setVisible(False)
        self._ui.progressBar.setRange(0, 0)
        self._ui.progressBar.setVisible(True)
        self._ui.statusLabel.setText(_("Starting..."))

    def cancel(self) -> None:
        """Ask the run to stop."""
        self._ui.applyButton.setEnabled(False)
        self._ui.statusLabel.setText(_("Stopping..."))
        if self.run is not None:
            self.run.cancel(_("Stopped by the user"))

    def onEvent(self, event: Mapping[str, Any]) -> None:
        """Show one of the worker's events."""
        if event["kind"] == "progress":
            self._showProgress(event)
        elif event["kind"] != "result":  # which is a temporary file
            self._ui.logTextEdit.appendPlainText(str(event["message"]))
            if event["kind"] == "log" and codeOf(event["message"]) != event["message"]:  # not of another library
                self._ui.statusLabel.setText(escaped(sentenceCase(event["message"])))

    def end(self, error: EnhanceError | None, message: str) -> None:
        """Show how the run ended."""
        self.run = None
        self._ui.progressBar.setVisible(False)
        self._ui.statusLabel.setText(problem(error) if error is not None else message)

    def _showProgress(self, event: Mapping[str, Any]) -> None:
        position, total = self.run.position if self.run is not None else (1, 1)
        if position != self._position:
            self._position, self._progress = position, WholeProgress()
        self._progress.take(event)
        self._ui.progressBar.setRange(0, BAR)
        self._ui.progressBar.setValue(int(BAR * (position - 1 + self._progress.done) / total))
        which = _("Volume {position} of {total}: ").format(position=position, total=total) if total > 1 else ""
        left = self._progress.secondsLeft
        time = _(", about {left} left").format(left=inWords(left)) if left else ""
        stage = str(event["message"])
        self._ui.statusLabel.setText(f"{which}{stage[:1].upper()}{stage[1:]}{time}")


def weight(warning: str) -> int:
    """Smaller is more important."""
    return next((number for number, codes in enumerate(WEIGHTS) if codeOf(warning) in codes), len(WEIGHTS))


def problem(error: EnhanceError) -> str:
    """An error as rich text: the reason, then the remedy. Stopping is not shown as an error."""
    reason = escaped(error.reason.rstrip("."))
    if isinstance(error, StoppedError):
        return f"{reason}. {escaped(error.remedy)}".strip()
    return f'<span style="color: {WRONG}"><b>{reason}.</b></span> {escaped(error.remedy)}'


def inWords(seconds: float) -> str:
    """`"8 s"`, `"2 min"`."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def escaped(text: str) -> str:
    return html.escape(text, quote=False)
