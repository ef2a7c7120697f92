"""Batches for training: real simulated scans, patches of the brain, and the same ones whoever asks for them."""

import numpy as np
import pytest
import torch
from cohorts import packed
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.methods.networks.surroundings import with_rim
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from IQTLib.physics.simulation import preset, simulate
from IQTLib.training.sampler import FOREGROUND, FastNormals, PatchBatches, Patient, ScanSampler, Turn, window
from IQTLib.training.simulator import Simulator, Variation, smooth_field
from scipy import stats
from torch.utils.data import DataLoader

PROFILE = SliceProfile(3, 1)
PATCH = 16
HALF = 2e-3  # what half precision of the slices may cost, relative to a brain of mean 1


@pytest.fixture(scope="module")
def brains():
    return [packed(seed) for seed in range(3)]


def sampler(brains, *, axes=(2,), patch=PATCH, **options) -> ScanSampler:
    simulator = Simulator(preset("in-distribution"), PROFILE, **options)
    return ScanSampler(brains, simulator, slice_axes=axes, patch=patch)


def batches(sampler: ScanSampler, **options) -> PatchBatches:
    return PatchBatches(sampler, **({"seed": 1, "first": 0, "last": 3, "batch": 12, "people": 6} | options))


def scan_of(brain, axis: int, rng: np.random.Generator, gain: str = "scanner") -> tuple[np.ndarray, np.ndarray]:
    """Low-field scan and truth of a whole person as `simulate` makes them, slices last, in units of the scan.

    The scan is what networks see of it: zeros beyond the rim of the brain.
    """
    whole = brain.brain
    snr = preset("in-distribution").draw(1, rng)[0]
    pair = simulate(whole.volume, whole.maps, snr=tuple(snr), rng=FastNormals(rng), profile=PROFILE, slice_axis=axis)
    low, high = (np.moveaxis(volume.data, axis, -1) for volume in (pair.low, pair.high))
    mask = np.moveaxis(whole.mask, axis, -1)[..., : high.shape[-1]].astype(np.float32)
    inside = Acquisition(PROFILE, low.shape[-1]).forward(mask) > 0.5
    mean = low[inside].mean(dtype=np.float64)
    return with_rim(low, inside) / mean, high / (mean if gain == "scanner" else 1)


