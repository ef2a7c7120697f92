"""WEENIE on small random brains of two contrasts: its parts, its training, and how a result says that it is a guess."""

import json
from dataclasses import replace
from pathlib import Path

import nibabel
import numpy as np
import pytest
from IQTLib.errors import CancelledError, InputError
from IQTLib.events import Reporter
from IQTLib.image.axial import axial, finer
from IQTLib.image.brain import FoundBrain
from IQTLib.image.volume import Volume
from IQTLib.io.typed import built
from IQTLib.methods.base import Run
from IQTLib.methods.csc.alignment import Alignment
from IQTLib.methods.csc.alternation import Joint, Round, Weights, alternate, coupled_maps, joint_filters
from IQTLib.methods.csc.coding import Coder, high_pass
from IQTLib.methods.csc.weenie import Slices, Weenie, WeenieSettings, intensity_map
from IQTLib.models.store import Model, ModelCard, check, save
from IQTLib.synthesis import synthesised
from IQTLib.training.synthesis import as_scanned, synthesis_recipe, train
from scipy.ndimage import gaussian_filter
from surrogate import blobs
from test_cli import iqt, one_line  # noqa: F401 - a fixture
from test_csc import plain, sparse_maps, unit

pytest.importorskip("sporco")
SMALL = WeenieSettings(filters=8, support=5, steps=6, pairs=8, others=2, iterations=15, sparsity=0.02)
WEIGHTS = Weights(sparsity=0.02, coupling=0.1, ridge=0.15, discrepancy=0.1, iterations=30)


def contrasts(seed: int, count: int = 4) -> list[tuple[np.ndarray, np.ndarray]]:
    """Blurred slices of a brain, and sharp ones of the same with bright and dark exchanged."""
    brain = blobs((48, 44, 20), seed)
    other = np.where(brain > 0, 2.2 - brain, 0) ** 1.5
    blurred = np.where(brain > 0, gaussian_filter(brain, (1, 1, 0)), 0)
    first, second = (a / a[brain > 0].mean() for a in (blurred, other))
    return [(first[..., k].astype(np.float32), second[..., k].astype(np.float32)) for k in range(6, 6 + count)]


def test_maps_without_a_target_are_those_of_the_coder():
    rng = np.random.default_rng(0)
    filters = unit(rng.standard_normal((3, 3, 4)))
    signal = plain(sparse_maps((24, 24), 4, rng), filters).astype(np.float32)
    expected = Coder(filters, 0.02, 30).maps(signal)
    np.testing.assert_allclose(coupled_maps(signal, filters, None, WEIGHTS), expected, atol=1e-5)


def test_coupled_maps_lie_the_nearer_to_their_target_the_more_coupling_counts():
    rng = np.random.default_rng(1)
    filters = unit(rng.standard_normal((3, 3, 4)))
    signal = plain(sparse_maps((24, 24), 4, rng), filters).astype(np.float32)
    target = sparse_maps((24, 24), 4, rng)
    distances = [
        np.linalg.norm(coupled_maps(signal, filters, target, replace(WEIGHTS, coupling=beta, iterations=200)) - target)
        for beta in (0.01, 1, 100)
    ]
    assert distances[0] > distances[1] > distances[2]
    assert distances[2] < 0.1 * np.linalg.norm(target)


def test_joint_filters_are_of_unit_length_and_alternation_lowers_the_objective():
    rng = np.random.default_rng(2)
    pairs = contrasts(0)
    joints = [Joint(high_pass(x), high_pass(y)) for x, y in pairs] + [Joint(high_pass(pairs[0][0]), pairs[1][1], 0.5)]
    start = rng.standard_normal((5, 5, 2, 8)).astype(np.float32)
    filters, mapping = joint_filters(joints, start, range(6), replace(WEIGHTS, iterations=15), Run())
    for one in (filters[:, :, 0], filters[:, :, 1]):
        np.testing.assert_allclose(np.sum(one**2, axis=(0, 1)), 1, atol=1e-2)
    told = alternate(joints, Round.first(filters, mapping), replace(WEIGHTS, iterations=15), Run()).objectives
    assert min(told) <= told[0]


