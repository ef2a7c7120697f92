"""Patch regressors: classics that predict the detail of a patch from its features.

They share features, PCA, overlaps and the steps before and after with IQT-SRep, and, but for ScSR, a dictionary learned
by K-SVD.
"""

from collections.abc import Mapping
from typing import Any

from ..descriptor import Descriptor

SIZES = {
    "small": {"patch": 3, "atoms": 256},
    "medium": {"patch": 5, "atoms": 512},
    "large": {"patch": 7, "atoms": 1024},
}
TUNABLE = {
    "stride": "voxels between patches: smaller values are smoother and slower",
    "denoise": "true or false: apply a Wiener filter first",
    "consistency": "true or false: enforce agreement with the measured slices at the end",
}


def _regressor(
    name: str,
    title: str,
    short: str,
    place: str,
    purpose: str,
    tunable: Mapping[str, str],
    standard: str = "patches-t1w-x4",
    **others: Any,
) -> Descriptor:
    return Descriptor(
        name=name,
        title=title,
        short=short,
        purpose=purpose,
        implementation=f"IQTLib.methods.regressors.{place}",
        tunable=TUNABLE | dict(tunable),
        training="dictionaries",
        recipes={"quick": "patches-quick", "standard": standard, "paper": "patches-t1w-x4-paper"},
        sizes=SIZES,
        **others,
    )


FAMILY = (
    _regressor(
        "scsr",
        "ScSR: coupled dictionaries by lasso",
        "ScSR",
        "scsr:ScSR",
        "Yang 2010: the lasso code of a patch's features gives the patch itself, scaled to the scan's contrast.",
        {"lam": "sparsity weight lambda", "stretch": "contrast of a patch, as a multiple of the interpolated one's"},
        notice="Learning dictionaries needs spams, which is GPL-3; enhancement also works without it, more slowly.",
        training_needs="spams",
    ),
    _regressor(
        "ne-lle",
        "NE+LLE: neighbour embedding",
        "NE-LLE",
        "neighbours:NeighbourEmbedding",
        "Chang 2004: the nearest atoms, weighted so that they give the patch's features, give its detail.",
        {"neighbours": "atoms that a patch is made of"},
    ),
    _regressor(
        "zeyde",
        "Zeyde: K-SVD dictionaries",
        "Zeyde",
        "zeyde:Zeyde",
        "The ancestor of IQT-SRep: sparse codes in dictionaries learned by K-SVD.",
        {"nonzeros": "atoms of a patch"},
    ),
    _regressor(
        "gr",
        "GR: global regression",
        "GR",
        "anchored:GlobalRegression",
        "Timofte 2013: one matrix for all patches, the simplest of the regressors.",
        {},
    ),
    _regressor(
        "anr",
        "ANR: anchored neighbourhood regression",
        "ANR",
        "anchored:AnchoredRegression",
        "Timofte 2013: a matrix for each atom, from the atoms near it.",
        {},
    ),
    _regressor(
        "aplus",
        "A+: adjusted anchored regression",
        "Aplus",
        "aplus:APlus",
        "Timofte 2014: a matrix for each atom, from the training patches near it. The quickest of the patch methods.",
        {},
        "aplus-t1w-x4",
        plain="Adds the detail that places like these had in other brains, by one multiplication each.",
    ),
)
