"""Read and write each file format as voxels (i, j, k) float32 and a 4x4 RAS affine in mm.

Call `volume.read` and `volume.write` instead: they add what all formats need (checks, atomic writing, one kind of
error). The functions here let errors of the libraries through.
"""

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .itk_headers import Stored, meta_stored, nrrd_stored
from .nifti import read_nifti, write_nifti
from .reading import DEFLATED, check_claim, remark_caveats

_FORMATS = {
    **dict.fromkeys((".nii", ".nii.gz", ".hdr", ".img"), "NIfTI"),
    **dict.fromkeys((".nrrd", ".nhdr"), "NRRD"),
    **dict.fromkeys((".mha", ".mhd"), "MetaImage"),
}
READABLE = tuple(_FORMATS)
WRITABLE = (".nii", ".nii.gz", ".nrrd", ".mha")

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_REMARK = "remark"
_STRETCH = 1e-3  # tolerance of the length of direction vectors


def suffix(path: Path | str) -> str:
    """The ending of `path` that names its format, in lower case (".nii.gz" is one), or "" if none is known."""
    name = Path(path).name.lower()
    return max((known for known in READABLE if name.endswith(known)), key=len, default="")


def stem(path: Path | str) -> str:
    """The file's name without the ending that names its format."""
    name = Path(path).name
    return name[: -len(ending)] if (ending := suffix(path)) else name


def files_of_volume(path: Path) -> list[Path]:
    """The files that hold a volume: `path` and, if that is a detached header, its voxel file."""
    if not path.is_file():
        return []
    voxels = path.with_suffix(".img") if suffix(path) == ".hdr" else path
    if suffix(path) in (".nhdr", ".mhd"):
        with suppress(InputError):  # a bad header: reading will report it
            voxels = _stored(path).file
    return [path, voxels] if voxels != path and voxels.is_file() else [path]


def format_of(path: Path) -> str:
    """Name of the format for the file's ending; without a known ending it can only be DICOM."""
    return _FORMATS.get(suffix(path), "DICOM")


def read_image(path: Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Voxels (i, j, k) float32, RAS affine, mm, and caveats of a file with a known ending."""
    return read_nifti(path) if format_of(path) == "NIfTI" else _read_itk(path)


def write_image(data: np.ndarray, affine: np.ndarray, path: Path, remark: str = "") -> None:
    """Write voxels (i, j, k) float32 and RAS affine, mm, to a file whose ending is one of `WRITABLE`.

    `remark` goes into the header: as `descrip` (NIfTI) or under its own name (NRRD, MetaImage).
    """
    writer = write_nifti if format_of(path) == "NIfTI" else _write_itk
    writer(data, affine, path, remark)


def _read_itk(path: Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    stored = _stored(path)
    reader = SimpleITK.ImageFileReader()
    reader.SetImageIO("NrrdImageIO" if format_of(path) == "NRRD" else "MetaImageIO")
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    kind = SimpleITK.GetPixelIDValueAsString(reader.GetPixelID())
    if reader.GetNumberOfComponents() != 1 or "complex" in kind:
        raise InputError(
            "the voxels are colours, vectors or complex numbers ({kind}): save one real number per voxel", kind=kind
        )
    one = SimpleITK.Image([1] * len(reader.GetSize()), reader.GetPixelID())
    itemsize = SimpleITK.GetArrayViewFromImage(one).itemsize
    room = (stored.file.stat().st_size - stored.start) * (DEFLATED if stored.packed else 1)
    shape = check_claim(reader.GetSize(), room, 1 if stored.text else itemsize)
    claim = math.prod(shape) * itemsize
    if stored.packed and (unpacked := stored.unpacked_size(most=claim)) != claim:
        raise InputError(
            "the file holds {unpacked} bytes of voxels instead of {claim}: copy or export it again",
            unpacked=unpacked,
            claim=claim,
        )
    image = reader.Execute()
    array = SimpleITK.GetArrayViewFromImage(image)
    data = array.astype(np.float32).T.reshape(shape)
    affine = np.eye(4)
    dimension = image.GetDimension()
    directions = np.reshape(image.GetDirection(), (dimension, dimension))[:3, :3]
    if not np.allclose(lengths := np.linalg.norm(directions, axis=0), 1, atol=_STRETCH):
        raise InputError(
            "direction vectors in the header have lengths {lengths} instead of 1: correct it", lengths=lengths.tolist()
        )
    affine[:3, :3] = directions * image.GetSpacing()[:3]
    affine[:3, 3] = image.GetOrigin()[:3]
    remark = reader.GetMetaData(_REMARK) if reader.HasMetaDataKey(_REMARK) else ""
    return data, LPS_TO_RAS @ affine, (*stored.caveats, *remark_caveats(remark))


def itk_image(data: np.ndarray, affine: np.ndarray) -> Any:
    """The SimpleITK image of voxels (i, j, k) at `affine`."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(data.T)
    axes, origin = np.split((LPS_TO_RAS @ affine)[:3], [3], axis=1)
    spacing = np.linalg.norm(axes, axis=0)
    image.SetOrigin(origin.ravel().tolist())
    image.SetSpacing(spacing.tolist())
    image.SetDirection((axes / spacing).ravel().tolist())
    return image


def _write_itk(data: np.ndarray, affine: np.ndarray, path: Path, remark: str) -> None:
    import SimpleITK

    image = itk_image(data, affine)
    if remark:
        image.SetMetaData(_REMARK, remark)
    SimpleITK.WriteImage(image, str(path), useCompression=True, compressionLevel=1)
    stored = _stored(path)  # read back: ITK writers do not always notice a full disk
    if not stored.packed or stored.unpacked_size() != data.nbytes:
        raise RuntimeError("the file is incomplete")


def _stored(path: Path) -> Stored:
    return nrrd_stored(path) if format_of(path) == "NRRD" else meta_stored(path)