def test_a_slice_that_is_known_gets_its_own_partner():
    pairs = [(high_pass(x), high_pass(y)) for x, y in contrasts(0)]
    alignment = Alignment([x for x, _ in pairs], [y for _, y in pairs], 1.0)
    partner, weight = alignment.partner(pairs[2][0])
    inside = (slice(4, 40), slice(4, 40))
    np.testing.assert_allclose(partner[inside], pairs[2][1][inside], atol=1e-3)
    assert weight > 0.95
    stranger = np.random.default_rng(0).standard_normal((48, 44)).astype(np.float32)
    assert alignment.partner(stranger)[1] < 0.05


@pytest.fixture(scope="module")
def trained() -> Weenie:
    return learned()


def learned(run: Run | None = None, checkpoint: Path | None = None, settings: WeenieSettings = SMALL) -> Weenie:
    method = Weenie(settings)
    method.checkpoint = checkpoint
    others = [x for x, _ in contrasts(3, 2)]
    slices = Slices(contrasts(0), others, [y for _, y in contrasts(4, 1)])
    method.learn(slices, np.random.default_rng(0), run or Run())
    return method


def test_it_beats_the_global_map_of_intensities_on_slices_left_out(trained):
    errors = []
    for x, y in contrasts(1):
        inside = x > 0
        errors.append([np.std((e - y)[inside]) for e in (trained.synthesise(x, Run()), trained.mapped(x))])
    ours, plain_map = np.mean(errors, axis=0)
    assert ours < plain_map


def test_fluid_that_is_nearly_black_may_become_bright_and_the_background_stays_black():
    x = np.zeros((40, 40), np.float32)
    x[4:-4, 4:-4] = np.random.default_rng(0).uniform(0.1, 2, (32, 32))
    method = Weenie(SMALL)
    method.knots, method.levels = intensity_map([(x, np.where(x > 0, 3 - x, 0))])
    mapped = method.mapped(np.array([[0, 0.02, 0.1, 1.0]], np.float32))[0]
    np.testing.assert_allclose(mapped, (0, 2.9, 2.9, 2.0), atol=0.1)


def test_the_same_seed_learns_the_same_bytes(trained):
    other = learned().state()
    assert all(np.array_equal(other[name], array) for name, array in trained.state().items())


@pytest.mark.parametrize(("message", "steps"), [("learning filters", 14), ("coupled maps", 30)])
def test_a_learning_that_was_stopped_goes_on_to_the_same_bytes(message, steps, tmp_path):
    settings, kept, events, checks = replace(SMALL, steps=16), tmp_path / "last.ckpt", [], []

    def cancelled() -> bool:
        checks.append(any(event.message == message for event in events))
        return sum(checks) > steps

    with pytest.raises(CancelledError):
        learned(Run(report=Reporter(events.append, cancelled)), kept, settings)
    with np.load(kept) as found:
        assert ("mapping" in found) == (message == "coupled maps")
    began = []
    resumed = learned(Run(report=Reporter(began.append)), kept, settings).state()
    assert ("learning filters" in [event.message for event in began]) == (message == "learning filters")
    whole = learned(settings=settings).state()
    assert all(np.array_equal(resumed[name], array) for name, array in whole.items())


def test_what_another_learning_kept_is_refused(tmp_path):
    np.savez(tmp_path / "last.npz", filters=np.zeros((3, 3, 2, 8)), step=10)
    with pytest.raises(InputError, match="of other settings"):
        learned(checkpoint=tmp_path / "last.npz")


def test_without_pairs_it_is_refused():
    with pytest.raises(InputError, match="no registered pairs of T1w and T2w"):
        Weenie(SMALL).learn(Slices([], [contrasts(0)[0][0]]), np.random.default_rng(0), Run())


def test_slices_smaller_than_filters_are_refused():
    tiny = np.ones((4, 30), np.float32)
    with pytest.raises(InputError, match=r"too small"):
        Weenie(SMALL).learn(Slices([(tiny, tiny)]), np.random.default_rng(0), Run())


