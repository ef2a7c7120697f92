"""An exported series lies where the volume lay, holds its values, belongs to the scan's study, and obeys the standard.

What is read back is read by pydicom, slice by slice as PS3.3 C.7.6.2 has it, and by SimpleITK.
"""

import itertools
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.app.export import export_dicom
from IQTLib.errors import CancelledError, InputError, ModelError, OutputError
from IQTLib.events import Reporter
from IQTLib.image.volume import Volume, read, write
from IQTLib.models.store import read_card
from nibabel.orientations import apply_orientation, inv_ornt_aff
from pydicom.dataset import Dataset
from test_cli import Done, one_line, started
from test_volume import COLUMN, FIRST, LPS_TO_RAS, NORMAL, ROW, affine_of, affines, dicom_series, itk_affine, rotation

SPACING = (14.0, 12.0, 15.0)  # mm along a row, along a column, between slices: the scan is 42 x 48 x 90 mm
SHAPE = (3, 4, 6)
CENTRE = FIRST + sum((n - 1) / 2 * d * u for n, d, u in zip(SHAPE, SPACING, (ROW, COLUMN, NORMAL), strict=True))
SCAN_AXES = np.column_stack([ROW, COLUMN, NORMAL])
STUDY, FRAME = "1.2.826.1.1", "1.2.826.1.2"


def scan(folder, **tags):
    """A scan whose headers hold what an archive needs, a private element and the name of a member of staff."""
    tags = {
        "StudyInstanceUID": STUDY,
        "FrameOfReferenceUID": FRAME,
        "PixelSpacing": [SPACING[1], SPACING[0]],
        "PatientName": "Doe^Jane",
        "PatientID": "P 12",
        "PatientBirthDate": "19700102",
        "PatientSex": "F",
        "StudyDate": "20240102",
        "StudyTime": "030405",
        "StudyID": "S1",
        "AccessionNumber": "A1",
        "Manufacturer": "Maker",
        "ManufacturerModelName": "Magnet",
        "SoftwareVersions": ["1", "2"],
        "ScanningSequence": "SE",
        "SequenceVariant": "SK",
        "MagneticFieldStrength": 0.36,
        "EchoTime": 12.5,
        "OperatorsName": "Operator^O",
        "BodyPartExamined": "HEAD",
        "ReferringPhysicianName": "Doctor^D",
        **tags,
    }

    def change(file, k):
        file.add_new(0x00091001, "LO", "private")
        for keyword in [keyword for keyword in tags if tags[keyword] is None]:
            del file[keyword]

    return dicom_series(folder, step=SPACING[2], change=change, **tags)


def volume_at_centre(axes, shape=(4, 5, 6), seed=0, scale=(100.0, 20.0)):
    """Noise in voxels along the columns of `axes` (mm, LPS) around the centre of the scan."""
    affine = LPS_TO_RAS @ affine_of(axes, CENTRE - axes @ (np.array(shape) - 1) / 2)
    return Volume(np.random.default_rng(seed).normal(*scale, shape), affine)


def exported(volume, folder, **options):
    """`volume` as a file as exact as its affine, and its series: headers with pixels in the order of the file names."""
    if not (folder / "scan").exists():
        scan(folder / "scan")
    path = write(volume, folder / "enhanced.nrrd", overwrite=True)
    export_dicom(path, folder / "scan", folder / "out", overwrite=True, **options)
    return slices(folder / "out")


def slices(folder):
    return [pydicom.dcmread(path) for path in sorted(folder.iterdir())]


@pytest.fixture
def series(tmp_path):
    return exported(volume_at_centre(SCAN_AXES * (2, 2.5, 3)), tmp_path)


def slice_affine(file):
    """Takes (column, row) of a slice to LPS, PS3.3 equation C.7.6.2.1-1."""
    row, column = np.array(file.ImageOrientationPatient, float).reshape(2, 3)
    between_rows, between_columns = map(float, file.PixelSpacing)
    return np.column_stack([row * between_columns, column * between_rows, np.array(file.ImagePositionPatient, float)])


def pixels(file):
    stored = np.frombuffer(file.PixelData, "<u2").reshape(file.Rows, file.Columns)
    return stored.T * float(file.RescaleSlope) + float(file.RescaleIntercept)


