"""High-field scans in a folder: found by BIDS-like names and loaded for the simulator."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..events import SILENT, Reporter
from ..image.brain import doubts, find_brain
from ..image.grid import resample
from ..image.tissue import Contrast, TissueMaps, segment, swapped
from ..image.volume import Volume, read
from ..io.files import file_digest
from ..io.folders import folders_below, is_file_or_lost
from ..io.formats import files_of_volume, stem
from ..io.formats import suffix as file_suffix
from ..io.typed import shown
from ..sentences import Sentence
from . import people
from .seeds import words

NOT_SCANS = ("dseg", "mask", "probseg")
NO_HEADER = ("", ".img")  # not a volume, or the voxel file of an .hdr
ISOTROPIC_RATIO = 1.2
SOFTENING = 0.5  # voxels; turns hard labels into soft maps
CONTRASTS: dict[str, Contrast] = {"T1w": "t1w", "UNIT1": "t1w", "FLAIR": "flair"}
"""BIDS suffixes of scans whose intensities separate the tissues."""
OTHER_CONTRASTS = ("T2w", "T2", "PDw", "PD", "PDT2", "T2star", "T2starw", "inplaneT2", "T1map", "T2map", "PDmap")

_ENTITY = re.compile(
    "(acq|ce|desc|dir|echo|flip|inv|mod|mt|part|rec|res|run|sample|ses|space|task|tracer)-[A-Za-z0-9]+"
)

_SUFFIX = re.compile("[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Scan:
    """One high-field volume of a subject and, if found beside it, its tissue labels, tissue maps and brain mask."""

    path: Path
    person: str
    suffix: str
    labels: Path | None = None
    probabilities: tuple[Path, Path, Path] | None = None
    mask: Path | None = None

    def __post_init__(self) -> None:
        if not _SUFFIX.fullmatch(self.suffix):
            told = "suffix {suffix}: write letters and digits, as BIDS has it (T1w, FLAIR)"
            raise InputError(told, suffix=shown(self.suffix))

    @property
    def content(self) -> str:
        """Digest of the contents of all its files and their roles; `InputError` if one cannot be read."""
        parts = {"scan": self.path, "labels": self.labels, "mask": self.mask}
        parts |= dict(zip(("csf", "gm", "wm"), self.probabilities or (), strict=False))
        try:
            files = ((name, file) for name, path in parts.items() if path for file in files_of_volume(path))
            known = [[name, file_digest(file)] for name, file in files]
        except OSError as error:
            raise InputError("{path} cannot be read: {why}", path=error.filename, why=error.strerror) from None
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:20]

    @property
    def key(self) -> str:
        """Identity for seeds: the subject and the content of the scan, independent of its path."""
        return f"{self.person} {self.content}"

    @property
    def files(self) -> list[Path]:
        """The volume and its derivatives."""
        return [path for path in (self.path, self.labels, self.mask, *(self.probabilities or ())) if path]

    @property
    def name(self) -> str:
        """The subject's name in the file name; do not share it, see `people`."""
        return people.name_in(stem(self.path).removesuffix(f"_{self.suffix}"))

    @property
    def shareable(self) -> str:
        """A BIDS-like file name that reveals no more about the subject than the label does.

        Words that are not BIDS entities may be names of patients and become pseudonyms.
        """
        first, *parts = stem(self.path).removesuffix(f"_{self.suffix}").split("_")
        if not first.startswith("sub-"):
            return f"sub-{self.person}_{self.suffix}"
        plain = (*CONTRASTS, *OTHER_CONTRASTS)
        told = [part if _ENTITY.fullmatch(part) or part in plain else people.pseudonym(part) for part in parts if part]
        return "_".join((f"sub-{self.person}", *told, self.suffix)) + self.path.name[len(stem(self.path)) :]


@dataclass(frozen=True, eq=False)
class Brain:
    """A skull-stripped high-field volume with its tissue maps and boolean mask, all on one grid.

    `key` identifies subject and scan for random draws (`Scan.key`; the subject if empty).
    """

    person: str
    volume: Volume
    maps: TissueMaps
    mask: np.ndarray
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.person)


