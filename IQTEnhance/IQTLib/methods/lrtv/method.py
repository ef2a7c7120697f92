"""LRTV as a method for any scan: penalties in units of its noise, the problem solved around the brain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from ...io.reading import check_memory
from ...io.typed import Between
from ...physics.fine_scan import FineScan
from ..any_scan import restored_slices
from ..base import LowField, Run, intensities
from ..state import checked_state
from . import METHOD
from .observed import Observed, of_brain
from .solver import Penalty, Problem, Solution, solve

MARGIN = 6  # fine voxels around the brain that are restored with it
BYTES = 72  # that a fine voxel takes while the method runs


@dataclass(frozen=True)
class LRTVSettings:
    """`tv` and `rank` are in units of the scan's noise: what is fainter than they are is taken for noise."""

    tv: Annotated[float, Between(0, 10)] = 0.4
    rank: Annotated[float, Between(0, 10)] = 0.1
    iterations: Annotated[int, Between(10, 2000)] = 150
    tolerance: Annotated[float, Between(1e-8, 0.1)] = 1e-3


class LRTV:
    """The image of low rank and small total variation that explains the scan: see `solver`."""

    name: ClassVar[str] = METHOD.name
    needs_brain: ClassVar[bool] = True
    any_scan: ClassVar[bool] = True

    def __init__(self, settings: LRTVSettings | None = None) -> None:
        self.settings = settings or LRTVSettings()

    def restore_scan(self, scan: FineScan, run: Run) -> np.ndarray:
        """The estimate, float32 (1, x, y, z), in units of `scan.data`; outside the brain's surroundings interpolated.

        Raises:
            InputError: too little memory. CancelledError: between iterations.
        """
        observed, box = of_brain(scan, MARGIN)
        check_memory(scan.data[box].size * BYTES, "LRTV on " + " x ".join(map(str, scan.data[box].shape)) + " voxels")
        found = solve(
            Problem(observed.sampling, observed.scan, penalty(observed, self.settings), observed.density),
            scan.data[box],
            iterations=self.settings.iterations,
            tolerance=self.settings.tolerance,
            report=run.report,
            message="LRTV",
        )
        tell(found, self.settings.iterations, run)
        estimate = scan.data.copy()
        estimate[box] = found.image
        return intensities(estimate)[None]

    def enhance(self, low: LowField, run: Run) -> np.ndarray:
        return restored_slices(self, low, run)

    def state(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """There is no state: only an empty one is accepted."""
        checked_state(state, {})


def penalty(observed: Observed, settings: LRTVSettings) -> Penalty:
    """The priors' weights for a scan's noise; the rank's grows as the singular values of white noise do."""
    shape = [matrix.shape[1] for matrix in observed.sampling.matrices]
    largest = float(np.sqrt(np.prod(shape) / max(shape)))
    return Penalty(settings.tv * observed.noise, settings.rank * observed.noise * largest)


def tell(found: Solution, iterations: int, run: Run) -> None:
    """Warn when the method had not converged."""
    if not found.converged:
        run.report.warn(
            f"LRTV had not converged after {iterations} iterations (the last one changed the image by "
            f"{100 * found.change:.2g} %): the best image so far is kept; more iterations or a larger tolerance help"
        )
