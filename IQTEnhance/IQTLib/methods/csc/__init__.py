"""Convolutional sparse coding: filters instead of patches, on the library SPORCO."""

from ..descriptor import Descriptor

NEEDS = "It needs sporco (BSD-3): pip install 'image-quality-transfer[csc]'."

CSC_SR = Descriptor(
    name="csc-sr",
    title="CSC-SR: convolutional sparse coding",
    short="CSC",
    purpose=(
        "Gu 2015: sparse feature maps of whole slices, not of patches, give the missing detail through a second set of "
        "filters. Minutes a volume."
    ),
    plain="Adds the detail that goes with small patterns of the scan in other brains.",
    implementation="IQTLib.methods.csc.method:CSC",
    notice=NEEDS,
    tunable={
        "sparsity": "lambda: smaller values keep more detail and more noise",
        "iterations": "of the coding: more take longer and change little",
        "denoise": "true or false: apply a Wiener filter first",
        "consistency": "true or false: enforce agreement with the measured slices at the end",
    },
    training="dictionaries",
    training_needs="sporco",
    recipes={"quick": "csc-quick", "standard": "csc-t1w-x4", "paper": "csc-t1w-x4-paper"},
    sizes={
        "small": {"patch": 3, "atoms": 32},
        "medium": {"patch": 5, "atoms": 64},
        "large": {"patch": 5, "atoms": 128},
    },
)

WEENIE = Descriptor(
    name="weenie",
    title="WEENIE: another contrast, synthesised, not measured",
    short="synthesised-not-measured",
    purpose=(
        "Huang 2017: axial slices of another contrast, such as T2w from T1w, learned from few registered pairs and "
        "many slices without partner. Nothing in the result was measured."
    ),
    plain="Guesses what a scan of another contrast would look like. Nothing of it was measured.",
    implementation="IQTLib.methods.csc.weenie:Weenie",
    notice=NEEDS,
    synthesises=True,
    training="synthesis",
    training_needs="sporco",
    recipes={"quick": "weenie-quick", "standard": "weenie-t1w-t2w", "paper": "weenie-t1w-t2w"},
    sizes={"small": {"filters": 32}, "medium": {"filters": 64}, "large": {"filters": 128}},
)

FAMILY = (CSC_SR, WEENIE)
