"""Whatever is wrong with an input is said in one line, as an InputError, and nothing else is ever raised."""

import gzip
import os
import subprocess
import sys
import tracemalloc

import nibabel
import numpy as np
import pydicom
import pytest
import SimpleITK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.image.volume import Volume, check_voxels, read, write
from IQTLib.io.dicom import list_series
from test_volume import OBLIQUE, dicom_series, voxels, write_dicom

REAL = voxels()


def refused(path, *says, series=None):
    """`path` is refused in one line that names it and says all of `says`."""
    with pytest.raises(InputError) as refusal:
        read(path, series=series)
    message = str(refusal.value)
    assert "\n" not in message
    assert str(path) in message
    for part in says:
        assert part in message


def save(path, data=REAL, affine=OBLIQUE):
    nibabel.save(nibabel.Nifti1Image(data, affine), path)
    return path


def patched(path, offset, dtype, *values):
    """`path` with numbers at a byte offset of its NIfTI-1 header replaced."""
    raw = bytearray(path.read_bytes())
    new = np.array(values, dtype).tobytes()
    raw[offset : offset + len(new)] = new
    path.write_bytes(raw)
    return path


# Volume itself


@pytest.mark.parametrize(
    "data", [np.ones((3, 4)), np.ones((3, 4, 5, 1)), np.ones((0, 4, 5)), np.ones((3, 4, 5), complex)]
)
def test_arrays_that_are_no_volume_are_refused(data):
    with pytest.raises(InputError):
        Volume(data, np.eye(4))


def affine_with(**entries):
    affine = np.eye(4)
    for place, value in entries.items():
        affine[int(place[1]), int(place[2])] = value
    return affine


@pytest.mark.parametrize(
    ("affine", "says"),
    [
        (np.eye(3), "4x4"),
        (affine_with(a03=np.nan), "finite"),
        (affine_with(a00=np.inf), "finite"),
        (affine_with(a30=1.0), "last row"),
        (affine_with(a33=2.0), "last row"),
        (affine_with(a11=0.0), "voxel sizes"),
        (affine_with(a11=1e12), "voxel sizes"),
        (affine_with(a01=0.1), "84.29 instead of 90 degrees"),  # acos(0.1 / sqrt(1.01))
        (affine_with(a11=0.0, a01=1.0), "0.00 instead of 90 degrees"),
    ],
)
def test_affines_that_no_scanner_makes_are_refused(affine, says):
    with pytest.raises(InputError, match=says):
        Volume(REAL, affine)


def test_rounding_is_not_taken_for_shear():
    assert Volume(REAL, affine_with(a01=5e-4)).shape == REAL.shape


# Voxels


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_voxels_that_are_not_numbers_are_counted(tmp_path, bad):
    data = REAL.copy()
    data[0, 0, :3] = bad
    refused(save(tmp_path / "a.nii.gz", data), "3 of 120 voxels are NaN or infinite")


def test_numbers_too_large_for_float32_are_refused(tmp_path):
    refused(save(tmp_path / "a.nii", np.where(REAL > 100, 1e200, 1.0)), "voxels are NaN or infinite")


@pytest.mark.parametrize("most", [3e38, 1e20])
def test_a_range_too_wide_for_float32_is_refused(most):
    """Squares of 1e20 overflow: the resolution was NaN."""
    with pytest.raises(InputError, match="too wide"):
        check_voxels(np.array([-most, most], np.float32))
    check_voxels(np.array([0, 1e12], np.float32))


@pytest.mark.parametrize("value", [0, 7])
def test_constant_images_are_refused(tmp_path, value):
    refused(save(tmp_path / "a.nii", np.full((4, 5, 6), value, np.int16)), f"all voxels are {value}")


# Shapes and types


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (1, 5, 6), (4, 1, 6), (4, 5, 1, 1)])
def test_single_slices_are_refused(tmp_path, shape):
    refused(save(tmp_path / "a.nii", voxels(shape)), "single slice")


@pytest.mark.parametrize("shape", [(4, 5, 6, 2), (4, 5, 6, 1, 3)])
def test_several_volumes_are_refused(tmp_path, shape):
    refused(save(tmp_path / "a.nii.gz", voxels(shape)), "several volumes")


def test_itk_slices_and_series_are_refused(tmp_path):
    for ending in (".nrrd", ".mha"):
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels((4, 5))), str(tmp_path / f"slice{ending}"))
        refused(tmp_path / f"slice{ending}", "single slice")
        SimpleITK.WriteImage(
            SimpleITK.GetImageFromArray(voxels((2, 4, 5, 6)), isVector=False), str(tmp_path / f"series{ending}")
        )
        refused(tmp_path / f"series{ending}", "several volumes")