@pytest.mark.parametrize("flip", [(1, 1, 1), (-1, 1, -1)])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_axial_slices_are_turned_and_back(flip, order):
    affine = np.eye(4)
    affine[:3, :3] = np.diag(flip)[:, list(order)]
    volume = Volume(np.random.default_rng(0).standard_normal((5, 6, 7)).astype(np.float32), affine)
    turned, back = axial(volume)
    assert turned.shape == tuple(np.array(volume.shape)[np.argsort(order)])
    np.testing.assert_array_equal(back(turned), volume.data)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_finer_pixels_fill_those_of_the_scan(order):
    affine = np.eye(4)
    affine[:3, :3] = np.diag([-2.0, 2.0, 5.0])[:, list(order)]
    affine[:3, 3] = (7, -3, 11)
    coarse = Volume(np.arange(5 * 6 * 7, dtype=np.float32).reshape(5, 6, 7), affine)
    fine = finer(coarse, 2, "nearest")
    assert sorted(fine.spacing) == [1, 1, 5]
    assert np.allclose(np.multiply(fine.shape, fine.spacing), np.multiply(coarse.shape, coarse.spacing))
    for corner in (np.full(3, -0.5), np.array(coarse.shape) - 0.5):  # outer corners of the field of view
        own = (corner + 0.5) / coarse.shape * fine.shape - 0.5
        np.testing.assert_allclose(fine.affine @ [*own, 1], coarse.affine @ [*corner, 1], atol=1e-9)
    centres = np.argwhere(np.ones(fine.shape)) @ fine.affine[:3, :3].T + fine.affine[:3, 3]
    voxels = np.linalg.inv(affine) @ np.vstack([centres.T, np.ones(len(centres))])
    np.testing.assert_array_equal(fine.data.ravel(), coarse.data[tuple(np.floor(voxels[:3] + 0.5).astype(int))])


def test_what_is_learned_from_for_finer_pixels_lies_where_the_truth_does():
    x = np.stack([x for x, _ in contrasts(0, 2)], -1)
    seen = as_scanned(x, 2)
    assert seen.shape == x.shape
    assert np.std(seen - x) < 0.5 * np.std(x)
    shifts = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    errors = [np.std(np.roll(seen, shift, (0, 1)) - x) for shift in shifts]
    assert shifts[int(np.argmin(errors))] == (0, 0)
    np.testing.assert_allclose(as_scanned(np.full((9, 11, 2), 3, np.float32), 2), 3, atol=1e-5)


def ball(edge: int, radius: float) -> np.ndarray:
    return np.sum((np.indices((edge,) * 3) - (edge - 1) / 2) ** 2, axis=0) < radius**2


def given_to_learning(monkeypatch, folder: Path, scale: int = 1) -> Slices:
    """The slices that a training from `folder` learns from."""
    given = []

    def learn(self, slices, rng, run):
        given.append(slices)
        raise CancelledError

    monkeypatch.setattr(Weenie, "learn", learn)
    with pytest.raises(CancelledError):
        train(folder, folder / "model", synthesis_recipe("weenie-quick", {"settings.scale": scale}))
    return given[0]


def put(data: np.ndarray, folder: Path, person: str, suffix: str, voxel: float) -> None:
    anat = folder / f"sub-{person}" / "anat"
    anat.mkdir(parents=True, exist_ok=True)
    image = nibabel.Nifti1Image(data.astype(np.float32), np.diag([voxel, voxel, voxel, 1]))
    nibabel.save(image, anat / f"sub-{person}_{suffix}.nii.gz")


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("scale", [1, 2])
def test_slices_that_are_learned_from_have_no_dark_rim(scale, stripped, tmp_path, monkeypatch):
    brain, head = ball(90, 42), np.random.default_rng(0).normal(100, 0.5, (90, 90, 90))
    for person, suffixes, voxel in (("a", ("T1w", "T2w"), 1.0), ("b", ("T1w",), 1.2)):
        for suffix in suffixes:
            put(head * brain if stripped else head, tmp_path, person, suffix, voxel)
        put(brain, tmp_path, person, "desc-brain_mask", voxel)
    given = given_to_learning(monkeypatch, tmp_path, scale)
    seen = [x for x, _ in given.pairs] + list(given.sources)
    assert len(seen) == 7
    for image in seen:
        assert 0.1 < np.mean(image > 0) < 0.8
        np.testing.assert_allclose(image[image > 0], 1, atol=0.05)


