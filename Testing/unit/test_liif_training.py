"""`iqt train liif` from slices to a model, resumed exactly, which enhances a volume and has a row in the experiment."""

import json
import shutil
from dataclasses import replace

import nibabel
import numpy as np
import pytest
import torch
from IQTLib.data.candidates import learnable
from IQTLib.errors import CancelledError, InputError, ModelError
from IQTLib.evaluation import planar
from IQTLib.events import Reporter
from IQTLib.experiments.run import Request, run_experiments
from IQTLib.experiments.slices.measures import _of_model
from IQTLib.experiments.tasks import ModelRef
from IQTLib.image.volume import Volume, read, write
from IQTLib.methods.base import Run
from IQTLib.models.store import WEIGHTS, check, read_card
from IQTLib.training.processes import Hardware
from IQTLib.training.recipe import load_recipe, recipe_of
from IQTLib.training.run_folder import run_of
from IQTLib.training.slice_pairs import ProtocolScores, SliceCrops, SliceRecipe, averaging, coarse
from IQTLib.training.slices import slices_of, train
from scipy.ndimage import gaussian_filter
from test_cli import iqt, one_line  # noqa: F401 - a fixture
from test_liif import interpolating

TINY = {
    "settings.features": 4, "settings.blocks": 1, "settings.units": 8, "settings.attention": True, "data.patch": 16,
    "slices.queries": 64, "slices.thickest": 4.0, "training.steps": 4, "training.warmup": 1,
    "training.validate_every": 4, "training.checkpoint_every": 2,
}  # fmt: skip
OPTIONS = [part for key, value in TINY.items() for part in ("--set", f"{key}={json.dumps(value)}")]


@pytest.fixture(scope="module")
def slices(tmp_path_factory):
    """Slices of 64 x 64 pixels of three people to learn from, one to validate with, and two for the test."""
    folder, rng = tmp_path_factory.mktemp("slices"), np.random.default_rng(0)
    for split, count in (("train", 3), ("val", 1), ("test", 2)):
        images = gaussian_filter(rng.uniform(0, 255, (count, 64, 64)) > 160, (0, 1, 1), output=np.float32) * 255
        subjects = np.array([f"{split}{number}" for number in range(count)])
        np.savez(folder / f"ixi-t2-midslices-{split}.npz", images=images.astype(np.uint8), subjects=subjects)
    return folder


@pytest.fixture(scope="module")
def model(slices, tmp_path_factory):
    target = tmp_path_factory.mktemp("models") / "liif-t2w"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IQTLib.training.curves.draw_curves", lambda _: None)  # pictures are tested elsewhere
        train(slices, target, load_recipe("liif-t2w", TINY), hardware=Hardware())
    return target


def test_a_model_is_trained_on_slices_and_says_so(model, slices):
    card = read_card(model)
    assert (card.method, card.contrast, card.training["people"]) == ("liif", "T2w", ["train0", "train1", "train2"])
    assert card.training["validation"].keys() == {"score", "psnr_x2", "psnr_x4"}
    assert card.settings["largest"] == card.settings["thickest"] == 4
    assert recipe_of(card.training["recipe"]).on_slices
    assert list(check(model))


def test_a_run_that_was_stopped_ends_with_the_same_weights(model, slices, tmp_path, monkeypatch):
    monkeypatch.setattr("IQTLib.training.curves.draw_curves", lambda _: None)
    target, steps = tmp_path / "liif-t2w", []
    report = Reporter(lambda event: steps.append(event.done), cancelled=lambda: len(steps) > 1)
    with pytest.raises(CancelledError, match="continue with --resume"):
        train(slices, target, load_recipe("liif-t2w", TINY), hardware=Hardware(), report=report)
    assert (run_of(target) / "last.ckpt").is_file()
    train(slices, target, load_recipe("liif-t2w", TINY), hardware=Hardware(), resume=True)
    assert (target / WEIGHTS).read_bytes() == (model / WEIGHTS).read_bytes()


