"""IQT-DL: the anisotropic U-Net.

The descriptor has a module of its own, so that a list of methods loads none of their code.
"""

from ...descriptor import Compared, Descriptor
from .. import WINDOW_OPTIONS

METHOD = Descriptor(
    name="unet",
    title="IQT-DL: anisotropic U-Net",
    short="UNet",
    purpose="A U-Net from thick slices to cubic voxels, the most accurate on scans like those it was trained on.",
    plain="A neural network that fills in the slices between those that were measured.",
    implementation="IQTLib.methods.networks.unet.method:UNet",
    factors=(2, 4, 8),
    tunable=WINDOW_OPTIONS,
    training="network",
    recipes={"quick": "unet-quick", "standard": "unet-t1w-x4", "paper": "unet-paper"},
    sizes={"small": {"filters": 4}, "medium": {"filters": 8}, "large": {"filters": 16}},
    compared={
        "unet": Compared("IQT-DL (U-Net)", "unet-t1w-x4"),
        "unet-robust": Compared("robust U-Net", "unet-t1w-x4-robust"),
    },
)
