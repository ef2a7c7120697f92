"""The 2-D protocol on mid-slices: operators, published references, what its experiment writes and refuses."""

import csv
import os
from types import SimpleNamespace

import numpy as np
import pytest
from experimenting import small_slices
from hypothesis import given
from hypothesis import strategies as st
from IQTLib.errors import InputError, OutputError
from IQTLib.evaluation import planar
from IQTLib.experiments.catalogue import METHODS, SLICE_PARTS, TRAINED_SLICES, UNTRAINED_SLICES
from IQTLib.experiments.report import write_report
from IQTLib.experiments.results import Results
from IQTLib.experiments.run import Request, run_experiments
from IQTLib.experiments.slices.convolutional import CONVOLUTIONAL, coded
from IQTLib.experiments.slices.measures import PLANAR
from IQTLib.experiments.slices.regressors import LEARNED, regressed
from IQTLib.methods.base import Run
from IQTLib.methods.lrtv.observed import Observed
from scipy.ndimage import gaussian_filter
from skimage.measure import block_reduce
from test_cli import iqt, one_line  # noqa: F401 - a fixture

OPENCV = [8.9453125, 10.15625, 11.40625, 36.0546875, 70.9765625, 77.265625, 51.171875, 35.78125]
PUBLISHED = {2: (29.0899, 0.9155), 4: (25.8849, 0.8248)}


@given(seed=st.integers(0, 2**31), factor=st.sampled_from([2, 4]))
def test_slices_are_blurred_and_averaged_as_scipy_and_scikit_image_do(seed, factor):
    image = np.random.default_rng(seed).uniform(0, 255, (32, 20))
    expected = block_reduce(gaussian_filter(image, 1.0, mode="reflect", truncate=4.0), (factor, factor), np.mean)
    sampling = planar.degradation(image.shape, factor)
    np.testing.assert_allclose(sampling.forward(image[..., None])[..., 0], expected, rtol=1e-10)


def test_bicubic_is_opencvs():
    """Values of cv2.resize (5.0, INTER_CUBIC) on a row of 4 pixels made twice as long."""
    row = np.array([10.0, 20.0, 80.0, 40.0])
    enlarged = planar.bicubic(2, (1, 4)).forward(row[None, :, None])[0, :, 0]
    np.testing.assert_allclose(enlarged, OPENCV, atol=1e-9)
    flat = planar.bicubic(4, (5, 7)).forward(np.full((5, 7, 1), 3.0))
    np.testing.assert_allclose(flat, 3)


