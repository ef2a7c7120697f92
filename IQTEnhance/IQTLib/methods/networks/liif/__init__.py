"""LIIF on EDSR: slices enlarged to any size by a network that is asked for intensities at places.

The descriptor has a module of its own, so that a list of methods loads none of their code.
"""

from ...descriptor import Descriptor

METHOD = Descriptor(
    name="liif",
    title="LIIF: slices of one contrast at any scale",
    short="LIIF",
    purpose=(
        "Slices enlarged to any size by a network trained on 2-D slices of one contrast (EDSR with a local implicit "
        "function); thick slices become thin by planes across them."
    ),
    plain="Sharper slices at any voxel size. It learned from one kind of scan, so use it for that kind only.",
    implementation="IQTLib.methods.networks.liif.method:Liif",
    any_scan=True,
    training="slices",
    recipes={"quick": "liif-quick", "standard": "liif-t2w", "paper": "liif-paper", "gpu": "liif-gpu"},
)
