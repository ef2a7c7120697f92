"""Scans are found by their names, made ready on one grid, and become the same training pairs every time."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IQTLib.data.people import pseudonym
from IQTLib.data.seeds import words
from IQTLib.data.subjects import Brain, Scan, find_scans, isotropic, load_brain, scan_of
from IQTLib.data.training_pairs import SimulatedPairs
from IQTLib.errors import InputError
from IQTLib.events import Reporter
from IQTLib.image.tissue import TissueMaps
from IQTLib.image.volume import Volume, write
from IQTLib.physics.acquisition import Acquisition, SliceProfile
from IQTLib.physics.simulation import preset
from phantom import SHAPE, labels, phantom, world
from test_volume import OBLIQUE, affines

TISSUES = ("CSF", "GM", "WM")


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def found(folder, **options):
    return [(scan.path.relative_to(folder).as_posix(), scan.person) for scan in find_scans(folder, **options)]


# Finding scans


def test_bids_scans_of_one_contrast_are_found_with_their_subjects(tmp_path):
    touch(
        tmp_path,
        "sub-02/anat/sub-02_T1w.nii.gz",
        "sub-01/anat/sub-01_ses-a_T1w.nii.gz",
        "sub-01/anat/sub-01_ses-a_FLAIR.nii.gz",
        "sub-01/anat/sub-01_ses-a_dseg.nii.gz",
        "sub-01/anat/sub-01_ses-a_T1w.json",
        "README.md",
    )
    t1w = [("sub-01/anat/sub-01_ses-a_T1w.nii.gz", "01"), ("sub-02/anat/sub-02_T1w.nii.gz", "02")]
    assert found(tmp_path) == t1w
    assert found(tmp_path, suffix="FLAIR") == [("sub-01/anat/sub-01_ses-a_FLAIR.nii.gz", "01")]


def test_linked_folders_are_followed_and_no_circle_is_walked_twice(tmp_path):
    """A cohort is often chosen by links to people's folders."""
    touch(tmp_path / "archive", "sub-01/anat/sub-01_T1w.nii.gz", "sub-02/anat/sub-02_T1w.nii.gz")
    cohort = tmp_path / "cohort"
    cohort.mkdir()
    try:
        (cohort / "sub-02").symlink_to(tmp_path / "archive" / "sub-02", target_is_directory=True)
        (tmp_path / "archive" / "sub-02" / "anat" / "back").symlink_to(cohort, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert found(cohort) == [("sub-02/anat/sub-02_T1w.nii.gz", "02")]


def test_every_volume_of_a_plain_folder_is_a_person(tmp_path):
    """The whole name, under a pseudonym: IXI012 and IXI013 of one hospital are two people."""
    touch(
        tmp_path, "Guys_012.nii.gz", "Guys_013.nrrd", "anna.mha", "anna_dseg.mha", "anna_desc-brain_mask.mha", "x.txt"
    )
    assert found(tmp_path) == [
        (name, pseudonym(name.partition(".")[0])) for name in ("Guys_012.nii.gz", "Guys_013.nrrd", "anna.mha")
    ]
    anna = find_scans(tmp_path)[2]
    assert anna.labels == tmp_path / "anna_dseg.mha"
    assert anna.mask == tmp_path / "anna_desc-brain_mask.mha"


def test_pair_of_header_and_image_is_one_scan(tmp_path):
    touch(tmp_path, "anna.hdr", "anna.img")
    assert found(tmp_path) == [("anna.hdr", pseudonym("anna"))]


def test_derivatives_beside_a_scan_are_picked_up(tmp_path):
    prefix = "sub-01/anat/sub-01_ses-a"
    maps = [f"{prefix}_label-{tissue}_probseg.nii.gz" for tissue in TISSUES]
    touch(tmp_path, f"{prefix}_T1w.nii.gz", f"{prefix}_dseg.nii.gz", f"{prefix}_desc-brain_mask.nii.gz", *maps)
    assert find_scans(tmp_path) == [
        Scan(
            tmp_path / f"{prefix}_T1w.nii.gz",
            "01",
            "T1w",
            labels=tmp_path / f"{prefix}_dseg.nii.gz",
            probabilities=tuple(tmp_path / name for name in maps),
            mask=tmp_path / f"{prefix}_desc-brain_mask.nii.gz",
        )
    ]


def test_derivatives_of_others_and_incomplete_maps_are_not(tmp_path):
    touch(
        tmp_path,
        "sub-01_T1w.nii.gz",
        "sub-02_dseg.nii.gz",
        "sub-01_label-GM_probseg.nii.gz",
        "sub-01_label-WM_probseg.nii.gz",
    )
    assert find_scans(tmp_path) == [Scan(tmp_path / "sub-01_T1w.nii.gz", "01", "T1w")]


def test_folders_without_scans_are_refused(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        find_scans(tmp_path / "nowhere")
    touch(tmp_path, "sub-01_FLAIR.nii.gz", "notes.txt")
    with pytest.raises(InputError, match=r"contains no \*_T1w volume"):
        find_scans(tmp_path)


@pytest.mark.data
def test_development_scans_are_found_with_labels_and_masks(shared_data):
    """33 skull-stripped subjects and 12 heads, each with dseg and mask; niimath has neither."""
    scans = {scan.person: scan for scan in find_scans(shared_data)}
    for name, count in (("stripped", 33), ("head", 12)):
        of_kind = [scan for person, scan in scans.items() if person.startswith(name)]
        assert len(of_kind) == count
        assert all(scan.labels and scan.mask for scan in of_kind)
    assert scans["niimath"].labels is None


# Loading


@pytest.fixture
def saved(tmp_path):
    """Writes arrays on the phantom's grid beside its volume."""
    volume = phantom()
    write(volume, tmp_path / "sub-7_T1w.nii.gz")

    def save(affine=volume.affine, **arrays):
        for name, array in arrays.items():
            write(Volume(array, affine), tmp_path / f"sub-7_{name.replace('__', '-')}.nii.gz")
        return find_scans(tmp_path)[0]

    return save


def load(scan, **options):
    return load_brain(scan, rng=np.random.default_rng(0), **options)


def test_labels_and_mask_beside_the_scan_are_used(saved):
    mask = labels() > 1
    brain = load(saved(dseg=labels(), desc__brain_mask=mask))
    np.testing.assert_array_equal(brain.mask, mask)
    np.testing.assert_array_equal(brain.volume.data, phantom().data * mask)
    np.testing.assert_allclose(brain.volume.affine, phantom().affine)
    assert brain.person == "7"
    for tissue, label in ((brain.maps.csf, 1), (brain.maps.gm, 2), (brain.maps.wm, 3)):
        assert np.mean((tissue > 0.5) == (labels() == label)) > 0.99
        assert tissue.sum() == pytest.approx((labels() == label).sum(), rel=1e-3)  # softened, not lost


def test_tissue_maps_beside_the_scan_come_before_labels(saved):
    maps = {f"label__{tissue}_probseg": 0.8 * (labels() == n) for n, tissue in enumerate(TISSUES, start=1)}
    brain = load(saved(dseg=np.where(labels() > 0, 2, 0), **maps))
    np.testing.assert_allclose(brain.maps.wm, 0.8 * (labels() == 3), rtol=1e-6)
    np.testing.assert_allclose(brain.maps.csf, 0.8 * (labels() == 1), rtol=1e-6)


def test_without_a_mask_a_stripped_brain_is_its_own(saved):
    np.testing.assert_array_equal(load(saved(dseg=labels())).mask, labels() > 0)


def test_without_labels_tissues_are_estimated_and_that_is_said(saved):
    seen = []
    brain = load(saved(), report=Reporter(seen.append))
    assert "no tissue maps" in seen[0].message
    assert np.mean((brain.maps.wm > 0.5) == (labels() == 3)) > 0.99


@pytest.mark.parametrize("name", ["dseg", "desc__brain_mask"])
def test_derivatives_on_another_grid_are_refused(saved, name):
    moved = phantom().affine + np.array([[0, 0, 0, 1.0], *[[0] * 4] * 3])
    with pytest.raises(InputError, match="is not on the grid of its volume"):
        load(saved(affine=moved, **{name: labels()}))


def test_a_mask_of_ones_is_a_mask(saved):
    assert load(saved(dseg=labels(), desc__brain_mask=np.ones(SHAPE))).mask.all()


def test_an_empty_mask_is_refused(saved):
    with pytest.raises(InputError, match=r"sub-7_desc-brain_mask\.nii\.gz is empty"):
        load(saved(dseg=labels(), desc__brain_mask=np.zeros(SHAPE)))


def test_derivatives_of_another_shape_are_refused(saved):
    with pytest.raises(InputError, match="is not on the grid of its volume"):
        load(saved(dseg=labels()[1:]))


# Cubic voxels


def box_brain(affine, shape, first, last):
    """A volume that is linear in the world inside a box of brain, one half white and one half grey matter."""
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(first, last, strict=True))] = True
    volume = Volume(np.zeros(shape), affine)
    white = np.indices(shape)[0] < shape[0] // 2
    maps = TissueMaps(*(np.float32(m) for m in (0 * mask, mask & ~white, mask & white)))
    return Brain("box", volume.with_data(ramp(volume) * mask), maps, mask)


