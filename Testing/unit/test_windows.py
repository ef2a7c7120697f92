"""Whole volumes by windows: no seams, any size, and an answer when memory runs out."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from IQTLib import device
from IQTLib.errors import CancelledError, InputError
from IQTLib.events import Event, Reporter
from IQTLib.image.axis import upsample_slices
from IQTLib.image.volume import Volume
from IQTLib.methods.base import LowField, Run
from IQTLib.methods.networks import placing, windows
from IQTLib.methods.networks.ddl.method import DDL, DDLSettings
from IQTLib.methods.networks.layers import CubicUpsample
from IQTLib.methods.networks.surroundings import RIM
from IQTLib.methods.networks.unet.method import UNet, UNetSettings
from IQTLib.methods.networks.windows import Windows, estimate
from IQTLib.models.store import Model, load
from IQTLib.physics.acquisition import SliceProfile
from IQTLib.pipeline import enhance
from torch import nn

SMALL = Windows(edge=32, overlap=0.125)
OVERLAPS = [0.0, 0.125, 0.5]


class StandIn(nn.Module):
    """A network whose answer is known: cubic interpolation, plus whatever `also` does."""

    multiple, memory = (16, 16, 4), 1

    def __init__(self, also=None) -> None:
        super().__init__()
        self.base, self.also = CubicUpsample(4), also
        self.batches: list[int] = []

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        self.batches.append(len(low))
        if self.also is not None:
            self.also(low)
        return self.base(low)


class Dark(StandIn):
    """Gives half of what interpolation does."""

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        return 0.5 * super().forward(low)


def whole(network: nn.Module, low: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return network.eval()(torch.from_numpy(low)[None, None])[0, 0].numpy()


def listening() -> tuple[Run, list[Event]]:
    events: list[Event] = []
    return Run(report=Reporter(events.append)), events


def randomly(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(0).uniform(0.5, 1.5, shape).astype(np.float32)


def slid(network: nn.Module, low: np.ndarray, *, cut: Windows = SMALL, run: Run | None = None) -> np.ndarray:
    return estimate(network, low, factor=4, windows=cut, run=run or Run())


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_constant_volume_stays_constant(overlap):
    high = slid(StandIn(), np.ones((70, 45, 23), np.float32), cut=Windows(32, overlap))
    np.testing.assert_allclose(high, 1, atol=1e-5)


@pytest.mark.parametrize("shape", [(64, 64, 8), (33, 47, 5), (5, 7, 3), (100, 20, 1), (32, 32, 9), (40, 40, 2)])
def test_any_shape_gives_four_times_the_slices(shape):
    low = randomly(shape)
    high = slid(StandIn(), low)
    assert high.shape == (*shape[:2], 4 * shape[2])
    assert high.dtype == np.float32
    np.testing.assert_allclose(high[..., ::4], low, atol=1e-5)  # measured slices, in their place


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_windows_in_plane_do_not_show(overlap):
    """The stand-in looks along the slices only, and a window holds them all: it equals the whole volume."""
    low = randomly((75, 50, 8))
    np.testing.assert_allclose(slid(StandIn(), low, cut=Windows(32, overlap)), whole(StandIn(), low), atol=1e-5)


def test_windows_of_nothing_are_not_computed():
    low, all_of_them, few = np.zeros((128, 128, 8), np.float32), StandIn(), StandIn()
    low[40:60, 40:60] = randomly((20, 20, 8))
    slid(all_of_them, low + 1)
    high = slid(few, low)
    assert 0 < sum(few.batches) < sum(all_of_them.batches) / 2
    np.testing.assert_allclose(high, whole(StandIn(), low), atol=1e-5)


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_windows_cover_every_voxel_of_a_brain_and_fewer_than_its_box(overlap):
    """An ellipsoid, as brains are about: every voxel lies in a window, and there are fewer than of a box around it."""
    size = (16, 16, 8)
    x, y, z = np.ogrid[-1:1:90j, -1:1:110j, -1:1:50j]
    busy = x**2 + y**2 + z**2 < 0.9
    found = windows.covering(busy, size, overlap)
    covered = np.zeros_like(busy)
    for corner in found:
        assert all(0 <= first <= n - edge for first, n, edge in zip(corner, busy.shape, size, strict=True))
        covered[windows._box(corner, size)] = True
    assert covered[busy].all()
    whole_box = windows.covering(np.ones_like(busy), size, overlap)
    assert len(found) < 0.8 * len(whole_box)


def test_windows_cover_a_little_more_than_the_brain_where_the_volume_has_it():
    busy = np.zeros(100, bool)
    busy[10:60] = True
    found = windows.starts(busy, 16, 0.25)
    assert (found[0], found[-1] + 16) == (10 - windows.NEAR, 60 + windows.NEAR)
    busy[:] = True
    found = windows.starts(busy, 16, 0.25)
    assert (found[0], found[-1] + 16) == (0, 100)


def test_a_brain_smaller_than_a_window_lies_in_its_middle():
    busy = np.zeros(100, bool)
    busy[50:60] = True
    assert windows.starts(busy, 32, 0.25) == [39]
    busy[:] = False
    busy[:3] = True
    assert windows.starts(busy, 32, 0.25) == [0]
    assert windows.starts(np.zeros(100, bool), 32, 0.25) == []


def test_nothing_but_zeros_stays_zeros():
    network = StandIn()
    high = slid(network, np.zeros((40, 40, 8), np.float32))
    assert high.shape == (40, 40, 32)
    assert not high.any()
    assert network.batches == []


def test_volume_of_one_window_is_the_network_itself():
    torch.manual_seed(0)
    network, low = UNet(UNetSettings(filters=2)).network, randomly((32, 32, 8))
    np.testing.assert_allclose(slid(network, low), whole(network, low), atol=1e-4)


def test_windows_that_disagree_by_one_meet_in_a_slope_without_a_step():
    """Windows of 48, every second one brighter by 1: with MONAI's own weights the largest step was 0.5."""

    class Disagreeing(StandIn):
        def forward(self, low: torch.Tensor) -> torch.Tensor:
            return super().forward(low) + (low[:, :, 0, 0, 0] % 2)[..., None, None, None]

    low = np.zeros((84, 48, 4), np.float32)
    low[:] = np.arange(84, dtype=np.float32)[:, None, None] // 36  # 0 where the first window begins, 1 at the second
    low += 2
    steps = np.diff(slid(Disagreeing(), low, cut=Windows(48, 0.25)) - whole(StandIn(), low), axis=0)
    assert np.abs(steps).max() < 0.15


