"""What a header claims is checked before it is believed: where the voxels are, how large, how many, which way up."""

import gzip
import os
import tracemalloc
from types import SimpleNamespace

import cohorts
import nibabel
import numpy as np
import psutil
import pytest
import SimpleITK
from IQTLib.app.measure import describe
from IQTLib.data.prepare import prepare
from IQTLib.data.subjects import load_brain, scan_of
from IQTLib.errors import InputError
from IQTLib.events import Reporter
from IQTLib.image.volume import Volume, read, write
from IQTLib.pipeline import enhance
from test_bad_volumes import patched, refused, save
from test_volume import OBLIQUE, voxels

REAL = voxels()
SECRET = REAL.astype("<f4").tobytes("F")  # as long as the voxels that the headers below claim

NHDR = (
    "NRRD0004\ntype: float\ndimension: 3\nspace: RAS\nsizes: 4 5 6\nspace directions: (1,0,0) (0,1,0) (0,0,4)\n"
    "endian: little\nencoding: raw\nspace origin: (0,0,0)\n"
)
MHD = (
    "ObjectType = Image\nNDims = 3\nDimSize = 4 5 6\nElementSpacing = 1 1 4\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n"
    "ElementType = MET_FLOAT\n"
)


def header(folder, ending, name):
    """A header of 4 x 5 x 6 numbers whose voxels are in the file called `name`."""
    folder.mkdir(exist_ok=True)
    attached = {".nrrd": ".nhdr", ".mha": ".mhd"}.get(ending, ending)
    line = f"data file: {name}\n" if attached == ".nhdr" else f"ElementDataFile = {name}\n"
    path = folder / f"a{ending}"
    path.write_text((NHDR if attached == ".nhdr" else MHD) + line)
    return path


def test_metaimage_keys_that_itk_copies_from_nifti_are_read(tmp_path):
    """`dim[0]`, `pixdim[1]`, `qto_xyz`: what SimpleITK writes of any NIfTI."""
    write(Volume(REAL, OBLIQUE), tmp_path / "a.nii")
    SimpleITK.WriteImage(SimpleITK.ReadImage(str(tmp_path / "a.nii")), str(tmp_path / "a.mha"))
    assert b"dim[0]" in (tmp_path / "a.mha").read_bytes()[:4000]
    found = read(tmp_path / "a.mha")
    np.testing.assert_array_equal(found.data, REAL)
    np.testing.assert_allclose(found.affine, OBLIQUE, atol=1e-4)


# Voxels stay in the header's folder


@pytest.mark.parametrize("ending", [".nhdr", ".mhd", ".nrrd", ".mha"])
@pytest.mark.parametrize("name", ["a.raw", "inner/a.raw", "with space.raw"])
def test_voxels_in_the_headers_folder_are_read(tmp_path, ending, name):
    path = header(tmp_path, ending, name)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(SECRET)
    volume = read(path)
    assert np.array_equal(volume.data, REAL)
    assert volume.spacing == (1, 1, 4)


@pytest.mark.parametrize("ending", [".nhdr", ".mhd", ".nrrd", ".mha"])
@pytest.mark.parametrize("name", ["{0}/secret", "../secret", "../study/../secret", "link", "inner/secret", "./link"])
def test_voxels_are_not_read_from_files_in_other_folders(tmp_path, ending, name):
    (tmp_path / "secret").write_bytes(SECRET)
    path = header(tmp_path / "study", ending, name.format(tmp_path))
    (tmp_path / "study" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "study" / "inner").symlink_to(tmp_path)
    refused(path, "outside the header's folder")


@pytest.mark.parametrize("ending", [".nhdr", ".mhd"])
@pytest.mark.parametrize("name", ["LIST\nb.raw", "LIST 2\nb.raw", "list\nb.raw", "b%d.raw 1 6 1", "b%03d.raw 1 6 1"])
def test_voxels_over_several_files_are_refused(tmp_path, ending, name):
    for number in range(1, 7):
        (tmp_path / f"b{number}.raw").write_bytes(SECRET[:80])
    refused(header(tmp_path, ending, name), "several files" if "list" not in name or ending == ".nhdr" else "")


@pytest.mark.parametrize("name", ["-", "", "none.raw", "."])
@pytest.mark.parametrize("ending", [".nhdr", ".mhd"])
def test_voxels_in_no_file_are_refused(tmp_path, ending, name):
    refused(header(tmp_path, ending, name))


def test_a_second_data_file_is_not_hidden_in_another_spelling(tmp_path):
    (tmp_path / "a.raw").write_bytes(SECRET)
    path = header(tmp_path, ".nhdr", "a.raw")
    path.write_text(path.read_text() + "DataFile: ../secret\n")
    refused(path, "datafile twice")


