"""The command as its user meets it: files in, files out, one line for what went wrong, and documented exit codes.

Most tests call `main` in this process, for importing torch anew each time is slow; signals and limits need their own.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import nibabel
import numpy as np
import pytest
import SimpleITK
import tiny
from IQTLib import cli
from IQTLib.cli import terminal
from IQTLib.data.people import pseudonym
from IQTLib.errors import InputError
from IQTLib.image.volume import Volume, read, write
from IQTLib.io.formats import stem
from IQTLib.methods.registry import METHODS
from IQTLib.models.store import WEIGHTS, read_card
from IQTLib.physics.simulation import PRESETS
from phantom import labels, noisy, phantom
from test_volume import STEP, dicom_series

LIBRARY = Path(cli.__file__).parents[2]
SHEARED = np.array([[1, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 4, 0], [0, 0, 0, 1.0]])


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def iqt(monkeypatch, capsys, tmp_path):
    """Runs the command in this process, in `tmp_path`, with no models of the user's but those in `models`."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IQT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments) -> Done:
        monkeypatch.setattr(sys, "argv", ["iqt", *map(str, arguments)])
        monkeypatch.setattr(terminal, "_STATE", {"tracebacks": False, "tell": None})
        with pytest.raises(SystemExit) as end:
            cli.main()
        return Done(end.value.code or 0, *capsys.readouterr())

    yield run
    signal.signal(signal.SIGTERM, before)


def started(*arguments, folder, **options) -> subprocess.Popen:
    """The command in a process of its own."""
    environment = os.environ | {
        "PYTHONPATH": str(LIBRARY),
        "PYTHONDONTWRITEBYTECODE": "1",
        "IQT_MODELS": str(folder / "models"),
    }
    command = [sys.executable, "-m", "IQTLib", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=folder, env=environment, **(pipes | options))


def scan_data(shape=(12, 13, 6), seed=0):
    return np.random.default_rng(seed).normal(100, 20, shape).astype(np.float32)


@pytest.fixture
def scan(tmp_path):
    """12 x 13 x 6 voxels of 1 x 1 x 4 mm, left-handed as most files are."""
    return write(Volume(scan_data(), np.diag([-1.0, 1.0, 4.0, 1.0])), tmp_path / "scan.nii.gz")


@pytest.fixture
def thick_brain(tmp_path):
    """The phantom's brain in slices 8 mm apart, and its mask beside it."""
    volume = phantom()
    thick = Volume(volume.data[..., ::4], volume.affine @ np.diag([1, 1, 4, 1]))
    write(thick.with_data(labels()[..., ::4] > 0), tmp_path / "mask.nii.gz")
    return write(noisy(thick, 1.0), tmp_path / "brain.nii.gz")


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def one_line(done, code, *says):
    """Failed as documented: this exit code, nothing but one line, which says all of `says`."""
    assert done.code == code, done.err
    assert done.err.startswith("iqt: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")
    for part in says:
        assert str(part) in done.err


# Enhancing


def test_one_scan_becomes_one_file_and_its_name_is_all_that_stdout_holds(iqt, scan, tmp_path):
    done = iqt("enhance", scan, tmp_path / "new" / "out.nrrd", "--model", "cubic")
    assert (done.code, done.out) == (0, f"{tmp_path / 'new' / 'out.nrrd'}\n")
    result = read(tmp_path / "new" / "out.nrrd")
    assert result.shape == (12, 13, 24)
    np.testing.assert_allclose(result.data[..., ::4], read(scan).data, rtol=1e-5)
    assert everything_in(tmp_path) == ["new/out.nrrd", "scan.nii.gz"]


def test_several_scans_go_into_a_folder(iqt, scan, tmp_path):
    other = write(Volume(scan_data(seed=1), np.diag([1.0, 1.0, 4.0, 1.0])), tmp_path / "b.mha")
    done = iqt("enhance", scan, other, "results", "--model", "linear")
    assert done.code == 0
    assert done.out.split() == ["results/scan_iqt.nii.gz", "results/b_iqt.nii.gz"]
    assert everything_in(tmp_path / "results") == ["b_iqt.nii.gz", "scan_iqt.nii.gz"]


