"""File formats, DICOM, and atomic writing."""
