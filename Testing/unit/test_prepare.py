"""Scans from anywhere become one folder to train from, each checked; people are split, never scans."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from IQTLib.data.prepare import find_candidates, prepare
from IQTLib.data.subjects import find_scans, load_brain, split_people
from IQTLib.errors import InputError
from IQTLib.events import Event, Reporter
from IQTLib.image.volume import Volume, read, write
from phantom import GM, WM, labels, noisy, phantom
from remote import Remote
from test_volume import dicom_series

SIGMA = 2.0


@pytest.fixture
def scans(tmp_path):
    """A noisy phantom with labels, one without, and a file that is no image."""
    folder = tmp_path / "scans"
    scan = noisy(phantom(), SIGMA)
    write(scan, folder / "sub-01_T1w.nii.gz")
    write(scan.with_data(labels()), folder / "sub-01_dseg.nii.gz")
    write(scan.with_data(labels() > 0), folder / "sub-01_desc-brain_mask.nii.gz")
    write(scan, folder / "sub-02_T1w.nrrd")
    write(scan.with_data(labels() > 0), folder / "sub-02_desc-brain_mask.nrrd")
    (folder / "sub-03_T1w.nii.gz").write_bytes(b"no image")
    return folder


def test_the_facts_of_each_scan_are_reported(scans, tmp_path):
    events: list[Event] = []
    found = prepare([scans], tmp_path / "data", place=Remote(), report=Reporter(events.append))
    facts = {one.person: one for one in found}
    assert [event.data["person"] for event in events if event.kind == "result"] == ["01", "02", "03"]
    assert (facts["01"].tissue, facts["02"].tissue) == ("labels", "estimated")
    for person in ("01", "02"):
        assert facts[person].spacing == (2, 2, 2)
        assert facts[person].litres == pytest.approx(0.918, rel=0.02)
        assert facts[person].snr == pytest.approx((WM / SIGMA, GM / SIGMA), rel=0.1)
        assert "2.0 mm apart" in facts[person].warnings[0]
    assert "sub-03_T1w.nii.gz" in facts["03"].problem
    assert facts["03"].path == ""
    assert [e.message for e in events if e.kind == "log"] == [
        "sub-02_T1w.nrrd: no tissue maps beside it, estimating them"
    ]


def test_prepared_scans_can_be_trained_on(scans, tmp_path):
    prepare([scans], tmp_path / "data")
    found = find_scans(tmp_path / "data")
    assert [scan.person for scan in found] == ["01", "02"]
    for scan in found:
        assert scan.mask
        assert scan.probabilities
        brain = load_brain(scan, rng=np.random.default_rng(0))
        agree = brain.maps.wm[labels() == 3].mean()
        assert agree > 0.9
        np.testing.assert_array_equal(brain.volume.data[brain.mask], noisy(phantom(), SIGMA).data[brain.mask])


def test_sources_stay_as_they_are(scans, tmp_path):
    before = {path: path.read_bytes() for path in scans.iterdir()}
    prepare([scans], tmp_path / "data")
    assert {path: path.read_bytes() for path in scans.iterdir()} == before


def test_the_second_time_only_what_changed_is_done_again(scans, tmp_path):
    first = prepare([scans], tmp_path / "data")
    times = {one.person: (one.path and read_time(one.path)) for one in first}
    write(noisy(phantom(), 2 * SIGMA), scans / "sub-02_T1w.nrrd", overwrite=True)
    again = {one.person: one for one in prepare([scans], tmp_path / "data")}
    assert read_time(again["01"].path) == times["01"]
    assert read_time(again["02"].path) != times["02"]
    assert again["02"].snr == pytest.approx((WM / SIGMA / 2, GM / SIGMA / 2), rel=0.1)


def test_what_was_lost_or_cut_short_is_prepared_again(scans, tmp_path):
    [facts] = prepare([scans / "sub-01_T1w.nii.gz"], tmp_path / "data")
    volume = Path(facts.path)
    lost = volume.with_name("sub-01_label-GM_probseg.nii.gz")
    before = volume.read_bytes()
    lost.unlink()
    volume.write_bytes(b"cut")
    assert prepare([scans / "sub-01_T1w.nii.gz"], tmp_path / "data") == [facts]
    assert (volume.read_bytes(), lost.is_file()) == (before, True)


def test_a_scan_keeps_its_name_when_another_goes(scans, tmp_path):
    """Else the third scan of a subject would be there twice, and count twice in training."""
    for session in (2, 3):
        for path in scans.glob("sub-01_[!s]*"):
            shutil.copy(path, path.with_name(path.name.replace("sub-01", f"sub-01_ses-{session}")))
    one = ["sub-01_ses-2_T1w.nii.gz", "sub-01_ses-3_T1w.nii.gz", "sub-01_T1w.nii.gz"]
    first = [told.path for told in prepare([scans / name for name in one], tmp_path / "data")]
    again = [told.path for told in prepare([scans / name for name in one[1:]], tmp_path / "data")]
    assert again == first[1:]
    assert len(find_scans(tmp_path / "data")) == 3


def test_a_scan_of_the_same_name_elsewhere_replaces_it_with_a_warning(scans, tmp_path):
    said: list[Event] = []
    shutil.copytree(scans, tmp_path / "other")
    for folder in (scans, scans, tmp_path / "other"):
        assert not said
        prepare([folder / "sub-01_T1w.nii.gz"], tmp_path / "data", report=Reporter(said.append))
        said = [event for event in said if event.kind == "warning"]
    assert ["elsewhere, which is replaced" in event.message for event in said] == [True]


def read_time(path):
    return Path(path).stat().st_mtime_ns


def test_tissue_labels_decide_where_they_are_given(scans, tmp_path):
    """Labels with all tissue called white: the maps follow them and not the intensities."""
    write(phantom().with_data(3.0 * (labels() > 0)), scans / "sub-01_dseg.nii.gz", overwrite=True)
    facts = prepare([scans / "sub-01_T1w.nii.gz"], tmp_path / "data")[0]
    assert facts.tissue == "labels"
    assert facts.snr is None
    assert "SNR cannot be measured" in facts.warnings[1]
    assert read(facts.path.replace("T1w", "label-GM_probseg"), allow_constant=True).data.max() == 0


def test_t2w_needs_tissue_labels(scans, tmp_path):
    shutil.copy(scans / "sub-02_T1w.nrrd", scans / "sub-02_T2w.nrrd")
    with pytest.raises(InputError, match="put tissue labels"):
        prepare([scans], tmp_path / "data", suffix="T2w")


def test_dicom_series_become_subjects_without_their_names(tmp_path):
    for name, patient in (("one", "Mr Smith"), ("two", "Mr Smith"), ("three", "Ms Jones")):
        folder = tmp_path / "dicom" / name
        dicom_series(folder, PatientID=patient, Modality="MR")
    found = find_candidates([tmp_path / "dicom"])
    assert len(found) == 3
    people = [candidate.scan.person for candidate in found]
    assert len(set(people)) == 2
    assert all(person.startswith("anon") and "Smith" not in person for person in people)
    volume = read(found[0].scan.path, series=found[0].series)
    assert isinstance(volume, Volume)


def test_a_folder_with_nothing_in_it_is_refused(tmp_path):
    with pytest.raises(InputError, match="contains no"):
        prepare([tmp_path], tmp_path / "data")
    with pytest.raises(InputError, match="does not exist"):
        prepare([tmp_path / "absent"], tmp_path / "data")


# Split


def test_subjects_are_split_by_the_seed_alone():
    people = [f"p{number}" for number in range(10)]
    split = split_people(people, seed=1)
    assert sorted((*split.learn, *split.validate, *split.test)) == people
    assert [len(part) for part in (split.learn, split.validate, split.test)] == [6, 2, 2]
    assert split == split_people([*reversed(people), "p3"], seed=1)
    assert len({split_people(people, seed=seed) for seed in range(20)}) > 15


@pytest.mark.parametrize(("count", "shares", "sizes"), [(2, (0.2, 0), (1, 1, 0)), (3, (0.2, 0.2), (1, 1, 1))])
def test_few_subjects_are_split_as_far_as_they_go(count, shares, sizes):
    split = split_people(map(str, range(count)), seed=0, validate=shares[0], test=shares[1])
    assert (len(split.learn), len(split.validate), len(split.test)) == sizes


def test_too_few_subjects_are_refused():
    with pytest.raises(InputError, match="leave none to train on"):
        split_people(["a", "b"], seed=0)


def test_the_sidecar_holds_the_facts_of_the_scan(scans, tmp_path):
    facts = prepare([scans / "sub-01_T1w.nii.gz"], tmp_path / "data")[0]
    sidecar = json.loads((tmp_path / "data" / "sub-01" / "anat" / "sub-01_T1w.json").read_text())
    assert sidecar["Facts"]["snr"] == list(facts.snr)
