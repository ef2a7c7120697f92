"""The part of the panel that lists high-field volumes, checks them, and splits their subjects."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from IQTEnhanceLib.Cards import howMany
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.RunPanel import inWords, problem
from IQTEnhanceLib.Sentences import sentenceCase
from IQTEnhanceLib.Tables import chooseFolder, fillTable, isTicked, prepareTable
from slicer.i18n import tr as _

from .Logic import DATA, IQTTrainingLogic
from .Scans import TISSUE_ROLE, SceneScan
from .TrainingWords import TISSUES, problemOf
from .Work import Facts, PrepareJob

VOLUMES_ROLE = "volumes"
TITLES = (_("Subject"), _("Status"), _("SNR white / grey"), "mm", _("Brain (L)"), _("Tissues"), _("Volume"))


class DataPanel:
    """Keeps the list in the parameter node; what is known of prepared volumes is read from their folder.

    Args:
        ui: the widgets by name. changed: is called when subjects or their use have changed.
    """

    def __init__(self, ui, logic: IQTTrainingLogic, changed: Callable[[], None], ready: Callable[[], None]) -> None:
        self._ui, self._logic, self._changed, self._ready = ui, logic, changed, ready
        self._parameters = None
        self._job: PrepareJob | None = None
        self._rows: list[tuple[str, Any, Facts]] = []  # subject, node or None, facts
        self._problems: dict[str, Facts] = {}
        prepareTable(ui.volumesTable, TITLES)
        ui.addVolumeButton.clicked.connect(lambda *_: self.add())
        ui.removeVolumeButton.clicked.connect(lambda *_: self.remove())
        ui.checkButton.clicked.connect(lambda *_: self.check())
        ui.sourceFolderButton.clicked.connect(lambda *_: self._onFolder("sourceFolder", _("High-field volumes")))
        ui.trainingFolderButton.clicked.connect(lambda *_: self._onFolder("trainingFolder", _("Prepared volumes")))
        ui.volumesTable.itemChanged.connect(lambda *_: self._onTick())

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def folder(self) -> Path:
        """Of the prepared volumes."""
        return Path(self._parameters.trainingFolder) / DATA

    @property
    def people(self) -> list[str]:
        """Subjects whose volumes are usable and ticked."""
        left = json.loads(self._parameters.leftOut)
        return sorted({person for person, _node, facts in self._rows if facts.get("path") and person not in left})

    @property
    def leftOut(self) -> list[str]:
        """Subjects in the folder that are not ticked."""
        known = {person for person, _node, facts in self._rows if facts.get("path")}
        return sorted(known - set(self.people))

    @property
    def chosen(self) -> tuple[Facts, Any] | None:
        """Facts and node of the row that is chosen, else of the first that can be used."""
        usable = [(facts, node) for _person, node, facts in self._rows if facts.get("path")]
        row = self._ui.volumesTable.currentRow()
        if 0 <= row < len(self._rows) and self._rows[row][2].get("path"):
            return self._rows[row][2], self._rows[row][1]
        return usable[0] if usable else None

    def split(self):
        """Subjects for training, validation and test; `EnhanceError` if there are too few."""
        from IQTLib.data.subjects import split_people
        from IQTLib.errors import InputError

        parameters = self._parameters
        shares = parameters.validateShare / 100, parameters.testShare / 100
        try:
            return split_people(self.people, seed=parameters.splitSeed, validate=shares[0], test=shares[1])
        except InputError as error:
            raise EnhanceError(str(error), _("Check more volumes, or make the shares 0.")) from None

    def setParameters(self, parameters) -> None:
        self._parameters = parameters
        if parameters is not None:
            self.update()

    def scans(self) -> list[SceneScan]:
        """Volumes of the scene that are on the list."""
        node = self._parameters.parameterNode
        count = node.GetNumberOfNodeReferences(VOLUMES_ROLE)
        volumes = [node.GetNthNodeReference(VOLUMES_ROLE, number) for number in range(count)]
        return [SceneScan(volume, volume.GetNodeReference(TISSUE_ROLE)) for volume in volumes if volume is not None]

    def add(self) -> None:
        """Put the chosen volume and its tissues on the list."""
        volume, tissue = self._parameters.volume, self._parameters.tissue
        if volume is None:
            return
        volume.SetNodeReferenceID(TISSUE_ROLE, tissue.GetID() if tissue is not None else None)
        if all(scan.volume is not volume for scan in self.scans()):
            self._parameters.parameterNode.AddNodeReferenceID(VOLUMES_ROLE, volume.GetID())
        self._changed()

    def remove(self) -> None:
        """Take the chosen volume of the scene off the list; what was prepared of it stays on the disk."""
        row = self._ui.volumesTable.currentRow()
        chosen = self._rows[row][1] if 0 <= row < len(self._rows) else None
        kept = [scan.volume.GetID() for scan in self.scans() if scan.volume is not chosen]
        node = self._parameters.parameterNode
        node.RemoveNodeReferenceIDs(VOLUMES_ROLE)
        for volume in kept:
            node.AddNodeReferenceID(VOLUMES_ROLE, volume)
        self._changed()

    def check(self) -> None:
        """Let a worker check all volumes; again: stop it."""
        if self._job is not None:
            self._job.stop(_("Stopped by the user"))
            return
        parameters = self._parameters
        try:
            self._ready()
            scans = [(scan.volume, scan.tissue) for scan in self.scans()]
            sources = [parameters.sourceFolder] if parameters.sourceFolder else []
            self._problems = {}
            self._job = self._logic.prepare(
                scans,
                sources,
                folder=parameters.trainingFolder,
                suffix=parameters.modality.value,
                waitForCompletion=False,
                onEvent=self._onEvent,
                onEnd=self._onEnd,
            )
            if self._job.error is not None:  # it may have failed at once
                self._job = None
        except EnhanceError as error:
            self._ui.dataStatusLabel.setText(problem(error))
        self._showButtons()

    def update(self) -> None:
        """Show the list and the split."""
        left = json.loads(self._parameters.leftOut)
        known = self._logic.facts(self._parameters.trainingFolder, suffix=self._parameters.modality.value)
        known = [one for one in known if one["person"] not in self._problems] + list(self._problems.values())
        scans = {scan.person: scan.volume for scan in self.scans()}
        unchecked = [person for person in scans if all(one["person"] != person for one in known)]
        self._rows = [(one["person"], scans.get(one["person"]), one) for one in known]
        self._rows += [(person, scans[person], {}) for person in unchecked]
        row = self._ui.volumesTable.currentRow()
        fillTable(
            self._ui.volumesTable,
            [_cells(*row) for row in self._rows],
            ticked=[person not in left for person, _node, _facts in self._rows],
            tips=[_tip(one) for _person, _node, one in self._rows],
            current=row,
        )
        self._showButtons()
        if not self.running:
            self._ui.dataStatusLabel.setText(self._summary())

    def _summary(self) -> str:
        bad = _("{bad} of {all} cannot be used: see their status.")
        told = f"{bad.format(bad=len(self._problems), all=len(self._rows))} " if self._problems else ""
        if not self.people:
            return told + _("Add volumes or choose a folder, then check the volumes.")
        try:
            split = self.split()
        except EnhanceError as error:
            return told + problem(error)
        names = (", ".join(part) or _("none") for part in (split.validate, split.test))
        return told + _("Train: {people}. Validate: {validate}. Test: {test}.").format(
            people=howMany(len(split.learn)), validate=next(names), test=next(names)
        )

    def _showButtons(self) -> None:
        self._ui.checkButton.setText(_("Cancel") if self.running else _("Check volumes"))
        self._ui.removeVolumeButton.setEnabled(bool(self.scans()) and not self.running)

    def _onEvent(self, event: dict[str, Any]) -> None:
        if event["kind"] == "progress":
            left = event.get("seconds_left")
            time = _(", about {left} left").format(left=inWords(left)) if left else ""
            done, total = event.get("done") or 0, event.get("total")
            stage = sentenceCase(event["message"]).rstrip(".")
            self._ui.dataStatusLabel.setText(f"{stage}: {done} / {total}{time}")
        elif event["kind"] == "result" and event.get("data", {}).get("problem"):
            self._problems[event["data"]["person"]] = event["data"]
        elif event["kind"] == "result" and self._parameters is not None:
            self.update()

    def _onEnd(self, job: PrepareJob) -> None:
        self._job = None
        if self._parameters is None:
            return
        self._changed()
        if job.error is not None:
            self._ui.dataStatusLabel.setText(problem(job.error))

    def _onFolder(self, parameter: str, title: str) -> None:
        if folder := chooseFolder(title, getattr(self._parameters, parameter)):
            setattr(self._parameters, parameter, folder)

    def _onTick(self) -> None:
        left = [row[0] for number, row in enumerate(self._rows) if not isTicked(self._ui.volumesTable, number)]
        self._parameters.leftOut = json.dumps(left)


def _cells(person: str, node, facts: Facts) -> tuple[str, ...]:
    volume = node.GetName() if node is not None else Path(facts.get("source", "")).name
    if not facts:
        return person, _("not checked yet"), "", "", "", "", volume
    if facts["problem"]:
        return person, problemOf(facts), "", "", "", "", volume
    spacing = " x ".join(f"{s:.2g}" for s in facts["spacing"])
    snr = "{:.0f} / {:.0f}".format(*facts["snr"]) if facts["snr"] else ""
    status = "; ".join(facts["warnings"]) or _("good")
    return person, status, snr, spacing, f"{facts['litres']:.2f}", TISSUES.get(facts["tissue"], facts["tissue"]), volume


def _tip(facts: Facts) -> str:
    return "\n".join(filter(None, [facts.get("source", ""), problemOf(facts), *facts.get("warnings", ())]))
