"""Who is who stays with the user: names of files and patients go into nothing that is made to be shared."""

import json
import re
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.app.simulate import SimulationRecipe, simulate_folder
from IQTLib.data import people
from IQTLib.data.packed import packed_brains
from IQTLib.data.people import KEY, TABLE, label, labels_of, name_in, pseudonym
from IQTLib.data.prepare import prepare
from IQTLib.data.subjects import find_scans, load_brain, scan_of
from IQTLib.errors import InputError, OutputError
from IQTLib.events import Reporter
from IQTLib.image.volume import write
from IQTLib.jobs.folder import Job, Request
from phantom import labels, phantom

JANE = "Doe_Jane_19500101"
SECRET = re.compile(r"doe|jane|1950-?01-?01", re.IGNORECASE)


@pytest.fixture
def private(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("IQT_PEOPLE", str(tmp_path / "private"))
    return tmp_path / "private"


@pytest.fixture
def hospital(tmp_path) -> Path:
    """Two phantoms, called after their patients, with labels and masks."""
    folder = tmp_path / "hospital"
    for name in (JANE, "A-1"):
        write(phantom(), folder / f"{name}_T1w.nii.gz")
        write(phantom().with_data(labels()), folder / f"{name}_dseg.nii.gz")
        write(phantom().with_data(labels() > 0), folder / f"{name}_desc-brain_mask.nii.gz")
    return folder


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def told(folder: Path) -> str:
    """Every name below `folder` and every text in it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    texts = [path.read_text() for path in files if path.suffix in (".json", ".csv", ".txt")]
    return "\n".join([*map(str, (path.relative_to(folder) for path in folder.rglob("*"))), *texts])


# Labels


@given(st.text(), st.text())
def test_two_names_are_two_subjects_and_labels_are_letters_and_digits(one, other):
    assert re.fullmatch(r"[A-Za-z0-9]+", label(one))
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (pseudonym(one) == pseudonym(other)) == same


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("sub-01_T1w.nii.gz", "01"),
        ("sub-A1_ses-2_T1w.nii.gz", "A1"),
        ("sub-A-1_T1w.nii.gz", None),
        ("A-1_T1w.nii.gz", None),
        ("A1_T1w.nii.gz", None),
        (f"{JANE}.nii.gz", None),
        ("sub-Zoë_T1w.nii.gz", None),
    ],
)
def test_labels_of_bids_are_kept_and_all_else_is_hidden(file, kept):
    person = scan_of(Path(file)).person
    assert person == kept if kept else re.fullmatch(r"anon[0-9a-f]{10}", person)


def test_sessions_of_one_person_are_one_persons():
    assert scan_of(Path("sub-A-1_ses-1_T1w.nii")).person == scan_of(Path("sub-A-1_ses-2_T1w.nii")).person
    assert scan_of(Path("sub-A-1_ses-1_T1w.nii")).shareable == f"sub-{label('sub-A-1')}_ses-1_T1w.nii"


def test_the_key_decides_and_the_private_table_tells(private, monkeypatch, tmp_path):
    first = pseudonym(JANE)
    assert pseudonym(JANE) == first
    assert (private / TABLE).read_text() == f"{first}\t{JANE}\n"
    assert [permissions(path) for path in (private, private / KEY, private / TABLE)] == [0o700, 0o600, 0o600]
    monkeypatch.setenv("IQT_PEOPLE", str(tmp_path / "another user"))
    assert pseudonym(JANE) != first


def test_a_table_that_knows_a_name_gets_no_second_line(private):
    pseudonym(JANE)
    people._pseudonym.cache_clear()  # as another process would begin
    pseudonym(JANE)
    assert len((private / TABLE).read_text().splitlines()) == 1


def test_labels_of_bids_need_no_key(private):
    assert label("sub-01") == "01"
    assert labels_of(["01", "sub-02"], ["01", "02"]) == ("01", "02")
    assert not private.exists()


@pytest.mark.parametrize("what", ["a file in its way", "no key"])
def test_a_key_that_cannot_be_kept_is_reported_with_a_remedy(private, what):
    if what == "no key":
        private.mkdir()
        (private / KEY).write_text("short")
    else:
        private.write_text("")
    with pytest.raises(OutputError, match=r"IQT_PEOPLE|is not a valid pseudonym key"):
        pseudonym("somebody else")


def test_subjects_may_be_named_by_label_or_by_their_file(private):
    known = ["01", pseudonym(JANE), pseudonym("anna")]
    assert labels_of(["01", "sub-01", JANE, pseudonym(JANE), "anna", "99"], known) == (
        *("01", "01", pseudonym(JANE), pseudonym(JANE)),
        *(pseudonym("anna"), "99"),
    )
    assert not SECRET.search(str(labels_of(["Doe_J"], known)))


# What is made of scans


def test_prepared_scans_contain_no_names(hospital, tmp_path, private):
    facts = prepare([hospital], tmp_path / "data")
    assert [one.person for one in facts] == [pseudonym("A-1"), pseudonym(JANE)]
    assert Path(facts[1].source).name.startswith(JANE)  # the user is told
    assert not SECRET.search(told(tmp_path / "data"))
    assert str(hospital) not in told(tmp_path / "data")
    assert {scan.person for scan in find_scans(tmp_path / "data")} == {one.person for one in facts}


def test_warnings_reveal_no_names(hospital, tmp_path, monkeypatch):
    """Warnings name the file, and become facts in the sidecar."""

    def warns(scan, *, report, **options):
        report.warn(f"{scan.path.name}: odd")
        return load_brain(scan, report=report, **options)

    monkeypatch.setattr("IQTLib.data.prepare.load_brain", warns)
    facts = prepare([hospital], tmp_path / "data")
    assert facts[1].warnings[0] == f"sub-{pseudonym(JANE)}_T1w: odd"
    assert not SECRET.search(told(tmp_path / "data"))


def test_simulated_scans_contain_no_names(hospital, tmp_path):
    simulate_folder(hospital, tmp_path / "pairs", SimulationRecipe())
    assert not SECRET.search(told(tmp_path / "pairs"))
    assert f'"Source": "sub-{pseudonym(JANE)}_T1w"' in told(tmp_path / "pairs")


def test_two_subjects_whose_letters_are_the_same_stay_two(hospital, tmp_path):
    for path in list(hospital.glob("A-1*")):
        path.with_name(path.name.replace("A-1", "A1")).write_bytes(path.read_bytes())
    assert len({scan.person for scan in find_scans(hospital)}) == 3
    assert len({one.person for one in prepare([hospital], tmp_path / "data")}) == 3
    with pytest.raises(InputError, match="A-1 and A1 would both become sub-A1"):
        prepare([hospital], tmp_path / "named", keep_names=True)
    assert not (tmp_path / "named").exists()


def test_labels_that_differ_in_case_only_are_refused(tmp_path):
    """On many disks they would be one folder."""
    for name in ("sub-a1", "sub-A1"):
        write(phantom(), tmp_path / name / f"{name}_T1w.nii.gz")
    with pytest.raises(InputError, match="would both become sub-"):
        prepare([tmp_path], tmp_path / "data")


def test_names_are_kept_when_asked_for(hospital, tmp_path):
    facts = prepare([hospital], tmp_path / "data", keep_names=True)
    assert [one.person for one in facts] == ["A1", "DoeJane19500101"]


def test_scans_of_one_name_in_several_folders_are_reported(hospital, tmp_path):
    copy = hospital / "other" / "A-1_T1w.nii.gz"
    copy.parent.mkdir()
    copy.write_bytes((hospital / "A-1_T1w.nii.gz").read_bytes())
    said = []
    facts = prepare([hospital], tmp_path / "data", report=Reporter(said.append))
    assert [one.person for one in facts].count(pseudonym("A-1")) == 2
    assert any("count as one subject" in event.message for event in said)


# What is private


def test_jobs_and_caches_are_their_owners_alone(hospital, tmp_path):
    job = Job.create(Request(("simulate",), str(tmp_path / "model")), tmp_path / "jobs")
    scans = find_scans(hospital)[:1]
    packed_brains(scans, cache=tmp_path / "cache")
    [entry] = (tmp_path / "cache").iterdir()
    for folder in (tmp_path / "jobs", job.folder, tmp_path / "cache", entry):
        assert permissions(folder) == 0o700
    assert json.loads((entry / "about.json").read_text())["person"] == pseudonym("A-1")


def test_a_folder_that_was_there_keeps_its_permissions(hospital, tmp_path):
    """A cache that colleagues share on purpose; what is put into it is private all the same."""
    (tmp_path / "cache").mkdir(mode=0o755)
    (tmp_path / "cache").chmod(0o755)
    packed_brains(find_scans(hospital)[:1], cache=tmp_path / "cache")
    assert permissions(tmp_path / "cache") == 0o755


def test_a_name_in_a_volumes_name():
    assert name_in("sub-01_T1w") == "sub-01"
    assert name_in("201: T1w MPRAGE_1") == "201: T1w MPRAGE_1"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("sub-01_ses-1_run-2_T1w.nii.gz", ["sub-01", "ses-1", "run-2", "T1w.nii.gz"]),
        ("sub-01_Doe_run-2_T1w.nii.gz", ["sub-01", "Doe", "run-2", "T1w.nii.gz"]),
        ("sub-01_patient-Doe_T1w.nii", ["sub-01", "patient-Doe", "T1w.nii"]),
    ],
)
def test_names_after_the_label_are_not_revealed_either(name, parts):
    told = [pseudonym(part) if "Doe" in part else part for part in parts]
    assert scan_of(Path(name)).shareable == "_".join(told)
