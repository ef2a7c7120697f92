"""A brain that was found is one: of a brain's size and shape, the right way up, and unlike what lies around it."""

import numpy as np
import pytest
from hypothesis import given, settings
from IQTLib.data.prepare import prepare
from IQTLib.data.subjects import load_brain, scan_of
from IQTLib.errors import InputError
from IQTLib.events import Reporter
from IQTLib.image import brain as finder
from IQTLib.image.brain import BRAIN_LITRES, brain_mask, doubts, find_brain
from IQTLib.image.brain_shape import FLIPS, GOOD, average_of, fit_of, mirrored
from IQTLib.image.volume import Volume, read, write
from IQTLib.models.store import Model
from IQTLib.pipeline import enhance
from phantom import head_of_average_shape, labels, phantom
from scipy import ndimage
from test_volume import affines
from tiny import card, srep

HEAD, BRAIN = head_of_average_shape()
STRIPPED = HEAD.with_data(np.where(BRAIN, HEAD.data, 0))
WORDS = {(1,): "(front and back swapped)", (2,): "(top and bottom", (1, 2): "(front and back and top and bottom"}


def overturned(volume, flips):
    """The same voxels under a header that has them flipped about the middle."""
    turn = np.eye(4)
    for axis in flips:
        turn[axis, axis], turn[axis, 3] = -1, volume.shape[axis] - 1
    return Volume(volume.data, volume.affine @ turn)


def blurred(mask):
    """What a network finds that was not made for this: face and neck too."""
    wider = np.zeros(mask.shape, bool)
    wider[tuple(slice(max(n.min() - 2, 0), n.max() + 3) for n in np.nonzero(mask))] = True
    return wider


@pytest.fixture
def network(monkeypatch):
    """In place of deepbet one that knows heads only the right way up, as deepbet does."""
    looked = []

    def find(volume, device, flips=()):
        looked.append(flips)
        way_up = tuple(a for a in (1, 2) if (volume.affine[a, a] < 0) != (a in flips))
        return BRAIN if not way_up else blurred(BRAIN)

    monkeypatch.setattr(finder, "_deepbet", find)
    return looked


# Stripped or not


@pytest.mark.parametrize(("share", "is_head"), [(1.0, False), (0.6, True)])
def test_a_large_stripped_brain_is_one_only_if_the_network_finds_most_of_it(monkeypatch, share, is_head):
    depth = ndimage.distance_transform_edt(BRAIN)
    found = BRAIN & (depth > np.quantile(depth[BRAIN], 1 - share))
    monkeypatch.setattr(finder, "_deepbet", lambda volume, device, flips=(): found)
    volume = STRIPPED.with_data(STRIPPED.data * np.where(found, 1, 0.4))
    assert np.array_equal(find_brain(volume).mask, BRAIN)  # a small one needs no network
    monkeypatch.setattr(finder, "LARGE_BRAIN", 0.5)
    assert np.array_equal(find_brain(volume).mask, found if is_head else BRAIN)


def test_a_head_without_neck_and_fat_is_not_taken_for_a_stripped_brain(shared_data):
    folder = shared_data / "sub-flair3d" / "anat"
    truth = read(folder / "sub-flair3d_desc-brain_mask.nii.gz").data > 0
    mask = find_brain(read(folder / "sub-flair3d_FLAIR.nii.gz")).mask
    assert 2 * (mask & truth).sum() / (mask.sum() + truth.sum()) > 0.95


# Shape


@pytest.mark.parametrize("flips", FLIPS)
def test_shape_shows_which_way_up_a_brain_is(flips):
    fit = fit_of(BRAIN, overturned(HEAD, flips))
    assert fit.overturned == flips
    assert fit.of[flips] > 0.97
    assert fit.is_clear == (flips == ())


@given(affine=affines())
@settings(max_examples=20)
def test_shape_does_not_depend_on_the_order_of_axes_and_little_on_the_voxels(affine):
    """The average brain seen through any grid that is turned by right angles."""
    axes = np.zeros((3, 3))
    order = np.abs(affine[:3, :3]).argmax(axis=0)
    if sorted(order) != [0, 1, 2]:
        return
    axes[order, range(3)] = np.sign(affine[order, range(3)])
    signs = axes[order, range(3)].astype(int)
    data = BRAIN.transpose(order)[tuple(slice(None, None, sign) for sign in signs)]
    spacing = np.array(HEAD.spacing)[order]
    turned = Volume(data, np.block([[axes * spacing, np.zeros((3, 1))], [np.zeros((1, 3)), 1]]))
    assert fit_of(data, turned).of[()] == pytest.approx(fit_of(BRAIN, HEAD).of[()], abs=0.01)


@pytest.mark.parametrize("degrees", [20, 40])
@pytest.mark.parametrize("axes", [(1, 2), (0, 2), (0, 1)])
@pytest.mark.parametrize("upright", [True, False])
def test_oblique_slices_of_a_head_show_its_shape(axes, degrees, upright):
    """Slices follow a turned head, or cut an upright one at an angle."""
    turn, angle = np.eye(4), np.radians(degrees)
    turn[np.ix_(axes, axes)] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    affine, mask = turn @ HEAD.affine, BRAIN
    if upright:
        wide = np.pad(BRAIN.astype(np.float32), 20)
        centre = np.array(ndimage.center_of_mass(wide))
        spin = np.linalg.inv(HEAD.affine[:3, :3]) @ turn[:3, :3] @ HEAD.affine[:3, :3]
        mask = ndimage.affine_transform(wide, spin, centre - spin @ centre, order=1) > 0.5
    tilted = Volume(mask.astype(np.float32), affine)
    fit = fit_of(mask, tilted)
    assert fit.is_clear
    assert doubts(tilted, mask) == ()
    assert mirrored(mask, tilted) > 0.95


