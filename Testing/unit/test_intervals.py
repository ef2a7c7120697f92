"""Calibrated intervals: factors, groups, files, and the commands that make and use them."""

import errno
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.app.calibrate import calibrate
from IQTLib.app.enhance import enhance_files
from IQTLib.errors import ExistsError, InputError, ModelError, OutputError
from IQTLib.evaluation.intervals import Needed, conformal_factor, sparsification, subject_factor
from IQTLib.events import Event, Reporter
from IQTLib.image.patches import OverlapAverage, positions
from IQTLib.image.volume import Volume, read, write
from IQTLib.io.formats import write_image
from IQTLib.models.card import read_card, write_card
from IQTLib.models.intervals import GROUPS, Calibration, Interval, group_of
from IQTLib.models.store import load
from IQTLib.pipeline import enhance
from scipy import ndimage

SHAPE, AFFINE = (28, 30, 8), np.diag([2.0, 2.0, 5.0, 1.0])
FACTORS = st.lists(st.floats(0.1, 10), min_size=10, max_size=40)


@given(FACTORS, st.floats(0.5, 0.9))
def test_the_factor_suffices_for_one_more_subject_as_often_as_promised(factors, confidence):
    """Of n + 1 subjects, leave out each in turn: the share for whom the others' factor suffices."""
    left_out = [(own, factors[:n] + factors[n + 1 :]) for n, own in enumerate(factors)]
    assert np.mean([own <= conformal_factor(others, confidence) for own, others in left_out]) >= confidence - 1e-9


@pytest.mark.parametrize(("confidence", "needed"), [(0.5, 1), (0.8, 4), (0.9, 9), (0.95, 19)])
def test_too_few_subjects_are_refused_with_the_number_needed(confidence, needed):
    assert conformal_factor(np.arange(1.0, needed + 1), confidence) == needed
    with pytest.raises(InputError, match=f"{needed} are needed"):
        conformal_factor(np.ones(needed - 1), confidence)


def test_calibrated_intervals_hold_the_share_that_was_asked_for():
    """Errors with a standard deviation of 2 and a stated distance of 1: a factor of 2 * 1.645 holds 90 %."""
    rng = np.random.default_rng(1)
    truth = Volume((100 + 20 * rng.standard_normal((40, 40, 40))).astype(np.float32), np.eye(4))
    estimate = truth.with_data(truth.data + 2 * rng.standard_normal(truth.shape).astype(np.float32))
    one = truth.with_data(np.ones(truth.shape, np.float32))
    needed = Needed.of(estimate, Interval.of(estimate, one, one, group=GROUPS[0], factor=1.0), truth)
    factor = subject_factor([needed.factor], 0.9)
    assert factor == pytest.approx(2 * 1.645, rel=0.02)
    wider = Needed.of(estimate, Interval.of(estimate, one, one, group=GROUPS[0], factor=factor), truth)
    assert wider.coverage() == pytest.approx(0.9, abs=1e-3)


def test_intervals_of_scans_with_an_offset_hold_their_estimate():
    """An estimate of -30 has no lower end of 0; one of 3 ends at 0, as intensities do."""
    estimate = Volume(np.full((2, 2, 2), 3, np.float32), np.eye(4))
    estimate.data[0] = -30
    side = estimate.with_data(np.full((2, 2, 2), 5, np.float32))
    interval = Interval.of(estimate, side, side, group=GROUPS[0], factor=2.0)
    assert (interval.lower.data[0], interval.upper.data[0]) == (pytest.approx(-30), pytest.approx(-20))
    assert (interval.lower.data[1], interval.upper.data[1]) == (pytest.approx(0), pytest.approx(13))
    assert (interval.deviation.data > 0).all()


def test_gain_and_smooth_field_of_another_scanner_count_as_no_error():
    rng = np.random.default_rng(2)
    x = np.linspace(0, 1, 48)
    truth = Volume((100 + 20 * rng.standard_normal((48,) * 3)).astype(np.float32), np.diag([4.0, 4.0, 4.0, 1.0]))
    field = (1 + 0.2 * x)[:, None, None] * (1 - 0.1 * x)[None, :, None]
    estimate = truth.with_data((0.3 * truth.data * field).astype(np.float32))
    side = truth.with_data(np.full(truth.shape, 0.3, np.float32))
    needed = Needed.of(estimate, Interval.of(estimate, side, side, group=GROUPS[0], factor=1.0), truth)
    by_gain_alone = estimate.data * (truth.data.mean() / estimate.data.mean()) - truth.data
    assert np.abs(needed.error).mean() < 0.4 * np.abs(by_gain_alone).mean()


