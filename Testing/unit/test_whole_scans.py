"""Whole scans made by torch are those that NumPy makes of the same plan, and a training on them is exact."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from cohorts import packed, written
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.data.degraded_pairs import PairPlan, turned
from IQTLib.data.drawn_anatomy import Lesion, blobs
from IQTLib.data.fine_brain import FineBrain
from IQTLib.errors import CancelledError, InputError
from IQTLib.events import Reporter
from IQTLib.models.store import WEIGHTS, read_card
from IQTLib.training import loop, scan_orders
from IQTLib.training.averaging import EARLY, MovingAverage
from IQTLib.training.checkpoints import BEST
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import TrainingRecipe, load_recipe, recipe_of
from IQTLib.training.run_folder import LAST
from IQTLib.training.scan_orders import Order, Outline, ScanOrders, framed
from IQTLib.training.scan_pool import ScanMaker, ScanPool, added, interpolated, spread
from IQTLib.training.schedule import FLOOR, learning_share
from IQTLib.training.whole_scans import WholeScans
from scipy.ndimage import binary_dilation
from test_cli import iqt  # noqa: F401 - a fixture

SHAPE = (22, 20, 24)
SMALL = WholeScans(sizes=((16, 3), (24, 1)), pool=6, new=2, rim=2)
HALF = 2e-3  # relative precision of the halves that scans are kept in, and a little more
TINY = {
    "settings.channels": [4, 4, 4],
    "settings.blocks": [1, 1, 1],
    "whole_scans.sizes": [[16, 2]],
    "whole_scans.pool": 3,
    "whole_scans.new": 1,
    "training.steps": 2,
    "training.validate_every": 2,
    "training.precision": "32",
}


@pytest.fixture(scope="module")
def brains():
    return [FineBrain.of(packed(seed, SHAPE)) for seed in range(3)]


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    """Small volumes: less of what surrounds the brain."""
    monkeypatch.setattr(scan_orders, "MARGIN", 6)


class GivenNoise(ScanMaker):
    """Takes the noise of a plan instead of its own."""

    field: np.ndarray

    def _normals(self, seed, shape):
        assert self.field.shape == tuple(shape)
        return torch.from_numpy(self.field)


@pytest.mark.parametrize("kind", ["transferred", "own contrast", "no tissue maps"])
def test_a_scan_made_by_torch_is_that_of_numpy(brains, kind):
    """Input, Wiener estimate, truth, brain and known parameters of whole scans: `FineScan` of the same scan."""
    brain = framed(brains[0], 24)
    if kind == "no tissue maps":
        brain = replace(brain, maps=None)
    maker, orders = GivenNoise([brain], "cpu"), ScanOrders([Outline.of(brain)], SMALL, seed=1, first=0, last=1)
    seen: set[tuple[bool, bool]] = set()
    for number in range(40):
        placed, rng = orders.placed(number), np.random.default_rng([len(kind), number])
        room = placed.turned(placed.outline.room)
        plan = PairPlan.draw(
            brain, placed.shape, placed.order, lambda rng, room=room: [Lesion.draw(room, rng) for _ in range(5)], rng
        )
        sort = (plan.scan.resampling is not None, plan.told is None)
        if (plan.contrast is not None) != (kind == "transferred") or sort in seen:
            continue
        seen.add(sort)
        data, mask, *maps = (
            turned(array, placed.order, placed.flips)
            for array in (brain.data, brain.mask, *(() if brain.maps is None else brain.maps))
        )
        pair = plan.made(data.astype(np.float16).astype(np.float32), mask, np.array(maps) if maps else None)
        maker.field = plan.scan.field / np.float32(plan.scan.how.noise)
        made = maker.make(Order.of(plan, placed, 0))
        expected = (pair.seen.data, pair.seen.linear, pair.truth)
        for part, wanted in zip((*made.scan, made.truth[0]), expected, strict=True):
            off = np.abs(part.float().numpy() - wanted) > HALF * np.abs(wanted).max()
            # Where intensities are stored in steps, the last digit can decide which one.
            assert off.mean() <= 1e-3 * bool(plan.scan.how.steps)
        np.testing.assert_array_equal(made.weight[0] > 0, pair.inside)
        np.testing.assert_allclose(made.known, pair.seen.known, atol=1e-4)
    assert len(seen) >= 3


@settings(max_examples=20)
@given(st.integers(0, 999), st.integers(1, 30))
def test_lesions_are_those_of_numpy(seed, count):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(4, 20, 3).tolist())
    lesions = [Lesion.draw(np.argwhere(np.ones(shape)), rng) for _ in range(count)]
    numbers = [(one.diameter, one.amplitude, one.soft, *one.stretch) for one in lesions]
    drawn = added(shape, lesions, torch.tensor(numbers, dtype=torch.float32))
    np.testing.assert_allclose(drawn, blobs(shape, lesions), atol=1e-5)


@settings(max_examples=40)
@given(st.integers(0, 999), st.integers(1, 3))
def test_dilation_and_interpolation_are_those_of_the_libraries(seed, times):
    rng = np.random.default_rng(seed)
    mask = rng.random(rng.integers(1, 7, 3)) < 0.2
    np.testing.assert_array_equal(spread(torch.from_numpy(mask), times), binary_dilation(mask, iterations=times))
    x, y, data = np.sort(rng.random(5)), rng.random(5), rng.uniform(-0.5, 1.5, 50)
    found = interpolated(torch.from_numpy(data), torch.from_numpy(x), torch.from_numpy(y))
    np.testing.assert_allclose(found, np.interp(data, x, y), atol=1e-9)


def test_a_run_that_begins_later_gets_the_same_patches(brains):
    """Steps depend on seed and number alone: nothing of earlier steps is needed to resume."""
    whole, later = (ScanPool(brains, SMALL, seed=7) for _ in range(2))
    orders, resumed = whole.orders(first=0, last=6), later.orders(first=4, last=6)
    batches = [whole.batch(orders.at(step), "cpu") for step in range(6)]
    assert sum(len(orders.at(step)["orders"]) for step in range(6)) < sum(len(b["people"]) for b in batches)
    for step in (4, 5):
        batch = later.batch(resumed.at(step), "cpu")
        for name in ("scan", "truth", "inside", "known"):
            assert torch.equal(batch[name], batches[step][name])
            assert torch.isfinite(batch[name]).all()
    edge = batch["scan"].shape[-1]
    assert batch["scan"].shape[1:] == (2, edge, edge, edge)
    assert batch["truth"].shape == batch["inside"].shape == (len(batch["scan"]), 1, edge, edge, edge)
    assert batch["inside"][..., :2].sum() == batch["inside"][:, :, -2:].sum() == 0  # the rim
    assert not torch.equal(batches[0]["known"], batches[1]["known"])


def test_a_gpu_makes_scans_without_telling_a_number(brains, monkeypatch):
    """Tensors on "meta" have none: whatever would wait for the device, or mix it with the CPU, fails."""
    monkeypatch.setattr(ScanMaker, "_normals", lambda self, seed, shape: torch.empty(shape, device=self.device))
    pool = ScanPool(brains, SMALL, seed=7)
    orders = pool.orders(first=0, last=4)
    batches = [pool.batch(orders.at(step), "meta") for step in range(4)]
    assert {str(batch[name].device) for batch in batches for name in ("scan", "truth", "inside", "known")} == {"meta"}


def test_two_processes_share_the_patches_of_one(brains):
    alone = ScanPool(brains, replace(SMALL, sizes=((16, 3), (24, 2))), seed=7)
    shared = [alone.orders(first=0, last=3, rank=rank, world=2) for rank in range(2)]
    for step in range(3):
        one, parts = alone.orders(first=0, last=3).at(step), [orders.at(step) for orders in shared]
        assert sorted(one["patches"]) == sorted(parts[0]["patches"] + parts[1]["patches"])
        assert sum(part["weight"] for part in parts) == pytest.approx(2)


def test_subjects_are_drawn_as_often_as_their_weights_say(brains):
    outlines = [replace(Outline.of(brain), person=name, key=name) for brain, name in zip(brains, "abc", strict=True)]
    heavy = replace(SMALL, weights={"a": 6.0, "[ab]": 2.0})
    several, fewer = (ScanOrders(outlines[:n], heavy, seed=1, first=0, last=1) for n in (3, 2))
    names = [several.placed(number).outline.person for number in range(600)]
    assert [names.count(name) / 67 for name in "abc"] == pytest.approx([6, 2, 1], abs=0.6)
    kept = [number for number, name in enumerate(names[:50]) if name != "c"]
    assert [names[number] for number in kept] == [fewer.placed(number).outline.person for number in kept]


def test_the_contrast_of_a_subject_moves_to_the_one_asked_for(brains):
    brain = brains[0].with_contrast((0.29, 0.63, 1.0))
    levels = np.array([np.median(brain.data[tissue > 230]) for tissue in brain.maps])
    np.testing.assert_allclose(levels, (0.29, 0.63, 1.0), atol=0.02)
    order = np.argsort(brains[0].data.ravel())
    assert (np.diff(brain.data.ravel()[order]) >= 0).all()
    with pytest.raises(InputError, match="not a T1w volume, exclude it"):
        replace(brains[0], tissues=(0.5, 0.4, 1.0)).with_contrast((0.29, 0.63, 1.0))


def test_a_part_of_the_steps_keeps_the_full_rate():
    recipe = TrainingRecipe(steps=100, warmup=1, flat=0.4)
    shares = [learning_share(recipe, "body", step) for step in (0, 39, 70, 100)]
    assert shares == pytest.approx([1, 1, (1 + FLOOR) / 2, FLOOR])


def test_weights_of_nobody_and_more_processes_than_patches_are_refused(brains):
    with pytest.raises(InputError, match=r"weights: head\* fits no subject to train on \(p0, p1, p2\)"):
        ScanPool(brains, replace(SMALL, weights={"p*": 2.0, "head*": 2.5}), seed=1).orders(first=0, last=1)
    with pytest.raises(InputError, match="1 patches in a batch are too few for 2 processes"):
        ScanPool(brains, SMALL, seed=1).orders(first=0, last=1, world=2)


def test_the_average_forgets_its_beginning_and_changes_places_with_the_weights():
    network = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(network.weight, 1.0)
    average, expected = MovingAverage(network, 0.9), 1.0
    for step in range(1, 400):
        torch.nn.init.constant_(network.weight, float(step))
        average.on_train_batch_end(type("Trainer", (), {"global_step": step}), None, None)
        kept = min(0.9, (step + 1) / (step + 1 + EARLY))
        expected = kept * expected + (1 - kept) * step
    with average.applied():
        assert network.weight.item() == pytest.approx(expected, rel=1e-5)
    assert network.weight.item() == 399


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"whole_scans.pool": 1}, "pool 1 is smaller than a batch of 2"),
        ({"whole_scans.rim": 8}, "rim 8 leaves nothing of a patch of 16"),
        ({"whole_scans.sizes": []}, "sizes is empty"),
        ({"whole_scans.sizes": [[20, 2]]}, "patch 20: choose a multiple of 8"),
        ({"whole_scans.contrast": [0.7, 0.3, 1.0]}, "must ascend"),
        ({"whole_scans.weights": {"a": 0.0}}, "but not 0"),
        ({"data.patch": 64}, "data.patch: whole_scans.sizes says"),
        ({"training.batch": 8}, "training.batch: whole_scans.sizes has"),
        ({"method": "unet", "settings": {}, "data.patch": 32}, "only a restoration is trained on whole scans"),
    ],
)
def test_settings_that_contradict_whole_scans_are_refused(changes, says):
    with pytest.raises(InputError, match=says):
        load_recipe("restore-gpu", TINY | changes)


@pytest.mark.parametrize(("device", "named"), [("cpu", "restore-any"), ("cuda:0", "restore-gpu")])
def test_a_gpu_has_a_recipe_of_its_own(iqt, monkeypatch, tmp_path, device, named):  # noqa: F811
    chosen = []
    monkeypatch.setattr("IQTLib.device.choose", lambda name, processes: device)
    monkeypatch.setattr("IQTLib.training.networks.train", lambda *given, **_: chosen.append(given[2]))
    done = iqt("train", "restore", tmp_path, tmp_path / "model", "--device", "auto")
    assert (done.code, chosen) == (0, [load_recipe(named)])
    assert ("recipe restore-gpu, made for GPUs" in done.out + done.err) == (device != "cpu")


def fitted(folder: Path, brains: list[FineBrain], *, resume: bool = False, stop: bool = False) -> dict[str, list]:
    """Fits a tiny network, to the end or to its first checkpoint; the weights that were validated."""
    rhythm = {"training.validate_every": 1, "training.checkpoint_every": 1}
    recipe = load_recipe("restore-gpu", TINY | rhythm)
    torch.manual_seed(0)
    method = recipe.new_method()
    validated = []

    def validator(candidate) -> dict[str, float]:
        validated.append({name: tensor.clone() for name, tensor in candidate.network.state_dict().items()})
        return {"score": 1 / len(validated)}

    cancelled = (folder / LAST).exists if stop else (lambda: False)
    loop.fit(
        method, ScanPool(brains, recipe.whole_scans, seed=1), recipe.training, folder, validator=validator,
        resume=resume, hardware=Hardware(), report=Reporter(cancelled=cancelled),
    )  # fmt: skip
    return validated


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_that_is_resumed_ends_the_same_and_keeps_the_average(brains, tmp_path):
    validated = fitted(tmp_path / "whole", brains)
    with pytest.raises(CancelledError):
        fitted(tmp_path / "stopped", brains, stop=True)
    fitted(tmp_path / "stopped", brains, resume=True)
    ends = [torch.load(tmp_path / name / LAST, weights_only=True) for name in ("whole", "stopped")]
    assert same(*(end["state_dict"] for end in ends))
    averages = [end["callbacks"]["MovingAverage"]["average"] for end in ends]
    assert all(torch.equal(a, b) for a, b in zip(*averages, strict=True))
    best = torch.load(tmp_path / "whole" / BEST, weights_only=True)["state_dict"]
    assert same({f"network.{name}": tensor for name, tensor in validated[-1].items()}, best)
    assert not same(best, ends[0]["state_dict"])


def test_the_command_trains_on_whole_scans(iqt, monkeypatch, tmp_path):  # noqa: F811
    monkeypatch.setattr("IQTLib.training.curves.draw_curves", lambda _: None)  # pictures are tested elsewhere
    people = written(tmp_path / "people", 2, SHAPE)
    options = [part for key, value in TINY.items() for part in ("--set", f"{key}={json.dumps(value)}")]
    options += ["--recipe", "restore-gpu", "--device", "cpu"]
    done = iqt("train", "restore", people, tmp_path / "model", *options)
    assert done.code == 0, done.err
    assert (tmp_path / "model" / WEIGHTS).is_file()
    recipe = recipe_of(read_card(tmp_path / "model").training["recipe"])
    assert (recipe.whole_scans.contrast, recipe.training.average) == ((0.29, 0.63, 1.0), 0.999)
    done = iqt("train", "restore", people, tmp_path / "none", *options, "--dry-run")
    assert done.code == 0, done.err
    assert "2 subjects" in done.out
