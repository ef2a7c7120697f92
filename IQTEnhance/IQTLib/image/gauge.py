"""Is this a scan that the models know? Judged from the scan alone, before any work, with reasons in words.

Each measure of `gauge_measures` has a typical value and a known range: what good scans of many scanners show, simulated
and real. A value at the edge of its range has distance 1 from the typical one, a value twice as far has distance 2. The
scan's distance is that of its strangest measure, so it always comes with its reason. `gauge.json` holds the ranges;
`python -m IQTLib.evaluation.gauge_trial` makes it and tests it on scans of sources left out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..sentences import Sentence
from .examined import Examined
from .gauge_measures import measure
from .noise import ScanNoise
from .noise_estimate import measure_noise
from .volume import Volume

State = Literal["known", "near", "outside"]

FEWEST = 8000  # brain voxels: 0.3 L on voxels of 2 x 2 x 5 mm have 15,000
KNOWN = 1.0  # distance of the edge of what good scans show
STATISTICS = Path(__file__).with_name("gauge.json")
LOGARITHMS = ("volume", "noise", "width", "anatomy", "brightest", "range", "structure")
TOO_LOW = {
    "anatomy": "what lies inside the mask does not look like a brain's tissues (likeness {value}; {least} or more)",
    "shape": "the mask does not have a brain's shape (overlap {value}; {least} or more)",
    "symmetry": "left and right of the brain differ (overlap {value}; {least} or more)",
    "volume": "the brain is small ({value} L; {least} L or more)",
    "noise": "the scan is noisy (SNR {value}; {least} or more)",
    "range": "intensities in the brain hardly differ (range {value} of the median; {least} or more)",
    "levels": "the brain has few grey levels ({value} bits; {least} or more)",
    "structure": "the brain shows little structure (contrast {value}; {least} or more)",
}
TOO_HIGH = {
    "volume": "the brain is large ({value} L; up to {most} L)",
    "ghosts": "signal lies in the air beside the head, as motion leaves it ({value} of the brain's; up to {most})",
    "stripes": "detail differs between directions in plane, as motion leaves it ({value}; up to {most})",
    "motion": "the brain looks as if the head had moved (score {value}; up to {most})",
    "width": "the resolution is coarse ({value} mm; up to {most} mm)",
    "range": "intensities in the brain differ more than those of tissues ({value} of the median; up to {most})",
    "brightest": "some voxels are far brighter than the brain ({value} times; up to {most})",
    "air": "the background is bright ({value} of the brain; up to {most})",
    "structure": "intensities in the brain differ more than those of tissues (contrast {value}; up to {most})",
    "bias": "brightness changes strongly across the brain ({value}; up to {most})",
    "voids": "parts of the brain have no signal, as near metal ({value} of it; up to {most})",
    "pile-up": "parts of the brain are far too bright, as near metal ({value} of it; up to {most})",
}


@dataclass(frozen=True)
class Range:
    """The typical value of a measure in good scans, and its least and greatest; on a log scale for `LOGARITHMS`."""

    least: float
    typical: float
    most: float

    def distance(self, value: float) -> float:
        """Distance from the typical value, 1 at the edges; of unknown values 0."""
        if not np.isfinite(value):
            return 0.0
        edge = self.least if value < self.typical else self.most
        return abs(value - self.typical) / max(abs(edge - self.typical), 1e-6)


@dataclass(frozen=True)
class Gauge:
    """How far a scan lies from those that the models know.

    Args:
        state: known, near or outside. distance: up to 1 within what good scans show. reasons: what is unusual, the
            strangest first. measures: all numbers by name, None where the scan does not tell.
    """

    state: State
    distance: float
    reasons: tuple[str, ...] = ()
    measures: Mapping[str, float | None] | None = None

    def __str__(self) -> str:
        return f"{self.state} (distance {self.distance:.1f}){''.join(f'; {reason}' for reason in self.reasons)}"

    @property
    def warning(self) -> str | None:
        """A sentence for the user if the scan is outside, else None."""
        if self.state != "outside":
            return None
        told = "this scan is unlike those that the models know: {reasons}"
        return Sentence(told, "outside", reasons=self.reasons)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def gauge_of(scan: Examined, motion: Callable[[Examined, ScanNoise], float] | None = None) -> tuple[ScanNoise, Gauge]:
    """The noise of `scan` and the verdict on it; `motion` measures how much it looks like that of a moving head."""
    noise = measure_noise(scan.volume, scan.mask)
    moved = motion(scan, noise) if motion and scan.mask.sum() >= FEWEST else float("nan")
    return noise, gauge(scan.volume, scan.mask, noise=noise, width=scan.width, motion=moved)


def gauge(
    volume: Volume, mask: np.ndarray, *, noise: ScanNoise, width: Sequence[float], motion: float = float("nan")
) -> Gauge:
    """Judge `volume` inside the boolean `mask`: about a second for thick slices.

    Args:
        noise: of the volume on its own grid. width: of its point spread along i, j, k, mm. motion: see `models.motion`.
    """
    if (count := int(mask.sum())) < FEWEST:
        few = Sentence("the brain has only {count} voxels, too few to judge the scan by", "few-voxels", count=count)
        return Gauge("near", KNOWN, (few,))
    return judged(measure(volume, mask, noise=noise, width=tuple(width)) | {"motion": motion})


def judged(measures: Mapping[str, float], statistics: Mapping[str, Any] | None = None) -> Gauge:
    """The verdict on `measures`; `statistics` is the content of `gauge.json`, None takes the shipped one."""
    told = statistics or _shipped()
    ranges = {name: Range(*edges) for name, edges in told["ranges"].items()}
    distances = {name: one.distance(measures[name]) for name, one in ranges.items() if _matters(name, measures, one)}
    distance = max(distances.values(), default=0.0)
    state: State = "known" if distance <= KNOWN else "near" if distance <= told["outside"] else "outside"
    odd = sorted((name for name in distances if distances[name] > KNOWN), key=lambda name: -distances[name])
    reasons = tuple(_reason(name, measures[name], ranges[name]) for name in odd)
    shown = {name: round(value, 4) if np.isfinite(value) else None for name, value in measures.items()}
    return Gauge(state, round(float(distance), 3), reasons, shown)


def _matters(name: str, measures: Mapping[str, float], one: Range) -> bool:
    """Whether the measure, on the side where its value lies, tells against a scan."""
    return name in measures and name in (TOO_LOW if measures[name] < one.typical else TOO_HIGH)


def _reason(name: str, value: float, one: Range) -> str:
    side, words = ("low", TOO_LOW) if value < one.typical else ("high", TOO_HIGH)
    numbers = {"value": value, "least": one.least, "most": one.most}
    if name in LOGARITHMS:
        numbers = {key: float(np.exp(number)) for key, number in numbers.items()}
    return Sentence(words[name], f"{side}-{name}", **{key: f"{number:.2g}" for key, number in numbers.items()})


@cache
def _shipped() -> dict[str, Any]:
    return json.loads(STATISTICS.read_text(encoding="utf-8"))
