"""Whether the head moved during the scan: judged by what the encoder of `iqt-any` sees in the brain.

A network that restores any scan tells anatomy from ripples. A logistic regression on averages of its features
(`methods.networks.restore.features`) recognises motion even where the air shows none. `motion.npz` holds it, with the
hash of the weights whose features it was learned from; `python -m IQTLib.evaluation.gauge_trial` makes it.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ModelError
from ..image.examined import Examined
from ..image.noise import ScanNoise
from ..methods.base import Method
from ..methods.networks.method import DeepMethod
from .store import DEFAULT_MODEL, load

LEARNED = Path(__file__).with_name("motion.npz")


def motion_for(method: Method) -> Callable[[Examined, ScanNoise], float] | None:
    """`motion` for methods that need torch anyway; the others start faster without it."""
    return motion if isinstance(method, DeepMethod) else None


def motion(scan: Examined, noise: ScanNoise) -> float:
    """log(1 + odds that the head moved): about 0 in good scans, 3 to 10 after motion. Half a second.

    NaN where it cannot be told: no torch, too little brain, or a model of that name with other weights.
    """
    telling = _telling()
    return float("nan") if telling is None else telling(scan, noise)


def seen(network: Any, scan: Examined, noise: ScanNoise) -> np.ndarray | None:
    """The features of `scan` that the judgement is made of, float32 (n,); None if there is too little brain."""
    from ..methods.networks.restore.features import features

    return features(network, scan, noise)


def judged(found: np.ndarray, weights: np.ndarray, shift: float) -> float:
    """log(1 + odds) from features (n,) and what a logistic regression learned."""
    return float(np.logaddexp(0, np.dot(found.astype(np.float64), weights) + shift))


@cache
def _telling() -> Callable[[Examined, ScanNoise], float] | None:
    if find_spec("torch") is None:
        return None
    try:
        model = load(DEFAULT_MODEL)
    except ModelError:
        return None
    with np.load(LEARNED) as learned:
        if str(learned["sha256"]) != model.card.sha256:
            return None
        weights, shift = learned["weights"].astype(np.float64), float(learned["shift"])
    network: Any = model.method

    def telling(scan: Examined, noise: ScanNoise) -> float:
        found = seen(network.network, scan, noise)
        return float("nan") if found is None else judged(found, weights, shift)

    return telling
