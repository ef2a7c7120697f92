"""From a DICOM scan in the scene to a derived series on the disk."""

import numpy as np
import pydicom
import pytest
import slicer.util
from IQTEnhanceLib.Checks import affineOf
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Export import ExportJob
from IQTLib.image.volume import read
from IQTLib.models.store import read_card
from test_volume import STEP


def test_derived_series_lies_where_the_volume_lies(logic, dicom_scan, tmp_path, temporary):
    output = logic.process(dicom_scan, model="linear", device="cpu").outputVolume
    written = logic.exportDicom(output, tmp_path / "derived")
    again = read(written)
    ours = slicer.util.arrayFromVolume(output).T
    np.testing.assert_allclose(again.data, ours, atol=np.ptp(ours) / 60_000)
    np.testing.assert_allclose(again.affine, affineOf(output), atol=1e-4)
    header = pydicom.dcmread(next(written.iterdir()))
    assert list(header.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert (header.StudyInstanceUID, header.FrameOfReferenceUID) == ("1.2.3", "1.2.4")
    assert "linear" in header.SeriesDescription
    assert list(temporary.iterdir()) == []
    assert pytest.approx(header.SpacingBetweenSlices, abs=1e-3) == STEP / 4


def test_a_volume_that_is_not_from_dicom_cannot_be_exported(logic, a_volume, tmp_path):
    output = logic.process(a_volume(), model="linear", device="cpu").outputVolume
    with pytest.raises(EnhanceError, match="was not loaded from DICOM"):
        logic.exportDicom(output, tmp_path / "derived")


def test_files_that_are_gone_are_reported(logic, dicom_scan, tmp_path):
    output = logic.process(dicom_scan, model="linear", device="cpu").outputVolume
    next((tmp_path / "scan").iterdir()).unlink()
    with pytest.raises(EnhanceError, match="1 of 6 DICOM files of T2 are gone"):
        logic.exportDicom(output, tmp_path / "derived")


def test_the_model_is_named_only_while_it_is_the_same(logic, dicom_scan, tmp_path, models):
    output = logic.process(dicom_scan, model="linear", device="cpu").outputVolume
    output.SetAttribute("IQT.model", "tiny")
    job = ExportJob(output, [], tmp_path, logic.runner)
    assert job._model() == []  # the attribute's hash is another
    output.SetAttribute("IQT.sha256", read_card(models / "tiny").sha256)
    assert job._model() == ["--model", "tiny"]
