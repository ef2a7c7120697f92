"""`iqt bids`: derivatives that BIDS accepts, only what is missing or changed, failures one by one, and the report."""

import csv
import json
import os
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import tiny
from IQTLib import __version__
from IQTLib.app.cohort import group, participant, picture
from IQTLib.app.cohort.dataset import BidsScan, find_scans
from IQTLib.app.cohort.participant import Cohort, enhance_dataset
from IQTLib.cli import app
from IQTLib.cli.bids import bids_app, repeated
from IQTLib.errors import InputError, ModelError, OutputError
from IQTLib.events import Reporter
from IQTLib.image.brain import FoundBrain
from IQTLib.image.volume import Volume, read, write
from IQTLib.io.files import alone
from IQTLib.models.intervals import Calibration
from surrogate import blobs
from typer.main import get_command
from typer.testing import CliRunner

DESCRIPTION = {"Name": "small", "BIDSVersion": "1.10.0"}
SHAPE = (20, 18, 6)


def scan(seed: int) -> Volume:
    return Volume(100 * blobs(SHAPE, seed), np.diag([-4.0, 4.0, 12.0, 1.0]))


@pytest.fixture
def dataset(tmp_path) -> Path:
    """Two people, the second with two sessions; beside them what is no scan to enhance."""
    folder = tmp_path / "raw"
    names = ["sub-01/anat/sub-01_T1w", "sub-02/ses-a/anat/sub-02_ses-a_T1w", "sub-02/ses-b/anat/sub-02_ses-b_T1w"]
    for seed, name in enumerate([*names, "sub-01/anat/sub-01_part-phase_T1w", "derivatives/x/sub-01/anat/sub-01_T1w"]):
        write(scan(seed), folder / f"{name}.nii.gz")
    (folder / "dataset_description.json").write_text(json.dumps(DESCRIPTION), encoding="utf-8")
    (folder / "sub-01" / "anat" / "sub-01_T1w.json").write_text('{"Manufacturer": "Hyperfine"}', encoding="utf-8")
    return folder


def cohort(dataset: Path, **changes) -> Cohort:
    return Cohort(dataset, dataset.parent / "out", "cubic", **changes)


def enhanced(work: Cohort, **which) -> list[str]:
    """Runs `participant` and returns the scans that it enhanced."""
    events = []
    enhance_dataset(work, report=Reporter(events.append), suffixes=["T1w"], **which)
    return [event.message.partition(":")[0] for event in events if ": enhanced" in event.message]


