"""Seeded test pairs of held-out subjects, reproducible on every machine from seed, set and subject."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import nibabel as nib
import numpy as np

from ..data.subjects import Brain
from ..image.grid import sub_affine
from ..image.tissue import TissueMaps
from ..image.volume import Volume
from ..physics.acquisition import Acquisition, SliceProfile
from ..physics.simulation import LowFieldPair, Noise, preset, simulate


@dataclass(frozen=True, eq=False)
class HeldOutPair:
    """A simulated scan of a held-out subject with its truth and brain masks."""

    person: str
    test_set: str
    pair: LowFieldPair
    high_mask: np.ndarray
    low_mask: np.ndarray


def draw_snr(test_set: str, rng: np.random.Generator) -> tuple[float, float]:
    """(SNR_WM, SNR_GM) of a pair of `test_set`, its first random draw."""
    wm, gm = preset(test_set).draw(1, rng)[0]
    return float(wm), float(gm)


def make_pair(
    brain: Brain,
    test_set: str,
    *,
    seed: Sequence[int],
    slice_axis: int,
    profile: SliceProfile = SliceProfile(3, 1),  # noqa: B008 - frozen
    noise: Noise = "gaussian",
) -> HeldOutPair:
    """The pair of a subject in a test set; `seed` (such as plan seed, set index, subject index) determines it."""
    rng = np.random.default_rng(seed)
    snr = draw_snr(test_set, rng)
    pair = simulate(
        brain.volume,
        brain.maps,
        snr=snr,
        rng=rng,
        profile=profile,
        slice_axis=slice_axis,
        fixed=preset(test_set).fixed,
        noise=noise,
    )
    high_mask = brain.mask[tuple(slice(n) for n in pair.high.shape)]
    slices = np.moveaxis(high_mask, slice_axis, -1)
    low_mask = Acquisition(profile, pair.low.shape[slice_axis]).mask(slices)
    return HeldOutPair(brain.person, test_set, pair, high_mask, np.moveaxis(low_mask, -1, slice_axis))


def shown_plane(affine: np.ndarray, slice_axis: int) -> int:
    """World axis perpendicular to the figures, which must show thick slices; coronal as in the paper if possible."""
    world = int(nib.io_orientation(affine)[slice_axis, 0])
    return 1 if world != 1 else 2


def middle(test: HeldOutPair, slice_axis: int, part: float) -> HeldOutPair:
    """The middle `part` of the brain, cropped in plane, so that slices and the plane of the figures stay complete."""
    pair, affine = test.pair, test.pair.high.affine
    axis = nib.io_orientation(affine)[:, 0].astype(int).tolist().index(shown_plane(affine, slice_axis))
    where = np.flatnonzero(test.high_mask.any(axis=tuple({0, 1, 2} - {axis})))
    centre, half = np.argwhere(test.high_mask)[:, axis].mean(), part * (where[-1] - where[0] + 1) / 2
    kept = slice(max(round(centre - half), 0), round(centre + half))
    cut = tuple(kept if number == axis else slice(None) for number in range(3))

    def cropped(volume: Volume) -> Volume:
        start = [kept.start if number == axis else 0 for number in range(3)]
        return Volume(np.ascontiguousarray(volume.data[cut]), sub_affine(volume.affine, np.array(start), np.ones(3)))

    maps = TissueMaps(pair.maps.csf[cut], pair.maps.gm[cut], pair.maps.wm[cut])
    pair = replace(pair, low=cropped(pair.low), high=cropped(pair.high), contrast=pair.contrast[cut], maps=maps)
    return replace(test, pair=pair, high_mask=test.high_mask[cut], low_mask=test.low_mask[cut])
