"""People by labels that may be shared: BIDS labels as they are, a pseudonym for every other name.

Files are often called after their patients, and what a file is called travels far: into names of simulated scans,
sidecars, model cards. So a name that is no BIDS label (`sub-<letters and digits>`) becomes `anon` and ten digits of a
keyed hash. The key is the user's own: without it no one can find a name by trying candidates. A private table beside
the key tells the user who is who; the environment variable IQT_PEOPLE names another folder than `~/.iqt/people`. A
copy of the key on another computer gives the same pseudonyms there.
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

from ..errors import ExistsError, OutputError
from ..io.files import whole_file
from ..io.folders import make_private

KEY, TABLE = "key", "names.tsv"
PREFIX = "anon"
DIGITS = 10  # hexadecimal: among 10,000 people two are alike once in 20,000 cohorts
_LABEL = re.compile(r"sub-([A-Za-z0-9]+)")


def folder() -> Path:
    """Where key and table are."""
    return Path(os.environ.get("IQT_PEOPLE") or Path.home() / ".iqt" / "people")


def label(name: str) -> str:
    """The label of a person's name: of `sub-<label>` that, of any other name a pseudonym."""
    found = _LABEL.fullmatch(name)
    return found[1] if found else pseudonym(name)


def name_in(text: str) -> str:
    """What a file's or a volume's name calls the person: its `sub-<label>` as BIDS has it, else all of it."""
    return text.split("_")[0] if text.startswith("sub-") else text


def pseudonym(name: str) -> str:
    """The same label for the same name, every time; the private table gets a line for a new one."""
    return _pseudonym(unicodedata.normalize("NFC", name), folder())


def labels_of(names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Labels of people whom a user names by label or by the name of their file; `known` are the labels there are."""
    known = set(known)
    return tuple(_label_of(name.removeprefix("sub-"), known) for name in names)


def sealed(text: str) -> str:
    """A keyed hash of `text`: it can be recognised, but not read."""
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
    with suppress(OSError):  # the key alone tells who is who
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
    """The user's key, made when it is first needed."""
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
            f"the key of pseudonyms cannot be kept in {place} ({error}): name a folder in the environment variable "
            "IQT_PEOPLE, or name files as BIDS has it, sub-<letters and digits>_T1w.nii.gz"
        ) from None
    if len(key) < 32:
        raise OutputError(f"{path} is not a valid pseudonym key: restore it, or delete it to start with new pseudonyms")
    return key
