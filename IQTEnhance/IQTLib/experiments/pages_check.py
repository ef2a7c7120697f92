"""The report's page on interpolation: is it the paper's row, and if not, why not."""

from pathlib import Path

import numpy as np

from .blocks import Block, Picture, Table, Text
from .figures import plot
from .published import published
from .results import GROUPS, Results, summarised

TOLERANCE = 0.15  # of the published NRMSE and SSIM
EVIDENCE = (
    "Most of interpolation's error is contrast: with the simulator's tissue factor divided out again (contrast "
    "known), what is left is the error of the resolution, and noise hardly matters. The simulator sets the scan's "
    "WM/GM ratio to about 1.2 whoever the person is, so the error grows with the truth's own ratio, which differs "
    "between scanners. The last column raises each person's intensities to a power and finds the true ratio at "
    "which the published NRMSE comes out, and SSIM there. SSIM also depends on the truth's sharpness (soft truths "
    "lose less between thick slices) and on its range, which the brightest vessels set: the wider it is against the "
    "brain's mean, the higher SSIM for the same error."
)
HEADER = (
    "person",
    "scanner",
    "true WM/GM",
    "scan's WM/GM",
    "brightest / mean",
    "NRMSE / SSIM as is",
    "contrast known",
    "and no noise",
)


def check_pages(results: Results, pictures: Path) -> list[Block]:
    """Interpolation's InD1 row against the paper's, and what it depends on."""
    target = published("table1", "cubic", "InD1")
    found = [(entry["person"], row) for entry, row in results.rows("check")]
    if not found:
        return []
    reached = {person: _at_published(row, target[0]) for person, row in found}
    curves = {person: [(c[0], c[1]), (c[0], c[2])] for person, row in found for c in [_curve(row)]}
    rows = [[person, results.scanner[person], *_cells(row), _reached(reached[person])] for person, row in found]
    blocks: list[Block] = []
    for group, kinds in GROUPS.items():
        people = [(person, row) for person, row in found if results.scanner[person] in kinds]
        if people:
            own = [row["variants"]["as is"] for _, row in people]
            blocks.append(_against_paper(group, own, [reached[person] for person, _ in people], target))
    path = pictures / "interpolation.png"
    plot(curves, path, across="true WM/GM ratio", up=("NRMSE of interpolation", "SSIM"))
    picture = Picture(path, f"Interpolation in InD1 against the truth's contrast (paper: {target[0]} / {target[1]}).")
    return [*blocks, Text(EVIDENCE), Table([*HEADER, f"WM/GM at which NRMSE is {target[0]}"], rows), picture]


def _curve(row: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True WM/GM ratios, and NRMSE and SSIM of interpolation there."""
    ratio, error, likeness = (
        np.array([point[name] for point in row["by contrast"]]) for name in ("ratio", "nrmse_mean", "ssim")
    )
    return ratio, error, likeness


def _at_published(row: dict, nrmse: float) -> tuple[float, float] | None:
    """(WM/GM ratio, SSIM) at which interpolation's NRMSE is the published one; None outside the range tried."""
    ratio, error, likeness = _curve(row)
    if not error.min() <= nrmse <= error.max():
        return None
    needed = float(np.interp(nrmse, error, ratio))
    return needed, float(np.interp(needed, ratio, likeness))


def _cells(row: dict) -> list[str]:
    plain = row["variants"]["as is"]
    scores = [f"{v['nrmse_mean']:.3f} / {v['ssim']:.3f}" for v in row["variants"].values()]
    brightest = plain["nrmse_mean"] / plain["nrmse_max"]
    return [f"{row['ratio']:.2f}", f"{row['scan ratio']:.2f}", f"{brightest:.1f}", *scores]


def _reached(point: tuple[float, float] | None) -> str:
    return "outside the range tried" if point is None else f"{point[0]:.2f} (SSIM {point[1]:.3f})"


def _against_paper(
    group: str, found: list[dict], reached: list[tuple[float, float] | None], target: tuple[float, float]
) -> Text:
    means = [summarised([row[name] for row in found]).mean for name in ("nrmse_mean", "ssim")]
    off = [mean / goal - 1 for mean, goal in zip(means, target, strict=True)]
    each = [f"{'within' if abs(share) <= TOLERANCE else 'not within'} {100 * TOLERANCE:.0f} %" for share in off]
    text = (
        f"Interpolation in InD1, {group} ({len(found)} people): NRMSE {means[0]:.3f}, {100 * off[0]:+.0f} % from the "
        f"paper's {target[0]} ({each[0]}); SSIM {means[1]:.3f}, {100 * off[1]:+.0f} % from {target[1]} ({each[1]})."
    )
    points = [point for point in reached if point is not None]
    if points:
        ratio, ssim = np.mean(points, axis=0)
        text += (
            f" The published NRMSE comes out at a true WM/GM ratio of {ratio:.2f}, with SSIM {ssim:.3f} "
            f"({100 * (ssim / target[1] - 1):+.0f} %)."
        )
    return Text(text)
