"""What goes wrong in printing neither ends the work nor changes how it ended."""

import io
import os
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from IQTLib.image.volume import Volume, write
from test_cli import everything_in, iqt, scan, scan_data, started  # noqa: F401

pytestmark = pytest.mark.skipif(os.name == "nt", reason="devices and pipes of Unix")


def without_reader():
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w")


def closed():
    stream = open(os.devnull, "w")  # noqa: SIM115, PTH123
    stream.close()
    return stream


STREAMS = {
    "nobody reads": without_reader,
    "the device is full": lambda: open("/dev/full", "w"),  # noqa: SIM115, PTH123
    "closed": closed,
    "never there": lambda: None,
    "ASCII": lambda: io.TextIOWrapper(io.FileIO(os.devnull, "w"), encoding="ascii"),
}


@pytest.fixture
def scans(tmp_path, scan):  # noqa: F811
    write(Volume(scan_data(seed=1), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 4, 0], [0, 0, 0, 1]]), tmp_path / "Müller.nii")
    (tmp_path / "bad.nii").write_bytes(b"no image")
    return [scan, "bad.nii", "Müller.nii"]


@pytest.mark.parametrize("name", ["stdout", "stderr"])
@pytest.mark.parametrize("kind", STREAMS)
def test_the_rest_of_a_batch_continues(iqt, scans, tmp_path, monkeypatch, name, kind):  # noqa: F811
    if "full" in kind and not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    stream = STREAMS[kind]()
    monkeypatch.setattr(sys, name, stream)
    try:
        done = iqt("enhance", *scans, "out", "--model", "cubic")
        assert done.code == 3  # for the bad one
        one = iqt("enhance", scans[2], "one.nii", "--model", "cubic")
        assert one.code == 0
    finally:
        with suppress(OSError, AttributeError):
            stream.close()
    assert everything_in(tmp_path / "out") == ["Müller_iqt.nii.gz", "scan_iqt.nii.gz"]
    if (name, kind) == ("stdout", "the device is full"):
        assert "cannot write to standard output (No space left on device)" in done.err


@pytest.mark.parametrize("stream", ["/dev/full", "a pipe"])
def test_the_exit_code_is_that_of_the_work(scans, tmp_path, stream):
    """Python's last flush of what could not be printed would make it 120."""
    if stream != "a pipe" and not os.path.exists(stream):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    target = without_reader() if stream == "a pipe" else open(stream, "w")  # noqa: SIM115, PTH123
    with target:
        process = started("enhance", scans[0], "out.nii", "--model", "cubic", folder=tmp_path, stdout=target)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert (tmp_path / "out.nii").is_file()


def test_events_for_a_full_disk_are_given_up_and_for_a_dead_front_end_the_work(iqt, scans, tmp_path, monkeypatch):  # noqa: F811
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    for kind, code in (("the device is full", 0), ("nobody reads", 130)):
        with STREAMS[kind]() as stream, monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", stream)
            assert iqt("enhance", scans[0], f"{code}.nii", "--model", "cubic", "--json-events").code == code
        assert (tmp_path / f"{code}.nii").exists() == (code == 0)


def test_what_is_printed_and_nothing_else_fails_when_it_cannot_be_printed(iqt, scan, monkeypatch):  # noqa: F811
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as stream:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", stream)
        done = iqt("info", scan)
    assert (done.code, done.err) == (5, "iqt: cannot write: No space left on device\n")


def test_no_file_gets_the_number_of_a_stream_that_was_closed(tmp_path):
    """A library that prints would write into it."""
    code = "from IQTLib.streams import steady; import sys; steady(); sys.exit(open('file', 'w').fileno() < 3)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, check=False, preexec_fn=lambda: os.closerange(0, 3)
    )
    assert done.returncode == 0


def test_interpolation_starts_without_torch(tmp_path):
    """Importing it takes seconds that nobody should wait for who needs none of it."""
    write(Volume(np.random.default_rng(0).random((9, 9, 5), np.float32), np.diag([1, 1, 4, 1.0])), tmp_path / "in.nii")
    code = (
        "import sys; sys.modules['torch'] = None; from IQTLib.cli import app;"
        "app(['enhance', 'in.nii', 'out.nii', '--model', 'cubic'], standalone_mode=False)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, (tmp_path / "out.nii").exists()) == (0, True), done.stderr
