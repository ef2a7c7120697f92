"""Plots and tables in the scene: the SNR distribution, the curves of a training, its slice, its test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from IQTEnhanceLib.Exchange import readVolume
from IQTEnhanceLib.Output import markAsNoScan
from slicer.i18n import tr as _

DRAWS = 60
SCORE_TITLES = (
    *(_("Scans"), _("Units"), _("Measure"), _("Interpolation")),
    *(_("Model"), _("Ratio"), _("95 % interval"), _("Subjects")),
)
MARGIN, LEGEND = 0.05, 0.4  # of the curves' height, below and above them
SLICE_AFFINE = ((-1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))


class Chart:
    """A plot chart with its table and series, made once and then refilled; `name` is theirs in the scene."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.node: Any = None
        self._nodes: dict[str, Any] = {}

    def fill(self, columns: Mapping[str, Sequence[float]], *, x: str, y: str) -> Any:
        """Show the first of the columns against the others; returns the chart node."""
        import numpy as np
        import slicer
        import slicer.util

        if self.node is not None and not slicer.mrmlScene.IsNodePresent(self.node):
            self._nodes = {}
        array = np.column_stack([np.asarray(values, float) for values in columns.values()])
        self.node = slicer.util.plot(
            array, xColumnIndex=0, columnNames=list(columns), title=self.name, show=False, nodes=self._nodes
        )
        for axis, title in (("X", x), ("Y", y)):
            getattr(self.node, f"Set{axis}AxisTitle")(title)
        for series, name in zip(self._nodes["series"], list(columns)[1:], strict=True):
            series.SetName(name)  # what the legend shows
        self._makeRoom(array[:, 1:])
        return self.node

    def _makeRoom(self, values) -> None:
        """Leave the top of the chart to the legend, which would lie over the curves."""
        import numpy as np

        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        span = (high - low) or abs(high) or 1.0
        self.node.SetYAxisRangeAuto(False)
        self.node.SetYAxisRange(low - MARGIN * span, high + LEGEND * span)

    def style(self, number: int, *, line: bool, points: bool, colour: tuple[float, float, float]) -> None:
        """How the series of a column looks."""
        import slicer

        kind = slicer.vtkMRMLPlotSeriesNode
        series = self._nodes["series"][number]
        series.SetLineStyle(kind.LineStyleSolid if line else kind.LineStyleNone)
        series.SetMarkerStyle(kind.MarkerStyleCircle if points else kind.MarkerStyleNone)
        series.SetColor(*colour)

    def show(self) -> None:
        """Put the chart into the layout's plot view."""
        import slicer

        if self.node is not None:
            slicer.modules.plots.logic().ShowChartInLayout(self.node)


def showDistribution(chart: Chart, preset: str, seed: int) -> Any:
    """Pairs of SNR that are drawn from `preset` (a name or five numbers), and its Mahalanobis ellipses 1 and 3."""
    import numpy as np
    from IQTLib.physics import simulation

    distribution = simulation.preset(preset)
    drawn = distribution.draw(DRAWS, np.random.default_rng(seed))
    ellipses = [distribution.ellipse(distance) for distance in (1.0, 3.0)]
    # One column of x for all series, as a chart's table has it: what a series lacks there is no number.
    x = np.concatenate([drawn[:, 0], *(ellipse[:, 0] for ellipse in ellipses)])
    parts = [drawn, *ellipses]
    columns, start = {_("SNR white matter"): x}, 0
    for name, part in zip((_("drawn"), "Mahalanobis 1", "Mahalanobis 3"), parts, strict=True):
        values = np.full(len(x), np.nan)
        values[start : start + len(part)] = part[:, 1]
        columns[name] = values
        start += len(part)
    node = chart.fill(columns, x=_("SNR white matter"), y=_("SNR grey matter"))
    chart.style(0, line=False, points=True, colour=(0.2, 0.4, 0.7))
    chart.style(1, line=True, points=False, colour=(0.1, 0.6, 0.2))
    chart.style(2, line=True, points=False, colour=(0.8, 0.3, 0.1))
    return node