def ramp(volume):
    return world(volume) @ (0.01, -0.02, 0.015) + 20


def test_nearly_cubic_brain_is_cropped_to_8_voxels_around_it():
    brain = box_brain(OBLIQUE @ np.diag([1, 1, 0.16, 1]), (40, 30, 50), (10, 2, 20), (20, 25, 30))
    result = isotropic(brain)
    part = slice(2, 28), slice(0, 30), slice(12, 38)
    np.testing.assert_array_equal(result.volume.data, brain.volume.data[part])
    np.testing.assert_array_equal(result.mask, brain.mask[part])
    np.testing.assert_array_equal(result.maps.gm, brain.maps.gm[part])
    np.testing.assert_allclose(world(result.volume), world(brain.volume)[part], atol=1e-9)
    arrays = (result.volume.data, result.mask, result.maps.csf, result.maps.gm, result.maps.wm)
    assert not any(np.shares_memory(a, b) for a in arrays for b in (brain.mask, brain.maps.csf, brain.maps.gm))


@given(affines(), st.sampled_from((0, 1, 2)), st.floats(1.25, 3), st.floats(0.5, 2))
@settings(max_examples=20, deadline=None)
def test_cubic_keeps_what_lies_where_in_the_world(affine, axis, ratio, voxel):
    """Inside the brain the volume stays the same linear function of the world, on voxels of the smallest size."""
    spacing = np.full(3, voxel)
    spacing[axis] *= ratio
    affine = affine.copy()
    affine[:3, :3] *= spacing / np.linalg.norm(affine[:3, :3], axis=0)
    brain = box_brain(affine, (24, 24, 24), (6, 6, 6), (18, 18, 18))
    # beyond the mask as well, or the spline would ring at its border
    brain = Brain(brain.person, brain.volume.with_data(ramp(brain.volume)), brain.maps, brain.mask)
    result = isotropic(brain)
    assert result.volume.spacing == pytest.approx((voxel,) * 3)
    np.testing.assert_allclose(result.volume.data, ramp(result.volume) * result.mask, atol=1e-2)
    assert result.mask.shape == result.volume.shape == result.maps.wm.shape

    def litres(b):
        return b.mask.sum() * np.prod(b.volume.spacing)

    assert litres(result) == pytest.approx(litres(brain), rel=0.15)
    for tissue in ("gm", "wm"):
        before, after = getattr(brain.maps, tissue), getattr(result.maps, tissue)
        centre_before = np.average(world(brain.volume), axis=(0, 1, 2), weights=np.repeat(before[..., None], 3, -1))
        centre_after = np.average(world(result.volume), axis=(0, 1, 2), weights=np.repeat(after[..., None], 3, -1))
        np.testing.assert_allclose(centre_after, centre_before, atol=0.3 * voxel)