def test_a_dicom_folder_is_enhanced(iqt, tmp_path):
    dicom_series(tmp_path / "series", slices=6)
    dicom_series(tmp_path / "study" / "a", SeriesDescription="T1")
    dicom_series(tmp_path / "study" / "b", SeriesDescription="T2")
    assert iqt("enhance", "series", "out", "--model", "cubic").code == 0
    result = read(tmp_path / "out" / "series_iqt.nii.gz")
    assert result.shape[2] == 24
    assert result.spacing[2] == pytest.approx(STEP / 4)
    one_line(iqt("enhance", "study", "one.nii", "--model", "cubic"), 3, "T1", "T2", "--series")
    assert iqt("enhance", "study", "one.nii", "--model", "cubic", "--series", "T2").code == 0


def test_slice_axis_and_output_grid_are_obeyed(iqt, scan):
    """Slices 4 mm apart along k; along i asked for, 1 mm voxels have nothing to restore."""
    iqt("enhance", scan, "a.nii", "--model", "cubic", "--output-grid", "isotropic")
    assert read("a.nii").spacing == pytest.approx((1, 1, 1))
    done = iqt("enhance", scan, "b.nii", "--model", "cubic", "--slice-axis", "i")
    assert "warning: slices along i are 1.00 mm apart" in done.err
    np.testing.assert_array_equal(read("b.nii").data, read(scan).data)


def test_results_are_replaced_only_with_overwrite(iqt, scan, tmp_path):
    (tmp_path / "out.nii").write_bytes(b"mine")
    one_line(iqt("enhance", scan, "out.nii", "--model", "cubic"), 5, "out.nii exists already", "--overwrite")
    assert (tmp_path / "out.nii").read_bytes() == b"mine"
    assert iqt("enhance", scan, "out.nii", "--model", "cubic", "--overwrite").code == 0
    assert read("out.nii").shape == (12, 13, 24)


def test_a_setting_changes_the_result_and_a_wrong_one_is_reported(iqt, thick_brain, tmp_path):
    tiny.saved(tmp_path / "models" / "tiny")
    run = ("enhance", thick_brain, "--model", "tiny", "--mask", "mask.nii.gz")
    assert iqt(*run, "a.nii").code == 0
    assert iqt(*run, "b.nii", "--set", "stride=1", "--set", "consistency=false").code == 0
    assert np.abs(read("a.nii").data - read("b.nii").data).max() > 0.1
    one_line(iqt(*run, "c.nii", "--set", "stride=9"), 3, "stride 9")
    one_line(iqt(*run, "c.nii", "--set", "colour=red"), 3, "no option colour", "stride")
    assert iqt(*run, "c.nii", "--set", "stride").code == 2
    assert not (tmp_path / "c.nii").exists()


# Events


def test_json_events_are_all_that_stdout_holds(iqt, thick_brain, tmp_path):
    tiny.saved(tmp_path / "models" / "tiny")
    done = iqt("enhance", thick_brain, "out.nii", "--model", "tiny", "--mask", "mask.nii.gz", "--json-events")
    assert (done.code, done.err) == (0, "")
    progress = [event for event in done.events if event["kind"] == "progress"]
    counts = [event["done"] for event in progress]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, progress[-1]["total"])
    assert progress[-1]["seconds_left"] == 0
    result = done.events[-1]
    assert (result["kind"], result["data"]["output"], result["data"]["model"]) == ("result", "out.nii", "tiny")
    assert result["data"]["sha256"] == read_card(tmp_path / "models" / "tiny").sha256
    assert [told.split(":")[0] for told in result["data"]["warnings"]] == [
        "this scan is unlike those that the models know"  # it is a phantom
    ]


def test_an_error_is_an_event_too(iqt):
    done = iqt("enhance", "nowhere.nii", "out.nii", "--model", "cubic", "--json-events")
    one_line(done, 3, "nowhere.nii: no such file")
    error = done.events[-1]  # after the stage that it ended
    assert error.pop("sentences")[error["message"]]["code"] == "{path}: {why}"
    assert error == {"kind": "error", "message": done.err[5:-1], "data": {"exit_code": 3, "code": "input"}}


@pytest.mark.parametrize(
    "wrong", [("enhance", "a", "b", "--slice-axis", "z"), ("enhance", "a"), ("enhance", "a", ""), ("nix",)]
)
def test_wrong_usage_is_an_event_too(iqt, wrong):
    done = iqt(*wrong, "--json-events")
    assert done.code == 2
    [error] = [event for event in done.events if event["kind"] == "error"]
    assert error["data"] == {"exit_code": 2, "code": "usage"}
    assert error["message"].startswith("wrong usage: ")


