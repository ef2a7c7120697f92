"""The report's pages on figures, the real scan, cost, other slice spacings, and the check of interpolation."""

from pathlib import Path
from typing import Any

import numpy as np

from ...image.plotting import comparison
from ...image.volume import Volume
from ..blocks import (
    Block,
    Picture,
    Table,
    Text,
    errors_figure,
    estimates_figure,
    label,
    plot,
    settings_figure,
)
from ..catalogue import ATOMS, METHODS, PATCHES, PUBLISHED_SETS, SCALES
from ..published import MINUTES, stated
from ..results import GROUPS, METRICS, SHORT, Results, number, span, subjects, summarised

MEBIBYTE = 2**20


def figure_pages(results: Results, pictures: Path) -> list[Block]:
    """Figures 4 and 5 for each pictured subject."""
    blocks: list[Block] = []
    people = list(dict.fromkeys(entry["person"] for entry, _ in results.rows("figures")))
    for person in people:
        slices = {}
        for test_set in PUBLISHED_SETS:
            for entry, row in results.rows("figures", person=person, test_set=test_set):
                if (arrays := results.store.arrays(entry["key"])) is not None:
                    slices[SHORT.get(test_set, test_set)] = (row, arrays)
        if not slices:
            continue
        kind = f"{person}, {results.scanner[person]} scanner"
        path = estimates_figure(slices, pictures / f"figure4-{person}.png")
        blocks.append(Picture(path, f"Figure 4 ({kind}): estimates, each at the truth's mean in the brain."))
        path = errors_figure(slices, pictures / f"figure5-{person}.png")
        text = f"Figure 5 ({kind}): absolute errors; red: closer to the truth than the U-Net, share of the whole brain."
        blocks.append(Picture(path, text))
    return blocks


def settings_pages(results: Results, pictures: Path) -> list[Block]:
    """Figure 6, for atoms and for patch sizes."""
    blocks: list[Block] = []
    for entry, row in results.rows("figure6"):
        arrays = results.store.arrays(entry["key"])
        for what, names in (("atoms", ATOMS), ("patch size", PATCHES)):
            if arrays is None or not set(names) & set(arrays):
                continue
            name = f"figure6-{what.replace(' ', '-')}-{entry['person']}.png"
            path = settings_figure(row, arrays, names, pictures / name)
            text = f"Figure 6, effect of {what} ({entry['person']}, {SHORT.get(entry['test_set'], entry['test_set'])})."
            left = [f"{label(method)}: {why}" for method, why in row["missing"].items() if method in names]
            blocks.append(Picture(path, " ".join([text, *left])))
    return blocks


def lowfield_pages(results: Results, pictures: Path) -> list[Block]:
    """Measures of the real scan, and a picture with the result of every model."""
    rows, brain = [], None
    volumes: dict[str, Volume] = {}
    for entry, row in results.rows("lowfield"):
        arrays = results.store.arrays(entry["key"])
        if arrays is not None:
            scan = Volume(arrays["scan"], arrays["scan_affine"])
            level = scan.data[scan.data > scan.data.mean()].mean()
            volumes.setdefault("64 mT scan" if entry["person"].endswith("64mT") else "scan", scan)
            volumes[label(entry["method"])] = Volume(arrays["data"], arrays["affine"])
            brain = arrays["brain"] if level > 0 else None
        names = ("ratio", "contrast to spread", "contrast to noise", "snr", "sharpness")
        rest = ("inconsistency", "inconsistency over noise", "unexplained")
        rows.append([label(entry["method"]), *(number(row[n], 2) for n in names), *(number(row[n], 3) for n in rest)])
    if not rows:
        return []
    header = [
        "method",
        "WM/GM",
        "contrast / spread",
        "contrast / noise",
        "SNR of WM",
        "sharpness across slices / in plane",
        "inconsistency / mean",
        "/ noise",
        "unexplained",
    ]
    path = pictures / "lowfield.png"
    comparison(volumes, path, brain=brain, dots_per_inch=70)
    text = (
        "No high-field image of this subject exists, so these are not errors. Contrast / spread: difference of the "
        "tissues' means over the spread inside them. Noise: what varies faster than 4 mm inside white matter, so a "
        "smooth result has a high SNR whether or not it is right. Sharpness: gradients across the slices over those "
        "in plane. Inconsistency: root mean square of forward model of the result minus scan, over the scan's mean "
        "and over its noise; unexplained: the part left after a linear fit, which allows for a change of contrast. "
        " Tissue maps come from the scan itself and are the same for all."
    )
    caption = "The real low-field scan and each model's result on one grey scale."
    return [Text(text), Table(header, rows), Picture(path, caption)]


