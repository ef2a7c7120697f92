"""A volume: voxels with their affine. Reading and writing volume files."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import InputError, OutputError
from ..io import dicom, reading
from ..io.files import check_output, whole_file
from ..io.folders import absent
from ..io.formats import READABLE, WRITABLE, format_of, read_image, stem, suffix, write_image
from ..io.quiet import quiet
from ..io.reading import NOT_MEASURED, remark_caveats
from ..io.sequence import of_sidecar
from ..sentences import Sentence
from .modality import stated

__all__ = ["READABLE", "WRITABLE", "Volume", "check_voxels", "read", "stem", "suffix", "write", "write_together"]

BRIGHTEST = 1e12  # intensity: sums of squares of larger ones overflow
FINEST, COARSEST, WIDEST = 0.05, 16.0, 600.0  # mm: of voxels, and of the field of view


@dataclass(frozen=True, eq=False)
class Volume:
    """Voxels and their position in the patient.

    Args:
        data: real numbers (i, j, k), kept as float32.
        affine: 4x4, takes voxel indices (i, j, k, 1) to millimetres in RAS (right, anterior, superior); kept as
            float64, read-only. Any rotation and handedness, no shear.
        caveats: warnings for the user about the file that the volume was read from.
        modality: that the file's name, the series description or the sequence's timing states, one of
            `modality.MODALITIES`, "" if none.
        remark: what a file of it says in its header: that nobody measured it. Read volumes have that of their file.

    Raises:
        InputError: the array is not 3D and real, or no scanner produces such an affine.
    """

    data: np.ndarray
    affine: np.ndarray
    caveats: tuple[str, ...] = ()
    modality: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        data = np.asarray(self.data)
        if data.ndim != 3 or data.size == 0:
            raise InputError("the array has shape {shape}: pass a 3D one with voxels in it", shape=data.shape)
        if data.dtype.kind not in "biuf":
            raise InputError("voxels are of type {dtype}: pass real numbers, one per voxel", dtype=data.dtype)
        affine = np.array(self.affine, dtype=np.float64)
        _check_affine(affine)
        affine.flags.writeable = False
        with np.errstate(over="ignore"):
            object.__setattr__(self, "data", data.astype(np.float32, copy=False))
        object.__setattr__(self, "affine", affine)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along i, j, k."""
        return self.data.shape

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of neighbouring voxel centres along i, j, k, mm."""
        return tuple(np.linalg.norm(self.affine[:3, :3], axis=0).tolist())

    @property
    def axis_codes(self) -> str:
        """Patient direction nearest to each of i, j, k: "RAS", "LPI", ..."""
        from nibabel.orientations import aff2axcodes

        return "".join(aff2axcodes(self.affine))

    def with_data(self, data: np.ndarray) -> "Volume":
        """The same grid with other voxel values (i, j, k)."""
        return replace(self, data=data)


def check_voxels(data: np.ndarray, *, allow_constant: bool = False) -> None:
    """Raise `InputError` if `data` holds NaN, infinite or huge numbers, or (unless allowed) one number everywhere."""
    low, high = data.min(), data.max()
    with np.errstate(all="ignore"):
        finite = np.isfinite(high - low)
    if not finite and (bad := data.size - np.count_nonzero(np.isfinite(data))):
        raise InputError(
            "{bad} of {size} voxels are NaN or infinite: replace them (for instance by 0) first",
            bad=bad,
            size=data.size,
        )
    if not finite or max(-low, high) > BRIGHTEST:
        raise InputError(
            "voxels range from {low:g} to {high:g}, too wide for 32-bit numbers: rescale them first", low=low, high=high
        )
    if low == high and not allow_constant:
        raise InputError(
            "all voxels are {low:g}, so there is nothing to enhance: check the file or export it again", low=low
        )


def not_measured(*volumes: Volume) -> tuple[Sentence, ...]:
    """What the files of `volumes` say of themselves if nobody measured what they show."""
    return tuple(told for one in volumes for told in reading.not_measured(one.caveats))


def read(path: Path | str, *, series: str | None = None, allow_constant: bool = False) -> Volume:
    """Read NIfTI, NRRD, MetaImage or a DICOM series.

    NIfTI: the sform if its code is set, else the qform, else voxel sizes alone; scale factors and spatial units are
    applied. A fourth axis of length 1 is dropped. The modality is what the file's name says, else the DICOM series or
    the JSON file beside the volume, by the series' description or the timing of its sequence (`io.sequence`).

    Args:
        path: a file, or a folder with a DICOM series in it or in its direct sub-folders. One DICOM file stands for
            the series that it belongs to.
        series: which DICOM series of the folder: its UID, its description or its number in `dicom.list_series`.
        allow_constant: accept a constant volume, which is not an image but may be a mask.

    Raises:
        InputError: whatever is wrong with the input, in one line with a remedy.
    """
    path = Path(path)
    kind = format_of(path)
    try:
        if path.is_dir():
            kind = "DICOM"
        elif not path.is_file():
            raise InputError(absent(path))
        with quiet():
            if kind == "DICOM":
                stack = dicom.find_stack(path, series=series)
                said = remark_caveats(stack.description[max(stack.description.find(NOT_MEASURED), 0) :])
                modality = stated(stack.description, weighting=stack.weighting)
                volume = Volume(stack.voxels(), stack.affine, (*stack.caveats, *said), modality)
            elif series is not None:
                raise InputError(
                    "series {series!r} was asked for, but only DICOM has series: leave it out", series=series
                )
            elif path.stat().st_size == 0:
                raise InputError("the file is empty: copy or export it again")
            else:
                description, weighting = of_sidecar(path.with_name(f"{stem(path)}.json"))
                volume = Volume(*read_image(path), modality=stated(stem(path), description, weighting=weighting))
            _check_size(volume)
            check_voxels(volume.data, allow_constant=allow_constant)
            for told in not_measured(volume):
                volume = replace(volume, remark=told.values["remark"])
    except InputError as error:
        raise InputError("{path}: {why}", path=path, why=error) from error
    except PermissionError as error:
        raise InputError("{path}: {why}", path=path, why=_reason(error)) from error
    except Exception as error:  # readers raise all kinds of errors for damaged files
        raise InputError(
            "{path} cannot be read as {kind}: {why} (damaged? export it again)",
            path=path,
            kind=kind,
            why=_reason(error),
        ) from error
    return volume


def read_mask(path: Path, volume: Volume) -> np.ndarray:
    """Read a mask file: what is above 0, or of probabilities above half of the largest.

    Raises:
        InputError: it is empty, or not on the volume's grid.
    """
    mask = read(path, allow_constant=True)
    if mask.shape != volume.shape or not np.allclose(mask.affine, volume.affine, atol=1e-2):
        raise InputError(
            "mask {path} is not on the grid of the volume {shape}: resample it first", path=path, shape=volume.shape
        )
    if not (mask.data > 0).any():
        raise InputError("mask {path} is empty: brain voxels must be above 0", path=path)
    soft = mask.data % 1 != 0
    return mask.data > (0.5 * mask.data.max() if soft.any() else 0)


def check_target(path: Path, *, overwrite: bool = False) -> Path:
    """`check_output` for a volume: also refuse an ending that is not in `WRITABLE`."""
    if suffix(path) not in WRITABLE:
        raise OutputError(
            "{path}: cannot write this kind of file, choose one of {writable}", path=path, writable=", ".join(WRITABLE)
        )
    return check_output(path, overwrite=overwrite)


def write(volume: Volume, path: Path | str, *, overwrite: bool = False) -> Path:
    """Write `volume` as float32 to `path` (.nii, .nii.gz, .nrrd or .mha) atomically and return the path.

    The same volume gives the same bytes. NIfTI carries the affine as sform and as qform, both of code 1 (scanner).

    Raises:
        OutputError: unknown ending, a file that exists (without `overwrite`), a folder or disk that cannot take it, or
            voxels that are NaN or infinite, which point to a fault upstream.
    """
    write_together({Path(path): volume}, overwrite=overwrite)
    return Path(path)


def write_together(volumes: Mapping[Path, Volume], *, overwrite: bool = False) -> None:
    """`write` for several files, which get their names when all are written, the first of them last."""
    with ExitStack() as written:
        for path, volume in volumes.items():
            written.enter_context(_written(volume, path, overwrite=overwrite))


@contextmanager
def _written(volume: Volume, path: Path, *, overwrite: bool) -> Iterator[None]:
    """The volume is on the disk; at the end of the block it gets its name."""
    check_target(path, overwrite=overwrite)
    if bad := volume.data.size - np.count_nonzero(np.isfinite(volume.data)):
        raise OutputError(
            "{path} is not written: {bad} of {size} voxels would be NaN or infinite",
            path=path,
            bad=bad,
            size=volume.data.size,
        )
    with whole_file(path, overwrite=overwrite) as part:
        try:
            write_image(volume.data, volume.affine, part, volume.remark)
        except OSError:
            raise
        except Exception as error:
            raise OutputError(
                "{path} cannot be written: {why} (is the disk full?)", path=path, why=_reason(error)
            ) from error
        yield


def _check_affine(affine: np.ndarray) -> None:
    if affine.shape != (4, 4) or not np.isfinite(affine).all():
        raise InputError(
            "the affine {affine} is not 4x4 with finite numbers: correct the header", affine=affine.tolist()
        )
    if not np.array_equal(affine[3], (0, 0, 0, 1)):
        raise InputError(
            "the affine's last row is {affine} instead of 0, 0, 0, 1: correct the header", affine=affine[3].tolist()
        )
    axes = affine[:3, :3]
    spacing = np.linalg.norm(axes, axis=0)
    if not ((spacing > 1e-6) & (spacing < 1e6)).all():
        raise InputError("voxel sizes {spacing} mm are invalid: correct the header", spacing=spacing.tolist())
    cosines = (axes / spacing).T @ (axes / spacing) - np.eye(3)
    if (shear := np.abs(cosines).max()) > 1e-3:
        angle = np.degrees(np.arccos(min(shear, 1.0)))
        raise InputError(
            "voxel axes meet at {angle:.2f} instead of 90 degrees: resample to a right-angled grid first", angle=angle
        )


def _check_size(volume: Volume) -> None:
    """Refuse an image that cannot be a head: usually its voxel sizes or their unit are wrong."""
    sizes = np.array(volume.spacing)
    if not ((sizes >= FINEST) & (sizes <= COARSEST)).all():
        told = " x ".join(f"{size:.3g}" for size in sizes)
        raise InputError(
            "voxels of {told} mm are not those of a head scan ({finest:g} to {coarsest:g} mm): correct the "
            "sizes or their unit",
            told=told,
            finest=FINEST,
            coarsest=COARSEST,
        )
    field = sizes * volume.shape
    if field.max() > WIDEST:
        told = " x ".join(f"{width:.0f}" for width in field)
        raise InputError(
            "a field of view of {told} mm is too wide for a head: correct the voxel sizes, or crop the image", told=told
        )


def _reason(error: Exception) -> str:
    """The most informative line of a library's message, or the error's name."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("Exception thrown in SimpleITK", "Reason:"))]
    if not lines:
        return type(error).__name__
    line = lines[-1] if lines[-1].startswith("[nrrd]") else lines[0]
    return re.sub(r"^(ITK ERROR: \w+\(\w+\): |\[nrrd\] \w+: )", "", line)