def test_the_first_event_states_the_process(iqt):
    first = iqt("enhance", "nowhere.nii", "out.nii", "--model", "cubic", "--json-events").events[0]
    assert (first["kind"], first["data"]["pid"]) == ("log", os.getpid())


def test_devices_lists_the_processor_and_free_memory_of_gpus(iqt):
    done = iqt("devices", "--json")
    devices = json.loads(done.out)
    assert (devices[0]["name"], devices[0]["title"]) == ("cpu", "Processor (CPU)")
    assert all(device["free"] is None or 0 < device["free"] <= device["total"] for device in devices)


# Bad input


def nifti(path, data, affine=np.diag([1.0, 1.0, 4.0, 1.0])):  # noqa: B008 - never changed
    nibabel.save(nibabel.Nifti1Image(data, affine), path)
    return path


def header_changed(path, offset, *numbers):
    """A good file whose header holds other float32 numbers at a byte offset."""
    raw = bytearray(nifti(path, scan_data()).read_bytes())
    new = np.array(numbers, "<f4").tobytes()
    raw[offset : offset + len(new)] = new
    path.write_bytes(raw)
    return path


def with_voxel(value):
    data = scan_data()
    data[3, 4, 5] = value
    return data


def written(path, content):
    path.write_bytes(content)
    return path


def truncated(folder):
    path = nifti(folder / "a.nii.gz", scan_data())
    return written(path, path.read_bytes()[:2000])


def colours(folder):
    image = SimpleITK.GetImageFromArray(np.zeros((6, 13, 12, 3), np.uint8), isVector=True)
    SimpleITK.WriteImage(image, str(folder / "a.nrrd"))
    return folder / "a.nrrd"


def empty_folder(folder):
    (folder / "empty").mkdir()
    return folder / "empty"


SFORM_X = 280  # of the NIfTI-1 header

BAD_INPUT = {
    "missing": lambda folder: folder / "nowhere.nii.gz",
    "truncated": truncated,
    "empty": lambda folder: written(folder / "a.nii", b""),
    "text with the name of an image": lambda folder: written(folder / "a.nii.gz", b"no image\n" * 100),
    "text": lambda folder: written(folder / "a.txt", b"no image\n" * 100),
    "empty folder": empty_folder,
    "2D": lambda folder: nifti(folder / "a.nii", scan_data((12, 13))),
    "4D": lambda folder: nifti(folder / "a.nii", scan_data((12, 13, 6, 2))),
    "RGB": colours,
    "complex": lambda folder: nifti(folder / "a.nii", scan_data().astype(np.complex64)),
    "NaN": lambda folder: nifti(folder / "a.nii", with_voxel(np.nan)),
    "infinite": lambda folder: nifti(folder / "a.nii", with_voxel(np.inf)),
    "constant": lambda folder: nifti(folder / "a.nii", np.full((12, 13, 6), 7, np.float32)),
    "zero affine": lambda folder: header_changed(folder / "a.nii", SFORM_X, *[0] * 12),
    "sheared affine": lambda folder: nifti(folder / "a.nii", scan_data(), SHEARED),
    "NaN affine": lambda folder: header_changed(folder / "a.nii", SFORM_X, np.nan),
}


