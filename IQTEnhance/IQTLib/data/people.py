"""Subject labels that may be shared: BIDS labels unchanged, pseudonyms for all other names.

Files are often named after patients, and file names spread to simulated scans, sidecars and model cards. A name that is
not a BIDS label (`sub-<letters and digits>`) therefore becomes `anon` and ten digits of a keyed hash. The key belongs
to the user: without it no one can find a name by trying candidates. A private table beside the key maps pseudonyms to
names. The environment variable IQT_PEOPLE replaces the folder `~/.iqt/people`. A copy of the key on another computer
gives the same pseudonyms there.
"""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from ..errors import ExistsError, OutputError, reason
from ..io.files import whole_file
from ..io.folders import make_private

KEY, TABLE = "key", "names.tsv"
PREFIX = "anon"
DIGITS = 10  # hexadecimal: one cohort in 20,000 with 10,000 subjects has a collision
_LABEL = re.compile(r"sub-([A-Za-z0-9]+)")


def folder() -> Path:
    """The folder of key and table."""
    return Path(os.environ.get("IQT_PEOPLE") or Path.home() / ".iqt" / "people")


def label(name: str) -> str:
    """The label in `sub-<label>`, or a pseudonym for any other name."""
    found = _LABEL.fullmatch(name)
    return found[1] if found else pseudonym(name)


def name_in(text: str) -> str:
    """The part of a file or volume name that identifies the subject: its BIDS `sub-<label>`, else the whole name."""
    return text.split("_")[0] if text.startswith("sub-") else text


def pseudonym(name: str) -> str:
    """A reproducible label for a name; new names are added to the private table."""
    return _pseudonym(unicodedata.normalize("NFC", name), folder())


def labels_of(names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Labels of subjects given by label or file name; `known` are the existing labels."""
    known = set(known)
    return tuple(_label_of(name.removeprefix("sub-"), known) for name in names)


def sealed(text: str) -> str:
    """A keyed hash of `text`: recognisable but not reversible."""
    return hmac.new(_key(folder()), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _label_of(name: str, known: set[str]) -> str:
    if name in known:
        return name
    hidden = pseudonym(name)
    return name if name.isalnum() and hidden not in known else hidden


@cache
def _pseudonym(name: str, place: Path) -> str:
    digest = hmac.new(_key(place), name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    made = f"{PREFIX}{digest[:DIGITS]}"
    with suppress(OSError):  # the key alone is enough
        _note(place / TABLE, f"{made}\t{' '.join(name.split())}\n".encode("utf-8", "surrogateescape"))
    return made


def _note(table: Path, line: bytes) -> None:
    """Append a line unless it is there."""
    if table.exists() and line in table.read_bytes().splitlines(keepends=True):
        return
    file = os.open(table, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line)
    finally:
        os.close(file)


@cache
def _key(place: Path) -> bytes:
    """The user's key, created on first use."""
    path = place / KEY
    try:
        if not path.exists():
            make_private(place)
            with suppress(ExistsError), whole_file(path, overwrite=False) as part:  # else another process was faster
                part.touch(mode=0o600)
                part.write_text(secrets.token_hex(32), encoding="ascii")
        key = path.read_bytes().strip()
    except (OSError, OutputError) as error:
        raise OutputError(
            "cannot store the pseudonym key in {place} ({why}): set the environment variable IQT_PEOPLE to "
            "another folder, or use BIDS file names, sub-<letters and digits>_T1w.nii.gz",
            place=place,
            why=reason(error),
        ) from None
    if len(key) < 32:
        raise OutputError(
            "{path} is not a valid pseudonym key: restore it, or delete it to start with new pseudonyms", path=path
        )
    return key
