"""`iqt support`: a map of what in an enhanced volume the scan does not support (`physics.support`)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..evaluation.comparison import onto
from ..events import SILENT, Reporter
from ..image.brain import find_brain
from ..image.examined import Examined
from ..image.noise_estimate import measure_noise
from ..image.volume import Volume, check_target, not_measured, read, read_mask, write
from ..io.files import refuse_sources
from ..io.formats import stem, suffix
from ..physics.support import Support, support
from ..sentences import Sentence


def support_of(
    enhanced: Volume, scan: Volume, mask: np.ndarray | None = None, *, resolution: Sequence[float] | None = None
) -> Support:
    """The map on the grid of `scan`; the comparison is made on the grid that the scanner sampled.

    Args:
        mask: the brain on the scan's grid; None finds it. resolution: of the scan along i, j, k, mm; None measures it.

    Raises:
        InputError: no brain, or volumes that are rotated relative to each other.
    """
    inside = find_brain(scan).mask if mask is None else mask
    own = Examined.of(scan, inside, resolution)
    noise = measure_noise(own.volume, own.mask)
    found = support(enhanced, own.volume, own.mask, noise=noise, width=own.width)
    if own.volume is scan:
        return found
    there, covered = onto(found.volume, scan)
    return Support(scan.with_data(np.where(inside & covered, there, 0).astype(np.float32)), found.unsupported)


def beside(target: Path) -> Path:
    """The file of the map beside the enhanced volume `target`."""
    return target.with_name(f"{stem(target)}_support{suffix(target)}")


def write_support(
    scan: Path,
    enhanced: Path,
    target: Path,
    *,
    mask: Path | None = None,
    overwrite: bool = False,
    report: Reporter = SILENT,
) -> None:
    """Write the map for an enhanced volume and its scan; the result tells the share of unsupported voxels."""
    refuse_sources([check_target(target, overwrite=overwrite)], [scan, enhanced, *([mask] if mask else [])])
    volume = read(scan)
    result = read(enhanced)
    for told in not_measured(volume, result):
        report.warn(told)
    found = support_of(result, volume, None if mask is None else read_mask(mask, volume))
    report.check()
    write(replace(found.volume, remark=volume.remark or result.remark), target, overwrite=overwrite)
    words = "{target}: {share:.1%} of the brain's voxels are not supported by the scan"
    told = Sentence(words, target=target, share=found.unsupported)
    report.result(told, output=str(target), affine=found.volume.affine, unsupported=found.unsupported)
