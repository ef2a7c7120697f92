"""Training people packed small: flat intensities in 16 bits, tissue maps in 8, in memory or in a folder on disk.

A packed brain has had its bias field divided out once, so that no simulated scan of it needs that again. On disk it is
a folder named after the content of its source files: changed data are packed anew, and several processes that read the
same folder share its memory.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from ..errors import InputError
from ..events import SILENT, Reporter
from ..image.tissue import TissueMaps, bias_field
from ..image.volume import Volume
from ..io.files import whole_folder
from ..physics.lesions import drawn, scattered
from .subjects import Brain, Scan, cubic, load_brain

FORMAT = "2"
ABOUT, HIGH, MAPS = "about.json", "high.npy", "maps.npy"
GAMMA = (0.5, 0.95)  # exponents that turn WM / GM of 1.6 into what other scanners show, down to 1.3
SOFTENING = (0.0, 0.8)  # standard deviation in voxels


@dataclass(frozen=True, eq=False)
class PackedBrain:
    """A flat high-field brain: `high` uint16 (x, y, z) times `scale`; `maps` uint8 (4, x, y, z): CSF, GM, WM, mask.

    `key` tells people, their scans and copies of them apart where random numbers are drawn (`Brain.key`).
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
        """Pack `brain` without its bias field; its mean inside the mask becomes 1."""
        flat = np.maximum(brain.volume.data / bias_field(brain.volume.data, brain.mask, brain.volume.spacing), 0)
        flat *= brain.mask / flat[brain.mask].mean(dtype=np.float64)
        scale = float(flat.max()) / 65535
        tissues = (brain.maps.csf, brain.maps.gm, brain.maps.wm, brain.mask)
        maps = np.stack([np.floor(255 * np.asarray(tissue, np.float32)).astype(np.uint8) for tissue in tissues])
        return cls(brain.person, brain.volume.affine, scale, np.round(flat / scale).astype(np.uint16), maps, brain.key)

    @property
    def brain(self) -> Brain:
        """The brain again, in float32."""
        csf, gm, wm = (self.maps[index].astype(np.float32) / 255 for index in range(3))
        data = self.high.astype(np.float32) * np.float32(self.scale)
        return Brain(self.person, Volume(data, self.affine), TissueMaps(csf, gm, wm), self.maps[3] > 0, self.key)

    def with_other_contrast(self, rng: np.random.Generator) -> "PackedBrain":
        """This person as another scanner might show them: weaker contrast and softer edges, truth and scan alike."""
        data = self.high.astype(np.float32) / 65535
        data = gaussian_filter(data ** np.float32(rng.uniform(*GAMMA)), rng.uniform(*SOFTENING), truncate=3)
        return self._repacked(data)

    def with_lesions(self, count: int, rng: np.random.Generator) -> "PackedBrain":
        """This person with `count` dark and bright blobs, in truth and scan alike, so that they are not unlearned."""
        data = self.high.astype(np.float32) * np.float32(self.scale)
        spacing = tuple(np.linalg.norm(self.affine[:3, :3], axis=0))
        white = self.maps[2] > 230
        mean = float(data[white].mean(dtype=np.float64)) if white.any() else 1.0
        blobs = drawn(scattered(self.maps[3] > 0, spacing, count, rng), self.high.shape, spacing)
        return self._repacked(np.maximum(data + mean * blobs, 0))

    def _repacked(self, data: np.ndarray) -> "PackedBrain":
        """This person with other intensities `data`, mean 1 inside the mask again."""
        inside = self.maps[3] > 0
        data = data * (inside / data[inside].mean(dtype=np.float64)).astype(np.float32)
        scale = float(data.max()) / 65535
        return replace(self, high=np.round(data / scale).astype(np.uint16), scale=scale)

    def save(self, folder: Path) -> None:
        """Write into `folder`, whole or not at all."""
        with whole_folder(folder, private=True) as part:
            np.save(part / HIGH, self.high)
            np.save(part / MAPS, self.maps)
            about = {"person": self.person, "key": self.key, "affine": self.affine.tolist(), "scale": self.scale}
            (part / ABOUT).write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "PackedBrain":
        """Read from `folder`; the arrays stay on disk until they are used."""
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        high, maps = (np.load(folder / name, mmap_mode="r") for name in (HIGH, MAPS))
        return cls(about["person"], np.array(about["affine"]), about["scale"], high, maps, about["key"])


def packed_brains(scans: Sequence[Scan], *, cache: Path | None = None, report: Reporter = SILENT) -> list[PackedBrain]:
    """All usable scans, packed; an unusable one triggers a warning and is left out.

    A pack depends on the scan's own files alone.

    Args:
        cache: folder where packed brains are kept for the next run; None keeps them in memory only.

    Raises:
        InputError: no scan is usable.
    """
    packed = []
    for scan in report.track(scans, total=len(scans), message="reading volumes"):
        try:
            packed.append(_packed(scan, cache, report))
        except InputError as error:
            report.warn(f"{scan.path.name} is left out: {error}")
    if not packed:
        raise InputError("no usable high-field volume: see the warnings above")
    return packed


def _packed(scan: Scan, cache: Path | None, report: Reporter) -> PackedBrain:
    folder = None if cache is None else cache / _key(scan)
    if folder is not None and (folder / ABOUT).is_file():
        try:
            return PackedBrain.load(folder)
        except (OSError, ValueError, KeyError) as error:
            report.warn(f"{folder} is damaged ({error}): {scan.person} is packed anew")
            shutil.rmtree(folder, ignore_errors=True)
    brain = PackedBrain.of(cubic(load_brain(scan, rng=np.random.default_rng(0), report=report), report))
    if folder is None:
        return brain
    if not (folder / ABOUT).is_file():  # else another process was faster
        brain.save(folder)
    return PackedBrain.load(folder)


def _key(scan: Scan) -> str:
    """A name that changes with the content of the files that make a packed brain."""
    digest = hashlib.sha256(f"{FORMAT} {scan.suffix} {scan.key}".encode())
    return f"{scan.person}-{digest.hexdigest()[:16]}"
