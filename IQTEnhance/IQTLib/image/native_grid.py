"""Undoes a resampling: the samples of the scanner, recovered exactly where a scan is a spline through them.

Linear or cubic interpolation leaves piecewise polynomials along each axis, with knots at the scanner's samples. So a
resampled scan is a sum of B-splines of that spacing and phase (Unser 1999): those leave no residual, and the splines'
values at their knots are the samples. A scan on its own grid, or one that was rotated while it was resampled, leaves a
residual at every spacing. Nearest-neighbour interpolation repeats planes, of which one each is kept. Zero-filling
leaves no splines; its samples are interpolated (`zero_filled`).
"""

from dataclasses import dataclass

import numpy as np

from .axis import along, interpolation_matrix
from .grid import resample, sub_affine
from .resolution import COARSEST
from .volume import Volume
from .zero_filled import zero_filled

DEGREES = (1, 3)  # of linear and cubic interpolation
SPAN = 1.6  # spacings are searched from the one that the spectrum tells, divided by this, to as many times it
USUAL = 2.0  # voxels between samples, where the spectrum tells nothing
LEAST = 1.25  # voxels between samples: less cannot be told from the scan's own grid
WINDOW = 13.0  # samples: of the piece of the axis that is searched
DRIFT = 0.2  # samples by which neighbouring spacings differ at the window's end
PHASES = 8
FEWEST_COPIED = 8  # planes that differ
UNEVEN = 0.75  # voxels: rounding to the nearest voxel moves centres by up to a half
LINES, FEWEST = 120, 30
PROMISING = 0.6  # of the usual residual: a spacing and phase that are polished
SAME = 1e-3  # of that residual: spacings whose residuals differ by less fit equally well
EXACT = 0.1  # of the residual half a spacing further: the scan has these knots; rounding to 8 bits leaves 0.02


