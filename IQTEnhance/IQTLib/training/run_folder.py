"""The folder of a training run: beside the model's folder, with the recipe, for one writer at a time.

A run can take days, so none may be lost by accident: a new run moves an older one aside, restores it if the new one
ends before its first checkpoint, and deletes it once the new model is written. Other folders are never touched.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import ExistsError, InputError, OutputError, reason
from ..events import SILENT, Reporter
from ..io.files import check_output, heal, whole_file, write_json
from ..io.folders import make_private, real
from ..io.reading import read_json
from ..io.typed import built, renamed
from ..sentences import Sentence

RUN = ".run"  # suffix of the run folder, after the model's name
ASIDE = ".old"  # suffix of an older run that was moved aside
KEPT_RECIPE = "recipe.json"
SUBJECTS = "subjects.json"
LAST = "last.ckpt"


def run_of(target: Path) -> Path:
    """The run folder of the model `target`; if that is a link, the folder it points to."""
    folder = target.with_name(target.name + RUN)
    return real(folder) if folder.is_symlink() else folder


def check_run(folder: Path, recipe: Any, *, resume: bool, overwrite: bool) -> None:
    """Check whether a run with `recipe` (a dataclass) may start or resume in `folder`; nothing is changed."""
    check_output(folder, overwrite=True)
    heal(folder)  # of a run that was killed while it began
    kept = folder / KEPT_RECIPE
    if resume:
        if not kept.is_file():
            raise InputError("{folder} holds no training run: nothing to resume", folder=folder)
        if _kept_recipe(kept, type(recipe)) != json.loads(_text(recipe)):
            raise InputError(
                "the recipe is not the one of {kept}: resume with that, or train under another name", kept=kept
            )
    elif _is_taken(folder) and not _is_run(folder):
        raise OutputError(
            "{folder} is not a training run, so it is not touched: choose another name for the model", folder=folder
        )
    elif (folder / LAST).exists() and not overwrite:
        told = "{folder} holds a training run: continue with --resume, or start again with --overwrite"
        raise ExistsError(told, folder=folder)


@contextmanager
def begun(
    folder: Path,
    recipe: Any,
    *,
    subjects: Mapping[str, Sequence[str]] | None = None,
    resume: bool = False,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> Iterator[None]:
    """Create or resume the folder of a run; older runs are deleted when the block succeeds. See `check_run`.

    `subjects` are the keys of the scans (`Scan.key`) in each role; a run resumes only with those that it began with.
    """
    check_run(folder, recipe, resume=resume, overwrite=overwrite)
    if resume and subjects is not None:
        _check_subjects(folder / SUBJECTS, subjects)
    older = None if resume or not _is_taken(folder) else _stepped_aside(folder, report)
    try:
        if not resume:
            make_private(folder)
            with whole_file(folder / KEPT_RECIPE) as part:
                part.write_text(_text(recipe), encoding="utf-8")
            if subjects is not None:
                write_json({role: sorted(keys) for role, keys in subjects.items()}, folder / SUBJECTS)
        yield
    except BaseException:
        if not resume and not (folder / LAST).exists():  # there is nothing to resume
            shutil.rmtree(folder, ignore_errors=True)
            if older is not None:
                older.rename(folder)
        raise
    for left in folder.parent.glob(f"{folder.name}{ASIDE}*"):
        number = left.name.removeprefix(f"{folder.name}{ASIDE}")
        if (number.isdigit() or not number) and _is_run(left):
            shutil.rmtree(left, ignore_errors=True)


def _stepped_aside(folder: Path, report: Reporter) -> Path:
    """Move the older run in `folder` aside and return its new place."""
    names = (folder.with_name(f"{folder.name}{ASIDE}{number or ''}") for number in range(1000))
    free = next(name for name in names if not name.exists())
    try:
        folder.rename(free)
    except OSError as error:
        raise OutputError(
            "{folder} cannot be moved aside: {strerror}", folder=folder, strerror=error.strerror
        ) from error
    if (free / LAST).exists():
        report.log(Sentence("the older run stays in {free} until the new model is written", free=free))
    return free


def _check_subjects(path: Path, subjects: Mapping[str, Sequence[str]]) -> None:
    """Refuse scans that a run did not begin with: its model would be trained on some that its card does not name.

    A run of an older version kept no list.
    """
    try:
        began = {(role, key) for role, keys in read_json(path).items() for key in keys}
    except (OSError, ValueError, AttributeError, TypeError):
        return
    now = {(role, key) for role, keys in subjects.items() for key in keys}
    if others := sorted({key.split()[0] for _, key in began ^ now}):
        told = ", ".join(others[:5]) + ", ..." * (len(others) > 5)
        raise InputError(
            "{parent} began with other scans or roles of {told}: resume it with the same ones, or train "
            "under another name",
            parent=path.parent,
            told=told,
        )


def _is_taken(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _is_run(folder: Path) -> bool:
    try:
        content = read_json(folder / KEPT_RECIPE)
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and "method" in content


def _kept_recipe(path: Path, kind: type) -> Any:
    """The recipe of a run, also of an older version of IQT, whose recipes had fewer settings."""
    try:
        content = _today(read_json(path))
    except (OSError, ValueError) as error:
        raise InputError(
            "{path} cannot be read ({why}): the run cannot be resumed, train under another name",
            path=path,
            why=reason(error),
        ) from None
    if not isinstance(content, dict):
        return content
    try:
        return json.loads(_text(built(kind, content)))
    except InputError:  # not a recipe of today
        return content


def _today(content: Any) -> Any:
    """A stored recipe with today's names of its settings."""
    if not isinstance(content, dict):
        return content
    return {name: _today(value) for name, value in renamed(content).items()}


def _text(recipe: Any) -> str:
    return json.dumps(asdict(recipe), indent=1)