def test_a_scan_that_ends_in_the_brain_goes_on_beyond_its_end():
    """Zeros there, as if the brain ended, made the U-Net darken the last slices of 10 by 90 %."""

    class Seeing(StandIn):
        def forward(self, low: torch.Tensor) -> torch.Tensor:
            assert torch.equal(low[..., 10:], low[..., 9:10].expand_as(low[..., 10:]))
            return super().forward(low)

    low = randomly((32, 32, 10))
    np.testing.assert_allclose(slid(Seeing(), low, cut=Windows(48, 0.25)), whole(StandIn(), low), atol=1e-5)


@pytest.mark.parametrize("settings", [{"window": 32}, {"window": 32, "overlap": 0.5}])
def test_there_are_no_seams_at_the_borders_of_windows(settings):
    """A network of random weights is the worst case: nothing has taught it to agree with itself at borders."""
    torch.manual_seed(0)
    method = UNet(UNetSettings(filters=2, **settings))
    low = randomly((80, 32, 8))
    high = slid(method.network, low, cut=Windows(method.settings.window, method.settings.overlap))
    steps = np.abs(np.diff(high, axis=0)).mean(axis=(1, 2))
    start = round(32 * (1 - method.settings.overlap))
    borders = sorted({edge for first in (start, 2 * start, 80 - 32) for edge in (first, first + 32) if 0 < edge < 80})
    elsewhere = np.delete(steps[2:-2], [border - 3 for border in borders if 2 < border < 77])
    assert max(steps[border - 1] for border in borders) <= np.percentile(elsewhere, 99) * 1.2


# Memory


def failing_above(most: int, error: Exception):
    def check(low: torch.Tensor) -> None:
        if len(low) > most:
            raise error

    return check


@pytest.fixture
def _much_memory(monkeypatch):
    monkeypatch.setattr(windows, "memory", lambda device: (2**40, 2**40))
    monkeypatch.setattr(windows, "CACHED", 4 * 32**3)