@dataclass(frozen=True)
class Sampled:
    """The scanner's samples along one axis: at `start` + n `step` (voxels), interpolated by splines of `degree`."""

    start: float
    step: float
    degree: int

    def splines(self, positions: np.ndarray, first: int, last: int) -> np.ndarray:
        """Values at `positions` (voxels) of the B-splines about samples `first` to `last`: (positions, splines)."""
        x = np.abs((positions[:, None] - self.start) / self.step - np.arange(first, last + 1))
        if self.degree == 1:
            return np.maximum(1 - x, 0)
        return np.where(x < 1, 2 / 3 - x**2 + x**3 / 2, np.maximum(2 - x, 0) ** 3 / 6)

    def over(self, count: int) -> tuple[int, int]:
        """First and last of the splines that reach voxels 0 to `count` - 1."""
        reach = self.degree // 2 + 1
        ends = (np.array([0, count - 1]) - self.start) / self.step
        return int(np.floor(ends[0] - reach + 1e-6)) + 1, int(np.ceil(ends[1] + reach - 1e-6)) - 1

    def residual(self, lines: np.ndarray) -> float:
        """Mean squared distance of `lines` (n, voxels) from these splines, per degree of freedom."""
        count = lines.shape[1]
        basis = self.splines(np.arange(count), *self.over(count))
        rest = count - basis.shape[1]
        if rest < 2:
            return np.inf
        span, _ = np.linalg.qr(basis)
        return max(float(np.square(lines).sum() - np.square(lines @ span).sum()), 0.0) / (rest * len(lines))

    def share(self, lines: np.ndarray) -> float:
        """The residual as a share of that of splines half a spacing further."""
        shifted = Sampled(self.start + self.step / 2, self.step, self.degree).residual(lines)
        return self.residual(lines) / shifted if np.isfinite(shifted) and shifted > 0 else np.inf

    def matrix(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the samples among `count` voxels, and the matrix (samples, count) that recovers them."""
        first, last = np.ceil(-self.start / self.step - 1e-4), np.floor((count - 1 - self.start) / self.step + 1e-4)
        positions = self.start + self.step * np.arange(first, last + 1)
        ends = self.over(count)
        recovered = np.linalg.pinv(self.splines(np.arange(count), *ends), rcond=1e-3)
        return positions, (self.splines(positions, *ends) @ recovered).astype(np.float32)


def native(
    volume: Volume, mask: np.ndarray, resolution: tuple[float, float, float]
) -> tuple[Volume, np.ndarray] | None:
    """`volume` and its boolean `mask` on the grid that the scanner sampled; None where it cannot be recovered.

    Axes that were not resampled, or by other than nearest-neighbour, linear and cubic interpolation and zero-filling,
    stay as they are.

    Args:
        resolution: about what `measure_resolution` finds, mm along i, j, k.
    """
    times = np.array(resolution) / volume.spacing
    seen = {axis: _recovered(volume.data, mask, axis, times[axis]) for axis in range(3) if times[axis] >= LEAST}
    for axis in range(3):  # the spectrum misses some axes, and a scan is seldom resampled along one alone
        if any(seen.values()) and axis not in seen and volume.spacing[axis] <= COARSEST:
            seen[axis] = _recovered(volume.data, mask, axis, USUAL)
    for axis, spacing in enumerate(zero_filled(volume.data, mask, times, LEAST)):
        if spacing is not None and seen.get(axis) is None:
            seen[axis] = _spaced(volume.shape[axis], spacing)
    if not any(seen.values()):
        return None
    data, start, step = volume.data, np.zeros(3), np.ones(3)
    for axis, found in seen.items():
        if found is not None:
            start[axis], step[axis], matrix = found
            data = along(data, matrix, axis)
    inside = resample(volume.with_data(mask.astype(np.float32)), start, step, data.shape, "linear").data > 0.5
    affine = sub_affine(volume.affine, start, step)
    return Volume(np.ascontiguousarray(data), affine, volume.caveats, volume.modality), inside


def _recovered(data: np.ndarray, mask: np.ndarray, axis: int, times: float) -> tuple[float, float, np.ndarray] | None:
    """Position of the first sample along `axis`, distance of samples, and the matrix (samples, voxels) for them."""
    if (found := copied(data, axis)) is not None:
        return found
    if (splines := sampling(data, mask, axis, times)) is None:
        return None
    positions, matrix = splines.matrix(data.shape[axis])
    return float(positions[0]), splines.step, matrix


def _spaced(count: int, spacing: float) -> tuple[float, float, np.ndarray]:
    """The same for a zero-filled axis of `count` voxels: it holds all samples of this `spacing`, wherever they lie."""
    positions = spacing * np.arange(int((count - 1) / spacing + 1e-6) + 1)
    return 0.0, spacing, interpolation_matrix(count, positions, "cubic")


def copied(data: np.ndarray, axis: int) -> tuple[float, float, np.ndarray] | None:
    """The same for nearest-neighbour interpolation, which repeats planes; None where they are not repeated evenly."""
    planes = np.moveaxis(data, axis, 0)
    filled = np.flatnonzero([plane.min() < plane.max() for plane in planes])  # a border of zeros repeats as well
    if len(filled) < 2 or len(filled) != filled[-1] - filled[0] + 1:
        return None
    new = [n for n in filled if n == filled[0] or not np.array_equal(planes[n], planes[n - 1])]
    centres = (np.array(new) + np.array([*new[1:], filled[-1] + 1]) - 1) / 2
    if len(new) < FEWEST_COPIED or len(filled) < LEAST * len(new):
        return None
    step, start = np.polyfit(np.arange(1, len(new) - 1), centres[1:-1], 1)  # the outermost may be cut
    if np.abs(start + step * np.arange(1, len(new) - 1) - centres[1:-1]).max() > UNEVEN:
        return None
    matrix = np.zeros((len(new), len(planes)), np.float32)
    matrix[np.arange(len(new)), new] = 1
    return float(start), float(step), matrix


def sampling(data: np.ndarray, mask: np.ndarray, axis: int, times: float) -> Sampled | None:
    """The samples along `axis` whose spline `data` is, about `times` voxels apart; None if it is no spline."""
    lines, inside = np.moveaxis(data, axis, -1), np.moveaxis(mask, axis, -1)
    near = _window(lines, inside, WINDOW * times)
    if near is None:
        return None
    first, chosen = near
    found = min((_search(chosen, times, degree) for degree in DEGREES), key=lambda one: one[0])[1]
    if found is None:
        return None
    longer = _window(lines, inside, 3 * WINDOW * times)
    if longer is not None:  # shows a wrong spacing better
        found = Sampled(found.start + first - longer[0], found.step, found.degree)
        first, chosen = longer
        found = _polished(chosen, found, found.step / 50, found.step / 1000)
    exact = found.step >= LEAST and found.share(chosen) < EXACT
    return Sampled(found.start + first, found.step, found.degree) if exact else None


def _search(lines: np.ndarray, times: float, degree: int) -> tuple[float, Sampled | None]:
    """The samples, and their residual as a share of that half a spacing further or of the usual one.

    The coarsest of those that fit: half their spacing leaves no more.
    """
    least, most = max(times / SPAN, LEAST), min(times * SPAN, lines.shape[1] / 4)
    grow = 1 + DRIFT / WINDOW
    steps = least * grow ** np.arange(int(np.log(max(most / least, 1)) / np.log(grow)) + 1)
    tried = [[Sampled(n / PHASES * step, step, degree) for n in range(PHASES)] for step in steps]
    residuals = np.array([[one.residual(lines) for one in row] for row in tried])
    usual = float(np.median(residuals[np.isfinite(residuals)]))
    if not usual > 0:
        return np.inf, None
    lowest = residuals.min(axis=1)
    exact = []
    for n, low in enumerate(lowest):
        if low < PROMISING * usual and low == lowest[max(n - 1, 0) : n + 2].min():
            best = tried[n][int(np.argmin(residuals[n]))]
            best = _polished(lines, best, best.step / PHASES, best.step * (grow - 1))
            share = max(best.share(lines), best.residual(lines) / usual)
            if best.step >= LEAST and share < EXACT:
                exact.append((share, best))
    if not exact:
        return np.inf, None
    least_share = min(share for share, _ in exact)
    return max((one for one in exact if one[0] <= 3 * least_share + SAME), key=lambda one: one[1].step)


def _polished(lines: np.ndarray, found: Sampled, phase: float, spacing: float) -> Sampled:
    """The start and step of least residual near `found`, first moved by `phase` and `spacing`."""
    from scipy.optimize import minimize  # slow to import, and few scans need it

    start = np.array([found.start, found.step])
    simplex = start + np.array([[0, 0], [phase / 2, 0], [0, spacing / 2]])
    options = {"initial_simplex": simplex, "xatol": 1e-5, "fatol": 0.0, "maxiter": 100}
    best = minimize(
        lambda x: Sampled(x[0], max(x[1], 1.0), found.degree).residual(lines), start, method="Nelder-Mead",
        options=options,
    )  # fmt: skip
    return Sampled(float(best.x[0]), max(float(best.x[1]), 1.0), found.degree)


def _window(lines: np.ndarray, inside: np.ndarray, length: float) -> tuple[int, np.ndarray] | None:
    """The window along the last axis with most brain: its first voxel, and lines (n, length) within the brain."""
    count = int(min(round(length), lines.shape[-1]))
    sums = np.concatenate([[0], np.cumsum(inside.sum(axis=(0, 1)))])
    first = int(np.argmax(sums[count:] - sums[: len(sums) - count]))
    piece = slice(first, first + count)
    whole = np.argwhere(inside[..., piece].mean(axis=-1) > 0.95)
    if len(whole) < FEWEST:
        return None
    rows = whole[np.random.default_rng(0).choice(len(whole), min(LINES, len(whole)), replace=False)]
    return first, lines[rows[:, 0], rows[:, 1], piece].astype(np.float64)
