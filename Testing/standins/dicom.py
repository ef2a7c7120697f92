"""A scan in the scene as Slicer loads it from DICOM, with stand-ins for its DICOM database and its DICOM module."""

import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pydicom
import pytest
import slicer
import slicer.util

sys.path.append(str(Path(__file__).parents[1] / "unit"))
from test_volume import dicom_affine, dicom_series, dicom_voxels


@dataclass
class Database:
    """The part of `ctkDICOMDatabase` that the modules use."""

    folder: Path
    isOpen: bool = True
    files: dict[str, str] = field(default_factory=dict)  # by instance
    series: dict[str, list[str]] = field(default_factory=dict)

    def fileForInstance(self, uid: str) -> str:
        return self.files.get(uid, "")

    def filesForSeries(self, uid: str) -> list[str]:
        return self.series.get(uid, [])

    def add(self, folder: str, copyFiles: bool = False) -> bool:
        """As `DICOMUtils.importDicom`."""
        for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
            header = pydicom.dcmread(path, stop_before_pixels=True)
            stored = shutil.copy(path, self.folder / f"{header.SOPInstanceUID}.dcm") if copyFiles else path
            self.files[str(header.SOPInstanceUID)] = str(stored)
            self.series.setdefault(str(header.SeriesInstanceUID), []).append(str(stored))
        return True


@pytest.fixture
def dicom_database(tmp_path, monkeypatch):
    (tmp_path / "database").mkdir()
    database = Database(tmp_path / "database")
    monkeypatch.setattr(slicer, "dicomDatabase", database, raising=False)
    return database


@pytest.fixture
def dicom_scan(scene, tmp_path, dicom_database):
    """A volume node as Slicer loads it from its DICOM database, which knows the files in `tmp_path / "scan"`."""
    folder = tmp_path / "scan"
    tags = {"StudyInstanceUID": "1.2.3", "FrameOfReferenceUID": "1.2.4", "PatientID": "P", "PatientName": "A^B"}
    dicom_series(folder, **tags)
    dicom_database.add(str(folder))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T2")
    slicer.util.updateVolumeFromArray(node, dicom_voxels().T.astype(np.int16).copy())
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(dicom_affine()))
    node.SetAttribute("DICOM.instanceUIDs", " ".join(dicom_database.files))
    return node


@pytest.fixture
def send_dialogs(dicom_database, monkeypatch) -> list[list[str]]:
    """The files of each dialog that the module DICOM was asked to open."""
    opened: list[list[str]] = []
    utils = SimpleNamespace(importDicom=dicom_database.add)
    dialog = lambda files, parent: opened.append(list(files))  # noqa: E731
    monkeypatch.setitem(sys.modules, "DICOMLib", SimpleNamespace(DICOMUtils=utils, DICOMSendDialog=dialog))
    return opened
