"""Networks with folded batch norms compute what the trained modules do, without touching them."""

import numpy as np
import pytest
import torch
from IQTLib.methods.base import Run
from IQTLib.methods.networks import windows
from IQTLib.methods.networks.ddl.network import DeepDictionary
from IQTLib.methods.networks.restore.network import RestoreNet
from IQTLib.methods.networks.unet.folded import FoldedUNet
from IQTLib.methods.networks.unet.network import AnisotropicUNet
from IQTLib.methods.networks.windows import Windows, estimate
from torch import nn

BUILDS = {
    "unet": lambda: AnisotropicUNet(4, 4),
    "unet, factor 2, without base": lambda: AnisotropicUNet(2, 2, residual=False),
    "unet, factor 8": lambda: AnisotropicUNet(8, 2),
    "ddl": lambda: DeepDictionary(8, 8),
    "ddl, literal, without base": lambda: DeepDictionary(8, 4, complement="literal", residual=False),
    "ddl along every axis": lambda: DeepDictionary(4, 8, (2, 2, 2), residual=False),
}


def trained(build) -> nn.Module:
    """A network whose batch norms have seen data: scales about 1, other shifts and statistics in every channel."""
    torch.manual_seed(0)
    network = build()
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm3d):
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.uniform_(norm.bias, -0.5, 0.5)
            norm.running_mean.uniform_(-0.3, 0.3)
            norm.running_var.uniform_(0.5, 2)
    if isinstance(network, DeepDictionary):
        network.store()
    return network.eval()


def volumes(network: nn.Module, batch: int = 2) -> torch.Tensor:
    """Edges that differ, so that no two axes are confused."""
    x, y, z = network.multiple
    return torch.rand(batch, 1, 2 * x, 3 * y, 2 * z)


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_folded_network_computes_the_same(build):
    network = trained(build)
    with torch.inference_mode():
        low = volumes(network)
        wanted, given = network(low), network.folded()(low)
    assert given.shape == wanted.shape
    torch.testing.assert_close(given, wanted, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_folded_network_in_bfloat16_computes_nearly_the_same(build):
    network = trained(build)
    with torch.inference_mode():
        low = volumes(network)
        wanted, given = network(low), network.folded(torch.bfloat16)(low)
        detail = wanted if network.base is None else wanted - network.base(low)
    assert given.dtype == torch.float32
    assert 0 < (given - wanted).norm() < 0.03 * detail.norm()


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_a_batch_of_one_or_of_another_memory_order_is_no_special_case(build):
    network = trained(build)
    with torch.inference_mode():
        low = volumes(network, 1)
        compute = network.folded()
        turned = low.to(memory_format=torch.channels_last_3d)
        torch.testing.assert_close(compute(turned), network(low), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_folding_and_computing_change_neither_network_nor_input(build, kind):
    network = trained(build)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with torch.inference_mode():
        low = volumes(network)
        kept, compute = low.clone(), network.folded(kind)
        once = compute(low)
        assert torch.equal(compute(low), once)
    assert torch.equal(low, kept)
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())
    assert all(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize("edges", [(16, 24, 8), (104, 16, 24)])
def test_folded_restoration_computes_the_same_in_one_or_several_pieces(edges, monkeypatch):
    from IQTLib.methods.networks.restore import folded

    monkeypatch.setattr(folded, "LEAST", 1)
    torch.manual_seed(0)
    network = RestoreNet((8, 12, 16), (1, 2, 1)).eval()
    for parameter in network.parameters():  # blocks begin as the identity
        nn.init.normal_(parameter, std=0.05)
    with torch.inference_mode():
        scan, known = torch.rand(1, 2, *edges), torch.randn(1, 6)
        kept, wanted = scan.clone(), network(scan, known)
        given = network.folded(known)(scan)
        short = network.folded(known, torch.bfloat16)(scan)
    assert torch.equal(scan, kept)
    torch.testing.assert_close(given, wanted, atol=1e-4, rtol=1e-4)
    assert short.dtype == torch.float32
    middle = wanted[:, :1] - scan[:, -1:]
    assert 0 < (short - wanted)[:, :1].norm() < 0.03 * middle.norm()
    assert (short[:, 1] <= short[:, 0]).all()
    assert (short[:, 0] <= short[:, 2]).all()


def test_unet_with_a_scale_below_zero_stays_as_it_is():
    """It would turn the maximum into a minimum; training from scales of 1 does not get there."""
    network = trained(BUILDS["unet"])
    with torch.no_grad():
        network.bottom.norm.weight[3] = -0.1
    assert network.folded() is network


def test_the_cpu_gets_the_folded_network_and_gives_what_the_modules_give(monkeypatch):
    network = trained(BUILDS["unet"])
    low = np.random.default_rng(0).uniform(0.5, 1.5, (48, 40, 10)).astype(np.float32)
    calls, kinds = [], []
    computed, folded = FoldedUNet.__call__, AnisotropicUNet.folded
    monkeypatch.setattr(FoldedUNet, "__call__", lambda self, x: calls.append(len(x)) or computed(self, x))

    def slid() -> np.ndarray:
        return estimate(network, low, factor=4, windows=Windows(32, 0.25), run=Run())

    for kind in (torch.bfloat16, torch.float32):
        monkeypatch.setattr(windows, "network_precision", lambda device, kind=kind: kind)
        monkeypatch.setattr(AnisotropicUNet, "folded", lambda self, kind: kinds.append(kind) or folded(self, kind))
        fast = slid()
    assert calls
    assert kinds == [torch.bfloat16, torch.float32]
    monkeypatch.setattr(AnisotropicUNet, "folded", lambda self, kind: self)
    np.testing.assert_allclose(fast, slid(), atol=1e-5, rtol=1e-4)
