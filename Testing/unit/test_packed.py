"""People packed small: the same brain again, kept for the next run, and bad ones left out."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from cohorts import SHAPE, brain, person, tissues, written
from IQTLib.data import packed as module
from IQTLib.data.packed import PackedBrain, packed_brains
from IQTLib.data.subjects import find_scans
from IQTLib.errors import InputError, OutputError
from IQTLib.events import Event, Reporter
from IQTLib.image.tissue import bias_field
from IQTLib.image.volume import write
from IQTLib.training.networks import _with_copies
from IQTLib.training.recipe import load_recipe


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "people", 2)


def packed(folder: Path, **options) -> list[PackedBrain]:
    return packed_brains(find_scans(folder), **options)


@pytest.fixture
def loads(monkeypatch):
    """Names of the people who were read from their scans."""
    names, original = [], module.load_brain

    def noted(scan, **options):
        names.append(scan.person)
        return original(scan, **options)

    monkeypatch.setattr(module, "load_brain", noted)
    return names


def test_packing_and_unpacking_keeps_the_flat_brain_within_a_step():
    source = brain(0)
    again = PackedBrain.of(source).brain
    flat = source.volume.data / bias_field(source.volume.data, source.mask, source.volume.spacing)
    flat = flat / flat[source.mask].mean(dtype=np.float64)
    step = flat[source.mask].max() / 65535
    np.testing.assert_allclose(again.volume.data[source.mask], flat[source.mask], atol=0.51 * step, rtol=1e-6)
    assert not again.volume.data[~source.mask].any()
    assert again.volume.data[again.mask].mean() == pytest.approx(1, abs=1e-4)
    assert np.array_equal(again.mask, source.mask)
    assert np.array_equal(again.volume.affine, source.volume.affine)
    for name in ("csf", "gm", "wm"):
        np.testing.assert_allclose(getattr(again.maps, name), getattr(source.maps, name), atol=1 / 255)


def test_a_packed_brain_is_small():
    one = PackedBrain.of(brain(0))
    assert one.high.nbytes + one.maps.nbytes == np.prod(SHAPE) * (2 + 4)


def test_saved_brain_is_the_same_when_loaded_and_stays_on_disk(tmp_path):
    one = PackedBrain.of(brain(0))
    one.save(tmp_path / "cache" / "p0")
    again = PackedBrain.load(tmp_path / "cache" / "p0")
    assert (again.person, again.scale) == (one.person, one.scale)
    assert np.array_equal(again.affine, one.affine)
    assert np.array_equal(again.high, one.high)
    assert np.array_equal(again.maps, one.maps)
    assert isinstance(again.high, np.memmap)


def test_memory_and_cache_give_the_same(folder, tmp_path):
    for kept, read in zip(packed(folder), packed(folder, cache=tmp_path / "cache"), strict=True):
        assert kept.person == read.person
        assert np.array_equal(kept.high, read.high)
        assert np.array_equal(kept.maps, read.maps)


def test_cache_is_used_by_the_next_run(folder, tmp_path, loads):
    cache = tmp_path / "cache"
    packed(folder, cache=cache)
    packed(folder, cache=cache)
    assert loads == ["p0", "p1"]
    assert len(list(cache.iterdir())) == 2


def test_packs_of_the_others_are_used_again_when_subjects_come_and_go(folder, tmp_path, loads):
    cache = tmp_path / "cache"
    before = {one.person: np.array(one.high) for one in packed(folder, cache=cache)}
    for path in folder.glob("sub-p0_*"):
        path.rename(tmp_path / path.name)
    assert [one.person for one in packed(folder, cache=cache)] == ["p1"]
    written(tmp_path / "new", 3)
    for path in (tmp_path / "new").glob("sub-p2_*"):
        path.rename(folder / path.name.replace("p2", "a"))  # first of all, now
    after = {one.person: one for one in packed(folder, cache=cache)}
    assert loads == ["p0", "p1", "a"]
    assert np.array_equal(after["p1"].high, before["p1"])
    for path in tmp_path.glob("sub-p0_*"):
        path.rename(folder / path.name)
    scans = [scan for scan in reversed(find_scans(folder)) if scan.person != "a"]
    again = packed_brains(scans, cache=cache)
    assert loads == ["p0", "p1", "a"]
    assert [one.person for one in again] == ["p1", "p0"]
    assert all(np.array_equal(one.high, before[one.person]) for one in again)


@pytest.mark.parametrize("what", ["T1w", "dseg", "desc-brain_mask"])
def test_a_changed_file_is_packed_again(folder, tmp_path, loads, what):
    cache = tmp_path / "cache"
    packed(folder, cache=cache)
    other = person(0)
    data = {"T1w": 2 * other.data, "dseg": 4 - tissues(other), "desc-brain_mask": tissues(other) > 1}[what]
    write(other.with_data(data), folder / f"sub-p0_{what}.nii.gz", overwrite=True)
    packed(folder, cache=cache)
    assert loads == ["p0", "p1", "p0"]


def test_a_half_written_cache_entry_is_packed_again(folder, tmp_path, loads):
    cache = tmp_path / "cache"
    packed(folder, cache=cache)
    for entry in cache.iterdir():
        (entry / module.ABOUT).unlink()
    packed(folder, cache=cache)
    assert loads == ["p0", "p1"] * 2


def test_a_damaged_cache_entry_is_packed_again(folder, tmp_path, loads):
    """Say, a disk that was copied while full."""
    cache = tmp_path / "cache"
    first = packed(folder, cache=cache)
    expected = [np.array(one.high) for one in first]
    del first
    for entry in cache.iterdir():
        os.truncate(entry / module.HIGH, 1000)
    again = packed(folder, cache=cache)
    assert loads == ["p0", "p1"] * 2
    assert all(np.array_equal(one.high, high) for one, high in zip(again, expected, strict=True))


def test_bad_scans_are_reported_and_left_out(folder):
    (folder / "sub-p8_T1w.nii.gz").write_bytes(b"no scan")
    empty = person(9)
    write(empty, folder / "sub-p9_T1w.nii.gz")
    write(empty.with_data(0 * tissues(empty)), folder / "sub-p9_desc-brain_mask.nii.gz")
    events: list[Event] = []
    brains = packed(folder, report=Reporter(events.append))
    assert [one.person for one in brains] == ["p0", "p1"]
    told = [event.message for event in events if event.kind == "warning"]
    assert [message.split(" is skipped: ")[0] for message in told] == ["sub-p8_T1w.nii.gz", "sub-p9_T1w.nii.gz"]
    assert "is empty" in told[1]


def test_no_usable_scan_is_an_error(tmp_path):
    (tmp_path / "sub-p8_T1w.nii.gz").write_bytes(b"no scan")
    with pytest.raises(InputError, match="no usable high-field volume"):
        packed(tmp_path)


def test_scans_without_tissue_maps_get_them(tmp_path):
    written(tmp_path, 1)
    (tmp_path / "sub-p0_dseg.nii.gz").unlink()
    events: list[Event] = []
    one = packed(tmp_path, report=Reporter(events.append))[0]
    assert any("no tissue maps" in event.message for event in events)
    assert (one.maps[2] > 230).mean() > 0.02


def test_a_full_disk_leaves_nothing_and_says_so(folder, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.np, "save", full)
    with pytest.raises(OutputError, match="No space left"):
        packed(folder, cache=tmp_path / "cache")
    assert not list(tmp_path.rglob("*.npy"))
    assert not (tmp_path / "cache").exists()


def test_contrast_augmentation_weakens_contrast_and_keeps_mean_and_maps(folder):
    (first, _) = packed(folder)
    twin = first.with_other_contrast(np.random.default_rng(1))
    wm, gm = (first.maps[index] > 250 for index in (2, 1))
    ratio, other = (b.brain.volume.data[wm].mean() / b.brain.volume.data[gm].mean() for b in (first, twin))
    assert 1 < other < ratio
    inside = first.maps[3] > 0
    np.testing.assert_allclose(twin.brain.volume.data[inside].mean(), 1, atol=1e-3)
    assert twin.maps is first.maps
    np.testing.assert_array_equal(twin.high, first.with_other_contrast(np.random.default_rng(1)).high)


def test_lesions_change_the_truth_where_they_are_and_keep_mean_and_maps(folder):
    (first, _) = packed(folder)
    marked = first.with_lesions(5, np.random.default_rng(1))
    inside = first.maps[3] > 0
    before, after = (b.brain.volume.data for b in (first, marked))
    np.testing.assert_allclose(after[inside].mean(), 1, atol=1e-3)
    assert marked.maps is first.maps
    np.testing.assert_array_equal(after[~inside], 0)
    changed = np.abs(after / np.median((after / np.maximum(before, 1e-3))[inside]) - before) > 0.02
    assert 0.001 < changed[inside].mean() < 0.8
    np.testing.assert_array_equal(marked.high, first.with_lesions(5, np.random.default_rng(1)).high)


def test_a_recipe_with_lesions_trains_on_subjects_who_have_them(folder):
    people = packed(folder)
    chosen = load_recipe("unet-t1w-x4", {"data.contrast_augmentation": 1, "data.lesions": 4})
    training_copies = _with_copies(people, chosen)
    assert len(training_copies) == 4
    without = _with_copies(people, load_recipe("unet-t1w-x4", {"data.contrast_augmentation": 1, "data.lesions": 0}))
    assert [one.person for one in training_copies] == [one.person for one in without]
    assert all((one.high != other.high).any() for one, other in zip(training_copies, without, strict=True))


def test_copies_and_lesions_of_a_person_do_not_hang_on_the_others(folder):
    chosen = load_recipe("unet-t1w-x4", {"data.contrast_augmentation": 2, "data.lesions": 4})
    first, second = packed(folder)
    together = {one.key: one for one in _with_copies([second, first], chosen)}
    alone = {one.key: one for one in _with_copies([first], chosen)}
    assert len(alone) == 3
    assert len({one.high.tobytes() for one in alone.values()}) == 3
    assert all(np.array_equal(one.high, together[key].high) for key, one in alone.items())
