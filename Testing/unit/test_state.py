"""States are checked in one place, whatever the method; and no volume that is not finite is given to anybody."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest
import tiny
import torch
from IQTLib.errors import InputError, ModelError, OutputError
from IQTLib.image.volume import Volume, write
from IQTLib.methods.interpolation import Interpolation
from IQTLib.methods.networks.ddl.method import DDL, DDLSettings
from IQTLib.methods.networks.unet.method import UNet, UNetSettings
from IQTLib.methods.srep.method import SRep, SRepSettings
from IQTLib.methods.state import LARGEST_HALF, checked_state, packed, stored
from IQTLib.models.store import CARD, WEIGHTS, Model, ModelCard, available, load, save
from IQTLib.physics.simulation import simulate
from IQTLib.pipeline import enhance
from safetensors.numpy import load_file, save_file
from test_cli import iqt  # noqa: F401 - a fixture

from IQTLib.methods.contrast import ContrastMap  # isort: skip

AFFINE = np.diag([-1.0, 1.0, 4.0, 1.0])


def srep() -> SRep:
    """With a contrast map that changes nothing."""
    rng = np.random.default_rng(0)
    arrays = {name: np.zeros(shape, np.float32) for name, shape in ContrastMap.shapes().items()}
    arrays["weights"][:] = rng.normal(0, 1e-3, arrays["weights"].shape)
    arrays["spread"][:] = 1
    arrays["limits"][1] = 2
    method = SRep(SRepSettings(patch=3, atoms=16, stride=2, solver="torch"))
    method.restore(tiny.state() | {f"contrast.{name}": array for name, array in arrays.items()})
    return method


def unet() -> UNet:
    torch.manual_seed(0)
    return UNet(UNetSettings(filters=2, window=32))


def ddl() -> DDL:
    torch.manual_seed(0)
    method = DDL(DDLSettings(atoms=4, filters=4, window=32))
    method.prepare_for_inference()
    return method


EVERY_METHOD = pytest.mark.parametrize("build", [srep, unet, ddl])


def saved(method, folder) -> ModelCard:
    card = ModelCard(
        name="tiny", method=method.name, settings=asdict(method.settings),
        grid={"factor": 4, "finest": 0.5, "coarsest": 2.0},
    )  # fmt: skip
    return save(card, method, folder)


def spoilt(folder, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Other weights, and a card that vouches for them."""
    state = load_file(folder / WEIGHTS)
    save_file(state | {name: np.ascontiguousarray(change(state[name]))}, folder / WEIGHTS)
    card = json.loads((folder / CARD).read_text())
    card["sha256"] = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    (folder / CARD).write_text(json.dumps(card))


