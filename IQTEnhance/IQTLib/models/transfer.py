"""A model from a zip file or a folder into the user's folder of models: checked first, then there as a whole."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile, ZipInfo

from ..errors import ExistsError, IQTError, ModelError, OutputError, reason
from ..io.files import whole_folder
from ..io.reading import in_words
from ..streams import FULL
from .card import CARD
from .store import MOST_WEIGHTS, WEIGHTS, available, check, read_card, user_folder

MOST_CARD = 2**24  # bytes
MOST_PACKED = 50  # times smaller: weights hardly shrink
LIMITS = {CARD: MOST_CARD, WEIGHTS: MOST_WEIGHTS}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def import_model(source: Path) -> Path:
    """Put the model in `source`, a zip file, a folder or the card in one, into the user's folder of models.

    Only card and weights are taken. Both are checked as `store.check` does, with a trial of the model.

    Returns:
        The model's new folder, which has the name on its card.

    Raises:
        ModelError: there is no model in it, or a damaged one. ExistsError: there is a model of its name already.
    """
    with _opened(source) as folder:
        name = read_card(folder).name
        if not NAME.fullmatch(name):
            raise ModelError(
                "{source}: {name!r} cannot be the name of a model: use letters, digits, '.', '_' and '-'",
                source=source,
                name=name,
            )
        target = user_folder() / name
        if name in available() or target.exists():
            raise ExistsError(
                "there is a model {name} already: delete it first, or change the name on the card", name=name
            )
        for _ in check(folder):
            pass
        with whole_folder(target, overwrite=False) as part:
            for file in LIMITS:
                shutil.copyfile(folder / file, part / file)
    return target


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """The folder of card and weights that `source` is, or (until the end of the block) a copy of those in a zip."""
    if source.name == CARD:
        source = source.parent
    if source.is_dir():
        yield source
        return
    if not source.is_file():
        raise ModelError("{source} is not there: choose a zip file, or the folder of a model", source=source)
    with _temporary_folder() as folder:
        _unpack(source, folder)
        try:
            yield folder
        except ModelError as error:  # the user knows the zip file, not the copy
            told = error.args[0]
            raise ModelError(told.code, **_renamed(told.values, folder, source)) from None


def _renamed(values: dict[str, Any], folder: Path, source: Path) -> dict[str, Any]:
    texts = {name: value.replace(str(folder), str(source)) for name, value in values.items() if isinstance(value, str)}
    return values | texts


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = TemporaryDirectory(prefix="iqt-model-")
    except OSError as error:
        raise OutputError(
            "no temporary folder to unpack into ({strerror}): set TMPDIR to one", strerror=error.strerror
        ) from None
    with folder as name:
        yield Path(name)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with ZipFile(source) as archive:
            for file, entry in _entries(source, archive).items():
                with archive.open(entry) as packed, (folder / file).open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
    except IQTError:
        raise
    except Exception as error:  # each way of packing has errors of its own for what is damaged
        if isinstance(error, OSError) and error.errno in FULL:
            raise OutputError(
                "{source} cannot be unpacked into {parent}: {strerror}",
                source=source,
                parent=folder.parent,
                strerror=error.strerror,
            ) from None
        raise ModelError(
            "{source} cannot be unpacked ({why}): give a zip file of card and weights", source=source, why=reason(error)
        ) from None


def _entries(source: Path, archive: ZipFile) -> dict[str, ZipInfo]:
    """Card and weights of the one model in the archive, wherever in it they lie; their paths are never used."""
    found: dict[str, ZipInfo] = {}
    for file, most in LIMITS.items():
        entries = [entry for entry in archive.infolist() if PurePosixPath(entry.filename).name == file]
        if len(entries) != 1:
            raise ModelError(
                "{source} holds {count} files {file}: give a zip file of one model",
                source=source,
                count=len(entries),
                file=file,
            )
        size, packed = entries[0].file_size, entries[0].compress_size
        if size > min(most, max(MOST_CARD, MOST_PACKED * packed)):
            raise ModelError(
                "{source}: {file} would grow from {packed} to {size}: far too large for a model",
                source=source,
                file=file,
                packed=in_words(packed),
                size=in_words(size),
            )
        found[file] = entries[0]
    return found