def contains(volume: np.ndarray, patch: np.ndarray, tolerance: float) -> bool:
    """Whether `patch`, turned somehow in plane, lies somewhere in `volume` or reaches out of it into zeros."""
    reach = [(n // 2, n // 2) for n in patch.shape]
    padded = np.pad(volume, reach)
    for turn in [Turn(quarters, flip) for quarters in range(4) for flip in (False, True)]:
        turned = np.ascontiguousarray(turn(patch))
        sizes = [p - n + 1 for p, n in zip(padded.shape, turned.shape, strict=True)]
        near = np.ones(sizes, bool)
        for voxel in np.random.default_rng(0).integers(turned.shape, size=(40, 3)):
            at = tuple(slice(v, v + n) for v, n in zip(voxel, sizes, strict=True))
            near &= np.abs(padded[at] - turned[tuple(voxel)]) < tolerance
        for start in np.argwhere(near):
            box = padded[tuple(slice(a, a + n) for a, n in zip(start, turned.shape, strict=True))]
            if np.abs(box - turned).max() < tolerance:
                return True
    return False


# What a visit shows


def patches_of(source: ScanSampler, *arguments) -> tuple[np.ndarray, np.ndarray]:
    pairs = source.patches(*arguments)
    return pairs["low"][:, 0], pairs["high"][:, 0]


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("gain", ["scanner", "free"])
def test_patches_are_those_of_the_simulator(brains, axis, gain):
    """The same draws on the whole unpacked brain, through `simulate`."""
    lows, highs = patches_of(
        sampler(brains, axes=(axis,), gain=gain), 0, 3, np.random.default_rng(5), np.random.default_rng(7)
    )
    low, high = scan_of(brains[0], axis, np.random.default_rng(7), gain)
    for low_patch, high_patch in zip(lows, highs, strict=True):
        assert contains(low, low_patch, HALF * 3)
        assert contains(high, high_patch, HALF)


def test_fast_noise_is_normal_and_follows_from_the_seed():
    draws = [FastNormals(np.random.default_rng(seed)).normal(2, 3, (40, 40, 40)) for seed in (0, 0, 1)]
    assert stats.kstest(draws[0].ravel(), stats.norm(2, 3).cdf).pvalue > 0.01
    assert np.array_equal(draws[0], draws[1])
    assert abs(np.corrcoef(draws[0].ravel(), draws[2].ravel())[0, 1]) < 0.02


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_low_slice_k_lies_on_high_slice_4_k_for_any_flip_of_the_patch(brains, axis):
    """Without noise or contrast a thick slice is the blurred high-field slice: blur the truth patch and compare."""
    silent = Simulator(preset("in-distribution"), PROFILE)
    source = ScanSampler(brains, silent, slice_axes=(0, 1, 2), patch=32)
    rng = np.random.default_rng(3)
    lows, highs = patches_of(source, axis, 24, rng, rng)
    inner = slice(2, 6)  # the blur near a patch's ends sees what lies outside it
    scores = dict.fromkeys(range(-2, 3), 0.0)
    for low, high in zip(lows, highs, strict=True):
        for shift in scores:
            thick = Acquisition(PROFILE, 8).forward(np.roll(high, shift, axis=-1))
            scores[shift] += np.corrcoef(thick[..., inner].ravel(), low[..., inner].ravel())[0, 1]
    assert max(scores, key=scores.get) == 0


def test_batches_have_the_shapes_the_networks_take(brains):
    batch = batches(sampler(brains)).at(0)
    assert batch["low"].shape == (12, 1, PATCH, PATCH, PATCH // 4)
    assert batch["high"].shape == (12, 1, PATCH, PATCH, PATCH)
    assert batch["low"].dtype == batch["high"].dtype == torch.float32
    assert sorted(set(batch["people"])) == ["p0", "p1", "p2"]


def test_every_subject_is_drawn_equally_often(brains):
    source = batches(sampler(brains), people=1, batch=1, last=60)
    names = [source.at(step)["people"][0] for step in range(60)]
    assert min(names.count(name) for name in ("p0", "p1", "p2")) > 8


def test_subjects_may_have_several_slice_axes_which_are_drawn_equally_often(brains):
    """Volumes that are sharp along more axes than the others': each person and axis is a visit of its own."""
    simulator = Simulator(preset("in-distribution"), PROFILE)
    source = ScanSampler(brains, simulator, slice_axes=(0, 1), patch=PATCH, own_axes={"p1": (0, 1, 2), "p2": (2,)})
    assert [source.name(n) for n in range(len(source))] == ["p0", "p0", "p1", "p1", "p1", "p2"]
    for number, (brain, axis) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2)]):
        _, highs = patches_of(source, number, 1, np.random.default_rng(5), np.random.default_rng(7))
        assert contains(scan_of(brains[brain], axis, np.random.default_rng(7))[1], highs[0], HALF)


# Who else is there does not matter


def made_of(brains, step: int, **options) -> dict[str, bytes]:
    """What a batch holds of each person, by name."""
    batch = batches(sampler(brains, axes=(0, 2), **options), people=4, batch=4, last=9).at(step)
    pairs = zip(batch["people"], batch["low"].numpy(), batch["high"].numpy(), strict=True)
    made: dict[str, list[bytes]] = {}
    for name, low, high in pairs:
        made.setdefault(name, []).append(low.tobytes() + high.tobytes())
    return {name: b"".join(sorted(parts)) for name, parts in made.items()}


@pytest.mark.parametrize("once", [False, True])
def test_other_order_gives_the_same_batches(brains, once):
    for step in range(3):
        assert made_of(brains, step, once=once) == made_of(brains[::-1], step, once=once)


@pytest.mark.parametrize("once", [False, True])
def test_a_new_subject_changes_no_other_subjects_patches(brains, once):
    few, many = brains[:2], [brains[2], *brains[:2]]
    for step in range(6):
        source, larger = (
            batches(sampler(people, axes=(0, 2), once=once), people=4, batch=4, last=9) for people in (few, many)
        )
        before, after = ({source._keys[n]: time for n, time in source._sampled(step)} for source in (source, larger))
        stayed = set(before) & set(after)
        assert len(stayed) >= 2  # of four: the new person has two axes
        for key in stayed:
            pairs = []
            for one in (source, larger):
                place = [one._keys[n] for n, _ in one._sampled(step)].index(key)
                batch = one.at(step)
                pairs.append(batch["low"][place].numpy().tobytes() + batch["high"][place].numpy().tobytes())
            assert pairs[0] == pairs[1]


