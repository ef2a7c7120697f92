"""Sparse codes against scikit-learn, against each other and against the conditions of the optimum."""

import builtins
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.errors import InputError
from IQTLib.methods.srep import coding
from IQTLib.methods.srep.coding import Coding, batch_omp, has_spams
from sklearn.decomposition import sparse_encode
from sklearn.linear_model import orthogonal_mp
from surrogate import coding_problem

LAM = 0.01
PROPERTY = settings(max_examples=25, deadline=None)
needs_spams = pytest.mark.skipif(not has_spams(), reason="spams is not installed")
solvers = pytest.mark.parametrize("solver", [pytest.param("spams", marks=needs_spams), "torch"])
coders = pytest.mark.parametrize("coder", ["lasso", "omp"])


def unit(data: np.ndarray, axis: int) -> np.ndarray:
    return (data / np.linalg.norm(data, axis=axis, keepdims=True)).astype(np.float32)


def random_problem(count: int = 40, dimensions: int = 20, atoms: int = 64, seed: int = 0):
    rng = np.random.default_rng(seed)
    return unit(rng.standard_normal((count, dimensions)), 1), unit(rng.standard_normal((dimensions, atoms)), 0)


def objective(features, dictionary, codes, lam: float = LAM) -> np.ndarray:
    """Of each row, in double precision; lam 0 leaves half the squared residual."""
    codes = np.asarray(codes.todense() if hasattr(codes, "todense") else codes, np.float64)
    residual = features.astype(np.float64) - codes @ dictionary.T.astype(np.float64)
    return 0.5 * (residual**2).sum(1) + lam * np.abs(codes).sum(1)


PROBLEMS = {
    "random": lambda: random_problem(),
    "correlated": lambda: tuple(a[:200] if n == 0 else a for n, a in enumerate(coding_problem(2000))),
}


@pytest.fixture(params=PROBLEMS)
def problem(request):
    return PROBLEMS[request.param]()


# Lasso


@solvers
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_lasso_reaches_the_objective_of_scikit_learn(solver, problem):
    features, dictionary = (a[:40] if n == 0 else a for n, a in enumerate(problem))
    ours = objective(features, dictionary, Coding("lasso", LAM, solver=solver).encode(features, dictionary))
    # sparse_encode takes lambda as `alpha` and divides it by the number of dimensions itself for coordinate descent
    double = features.astype(np.float64), np.ascontiguousarray(dictionary.T, np.float64)
    for algorithm in ("lasso_lars", "lasso_cd"):
        theirs = sparse_encode(*double, algorithm=algorithm, alpha=LAM, max_iter=5000)
        np.testing.assert_allclose(ours, objective(features, dictionary, theirs), rtol=1e-3)


@needs_spams
@pytest.mark.parametrize("lam", [0.001, 0.01, 0.1, 0.4])
def test_torch_and_spams_find_the_same_lasso_objective(problem, lam):
    features, dictionary = problem
    torch_codes, spams_codes = (Coding("lasso", lam, solver=s).encode(*problem) for s in ("torch", "spams"))
    here, there = (objective(features, dictionary, codes, lam) for codes in (torch_codes, spams_codes))
    np.testing.assert_allclose(here.mean(), there.mean(), rtol=1e-3)
    np.testing.assert_allclose(here, there, rtol=5e-3)


@solvers
@given(seed=st.integers(0, 2**32 - 1), lam=st.floats(0.005, 0.5), atoms=st.integers(8, 96))
@PROPERTY
def test_lasso_codes_satisfy_the_optimality_conditions(solver, seed, lam, atoms):
    """|D^T r| <= lam, and D^T r = lam sign(a) where a is not zero (KKT)."""
    features, dictionary = random_problem(12, 16, atoms, seed)
    codes = Coding("lasso", lam, solver=solver).encode(features, dictionary).toarray()
    slope = (features - codes @ dictionary.T) @ dictionary
    assert np.abs(slope).max() <= 1.05 * lam
    active = np.abs(codes) > 0.02
    np.testing.assert_allclose(slope[active], lam * np.sign(codes[active]), atol=0.05 * lam)


@solvers
def test_lasso_with_lambda_above_every_correlation_is_empty(solver):
    features, dictionary = random_problem()
    lam = 1.01 * float(np.abs(features @ dictionary).max())
    assert Coding("lasso", lam, solver=solver).encode(features, dictionary).nnz == 0


