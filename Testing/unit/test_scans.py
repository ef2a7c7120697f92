"""`iqt scans`: what a folder holds, before anybody enhances it."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from IQTLib.app.scans import list_scans
from IQTLib.data.candidates import find_candidates
from IQTLib.data.subjects import find_scans
from IQTLib.errors import InputError
from IQTLib.image.volume import Volume, read, write

sys.path.append(str(Path(__file__).parent))
from test_volume import dicom_affine, dicom_series

AFFINE = np.diag([1.0, 1.0, 4.0, 1.0])


@pytest.fixture
def folder(tmp_path):
    """Two good volumes, labels, a text that claims to be a volume, and two DICOM series, one of which lacks a slice."""
    data = np.random.default_rng(0).uniform(1, 2, (5, 6, 7)).astype(np.float32)
    for name in ("a/sub-1_T1w.nii.gz", "a/sub-1_mask.nii.gz", "b.nrrd"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(Volume(data, AFFINE), tmp_path / name)
    (tmp_path / "broken.nii").write_text("no volume")
    dicom_series(tmp_path / "study", uid="1.2.1")
    dicom_series(tmp_path / "study" / "more", uid="1.2.2", skip=(2,))
    return tmp_path


def test_every_scan_is_found_and_a_bad_one_hides_no_other(folder):
    found = {scan.series or scan.path.name: scan for scan in list_scans(folder)}
    assert set(found) == {"sub-1_T1w.nii.gz", "sub-1_mask.nii.gz", "b.nrrd", "broken.nii", "1.2.1", "1.2.2"}
    assert [name for name, scan in found.items() if not scan.problem] == ["b.nrrd", "sub-1_T1w.nii.gz", "1.2.1"]
    assert "labels" in found["sub-1_mask.nii.gz"].problem
    assert "not a NIfTI image" in found["broken.nii"].problem
    assert "some are missing" in found["1.2.2"].problem
    assert found["b.nrrd"].shape == (5, 6, 7)
    np.testing.assert_allclose(found["b.nrrd"].affine, AFFINE)


@pytest.mark.parametrize("lacking", ["read", "enter"])
def test_a_closed_folder_is_reported_and_never_passed_over(folder, monkeypatch, lacking):
    """It ended as "unexpected", or its scans were missing without a word: in lists, preparation and training."""
    closed, access, scandir = folder / "a", os.access, os.scandir

    def scanned(place):
        if Path(place) == closed:
            raise PermissionError(13, "Permission denied", str(place))
        return scandir(place)

    if lacking == "read":
        monkeypatch.setattr(os, "scandir", scanned)
    else:
        monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != closed and access(place, mode))
    found = {scan.path: scan.problem for scan in list_scans(folder)}
    assert found[closed] == "the folder cannot be read: change its permissions"
    assert not found[folder / "b.nrrd"]
    for looks in (find_scans, lambda place: find_candidates([place])):
        with pytest.raises(InputError, match=r"a cannot be read: change its permissions, or move it out of"):
            looks(folder)


def test_a_closed_file_without_an_ending_is_reported(folder, monkeypatch):
    from IQTLib.io import dicom_slice

    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    (folder / "a" / "scan").touch()
    monkeypatch.setattr(dicom_slice, "open_regular", closed)
    assert any(scan.problem == "scan cannot be read: Permission denied" for scan in list_scans(folder / "a"))


def test_a_series_is_described_as_it_is_read(folder):
    scan = next(scan for scan in list_scans(folder) if scan.series == "1.2.1")
    volume = read(scan.path, series=scan.series)
    assert (scan.title, scan.modality, scan.shape) == ("T2 thick", "MR", volume.shape)
    np.testing.assert_allclose(scan.affine, dicom_affine(), atol=1e-6)
    np.testing.assert_allclose(scan.affine, volume.affine)


def test_each_is_an_event_that_holds_it_all(folder):
    from IQTLib.events import Reporter

    events = []
    list_scans(folder, report=Reporter(events.append))
    told = [json.loads(event.to_json()) for event in events if event.kind == "result"]
    assert len(told) == 6
    assert {"path", "series", "title", "shape", "affine", "problem"} <= set(told[0]["data"])


def test_no_folder_is_said(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        list_scans(tmp_path / "nowhere")
