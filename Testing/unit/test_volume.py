"""Geometry and voxels survive reading and writing. Expected affines are derived by hand or by another reader."""

import gzip
import itertools
import subprocess
import sys
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest
import SimpleITK
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError, OutputError
from IQTLib.image.volume import READABLE, WRITABLE, Volume, read, stem, suffix, write
from IQTLib.io.dicom import list_series
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

FIXTURE_ONCE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


def voxels(shape=(4, 5, 6), seed=0):
    return np.random.default_rng(seed).normal(100, 20, shape).astype(np.float32)


def rotation(w, x, y, z):
    """Rotation matrix of a quaternion (Shepperd 1978), written out so that no reader's code is used."""
    w, x, y, z = np.array([w, x, y, z]) / np.linalg.norm([w, x, y, z])
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def affine_of(axes, origin=(0, 0, 0)):
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = axes, origin
    return affine


OBLIQUE = affine_of(rotation(0.9, 0.2, -0.3, 0.1) * (0.7, 0.8, 5.0), (-91.5, 30.25, 12.125))


@st.composite
def affines(draw):
    """Any rotation, either handedness, voxels of 0.3 to 8 mm."""
    quaternion = draw(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.1))
    spacing = draw(st.tuples(*[st.floats(0.3, 8)] * 3))
    flips = draw(st.tuples(*[st.sampled_from((-1, 1))] * 3))
    origin = draw(st.tuples(*[st.floats(-300, 300)] * 3))
    return affine_of(rotation(*quaternion) * spacing * flips, origin)


def farthest_corner_error(one, other, field_of_view=320.0):
    """Largest distance, mm, between the corners of a head-sized box as two affines place them."""
    last = np.floor(field_of_view / np.linalg.norm(one[:3, :3], axis=0))
    corners = np.array([[*(last * corner), 1] for corner in itertools.product((0, 1), repeat=3)]).T
    return np.linalg.norm(((one - other) @ corners)[:3], axis=0).max()


def itk_affine(image):
    axes = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    return LPS_TO_RAS @ affine_of(axes, image.GetOrigin())


# The class


def test_volume_states_spacing_shape_and_axis_codes():
    volume = Volume(np.ones((2, 3, 4)), np.diag([-1.0, 2.0, 3.0, 1.0]))
    assert volume.shape == (2, 3, 4)
    assert volume.spacing == (1.0, 2.0, 3.0)
    assert volume.axis_codes == "LAS"
    assert volume.data.dtype == np.float32
    assert volume.affine.dtype == np.float64


def test_with_data_keeps_the_geometry():
    volume = Volume(voxels(), OBLIQUE)
    other = volume.with_data(np.zeros((4, 5, 6)))
    assert np.array_equal(other.affine, OBLIQUE)
    assert not other.data.any()
    assert volume.data.all()


def test_volume_does_not_share_its_affine_with_the_caller():
    affine = OBLIQUE.copy()
    volume = Volume(voxels(), affine)
    affine[:] = 0
    assert np.array_equal(volume.affine, OBLIQUE)
    with pytest.raises(ValueError, match="read-only"):
        volume.affine[0, 0] = 1


def test_importing_loads_no_slow_library():
    slow = ["nibabel", "SimpleITK", "pydicom", "torch", "scipy"]
    code = f"import sys, IQTLib.image.volume; print(set({slow}) & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "ending", "rest"),
    [
        ("a.nii.gz", ".nii.gz", "a"),
        ("sub-01.T1.NII.GZ", ".nii.gz", "sub-01.T1"),
        ("a.b.nrrd", ".nrrd", "a.b"),
        ("scan.dcm", "", "scan.dcm"),
        ("folder", "", "folder"),
    ],
)
def test_suffix_and_stem(name, ending, rest):
    assert suffix(Path("x.nii") / name) == ending
    assert stem(Path("x.nii") / name) == rest


# Round trips


@FIXTURE_ONCE
@given(affine=affines())
@pytest.mark.parametrize("ending", WRITABLE)
def test_oblique_and_left_handed_affines_survive_a_round_trip(tmp_path, ending, affine):
    path = write(Volume(voxels(), affine), tmp_path / f"a{ending}", overwrite=True)
    back = read(path)
    assert farthest_corner_error(affine, back.affine) < 1e-4
    assert np.array_equal(back.data, voxels())
    assert back.data.dtype == np.float32


