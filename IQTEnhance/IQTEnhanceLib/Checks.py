"""Checks of a volume and a model before anything runs."""

from collections.abc import Sequence

from .Catalogue import ModelEntry, card
from .Sentences import inOurWords


def affineOf(node):
    """The IJK-to-RAS matrix of a volume node as an array."""
    import slicer.util
    import vtk

    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def warningsBefore(node, entry: ModelEntry, sliceAxis: str = "auto") -> list[str]:
    """Sentences on a volume node's grid, with the numbers; what needs its voxels comes from the worker."""
    return gridWarnings(node.GetImageData().GetDimensions(), affineOf(node), entry, sliceAxis)


def gridWarnings(shape: Sequence[int], affine, entry: ModelEntry, sliceAxis: str = "auto") -> list[str]:
    """The same for voxels (i, j, k) with an IJK-to-RAS matrix."""
    import numpy as np
    from IQTLib.errors import InputError
    from IQTLib.image import grid
    from IQTLib.image.volume import Volume
    from IQTLib.methods.registry import described
    from IQTLib.physics.lesions import caution

    try:
        volume = Volume(np.broadcast_to(np.float32(0), tuple(shape)), affine)
    except InputError as error:
        return [f"{error}."]
    if described(entry.method).any_scan:
        return []
    axis = grid.slice_axis(volume, None if sliceAxis == "auto" else "ijk".index(sliceAxis))
    spacing = volume.spacing
    if grid.is_isotropic(volume, axis):
        return [inOurWords(grid.not_thick(volume, axis))]
    if entry.folder is None:
        return []
    read = card(entry)
    misfit = read.model_grid.misfit(spacing[axis] / read.model_grid.factor)
    return [inOurWords(told) for told in (misfit, caution(read.lesions)) if told]