def same_world(volume, places, values):
    """Every voxel of `volume` is in `places` (LPS, mm, (n, 3)) to 1e-4 mm, once, with its value."""
    index = (np.linalg.inv(LPS_TO_RAS @ volume.affine) @ np.column_stack([places, np.ones(len(places))]).T)[:3].T
    nearest = np.rint(index).astype(int)
    assert np.abs((index - nearest) * volume.spacing).max() < 1e-4
    assert {tuple(voxel) for voxel in nearest} == set(np.ndindex(volume.shape))
    assert len(nearest) == volume.data.size
    step = np.ptp(volume.data.astype(float)) / 65535
    assert np.abs(volume.data[tuple(nearest.T)] - values).max() <= step * (0.5 + 1e-3)


# Place and values


@settings(max_examples=40)
@given(affine=affines(), seed=st.integers(0, 9))
def test_every_voxel_keeps_position_and_value_for_any_rotation_and_handedness(affine, seed):
    with tempfile.TemporaryDirectory() as name:
        volume = volume_at_centre(affine[:3, :3], seed=seed)
        files = exported(volume, Path(name))
        in_plane = np.array(list(np.ndindex(files[0].Columns, files[0].Rows)))
        places = [np.column_stack([in_plane, np.ones(len(in_plane))]) @ slice_affine(file).T for file in files]
        same_world(volume, np.concatenate(places), np.concatenate([pixels(file).ravel() for file in files]))

        names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(Path(name) / "out"))
        image = SimpleITK.ReadImage(names)
        index = np.array(list(np.ndindex(image.GetSize())))
        seen = itk_affine(image)
        places = np.column_stack([index, np.ones(len(index))]) @ (LPS_TO_RAS @ seen)[:3].T
        same_world(volume, places, SimpleITK.GetArrayFromImage(image).T.ravel())
        assert np.linalg.det(seen[:3, :3]) > 0
        assert np.allclose(read(Path(name) / "out").affine, seen, atol=1e-4)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("flips", list(itertools.product((1, -1), repeat=3)))
def test_rows_columns_and_slices_run_as_the_scans_however_the_file_is_stored(tmp_path, order, flips):
    """The order and direction of axes, which converters change at will, do not show."""
    tilted = SCAN_AXES @ rotation(1, 0.1, -0.05, 0.1) * (2, 2.5, 3)
    straight = volume_at_centre(tilted)
    turns = np.column_stack([order, flips])
    affine = straight.affine @ inv_ornt_aff(turns, straight.shape)
    turned = Volume(apply_orientation(straight.data, turns), affine)
    for file, k in zip(exported(turned, tmp_path), range(6), strict=True):
        assert np.allclose(slice_affine(file)[:, :2], tilted[:, :2], atol=1e-6)
        assert np.abs(pixels(file) - straight.data[..., k]).max() < 0.01


@given(
    low=st.floats(-1e6, 1e6),
    span=st.floats(1e-3, 1e6),
    seed=st.integers(0, 9),
)
@settings(max_examples=30)
def test_values_are_off_by_half_a_step_at_most_whatever_the_range(low, span, seed):
    data = np.random.default_rng(seed).uniform(low, low + span, (4, 5, 6)).astype(np.float32)
    if np.ptp(data) == 0:
        return
    volume = volume_at_centre(SCAN_AXES).with_data(data)
    with tempfile.TemporaryDirectory() as name:
        files = exported(volume, Path(name))
        values = np.stack([pixels(file) for file in files], axis=-1)
    step = np.ptp(data.astype(float)) / 65535
    assert np.abs(values - data).max() <= 0.5 * step + 1e-9 * np.abs(data).max()


def test_slices_are_numbered_along_the_normal_and_state_their_distance(series):
    assert [file.InstanceNumber for file in series] == [1, 2, 3, 4, 5, 6]
    locations = np.array([float(file.SliceLocation) for file in series])
    assert np.diff(locations) == pytest.approx(3)
    for file, location in zip(series, locations, strict=True):
        assert np.array(file.ImagePositionPatient, float) @ NORMAL == pytest.approx(location)
        assert float(file.SliceThickness) == float(file.SpacingBetweenSlices) == pytest.approx(3)
        assert [float(distance) for distance in file.PixelSpacing] == pytest.approx([2.5, 2])


@pytest.mark.parametrize(("scale", "function"), [((100.0, 20.0), None), ((0.01, 0.002), "LINEAR_EXACT")])
def test_window_shows_nearly_all_values(tmp_path, scale, function):
    (file, *_) = exported(volume_at_centre(SCAN_AXES, (20, 20, 20), scale=scale), tmp_path)
    centre, width = float(file.WindowCenter), float(file.WindowWidth)
    mean, deviation = scale
    assert centre == pytest.approx(mean, abs=0.3 * deviation)
    assert 4 * deviation < width < 6 * deviation  # 2.3 deviations below the mean, 2.6 above
    assert file.get("VOILUTFunction") == function


