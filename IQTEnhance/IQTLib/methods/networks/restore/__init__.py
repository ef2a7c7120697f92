"""Restoration of scans of any contrast and voxel size.

The descriptor has a module of its own, so that a list of methods loads none of their code.
"""

from ...descriptor import Descriptor

METHOD = Descriptor(
    name="restore",
    title="Restoration of any scan",
    short="Restored",
    purpose=(
        "Sharper and less noisy, for any contrast and voxel size. T1w scans get the contrast of high field, others "
        "keep their own."
    ),
    plain=(
        "Sharper and less noisy, for any kind of brain scan. T1-weighted scans look like those of a stronger scanner; "
        "all others keep their contrast."
    ),
    implementation="IQTLib.methods.networks.restore.method:Restore",
    any_scan=True,
    tunable={
        "transfer": "1 gives T1w scans the contrast of high field, 0 keeps the scan's contrast",
        "consistency": "0 keeps the network's estimate, 1 moves it towards agreement with the scan as far as its noise "
        "allows; where the contrast changes, only bright spots",
        "test_time_augmentation": "average over 1, 2, 4 or 8 flips of the scan; each takes a full pass of the network",
    },
    training="restoration",
    recipes={"standard": "restore-any", "gpu": "restore-gpu"},
)