@FIXTURE_ONCE
@example(affine=affine_of(rotation(1e-4, 1, 0, 0)))  # hardly tilted: where a NIfTI qform is at its worst
@given(affine=affines())
@pytest.mark.parametrize("ending", WRITABLE)
def test_itk_reads_the_same_geometry_and_voxels_from_written_files(tmp_path, ending, affine):
    path = write(Volume(voxels(), affine), tmp_path / f"a{ending}", overwrite=True)
    image = SimpleITK.ReadImage(str(path))
    assert farthest_corner_error(affine, itk_affine(image)) < 1e-3
    assert np.array_equal(SimpleITK.GetArrayFromImage(image).T, voxels())


@FIXTURE_ONCE
@given(affine=affines())
def test_nifti_sform_and_qform_say_the_same_and_are_scanner_coordinates(tmp_path, affine):
    image = nibabel.load(write(Volume(voxels(), affine), tmp_path / "a.nii", overwrite=True))
    assert int(image.header["sform_code"]) == int(image.header["qform_code"]) == 1
    assert image.header.get_xyzt_units()[0] == "mm"
    assert farthest_corner_error(affine, image.get_sform()) < 1e-4
    # A qform keeps three float32 of a unit quaternion: near half turns the fourth is known to 3.5e-4 only.
    assert farthest_corner_error(affine, image.get_qform()) < 0.3


@pytest.mark.parametrize("ending", WRITABLE)
def test_same_volume_gives_same_bytes(tmp_path, ending):
    one, two = (write(Volume(voxels(), OBLIQUE), tmp_path / f"{name}{ending}") for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("ending", WRITABLE)
def test_memory_layout_does_not_matter(tmp_path, ending):
    c_order, f_order = (
        write(Volume(f(voxels()), OBLIQUE), tmp_path / f"{f.__name__}{ending}")
        for f in (np.ascontiguousarray, np.asfortranarray)
    )
    assert c_order.read_bytes() == f_order.read_bytes()


# NIfTI as others write it


def nifti(path, *, data=None, sform=None, qform=None, codes=(1, 1), change=None, kind=nibabel.Nifti1Image):
    image = kind(voxels() if data is None else data, None)
    if qform is not None:
        image.set_qform(qform, codes[1])
    if sform is not None:
        image.set_sform(sform, codes[0])
    if change:
        change(image.header)
    nibabel.save(image, path)
    return path


ANOTHER = affine_of(rotation(0.5, 0.5, -0.3, 0.4) * (0.7, 0.8, 5.0), (10, 20, 30))


def test_sform_goes_before_qform(tmp_path):
    path = nifti(tmp_path / "a.nii", sform=OBLIQUE, qform=ANOTHER)
    assert farthest_corner_error(OBLIQUE, read(path).affine) < 1e-4


def test_qform_is_used_if_the_sform_has_code_zero(tmp_path):
    path = nifti(tmp_path / "a.nii", sform=OBLIQUE, qform=ANOTHER, codes=(0, 1))
    assert farthest_corner_error(ANOTHER, read(path).affine) < 1e-3


def test_voxel_sizes_are_used_if_both_codes_are_zero(tmp_path):
    path = nifti(tmp_path / "a.nii", sform=OBLIQUE, qform=OBLIQUE)
    raw = bytearray(path.read_bytes())
    raw[80:92] = np.array([1, 2, 3], "<f4").tobytes()  # pixdim
    raw[252:256] = bytes(4)  # qform_code, sform_code
    path.write_bytes(raw)
    assert read(path).spacing == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(("unit", "per_mm"), [("meter", 1e-3), ("mm", 1.0), ("micron", 1e3), ("unknown", 1.0)])
def test_units_become_millimetres(tmp_path, unit, per_mm):
    scaled = np.diag([per_mm, per_mm, per_mm, 1]) @ OBLIQUE
    path = nifti(tmp_path / "a.nii", sform=scaled, change=lambda header: header.set_xyzt_units(unit))
    assert farthest_corner_error(OBLIQUE, read(path).affine) < 1e-4


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_scale_factors_are_applied(tmp_path, ending):
    stored = np.arange(4 * 5 * 6, dtype=np.int16).reshape(4, 5, 6) - 60
    image = nibabel.Nifti1Image(stored, OBLIQUE)
    image.header.set_slope_inter(0.25, -7)
    nibabel.save(image, tmp_path / f"a{ending}")
    assert np.allclose(read(tmp_path / f"a{ending}").data, np.asarray(nibabel.load(tmp_path / f"a{ending}").dataobj))


def test_int16_with_slope_and_intercept_written_byte_by_byte(tmp_path):
    path = nifti(tmp_path / "a.nii", data=np.arange(120, dtype=np.int16).reshape(4, 5, 6), sform=OBLIQUE)
    raw = bytearray(path.read_bytes())
    raw[112:120] = np.array([0.25, -7], "<f4").tobytes()  # scl_slope, scl_inter of the NIfTI-1 header
    path.write_bytes(raw)
    assert np.array_equal(read(path).data, np.arange(120).reshape(4, 5, 6) * 0.25 - 7)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64, ">i2", ">f4"])