def test_intervals_that_rank_voxels_as_their_errors_do_leave_no_area_between_the_curves():
    error = np.random.default_rng(3).standard_normal(5000)
    assert sparsification(error, np.abs(error))[2] == pytest.approx(0, abs=1e-9)
    by_width, _, area = sparsification(error, np.ones(5000))
    assert area > 0.3
    np.testing.assert_allclose(by_width[:15], 1, atol=0.1)


@pytest.mark.parametrize(
    ("width", "snr", "transfer", "group"),
    [
        ((1.9, 1.9, 5.0), 15.0, True, "thick slices, noisy; high-field contrast"),
        ((1.9, 1.9, 5.0), None, False, "thick slices, noisy; own contrast"),
        ((0.9, 0.9, 5.1), 40.0, True, "thick slices, quiet; high-field contrast"),
        ((3.0, 3.0, 3.0), 15.0, True, "coarse voxels; high-field contrast"),
        ((1.3, 1.3, 1.3), 8.0, False, "fine voxels; own contrast"),
        ((0.9, 0.9, 3.4), 9.0, True, "coarse voxels, very noisy; high-field contrast"),
        ((1.3, 1.3, 1.3), 4.0, False, "fine voxels, very noisy; own contrast"),
    ],
)
def test_groups(width, snr, transfer, group):
    assert group_of(width, snr, transfer=transfer) == group
    assert group in GROUPS


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """An untrained network of the smallest size with the heads of `iqt-any`."""
    folder = tmp_path_factory.mktemp("models") / "tiny-any"
    return tiny.restoring(folder, training={"people": ["trained"]})


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """A folder with scans of four subjects, their truths, a mask, and the table of them."""
    folder = tmp_path_factory.mktemp("pairs")
    rng = np.random.default_rng(5)
    rows = ["participant_id\tscan\ttruth\tmask\tmodality"]
    mask = np.zeros(SHAPE, np.float32)
    mask[4:-4, 4:-4, 1:-1] = 1
    write(Volume(mask, AFFINE), folder / "mask.nii.gz")
    x, y, z = np.indices(SHAPE)
    clean = 100 + 20 * (np.sin(x / 3) + np.cos(y / 4) + np.sin(z))
    for number in range(4):
        for kind, noise in (("scan", 4), ("truth", 1 + number)):
            data = clean + noise * rng.standard_normal(SHAPE)
            write(Volume(data.astype(np.float32), AFFINE), folder / f"{kind}{number}.nii.gz")
        rows.append(f"sub-{number}\tscan{number}.nii.gz\ttruth{number}.nii.gz\tmask.nii.gz\tT2w")
    (folder / "pairs.tsv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def calibrated(model, pairs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibrated") / "sure"
    calibrate(pairs / "pairs.tsv", folder, model=model, confidence=0.8, device="cpu")
    return folder


def test_calibrate_writes_a_model_whose_intervals_hold_what_they_promise(calibrated, model):
    intervals = read_card(calibrated).intervals
    assert intervals.people == ("0", "1", "2", "3")
    assert intervals.confidence == 0.8
    [(group, factor)] = intervals.factors.items()
    assert group.endswith("own contrast")
    scores = intervals.scores[group].values()
    assert factor == pytest.approx(max(one["factor"] for one in scores), abs=1e-3)
    assert min(one["coverage"] for one in scores) >= 0.9 - 1e-3
    assert load(calibrated).card.sha256 == load(model).card.sha256


