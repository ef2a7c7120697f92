"""IQT-SRep from features to volumes, on small random brains; and interpolation, the method it must beat."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import CancelledError, InputError, ModelError
from IQTLib.events import Reporter
from IQTLib.image.axis import upsample_slices
from IQTLib.image.patches import positions
from IQTLib.methods.base import LowField, Run, TrainingPair
from IQTLib.methods.interpolation import Interpolation, InterpolationSettings
from IQTLib.methods.patchwise import method as method_module
from IQTLib.methods.patchwise.features import feature_maps, patch_features, thick_slices
from IQTLib.methods.patchwise.learning import fit, principal_components
from IQTLib.methods.srep import learning
from IQTLib.methods.srep.coding import Coding, has_spams
from IQTLib.methods.srep.learning import coupled_dictionary
from IQTLib.methods.srep.method import SRep, SRepSettings
from IQTLib.physics.acquisition import Acquisition
from scipy import sparse
from surrogate import PROFILE, pair

PROPERTY = settings(max_examples=25, deadline=None)
SMALL = SRepSettings(patch=3, atoms=32, stride=2, patches=4000)
PAPER = replace(SRepSettings.of_size(3, 32, paper=True), patches=4000)
needs_spams = pytest.mark.skipif(not has_spams(), reason="spams is not installed: it learns the dictionaries")


@pytest.fixture(scope="module")
def pairs() -> list[TrainingPair]:
    return [pair(seed=0), pair(seed=1)]


def fitted(options: SRepSettings, pairs: list[TrainingPair], seed: int = 0) -> SRep:
    srep = SRep(options)
    fit(srep, pairs, rng=np.random.default_rng(seed), run=Run())
    return srep


@pytest.fixture(scope="module")
def product(pairs) -> SRep:
    return fitted(SMALL, pairs)


@pytest.fixture(scope="module")
def paper(pairs) -> SRep:
    return fitted(PAPER, pairs)


def untrained(options: SRepSettings = PAPER, dimensions: int = 20) -> SRep:
    """With random atoms; it needs no spams."""
    rng = np.random.default_rng(3)
    size = options.patch**3
    srep = SRep(options)
    srep.restore(
        {
            "projection": np.linalg.qr(rng.standard_normal((6 * size, dimensions)))[0],
            "low_atoms": rng.standard_normal((dimensions, options.atoms)),
            "high_atoms": 0.3 * rng.standard_normal((size, options.atoms)),
        }
    )
    return srep


def scan(shape: tuple[int, int, int] = (20, 22, 5), seed: int = 0) -> LowField:
    return pair((*shape[:2], shape[2] * PROFILE.factor), seed).low


# Features


@pytest.mark.parametrize(("axis", "tap"), [(0, 1), (1, 1), (2, 4)])
def test_features_of_a_ramp_are_its_rise_between_taps_and_no_curvature(axis, tap):
    slope = 0.25
    ramp = np.broadcast_to(np.moveaxis(slope * np.arange(24, dtype=np.float32)[:, None, None], 0, axis), (24, 24, 24))
    maps = feature_maps(ramp, (1, 1, 4))[:, 8:16, 8:16, 8:16]
    expected = np.zeros(6)
    expected[2 * axis] = 2 * tap * slope
    np.testing.assert_allclose(maps, np.broadcast_to(expected[:, None, None, None], maps.shape), atol=1e-6)


@pytest.mark.parametrize(("axis", "tap"), [(0, 1), (1, 1), (2, 3)])
def test_features_of_a_point_show_their_taps(axis, tap):
    point = np.zeros((21, 21, 21), np.float32)
    point[10, 10, 10] = 1
    first, second = feature_maps(point, (1, 1, 3))[2 * axis : 2 * axis + 2]

    def line(image):
        return np.moveaxis(image, axis, 0)[:, 10, 10]

    difference, curvature = np.zeros(21), np.zeros(21)
    difference[10 - tap], difference[10 + tap] = 1, -1
    curvature[10], curvature[10 - 2 * tap], curvature[10 + 2 * tap] = -1, 0.5, 0.5
    np.testing.assert_array_equal(line(first), difference)
    np.testing.assert_array_equal(line(second), curvature)


def reference_maps(volume: np.ndarray, factor: int) -> np.ndarray:
    """Equation by equation on a volume padded with its edges."""
    pad = 2 * factor
    padded = np.pad(volume, pad, mode="edge").astype(np.float64)

    def at(axis: int, shift: int) -> np.ndarray:
        index = [slice(pad, pad + n) for n in volume.shape]
        index[axis] = slice(pad + shift, pad + shift + volume.shape[axis])
        return padded[tuple(index)]

    maps = []
    for axis, tap in enumerate((1, 1, factor)):
        maps.append(at(axis, tap) - at(axis, -tap))
        maps.append(0.5 * (at(axis, 2 * tap) - 2 * volume + at(axis, -2 * tap)))
    return np.stack(maps)


@given(
    st.tuples(st.integers(3, 12), st.integers(3, 9), st.integers(3, 20)),
    st.integers(2, 8),
    st.integers(0, 2**32 - 1),
    st.data(),
)
@PROPERTY
def test_features_follow_their_equation_up_to_repeated_edges_in_any_slab(shape, factor, seed, data):
    volume = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    expected = reference_maps(volume, factor)
    np.testing.assert_allclose(feature_maps(volume, thick_slices(factor)), expected, atol=1e-5)
    first = data.draw(st.integers(0, shape[0] - 1))
    last = data.draw(st.integers(first + 1, shape[0]))
    np.testing.assert_allclose(
        feature_maps(volume, thick_slices(factor), first, last), expected[:, first:last], atol=1e-5
    )


@pytest.mark.parametrize("size", [3, 5])
def test_patch_features_are_the_maps_cut_out_map_by_map(size):
    rng = np.random.default_rng(0)
    volume = rng.standard_normal((14, 10, 18)).astype(np.float32)
    where = np.stack([rng.integers(0, n - size + 1, 30) for n in volume.shape], axis=1)
    maps = reference_maps(volume, 4)
    expected = [maps[:, x : x + size, y : y + size, z : z + size].ravel() for x, y, z in where]
    features = patch_features(volume, where, size=size, taps=(1, 1, 4))
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, expected, atol=1e-5)


# Learning


@pytest.mark.parametrize("energy", [0.5, 0.9, 0.999, 1.0])
def test_principal_components_are_those_of_the_singular_values(energy):
    rng = np.random.default_rng(1)
    features = (rng.standard_normal((500, 30)) * np.geomspace(1, 0.01, 30) + 0.3).astype(np.float32)
    projection = principal_components(features, energy)
    count = projection.shape[1]
    np.testing.assert_allclose(projection.T @ projection, np.eye(count), atol=1e-5)
    total = (features**2).sum()
    assert ((features @ projection) ** 2).sum() / total >= energy - 1e-4
    if energy < 1:
        assert ((features @ projection[:, :-1]) ** 2).sum() / total < energy
    _, _, right = np.linalg.svd(features.astype(np.float64), full_matrices=False)
    np.testing.assert_allclose(np.abs((right[:count] @ projection).diagonal()), 1, atol=1e-3)


def test_high_field_atoms_are_the_least_squares_fit():
    rng = np.random.default_rng(2)
    codes = sparse.random(800, 24, 0.2, "csr", np.float32, rng, data_rvs=rng.standard_normal)
    truth = rng.standard_normal((27, 24))
    targets = (codes @ truth.T + 0.1 * rng.standard_normal((800, 27))).astype(np.float32)
    atoms = coupled_dictionary(codes, targets)
    gram = codes.toarray().T.astype(np.float64) @ codes.toarray()
    ridge = np.sqrt(1e-6 * np.trace(gram) / 24)
    stacked = np.vstack([codes.toarray(), ridge * np.eye(24)]), np.vstack([targets, np.zeros((24, 27))])
    np.testing.assert_allclose(atoms, np.linalg.lstsq(*stacked, rcond=None)[0].T, atol=1e-4)


def test_an_atom_without_use_gets_an_empty_high_field_atom():
    codes = sparse.csr_matrix(np.array([[1.0, 0, 0], [0, 2.0, 0]], np.float32))
    atoms = coupled_dictionary(codes, np.ones((2, 8), np.float32))
    np.testing.assert_allclose(atoms, np.broadcast_to([1, 0.5, 0], (8, 3)), atol=1e-5)


@needs_spams
def test_learned_atoms_explain_signals_of_a_known_sparse_model():
    rng = np.random.default_rng(4)
    low, high = rng.standard_normal((16, 32)), rng.standard_normal((27, 32))
    low /= np.linalg.norm(low, axis=0)
    codes = np.zeros((6000, 32))
    for row in codes:
        row[rng.choice(32, 2, replace=False)] = rng.choice([-1, 1], 2) * rng.uniform(0.5, 1.5, 2)
    signals, targets = codes @ low.T, codes @ high.T
    norm = np.linalg.norm(signals, axis=1, keepdims=True)
    signals, targets = (signals / norm).astype(np.float32), (targets / norm).astype(np.float32)
    options = replace(SMALL, nonzeros=2)
    learned = learning.dictionary(signals, options, rng)
    np.testing.assert_allclose(np.linalg.norm(learned, axis=0), 1, atol=1e-5)
    found = options.coding.encode(signals, learned)
    assert ((signals - found @ learned.T) ** 2).sum() < 0.1 * (signals**2).sum()
    detail = found @ coupled_dictionary(found, targets).T
    assert ((targets - detail) ** 2).sum() < 0.25 * (targets**2).sum()
    assert (np.abs(low.T @ learned).max(1) > 0.98).mean() > 0.7  # most true atoms are found again


@needs_spams
@pytest.mark.parametrize("options", [SMALL, PAPER], ids=["product", "paper"])
def test_the_same_seed_trains_the_same_model_to_the_last_bit(options, pairs, request):
    known = request.getfixturevalue("product" if options is SMALL else "paper")
    again, other = fitted(options, pairs), fitted(options, pairs, seed=1)
    for name, array in known.state().items():
        np.testing.assert_array_equal(again.state()[name], array)
    assert not np.array_equal(other.low_atoms, known.low_atoms)


@needs_spams
def test_learned_state_is_finite_and_of_unit_atoms(product):
    assert all(np.isfinite(array).all() for array in product.state().values())
    np.testing.assert_allclose(np.linalg.norm(product.low_atoms, axis=0), 1, atol=1e-5)
    apart = np.abs(product.low_atoms.T @ product.low_atoms) - np.eye(SMALL.atoms)
    assert apart.max() < 0.999


@needs_spams
@pytest.mark.parametrize("flaw", ["flat", "few", "thin"])
def test_no_training_data_is_an_input_error(flaw):
    given = pair((16, 16, 16))
    low, patches = given.low, 4000
    if flaw == "flat":
        low = replace(low, data=np.ones_like(low.data))
    if flaw == "few":
        patches = 20
    if flaw == "thin":
        mask = np.zeros_like(low.mask)
        mask[8, 8, 2] = True
        low = replace(low, mask=mask)
    with pytest.raises(InputError, match=r"atoms|thin"):
        fitted(replace(PAPER, patches=patches), [TrainingPair(low, given.high, "nobody")])


def test_training_without_spams_says_what_to_install(monkeypatch, pairs):
    monkeypatch.setattr(learning, "has_spams", lambda: False)
    with pytest.raises(InputError, match="pip install spams-bin"):
        fitted(PAPER, pairs)


# Enhancing


def test_empty_high_field_atoms_leave_the_interpolated_volume():
    srep, low = untrained(), scan()
    srep.high_atoms = np.zeros_like(srep.high_atoms)
    expected = np.maximum(Interpolation().enhance(low, Run()), 0)
    np.testing.assert_array_equal(srep.enhance(low, Run()), expected)


@pytest.mark.parametrize("coder", ["lasso", "omp"])
def test_detail_is_the_mean_over_patches_of_atoms_times_codes(coder):
    srep, low = untrained(replace(PAPER, coder=coder)), scan((9, 8, 3))
    start = upsample_slices(low.data, PROFILE.factor)
    where = positions(low.high_mask, 3, 1)
    features = np.concatenate([patch_features(start, one[None], size=3, taps=(1, 1, 4)) for one in where])
    features = features @ srep.projection
    norm = np.linalg.norm(features, axis=1, keepdims=True)
    codes = Coding(coder, 0.01, 3).encode(features / np.maximum(norm, 1e-6), srep.low_atoms).toarray() * norm
    total, count = np.zeros(start.shape), np.zeros(start.shape)
    for (x, y, z), code in zip(where, codes, strict=True):
        here = np.s_[x : x + 3, y : y + 3, z : z + 3]
        total[here] += (srep.high_atoms @ code).reshape(3, 3, 3)
        count[here] += 1
    expected = np.maximum(start + total / np.maximum(count, 1), 0)
    np.testing.assert_allclose(srep.enhance(low, Run()), expected, atol=2e-3)


@pytest.mark.parametrize("gain", [0.01, 37.0])
@pytest.mark.parametrize("coder", ["lasso", "omp"])
def test_brighter_scans_give_brighter_results_in_proportion(coder, gain):
    srep, low = untrained(replace(PAPER, coder=coder, stride=2)), scan()
    brighter = replace(low, data=low.data * np.float32(gain), noise=low.noise * gain)
    apart = srep.enhance(brighter, Run()) / gain - srep.enhance(low, Run())
    assert np.abs(apart).mean() < 1e-3
    assert np.quantile(np.abs(apart), 0.999) < 1e-2


def test_the_result_has_factor_times_the_slices_and_no_negative_or_missing_value():
    low = scan()
    high = untrained().enhance(low, Run())
    assert high.shape == (20, 22, 20)
    assert high.dtype == np.float32
    assert np.isfinite(high).all()
    assert high.min() >= 0


def test_the_batch_size_does_not_change_the_result(monkeypatch):
    srep, low = untrained(replace(PAPER, coder="omp")), scan()
    whole = srep.enhance(low, Run())
    monkeypatch.setattr(method_module, "BATCH", 97)
    np.testing.assert_allclose(srep.enhance(low, Run()), whole, atol=1e-4)


def test_patches_far_from_the_brain_change_nothing():
    srep, low = untrained(), scan()
    high = srep.enhance(low, Run())
    near = np.zeros(high.shape, bool)
    for x, y, z in positions(low.high_mask, 3, 1):
        near[x : x + 3, y : y + 3, z : z + 3] = True
    assert not near.all()
    np.testing.assert_array_equal(high[~near], np.maximum(srep.start(low), 0)[~near])


def test_a_volume_without_texture_stays_as_it_is():
    low = scan()
    flat = replace(low, data=np.ones_like(low.data))
    np.testing.assert_allclose(untrained().enhance(flat, Run()), 1, atol=1e-4)


def test_a_grid_smaller_than_a_patch_is_an_input_error():
    low = scan()
    sliver = replace(low, data=low.data[9:11], mask=low.mask[9:11])
    with pytest.raises(InputError, match="smaller than a patch of 3"):
        untrained().enhance(sliver, Run())


@pytest.mark.parametrize("after", [0, 3])
def test_cancelling_stops_in_the_middle(monkeypatch, after):
    monkeypatch.setattr(method_module, "BATCH", 200)
    events, asked = [], []

    def cancelled():
        asked.append(True)
        return len(asked) > after

    with pytest.raises(CancelledError):
        untrained().enhance(scan(), Run(report=Reporter(events.append, cancelled)))
    assert len(asked) == after + 1


@needs_spams
@pytest.mark.parametrize("after", [0, 2, 5, 7])
def test_cancelling_stops_training(pairs, after):
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) > after

    with pytest.raises(CancelledError):
        fit(SRep(SMALL), pairs, rng=np.random.default_rng(0), run=Run(report=Reporter(cancelled=cancelled)))
    assert len(asked) == after + 1


def test_consistency_explains_the_measured_slices_better():
    low = scan()
    physics = Acquisition(PROFILE, low.data.shape[-1])

    def misfit(consistency: bool) -> float:
        high = untrained(replace(PAPER, consistency=consistency)).enhance(low, Run())
        return float(np.linalg.norm((low.data - physics.forward(high))[low.mask]))

    assert misfit(True) < 0.8 * misfit(False)


@needs_spams
@pytest.mark.parametrize(("kind", "share"), [("product", 0.95), ("paper", 0.99)])
def test_on_a_brain_it_has_not_seen_it_beats_interpolation(kind, share, request):
    srep = request.getfixturevalue(kind)
    unseen = pair(seed=7)
    inside = unseen.low.high_mask

    def error(method) -> float:
        return float(np.sqrt(((method.enhance(unseen.low, Run()) - unseen.high)[inside] ** 2).mean()))

    assert error(srep) < share * error(Interpolation())


@needs_spams
def test_one_brain_is_enough_to_train_on():
    """Its percentiles are the same in every voxel: features of no spread."""
    unseen = pair(seed=7)
    estimate = fitted(SMALL, [pair(seed=0)]).enhance(unseen.low, Run())
    assert np.isfinite(estimate).all()


# What is kept


@needs_spams
@pytest.mark.parametrize("kind", ["product", "paper"])
def test_a_restored_model_gives_the_same_result(kind, request):
    srep = request.getfixturevalue(kind)
    state = srep.state()
    assert state["low_atoms"].dtype == np.float16
    restored = SRep(srep.settings)
    restored.restore(state)
    low = pair(seed=7).low
    apart = np.abs(restored.enhance(low, Run()) - srep.enhance(low, Run()))
    assert apart.mean() < 1e-3
    assert np.quantile(apart, 0.99) < 1e-2
    for name, array in restored.state().items():
        np.testing.assert_allclose(array, state[name], atol=1e-3)


@pytest.mark.parametrize("missing", ["projection", "low_atoms", "high_atoms"])
def test_a_state_that_lacks_a_part_is_a_model_error(missing):
    state = untrained().state()
    del state[missing]
    with pytest.raises(ModelError, match=missing):
        SRep(PAPER).restore(state)


@pytest.mark.parametrize("options", [replace(PAPER, atoms=64), replace(PAPER, patch=5)])
def test_a_state_of_other_settings_is_a_model_error(options):
    with pytest.raises(ModelError, match=r"of shape .*, but the card requires"):
        SRep(options).restore(untrained().state())


def test_a_state_without_contrast_map_does_not_fit_settings_with_one():
    with pytest.raises(ModelError, match=r"contrast\."):
        SRep(replace(PAPER, contrast_map=True)).restore(untrained().state())


# Settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"patch": 4},
        {"atoms": 15},
        {"atoms": 4097},
        {"stride": 0},
        {"patch": 3, "stride": 4},
        {"coder": "magic"},
        {"solver": "magic"},
        {"nonzeros": 0},
        {"nonzeros": 33},
        {"lam": 0.0},
        {"lam": 1.0},
        {"lam": float("nan")},
        {"energy": 0.0},
        {"energy": 1.01},
    ],
    ids=str,
)
def test_settings_out_of_range_are_an_input_error(wrong):
    with pytest.raises(InputError, match=r"choose|it must be|magic"):
        replace(SRepSettings(stride=1), **wrong)


@pytest.mark.parametrize(("patch", "stride"), [(3, 1), (5, 2), (7, 3)])
def test_paper_settings_are_the_algorithm_without_our_additions(patch, stride):
    paper = SRepSettings.of_size(patch, 512, paper=True)
    assert (paper.patch, paper.atoms, paper.stride, paper.coder, paper.lam) == (patch, 512, stride, "lasso", 0.01)
    assert not any((paper.contrast_map, paper.denoise, paper.consistency))
    assert SRepSettings.of_size(patch, 512).stride == stride


# Interpolation


@pytest.mark.parametrize("kind", ["linear", "cubic"])
def test_interpolation_of_a_ramp_is_the_ramp(kind):
    low = scan((6, 6, 8))
    ramp = replace(low, data=np.broadcast_to(np.arange(8, dtype=np.float32), low.data.shape))
    high = Interpolation(InterpolationSettings(kind)).enhance(ramp, Run())
    expected = np.minimum(np.arange(32) / 4, 7)  # beyond the last slice its value is repeated
    np.testing.assert_allclose(high, np.broadcast_to(expected, high.shape), atol=1e-5)


@pytest.mark.parametrize("kind", ["nearest", "linear", "cubic"])
def test_interpolation_keeps_the_measured_slices(kind):
    low = scan()
    method = Interpolation(InterpolationSettings(kind))
    method.restore(method.state())
    np.testing.assert_allclose(method.enhance(low, Run())[..., ::4], low.data, atol=1e-6)


def test_nearest_interpolation_repeats_slices():
    low = scan()
    high = Interpolation(InterpolationSettings("nearest")).enhance(low, Run())
    chosen = np.minimum(np.floor(np.arange(20) / 4 + 0.5), 4).astype(int)
    np.testing.assert_array_equal(high, low.data[..., chosen])


def test_an_unknown_interpolation_is_an_input_error():
    with pytest.raises(InputError, match="nearest, linear, cubic"):
        Interpolation(InterpolationSettings("magic")).enhance(scan(), Run())


def test_interpolation_can_be_cancelled():
    with pytest.raises(CancelledError):
        Interpolation().enhance(scan(), Run(report=Reporter(cancelled=lambda: True)))