@pytest.mark.parametrize("kind", BAD_INPUT)
def test_bad_input_is_reported_in_one_line_and_nothing_is_written(iqt, tmp_path, kind):
    path = BAD_INPUT[kind](tmp_path)
    before = everything_in(tmp_path)
    one_line(iqt("enhance", path, "new/out.nii.gz", "--model", "cubic"), 3, path)
    assert everything_in(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_a_volume_smaller_than_a_patch_is_refused(iqt, tmp_path):
    """Two voxels along i, and patches of three."""
    tiny.saved(tmp_path / "models" / "tiny")
    volume = Volume(scan_data((2, 30, 10)), np.diag([2.0, 2.0, 8.0, 1.0]))
    write(volume, tmp_path / "a.nii")
    write(volume.with_data(np.ones(volume.shape)), tmp_path / "mask.nii")
    one_line(iqt("enhance", "a.nii", "out.nii", "-m", "tiny", "--mask", "mask.nii"), 3, "smaller than a patch of 3")


def test_a_mask_on_another_grid_or_empty_is_refused(iqt, scan, tmp_path):
    write(Volume(np.ones((12, 13, 6)), np.diag([-1.0, 1.0, 4.1, 1.0])), tmp_path / "elsewhere.nii")
    write(Volume(np.zeros((12, 13, 6)), np.diag([-1.0, 1.0, 4.0, 1.0])), tmp_path / "empty.nii")
    for mask, says in (("elsewhere.nii", "is not on the grid"), ("empty.nii", "is empty")):
        one_line(iqt("enhance", scan, "out.nii", "--model", "cubic", "--mask", mask), 3, mask, says)


def test_one_mask_does_not_fit_several_volumes(iqt, scan):
    one_line(iqt("enhance", scan, scan.with_name("b.nii"), "out", "--mask", scan), 3, "one by one")


def test_a_bad_scan_of_several_is_reported_and_the_rest_is_done(iqt, scan, tmp_path):
    (tmp_path / "bad.nii").write_bytes(b"no image")
    done = iqt("enhance", "bad.nii", scan, "nowhere.nii", "out", "--model", "cubic")
    assert done.code == 3
    first, second, last = done.err.splitlines()
    assert first.startswith("warning: bad.nii: ")
    assert second.startswith("warning: nowhere.nii: no such file")
    assert last == "iqt: 2 of 3 volumes failed: bad.nii, nowhere.nii"
    assert everything_in(tmp_path / "out") == ["scan_iqt.nii.gz"]


# Output that cannot be


@pytest.mark.parametrize("name", ["out.tiff", "out.dcm", "out.mhd", "out.nii.bz2"])
def test_unknown_endings_of_the_output_are_refused_with_those_that_are_known(iqt, scan, name):
    one_line(iqt("enhance", scan, name, "--model", "cubic"), 5, name, ".nii, .nii.gz, .nrrd, .mha")


def test_several_scans_do_not_fit_into_one_file(iqt, scan):
    one_line(iqt("enhance", scan, scan, "out.nii", "--model", "cubic"), 5, "give a folder")


def test_results_of_the_same_name_are_refused(iqt, scan, tmp_path):
    write(read(scan), tmp_path / "b" / "scan.nii")
    one_line(iqt("enhance", scan, "b/scan.nii", "out", "--model", "cubic"), 5, "the same name")


def test_output_below_a_file_is_refused(iqt, scan):
    one_line(iqt("enhance", scan, scan / "out.nii", "--model", "cubic"), 5, "is a file, not a folder")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(iqt, scan, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    one_line(iqt("enhance", scan, "locked/out.nii", "--model", "cubic"), 5, "not writable")


def test_a_full_disk_is_reported_in_one_line_and_nothing_is_left(scan, tmp_path):
    """A limit on file sizes stands for the full disk: the system refuses to write on, as it does there."""
    resource = pytest.importorskip("resource")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    before = everything_in(tmp_path)
    process = started("enhance", scan, "new/out.nii", "--model", "cubic", folder=tmp_path, preexec_fn=limit)
    out, err = process.communicate(timeout=60)
    one_line(Done(process.returncode, out, err), 5, "cannot write")
    assert everything_in(tmp_path) == before
    assert not (tmp_path / "new").exists()


# Models


def test_unknown_and_damaged_models_are_reported_in_one_line(iqt, scan, tmp_path):
    one_line(iqt("enhance", scan, "out.nii", "--model", "sreb"), 4, "no model 'sreb'", "cubic")
    folder = tiny.saved(tmp_path / "models" / "tiny")
    (folder / WEIGHTS).write_bytes(b"\x80\x04N.")
    one_line(iqt("enhance", scan, "out.nii", "--model", "tiny"), 4, "damaged or foreign")
    one_line(iqt("models", "check", "tiny"), 4, "damaged or foreign")
    (tmp_path / "net.pth").touch()
    one_line(iqt("enhance", scan, "out.nii", "--model", "net.pth"), 4, "refused")


def test_models_are_listed_shown_and_checked(iqt, tmp_path):
    tiny.saved(tmp_path / "models" / "tiny")
    (tmp_path / "models" / "broken").mkdir()
    (tmp_path / "models" / "broken" / "card.json").write_text("{")
    listed = dict(line.split(maxsplit=1) for line in iqt("models", "list").out.splitlines())
    assert listed["cubic"] == "built in"
    assert listed["tiny"] == "random dictionaries"
    assert listed["broken"].startswith("unusable: ")
    shown = iqt("models", "show", "tiny").out
    card, _, settings = shown.partition("\n}\n")
    assert json.loads(card + "}")["grid"] == {"factor": 4, "finest": 1.0, "coarsest": 2.5}
    assert "--set stride=..." in settings
    checked = iqt("models", "check", "tiny")
    assert (checked.code, checked.out.splitlines()[-1]) == (0, "ok")


def test_a_model_of_interpolation_can_be_shown_as_strict_json(iqt):
    assert strict(iqt("models", "show", "cubic").out)["settings"] == {"kind": "cubic"}


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["enhance"],
        ["enhance", "scan.nii"],
        ["enhance", "a.nii", "b.nii", "--device", "abacus"],
        ["enhance", "a.nii", "b.nii", "--colour"],
        ["paint"],
        ["simulate", "a", "b", "--snr", "60"],
        ["simulate", "a", "b", "--factor", "9"],
        ["simulate", "a", "b", "--fixed", "CSF"],
        ["simulate", "a", "b", "--noise", "pink"],
        *(["enhance", "scan.nii", ""], ["simulate", "a", ""], ["support", "a", "b", ""], ["demo", ""]),
        *(
            ["train", "unet", "a", "b", "--cache", ""],
            ["experiments", "run", "--output", ""],
            ["--job", "", "info", "a"],
        ),
    ],
)
def test_wrong_usage_has_a_code_of_its_own(iqt, arguments, tmp_path):
    assert iqt(*arguments).code == 2
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("command", ["enhance", "simulate", "train srep", "evaluate", "info", "demo", "models check"])
def test_every_command_has_help(iqt, command):
    done = iqt(*command.split(), "--help")
    assert done.code == 0
    assert f"Usage: iqt {command}" in done.out


