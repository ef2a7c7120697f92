"""Files: formats, DICOM, and writing that leaves complete files or none."""
