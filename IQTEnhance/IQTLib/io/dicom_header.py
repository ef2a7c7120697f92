"""The header of a DICOM series derived from a scan: the identity of the scan, and how the series was made.

MR Image Storage, one file per slice (DICOM PS3.3 A.4), which every archive and viewer reads. Elements copied from the
scan are listed here by name, so nothing else (private elements, staff names) gets into the new series.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import InputError
from .quiet import quiet

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

PRODUCT = "Image Quality Transfer"
NOTICE = "For research, not for diagnosis."
LONG_STRING = 64  # characters of the value representation LO

# By module of PS3.3. Elements that must be present even if empty (type 2) are also in `_REQUIRED`.
_PATIENT_AND_STUDY = (
    *("SpecificCharacterSet", "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex"),
    *("PatientAge", "PatientSize", "PatientWeight", "OtherPatientIDsSequence", "EthnicGroup"),
    *("PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence"),
    *("LongitudinalTemporalInformationModified", "ClinicalTrialSponsorName", "ClinicalTrialProtocolID"),
    *("ClinicalTrialProtocolName", "ClinicalTrialSiteID", "ClinicalTrialSiteName", "ClinicalTrialSubjectID"),
    *("ClinicalTrialSubjectReadingID", "ClinicalTrialTimePointID", "ClinicalTrialTimePointDescription"),
    *("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "StudyDescription", "AccessionNumber"),
    *("IssuerOfAccessionNumberSequence", "ReferringPhysicianName", "ProcedureCodeSequence"),
)
_SERIES_AND_ACQUISITION = (
    *("FrameOfReferenceUID", "PositionReferenceIndicator", "PatientPosition", "BodyPartExamined", "ProtocolName"),
    *("AcquisitionDate", "AcquisitionTime", "AcquisitionNumber", "ContrastBolusAgent"),
    *("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod"),
    *("ScanningSequence", "SequenceVariant", "ScanOptions", "SequenceName", "MRAcquisitionType", "EchoTime"),
    *("EchoTrainLength", "RepetitionTime", "InversionTime", "FlipAngle", "MagneticFieldStrength", "ImagedNucleus"),
)
_REQUIRED = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"),
    *("AccessionNumber", "ReferringPhysicianName", "PositionReferenceIndicator", "PatientPosition", "ScanOptions"),
    *("MRAcquisitionType", "EchoTime", "EchoTrainLength", "RepetitionTime"),
)
_TELLING = {  # of these: who, when, where, and words that people type
    *("ProtocolName", "AcquisitionDate", "AcquisitionTime", "AcquisitionNumber", "FrameOfReferenceUID"),
    *("PositionReferenceIndicator", "ContrastBolusAgent"),
}
_MADE = (  # what is known of the derived series itself
    *("Modality", "ImageType", "SOPClassUID", "SeriesInstanceUID", "SeriesNumber", "DerivationDescription"),
    *("ImageComments", "Manufacturer", "ManufacturerModelName", "SoftwareVersions", "DerivationCodeSequence"),
)
_SCANNER = ("Manufacturer", "InstitutionName", "StationName", "ManufacturerModelName", "DeviceSerialNumber")


@quiet()
def read_headers(files: Sequence[Path]) -> "list[Dataset]":
    """The headers of a scan's slices, in the order of `files`.

    Raises:
        InputError: not an MR scan, or the slices belong to several patients, studies or frames of reference.
    """
    import pydicom

    headers = [pydicom.dcmread(path, stop_before_pixels=True) for path in files]
    first = headers[0]
    if first.get("Modality") != "MR":
        raise InputError(
            "the series is of modality {first}: choose the MR scan", first=first.get("Modality") or "unknown"
        )
    if not first.get("StudyInstanceUID"):
        raise InputError("the series names no study (StudyInstanceUID): export it from the archive again")
    for keyword in ("PatientID", "StudyInstanceUID", "FrameOfReferenceUID"):
        if len({str(header.get(keyword) or "") for header in headers}) > 1:
            raise InputError("the slices differ in {keyword}: choose a series of one scan", keyword=keyword)
    return headers


@quiet()
def derived_header(headers: "Sequence[Dataset]", *, made_by: str, description: str, now: datetime) -> "Dataset":
    """The header elements that all slices of a derived series share, without geometry and pixels.

    Args:
        headers: the headers of the scan's slices.
        made_by: how the series was made, in words. description: of the method, for the name of the series.
    """
    import pydicom

    header = pydicom.Dataset()
    for keyword in _PATIENT_AND_STUDY + _SERIES_AND_ACQUISITION:
        if (element := _common(headers, keyword)) is not None:
            header[keyword] = deepcopy(element)
    for keyword in _REQUIRED:
        if keyword not in header:
            setattr(header, keyword, None)
    header.setdefault("ScanningSequence", "RM")  # research mode
    header.setdefault("SequenceVariant", "NONE")
    if "IR" not in header.ScanningSequence:
        header.pop("InversionTime", None)  # required for inversion recovery, forbidden otherwise
    elif "InversionTime" not in header:
        header.InversionTime = None
    header.setdefault("BodyPartExamined", "BRAIN")
    header.setdefault("FrameOfReferenceUID", new_uid())
    header.setdefault("LossyImageCompression", "00")
    header.Modality = "MR"
    header.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    header.SOPClassUID = pydicom.uid.MRImageStorage
    header.SeriesInstanceUID = new_uid()
    header.SeriesNumber = _series_number(headers[0])
    header.SeriesDescription = _description(str(headers[0].get("SeriesDescription") or ""), _plain(description))
    header.DerivationDescription = _plain(made_by)[:1024]
    header.ImageComments = NOTICE
    header.Manufacturer, header.ManufacturerModelName, header.SoftwareVersions = PRODUCT, PRODUCT, __version__
    for kind in ("Series", "Content", "InstanceCreation"):
        setattr(header, f"{kind}Date", now.strftime("%Y%m%d"))
        setattr(header, f"{kind}Time", now.strftime("%H%M%S"))
    _add_sources(header, headers)
    header.remove_private_tags()
    return header


def deidentify(header: "Dataset", pseudonym: str, study: str, frame: str) -> None:
    """Remove from a derived header everything that identifies the patient, the date and the place of the scan.

    What stays is listed by name, as above: how the scanner measured, and how the series was made. The scan's own
    instances are not named any more. `pseudonym`, `study` and `frame` stand for patient, study and frame of reference.
    """
    staying = {*_SERIES_AND_ACQUISITION, *_MADE} - _TELLING
    for element in list(header):
        if element.keyword not in staying:
            del header[element.tag]
    for keyword in _REQUIRED:
        if keyword not in header:
            setattr(header, keyword, None)
    header.PatientName = header.PatientID = pseudonym
    header.StudyInstanceUID, header.FrameOfReferenceUID = study, frame
    header.PatientIdentityRemoved = "YES"
    header.DeidentificationMethod = f"{PRODUCT}: only technical elements kept"


def new_uid() -> str:
    """A UID derived from a random UUID (PS3.5 B.2); needs no organisation root."""
    from pydicom.uid import generate_uid

    return generate_uid(prefix=None)


def _add_sources(header: "Dataset", headers: "Sequence[Dataset]") -> None:
    """References to the scan's slices and scanner, where archives look for them."""
    sources = [_reference(source) for source in headers]
    series = _item(
        SeriesInstanceUID=headers[0].SeriesInstanceUID,
        ReferencedInstanceSequence=[deepcopy(source) for source in sources],
    )
    for source in sources:
        source.PurposeOfReferenceCodeSequence = [_code("121322", "Source image for image processing operation")]
    header.SourceImageSequence = sources
    header.ReferencedSeriesSequence = [series]
    header.DerivationCodeSequence = [_code("113085", "Spatial resampling")]
    equipment = [deepcopy(item) for item in headers[0].get("ContributingEquipmentSequence") or ()]
    if headers[0].get("Manufacturer"):
        scanner = _item(PurposeOfReferenceCodeSequence=[_code("109101", "Acquisition Equipment")])
        for keyword in (*_SCANNER, "SoftwareVersions"):
            if (element := _common(headers, keyword)) is not None:
                scanner[keyword] = deepcopy(element)
        equipment.append(scanner)
    if equipment:
        header.ContributingEquipmentSequence = equipment