@pytest.mark.parametrize("command", ["experiments run", "simulate", "prepare", "bids"])
def test_help_warns_of_the_trust_that_a_cluster_asks_for(iqt, command):
    told = " ".join(iqt(*command.split(), "--help").out.replace("│", "").split())
    assert "A scheduler and this command can run any code on each other (pickles)" in told


def test_help_states_examples_and_exit_codes(iqt):
    assert "iqt enhance scan.nii.gz enhanced.nii.gz" in iqt("enhance", "--help").out
    codes = " ".join(iqt("--help").out.split())
    for part in ("0 done", "2 wrong usage", "3 unusable input", "4 model problem", "5 result", "130 stopped"):
        assert part in codes


def test_python_m_is_the_same_command(tmp_path):
    process = started("--version", folder=tmp_path)
    assert process.communicate(timeout=60) == (f"iqt {cli.__version__}\n", "")
    assert process.returncode == 0


def test_progress_shows_before_the_seconds_that_importing_torch_takes(iqt, monkeypatch, tmp_path):
    scan = tmp_path / "scan.nii.gz"
    scan.touch()

    def stop(*_, **__):
        raise InputError("here")

    monkeypatch.setattr("IQTLib.app.enhance.load", stop)
    told = iqt("enhance", str(scan), str(tmp_path / "out.nii.gz"), "--json-events").out.splitlines()
    assert [json.loads(line)["message"] for line in told if "progress" in line] == ["loading the model"]


# Failures nobody planned


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (ValueError("first\nsecond"), 1, "unexpected ValueError: first second"),
        (MemoryError("Unable to allocate"), 1, "out of memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 9 GiB"), 1, "out of memory: close other programs"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_unplanned_failures_are_one_line_too_and_a_traceback_when_asked_for(iqt, monkeypatch, error, code, says):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("IQTLib.app.enhance.enhance_files", fail)
    one_line(iqt("enhance", "a.nii", "b.nii"), code, says)
    debugged = iqt("--debug", "enhance", "a.nii", "b.nii")
    assert debugged.code == code
    assert "Traceback" in debugged.err


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_a_stop_that_comes_before_a_command_has_begun_is_one_too(capsys, monkeypatch):
    """While packages were imported, SIGTERM killed the process without a word."""
    monkeypatch.setattr(terminal, "_STATE", {"tracebacks": False, "tell": None})  # no earlier test's
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with pytest.raises(SystemExit) as end:
            terminal.run(lambda: os.kill(os.getpid(), signal.SIGTERM) or time.sleep(1))
    finally:
        signal.signal(signal.SIGTERM, before)
    one_line(Done(end.value.code, *capsys.readouterr()), 130, "stopped")


