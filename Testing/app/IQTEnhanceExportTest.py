import tempfile
from pathlib import Path

import numpy as np
import slicer
import slicer.util
from DICOMLib import DICOMUtils
from IQTEnhanceAppTesting import IQTEnhanceAppTest


class IQTEnhanceExportTest(IQTEnhanceAppTest):
    """A DICOM scan is loaded, enhanced, exported as a derived series, and loaded again."""

    def test_export_and_load_again(self) -> None:
        from IQTEnhance import IQTEnhanceLogic

        with tempfile.TemporaryDirectory() as folder, DICOMUtils.TemporaryDICOMDatabase():
            scan = self.loadedFrom(self.writtenScan(Path(folder) / "scan"))
            logic = IQTEnhanceLogic()
            output = logic.process(scan, model="linear", device="cpu").outputVolume
            written = logic.exportDicom(output, Path(folder) / "derived")
            again = self.loadedFrom(written)
        np.testing.assert_allclose(
            slicer.util.arrayFromVolume(again), slicer.util.arrayFromVolume(output), rtol=0, atol=0.01
        )
        self.assertEqual(again.GetImageData().GetDimensions(), output.GetImageData().GetDimensions())

    def test_send_opens_slicers_own_dialog(self) -> None:
        """With all files of the new series, which are in the database; the dialog is closed, nothing leaves."""
        with tempfile.TemporaryDirectory() as folder, DICOMUtils.TemporaryDICOMDatabase():
            scan = self.loadedFrom(self.writtenScan(Path(folder) / "scan"))
            panel = self.panel()
            panel._parameterNode.outputVolume = panel.logic.process(scan, model="linear", device="cpu").outputVolume
            panel.update()
            panel.ui.sendButton.click()
            sender = panel.comparePanel._sender
            self.waitUntil(lambda: not sender.running)
            dialog = sender.dialog
            self.assertIsNotNone(dialog, panel.ui.statusLabel.property("text"))
            self.assertTrue(dialog.visible)
            self.assertEqual(len(dialog.files), panel._parameterNode.outputVolume.GetImageData().GetDimensions()[2])
            self.assertTrue(all(Path(file).is_file() for file in dialog.files))
            dialog.close()
            panel.batchPanel.listScene()
            self.assertFalse(panel.ui.batchSendButton.property("enabled"))  # no results yet

    def loadedFrom(self, folder: Path):
        """The volume of the one series in `folder`."""
        import pydicom

        DICOMUtils.importDicom(str(folder), slicer.dicomDatabase)
        uid = pydicom.dcmread(next(folder.glob("*.dcm")), stop_before_pixels=True).SeriesInstanceUID
        [node] = DICOMUtils.loadSeriesByUID([uid])
        return slicer.mrmlScene.GetNodeByID(node)

    def writtenScan(self, folder: Path) -> Path:
        """A small MR series."""
        import pydicom
        from pydicom.dataset import FileDataset, FileMetaDataset
        from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

        folder.mkdir()
        array = np.clip(slicer.util.arrayFromVolume(self.aVolume()), 0, 4000).astype(np.uint16)
        study, series, frame = (generate_uid() for _ in range(3))
        for number, pixels in enumerate(array):
            meta = FileMetaDataset()
            meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, MRImageStorage
            meta.MediaStorageSOPInstanceUID = generate_uid()
            file = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
            file.SOPClassUID, file.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
            file.PatientName, file.PatientID, file.Modality = "Test^IQT", "IQT", "MR"
            file.StudyInstanceUID, file.SeriesInstanceUID, file.FrameOfReferenceUID = study, series, frame
            file.StudyDate, file.StudyTime, file.SeriesNumber, file.InstanceNumber = "20260101", "120000", 1, number + 1
            file.SeriesDescription = "T1"
            file.ImageOrientationPatient, file.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 4 * number]
            file.PixelSpacing, file.SliceThickness = [1, 1], 4
            file.Rows, file.Columns = pixels.shape
            file.SamplesPerPixel, file.PhotometricInterpretation, file.PixelRepresentation = 1, "MONOCHROME2", 0
            file.BitsAllocated = file.BitsStored = 16
            file.HighBit = 15
            file.PixelData = pixels.tobytes()
            pydicom.dcmwrite(folder / f"{number:03d}.dcm", file, enforce_file_format=True)
        slicer.mrmlScene.Clear()
        return folder