def test_colour_and_complex_nifti_are_refused(tmp_path):
    colour = np.zeros((4, 5, 6), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    refused(save(tmp_path / "colour.nii", colour), "colours or complex")
    refused(save(tmp_path / "complex.nii", REAL.astype(np.complex64)), "colours or complex")


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
def test_colour_and_complex_itk_images_are_refused(tmp_path, ending):
    image = SimpleITK.GetImageFromArray(np.zeros((4, 5, 6, 3), np.uint8), isVector=True)
    SimpleITK.WriteImage(image, str(tmp_path / f"colour{ending}"))
    refused(tmp_path / f"colour{ending}", "colours, vectors or complex")


def test_empty_axes_are_refused(tmp_path):
    refused(patched(save(tmp_path / "a.nii"), 42, "<i2", 0), "empty")


@pytest.mark.parametrize("shape", [(30000, 30000, 30000), (2000, 2000, 2000), (5, 5, 6)])
def test_headers_that_claim_more_than_the_file_holds_are_refused(tmp_path, shape):
    for ending in (".nii", ".nii.gz"):
        path = save(tmp_path / "a.nii")
        patched(path, 42, "<i2", *shape)
        if ending == ".nii.gz":
            (tmp_path / "a.nii.gz").write_bytes(gzip.compress(path.read_bytes()))
        refused(tmp_path / f"a{ending}")


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
def test_itk_headers_that_claim_more_than_the_file_holds_are_refused(tmp_path, ending):
    path = write(Volume(REAL, OBLIQUE), tmp_path / f"a{ending}")
    for claim in (b"4000 4000 4000", b"2000 2000 2000", b"5 5 6"):
        path.with_stem("b").write_bytes(path.read_bytes().replace(b"4 5 6", claim))
        refused(path.with_stem("b"))


def test_a_damaged_affine_is_refused(tmp_path):
    refused(patched(save(tmp_path / "nan.nii"), 280, "<f4", np.nan), "finite")
    refused(patched(save(tmp_path / "shear.nii"), 280, "<f4", 1, 1, 0, 0, 0, 1, 0, 0), "degrees")
    refused(patched(save(tmp_path / "zero.nii"), 280, "<f4", *[0] * 12), "voxel sizes")


# Files


def test_missing_file(tmp_path):
    refused(tmp_path / "none.nii", "no such file")
    refused(tmp_path / "none", "no such file")


def test_folder_without_dicom(tmp_path):
    refused(tmp_path, "no DICOM images")
    (tmp_path / "a.txt").write_text("hello")
    refused(tmp_path, "no DICOM images")


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.hdr", "a.nrrd", "a.nhdr", "a.mha", "a.mhd", "a.txt", "a.png"])
def test_files_that_only_look_like_images(tmp_path, name):
    for content in (b"", b"x", b"This is a text file.\n" * 100, bytes(2000), b"\x1f\x8b" + bytes(100)):
        (tmp_path / name).write_bytes(content)
        refused(tmp_path / name)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_truncated_files(tmp_path, ending):
    whole = write(Volume(REAL, OBLIQUE), tmp_path / f"a{ending}").read_bytes()
    for kept in (4, 100, 352, len(whole) // 2, len(whole) - 20):
        (tmp_path / f"b{ending}").write_bytes(whole[:kept])
        refused(tmp_path / f"b{ending}")


@pytest.mark.parametrize("ending", [".nii.gz", ".nrrd", ".mha"])
def test_a_flipped_bit_in_compressed_voxels_is_noticed(tmp_path, ending):
    path = write(Volume(voxels((10, 10, 10)), OBLIQUE), tmp_path / f"a{ending}")
    whole = path.read_bytes()
    for place in range(len(whole) // 2, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        refused(path, "cannot be read")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"NDims = 3", b"NDims = 515"),
        (b"NDims = 3", b"NDims = 4"),
        (b"NDims = 3\n", b""),
        (b"DimSize = 4 5 6", b"DimSize = 4 5 6 7 8 9"),
        (b"TransformMatrix = ", b"TransformMatrix = 1 "),
        (b"ElementSpacing = ", b"ElementSpacing = x"),
        (b"Offset = ", b"Offset = 0 0 0\nOffset = "),
        (b"Offset = ", b"Offset = " + b"0" * 10000),
        (b"CompressedDataSize = ", b"CompressedDataSize = 1"),
        (b"ObjectType = Image", b"ObjectType = Tube"),
    ],
)
def test_metaimage_headers_that_crash_itk_are_refused_before(tmp_path, old, new):
    whole = write(Volume(REAL, OBLIQUE), tmp_path / "a.mha").read_bytes()
    assert old in whole
    (tmp_path / "b.mha").write_bytes(whole.replace(old, new, 1))
    refused(tmp_path / "b.mha", "header" if b"NDims" not in old and b"Object" not in old else "")


def test_compression_is_recognised_in_headers_of_other_writers(tmp_path):
    packed = gzip.compress(REAL.astype("<f4").tobytes("F"))
    header = b"NRRD0004\ntype: float\ndimension: 3\nsizes: 4 5 6\nendian: little\nencoding: gz\nspacings: 1 1 1\n\n"
    (tmp_path / "a.nrrd").write_bytes(header + packed)
    assert np.array_equal(read(tmp_path / "a.nrrd").data, REAL)
    (tmp_path / "a.nrrd").write_bytes(header + packed[:-8] + bytes(8))
    refused(tmp_path / "a.nrrd", "incorrect data check")


def test_wrong_magic(tmp_path):
    refused(patched(save(tmp_path / "a.nii"), 344, "u1", *b"abc\0"), "not a NIfTI image")


def test_analyze_without_orientation(tmp_path):
    nibabel.save(nibabel.AnalyzeImage(REAL, np.eye(4)), tmp_path / "a.hdr")
    refused(tmp_path / "a.img", "not a NIfTI image")


def test_a_pair_with_one_half_missing(tmp_path):
    nibabel.save(nibabel.Nifti1Pair(REAL, OBLIQUE), tmp_path / "a.hdr")
    (tmp_path / "a.img").unlink()
    refused(tmp_path / "a.hdr", "No such file")


def test_asking_for_a_series_of_a_single_image(tmp_path):
    refused(save(tmp_path / "a.nii"), "only DICOM has series", series="1")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "no such file")