@pytest.mark.parametrize("factor", [2, 4])
def test_references_are_the_published_ones_to_the_digit(shared_ixi, factor):
    slices = planar.read_slices(shared_ixi)
    sampling, enlarging = planar.degradation((256, 256), factor), planar.bicubic(factor, (256 // factor,) * 2)
    found = []
    for truth in slices.images:
        low = sampling.forward(truth[..., None].astype(float))
        found.append(planar.scores(truth, enlarging.forward(low)[..., 0]))
    assert (
        tuple(round(float(np.mean([row[name] for row in found])), 4) for name in ("psnr", "ssim")) == PUBLISHED[factor]
    )


def test_scores_are_those_of_their_definitions():
    rng = np.random.default_rng(0)
    truth = gaussian_filter(rng.uniform(0, 255, (40, 40)), 2)
    estimate = truth + 5
    scores = planar.scores(truth, estimate)
    assert scores["psnr"] == pytest.approx(20 * np.log10(255 / 5))
    assert planar.scores(truth, truth) == {"psnr": np.inf, "ssim": 1.0, "ssim_gaussian": 1.0}
    torchmetrics = pytest.importorskip("torchmetrics.functional.image")
    torch = pytest.importorskip("torch")
    pair = [torch.tensor(image[None, None] / 255) for image in (estimate, truth)]
    theirs = torchmetrics.structural_similarity_index_measure(*pair, data_range=1.0)
    assert scores["ssim_gaussian"] == pytest.approx(float(theirs), abs=1e-5)


@pytest.mark.parametrize(("shape", "factor"), [((8, 32), 2), ((33, 32), 2), ((32, 30), 4), ((32, 32), 9)])
def test_sizes_and_scales_that_do_not_fit_are_one_line(shape, factor):
    with pytest.raises(InputError, match=r"scale \d: ") as caught:
        planar.degradation(shape, factor)
    assert "\n" not in str(caught.value)


def test_files_that_hold_no_slices_are_one_line(tmp_path):
    with pytest.raises(InputError, match="is missing: name the folder"):
        planar.read_slices(tmp_path)
    path = tmp_path / "ixi-t2-midslices-test.npz"
    path.write_bytes(b"no archive")
    with pytest.raises(InputError, match="holds no slices"):
        planar.read_slices(tmp_path)
    np.savez(path, images=np.zeros((2, 32, 32, 1), np.uint8), subjects=np.array(["a", "b"]))
    with pytest.raises(InputError, match="do not fit"):
        planar.read_slices(tmp_path)


def test_slices_that_hang_flood_or_cannot_be_scored_are_one_line(tmp_path, monkeypatch):
    """A pipe was waited for, any size was unpacked, and a blank image had no PSNR, which the report could not add."""
    path = tmp_path / "ixi-t2-midslices-test.npz"
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        with pytest.raises(InputError, match="not a regular file"):
            planar.read_slices(tmp_path)
        path.unlink()
    images = np.zeros((2, 32, 32), np.uint8)
    images[0, 0] = 1
    np.savez_compressed(path, images=images, subjects=np.array(["a", "b"]))
    with pytest.raises(InputError, match="1 of 2 images are blank"):
        planar.read_slices(tmp_path)
    content = bytearray(path.read_bytes())
    content[60:70] = bytes(10 * [0xA5])
    path.write_bytes(content)
    with pytest.raises(InputError, match="holds no slices"):
        planar.read_slices(tmp_path)
    small_slices(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(planar, "MOST", 1000)
        with pytest.raises(InputError, match=r"would unpack to .*: these are no mid-slices"):
            planar.read_slices(tmp_path)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1000))
    with pytest.raises(InputError, match="memory"):
        planar.read_slices(tmp_path)


def test_every_method_on_slices_can_be_done():
    assert set(PLANAR) == set(SLICE_PARTS) >= set(UNTRAINED_SLICES)
    assert {*LEARNED, *CONVOLUTIONAL} == set(TRAINED_SLICES)
    assert set(PLANAR) <= set(METHODS)


@pytest.mark.parametrize("method", ["ixi-zeyde", "ixi-aplus-landweber", "ixi-csc"])
def test_what_is_trained_on_slices_beats_bicubic(tmp_path, method):
    """On the slices it was trained on: there are too few to generalise."""
    folder, run = small_slices(tmp_path), Run()
    if method in CONVOLUTIONAL:
        pytest.importorskip("sporco")
    images = planar.read_slices(folder).images
    sampling, enlarging = planar.degradation((32, 32), 2), planar.bicubic(2, (16, 16))
    restored = (coded if method in CONVOLUTIONAL else regressed)(method, folder, 2, 32, run)
    errors = []
    for image in images / planar.WHITE:
        seen = Observed(sampling.forward(image[..., None]), sampling, enlarging)
        truth = image[..., None]
        errors.append([np.std(truth - restored(seen, 2, run)), np.std(truth - seen.enlarged())])
    ours, bicubic = np.mean(errors, axis=0)
    assert ours < 0.9 * bicubic


def test_without_training_slices_what_is_trained_on_them_is_refused(tmp_path):
    folder = small_slices(tmp_path)
    (folder / "ixi-t2-midslices-train.npz").unlink()
    with pytest.raises(InputError, match=r"train\.npz is missing"):
        run_experiments(Request(None, tmp_path / "out", only=("ixi",), methods=("ixi-anr",), ixi=folder))


def test_the_experiment_writes_tables_figure_and_every_score(tmp_path):
    request = Request(
        None, tmp_path / "out", "smoke", ("ixi",), ("ixi-bicubic", "ixi-elrtv"), ("x2",), ixi=small_slices(tmp_path)
    )
    assert run_experiments(request) == {}
    page = write_report(tmp_path / "out")
    text = page.with_name("RESULTS.md").read_text(encoding="utf-8")
    assert "29.09 / 0.9155" in text
    assert (tmp_path / "out" / "figures" / "ixi.png").is_file() is False  # the picture is of scale 4
    with page.with_name("scores.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == "psnr"]
    assert {(row["method"], row["person"]) for row in rows} == {
        (m, p) for m in ("ixi-bicubic", "ixi-elrtv") for p in ("s0", "s1")
    }
    better = [float(row["value"]) for row in rows if row["method"] == "ixi-elrtv"]
    plain = [float(row["value"]) for row in rows if row["method"] == "ixi-bicubic"]
    assert min(np.subtract(better, plain)) > 0.5
    assert Results(tmp_path / "out").missing("ixi") == ""


def test_results_are_not_put_into_a_file(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file is a file: name a folder"):
        run_experiments(Request(None, tmp_path / "file", only=("ixi",), ixi=small_slices(tmp_path)))


def test_missing_folders_are_reported(tmp_path):
    with pytest.raises(InputError, match="ixi: --ixi names no folder"):
        run_experiments(Request(None, tmp_path, only=("ixi",)))
    with pytest.raises(InputError, match="table1: --scans must name"):
        run_experiments(Request(None, tmp_path, only=("table1", "ixi")))


def test_a_run_of_which_a_part_failed_does_not_end_as_done(iqt, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr("IQTLib.experiments.run.run_experiments", lambda *_: {"ixi-bicubic, x4": "an odd size"})
    monkeypatch.setattr("IQTLib.experiments.report.write_report", lambda *_, **__: tmp_path / "report.html")
    done = iqt("experiments", "run", "--ixi", tmp_path, "--output", "out", "--only", "ixi")
    assert done.out == f"{tmp_path / 'report.html'}\n"
    one_line(done, 3, "measurements that failed: 1")
