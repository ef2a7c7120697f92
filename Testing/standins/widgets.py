"""Widgets of CTK and Slicer as plain Qt widgets with the same properties, signals and slots, for `QUiLoader`."""

from PySide6.QtCore import Property, Qt, Signal
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

STEPS = 1000


class qMRMLWidget(QWidget):  # noqa: N801
    scene = None

    def setMRMLScene(self, scene) -> None:
        self.scene = scene
        for selector in self.findChildren(qMRMLNodeComboBox):
            selector.setMRMLScene(scene)


class ctkCollapsibleButton(QWidget):  # noqa: N801
    contentsCollapsed = Signal(bool)

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._button = QToolButton(self, checkable=True, checked=True, arrowType=Qt.ArrowType.DownArrow)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setStyleSheet("QToolButton { border: none; background: #DDE5EC; font-weight: bold; padding: 3px }")
        self._button.toggled.connect(lambda shown: self.setCollapsed(not shown))
        self.setContentsMargins(0, 26, 0, 0)

    def resizeEvent(self, event) -> None:
        self._button.setFixedSize(self.width(), 24)

    def getText(self) -> str:
        return self._button.text()

    def setText(self, text: str) -> None:
        self._button.setText(text)

    def getCollapsed(self) -> bool:
        return not self._button.isChecked()

    def setCollapsed(self, collapsed: bool) -> None:
        self._button.setChecked(not collapsed)
        self._button.setArrowType(Qt.ArrowType.RightArrow if collapsed else Qt.ArrowType.DownArrow)
        self.setMaximumHeight(26 if collapsed else 16777215)
        policy = QSizePolicy.Policy.Fixed if collapsed else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.contentsCollapsed.emit(collapsed)

    text = Property(str, getText, setText)
    collapsed = Property(bool, getCollapsed, setCollapsed)


class ctkSliderWidget(QWidget):  # noqa: N801
    valueChanged = Signal(float)

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._slider = QSlider(Qt.Orientation.Horizontal, self, maximum=STEPS)
        self._box = QDoubleSpinBox(self, maximum=1.0, singleStep=0.05)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._slider)
        layout.addWidget(self._box)
        self._slider.valueChanged.connect(lambda step: self.setValue(step / STEPS))
        self._box.valueChanged.connect(self._changed)

    def _changed(self, value: float) -> None:
        self._slider.setValue(round(value * STEPS))
        self.valueChanged.emit(value)

    def value(self) -> float:
        return self._box.value()

    def setValue(self, value: float) -> None:
        self._box.setValue(value)

    minimum = Property(float, lambda self: self._box.minimum(), lambda self, value: self._box.setMinimum(value))
    maximum = Property(float, lambda self: self._box.maximum(), lambda self, value: self._box.setMaximum(value))
    singleStep = Property(
        float, lambda self: self._box.singleStep(), lambda self, value: self._box.setSingleStep(value)
    )


class qMRMLNodeComboBox(QWidget):  # noqa: N801
    """Lists the scene's nodes of its types when asked."""

    currentNodeChanged = Signal(object)

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._box = QComboBox(self)
        self._nodes: list = [None]
        self._types: list[str] = []
        self._none = self._add = self._rename = self._remove = self._children = False
        self._noneText = "None"
        self.scene = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box)
        self._box.currentIndexChanged.connect(lambda index: self.currentNodeChanged.emit(self._nodes[index]))

    def setMRMLScene(self, scene) -> None:
        self.scene = scene
        self._list(None)

    def currentNode(self):
        return self._nodes[max(self._box.currentIndex(), 0)]

    def setCurrentNode(self, node) -> None:
        if node is not self.currentNode() or node not in self._nodes:
            self._list(node)
            self.currentNodeChanged.emit(node)

    def _list(self, current) -> None:
        found = [] if self.scene is None else [self.scene.GetNthNode(n) for n in range(self.scene.GetNumberOfNodes())]
        self._nodes = [None] + [node for node in found if node.GetClassName() in self._types]
        self._box.blockSignals(True)
        self._box.clear()
        none = self._noneText if self._none else "Select a volume"
        self._box.addItems([none if node is None else node.GetName() for node in self._nodes])
        self._box.setCurrentIndex(self._nodes.index(current))
        self._box.blockSignals(False)

    def _setTypes(self, types) -> None:
        self._types = list(types)

    nodeTypes = Property("QStringList", lambda self: self._types, _setTypes)
    noneDisplay = Property(str, lambda self: self._noneText, lambda self, text: setattr(self, "_noneText", text))
    noneEnabled = Property(bool, lambda self: self._none, lambda self, on: setattr(self, "_none", on))
    addEnabled = Property(bool, lambda self: self._add, lambda self, on: setattr(self, "_add", on))
    renameEnabled = Property(bool, lambda self: self._rename, lambda self, on: setattr(self, "_rename", on))
    removeEnabled = Property(bool, lambda self: self._remove, lambda self, on: setattr(self, "_remove", on))
    showChildNodeTypes = Property(bool, lambda self: self._children, lambda self, on: setattr(self, "_children", on))


def load(path) -> QWidget:
    """The widget of a .ui file."""
    loader = QUiLoader()
    for kind in (qMRMLWidget, ctkCollapsibleButton, ctkSliderWidget, qMRMLNodeComboBox):
        loader.registerCustomWidget(kind)
    widget = loader.load(str(path))
    assert widget is not None, loader.errorString()
    return widget


def children(widget) -> object:
    """An object with every named child as an attribute, as `slicer.util.childWidgetVariables` gives in Slicer."""

    class Children:
        pass

    found = Children()
    for child in widget.findChildren(QWidget):
        if child.objectName() and not child.objectName().startswith("qt_"):
            setattr(found, child.objectName(), child)
    return found
