"""The folder of a training run: beside the model's, with the recipe, for one writer at a time."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, OutputError
from ..io.files import check_output
from ..io.locks import FileLock

if TYPE_CHECKING:
    from .recipe import Recipe

RUN = ".run"  # what is added to a model's name
KEPT_RECIPE = "recipe.json"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else trains into `folder` meanwhile; `OutputError` when somebody does."""
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not lock.take(patience=1.0):
            raise OutputError(f"another training writes into {folder}: wait for it, or choose another name")
    except OSError as error:
        raise OutputError(f"cannot write into {folder.parent}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.remove()


def prepare_run(folder: Path, recipe: "Recipe", *, resume: bool, overwrite: bool) -> None:
    """Make the folder of a run, or see that the run in it is the one to resume."""
    check_output(folder, overwrite=True)
    kept = folder / KEPT_RECIPE
    content = json.dumps(asdict(recipe), indent=1)
    if resume:
        if not kept.is_file():
            raise InputError(f"{folder} holds no training run: nothing to resume")
        if kept.read_text(encoding="utf-8") != content:
            raise InputError(f"the recipe is not the one of {kept}: resume with that, or train under another name")
        return
    if folder.exists():
        if not overwrite:
            reason = f"{folder} holds a training run: go on with --resume, or start anew with --overwrite"
            raise OutputError(reason, code="exists")
        shutil.rmtree(folder)
    try:
        folder.mkdir(parents=True)
        kept.write_text(content, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write into {folder}: {error.strerror}") from error