def test_enhance_writes_ends_and_deviation_beside_the_result(calibrated, pairs, tmp_path):
    told = []
    report = Reporter(lambda event: told.append(event) if event.kind == "result" else None)
    scan, mask = pairs / "scan0.nii.gz", pairs / "mask.nii.gz"
    options = {"model": calibrated, "mask": mask, "modality": "T2w"}
    enhance_files([scan], tmp_path / "out.nii.gz", **options, uncertainty=True, report=report)
    middle, lower, upper, sd = (read(tmp_path / f"out{end}.nii.gz") for end in ("", "_lower", "_upper", "_sd"))
    inside = upper.data > 0
    assert 0.1 < inside.mean() < 0.9
    assert (lower.data[inside] <= middle.data[inside]).all()
    assert (middle.data[inside] <= upper.data[inside]).all()
    np.testing.assert_allclose(sd.data, (upper.data - lower.data) / 3.2897, rtol=1e-3)
    np.testing.assert_allclose(lower.affine, middle.affine)
    facts = told[-1].data["interval"]
    assert facts["coverage"] == 0.9
    assert [name.split("_")[-1] for name in facts["files"]] == ["lower.nii.gz", "upper.nii.gz", "sd.nii.gz"]
    enhance_files([scan], tmp_path / "plain.nii.gz", **options)
    np.testing.assert_array_equal(read(tmp_path / "plain.nii.gz").data, middle.data)
    assert not list(tmp_path.glob("plain_*"))


def test_files_beside_the_result_are_not_replaced_by_accident(calibrated, pairs, tmp_path):
    (tmp_path / "out_sd.nii.gz").write_text("mine")
    with pytest.raises(ExistsError, match="out_sd"):
        enhance_files([pairs / "scan0.nii.gz"], tmp_path / "out.nii.gz", model=calibrated, uncertainty=True)
    assert (tmp_path / "out_sd.nii.gz").read_text() == "mine"
    assert not (tmp_path / "out.nii.gz").exists()


def test_no_interval_of_an_earlier_result_stays_unnoticed(calibrated, pairs, tmp_path):
    """Removed if the new result was to have one but has none; a warning if none was asked for."""
    told = []
    report = Reporter(lambda event: told.append(event.message) if event.kind == "warning" else None)
    options = {"model": calibrated, "mask": pairs / "mask.nii.gz", "modality": "T2w", "overwrite": True}
    files = [pairs / "scan0.nii.gz"], tmp_path / "out.nii.gz"
    enhance_files(*files, **options, uncertainty=True)
    enhance_files(*files, **options, report=report)
    assert any("out_lower.nii.gz, out_upper.nii.gz, out_sd.nii.gz" in message for message in told)
    enhance_files(*files, **options, resolution=(1.2, 1.2, 1.2), uncertainty=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.nii.gz"]


def test_a_scan_with_the_name_of_an_end_is_not_taken_for_one(tmp_path):
    told: list[str] = []
    scan = tmp_path / "out_lower.nii"
    write(Volume(np.random.default_rng(0).random((9, 9, 5), np.float32), np.diag([1, 1, 4, 1.0])), scan)
    report = Reporter(lambda event: told.append(event.message) if event.kind == "warning" else None)
    enhance_files([scan], tmp_path / "out.nii", model="cubic", report=report)
    assert told == []


def test_a_disk_that_fills_up_leaves_nothing_and_loses_nothing(calibrated, pairs, tmp_path, monkeypatch):
    options = {"model": calibrated, "mask": pairs / "mask.nii.gz", "modality": "T2w", "uncertainty": True}
    files = [pairs / "scan0.nii.gz"], tmp_path / "new" / "out.nii.gz"
    enhance_files([pairs / "scan1.nii.gz"], tmp_path / "old" / "out.nii.gz", **options)
    old = {path: path.read_bytes() for path in (tmp_path / "old").iterdir()}

    def fills_up(data, affine, path, remark):
        if path.name == "out_upper.nii.gz":
            raise OSError(errno.ENOSPC, "No space left on device")
        write_image(data, affine, path, remark)

    monkeypatch.setattr("IQTLib.image.volume.write_image", fills_up)
    for target in (files[1], tmp_path / "old" / "out.nii.gz"):
        with pytest.raises(OutputError, match="No space left"):
            enhance_files(files[0], target, **options, overwrite=True)
    assert not (tmp_path / "new").exists()
    assert {path: path.read_bytes() for path in (tmp_path / "old").iterdir()} == old


def test_a_group_that_was_not_calibrated_gets_no_interval_and_a_warning(calibrated, pairs, tmp_path):
    told = []
    report = Reporter(lambda event: told.append(event.message) if event.kind == "warning" else None)
    enhance_files(
        [pairs / "scan0.nii.gz"], tmp_path / "out.nii.gz", model=calibrated, mask=pairs / "mask.nii.gz",
        modality="T2w", resolution=(1.2, 1.2, 1.2), uncertainty=True, report=report,
    )  # fmt: skip
    assert any("not calibrated for fine voxels" in message for message in told)
    assert [path.name for path in tmp_path.iterdir()] == ["out.nii.gz"]


@pytest.mark.parametrize("name", ["cubic", "wiener"])
def test_a_model_without_intervals_says_so_before_the_work(name, pairs, tmp_path):
    with pytest.raises(ModelError, match="no calibrated intervals"):
        enhance_files([pairs / "scan0.nii.gz"], tmp_path / "out.nii.gz", model=name, uncertainty=True)
    with pytest.raises(InputError, match="is not trained"):
        calibrate(pairs / "pairs.tsv", tmp_path / "new", model=name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("sub-0", "sub-trained", "trained on trained: they cannot calibrate it"),
        ("sub-0", "trained", "trained on trained: they cannot calibrate it"),
        ("sub-0", "1", "3 calibration subjects are too few"),  # sub-1 is the next row
        ("truth1", "lost1", r"line 3: .*lost1.nii.gz does not exist"),
        ("T2w", "T9w", "line 2: modality T9w"),
        ("participant_id", "person", "no column participant_id"),
        ("sub-1\t", "\t", "line 3: participant_id is empty"),
    ],
)
def test_faulty_tables_are_refused_before_the_work(before, after, message, model, pairs, tmp_path):
    table = pairs / "faulty.tsv"
    table.write_text((pairs / "pairs.tsv").read_text().replace(before, after))
    with pytest.raises(InputError, match=message):
        calibrate(table, tmp_path / "new", model=model, confidence=0.8)
    assert not list(tmp_path.iterdir())