@needs_spams
def test_lasso_of_spams_is_right_for_every_one_of_many_correlated_patches():
    """In single precision its homotopy diverges for a few of these, to an objective above the one of no code at all."""
    features, dictionary = coding_problem(2000)
    codes = Coding("lasso", LAM, solver="spams").encode(features, dictionary)
    assert np.isfinite(codes.data).all()
    assert objective(features, dictionary, codes).max() < 0.5
    gap = coding._gap(*(torch.as_tensor(a) for a in (features, dictionary, codes.toarray())), LAM)
    assert gap.max() < coding.TOLERANCE


# Orthogonal matching pursuit


def greedy(feature: np.ndarray, dictionary: np.ndarray, nonzeros: int) -> np.ndarray:
    """By trial of every atom at every step: the one that leaves the smallest residual joins."""
    chosen: list[int] = []
    for _ in range(nonzeros):
        rest = [k for k in range(dictionary.shape[1]) if k not in chosen]
        fits = [np.linalg.lstsq(dictionary[:, [*chosen, k]], feature, rcond=None)[1][0] for k in rest]
        chosen.append(rest[int(np.argmin(fits))])
    codes = np.zeros(dictionary.shape[1])
    codes[chosen] = np.linalg.lstsq(dictionary[:, chosen], feature, rcond=None)[0]
    return codes


@solvers
def test_every_step_of_omp_takes_the_atom_that_leaves_the_smallest_residual(solver):
    features, dictionary = random_problem(count=12)
    codes = Coding("omp", nonzeros=4, solver=solver).encode(features, dictionary).toarray()
    expected = np.array([greedy(f.astype(np.float64), dictionary.astype(np.float64), 4) for f in features])
    np.testing.assert_allclose(codes, expected, atol=1e-4)


@solvers
@pytest.mark.parametrize("nonzeros", [1, 3, 8])
def test_omp_is_at_least_as_close_as_that_of_scikit_learn(solver, problem, nonzeros):
    """The first atom is the same; later scikit-learn takes the one most like the residual, which leaves more of it."""
    features, dictionary = problem
    codes = Coding("omp", nonzeros=nonzeros, solver=solver).encode(features, dictionary)
    double = dictionary.astype(np.float64), features.T.astype(np.float64)
    expected = orthogonal_mp(*double, n_nonzero_coefs=nonzeros).reshape(-1, len(features)).T
    error, reference = (objective(features, dictionary, c, 0).mean() for c in (codes, expected))
    assert error <= 1.001 * reference
    if nonzeros == 1:
        np.testing.assert_allclose(codes.toarray(), expected, atol=1e-5)


@needs_spams
@pytest.mark.parametrize("nonzeros", [3, 8])
def test_torch_and_spams_choose_the_same_atoms(problem, nonzeros):
    features, dictionary = problem
    here, there = (Coding("omp", nonzeros=nonzeros, solver=s).encode(*problem).toarray() for s in ("torch", "spams"))
    same = ((here != 0) == (there != 0)).all(1)
    assert same.mean() > 0.97  # two atoms may match equally well in single precision
    np.testing.assert_allclose(here[same], there[same], atol=5e-3)
    error, reference = (objective(features, dictionary, codes, 0).mean() for codes in (here, there))
    assert error == pytest.approx(reference, rel=1e-3)


@solvers
@given(seed=st.integers(0, 2**32 - 1), nonzeros=st.integers(1, 10))
@PROPERTY
def test_omp_residual_is_orthogonal_to_its_atoms(solver, seed, nonzeros):
    features, dictionary = random_problem(10, 16, 48, seed)
    codes = Coding("omp", nonzeros=nonzeros, solver=solver).encode(features, dictionary).toarray()
    slope = (features - codes @ dictionary.T) @ dictionary
    assert np.abs(slope[codes != 0]).max() < 1e-3
    assert (np.count_nonzero(codes, axis=1) <= nonzeros).all()


@solvers
def test_omp_recovers_two_atoms_exactly(solver):
    _, dictionary = random_problem(dimensions=40)
    codes = np.zeros((3, 64), np.float32)
    codes[[0, 0, 1, 1, 2, 2], [3, 60, 10, 11, 0, 63]] = [0.8, -0.6, 0.5, 0.9, -1.0, 0.7]
    found = Coding("omp", nonzeros=2, solver=solver).encode(codes @ dictionary.T, dictionary)
    np.testing.assert_allclose(found.toarray(), codes, atol=1e-4)


@needs_spams
def test_spams_uses_all_its_nonzeros_in_single_precision():
    """With spams' default eps the codes of float32 signals come back empty, now and then."""
    codes = Coding("omp", nonzeros=3, solver="spams").encode(*random_problem())
    assert (np.diff(codes.indptr) == 3).all()


