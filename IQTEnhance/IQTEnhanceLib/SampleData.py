"""A volume to try the module with that comes with it; Slicer's own MRHead serves, too, where there is a network."""

import hashlib
from pathlib import Path

CATEGORY = "Image Quality Transfer"
NAME = "IQT-lowfield-template"
FILE = Path("Resources") / "SampleData" / "IQT-lowfield-template.nii.gz"
THUMBNAIL = Path("Resources") / "Icons" / "IQT-lowfield-template.png"


def registerSampleData(moduleFolder: Path) -> None:
    """Offer the bundled volume in the module Sample Data; it is on the disk already, so no network is needed."""
    import SampleData

    volume = moduleFolder / FILE
    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category=CATEGORY,
        sampleName=NAME,
        uris=volume.as_uri(),
        fileNames=volume.name,
        nodeNames=NAME,
        thumbnailFileName=str(moduleFolder / THUMBNAIL),
        checksums=f"SHA256:{hashlib.sha256(volume.read_bytes()).hexdigest()}",
    )
