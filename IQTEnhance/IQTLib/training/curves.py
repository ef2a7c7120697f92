"""Plots the training curves of a run from its CSV files."""

import csv
from pathlib import Path

import numpy as np

from ..io.files import whole_file

PICTURE = "curves.png"
SMOOTHING = 20  # logged values averaged for the thick line


def read_curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """(step, value) by metric name, over all parts of a resumed run."""
    curves: dict[str, dict[int, float]] = {}
    for path in sorted(folder.glob("logs/version_*/metrics.csv"), key=lambda p: int(p.parent.name.split("_")[1])):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                step = int(row.pop("step"))
                for name, value in row.items():
                    if value and name != "epoch":
                        curves.setdefault(name, {})[step] = float(value)
    return {name: sorted(points.items()) for name, points in curves.items()}


def draw_curves(folder: Path) -> None:
    """Write `curves.png` into the folder of a run, unless matplotlib is missing or nothing has been logged yet."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return
    curves = read_curves(folder)
    if "loss" not in curves:
        return
    figure = Figure(figsize=(10, 4))  # fixed margins: computing them takes longer than drawing
    left, right = figure.subplots(1, 2, gridspec_kw={"left": 0.08, "right": 0.98, "bottom": 0.13, "top": 0.96})
    steps, loss = np.array(curves["loss"]).T
    left.semilogy(steps, loss, alpha=0.3, color="tab:blue")
    width = min(SMOOTHING, len(loss))
    left.semilogy(steps[width - 1 :], np.convolve(loss, np.ones(width) / width, "valid"), color="tab:blue")
    left.set(xlabel="step", ylabel="training loss")
    for name, colour in (("validation_score", "tab:red"), ("validation_ssim", "tab:green")):
        if name in curves:
            right.plot(*np.array(curves[name]).T, "o-", color=colour, label=name.removeprefix("validation_"))
    right.set(xlabel="step", ylabel="NRMSE / that of cubic; SSIM")
    if right.lines:
        right.legend()
    with whole_file(folder / PICTURE) as part:
        figure.savefig(part, dpi=100)
