"""ELRTV: LRTV with back-projection, sharpening and non-local means, as far as it can be reconstructed.

The descriptor has a module of its own, so that a list of methods loads none of their code.
"""

from ..descriptor import Builtin, Descriptor

METHOD = Descriptor(
    name="elrtv",
    title="ELRTV (our reconstruction): LRTV and more, any scan",
    short="ELRTV",
    purpose=(
        "A classic baseline: LRTV, back-projection, sharpening and non-local means for a scan of any contrast. "
        "Our reconstruction of an unpublished program."
    ),
    implementation="IQTLib.methods.lrtv_extended.method:ELRTV",
    any_scan=True,
    tunable={
        "parameters": "tuned for slices of scale x2 or x4 by the authors (study-x2, study-x4), or by us (ours)",
        "nlm": "non-local means, times the scan's noise, 0 to 5: larger values are smoother",
    },
    builtin={
        "elrtv": Builtin(
            "our reconstruction of ELRTV for any scan: a classic baseline, nothing is learned",
            normalisation="brain-mean",
        )
    },
)
