"""The patch regressors on small random brains, each against an independent implementation of its equations."""

from dataclasses import asdict, replace
from functools import cache

import numpy as np
import pytest
from IQTLib.errors import InputError, ModelError
from IQTLib.methods.base import Run, TrainingPair
from IQTLib.methods.interpolation import Interpolation
from IQTLib.methods.patchwise.learning import fit
from IQTLib.methods.patchwise.method import PatchMethod, Samples
from IQTLib.methods.registry import METHODS, method_class
from IQTLib.methods.regressors import FAMILY
from IQTLib.methods.regressors import ksvd as ksvd_module
from IQTLib.methods.regressors.anchored import ridge_projection
from IQTLib.methods.regressors.aplus import APlus
from IQTLib.methods.regressors.ksvd import KSVDSettings, ksvd
from IQTLib.methods.regressors.neighbours import embedding_weights
from IQTLib.methods.regressors.scsr import ScSR
from IQTLib.methods.srep.coding import Coding, has_spams
from scipy import sparse
from surrogate import pair

NAMES = [one.name for one in FAMILY]
needs_spams = pytest.mark.skipif(not has_spams(), reason="spams is not installed: it learns ScSR's dictionaries")
EVERY = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=needs_spams if METHODS[name].training_needs else ()) for name in NAMES]
)
SMALL = {"patch": 3, "atoms": 32, "stride": 2, "patches": 3000}
FEATURES, VOXELS, COUNT = 12, 27, 400


@pytest.fixture(scope="module")
def pairs() -> list[TrainingPair]:
    return [pair(seed=0), pair(seed=1)]


@pytest.fixture(scope="module")
def trained(pairs):
    """A method trained on the pairs, once."""

    @cache
    def of(name: str) -> PatchMethod:
        kind = method_class(name)
        method = kind(kind.Settings(**SMALL))
        fit(method, pairs, rng=np.random.default_rng(0), run=Run())
        return method

    return of


def problem(seed: int = 0) -> Samples:
    """Features, and targets that depend on them linearly, by another matrix where the second is the larger."""
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((COUNT, FEATURES)) * np.array([3, 3, *np.geomspace(1, 0.1, FEATURES - 2)])
    ways = rng.standard_normal((2, VOXELS, FEATURES))
    targets = np.einsum("nmq,nq->nm", ways[(np.abs(features[:, 0]) < np.abs(features[:, 1])).astype(int)], features)
    base = rng.uniform(0.5, 1.5, (COUNT, VOXELS))
    return Samples(*(a.astype(np.float32) for a in (features, targets, base)))


def learned(name: str, **changes) -> tuple[PatchMethod, Samples]:
    samples = problem()
    kind = method_class(name)
    method = kind(kind.Settings(patch=3, atoms=24, stride=1, **changes))
    method.learn(samples, np.random.default_rng(0), Run())
    method.prepare()
    return method, samples


# Each method is its equation, patch by patch and in double precision


def nearest(method: PatchMethod, feature: np.ndarray) -> int:
    return int(np.abs(method.low_atoms.T @ feature).argmax())


def test_zeyde_is_orthogonal_matching_pursuit():
    from sklearn.linear_model import orthogonal_mp

    method, samples = learned("zeyde", nonzeros=1)  # with more, spams and scikit-learn choose atoms by other rules
    codes = orthogonal_mp(method.low_atoms.astype(float), samples.features.T.astype(float), n_nonzero_coefs=1)
    np.testing.assert_allclose(method.regress(samples.features), (method.high_atoms @ codes).T, atol=1e-3)


def test_global_regression_is_one_ridge_regression_of_the_dictionary():
    from sklearn.linear_model import Ridge

    method, samples = learned("gr")
    ridge = Ridge(alpha=0.1, fit_intercept=False).fit(method.low_atoms.T.astype(float), method.high_atoms.T)
    np.testing.assert_allclose(method.regress(samples.features), 1.1 * ridge.predict(samples.features), atol=1e-3)


def test_anchored_regression_takes_the_matrix_of_the_nearest_atom():
    method, samples = learned("anr", neighbours=10)
    low, high = method.low_atoms.astype(float), method.high_atoms.astype(float)
    for feature, found in zip(samples.features[:60], method.regress(samples.features[:60]), strict=True):
        near = np.argsort(-np.abs(low.T @ low[:, nearest(method, feature)]))[:10]
        inverse = np.linalg.inv(low[:, near].T @ low[:, near] + 0.01 * np.eye(10))
        np.testing.assert_allclose(found, 1.01 * high[:, near] @ inverse @ low[:, near].T @ feature, atol=2e-3)


