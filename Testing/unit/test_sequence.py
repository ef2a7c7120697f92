"""The contrast by the timing of the sequence, where name and description say nothing."""

import json

import numpy as np
import pytest
from IQTLib.image.modality import stated
from IQTLib.image.volume import Volume, read, write
from IQTLib.io.sequence import of_sidecar, weighting, weighting_of
from test_volume import dicom_series


@pytest.mark.parametrize(
    ("kinds", "repetition", "echo", "inversion", "modality"),
    [
        # 64 mT, as a portable scanner's protocol has them; then 1.5 and 3 T
        (("SE",), 2000, 210, 0, "T2w"), (("SE", "IR"), 4000, 173, 1400, "FLAIR"),
        (("SE",), 4500, 100, 0, "T2w"), (("SE",), 2800, 12, 0, "PDw"), (("SE", "IR"), 9000, 90, 2500, "FLAIR"),
        (("SE", "IR"), 5000, 389, 1800, "FLAIR"), (("GR",), 650, 20, 0, "T2starw"),
        # T1w is never told by timing: of MPRAGE at 64 mT and 3 T, T1 FLAIR, spin echoes
        (("GR", "IR"), 1500, 6, 300, ""), (("GR", "IR"), 2300, 2.3, 900, ""), (("SE", "IR"), 2000, 12, 860, ""),
        (("SE",), 550, 9, 0, ""), (("SE",), 800, 20, 0, ""),
        # open: STIR, angiography, diffusion, function, an inversion of unknown time, nothing known, other units
        (("SE", "IR"), 4000, 60, 160, ""), (("GR",), 22, 4, 0, ""), (("SE", "EP"), 6000, 90, 0, ""),
        (("GR", "EP"), 2000, 30, 0, ""), (("SE", "IR"), 9000, 90, 0, ""), ((), 0, 0, 0, ""), (("SE",), 0, 90, 0, ""),
        (("SE",), 500_000, 15_000, 0, ""),
    ],
)  # fmt: skip
def test_timing_weights(kinds, repetition, echo, inversion, modality):
    assert weighting(kinds, repetition, echo, inversion) == modality


def test_names_come_before_timing():
    assert stated("scan", "Ax T2 FLAIR", weighting="T2w") == "FLAIR"
    assert stated("scan", "", weighting="T2w") == "T2w"
    assert stated("scan") == ""


def test_dicom_tells_its_timing_where_its_description_does_not(tmp_path):
    """What the protocol of the whole examination is called counts for nothing."""
    timing = {"ScanningSequence": ["SE", "IR"], "RepetitionTime": 9000, "EchoTime": 120, "InversionTime": 2500}
    for folder, more, modality in (
        ("timed", {"ProtocolName": "BRAIN T1 PRE/POST"}, "FLAIR"),
        ("described", {"SeriesDescription": "AX T2"}, "T2w"),
        ("silent", {"InversionTime": None, "EchoTime": None, "ProtocolName": "t1_se_tra"}, ""),
    ):
        dicom_series(tmp_path / folder, **{"SeriesDescription": "AX"} | timing | more)
        assert read(tmp_path / folder).modality == modality, folder


@pytest.mark.parametrize(
    ("told", "modality"),
    [
        ({"ScanningSequence": "SE\\IR", "RepetitionTime": 9.0, "EchoTime": 0.12, "InversionTime": 2.5}, "FLAIR"),
        ({"ScanningSequence": ["GR", "IR"], "RepetitionTime": 2.3, "EchoTime": 0.0023, "InversionTime": 0.9}, ""),
        ({"ScanningSequence": "['SE', 'EP']", "RepetitionTime": 6, "EchoTime": 0.09}, ""),
        ({"ScanningSequence": "se", "RepetitionTime": 4, "EchoTime": 0.1}, "T2w"),
        ({"ScanningSequence": "SE", "RepetitionTime": 500, "EchoTime": 15}, ""),  # milliseconds
        ({"ScanningSequence": "SE", "RepetitionTime": 10**400, "EchoTime": 0.1}, ""),
        ({"ScanningSequence": ["SE"], "RepetitionTime": float("nan"), "EchoTime": 0.1}, ""),
        ({"SeriesDescription": "SAG T1 MPRAGE", "ProtocolName": "BRAIN_MS_T1_FLAIR"}, "T1w"),
        ({"SeriesDescription": "Ax T2 FLAIR", "ScanningSequence": "SE", "RepetitionTime": 4, "EchoTime": 0.1}, "FLAIR"),
        ({"EchoTime": [0.1, 0.2], "ScanningSequence": 3}, ""),
        (["no mapping"], ""),
        (None, ""),
    ],
)
def test_the_json_file_beside_a_volume_tells(tmp_path, told, modality):
    volume = Volume(np.arange(27, dtype=np.float32).reshape(3, 3, 3), np.eye(4))
    path = write(volume, tmp_path / "scan.nii.gz")
    if told is not None:
        (tmp_path / "scan.json").write_text(json.dumps(told))
    assert read(path).modality == modality


def test_a_damaged_element_says_nothing():
    def header(name: str):
        raise ValueError("could not convert string to float")

    assert weighting_of(header) == ""


def test_a_damaged_json_file_says_nothing(tmp_path):
    (tmp_path / "scan.json").write_text("{")
    assert of_sidecar(tmp_path / "scan.json") == ("", "")
