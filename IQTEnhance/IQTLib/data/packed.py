"""Compact training volumes: bias-corrected intensities in 16 bits and tissue maps in 8, in memory or on disk.

The bias field is divided out once when packing, so no simulated scan needs it again. On disk, a packed brain is a
folder named after the content of its source files: changed data are packed again, and processes that read the same
folder share memory.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from ..errors import InputError, reason
from ..events import SILENT, Reporter
from ..image.tissue import TissueMaps, bias_field
from ..image.volume import Volume
from ..io.files import whole_folder
from ..physics.lesions import drawn, scattered
from ..sentences import Sentence
from .subjects import Brain, Scan, isotropic, load_brain

FORMAT = "2"
ABOUT, HIGH, MAPS = "about.json", "high.npy", "maps.npy"
GAMMA = (0.5, 0.95)  # exponents that lower WM / GM from 1.6 to as little as 1.3, as on other scanners
SOFTENING = (0.0, 0.8)  # standard deviation in voxels


@dataclass(frozen=True, eq=False)
class PackedBrain:
    """A bias-corrected high-field brain: `high` uint16 (x, y, z) times `scale`; `maps` uint8 (4, x, y, z): CSF, GM, WM,
    mask.

    `key` identifies the subject, scan and copy for random draws (`Brain.key`).
    """

    person: str
    affine: np.ndarray
    scale: float
    high: np.ndarray
    maps: np.ndarray
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.person)

    @classmethod
    def of(cls, brain: Brain) -> "PackedBrain":
        """Pack `brain` without its bias field, with mean 1 inside the mask."""
        flat = np.maximum(brain.volume.data / bias_field(brain.volume.data, brain.mask, brain.volume.spacing), 0)
        flat *= brain.mask / flat[brain.mask].mean(dtype=np.float64)
        scale = float(flat.max()) / 65535
        tissues = (brain.maps.csf, brain.maps.gm, brain.maps.wm, brain.mask)
        maps = np.stack([np.floor(255 * np.asarray(tissue, np.float32)).astype(np.uint8) for tissue in tissues])
        return cls(brain.person, brain.volume.affine, scale, np.round(flat / scale).astype(np.uint16), maps, brain.key)

    @property
    def brain(self) -> Brain:
        """Unpack to float32."""
        csf, gm, wm = (self.maps[index].astype(np.float32) / 255 for index in range(3))
        data = self.high.astype(np.float32) * np.float32(self.scale)
        return Brain(self.person, Volume(data, self.affine), TissueMaps(csf, gm, wm), self.maps[3] > 0, self.key)

    def with_other_contrast(self, rng: np.random.Generator) -> "PackedBrain":
        """This brain as another scanner might show it: weaker contrast and softer edges, in truth and scan alike."""
        data = self.high.astype(np.float32) / 65535
        data = gaussian_filter(data ** np.float32(rng.uniform(*GAMMA)), rng.uniform(*SOFTENING), truncate=3)
        return self._repacked(data)

    def with_lesions(self, count: int, rng: np.random.Generator) -> "PackedBrain":
        """This brain with `count` dark and bright blobs in truth and scan, so that the model learns to keep lesions."""
        data = self.high.astype(np.float32) * np.float32(self.scale)
        spacing = tuple(np.linalg.norm(self.affine[:3, :3], axis=0))
        white = self.maps[2] > 230
        mean = float(data[white].mean(dtype=np.float64)) if white.any() else 1.0
        blobs = drawn(scattered(self.maps[3] > 0, spacing, count, rng), self.high.shape, spacing)
        return self._repacked(np.maximum(data + mean * blobs, 0))

    def _repacked(self, data: np.ndarray) -> "PackedBrain":
        """This brain with the intensities `data`, rescaled to mean 1 inside the mask."""
        inside = self.maps[3] > 0
        data = data * (inside / data[inside].mean(dtype=np.float64)).astype(np.float32)
        scale = float(data.max()) / 65535
        return replace(self, high=np.round(data / scale).astype(np.uint16), scale=scale)

    def save(self, folder: Path) -> None:
        """Write into `folder` atomically."""
        with whole_folder(folder, private=True) as part:
            np.save(part / HIGH, self.high)
            np.save(part / MAPS, self.maps)
            about = {"person": self.person, "key": self.key, "affine": self.affine.tolist(), "scale": self.scale}
            (part / ABOUT).write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "PackedBrain":
        """Read from `folder`; the arrays are memory-mapped."""
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        high, maps = (np.load(folder / name, mmap_mode="r") for name in (HIGH, MAPS))
        return cls(about["person"], np.array(about["affine"]), about["scale"], high, maps, about["key"])


def packed_brains(scans: Sequence[Scan], *, cache: Path | None = None, report: Reporter = SILENT) -> list[PackedBrain]:
    """All usable scans, packed; unusable ones trigger a warning and are skipped.

    A pack depends only on the files of its scan.

    Args:
        cache: folder where packed brains are kept for the next run; None keeps them in memory only.

    Raises:
        InputError: no scan is usable.
    """
    packed = []
    for scan in report.track(scans, total=len(scans), message=Sentence("reading volumes", "reading")):
        try:
            packed.append(_packed(scan, cache, report))
        except InputError as error:
            report.warn(Sentence("{path} is skipped: {why}", path=scan.path.name, why=error))
    if not packed:
        raise InputError("no usable high-field volume: see the warnings above")
    return packed


def _packed(scan: Scan, cache: Path | None, report: Reporter) -> PackedBrain:
    folder = None if cache is None else cache / _key(scan)
    if folder is not None and (folder / ABOUT).is_file():
        try:
            return PackedBrain.load(folder)
        except (OSError, ValueError, KeyError) as error:
            report.warn(
                Sentence(
                    "{folder} is damaged ({why}): packing {person} again",
                    folder=folder,
                    why=reason(error),
                    person=scan.person,
                )
            )
            shutil.rmtree(folder, ignore_errors=True)
    brain = PackedBrain.of(isotropic(load_brain(scan, rng=np.random.default_rng(0), report=report), report))
    if folder is None:
        return brain
    if not (folder / ABOUT).is_file():  # otherwise another process was faster
        brain.save(folder)
    return PackedBrain.load(folder)


def _key(scan: Scan) -> str:
    """A name derived from the content of the source files of a packed brain."""
    digest = hashlib.sha256(f"{FORMAT} {scan.suffix} {scan.key}".encode())
    return f"{scan.person}-{digest.hexdigest()[:16]}"
