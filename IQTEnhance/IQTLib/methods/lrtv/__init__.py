"""LRTV: low rank and total variation (Shi et al. 2015).

The descriptor has a module of its own, so that a list of methods loads none of their code.
"""

from ..descriptor import Builtin, Descriptor

METHOD = Descriptor(
    name="lrtv",
    title="LRTV: low rank and total variation, any scan",
    short="LRTV",
    purpose=(
        "A classic baseline: a scan of any contrast restored with low rank and total variation; nothing is "
        "learned. In practice, wiener is quicker."
    ),
    implementation="IQTLib.methods.lrtv.method:LRTV",
    any_scan=True,
    tunable={
        "tv": "weight of total variation, times the scan's noise, 0 to 10: larger values are smoother",
        "rank": "weight of the low rank, times the scan's noise, 0 to 10; 0 leaves it out, which is quicker",
        "iterations": "greatest number of iterations, 10 to 2000",
        "tolerance": "relative change of an iteration that counts as converged",
    },
    builtin={
        "lrtv": Builtin(
            "low rank and total variation for any scan: a classic baseline, nothing is learned",
            normalisation="brain-mean",
        )
    },
)
