"""High-field brains on fine voxels, from which the scans for training a restoration are made."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import PchipInterpolator

from ..errors import InputError
from ..image.axis import interpolation_matrix
from ..physics.sampling import apply_along, sampling_matrix
from .packed import PackedBrain

PURE = 230  # of 255: a voxel of one tissue
ABOVE = (1.5, 4.0)  # intensities above white matter, 1, that a change of contrast leaves alone


@dataclass(frozen=True, eq=False)
class FineBrain:
    """A high-field volume on a 1 mm grid without its bias field.

    Args:
        data: float32 or float16 (x, y, z), with or without skull. mask: the brain, boolean. tissues: mean intensities
            of CSF, GM, WM (T1w), or three anchors from dark to bright for other contrasts. width: full width at half
            maximum of the volume's own point spread along each axis, mm. key: tells scans apart where random numbers
            are drawn. maps: CSF, GM and WM of a T1w brain, uint8 (3, x, y, z) of 255; None for other contrasts, whose
            pairs all keep the contrast of the scan.
    """

    person: str
    data: np.ndarray
    mask: np.ndarray
    tissues: tuple[float, float, float]
    width: tuple[float, float, float]
    key: str = ""
    maps: np.ndarray | None = None

    @classmethod
    def of(cls, packed: PackedBrain) -> "FineBrain":
        """A packed T1w brain on 1 mm voxels, taken to resolve its own; white matter becomes 1.

        Raises:
            InputError: a tissue has no voxel that is nothing else.
        """
        spacing = np.linalg.norm(packed.affine[:3, :3], axis=0)
        data = packed.high.astype(np.float32) * np.float32(packed.scale)
        tissues = []
        for number, name in enumerate(("CSF", "grey matter", "white matter")):
            pure = packed.maps[number] > PURE
            if not pure.any():
                raise InputError(
                    "{person}: no voxel is {name} alone: check the tissue labels", person=packed.person, name=name
                )
            tissues.append(float(np.median(data[pure])))
        where = [np.arange(0, n - 1 + 1e-6, 1 / s) for n, s in zip(data.shape, spacing, strict=True)]
        own = np.maximum(1 / spacing, 1)
        sampled = [sampling_matrix(n, c, w, own_width=1.0) for n, c, w in zip(data.shape, where, own, strict=True)]
        linear = [interpolation_matrix(n, c, "linear") for n, c in zip(data.shape, where, strict=True)]
        csf, gm, wm = (mean / tissues[2] for mean in tissues)
        fine = apply_along(data / np.float32(tissues[2]), tuple(sampled))
        maps = [apply_along(one.astype(np.float32), tuple(linear)) for one in packed.maps]
        inside, tissues_of = maps[3] > 0.5, np.round(maps[:3]).astype(np.uint8)
        x, y, z = np.maximum(spacing, 1.0)
        return cls(packed.person, np.maximum(fine, 0), inside, (csf, gm, wm), (x, y, z), packed.key, tissues_of)

    @property
    def classified(self) -> bool:
        """Whether it has tissue maps."""
        return self.maps is not None

    @property
    def whiter(self) -> float:
        """Intensity halfway between the two brighter tissues."""
        return 0.5 * (self.tissues[1] + self.tissues[2])

    def with_contrast(self, levels: tuple[float, float, float]) -> "FineBrain":
        """This T1w brain with CSF, GM and WM at `levels`, by a smooth curve that keeps the order of intensities.

        Raises:
            InputError: its tissues are not in the order of T1w.
        """
        if not 0 < self.tissues[0] < self.tissues[1] < self.tissues[2] < ABOVE[0]:
            told = ", ".join(f"{mean:.2f}" for mean in self.tissues)
            raise InputError(
                "{person}: CSF, grey and white matter are at {told}: not a T1w volume, exclude it",
                person=self.person,
                told=told,
            )
        change = PchipInterpolator([0, *self.tissues, *ABOVE], [0, *levels, *ABOVE])
        data = change(np.clip(self.data, 0, ABOVE[1])).astype(np.float32)
        return replace(self, data=data, tissues=levels)