def test_number_types_and_byte_orders_are_read(tmp_path, dtype):
    stored = np.arange(120).reshape(4, 5, 6).astype(dtype)
    header = nibabel.Nifti1Header(endianness=">" if str(dtype).startswith(">") else "<")
    header.set_data_dtype(dtype)
    nibabel.save(nibabel.Nifti1Image(stored, OBLIQUE, header), tmp_path / "a.nii")
    assert np.array_equal(read(tmp_path / "a.nii").data, stored)


def test_nifti_2_is_read(tmp_path):
    path = nifti(tmp_path / "a.nii.gz", sform=OBLIQUE, kind=nibabel.Nifti2Image)
    assert np.array_equal(read(path).data, voxels())


@pytest.mark.parametrize("ending", [".hdr", ".img"])
def test_a_pair_is_read_from_either_file(tmp_path, ending):
    nifti(tmp_path / "a.hdr", sform=OBLIQUE, kind=nibabel.Nifti1Pair)
    volume = read(tmp_path / f"a{ending}")
    assert np.array_equal(volume.data, voxels())
    assert farthest_corner_error(OBLIQUE, volume.affine) < 1e-4


def test_compression_is_reported_by_content_not_by_name(tmp_path):
    plain = write(Volume(voxels(), OBLIQUE), tmp_path / "a.nii")
    (tmp_path / "b.nii").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "c.nii.gz").write_bytes(plain.read_bytes())
    for name in ("b.nii", "c.nii.gz"):
        assert np.array_equal(read(tmp_path / name).data, voxels())


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_a_fourth_axis_of_one_is_dropped(tmp_path, ending):
    path = nifti(tmp_path / f"a{ending}", data=voxels()[..., None], sform=OBLIQUE)
    assert np.array_equal(read(path).data, voxels())


def test_read_voxels_stay_when_the_file_goes(tmp_path):
    path = write(Volume(voxels(), OBLIQUE), tmp_path / "a.nii")
    volume = read(path)
    path.write_bytes(b"")
    assert np.array_equal(volume.data, voxels())


@FIXTURE_ONCE
@given(affine=affines())
def test_nifti_agrees_with_itk_reader(tmp_path, affine):
    path = nifti(tmp_path / "a.nii", sform=affine, qform=affine)
    image = SimpleITK.ReadImage(str(path))
    volume = read(path)
    assert farthest_corner_error(itk_affine(image), volume.affine) < 1e-3
    assert np.array_equal(SimpleITK.GetArrayFromImage(image).T, volume.data)


# NRRD and MetaImage as others write them


@pytest.mark.parametrize("ending", [".nrrd", ".nhdr", ".mha", ".mhd"])
def test_images_written_by_itk_lie_where_itk_says(tmp_path, ending):
    image = SimpleITK.GetImageFromArray(np.arange(120, dtype=np.int16).reshape(6, 5, 4))
    image.SetDirection(rotation(0.4, -0.1, 0.7, 0.3).ravel().tolist())
    image.SetSpacing((0.9, 1.1, 4.0))
    image.SetOrigin((12.5, -70.0, 33.0))
    SimpleITK.WriteImage(image, str(tmp_path / f"a{ending}"))
    volume = read(tmp_path / f"a{ending}")
    for index in itertools.product((0, 3), (0, 4), (0, 5)):
        in_lps = image.TransformIndexToPhysicalPoint(index)
        assert np.allclose(volume.affine @ (*index, 1), LPS_TO_RAS @ (*in_lps, 1), atol=1e-9)
        assert volume.data[index] == image[index]