def test_a_stop_while_a_command_begins_is_one_too(iqt, monkeypatch):
    """While the terminal was set up, typer ended the command without a word."""

    def stopped() -> None:
        raise KeyboardInterrupt  # no signal: a program in the background may ignore it

    monkeypatch.setattr(terminal, "_Screen", stopped)
    one_line(iqt("devices"), 130, "stopped")


def test_an_error_that_a_library_makes_of_a_stop_is_a_stop(iqt, monkeypatch):
    """NumPy answers Ctrl-C while it loads with an ImportError."""

    def loading() -> None:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        raise ImportError("initialization failed")

    monkeypatch.setattr(terminal, "_Screen", loading)
    one_line(iqt("devices"), 130, "stopped")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_stopping_in_the_middle_is_one_line_and_leaves_nothing(thick_brain, tmp_path, name):
    tiny.saved(tmp_path / "models" / "slow", coder="lasso", lam=0.001, stride=1)
    before = everything_in(tmp_path)
    process = started(
        *("enhance", thick_brain, "new/out.nii", "--model", "slow", "--mask", "mask.nii.gz", "--json-events"),
        folder=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # even under nohup
    )
    next(line for line in process.stdout if "sparse coding" in line)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=60)
    one_line(Done(process.returncode, out, err), 130, "stopped")
    assert json.loads(out.splitlines()[-1])["data"] == {"exit_code": 130, "code": "stopped"}
    assert everything_in(tmp_path) == before
    assert not (tmp_path / "new").exists()


# Simulating


@pytest.fixture
def people(tmp_path):
    """Three phantoms with labels; the third is not named as BIDS has it."""
    folder = tmp_path / "people"
    for number, name in enumerate(("sub-01", "sub-02", "Guys_013")):
        scaled = phantom().data * (1 + 0.02 * number)
        write(phantom().with_data(scaled), folder / name / f"{name}_T1w.nii.gz")
        write(phantom().with_data(labels()), folder / name / f"{name}_dseg.nii.gz")
    return folder


def hashes(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in everything_in(folder)}


def test_pairs_are_named_as_bids_has_it_with_a_sidecar_each(iqt, people, tmp_path):
    done = iqt("simulate", people, "pairs", "--snr", "40,30", "--json-events")
    assert done.code == 0
    assert [(e["done"], e["total"]) for e in done.events if e["kind"] == "progress"][-1] == (3, 3)
    names = everything_in(tmp_path / "pairs")
    assert names == sorted(
        f"sub-{person}/anat/sub-{person}_acq-{role}_T1w{ending}"
        for person in ("01", "02", pseudonym("Guys_013"))
        for role in ("lowfield", "highfield")
        for ending in (".nii.gz", ".json")
    )
    anat = tmp_path / "pairs" / "sub-01" / "anat"
    low, high = (anat / f"sub-01_acq-{role}_T1w.nii.gz" for role in ("lowfield", "highfield"))
    assert read(low).spacing == pytest.approx((2, 2, 8))
    np.testing.assert_array_equal(read(high).data, phantom().data)  # 68 slices, a multiple of 4
    sidecar = json.loads((anat / "sub-01_acq-lowfield_T1w.json").read_text())
    expected = {
        "Source": "sub-01_T1w.nii.gz",
        "SNR_WM": 40,
        "SNR_GM": 30,
        "FixedTissue": "GM",
        "SliceAxis": "k",
        "Thickness": 3,
        "Gap": 1,
        "Role": "low field",
        "Partner": high.name,
    }
    assert sidecar.items() >= expected.items()
    assert sidecar["NoiseSD"] == pytest.approx(70 / 30, rel=0.05)  # grey matter of 70, its borders blurred
    assert read(low).data[:6].std() == pytest.approx(sidecar["NoiseSD"], rel=0.05)
    partner = json.loads((anat / "sub-01_acq-highfield_T1w.json").read_text())
    assert (partner["Role"], partner["Partner"]) == ("high field", low.name)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(iqt, people, tmp_path):
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert iqt("simulate", people / "sub-01", folder, "--preset", "InD2", "--seed", seed).code == 0
    a, b, c = (hashes(tmp_path / folder) for folder in "abc")
    assert a == b
    assert a.keys() == c.keys()
    assert not a.items() & {item for item in c.items() if "lowfield" in item[0]}


