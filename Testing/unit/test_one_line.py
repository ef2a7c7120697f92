"""Odd paths, names, numbers and headers end in one line for people, with the right exit code, and leave nothing."""

import re
import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from cohorts import brain
from IQTLib.app.simulate import SimulationRecipe, simulate_folder
from IQTLib.data.candidates import find_candidates
from IQTLib.data.subjects import find_scans
from IQTLib.data.training_pairs import SimulatedPairs
from IQTLib.errors import InputError, OutputError
from IQTLib.image.volume import Volume, read, write
from IQTLib.io.dicom_header import derived_header, read_headers
from IQTLib.io.files import SCRATCH
from IQTLib.io.folders import make_folders
from IQTLib.io.typed import number
from IQTLib.physics.simulation import preset
from test_bad_volumes import OBLIQUE, REAL, patched, save
from test_cli import everything_in, iqt, one_line, people, scan, thick_brain  # noqa: F401
from test_volume import dicom_series


@pytest.mark.skipif(sys.platform == "win32", reason="paths are 260 characters long at most")
def test_a_result_may_lie_as_deep_as_a_path_may_be_long(iqt, scan, tmp_path):  # noqa: F811
    top = tmp_path / "d"
    deep = top / "/".join("d" * 1100)
    try:
        assert iqt("enhance", scan, deep / "out.nii", "--model", "cubic").code == 0
        assert (deep / "out.nii").is_file()
    finally:  # pytest would remove it folder within folder
        subprocess.run(["rm", "-rf", top], check=True)


def test_a_parent_folder_that_is_a_dangling_link_is_called_so(iqt, scan, tmp_path):  # noqa: F811
    (tmp_path / "link").symlink_to("nowhere")
    one_line(iqt("enhance", scan, "link/out.nii", "--model", "cubic"), 5, "link is a link that leads nowhere")


@pytest.mark.parametrize("streams", ["warning", "error", "result"])
def test_names_of_files_do_not_command_the_terminal(iqt, scan, tmp_path, streams):  # noqa: F811
    name = "a\x1b[2Jb\u202ec\x9bd.nii.gz"
    if streams == "result":
        done = iqt("enhance", scan, name, "--model", "cubic")
    else:
        (tmp_path / name).write_bytes(b"no image")
        sources = [name] if streams == "error" else [name, scan]
        done = iqt("enhance", *sources, "out", "--model", "cubic")
    assert done.code == (0 if streams == "result" else 3)
    assert r"a\x1b[2Jb\u202ec\x9bd.nii.gz" in done.out + done.err
    assert not re.search("[\x1b\u202e\x9b]", done.out + done.err)


def test_a_line_end_in_a_name_makes_no_second_line(iqt, scan, tmp_path):  # noqa: F811
    (tmp_path / "a\nb.nii").write_bytes(b"no image")
    done = iqt("enhance", "a\nb.nii", scan, "out", "--model", "cubic")
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["warning", "iqt"]


@pytest.mark.filterwarnings("ignore")  # of writing such headers
def test_dicom_headers_against_the_rules_are_no_talk_on_stderr(tmp_path, caplog):
    folder = tmp_path / "series"
    dicom_series(folder, PatientID="x" * 80, StudyInstanceUID="1.02.x", FrameOfReferenceUID="1.02.y", EchoTime="1" * 17)
    caplog.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [found] = find_candidates([folder])
        headers = read_headers(found.files)
        derived_header(headers, made_by="a test", description="none", now=datetime.now())
    assert not caplog.records


def test_nothing_prepared_leaves_nothing(iqt, tmp_path):  # noqa: F811
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.nii.gz").write_bytes(b"no image")
    one_line(iqt("prepare", "in", "new/out"), 3, "none of 1 volumes can be used")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("model", ["wiener", "srep-t1w-x4-fast"])
def test_a_mask_too_small_for_a_brain_is_remarked_on(iqt, thick_brain, tmp_path, model):  # noqa: F811
    mask = np.zeros(read(thick_brain).shape)
    mask[15:31, 15:31, 3:9] = 1
    write(Volume(mask, read(thick_brain).affine), tmp_path / "few.nii")
    done = iqt("enhance", thick_brain, "out.nii", "--model", model, "--mask", "few.nii")
    assert done.code == 0
    assert done.err.count("is this a brain MRI?") == 1


@pytest.mark.parametrize("text", ["1_0", "\u0661", "1_0.5", "", "1,2", "0x10"])
def test_text_that_only_python_takes_for_a_number_is_none(text):
    with pytest.raises(ValueError, match=r"number|convert"):
        number(text)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("enhance", "scan.nii.gz", "out.nii", "--model", "wiener", "--resolution", "1_0,1,5"), 2),
        (("simulate", "scan.nii.gz", "out", "--snr", "5_0,40"), 2),
        (("simulate", "scan.nii.gz", "out", "--preset", "5_0,40,5,5,0.5"), 3),
    ],
)
def test_underscores_make_no_numbers(iqt, scan, command, code, tmp_path):  # noqa: F811
    assert iqt(*command).code == code
    assert everything_in(tmp_path) == ["scan.nii.gz"]


@pytest.mark.parametrize("bits", [8, 32, -16])
def test_nifti_whose_sizes_of_a_voxel_contradict_is_refused(tmp_path, bits):
    path = patched(save(tmp_path / "a.nii", REAL.astype(np.int16)), 72, np.int16, bits)
    with pytest.raises(InputError, match=f"voxels of {bits} bits, and of a type that takes 16"):
        read(path)