def test_nrrd_in_ras_written_by_hand(tmp_path):
    header = (
        "NRRD0004\ntype: short\ndimension: 3\nspace: right-anterior-superior\nsizes: 2 3 4\n"
        "space directions: (0,2,0) (-3,0,0) (0,0,4)\nkinds: domain domain domain\nendian: little\nencoding: raw\n"
        "space origin: (10,20,30)\n\n"
    )
    stored = np.arange(24, dtype="<i2").reshape(2, 3, 4)
    (tmp_path / "a.nrrd").write_bytes(header.encode() + stored.tobytes("F"))
    volume = read(tmp_path / "a.nrrd")
    assert np.allclose(volume.affine, [[0, -3, 0, 10], [2, 0, 0, 20], [0, 0, 4, 30], [0, 0, 0, 1]])
    assert np.array_equal(volume.data, stored)


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
def test_a_fourth_axis_of_one_is_dropped_in_itk_formats(tmp_path, ending):
    image = SimpleITK.GetImageFromArray(voxels()[..., None].T, isVector=False)
    image.SetOrigin((1, 2, 3, 0))
    image.SetSpacing((4, 5, 6, 1))
    SimpleITK.WriteImage(image, str(tmp_path / f"a{ending}"))
    volume = read(tmp_path / f"a{ending}")
    assert np.array_equal(volume.data, voxels())
    assert np.allclose(volume.affine, [[-4, 0, 0, -1], [0, -5, 0, -2], [0, 0, 6, 3], [0, 0, 0, 1]])


# DICOM

ROW, COLUMN = rotation(0.8, 0.3, -0.2, 0.4)[:, :2].T  # LPS directions of a row and of a column
ROW, COLUMN = (np.round(axis, 8) for axis in (ROW, COLUMN))
NORMAL = np.cross(ROW, COLUMN)
FIRST = np.array([-80.0, -95.5, 20.25])
STEP = 5.0


def write_dicom(file, path):
    if pydicom.__version__.startswith("2"):
        file.is_little_endian, file.is_implicit_VR = True, False
        pydicom.dcmwrite(path, file, write_like_original=False)
    else:
        pydicom.dcmwrite(path, file, enforce_file_format=True)


def dicom_series(folder, *, slices=6, uid=None, skip=(), step=STEP, change=None, **tags):
    """Write slices of 4 rows by 3 columns, in shuffled file order; pixel value = 100 k + 10 row + column."""
    folder.mkdir(parents=True, exist_ok=True)
    uid = uid or generate_uid()
    for number, k in enumerate(np.random.default_rng(1).permutation(slices)):
        if k in skip:
            continue
        file = Dataset()
        file.file_meta = FileMetaDataset()
        file.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        file.SOPClassUID = file.file_meta.MediaStorageSOPClassUID = MRImageStorage
        file.SOPInstanceUID = file.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        file.SeriesInstanceUID, file.SeriesDescription, file.Modality, file.SeriesNumber = uid, "T2 thick", "MR", 3
        file.ImageOrientationPatient = [float(f"{x:.8f}") for x in (*ROW, *COLUMN)]
        file.ImagePositionPatient = [float(f"{x:.8f}") for x in FIRST + k * step * NORMAL]
        file.PixelSpacing = [1.25, 0.75]  # between rows, between columns
        file.SliceThickness = 4.0
        file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
        file.Rows, file.Columns = 4, 3
        file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 16, 15, 0
        pixels = 100 * k + 10 * np.arange(4)[:, None] + np.arange(3)
        file.PixelData = pixels.astype("<u2").tobytes()
        for tag, value in tags.items():
            setattr(file, tag, value)
        if change:
            change(file, k)
        write_dicom(file, folder / f"im{number:03d}")
    return uid