def find_scans(folder: Path, *, suffix: str = "T1w") -> list[Scan]:
    """Scans below `folder`: BIDS-like `sub-<label>_..._<suffix>.nii.gz`, else every volume, named after its subject.

    Names that are not BIDS labels become pseudonyms, see `people`.

    Derivatives are expected beside the scan: `<prefix>_dseg`, `<prefix>_label-{CSF,GM,WM}_probseg`,
    `<prefix>_desc-brain_mask`. Raises `InputError` if there are no scans.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError("{folder} is not a folder: choose the folder of the scans", folder=folder)
    paths = sorted(path for place in folders_below(folder) for path in place.iterdir())
    files = [path for path in paths if is_file_or_lost(path) and file_suffix(path) not in NO_HEADER]
    named = [path for path in files if stem(path).rpartition("_")[2] == suffix]
    plain = [path for path in files if not stem(path).endswith(NOT_SCANS)]
    chosen = named or [path for path in plain if not stem(path).startswith("sub-")]
    if not chosen:
        told = "{folder} contains no *_{suffix} volume (NIfTI, NRRD or MetaImage)"
        raise InputError(told, folder=folder, suffix=suffix)
    return [scan_of(path, suffix=suffix) for path in chosen]


def shuffled(people: Iterable[str], *seed: int | str) -> list[str]:
    """Each subject once in random order; the order of any two does not depend on the others."""
    return sorted(set(people), key=lambda person: words(*seed, person))


@dataclass(frozen=True)
class Split:
    """Subjects for training, for validation and for the final test."""

    learn: tuple[str, ...]
    validate: tuple[str, ...]
    test: tuple[str, ...]


def split_people(people: Iterable[str], *, seed: int, validate: float = 0.2, test: float = 0.2) -> Split:
    """Split subjects, never scans, in random order by `seed`: shares for validation and test, at least one subject
    each.

    A share of 0 takes no subject. Adding a subject does not reorder the others. Raises `InputError` if none is left for
    training.
    """
    order = shuffled(people, seed, "split")
    validation_subjects, test_subjects = (
        max(round(share * len(order)), 1) if share > 0 else 0 for share in (validate, test)
    )
    training_subjects = len(order) - validation_subjects - test_subjects
    if training_subjects < 1:
        told = (
            "{count} subjects are too few: {validated} for validation and {tested} for the test leave none to train on"
        )
        raise InputError(told, count=len(order), validated=validation_subjects, tested=test_subjects)
    parts = (
        order[:training_subjects],
        order[training_subjects : training_subjects + validation_subjects],
        order[training_subjects + validation_subjects :],
    )
    return Split(*(tuple(sorted(part)) for part in parts))


def scan_of(path: Path, *, suffix: str = "T1w") -> Scan:
    """The scan in one file, with the derivatives beside it."""
    name = stem(path)
    if name.endswith(NOT_SCANS):
        told = "{path} holds labels or a mask by its name ({names}): give the scan itself"
        raise InputError(told, path=path, names=", ".join(NOT_SCANS))
    prefix = name.removesuffix(f"_{suffix}")
    ending = path.name[len(name) :]

    def beside(what: str) -> Path | None:
        candidate = path.with_name(f"{prefix}_{what}{ending}")
        return candidate if is_file_or_lost(candidate) else None

    csf, gm, wm = (beside(f"label-{tissue}_probseg") for tissue in ("CSF", "GM", "WM"))
    return Scan(
        path=path,
        person=people.label(people.name_in(prefix)),
        suffix=suffix,
        labels=beside("dseg"),
        probabilities=(csf, gm, wm) if csf and gm and wm else None,
        mask=beside("desc-brain_mask"),
    )


def contrast_of(path: Path, suffix: str = "T1w") -> Contrast:
    """The contrast for tissue segmentation of a scan with BIDS `suffix`, unless its name states another one.

    Raises:
        InputError: in T2w and similar contrasts intensities do not separate the tissues; treated as T1w, fluid and
            white matter would swap.
    """
    known = {name.lower(): name for name in (*CONTRASTS, *OTHER_CONTRASTS)}
    suffix = known.get(stem(path).rpartition("_")[2].lower(), suffix)
    if suffix not in CONTRASTS:
        told = (
            "{path}: tissues cannot be segmented from {suffix} intensities, only from {contrasts}: put tissue labels "
            "(<scan>_dseg, 1 CSF, 2 GM, 3 WM) or maps (<scan>_label-{{CSF,GM,WM}}_probseg) beside it"
        )
        raise InputError(told, path=path.name, suffix=suffix, contrasts=", ".join(CONTRASTS))
    return CONTRASTS[suffix]


def load_brain(
    scan: Scan,
    *,
    rng: np.random.Generator,
    volume: Volume | None = None,
    report: Reporter = SILENT,
    device: str = "cpu",
) -> Brain:
    """Read a scan (unless its `volume` is given), strip the skull and find the tissue maps, given ones first.

    Raises:
        InputError: an unusable file, no brain, or no tissue maps for a contrast that needs them (`contrast_of`).
    """
    contrast = None if scan.probabilities or scan.labels else contrast_of(scan.path, scan.suffix)  # fail early
    volume = read(scan.path) if volume is None else volume
    mask, found = mask_of(scan, volume, device, report)
    for told in (*volume.caveats, *found):
        report.warn(Sentence("{scan}: {told}", "of-scan", scan=scan.path.name, told=told))
    if scan.probabilities:
        maps = TissueMaps(*(_read_beside(path, volume).astype(np.float32, copy=False) for path in scan.probabilities))
    elif contrast is None:
        assert scan.labels is not None  # only then is no contrast needed
        maps = TissueMaps.from_labels(np.round(_read_beside(scan.labels, volume))).softened(SOFTENING)
    else:
        report.log(Sentence("{path}: no tissue maps beside it, estimating them", path=scan.path.name))
        maps = segment(volume, mask, rng=rng, contrast=contrast)
        if contrast == "t1w" and (other := swapped(maps, mask, volume.spacing)):
            report.warn(Sentence("{scan}: {told}", "of-scan", scan=scan.path.name, told=other))
    stripped = volume.with_data(np.where(mask, volume.data, 0))
    return Brain(scan.person, stripped, maps, mask, scan.key)


def mask_of(scan: Scan, volume: Volume, device: str, report: Reporter) -> tuple[np.ndarray, tuple[str, ...]]:
    """The mask beside a scan or a computed one, and doubts about it."""
    if not scan.mask:
        brain = find_brain(volume, device=device, report=report)
        return brain.mask, brain.doubts
    mask = _read_beside(scan.mask, volume) > 0
    if not mask.any():
        raise InputError("{mask} is empty: brain voxels must be above 0", mask=scan.mask)
    return mask, doubts(volume, mask)


def isotropic(brain: Brain, report: Reporter = SILENT) -> Brain:
    """`brain` cropped to the mask and, if its voxels are clearly anisotropic, resampled to its smallest spacing."""
    brain = _cropped(brain)
    spacing = np.array(brain.volume.spacing)
    if spacing.max() <= ISOTROPIC_RATIO * spacing.min():
        return brain
    told = "{person}: voxels of {spacing} mm resampled to {edge:.2f} mm isotropic"
    edges = " x ".join(f"{edge:.2f}" for edge in spacing)
    report.log(Sentence(told, person=brain.person, spacing=edges, edge=spacing.min()))
    step = spacing.min() / spacing
    shape = tuple(int(n) for n in np.floor((np.array(brain.volume.shape) - 1) / step) + 1)

    def moved(data: np.ndarray, kind: str) -> np.ndarray:
        return resample(brain.volume.with_data(data.astype(np.float32)), np.zeros(3), step, shape, kind).data

    volume = resample(brain.volume, np.zeros(3), step, shape)
    maps = TissueMaps(*(moved(tissue, "linear") for tissue in (brain.maps.csf, brain.maps.gm, brain.maps.wm)))
    mask = moved(brain.mask, "linear") > 0.5
    return Brain(brain.person, volume.with_data(np.where(mask, volume.data, 0)), maps, mask, brain.key)


def _cropped(brain: Brain, margin: int = 8) -> Brain:
    where = np.argwhere(brain.mask)
    first = np.maximum(where.min(0) - margin, 0)
    last = np.minimum(where.max(0) + margin + 1, brain.mask.shape)
    box = tuple(slice(int(a), int(b)) for a, b in zip(first, last, strict=True))
    kept = [part[box].copy() for part in (brain.maps.csf, brain.maps.gm, brain.maps.wm, brain.mask)]  # not the whole
    affine = brain.volume.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ first
    volume = Volume(np.ascontiguousarray(brain.volume.data[box]), affine)
    return Brain(brain.person, volume, TissueMaps(*kept[:3]), kept[3], brain.key)


def _read_beside(path: Path, volume: Volume) -> np.ndarray:
    other = read(path, allow_constant=True)
    if other.shape != volume.shape or not np.allclose(other.affine, volume.affine, atol=1e-2):
        told = "{path} is not on the grid of its volume {shape}: resample it first"
        raise InputError(told, path=path, shape=volume.shape)
    return other.data
