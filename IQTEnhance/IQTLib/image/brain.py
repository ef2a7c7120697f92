"""Brain extraction, with a plausibility check of the mask.

deepbet was trained on upright heads. If the header flips the head, deepbet labels face and neck as brain (2.4 instead
of 1.5 litres), and it finds a "brain" even in pure noise. Each mask is therefore compared with the shape of an average
brain and with its surroundings.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
from scipy import ndimage

from ..device import Fallback
from ..errors import InputError
from ..events import SILENT, Reporter
from ..sentences import Sentence
from .brain_shape import FLIPS, Fit, Flips, fit_of
from .volume import Volume

LEAST_RANGE = 0.2  # of intensities in a brain (5th to 95th percentile) relative to their median: 0.4 and more in MRI
BRAIN_LITRES = (0.3, 2.5)  # newborn to large adult; a head with scalp is larger
STRIPPED_LITRES = (0.3, 2.2)
LARGE_BRAIN = 1.7  # litres of a stripped volume from which it may be a head
COVERED = 0.8  # share of a stripped brain that deepbet finds: 0.88 to 1 in ten of them, 0.69 in a head
SURROUNDINGS = 10.0  # mm
STAGE = Sentence("finding the brain", "brain")
LEAST_CONTRAST = 0.2


@dataclass(frozen=True, eq=False)
class FoundBrain:
    """A brain mask, boolean (i, j, k), and warnings about it."""

    mask: np.ndarray
    doubts: tuple[str, ...] = ()


def brain_mask(volume: Volume, *, device: str = "cpu", report: Reporter = SILENT) -> np.ndarray:
    """The mask of `find_brain`, whose doubts go to `report` as warnings."""
    found = find_brain(volume, device=device, report=report)
    for doubt in found.doubts:
        report.warn(doubt)
    return found.mask


def find_brain(volume: Volume, *, device: str = "cpu", report: Reporter = SILENT) -> FoundBrain:
    """Find the brain in a head scan or in a skull-stripped volume.

    For a skull-stripped volume the mask is the filled foreground, unless it is large and deepbet finds much less brain:
    heads whose fat is suppressed and whose neck is cut off are as small as large brains. Any other volume goes through
    deepbet (Fisch 2024, weights in its wheel), which handles T1w, T2w and FLAIR in any orientation, provided that the
    header is correct. If the mask is not clearly brain-shaped, deepbet runs again with the head flipped front to back
    and top to bottom. `device` is a torch device name; if it runs out of memory, the CPU takes over and `report` warns.

    Raises:
        InputError: no brain of plausible size and contrast was found, or deepbet is not installed.
    """
    stripped = _stripped_brain(volume)

    @cache
    def look(flips: Flips) -> np.ndarray:
        return Fallback(device, report)(lambda device: _deepbet(volume, device, flips), STAGE)

    if stripped is not None and not _is_head(stripped, volume, look):
        return FoundBrain(stripped, doubts(volume, stripped))
    mask = look(())
    _check_litres(mask, volume, most=np.inf)  # masks of flipped heads are too large
    if _contrast(volume, mask) < LEAST_CONTRAST:
        raise InputError(
            "no brain found: the candidate is as bright as its surroundings; pass a brain mask (--mask)",
            code="no-brain",
        )
    fit = fit_of(mask, volume)
    if fit.is_clear:
        _check_litres(mask, volume)
        return FoundBrain(mask)
    report.log(Sentence("no brain found in the orientation of the header: trying flipped orientations", "flipping"))
    others = {flips: look(flips) for flips in FLIPS if flips}
    fits = {flips: fit_of(other, volume).of[flips] for flips, other in others.items()}
    best = max(fits, key=fits.__getitem__)
    if Fit({(): fit.of[()], best: fits[best]}).overturned:
        _check_litres(others[best], volume)
        return FoundBrain(others[best], (_overturned(best),))
    _check_litres(mask, volume)
    return FoundBrain(mask, () if fit.is_good else (_UNUSUAL,))


def doubts(volume: Volume, mask: np.ndarray) -> tuple[str, ...]:
    """Warnings about the header of `volume` that follow from the shape of a correct brain mask."""
    overturned = fit_of(mask, volume).overturned
    return (_overturned(overturned),) if overturned else ()


def doubted(brain: FoundBrain, volume: Volume) -> FoundBrain:
    """`brain` with a warning about the intensities in it, if there is reason for one."""
    told = offset_doubt(volume.data, brain.mask)
    return replace(brain, doubts=(*brain.doubts, told)) if told else brain


def size_doubt(mask: np.ndarray, spacing: Sequence[float]) -> str | None:
    """A sentence when `mask`, on voxels of `spacing` mm, is too small or too large for a brain, else None."""
    litres, (least, most) = float(mask.sum() * np.prod(spacing) * 1e-6), BRAIN_LITRES
    if least <= litres <= most:
        return None
    told = "the brain mask holds {litres:.2g} L, brains {least} to {most} L: is this a brain MRI?"
    return Sentence(told, "brain-size", litres=litres, least=least, most=most)


def offset_doubt(data: np.ndarray, mask: np.ndarray) -> str | None:
    """A sentence when intensities inside `mask` hardly differ compared with their size, or many are negative."""
    low, middle, high = np.percentile(data[mask], (5, 50, 95))
    if low < 0:
        told = "intensities in the brain range from {low:.6g} to {high:.6g}: make 0 mean no signal, as methods assume"
        return Sentence(told, low=float(low), high=float(high))
    if high - low >= LEAST_RANGE * abs(middle):
        return None
    told = (
        "intensities in the brain range from {low:.6g} to {high:.6g} only: subtract the offset if there is one, "
        "because methods take 0 as no signal"
    )
    return Sentence(told, "offset", low=float(low), high=float(high))


_UNUSUAL = Sentence(
    "the brain mask has an unusual shape: check the orientation and field of view of the scan, or pass a "
    "brain mask (--mask)",
    "mask-shape",
)
_OVERTURNED = {
    (1,): ("front and back", "flipped-front"),
    (2,): ("top and bottom", "flipped-top"),
    (1, 2): ("front and back and top and bottom", "flipped-both"),
}


def _overturned(flips: Flips) -> str:
    ways, code = _OVERTURNED[flips]
    told = f"the head is flipped ({ways} swapped): the header's orientation is wrong, perhaps left and right as well"
    return Sentence(told, code)


def is_stripped(volume: Volume) -> bool:
    """Whether everything outside the brain has been set to one value.

    The rule: at least six of the eight corners hold the same value, and the rest is one solid piece of 0.3 to 2.2
    litres. Its size distinguishes a brain (1.1-1.6 L on the development scans) from a head on a zeroed background
    (Colin 27: 4.1 L) and from scans with noise in the air (over 6 L). Intensities cannot: in both cases the outer 3 mm
    are half as bright as the core. A skull-stripped brain with noise added everywhere (simulated low field) counts as
    not stripped, and so does a slab with too little brain. Above 1.7 litres deepbet decides, see `find_brain`.
    """
    stripped = _stripped_brain(volume)
    return stripped is not None and not _is_head(stripped, volume, lambda flips: _deepbet(volume, "cpu", flips))


def _is_head(stripped: np.ndarray, volume: Volume, look: Callable[[Flips], np.ndarray]) -> bool:
    """Whether the foreground `stripped` is a head: large, and deepbet finds a smaller piece in it that is shaped like a
    brain. Where it cannot look, or finds none, the foreground counts as a brain."""
    if _litres(stripped, volume) <= LARGE_BRAIN:
        return False
    try:
        mask = look(())
    except InputError:
        return False
    return mask[stripped].mean() < COVERED and fit_of(mask, volume).is_clear


def _stripped_brain(volume: Volume) -> np.ndarray | None:
    """The single brain-sized piece of foreground with holes filled, or None if `volume` has no such piece."""
    data = volume.data
    corners = Counter(float(data[corner]) for corner in product((0, -1), repeat=3))
    background, count = corners.most_common(1)[0]
    if count < 6:
        return None
    # A thousandth of the range tolerates the ringing of spline resampling in a zeroed background.
    foreground = np.abs(data - background) > 1e-3 * np.ptp(np.percentile(data, (0.1, 99.9)))
    labels, _ = ndimage.label(foreground)
    sizes = np.bincount(labels.ravel())[1:]
    if sizes.size == 0 or sizes.max() < 0.9 * sizes.sum():
        return None
    brain = ndimage.binary_fill_holes(labels == sizes.argmax() + 1)
    return brain if STRIPPED_LITRES[0] <= _litres(brain, volume) <= STRIPPED_LITRES[1] else None


def _check_litres(mask: np.ndarray, volume: Volume, most: float = BRAIN_LITRES[1]) -> None:
    litres, (low, high) = _litres(mask, volume), BRAIN_LITRES
    if not low <= litres <= most:
        told = "no brain found ({litres:.2f} L instead of {low} to {high} L): pass a brain mask (--mask)"
        raise InputError(told, litres=litres, low=low, high=high, code="no-brain")


def _litres(mask: np.ndarray, volume: Volume) -> float:
    return float(mask.sum() * np.prod(volume.spacing) * 1e-6)


def _contrast(volume: Volume, mask: np.ndarray) -> float:
    """Kolmogorov distance (0 to 1) between intensities in `mask` and up to 10 mm outside; 1 if there are none
    outside."""
    around = ndimage.distance_transform_edt(~mask, sampling=volume.spacing)
    around = (around > 0) & (around <= SURROUNDINGS)
    if not around.any():
        return 1.0
    inside, outside = np.sort(volume.data[mask]), np.sort(volume.data[around])
    levels = np.quantile(np.concatenate([inside, outside]), np.linspace(0, 1, 400))
    return float(np.abs(inside.searchsorted(levels) / inside.size - outside.searchsorted(levels) / outside.size).max())


def _deepbet(volume: Volume, device: str, flips: Flips = ()) -> np.ndarray:
    """Run deepbet in memory: right-anterior-superior axis order with `flips`, near-isotropic voxels, and back."""
    try:
        from deepbet.bet import BrainExtraction
    except ImportError as error:
        raise InputError(
            "finding the brain needs deepbet ({why}): pip install deepbet, or pass a brain mask (--mask)",
            why=error,
            code="no-deepbet",
        ) from error
    import nibabel as nib

    to_ras = nib.io_orientation(volume.affine)
    from_ras = nib.orientations.ornt_transform([[0, 1], [1, 1], [2, 1]], to_ras)
    data = np.flip(nib.apply_orientation(volume.data, to_ras), flips)
    spacing = np.asarray(volume.spacing)[np.argsort(to_ras[:, 0])]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = BrainExtraction(no_gpu=True)
        network.model.to(device)
        network.bbox_model.to(device)
        try:
            mask = network.postprocess(network.run_model(_near_isotropic(data, spacing)) > 0.5)
        except (AssertionError, ValueError):  # deepbet raises these when its first pass finds nothing
            mask = np.zeros(data.shape, bool)
    mask = np.flip(_resize(mask.astype(np.float32), data.shape) > 0.5, flips)
    return np.ascontiguousarray(nib.apply_orientation(mask, from_ras))


def _near_isotropic(data: np.ndarray, spacing: np.ndarray) -> np.ndarray:
    """Interpolate thick slices: deepbet itself uses nearest neighbours, which would leave 5 mm steps."""
    finest = max(float(spacing.min()), 1.0)
    if spacing.max() <= 1.5 * finest:
        return data.copy()
    return _resize(data, tuple(int(n) for n in np.maximum(1, np.round(np.array(data.shape) * spacing / finest))))


def _resize(data: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Linear interpolation to another shape over the same field of view."""
    if data.shape == tuple(shape):
        return data
    factors = np.divide(shape, data.shape)
    return ndimage.zoom(data, factors, order=1, mode="nearest", grid_mode=True)