@pytest.mark.parametrize("thick", [2.1, 2.0, 1.4, 3.5])
def test_resampling_to_cubes_reaches_the_last_slice(thick):
    """31 slices of `thick` mm span 30 x thick, a whole number of 0.7 mm voxels."""
    brain = box_brain(np.diag([0.7, 0.7, thick, 1]), (30, 30, 31), (2, 2, 2), (28, 28, 29))
    assert isotropic(brain).volume.shape[2] == int(30 * thick / 0.7 + 1.0001)


# Training pairs


@pytest.fixture(scope="module")
def pairs(phantom_brain):
    return [along(phantom_brain, axis)[0] for axis in (2, 1, 0)]


def along(brain, axis, **options):
    return SimulatedPairs([brain], preset("in-distribution"), **({"seed": 5} | options), slice_axes=(axis,))


def called(brain, *names):
    """The same brain, as if it were several people's."""
    return [replace(brain, person=name, key=name) for name in names]


def test_a_pair_is_the_same_in_any_order_and_with_any_other_subjects(phantom_brain):
    """Added, removed or sorted otherwise: SNR, noise and slice axis of the others stay, to the last bit."""

    def made(*names):
        people = called(phantom_brain, *names)
        return dict(
            zip(names, SimulatedPairs(people, preset("in-distribution"), seed=5, slice_axes=(2, 1)), strict=True)
        )

    few = made("b", "c")
    for others in (made("a", "b", "c"), made("c", "b"), made("c"), made("b")):
        for name in set(few) & set(others):
            assert few[name].low.data.tobytes() == others[name].low.data.tobytes()
            assert few[name].high.tobytes() == others[name].high.tobytes()


