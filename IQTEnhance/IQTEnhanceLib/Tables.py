"""Tables of the panels, alike in every binding of Qt."""

from collections.abc import Sequence

import qt

WIDEST = 22  # characters of a column: a long status is in its tool tip, too


def prepareTable(table, titles: Sequence[str]) -> None:
    """Columns with titles; rows are chosen whole and not edited."""
    table.setColumnCount(len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    table.setSelectionBehavior(qt.QAbstractItemView.SelectRows)
    table.setSelectionMode(qt.QAbstractItemView.SingleSelection)
    table.setEditTriggers(qt.QAbstractItemView.NoEditTriggers)
    header = table.horizontalHeader()
    table.resizeColumnsToContents()
    header.setMinimumSectionSize(header.sectionSize(len(titles) - 1))  # or stretching might cut the last title
    header.setStretchLastSection(True)
    table.setWordWrap(False)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)  # as high as the user's letters


def fillTable(
    table, rows: Sequence[Sequence[str]], *, ticked: Sequence[bool] = (), tips: Sequence[str] = (), current: int = -1
) -> None:
    """Set all cells without emitting signals; `ticked` gives the first column boxes, `current` chooses a row."""
    blocked = table.blockSignals(True)
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = qt.QTableWidgetItem(text)
            if column == 0 and ticked:
                item.setCheckState(qt.Qt.Checked if ticked[row] else qt.Qt.Unchecked)
            item.setToolTip(tips[row] if tips else text)
            table.setItem(row, column, item)
    fitColumns(table, len(rows[0]) if rows else 0)
    if 0 <= current < len(rows):
        table.selectRow(current)
    table.blockSignals(blocked)


def fitColumns(table, columns: int) -> None:
    """As wide as what they hold, within limits."""
    table.resizeColumnsToContents()
    widest = WIDEST * table.fontMetrics().averageCharWidth()
    for column in range(columns):
        table.setColumnWidth(column, min(table.columnWidth(column), widest))


def setCell(table, row: int, column: int, text: str, tip: str = "") -> None:
    """Change one cell without emitting signals."""
    blocked = table.blockSignals(True)
    table.item(row, column).setText(text)
    table.item(row, column).setToolTip(tip or text)
    table.blockSignals(blocked)


def tick(table, row: int, on: bool) -> None:
    """Set a row's box without emitting signals."""
    blocked = table.blockSignals(True)
    table.item(row, 0).setCheckState(qt.Qt.Checked if on else qt.Qt.Unchecked)
    table.blockSignals(blocked)


def isTicked(table, row: int) -> bool:
    return table.item(row, 0).checkState() == qt.Qt.Checked


def chooseFolder(title: str, start: str) -> str:
    """A folder that the user chose, or nothing."""
    return str(qt.QFileDialog.getExistingDirectory(None, title, start) or "")
