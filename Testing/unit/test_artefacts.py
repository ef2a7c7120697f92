"""No seams, no halo, no invented bright points: shipped networks on a real scan at 64 mT."""

import numpy as np
import pytest
from IQTLib.evaluation.artefacts import halo, seam, unseen_points
from IQTLib.image import grid
from IQTLib.image.volume import Volume, read
from IQTLib.models.store import load
from IQTLib.pipeline import enhance
from scipy.ndimage import binary_erosion, binary_fill_holes, gaussian_filter


@pytest.fixture
def scan() -> tuple[np.ndarray, np.ndarray]:
    data = 1 + 0.1 * gaussian_filter(np.random.default_rng(0).standard_normal((40, 40, 40)), 2)
    mask = np.zeros(data.shape, bool)
    mask[8:32, 8:32, 8:32] = True
    return data, mask


def test_a_step_between_windows_is_a_seam(scan):
    data, mask = scan
    assert seam(data, data, mask) == 0
    assert seam(data, data + 0.03 * (np.arange(40) > 20)[:, None], mask) == pytest.approx(0.03, rel=0.05)
    assert seam(data, data + 0.03 * np.sin(np.arange(40) / 5), mask) < 0.01  # a smooth difference is none


def test_darkness_around_the_brain_is_a_halo(scan):
    data, mask = scan
    assert halo(data, data, mask) == 0
    assert halo(np.where(mask, data, data - 0.2), data, mask) == pytest.approx(-0.2, rel=0.1)


def test_a_point_that_the_scan_does_not_have_is_found(scan):
    data, mask = scan
    point = np.zeros_like(data)
    point[20, 20, 20] = 1
    assert unseen_points(data + point, data, mask) == 1
    assert unseen_points(data + point, data + 0.5 * point, mask) == 0
    assert unseen_points(data + 0.1 * point, data, mask) == 0


@pytest.fixture(scope="module")
def at_64_mt(shared_data) -> tuple[Volume, np.ndarray]:
    """Ten slices of a part of a head, which end in the brain on four sides, and its mask."""
    volume = read(shared_data / "sub-lowfield64mT" / "anat" / "sub-lowfield64mT_T1w.nii.gz")
    first, last = np.array([12, 14, 16]), np.array([64, 84, 26])
    affine = grid.sub_affine(volume.affine, first, np.ones(3))
    data = volume.data[tuple(slice(a, b) for a, b in zip(first, last, strict=True))]
    head = binary_fill_holes(gaussian_filter(data, 1) > 0.25 * np.percentile(data, 95))
    return Volume(data, affine), binary_erosion(head, np.ones((3, 3, 1)), iterations=4, border_value=0)


@pytest.mark.parametrize(("model", "window"), [("iqt-any", 0), ("unet-t1w-x4", 64), ("ddl-t1w-x4", 0)])
def test_no_network_adds_seams_halos_or_points(at_64_mt, model, window):
    volume, mask = at_64_mt
    result = enhance(volume, mask=mask, model=model).volume
    scan = grid.on_grid(volume, result)
    inside = grid.on_grid(volume.with_data(mask.astype(np.float32)), result) > 0.5
    assert abs(halo(result.data, scan, inside)) < 0.03
    assert unseen_points(result.data, scan, inside) <= 5
    if window:
        otherwise = enhance(volume, mask=mask, model=load(model, options={"window": window})).volume
        assert seam(result.data, otherwise.data, inside) < 0.015
