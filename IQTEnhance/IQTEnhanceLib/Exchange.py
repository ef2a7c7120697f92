"""Exchange of volumes between scene and worker: files in a temporary folder, with exactly the node's geometry.

Slicer's arrays are (k, j, i), so that i varies fastest in memory as in the files; NRRD's axes are in LPS.
"""

import shutil
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

from slicer.i18n import tr as _

from .Checks import affineOf
from .Errors import EnhanceError
from .Words import TEMPORARY

MEBIBYTE = 2**20
NIFTI_HEADER, NIFTI_FLOAT32 = 348, 16
NRRD_TYPES = {"float32": "float", "float64": "double"}  # whole numbers are called as by NumPy
RESULT_BYTES = 16 * 4  # for each input voxel: up to 16 slices for one, float32


def checkVolume(node) -> None:
    """Raise `EnhanceError` unless `node` is one grey-scale volume with voxels."""
    if node is None or not node.IsA("vtkMRMLScalarVolumeNode"):
        raise EnhanceError(_("No volume was chosen"), _("Load a brain MRI and choose it as the input volume."))
    image = node.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0:
        raise EnhanceError(_("{name} has no voxels").format(name=node.GetName()), _("Choose a volume with an image."))
    if image.GetNumberOfScalarComponents() != 1:
        reason = _("{name} has {count} numbers per voxel")
        reason = reason.format(name=node.GetName(), count=image.GetNumberOfScalarComponents())
        raise EnhanceError(reason, _("Choose a grey-scale volume."))


def checkSpace(folder: Path, node) -> None:
    """Raise `EnhanceError` when the disk of `folder` cannot hold the input and its result."""
    image = node.GetImageData()
    needed = image.GetNumberOfPoints() * (image.GetScalarSize() + RESULT_BYTES)
    free = shutil.disk_usage(folder).free
    if free < needed:
        reason = _("The temporary folder has {free} MiB left, but {needed} MiB may be needed")
        raise EnhanceError(reason.format(free=free // MEBIBYTE, needed=needed // MEBIBYTE + 1), TEMPORARY)


def writeVolume(node, path: Path) -> Path:
    """Write the voxels and IJK-to-RAS matrix of `node`, not its parent transform, as NRRD without compression.

    Straight from VTK's memory: Slicer's own writer copies all voxels twice on the way, in the main thread.
    """
    from vtk.util.numpy_support import vtk_to_numpy

    image = node.GetImageData()
    voxels = vtk_to_numpy(image.GetPointData().GetScalars())
    try:
        with path.open("wb") as file:
            file.write(_nrrdHeader(voxels.dtype, image.GetDimensions(), affineOf(node)))
            file.write(memoryview(voxels).cast("B"))
    except OSError as error:
        reason = _("{name} cannot be written to the temporary folder").format(name=node.GetName())
        raise EnhanceError(reason, TEMPORARY) from error
    return path


def _nrrdHeader(dtype, size: Sequence[int], affine) -> bytes:
    import numpy as np

    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
    place = ["({})".format(",".join(f"{number:.17g}" for number in column)) for column in lps[:3].T]
    return (
        "NRRD0004\n"
        f"type: {NRRD_TYPES.get(dtype.name, dtype.name)}\ndimension: 3\nspace: left-posterior-superior\n"
        f"sizes: {' '.join(map(str, size))}\nspace directions: {' '.join(place[:3])}\nkinds: domain domain domain\n"
        f"endian: {sys.byteorder}\nencoding: raw\nspace origin: {place[3]}\n\n"
    ).encode()


def inOneWorld(nodes: Sequence) -> list:
    """The volumes with their parent transforms applied; a transform of whatever kind that all share is left out.

    Raises:
        EnhanceError: they lie under different transforms, and one of these is not linear.
    """
    if len({node.GetTransformNodeID() for node in nodes}) == 1:
        return list(nodes)
    return [_inWorld(node) for node in nodes]


def _inWorld(node):
    import slicer
    import slicer.util
    import vtk

    transform = node.GetParentTransformNode()
    if transform is None:
        return node
    if not transform.IsTransformToWorldLinear():
        reason = _("{name} has a non-linear parent transform").format(name=node.GetName())
        raise EnhanceError(reason, _("Harden that transform (Data module, right click), then try again."))
    matrix = vtk.vtkMatrix4x4()
    transform.GetMatrixTransformToWorld(matrix)
    moved = slicer.vtkMRMLScalarVolumeNode()
    moved.SetName(node.GetName())
    moved.SetAndObserveImageData(node.GetImageData())
    moved.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(slicer.util.arrayFromVTKMatrix(matrix) @ affineOf(node)))
    return moved


def readVolume(path: Path, affine: Sequence[Sequence[float]]):
    """A volume node outside any scene with the voxels of the worker's `path` (.nii) and the IJK-to-RAS matrix `affine`.

    Slicer's own reader turns axes of left-handed volumes around, and a NIfTI header holds 32-bit numbers. So voxels are
    taken as they lie in the file, and the matrix as the worker told it.
    """
    import numpy as np
    import slicer
    import slicer.util

    node = slicer.vtkMRMLScalarVolumeNode()
    try:
        node.SetAndObserveImageData(_readVoxels(path))
    except (OSError, ValueError) as error:
        reason = _("The worker's result cannot be read ({error})").format(error=error)
        raise EnhanceError(reason, _("Try again; if it happens again, please report it.")) from error
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(np.array(affine, float)))
    return node


def _readVoxels(path: Path):
    """The image of a 3D float32 .nii file, read straight into VTK's memory: quick enough for the main thread."""
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy

    with path.open("rb") as file:
        header = file.read(NIFTI_HEADER)
        if len(header) < NIFTI_HEADER or struct.unpack_from("=i", header)[0] != NIFTI_HEADER:
            raise ValueError("it is not a NIfTI file")
        axes, *size = struct.unpack_from("=4h", header, 40)
        if axes != 3 or struct.unpack_from("=h", header, 70)[0] != NIFTI_FLOAT32 or min(size) < 1:
            raise ValueError("it is not a 3D float32 volume")
        file.seek(int(struct.unpack_from("=f", header, 108)[0]))
        image = vtk.vtkImageData()
        image.SetDimensions(size)
        image.AllocateScalars(vtk.VTK_FLOAT, 1)
        voxels = vtk_to_numpy(image.GetPointData().GetScalars())
        if file.readinto(memoryview(voxels).cast("B")) != voxels.nbytes:
            raise ValueError("the file is truncated")
    return image
