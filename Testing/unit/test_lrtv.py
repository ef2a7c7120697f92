"""LRTV and ELRTV: priors against independent code, the minimum, any scan, no convergence, bad input."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.errors import CancelledError, InputError
from IQTLib.events import SILENT, Reporter
from IQTLib.image.noise import ScanNoise
from IQTLib.image.volume import Volume
from IQTLib.methods.any_scan import restored
from IQTLib.methods.base import Run
from IQTLib.methods.lrtv import method as lrtv
from IQTLib.methods.lrtv import priors
from IQTLib.methods.lrtv.observed import Observed, of_brain
from IQTLib.methods.lrtv.solver import Penalty, Problem, solve
from IQTLib.methods.lrtv_extended import steps
from IQTLib.methods.lrtv_extended.method import ELRTV, ELRTVSettings
from IQTLib.methods.lrtv_extended.method import restored as elrtv
from IQTLib.methods.lrtv_extended.parameters import PARAMETERS
from IQTLib.physics.fine_scan import FineScan
from IQTLib.physics.sampling import Sampling, sampling_matrix
from IQTLib.pipeline import enhance
from scipy.ndimage import gaussian_filter, map_coordinates
from skimage.restoration import denoise_tv_chambolle

SHAPES = st.sampled_from([(7, 9, 1), (6, 1, 5), (5, 6, 7), (2, 3, 1)])
TIGHT = {"iterations": 1500, "tolerance": 1e-6, "report": SILENT, "message": ""}


def identity(shape):
    return Sampling(tuple(np.eye(n, dtype=np.float32) for n in shape))


def thick(shape, steps=(1.5, 1.0, 3.0)):
    """Any scale along each axis."""
    centres = [np.arange(0, n - 0.5, step) for n, step in zip(shape, steps, strict=True)]
    pieces = zip(shape, centres, steps, strict=True)
    return Sampling(tuple(sampling_matrix(n, c, max(s, 1.01), own_width=1.0) for n, c, s in pieces))


def blocks(shape, seed=0):
    image = np.zeros(shape, np.float32)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        corner = [int(rng.integers(0, max(n - 3, 1))) for n in shape]
        image[tuple(slice(c, c + max(n // 2, 1)) for c, n in zip(corner, shape, strict=True))] += rng.uniform(0.2, 1)
    return image


def fine_scan(shape=(20, 18, 8), step=(1.0, 1.0, 0.4), noise=0.03, level=None):
    rng = np.random.default_rng(0)
    data = np.full(shape, 100.0) if level else 100 * (1 + blocks(shape))
    data = (data + 100 * noise * rng.standard_normal(shape)).astype(np.float32)
    mask = np.zeros(shape, bool)
    mask[4:-4, 4:-4, 1:-1] = True
    width = np.array([1.0, 1.0, 1 / step[2]])
    return FineScan.of(data, mask, step=np.array(step), width=width, noise=100 * noise)


@given(shape=SHAPES, seed=st.integers(0, 2**31))
def test_gradients_and_their_adjoints_fit(shape, seed):
    rng = np.random.default_rng(seed)
    image, field = rng.standard_normal((2, *shape))
    for axis in priors.real_axes(shape):
        back = np.zeros(shape)
        priors.add_adjoint(field, axis, back)
        one = np.vdot(priors.gradient(image, axis, np.empty(shape)), field)
        assert one == pytest.approx(np.vdot(image, back), abs=1e-9)


@given(seed=st.integers(0, 2**31), radius=st.floats(0.1, 20))
def test_singular_values_are_cut_as_scipys_decomposition_has_it(seed, radius):
    image = np.random.default_rng(seed).standard_normal((6, 5, 4)).astype(np.float32)
    for axis in range(3):
        left, values, right = np.linalg.svd(priors.unfolded(image, axis), full_matrices=False)
        expected = (left * np.minimum(values, radius)) @ right
        found = priors.unfolded(priors.into_spectral_ball(image, axis, radius), axis)
        np.testing.assert_allclose(found, expected, atol=2e-3)
        assert priors.nuclear_norm(image, axis) == pytest.approx(values.sum(), rel=1e-4)


def test_without_blur_and_rank_it_is_scikit_images_total_variation():
    rng = np.random.default_rng(1)
    noisy = (blocks((24, 20, 1)) + 0.1 * rng.standard_normal((24, 20, 1))).astype(np.float32) + 1
    problem = Problem(identity(noisy.shape), noisy, Penalty(0.15, 0))
    found = solve(problem, noisy, **TIGHT).image
    theirs = denoise_tv_chambolle(noisy[..., 0], weight=0.15, eps=1e-9, max_num_iter=1000)[..., None]
    np.testing.assert_allclose(found, theirs, atol=0.01)  # theirs creeps over flat parts
    assert problem.objective(theirs) > problem.objective(found) > 0.999 * problem.objective(theirs)


def test_without_blur_and_variation_it_is_the_singular_value_threshold():
    image = np.random.default_rng(2).uniform(1, 2, (12, 9, 1)).astype(np.float32)
    left, values, right = np.linalg.svd(image[..., 0], full_matrices=False)
    expected = (left * np.maximum(values - 0.8, 0)) @ right
    found = solve(Problem(identity(image.shape), image, Penalty(0, 0.8)), image, **TIGHT)
    np.testing.assert_allclose(found.image[..., 0], np.maximum(expected, 0), atol=2e-3)


@pytest.mark.parametrize("shape", [(10, 12, 1), (6, 5, 8)])
def test_nothing_nearby_has_a_smaller_objective(shape):
    """At the minimum of a convex function no step in any direction leads down: smooth, rough, or to the truth."""
    sampling, truth, rng = thick(shape), blocks(shape) + 0.5, np.random.default_rng(3)
    if shape[-1] == 1:
        sampling = Sampling((*sampling.matrices[:2], np.ones((1, 1), np.float32)))
    problem = Problem(sampling, sampling.forward(truth), Penalty(0.01, 0.02), 3.0)
    found = solve(problem, np.ones(shape, np.float32), **TIGHT)
    least = problem.objective(found.image)
    assert found.converged
    for _ in range(30):
        step = gaussian_filter(rng.standard_normal(shape), rng.uniform(0, 2)).astype(np.float32)
        for size in (0.1, -0.1, 0.01, -0.01):
            assert problem.objective(np.maximum(found.image + size * step, 0)) > least * (1 - 1e-5)
    assert problem.objective(truth) > least


def test_the_objective_falls_and_the_best_image_is_kept_when_there_is_no_time():
    truth = blocks((16, 14, 10))
    sampling = thick(truth.shape)
    problem = Problem(sampling, sampling.forward(truth), Penalty(0.01, 0.02), 3.0)
    found = solve(problem, np.ones_like(truth), iterations=60, tolerance=1e-12, report=SILENT, message="")
    values = [value for _, value in found.objectives]
    assert all(after <= before * 1.001 for before, after in pairwise(values))
    assert not found.converged
    assert problem.objective(found.image) == pytest.approx(min(values), rel=1e-6)


@pytest.mark.parametrize("method", [lrtv.LRTV(), *(ELRTV(ELRTVSettings(name)) for name in PARAMETERS)])
def test_a_constant_image_stays_as_it_is(method):
    scan = fine_scan(noise=0.0, level=1)
    estimate = method.restore_scan(scan, Run())[0]
    np.testing.assert_allclose(estimate, 1, atol=2e-3)


def test_the_brains_part_of_a_scan_is_sampled_as_the_whole():
    scan = fine_scan()
    part, box = of_brain(scan, 2)
    assert part.sampling.forward(scan.data[box]).shape == part.scan.shape
    assert part.enlarged().shape == scan.data[box].shape
    whole, rows = of_brain(scan, 1000)
    assert [r.stop - r.start for r in rows] == list(scan.data.shape)
    np.testing.assert_allclose(whole.sampling.forward(scan.data), scan.sampling.forward(scan.data), rtol=1e-5)
    np.testing.assert_allclose(whole.enlarged(), scan.data, rtol=1e-4)


@pytest.mark.parametrize("method", [lrtv.LRTV(), ELRTV()], ids=["lrtv", "elrtv"])
@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (1.2, 1.2, 4.0), (2.0, 2.0, 2.0)])
def test_any_scan_gets_nearer_to_the_truth_than_interpolation(method, spacing):
    spacing = np.array(spacing)
    grid = np.indices((28, 28, 28))
    radius = np.sqrt(sum((axis - 13.5) ** 2 for axis in grid))
    truth = np.select([radius < 6, radius < 12], [100.0, 60.0], 20.0)
    low = gaussian_filter(truth, np.sqrt(np.maximum(spacing**2 - 1, 0)) / 2.355)
    low = low[tuple(slice(None, None, round(s)) for s in spacing)]
    spacing = np.round(spacing)
    low = low + 6 * np.random.default_rng(0).standard_normal(low.shape)
    scan = Volume(low.astype(np.float32), np.diag([*spacing, 1.0]))
    mask = radius[tuple(slice(None, None, int(s)) for s in spacing)] < 12
    told = []
    run = Run("cpu", Reporter(lambda event: told.append(event.message) if event.kind == "warning" else None))
    result = restored(scan, mask, method, noise=ScanNoise(6.0), width=tuple(spacing), scan_voxels=False, run=run).volume
    assert not told
    where = np.moveaxis(np.argwhere(radius < 10) - result.affine[:3, 3], 0, 1)
    expected = truth[radius < 10]
    ours = map_coordinates(result.data, where, order=1)
    plain = map_coordinates(low, np.argwhere(radius < 10).T / spacing[:, None], order=3)
    assert np.mean((ours - expected) ** 2) < 0.95 * np.mean((plain - expected) ** 2)


def test_no_convergence_is_reported_and_the_work_can_be_stopped():
    told = []
    report = Reporter(lambda event: told.append((event.kind, event.message)))
    method = lrtv.LRTV(lrtv.LRTVSettings(iterations=10, tolerance=1e-8))
    estimate = method.restore_scan(fine_scan(), Run("cpu", report))
    assert np.isfinite(estimate).all()
    assert any(kind == "warning" and "had not converged after 10 iterations" in text for kind, text in told)
    assert ("progress", "LRTV") in told
    for stopped in (method, ELRTV()):
        with pytest.raises(CancelledError):
            stopped.restore_scan(fine_scan(), Run("cpu", Reporter(cancelled=lambda: True)))


@pytest.mark.parametrize(
    ("model", "options", "told"),
    [
        ("lrtv", {"tv": -1}, "tv"),
        ("lrtv", {"iterations": 3}, "iterations"),
        ("elrtv", {"parameters": "theirs"}, "parameters"),
        ("elrtv", {"nlm": float("nan")}, "nlm"),
    ],
)
def test_senseless_settings_are_one_line(model, options, told):
    scan = Volume(np.random.default_rng(0).random((8, 8, 8), np.float32), np.eye(4))
    with pytest.raises(InputError, match=told) as caught:
        enhance(scan, model=model, options=options)
    assert "\n" not in str(caught.value)


def test_too_little_memory_is_reported_before_the_work(monkeypatch):
    monkeypatch.setattr(lrtv, "BYTES", 10**12)
    with pytest.raises(InputError, match=r"LRTV on .* voxels needs about"):
        lrtv.LRTV().restore_scan(fine_scan(), Run())


def test_back_projection_stops_at_the_noise_and_explains_a_scan_without():
    truth = gaussian_filter(blocks((16, 16, 1)), (1, 1, 0)) + 0.5
    sampling = Sampling((*thick((16, 16, 1)).matrices[:2], np.ones((1, 1), np.float32)))
    enlarging = Sampling(tuple(np.linalg.pinv(m).astype(np.float32) for m in sampling.matrices))
    start = np.full_like(truth, 0.5)
    kwargs = {"step": 0.5, "iterations": 100, "report": SILENT, "message": ""}

    def misfit(noise):
        observed = Observed(sampling.forward(truth), sampling, enlarging, noise)
        image = steps.back_projected(start, observed, **kwargs)
        return float(np.sqrt(np.mean((sampling.forward(image) - observed.scan) ** 2)))

    assert misfit(0.0) < 1e-3
    assert 0.02 < misfit(0.1) <= 0.1


def test_the_studys_parameters_are_those_of_its_files():
    assert PARAMETERS["study-x2"].projections == 509
    assert PARAMETERS["study-x4"].sharpen == 3.7146
    image = Observed(np.ones((4, 4, 1), np.float32), identity((4, 4, 1)), identity((4, 4, 1)))
    np.testing.assert_allclose(elrtv(image, PARAMETERS["study-x2"], 0.0, Run()), 1, atol=1e-5)
