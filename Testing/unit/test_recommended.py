"""The recommended model: what it takes a scan for, and what it makes of it."""

import numpy as np
import pytest
from IQTLib.data.subjects import isotropic, load_brain, scan_of
from IQTLib.evaluation.anyscan import KINDS, scan
from IQTLib.events import Reporter
from IQTLib.image.anatomy import _average as average_tissues
from IQTLib.image.brain import find_brain
from IQTLib.image.examined import high_field_contrast
from IQTLib.image.modality import named
from IQTLib.image.t1w import LIKELY, t1w_probability
from IQTLib.image.volume import Volume, read, write
from IQTLib.methods.any_scan import AnyScanMethod
from IQTLib.methods.base import Run
from IQTLib.models.store import DEFAULT_MODEL, load
from IQTLib.pipeline import enhance
from scipy import ndimage


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("sub-1_T1w", "T1w"), ("t1_mprage_sag_p2", "T1w"), ("SAG T1 SE", "T1w"), ("3D BRAVO", "T1w"), ("UNIT1", "T1w"),
        ("sub-1_acq-5mm_T2w", "T2w"), ("t2_tse_tra", "T2w"), ("Ax T2 FLAIR", "FLAIR"), ("t2_space_dark-fluid", "FLAIR"),
        ("T2*_GRE", "T2starw"), ("sub-1_T2starw", "T2starw"), ("Ax PD", "PDw"),
        ("scan", ""), ("ep2d_diff", ""), ("sub-ut1", ""), ("", ""),
    ],
)  # fmt: skip
def test_names_and_series_descriptions_state_a_modality(text, modality):
    assert named(text) == modality


def test_a_file_remembers_what_its_name_states(tmp_path):
    volume = Volume(np.arange(27, dtype=np.float32).reshape(3, 3, 3), np.eye(4))
    assert read(write(volume, tmp_path / "sub-1_FLAIR.nii.gz")).modality == "FLAIR"
    assert read(write(volume, tmp_path / "scan.nii.gz")).modality == ""


def brain(levels: tuple[float, float, float], spacing=(2.0, 2.0, 2.0), coil=0.0) -> tuple[Volume, np.ndarray]:
    """The average brain with `levels` of fluid, grey and white matter, brightest at its surface in a `coil`'s field."""
    maps = np.stack([ndimage.zoom(tissue, 6 / np.array(spacing), order=1) for tissue in average_tissues()])
    mask = maps.sum(axis=0) > 0.5
    data = np.tensordot(levels, maps, axes=1) * mask
    inner = ndimage.distance_transform_edt(mask, sampling=spacing)
    data *= 1 + coil * (1 - inner / inner.max())
    noise = np.random.default_rng(0).standard_normal(mask.shape)
    return Volume((data + 2 * noise).astype(np.float32), np.diag([*spacing, 1.0])), mask


@pytest.mark.parametrize("coil", [0.0, 0.5])
def test_bright_tissue_lies_deepest_in_t1w_only(coil):
    """Not in T2w or FLAIR, and a coil that makes the surface brightest hides nothing."""
    for levels, like in (((30, 70, 100), True), ((30, 80, 100), True), ((100, 70, 50), False), ((20, 100, 70), False)):
        volume, mask = brain(levels, coil=coil)
        assert (t1w_probability(volume.data, mask, volume.spacing) >= LIKELY) == like, levels


def test_real_scans_are_told_apart_without_a_name(shared_data):
    for person, contrasts in (
        ("ms07", {"T1w": True, "T2w": False, "FLAIR": False}),
        ("aera", {"T1w": True, "FLAIR": False, "T2starw": False}),
        ("lowfield64mT", {"T1w": True, "T2w": False, "FLAIR": False}),
        ("flair3d", {"FLAIR": False}),
    ):
        for contrast, like in contrasts.items():
            [path] = (shared_data / f"sub-{person}" / "anat").glob(f"*_{contrast}.nii.gz")
            volume = read(path)
            probability = t1w_probability(volume.data, find_brain(volume).mask, volume.spacing)
            assert (probability >= LIKELY) == like, (path.name, probability)


def test_simulated_scans_in_another_contrast_are_not_taken_for_t1w(shared_data):
    """FLAIR and T2w of a subject that the rule did not learn from; the rule before it took the FLAIR for T1w."""
    found = scan_of(shared_data / "sub-niimath" / "anat" / "sub-niimath_T1w.nii.gz")
    whole = isotropic(load_brain(found, rng=np.random.default_rng(0)))
    for fluid, white in ((0.1, 0.8), (0.2, 0.9), (0.3, 0.95), (1.8, 0.75)):
        made = whole.volume.with_data(100 * (fluid * whole.maps.csf + whole.maps.gm + white * whole.maps.wm))
        for kind in ("ultra-low", "cubic-voxels", "noisy"):
            low = scan(made, None, whole.mask, KINDS[kind], slice_axis=2, rng=np.random.default_rng(3))
            assert t1w_probability(low.volume.data, low.mask, low.volume.spacing) < LIKELY, (fluid, white, kind)


@pytest.mark.parametrize("noise", [0.0, 0.02, 0.05])
def test_a_brain_in_which_nothing_can_be_seen_is_not_taken_for_t1w(noise):
    volume, mask = brain((100, 100, 100))
    data = 100 * mask * (1 + noise * np.random.default_rng(0).standard_normal(mask.shape))
    assert t1w_probability(data.astype(np.float32), mask, volume.spacing) < LIKELY


def test_a_flair_scan_is_not_taken_for_t1w_by_a_mask_that_is_too_wide(shared_data):
    folder = shared_data / "sub-flair3d" / "anat"
    volume = read(folder / "sub-flair3d_FLAIR.nii.gz")
    mask = read(folder / "sub-flair3d_desc-brain_mask.nii.gz").data > 0
    distance = ndimage.distance_transform_edt(~mask) - ndimage.distance_transform_edt(mask)
    for outwards in (-3, 0, 3, 5, 7, 300):
        assert t1w_probability(volume.data, distance <= outwards, volume.spacing) < LIKELY, outwards


def test_name_and_voxels_must_agree_unless_the_user_says_so():
    for levels, stated, given, expected in (
        ((30, 70, 100), "", None, True),
        ((30, 70, 100), "T1w", None, True),
        ((30, 70, 100), "T2w", None, False),
        ((100, 70, 50), "T1w", None, False),
        ((100, 70, 50), "", None, False),
        ((100, 70, 50), "", "T1w", True),
        ((30, 70, 100), "T1w", "FLAIR", False),
    ):
        volume, mask = brain(levels)
        volume = Volume(volume.data, volume.affine, modality=stated)
        transfer, told = high_field_contrast(volume, mask, given)
        assert transfer == expected, (levels, stated, given)
        assert told


@pytest.mark.parametrize(
    ("levels", "contrast"), [((30, 70, 100), "the contrast of high field"), ((100, 70, 50), "keeps")]
)
def test_nothing_to_choose(levels, contrast):
    volume, mask = brain(levels, (3.0, 3.0, 6.0))
    told = []
    result = enhance(volume, mask=mask, run=Run(report=Reporter(told.append)))
    assert isinstance(load(DEFAULT_MODEL).method, AnyScanMethod)
    assert any(contrast in event.message for event in told)
    assert result.volume.spacing == pytest.approx((1, 1, 1))
    assert np.isfinite(result.volume.data).all()