@pytest.mark.usefixtures("_much_memory")
@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
    ids=["torch", "python", "allocator"],
)
def test_out_of_memory_halves_the_batch_and_continues(error):
    network, (run, events) = StandIn(failing_above(1, error)), listening()
    low = randomly((70, 70, 8))
    np.testing.assert_allclose(slid(network, low, run=run), whole(StandIn(), low), atol=1e-5)
    assert network.batches[:3] == [4, 2, 1]
    assert set(network.batches[2:]) == {1}
    assert [event.message for event in events if event.kind == "log"] == [
        "out of memory: continuing with 2 windows at a time",
        "out of memory: continuing with 1 windows at a time",
    ]


def test_out_of_memory_with_one_window_says_what_to_do():
    network = StandIn(failing_above(0, torch.OutOfMemoryError("out of memory")))
    with pytest.raises(InputError, match="close other programs, or choose smaller windows"):
        slid(network, randomly((40, 40, 8)))


class OnAGPU(nn.Module):
    """A real network, as it were on a GPU without memory; copies of it are where they are."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network, self.multiple, self.memory = network, network.multiple, network.memory
        self.original, self.moves = id(self), []

    def to(self, *place, **how):
        self.moves += place
        return self

    def forward(self, low: torch.Tensor) -> torch.Tensor:
        if id(self) == self.original:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.network(low)


def test_a_gpu_too_small_for_one_window_leaves_its_network_where_it_is(monkeypatch):
    """What validates on the CPU for want of memory goes on training on the GPU: every weight must still be there."""
    torch.manual_seed(0)
    unet = UNet(UNetSettings(filters=2)).network
    network, low, weights = OnAGPU(unet), randomly((40, 40, 8)), [*unet.parameters()]
    monkeypatch.setattr(windows, "memory", lambda device: (2**40, 2**40))
    monkeypatch.setattr(windows, "network_precision", lambda device: torch.float32)
    for module in (placing, device):
        monkeypatch.setattr(module, "free_cached", lambda device: None)
    slide = windows._slide  # there is no GPU to hand the windows to
    monkeypatch.setattr(windows, "_slide", lambda *given: slide(*given[:-1], Run("cpu", given[-1].report)))
    run, events = listening()
    high = slid(network, low, run=Run("cuda:0", run.report))
    np.testing.assert_allclose(high, slid(unet, low), atol=1e-5)
    assert network.moves == ["cuda:0"]
    assert all(one is other and one.requires_grad for one, other in zip(weights, unet.parameters(), strict=True))
    logs = [event.message for event in events if event.kind == "log"]
    assert logs[-1] == "out of memory: continuing with 1 windows at a time"
    assert [event.message for event in events if event.kind == "warning"] == [
        "cuda:0 has too little memory for the network: falling back to the CPU"
    ]


def test_a_copy_on_the_cpu_shares_nothing_with_its_network():
    torch.manual_seed(0)
    for network in (UNet(UNetSettings(filters=2)).network, DDL(DDLSettings(atoms=4, filters=4)).network):
        low = torch.from_numpy(randomly((16, 16, 4)))[None, None]
        copy = placing.copied_to_cpu(network)
        with torch.inference_mode():
            before = network.eval()(low)
            assert torch.equal(copy.eval()(low), before)
            for tensor in copy.state_dict().values():
                tensor.zero_()
            assert torch.equal(network(low), before)


def test_other_errors_are_not_taken_for_memory():
    with pytest.raises(RuntimeError, match="a real fault"):
        slid(StandIn(failing_above(0, RuntimeError("a real fault"))), randomly((32, 32, 8)))


def test_little_free_memory_means_single_windows(monkeypatch):
    monkeypatch.setattr(windows, "memory", lambda device: (1000, 2**40))
    network = StandIn()
    slid(network, randomly((70, 70, 8)))
    assert set(network.batches) == {1}


# Progress and cancelling


def test_progress_counts_to_its_end():
    run, events = listening()
    slid(StandIn(), randomly((70, 70, 20)), run=run)
    progress = [event for event in events if event.kind == "progress"]
    assert progress[0].done == 0
    assert progress[-1].done == progress[-1].total


def test_cancelling_is_noticed_between_windows():
    network = StandIn()
    report = Reporter(cancelled=lambda: len(network.batches) >= 2)
    with pytest.raises(CancelledError):
        slid(network, randomly((200, 200, 8)), run=Run(report=report))
    assert len(network.batches) == 2


# Turns, and the box around the brain


def low_field(data: np.ndarray, mask: np.ndarray | None = None) -> LowField:
    mask = np.ones(data.shape, bool) if mask is None else mask
    return LowField(data, mask, 0.01, SliceProfile(3, 1), np.ones((1, 1, 1), np.float32))


def model_of(method: UNet) -> Model:
    return Model(replace(tiny.card(method), method="unet", grid={"factor": 4, "finest": 0.5, "coarsest": 2}), method)


def test_test_time_augmentation_averages_estimates_of_the_flipped_scan():
    torch.manual_seed(0)
    method = UNet(UNetSettings(filters=2, window=32))
    data = randomly((32, 32, 8)) + 5  # far above zero, so nothing is clipped
    wanted = []
    for axes in ((), (0, 1), (0,), (1,)):
        flipped = np.ascontiguousarray(np.flip(data, axes))
        wanted.append(np.flip(slid(method.network, flipped), axes))
    for turns in (1, 2, 4):
        turned = UNet(UNetSettings(filters=2, window=32, test_time_augmentation=turns))
        turned.restore(method.state())
        found = turned.enhance(low_field(data), Run())
        np.testing.assert_allclose(found, np.maximum(np.mean(wanted[:turns], axis=0), 0), atol=1e-4)


def test_only_the_surroundings_of_the_brain_are_computed():
    data, mask = randomly((64, 64, 20)), np.zeros((64, 64, 20), bool)
    mask[20:40, 22:44, 8:12] = True
    method = UNet(UNetSettings(filters=2, window=32))
    network = method._network = StandIn()
    high = method.enhance(low_field(data, mask), Run())
    box = high[16:44, 18:48, 16:64]
    assert high.shape == (64, 64, 80)
    assert np.count_nonzero(high) == np.count_nonzero(box)
    np.testing.assert_allclose(high[20:40, 22:44, 32:48:4], data[20:40, 22:44, 8:12], atol=1e-5)
    assert len(network.batches) == 1


def test_a_perfect_network_on_a_constant_volume_leaves_no_halo():
    """It had 0.73 two voxels outside the mask, where the network had been given zeros."""
    data, mask = np.ones((48, 48, 12), np.float32), np.zeros((48, 48, 12), bool)
    mask[14:34, 14:34, 3:9] = True
    data[0, 0, 0] = 1.01  # a volume of one value is refused
    method = UNet(UNetSettings(filters=2, window=32))
    method._network = StandIn()
    model = model_of(method)
    high = enhance(Volume(data, np.diag([1.0, 1.0, 4.0, 1.0])), model=model, mask=mask).volume.data
    np.testing.assert_allclose(high, 1, atol=0.02)


def test_outside_the_brain_a_dark_network_darkens_nothing():
    """Whatever a network gives there: the ring around the phantom is what interpolation makes of the scan."""
    mask = np.zeros((48, 48, 12), bool)
    mask[14:34, 14:34, 3:9] = True
    volume = Volume(randomly(mask.shape) + 1, np.diag([1.0, 1.0, 4.0, 1.0]))
    method = UNet(UNetSettings(filters=2, window=32))
    method._network = Dark()
    model = model_of(method)
    high, cubic = (enhance(volume, model=one, mask=mask).volume.data for one in (model, load("cubic")))
    outside = upsample_slices(mask.astype(np.float32), 4, "linear") <= 0.5
    np.testing.assert_allclose(high[outside], cubic[outside], rtol=1e-5)
    assert np.abs(high - cubic)[~outside].mean() > 0.1


@pytest.mark.parametrize("far", [0, 1])
def test_networks_are_given_the_brain_and_two_voxels_around_it(far):
    """Voxels beyond may hold anything: the estimate does not change."""
    data, mask = randomly((40, 40, 12)), np.zeros((40, 40, 12), bool)
    mask[14:26, 14:26, 4:8] = True
    method = UNet(UNetSettings(filters=2, window=32))
    bright = data.copy()
    bright[: 14 - RIM - far] += 5
    plain, changed = (method.enhance(low_field(one, mask), Run()) for one in (data, bright))
    assert np.array_equal(plain, changed)
    bright[14 - RIM] += 5
    assert not np.array_equal(plain, method.enhance(low_field(bright, mask), Run()))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"window": 40}, "window 40"),
        ({"overlap": 0.9}, "overlap 0.9"),
        ({"test_time_augmentation": 3}, "augmentation 3"),
    ],
)
def test_impossible_windows_are_refused(changes, says):
    with pytest.raises(InputError, match=says):
        UNetSettings(**changes)
