"""LRTV as a method for any scan: penalties in units of its noise, the problem solved around the brain."""

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ...io.reading import check_memory
from ...io.typed import Between
from ...physics.fine_scan import FineScan
from ...sentences import Sentence
from ..any_scan import AnyScanMethod
from ..base import Run, Untrained, intensities
from . import METHOD
from .observed import Observed, of_brain
from .solver import Penalty, Problem, solve

MARGIN = 6  # fine voxels around the brain that are restored with it
BYTES = 72  # that a fine voxel takes while the method runs


@dataclass(frozen=True)
class LRTVSettings:
    """`tv` and `rank` are in units of the scan's noise: what is fainter than they are is taken for noise."""

    tv: Annotated[float, Between(0, 10)] = 0.4
    rank: Annotated[float, Between(0, 10)] = 0.1
    iterations: Annotated[int, Between(10, 2000)] = 150
    tolerance: Annotated[float, Between(1e-8, 0.1)] = 1e-3


class AroundBrain(AnyScanMethod, Untrained):
    """Base of LRTV and ELRTV: the brain and `MARGIN` around it are restored, the rest is only interpolated."""

    name: ClassVar[str]

    @abstractmethod
    def restored(self, observed: Observed, interpolated: np.ndarray, run: Run) -> np.ndarray:
        """The image behind `observed`; `interpolated` is the scan on its fine grid, float32 like the result."""

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """The estimate, float32 (1, x, y, z), in units of `scan.data`.

        Raises:
            InputError: too little memory. CancelledError: between iterations.
        """
        observed, box = of_brain(scan, MARGIN)
        shape = scan.data[box].shape
        check_memory(math.prod(shape) * BYTES, f"{self.name.upper()} on {' x '.join(map(str, shape))} voxels")
        estimate = scan.data.copy()
        estimate[box] = self.restored(observed, scan.data[box], run)
        return intensities(estimate)[None]


class LRTV(AroundBrain):
    """The image of low rank and small total variation that explains the scan: see `solver`."""

    name: ClassVar[str] = METHOD.name
    Settings: ClassVar[type] = LRTVSettings

    def restored(self, observed: Observed, interpolated: np.ndarray, run: Run) -> np.ndarray:
        problem = Problem(observed.sampling, observed.scan, penalty(observed, self.settings), observed.density)
        return low_rank(problem, interpolated, self.settings, run)


def low_rank(problem: Problem, start: np.ndarray, settings: LRTVSettings, run: Run) -> np.ndarray:
    """The solution of `problem` from `start`, with a warning if it had not converged."""
    found = solve(
        problem,
        start,
        iterations=settings.iterations,
        tolerance=settings.tolerance,
        report=run.report,
        message=Sentence("LRTV", "lrtv"),
    )
    if not found.converged:
        told = (
            "LRTV had not converged after {iterations} iterations (the last one changed the image by "
            "{percent:.2g} %): the best image so far is kept; more iterations or a larger tolerance help"
        )
        percent = 100 * found.change
        run.report.warn(Sentence(told, "not-converged", iterations=settings.iterations, percent=percent))
    return found.image


def penalty(observed: Observed, settings: LRTVSettings) -> Penalty:
    """The priors' weights for a scan's noise; the rank's grows as the singular values of white noise do."""
    shape = [matrix.shape[1] for matrix in observed.sampling.matrices]
    largest = float(np.sqrt(np.prod(shape) / max(shape)))
    return Penalty(settings.tv * observed.noise, settings.rank * observed.noise * largest)
