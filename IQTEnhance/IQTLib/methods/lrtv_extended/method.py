"""ELRTV as a method for any scan, and as a function of any observation."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from ...io.typed import Between
from ...sentences import Sentence
from ..base import Run
from ..lrtv.method import AroundBrain, LRTVSettings, low_rank, penalty
from ..lrtv.observed import Observed
from ..lrtv.solver import Penalty, Problem
from . import METHOD, steps
from .parameters import PARAMETERS, Parameters

NOISELESS = 0.01  # noise, share of the brain's mean, above which nothing is projected back


@dataclass(frozen=True)
class ELRTVSettings:
    """`parameters`: which set; `nlm`: filtering of non-local means at least, in units of the scan's noise."""

    parameters: Literal["study-x2", "study-x4", "ours"] = "ours"
    nlm: Annotated[float, Between(0, 5)] = 0.8


class ELRTV(AroundBrain):
    """LRTV, back-projection, sharpening and non-local means: our reconstruction, see `parameters`."""

    name: ClassVar[str] = METHOD.name
    Settings: ClassVar[type] = ELRTVSettings

    def restored(self, observed: Observed, interpolated: np.ndarray, run: Run) -> np.ndarray:
        return restored(observed, PARAMETERS[self.settings.parameters], self.settings.nlm * observed.noise, run)


def restored(observed: Observed, using: Parameters, filtering: float, run: Run) -> np.ndarray:
    """All steps with parameters `using`; `filtering`: of non-local means at least."""

    noisy = observed.noise >= NOISELESS

    def explained(image: np.ndarray, message: str) -> np.ndarray:
        if noisy:  # LRTV's misfit is that of the noise already: what is left would bring the noise back
            return image
        return steps.back_projected(
            image, observed, step=using.step, iterations=using.projections, report=run.report, message=message
        )

    image = steps.mixed_start(observed, using.bicubic)
    image = explained(_low_rank(image, observed, using, run), Sentence("back-projection", "back-projection"))
    for number in range(1 if noisy else using.passes):
        run.report.check()
        if using.sharpen:
            image = explained(
                steps.sharpened(image, using.sharpen, using.sigma),
                Sentence("back-projection after sharpening", "back-projection-sharpened"),
            )
        if strength := max(using.nlm / 2**number, filtering):
            image = steps.non_local_means(image, strength, observed.noise)
        if using.back:
            image = explained(image, Sentence("back-projection after non-local means", "back-projection-means"))
    return np.maximum(image, 0)


def _low_rank(image: np.ndarray, observed: Observed, using: Parameters, run: Run) -> np.ndarray:
    """LRTV with the parameters' penalties, or those for the scan's noise if they are larger."""
    defaults = LRTVSettings()
    least = penalty(observed, defaults)
    tv, rank = max(using.tv, least.tv), max(using.rank, least.rank)
    if not (tv or rank):
        return image
    edges = steps.edge_weights(image, using.edges) if using.edges else None
    problem = Problem(observed.sampling, observed.scan, Penalty(tv, rank, edges), observed.density)
    return low_rank(problem, image, defaults, run)
