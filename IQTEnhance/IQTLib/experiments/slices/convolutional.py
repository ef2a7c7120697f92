"""CSC-SR in 2-D, as its authors have it: trained on the training slices without noise."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...evaluation import planar
from ...methods.base import Run
from ...methods.csc.coding import Coder, detail, high_pass, phases, refuse_without_sporco, unphased
from ...methods.csc.learning import Signals, learn_filters, learn_mapping
from ...methods.lrtv.observed import Observed

SUPPORT = (5, 5)  # pixels of low resolution
EDGE = 48  # of the parts that are learned from
PLACES = 1500  # for each filter, that W and F^y are learned from
STEPS = 0.5  # parts for each filter, that F^x is learned from
SPARSITY, RIDGE = 0.003, 0.003  # intensities 0 to 1
LEARNING, APPLYING = 40, 20  # iterations of ADMM: fewer are better and quicker on the validation slices when applied
SEED = 300
CONVOLUTIONAL = {"ixi-csc": 0, "ixi-csc-landweber": 100}
"""Steps of Landweber after each method."""


@dataclass(frozen=True, eq=False)
class Learned:
    """F^x with the settings of the coding, and W F^y."""

    coder: Coder
    high: np.ndarray


_kept: dict[tuple[Path, int, int], Learned] = {}  # the last: a process measures several methods at one scale


def coded(name: str, folder: Path, factor: int, filters: int, run: Run) -> Callable[[Observed, int, Run], np.ndarray]:
    """A method of `CONVOLUTIONAL` with so many filters, trained on the training slices in `folder`."""
    key = (Path(folder), factor, filters)
    if key not in _kept:
        _kept.clear()
        _kept[key] = learned(folder, factor, filters, run)
    model = _kept[key]

    def restored(observed: Observed, factor: int, run: Run) -> np.ndarray:
        signal = high_pass(observed.scan[..., 0])
        found = detail(signal, model.coder, model.high, run, edge=signal.shape)
        estimate = observed.enlarged() + unphased(found, (factor, factor))[..., None]
        return planar.landweber(observed.sampling, observed.scan, estimate, CONVOLUTIONAL[name])

    return restored


def learned(folder: Path, factor: int, filters: int, run: Run) -> Learned:
    """Learn from parts of all training slices, the more the more filters there are."""
    refuse_without_sporco()
    rng = np.random.default_rng(SEED)
    images = planar.read_slices(folder, "train").images.astype(np.float32) / planar.WHITE
    sampling = planar.degradation(images.shape[1:], factor)
    enlarging = planar.bicubic(factor, tuple(n // factor for n in images.shape[1:]))
    steps, parts = int(STEPS * filters), -(-PLACES * filters // EDGE**2)
    signals = Signals(SUPPORT, EDGE, rng, count=len(images), steps=steps, parts=parts)
    for image in images:
        low = sampling.forward(image[..., None])
        signal = high_pass(low[..., 0])
        target = phases(image - enlarging.forward(low)[..., 0], (factor, factor))
        signals.add(signal, target, np.abs(signal) > np.abs(signal).mean())
    low_filters = learn_filters(
        signals, signals.noise(filters), range(steps), run, sparsity=SPARSITY, iterations=LEARNING
    )
    high, mapping = learn_mapping(signals.parts(), Coder(low_filters, SPARSITY, LEARNING), RIDGE, run)
    return Learned(Coder(low_filters, SPARSITY, APPLYING), high * mapping)
