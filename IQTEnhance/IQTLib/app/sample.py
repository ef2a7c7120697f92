"""`python -m IQTLib.app.sample FILE` recreates the bundled sample scan, byte-identical with the same NumPy version.

It is the scan that `iqt demo` enhances: the ICBM 152 template with slices 4 mm apart, stored in 16 bits to save space
in the repository.
"""

import gzip
import sys
from pathlib import Path

import numpy as np

from ..image.volume import Volume
from ..io.files import whole_file
from ..physics.simulation import preset
from .demo import template_pair

NAME = "IQT-lowfield-template.nii.gz"
PRESET, SEED = "InD1", 0
BRIGHTEST = 1000  # of the template; the noise is then about ten units, so rounding is negligible


def sample() -> Volume:
    """The scan as integers."""
    pair = template_pair(preset(PRESET), SEED)
    return pair.low.with_data(np.rint(pair.low.data * (BRIGHTEST / pair.high.data.max())))


def write_sample(path: Path) -> None:
    """Write the scan as 16-bit NIfTI without name and time, so that the bytes are reproducible."""
    import nibabel

    scan = sample()
    image = nibabel.Nifti1Image(scan.data.astype(np.int16), scan.affine)
    image.set_sform(scan.affine, code="mni")
    image.set_qform(scan.affine, code="mni")
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = f"ICBM 152 2009a, simulated low field, {PRESET}, seed {SEED}"
    with whole_file(path) as part, part.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as stream:
        image.to_stream(stream)


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]))
