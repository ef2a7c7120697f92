"""The report's pages on mid-slices, with the published values next to ours."""

from pathlib import Path

import numpy as np

from ...evaluation import planar
from ...evaluation.bootstrap import summarised
from ..blocks import Block, Picture, Table, Text, _figure, save
from ..catalogue import METHODS
from ..results import Results, number, span
from .measures import PICTURED

PUBLISHED: dict[str, dict[str, tuple[str, str]]] = {
    "x2": {"ixi-bicubic": ("29.09", "0.9155"), "ixi-elrtv": ("32.54", "0.9430"), "ixi-liif": ("37.68", "0.9712")},
    "x4": {
        "ixi-bicubic": ("25.88", "0.8248"),
        "ixi-elrtv": ("26.89", "0.8456"),
        "ixi-liif": ("29.89", "0.9036"),
        "LIIF (EDSR), 256 units": ("29.98", "0.9046"),
    },
}
"""PSNR and SSIM on the 70 test slices (the study's readme); LIIF's SSIM is the Gaussian one, from 8-bit slices."""
LIIF = ("ixi-liif", "LIIF (EDSR), 256 units")  # published with the Gaussian SSIM, from 8-bit slices
PUBLISHED_SECONDS = {"x2": 37, "x4": 51}  # ELRTV, an image


def slice_pages(results: Results, pictures: Path, experiment: str = "ixi") -> list[Block]:
    """The tables of one experiment on slices, and a picture of one slice."""
    blocks: list[Block] = []
    for sets, ssim, given in ((("x2", "x4"), "ssim", "exact"), (("x2-8bit", "x4-8bit"), "ssim_gaussian", "8-bit")):
        rows = [_row(results, experiment, method, sets, ssim) for method in results.methods(experiment)]
        rows = [row for row in rows if any(row[1:])]
        if not rows:
            continue
        if ssim == "ssim_gaussian":
            measured = results.methods(experiment)
            names = [name for name in PUBLISHED["x4"] if name in LIIF and name not in measured]
            rows += [
                [METHODS[name].label if name in METHODS else name]
                + [c for s in ("x2", "x4") for c in ("", _published(s, name), "", "")]
                for name in names
            ]
        header = ["method", *(f"{s} {what}" for s in sets for what in ("PSNR / SSIM", "published", "95 %", "seconds"))]
        kind = "scikit-image's uniform window" if ssim == "ssim" else "Gaussian window, as LIIF's rows have it"
        blocks.append(Table(header, rows, f"From {given} slices of low resolution; SSIM with {kind}"))
    if blocks:
        count = max(len(row["subjects"]) for _, row in results.rows(experiment))
        blocks.insert(0, Text(_reading(count)))
    if (figure := _pictured(results, experiment, pictures)) is not None:
        blocks.append(figure)
    return blocks


def _reading(count: int) -> str:
    return (
        f"Mid-slices of IXI (T2w, 256 x 256), {count} of the low-rank study's test split, blurred with a Gaussian of "
        "sigma 1 and averaged over 2 x 2 or 4 x 4 pixels. PSNR in dB over the whole slice, 95 %: interval of PSNR "
        "(bootstrap over slices); seconds: of the processor, an image. ELRTV took "
        f"{PUBLISHED_SECONDS['x2']} s and {PUBLISHED_SECONDS['x4']} s an image where it was published. LRTV's and our "
        "ELRTV's parameters were chosen on six training slices; ScSR to A+ and LIIF were trained on all, without noise."
    )


def _row(results: Results, experiment: str, method: str, sets: tuple[str, ...], ssim: str) -> list[str]:
    cells = [METHODS[method].label]
    for name in sets:
        row = next((row for _, row in results.rows(experiment, method=method, test_set=name)), None)
        if row is None:
            cells += [""] * 4
            continue
        summary = summarised(row["psnr"])
        quality = f"{number(np.mean(row['psnr']), 4)} / {number(np.mean(row[ssim]), 4)}"
        published = _published(name, method) if (method in LIIF) == (ssim == "ssim_gaussian") else ""
        cells += [quality, published, span(summary.interval, 2), number(np.mean(row["seconds"]), 2)]
    return cells


def _published(test_set: str, method: str) -> str:
    method = "ixi-elrtv" if method == "ixi-elrtv-study" else method
    return " / ".join(PUBLISHED.get(test_set, {}).get(method, ()))


def _pictured(results: Results, experiment: str, pictures: Path) -> Picture | None:
    """One slice from every method, and the truth."""
    found = {}
    for entry, row in results.rows(experiment, test_set="x4"):
        if (arrays := results.store.arrays(entry["key"])) is not None:
            subject = PICTURED if PICTURED in row["subjects"] else row["subjects"][0]
            score = row["psnr"][row["subjects"].index(subject)]
            found[f"{METHODS[entry['method']].label}\n{score:.2f} dB"] = arrays["estimate"]
            truth = arrays["truth"]
    if not found:
        return None
    found["truth"] = truth
    figure = _figure((2.6 * len(found), 3.0), layout="constrained")
    for axis, (title, image) in zip(np.ravel(figure.subplots(1, len(found))), found.items(), strict=True):
        axis.imshow(image, cmap="gray", vmin=0, vmax=planar.WHITE, interpolation="nearest")
        axis.set_title(title, fontsize=7)
        axis.axis("off")
    return Picture(save(figure, pictures / f"{experiment}.png"), f"One test slice at scale 4 ({subject}).")
