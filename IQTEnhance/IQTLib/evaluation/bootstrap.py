"""Means over subjects with bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BOOTSTRAPS = 10_000


@dataclass(frozen=True)
class Summary:
    """Mean over subjects with 95 % interval, and the ratio to a baseline over the same subjects with its interval."""

    people: int
    mean: float
    interval: tuple[float, float]
    ratio: float = float("nan")
    ratio_interval: tuple[float, float] = (float("nan"), float("nan"))
    difference: float = float("nan")
    difference_interval: tuple[float, float] = (float("nan"), float("nan"))


def summarised(values: Sequence[float], baseline: Sequence[float] | None = None, *, seed: int = 0) -> Summary:
    """Bootstrap over subjects; `baseline` has the same subjects in the same order, resampled together (paired)."""
    own = np.asarray(values, float)
    picks = np.random.default_rng(seed).integers(len(own), size=(BOOTSTRAPS, len(own)))
    means = own[picks].mean(1)
    summary = Summary(len(own), float(own.mean()), _interval(means))
    if baseline is None:
        return summary
    base = np.asarray(baseline, float)
    others = base[picks].mean(1)
    return Summary(
        summary.people,
        summary.mean,
        summary.interval,
        float(own.mean() / base.mean()),
        _interval(means / others),
        float(own.mean() - base.mean()),
        _interval(means - others),
    )


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
