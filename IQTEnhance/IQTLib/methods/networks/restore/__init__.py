"""Restoration of scans of any contrast and voxel size."""

from ...descriptor import Descriptor

METHOD = Descriptor(
    name="restore",
    title="Restoration of any scan",
    short="Restored",
    purpose="Sharper and less noisy, with the scan's own contrast, for any contrast and voxel size.",
    implementation="IQTLib.methods.networks.restore.method:Restore",
    tunable={
        "consistency": "0 keeps the network's estimate, 1 moves it to what the scan says as far as its noise allows"
    },
    training="restoration",
    recipes={"standard": "restore-any"},
)