def test_text_with_a_colon_is_no_field(tmp_path):
    (tmp_path / "a.raw").write_bytes(SECRET)
    path = header(tmp_path, ".nhdr", "a.raw")
    path.write_text(path.read_text() + "data file:=../secret: mine\n# data file: ../secret\n")
    assert np.array_equal(read(path).data, REAL)


def test_the_voxels_of_a_pair_are_not_a_link_out_of_the_folder(tmp_path):
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "study").mkdir()
    nibabel.save(nibabel.Nifti1Pair(REAL, OBLIQUE), tmp_path / "study" / "a.hdr")
    (tmp_path / "study" / "a.img").unlink()
    (tmp_path / "study" / "a.img").symlink_to(tmp_path / "secret")
    refused(tmp_path / "study" / "a.hdr", "outside the header's folder")


@pytest.mark.parametrize("ending", [".nhdr", ".mhd"])
def test_detached_voxels_that_are_too_few_are_noticed(tmp_path, ending):
    (tmp_path / "a.raw").write_bytes(SECRET[:-4])
    refused(header(tmp_path, ending, "a.raw"), "too short")


def test_damaged_detached_compressed_voxels_are_noticed(tmp_path):
    packed = gzip.compress(SECRET)
    for ending, switch in (
        (".nhdr", ("encoding: raw", "encoding: gzip")),
        (".mhd", ("NDims", "CompressedData = True\nNDims")),
    ):
        path = header(tmp_path, ending, "a.raw")
        path.write_text(path.read_text().replace(*switch))
        (tmp_path / "a.raw").write_bytes(packed)
        assert np.array_equal(read(path).data, REAL)
        (tmp_path / "a.raw").write_bytes(packed[:-8] + bytes(8))
        refused(path, "incorrect data check")


# Sizes and places in NRRD and MetaImage


@pytest.mark.parametrize(
    ("ending", "old", "new", "says"),
    [
        (".nhdr", "space directions: (1,0,0) (0,1,0) (0,0,4)\n", "", "no voxel sizes"),
        (".nhdr", "space directions: (1,0,0) (0,1,0) (0,0,4)", "spacings: nan nan nan", "nan x nan x nan voxel sizes"),
        (".nhdr", "space directions: (1,0,0) (0,1,0) (0,0,4)", "spacings: 1 0 4", "1 x 0 x 4 voxel sizes"),
        (".nhdr", "space directions: (1,0,0) (0,1,0) (0,0,4)", "space directions: (0,0,0) (0,1,0) (0,0,4)", ""),
        (".nhdr", "space directions: (1,0,0)", "space directions: (nan,0,0)", ""),
        (".nhdr", "sizes", 'space units: "m" "m" "m"\nsizes', "positions are in m: convert"),
        (".nhdr", "encoding: raw", "encoding: bzip2", "encoded as bzip2"),
        (".mhd", "ElementSpacing = 1 1 4\n", "", "no voxel sizes"),
        (".mhd", "ElementSpacing = 1 1 4", "ElementSpacing = 1 0 4", "1 x 0 x 4 voxel sizes"),
        (".mhd", "ElementSpacing = 1 1 4", "ElementSpacing = 1 -1 4", "1 x -1 x 4 voxel sizes"),
        (".mhd", "ElementSpacing = 1 1 4", "ElementSpacing = 1 nan 4", "1 x nan x 4 voxel sizes"),
        (".mhd", "= 1 0 0 0 1 0 0 0 1", "= 2 0 0 0 2 0 0 0 2", "2.0] instead of 1"),
        (".mhd", "NDims", "DistanceUnits = um\nNDims", "positions are in um: convert"),
    ],
)
def test_itk_headers_without_a_valid_geometry_are_refused(tmp_path, ending, old, new, says):
    (tmp_path / "a.raw").write_bytes(SECRET)
    path = header(tmp_path, ending, "a.raw")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    refused(path, says)


@pytest.mark.parametrize(
    ("ending", "old"), [(".nhdr", "space: RAS\n"), (".mhd", "TransformMatrix = 1 0 0 0 1 0 0 0 1\n")]
)
def test_a_header_without_patient_directions_has_a_caveat(tmp_path, ending, old):
    (tmp_path / "a.raw").write_bytes(SECRET)
    path = header(tmp_path, ending, "a.raw")
    assert read(path).caveats == ()
    new = "space dimension: 3\n" if ending == ".nhdr" else ""
    path.write_text(path.read_text().replace(old, new))
    assert "orientation" in read(path).caveats[0]


