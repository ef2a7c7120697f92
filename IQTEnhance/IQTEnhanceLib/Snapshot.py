"""Save the comparison as an image: every view with the name of its volume and a scale bar."""

import tempfile
from pathlib import Path

from slicer.i18n import tr as _

from .Errors import EnhanceError
from .Views import PAIR, shownTags, sliceNode

BARS = (10, 20, 50, 100)  # mm
WIDEST = 0.4  # of a view
MARGIN = 12  # pixels
LINE = 3


def saveSnapshot(path: Path, layout: int, names: dict[str, str]) -> None:
    """Write the views of `layout` as one PNG; `names` by view say what each shows."""
    import qt

    tags = shownTags(layout)
    rows = [tags] if layout == PAIR else [tags[:3], tags[3:]]
    images = {tag: viewImage(tag) for tag in tags}
    widths = [max(images[row[column]].width() for row in rows) for column in range(len(rows[0]))]
    heights = [max(images[tag].height() for tag in row) for row in rows]
    canvas = qt.QImage(sum(widths), sum(heights), qt.QImage.Format_RGB32)
    canvas.fill(qt.QColor("black"))
    painter = qt.QPainter()
    painter.begin(canvas)
    for number, row in enumerate(rows):
        for column, tag in enumerate(row):
            place = sum(widths[:column]), sum(heights[:number])
            painter.drawImage(*place, images[tag])
            _label(painter, place, images[tag], names[tag], millimetresPerPixel(tag))
    painter.end()
    if not canvas.save(str(path)):
        reason = _("{path} cannot be written").format(path=path)
        raise EnhanceError(reason, _("Choose another folder, and a name that ends with .png."))


def _label(painter, place: tuple[int, int], image, name: str, scale: float) -> None:
    """The name at the top, and at the bottom a bar of a round number of millimetres."""
    import qt

    left, top = place
    painter.setPen(qt.QColor("white"))
    painter.drawText(left + MARGIN, top + 2 * MARGIN, name)
    length = barLength(image.width(), scale)
    bottom = top + image.height() - MARGIN
    painter.fillRect(left + MARGIN, bottom - LINE, round(length / scale), LINE, qt.QColor("white"))
    painter.drawText(left + MARGIN, bottom - 2 * LINE, f"{length} mm")


def barLength(width: int, scale: float) -> int:
    """The longest round number of mm that fits into a part of the width of the view; `scale` is mm per pixel."""
    return max((bar for bar in BARS if bar <= WIDEST * width * scale), default=BARS[0])


def millimetresPerPixel(tag: str) -> float:
    node = sliceNode(tag)
    return node.GetFieldOfView()[0] / max(node.GetDimensions()[0], 1)


def viewImage(tag: str):
    """What a view shows now, as a Qt image."""
    import qt
    import slicer
    import vtk

    view = slicer.app.layoutManager().sliceWidget(tag).sliceView()
    view.forceRender()
    grab = vtk.vtkWindowToImageFilter()
    grab.SetInput(view.renderWindow())
    grab.ReadFrontBufferOff()
    with tempfile.TemporaryDirectory() as folder:
        writer = vtk.vtkPNGWriter()
        writer.SetInputConnection(grab.GetOutputPort())
        writer.SetFileName(f"{folder}/view.png")
        writer.Write()
        return qt.QImage(f"{folder}/view.png")
