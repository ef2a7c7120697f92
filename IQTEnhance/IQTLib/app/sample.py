"""`python -m IQTLib.app.sample FILE` makes the bundled sample scan again, byte for byte with the same numpy.

It is the scan that `iqt demo` enhances: the ICBM 152 template in slices 4 mm apart. As 16-bit numbers, for it is part
of the repository.
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
BRIGHTEST = 1000  # of the template; noise then is of some ten units, so rounding to whole ones does not matter


def sample() -> Volume:
    """The scan in whole numbers."""
    pair = template_pair(preset(PRESET), SEED)
    return pair.low.with_data(np.rint(pair.low.data * (BRIGHTEST / pair.high.data.max())))


def write_sample(path: Path) -> None:
    """Write the scan as 16-bit NIfTI: no name, no time, hence the same bytes every time."""
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