@needs_spams
@coders
def test_spams_leaves_the_number_of_threads_as_it_was(coder):
    """It sets it for the whole process: trainings after it would not repeat, and not keep to OMP_NUM_THREADS."""
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            Coding(coder, lam=LAM, nonzeros=3, solver="spams").encode(*random_problem())
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)


def test_batch_omp_of_a_full_batch_stays_within_some_hundred_megabytes():
    """No array of batch x nonzeros x atoms: that alone would be 1 GB at 32 non-zeros."""
    profiler = pytest.importorskip("torch.profiler")
    features, dictionary = (torch.as_tensor(a) for a in random_problem(1024, 40, 1024))
    with profiler.profile(profile_memory=True, record_shapes=False) as profile:
        batch_omp(features, dictionary, 32)
    largest = max(event.self_cpu_memory_usage for event in profile.events())
    assert largest < 10 * features.shape[0] * dictionary.shape[1]  # bytes: one float32 map of matches, and its indices


# Both


@pytest.mark.parametrize(
    ("coder", "solver"),
    [("lasso", "torch"), ("omp", "torch"), pytest.param("lasso", "spams", marks=needs_spams)],
)
def test_equal_and_opposite_atoms_give_the_objective_of_one_of_them(coder, solver):
    """Not so omp by spams: it may take an atom's double next, and then codes are poorer, if finite."""
    features, dictionary = random_problem()
    twice = np.concatenate([dictionary, dictionary, -dictionary], axis=1)
    coder = Coding(coder, LAM, 3, solver)
    alone, doubled = coder.encode(features, dictionary), coder.encode(features, twice)
    lam = LAM if coder.coder == "lasso" else 0
    expected = objective(features, dictionary, alone, lam)
    np.testing.assert_allclose(objective(features, twice, doubled, lam), expected, rtol=2e-3)


@coders
@solvers
@pytest.mark.parametrize("atoms", [16, 2])
def test_more_nonzeros_than_atoms_or_dimensions_stay_finite(coder, solver, atoms):
    features, dictionary = random_problem(8, 4, atoms)
    codes = Coding(coder, LAM, 12, solver).encode(features, np.repeat(dictionary, 2, axis=1))
    assert np.isfinite(codes.data).all()
    assert objective(features, np.repeat(dictionary, 2, axis=1), codes).max() <= 0.51


@coders
@solvers
def test_zero_features_have_zero_codes_and_disturb_no_other(coder, solver):
    features, dictionary = random_problem()
    coder = Coding(coder, LAM, 3, solver)
    blanked = features.copy()
    blanked[::2] = 0
    codes = coder.encode(blanked, dictionary).toarray()
    np.testing.assert_array_equal(codes[::2], 0)
    np.testing.assert_allclose(codes[1::2], coder.encode(features, dictionary).toarray()[1::2], atol=2e-3)


@coders
@solvers
def test_codes_are_sparse_rows_in_single_precision(coder, solver):
    codes = Coding(coder, 0.1, 3, solver).encode(*random_problem())
    assert codes.format == "csr"
    assert codes.dtype == np.float32
    assert 0 < codes.nnz < 0.5 * np.prod(codes.shape)


# Which solver


@pytest.fixture
def no_spams(monkeypatch):
    """An installation without the optional spams."""
    real = builtins.__import__

    def refusing(name, *args, **kwargs):
        if name == "spams":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "spams", raising=False)
    monkeypatch.setattr(builtins, "__import__", refusing)


@coders
def test_without_spams_the_automatic_solver_is_torch(no_spams, coder):
    features, dictionary = random_problem()
    automatic, by_torch = (Coding(coder, LAM, 3, s).encode(features, dictionary) for s in ("auto", "torch"))
    np.testing.assert_array_equal(automatic.toarray(), by_torch.toarray())


def test_asking_for_spams_without_it_says_how_to_go_on(no_spams):
    with pytest.raises(InputError, match=r"pip install spams-bin.*--set solver=torch"):
        Coding("omp", solver="spams").encode(*random_problem())


@needs_spams
@pytest.mark.parametrize(("device", "expected"), [("cpu", "spams"), ("cuda", "torch")])
def test_the_automatic_solver_follows_the_device(monkeypatch, device, expected):
    called = []
    for name in ("spams", "torch"):
        monkeypatch.setattr(coding, f"_{name}", lambda *_, name=name: called.append(name))
    Coding(device=device).encode(*random_problem())
    assert called == [expected]
