"""The part of the panel that manages models: which there are, what is in them, import, check, delete."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import qt
import slicer.util
from slicer.i18n import tr as _

from .Cards import ANY, CONTRASTS, howMany
from .Catalogue import Catalogue, ModelEntry, card, methodTitle
from .Errors import EnhanceError
from .Logic import IQTEnhanceLogic
from .Process import Runner
from .RunPanel import escaped, problem
from .Tables import chooseFolder, fillTable, prepareTable
from .WorkerJob import WorkerJob

TITLES = (_("Model"), _("For"), _("Size"), _("Origin"), _("Method"))
MEBIBYTE = 2**20


class ModelJob(WorkerJob):
    """One of the commands `iqt models`, for instance `["check", "srep-t1w-x4"]`, in a worker."""

    def __init__(self, arguments: list[str], runner: Runner, **listeners: Callable[[Any], None]) -> None:
        super().__init__(runner, **listeners)
        self.arguments = arguments

    def prepare(self, folder: Path) -> list[str]:
        return ["models", *self.arguments, "--json-events"]

    def complete(self, folder: Path) -> None:
        self.told()


class ModelsPanel:
    """A table of the models, and what can be done with the chosen one.

    Args:
        changed: is called when a model has come or gone.
    """

    def __init__(self, ui, logic: IQTEnhanceLogic, changed: Callable[[], None]) -> None:
        self._ui, self._logic, self._changed = ui, logic, changed
        self._catalogue: Catalogue | None = None
        self._entries: list[ModelEntry] = []
        self._job: ModelJob | None = None
        prepareTable(ui.modelsTable, TITLES)
        ui.modelsTable.itemSelectionChanged.connect(lambda *_: self._onChosen())
        ui.modelsCollapsibleButton.contentsCollapsed.connect(lambda collapsed: collapsed or self.refresh())
        ui.importModelButton.clicked.connect(lambda *_: self._onImport())
        ui.importFolderButton.clicked.connect(lambda *_: self._onImportFolder())
        ui.checkModelButton.clicked.connect(lambda *_: self._onCheck())
        ui.deleteModelButton.clicked.connect(lambda *_: self._onDelete())
        ui.openModelsFolderButton.clicked.connect(lambda *_: openFolder())
        self._showButtons()

    @property
    def chosen(self) -> ModelEntry | None:
        """The model of the chosen row."""
        row = self._ui.modelsTable.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def refresh(self) -> None:
        """Look again which models there are."""
        chosen = self.chosen
        self._catalogue = Catalogue()
        self._entries = self._catalogue.ranked()
        names = [entry.name for entry in self._entries]
        current = names.index(chosen.name) if chosen is not None and chosen.name in names else -1
        fillTable(self._ui.modelsTable, [cells(entry) for entry in self._entries], current=current)
        self._ui.modelsStatusLabel.setText(escaped(" ".join(self._catalogue.problems)))
        self._onChosen()

    def importFrom(self, source: Path) -> None:
        """Let a worker check a model and put it into the user's folder."""
        self._begin(["import", str(source)], _("Checking the model..."), self._onImported)

    def _begin(self, arguments: list[str], text: str, onEnd: Callable[[ModelJob], None]) -> None:
        self._ui.modelsStatusLabel.setText(text)
        self._job = ModelJob(arguments, self._logic.runner, onEnd=onEnd)
        self._showButtons()
        self._job.start()

    def _onImport(self) -> None:
        path = qt.QFileDialog.getOpenFileName(None, _("Model to import"), "", _("Models (*.zip card.json)"))
        path = path[0] if isinstance(path, tuple) else path  # Qt's own binding also tells the filter
        if path:
            self.importFrom(Path(path))

    def _onImportFolder(self) -> None:
        if folder := chooseFolder(_("Folder of the model to import"), ""):
            self.importFrom(Path(folder))

    def _onImported(self, job: ModelJob) -> None:
        self._job = None
        self.refresh()
        if job.error is not None:
            self._ui.modelsStatusLabel.setText(problem(job.error))
            return
        name = str(job.transcript.results[-1].get("name", ""))
        self._ui.modelsTable.selectRow([entry.name for entry in self._entries].index(name))
        self._ui.modelsStatusLabel.setText(escaped(_("{name} is now in your models folder.").format(name=name)))
        self._changed()

    def _onCheck(self) -> None:
        name = self.chosen.name
        text = _("Checking {name}...").format(name=name)
        self._begin(["check", name], escaped(text), lambda job: self._onChecked(name, job))

    def _onChecked(self, name: str, job: ModelJob) -> None:
        self._job = None
        sound = escaped(_("{name} passed all checks: card, weights and a trial run.").format(name=name))
        self._ui.modelsStatusLabel.setText(problem(job.error) if job.error is not None else sound)
        self._showButtons()

    def _onDelete(self) -> None:
        name = self.chosen.name
        if not slicer.util.confirmOkCancelDisplay(_("Delete the model {name} from disk?").format(name=name)):
            return
        try:
            self._catalogue.delete(name)
            told = escaped(_("{name} was deleted.").format(name=name))
        except EnhanceError as error:
            told = problem(error)
        except OSError as error:
            reason = _("{name} cannot be deleted ({error})").format(name=name, error=error.strerror)
            told = problem(EnhanceError(reason, _("Delete its folder by hand.")))
        self.refresh()
        self._ui.modelsStatusLabel.setText(told)
        self._changed()

    def _onChosen(self) -> None:
        chosen = self.chosen
        self._ui.modelDetailsLabel.setText(details(chosen) if chosen is not None else "")
        self._showButtons()

    def _showButtons(self) -> None:
        chosen, free = self.chosen, self._job is None
        self._ui.importModelButton.setEnabled(free)
        self._ui.importFolderButton.setEnabled(free)
        self._ui.checkModelButton.setEnabled(free and chosen is not None)
        mine = chosen is not None and not chosen.bundled
        self._ui.deleteModelButton.setEnabled(free and mine)
        tip = _("Delete the selected model from your folder.")
        self._ui.deleteModelButton.setToolTip(tip if mine else _("Only your own models can be deleted."))


def cells(entry: ModelEntry) -> tuple[str, ...]:
    """The row of a model."""
    origin = _("shipped") if entry.bundled else _("yours")
    if entry.folder is None:
        return entry.name, _("any scan"), "", _("built in"), methodTitle(entry.method)
    contrast = card(entry).contrast
    fits = _("any scan") if contrast == ANY else CONTRASTS.get(contrast, contrast)
    return entry.name, fits, f"{sizeOf(entry.folder) / MEBIBYTE:.1f} MiB", origin, methodTitle(entry.method)


def details(entry: ModelEntry) -> str:
    """What the card says, as rich text, with the numbers."""
    lines = [f"<b>{escaped(entry.name)}</b>", escaped(entry.summary)]
    if entry.folder is not None:
        read = card(entry)
        people = len(set(read.training.get("people", ())))
        if people:
            lines.append(_("Trained on {people}.").format(people=howMany(people)))
        lines.append(escaped(_("Version {version}, weights {sha}.").format(version=read.version, sha=read.sha256[:12])))
        lines.append(escaped(str(entry.folder)))
    return "<br>".join(line for line in lines if line)


def sizeOf(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def openFolder() -> None:
    """Show the user's folder of models."""
    from IQTLib.models.store import user_folder

    user_folder().mkdir(parents=True, exist_ok=True)
    qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(user_folder())))
