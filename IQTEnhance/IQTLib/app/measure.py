"""`iqt evaluate` and `iqt info`: score a volume against the truth, and describe a volume."""

from pathlib import Path

import numpy as np

from ..errors import InputError, IQTError, reason
from ..events import SILENT, Reporter
from ..image import grid
from ..image.brain import FoundBrain, doubted, doubts, find_brain
from ..image.examined import Examined
from ..image.gauge import Gauge, gauge_of
from ..image.metrics import Scores, evaluate
from ..image.noise_estimate import measure_noise, measure_snr
from ..image.tissue import segment
from ..image.volume import Volume, not_measured, read, read_mask
from ..models.motion import motion
from ..sentences import Sentence


def compare_files(
    truth: Path, estimate: Path, *, mask: Path | None = None, match_gain: bool = False, report: Reporter = SILENT
) -> Scores:
    """Scores of one file against another on the same grid; `match_gain` first scales it to the truth's mean."""
    true, guess = read(truth), read(estimate)
    for caveat in not_measured(true, guess):
        report.warn(caveat)
    if true.shape != guess.shape or not np.allclose(true.affine, guess.affine, atol=1e-2):
        raise InputError(
            "{estimate} {shape} is not on the grid of {truth} {shape2}: resample one of them first",
            estimate=estimate,
            shape=guess.shape,
            truth=truth,
            shape2=true.shape,
        )
    inside = true.data != 0 if mask is None else read_mask(mask, true)
    data = guess.data
    if match_gain:
        level = data[inside].mean()
        if not level > 0:
            told = "{estimate} has mean {level:.4g} in the mask: --match-gain needs a positive mean"
            raise InputError(told, estimate=estimate, level=level, code="match-gain")
        data = data * (true.data[inside].mean() / level)
    return evaluate(true.data, data, inside)


def check_scan(path: Path, *, series: str | None = None, mask: Path | None = None, report: Reporter = SILENT) -> Gauge:
    """Whether models know such scans (see `image.gauge`); a scan without a brain is outside.

    Raises:
        InputError: an unusable volume or mask. CancelledError.
    """
    volume = read(path, series=series)
    try:
        if mask is None:
            brain = find_brain(volume, report=report)
        else:
            inside = read_mask(mask, volume)
            brain = FoundBrain(inside, doubts(volume, inside))
    except InputError as error:
        if error.code != "no-brain":
            raise
        judged = Gauge("outside", float("inf"), (Sentence("{error}", "no-brain", error=reason(error)),))
    else:
        report.check()
        for doubt in doubted(brain, volume).doubts:
            report.warn(doubt)
        _, judged = gauge_of(Examined.of(volume, brain.mask), motion)
    report.result(str(judged), input=str(path), gauge=judged.as_dict())
    return judged


def describe(path: Path, *, series: str | None = None, tissue: bool = False) -> dict[str, str]:
    """Facts about a volume as text, by name."""
    volume = read(path, series=series)
    axis = grid.slice_axis(volume)
    thick = "already isotropic" if grid.is_isotropic(volume, axis) else f"{volume.spacing[axis]:.3f} mm apart"
    facts = {
        "size": " x ".join(map(str, volume.shape)),
        "voxels": " x ".join(f"{s:.3f}" for s in volume.spacing) + " mm",
        "orientation": volume.axis_codes,
        "slices": f"along {'ijk'[axis]}, {thick}",
        "intensity": f"{volume.data.min():.4g} to {volume.data.max():.4g}, mean {volume.data.mean():.4g}",
    }
    if volume.caveats:
        facts["mind"] = "; ".join(volume.caveats)
    return facts | _tissue_facts(volume, path) if tissue else facts


def _tissue_facts(volume: Volume, path: Path) -> dict[str, str]:
    from ..data.subjects import contrast_of

    brain = doubted(find_brain(volume), volume)
    mask = brain.mask
    litres = mask.sum() * np.prod(volume.spacing) * 1e-6
    noise = measure_noise(volume, mask)
    facts = {"brain": "; ".join((f"{litres:.2f} L", *brain.doubts)), "noise": str(noise)}
    scan = Examined.of(volume, mask)
    facts["gauge"] = str(gauge_of(scan, motion)[1])
    facts["resolution"] = "; ".join((f"{' x '.join(f'{w:.1f}' for w in scan.width)} mm", *scan.log))
    if noise.sigma is None:
        return facts | {"SNR": "unknown, because the noise is unknown"}
    try:
        maps = segment(volume, mask, rng=np.random.default_rng(0), contrast=contrast_of(path))
        snr = measure_snr(volume, maps, mask, sigma=noise.sigma)
    except IQTError as error:
        return facts | {"SNR": f"unknown: {error}"}
    return facts | {"SNR": f"white matter {snr.wm:.1f}, grey matter {snr.gm:.1f} (ratio {snr.ratio:.2f})"}
