"""Matrices along axes: products without copies, wide filters, and depths below a surface, against scipy."""

import subprocess
import sys

import numpy as np
import pytest
from IQTLib import device
from IQTLib.image.axis import along, smoothed
from IQTLib.image.modality import depths_below_surface
from scipy import ndimage

SHAPE = (9, 14, 11)


def randomly(shape=SHAPE) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("axis", range(3))
def test_a_matrix_along_an_axis_is_a_tensor_product(axis, order):
    data, matrix = randomly(), np.random.default_rng(1).normal(size=(5, SHAPE[axis])).astype(np.float32)
    given = along(np.asarray(data, order=order), matrix, axis)
    wanted = np.moveaxis(np.tensordot(matrix, data, axes=(1, axis)), 0, axis)
    assert given.flags.c_contiguous
    np.testing.assert_allclose(given, wanted, atol=1e-5)


@pytest.mark.parametrize("mode", ["reflect", "constant"])
@pytest.mark.parametrize("sigma", [(0.5, 2.0, 0.7), (0.0, 30.0, 4.0)])
def test_a_smoothed_volume_is_that_of_scipys_filter(sigma, mode):
    data = randomly()
    wanted = ndimage.gaussian_filter(data, sigma, mode=mode, truncate=3)
    given = smoothed(data, sigma, mode=mode, truncate=3)
    assert given.dtype == np.float32
    np.testing.assert_allclose(given, wanted, atol=1e-6)


@pytest.mark.parametrize("mode", ["reflect", "constant"])
def test_a_part_is_smoothed_as_in_the_volume_that_is_zero_elsewhere(mode):
    box = slice(0, 5), slice(3, 9), slice(4, SHAPE[2])
    data = np.zeros(SHAPE, np.float32)
    data[box] = randomly()[box]
    wanted = smoothed(data, (2.0, 8.0, 0.0), mode=mode)[box]
    given = smoothed(data[box], (2.0, 8.0, 0.0), mode=mode, box=box, shape=SHAPE)
    np.testing.assert_allclose(given, wanted, atol=1e-6)


@pytest.mark.parametrize("inside", ["in the middle", "to the edge"])
def test_depths_are_those_in_the_whole_volume(inside):
    mask = np.zeros(SHAPE, bool)
    mask[2:8, 3:12, 0 if inside == "to the edge" else 2 : 9] = True
    mask[4, 5, 5] = False
    spacing = (1.0, 0.7, 3.0)
    wanted = ndimage.distance_transform_edt(mask, sampling=spacing)[mask]
    np.testing.assert_allclose(depths_below_surface(mask, spacing), wanted)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no files for GPUs")
def test_without_a_gpu_the_device_is_chosen_without_importing_torch(monkeypatch):
    told = "import sys; from IQTLib import device; device._may_have_gpu = lambda: {}; device.choose('auto')\n"
    told += "sys.exit('torch' in sys.modules)"
    codes = [subprocess.run([sys.executable, "-c", told.format(may)], check=False).returncode for may in (False, True)]
    assert codes == [0, 1]
    monkeypatch.setattr(device.os.path, "exists", lambda path: path == "/dev/nvidiactl")
    assert device._may_have_gpu()