def test_a_head_in_black_air_is_not_taken_for_a_brain(tmp_path, monkeypatch):
    head, brain = ball(60, 29), ball(60, 22)
    for suffix in ("T1w", "T2w"):
        put(np.where(head, 100 + np.arange(60), 0), tmp_path, "a", suffix, 3.0)
    monkeypatch.setattr("IQTLib.training.synthesis.mask_of", lambda *args: (brain, ()))
    largest = max((x > 0).sum() for x, _ in given_to_learning(monkeypatch, tmp_path).pairs)
    assert largest <= brain.sum(axis=(0, 1)).max()


def test_the_result_of_a_stripped_scan_has_no_dark_rim():
    mask = ball(48, 21)
    method = Weenie(replace(SMALL, scale=2))
    method.synthesise = lambda image, run: image
    card = ModelCard(
        name="g", method="weenie", settings=vars(method.settings), grid={"factor": 4, "finest": 0.7, "coarsest": 1.4}
    )
    scan = Volume(np.where(mask, 100, 0).astype(np.float32), np.diag([2.0, 2.0, 2.0, 1.0]))
    made = synthesised(scan, FoundBrain(mask), Model(card, method), Run()).volume.data
    np.testing.assert_allclose(made[made > 0], 100, rtol=0.01)
    assert np.array_equal(made > 0, np.repeat(np.repeat(mask, 2, 0), 2, 1))


def test_a_result_is_finer_than_the_scan_and_lies_on_it():
    method = Weenie(replace(SMALL, scale=2))
    pairs = [(as_scanned(x[..., None], 2)[..., 0] * (x > 0), y) for x, y in contrasts(0)]
    method.learn(Slices(pairs), np.random.default_rng(0), Run())
    x, y = (np.stack(slices, -1) for slices in zip(*contrasts(1, 6), strict=True))
    low = x.reshape(24, 2, 22, 2, 6).mean((1, 3))
    affine = np.diag([2.0, 2.0, 3.0, 1.0])
    card = ModelCard(
        name="g", method="weenie", settings=vars(method.settings), grid={"factor": 4, "finest": 0.7, "coarsest": 1.4}
    )
    done = synthesised(Volume(low, affine), FoundBrain(low > 0.3), Model(card, method), Run())
    assert done.volume.spacing == (1, 1, 3)
    np.testing.assert_allclose(done.volume.affine[:3, 3], (-0.5, -0.5, 0))
    assert done.mask.shape == low.shape
    inside = np.repeat(np.repeat(low > 0.3, 2, 0), 2, 1)
    assert np.array_equal(done.volume.data != 0, inside)
    assert np.corrcoef(done.volume.data[inside], y[inside])[0, 1] > 0.5
    with pytest.raises(InputError, match=r"pixels of 1\.4 to 2\.8 mm, these have 1\.00"):
        synthesised(Volume(x, np.eye(4)), FoundBrain(x > 0), Model(card, method), Run())