def test_too_few_subjects_are_refused_before_the_work(model, pairs, tmp_path):
    with pytest.raises(InputError, match="4 calibration subjects are too few for a confidence of 90 %: 9 are needed"):
        calibrate(pairs / "pairs.tsv", tmp_path / "new", model=model)


def test_truths_that_show_something_else_calibrate_nothing(model, pairs, tmp_path):
    rows = (pairs / "pairs.tsv").read_text().splitlines()
    noise = Volume(np.random.default_rng(0).normal(100, 20, SHAPE).astype(np.float32), AFFINE)
    write(noise, pairs / "noise.nii.gz")
    rows[1:] = [re.sub(r"truth\d", "noise", row) for row in rows[1:3]]
    (pairs / "noise.tsv").write_text("\n".join(rows) + "\n")
    told = []
    with pytest.raises(InputError, match="no scan could be used"):
        calibrate(
            pairs / "noise.tsv", tmp_path / "m", model=model, confidence=0.6, report=Reporter(told.append), device="cpu"
        )
    assert sum("does not look like its truth" in event.message for event in told) == 2
    assert not (tmp_path / "m").exists()


def test_a_model_for_one_contrast_is_calibrated_on_scans_of_that_contrast(pairs, tmp_path):
    table, told = (pairs / "pairs.tsv").read_text(), []
    one = tiny.saved(tmp_path / "tiny")
    report = Reporter(told.append)
    with pytest.raises(InputError, match="no scan could be used"):
        calibrate(pairs / "pairs.tsv", tmp_path / "m", model=one, confidence=0.6, report=report, device="cpu")
    assert sum("it is T2w, but tiny is for T1w" in event.message for event in told) == 4
    (pairs / "t1w.tsv").write_text(table.replace("T2w", "T1w"))
    found = calibrate(pairs / "t1w.tsv", tmp_path / "m", model=one, confidence=0.6, device="cpu")
    assert list(found.factors) == ["thick slices, quiet; high-field contrast"]


