"""Patches against numpy's sliding windows, scipy's filters and counting by hand."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.image.patches import OverlapAverage, box_sum, extract, patch_starts, positions
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import uniform_filter

PROPERTY = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32)
shapes = st.tuples(*[st.integers(3, 11)] * 3)


def everywhere(shape, size, stride):
    return positions(np.ones(shape, bool), size, stride)


# Where patches lie


@pytest.mark.parametrize(
    ("count", "size", "stride", "starts"),
    [(10, 4, 3, [0, 3, 6]), (11, 4, 3, [0, 3, 6, 7]), (5, 5, 2, [0]), (6, 5, 2, [0, 1]), (4, 1, 1, [0, 1, 2, 3])],
)
def test_patches_step_by_the_stride_and_end_flush(count, size, stride, starts):
    assert patch_starts(count, size, stride).tolist() == starts


@given(st.integers(1, 60), st.data())
@PROPERTY
def test_patches_cover_every_voxel_and_nothing_else(count, data):
    size = data.draw(st.integers(1, count))
    stride = data.draw(st.integers(1, size))
    starts = patch_starts(count, size, stride)
    covered = {voxel for start in starts for voxel in range(start, start + size)}
    assert covered == set(range(count))
    assert starts[-1] + size == count


def test_volume_smaller_than_a_patch_is_refused():
    with pytest.raises(InputError, match=r"4 voxels .* patch of 5"):
        patch_starts(4, 5, 1)
    with pytest.raises(InputError):
        positions(np.ones((9, 9, 4), bool), 5, 1)


# How much of the mask a patch holds


@given(shapes, st.data(), seeds)
@PROPERTY
def test_box_sum_counts_as_a_uniform_filter_does(shape, data, seed):
    size = data.draw(st.integers(1, min(shape)))
    mask = np.random.default_rng(seed).random(shape) < 0.5
    share = uniform_filter(mask.astype(float), size, mode="constant", origin=-((size - 1) // 2) if size % 2 else 0)
    # scipy's window of an even size starts size / 2 before its voxel, of an odd size it is moved to start at it
    first = 0 if size % 2 else size // 2
    valid = tuple(slice(first, first + n - size + 1) for n in shape)
    np.testing.assert_array_equal(box_sum(mask, size), np.round(share[valid] * size**3))


def test_box_sum_counts_as_summing_every_cube_does():
    mask = np.random.default_rng(3).random((6, 7, 8)) < 0.4
    np.testing.assert_array_equal(box_sum(mask, 3), sliding_window_view(mask, (3, 3, 3)).sum(axis=(3, 4, 5)))


@pytest.mark.parametrize(("voxels", "kept"), [(0, 0), (24, 0), (25, 1), (26, 1)])
def test_patch_is_left_out_when_more_than_80_percent_is_background(voxels, kept):
    """Of 125 voxels exactly 25 are 20 %: 80 % background is not more than 80 %."""
    mask = np.zeros(125, bool)
    mask[:voxels] = True
    assert len(positions(mask.reshape(5, 5, 5), 5, 1, share=0.2)) == kept


def test_without_a_share_one_voxel_of_the_mask_is_enough_and_none_is_not():
    mask = np.zeros((9, 9, 9), bool)
    assert len(positions(mask, 3, 3)) == 0
    mask[4, 7, 8] = True
    assert positions(mask, 3, 3).tolist() == [[3, 6, 6]]


@given(shapes, st.data(), seeds)
@PROPERTY
def test_positions_are_those_of_the_grid_whose_patch_meets_the_share(shape, data, seed):
    size = data.draw(st.integers(1, min(shape)))
    stride, share = data.draw(st.integers(1, 4)), data.draw(st.sampled_from((0.0, 0.2, 0.5)))
    mask = np.random.default_rng(seed).random(shape) < 0.4
    expected = [
        [i, j, k]
        for i in patch_starts(shape[0], size, stride)
        for j in patch_starts(shape[1], size, stride)
        for k in patch_starts(shape[2], size, stride)
        if (count := mask[i : i + size, j : j + size, k : k + size].sum()) >= share * size**3 and count
    ]
    np.testing.assert_array_equal(positions(mask, size, stride, share=share), np.reshape(expected, (-1, 3)))


# Out and back


@given(shapes, st.data(), seeds)
@PROPERTY
def test_extract_is_a_sliding_window_of_every_channel(shape, data, seed):
    size, channels = data.draw(st.integers(1, min(shape))), data.draw(st.integers(1, 3))
    rng = np.random.default_rng(seed)
    maps = rng.normal(size=(channels, *shape)).astype(np.float32)
    where = everywhere(shape, size, 1)
    where = where[rng.permutation(len(where))]
    windows = sliding_window_view(maps, (size,) * 3, axis=(1, 2, 3))[
        (slice(None), *where.T)
    ]  # (channels, n, size, size, size)
    patches = extract(maps, where, size)
    assert patches.dtype == np.float32
    np.testing.assert_array_equal(patches, windows.swapaxes(0, 1).reshape(len(where), -1))


@given(shapes, st.data(), seeds)
@PROPERTY
def test_patches_put_back_give_the_volume(shape, data, seed):
    size = data.draw(st.integers(1, min(shape)))
    stride = data.draw(st.integers(1, size))
    volume = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    where = everywhere(shape, size, stride)
    whole = OverlapAverage(shape, size)
    whole.add(where, extract(volume[None], where, size))
    np.testing.assert_allclose(whole.average(), volume, atol=1e-5)


def test_overlaps_are_averaged_and_the_rest_is_zero():
    """Patches of 2 at 0 and 1 along i hold 1 and 5: 1, (1 + 5) / 2, 5, nothing."""
    whole = OverlapAverage((4, 2, 2), 2)
    whole.add(np.array([[0, 0, 0], [1, 0, 0]]), np.repeat([[1.0], [5.0]], 8, axis=1))
    np.testing.assert_array_equal(whole.average(), np.broadcast_to(np.reshape([1, 3, 5, 0], (4, 1, 1)), (4, 2, 2)))


@given(shapes, st.integers(1, 20), seeds)
@PROPERTY
def test_average_does_not_depend_on_how_patches_are_split_into_batches(shape, batch, seed):
    """Whole numbers, so that float32 sums are exact in any order."""
    where = everywhere(shape, 3, 2)
    patches = np.random.default_rng(seed).integers(-1000, 1000, (len(where), 27)).astype(np.float32)
    at_once, in_batches = OverlapAverage(shape, 3), OverlapAverage(shape, 3)
    at_once.add(where, patches)
    for first in range(0, len(where), batch):
        in_batches.add(where[first : first + batch], patches[first : first + batch])
    np.testing.assert_array_equal(at_once.average(), in_batches.average())


def test_no_patches_change_nothing():
    whole = OverlapAverage((4, 4, 4), 3)
    none = positions(np.zeros((4, 4, 4), bool), 3, 1)
    whole.add(none, extract(np.ones((1, 4, 4, 4), np.float32), none, 3))
    assert not whole.average().any()


def test_memory_of_a_batch_does_not_grow_with_the_volume():
    def peak(shape):
        maps = np.zeros((2, *shape), np.float32)
        whole = OverlapAverage(shape, 5)
        where = everywhere(shape, 5, 4)[:500]
        tracemalloc.start()
        whole.add(where, extract(maps, where, 5)[:, :125])
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return memory

    assert peak((48, 48, 96)) < 1.1 * peak((48, 48, 48))
