"""True high-field scans with their tissues, from which test scans are simulated."""

from pathlib import Path

import numpy as np
from scipy import ndimage

from ..image.tissue import TissueMaps
from ..image.volume import Volume, read

MARGIN = 40.0  # mm about the brain that are kept


def truth_of(folder: Path, person: str) -> tuple[Volume, np.ndarray, np.ndarray]:
    """Volume, mask and labels (1 CSF, 2 GM, 3 WM) in `folder`/sub-<person>/anat, cropped to the brain and `MARGIN`."""
    stem = folder / f"sub-{person}" / "anat" / f"sub-{person}_"
    truth = read(f"{stem}T1w.nii.gz")
    labels, mask = (read(f"{stem}{name}.nii.gz", allow_constant=True).data for name in ("dseg", "desc-brain_mask"))
    margin = (MARGIN / np.array(truth.spacing)).astype(int)
    where = np.argwhere(mask > 0)
    first, last = np.maximum(where.min(axis=0) - margin, 0), where.max(axis=0) + margin + 1
    box = tuple(slice(low, high) for low, high in zip(first, last, strict=True))
    affine = truth.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ first
    return Volume(truth.data[box], affine), mask[box] > 0, np.rint(labels[box])


def at_one_mm(truth: Volume, mask: np.ndarray, labels: np.ndarray) -> tuple[Volume, np.ndarray, TissueMaps]:
    """Volume, mask and soft tissue maps on cubic voxels of 1 mm."""
    step = 1 / np.array(truth.spacing)
    shape = tuple(int(n) for n in np.floor((np.array(truth.shape) - 1) / step) + 1)

    def resampled(data: np.ndarray) -> np.ndarray:
        return ndimage.affine_transform(data.astype(np.float32), step, output_shape=shape, order=1, mode="nearest")

    csf, gm, wm = (np.clip(resampled(labels == tissue), 0, 1) for tissue in (1, 2, 3))
    affine = truth.affine @ np.diag([*step, 1.0])
    return Volume(resampled(truth.data), affine), resampled(mask) > 0.5, TissueMaps(csf, gm, wm)
