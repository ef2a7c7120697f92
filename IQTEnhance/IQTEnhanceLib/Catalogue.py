"""Methods and pretrained models of the library, described for the panel. New ones appear automatically."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from slicer.i18n import tr as _

from .Errors import EnhanceError

LAST = "interpolation"  # a baseline is offered, but not first
TEST_ON = "InD1"  # the test set shown in a summary, if the card has it


@dataclass(frozen=True)
class ModelEntry:
    """A model that can be chosen: name, method, and folder (None for an interpolation)."""

    name: str
    method: str
    folder: Path | None
    summary: str
    bundled: bool


class Catalogue:
    """Models of the bundled folder and of the user's; damaged cards are skipped and listed in `problems`."""

    def __init__(self) -> None:
        from IQTLib.models import store

        self.problems: list[str] = []
        self.models: dict[str, ModelEntry] = {}
        for name, folder in store.available().items():
            try:
                self.models[name] = _entry(name, folder)
            except store.ModelError as error:
                self.problems.append(str(error))

    def methods(self) -> list[str]:
        """Methods that have a model, in the registry's order, that of the recommended one first, baselines last."""
        from IQTLib.methods.registry import METHODS

        used = {entry.method for entry in self.models.values()}
        first = self.resolve(None, None).method
        return sorted((name for name in METHODS if name in used), key=lambda name: (name == LAST, name != first))

    def ranked(self) -> list[ModelEntry]:
        """All models: the recommended one, those that were learned, those that are built in."""
        from IQTLib.models.store import DEFAULT_MODEL

        return sorted(self.models.values(), key=lambda entry: (entry.name != DEFAULT_MODEL, entry.folder is None))

    def modelsOf(self, method: str) -> list[ModelEntry]:
        """Models of a method, the default first."""
        from IQTLib.models.store import DEFAULT_MODEL

        fitting = [entry for entry in self.models.values() if entry.method == method]
        return sorted(fitting, key=lambda entry: entry.name not in (DEFAULT_MODEL, "cubic"))

    def resolve(self, method: str | None, model: str | Path | None) -> ModelEntry:
        """The entry of a model's name or folder; of a method's first model; of the default without both.

        Raises:
            EnhanceError: there is none, or the model belongs to another method.
        """
        from IQTLib.models.store import DEFAULT_MODEL

        if model:
            entry = self.models.get(str(model)) or self._fromFolder(Path(model))
        elif method:
            entry = next(iter(self.modelsOf(method)), None)
        else:
            entry = self.models.get(DEFAULT_MODEL)
        if entry is None:
            reason = _("There is no model '{name}'")
            if method and not model:
                reason = _("There is no model of method '{name}'")
            remedy = _("Choose one of {names}.").format(names=", ".join(self.models))
            raise EnhanceError(reason.format(name=model or method or DEFAULT_MODEL), remedy)
        if method and entry.method != method:
            reason = _("The model {name} is for {its}, not for {other}")
            reason = reason.format(name=entry.name, its=entry.method, other=method)
            raise EnhanceError(reason, _("Choose another."))
        return entry

    def delete(self, name: str) -> None:
        """Remove one of the user's own models from the disk."""
        entry = self.models[name]
        if entry.bundled or entry.folder is None:
            reason = _("{name} is part of the extension").format(name=name)
            raise EnhanceError(reason, _("Only models in your own folder can be deleted."))
        if entry.folder.is_symlink():  # only the link is in the user's folder of models
            entry.folder.unlink()
        else:
            shutil.rmtree(entry.folder)
        del self.models[name]

    @staticmethod
    def _fromFolder(folder: Path) -> ModelEntry | None:
        return _entry(folder.name, folder) if (folder / "card.json").is_file() else None


def methodTitle(method: str) -> str:
    from IQTLib.methods.registry import described

    return translated(described(method).title)


def translated(text: str) -> str:
    """A text of the library's registry, which knows nothing of Slicer, in the panel's language."""
    return _(text) if text else ""


def tunableSettings(entry: ModelEntry) -> dict[str, tuple[str, str]]:
    """Settings that may be changed when enhancing: name -> (help, the model's own value)."""
    from IQTLib.methods.registry import described

    tunable = described(entry.method).tunable
    settings = card(entry).settings if entry.folder is not None else {}
    return {name: (translated(text), json.dumps(settings.get(name, "")).strip('"')) for name, text in tunable.items()}


def card(entry: ModelEntry):
    """The `ModelCard` of an entry that has a folder."""
    from IQTLib.models.store import read_card

    return read_card(entry.folder)


def _entry(name: str, folder: Path | None) -> ModelEntry:
    from IQTLib.methods.registry import builtin, described
    from IQTLib.models import store

    if folder is None:
        method = described(builtin()[name])
        return ModelEntry(name, method.name, None, f"{translated(method.builtin[name].description)}.", True)
    read = store.read_card(folder)
    bundled = folder.parent == store.bundled_folder()
    return ModelEntry(name, read.method, folder, _summary(read), bundled)


def _summary(read) -> str:
    """What a user must know before choosing a model."""
    grid = read.model_grid
    trained = ""
    if read.contrast != "any":
        trained = _("Trained for {contrast}, x{factor}, voxels of {low:.2f} to {high:.2f} mm.").format(
            contrast=read.contrast, factor=grid.factor, low=grid.finest, high=grid.coarsest
        )
    description = f"{translated(read.description)}."
    return " ".join(part for part in (description, trained, _figures(read.test)) if part.strip("."))


def _figures(test: Mapping) -> str:
    """The scores against interpolation on one held-out set."""
    name = TEST_ON if TEST_ON in test else next(iter(test), None)
    scores = test.get(name)
    if not isinstance(scores, Mapping):
        return _("No test figures.")
    told = []
    for measure, label in {"nrmse_mean": "NRMSE", "ssim": "SSIM"}.items():
        score = scores.get(f"{measure}, as is") or scores.get(f"{measure}, matched")  # any-scan models have the latter
        if isinstance(score, Mapping) and {"ratio", "people"} <= set(score):
            text = _("{measure} {ratio:.3f} times that of interpolation")  # over scans of several kinds no mean is told
            if "mean" in score:
                text = _("{measure} {mean:.3f} ({ratio:.3f} times that of interpolation)")
            told.append(text.format(**score | {"measure": label}))
            people = score["people"]
    if not told:
        return _("No test figures.")
    text = _("On {people} held-out subjects ({set}): {scores}.")
    if people == 1:
        text = _("On 1 held-out subject ({set}): {scores}.")
    return text.format(people=people, set=name, scores=", ".join(told))