def test_libraries_keep_quiet(tmp_path):
    path = patched(save(tmp_path / "odd.nii"), 80, "<f4", -1, -1, -1)  # nibabel remarks on negative voxel sizes
    code = "import sys; from IQTLib.image.volume import read; print(read(sys.argv[1]).shape)"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("(4, 5, 6)", "")


# DICOM


def test_missing_dicom_slice(tmp_path):
    dicom_series(tmp_path, skip=(3,))
    refused(tmp_path, "5.000 to 10.000 mm apart", "missing")


def test_uneven_dicom_slices(tmp_path):
    def shift(file, k):
        if k == 2:
            file.ImagePositionPatient = [x + 0.1 for x in file.ImagePositionPatient]

    dicom_series(tmp_path, change=shift)
    refused(tmp_path, "mm apart")


def test_dicom_slices_rounded_by_the_scanner_are_accepted(tmp_path):
    def rounded(file, k):
        file.ImagePositionPatient = [round(x, 2) for x in file.ImagePositionPatient]

    dicom_series(tmp_path, change=rounded)
    assert read(tmp_path).shape == (3, 4, 6)


def test_tilted_gantry(tmp_path):
    def tilted(file, k):
        x, y, z = file.ImagePositionPatient
        file.ImagePositionPatient = [x + 0.5 * int(k), y, z]

    dicom_series(tmp_path, change=tilted)
    refused(tmp_path, "instead of 90 degrees")


def test_two_dicom_volumes_in_one_series(tmp_path):
    uid = dicom_series(tmp_path / "echo1")
    dicom_series(tmp_path / "echo2", uid=uid)
    refused(tmp_path, "several slices share one position")


def test_a_localiser_is_refused(tmp_path):
    def turned(file, k):
        if k == 1:
            file.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]

    dicom_series(tmp_path, change=turned)
    refused(tmp_path, "slices differ in orientation")


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"NumberOfFrames": 6, "PixelData": bytes(6 * 24)}, "multi-frame"),
        ({"SamplesPerPixel": 3, "PixelData": bytes(3 * 24)}, "colour"),
        ({"ImagePositionPatient": None}, "position"),
        ({"PixelSpacing": None}, "spacing"),
    ],
)
def test_dicom_kinds_that_are_not_read(tmp_path, tags, says):
    dicom_series(tmp_path, **tags)
    refused(tmp_path, says)


def test_a_single_dicom_slice(tmp_path):
    dicom_series(tmp_path, slices=1)
    refused(tmp_path / "im000", "single slice")


def test_a_dicom_file_with_more_pixels_than_its_header_tells(tmp_path):
    """ITK would take the first half of the bytes for all of the pixels."""
    dicom_series(tmp_path, BitsAllocated=8, BitsStored=8, HighBit=7)
    refused(tmp_path, "im000 is a damaged DICOM file")