def test_a_batch_larger_than_the_number_of_subjects_draws_each_before_any_twice(brains):
    source = batches(sampler(brains), people=4, batch=4)
    twice = set()
    for step in range(12):
        numbers = [n for n, _ in source._sampled(step)]
        assert sorted(numbers[:3]) == [0, 1, 2]
        twice.add(numbers[3])
    assert twice == {0, 1, 2}


# The foreground rule


@pytest.mark.parametrize("axis", [0, 2])
def test_patches_hold_a_fifth_of_foreground_and_cover_the_brain(brains, axis):
    patient = Patient.of(brains[0], axis=axis, factor=4, patch=PATCH)
    bright = patient.high > patient.high.mean()
    covered = np.zeros(np.array(bright.shape) + PATCH, bool)
    for start in patient.starts * (1, 1, 4):
        share = window(bright, start, np.full(3, PATCH)).mean()
        assert share >= FOREGROUND
        covered[tuple(slice(s + PATCH // 2, s + 3 * PATCH // 2) for s in start)] = True
    half = PATCH // 2
    inside = covered[half:-half, half:-half, half:-half]
    assert inside[bright].mean() > 0.99
    assert patient.starts.min() < 0  # the rim of the brain is in the middle of some patches


def test_window_is_zero_beyond_the_volume():
    array = np.arange(27).reshape(3, 3, 3) + 1
    box = window(array, np.array([-1, 2, 0]), np.array([3, 3, 3]))
    assert box.shape == (3, 3, 3)
    assert np.array_equal(box[1:, :1], array[:2, 2:])
    assert not box[0].any()
    assert not box[:, 1:].any()


def test_subjects_smaller_than_a_patch_are_refused(brains):
    with pytest.raises(InputError, match=r"p0: a brain of 44 x 40 x 48 voxels is smaller than a patch of 48"):
        batches(sampler(brains, patch=48), people=3, batch=3).at(0)


@pytest.mark.parametrize("patch", [8, 18, 30])
def test_patches_that_slices_do_not_divide_are_refused(brains, patch):
    with pytest.raises(InputError, match=f"patch {patch}"):
        sampler(brains, patch=patch)


# Repeatable, and the same for all who share the work


def same(one: dict, other: dict) -> bool:
    equal = all(torch.equal(one[name], other[name]) for name in ("low", "high"))
    return equal and one["people"] == other["people"] and one["step"] == other["step"]


@pytest.mark.parametrize("variation", [None, Variation()])
def test_a_batch_follows_from_seed_and_step_alone(brains, variation):
    source = sampler(brains, variation=variation, axes=(0, 2))
    used = batches(source)
    for step in (2, 0, 1):
        used.at(step)
    fresh = batches(sampler(brains, variation=variation, axes=(0, 2)), first=1)
    assert same(used.at(1), next(iter(fresh)))
    assert not same(used.at(1), used.at(2))
    assert not same(used.at(1), batches(source, seed=2).at(1))


@pytest.mark.parametrize("world", [2, 3])
def test_processes_together_see_what_one_would(brains, world):
    source = sampler(brains)
    alone = batches(source).at(1)
    parts = [batches(source, rank=rank, world=world).at(1) for rank in range(world)]
    for name in ("low", "high"):
        together = torch.cat([part[name] for part in parts])
        assert sorted(map(hash, map(bytes, together.numpy()))) == sorted(map(hash, map(bytes, alone[name].numpy())))
    assert all(part["people"] == alone["people"] for part in parts)


def test_loader_processes_change_nothing(brains):
    def loaded(workers: int) -> list[dict]:
        return list(DataLoader(batches(sampler(brains)), batch_size=None, num_workers=workers))

    here, elsewhere = loaded(0), loaded(2)
    assert [batch["step"] for batch in here] == [0, 1, 2]
    assert all(same(one, other) for one, other in zip(here, elsewhere, strict=True))


def test_batches_that_cannot_be_shared_are_refused(brains):
    with pytest.raises(InputError, match="6 subjects in a batch are too few for 7 processes"):
        batches(sampler(brains), world=7)
    with pytest.raises(InputError, match="batch 10 is not a multiple of people 6"):
        batches(sampler(brains), batch=10)


# Scans: once or fresh


def scans(source: ScanSampler, steps: int) -> list[tuple]:
    """(person, SNR, fixed tissue, noise) of every scan that is made, in order of the sampler."""
    made, original = [], Simulator.draw

    def draw(self, rng):
        found = original(self, rng)
        made.append((found.snr, rng.bit_generator.state["state"]["state"]))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Simulator, "draw", draw)
        people = [name for step in range(steps) for name in batches(source, last=steps).at(step)["people"]]
    return list(zip(people, made, strict=True))


def test_once_means_one_scan_per_person(brains):
    """As in the paper: the state of the generator decides the noise, too."""
    made = scans(sampler(brains, once=True), 3)
    assert len(set(made)) == 3
    assert len({scan for _, scan in made}) == 3


def test_otherwise_every_draw_is_a_new_scan(brains):
    made = scans(sampler(brains), 3)
    assert len({scan for _, scan in made}) == 18


# Turns


def test_flips_are_the_eight_symmetries_of_the_plane_and_keep_slices():
    patch = np.random.default_rng(0).normal(size=(4, 4, 3))
    turned = [Turn(quarters, flip)(patch) for quarters in range(4) for flip in (False, True)]
    assert len({other.tobytes() for other in turned}) == 8
    for other in turned:
        assert np.allclose(np.sort(other, axis=None), np.sort(patch, axis=None))
        assert np.allclose(other.sum((0, 1)), patch.sum((0, 1)))
    rng = np.random.default_rng(1)
    assert len({Turn.draw(rng) for _ in range(200)}) == 8


# Domain randomisation


@given(st.integers(0, 2**32 - 1))
def test_variations_stay_within_their_ranges(seed):
    variation = Variation()
    draw = Simulator(preset("in-distribution"), PROFILE, variation=variation).draw(np.random.default_rng(seed))
    wm, gm = draw.snr
    assert variation.snr[0] <= wm <= variation.snr[1]
    assert variation.ratio[0] <= wm / gm <= variation.ratio[1]
    assert (draw.profile.thickness, draw.profile.gap) in variation.profiles
    assert draw.fixed in ("WM", "GM")
    assert 0 <= draw.blur <= variation.blur
    assert abs(np.log(draw.gamma)) < 6 * variation.gamma
    assert np.abs(draw.bias).max() < 7 * variation.bias


def test_variations_reach_all_they_name():
    simulator = Simulator(preset("in-distribution"), PROFILE, variation=Variation())
    rng = np.random.default_rng(0)
    draws = [simulator.draw(rng) for _ in range(400)]
    assert {(d.profile.thickness, d.profile.gap) for d in draws} == set(Variation().profiles)
    assert {d.fixed for d in draws} == {"WM", "GM"}
    wm = np.array([d.snr[0] for d in draws])
    assert wm.min() < 7
    assert wm.max() > 95
    assert np.median(wm) == pytest.approx(np.sqrt(5 * 110), rel=0.2)  # log-uniform
    assert np.std([np.log(d.gamma) for d in draws]) == pytest.approx(0.15, rel=0.15)
    assert np.std([d.bias for d in draws]) == pytest.approx(0.1, rel=0.05)


def test_varied_scans_have_mean_one_and_finite_patches(brains):
    batch = batches(sampler(brains, variation=Variation(), gain="free")).at(0)
    assert torch.isfinite(batch["low"]).all()
    assert torch.isfinite(batch["high"]).all()
    assert 0.2 < float(batch["low"].mean()) < 2


def test_truth_has_the_gain_asked_for(brains):
    """Free: the truth's own mean in the brain is 1, whatever the scanner did. Scanner: it varies with the contrast."""
    for gain in ("free", "scanner"):
        source = sampler(brains, gain=gain)
        patient = source._patient(0, 2)
        mask = brains[0].maps[3] > 0
        means = []
        for seed in range(4):
            rng = np.random.default_rng(seed)
            _, scale = source._scan(0, patient, source.simulator.draw(rng), rng)
            means.append(float((patient.high * scale)[mask].mean()))
        if gain == "free":
            assert means == pytest.approx([1] * 4, rel=1e-4)
        else:
            assert len({round(mean, 3) for mean in means}) == 4


def test_smooth_field_runs_through_its_nodes():
    nodes = np.random.default_rng(0).normal(size=(4, 4, 4))
    field = smooth_field(nodes, (10, 13, 4))
    assert field.dtype == np.float32
    np.testing.assert_allclose(field[::3, ::4], nodes, atol=1e-5)