def dicom_affine():
    """Pixel (column i, row j) of slice k lies at FIRST + i 0.75 ROW + j 1.25 COLUMN + k STEP NORMAL (PS3.3 C.7.6.2)."""
    return LPS_TO_RAS @ affine_of(np.column_stack([0.75 * ROW, 1.25 * COLUMN, STEP * NORMAL]), FIRST)


def dicom_voxels(slices=6):
    i, j, k = np.indices((3, 4, slices))
    return 100 * k + 10 * j + i


def test_oblique_dicom_series_lies_where_its_headers_say(tmp_path):
    dicom_series(tmp_path / "study")
    volume = read(tmp_path / "study")
    assert np.array_equal(volume.data, dicom_voxels())
    assert farthest_corner_error(dicom_affine(), volume.affine) < 1e-4


def test_dicom_series_agrees_with_itk_reader(tmp_path):
    uid = dicom_series(tmp_path)
    names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(tmp_path), uid)
    image = SimpleITK.ReadImage(names)
    volume = read(tmp_path)
    assert farthest_corner_error(itk_affine(image), volume.affine) < 1e-4
    assert np.array_equal(SimpleITK.GetArrayFromImage(image).T, volume.data)


def test_one_dicom_file_stands_for_its_series(tmp_path):
    dicom_series(tmp_path)
    dicom_series(tmp_path / "other")
    assert np.array_equal(read(tmp_path / "im002").data, dicom_voxels())


def test_dicom_series_in_a_sub_folder_is_found_and_other_files_are_passed_over(tmp_path):
    dicom_series(tmp_path / "patient" / "series")
    (tmp_path / "patient" / "notes.txt").write_text("hello")
    assert read(tmp_path / "patient").shape == (3, 4, 6)


def test_the_same_dicom_file_in_two_folders_counts_once(tmp_path):
    dicom_series(tmp_path / "a")
    (tmp_path / "b").mkdir()
    for path in (tmp_path / "a").iterdir():
        (tmp_path / "b" / path.name).write_bytes(path.read_bytes())
    assert read(tmp_path).shape == (3, 4, 6)


def test_rescale_slope_of_each_slice_is_applied(tmp_path):
    def rescale(file, k):
        file.RescaleSlope, file.RescaleIntercept = str(0.5 + k), "-2"

    dicom_series(tmp_path, change=rescale)
    slopes = 0.5 + np.arange(6)
    assert np.allclose(read(tmp_path).data, dicom_voxels() * slopes - 2)


@pytest.fixture
def two_series(tmp_path):
    uid = dicom_series(tmp_path / "a")
    other = dicom_series(tmp_path / "b", slices=4, SeriesDescription="T1 thick", SeriesNumber=2)
    return tmp_path, uid, other


def test_series_of_a_folder_are_listed_by_number(two_series):
    folder, uid, other = two_series
    first, second = list_series(folder)
    assert (first.uid, first.description, first.modality, len(first.files)) == (other, "T1 thick", "MR", 4)
    assert (second.uid, len(second.files)) == (uid, 6)
    assert all(path.parent == folder / "a" for path in second.files)


def test_several_series_ask_for_a_choice_and_list_what_there_is(two_series):
    folder, *uids = two_series
    with pytest.raises(InputError) as refusal:
        read(folder)
    for part in (*uids, "T1 thick", "T2 thick", "4 files", "6 files", "--series"):
        assert part in str(refusal.value)


def test_a_series_is_chosen_by_uid_description_or_number(two_series):
    folder, _, other = two_series
    for choice in (other, "T1 thick", "2"):
        assert read(folder, series=choice).shape == (3, 4, 4)


def test_the_number_of_a_series_is_the_scanners_and_its_place_if_there_is_none(two_series, tmp_path):
    folder, *_ = two_series
    assert read(folder, series="3").shape == (3, 4, 6)
    with pytest.raises(InputError, match=r"0 series match '1'.*2: .T1 thick.*3: .T2 thick"):
        read(folder, series="1")
    again = dicom_series(folder / "c", slices=5, SeriesDescription="again", SeriesNumber=3)
    with pytest.raises(InputError, match="2 series match '3'"):
        read(folder, series="3")
    assert read(folder, series=again).shape == (3, 4, 5)
    dicom_series(folder / "d", slices=7, SeriesDescription="unnumbered", SeriesNumber=None)
    assert sorted(read(folder, series=place).shape[2] for place in "1234") == [4, 5, 6, 7]


