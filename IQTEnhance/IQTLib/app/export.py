"""`iqt export-dicom`: export an enhanced volume as a DICOM series derived from the scan."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .. import __version__
from ..data.people import pseudonym, sealed
from ..errors import InputError, OutputError
from ..events import SILENT, Reporter
from ..image.volume import Volume, read
from ..io import dicom
from ..io.dicom_header import LONG_STRING, NOTICE, PRODUCT, deidentify, derived_header, new_uid, read_headers
from ..io.files import check_output, whole_folder
from ..io.folders import real
from ..io.formats import LPS_TO_RAS
from ..io.quiet import quiet
from ..io.reading import NOT_MEASURED
from ..methods.registry import described
from ..models import store
from ..sentences import Sentence

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

STEPS = 2**16 - 1  # of 16-bit pixels, from the volume's smallest to its largest number
MOST_SKEW = 0.1  # mm, largest displacement of a corner: DICOM requires right angles
LEAST_OVERLAP = 0.5
LEAST_LIKENESS = 0.9  # correlation: at least 0.96 for enhanced scans, at most 0.86 for other subjects
MAP = "uncertainty"
NOT_ANATOMY = "The series shows how sure the enhanced one is, not anatomy."
SAMPLES = 40  # along each axis
_NAME = "IMG{:05d}.dcm"
_OUR_NAME = re.compile(r"IMG\d{5}\.dcm")


@quiet()
def export_dicom(
    enhanced: Path,
    source: Path,
    folder: Path,
    *,
    series: str | None = None,
    model: str | None = None,
    uncertainty: bool = False,
    deidentified: bool = False,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> str:
    """Write the file `enhanced` into `folder` as a series derived from the DICOM scan `source`; returns its UID.

    Patient, study and frame of reference are those of the scan. Every voxel keeps its world position; rows, columns and
    slices are oriented like those of the scan as far as the volume's axes allow. The rounding error of values is at
    most range / 65535 / 2.

    Args:
        source: folder of the scan's DICOM files, or one of them. series: which one, as for `volume.read`.
        model: name or folder of the model that enhanced, for the text on how the series was made.
        uncertainty: `enhanced` is a map of how sure a result is, which the series' descriptions say.
        deidentified: leave out who the patient is, when and where the scan was made: a pseudonym stands for the
            patient, the same each time, and new UIDs for study and frame of reference. The voxels stay as they are.

    Raises:
        InputError: one of the two cannot be read, or their positions differ.
        ModelError: unknown model. OutputError: `folder` is not writable. CancelledError.
    """
    _check_folder(folder, source, overwrite=overwrite)
    volume = read(enhanced)
    method, made_by = _provenance(model, volume.remark, MAP if uncertainty else "")
    made_by = f"{made_by} {NOT_ANATOMY}" if uncertainty else made_by
    scan = _scan(source, series)
    report.check()
    _check_same_place(volume, scan, enhanced, source, report, alike=not uncertainty)
    volume = _like(volume, scan.affine)
    try:
        headers = read_headers(scan.files)
    except InputError as error:
        raise InputError("{source}: {why}", source=source, why=error) from error
    if not headers[0].get("FrameOfReferenceUID"):
        told = "{source} has no frame of reference: viewers will not overlay the two series automatically"
        report.warn(Sentence(told, "no-frame", source=source))
    header = derived_header(headers, made_by=made_by, description=method, now=datetime.now())
    if deidentified:
        _deidentify(header, headers[0], method, report)
    with whole_folder(real(folder), overwrite=overwrite) as part:
        stage = Sentence("writing DICOM", "writing-dicom")
        slices = report.track(_slices(header, volume), total=volume.shape[2], message=stage)
        for number, file in enumerate(slices, start=1):
            _save(file, part / _NAME.format(number))
    report.result(str(folder), output=str(folder), series=header.SeriesInstanceUID, files=volume.shape[2])
    return header.SeriesInstanceUID


def _deidentify(header: "Dataset", scan: "Dataset", method: str, report: Reporter) -> None:
    person = pseudonym(str(scan.get("PatientID") or scan.StudyInstanceUID))
    study, frame = (_sealed_uid(str(scan.get(name) or "")) for name in ("StudyInstanceUID", "FrameOfReferenceUID"))
    deidentify(header, person, study, frame)
    header.SeriesDescription = method[:LONG_STRING]
    told = (
        "the header no longer names the patient, but the face can still be seen in the picture: remove it before you "
        "share the series"
    )
    report.warn(Sentence(told, "face"))


def _sealed_uid(uid: str) -> str:
    """A UID derived from `uid`, which cannot be traced back without the key of the pseudonyms."""
    return f"2.25.{int(sealed(f'uid {uid}')[:30], 16)}"


def _check_folder(folder: Path, source: Path, *, overwrite: bool) -> None:
    """Refuse to replace anything but an empty folder or, with `overwrite`, an earlier export."""
    content = list(folder.iterdir()) if folder.is_dir() else []
    check_output(folder, overwrite=overwrite or (folder.is_dir() and not content))
    if folder.exists() and not folder.is_dir():
        raise OutputError("{folder} is a file: name a folder for the series", folder=folder)
    if any(not _OUR_NAME.fullmatch(path.name) for path in content):
        raise OutputError("{folder} contains other files than an exported series: choose another folder", folder=folder)
    if content and real(source) in (real(folder), *map(real, content)):
        raise OutputError("{folder} contains the scan itself: choose another folder", folder=folder)


def _provenance(model: str | None, remark: str, shown: str = "") -> tuple[str, str]:
    """A name for the method, and how the series was made in words.

    `remark`: what the enhanced file says of itself. `shown`: what it shows if no anatomy, which is never cut off.
    """
    name, done, by = "IQT", "Enhanced", f"by {PRODUCT} {__version__}"
    synthesises = bool(remark)
    if model is not None and (found := store.find(model)) is not None:
        card = store.read_card(found)
        weights = f", weights SHA-256 {card.sha256}" if card.sha256 else ""
        name, by = f"IQT-{card.name}", f"{by}, model {card.name} version {card.version}{weights}"
        synthesises = synthesises or described(card.method).synthesises
    elif model is not None:
        name, done = f"IQT-{model}", f"Interpolated ({model})"
    if synthesises:
        shown = f"{NOT_MEASURED} {shown}".strip()
        done = f"{NOT_MEASURED.capitalize()}. {'Made' if done == 'Enhanced' else done}"
    name = f"{name[: LONG_STRING - len(shown) - 1]} {shown}" if shown else name
    return name, f"{done} {by}. {NOTICE}"


def _scan(source: Path, series: str | None) -> dicom.Stack:
    if not source.exists():
        raise InputError("{source}: no such file or folder", source=source)
    if source.is_file() and not dicom.is_dicom(source):
        raise InputError("{source} is not a DICOM file: name the folder of the scan's DICOM files", source=source)
    try:
        return dicom.find_stack(source, series=series)
    except InputError as error:
        raise InputError("{source}: {why}", source=source, why=error) from error


def _check_same_place(
    volume: Volume, scan: dicom.Stack, enhanced: Path, source: Path, report: Reporter, *, alike: bool
) -> None:
    """Refuse a volume at another position than the scan, and warn if it looks like another scan but should be `alike`.

    Uses a sample of the volume's voxels, at most `SAMPLES` along each axis.
    """
    from scipy.ndimage import map_coordinates

    theirs = scan.voxels()
    index = np.stack(np.meshgrid(*(np.arange(0, n, -(-n // SAMPLES)) for n in volume.shape), indexing="ij"))
    index = index.reshape(3, -1)
    to_scan = np.linalg.inv(scan.affine) @ volume.affine
    places = to_scan[:3, :3] @ index + to_scan[:3, 3:]
    inside = np.all((places >= -0.5) & (places <= np.array(theirs.shape)[:, None] - 0.5), axis=0)
    if (share := inside.mean()) < LEAST_OVERLAP:
        raise InputError(
            "{enhanced} is not at the position of the scan {source}: only {share:.0f} % of it overlaps. "
            "Choose the scan that it was made from (or did a conversion lose its position?)",
            enhanced=enhanced,
            source=source,
            share=100 * share,
        )
    if not alike:
        return
    ours = volume.data[tuple(index[:, inside])]
    theirs = map_coordinates(theirs, places[:, inside], order=1, mode="nearest")
    likeness = np.corrcoef(ours, theirs)[0, 1] if min(ours.std(), theirs.std()) > 0 else 0.0
    if likeness < LEAST_LIKENESS:
        told = "{enhanced} differs from the scan {source} (correlation {likeness:.2f}): check patient and series"
        report.warn(Sentence(told, "other-scan", enhanced=enhanced, source=source, likeness=likeness))


def _like(volume: Volume, scan_affine: np.ndarray) -> Volume:
    """The same voxels at the same positions, with axes ordered and oriented like those of the scan if possible.

    Rows, columns and slices then form a right-handed system, as DICOM requires.
    """
    from nibabel.orientations import apply_orientation, inv_ornt_aff, io_orientation

    turns = io_orientation(np.linalg.inv(scan_affine) @ volume.affine)
    return Volume(apply_orientation(volume.data, turns), volume.affine @ inv_ornt_aff(turns, volume.shape))


def _slices(header: "Dataset", volume: Volume) -> "Iterator[Dataset]":
    """Yield `header` for each slice along the normal, with the geometry and pixels of that slice."""
    from pydicom.valuerep import DSfloat

    def decimal(number: float) -> DSfloat:
        return DSfloat(float(number), auto_format=True)  # the 16 characters that DICOM allows

    axes, first = np.split((LPS_TO_RAS @ volume.affine)[:3], [3], axis=1)
    spacing = np.linalg.norm(axes, axis=0)
    row, column, normal = (axes / spacing).T
    skew = np.linalg.norm(np.cross(row, column) - normal) * spacing[2] * volume.shape[2]
    skew = max(skew, abs(row @ column) * min(spacing[:2] * volume.shape[:2]))
    if skew > MOST_SKEW:
        raise InputError(
            "the volume's axes are not orthogonal, a corner would move by {skew:.2f} mm: resample it to a "
            "grid with orthogonal axes first",
            skew=skew,
        )
    header.Rows, header.Columns = volume.shape[1], volume.shape[0]
    header.ImageOrientationPatient = [decimal(number) for number in (*row, *column)]
    header.PixelSpacing = [decimal(spacing[1]), decimal(spacing[0])]  # between rows, between columns
    header.SliceThickness = header.SpacingBetweenSlices = decimal(spacing[2])
    header.SamplesPerPixel, header.PhotometricInterpretation, header.PixelRepresentation = 1, "MONOCHROME2", 0
    header.BitsAllocated, header.BitsStored, header.HighBit = 16, 16, 15
    low, high = float(volume.data.min()), float(volume.data.max())
    header.RescaleIntercept, header.RescaleSlope = decimal(low), decimal((high - low) / STEPS)
    header.RescaleType = "US"  # unspecified units
    _add_window(header, volume.data)
    for k in range(volume.shape[2]):
        position = first[:, 0] + k * axes[:, 2]
        header.SOPInstanceUID = new_uid()
        header.InstanceNumber = k + 1
        header.ImagePositionPatient = [decimal(number) for number in position]
        header.SliceLocation = decimal(position @ normal)
        pixels = (volume.data[..., k].T.astype(np.float64) - header.RescaleIntercept) / header.RescaleSlope
        header.add_new("PixelData", "OW", np.clip(np.rint(pixels), 0, STEPS).astype("<u2").tobytes())
        yield header


def _add_window(header: "Dataset", data: np.ndarray) -> None:
    """Window from the 0.1th to the 99.5th percentile of the voxels that are not background."""
    background = data.min()
    low, high = np.percentile(data[data > background], (1, 99.5))
    low, high = (float(low), float(high)) if high > low else (float(background), float(data.max()))
    header.WindowCenter, header.WindowWidth = f"{(low + high) / 2:.6g}", f"{high - low:.6g}"
    if high - low < 1:  # not allowed by the default LUT function
        header.VOILUTFunction = "LINEAR_EXACT"


def _save(file: "Dataset", path: Path) -> None:
    import pydicom

    meta = pydicom.dataset.FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = file.SOPClassUID, file.SOPInstanceUID
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    whole = pydicom.FileDataset(str(path), file, b"\0" * 128, meta, is_implicit_VR=False, is_little_endian=True)
    old = pydicom.__version__.startswith("2")
    pydicom.dcmwrite(path, whole, **({"write_like_original": False} if old else {"enforce_file_format": True}))
