"""Do a scan and the options suit a model? Sentences for the user, with the numbers; never a refusal.

Rough on purpose: three classes of intensity inside the brain, which takes a fraction of a second.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..image.brain import size_doubt
from ..image.modality import T1W, tissue_depths
from ..image.t1w import LIKELY, t1w_probability
from ..image.volume import Volume
from ..methods.any_scan import AnyScanMethod
from ..methods.base import LowField
from ..sentences import Sentence
from .store import Model

SPREAD = 3.0  # standard deviations of the training's SNR that count as inside


def misfits(low: LowField, *, contrast: str, training: Mapping[str, Any], spacing: tuple[float, ...]) -> list[str]:
    """What of `low` lies outside the training, one sentence each.

    Args:
        contrast: of the model's card; only T1w is checked. training: of the card. spacing: of `low`, mm.
    """
    if size := size_doubt(low.mask, spacing):
        return [size]
    if contrast != "T1w":
        return []
    tissues = tissue_depths(low.data, low.mask, spacing)
    found = [_contrast(tissues.depths), _noise(tissues.means, low.noise, training)]
    return [sentence for sentence in found if sentence]


def other_contrast(volume: Volume, mask: np.ndarray, contrast: str) -> str | None:
    """A warning if `volume` is not of the `contrast` that a model for any scan was trained for ("any": of all)."""
    if contrast in ("any", T1W):  # T1w models say it themselves, by `misfits`
        return None
    stated = volume.modality
    if not stated and t1w_probability(volume.data, mask, volume.spacing) >= LIKELY:
        stated = T1W
    if not stated or stated == contrast:
        return None
    told = "the scan is {stated}, but the model was trained on {contrast}: check the result carefully"
    return Sentence(told, "trained-contrast", stated=stated, contrast=contrast)


def unused(model: Model, slice_axis: int | None, mask: np.ndarray | None) -> Iterator[str]:
    """What was given but changes nothing with this model, one sentence each."""
    if slice_axis is not None and isinstance(model.method, AnyScanMethod):
        told = "model {model} does not use the slice axis: it takes the scan's resolution along every axis"
        yield Sentence(told, "unused-axis", model=model.card.name)
    if mask is not None and not model.method.needs_brain:
        told = "model {model} does not use the brain mask: it enhances the whole volume"
        yield Sentence(told, "unused-mask", model=model.card.name)


def _contrast(depths: tuple[float, ...]) -> str | None:
    """In T1w fluid is dark and outside, white matter bright and inside; in T2w it is the other way round."""
    if depths[0] < depths[2]:
        return None
    told = (
        "dark tissue lies deeper ({dark:.1f} mm) than bright tissue ({bright:.1f} mm), unlike in a T1w brain, "
        "for which the model was trained: use cubic interpolation for other contrasts"
    )
    return Sentence(told, "other-contrast", dark=depths[0], bright=depths[2])


def _noise(means: tuple[float, ...], noise: float | None, training: Mapping[str, Any]) -> str | None:
    trained = _trained_snr(training.get("simulator", {}))
    if trained is None or not noise:
        return None
    grey, white = means[1] / noise, means[2] / noise
    (least_white, most_white), (least_grey, most_grey) = trained
    if least_white <= white <= most_white and least_grey <= grey <= most_grey:
        return None
    told = (
        "the scan's SNR is about {white:.0f} in white and {grey:.0f} in grey matter, the model was trained for "
        "{least_white:.0f} to {most_white:.0f} and {least_grey:.0f} to {most_grey:.0f}: check the result with care"
    )
    return Sentence(
        told, "snr", white=white, grey=grey,
        least_white=least_white, most_white=most_white, least_grey=least_grey, most_grey=most_grey,
    )  # fmt: skip


def _trained_snr(simulator: Mapping[str, Any]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Least and most SNR of the training in white and in grey matter, if the card states them."""
    if "variation" in simulator:
        (least, most), (weakest, strongest) = (simulator["variation"][name] for name in ("snr", "ratio"))
        return (least, most), (least / strongest, most / weakest)
    if "distribution" not in simulator:
        return None
    mean, covariance = (simulator["distribution"][name] for name in ("mean", "covariance"))
    (wm, gm), (white, grey) = mean, SPREAD * np.sqrt(np.diag(covariance))
    return (wm - white, wm + white), (gm - grey, gm + grey)
