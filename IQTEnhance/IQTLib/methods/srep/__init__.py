"""IQT-SRep: coupled sparse dictionaries."""

from ..descriptor import Compared, Descriptor

METHOD = Descriptor(
    name="srep",
    title="IQT-SRep: sparse dictionaries",
    short="SRep",
    purpose="Predicts missing detail from the sparse code of low-field patches. Trains in minutes, runs on any CPU.",
    plain="Adds the detail that a learned dictionary knows for similar places in other brains.",
    implementation="IQTLib.methods.srep.method:SRep",
    notice="Learning dictionaries needs spams, which is GPL-3; enhancement also works without it, more slowly.",
    tunable={
        "stride": "voxels between patches: smaller values are smoother and slower",
        "coder": "omp or lasso",
        "nonzeros": "atoms per patch (omp)",
        "lam": "sparsity weight lambda (lasso)",
        "denoise": "true or false: apply a Wiener filter first",
        "consistency": "true or false: enforce agreement with the measured slices at the end",
        "solver": "auto, spams or torch",
    },
    training="dictionaries",
    training_needs="spams",
    recipes={"quick": "srep-quick", "standard": "srep-t1w-x4", "paper": "srep-t1w-x4-paper"},
    sizes={
        "small": {"patch": 3, "atoms": 256},
        "medium": {"patch": 5, "atoms": 512},
        "large": {"patch": 7, "atoms": 1024},
    },
    compared={
        "srep-paper": Compared("IQT-SRep (paper)", "srep-t1w-x4-paper"),
        "srep": Compared("IQT-SRep (product)", "srep-t1w-x4"),
    },
)