def _common(headers: "Sequence[Dataset]", keyword: str) -> "DataElement | None":
    """The element of that name if it is the same, and not empty, in all slices; else None."""
    if any(keyword not in header for header in headers):
        return None
    first = headers[0][keyword]
    return first if not first.is_empty and all(header[keyword].value == first.value for header in headers) else None


def _reference(source: "Dataset") -> "Dataset":
    return _item(ReferencedSOPClassUID=source.SOPClassUID, ReferencedSOPInstanceUID=source.SOPInstanceUID)


def _code(value: str, meaning: str) -> "Dataset":
    return _item(CodeValue=value, CodingSchemeDesignator="DCM", CodeMeaning=meaning)


def _item(**elements: Any) -> "Dataset":
    """A sequence item with the given elements."""
    import pydicom

    item = pydicom.Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


def _series_number(source: "Dataset") -> int:
    """Scan 3 becomes series 301, which archives list after the original series; always fits 32 bits."""
    number = int(source.get("SeriesNumber") or 0)
    return 100 * number + 1 if 0 <= number < 2**24 else 1


def _description(scan: str, method: str) -> str:
    return f"{scan[: max(LONG_STRING - len(method) - 1, 0)]} {method}".strip()[:LONG_STRING]


def _plain(text: str) -> str:
    """ASCII without backslashes, which is valid in every character set and cannot split the value."""
    return text.encode("ascii", "replace").decode().replace("\\", "/")