def test_nifti_that_leaves_the_size_of_a_voxel_to_its_type_is_read(tmp_path):
    path = patched(save(tmp_path / "a.nii", REAL.astype(np.int16)), 72, np.int16, 0)
    np.testing.assert_array_equal(read(path).data, REAL.astype(np.int16))
    np.testing.assert_allclose(read(path).affine, OBLIQUE, atol=1e-5)


@pytest.mark.parametrize("suffix", ["T1w\0", "../T1w", "T1w\n", "", "T1_w"])
def test_a_suffix_is_letters_and_digits(people, tmp_path, suffix):  # noqa: F811
    with pytest.raises(InputError, match=r"letters and digits|contains no"):
        find_scans(people, suffix=suffix)
    with pytest.raises(InputError, match="letters and digits"):
        simulate_folder(next(people.rglob("*_T1w.nii.gz")), tmp_path / "out", SimulationRecipe(), suffix=suffix)
    assert not (tmp_path / "out").exists()


def test_remains_of_a_kill_beside_complete_pairs_go(people, tmp_path):  # noqa: F811
    simulate_folder(people, tmp_path / "out", SimulationRecipe(snr=(40, 30)))
    left = next((tmp_path / "out").rglob("anat")) / f"{SCRATCH}killed"
    left.mkdir()
    (left / "lock").touch()
    simulate_folder(people, tmp_path / "out", SimulationRecipe(snr=(40, 30)), resume=True)
    assert not left.exists()


# Targets and sources


@pytest.mark.parametrize("command", ["prepare", "simulate", "export"])
def test_links_in_a_circle_lead_nowhere(iqt, people, tmp_path, command):  # noqa: F811
    (tmp_path / "circle").symlink_to("circle")
    if command == "export":
        write(Volume(REAL, OBLIQUE), tmp_path / "a.nii")
        one_line(iqt("export-dicom", "a.nii", "circle", "out"), 3, "circle: no such file or folder")
        return
    one_line(iqt(command, people, "circle/out"), 5, "circle", "links")
    one_line(iqt(command, "circle", "out"), 3, "circle")
    assert iqt(command, people, "circle").code == 5


@pytest.mark.parametrize("target", [f"{'x' * 300}", f"new/{'x' * 300}", f"new/{'x' * 300}/out"])
@pytest.mark.parametrize("command", [("prepare",), ("simulate",), ("train", "srep")])
def test_a_name_too_long_is_noticed_before_any_work(iqt, people, tmp_path, monkeypatch, command, target):  # noqa: F811
    monkeypatch.setattr("IQTLib.image.volume.read_image", lambda path: pytest.fail("work has begun"))
    done = iqt(*command, people, target)
    one_line(done, 5 if "new" in target or command[0] == "prepare" else done.code, "name too long")
    assert [path.name for path in tmp_path.iterdir()] == [people.name]


def test_folders_that_cannot_be_made_leave_none_of_those_above(tmp_path):
    with pytest.raises(OSError, match="name too long"):
        make_folders(tmp_path / "a" / "b" / ("x" * 300))
    assert not any(tmp_path.iterdir())


def test_simulated_scans_are_not_simulated_from_again(people, tmp_path):  # noqa: F811
    with pytest.raises(OutputError, match="holds the scans to simulate from"):
        simulate_folder(people, people, SimulationRecipe())
    recipe = SimulationRecipe(snr=(40, 30))
    first = simulate_folder(people, people / "low", recipe)
    assert simulate_folder(people, people / "low", recipe, overwrite=True) == first


@pytest.mark.parametrize("what", ["dseg", "desc-brain_mask", "label-GM_probseg"])
def test_labels_are_no_scan(iqt, scan, what):  # noqa: F811
    path = scan.rename(scan.with_name(f"sub-01_{what}.nii.gz"))
    one_line(iqt("simulate", path, "out"), 3, "holds labels or a mask by its name")
    one_line(iqt("prepare", path, "out"), 3, "holds labels or a mask by its name")


def test_snr_that_leaves_no_numbers_is_refused(iqt, people):  # noqa: F811
    done = iqt("simulate", people, "out", "--snr", "1e-300,1e-300")
    assert done.code == 3
    assert "both must be positive, at least 1e-06" in done.err


@pytest.mark.parametrize("method", ["srep", "unet", "restore"])
@pytest.mark.parametrize(
    ("option", "says"),
    [("--validate", "no scan of the subjects for validation"), ("--test", "nobody, named in the recipe")],
)
def test_unknown_subjects_in_a_recipe_are_reported_before_scans_are_read(
    iqt,  # noqa: F811
    people,  # noqa: F811
    option,
    says,
    monkeypatch,
    method,
):
    """The networks validated on others than those who were named, and only warned."""
    for reader in ("training.dictionaries.load_brain", "training.networks.packed_brains"):
        monkeypatch.setattr(f"IQTLib.{reader}", lambda *_, **__: (_ for _ in ()).throw(InputError("read")))
    done = iqt("train", method, people, "model", option, "nobody")
    assert done.code == 3
    assert done.err.startswith("warning: no scan of nobody")
    assert says in done.err


def test_the_person_whose_scan_makes_no_pair_is_named():
    good = brain(0)
    bad = replace(good, person="p1", volume=good.volume.with_data(good.volume.data - 1000))
    pairs = SimulatedPairs([good, bad], preset("InD1"), seed=1)
    with pytest.raises(InputError, match="sub-p1: mean intensity"):
        list(pairs)
