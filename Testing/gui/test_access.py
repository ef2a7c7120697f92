"""For everyone: names for screen readers, tab order, narrow panels, large text, light and dark."""

import numpy as np
import pytest
import qt
from forms import Form
from IQTEnhanceLib.GaugePanel import FINE
from IQTEnhanceLib.RunPanel import REMARK, WRONG
from IQTEnhanceLib.Tables import fillTable

TEXTLESS = {
    *("QComboBox", "qMRMLNodeComboBox", "ctkSliderWidget", "QTableWidget", "QPlainTextEdit", "QProgressBar"),
    *("QLineEdit", "QSpinBox", "QDoubleSpinBox"),
}
NARROW = 340  # pixels that Slicer's module panel has at the least, at 100 %
LIGHT, DARK = "#F0F0F0", "#323232"


@pytest.mark.parametrize("module", ["IQTEnhance", "IQTTraining"])
def test_a_screen_reader_has_a_name_for_every_control(module):
    controls = [widget for widget in Form(module).widgets if widget.get("class") in TEXTLESS]
    names = {widget.get("name"): widget.findtext("property[@name='accessibleName']/string") for widget in controls}
    assert [name for name, told in names.items() if not told] == []
    assert len(set(names.values())) == len(names)
    labels = [widget for widget in Form(module).widgets if widget.get("class") == "QLabel"]
    assert all(label.find("property[@name='accessibleName']") is None for label in labels)  # it would hide their text


@pytest.fixture
def whole(a_panel, a_volume):
    """The panel of IQT Enhance with every section open and long names everywhere."""
    a_volume("a volume with a name that is far too long for any panel " * 2)
    panel = a_panel()
    for name, widget in vars(panel.ui).items():
        if name.endswith("CollapsibleButton"):
            widget.setCollapsed(False)
    panel.setupPanel._setup = type(panel.setupPanel._setup)(("torch>=2.1", "monai>=1.3"), 100.0)
    panel.setupPanel._show()
    panel.runPanel.warn(["The slices are farther apart than those that the model was trained for, by a great deal"])
    fillTable(panel.ui.modelsTable, [("a model with a long name " * 4,) * 5])
    return panel


def laid_out(panel, width: int):
    widget = panel.parent
    widget.setFixedWidth(width)
    widget.show()
    for _ in range(3):  # labels that wrap find their height in the second round
        qt.QCoreApplication.processEvents()
        widget.resize(width, widget.layout().totalHeightForWidth(width))
    return widget


def seen(widget) -> list:
    kinds = (qt.QPushButton, qt.QComboBox, qt.QCheckBox, qt.QLineEdit, qt.QAbstractSpinBox, qt.QTableWidget)
    return [child for child in widget.findChildren(qt.QWidget) if isinstance(child, kinds) and child.isVisible()]


def place(child, widget) -> tuple[int, int]:
    corner = child.mapTo(widget, qt.QPoint(0, 0))
    return corner.y(), corner.x()


def test_the_tab_key_goes_as_the_eye_does(whole):
    widget = laid_out(whole, 460)
    controls = [c for c in seen(widget) if c.objectName() and not c.objectName().startswith("qt_")]
    chain, current = [], widget
    for _ in range(1000):
        current = current.nextInFocusChain()
        if current in controls and current not in chain:
            chain.append(current)
    rows = [place(child, widget)[0] // 12 for child in chain]
    assert len(chain) > 25
    assert rows == sorted(rows), [child.objectName() for child in chain]


@pytest.mark.parametrize("scale", [1.25])  # 1 and 2 are in `test_french`
def test_nothing_is_cut_off_in_a_narrow_panel_and_with_large_text(whole, scale):
    application = qt.QApplication.instance()
    before = application.font()
    large = qt.QFont(before)
    large.setPointSizeF(before.pointSizeF() * scale)
    application.setFont(large)
    try:
        width = int(NARROW * scale)
        widget = laid_out(whole, width)
        assert widget.minimumSizeHint().width() <= width
        outside = [c.objectName() for c in seen(widget) if place(c, widget)[1] + c.width() > width]
        assert outside == []
        cut = [
            c.text() for c in seen(widget) if isinstance(c, qt.QPushButton) and c.width() < c.minimumSizeHint().width()
        ]
        assert cut == []
    finally:
        application.setFont(before)


def luminance(colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    channels = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(qt.QColor(one)), luminance(qt.QColor(other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_remarks_and_errors_can_be_read_in_both_themes(ground):
    assert contrast(REMARK, ground) >= 3
    assert contrast(WRONG, ground) >= 3
    assert contrast(FINE, ground) >= 3


def test_the_panel_follows_a_dark_theme(whole):
    """Nothing paints a ground of its own: a picture on dark is dark, but for the letters."""
    application = qt.QApplication.instance()
    before = application.palette()
    dark = qt.QPalette(qt.QColor(DARK))
    application.setPalette(dark)
    try:
        label = whole.ui.warningsLabel
        image = laid_out(whole, 460) and label.grab().toImage().convertToFormat(qt.QImage.Format_Grayscale8)
        grey = np.frombuffer(image.constBits(), np.uint8)
        assert np.median(grey) < 80
        assert grey.max() > 200  # letters in the theme's own colour
    finally:
        application.setPalette(before)