class LiveNodes:
    """The nodes that show one training: two charts, and its latest validation slice as a volume."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.loss = Chart(_("{name} loss").format(name=name))
        self.validation = Chart(_("{name} validation").format(name=name))
        self.slice: Any = None
        self._shown: tuple[int, ...] = ()
        self._sliceOf = 0

    def update(self, curves: Mapping[str, Mapping[int, float]], sliceFile: str) -> None:
        """Update the nodes with what a job has reported."""
        loss, nrmse, ssim = (curves.get(name, {}) for name in ("loss", "nrmse_mean", "ssim"))
        if (len(loss), len(nrmse)) == self._shown:
            return
        self._shown = (len(loss), len(nrmse))
        if loss:
            steps = sorted(loss)
            columns = {_("step"): steps, _("loss"): [loss[step] for step in steps]}
            self.loss.fill(columns, x=_("step"), y=_("loss"))
            self.loss.style(0, line=True, points=False, colour=(0.2, 0.4, 0.7))
        if nrmse:
            steps = sorted(nrmse)
            columns = {_("step"): steps, "NRMSE": [nrmse[s] for s in steps], "SSIM": [ssim.get(s, 0) for s in steps]}
            self.validation.fill(columns, x=_("step"), y="NRMSE, SSIM")
            self.validation.style(0, line=True, points=True, colour=(0.8, 0.2, 0.1))
            self.validation.style(1, line=True, points=True, colour=(0.1, 0.6, 0.2))
        if len(nrmse) > self._sliceOf and sliceFile and Path(sliceFile).is_file():
            self._sliceOf = len(nrmse)
            self._showSlice(Path(sliceFile))

    def _showSlice(self, path: Path) -> None:
        """Low field, estimate and truth side by side, as one volume of one slice."""
        import slicer

        loaded = readVolume(path, SLICE_AFFINE)
        if self.slice is None or not slicer.mrmlScene.IsNodePresent(self.slice):
            title = _("{name} low field, estimate, truth").format(name=self.name)
            name = slicer.mrmlScene.GenerateUniqueName(title)
            self.slice = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
            self.slice.CopyOrientation(loaded)
            self.slice.CreateDefaultDisplayNodes()
            markAsNoScan(self.slice, _("a picture of a training"))
            self.slice.SetHideFromEditors(True)
        self.slice.SetAndObserveImageData(loaded.GetImageData())


def fillTable(name: str, columns: Mapping[str, Sequence[Any]], table: Any = None) -> Any:
    """A table node with columns of text or numbers; `table` is refilled while it is in the scene."""
    import slicer
    import vtk

    if table is None or not slicer.mrmlScene.IsNodePresent(table):
        table = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTableNode", slicer.mrmlScene.GenerateUniqueName(name))
    modified = table.StartModify()
    table.RemoveAllColumns()
    for title, values in columns.items():
        words = any(isinstance(value, str) for value in values)
        column = vtk.vtkStringArray() if words else vtk.vtkDoubleArray()
        column.SetName(title)
        for value in values:
            column.InsertNextValue(str(value) if words else float(value))
        table.AddColumn(column)
    table.EndModify(modified)
    return table


def scoreColumns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Scores of a model on held-out subjects beside those of interpolation, by set, units and measure."""
    titles = {"nrmse_mean": "NRMSE", "ssim": "SSIM"}
    columns: dict[str, list[Any]] = {name: [] for name in SCORE_TITLES}
    base = {(r["set"], r["units"], r["metric"]): r["mean"] for r in rows if r["model"] == "cubic"}
    for row in (row for row in rows if row["model"] != "cubic"):
        key = (row["set"], row["units"], row["metric"])
        low, high = row["interval"]
        cells = (*key[:2], titles.get(key[2], key[2]), base.get(key, float("nan")), row["mean"], row["ratio"])
        for name, value in zip(
            columns, (*cells, _("{low:.3f} to {high:.3f}").format(low=low, high=high), row["people"]), strict=True
        ):
            columns[name].append(value)
    return columns
