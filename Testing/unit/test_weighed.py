"""Consistency with the scan, weighed by the network's interval where the contrast is one that it hardly knows."""

from dataclasses import replace

import numpy as np
import pytest
from IQTLib.methods.networks.restore import weighed
from IQTLib.physics.fine_scan import FineScan
from scipy import ndimage

SHAPE, NOISE, ERROR = (40, 40, 40), 0.06, 0.08


def scan_of(fine: np.ndarray, *, noise: float | None = NOISE, coarse=(20, 20, 10)) -> FineScan:
    step = np.array(coarse) / SHAPE
    mask = np.ones(coarse, bool)
    options = {"step": step, "width": 1.2 / step, "noise": noise, "scale": 1.0}
    seen = FineScan.of(np.ones(coarse, np.float32), mask, **options).sampling.forward(fine)
    seen = seen + NOISE * np.random.default_rng(3).standard_normal(coarse)
    return FineScan.of(seen.astype(np.float32), mask, **options)


@pytest.fixture
def truth() -> np.ndarray:
    field = ndimage.gaussian_filter(np.random.default_rng(5).standard_normal(SHAPE), 2)
    return np.where(field > 0.1, 3, 0.8).astype(np.float32)  # fluid in T2w


def test_where_the_misfit_is_what_noise_leaves_nothing_is_weighed(truth):
    scan = scan_of(truth)
    near = truth + 0.7 * (scan.sampling.consistent(truth, scan.scan, damping=1e-3) - truth)  # has some of the noise
    plain = scan.sampling.consistent(near, scan.scan, damping=(scan.passing_noise / ERROR) ** 2)
    wide = np.full(SHAPE, 0.5, np.float32)
    assert np.array_equal(weighed.consistent(near, wide, scan, ERROR), plain)


@pytest.mark.parametrize("noise", [None, 0.01])
def test_without_a_noise_to_compare_with_nothing_is_weighed(truth, noise):
    scan, blurred = scan_of(truth, noise=noise), ndimage.gaussian_filter(truth, 2)
    least = max(scan.passing_noise, weighed.QUIET)  # quieter scans are not followed more closely
    plain = scan.sampling.consistent(blurred, scan.scan, damping=(least / ERROR) ** 2)
    assert np.array_equal(weighed.consistent(blurred, np.abs(truth - blurred), scan, ERROR), plain)


def test_a_network_that_is_unsure_where_it_is_wrong_comes_closer_to_the_truth(truth):
    scan, blurred = scan_of(truth), ndimage.gaussian_filter(truth, 2)
    unsure = ndimage.gaussian_filter(np.abs(truth - blurred), 1)
    found = weighed.consistent(blurred, unsure, scan, ERROR)
    plain = scan.sampling.consistent(blurred, scan.scan, damping=(scan.passing_noise / ERROR) ** 2)
    assert np.std(found - truth) < 0.9 * np.std(plain - truth)


def test_between_known_and_unknown_the_share_grows(truth):
    scan, blurred = scan_of(truth), ndimage.gaussian_filter(truth, 2)
    misfit = float(np.sqrt(np.mean((scan.scan - scan.sampling.forward(blurred)) ** 2)))
    ratios = (weighed.KNOWN, (weighed.KNOWN + weighed.UNKNOWN) / 2, weighed.UNKNOWN)
    shares = [weighed._unknown(blurred, replace(scan, noise=misfit / ratio)) for ratio in ratios]
    np.testing.assert_allclose(shares, (0, 0.5, 1), atol=1e-3)


def test_weights_agree_with_a_dense_solution(monkeypatch):
    """The normal equations, with the operator as a matrix."""
    monkeypatch.setattr(weighed, "STEPS", 200)
    rng = np.random.default_rng(0)
    coarse, fine = (4, 4, 3), (8, 8, 9)
    scan = scan_of_shape(coarse, fine, rng)
    estimate, variance = (rng.uniform(0.5, 1, fine).astype(np.float32) for _ in range(2))
    units = np.eye(int(np.prod(fine)), dtype=np.float32).reshape(-1, *fine)
    operator = np.stack([scan.sampling.forward(unit).ravel() for unit in units], axis=1).astype(np.float64)
    weight = np.diag(variance.ravel().astype(np.float64))
    misfit = scan.scan.ravel() - operator @ estimate.ravel()
    gram = operator @ weight @ operator.T + scan.passing_noise**2 * np.eye(len(operator))
    expected = estimate.ravel() + weight @ operator.T @ np.linalg.solve(gram, misfit)
    np.testing.assert_allclose(weighed._explained(estimate, variance, scan).ravel(), expected, atol=2e-4)


def scan_of_shape(coarse, fine, rng) -> FineScan:
    step = np.array(coarse) / fine
    data = rng.uniform(0.5, 1, coarse).astype(np.float32)
    return FineScan.of(data, np.ones(coarse, bool), step=step, width=1.2 / step, noise=0.1, scale=1.0)