def test_a_truncated_dicom_file(tmp_path):
    dicom_series(tmp_path)
    raw = (tmp_path / "im003").read_bytes()
    (tmp_path / "im003").write_bytes(raw[:-10])
    refused(tmp_path, "im003 is a damaged DICOM file")
    (tmp_path / "im003").write_bytes(raw[:300])
    refused(tmp_path)


def test_listing_what_is_no_folder(tmp_path):
    with pytest.raises(InputError, match="not a folder"):
        list_series(tmp_path / "none")


def changed(**tags):
    """A change of a series' third slice."""

    def change(file, k):
        if k == 2:
            for tag, value in tags.items():
                setattr(file, tag, value)

    return change


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"ImageOrientationPatient": [2, 0, 0, 0, 2, 0]}, "cosines of length 2 and 2 instead of 1"),
        ({"ImageOrientationPatient": [0, 0, 0, 0, 1, 0]}, "cosines of length 0 and 1 instead of 1"),
        ({"ImageOrientationPatient": [1, 0, 0, 0.1, 0.995, 0]}, "instead of 90 degrees"),
        ({"ImageOrientationPatient": ["nan", 0, 0, 0, 1, 0]}, "not a number"),
        ({"PixelSpacing": [-1.25, 0.75]}, "pixels of (-1.25, 0.75) mm"),
        ({"PixelSpacing": [0, 0.75]}, "pixels of (0.0, 0.75) mm"),
        ({"PixelSpacing": ["nan", 0.75]}, "pixels of (nan, 0.75) mm"),
        ({"PixelSpacing": [40, 40]}, "not those of a head scan"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "colour"),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "inverted"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]}, "mosaic"),
        ({"RescaleSlope": "nan", "RescaleIntercept": "0"}, "rescale slope that is not a number"),
        ({"RescaleSlope": "0", "RescaleIntercept": "0"}, "rescale slope that is not a number"),
    ],
)
@pytest.mark.filterwarnings("ignore")  # pydicom remarks on what it writes here
def test_dicom_headers_that_make_no_sense_are_refused(tmp_path, tags, says):
    dicom_series(tmp_path, **tags)
    refused(tmp_path, says)


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"ImagePositionPatient": ["nan", 0, 0]}, "a position or a rescale slope that is not a number"),
        ({"ImageOrientationPatient": [2, 0, 0, 0, 2, 0]}, "cosines of length 2"),
        ({"RescaleSlope": "inf", "RescaleIntercept": "0"}, "rescale slope"),
        ({"FrameOfReferenceUID": "1.2.3"}, "slices differ in frame of reference"),
        ({"PixelSpacing": [1.25, 0.8]}, "slices differ in spacing"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_one_slice_that_makes_no_sense_is_enough(tmp_path, tags, says):
    dicom_series(tmp_path, change=changed(**tags))
    refused(tmp_path, says)


@pytest.mark.parametrize("place", [0, 2, 5])
def test_two_pictures_under_one_name_are_refused_wherever_they_are(tmp_path, place):
    """The last slice would have gone without a trace: what is left is evenly spaced."""

    def same_name(file, k):
        if k in (place, 3):
            file.SOPInstanceUID = file.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"

    dicom_series(tmp_path, change=same_name)
    refused(tmp_path, "different images with the same SOPInstanceUID")


def test_other_pixels_under_one_name_are_refused(tmp_path):
    dicom_series(tmp_path / "a", uid="1.2", SOPInstanceUID="1.2.3.4", slices=1)
    dicom_series(tmp_path / "b", uid="1.2", SOPInstanceUID="1.2.3.4", slices=1, PixelData=bytes(24))
    refused(tmp_path, "different images with the same SOPInstanceUID")


def test_a_tiny_dicom_file_asks_for_no_gigabytes(tmp_path):
    """The length of its first bytes says 2 GB, and Python would make room before it reads."""
    dicom_series(tmp_path)
    path = tmp_path / "im000"
    raw = bytearray(path.read_bytes())
    raw[155] = 0x7F
    path.write_bytes(raw)
    tracemalloc.start()
    refused(tmp_path, "im000 is a damaged DICOM file")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**26


def test_deflated_dicom_is_not_unpacked(tmp_path):
    dicom_series(tmp_path)
    file = pydicom.dcmread(tmp_path / "im000")
    file.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    write_dicom(file, tmp_path / "im000")
    refused(tmp_path, "deflated")


def test_truncated_compressed_dicom_is_noticed(tmp_path):
    def packed(file, k):
        file.Rows = file.Columns = 64  # GDCM packs no smaller ones
        file.PixelData = np.random.default_rng(int(k)).integers(0, 4000, (64, 64)).astype("<u2").tobytes()
        file.compress(pydicom.uid.RLELossless)

    dicom_series(tmp_path, change=packed)
    assert read(tmp_path).shape == (64, 64, 6)
    raw = (tmp_path / "im003").read_bytes()
    (tmp_path / "im003").write_bytes(raw[:-20])
    refused(tmp_path)


@pytest.mark.parametrize("kept", [380, 420, 500])
def test_a_last_slice_cut_within_its_header_is_not_passed_over(tmp_path, kept):
    """What is left is evenly spaced."""
    dicom_series(tmp_path)
    last = next(path for path in tmp_path.iterdir() if pydicom.dcmread(path).pixel_array[0, 0] == 500)
    last.write_bytes(last.read_bytes()[:kept])
    refused(tmp_path, f"{last.name} is a damaged DICOM file")


def test_signed_and_unsigned_slices_keep_their_numbers(tmp_path):
    def signed(file, k):
        if k == 2:
            file.PixelRepresentation = 1
            file.PixelData = np.full((4, 3), -7, "<i2").tobytes()
        if k == 3:
            file.PixelData = np.full((4, 3), 65000, "<u2").tobytes()

    dicom_series(tmp_path, change=signed)
    volume = read(tmp_path)
    assert set(volume.data[..., 2].ravel()) == {-7}
    assert set(volume.data[..., 3].ravel()) == {65000}


def test_other_modalities_and_lossy_compression_have_caveats(tmp_path):
    dicom_series(tmp_path / "a")
    assert read(tmp_path / "a").caveats == ()
    dicom_series(tmp_path / "b", Modality="CT", LossyImageCompression="01")
    assert read(tmp_path / "b").caveats == (
        "the series is of modality CT, not MR",
        "the images were compressed with loss",
    )


def test_cosines_rounded_by_the_scanner_are_accepted_and_change_no_size(tmp_path):
    dicom_series(tmp_path, ImageOrientationPatient=[0.999, 0, 0, 0, 1, 0], change=straight)
    assert np.allclose(read(tmp_path).spacing, (0.75, 1.25, 5), atol=1e-6)


def straight(file, k):
    file.ImagePositionPatient = [0, 0, 5 * int(k)]


# Any damage at all


def damaged(draw, whole):
    """`whole` with a few bytes flipped, a part cut out, doubled or moved."""
    raw = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.one_of(st.integers(0, min(400, len(raw))), st.integers(0, len(raw))))
        end = min(len(raw), start + draw(st.integers(1, 64)))
        match draw(st.sampled_from(("flip", "truncate", "cut", "double", "replace"))):
            case "flip" if start < len(raw):
                raw[start] ^= draw(st.integers(1, 255))
            case "truncate":
                del raw[start:]
            case "cut":
                del raw[start:end]
            case "double":
                raw[start:start] = raw[start:end]
            case "replace":
                raw[start:end] = draw(st.binary(min_size=end - start, max_size=end - start))
    return bytes(raw)


