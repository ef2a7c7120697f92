"""The bundled sample volume; with a network connection, Slicer's own MRHead works too.

A module of its own because Slicer registers the sample at its start, before a panel is opened.
"""

import hashlib
from pathlib import Path

CATEGORY = "Image Quality Transfer"
NAME = "IQT-lowfield-template"
RESOURCES = Path(__file__).resolve().parents[1] / "Resources"  # absolute, whatever path Slicer uses for the module
FILE = RESOURCES / "SampleData" / "IQT-lowfield-template.nii.gz"
THUMBNAIL = RESOURCES / "Icons" / "IQT-lowfield-template.png"


def registerSampleData() -> None:
    """Register the bundled volume in the Sample Data module; it needs no network."""
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category=CATEGORY,
        sampleName=NAME,
        uris=FILE.as_uri(),
        fileNames=FILE.name,
        nodeNames=NAME,
        thumbnailFileName=str(THUMBNAIL),
        checksums=f"SHA256:{hashlib.sha256(FILE.read_bytes()).hexdigest()}",
    )