@pytest.mark.parametrize("wrong", ["0,30", "nan,30", "40,-1", "inf,30"])
def test_impossible_snr_is_refused(iqt, people, wrong):
    one_line(iqt("simulate", people / "sub-01", "out", "--snr", wrong), 3, "both must be positive")


def test_one_file_takes_the_labels_beside_it_and_gives_what_its_folder_gives(iqt, people, tmp_path):
    for source, folder in ((people / "sub-01", "folder"), (people / "sub-01" / "sub-01_T1w.nii.gz", "file")):
        assert iqt("simulate", source, folder, "--seed", "5").code == 0
    assert hashes(tmp_path / "folder") == hashes(tmp_path / "file")


@pytest.mark.parametrize(("factor", "thickness", "gap"), [(2, 2, 0), (4, 3, 1), (8, 6, 2)])
def test_factor_axis_and_fixed_tissue_are_obeyed(iqt, people, factor, thickness, gap):
    run = ("simulate", people / "sub-01", "out", "--factor", factor, "--slice-axis", "i", "--fixed", "WM")
    assert iqt(*run, "--snr", "40,30", "--noise", "rician").code == 0
    path = Path("out/sub-01/anat/sub-01_acq-lowfield_T1w.nii.gz")
    assert read(path).shape == (72 // factor, 84, 68)
    assert read(path).data.min() >= 0  # magnitudes
    sidecar = json.loads(path.with_name(f"{stem(path)}.json").read_text())
    assert (sidecar["Thickness"], sidecar["Gap"], sidecar["FixedTissue"]) == (thickness, gap, "WM")
    assert sidecar["NoiseSD"] == pytest.approx(100 / 40, rel=0.05)  # white matter of 100


def test_a_wrong_preset_is_reported_with_all_there_are(iqt, people):
    one_line(iqt("simulate", people, "out", "--preset", "7T"), 3, "'7T'", *PRESETS)


def test_existing_pairs_and_subjects_of_the_same_name_are_refused(iqt, people, tmp_path):
    assert iqt("simulate", people / "sub-01", "out").code == 0
    one_line(iqt("simulate", people / "sub-01", "out"), 5, "exists already")
    write(phantom(), people / "again" / "sub-01_T1w.nii.gz")
    one_line(iqt("simulate", people, "other"), 5, "the same name")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "command", ["simulate in out", "prepare in out", "experiments run --output out", "bids in out participant"]
)
def test_every_command_for_many_scans_knows_the_same_clusters(iqt, command):
    one_line(
        iqt(*command.split(), "--cluster", "condor", "--jobs", 2), 3, "choose local, slurm, pbs, sge or the address"
    )


def test_a_bad_scan_of_several_is_reported_and_the_others_are_simulated(iqt, people, tmp_path):
    (people / "sub-01" / "sub-01_T1w.nii.gz").write_bytes(b"no image")
    done = iqt("simulate", people, "out")
    assert done.code == 3
    assert "1 of 3 volumes failed" in done.err.splitlines()[-1]
    assert len(everything_in(tmp_path / "out")) == 2 * 4


# Evaluating and telling


def strict(text):
    """JSON as RFC 8259 has it: no NaN, no Infinity."""

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_scores_of_a_known_error(iqt, tmp_path):
    """An estimate 10 % too bright: RMSE is a tenth of the truth's root mean square."""
    truth = phantom()
    write(truth, tmp_path / "truth.nii")
    write(truth.with_data(1.1 * truth.data), tmp_path / "bright.nii")
    inside = truth.data[truth.data > 0].astype(float)
    error = 0.1 * np.sqrt(np.mean(inside**2))
    done = iqt("evaluate", "truth.nii", "bright.nii", "--json")
    scores = strict(done.out)
    assert scores["nrmse_mean"] == pytest.approx(error / inside.mean(), rel=1e-4)
    assert scores["nrmse_max"] == pytest.approx(error / 100, rel=1e-4)
    assert scores["psnr"] == pytest.approx(20 * np.log10(100 / error), rel=1e-4)
    text = iqt("evaluate", "truth.nii", "bright.nii").out
    for name, meaning in (("nrmse_mean", "mean of the truth"), ("ssim", "sigma 2.5"), ("psnr", "dB")):
        line = next(line for line in text.splitlines() if line.split()[0] == name)
        assert line.split()[1] == f"{scores[name]:.4f}"
        assert meaning in line
    matched = strict(iqt("evaluate", "truth.nii", "bright.nii", "--json", "--match-gain").out)
    assert matched["nrmse_mean"] < 1e-6


