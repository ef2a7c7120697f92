"""One table of all systems, from single scores."""

import csv
import subprocess
import sys
from pathlib import Path

from IQTLib.experiments.blocks import Table
from IQTLib.experiments.systems.pages import systems_pages

SCRIPT = Path(__file__).parents[2] / "docs" / "reproduce" / "systems.py"


def row(experiment, method, person, test_set, units, metric, value):
    names = ("experiment", "method", "person", "test_set", "units", "metric", "value")
    return dict(zip(names, (experiment, method, person, test_set, units, metric, value), strict=True))


def pairs(method, values, experiment="systems"):
    return [row(experiment, method, p, "InD1", "gain matched", "nrmse_mean", v) for p, v in values.items()]


ROWS = [
    *pairs("cubic", {"a": 0.2, "b": 0.4}),
    *pairs("lrtv", {"a": 0.1, "b": 0.2}),
    *pairs("unet", {"a": 0.15}, "table1"),
    *pairs("unet", {"a": 9.0}, "table2"),
    row("ixi", "ixi-lrtv", "s1", "x2", "0 to 255", "psnr", "33"),
    row("ixi", "ixi-lrtv", "s1", "x2", "0 to 255", "ssim", "0.9"),
    row("ixi", "ixi-liif", "s1", "x4", "0 to 255", "psnr", 28),
    row("any-scan", "lrtv", "a", "noisy", "fields matched", "nrmse", 0.3),
    row("any-scan", "lrtv", "a", "noisy", "fields matched", "nrmse of interpolation", 0.4),
    row("lesions", "unet", "a", "InD1", "gain matched", "recovery of bright 4 mm", 0.6),
    row("lesions", "unet", "a", "OOD-ultra-low-field", "gain matched", "recovery of dark 4 mm", 0.4),
    row("lesions", "unet", "a", "OOD-ultra-low-field", "gain matched", "recovery of dark 8 mm", 0.8),
    row("bias", "unet", "a", "InD1", "gain matched", "slope of bias", -0.25),
    row("cost", "unet", "a", "InD1", "", "training seconds", 3600),
    row("cost", "unet", "a", "InD1", "", "seconds", 9),
    row("cost", "cubic", "a", "InD1", "", "seconds", 2),
]


def cells(blocks, caption, system):
    table = next(block for block in blocks if isinstance(block, Table) and block.caption.startswith(caption))
    found = next(cells for cells in table.rows if cells[0] == system)
    return dict(zip(table.header, found, strict=True))


def test_a_row_joins_what_every_experiment_says_of_a_system():
    blocks = systems_pages(ROWS)
    lrtv = cells(blocks, "Slices", "LRTV")
    assert (lrtv["slices x2"], lrtv["slices x4"], lrtv["InD2"]) == ("33.00 / 0.9000", "–", "–")
    assert lrtv["InD1"].startswith("0.50 [0.50, 0.50]")
    assert cells(blocks, "Slices", "LIIF (EDSR)")["slices x4"].startswith("28.00")
    assert cells(blocks, "Scans", "LRTV")["noisy 1 mm"] == "0.75 [0.75, 0.75]"
    unet = cells(blocks, "Lesions", "IQT-DL (U-Net)")
    assert (unet["lesions of 4 mm"], unet["all, OOD (assumed)"], unet["slope of bias (0)"]) == (
        "0.60 / –",
        "– / 0.60",
        "-0.25",
    )
    unet = cells(blocks, "Cost", "IQT-DL (U-Net)")
    assert (unet["training minutes"], unet["times cubic"], unet["peak MiB"]) == ("60", "4.5", "–")
    names = [[cells[0] for cells in block.rows] for block in blocks if isinstance(block, Table)]
    assert names[1:] == [["LRTV"], ["IQT-DL (U-Net)"], ["cubic interpolation", "IQT-DL (U-Net)"]]


def test_a_ratio_is_of_common_subjects_says_so_and_leaves_out_other_settings():
    assert cells(systems_pages(ROWS), "Slices", "IQT-DL (U-Net)")["InD1"] == "0.75 [0.75, 0.75]\n(1 subject)"


def test_nothing_measured_gives_no_table():
    assert systems_pages([]) == []


def test_scores_of_several_runs_are_put_together(tmp_path):
    for name, rows in (("one.csv", ROWS[:2]), ("two.csv", ROWS[2:])):
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    words = [sys.executable, str(SCRIPT), str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, encoding="utf-8")
    assert "| LRTV | 33.00 / 0.9000 | – | 0.50 [0.50, 0.50] |" in done.stdout
