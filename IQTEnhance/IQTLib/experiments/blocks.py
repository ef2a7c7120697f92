"""The parts of a report: blocks, written as Markdown or HTML, and figures."""

import base64
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..image.plotting import PLANES
from ..io.files import whole_file
from .catalogue import METHODS

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72em; margin: 2em auto; padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px; }
th, td { border: 1px solid #ccc; padding: 3px 8px; text-align: left; vertical-align: top; }
th { background: #f0f0f0; } img { max-width: 100%; } figcaption, caption { text-align: left; color: #555; }
"""


@dataclass(frozen=True)
class Heading:
    """A title of level 1, 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Cells as text; a line break in a cell is a newline."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """An image file and its caption."""

    path: Path
    caption: str


Block = Heading | Text | Bullets | Table | Picture


def markdown(blocks: Sequence[Block], folder: Path) -> str:
    """GitHub's Markdown; pictures are linked relative to `folder`."""
    return "\n\n".join(_markdown(block, folder) for block in blocks) + "\n"


def _markdown(block: Block, folder: Path) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {block.text}"
    if isinstance(block, Text):
        return block.text
    if isinstance(block, Bullets):
        return "\n".join(f"- {item}" for item in block.items)
    if isinstance(block, Picture):
        return f"![{block.caption}]({block.path.relative_to(folder).as_posix()})\n\n*{block.caption}*"
    lines = [block.header, ["---"] * len(block.header), *block.rows]
    table = "\n".join("| " + " | ".join(cell.replace("\n", "<br>") for cell in line) + " |" for line in lines)
    return f"**{block.caption}**\n\n{table}" if block.caption else table


def page(blocks: Sequence[Block], title: str) -> str:
    """A self-contained HTML file."""
    body = "\n".join(_html(block) for block in blocks)
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style>'
    return f"<!doctype html><html><head>{head}</head><body>\n{body}\n</body></html>\n"


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
    if isinstance(block, Text):
        return f"<p>{_inline(block.text)}</p>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Picture):
        kind = "jpeg" if block.path.suffix == ".jpg" else "png"
        data = base64.b64encode(block.path.read_bytes()).decode()
        caption = html.escape(block.caption)
        return (
            f'<figure><img alt="{caption}" src="data:image/{kind};base64,{data}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in block.header)
    rows = "".join("<tr>" + "".join(f"<td>{_lines(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    caption = f"<caption>{html.escape(block.caption)}</caption>" if block.caption else ""
    return f"<table>{caption}<tr>{head}</tr>{rows}</table>"


def _inline(text: str) -> str:
    """HTML of a sentence with Markdown's bold, italic and code."""
    text = html.escape(text)
    for pattern, tag in ((r"\*\*(.+?)\*\*", "b"), (r"\*(.+?)\*", "i"), (r"`(.+?)`", "code")):
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return text


def _lines(cell: str) -> str:
    return "<br>".join(html.escape(line) for line in cell.split("\n"))


ERROR_SHARE = 1 / 3  # of the grey scale: the scale of the errors
BAR = 50.0  # mm, the scale bar
RED = (0.85, 0.1, 0.1)
WIDTH = 1.9  # inches of a panel


def _figure(size: tuple[float, float], **options: Any) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError("figures need matplotlib: pip install 'image-quality-transfer[experiments]'") from None
    return Figure(figsize=size, **options)


def save(figure: Any, path: Path, *, dots_per_inch: int = 100) -> Path:
    """Write a PNG atomically."""
    with whole_file(path) as part:
        figure.savefig(part, dpi=dots_per_inch)
    return path


def label(name: str) -> str:
    """The title of a panel."""
    return METHODS[name].label if name in METHODS else name


class Panels:
    """Rows of brain slices with titles, a scale bar and, for errors, one colour bar."""

    def __init__(self, rows: int, columns: int, aspect: float, *, bar: bool = False) -> None:
        room = 0.9 if bar else 0.0
        self.figure = _figure((WIDTH * columns + room, WIDTH * rows * aspect + 0.35 * rows), facecolor="black")
        self.axes = self.figure.subplots(rows, columns, squeeze=False)
        right = 1 - (room / (WIDTH * columns + room) if bar else 0.004)
        top = 1 - 0.28 / (WIDTH * rows * aspect + 0.35 * rows)
        self.figure.subplots_adjust(0.004, 0.004, right, top, wspace=0.03, hspace=0.28 / (WIDTH * aspect))
        self.right = right
        for axis in self.axes.ravel():
            axis.axis("off")

    def image(self, row: int, column: int, data: np.ndarray, size: Sequence[float], title: str, **scale: Any) -> Any:
        """Show a slice (rows, columns), row 0 at the bottom, `size` its width and height in mm."""
        axis = self.axes[row, column]
        axis.set_title(title, color="white", fontsize=8, pad=3)
        return axis.imshow(
            data, origin="lower", extent=(0, size[0], 0, size[1]), interpolation="nearest", **({"cmap": "gray"} | scale)
        )

    def closer(
        self, row: int, column: int, grey: np.ndarray, closer: np.ndarray, size: Sequence[float], title: str
    ) -> Any:
        """The truth in grey with `closer` in red."""
        rgb = np.repeat(np.clip(grey, 0, 1)[..., None], 3, axis=2) * 0.8
        rgb[closer] = 0.35 * rgb[closer] + 0.65 * np.array(RED)
        return self.image(row, column, rgb, size, title)

    def mark(self, row: int, text: str, *, scale: bool = True) -> None:
        """Label a row and draw the scale bar in its first panel."""
        from matplotlib.patheffects import withStroke

        axis, edge = self.axes[row, 0], {"path_effects": [withStroke(linewidth=2, foreground="black")]}
        axis.text(0.02, 0.97, text, color="white", fontsize=7, va="top", transform=axis.transAxes, **edge)
        if scale:
            axis.plot([6, 6 + BAR], [6, 6], color="white", linewidth=2, solid_capstyle="butt")
            axis.text(6, 9, f"{BAR / 10:.0f} cm", color="white", fontsize=7, va="bottom", **edge)

    def colour_bar(self, image: Any, text: str) -> None:
        """One colour bar for all errors."""
        bar = self.figure.colorbar(image, cax=self.figure.add_axes((self.right + 0.008, 0.15, 0.012, 0.7)))
        bar.ax.tick_params(colors="white", labelsize=7)
        bar.set_label(text, color="white", fontsize=8)


Slices = tuple[dict[str, Any], dict[str, np.ndarray]]
"""A row of the measure `sections`, and its arrays."""


def top_of(pieces: Mapping[str, np.ndarray]) -> float:
    """Top of the grey scale: the truth's 99th percentile, so that a few bright vessels do not darken the rest."""
    return float(np.percentile(pieces["truth"][pieces["brain"]].astype(float), 99))


def aspect(slices: Mapping[str, Slices]) -> float:
    """Height over width of the panels."""
    row, _ = next(iter(slices.values()))
    return row["size"][1] / row["size"][0]


def estimates_figure(slices: Mapping[str, Slices], path: Path) -> Path:
    """Figure 4: a row per test set; interpolation, the methods, the truth, all at the truth's mean and grey scale."""
    names = [name for name in next(iter(slices.values()))[1] if name not in ("truth", "brain")]
    panels = Panels(len(slices), len(names) + 1, aspect(slices))
    for number, (test_set, (row, pieces)) in enumerate(slices.items()):
        top = top_of(pieces)
        for column, name in enumerate([*names, "truth"]):
            score = "" if name == "truth" else f"\nNRMSE {row['nrmse_mean'][name]:.3f}"
            title = (label(name) if name != "truth" else "high field (truth)") + score
            panels.image(number, column, pieces[name].astype(float), row["size"], title, vmin=0, vmax=top)
        panels.mark(number, f"{test_set}, {PLANES[row['plane']]}")
    return save(panels.figure, path)


def errors_figure(slices: Mapping[str, Slices], path: Path, *, reference: str = "unet") -> Path:
    """Figure 5: absolute errors, and in red where the first methods are closer to the truth than `reference`."""
    names = [name for name in next(iter(slices.values()))[1] if name not in ("truth", "brain")]
    rivals = [name for name in names if name not in (reference, "cubic")] if reference in names else []
    panels = Panels(len(slices), len(names) + len(rivals), aspect(slices), bar=True)
    image = None
    for number, (test_set, (row, pieces)) in enumerate(slices.items()):
        top = top_of(pieces)
        truth, brain = pieces["truth"].astype(float), pieces["brain"]
        error = {name: np.abs(pieces[name].astype(float) - truth) for name in names}
        for column, name in enumerate(names):
            share = error[name] / top
            image = panels.image(
                number, column, share, row["size"], f"|{label(name)} - truth|", vmin=0, vmax=ERROR_SHARE, cmap="magma"
            )
        for column, name in enumerate(rivals, start=len(names)):
            closer = (error[name] < error[reference]) & brain
            share = row["closer"][f"{name}|{reference}"]
            title = f"{label(name)}\ncloser than U-Net: {100 * share:.0f} %"
            panels.closer(number, column, truth / top, closer, row["size"], title)
        panels.mark(number, f"{test_set}, {PLANES[row['plane']]}")
    panels.colour_bar(image, "absolute error / top of the grey scale")
    return save(panels.figure, path)


def settings_figure(row: Mapping[str, Any], pieces: Mapping[str, np.ndarray], names: Sequence[str], path: Path) -> Path:
    """Figure 6: estimates, absolute errors, and in red where each setting is closer to the truth than interpolation."""
    names = [name for name in names if name in pieces]
    panels = Panels(3, len(names), row["size"][1] / row["size"][0], bar=True)
    truth, brain, top = pieces["truth"].astype(float), pieces["brain"], top_of(pieces)
    cubic = np.abs(pieces["cubic"].astype(float) - truth)
    image = None
    for column, name in enumerate(names):
        estimate = pieces[name].astype(float)
        error = np.abs(estimate - truth)
        panels.image(0, column, estimate, row["size"], label(name), vmin=0, vmax=top)
        title = f"NRMSE {row['nrmse_mean'][name]:.3f}"
        image = panels.image(1, column, error / top, row["size"], title, vmin=0, vmax=ERROR_SHARE, cmap="magma")
        share = row["closer"][f"{name}|cubic"]
        title = f"closer than cubic: {100 * share:.0f} %"
        panels.closer(2, column, truth / top, (error < cubic) & brain, row["size"], title)
    for number, text in enumerate(("estimate", "absolute error", "closer than interpolation")):
        panels.mark(number, text, scale=number == 0)
    panels.colour_bar(image, "absolute error / top of the grey scale")
    return save(panels.figure, path)


def plot(
    curves: Mapping[str, Sequence[tuple[np.ndarray, np.ndarray]]],
    path: Path,
    *,
    across: str,
    up: Sequence[str],
    level: float | None = None,
    log: bool = False,
) -> Path:
    """Draw lines by name, one panel for each label in `up`; `level` adds a dashed line."""
    figure = _figure((4.2 * len(up), 3.4), layout="constrained")
    axes = figure.subplots(1, len(up), squeeze=False)[0]
    for column, axis in enumerate(axes):
        for name, panels in curves.items():
            if column < len(panels):
                axis.plot(*panels[column], marker="o", markersize=3, linewidth=1.3, label=label(name))
        if level is not None:
            axis.axhline(level, color="grey", linestyle="--", linewidth=0.8)
        axis.set(xlabel=across, ylabel=up[column], **({"yscale": "log"} if log else {}))
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize=7)
    return save(figure, path)
