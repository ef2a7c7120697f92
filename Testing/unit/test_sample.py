"""The bundled sample scan is what the library makes of the template, and is fit for a tutorial."""

import gzip
from pathlib import Path

import nibabel
import numpy as np
import pytest
from IQTLib.app import sample
from IQTLib.image.volume import read

FOLDER = Path(__file__).parents[2] / "IQTEnhance" / "Resources" / "SampleData"
BUNDLED = FOLDER / sample.NAME
HEADER = 352  # bytes of a NIfTI-1 file before its voxels


def test_sample_is_made_again_from_the_template(tmp_path):
    """With the numpy that made it to the byte; another one may round a voxel in ten thousand to its neighbour."""
    pytest.importorskip("nilearn")
    sample.write_sample(tmp_path / sample.NAME)
    old, new = (gzip.decompress(path.read_bytes()) for path in (BUNDLED, tmp_path / sample.NAME))
    assert new[:HEADER] == old[:HEADER]
    differences = np.frombuffer(new[HEADER:], "<i2").astype(int) - np.frombuffer(old[HEADER:], "<i2")
    assert np.abs(differences).max() <= 1
    assert np.count_nonzero(differences) < 1e-4 * differences.size


def test_sample_is_a_head_in_thick_slices_and_small_to_download():
    assert BUNDLED.stat().st_size < 2.5e6
    assert nibabel.load(BUNDLED).get_data_dtype() == np.int16
    scan = read(BUNDLED)
    assert scan.spacing == pytest.approx((1, 1, 4))
    assert all(150 < n * d < 240 for n, d in zip(scan.shape, scan.spacing, strict=True))
    brain = np.count_nonzero(scan.data > 200) * 4e-6
    assert 1.2 < brain < 2.0  # litres of the template's 1.9, without its fluid
    corner = scan.data[:20, :20, :5]
    assert (corner.mean(), corner.std()) == pytest.approx((0, 12.3), abs=1)  # noise alone, 650 / 52.9


def test_notice_of_the_templates_makers_lies_beside_it():
    text = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").replace("> ", "").split())
    assert "Copyright (C) 1993-2009 Louis Collins, McConnell Brain Imaging Centre" in text
    assert "provided that the above copyright notice appear in all copies" in text
