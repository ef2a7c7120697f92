"""Convolutional sparse coding on small signals, against SPORCO itself and plain sums."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from IQTLib.errors import CancelledError, InputError, ModelError
from IQTLib.events import Reporter
from IQTLib.methods.base import Run
from IQTLib.methods.csc.coding import Coder, detail, high_pass, phases, through, tiles, unphased
from IQTLib.methods.csc.learning import Signals, learn_filters, learn_mapping
from IQTLib.methods.csc.method import CSC, CSCSettings
from IQTLib.methods.csc.regression import Regression
from IQTLib.methods.interpolation import Interpolation
from IQTLib.methods.patchwise.learning import fit
from surrogate import pair

pytest.importorskip("sporco")
SMALL = CSCSettings(patch=3, atoms=16, patches=12_000, iterations=15)


def unit(filters: np.ndarray) -> np.ndarray:
    return (filters / np.sqrt(np.sum(filters**2, axis=tuple(range(filters.ndim - 1))))).astype(np.float32)


def sparse_maps(shape: tuple[int, ...], count: int, rng: np.random.Generator, share: float = 0.01) -> np.ndarray:
    maps = rng.standard_normal((*shape, count)) * (rng.random((*shape, count)) < share)
    return maps.astype(np.float32)


def plain(maps: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """sum_k g_k * z_k, ends meeting, one coefficient after another."""
    found = np.zeros(maps.shape[:-1])
    for place in zip(*np.nonzero(maps), strict=True):
        at = np.ix_(*((np.arange(m) + p) % n for p, m, n in zip(place[:-1], filters.shape, maps.shape, strict=False)))
        found[at] += maps[place] * filters[..., place[-1]]
    return found


@pytest.fixture(scope="module")
def pairs():
    return [pair(seed=0), pair(seed=1)]


@pytest.fixture(scope="module")
def trained(pairs) -> CSC:
    return learned(pairs)


def learned(pairs, run: Run = Run(), checkpoint=None, settings: CSCSettings = SMALL) -> CSC:  # noqa: B008 - frozen
    method = CSC(settings)
    method.checkpoint = checkpoint
    fit(method, pairs, rng=np.random.default_rng(0), run=run)
    return method


# Maps, filters and what they give


@pytest.mark.parametrize("shape", [(14, 11), (8, 9, 7)])
def test_maps_through_filters_are_the_sum_of_shifted_filters(shape):
    rng = np.random.default_rng(0)
    maps, filters = sparse_maps(shape, 4, rng, 0.05), rng.standard_normal((3,) * len(shape) + (2, 4)).astype(np.float32)
    expected = np.stack([plain(maps, filters[..., c, :]) for c in range(2)], -1)
    np.testing.assert_allclose(through(maps, filters), expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(14, 11), (8, 9, 7)])
def test_the_regression_multiplies_by_the_same_sum_and_by_its_adjoint(shape):
    rng = np.random.default_rng(1)
    support, inner = (3,) * len(shape), tuple(slice(2, n - 1) for n in shape)
    maps = [sparse_maps(shape, 4, rng, 0.05) for _ in range(2)]
    filters = rng.standard_normal((*support, 4)).astype(np.float32)
    regression, targets = Regression(support, 4), rng.standard_normal((2, *maps[0][inner].shape[:-1], 1))
    for one, target, weight in zip(maps, targets, (1, 4), strict=True):
        regression.add(one, target, inner, weight)
    expected = [share * through(one, filters[..., None, :])[inner] for one, share in zip(maps, (1, 2), strict=True)]
    found = regression.forward(filters.ravel())
    np.testing.assert_allclose(found, np.concatenate(expected, axis=None), atol=1e-5)
    values = rng.standard_normal(found.shape)
    assert np.dot(found, values) == pytest.approx(np.dot(filters.ravel(), regression.adjoint(values)), rel=1e-5)
    matrix = np.stack([regression.forward(unit) for unit in np.eye(filters.size)], 1)
    penalty = 0.1 * np.square(matrix).sum() / filters.size * np.eye(filters.size)  # the ridge counts per mean square
    known = np.concatenate([targets[0], 2 * targets[1]], axis=None)
    exact = np.linalg.solve(matrix.T @ matrix + penalty, matrix.T @ known)
    np.testing.assert_allclose(regression.solve(0.1, Run())[..., 0, :].ravel(), exact, atol=1e-4)


def test_the_regression_holds_each_coefficient_once():
    rng = np.random.default_rng(1)
    regression, inner = Regression((5, 5), 16), (slice(5, 37),) * 2
    maps = [sparse_maps((42, 42), 16, rng, 0.05) for _ in range(8)]
    tracemalloc.start()
    for one in maps:
        regression.add(one, np.zeros((32, 32, 1), np.float32), inner)
    regression.solve(1, Run())
    peak, entries = tracemalloc.get_traced_memory()[1], 25 * sum(np.count_nonzero(one[inner]) for one in maps)
    tracemalloc.stop()
    assert peak < 8 * entries  # bytes of the matrix, with an index beside each number


def test_maps_of_a_known_sparse_signal_are_found():
    rng = np.random.default_rng(2)
    filters, true = unit(rng.standard_normal((5, 5, 6))), sparse_maps((40, 40), 6, rng)
    found = Coder(filters, 0.01, 300).maps(plain(true, filters).astype(np.float32))
    assert np.linalg.norm(found - true) < 0.05 * np.linalg.norm(true)
    assert np.array_equal(found[np.abs(true) > 0.1] != 0, np.ones(np.count_nonzero(np.abs(true) > 0.1), bool))


def test_the_objective_is_sporcos():
    from sporco.admm.cbpdn import ConvBPDN

    rng = np.random.default_rng(3)
    filters, signal = unit(rng.standard_normal((5, 5, 6))), rng.standard_normal((24, 20)).astype(np.float32)
    kwargs = {"MaxMainIter": 40, "RelStopTol": 1e-3, "DataType": np.float32, "AutoRho": {"Enabled": False}}
    chosen = ConvBPDN.Options({**kwargs, "AuxVarObj": True})
    solver = ConvBPDN(filters, signal, np.float32(0.1), chosen, dimK=0)
    maps = solver.solve().reshape(24, 20, 6)
    coder = Coder(filters, 0.1, 40)
    assert coder.objective(signal, maps) == pytest.approx(solver.getitstat().ObjFun[-1], rel=1e-4)
    np.testing.assert_allclose(coder.maps(signal), maps, atol=1e-6)


@pytest.mark.parametrize("edge", [(16, 16), (13, 40)])
def test_tiles_give_what_the_whole_signal_gives(edge):
    rng = np.random.default_rng(4)
    filters = unit(rng.standard_normal((3, 3, 4)))
    signal = high_pass(plain(sparse_maps((40, 37), 4, rng), filters))
    coder, high = Coder(filters, 0.05, 100), rng.standard_normal((3, 3, 2, 4)).astype(np.float32)
    whole = detail(signal, coder, high, Run(), edge=signal.shape)
    tiled = detail(signal, coder, high, Run(), edge=edge)
    assert np.linalg.norm(tiled - whole) < 0.1 * np.linalg.norm(whole)
    inner = (slice(4, 10), slice(20, 28))  # far from seams and ends
    assert np.linalg.norm((tiled - whole)[inner]) < 0.01 * np.linalg.norm(whole)


def test_tiles_cover_every_place_once():
    count = np.zeros((11, 9, 4), int)
    for tile in tiles(count.shape, (4, 9, 3), (2, 1, 1)):
        count[tile.own] += 1
        sizes = [s.stop - s.start for s in tile.own]
        assert [s.stop - s.start for s in tile.inner] == sizes
        assert [s.stop - s.start for s in tile.padded] == [n + 2 * m for n, m in zip(sizes, (2, 1, 1), strict=True)]
    assert np.all(count == 1)


@pytest.mark.parametrize(("shape", "factors"), [((8, 6), (2, 2)), ((4, 6, 8), (1, 1, 4)), ((8, 8), (4, 2))])
def test_phases_are_the_pixels_of_a_coarse_one_and_back(shape, factors):
    fine = np.random.default_rng(0).standard_normal(shape)
    channels = phases(fine, factors)
    first = fine[tuple(slice(0, f) for f in factors)].ravel()
    np.testing.assert_array_equal(channels[(0,) * len(shape)], first)
    np.testing.assert_array_equal(unphased(channels, factors), fine)


def test_filters_of_a_known_model_are_learned():
    rng = np.random.default_rng(5)
    true = unit(rng.standard_normal((5, 5, 3)))
    signals = Signals((5, 5), 32, rng, count=6, steps=61, parts=0)
    for _ in range(6):
        image = plain(sparse_maps((40, 40), 3, rng, 0.01), true)
        signals.add(image.astype(np.float32), image[..., None], np.ones(image.shape, bool))
    start = signals.noise(6)
    kwargs = {"sparsity": 0.02, "iterations": 40}
    found = learn_filters(signals, start, range(60), Run(), **kwargs)

    def misfit(filters: np.ndarray) -> float:
        image = signals.part(60)[0]
        coder = Coder(unit(filters), 0.02, 60)
        return coder.objective(image, coder.maps(image))

    assert np.allclose(np.sum(found**2, axis=(0, 1)), 1, atol=1e-4)
    least = misfit(true)
    assert misfit(found) - least < 0.2 * (misfit(start) - least)


def test_of_signals_only_the_parts_that_are_learned_from_are_kept():
    signals = Signals((3, 3, 3), 8, np.random.default_rng(0), count=20, steps=6, parts=2)
    tracemalloc.start()
    for number in range(20):
        signal = np.full((40, 40, 40), number, np.float32)
        signals.add(signal, np.stack([signal, 2 * signal], -1), np.ones(signal.shape, bool))
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 4 * signal.nbytes  # of twenty signals with targets of twice their size
    for part, target, inner in (*map(signals.part, range(6)), *signals.parts()):
        assert part.shape == (14, 14, 14)
        np.testing.assert_array_equal(target, np.stack([part[inner], 2 * part[inner]], -1))
    assert len({float(signals.part(step)[0].max()) for step in range(6)}) > 1  # parts of more than one signal


def test_the_mapping_finds_filters_that_made_the_target():
    rng = np.random.default_rng(6)
    low, high = unit(rng.standard_normal((3, 3, 4))), rng.standard_normal((3, 3, 2, 4)).astype(np.float32)
    coder = Coder(low, 0.01, 60)
    signals = Signals((3, 3), 30, rng, count=4, steps=0, parts=6)
    for _ in range(4):
        image = plain(sparse_maps((36, 36), 4, rng, 0.02), low).astype(np.float32)
        target = through(coder.maps(np.pad(image, 3, "symmetric")), high)[3:-3, 3:-3]
        signals.add(image, target, np.ones(image.shape, bool))
    scaled, mapping = learn_mapping(signals.parts(), coder, 1e-6, Run())
    np.testing.assert_allclose(np.sum(scaled**2, axis=(0, 1, 2)), 1, atol=1e-4)
    assert np.linalg.norm(scaled * mapping - high) < 0.15 * np.linalg.norm(high)


def test_learning_that_diverges_stops_and_keeps_the_last_filters():
    signals = Signals((3, 3), 16, np.random.default_rng(0), count=1, steps=5, parts=0)
    image = np.random.default_rng(1).standard_normal((20, 20)).astype(np.float32)
    signals.add(image, image[..., None], np.ones(image.shape, bool))
    events, kept = [], []

    def spoil(filters: np.ndarray, step: int) -> None:
        kept.append(filters.copy())
        signals.part(1)[0][:] = np.nan

    run = Run(report=Reporter(events.append))
    kwargs = {"sparsity": 0.1, "iterations": 5}
    found = learn_filters(signals, signals.noise(4), range(5), run, **kwargs, keep=spoil)
    assert [event.message for event in events if event.kind == "warning"] == [
        "the objective no longer falls: the best filters so far are kept"
    ]
    np.testing.assert_array_equal(found, kept[0])


# The method


def test_on_a_brain_it_has_not_seen_it_beats_interpolation(trained):
    test = pair(seed=5)
    inside = test.low.high_mask

    def error(method) -> float:
        return float(np.sqrt(np.mean((method.enhance(test.low, Run())[inside] - test.high[inside]) ** 2)))

    assert error(trained) < 0.95 * error(Interpolation())


def test_the_same_seed_trains_the_same_model_and_a_resumed_training_too(pairs, trained, tmp_path):
    kept = tmp_path / "last.ckpt"
    events = []

    checks = []

    def cancelled() -> bool:
        checks.append(any(event.message == "learning filters" for event in events))
        return sum(checks) > 14

    settings = replace(SMALL, patches=44_000)
    whole = learned(pairs, settings=settings).state()
    with pytest.raises(CancelledError):
        learned(pairs, Run(report=Reporter(events.append, cancelled)), kept, settings)
    if not kept.is_file():
        pytest.fail("nothing was kept")
    resumed = learned(pairs, checkpoint=kept, settings=settings).state()
    assert all(np.array_equal(resumed[name], array) for name, array in whole.items())


def test_a_restored_model_gives_the_same_result(trained):
    test = pair(seed=5).low
    other = CSC(SMALL)
    other.restore(trained.state())
    np.testing.assert_allclose(other.enhance(test, Run()), trained.enhance(test, Run()), atol=5e-3)


@pytest.mark.parametrize("part", ["low_filters", "mapping", "contrast.spread"])
def test_a_state_that_lacks_a_part_is_a_model_error(trained, part):
    state = {name: array for name, array in trained.state().items() if name != part}
    with pytest.raises(ModelError, match=f"lack {part}"):
        CSC(SMALL).restore(state)


def test_a_state_of_other_settings_is_a_model_error(trained):
    with pytest.raises(ModelError, match="the card requires"):
        CSC(replace(SMALL, atoms=32)).restore(trained.state())


# Bad input


def test_an_image_smaller_than_the_filters_is_refused(trained):
    with pytest.raises(InputError, match="2 x 20 is too small for filters of 3 x 3"):
        detail(np.ones((2, 20)), Coder(np.ones((3, 3, 4)), 1, 5), np.ones((3, 3, 1, 4)), Run(), edge=(20, 20))


def test_too_little_memory_is_told_before_the_work():
    filters = np.broadcast_to(np.float32(1), (3, 3, 10**9))
    with pytest.raises(InputError, match="convolutional sparse coding needs about"):
        detail(np.ones((300, 300)), Coder(filters, 1, 5), np.ones((3, 3, 1, 4)), Run(), edge=(300, 300))


def test_without_sporco_it_says_what_to_install(monkeypatch, pairs):
    from IQTLib.methods.csc import coding

    monkeypatch.setattr(coding, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"needs sporco: pip install 'image-quality-transfer\[csc\]'"):
        learned(pairs)


def test_a_damaged_checkpoint_is_told(pairs, tmp_path):
    kept = tmp_path / "last.ckpt"
    kept.write_bytes(b"no archive")
    with pytest.raises(InputError, match="cannot be read"):
        learned(pairs, checkpoint=kept)