def test_a_result_says_that_it_was_synthesised(iqt, tmp_path):  # noqa: F811 - the fixture
    for number in range(2):
        x, y = (np.stack(slices, -1) for slices in zip(*contrasts(number, 12), strict=True))
        for data, suffix in ((x, "T1w"), (y, "T2w"))[: 2 - number]:
            folder = tmp_path / "scans" / f"sub-p{number}" / "anat"
            folder.mkdir(parents=True, exist_ok=True)
            nibabel.save(nibabel.Nifti1Image(100 * data, np.eye(4)), folder / f"sub-p{number}_{suffix}.nii.gz")
        mask = nibabel.Nifti1Image((x > 0).astype(np.uint8), np.eye(4))
        nibabel.save(mask, folder / f"sub-p{number}_desc-brain_mask.nii.gz")
    run = ("train", "weenie", "scans", "models/guess", "--recipe", "weenie-quick")
    done = iqt(*run, "--set", "settings.steps=2", "--set", "settings.filters=4", "--json-events")
    assert done.code == 0, done.err
    card = json.loads((tmp_path / "models" / "guess" / "card.json").read_text())
    assert "synthesised, not measured" in card["description"]
    assert card["training"]["pairs"] == ["p0"]
    assert card["training"]["people"] == ["p0", "p1"]
    scan = tmp_path / "scans" / "sub-p0" / "anat" / "sub-p0_T1w.nii.gz"
    mask = scan.with_name("sub-p0_desc-brain_mask.nii.gz")
    one_line(iqt("train", "weenie", "scans", "models/none", "--resume"), 3, "nothing to resume")
    given = ("enhance", scan, "out.nii.gz", "--model", "guess", "--mask", mask, "--json-events")
    done = iqt(*given)
    assert done.code == 0, done.err
    assert "synthesised: not measured (T1w to T2w)" in done.events[-1]["data"]["warnings"]
    made = nibabel.load(tmp_path / "out.nii.gz")
    assert made.shape == (48, 44, 12)
    assert bytes(made.header["descrip"]).rstrip(b"\0") == b"synthesised: not measured (T1w to T2w)"
    again = iqt("enhance", "out.nii.gz", "again.nii.gz", "--model", "cubic", "--json-events")
    told = "the file says of itself: synthesised: not measured (T1w to T2w)"
    assert any(told in warning for warning in again.events[-1]["data"]["warnings"])
    once_more = iqt("evaluate", "again.nii.gz", "again.nii.gz")  # what is made of it carries the remark on
    assert told in once_more.err
    iqt("difference", "out.nii.gz", "again.nii.gz", "change.nii.gz", "--json-events")
    change = bytes(nibabel.load(tmp_path / "change.nii.gz").header["descrip"]).rstrip(b"\0")
    assert change == b"synthesised: not measured (T1w to T2w)"
    one_line(iqt("train", "weenie", "scans", "models/b", "--set", "target=FLAIR"), 3, "contains no")
    one_line(iqt("train", "weenie", "scans", "models/b", "--set", "target=T1w"), 3, "name two contrasts")


def test_dicom_says_that_it_was_synthesised(trained, tmp_path):
    from IQTLib.app.export import _provenance

    grid = {"factor": 4, "finest": 0.7, "coarsest": 1.4}
    long = "t1w-to-t2w-" + "x" * 60
    save(ModelCard(name=long, method="weenie", settings=vars(SMALL), grid=grid), trained, tmp_path / long)
    assert list(check(tmp_path / long))[-1] == "trial: 24 x 24 x 6 voxels become 24 x 24 x 6, all finite"
    name, made_by = _provenance(str(tmp_path / long), "")
    assert name.endswith("synthesised: not measured")
    assert len(name) <= 64
    assert made_by.startswith("Synthesised: not measured. Made by")
    name, made_by = _provenance("cubic", "synthesised: not measured (T1w to T2w)")
    assert name == "IQT-cubic synthesised: not measured"
    assert made_by.startswith("Synthesised: not measured. Interpolated (cubic) by")
    assert _provenance("cubic", "")[0] == "IQT-cubic"
    name = _provenance(str(tmp_path / long), "", "uncertainty")[0]
    assert name.endswith("synthesised: not measured uncertainty")
    assert len(name) <= 64


def test_voxels_that_it_does_not_know_are_refused(trained):
    grid = {"factor": 4, "finest": 0.7, "coarsest": 1.4}
    model = Model(ModelCard(name="guess", method="weenie", settings=vars(SMALL), grid=grid), trained)
    volume = Volume(np.ones((20, 20, 6), np.float32), np.diag([2.0, 2.0, 1.0, 1.0]))
    with pytest.raises(InputError, match=r"pixels of 0\.7 to 1\.4 mm, these have 2\.00 x 2\.00"):
        synthesised(volume, FoundBrain(np.ones(volume.shape, bool)), model, Run())


def test_settings_out_of_range_are_an_input_error():
    with pytest.raises(InputError, match="support"):
        built(WeenieSettings, {"support": 99}, "settings.")
