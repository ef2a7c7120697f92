"""The restoration network: folding voxels, the identity at the start, agreement of windows, order of the quantiles."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from IQTLib.data.degraded_pairs import DegradedPairs
from IQTLib.data.drawn_anatomy import LowFieldContrast
from IQTLib.data.fine_brain import FineBrain
from IQTLib.data.scanning import Scanning, scan_of
from IQTLib.methods.base import Run
from IQTLib.methods.networks.restore import windows
from IQTLib.methods.networks.restore.method import LEAST_NOISE, Restore
from IQTLib.methods.networks.restore.network import INPUTS, KNOWN, RestoreNet, shuffled, unshuffled
from IQTLib.physics.fine_scan import FineScan
from IQTLib.training.sampler import PatchBatches

SMALL = {"channels": (4, 6, 8), "blocks": (1, 1, 1)}


def trained_like(seed: int = 0) -> RestoreNet:
    """A small network with all weights random, as after training."""
    torch.manual_seed(seed)
    network = RestoreNet(**SMALL)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(0.2 * torch.randn(parameter.shape))
    return network.eval()


def test_shuffling_undoes_unshuffling():
    volume = torch.randn(2, 3, 4, 6, 8)
    folded = unshuffled(volume)
    assert folded.shape == (2, 24, 2, 3, 4)
    assert torch.equal(shuffled(folded), volume)
    assert torch.equal(folded[:, :8, 0, 0, 0].reshape(2, 2, 2, 2), volume[:, 0, :2, :2, :2])


def test_an_untrained_network_is_near_the_interpolation():
    torch.manual_seed(1)
    scan = torch.rand(1, INPUTS, 16, 16, 16)
    middle = RestoreNet(**SMALL)(scan, torch.zeros(1, KNOWN))[:, :1]
    assert (middle - scan[:, -1:]).abs().mean() < 0.1


@torch.no_grad()
def test_quantiles_lie_on_both_sides():
    scan, code = torch.randn(2, INPUTS, 16, 16, 16), torch.randn(2, KNOWN)
    middle, lower, upper = trained_like()(scan, code).unbind(1)
    assert (lower <= middle).all()
    assert (upper >= middle).all()


@torch.no_grad()
def test_windows_agree_where_they_see_the_same():
    """No normalisation, so no seams: a window gives what the whole volume gives, away from its borders."""
    network = trained_like()
    whole, code = torch.randn(1, INPUTS, 96, 16, 16), torch.randn(1, KNOWN)
    part = network(whole[:, :, :80], code)
    torch.testing.assert_close(part[:, :, :24], network(whole, code)[:, :, :24], atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_what_is_known_of_the_scan_matters():
    network, scan = trained_like(), torch.randn(1, INPUTS, 16, 16, 16)
    assert not torch.allclose(network(scan, torch.zeros(1, KNOWN)), network(scan, torch.ones(1, KNOWN)))


def brain(edge: int = 72) -> FineBrain:
    grid = np.indices((edge,) * 3) - edge / 2
    radius = np.sqrt((grid**2).sum(0))
    tissue = np.select([radius < 20, radius < 26, radius < 29], [1.0, 0.7, 0.3], 0.0)
    return FineBrain("ball", tissue.astype(np.float32), radius < 29, (0.3, 0.7, 1.0), (1.0, 1.0, 1.0))


def batches(brains: list[FineBrain], seed: int = 3) -> PatchBatches:
    return PatchBatches(DegradedPairs(brains, patch=16), seed=seed, first=0, last=9, batch=2, people=1)


def test_pairs_depend_on_seed_step_and_subject_alone():
    one = batches([brain()]).at(5)
    tensors = ("scan", "truth", "inside", "known")
    assert all(torch.equal(one[name], batches([brain()]).at(5)[name]) for name in tensors)
    assert not torch.equal(one["scan"], batches([brain()]).at(6)["scan"])
    assert not torch.equal(one["scan"], batches([brain()], seed=4).at(5)["scan"])
    assert one["truth"].shape == one["inside"].shape == (2, 1, 16, 16, 16)
    assert one["scan"].shape == (2, INPUTS, 16, 16, 16)
    assert one["known"].shape == (2, KNOWN)
    assert all(torch.isfinite(one[name]).all() for name in tensors)


def test_two_of_three_pairs_of_t1w_brains_get_the_contrast_of_high_field():
    """There the scan has less contrast than the truth; in all others, and without tissue maps, they share it."""
    plain, rng = brain(), np.random.default_rng(1)
    maps = np.stack([np.isclose(plain.data, level) for level in plain.tissues]).astype(np.uint8) * 255
    pairs = DegradedPairs([replace(plain, maps=maps)], patch=16)
    asked = [bool(pairs.pair(0, rng)["known"][5]) for _ in range(30)]
    assert 10 < sum(asked) < 28
    assert not any(DegradedPairs([plain], patch=16).pair(0, rng)["known"][5] for _ in range(5))


def test_low_field_contrast_brings_grey_matter_nearer_to_white():
    plain = brain()
    maps = np.stack([np.isclose(plain.data, level) for level in plain.tissues]).astype(np.uint8) * 255
    for seed in range(5):
        low = LowFieldContrast.draw(plain.tissues, np.random.default_rng(seed)).of(plain.data, maps)
        levels = [np.median(low[maps[tissue] > 0]) for tissue in range(3)]
        assert levels[0] < levels[1] < levels[2] == pytest.approx(1, abs=0.01)
        assert 1.04 < levels[2] / levels[1] < 1.62


def test_low_field_weakens_dark_lesions_as_grey_matter_and_leaves_bright_ones():
    plain = brain()
    maps = np.stack([np.isclose(plain.data, level) for level in plain.tissues]).astype(np.uint8) * 255
    change = np.zeros_like(plain.data)
    change[30:34, 36, 36], change[38:42, 36, 36] = plain.tissues[1] - plain.tissues[2], 0.4
    contrast = replace(LowFieldContrast.draw(plain.tissues, np.random.default_rng(0)), soft=0.01)
    low = contrast.of(plain.data + change, maps, change)[30:42, 36, 36]
    assert low[:4] == pytest.approx(contrast.grey * plain.tissues[1])
    assert low[4:8] == pytest.approx(1)
    assert low[8:] == pytest.approx(1.4)


def test_a_perfect_scanner_returns_the_truth():
    fine = brain()
    how = Scanning((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), noise=0.0)
    scan = scan_of(fine.data, fine.mask, fine.width, how, np.random.default_rng(0)).data
    np.testing.assert_allclose(scan, fine.data, atol=1e-5)


def test_a_simulated_scan_keeps_the_position_of_its_anatomy():
    """The centre of mass of a blurred, sampled and interpolated ball stays, whatever spacing and phase."""
    fine, rng = brain(), np.random.default_rng(2)
    where = np.indices(fine.data.shape).reshape(3, -1)
    centre = (where * fine.data.ravel()).sum(1) / fine.data.sum()
    for _ in range(4):
        how = Scanning((1.3, 1.6, 5.0), (1.5, 1.9, 5.0), tuple(rng.uniform(0, 1, 3)), noise=0.0)
        low = scan_of(fine.data, fine.mask, fine.width, how, rng)
        scan = FineScan.of(
            low.data, low.mask, step=low.step, width=how.width, noise=0.0, scale=1.0, start=low.start,
            shape=fine.data.shape,
        ).data  # fmt: skip
        np.testing.assert_allclose((where * scan.ravel()).sum(1) / scan.sum(), centre, atol=0.15)


def test_noise_is_rician_with_the_stated_sigma():
    fine, rng = brain(), np.random.default_rng(4)
    how = Scanning((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), noise=0.05)
    scan = scan_of(fine.data, fine.mask, fine.width, how, rng).data
    inside = fine.data == 1.0
    assert abs((scan - fine.data)[inside].std() - 0.05) < 0.002
    assert abs(scan[fine.data == 0].mean() - 0.05 * np.sqrt(np.pi / 2)) < 0.002


def fine_scan(noise: float | None) -> FineScan:
    scan = np.ones((8, 8, 8), np.float32)
    return FineScan.of(scan, scan > 0, step=np.ones(3), width=np.ones(3), noise=noise)


@pytest.mark.parametrize(
    ("noise", "shared", "told"), [(0.01, 1.0, 0.05), (0.02, 4.0, 0.05), (0.08, 1.0, 0.08), (None, 1.0, None)]
)
def test_less_noise_than_real_scans_have_is_not_believed(noise, shared, told):
    seen = replace(fine_scan(noise), shared=shared).with_noise_of_at_least(LEAST_NOISE)
    assert (seen.noise is None) if told is None else (seen.passing_noise == pytest.approx(told))


def test_the_network_is_told_the_least_noise_and_the_scan_stays(monkeypatch):
    method, told = Restore(), []

    def estimated(network, stack, known, run, *, flips):
        told.append(known)
        return np.repeat(stack[:1], 3, axis=0)

    monkeypatch.setattr(windows, "whole", estimated)
    quiet, least = (fine_scan(noise) for noise in (0.005, LEAST_NOISE))
    method.restore_scan(quiet, Run())
    assert np.array_equal(told[0], least.known)
    assert quiet.noise == 0.005


def test_unknown_noise_is_reported_as_unknown():
    np.testing.assert_array_equal(fine_scan(None).known, [0, 0, 0, 0, 0, 0])
    assert fine_scan(0.03).known[4] == 1


def test_noise_is_reported_the_same_however_a_scan_is_resampled():
    fine, rng = brain(), np.random.default_rng(9)
    how = Scanning((1.6, 1.6, 5.0), (1.9, 1.9, 5.0), (0.2, 0.4, 0.1), noise=0.05)
    told = []
    for scanning in (how, replace(how, resampled=True)):
        low = scan_of(fine.data, fine.mask, fine.width, scanning, rng)
        scan = FineScan.of(
            low.data, low.mask, step=low.step, width=how.width, noise=low.noise, shared=low.shared, start=low.start,
            shape=fine.data.shape,
        )  # fmt: skip
        told.append(scan.known[3])
    assert told[0] == pytest.approx(told[1], abs=0.05)
