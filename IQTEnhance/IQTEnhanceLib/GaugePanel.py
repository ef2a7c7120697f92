"""The part of the panel that tells before the work whether a scan is one that the models know: a traffic light."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Dependencies, Exchange
from .Errors import EnhanceError
from .Jobs import checkMask, modalityEnding
from .Process import Runner
from .RunPanel import REMARK, WRONG, escaped, problem
from .WorkerJob import WorkerJob, followed

FINE = "#2F8F5A"  # can be read on light and on dark, as the two others
COLOURS = {"known": FINE, "near": REMARK, "outside": WRONG}
STATES = {
    "known": _("The models know scans like this one."),
    "near": _("This scan is a little unusual."),
    "outside": _("This scan is unlike those that the models know: do not rely on the result."),
}


class GaugeJob(WorkerJob):
    """Looks at a scan in a worker; `gauge` then holds its state, distance, reasons and measures."""

    def __init__(self, volume, runner: Runner, *, mask=None, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.volume, self.mask = volume, mask
        self.gauge: dict[str, Any] = {}

    def prepare(self, folder: Path) -> list[str]:
        Exchange.checkVolume(self.volume)
        Exchange.checkSpace(folder, self.volume)
        source = self.write(self.volume, folder / f"input{modalityEnding(self.volume)}.nrrd")
        arguments = ["check", str(source), *followed(self)]
        if self.mask is not None:
            checkMask(self.mask, self.volume)
            arguments += ["--mask", str(self.write(self.mask, folder / "mask.nrrd"))]
        return arguments

    def complete(self, folder: Path) -> None:
        self.gauge = dict(self.told("gauge")["gauge"])


class GaugePanel:
    """Button and label below the volume selector."""

    def __init__(self, ui, runner: Callable[[], Runner]) -> None:
        self._ui, self._runner = ui, runner
        self._scan: Any = None
        self._mask: Any = None
        self.job: GaugeJob | None = None
        ui.checkScanButton.clicked.connect(lambda *_: self._onClicked())
        self._show("")

    def update(self, scan, mask, *, ready: bool) -> None:
        """Follow the chosen scan and mask; clear the verdict on any other."""
        if (scan, mask) != (self._scan, self._mask):
            self.stop()
            self._scan, self._mask = scan, mask
            self._show("")
        self._ui.checkScanButton.setEnabled(ready and self.job is None)

    def show(self, gauge: Mapping[str, Any] | None) -> None:
        """Show a verdict, such as that of a run."""
        self._show(lightText(gauge) if gauge else "")

    def stop(self) -> None:
        """Cancel a check whose result is no longer needed."""
        job, self.job = self.job, None
        if job is not None:
            job.stop(_("Another volume was chosen"))

    def _onClicked(self) -> None:
        try:
            Dependencies.ensure()
        except EnhanceError as error:
            self._show(problem(error))
            return
        self._ui.checkScanButton.setEnabled(False)
        self._show(_("Checking the scan..."))
        self.job = GaugeJob(self._scan, self._runner(), mask=self._mask, onEnd=self._onEnd)
        self.job.start()

    def _onEnd(self, job: GaugeJob) -> None:
        if job is not self.job:  # it was stopped
            return
        self.job = None
        self._ui.checkScanButton.setEnabled(True)
        self._show(problem(job.error) if job.error is not None else lightText(job.gauge))

    def _show(self, text: str) -> None:
        self._ui.gaugeLabel.setText(text)
        self._ui.gaugeLabel.setVisible(bool(text))


def lightText(gauge: Mapping[str, Any]) -> str:
    """A verdict as rich text: the light, the state in words, and the reasons."""
    state = str(gauge.get("state", ""))
    told = STATES.get(state, "")
    reasons = "".join(f"<li>{escaped(str(reason))}</li>" for reason in gauge.get("reasons") or ())
    style = "margin-left: 14px; -qt-list-indent: 0"
    light = f'<span style="color: {COLOURS.get(state, REMARK)}">&#9679;</span> {escaped(told)}'
    return f'{light}<ul style="{style}">{reasons}</ul>' if reasons else light