def test_a_choice_that_fits_no_series_or_two_is_refused(two_series):
    folder, *_ = two_series
    with pytest.raises(InputError, match="0 series match 'FLAIR'"):
        read(folder, series="FLAIR")
    dicom_series(folder / "c")
    with pytest.raises(InputError, match="2 series match 'T2 thick'"):
        read(folder, series="T2 thick")


# Writing that fails


def leftovers(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_existing_file_is_kept_unless_overwrite(tmp_path):
    path = tmp_path / "a.nii"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError, match="--overwrite"):
        write(Volume(voxels(), OBLIQUE), path)
    assert path.read_bytes() == b"mine"
    write(Volume(voxels(), OBLIQUE), path, overwrite=True)
    assert np.array_equal(read(path).data, voxels())


@pytest.mark.parametrize("name", ["a", "a.mhd", "a.hdr", "a.img", "a.dcm", "a.gz", "a.tiff"])
def test_endings_that_are_not_written_are_refused_with_those_that_are(tmp_path, name):
    with pytest.raises(OutputError, match=r"\.nii, \.nii\.gz, \.nrrd, \.mha"):
        write(Volume(voxels(), OBLIQUE), tmp_path / name)
    assert leftovers(tmp_path) == []


def test_readable_includes_writable():
    assert set(WRITABLE) < set(READABLE)


@pytest.mark.parametrize(
    ("ending", "writer"),
    [
        (".nii", "nibabel.Nifti1Image.to_stream"),
        (".nii.gz", "nibabel.Nifti1Image.to_stream"),
        (".nrrd", "SimpleITK.WriteImage"),
        (".mha", "SimpleITK.WriteImage"),
    ],
)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("File cannot be written")])
def test_a_failing_writer_leaves_nothing_behind(tmp_path, monkeypatch, ending, writer, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(writer, fail)
    with pytest.raises(OutputError):
        write(Volume(voxels(), OBLIQUE), tmp_path / f"a{ending}")
    assert leftovers(tmp_path) == []


FULL_DISK = """
import resource, signal, sys
import numpy as np
from IQTLib.errors import OutputError
from IQTLib.image.volume import Volume, write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
volume = Volume(np.random.default_rng(0).random((30, 31, 32)), np.eye(4))
for ending in (".nii", ".nii.gz", ".nrrd", ".mha"):
    size = write(volume, sys.argv[1] + "/whole" + ending).stat().st_size
    for missing in (1, 1000, 6000, size - 10):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size - missing, -1))
        try:
            write(volume, sys.argv[1] + "/part" + ending)
            print("accepted", ending, missing)
        except OutputError:
            pass
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux file size limits")
def test_a_disk_that_fills_up_anywhere_in_the_file_is_noticed(tmp_path):
    """A file size limit stands for the full disk: the system refuses to write on, as it does there."""
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert leftovers(tmp_path) == sorted(f"whole{ending}" for ending in WRITABLE)


@pytest.mark.parametrize("ending", WRITABLE)
def test_a_file_keeps_its_remark_and_one_that_nobody_measured_says_so_when_it_is_read(ending, tmp_path):
    guess = "synthesised: not measured (T1w to T2w)"
    for remark, caveats in (("", ()), ("made by hand", ()), (guess, (f"the file says of itself: {guess}",))):
        path = tmp_path / f"{len(remark)}{ending}"
        write(Volume(np.ones((2, 3, 4)) * np.arange(4), np.eye(4), remark=remark), path)
        assert read(path).caveats == caveats
        assert read(path).remark == (guess if caveats else "")
        assert remark.encode() in (gzip.decompress(path.read_bytes()) if ending == ".nii.gz" else path.read_bytes())


def test_a_remark_of_a_stranger_breaks_no_line(tmp_path):
    image = nibabel.Nifti1Image(np.arange(24.0).reshape(2, 3, 4), np.eye(4))
    image.header["descrip"] = b"synthesised: not measured\nerror: \x1b[31mall fine\xe9"
    nibabel.save(image, tmp_path / "a.nii")
    assert read(tmp_path / "a.nii").caveats == (
        "the file says of itself: synthesised: not measured?error: ?[31mall fine?",
    )
