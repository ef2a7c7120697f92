"""Every box of the tutorials and of "get started" in Python runs as it stands, in order, on small data of its names."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from cohorts import written
from IQTLib.cli import app
from IQTLib.image.brain import FoundBrain
from IQTLib.image.volume import Volume, write
from phantom import CSF, GM, WM
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BOX = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPACING = 1.3  # mm, the largest that the shipped models accept


def run(page: str) -> None:
    """The boxes of a page in their order: bash through the command line's own parser, Python in one namespace."""
    names: dict = {}
    boxes = BOX.findall((DOCS / page).read_text(encoding="utf-8"))
    assert {"bash", "python"} & {language for language, _ in boxes}
    for language, code in boxes:
        if language == "bash":
            for line in code.splitlines():
                command(line)
        elif language == "python":
            exec(compile(code, page, "exec"), names)
        else:
            assert language == "text", f"{page}: a box of {language} would not be tested"


def command(line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "iqt"
    arguments = [str(path) for word in words for path in (sorted(Path().glob(word)) if "*" in word else [word])]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception!r}"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IQT_MODELS", str(tmp_path / "models"))
    return tmp_path


def labels() -> np.ndarray:
    """0 none, 1 CSF, 2 GM, 3 WM in ellipsoids of 0.34 L, about the smallest that is taken for a brain."""
    i, j, k = (np.arange(n) - n // 2 for n in (76, 88, 72))
    radius = np.sqrt((i[:, None, None] / 32) ** 2 + (j[:, None] / 38) ** 2 + (k / 30) ** 2)
    return np.select([radius < 0.65, radius < 0.85, radius < 1], [3, 2, 1], 0)


def head() -> Volume:
    """A stripped head of known tissues on voxels that the shipped models accept."""
    values = np.array([0, CSF, GM, WM], np.float32)[labels()]
    texture = np.random.default_rng(3).normal(0, 1, values.shape).astype(np.float32)
    return Volume(np.where(values > 0, values + texture, 0), np.diag([-SPACING, SPACING, SPACING, 1]))


def scan() -> Volume:
    """Thick slices of the head, stripped, with noise in the brain."""
    high = head()
    noise = np.random.default_rng(4).normal(0, 2, high.data[..., ::4].shape)
    low = np.where(high.data[..., ::4] > 0, high.data[..., ::4] + noise, 0)
    return Volume(low, high.affine @ np.diag([1, 1, 4, 1]))


def high_field(folder: Path) -> None:
    write(head(), folder / "sub-01_T1w.nii.gz")
    write(head().with_data(labels()), folder / "sub-01_dseg.nii.gz")


def test_get_started_in_python(here):
    write(scan(), here / "scan.nii.gz")
    write(head(), here / "high.nii.gz")
    run("start/python.md")


def test_enhance_a_scan(here):
    write(scan(), here / "scan.nii.gz")
    run("tutorials/enhance.md")


def test_compare_methods(here, monkeypatch):
    pytest.importorskip("matplotlib")
    # deepbet knows real heads only
    monkeypatch.setattr("IQTLib.pipeline.find_brain", lambda scan, **_: FoundBrain(scan.data > 20))
    high_field(here / "high")
    run("tutorials/compare.md")
    assert (here / "comparison.png").stat().st_size > 0


def test_simulate_low_field_scans(here):
    high_field(here / "high")
    run("tutorials/simulate.md")
    sidecar = here / "one-snr" / "sub-01" / "anat" / "sub-01_acq-lowfield_T1w.json"
    assert json.loads(sidecar.read_text(encoding="utf-8"))
    assert not list((here / "one-snr").rglob("*highfield*"))


def test_train_a_model(here):
    pytest.importorskip("lightning")
    pytest.importorskip("spams")
    written(here / "scans", 3)
    write(scan(), here / "scan.nii.gz")
    run("tutorials/train.md")


def test_enhance_a_cohort(here):
    write(scan(), here / "scans" / "a.nii.gz")
    for name in ("01", "02"):
        write(scan(), here / "data" / f"sub-{name}" / "anat" / f"sub-{name}_T1w.nii.gz")
    about = {"Name": "two scans", "BIDSVersion": "1.10.0"}
    (here / "data" / "dataset_description.json").write_text(json.dumps(about), encoding="utf-8")
    run("tutorials/cohort.md")
    assert (here / "derivatives" / "iqt" / "iqt_report.html").is_file()
    assert len((here / "derivatives" / "iqt" / "iqt_scans.tsv").read_text(encoding="utf-8").splitlines()) == 3


def test_dicom_round_trip(here):
    from test_volume import dicom_series

    identity = {"PatientID": "P 12", "StudyInstanceUID": "1.2.826.1.1", "FrameOfReferenceUID": "1.2.826.1.2"}
    dicom_series(here / "dicom_folder", **identity)
    run("tutorials/dicom.md")