# NIfTI

PIXDIM, VOX_OFFSET, SLOPE, UNITS, QFORM_CODE, SFORM_CODE = 76, 108, 112, 123, 252, 254


def with_forms(path, *, sform, qform, pixdim=None, affine=OBLIQUE):
    patched(save(path, affine=affine), QFORM_CODE, "<i2", qform, sform)
    return path if pixdim is None else patched(path, PIXDIM + 4, "<f4", *pixdim)


@pytest.mark.parametrize("qform", [0, 1])
@pytest.mark.parametrize("pixdim", [(0, 0, 0), (1, 0, 1), (np.nan, 1, 1), (np.inf, 1, 1), (-1, 1, 1)])
def test_nifti_without_voxel_sizes_is_not_taken_for_1_mm(tmp_path, qform, pixdim):
    refused(with_forms(tmp_path / "a.nii", sform=0, qform=qform, pixdim=pixdim), "voxels of", "no sform")


def test_the_sform_alone_gives_the_geometry(tmp_path):
    path = with_forms(tmp_path / "a.nii", sform=1, qform=0, pixdim=(0, 0, 0))
    volume = read(path)
    assert np.allclose(volume.affine, OBLIQUE, atol=1e-5)
    assert "pixdim 0 x 0 x 0 mm: the sform is used" in volume.caveats[0]


def test_a_head_of_unknown_orientation_has_a_caveat(tmp_path):
    assert "orientation" in read(with_forms(tmp_path / "a.nii", sform=0, qform=0)).caveats[0]
    for sform, qform in ((1, 0), (0, 1), (1, 1)):
        assert read(with_forms(tmp_path / "a.nii", sform=sform, qform=qform)).caveats == ()


def test_forms_of_one_kind_that_disagree_have_a_caveat(tmp_path):
    image = nibabel.Nifti1Image(REAL, OBLIQUE)
    image.set_sform(OBLIQUE, code=1)
    moved = OBLIQUE.copy()
    moved[0, 3] += 12
    image.set_qform(moved, code=1)
    nibabel.save(image, tmp_path / "a.nii")
    assert read(tmp_path / "a.nii").caveats == (
        "sform and qform of the header differ by up to 12.0 mm: the sform is used",
    )
    image.set_sform(OBLIQUE, code=4)  # a template's place beside the scanner's: as it should be
    nibabel.save(image, tmp_path / "a.nii")
    assert read(tmp_path / "a.nii").caveats == ()


@pytest.mark.parametrize(("slope", "inter"), [(np.inf, 0), (-np.inf, 0), (1, np.inf), (1, np.nan)])
def test_infinite_scale_factors_are_refused(tmp_path, slope, inter):
    refused(patched(save(tmp_path / "a.nii"), SLOPE, "<f4", slope, inter))


@pytest.mark.parametrize("slope", [0, np.nan])
def test_a_scale_factor_that_is_not_set_changes_nothing(tmp_path, slope):
    assert np.array_equal(read(patched(save(tmp_path / "a.nii"), SLOPE, "<f4", slope, 0)).data, REAL)


@pytest.mark.parametrize(("unit", "factor"), [(1, 1e3), (3, 1e-3)])
def test_voxels_in_another_unit_than_declared_are_refused(tmp_path, unit, factor):
    """A header in mm that calls them metres, or microns."""
    refused(patched(save(tmp_path / "a.nii"), UNITS, "u1", unit), "not those of a head scan", "unit")
    right = OBLIQUE.copy()
    right[:3] /= factor
    right = patched(save(tmp_path / "b.nii", affine=right), UNITS, "u1", unit)
    assert np.allclose(read(right).affine, OBLIQUE, atol=1e-3)


@pytest.mark.parametrize("offset", [np.nan, np.inf, 1e9, -1, 0, 100])
def test_voxels_that_begin_nowhere_are_refused(tmp_path, offset):
    """0 is the start of the header: nibabel takes its 352 bytes for voxels and moves the image by 176 of them."""
    path = save(tmp_path / "a.nii", (100 * REAL).astype(np.int16))
    refused(patched(path, VOX_OFFSET, "<f4", offset), "places the voxels at byte")


@pytest.mark.parametrize("ending", [".nii", ".nrrd", ".mha"])
@pytest.mark.parametrize(
    ("sizes", "says"), [((10, 10, 40), "not those of a head scan"), ((150, 120, 4), "not those of a head scan")]
)
def test_voxels_of_no_head_scan_are_refused(tmp_path, ending, sizes, says):
    path = write(Volume(REAL, np.diag([*sizes, 1.0])), tmp_path / f"a{ending}")
    refused(path, says, f"{sizes[0]} x {sizes[1]}")