def test_it_enhances_a_volume_at_the_voxel_size_asked_for(iqt, model, tmp_path):  # noqa: F811
    rng = np.random.default_rng(1)
    data = gaussian_filter(rng.uniform(50, 150, (24, 26, 9)), (2, 2, 0.7)).astype(np.float32)
    mask = np.zeros(data.shape, np.uint8)
    mask[4:-4, 4:-4, 2:-2] = 1
    affine = np.diag([-1.2, 1.2, 4.0, 1.0])
    for name, array in (("scan_FLAIR", data), ("mask", mask)):
        nibabel.save(nibabel.Nifti1Image(array, affine), tmp_path / f"{name}.nii.gz")
    words = ["--model", model, "--mask", tmp_path / "mask.nii.gz", "--output-grid"]
    done = iqt("enhance", tmp_path / "scan_FLAIR.nii.gz", tmp_path / "out.nii.gz", *words, "0.8")
    assert done.code == 0, done.err
    assert "the scan is FLAIR, but the model was trained on T2w" in done.err
    result = nibabel.load(tmp_path / "out.nii.gz")
    assert result.header.get_zooms() == pytest.approx((0.8, 0.8, 0.8))
    assert np.isfinite(result.get_fdata()).all()
    centre = affine @ [*(np.array(data.shape) - 1) / 2, 1]
    np.testing.assert_allclose(result.affine @ [*(np.array(result.shape) - 1) / 2, 1], centre, atol=1e-4)
    done = iqt("enhance", tmp_path / "scan_FLAIR.nii.gz", tmp_path / "no.nii.gz", *words, "0.01")
    one_line(done, 3, "output grid 0.01: choose model, isotropic or voxels of 0.2 to 5 mm")


def test_it_has_a_row_in_the_experiment_or_the_reason_why_not(model, slices, tmp_path, monkeypatch):
    monkeypatch.setenv("IQT_MODELS", str(model.parent))
    request = Request(None, tmp_path / "out", "smoke", ("ixi",), ("ixi-liif", "ixi-bicubic"), ("x2",), ixi=slices)
    assert run_experiments(request) == {}
    rows = [json.loads(path.read_text()) for path in (tmp_path / "out").rglob("rows/*/*.json")]
    assert sorted(row["title"] for row in rows) == ["ixi-bicubic, x2", "ixi-liif, x2"]
    assert all(row["subjects"] == ["test0", "test1"] and np.isfinite(row["psnr"]).all() for row in rows)


def test_models_that_have_seen_the_test_slices_or_are_for_volumes_are_refused(model, slices, tmp_path, monkeypatch):
    monkeypatch.setenv("IQT_MODELS", str(model.parent))
    other = tmp_path / "slices"
    shutil.copytree(slices, other)
    shutil.copy(slices / "ixi-t2-midslices-train.npz", other / "ixi-t2-midslices-test.npz")
    with pytest.raises(InputError, match="liif-t2w was trained on train0, train1, train2: they cannot test it"):
        run_experiments(Request(None, tmp_path / "out", "smoke", ("ixi",), ("ixi-liif",), ixi=other))
    with pytest.raises(ModelError, match="model cubic is not one for slices"):
        _of_model(ModelRef("cubic", ""))


def test_a_dry_run_estimates_it(iqt, slices, tmp_path):  # noqa: F811
    done = iqt("train", "liif", slices, tmp_path / "none", *OPTIONS, "--device", "cpu", "--dry-run")
    assert done.code == 0, done.err
    assert "3 subjects" in done.out
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("factor", [2, 4])
def test_slices_of_low_resolution_are_the_protocols_and_between_its_scales_they_keep_the_mean(factor):
    image = np.random.default_rng(2).uniform(0, 255, (32, 48)).astype(np.float32)
    expected = planar.degradation(image.shape, factor).forward(image[..., None])[..., 0]
    np.testing.assert_allclose(coarse(image, (factor, factor)), expected, rtol=1e-4)
    np.testing.assert_allclose(averaging(33, 2.6).sum(1), 1, rtol=1e-5)
    centres = averaging(90, 2.6) @ np.arange(90)
    np.testing.assert_allclose(centres[3:-3], (2.6 * (np.arange(34) + 0.5) - 0.5)[3:-3], atol=0.05)


