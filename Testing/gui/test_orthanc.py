"""What Slicer's dialog sends, sent to a real server as the dialog does it: Orthanc, where it is installed.

Slicer's DICOMSender runs dcmtk's `storescu` for a PACS, and `store_instances` of dicomweb-client for a DICOMweb server.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pydicom
import pytest
import slicer.util
from IQTEnhanceLib.Checks import affineOf
from IQTLib.image.volume import read

PLUGINS = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
ORTHANC = shutil.which("Orthanc", path=f"{os.environ['PATH']}:/usr/sbin")
STORESCU = shutil.which("storescu")

pytestmark = pytest.mark.skipif(
    not (ORTHANC and STORESCU and PLUGINS.exists()), reason="needs orthanc, orthanc-dicomweb and dcmtk (Debian, Ubuntu)"
)


class Server:
    """An Orthanc with an empty store of its own, which only this computer reaches."""

    def __init__(self, folder: Path) -> None:
        self.port, web = free_ports(2)
        self.url = f"http://127.0.0.1:{web}"
        settings = {
            "HttpPort": web, "DicomPort": self.port, "StorageDirectory": str(folder), "IndexDirectory": str(folder),
            "AuthenticationEnabled": False, "RemoteAccessAllowed": False, "DicomAlwaysAllowStore": True,
            "Plugins": [str(PLUGINS)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
        }  # fmt: skip
        (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen([ORTHANC, folder / "orthanc.json"], stdout=log, stderr=log)

    def wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError):
                urlopen(f"{self.url}/system", timeout=5).close()
                return
            time.sleep(0.05)
        raise TimeoutError("Orthanc did not start")

    @property
    def client(self):
        from dicomweb_client.api import DICOMwebClient

        return DICOMwebClient(url=f"{self.url}/dicom-web")

    def c_store(self, files: list[str]) -> None:
        command = [STORESCU, "127.0.0.1", str(self.port), "-aec", "ORTHANC"]
        subprocess.run([*command, *files], check=True, capture_output=True)

    def stow(self, files: list[str]) -> None:
        self.client.store_instances([pydicom.dcmread(file) for file in files])

    def fetched(self, file: str, folder: Path):
        """The volume of that file's series as the server returns it, and its headers by instance."""
        header = pydicom.dcmread(file, stop_before_pixels=True)
        found = self.client.retrieve_series(header.StudyInstanceUID, header.SeriesInstanceUID)
        folder.mkdir()
        for number, one in enumerate(found):
            one.save_as(folder / f"{number}.dcm", enforce_file_format=True)
        return read(folder), {str(one.SOPInstanceUID): one for one in found}


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@pytest.fixture
def server(tmp_path):
    pytest.importorskip("dicomweb_client")
    (tmp_path / "orthanc").mkdir()
    server = Server(tmp_path / "orthanc")
    try:
        server.wait()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


def without_meta(dataset) -> dict:
    return {element.tag: element.value for element in dataset if element.tag.group != 2}


def test_results_reach_a_pacs_and_a_dicomweb_server_unchanged(
    server, a_panel, dicom_scan, dicom_database, send_dialogs, temporary, tmp_path, wait_until
):
    """They lie in the scan's study; those without the patient's identity lie in one of their own."""
    server.c_store([str(file) for file in (tmp_path / "scan").iterdir()])
    panel = a_panel()
    output = panel.logic.process(dicom_scan, model="linear", device="cpu").outputVolume
    panel._parameterNode.outputVolume = output
    panel.update()
    for deidentified, send in ((False, server.c_store), (True, server.stow)):
        panel.ui.deidentifyCheckBox.setChecked(deidentified)
        panel.ui.sendButton.click()
        wait_until(lambda: panel.ui.sendButton.isEnabled())
        files = send_dialogs[-1]
        send(files)
        volume, headers = server.fetched(files[0], tmp_path / f"back{deidentified}")
        ours = {str(one.SOPInstanceUID): one for one in map(pydicom.dcmread, files)}
        assert {uid: without_meta(one) for uid, one in headers.items()} == {
            uid: without_meta(one) for uid, one in ours.items()
        }
        voxels = slicer.util.arrayFromVolume(output).T
        np.testing.assert_allclose(volume.data, voxels, atol=np.ptp(voxels) / 60_000)
        np.testing.assert_allclose(volume.affine, affineOf(output), atol=1e-4)
    studies = server.client.search_for_studies()
    series = [len(server.client.search_for_series(study["0020000D"]["Value"][0])) for study in studies]
    assert sorted(series) == [1, 2]
    [scans] = [study for study in studies if study["0020000D"]["Value"] == ["1.2.3"]]
    assert len(server.client.search_for_series(scans["0020000D"]["Value"][0])) == 2