def test_a_perfect_estimate_is_strict_json_although_its_psnr_is_infinite(iqt, tmp_path):
    write(phantom(), tmp_path / "truth.nii")
    scores = strict(iqt("evaluate", "truth.nii", "truth.nii", "--json").out)
    assert scores == {"nrmse_mean": 0, "nrmse_max": 0, "ssim": pytest.approx(1), "ssim_wang": 1, "psnr": None}


def test_scores_are_taken_inside_the_mask(iqt, tmp_path):
    truth = phantom()
    write(truth, tmp_path / "truth.nii")
    write(truth.with_data(np.where(labels() == 3, truth.data, 0)), tmp_path / "white.nii")
    write(truth.with_data(labels() >= 2), tmp_path / "mask.nii")
    white, grey = (labels() == 3).sum(), (labels() == 2).sum()
    expected = np.sqrt(grey * 70**2 / (white + grey)) / ((100 * white + 70 * grey) / (white + grey))
    scores = strict(iqt("evaluate", "truth.nii", "white.nii", "--mask", "mask.nii", "--json").out)
    assert scores["nrmse_mean"] == pytest.approx(expected, rel=1e-4)


def test_what_cannot_be_compared_is_refused(iqt, scan, tmp_path):
    truth = phantom()
    write(truth, tmp_path / "truth.nii")
    one_line(iqt("evaluate", "truth.nii", scan), 3, "is not on the grid")
    write(truth.with_data(-truth.data), tmp_path / "negative.nii")
    one_line(iqt("evaluate", "truth.nii", "negative.nii", "--match-gain"), 3, "--match-gain needs a positive mean")


def test_info_states_size_voxels_orientation_and_slices(iqt, thick_brain):
    """72 x 84 x 17 voxels of 2 x 2 x 8 mm; the brain of 0.918 L, white matter 100 and noise 1."""
    plain = iqt("info", thick_brain).out
    for part in ("72 x 84 x 17", "2.000 x 2.000 x 8.000 mm", "LAS", "along k, 8.000 mm apart"):
        assert part in plain
    assert "SNR" not in plain


# Training


@pytest.mark.parametrize("method", ["srep", "aplus", "csc-sr"])
def test_a_model_is_trained_checked_and_used(iqt, people, thick_brain, tmp_path, method):
    if needed := METHODS[method].training_needs:
        pytest.importorskip(needed)
    run = ("train", method, people, "models/mine", "--patch", "3", "--atoms", "16", "--patches", "600")
    done = iqt(*run, "--exclude", "sub-02,99", "--json-events")
    assert done.code == 0, done.err
    assert [event["message"] for event in done.events if event["kind"] == "warning"] == [
        "no scan of 99, named in the recipe: are the names right?"
    ]
    assert done.events[-1]["data"]["people"] == 2
    card = read_card(tmp_path / "models" / "mine")
    assert card.training["people"] == [pseudonym("Guys_013"), "01"]
    assert (card.method, card.training["recipe"]["method"]) == (method, method)
    assert card.training["recipe"]["exclude"] == ["02", "99"]
    assert (card.settings["patch"], card.settings["atoms"]) == (3, 16)
    assert iqt("models", "check", "mine").code == 0
    assert iqt("enhance", thick_brain, "out.nii", "--model", "mine", "--mask", "mask.nii.gz").code == 0
    assert read("out.nii").shape == (72, 84, 68)
    one_line(iqt(*run), 5, "exists already")


def test_training_never_replaces_a_folder_that_is_no_model(iqt, people):
    one_line(iqt("train", "srep", people, people, "--overwrite"), 5, "is not a model")


@pytest.mark.parametrize(
    "wrong", [("--patch", 4), ("--atoms", 5), ("--preset", "7T"), ("--slice-axes", "x"), ("--recipe", "unet-t1w-x4")]
)
def test_wrong_parameters_are_reported_before_any_work(iqt, people, wrong):
    one_line(iqt("train", "srep", people, "mine", *wrong), 3, wrong[1])


def test_a_command_searches_rarely_for_garbage_and_not_at_its_end():
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0)); "  # the first runs last
    told += "from IQTLib import cli; cli.app = lambda **_: print(gc.get_threshold()[0]); cli.main()"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(cli.RARELY), "True"]
