"""A volume to try the module with that comes with it; Slicer's own MRHead serves, too, where there is a network."""

import hashlib
from pathlib import Path

CATEGORY = "Image Quality Transfer"
NAME = "IQT-lowfield-template"
RESOURCES = Path(__file__).resolve().parents[1] / "Resources"  # absolute, however Slicer was told of the module
FILE = RESOURCES / "SampleData" / "IQT-lowfield-template.nii.gz"
THUMBNAIL = RESOURCES / "Icons" / "IQT-lowfield-template.png"


def registerSampleData() -> None:
    """Offer the bundled volume in the module Sample Data; it is on the disk already, so no network is needed."""
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
