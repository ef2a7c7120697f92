"""The recommended model: what it takes a scan for, and what it makes of it."""

import numpy as np
import pytest
from IQTLib.data.subjects import isotropic, load_brain, scan_of
from IQTLib.evaluation.anyscan import KINDS, scan
from IQTLib.events import Reporter
from IQTLib.image.brain import find_brain
from IQTLib.image.examined import high_field_contrast
from IQTLib.image.modality import named
from IQTLib.image.t1w import LIKELY, POSSIBLE, t1w_probability
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


def brain(levels: tuple[float, float, float], spacing=(2.0, 2.0, 2.0), coil=0.0) -> tuple[Volume, np.ndarray]:
    """A ball of `levels` from its folded surface inwards: fluid, grey and white matter, in a surface coil's field."""
    shape = np.round(np.array([150, 150, 140]) / spacing).astype(int)
    x, y, z = np.meshgrid(
        *(np.arange(n) * s - (n - 1) * s / 2 for n, s in zip(shape, spacing, strict=True)), indexing="ij"
    )
    radius = np.sqrt(x**2 + y**2 + z**2)
    depth = 66 - radius + 4 * np.sin(x / 4) * np.sin(y / 4) * np.sin(z / 4)
    data = np.select([depth > 7, depth > 2.5], [levels[2], levels[1]], levels[0]) * (1 + coil * radius / 66)
    noise = np.random.default_rng(0).standard_normal(shape)
    affine = np.diag([*spacing, 1.0])
    return Volume((np.where(radius < 66, data, 0) + 2 * noise).astype(np.float32), affine), radius < 66


@pytest.mark.parametrize(("coil", "least"), [(0.0, LIKELY), (0.5, POSSIBLE)])
def test_bright_tissue_lies_deepest_in_t1w_only(coil, least):
    """Not in T2w or FLAIR, even where cortex is hardly brighter. A coil that makes the surface brightest leaves the
    name of a T1w scan believed."""
    for levels, like in (((30, 70, 100), True), ((100, 70, 50), False), ((20, 100, 70), False), ((20, 100, 95), False)):
        volume, mask = brain(levels, coil=coil)
        probability = t1w_probability(volume.data, mask, volume.spacing)
        assert probability > least if like else probability < POSSIBLE, levels


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


@pytest.mark.parametrize(("fluid", "white"), [(0.2, 0.9), (1.8, 0.75)])
def test_simulated_scans_in_another_contrast_are_not_taken_for_t1w(shared_data, fluid, white):
    """FLAIR and T2w, as thick slices of low field: the rule before this one took nine of ten such FLAIR for T1w."""
    found = scan_of(shared_data / "sub-head05" / "anat" / "sub-head05_T1w.nii.gz")
    whole = isotropic(load_brain(found, rng=np.random.default_rng(0)))
    made = whole.volume.with_data(100 * (fluid * whole.maps.csf + whole.maps.gm + white * whole.maps.wm))
    for kind in ("ultra-low", "noisy"):
        low = scan(made, None, whole.mask, KINDS[kind], slice_axis=2, rng=np.random.default_rng(3))
        assert t1w_probability(low.volume.data, low.mask, low.volume.spacing) < LIKELY, kind


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