def cost_pages(results: Results, pictures: Path) -> list[Block]:
    """Time, memory and size, as functions of volume and number of atoms."""
    rows, volume_curves, atom_points = [], {}, []
    person = next((entry["person"] for entry, _ in results.rows("cost")), "")
    loads = [row["load"] for _, row in results.rows("cost") if row["load"] is not None]
    for entry, row in results.rows("cost", person=person):
        whole = max(row["runs"], key=lambda run: run["share"])
        voxels = np.array([run["voxels"] for run in row["runs"]]) / 1e6
        seconds, peaks = (np.array([run[k] or np.nan for run in row["runs"]]) for k in ("processor seconds", "peak"))
        volume_curves[entry["method"]] = [(voxels, seconds), (voxels, peaks / MEBIBYTE)]
        if row["atoms"]:
            atom_points.append((row["atoms"], whole["processor seconds"], METHODS[entry["method"]].label))
        training = "" if row["training seconds"] is None else f"{row['training seconds'] / 60:.0f} min"
        rows.append(
            [
                METHODS[entry["method"]].label,
                f"{whole['seconds']:.1f}",
                f"{whole['processor seconds']:.1f}",
                "" if whole["peak"] is None else f"{whole['peak'] / MEBIBYTE:.0f}",
                f"{row['bytes'] / MEBIBYTE:.2f}",
                f"{row['numbers']:,}",
                "" if row["atoms"] is None else str(row["atoms"]),
                training,
            ]
        )
    if not rows:
        return []
    million = max(run["voxels"] for _, row in results.rows("cost", person=person) for run in row["runs"]) / 1e6
    text = (
        f"One volume ({person}, {million:.1f} million voxels of high field, mask given), each in a process of its own; "
        f"peak memory is that of the whole process, Python and libraries included. "
        + (f"The machine's load average was {min(loads):.1f} to {max(loads):.1f} meanwhile" if loads else "")
        + (
            "; above the number of cores, seconds are too long and processor seconds the fairer figure."
            if loads
            else ""
        )
    )
    header = ["method", "seconds", "processor seconds", "peak MiB", "model MiB", "numbers in it", "atoms", "training"]
    minutes = Table(["the paper", "minutes"], [[what, value] for what, value in MINUTES.items()], "Published times")
    path = plot(
        volume_curves,
        pictures / "cost-volume.png",
        across="million high-field voxels",
        up=("processor seconds", "peak memory (MiB)"),
        log=True,
    )
    blocks: list[Block] = [Text(text), Table(header, rows), minutes]
    blocks.append(Picture(path, "Cost against the size of the volume."))
    return blocks + _cost_of_atoms(results, pictures)


def _cost_of_atoms(results: Results, pictures: Path) -> list[Block]:
    """Seconds of the measured estimates in Table 2, by atoms, beside the published minutes."""
    curves: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for kind, name in (("srep", "IQT-SRep, paper settings"), ("ddl", "IQT-DDL, this run's cells")):
        points = []
        for method in ATOMS:
            found = [row["seconds"] for _, row in results.rows("table2", method=method)]
            if METHODS[method].training == kind and found:
                points.append((METHODS[method].atoms, float(np.median(found))))
        if len(points) > 1:
            atoms, seconds = zip(*points, strict=True)
            curves[name] = [(np.array(atoms), np.array(seconds))]
    if not curves:
        return []
    path = plot(curves, pictures / "cost-atoms.png", across="atoms", up=("seconds (median)",))
    part = SCALES[results.run["scale"]].measured_part
    text = f"Time of enhancing {part} against atoms. The paper: SRep 7 min at 150 atoms, 50 min at 1024."
    return [Picture(path, text)]