# Header


def test_patient_study_and_frame_of_reference_are_the_scans(series):
    for file in series:
        assert (file.PatientName, file.PatientID, file.PatientBirthDate, file.PatientSex) == (
            *("Doe^Jane", "P 12", "19700102", "F"),
        )
        assert (file.StudyInstanceUID, file.FrameOfReferenceUID) == (STUDY, FRAME)
        assert (file.StudyDate, file.StudyID, file.AccessionNumber) == ("20240102", "S1", "A1")
        assert (file.Modality, file.BodyPartExamined) == ("MR", "HEAD")
        assert float(file.MagneticFieldStrength) == 0.36


def test_series_is_new_derived_and_refers_to_every_slice_of_the_scan(series, tmp_path):
    sources = {(file.SOPClassUID, file.SOPInstanceUID): file.SeriesInstanceUID for file in slices(tmp_path / "scan")}
    (scan_uid,) = set(sources.values())
    assert len({file.SOPInstanceUID for file in series} - {instance for _, instance in sources}) == 6
    (uid,) = {file.SeriesInstanceUID for file in series}
    assert uid != scan_uid
    for file in series:
        assert file.file_meta.MediaStorageSOPInstanceUID == file.SOPInstanceUID
        assert list(file.ImageType)[:2] == ["DERIVED", "SECONDARY"]
        assert file.SeriesNumber == 301  # the scan is number 3
        referred = [(item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID) for item in file.SourceImageSequence]
        assert sorted(referred) == sorted(sources)
        (item,) = file.ReferencedSeriesSequence
        assert (item.SeriesInstanceUID, len(item.ReferencedInstanceSequence)) == (scan_uid, 6)


def test_software_made_it_and_the_scanner_contributed(series):
    file = series[0]
    assert file.Manufacturer == "Image Quality Transfer"
    (scanner,) = file.ContributingEquipmentSequence
    assert (scanner.Manufacturer, scanner.ManufacturerModelName) == ("Maker", "Magnet")
    assert list(scanner.SoftwareVersions) == ["1", "2"]
    assert scanner.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Acquisition Equipment"


def test_private_elements_and_names_of_staff_stay_behind(series):
    for file in series:
        assert "OperatorsName" not in file
        assert not [element for element in file.iterall() if element.tag.is_private]


def test_model_its_version_and_hash_are_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("IQT_MODELS", str(tmp_path / "models"))
    card = read_card(tiny.saved(tmp_path / "models" / "tiny"))
    volume = volume_at_centre(SCAN_AXES)
    file = exported(volume, tmp_path, model="tiny")[0]
    assert file.SeriesDescription == "T2 thick IQT-tiny"
    for part in ("tiny version 1", card.sha256, "For research, not for diagnosis"):
        assert part in file.DerivationDescription
    assert "Interpolated (cubic)" in exported(volume, tmp_path, model="cubic")[0].DerivationDescription
    file = exported(volume, tmp_path)[0]
    assert (file.SeriesDescription, "SHA" in file.DerivationDescription) == ("T2 thick IQT", False)
    with pytest.raises(ModelError, match="no model 'sreb'"):
        exported(volume, tmp_path, model="sreb")


def test_a_long_description_of_the_scan_is_cut_and_the_method_stays(tmp_path):
    scan(tmp_path / "scan", SeriesDescription="x" * 64)
    description = exported(volume_at_centre(SCAN_AXES), tmp_path, model="cubic")[0].SeriesDescription
    assert (len(description), description[-10:]) == (64, " IQT-cubic")


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "Müller^Jürgen"),
        ("ISO_IR 192", "Ψυχή^Ω"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
    ],
)
def test_names_keep_their_letters(tmp_path, charset, name):
    scan(tmp_path / "scan", SpecificCharacterSet=charset, PatientName=name, StudyDescription=name.split("=")[-1])
    file = exported(volume_at_centre(SCAN_AXES), tmp_path)[0]
    assert str(file.PatientName) == name
    assert file.StudyDescription == name.split("=")[-1]