def test_slices_lie_across_every_axis_that_is_named(phantom_brain):
    people = called(phantom_brain, *"abcdefgh")
    pairs = SimulatedPairs(people, preset("in-distribution"), seed=5, slice_axes=(2, 1), normalisation="brain-mean")
    assert {pair.high.shape for pair in pairs} == {SHAPE, (SHAPE[0], SHAPE[2], SHAPE[1])}


def test_subjects_and_seeds_differ_in_snr_and_noise(phantom_brain):
    same_axis = SimulatedPairs(called(phantom_brain, "a", "b"), preset("in-distribution"), seed=5)
    other_seed = SimulatedPairs([phantom_brain], preset("in-distribution"), seed=6)
    noises = {same_axis[0].low.noise, same_axis[1].low.noise, other_seed[0].low.noise}
    assert len(noises) == 3


def test_pairs_have_slices_last_and_shapes_that_divide_by_the_factor(pairs):
    """The phantom is 72 x 84 x 68, all multiples of 4."""
    i, j, k = SHAPE
    for pair, (*plane, slices) in zip(pairs, ((i, j, k), (i, k, j), (j, k, i)), strict=True):
        assert pair.low.data.shape == pair.low.mask.shape == (*plane, slices // 4)
        assert pair.high.shape == pair.low.high_mask.shape == (*plane, slices)
        assert pair.person == "phantom"
        assert pair.low.data.dtype == pair.high.dtype == np.float32


def test_both_sides_of_a_pair_have_mean_1_inside_the_brain(phantom_brain, pairs):
    for index, axis in enumerate((2, 1, 0)):
        pair, mask = pairs[index], np.moveaxis(phantom_brain.mask, axis, -1)
        seen = Acquisition(SliceProfile(3, 1), mask.shape[-1] // 4).forward(mask.astype(np.float32)) > 0.5
        np.testing.assert_array_equal(pair.low.mask, seen)
        assert pair.low.data[seen].mean(dtype=float) == pytest.approx(1, rel=1e-5)
        assert pair.high[mask].mean(dtype=float) == pytest.approx(1, rel=1e-5)


def test_noise_is_in_units_of_the_normalised_low_field_scan(pairs):
    for pair in pairs:
        air = pair.low.data[:6]
        assert air.std() == pytest.approx(pair.low.noise, rel=0.05)


def test_truth_is_the_high_field_volume_divided_by_its_mean(phantom_brain):
    pairs = [along(phantom_brain, axis, normalisation="brain-mean")[0] for axis in (2, 1, 0)]
    data = phantom_brain.volume.data
    np.testing.assert_allclose(pairs[0].high, data / data[phantom_brain.mask].mean(), rtol=1e-5)
    np.testing.assert_allclose(pairs[2].high, np.moveaxis(pairs[0].high, 0, -1), rtol=1e-5)


def test_truth_and_scan_lose_the_same_bias_field(phantom_brain, pairs):
    """N4 sees the scan alone; what it took from there is taken from the truth, so detail is not learned from bias."""
    for pair, axis in zip(pairs, (2, 1, 0), strict=True):
        data = np.moveaxis(phantom_brain.volume.data, axis, -1)
        inside = np.moveaxis(phantom_brain.mask, axis, -1)
        ratio = (data[inside] / (pair.high * pair.low.high_gain)[inside]).astype(float)
        assert ratio.std() < 1e-5 * ratio.mean()


def test_pairs_are_a_sequence_that_ends(phantom_brain):
    pairs = SimulatedPairs(called(phantom_brain, "a", "b", "c"), preset("in-distribution"), seed=5)
    assert len(pairs) == 3
    assert len(list(pairs)) == 3
    with pytest.raises(IndexError):
        pairs[3]


# Contrasts whose tissues cannot be told by their intensities


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("sub-7_T2w", "T2w"), ("sub-7_T2w", "T1w"), ("patient_t2", "T1w"), ("sub-7_PDw", "PDw"), ("sub-7_bold", "bold")],
)
def test_t2w_without_tissues_is_refused_and_never_taken_for_t1w(tmp_path, name, suffix):
    """A single file is a scan of the contrast that was asked for, whatever its name says: the name counts."""
    write(phantom(), tmp_path / f"{name}.nii.gz")
    write(phantom().with_data(labels() > 0), tmp_path / f"{name}_desc-brain_mask.nii.gz")
    write(
        phantom().with_data(labels() > 0),
        tmp_path / f"{name.removesuffix(f'_{suffix}')}_desc-brain_mask.nii.gz",
        overwrite=True,
    )
    with pytest.raises(InputError, match=r"tissues cannot be segmented from .* intensities.*: put tissue labels"):
        load(scan_of(tmp_path / f"{name}.nii.gz", suffix=suffix))


