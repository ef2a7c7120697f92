"""Scans whose content is not here: links of git-annex and DataLad that lead nowhere until it is fetched."""

import cohorts
import numpy as np
import pytest
from IQTLib.app.cohort.participant import Cohort, enhance_dataset
from IQTLib.app.scans import list_scans
from IQTLib.app.simulate import SimulationRecipe, simulate_folder
from IQTLib.data.prepare import prepare
from IQTLib.data.subjects import find_scans, load_brain
from IQTLib.errors import InputError
from IQTLib.events import Event, Reporter
from IQTLib.image.volume import read
from test_volume import dicom_series

LOST = "a link to a file that is not here: fetch its content first"


def test_scans_that_git_annex_has_not_fetched_are_told_and_not_passed_over(tmp_path):
    cohort = tmp_path / "data"
    anat = cohorts.written(cohort / "sub-p0" / "anat", 1, (32, 30, 32))
    lost = anat / "sub-p0_run-2_T1w.nii.gz"
    lost.symlink_to("../../.git/annex/objects/x")
    problems = {found.path.name: found.problem for found in list_scans(cohort)}
    assert problems["sub-p0_run-2_T1w.nii.gz"].startswith(LOST)
    with pytest.raises(InputError, match=rf"run-2_T1w\.nii\.gz: {LOST}"):
        simulate_folder(lost, tmp_path / "pairs", SimulationRecipe())
    with pytest.raises(InputError, match="1 of 2 volumes failed"):
        simulate_folder(cohort, tmp_path / "pairs", SimulationRecipe())
    facts = prepare([cohort], tmp_path / "prepared")
    assert [LOST in one.problem for one in facts] == [False, True]
    told: list[Event] = []
    scans = Cohort(cohort, tmp_path / "enhanced", "cubic")
    with pytest.raises(InputError, match="1 of 2 scans failed"):
        enhance_dataset(scans, suffixes=["T1w"], described=False, report=Reporter(told.append))
    assert any(LOST in event.message for event in told if event.kind == "warning")
    done = anat / "sub-p0_T1w.nii.gz"
    done.unlink()
    done.symlink_to("../../.git/annex/objects/y")  # as if dropped: its result stays
    with pytest.raises(InputError, match="1 of 2 scans failed"):
        enhance_dataset(scans, suffixes=["T1w"], described=False)


def test_labels_that_git_annex_has_not_fetched_are_not_estimated(tmp_path):
    people = cohorts.written(tmp_path, 1, (32, 30, 32))
    (people / "sub-p0_dseg.nii.gz").unlink()
    (people / "sub-p0_dseg.nii.gz").symlink_to("nowhere")
    with pytest.raises(InputError, match=rf"dseg\.nii\.gz: {LOST}"):
        load_brain(find_scans(people)[0], rng=np.random.default_rng(0))


def test_a_series_with_a_slice_that_git_annex_has_not_fetched_is_refused(tmp_path):
    dicom_series(tmp_path)
    last = sorted(tmp_path.iterdir())[-1]
    last.unlink()
    last.symlink_to("nowhere")
    with pytest.raises(InputError, match=f"{last.name}: {LOST}"):
        read(tmp_path)