def test_earlier_equipment_and_compression_stay_known(tmp_path):
    purpose, item = Dataset(), Dataset()
    purpose.CodeValue, purpose.CodingSchemeDesignator, purpose.CodeMeaning = "109104", "DCM", "De-identifying Equipment"
    item.Manufacturer, item.PurposeOfReferenceCodeSequence = "Cleaner", [purpose]
    item.add_new(0x00091001, "LO", "private")
    lossy = {
        "LossyImageCompression": "01",
        "LossyImageCompressionRatio": 10,
        "LossyImageCompressionMethod": "ISO_10918",
    }
    scan(tmp_path / "scan", ContributingEquipmentSequence=[item], PatientIdentityRemoved="YES", **lossy)
    file = exported(volume_at_centre(SCAN_AXES), tmp_path)[0]
    assert [item.Manufacturer for item in file.ContributingEquipmentSequence] == ["Cleaner", "Maker"]
    assert not [element for element in file.iterall() if element.tag.is_private]
    assert (file.PatientIdentityRemoved, file.LossyImageCompression) == ("YES", "01")


def test_what_a_scanner_wrote_against_the_rules_does_not_stop_the_export(tmp_path, recwarn):
    """Numbers that are none, a date in another order: taken over as written, by which the archive knows the patient."""
    scan(tmp_path / "scan", EchoTime=12.5, EchoTrainLength=1234)
    for path in (tmp_path / "scan").iterdir():
        raw = path.read_bytes()
        for kind, good, bad in (
            (b"DS", b"12.5", b"ab,c"),
            (b"IS", b"1234", b"1.25"),
            (b"DA", b"19700102", b"2.1.1970"),
        ):
            start = kind + bytes([len(good), 0])  # with it, as digits alone may occur in a unique identifier
            assert raw.count(start + good) == 1
            raw = raw.replace(start + good, start + bad)
        path.write_bytes(raw)
    recwarn.clear()
    enhanced = write(volume_at_centre(SCAN_AXES), tmp_path / "enhanced.nrrd")
    export_dicom(enhanced, tmp_path / "scan", tmp_path / "out")
    assert [str(warning.message) for warning in recwarn] == []
    assert b"2.1.1970" in (tmp_path / "out" / "IMG00001.dcm").read_bytes()


def test_without_frame_of_reference_the_series_has_its_own_and_the_user_is_reported(tmp_path):
    seen = []
    scan(tmp_path / "scan", FrameOfReferenceUID=None)
    files = exported(volume_at_centre(SCAN_AXES), tmp_path, report=Reporter(seen.append))
    assert len({file.FrameOfReferenceUID for file in files}) == 1
    assert any(event.kind == "warning" and "no frame of reference" in event.message for event in seen)