def test_t2w_with_tissues_is_loaded(tmp_path):
    write(phantom(), tmp_path / "sub-7_T2w.nii.gz")
    write(phantom().with_data(labels()), tmp_path / "sub-7_dseg.nii.gz")
    brain = load(scan_of(tmp_path / "sub-7_T2w.nii.gz", suffix="T2w"))
    assert (brain.maps.wm[labels() == 3] > 0.5).mean() > 0.99


@pytest.mark.parametrize(("name", "bright"), [("sub-7_FLAIR", "gm"), ("sub-7_UNIT1", "wm"), ("seven", "wm")])
def test_the_name_gives_the_bright_tissue(tmp_path, name, bright):
    write(phantom(), tmp_path / f"{name}.nii.gz")
    maps = load(scan_of(tmp_path / f"{name}.nii.gz")).maps
    assert (getattr(maps, bright)[labels() == 3] > 0.5).mean() > 0.99


@pytest.mark.parametrize(("values", "warned"), [((0, 30, 70, 100), False), ((0, 100, 70, 40), True)])
def test_t2w_without_a_suffix_triggers_a_warning(tmp_path, values, warned):
    """Bright fluid at the rim would be white matter."""
    volume = phantom().with_data(np.array(values, np.float32)[labels()])
    write(volume, tmp_path / "scan.nii.gz")
    told = []
    load(scan_of(tmp_path / "scan.nii.gz"), report=Reporter(told.append))
    found = [event.message for event in told if event.kind == "warning"]
    assert [("is this T1w?" in text) for text in found] == [True] * warned


# Who is who, where random numbers are drawn


def test_a_scan_is_known_by_its_person_and_content_wherever_it_lies(saved, tmp_path):
    scan = saved(dseg=labels())
    for path in scan.files:
        (tmp_path / "moved" / path.name).parent.mkdir(exist_ok=True)
        (tmp_path / "moved" / path.name).write_bytes(path.read_bytes())
    [moved] = find_scans(tmp_path / "moved")
    assert moved.key == scan.key
    assert load(moved).key == isotropic(load(moved)).key == scan.key
    write(phantom().with_data(labels() > 1), moved.labels, overwrite=True)
    assert moved.key != scan.key
    assert replace(scan, person="8").key != scan.key


def test_the_same_file_as_labels_or_as_mask_is_another_scan(saved):
    scan = saved(dseg=labels() > 0)
    assert replace(scan, labels=None, mask=scan.labels).content != scan.content


def test_voxels_beside_a_header_count(tmp_path):
    image = nibabel.Nifti1Pair(phantom().data, phantom().affine)
    nibabel.save(image, tmp_path / "sub-7_T1w.hdr")
    before = find_scans(tmp_path)[0].content
    nibabel.save(nibabel.Nifti1Pair(phantom().data + 1, phantom().affine), tmp_path / "sub-7_T1w.hdr")
    assert find_scans(tmp_path)[0].content != before


def test_words_are_the_same_on_every_machine():
    """Published seeds: written down once, they may never change."""
    assert words(300, "pair", "01 abc")[:2] == [2079469443, 998232752]
    assert words(1, "2") != words("1", 2) != words(12)
    assert words(np.int64(300), "pair", "01 abc")[:2] == [2079469443, 998232752]