def with_value(value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(array):
        array = array.copy()
        array.reshape(-1)[-1] = value
        return array

    return change


# States


@EVERY_METHOD
def test_a_single_number_that_is_not_finite_is_refused_wherever_it_is(build):
    method = build()
    state = method.state()
    names = [name for name, array in state.items() if array.dtype.kind == "f"]
    shapes = {name: array.shape for name, array in state.items()}
    for number, name in enumerate(names):
        value = (np.nan, np.inf, -np.inf)[number % 3]
        with pytest.raises(ModelError, match=f"1 values in {name} that are not finite"):
            checked_state(state | {name: with_value(value)(state[name])}, shapes)
    with pytest.raises(ModelError, match=f"1 values in {names[-1]} that are not finite"):
        method.restore(state | {names[-1]: with_value(np.nan)(state[names[-1]])})


@EVERY_METHOD
def test_a_sound_state_is_taken_and_a_refused_one_changes_nothing(build):
    method = build()
    before = method.state()
    name = next(name for name, array in before.items() if array.dtype.kind == "f")
    with pytest.raises(ModelError):
        method.restore(before | {name: with_value(np.nan)(before[name])})
    after = method.state()
    assert all(np.array_equal(after[name], before[name]) for name in before)
    method.restore(before)


@pytest.mark.parametrize("build", [unet, ddl])
def test_a_negative_variance_is_refused(build):
    method = build()
    state = method.state()
    name = next(name for name in state if name.endswith("running_var"))
    with pytest.raises(ModelError, match=rf"a variance of -0\.1 in {name}"):
        method.restore(state | {name: with_value(-0.1)(state[name])})


def test_a_contrast_map_that_divides_by_zero_is_refused():
    method = srep()
    state = method.state()
    with pytest.raises(ModelError, match=r"0 in contrast\.spread, which must be above 0"):
        method.restore(state | {"contrast.spread": with_value(0)(state["contrast.spread"])})


def test_numbers_too_large_for_single_precision_are_refused():
    state = {"a": np.array([1.0, 1e39])}
    with pytest.raises(ModelError, match="1 values in a that are not finite"):
        checked_state(state, {"a": (2,)})


@pytest.mark.parametrize("kind", ["int8", "bool", "complex64", "uint16"])
def test_weights_of_types_that_are_none_are_refused(kind):
    with pytest.raises(ModelError, match=f"a of type {kind}: expected real numbers"):
        checked_state({"a": np.ones(2, kind)}, {"a": (2,)})
    with pytest.raises(ModelError, match="expected whole numbers"):
        checked_state({"bn.num_batches_tracked": np.float32(1)}, {"bn.num_batches_tracked": ()})


def test_interpolation_takes_no_weights():
    Interpolation().restore({})
    with pytest.raises(ModelError, match="have the unknown a"):
        Interpolation().restore({"a": np.ones(1, np.float32)})


@pytest.mark.parametrize("name", [name for name, folder in available().items() if folder is not None])
def test_every_bundled_model_is_sound(name):
    load(name)


def test_half_precision_is_not_forced_on_numbers_that_it_cannot_hold():
    """It would make them infinite, and a finished training worthless."""
    few = np.array([1.0, LARGEST_HALF], np.float32)
    assert stored(few, np.float16).dtype == np.float16
    many = np.array([1.0, 2 * LARGEST_HALF], np.float32)
    assert np.array_equal(stored(many, np.float16), many)
    network = unet()
    network.stored = np.float16
    with torch.no_grad():
        next(buffer for name, buffer in network.network.named_buffers() if name.endswith("running_var")).fill_(1e5)
    copy = unet()
    copy.restore(network.state())
    assert max(array.max() for array in copy.state().values()) == 1e5


@pytest.mark.parametrize("build", [unet, ddl])
def test_weights_in_8_bits_take_a_quarter_and_are_off_by_half_a_step_at_most(build, tmp_path):
    method = build()
    whole = method.state()
    saved(method, tmp_path / "whole")
    method.stored = np.int8
    saved(method, tmp_path / "small")
    sizes = [(tmp_path / name / WEIGHTS).stat().st_size for name in ("small", "whole")]
    assert sizes[0] < 0.5 * sizes[1]  # tiny networks have many biases and long headers
    for name, array in load(tmp_path / "small").method.state().items():
        steps = np.abs(whole[name]).reshape(len(array), -1).max(1) / 127 if array.ndim > 1 else np.zeros(1)
        apart = np.abs(array - whole[name]).reshape(len(np.atleast_1d(array)), -1).max(1)
        assert np.all(apart <= 0.501 * steps)


def test_8_bits_keep_channels_apart_and_zeros():
    array = np.array([[1e-4, -5e-5], [3.0, 100.0], [0, 0]], np.float32)
    small = packed({"a": array, "b": array[0], "n": np.array(3)}, np.int8)
    assert {name: part.dtype.name for name, part in small.items()} == {
        "a": "int8", "a.scale": "float32", "b": "float32", "n": "int64"
    }  # fmt: skip
    found = checked_state({name: small[name] for name in ("a", "a.scale")}, {"a": (3, 2)})["a"]
    np.testing.assert_allclose(found, array, rtol=0.13)
    np.testing.assert_allclose(found[:2].max(1), array[:2].max(1), rtol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_do_not_become_whole_numbers(value, tmp_path):
    method = unet()
    method.stored = np.int8
    with torch.no_grad():
        next(p for p in method.network.parameters() if p.ndim > 1).view(-1)[3] = value
    with pytest.raises(ModelError, match="not finite"):
        saved(method, tmp_path / "tiny")


@pytest.mark.parametrize("scale", [None, np.ones(2, np.float32), np.ones((3, 1), np.float32), np.ones(3, np.int32)])
def test_8_bits_without_factors_that_fit_are_refused(scale):
    state = {"a": np.ones((3, 2), np.int8)} | ({} if scale is None else {"a.scale": scale})
    with pytest.raises(ModelError, match="have a in 8 bits without factors that fit it"):
        checked_state(state, {"a": (3, 2)})
    with pytest.raises(ModelError, match=r"have the unknown a\.scale"):
        checked_state({"a": np.ones((3, 2), np.float32), "a.scale": np.ones(3)}, {"a": (3, 2)})


def test_what_could_not_be_loaded_again_is_not_saved(tmp_path):
    method = srep()
    method.high_atoms[0, 0] = np.nan
    with pytest.raises(ModelError, match="1 values in high_atoms that are not finite"):
        saved(method, tmp_path / "tiny")
    assert not (tmp_path / "tiny").exists()


# Results


@pytest.mark.parametrize(
    ("build", "name"), [(srep, "projection"), (srep, "high_atoms"), (srep, "contrast.weights"), (unet, None)]
)
def test_a_spoilt_model_ends_with_code_4_and_no_volume(build, name, iqt, tmp_path):  # noqa: F811
    method = build()
    saved(method, tmp_path / "models" / "tiny")
    name = name or next(name for name in method.state() if name.endswith("running_var"))
    spoilt(tmp_path / "models" / "tiny", name, with_value(np.nan))
    write(Volume(np.random.default_rng(0).uniform(50, 100, (20, 20, 8)), AFFINE), tmp_path / "scan.nii.gz")
    done = iqt("enhance", "scan.nii.gz", "out.nii.gz", "--model", "tiny")
    assert done.code == 4
    assert f"values in {name} that are not finite" in done.err
    assert not (tmp_path / "out.nii.gz").exists()


@pytest.mark.parametrize("size", [1e30, 3e38])
def test_weights_that_are_numbers_and_make_none_end_with_code_4_and_no_volume(size, iqt, tmp_path):  # noqa: F811
    saved(srep(), tmp_path / "models" / "tiny")
    spoilt(tmp_path / "models" / "tiny", "contrast.weights", lambda array: np.full_like(array, size))
    write(Volume(np.random.default_rng(0).uniform(50, 100, (20, 20, 8)), AFFINE), tmp_path / "scan.nii.gz")
    write(Volume(np.ones((20, 20, 8)), AFFINE), tmp_path / "mask.nii.gz")
    done = iqt("enhance", "scan.nii.gz", "out.nii.gz", "--model", "tiny", "--mask", "mask.nii.gz")
    assert done.code == 4, done.err
    assert "NaN or infinite" in done.err
    assert not (tmp_path / "out.nii.gz").exists()


class Giving(Interpolation):
    """An estimate with `value` in one voxel, or everywhere."""

    def __init__(self, value: float, everywhere: bool = False) -> None:
        super().__init__()
        self.value, self.everywhere = value, everywhere

    def enhance(self, low, run):
        high = super().enhance(low, run)
        high[(...,) if self.everywhere else (5, 5, 5)] = self.value
        return high


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("output_grid", ["model", "isotropic"])
def test_no_volume_that_is_not_finite_leaves_the_pipeline(value, output_grid):
    scan = Volume(np.random.default_rng(0).uniform(50, 100, (20, 20, 8)), AFFINE)
    model = Model(load("cubic").card, Giving(value))
    with pytest.raises(ModelError, match=r"model cubic makes \d+ of \d+ voxels NaN or infinite"):
        enhance(scan, model=model, output_grid=output_grid)


def test_an_empty_brain_leaves_the_pipeline_neither():
    scan = Volume(np.random.default_rng(0).uniform(50, 100, (20, 20, 8)), AFFINE)
    with pytest.raises(ModelError, match="returns an empty brain"):
        enhance(scan, model=Model(load("cubic").card, Giving(0, everywhere=True)))


@pytest.mark.parametrize("build", [srep, unet])
def test_clipping_at_zero_hides_no_infinity(build, monkeypatch):
    """Minus infinity would become 0: a hole in the brain, and finite."""
    from surrogate import pair

    method = build()
    if build is srep:
        method.high_atoms = np.full_like(method.high_atoms, -3e38)
    else:
        monkeypatch.setattr(
            "IQTLib.methods.networks.windows.estimate",
            lambda *_, factor, **__: np.full((28, 32, 28), -np.inf, np.float32),
        )
    from IQTLib.methods.base import Run

    with pytest.raises(ModelError, match="NaN or infinite"):
        method.enhance(pair().low, Run())


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_volume_that_is_not_finite_is_never_written(tmp_path, ending, value):
    volume = Volume(with_value(value)(np.ones((4, 4, 4), np.float32)), np.eye(4))
    with pytest.raises(OutputError, match="1 of 64 voxels would be NaN or infinite"):
        write(volume, tmp_path / f"out{ending}")
    assert not list(tmp_path.iterdir())


def test_a_scan_too_bright_to_be_simulated_is_a_bad_input(phantom_brain):
    bright = phantom_brain.volume.with_data(phantom_brain.volume.data * 3e36)
    with pytest.raises(InputError, match=r"NaN or infinite|too wide|positive"):
        simulate(bright, phantom_brain.maps, snr=(60, 50), rng=np.random.default_rng(0))