def test_thick_slices_keep_the_shape():
    thick = Volume(BRAIN[:, :, ::2], HEAD.affine @ np.diag([1, 1, 2, 1]))
    assert fit_of(BRAIN[:, :, ::2], thick).is_clear


def test_a_ball_and_a_box_are_not_reported_as_flipped():
    ball = labels() > 0
    assert fit_of(ball, phantom()).overturned == ()
    assert not fit_of(blurred(BRAIN), HEAD).is_clear


def test_nothing_fits_nothing():
    assert not fit_of(np.zeros(HEAD.shape, bool), HEAD).is_good


def test_the_average_of_an_average_is_the_average():
    again = average_of([HEAD.with_data(BRAIN)])
    assert again.shape == (10, 20, 20)
    assert np.abs(again / 255 - average_of([overturned(HEAD.with_data(BRAIN), (0,))]) / 255).max() < 0.02


# Finding


def test_a_head_the_right_way_up_is_looked_at_once(network):
    found = find_brain(HEAD)
    assert np.array_equal(found.mask, BRAIN)
    assert found.doubts == ()
    assert network == [()]


@pytest.mark.parametrize("flips", FLIPS[1:])
def test_a_head_with_a_flipped_header_is_found_and_reported(network, flips):
    found = find_brain(overturned(HEAD, flips))
    assert np.array_equal(found.mask, BRAIN)
    assert WORDS[flips] in found.doubts[0]
    assert "the head is flipped" in found.doubts[0]


@pytest.mark.parametrize("flips", FLIPS[1:])
def test_a_flipped_stripped_brain_is_reported(flips):
    found = find_brain(overturned(STRIPPED, flips))
    assert np.array_equal(found.mask, BRAIN)
    assert WORDS[flips] in found.doubts[0]
    assert find_brain(STRIPPED).doubts == ()


def test_a_given_mask_is_looked_at_too():
    assert doubts(HEAD, BRAIN) == ()
    assert "the head is flipped" in doubts(overturned(HEAD, (1, 2)), BRAIN)[0]


def test_noise_has_no_brain(network):
    noise = HEAD.with_data(np.random.default_rng(0).normal(100, 20, HEAD.shape))
    with pytest.raises(InputError, match="as bright as its surroundings"):
        find_brain(noise)
    assert network == [()]


def test_a_mask_of_no_brains_shape_is_doubted(network, monkeypatch):
    monkeypatch.setattr(finder, "_deepbet", lambda volume, device, flips: blurred(BRAIN)[::-1])
    data = np.where(blurred(BRAIN)[::-1], 100, 40) + np.random.default_rng(0).normal(0, 5, HEAD.shape)
    box = Volume(data, np.diag([0.8, 0.8, 0.8, 1]) @ HEAD.affine)
    assert fit_of(blurred(BRAIN)[::-1], box).of[()] < GOOD
    assert "unusual shape" in find_brain(box).doubts[0]


def test_too_large_a_brain_is_refused_even_when_it_has_the_shape(network):
    large = Volume(HEAD.data, np.diag([1.3, 1.3, 1.3, 1]) @ HEAD.affine)
    with pytest.raises(InputError, match=rf"no brain found \(3\.\d\d L instead of 0\.3 to {BRAIN_LITRES[1]} L"):
        brain_mask(large)


# Everybody hears of it


def test_every_command_warns_of_a_flipped_head(network, tmp_path):
    head = overturned(HEAD, (1, 2))
    thick = Volume(head.data[:, :, ::4], head.affine @ np.diag([1, 1, 4, 1]))
    events = []
    brain_mask(head, report=Reporter(events.append))
    assert [event.kind for event in events if "flipped (" in event.message] == ["warning"]
    method = srep()
    model = Model(card(method), method)
    told = enhance(thick, model=model, mask=BRAIN[:, :, ::4]).warnings
    assert any("flipped (" in sentence for sentence in told)
    path = write(head, tmp_path / "people" / "sub-a_T1w.nii.gz")
    write(head.with_data(3 * BRAIN), tmp_path / "people" / "sub-a_dseg.nii.gz")
    events.clear()
    load_brain(scan_of(path), rng=np.random.default_rng(0), report=Reporter(events.append))
    assert any("flipped (" in event.message for event in events if event.kind == "warning")
    [facts] = prepare([path], tmp_path / "prepared")
    assert any("flipped (" in sentence for sentence in facts.warnings)


# Real heads


@pytest.mark.data
def test_shape_of_real_brains_is_that_of_a_brain(shared_data):
    """The child of three, an 8-bit scan, an average head: none of them is in the average."""
    for person in ("skyra3y", "chris", "colin27"):
        mask = read(shared_data / f"sub-{person}" / "anat" / f"sub-{person}_desc-brain_mask.nii.gz")
        assert fit_of(mask.data > 0, mask).is_clear


@pytest.mark.data
def test_a_flipped_low_field_head_gets_the_mask_of_the_correct_one(shared_data):
    volume = read(shared_data / "sub-lowfield64mT" / "anat" / "sub-lowfield64mT_T1w.nii.gz")
    found = find_brain(Volume(volume.data, np.diag([1, -1, -1, 1]) @ volume.affine))
    assert found.mask.sum() * np.prod(volume.spacing) * 1e-6 == pytest.approx(1.52, abs=0.02)
    assert "(front and back and top and bottom swapped)" in found.doubts[0]
