"""Restoration of scans of any contrast and voxel size."""

from ...descriptor import Descriptor

METHOD = Descriptor(
    name="restore",
    title="Restoration network: any scan",
    short="Restored",
    purpose="The same contrast with better resolution and less noise, for scans of any contrast and voxel size.",
    implementation="IQTLib.methods.networks.restore.method:Restore",
    tunable={
        "consistency": "how far the result is moved to explain the scan: 0 not at all, 1 as its noise allows",
    },
)
