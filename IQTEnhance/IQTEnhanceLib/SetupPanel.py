"""The part of the panel that is seen only while something is missing: what it is, and one button that installs it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from . import Dependencies, Setup
from .Errors import EnhanceError
from .RunPanel import escaped, problem
from .Tables import chooseFolder


class SetupPanel:
    """Shows and hides itself.

    Args:
        more: files of requirements of other modules. changed: is called when something was installed.
    """

    def __init__(self, ui, changed: Callable[[], None], *more: Path) -> None:
        self._ui, self._changed, self._more = ui, changed, more
        self._job: Setup.InstallJob | None = None
        self.runner = None  # pip in Slicer's Python; tests replace it
        self._setup = Setup.Setup((), 0.0)
        ui.setupButton.clicked.connect(lambda *_: self.cancel() if self.running else self.install())
        ui.setupWheelsButton.clicked.connect(lambda *_: self._onWheels())
        self.look()

    @property
    def running(self) -> bool:
        return self._job is not None

    def look(self) -> None:
        """Find out what is missing; the section goes when nothing is."""
        self._setup = Setup.look(*self._more)
        self._ui.setupLabel.setText(escaped(self._setup.inWords()))
        self._show()

    def install(self, wheels: Path | None = None) -> None:
        """Install what is missing: PyTorch by its extension, unless its wheel is in the folder, all else by pip."""
        try:
            if self._setup.torch and wheels is None:
                Dependencies.installTorch()
        except EnhanceError as error:
            self._ui.setupLabel.setText(problem(error))
            return
        needed = Dependencies.requirements(*self._more, torch=wheels is not None)
        if not needed:
            self.look()
            return
        listeners = {"onEvent": self._onEvent, "onEnd": self._onEnd}
        self._ui.setupLabel.setText(_("Installing..."))
        self._job = Setup.InstallJob(needed, self.runner, wheels=wheels, **listeners)
        self._show()
        self._job.start()

    def cancel(self) -> None:
        """Stop pip, which undoes what it has not finished."""
        if self._job is not None:
            self._ui.setupButton.setEnabled(False)
            self._ui.setupLabel.setText(_("Stopping..."))
            self._job.stop(_("Stopped by you"))

    def _onWheels(self) -> None:
        if folder := chooseFolder(_("Folder of wheels"), ""):
            self.install(Path(folder))

    def _onEvent(self, event: Mapping[str, Any]) -> None:
        line = str(event["message"])
        self._ui.logTextEdit.appendPlainText(line)
        if line.startswith(("Collecting", "Downloading", "Installing")):
            self._ui.setupLabel.setText(escaped(line.partition(" (")[0]))

    def _onEnd(self, job: "Setup.InstallJob") -> None:
        self._job = None
        self.look()
        if job.error is not None:
            self._ui.setupLabel.setText(f"{problem(job.error)} {escaped(self._setup.inWords())}")
        self._changed()

    def _show(self) -> None:
        missing = bool(self._setup.missing) or self.running
        self._ui.setupGroupBox.setVisible(missing)
        self._ui.setupButton.setText(_("Cancel") if self.running else _("Install"))
        self._ui.setupButton.setEnabled(self.running or self._setup.fits)
        self._ui.setupWheelsButton.setEnabled(not self.running)
