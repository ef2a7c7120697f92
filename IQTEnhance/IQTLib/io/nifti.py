"""NIfTI files, single and in pairs (.hdr, .img), as voxels (i, j, k) float32 and a 4x4 RAS affine in mm."""

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..sentences import Sentence
from .reading import DEFLATED, LONGEST_REMARK, beside, check_claim, open_regular, remark_caveats

_MM_PER_UNIT = {1: 1e3, 3: 1e-3}  # NIfTI codes of metre and micron; all others count as mm
_MOST_BEFORE = 2**24  # bytes of header and extensions
_SAME_PLACE, _SAME_SIZE = 1.0, 0.02  # mm; share


def read_nifti(path: Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Voxels, affine and caveats of a NIfTI image; `path` is either file of a pair."""
    import nibabel
    from isal import igzip  # a tenth of zlib's time; Slicer has it only once its packages are installed

    pair = path.suffix.lower() in (".hdr", ".img")
    header_file = path.with_suffix(".hdr") if pair else path
    with open_regular(header_file) as file:
        packed = file.read(2) == b"\x1f\x8b"  # by content: .nii and .nii.gz are often confused
    voxel_file = beside(header_file, path.with_suffix(".img").name) if pair else path
    with igzip.open(header_file) if packed else header_file.open("rb") as stream:
        start = stream.read(nibabel.Nifti2Header.sizeof_hdr)
        stream.seek(0)
        kinds = (nibabel.Nifti1Pair, nibabel.Nifti2Pair) if pair else (nibabel.Nifti1Image, nibabel.Nifti2Image)
        kind = next((kind for kind in kinds if kind.header_class.may_contain_header(start)), None)
        if kind is None:
            raise InputError("this is not a NIfTI image despite its name: convert it")
        raw = kind.header_class(start[: kind.header_class.sizeof_hdr], check=False)
        _check_header(raw)
        image = kind.from_filename(path) if pair else kind.from_stream(stream)
        dtype = image.get_data_dtype()
        if dtype.kind not in "biuf":
            raise InputError(
                "the voxels are colours or complex numbers ({dtype}): save one real number per voxel", dtype=dtype
            )
        room = voxel_file.stat().st_size * (DEFLATED if packed else 1)
        shape = check_claim(image.shape, room, dtype.itemsize)
        data = np.asanyarray(image.dataobj, dtype=np.float32).reshape(shape)
        data = data.astype(np.float32, copy=isinstance(data, np.memmap))  # copy to memory: the file may be deleted
        _read_to_the_end(stream)
    unit = _MM_PER_UNIT.get(int(image.header["xyzt_units"]) & 7, 1.0)
    affine = image.affine.copy()
    affine[:3] *= unit
    remark = bytes(image.header["descrip"]).partition(b"\0")[0].decode("ascii", "replace")
    return data, affine, (*_caveats(image.header, raw, unit), *remark_caveats(remark))


def write_nifti(data: np.ndarray, affine: np.ndarray, path: Path, remark: str = "") -> None:
    """Write float32 voxels with the affine as sform and qform; `path` ends in .nii or .nii.gz.

    The header's `descrip` takes the first 79 characters of `remark`.
    """
    import nibabel
    from isal import igzip

    image = nibabel.Nifti1Image(data, affine)
    image.set_sform(affine, code="scanner")
    image.set_qform(affine, code="scanner")
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = remark.encode("ascii", "replace")[:LONGEST_REMARK]
    with path.open("wb") as file:
        if path.suffix.lower() == ".nii":
            image.to_stream(file)
        else:  # without a name and a time: reproducible
            with igzip.IGzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as stream:
                image.to_stream(stream)


def _check_header(raw: Any) -> None:
    """Refuse what nibabel accepts or repairs without a word.

    Voxels at byte 0 of a single file would be those of the header, voxel sizes of 0 become 1 mm, an infinite slope
    becomes 1.
    """
    least = raw.single_vox_offset if raw.is_single else raw.pair_vox_offset
    if not least <= float(raw["vox_offset"]) <= _MOST_BEFORE:
        raise InputError("the header places the voxels at byte {raw:g}: correct it", raw=float(raw["vox_offset"]))
    if np.isinf(raw["scl_slope"]) or np.isinf(raw["scl_inter"]):
        raise InputError(
            "the header scales voxels by {raw:g} and adds {raw2:g}: correct scl_slope",
            raw=raw["scl_slope"],
            raw2=raw["scl_inter"],
        )
    bits, stored = int(raw["bitpix"]), 8 * raw.get_data_dtype().itemsize
    if bits not in (0, stored):  # 0: not told
        raise InputError(
            "the header has voxels of {bits} bits, and of a type that takes {stored}: convert it again",
            bits=bits,
            stored=stored,
        )
    sizes = raw["pixdim"][1:4]
    if int(raw["sform_code"]) <= 0 and not (np.isfinite(sizes) & (sizes > 0)).all():
        told = " x ".join(f"{size:g}" for size in sizes)
        raise InputError(
            "the header has voxels of {told} mm and no sform: correct its pixdim, or convert it again", told=told
        )


def _read_to_the_end(stream: Any) -> None:
    """Read to the end of a gzip stream, where its checksum is verified; refuse much data after the voxels."""
    left = _MOST_BEFORE
    while part := stream.read(2**20):
        left -= len(part)
        if left < 0:
            raise InputError("the file holds far more than its header says: copy or export it again")


def _caveats(header: Any, raw: Any, unit: float) -> list[str]:
    sform, s_code = header.get_sform(coded=True)
    qform, q_code = header.get_qform(coded=True)
    if sform is None and qform is None:
        told = "the header states no orientation (no sform, no qform): left and right may be swapped"
        return [Sentence(told, "no-orientation")]
    found: list[str] = []
    if sform is not None and s_code == q_code:
        ends = np.array([[0, 0, 0, 1], [*(n - 1 for n in header.get_data_shape()[:3]), 1]]).T
        apart = float(np.linalg.norm(((sform - qform) @ ends)[:3], axis=0).max()) * unit
        if apart > _SAME_PLACE:
            told = "sform and qform of the header differ by up to {mm:.1f} mm: the sform is used"
            found.append(Sentence(told, "two-forms", mm=apart))
    if sform is not None:
        sizes, stated = np.linalg.norm(sform[:3, :3], axis=0) * unit, np.abs(raw["pixdim"][1:4]) * unit
        if not np.allclose(sizes, stated, rtol=_SAME_SIZE):
            sform_mm, pixdim = (" x ".join(f"{size:.3g}" for size in some) for some in (sizes, stated))
            text = "the header's sform has voxels of {sform} mm, its pixdim {pixdim} mm: the sform is used"
            found.append(Sentence(text, "two-sizes", sform=sform_mm, pixdim=pixdim))
    return found
