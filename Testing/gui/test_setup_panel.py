"""The first run: what is missing is found at once, and one button installs it, with a log and a cancel."""

import sys
import zipfile
from importlib import metadata

import pytest
import slicer.packaging as packaging
from IQTEnhanceLib import Dependencies, Setup
from IQTEnhanceLib.Process import PipRunner

ABSENT = "iqt-test-package-that-is-nowhere"


@pytest.fixture
def lacking(monkeypatch):
    """Requirements that seem to be missing."""
    missing: list[str] = []
    monkeypatch.setattr(Dependencies, "missingPackages", lambda *more: list(missing))
    return missing


class Program(PipRunner):
    """Runs a Python program of the test's in place of pip."""

    def __init__(self, program: str) -> None:
        self.program = ("-c", program)


def test_nothing_is_seen_when_nothing_is_missing(a_panel, a_volume, lacking):
    assert a_panel().ui.setupGroupBox.isHidden()


def test_what_is_missing_is_reported_at_once(a_panel, a_volume, lacking):
    lacking += ["torch>=2.1", "monai>=1.3"]
    panel = a_panel()
    assert not panel.ui.setupGroupBox.isHidden()
    assert "These are needed once: torch, monai." in panel.ui.setupLabel.text()
    assert "extension PyTorch" in panel.ui.setupLabel.text()


def test_a_full_disk_is_reported_before_anything_is_downloaded(a_panel, a_volume, lacking, monkeypatch):
    lacking.append("monai>=1.3")
    usage = Setup.shutil.disk_usage(sys.prefix)
    monkeypatch.setattr(Setup.shutil, "disk_usage", lambda folder: usage._replace(free=2**29))
    panel = a_panel()
    assert "has 0.5 GiB left, and up to 2 GiB may be needed" in panel.ui.setupLabel.text()
    assert not panel.ui.setupButton.isEnabled()


def test_the_log_shows_progress_and_the_section_disappears_at_the_end(a_panel, a_volume, lacking, wait_until):
    lacking.append("monai>=1.3")
    panel = a_panel()
    panel.setupPanel.runner = Program("import sys; print('Collecting monai'); print(sys.argv)")
    panel.ui.setupButton.click()
    assert panel.ui.setupButton.text() == "Cancel"
    assert not panel.ui.applyButton.isEnabled() or panel._obstacle()
    lacking.clear()
    wait_until(lambda: not panel.setupPanel.running)
    log = panel.ui.logTextEdit.toPlainText()
    assert "Collecting monai" in log
    assert "'monai>=1.3'" in log
    assert "--constraint" in log
    assert panel.ui.setupGroupBox.isHidden()


def test_cancel_interrupts_pip(a_panel, a_volume, lacking, wait_until, monkeypatch):
    """Short sleeps: a signal just before a long one would be noticed only after it. Nor may a busy machine kill it."""
    monkeypatch.setattr("IQTEnhanceLib.WorkerJob.GRACE_SECONDS", 250.0)
    lacking.append("monai>=1.3")
    panel = a_panel()
    program = (
        "import json, os, time\n"
        "try:\n"
        "    print(json.dumps({'kind': 'log', 'message': 'started', 'data': {'pid': os.getpid()}}), flush=True)\n"
        "    while True:\n        time.sleep(0.05)\n"
        "except KeyboardInterrupt:\n    print('undone', flush=True); raise SystemExit(1)\n"
    )
    launcher = (
        f"import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', {program!r}])\n"
        "while True:\n"
        "    try:\n        sys.exit(child.wait())\n"
        "    except KeyboardInterrupt:\n        pass\n"  # `subprocess.call` would kill a slow child after 0.25 s
    )
    panel.setupPanel.runner = Program(launcher)
    panel.ui.setupButton.click()
    wait_until(lambda: "started" in panel.ui.logTextEdit.toPlainText())
    panel.ui.setupButton.click()
    wait_until(lambda: not panel.setupPanel.running)
    assert "undone" in panel.ui.logTextEdit.toPlainText()
    assert "Stopped by you" in panel.ui.setupLabel.text()
    assert "monai" in panel.ui.setupLabel.text()  # still missing, and still offered
    assert panel.ui.setupButton.text() == "Install"


def a_wheel(folder):
    """A wheel of a package with nothing in it."""
    name = ABSENT.replace("-", "_")
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {ABSENT}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def test_a_folder_of_wheels_needs_no_network(tmp_path, temporary, scene, monkeypatch):
    """Real pip, into a folder of the test's."""
    a_wheel(tmp_path)
    target = tmp_path / "site"
    monkeypatch.setenv("PIP_TARGET", str(target))
    job = Setup.InstallJob([f"{ABSENT}>=1"], wheels=tmp_path)
    job.run()
    assert job.error is None, job.transcript.foreign
    assert [found.version for found in metadata.distributions(path=[str(target)])] == ["1.0"]


def test_pips_message_names_what_a_folder_lacks(tmp_path, temporary, scene):
    a_wheel(tmp_path)
    job = Setup.InstallJob(["iqt-another-package-that-is-nowhere"], wheels=tmp_path)
    job.run()
    assert "No matching distribution found" in job.error.reason
    empty = tmp_path / "empty"
    empty.mkdir()
    job = Setup.InstallJob([ABSENT], wheels=empty)
    job.run()
    assert "holds no wheels" in job.error.reason


def test_slicers_own_builds_and_torch_are_kept(monkeypatch):
    assert f"numpy=={metadata.version('numpy')}" in Dependencies.kept()
    assert f"torch=={metadata.version('torch')}" in Dependencies.kept()
    assert packaging.pip_check(Dependencies.kept()[0])
