"""Send to a server: results go into the DICOM database, and Slicer's own dialog gets their files."""

import sys

import pydicom


def enhanced(panel, scan):
    """The panel compares the result of `scan`, which a worker in this process has made."""
    output = panel.logic.process(scan, model="linear", device="cpu").outputVolume
    panel._parameterNode.outputVolume = output
    panel.update()
    return output


def sent(panel, wait_until) -> str:
    panel.ui.sendButton.click()
    wait_until(lambda: panel.ui.sendButton.isEnabled())
    return panel.ui.statusLabel.text()


def test_a_result_goes_into_the_database_and_then_to_the_dialog(
    a_panel, dicom_scan, dicom_database, send_dialogs, temporary, wait_until
):
    panel = a_panel()
    output = enhanced(panel, dicom_scan)
    assert sent(panel, wait_until) == "It is in the DICOM database. Choose the server in the window that has opened."
    [files] = send_dialogs
    assert len(files) == output.GetImageData().GetDimensions()[2]
    header = pydicom.dcmread(files[0])
    assert (header.StudyInstanceUID, header.PatientID) == ("1.2.3", "P")
    assert list(header.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert str(dicom_database.folder) in files[0]
    assert list(temporary.iterdir()) == []
    sent(panel, wait_until)
    assert send_dialogs[1] == files  # the same series again, no second one
    panel.ui.deidentifyCheckBox.setChecked(True)
    sent(panel, wait_until)
    assert pydicom.dcmread(send_dialogs[2][0]).PatientID != "P"
    output.GetImageData().Modified()
    panel.ui.deidentifyCheckBox.setChecked(False)
    sent(panel, wait_until)
    assert send_dialogs[3] != files  # other voxels are another series


def test_nothing_is_sent_that_the_database_does_not_have(
    a_panel, dicom_scan, dicom_database, send_dialogs, wait_until, monkeypatch
):
    panel = a_panel()
    enhanced(panel, dicom_scan)
    monkeypatch.setattr(sys.modules["DICOMLib"].DICOMUtils, "importDicom", lambda folder, copyFiles: True)
    told = sent(panel, wait_until)
    assert "The DICOM database has 0 of " in told
    assert "Nothing was sent." in told
    assert send_dialogs == []


def test_the_button_says_why_it_cannot_send(a_panel, a_volume, dicom_scan, dicom_database, send_dialogs, monkeypatch):
    panel = a_panel()

    def reason() -> str:
        panel.update()
        assert not panel.ui.sendButton.isEnabled()
        return panel.ui.sendButton.toolTip()

    enhanced(panel, dicom_scan)
    assert panel.ui.sendButton.isEnabled()
    dicom_database.isOpen = False
    assert "is not open" in reason()
    monkeypatch.setitem(sys.modules, "DICOMLib", None)
    assert "DICOM module is not available" in reason()
    panel._parameterNode.outputVolume = None
    panel.comparePanel.setEnhanced(panel.logic.process(a_volume(), model="linear", device="cpu").outputVolume)
    assert "not loaded from DICOM" in reason()


def test_all_results_of_the_table_are_sent_together(a_panel, a_volume, dicom_scan, send_dialogs, wait_until):
    """Those that are not from DICOM are left out, which is said."""
    a_volume("no DICOM")
    panel = a_panel()
    panel.ui.methodComboBox.setCurrentIndex(panel.modelPanel._methods.index("interpolation"))
    panel.ui.batchCollapsibleButton.setCollapsed(False)
    assert not panel.ui.batchSendButton.isEnabled()
    panel.ui.batchApplyButton.click()
    wait_until(lambda: not panel.batchPanel.running)
    panel.ui.batchSendButton.click()
    wait_until(lambda: len(send_dialogs) == 1, 40)
    assert len(send_dialogs[0]) == 6 * 4
    assert "Left out, as not from DICOM: 1." in panel.ui.batchStatusLabel.text()


def test_results_of_a_folder_of_dicom_are_sent(a_panel, dicom_scan, send_dialogs, tmp_path, wait_until):
    panel = a_panel()
    panel.ui.methodComboBox.setCurrentIndex(panel.modelPanel._methods.index("interpolation"))
    panel.batchPanel.listFolder(tmp_path / "scan")
    wait_until(lambda: "Scans in" in panel.ui.batchSourceLabel.text(), 40)
    panel.ui.batchApplyButton.click()
    wait_until(lambda: not panel.batchPanel.running)
    panel.ui.batchSendButton.click()
    wait_until(lambda: len(send_dialogs) == 1, 40)
    assert len(send_dialogs[0]) == 6 * 4