def test_other_settings_than_the_calibrated_ones_get_no_interval(calibrated):
    factors = read_card(calibrated).intervals.factors
    assert load(calibrated).card.intervals.factors == factors
    assert load(calibrated, options={"consistency": 1.0, "transfer": 0}).card.intervals.factors == factors
    assert load(calibrated, options={"consistency": 0.5}).card.intervals.factors == {}


def test_a_scan_that_is_returned_as_it_is_gets_no_interval_and_a_word(calibrated, pairs):
    scan, mask = read(pairs / "scan0.nii.gz"), read(pairs / "mask.nii.gz").data > 0
    quiet = scan.with_data(ndimage.gaussian_filter(scan.data, 3))
    found = enhance(quiet, model=calibrated, mask=mask, resolution=(1.0, 1.0, 1.0), modality="T2w", uncertainty=True)
    assert found.volume is quiet
    assert found.interval is None
    assert found.warnings[-1] == "no interval: the scan is returned as it is"


def test_weights_that_are_no_numbers_are_a_faulty_model_with_intervals_as_well(calibrated, pairs):
    model, mask = load(calibrated), read(pairs / "mask.nii.gz").data > 0
    with torch.no_grad():
        model.method.network.heads.bias.fill_(torch.nan)
    with pytest.raises(ModelError, match="NaN or infinite"):
        enhance(read(pairs / "scan0.nii.gz"), model=model, mask=mask, modality="T2w", uncertainty=True)


def test_a_scan_left_out_of_a_calibration_is_told_why(pairs, tmp_path, model, monkeypatch):
    """The last warning may be about something else."""
    told: list[Event] = []
    without = replace(enhance(read(pairs / "scan0.nii.gz"), model="cubic"), warnings=("no interval: unlike", "fading"))
    monkeypatch.setattr("IQTLib.app.calibrate.enhance", lambda *_, **__: without)
    with pytest.raises(InputError, match="no scan could be used"):
        calibrate(pairs / "pairs.tsv", tmp_path / "m", model=model, confidence=0.6, report=Reporter(told.append))
    assert sum("is left out: no interval: unlike" in event.message for event in told) == 4


def test_a_card_without_intervals_stays_as_it_was(model):
    assert "intervals" not in json.loads((model / "card.json").read_text())
    assert read_card(model).intervals is None
    assert Calibration.none_yet().factors == dict.fromkeys(GROUPS, 1.0)


def test_srep_states_the_spread_of_its_overlapping_patches(tmp_path):
    """Wider where patches disagree; the estimate itself is the same with and without."""
    folder = tiny.saved(tmp_path / "tiny")
    write_card(replace(read_card(folder), intervals=Calibration.none_yet()), folder)
    rng = np.random.default_rng(6)
    data = np.full((24, 26, 8), 100.0, np.float32)
    data[12:] += 30 * rng.standard_normal((12, 26, 8)).astype(np.float32)
    mask = np.zeros(data.shape, bool)
    mask[2:-2, 2:-2, 1:-1] = True
    volume = Volume(data, np.diag([1.5, 1.5, 6.0, 1.0]))
    result = enhance(volume, mask=mask, model=folder, uncertainty=True)
    np.testing.assert_array_equal(result.volume.data, enhance(volume, mask=mask, model=folder).volume.data)
    half = result.interval.upper.data - result.volume.data
    inside = result.interval.upper.data > 0
    assert result.interval.upper.shape == result.volume.shape
    assert 0.3 < inside.mean() < 0.9
    quiet, noisy = (half[part][inside[part]].mean() - half[inside].min() for part in (np.s_[:10], np.s_[14:]))
    assert noisy > 10 * quiet


def test_spread_of_overlapping_patches_is_their_standard_deviation():
    rng = np.random.default_rng(7)
    where = positions(np.ones((9, 9, 9), bool), 3, 1)
    patches = rng.standard_normal((len(where), 27)).astype(np.float32)
    own = OverlapAverage((9, 9, 9), 3, spread=True)
    own.add(where, patches)
    over = [(patch, 4 - place) for patch, place in zip(patches, where, strict=True) if (abs(3 - place) <= 1).all()]
    middle = [patch.reshape(3, 3, 3)[tuple(offset)] for patch, offset in over]
    assert len(middle) == 27
    assert own.spread()[4, 4, 4] == pytest.approx(np.std(middle), rel=1e-3)
