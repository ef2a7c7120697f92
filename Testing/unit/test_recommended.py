"""The recommended model: what it takes a scan for, and what it makes of it."""

from dataclasses import replace

import numpy as np
import pytest
from IQTLib.events import Reporter
from IQTLib.image.examined import high_field_contrast
from IQTLib.image.modality import Tissues, named, tissue_depths
from IQTLib.image.volume import Volume, read, write
from IQTLib.methods.any_scan import AnyScanMethod
from IQTLib.methods.base import Run
from IQTLib.models.store import DEFAULT_MODEL, load
from IQTLib.pipeline import enhance


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


def brain(levels: tuple[float, float, float], spacing=(2.0, 2.0, 2.0)) -> tuple[Volume, np.ndarray]:
    """A ball of `levels` from its surface inwards: fluid, grey matter, white matter."""
    shape = np.round(np.array([150, 150, 140]) / spacing).astype(int)
    grids = [np.arange(n) * s - (n - 1) * s / 2 for n, s in zip(shape, spacing, strict=True)]
    radius = np.sqrt(sum(g**2 for g in np.meshgrid(*grids, indexing="ij")))
    data = np.select([radius < 45, radius < 60, radius < 66], [levels[2], levels[1], levels[0]], 0.0)
    noise = np.random.default_rng(0).standard_normal(shape)
    affine = np.diag([*spacing, 1.0])
    return Volume((data + 2 * noise).astype(np.float32), affine), radius < 66


def test_bright_tissue_lies_deepest_in_t1w_only():
    for levels, like in (((30, 70, 100), True), ((100, 70, 50), False), ((20, 100, 70), False)):
        volume, mask = brain(levels)
        assert tissue_depths(volume.data, mask, volume.spacing).like_t1w == like, levels


def test_a_coil_that_makes_the_surface_brightest_does_not_hide_t1w():
    """Coil fields of 25 % hid it in five of fifteen simulated scans of people whom no threshold was set on."""
    volume, mask = brain((30, 82, 100))
    centre = (np.array(volume.shape)[:, None, None, None] - 1) / 2
    radius = np.linalg.norm((np.indices(volume.shape) - centre) * 2.0, axis=0)
    tissues = tissue_depths(volume.data * (1 + 0.8 * radius / 66), mask, volume.spacing)
    dark, middle, bright = tissues.depths
    assert bright < 1.1 * max(dark, middle)  # depth alone would not tell
    assert tissues.like_t1w


def test_a_name_counts_where_noise_leaves_doubt():
    doubtful = Tissues((0.4, 0.7, 1.0), (9.0, 14.3, 15.0), rise=0.3)
    assert not doubtful.like_t1w
    assert doubtful.may_be_t1w
    assert not replace(doubtful, rise=0.1).may_be_t1w  # T2w
    assert not replace(doubtful, depths=(9.0, 15.0, 14.3)).may_be_t1w  # FLAIR


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
