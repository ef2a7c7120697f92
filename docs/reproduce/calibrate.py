"""Pairs of simulated scans and truths for `iqt calibrate`: the five kinds, in high-field and in their own contrast.

    python docs/reproduce/calibrate.py SCANS SUBJECTS FOLDER     SUBJECTS as trio26y:k,head12:k with their slice axes
    iqt calibrate FOLDER/pairs.tsv MODEL

SCANS is a BIDS folder with brain masks (`desc-brain_mask`) and tissue labels (`dseg`). The seed is fixed.
"""

import sys
from pathlib import Path

import numpy as np
from any_scan import simulated
from IQTLib.image.volume import Volume, write

SEED = 16
COLUMNS = ("participant_id", "scan", "truth", "mask", "modality")


def pairs_of(source: Path, person: str, slice_axis: int, folder: Path) -> list[str]:
    """Write the pairs of a subject; returns their rows of the table."""
    rows = []
    for kind, low, brain in simulated(source, person, slice_axis, seed=SEED):
        name = f"sub-{person}_{kind}"
        truths = {"T1w": brain.volume, "T2w": low.sharp}  # a scan said to be T2w keeps its contrast
        write(low.volume, folder / f"{name}.nii.gz")
        write(Volume(low.mask.astype(np.float32), low.volume.affine), folder / f"{name}_mask.nii.gz")
        for modality, truth in truths.items():
            write(truth, folder / f"{name}_{modality}.nii.gz")
            rows.append(
                "\t".join(
                    [f"sub-{person}", f"{name}.nii.gz", f"{name}_{modality}.nii.gz", f"{name}_mask.nii.gz", modality]
                )
            )
    return rows


if __name__ == "__main__":
    target = Path(sys.argv[3])
    target.mkdir(parents=True)
    table = ["\t".join(COLUMNS)]
    for entry in sys.argv[2].split(","):
        label, _, axis = entry.partition(":")
        table += pairs_of(Path(sys.argv[1]), label, "ijk".index(axis or "k"), target)
        (target / "pairs.tsv").write_text("\n".join(table) + "\n", encoding="utf-8")
