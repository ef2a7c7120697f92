"""Volumes between the scene and the worker: files in a temporary folder, with exactly the node's geometry.

Slicer's arrays are (k, j, i) and its files in LPS; both are turned by Slicer's own readers and writers.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from .Errors import EnhanceError

MEBIBYTE = 2**20
RESULT_BYTES = 16 * 4  # for each input voxel: up to 16 slices for one, float32


def checkVolume(node) -> None:
    """Raise `EnhanceError` unless `node` is one grey-scale volume with voxels."""
    if node is None or not node.IsA("vtkMRMLScalarVolumeNode"):
        raise EnhanceError("No volume was chosen", "Load a brain MRI and choose it as the input volume.")
    image = node.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0:
        raise EnhanceError(f"{node.GetName()} holds no voxels", "Choose a volume with an image.")
    if image.GetNumberOfScalarComponents() != 1:
        raise EnhanceError(
            f"{node.GetName()} has {image.GetNumberOfScalarComponents()} numbers for each voxel",
            "Choose a grey-scale volume.",
        )


def checkSpace(folder: Path, node) -> None:
    """Raise `EnhanceError` when the disk of `folder` cannot hold the input and its result."""
    image = node.GetImageData()
    needed = image.GetNumberOfPoints() * (image.GetScalarSize() + RESULT_BYTES)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise EnhanceError(
            f"The temporary folder {folder} has {free // MEBIBYTE} MiB left, {needed // MEBIBYTE + 1} MiB may be needed",
            "Free disk space, or choose another temporary folder in Edit / Application Settings.",
        )


def writeVolume(node, path: Path) -> Path:
    """Write the voxels and IJK-to-RAS matrix of `node`, not its parent transform, without compression."""
    import slicer

    storage = slicer.vtkMRMLVolumeArchetypeStorageNode()
    storage.SetFileName(str(path))
    storage.SetUseCompression(0)
    least = node.GetImageData().GetNumberOfPoints() * node.GetImageData().GetScalarSize()
    if not storage.WriteData(node) or not path.is_file() or path.stat().st_size < least:
        raise EnhanceError(
            f"{node.GetName()} cannot be written to the temporary folder {path.parent}",
            "Free disk space, or choose another temporary folder in Edit / Application Settings.",
        )
    return path


def readVolume(path: Path, affine: Sequence[Sequence[float]]):
    """A volume node outside any scene with the voxels of `path` and the IJK-to-RAS matrix `affine`.

    A NIfTI header holds 32-bit numbers, so the matrix comes with the worker's message, in full.
    """
    import slicer
    import slicer.util

    node = slicer.vtkMRMLScalarVolumeNode()
    storage = slicer.vtkMRMLVolumeArchetypeStorageNode()
    storage.SetFileName(str(path))
    if not path.is_file() or not storage.ReadData(node) or node.GetImageData() is None:
        raise EnhanceError("The worker's result cannot be read", "Try again; if it stays so, report it with the log.")
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(affine))
    return node