def test_a_field_of_view_wider_than_any_head_is_refused(tmp_path):
    path = write(Volume(voxels((90, 5, 6)), np.diag([7.0, 1, 1, 1])), tmp_path / "a.nii")
    refused(path, "630 x 5 x 6 mm is too wide")


def test_nrrd_with_directions_of_two_axes_is_refused(tmp_path):
    """ITK takes 1 mm for the third."""
    path = write(Volume(REAL, OBLIQUE), tmp_path / "a.nrrd")
    start = path.read_bytes().index(b"space directions: (")
    head, tail = path.read_bytes()[:start], path.read_bytes()[start:]
    rest = tail.partition(b")")[2]
    path.write_bytes(head + b"space directions: none" + rest)
    refused(path, "voxel sizes of 2 axes")


# Memory


@pytest.mark.parametrize("ending", [".nii.gz", ".nrrd", ".mha"])
def test_a_volume_larger_than_memory_is_not_read(tmp_path, monkeypatch, ending):
    path = write(Volume(voxels((40, 50, 60)), OBLIQUE), tmp_path / f"a{ending}")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1e6))
    tracemalloc.start()
    try:
        refused(path, "reading 40 x 50 x 60 voxels needs about", "only 1 MB is available")
        assert tracemalloc.get_traced_memory()[1] < 2e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_reading_takes_no_more_memory_than_was_asked_for(tmp_path, ending, dtype):
    shape = (100, 110, 120)
    nibabel.save(nibabel.Nifti1Image(voxels(shape).astype(dtype), OBLIQUE), tmp_path / f"a{ending}")
    tracemalloc.start()
    try:
        read(tmp_path / f"a{ending}")
        assert tracemalloc.get_traced_memory()[1] < np.prod(shape) * (np.dtype(dtype).itemsize + 12) + 5e6
    finally:
        tracemalloc.stop()


def test_an_endless_stream_is_abandoned(tmp_path):
    path = save(tmp_path / "a.nii")
    (tmp_path / "b.nii.gz").write_bytes(gzip.compress(path.read_bytes() + bytes(2**25)))
    refused(tmp_path / "b.nii.gz", "far more than its header says")


def test_compressed_voxels_that_unpack_to_more_than_declared_are_refused(tmp_path):
    path = header(tmp_path, ".nhdr", "a.raw")
    path.write_text(path.read_text().replace("encoding: raw", "encoding: gzip"))
    (tmp_path / "a.raw").write_bytes(gzip.compress(SECRET + bytes(2**25)))
    refused(path, "instead of 480")


def test_itk_pipes_are_not_waited_for(tmp_path):
    """The file that a header names is a regular one."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs named pipes")
    os.mkfifo(tmp_path / "a.raw")
    for ending in (".nhdr", ".mhd"):
        refused(header(tmp_path, ending, "a.raw"), "not a regular file")


# Whoever reads an image hears of its caveats


@pytest.fixture
def without_orientation(tmp_path):
    """A person of the training tests, whose header does not say which way up she is."""
    folder = cohorts.written(tmp_path / "people", 1)
    for path in folder.glob("*.nii.gz"):
        raw = bytearray(gzip.decompress(path.read_bytes()))
        raw[QFORM_CODE : QFORM_CODE + 4] = bytes(4)
        path.write_bytes(gzip.compress(bytes(raw)))
    return folder


def test_every_command_warns_of_caveats(without_orientation, tmp_path):
    events = []
    scan = scan_of(without_orientation / "sub-p0_T1w.nii.gz")
    load_brain(scan, rng=np.random.default_rng(0), report=Reporter(events.append))
    assert [event.kind for event in events if "orientation" in event.message] == ["warning"]
    assert "orientation" in describe(scan.path)["mind"]
    assert "orientation" in enhance(read(scan.path), model="linear").warnings[0]
    [facts] = prepare([without_orientation], tmp_path / "prepared")
    assert "orientation" in facts.warnings[0]


def test_caveats_travel_with_the_voxels():
    volume = Volume(REAL, OBLIQUE, ("mind this",))
    assert volume.with_data(REAL * 2).caveats == ("mind this",)
    with pytest.raises(InputError):
        Volume(REAL[0], OBLIQUE, ("mind this",))


def test_images_of_other_writers_have_no_caveat(tmp_path):
    for ending in (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"):
        image = SimpleITK.GetImageFromArray(REAL.T)
        SimpleITK.WriteImage(image, str(tmp_path / f"a{ending}"))
        assert read(tmp_path / f"a{ending}").caveats == ()