BARE = dict.fromkeys(
    ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID", "Manufacturer")
)
KINDS = {
    "usual": {},
    "bare": BARE | dict.fromkeys(("AccessionNumber", "ReferringPhysicianName", "BodyPartExamined", "ScanningSequence")),
    "inversion recovery": {"ScanningSequence": ["GR", "IR"], "InversionTime": 900, "RepetitionTime": 2000},
    "inversion recovery, time unknown": {"ScanningSequence": "IR"},
    "inversion time without inversion recovery": {"ScanningSequence": "GR", "InversionTime": 900},
    "anonymised": {"PatientIdentityRemoved": "YES", "DeidentificationMethod": "by hand"},
    "contrast agent": {"ContrastBolusAgent": "Gd"},
    "lossy": {
        "LossyImageCompression": "01",
        "LossyImageCompressionRatio": 10,
        "LossyImageCompressionMethod": "ISO_10918_1",
    },
}


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="needs dciodvfy (Debian: apt-get install dicom3tools)")
@pytest.mark.parametrize("kind", KINDS)
def test_validator_finds_no_error(tmp_path, kind):
    scan(tmp_path / "scan", **KINDS[kind])
    exported(volume_at_centre(SCAN_AXES * (2, 2.5, 3)), tmp_path)
    files = sorted((tmp_path / "out").iterdir())
    for command in (["dciodvfy", "-new", files[0]], ["dciodvfy", "-new", files[-1]], ["dcentvfy", *files]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
        assert not [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]
        assert done.returncode == 0


# What cannot be exported


def test_a_volume_on_another_grid_is_refused_and_nothing_is_written(tmp_path):
    volume = volume_at_centre(SCAN_AXES)
    elsewhere = Volume(volume.data, affine_of(np.eye(3), (0, 0, 400)) @ volume.affine)
    with pytest.raises(InputError, match=r"enhanced.nrrd is not at the position of the scan .*scan: only 0 %"):
        exported(elsewhere, tmp_path)
    assert not (tmp_path / "out").exists()


def warnings_of(volume, folder):
    seen = []
    exported(volume, folder, report=Reporter(seen.append))
    return [event.message for event in seen if event.kind == "warning"]


def test_a_volume_that_looks_unlike_the_scan_is_reported_and_the_scan_itself_is_not(tmp_path):
    (warning,) = warnings_of(volume_at_centre(SCAN_AXES * (10, 10, 10)), tmp_path)
    assert "differs from the scan" in warning
    assert warnings_of(read(tmp_path / "scan"), tmp_path) == []


def test_a_map_of_uncertainty_is_called_so_and_need_not_look_like_the_scan(tmp_path):
    scan(tmp_path / "scan")
    seen = []
    volume = volume_at_centre(SCAN_AXES * (10, 10, 10))
    write(volume, tmp_path / "map.nii.gz")
    folder = tmp_path / "series"
    source = tmp_path / "scan"
    export_dicom(tmp_path / "map.nii.gz", source, folder, uncertainty=True, report=Reporter(seen.append))
    assert [event.message for event in seen if event.kind == "warning"] == []
    header = pydicom.dcmread(next(folder.iterdir()))
    assert header.SeriesDescription.endswith("uncertainty")
    assert "not anatomy" in header.DerivationDescription


def two_patients(folder):
    uid = scan(folder, skip=(4, 5))
    return scan(folder / "more", uid=uid, skip=(0, 1, 2, 3), PatientID="P 13")


BAD_SCANS = {
    "none": (lambda folder: None, "no such file"),
    "empty": (lambda folder: folder.mkdir(), "no DICOM images"),
    "NIfTI": (lambda folder: write(volume_at_centre(SCAN_AXES), folder.with_suffix(".nii")), "not a DICOM file"),
    "CT": (lambda folder: scan(folder, Modality="CT"), "modality CT"),
    "no study": (lambda folder: scan(folder, StudyInstanceUID=None), "names no study"),
    "multi-frame": (lambda folder: scan(folder, NumberOfFrames=2), "damaged|multi-frame"),
    "two patients": (two_patients, "differ in PatientID"),
    "one slice": (lambda folder: scan(folder, skip=range(1, 6)), "single slice"),
}


@pytest.mark.parametrize("kind", BAD_SCANS)
def test_a_scan_that_cannot_be_the_source_is_refused(tmp_path, kind):
    make, says = BAD_SCANS[kind]
    make(tmp_path / "scan")
    source = tmp_path / ("scan.nii" if kind == "NIfTI" else "scan")
    enhanced = write(volume_at_centre(SCAN_AXES), tmp_path / "enhanced.nrrd")
    with pytest.raises(InputError, match=says) as error:
        export_dicom(enhanced, source, tmp_path / "out")
    assert str(source) in str(error.value)
    assert not (tmp_path / "out").exists()


def test_skewed_axes_are_refused(tmp_path):
    axes = SCAN_AXES @ [[1, 0, 9e-4], [0, 1, 0], [0, 0, 1]] * (2, 2, 2)
    with pytest.raises(InputError, match=r"not orthogonal, a corner would move by 0\.\d\d mm"):
        exported(volume_at_centre(axes, (4, 5, 57)), tmp_path)
    assert not (tmp_path / "out").exists()


def test_one_series_of_several_is_chosen(tmp_path):
    for name in ("T1", "T2"):
        scan(tmp_path / "scan" / name, SeriesDescription=name)
    volume = volume_at_centre(SCAN_AXES)
    with pytest.raises(InputError, match="pick one with --series"):
        exported(volume, tmp_path)
    assert exported(volume, tmp_path, series="T2")[0].SeriesDescription == "T2 IQT"


# The folder


def test_only_an_empty_folder_or_an_earlier_export_is_replaced(tmp_path):
    scan(tmp_path / "scan")
    enhanced = write(volume_at_centre(SCAN_AXES), tmp_path / "enhanced.nrrd")
    out = tmp_path / "out"
    out.mkdir()
    export_dicom(enhanced, tmp_path / "scan", out)
    before = [file.SeriesInstanceUID for file in slices(out)]
    with pytest.raises(OutputError, match="exists already"):
        export_dicom(enhanced, tmp_path / "scan", out)
    assert [file.SeriesInstanceUID for file in slices(out)] == before
    export_dicom(enhanced, tmp_path / "scan", out, overwrite=True)
    assert [file.SeriesInstanceUID for file in slices(out)] != before
    (out / "thesis.txt").touch()
    with pytest.raises(OutputError, match="other files"):
        export_dicom(enhanced, tmp_path / "scan", out, overwrite=True)
    with pytest.raises(OutputError, match="other files"):
        export_dicom(enhanced, tmp_path / "scan", tmp_path / "scan", overwrite=True)
    with pytest.raises(OutputError, match="is a file"):
        export_dicom(enhanced, tmp_path / "scan", enhanced, overwrite=True)


def test_an_export_is_not_replaced_by_what_was_made_of_it(tmp_path):
    out = exported(volume_at_centre(SCAN_AXES), tmp_path) and tmp_path / "out"
    for source in (out, out / "IMG00001.dcm"):
        with pytest.raises(OutputError, match="contains the scan itself"):
            export_dicom(tmp_path / "enhanced.nrrd", source, out, overwrite=True)


def test_a_stop_in_the_middle_leaves_nothing(tmp_path):
    written = []
    report = Reporter(lambda event: written.append(event.done), lambda: len(written) > 1)
    with pytest.raises(CancelledError):
        exported(volume_at_centre(SCAN_AXES, (4, 5, 20)), tmp_path, report=report)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["enhanced.nrrd", "scan"]


# The command


def test_command_exports_the_result_and_reports_a_wrong_folder_in_one_line(tmp_path):
    scan(tmp_path / "scan")
    enhance = started("enhance", "scan", "enhanced.nii.gz", "--model", "cubic", "--slice-axis", "k", folder=tmp_path)
    assert enhance.wait(timeout=60) == 0
    process = started("export-dicom", "enhanced.nii.gz", "scan", "out", "-m", "cubic", "--json-events", folder=tmp_path)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    events = [json.loads(line) for line in out.splitlines()]
    (uid,) = {file.SeriesInstanceUID for file in slices(tmp_path / "out")}
    files = len(slices(tmp_path / "out"))
    assert events[-1]["data"] == {"output": "out", "series": uid, "files": files}
    assert (events[-2]["done"], events[-2]["total"]) == (files, files)
    wrong = started("export-dicom", "enhanced.nii.gz", "out/IMG00001.dcm.gz", "new", folder=tmp_path)
    out, err = wrong.communicate(timeout=60)
    one_line(Done(wrong.returncode, out, err), 3, "no such file")


def test_no_two_series_share_an_identifier(tmp_path):
    volume = volume_at_centre(SCAN_AXES)
    first, second = (exported(volume, tmp_path) for _ in range(2))
    uids = [uid for file in (*first, *second) for uid in (file.SOPInstanceUID,)]
    assert len(set(uids)) == len(uids)
    assert first[0].SeriesInstanceUID != second[0].SeriesInstanceUID
    assert all(len(uid) <= 64 and pydicom.uid.UID(uid).is_valid for uid in uids)


def test_a_deidentified_series_reveals_nothing_of_the_patient(tmp_path):
    events = []
    volume = volume_at_centre(SCAN_AXES * (2, 2.5, 3))
    files = exported(volume, tmp_path, deidentified=True, report=Reporter(events.append))
    again = exported(volume, tmp_path, deidentified=True)[0]
    first = files[0]
    values = [str(element.value) for element in first.iterall() if element.keyword != "PixelData"]
    whole = re.sub(rf"\b2\.25\.\d+|{first.PatientID}", "", " ".join(values))  # drawn: they may hold any digits
    for told in (
        "Doe",
        "Jane",
        "P 12",
        "1970",
        "2024",
        "A1",
        "S1",
        "Maker",
        "Magnet",
        "Doctor",
        "T2 thick",
        STUDY,
        FRAME,
    ):
        assert told not in whole, told
    assert not {str(file.SOPInstanceUID) for file in slices(tmp_path / "scan")} & set(re.findall(r"[0-9.]{8,}", whole))
    assert first.PatientIdentityRemoved == "YES"
    assert (first.EchoTime, first.MagneticFieldStrength) == (12.5, 0.36)
    for keyword in ("PatientID", "StudyInstanceUID", "FrameOfReferenceUID"):  # two exports of a scan stay together
        assert first[keyword].value == again[keyword].value
    assert any("face" in event.message for event in events if event.kind == "warning")
    np.testing.assert_allclose(slice_affine(first), slice_affine(exported(volume, tmp_path)[0]))
