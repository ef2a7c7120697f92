"""A model from a zip file or a folder into the user's folder of models: checked first, then there as a whole."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
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
            raise ModelError(f"{source}: {name!r} cannot be the name of a model: use letters, digits, '.', '_' and '-'")
        target = user_folder() / name
        if name in available() or target.exists():
            raise ExistsError(f"there is a model {name} already: delete it first, or change the name on the card")
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
        raise ModelError(f"{source} is not there: choose a zip file, or the folder of a model")
    with _temporary_folder() as folder:
        _unpack(source, folder)
        try:
            yield folder
        except ModelError as error:  # the user knows the zip file, not the copy
            raise ModelError(str(error).replace(str(folder), str(source))) from None


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = TemporaryDirectory(prefix="iqt-model-")
    except OSError as error:
        raise OutputError(f"no temporary folder to unpack into ({error.strerror}): set TMPDIR to one") from None
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
            raise OutputError(f"{source} cannot be unpacked into {folder.parent}: {error.strerror}") from None
        raise ModelError(
            f"{source} cannot be unpacked ({reason(error)}): give a zip file of card and weights"
        ) from None


def _entries(source: Path, archive: ZipFile) -> dict[str, ZipInfo]:
    """Card and weights of the one model in the archive, wherever in it they lie; their paths are never used."""
    found: dict[str, ZipInfo] = {}
    for file, most in LIMITS.items():
        entries = [entry for entry in archive.infolist() if PurePosixPath(entry.filename).name == file]
        if len(entries) != 1:
            raise ModelError(f"{source} holds {len(entries)} files {file}: give a zip file of one model")
        size, packed = entries[0].file_size, entries[0].compress_size
        if size > min(most, max(MOST_CARD, MOST_PACKED * packed)):
            raise ModelError(
                f"{source}: {file} would grow from {in_words(packed)} to {in_words(size)}: far too large for a model"
            )
        found[file] = entries[0]
    return found
