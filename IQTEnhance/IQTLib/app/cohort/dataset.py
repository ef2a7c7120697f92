"""BIDS data sets: the scans of one, names and descriptions of the derivatives.

The rules are those of BIDS 1.10. Only the folders of subjects are looked into: `sub-<label>/[ses-<label>/]anat`.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import __version__
from ...errors import InputError, OutputError, reason
from ...io.files import write_json
from ...io.folders import is_file_or_lost, real
from ...io.formats import stem
from ...io.reading import read_json

DESCRIPTION, IGNORED, README = "dataset_description.json", ".bidsignore", "README.md"
BIDS, NAME = "1.10.0", "Image Quality Transfer"
DESC, BOUNDS = "iqt", ("Lower", "Upper", "Sd")
SUFFIXES = ("T1w", "T2w", "PDw", "FLAIR", "UNIT1", "T2starw", "inplaneT1", "inplaneT2")
ENDINGS = (".nii.gz", ".nii")
NOT_MAGNITUDE = re.compile("_part-(phase|real|imag)_")
CARRIED = ("Manufacturer", "ManufacturersModelName", "MagneticFieldStrength")
ABOUT = """# Enhanced scans

`*_desc-iqt_*` are the scans of the data set `raw` (see `dataset_description.json`), enhanced by Image Quality Transfer.
The JSON file beside each says with which model, and lists the warnings. `*_desc-iqtLower_*` and `*_desc-iqtUpper_*`, if
they are there, are the ends of an interval that holds the true value of most voxels; `*_desc-iqtSd_*` is half its width
as a standard deviation. For research, not for diagnosis.
"""


@dataclass(frozen=True)
class BidsScan:
    """One scan of a data set; `path` is relative to the data set, with forward slashes."""

    path: str

    @property
    def name(self) -> str:
        """The file's name without its ending: sub-01_ses-a_T1w."""
        return stem(self.path)

    @property
    def suffix(self) -> str:
        return self.name.rpartition("_")[2]

    @property
    def derived(self) -> str:
        """Path of the enhanced scan in the derivatives."""
        entities, _, suffix = self.name.rpartition("_")
        return f"{Path(self.path).parent.as_posix()}/{entities}_desc-{DESC}_{suffix}.nii.gz"

    @property
    def bounds(self) -> tuple[str, ...]:
        """Paths of the interval's lower and upper end and of its standard deviation."""
        return tuple(self.derived.replace(f"_desc-{DESC}_", f"_desc-{DESC}{end}_") for end in BOUNDS)

    @property
    def sidecar(self) -> str:
        return self.derived.removesuffix(".nii.gz") + ".json"

    @property
    def picture(self) -> str:
        name = Path(self.derived).name.removesuffix(".nii.gz")
        return f"{self.path.partition('/')[0]}/figures/{name}.jpg"

    @property
    def failure(self) -> str:
        """Path of the note on why it could not be enhanced."""
        return f"logs/{self.name}.json"