def test_neighbours_are_weighted_as_in_locally_linear_embedding():
    from sklearn.manifold._locally_linear import barycenter_weights

    method, samples = learned("ne-lle", neighbours=6)
    low, high = method.low_atoms.astype(float), method.high_atoms.astype(float)
    unit = samples.features / samples.norm
    near = np.argsort(-np.abs(unit @ low), axis=1)[:, :6]
    weights = barycenter_weights(unit.astype(float), low.T, near, reg=1e-4)
    expected = samples.norm * np.einsum("nk,nkm->nm", weights, high.T[near])
    np.testing.assert_allclose(method.regress(samples.features), expected, rtol=1e-2, atol=1e-2)


def test_a_point_amid_equal_neighbours_has_equal_weights():
    np.testing.assert_allclose(embedding_weights(np.zeros((1, 3)), np.zeros((1, 4, 3))), np.full((1, 4), 0.25))


def test_aplus_regresses_the_training_patches_near_an_atom():
    from sklearn.linear_model import Ridge
    from sklearn.neighbors import NearestNeighbors

    method, samples = learned("aplus", neighbours=100, texture=0.0, outputs=VOXELS)
    unit, details = samples.features / samples.norm, samples.targets / samples.norm
    found = method.regress(samples.features[:60])
    index = NearestNeighbors(n_neighbors=100).fit(unit)
    for feature, detail in zip(samples.features[:60], found, strict=True):
        anchor = method.low_atoms[:, (method.low_atoms.T @ feature).argmax()]
        near = index.kneighbors(anchor[None], return_distance=False)[0]
        ridge = Ridge(alpha=0.1, fit_intercept=False).fit(unit[near].astype(float), details[near])
        np.testing.assert_allclose(detail, ridge.predict(feature[None])[0], rtol=1e-2, atol=1e-2)


def test_aplus_learns_two_ways_where_one_matrix_cannot():
    errors = {}
    for name in ("gr", "aplus"):
        method, samples = learned(name, **({"neighbours": 100, "outputs": VOXELS} if name == "aplus" else {}))
        errors[name] = float(np.mean((method.regress(samples.features) - samples.targets) ** 2))
    assert errors["aplus"] < 0.7 * errors["gr"]


def test_fewer_outputs_are_the_best_of_so_many_components():
    full, samples = learned("aplus", neighbours=100, outputs=VOXELS)
    small, _ = learned("aplus", neighbours=100, outputs=8)
    np.testing.assert_allclose(small.basis.T @ small.basis, np.eye(8), atol=1e-4)
    whole = full.regress(samples.features)
    lost = np.linalg.norm(whole - small.regress(samples.features))
    singular = np.linalg.svd(whole, compute_uv=False)
    np.testing.assert_allclose(lost, np.linalg.norm(singular[8:]), rtol=1e-3)


@needs_spams
def test_scsr_is_the_lasso_code_at_the_contrast_of_the_patch():
    from sklearn.linear_model import Lasso

    method, samples = learned("scsr")
    found = method.regress(samples.features[:40], samples.base[:40])
    for feature, base, detail in zip(samples.features, samples.base, found, strict=False):
        lasso = Lasso(alpha=0.2 / FEATURES, fit_intercept=False, tol=1e-8, max_iter=10_000)
        code = lasso.fit(method.low_atoms.astype(float), feature / np.linalg.norm(feature)).coef_
        patch = method.high_atoms @ code
        flat = base - base.mean()
        expected = base.mean() + 1.2 * patch * np.linalg.norm(flat) / np.linalg.norm(patch)
        np.testing.assert_allclose(base + detail, expected, atol=2e-2)


@pytest.mark.parametrize(("solver", "atol"), [pytest.param("spams", 1e-5, marks=needs_spams), ("torch", 1e-2)])
def test_scsr_is_what_its_authors_program_computes(solver, atol):
    """The numbers are of ScSR.m (Yang) under Octave, without its rounding to grey levels, three patches of 3 x 3."""
    rng = np.random.default_rng(18)
    low, high = rng.standard_normal((18, 32)), rng.standard_normal((9, 32))
    features, base = rng.standard_normal((3, 18)), rng.uniform(0.5, 1.5, (3, 9))
    method = ScSR(ScSR.Settings(atoms=32, solver=solver))
    method.low_atoms, method.high_atoms = low / np.linalg.norm(low, axis=0), high
    expected = [
        [1.857782, 1.238008, 1.056480, 1.100783],
        [0.939490, 1.150513, 1.206271, 0.495911],
        [1.321202, 0.574486, 1.201063, 1.069225],
    ]
    np.testing.assert_allclose((base + method.regress(features, base))[:, :4], expected, atol=atol)


