"""Edges of two sequences of one person: blur across slices and misplacement cost agreement, contrast does not."""

import numpy as np
import pytest
from IQTLib.evaluation.agreement import edge_agreement, registered
from IQTLib.image.volume import Volume
from scipy import ndimage

SHAPE = (48, 48, 48)


@pytest.fixture(scope="module")
def anatomy() -> Volume:
    rng = np.random.default_rng(2)
    field = sum(ndimage.gaussian_filter(rng.standard_normal(SHAPE), s) * s**1.5 for s in (2, 5))
    head = sum((x / 24 - 1) ** 2 for x in np.ogrid[:48, :48, :48]) < 0.7
    return Volume(np.where(head, 100 + 60 * (field > 0), 0).astype(np.float32), np.eye(4))


@pytest.fixture(scope="module")
def sharp(anatomy) -> Volume:
    """Slices of 4 mm along i, of another contrast."""
    other = np.select([anatomy.data > 130, anatomy.data > 50], [60, 140], 0).astype(np.float32)
    return Volume(other.reshape(12, 4, 48, 48).mean(1), np.diag([4.0, 1, 1, 1]) + np.eye(4, k=3) * 1.5)


def test_what_was_blurred_agrees_less_and_contrast_does_not_matter(anatomy, sharp):
    inside = sharp.data > 0
    whole = edge_agreement(anatomy, sharp, inside, 0)
    blurred = anatomy.with_data(ndimage.gaussian_filter(anatomy.data, (0, 0, 2)))
    assert edge_agreement(anatomy.with_data(300 - 2 * anatomy.data), sharp, inside, 0) == pytest.approx(whole, abs=1e-4)
    assert edge_agreement(blurred, sharp, inside, 0) < 0.9 * whole
    away = Volume(anatomy.data, anatomy.affine + np.eye(4, k=3) * 6)
    assert edge_agreement(away, sharp, inside, 0) < 0.7 * whole


@pytest.mark.parametrize("degrees", [4, 18])
def test_a_turned_head_is_found(anatomy, sharp, degrees):
    turn = np.deg2rad(degrees)
    moved = np.eye(4)
    moved[1:3, 1:3] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    moved[:3, 3] = 2.0, -1.5, 1.0
    found = registered(Volume(anatomy.data, moved @ anatomy.affine), sharp, (anatomy.data > 0, sharp.data > 0))
    corners = np.array([[8, 8, 8, 1], [40, 8, 24, 1], [24, 40, 40, 1]]).T
    assert np.abs(found.affine @ corners - anatomy.affine @ corners).max() < 1
