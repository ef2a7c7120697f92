"""Networks in pieces that memory holds: the restoration's slabs, as windows in test_windows.py."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from IQTLib.errors import InputError
from IQTLib.events import Reporter
from IQTLib.methods.base import Run
from IQTLib.methods.networks.restore import windows
from IQTLib.methods.networks.restore.network import INPUTS, KNOWN, RestoreNet
from IQTLib.training.calibration import calibrate
from lightning.pytorch.plugins.layer_sync import TorchSyncBatchNorm
from torch import nn


class Short(RestoreNet):
    """A small restoration network, of random weights, with memory for `most` planes."""

    most = 1000
    reach = 48  # enough for a block on each level

    def folded(self, known: torch.Tensor, kind: torch.dtype) -> Callable[[torch.Tensor], torch.Tensor]:
        compute = super().folded(known, kind)

        def within(scan: torch.Tensor) -> torch.Tensor:
            if scan.shape[2] > self.most:
                raise MemoryError
            return compute(scan)

        return within


@pytest.fixture
def network() -> Short:
    torch.manual_seed(0)
    made = Short((4, 4, 4), (1, 1, 1))
    for parameter in made.parameters():
        nn.init.normal_(parameter, std=0.1)
    return made


@pytest.fixture
def scan() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(INPUTS, 176, 8, 8)).astype(np.float32)


def test_slabs_are_halved_until_they_fit_and_meet_without_a_seam(network, scan):
    told, known = [], np.zeros(KNOWN, np.float32)
    run = Run(report=Reporter(lambda event: told.append(event.message)))
    expected = windows.whole(network, scan, known, run)
    network.most = 130
    np.testing.assert_allclose(windows.whole(network, scan, known, run), expected, atol=1e-5)
    assert [line for line in told if "memory" in line] == [
        "out of memory: continuing with 11 times 8 planes at a time",
        "out of memory: continuing with 5 times 8 planes at a time",
        "out of memory: continuing with 2 times 8 planes at a time",
    ]


@pytest.mark.parametrize("most", [2**26, 140 * 64])
def test_the_output_is_the_mean_over_flips_of_the_scan(network, scan, most):
    def turned(axes: tuple[int, ...]) -> np.ndarray:
        own = tuple(axis + 1 for axis in axes)
        return np.flip(windows.whole(network, np.flip(scan, own).copy(), known, Run()), own)

    known = np.zeros(KNOWN, np.float32)
    each = [turned(axes) for axes in ((), (0, 1, 2), (0,), (1, 2))]
    for count in (1, 2, 4):
        found = windows.whole(network, scan, known, Run(), flips=count, most=most)
        np.testing.assert_allclose(found, np.mean(each[:count], axis=0), atol=1e-5)
    assert np.abs(each[1] - each[0]).max() > 0.01


@pytest.mark.parametrize(("most", "slabs"), [(176 * 64, 1), (176 * 64 - 1, 3)])
def test_a_volume_that_may_be_whole_is_not_cut(network, scan, most, slabs, monkeypatch):
    """Each slab costs the voxels of its neighbours once more."""
    seen = []
    monkeypatch.setattr(network, "folded", lambda known, kind: lambda part: seen.append(part.shape[2]) or part[:, :1])
    windows.whole(network, scan, np.zeros(KNOWN, np.float32), Run(), most=most)
    assert len(seen) == slabs


@pytest.mark.parametrize("blocks", [(1, 1, 1), (1, 2, 3), (2, 2, 3)])
def test_slabs_of_any_network_agree_with_the_whole_to_the_last_digit(blocks):
    torch.manual_seed(0)
    network = RestoreNet((4, 4, 4), blocks).double()
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.3)
    scan = torch.randn(1, INPUTS, 272, 8, 8, dtype=torch.double)
    known = torch.zeros(1, KNOWN, dtype=torch.double)
    with torch.no_grad():
        expected = network(scan, known)[:, :, :8]
        torch.testing.assert_close(network(scan[:, :, : 8 + network.reach], known)[:, :, :8], expected, rtol=0, atol=0)
        less = network(scan[:, :, :24], known)[:, :, :8]
    assert not torch.equal(less, expected)


def test_a_cpu_without_memory_for_the_thinnest_slab_is_reported_what_to_do(network, scan):
    network.most = 0
    with pytest.raises(InputError, match="out of memory: close other programs, or crop the scan"):
        windows.whole(network, scan, np.zeros(KNOWN, np.float32), Run())


def test_batch_normalisation_that_several_gpus_shared_is_calibrated_too():
    """What lightning puts back after training is no `nn.BatchNorm3d`."""
    shared = TorchSyncBatchNorm()
    network = shared.revert(shared.apply(nn.Sequential(nn.BatchNorm3d(1))))
    assert type(network[0]) is not nn.BatchNorm3d
    batches = [3 + torch.randn(4, 1, 8, 8, 2, generator=torch.Generator().manual_seed(n)) for n in range(5)]
    calibrate(network, batches, seed=0)
    assert network[0].running_mean.item() == pytest.approx(np.mean([batch.mean() for batch in batches]), rel=1e-5)