@pytest.mark.parametrize("kind", [{"free": 0, "thick": 0}, {"free": 1, "thick": 0}, {"free": 0, "thick": 1}])
def test_crops_show_what_lies_at_their_places(kind):
    """Interpolating a crop at its places comes nearer to the truth than half a pixel beside them."""
    images = gaussian_filter(np.random.default_rng(3).uniform(0, 255, (1, 64, 96)), (0, 3, 3)).astype(np.float32)
    images = (255 * (images - images.min()) / np.ptp(images)).astype(np.uint8)
    recipe = SliceRecipe(scales=(2.0, 3.0), thickest=3.0, queries=400, **kind)
    crops, rng = SliceCrops(planar.Slices(images, ("a",)), recipe, 16), np.random.default_rng(4)
    network = interpolating().network
    errors = {0.0: 0.0, -0.5: 0.0, 0.5: 0.0}
    for _ in range(8):
        crop = {name: torch.from_numpy(part) for name, part in crops.patches(0, 1, rng, rng).items()}
        assert crop["places"].abs().max() <= 1
        inner = (crop["places"].abs() < 0.7).all(-1)
        for shift in errors:
            with torch.no_grad():
                found = network(crop["slices"], crop["places"] + shift * crop["cells"], crop["cells"])
            errors[shift] += float((found - crop["values"])[inner].square().mean())
    assert 2 * errors[0.0] < min(errors[-0.5], errors[0.5])


def test_validation_compares_with_bicubic(slices):
    scores = ProtocolScores(planar.read_slices(slices, "val")).scores(interpolating(), Run())
    assert scores["score"] == pytest.approx(1, abs=1e-6)


@pytest.fixture(scope="module")
def volumes(tmp_path_factory):
    """FLAIR of two people, 1 x 1 x 1.2 mm, axes front, left and down; of one with slices of 4 mm, and one of 2 mm."""
    folder, rng = tmp_path_factory.mktemp("volumes"), np.random.default_rng(5)
    for name, spacing in (("one", (1, 1, 1.2)), ("two", (1, 1, 1.2)), ("thick", (1, 1, 4)), ("coarse", (2, 2, 2))):
        data = gaussian_filter(rng.uniform(200, 900, (48, 40, 20)), 1).astype(np.float32)
        mask = np.zeros(data.shape, np.uint8)
        mask[6:-6, 8:-8, 4:-4] = 1
        affine = np.zeros((4, 4))
        affine[(1, 0, 2, 3), range(4)] = (spacing[0], -spacing[1], -spacing[2], 1)
        for what, array in (("FLAIR", data * mask), ("desc-brain_mask", mask)):
            nibabel.save(nibabel.Nifti1Image(array, affine), folder / f"sub-{name}_{what}.nii.gz")
    return folder


OF_VOLUMES = {"data.suffix": "FLAIR", "data.patch": 16, "slices.thickest": 2.0, "slices.scales": [2.0]}


def test_only_what_was_measured_and_is_positive_is_learned_from(tmp_path):
    data = np.random.default_rng(2).uniform(50, 100, (8, 8, 8)).astype(np.float32)
    mask = np.ones(data.shape, bool)
    volume = Volume(data, np.eye(4))
    assert learnable(volume, mask) == pytest.approx(float(data.mean()))
    with pytest.raises(InputError, match="must be positive"):
        learnable(volume.with_data(data - data.mean() - 1), mask)  # as normalised volumes are
    with pytest.raises(InputError, match="must be positive"):
        learnable(volume, ~mask)
    write(replace(volume, remark="synthesised: not measured (T1w to T2w)"), tmp_path / "a.nii.gz")
    with pytest.raises(InputError, match="synthesised: not measured"):
        learnable(read(tmp_path / "a.nii.gz"), mask)


def test_slices_are_cut_from_volumes_whose_voxels_fit(volumes):
    told = []
    changes = OF_VOLUMES | {"data.validate": ["two"]}
    report = Reporter(lambda event: told.append(event.message))
    learned, validated = slices_of(volumes, load_recipe("liif-volumes", changes), report)
    refused = [one for one in told if "2.00 x 2.00 x 2.00 mm, but the recipe is for pixels of about 1 mm" in one]
    assert len(refused) == 1
    # of 24 x 36 x 12 voxels of brain; "thick" gives axial planes only
    assert [learned.subjects.count(person) for person in ("one", "thick", "two", "coarse")] == [22 + 34 + 12, 12, 0, 0]
    assert validated.subjects == ("two",) * 9
    assert learned.images.shape[1:] == validated.images.shape[1:] == (48, 48)
    inside = learned.images[learned.images > 0]
    assert inside.mean() == pytest.approx(0.3 * 255, rel=0.05)
    only = slices_of(volumes, load_recipe("liif-volumes", changes | {"slices.planes": "axial"}))[0]
    assert only.subjects == ("one",) * 12 + ("thick",) * 12