def test_bids_app_writes_valid_derivatives_and_both_reports(dataset):
    output = dataset.parent / "out"
    arguments = ["bids", str(dataset), str(output)]
    first = CliRunner().invoke(app, [*arguments, "participant", "--model", "cubic", "--suffix", "T1w"])
    assert first.exit_code == 0, first.output
    volume = read(output / "sub-01" / "anat" / "sub-01_desc-iqt_T1w.nii.gz")
    assert volume.spacing == pytest.approx((3, 3, 3))
    told = json.loads((output / "sub-01" / "anat" / "sub-01_desc-iqt_T1w.json").read_text(encoding="utf-8"))
    assert told["Sources"] == ["bids:raw:sub-01/anat/sub-01_T1w.nii.gz"]
    assert told["Model"] == "cubic"
    assert told["Manufacturer"] == "Hyperfine"
    about = json.loads((output / "dataset_description.json").read_text(encoding="utf-8"))
    assert (output / about["DatasetLinks"]["raw"]).resolve() == dataset.resolve()
    second = CliRunner().invoke(app, [*arguments, "group"])
    assert second.exit_code == 0, second.output
    if shutil.which("bids-validator-deno"):
        command = ["bids-validator-deno", "--json", str(output)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        found = json.loads(done.stdout)["issues"]["issues"]
        assert [issue for issue in found if issue.get("severity", "error") == "error"] == []


def test_second_run_does_only_what_is_missing_or_changed(dataset):
    work = cohort(dataset)
    assert enhanced(work) == ["sub-01_T1w", "sub-02_ses-a_T1w", "sub-02_ses-b_T1w"]
    assert enhanced(work) == []
    source = dataset / "sub-01" / "anat" / "sub-01_T1w.nii.gz"
    os.utime(source, ns=(1, 1))  # copied, but the same
    assert enhanced(work) == []
    write(scan(9), source, overwrite=True)
    (work.output / "sub-02" / "ses-a" / "anat" / "sub-02_ses-a_desc-iqt_T1w.json").write_text("{", encoding="utf-8")
    (work.output / "sub-02" / "ses-b" / "anat" / "sub-02_ses-b_desc-iqt_T1w.nii.gz").unlink()
    assert enhanced(work) == ["sub-01_T1w", "sub-02_ses-a_T1w", "sub-02_ses-b_T1w"]
    result = work.output / "sub-01" / "anat" / "sub-01_desc-iqt_T1w.nii.gz"
    result.write_bytes(result.read_bytes()[:-100])  # copied in part
    assert enhanced(work) == ["sub-01_T1w"]
    assert len(enhanced(cohort(dataset, output_grid="isotropic"))) == 3
    other = Cohort(dataset, work.output, "nearest", output_grid="isotropic")
    assert enhanced(other, people=["02"], sessions=["b"]) == ["sub-02_ses-b_T1w"]


def test_uncertainty_is_written_once_and_goes_with_the_result_it_belongs_to(dataset, tmp_path, monkeypatch):
    shutil.rmtree(dataset / "sub-02")
    source = dataset / "sub-01" / "anat" / "sub-01_T1w.nii.gz"
    mask = np.zeros(SHAPE, bool)
    mask[5:15, 5:13, 1:5] = True
    monkeypatch.setattr("IQTLib.pipeline.find_brain", lambda *_, **__: FoundBrain(mask))
    model = tiny.restoring(tmp_path / "sure", intervals=Calibration.none_yet())
    work = Cohort(dataset, dataset.parent / "out", str(model), uncertainty=True)
    assert enhanced(work) == ["sub-01_T1w"]
    folder = work.output / "sub-01" / "anat"
    ends = [folder / f"sub-01_desc-iqt{end}_T1w.nii.gz" for end in ("Lower", "Upper", "Sd")]
    lower, upper, sd = (read(path).data for path in ends)
    assert (lower <= upper).all()
    assert sd.max() > 0
    assert json.loads((folder / "sub-01_desc-iqt_T1w.json").read_text(encoding="utf-8"))["Uncertainty"] is True
    assert enhanced(work) == []
    assert enhanced(replace(work, uncertainty=False)) == []  # it has more than was asked for
    ends[1].write_bytes(ends[1].read_bytes()[:-100])  # copied in part
    assert enhanced(work) == ["sub-01_T1w"]
    wide = tmp_path / "wide"
    shutil.copytree(model, wide / model.name)
    card = wide / model.name / "card.json"
    told = json.loads(card.read_text(encoding="utf-8"))
    told["intervals"]["factors"] = dict.fromkeys(told["intervals"]["factors"], 3.0)
    card.write_text(json.dumps(told), encoding="utf-8")
    assert enhanced(replace(work, model=str(card.parent))) == ["sub-01_T1w"]  # calibrated anew
    assert read(ends[2]).data.max() == pytest.approx(3 * sd.max(), rel=0.5)  # lower ends stop at 0
    write(scan(9), source, overwrite=True)
    assert enhanced(replace(work, uncertainty=False)) == ["sub-01_T1w"]
    assert not any(path.exists() for path in ends)
    with pytest.raises(ModelError, match="no calibrated intervals"):
        enhanced(replace(work, model="cubic"))


def test_bad_scan_is_one_line_and_is_tried_again_until_it_is_good(dataset):
    bad = dataset / "sub-01" / "anat" / "sub-01_T1w.nii.gz"
    good = bad.read_bytes()
    bad.write_bytes(good[:200])
    bad.with_name("sub-01_T1w.json").write_text("{", encoding="utf-8")
    work = cohort(dataset)
    with pytest.raises(InputError, match="1 of 3 scans failed"):
        enhanced(work)
    rows = group.write_group_report(work.output)
    assert [row.values["outcome"] for row in rows] == ["failed", "done", "done"]
    assert "sub-01_T1w.nii.gz cannot be read" in rows[0].values["warnings"]
    bad.write_bytes(good)
    assert enhanced(work) == ["sub-01_T1w"]
    row = group.write_group_report(work.output)[0]
    assert row.values["outcome"] == "warnings"
    assert "sub-01_T1w.json cannot be read" in row.values["warnings"]


def test_full_disk_ends_the_run_and_the_next_run_continues(dataset, monkeypatch):
    work, whole = cohort(dataset), participant.write
    written = []

    def full(volume, path, **options):
        if written:
            raise OutputError("cannot write: No space left on device", code="disk-full")
        written.append(path)
        return whole(volume, path, **options)

    monkeypatch.setattr(participant, "write", full)
    with pytest.raises(OutputError, match="free some space"):
        enhanced(work)
    monkeypatch.undo()
    assert not list(work.output.rglob("*.json.part"))
    assert enhanced(work) == ["sub-02_ses-a_T1w", "sub-02_ses-b_T1w"]


def test_two_runs_in_one_folder_do_not_enhance_the_same_scan(dataset):
    work = cohort(dataset)
    busy = BidsScan("sub-01/anat/sub-01_T1w.nii.gz")
    enhanced(work, people=["02"])
    with alone(work.output / busy.derived), pytest.raises(InputError, match="1 of 3 scans failed"):
        enhanced(work)
    assert not (work.output / busy.derived).exists()
    assert enhanced(work) == ["sub-01_T1w"]


def test_unusable_data_sets_are_refused_with_a_remedy(dataset, tmp_path):
    with pytest.raises(InputError, match="no participant 07"):
        enhanced(cohort(dataset), people=["07"])
    with pytest.raises(InputError, match="has no scan"):
        enhance_dataset(cohort(dataset), suffixes=["FLAIR"])
    with pytest.raises(OutputError, match="the data set itself"):
        enhanced(Cohort(dataset, dataset, "cubic"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="holds other files"):
        enhanced(Cohort(dataset, other, "cubic"))
    (dataset / "dataset_description.json").unlink()
    with pytest.raises(InputError, match="is it a BIDS data set"):
        enhanced(cohort(dataset))
    shutil.copy(dataset / "sub-01" / "anat" / "sub-01_T1w.nii.gz", dataset / "sub-01" / "anat" / "sub-01_T1w.nii")
    with pytest.raises(InputError, match="is there twice"):
        find_scans(dataset, ["T1w"])


def test_results_of_another_data_set_are_not_replaced(dataset, tmp_path):
    """Its subjects have the same labels; a data set that was moved is still the same."""
    work = cohort(dataset)
    enhanced(work)
    other = shutil.copytree(dataset, tmp_path / "other")
    with pytest.raises(OutputError, match=r"holds results of .*raw: name another folder"):
        enhanced(Cohort(other, work.output, "nearest"))
    moved = dataset.rename(tmp_path / "moved")
    shutil.rmtree(other)
    assert enhanced(Cohort(moved, work.output, "cubic")) == []


def test_results_go_into_a_mounted_folder_whose_place_cannot_be_written(dataset, monkeypatch):
    """In a container, results are mounted at /out and nothing else may be written, least of all /."""
    output = dataset.parent / "out"
    output.mkdir()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != output.parent and access(path, mode))
    assert len(enhanced(cohort(dataset))) == 3


def test_missing_device_ends_the_run_before_any_scan(dataset):
    with pytest.raises(InputError, match="choose auto, cpu, cuda"):
        enhanced(cohort(dataset, device="gpu"))
    assert not (dataset.parent / "out").exists()


def test_options_of_bids_apps_take_several_values():
    given = ["in", "out", "participant", "--participant_label", "01", "02", "-w", "work", "--session-label", "a", "b"]
    assert repeated(given) == [
        *given[:5], "--participant_label", "02", "-w", "work", "--session-label", "a", "--session-label", "b"
    ]  # fmt: skip
    before = ["--participant-label", "01", "in", "out", "participant"]
    assert repeated(before) == before


# The picture


def test_difference_of_a_result_that_is_the_scan_is_grey_and_the_mask_has_an_outline(tmp_path):
    from PIL import Image

    volume = scan(1)
    picture.draw(volume, volume, volume.data > 30, tmp_path / "scan.jpg")
    image = np.asarray(Image.open(tmp_path / "scan.jpg")).astype(int)
    panels = np.split(image, 4, axis=1)
    assert np.abs(panels[2][:, 16:-16] - 128).max() < 4  # JPEG mixes the borders
    assert (panels[3][..., 0] - panels[3][..., 2]).max() > 100  # orange
    assert np.abs(panels[0][..., 0] - panels[0][..., 2]).max() < 12


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_picture_shows_the_same_anatomy_for_any_order_of_the_axes(order):
    volume = scan(1)
    turned = Volume(volume.data.transpose(order), volume.affine[:, [*order, 3]])
    plain, other = (picture._plane(one, one.data > 30) for one in (volume, turned))
    np.testing.assert_allclose(plain, other, atol=1e-9)
    np.testing.assert_allclose(
        picture._sampled(volume, plain, order=1), picture._sampled(turned, other, order=1), atol=1e-3
    )


# The group report


class Links(HTMLParser):
    """Whatever a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "href")]


@pytest.fixture
def results(dataset) -> Path:
    enhanced(cohort(dataset))
    path = dataset.parent / "out" / "sub-01" / "anat" / "sub-01_desc-iqt_T1w.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | {"SNR": 9.5, "Warnings": ["<b>bold</b>", "thick"]}), encoding="utf-8")
    return dataset.parent / "out"


def test_report_is_one_page_that_loads_nothing(results):
    group.write_group_report(results)
    page = (results / "iqt_report.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert len(links.found) == 3
    assert all(link.startswith("data:image/jpeg;base64,") for link in links.found)
    assert "<b>bold</b>" not in page
    with (results / "iqt_scans.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["scan"] for row in rows] == ["sub-01_T1w", "sub-02_ses-a_T1w", "sub-02_ses-b_T1w"]
    assert [row["snr"] for row in rows] == ["9.5", "n/a", "n/a"]
    assert rows[1]["session_id"] == "ses-a"


def test_report_sorts_in_a_browser(results, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs a browser")
    group.write_group_report(results)
    click = (
        "<script>heads[3].querySelector('button').click(); heads[3].querySelector('button').click();</script></body>"
    )
    page = tmp_path / "page.html"
    text = (results / "iqt_report.html").read_text(encoding="utf-8")
    page.write_text(text.replace("</body>", click), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command = [chromium, *flags, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert 'aria-sort="descending"' in done.stdout
    table = done.stdout.rpartition("<tbody>")[2]
    places = [table.index(f">{name}<") for name in ("sub-02_ses-b_T1w", "sub-02_ses-a_T1w", "sub-01_T1w")]
    assert places == sorted(places)


def test_report_without_results_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no results"):
        group.write_group_report(tmp_path)


def test_histogram_of_equal_values_is_one_bar():
    assert group.histogram("x", [2.0, 2.0, None]).counts == (2, *[0] * (group.BARS - 1))
    assert group.histogram("x", [None]) is None


# The descriptor of the container


def test_boutiques_descriptor_is_valid_and_names_existing_options():
    validator = pytest.importorskip("boutiques.validator")
    path = Path(__file__).parents[2] / "containers" / "iqt.boutiques.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    validator.validate_descriptor(told)
    assert told["tool-version"] == __version__
    options = {option for parameter in get_command(bids_app).params for option in parameter.opts}
    flags = {entry["command-line-flag"] for entry in told["inputs"] if "command-line-flag" in entry}
    assert flags <= options