def check_dataset(folder: Path) -> None:
    """Raise `InputError` unless `folder` describes itself as a BIDS data set."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder: name the folder of a BIDS data set")
    path = folder / DESCRIPTION
    try:
        content = read_json(path)
    except FileNotFoundError:
        raise InputError(f"{folder} has no {DESCRIPTION}: is it a BIDS data set?") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {reason(error)}") from None
    if not isinstance(content, dict) or not all(isinstance(content.get(key), str) for key in ("Name", "BIDSVersion")):
        raise InputError(f"{path} lacks Name or BIDSVersion: a BIDS data set states both")


def find_scans(
    folder: Path, suffixes: Sequence[str], *, people: Sequence[str] = (), sessions: Sequence[str] = ()
) -> list[BidsScan]:
    """Scans with one of `suffixes`, of these `people` and `sessions` (labels; none: all), in order of their names.

    Raises:
        InputError: there are none, or not of all of the subjects; two scans have the same name.
    """
    persons = sorted(path for path in folder.glob("sub-*") if path.is_dir())
    labels = {path.name.removeprefix("sub-") for path in persons}
    if missing := sorted(set(people) - labels):
        raise InputError(f"{folder} has no participant {', '.join(missing)}")
    found: dict[str, BidsScan] = {}
    for person in persons:
        if people and person.name.removeprefix("sub-") not in people:
            continue
        inner = [*([person] if not sessions else []), *sorted(person.glob("ses-*"))]
        for place in inner:
            if sessions and place.name.removeprefix("ses-") not in sessions:
                continue
            for scan in _in(place / "anat", folder, suffixes):
                if scan.derived in found:
                    raise InputError(f"{scan.path} is there twice, compressed and uncompressed: remove one of the two")
                found[scan.derived] = scan
    if not found:
        chosen = " of these participants and sessions" if people or sessions else ""
        raise InputError(f"{folder} has no scan *_{', *_'.join(suffixes)} (.nii or .nii.gz) in anat{chosen}")
    return list(found.values())


def _in(anat: Path, folder: Path, suffixes: Sequence[str]) -> list[BidsScan]:
    paths = sorted(path for ending in ENDINGS for path in anat.glob(f"sub-*{ending}"))
    scans = [BidsScan(path.relative_to(folder).as_posix()) for path in paths if is_file_or_lost(path)]
    return [scan for scan in scans if scan.suffix in suffixes and not NOT_MAGNITUDE.search(scan.name)]


def sidecar_of(path: Path) -> tuple[dict[str, Any], str]:
    """What the JSON file beside a scan tells of the scanner, and what is wrong with that file ("": nothing)."""
    sidecar = path.with_name(f"{stem(path)}.json")
    try:
        content = read_json(sidecar)
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError) as error:
        return {}, f"{sidecar.name} cannot be read ({reason(error)}): the scanner is not known"
    if not isinstance(content, dict):
        return {}, f"{sidecar.name} does not hold named values: the scanner is not known"
    return {name: content[name] for name in CARRIED if isinstance(content.get(name), (str, int, float))}, ""


def describe_derivatives(source: Path, output: Path) -> None:
    """Write the files that describe the derivatives in `output`, unless they are there.

    Raises:
        OutputError: `output` is the data set itself, or holds something else, or results of another data set.
    """
    if real(source) == real(output):
        raise OutputError(f"{output} is the data set itself: name another folder for the results")
    path = output / DESCRIPTION
    if path.exists():
        if not is_ours(output):
            raise OutputError(f"{output} holds another data set: name another folder for the results")
        if (other := _enhanced_from(output)) and other.is_dir() and real(other) != real(source):
            raise OutputError(f"{output} holds results of {other}: name another folder for those of {source}")
    elif output.is_dir() and any(not entry.name.startswith(".") for entry in output.iterdir()):
        raise OutputError(f"{output} holds other files: name a new folder for the results")
    link = os.path.relpath(real(source), real(output)).replace(os.sep, "/")
    made_by = {"Name": NAME, "Version": __version__, "Description": "Makes low-field scans look like high-field scans"}
    content = {
        "Name": f"{NAME}: enhanced scans",
        "BIDSVersion": BIDS,
        "DatasetType": "derivative",
        "Authors": ["The authors of Image Quality Transfer", "The authors of the data set raw"],
        "GeneratedBy": [made_by],
        "SourceDatasets": [{"URL": link}],
        "DatasetLinks": {"raw": link},
    }
    write_json(content, path)
    for name, text in ((IGNORED, "logs/\nsub-*/figures\niqt_*\n"), (README, ABOUT)):
        if not (output / name).exists():
            (output / name).write_text(text, encoding="utf-8")


def _enhanced_from(output: Path) -> Path | None:
    """The data set that the derivatives in `output` were made from, as far as they tell."""
    try:
        return real(real(output) / str(read_json(output / DESCRIPTION)["DatasetLinks"]["raw"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_ours(output: Path) -> bool:
    """Whether `output` holds derivatives of this program."""
    try:
        content = read_json(output / DESCRIPTION)
        return any(made["Name"] == NAME for made in content["GeneratedBy"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
