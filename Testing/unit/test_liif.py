"""LIIF: size, queries against a plain loop, attention and edges, geometry of slices and volumes, what it warns of."""

import numpy as np
import pytest
import torch
from IQTLib.errors import InputError
from IQTLib.evaluation import planar
from IQTLib.events import Reporter
from IQTLib.image.noise import ScanNoise
from IQTLib.image.volume import Volume
from IQTLib.methods.any_scan import restored
from IQTLib.methods.base import Run
from IQTLib.methods.networks.liif.encoder import AttentionAndEdges, Sobel
from IQTLib.methods.networks.liif.method import Liif, LiifSettings
from IQTLib.methods.networks.liif.network import LIIF
from IQTLib.physics.fine_scan import FineScan
from scipy.ndimage import correlate

PUBLISHED = [({}, 1_423_878), ({"enlarge": 4}, 1_571_590), ({"enlarge": 4, "units": 256}, 1_723_910)]
WAVES = 0.06  # voxels, by which OpenCV's cubic kernel leaves a ramp
TINY = {"features": 4, "blocks": 1, "units": 8}


def interpolating(**changes) -> Liif:
    """A method whose network adds nothing to cubic interpolation: what is left is geometry."""
    method = Liif(LiifSettings(**TINY, residual=True, **changes))
    for parameter in method.network.function[-1].parameters():
        torch.nn.init.zeros_(parameter)
    return method


@pytest.mark.parametrize(("settings", "count"), PUBLISHED)
def test_models_have_the_published_number_of_parameters(settings, count):
    with torch.device("meta"):
        network = Liif(LiifSettings(**settings)).build()
        attended = Liif(LiifSettings(**settings, attention=True)).build()
    assert sum(p.numel() for p in network.parameters()) == count
    assert sum(p.numel() for p in attended.parameters()) == count + 225


def by_a_loop(network: LIIF, features: np.ndarray, place: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """The answer for one place, from features (27, H, W), as the paper has it."""
    size = np.array(features.shape[1:])
    centres = [(2 * np.arange(n) + 1) / n - 1 for n in size]
    answers, areas = {}, {}
    for x in (-1, 1):
        for y in (-1, 1):
            near = place + np.array([x, y]) / size
            i, j = (int(np.abs(c - p).argmin()) for c, p in zip(centres, near, strict=True))
            away = (place - [centres[0][i], centres[1][j]]) * size
            given = np.concatenate([features[:, i, j], away, cell * size])
            answers[x, y] = network.function(torch.tensor(given, dtype=torch.float32)).numpy()
            areas[x, y] = abs(away[0] * away[1])
    total = sum(areas.values())
    return sum(answers[x, y] * areas[-x, -y] / total for x, y in answers)


@torch.no_grad()
@pytest.mark.parametrize("enlarge", [2, 4])
def test_queries_are_those_of_a_plain_loop(enlarge):
    torch.manual_seed(0)
    network, rng = LIIF(**TINY, enlarge=enlarge), np.random.default_rng(0)
    slices = torch.rand(1, 1, 5, 7)
    features = network.encode(slices)
    assert features.shape == (1, 27, 5 * enlarge, 7 * enlarge)
    encoded = network.encoder((slices * 2 - 1).repeat(1, 3, 1, 1))[0].numpy()
    around = np.pad(encoded, ((0, 0), (1, 1), (1, 1)))
    _, h, w = encoded.shape
    unfolded = np.stack([around[c, i : i + h, j : j + w] for c in range(3) for i in range(3) for j in range(3)])
    np.testing.assert_array_equal(features[0].numpy(), unfolded)
    places = rng.uniform(-0.999, 0.999, (1, 60, 2))
    cells = rng.uniform(0.01, 0.5, (1, 60, 2))
    found = network.query(features, slices, *(torch.tensor(a, dtype=torch.float32) for a in (places, cells)))
    expected = [by_a_loop(network, unfolded, p, c) for p, c in zip(places[0], cells[0], strict=True)]
    np.testing.assert_allclose(found[0].numpy(), np.array(expected) / 2 + 0.5, atol=1e-4)


def test_attention_and_edges_are_trained_and_used():
    torch.manual_seed(0)
    network = LIIF(**TINY, attention=True)
    slices, places = torch.rand(2, 1, 8, 8), torch.rand(2, 9, 2) * 2 - 1
    cells = torch.full_like(places, 0.1)
    before = network(slices, places, cells).detach()
    fusion = network.fusion
    assert fusion.weights.tolist() == [1, 0, 0]
    for _ in range(2):  # the attention's own gradient is 0 until its weight is not
        network.zero_grad()
        (network(slices, places, cells) - 0.3).square().mean().backward()
        with torch.no_grad():
            for parameter in network.parameters():
                parameter -= 0.1 * parameter.grad
    assert (fusion.weights != torch.tensor([1.0, 0.0, 0.0])).all()
    assert all(head[2].bias.grad.abs().max() > 0 for head in fusion.attention.heads)
    assert any(head[0].weight.grad.abs().max() > 0 for head in fusion.attention.heads)  # some may be below their ReLU
    with torch.no_grad():
        fusion.weights.copy_(torch.tensor([1.0, 1.0, 1.0]))
        assert not torch.allclose(network(slices, places, cells), before, atol=1e-3)


@torch.no_grad()
def test_edges_are_sobels_and_a_fusion_of_nothing_else_is_the_image():
    image = np.random.default_rng(1).uniform(-1, 1, (6, 9))
    kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]) / 8
    expected = np.hypot(correlate(image, kernel, mode="nearest"), correlate(image, kernel.T, mode="nearest"))
    given = torch.tensor(image, dtype=torch.float32).repeat(1, 3, 1, 1)
    np.testing.assert_allclose(Sobel()(given)[0, 2].numpy(), expected, atol=2e-3)
    torch.testing.assert_close(AttentionAndEdges()(given), given)