def test_a_plane_is_that_of_the_volume_turned_to_axial(volumes):
    recipe = load_recipe("liif-volumes", OF_VOLUMES | {"data.validate": ["two"], "slices.planes": "axial"})
    planes = slices_of(volumes, recipe)[0].images[:12]
    data = nibabel.load(volumes / "sub-one_FLAIR.nii.gz").get_fdata()
    turned = (data[:, ::-1, ::-1] * (0.3 * 255 / data[data > 0].mean())).transpose(1, 0, 2)  # right, front, up
    expected = np.stack([turned[..., k] for k in range(20) if turned[..., k].any()])
    for plane in planes:
        apart = np.abs(expected - plane[4:44]).max(axis=(1, 2))
        assert apart.min() <= 1
        assert not plane[:4].any()


def test_a_model_is_trained_on_volumes_and_says_on_whom(volumes, tmp_path, monkeypatch):
    monkeypatch.setattr("IQTLib.training.curves.draw_curves", lambda _: None)
    recipe = load_recipe("liif-volumes", TINY | OF_VOLUMES | {"data.exclude": ["thick"], "data.validate": ["two"]})
    card = train(volumes, tmp_path / "liif-flair", recipe, hardware=Hardware())
    assert (card.contrast, card.settings["thickest"]) == ("FLAIR", 2.0)
    assert (card.training["people"], card.training["validation_people"]) == (["one"], ["two"])
    assert list(check(tmp_path / "liif-flair"))


def test_volumes_that_do_not_suffice_are_one_line(volumes, slices):
    recipe = load_recipe("liif-volumes", OF_VOLUMES | {"data.exclude": ["one", "thick"]})
    with pytest.raises(InputError, match="at least one subject to train on and another for validation"):
        slices_of(volumes, recipe)
    with pytest.raises(
        InputError, match=r"train\.npz is missing: to learn from volumes choose the recipe liif-volumes"
    ):
        slices_of(volumes, load_recipe("liif-t2w"))
    with pytest.raises(InputError, match=r"contains no \*_T2w volume"):
        slices_of(volumes, load_recipe("liif-volumes"))
    with pytest.raises(InputError, match=r"data\.validate: a network on slices is trained on slices as they are"):
        load_recipe("liif-t2w", {"data.validate": ["one"]})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"data.lesions": 3}, "data.lesions: a network on slices is trained on slices as they are"),
        ({"slices.scales": []}, "slices.scales is empty"),
        ({"slices.free": 0.9, "slices.thick": 0.9}, "together they may be 1 at most"),
        ({"settings.enlarge": 3}, "settings.enlarge is 3"),
    ],
)
def test_recipes_that_make_no_sense_are_one_line(changes, told):
    with pytest.raises(InputError, match=told) as caught:
        load_recipe("liif-t2w", changes)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="slices: only a network on slices has this section"):
        load_recipe("unet-quick", {"slices.free": 0.5})


def test_slices_that_do_not_suffice_are_one_line(slices, tmp_path):
    recipe = load_recipe("liif-t2w")
    with pytest.raises(InputError, match=r"train\.npz is missing"):
        slices_of(tmp_path, recipe)
    with pytest.raises(InputError, match="slices of 64 pixels are too small for a patch of 32 at scale 6: choose"):
        SliceCrops(planar.read_slices(slices, "train"), recipe.slices, 32)
    told = []
    with pytest.raises(InputError, match="no slice is left"):
        slices_of(
            slices,
            load_recipe("liif-t2w", {"data.exclude": ["val0", "nobody"]}),
            Reporter(lambda e: told.append(e.message)),
        )
    assert told == ["no slice of nobody, named in the recipe: are the names right?"]