def test_ridge_is_the_same_by_either_matrix():
    rng = np.random.default_rng(0)
    low, high = rng.standard_normal((5, 9)), rng.standard_normal((7, 9))
    expected = high @ np.linalg.inv(low.T @ low + 0.3 * np.eye(9)) @ low.T
    np.testing.assert_allclose(ridge_projection(low, high, 0.3), expected, atol=1e-5)


# K-SVD


def test_ksvd_finds_the_atoms_of_a_known_sparse_model():
    rng = np.random.default_rng(4)
    truth = rng.standard_normal((16, 32))
    truth /= np.linalg.norm(truth, axis=0)
    codes = np.zeros((3000, 32))
    for row in codes:
        row[rng.choice(32, 2, replace=False)] = rng.choice([-1, 1], 2) * rng.uniform(0.5, 1.5, 2)
    settings = KSVDSettings(patch=3, atoms=32, stride=1, nonzeros=2)
    atoms = ksvd((codes @ truth.T).astype(np.float32), settings, rng, Run())
    np.testing.assert_allclose(np.linalg.norm(atoms, axis=0), 1, atol=1e-5)
    assert (np.abs(truth.T @ atoms).max(1) > 0.98).mean() > 0.7


def pursued(signals: np.ndarray, atoms: np.ndarray, coding: Coding) -> sparse.csr_matrix:
    """Codes by the authors' pursuit, which takes the atom most correlated with what is left."""
    from sklearn.linear_model import orthogonal_mp

    codes = orthogonal_mp(atoms.astype(float), signals.T.astype(float), n_nonzero_coefs=coding.nonzeros)
    return sparse.csr_matrix(codes.T)


@pytest.mark.parametrize(
    ("nonzeros", "coder", "expected"),
    [
        (1, ksvd_module.encoded, [-0.489333, 0.772950, 0.765705, -0.974389, 0.370919, 0.256859, -0.294114, 0.856302]),
        (3, pursued, [-0.662352, 0.696259, 0.578791, -0.977991, 0.333376, 0.418277, 0.197569, 0.584010]),
    ],
)
def test_ksvd_is_what_its_authors_program_computes(monkeypatch, nonzeros, coder, expected):
    """The numbers are of KSVDBox (Rubinstein) under Octave after five updates in the order of the atoms."""
    rng = np.random.default_rng(17)
    signals = (rng.standard_normal((400, 8)) * np.geomspace(3, 0.3, 8)).astype(np.float32)
    monkeypatch.setattr(ksvd_module, "ITERATIONS", 6)
    monkeypatch.setattr(ksvd_module, "encoded", coder)
    atoms = ksvd(signals, KSVDSettings(atoms=16, nonzeros=nonzeros), np.random.default_rng(0), Run())
    np.testing.assert_allclose(atoms[0, :8], expected, atol=1e-5)


def test_ksvd_refuses_what_is_not_finite():
    signals = np.full((100, 4), np.nan, np.float32)
    with pytest.raises(InputError, match="does not converge"):
        ksvd(signals, KSVDSettings(atoms=16, solver="torch"), np.random.default_rng(0), Run())


# On brains


@EVERY
def test_on_a_brain_it_has_not_seen_it_beats_interpolation(name, trained):
    unseen = pair(seed=7)
    inside = unseen.low.high_mask

    def error(method) -> float:
        return float(np.sqrt(((method.enhance(unseen.low, Run()) - unseen.high)[inside] ** 2).mean()))

    assert error(trained(name)) < 0.95 * error(Interpolation())


@EVERY
def test_a_restored_model_gives_the_same_result_and_is_scale_free(name, trained):
    method = trained(name)
    restored = type(method)(method.settings)
    restored.restore(method.state())
    low = pair(seed=7).low
    estimate = restored.enhance(low, Run())
    assert np.quantile(np.abs(estimate - method.enhance(low, Run())), 0.99) < 2e-2


@EVERY
def test_a_damaged_state_is_refused(name, trained):
    method, state = trained(name), trained(name).state()
    with pytest.raises(ModelError, match="lack"):
        type(method)(method.settings).restore({key: value for key, value in state.items() if key != "low_atoms"})
    with pytest.raises(ModelError, match=r"of shape .*, but the card requires"):
        type(method)(replace(method.settings, atoms=64)).restore(state)
    assert asdict(method.settings)["atoms"] == 32


def test_no_pairs_are_refused():
    with pytest.raises(InputError, match="there are no pairs to learn from: add volumes"):
        fit(APlus(), [], rng=np.random.default_rng(0), run=Run())