def factor_pages(results: Results) -> list[Block]:
    """Factors 2 and 8, for the methods with such models."""
    rows = []
    for method in results.methods("factors"):
        for group in GROUPS:
            cells = []
            for test_set in ("InD1", "InD2"):
                for metric in ("nrmse_mean", "ssim"):
                    found = results.summary("factors", method, test_set, ("gain matched", metric), group=group)
                    cells.append("not run" if found is None else f"{number(found.mean)} {span(found.interval)}")
            if any(text != "not run" for text in cells):
                rows.append([METHODS[method].label, group, *cells])
    header = ["method", "scanners", *(f"{s}: {METRICS[m]}" for s in ("InD1", "InD2") for m in ("nrmse_mean", "ssim"))]
    return [Table(header, rows, "Gain matched")] if rows else []


TOLERANCE = 0.15  # of the published NRMSE and SSIM
EVIDENCE = (
    "Most of interpolation's error is contrast: with the simulator's tissue factor divided out again (contrast "
    "known), what is left is the error of the resolution, and noise hardly matters. The simulator sets the scan's "
    "WM/GM ratio to about 1.2 whoever the subject is, so the error grows with the truth's own ratio, which differs "
    "between scanners. The last column raises each subject's intensities to a power and finds the true ratio at "
    "which the published NRMSE comes out, and SSIM there. SSIM also depends on the truth's sharpness (soft truths "
    "lose less between thick slices) and on its range, which the brightest vessels set: the wider it is against the "
    "brain's mean, the higher SSIM for the same error."
)
HEADER = (
    "subject",
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
    target = stated("table1", "cubic", "InD1")
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


def _curve(row: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True WM/GM ratios, and NRMSE and SSIM of interpolation there."""
    ratio, error, likeness = (
        np.array([point[name] for point in row["by contrast"]]) for name in ("ratio", "nrmse_mean", "ssim")
    )
    return ratio, error, likeness


def _at_published(row: dict[str, Any], nrmse: float) -> tuple[float, float] | None:
    """(WM/GM ratio, SSIM) at which interpolation's NRMSE is the published one; None outside the range tried."""
    ratio, error, likeness = _curve(row)
    if not error.min() <= nrmse <= error.max():
        return None
    needed = float(np.interp(nrmse, error, ratio))
    return needed, float(np.interp(needed, ratio, likeness))


def _cells(row: dict[str, Any]) -> list[str]:
    plain = row["variants"]["as is"]
    scores = [f"{v['nrmse_mean']:.3f} / {v['ssim']:.3f}" for v in row["variants"].values()]
    brightest = plain["nrmse_mean"] / plain["nrmse_max"]
    return [f"{row['ratio']:.2f}", f"{row['scan ratio']:.2f}", f"{brightest:.1f}", *scores]


def _reached(point: tuple[float, float] | None) -> str:
    return "outside the range tried" if point is None else f"{point[0]:.2f} (SSIM {point[1]:.3f})"


def _against_paper(
    group: str, found: list[dict[str, Any]], reached: list[tuple[float, float] | None], target: tuple[float, float]
) -> Text:
    means = [summarised([row[name] for row in found]).mean for name in ("nrmse_mean", "ssim")]
    off = [mean / goal - 1 for mean, goal in zip(means, target, strict=True)]
    each = [f"{'within' if abs(share) <= TOLERANCE else 'not within'} {100 * TOLERANCE:.0f} %" for share in off]
    text = (
        f"Interpolation in InD1, {group} ({subjects(len(found))}): NRMSE {means[0]:.3f}, {100 * off[0]:+.0f} % from "
        f"the paper's {target[0]} ({each[0]}); SSIM {means[1]:.3f}, {100 * off[1]:+.0f} % from {target[1]} ({each[1]})."
    )
    points = [point for point in reached if point is not None]
    if points:
        ratio, ssim = np.mean(points, axis=0)
        text += (
            f" The published NRMSE comes out at a true WM/GM ratio of {ratio:.2f}, with SSIM {ssim:.3f} "
            f"({100 * (ssim / target[1] - 1):+.0f} %)."
        )
    return Text(text)
