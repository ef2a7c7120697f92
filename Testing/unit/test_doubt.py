"""Where scan and estimate disagree, the interval reaches what the scan says, and shrinks nowhere."""

import numpy as np
import pytest
from IQTLib.methods.networks.restore.doubt import reaching_scan
from IQTLib.physics.fine_scan import FineScan
from scipy import ndimage

SHAPE = (72, 72, 72)
PLACE = (slice(33, 40),) * 3  # of a lesion
CORE = (slice(34, 39),) * 3
WIDTH = np.array([1.5, 1.5, 4.0])


def curve(low_field: np.ndarray) -> np.ndarray:
    """High field spreads what low field shows."""
    return np.clip(1 - 2.5 * (1 - low_field), 0.05, None)


def scan_of(fine: np.ndarray, *, noise: float) -> FineScan:
    rng = np.random.default_rng(3)
    mask = np.zeros((72, 72, 18), bool)
    mask[4:-4, 4:-4, 1:-1] = True
    step = np.array([1, 1, 0.25])
    blank = FineScan.of(np.ones_like(mask, np.float32), mask, step=step, width=WIDTH, noise=noise)
    seen = blank.sampling.forward(fine) + noise * rng.standard_normal(mask.shape)
    return FineScan.of(seen.astype(np.float32), mask, step=step, width=WIDTH, noise=noise, transfer=True, scale=1.0)


@pytest.fixture(scope="module")
def brain() -> np.ndarray:
    field = ndimage.gaussian_filter(np.random.default_rng(5).standard_normal(SHAPE), 2)
    return np.where(field > 0, 1, 0.85).astype(np.float32)


@pytest.mark.parametrize("change", [-0.15, 0.12])
def test_a_lesion_that_the_estimate_lacks_lies_in_the_interval(brain, change):
    ill = brain.copy()
    ill[PLACE] = 1 + change
    estimate = curve(brain)
    estimate[PLACE] = 1  # taken for white matter
    scan = scan_of(ill, noise=0.01)
    levels = np.stack([estimate, estimate - 0.05, estimate + 0.05])
    before = levels.copy()
    lower, upper = reaching_scan(levels, scan)[1:]
    truth = curve(ill)[CORE] if change < 0 else ill[CORE]
    assert not ((before[1][CORE] <= truth) & (truth <= before[2][CORE])).any()
    assert ((lower[CORE] <= truth) & (truth <= upper[CORE])).mean() > 0.8
    assert (lower <= before[1]).all()
    assert (upper >= before[2]).all()
    assert np.array_equal(levels[0], before[0])
    assert np.array_equal(levels[:, ~scan.mask], before[:, ~scan.mask])


def test_where_they_agree_it_hardly_widens(brain):
    estimate = curve(brain)
    levels = np.stack([estimate, estimate - 0.05, estimate + 0.05])
    wider = reaching_scan(levels, scan_of(brain, noise=0.01))
    assert np.mean(wider[2] - wider[1]) < 1.3 * 0.1
