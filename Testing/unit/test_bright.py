"""Bright spots of a T1w scan outlive the change of contrast; noise, coil field and grey matter stay as they are."""

from dataclasses import replace

import numpy as np
import pytest
from IQTLib.methods.networks.restore.bright import with_bright_spots
from IQTLib.physics.fine_scan import FineScan

SHAPE, SPOT, NOISE = (48, 48, 40), (24, 24, 20), 0.05
GRID = np.indices(SHAPE).astype(np.float32)
BRAIN = sum((g - n / 2) ** 2 for g, n in zip(GRID, SHAPE, strict=True)) < 18**2
GREY = BRAIN & (GRID[0] < 16)


def blob(width: float) -> np.ndarray:
    squared = sum((g - c) ** 2 for g, c in zip(GRID, SPOT, strict=True))
    return np.exp(-4 * np.log(2) * squared / width**2).astype(np.float32)


def problem(spot: np.ndarray | float = 0.0, field: np.ndarray | float = 1.0) -> tuple[FineScan, np.ndarray]:
    """A thick-slice scan in which grey matter is nearly white, and the high-field image without the spot."""
    high = np.where(GREY, 0.63, np.where(BRAIN, 1.0, 0.2)).astype(np.float32) * field
    low = np.where(GREY, 0.9, np.where(BRAIN, 1.0, 0.2)).astype(np.float32) * field + spot
    scan = FineScan.of(
        np.zeros((48, 48, 10), np.float32), np.ones((48, 48, 10), bool), step=np.array([1, 1, 0.25]),
        width=np.array([1.5, 1.5, 4.0]), noise=NOISE, scale=1.0, shape=SHAPE, transfer=True,
    )  # fmt: skip
    noise = NOISE * np.random.default_rng(3).standard_normal(scan.scan.shape)
    data = (scan.sampling.forward(low.astype(np.float32)) + noise).astype(np.float32)
    seen = FineScan(data, scan.data, BRAIN, scan.sampling, scan.width, NOISE, 1.0, scan.start, scan.step, 1.0, True)
    return seen, high.astype(np.float32)


@pytest.mark.parametrize(("width", "share"), [(6.0, 0.5), (10.0, 0.6)])
def test_a_spot_comes_back(width, share):
    scan, high = problem(0.35 * blob(width))
    gained = with_bright_spots(high, scan) - high
    assert (gained * blob(width)).sum() / (0.35 * blob(width) ** 2).sum() > share
    assert np.abs(gained[~BRAIN]).max() == 0


def test_noise_grey_matter_and_the_coil_are_left():
    field = (1 + 0.2 * np.sin(GRID[1] / 48 * np.pi)).astype(np.float32)
    scan, high = problem(field=field)
    gained = with_bright_spots(high, scan) - high
    assert np.abs(gained[GREY]).mean() < 0.1 * NOISE
    assert np.abs(gained[BRAIN]).mean() < 0.1 * NOISE


def test_a_dark_spot_and_an_empty_brain_change_nothing():
    scan, high = problem(-0.35 * blob(10.0))
    assert np.abs(with_bright_spots(high, scan) - high)[BRAIN].mean() < 0.1 * NOISE
    nowhere = replace(scan, mask=np.zeros(SHAPE, bool))
    assert with_bright_spots(high, nowhere) is high