def read_or_refused(path):
    """Either a volume of finite numbers or an error of one line; any other exception fails the test."""
    try:
        return np.isfinite(read(path).data).all()
    except InputError as error:
        return "\n" not in str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_a_damaged_file_is_read_or_refused_but_never_crashes(tmp_path, ending, data):
    whole, path = tmp_path / f"whole{ending}", tmp_path / f"damaged{ending}"
    if not whole.exists():
        write(Volume(REAL, OBLIQUE), whole)
    path.write_bytes(damaged(data.draw, whole.read_bytes()))
    assert read_or_refused(path)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize(("ending", "voxels"), [(".nhdr", ".raw.gz"), (".mhd", ".zraw")])
def test_a_damaged_header_beside_its_voxels_is_read_or_refused_but_never_crashes(tmp_path, ending, voxels, data):
    whole, path = tmp_path / f"whole{ending}", tmp_path / f"damaged{ending}"
    if not whole.exists():
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(REAL.T), str(whole), useCompression=True)
        assert whole.with_name(f"whole{voxels}").exists()
        assert read_or_refused(whole)
    path.write_bytes(damaged(data.draw, whole.read_bytes()))
    assert read_or_refused(path)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_dicom_file_is_read_or_refused_but_never_crashes(tmp_path, data):
    whole, path = tmp_path / "whole", tmp_path / "series" / "im000"
    if not whole.exists():
        dicom_series(path.parent)
        whole.write_bytes(path.read_bytes())
    path.write_bytes(damaged(data.draw, whole.read_bytes()))
    assert read_or_refused(path.parent)
