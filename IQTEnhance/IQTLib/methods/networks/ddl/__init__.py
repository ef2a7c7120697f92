"""IQT-DDL: deep dictionary learning.

The descriptor has a module of its own, so that a list of methods loads none of their code.
"""

from ...descriptor import Compared, Descriptor
from .. import WINDOW_OPTIONS

METHOD = Descriptor(
    name="ddl",
    title="IQT-DDL: deep dictionaries",
    short="DDL",
    purpose="A network chooses, voxel by voxel, among the learned atoms of a high-field dictionary.",
    plain="A network finds the mix of learned pieces that fits each place best.",
    implementation="IQTLib.methods.networks.ddl.method:DDL",
    notice="Its feature extractor follows UNet++, which its authors call patent pending and license for research only.",
    tunable=WINDOW_OPTIONS,
    training="network",
    recipes={"quick": "ddl-quick", "standard": "ddl-t1w-x4", "paper": "ddl-paper"},
    sizes={
        "small": {"atoms": 32, "filters": 8},
        "medium": {"atoms": 64, "filters": 16},
        "large": {"atoms": 64, "filters": 64},
    },
    compared={"ddl": Compared("IQT-DDL", "ddl-t1w-x4")},
)