@pytest.mark.parametrize("factor", [2, 4])
def test_slices_are_enlarged_over_the_same_field_of_view(factor):
    low = np.random.default_rng(2).uniform(0, 1, (9, 12)).astype(np.float32)
    found = interpolating().enlarge(low, (9 * factor, 12 * factor), Run())
    np.testing.assert_allclose(found, planar.bicubic(factor, low.shape).forward(low[..., None])[..., 0], atol=1e-5)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("shape", [(23, 31), (12, 70), (9, 12), (40, 12)])
def test_at_any_scale_a_pixel_shows_its_place(shape, axis):
    ramp = np.indices((9, 12))[axis].astype(np.float32)
    count, wanted = ramp.shape[axis], shape[axis]
    where = (np.arange(wanted) + 0.5) * count / wanted - 0.5
    inner = np.abs(where - (count - 1) / 2) < (count - 3) / 2
    found = interpolating().enlarge(ramp / 20, shape, Run()).mean(1 - axis) * 20
    np.testing.assert_allclose(found[inner], where[inner], atol=WAVES)


@pytest.mark.parametrize("spacing", [(4.0, 1.1, 0.9), (2.0, 2.0, 2.0), (1.2, 3.0, 1.5)])
def test_in_volumes_every_voxel_stays_at_its_place_in_the_world(spacing):
    """A scan whose intensities are voxel numbers, on an oblique grid: the result says which voxels it shows."""
    turned = np.linalg.qr(np.random.default_rng(3).standard_normal((3, 3)))[0]
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = turned * spacing, (-20, 30, 7)
    shape = tuple(int(9 / s) + 6 for s in spacing)
    mask = np.zeros(shape, bool)
    mask[2:-2, 2:-2, 2:-2] = True
    method = interpolating()
    for axis, ramp in enumerate(np.indices(shape).astype(np.float32)):
        result = restored(
            Volume(500 + ramp, affine), mask, method, noise=ScanNoise(0.0), width=spacing, scan_voxels=False, run=Run()
        ).volume
        where = np.indices(result.shape).reshape(3, -1)
        inside = (np.linalg.inv(affine) @ result.affine @ np.vstack([where, np.ones(where.shape[1])]))[:3]
        core = np.all([(i > 2.5) & (i < n - 3.5) for i, n in zip(inside, shape, strict=True)], axis=0)
        assert core.sum() > 100
        np.testing.assert_allclose(result.data.ravel()[core] - 500, inside[axis][core], atol=WAVES)


def scan_of(shape, step, noise=0.0):
    data = np.random.default_rng(4).uniform(0.5, 1.5, shape).astype(np.float32)
    width = 1 / np.array(step)
    return FineScan.of(data, np.ones(shape, bool), step=np.array(step), width=width, noise=noise)


@pytest.mark.parametrize(
    ("step", "noise", "told"),
    [
        ((1.0, 1.0, 0.1), 0.0, "the scan is enlarged 1.0 x 1.0 x 10.0 times"),
        ((0.2, 0.2, 0.2), 0.0, "the scan is enlarged 5.0 x 5.0 x 5.0 times"),
        ((1.0, 1.0, 0.5), 0.1, "noise is 9.7 % of the brain's mean, but the model was trained without noise"),
        ((1.0, 1.0, 0.2), 0.01, ""),
    ],
)
def test_what_it_was_not_trained_for_is_told(step, noise, told):
    heard = []
    report = Reporter(lambda event: heard.append(event.message) if event.kind == "warning" else None)
    estimate = interpolating().restore_scan(scan_of((8, 9, 7), step, noise), Run("cpu", report))
    assert np.isfinite(estimate).all()
    assert [text[: len(told)] for text in heard] == [told] * bool(told)


def test_planes_that_are_too_small_are_one_line():
    with pytest.raises(InputError, match="planes of a scan of 8 x 9 x 4 voxels are too small for LIIF: it needs 5"):
        interpolating().restore_scan(scan_of((8, 9, 4), (1.0, 1.0, 0.5)), Run())
