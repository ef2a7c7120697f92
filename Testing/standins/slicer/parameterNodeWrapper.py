"""Typed parameters in a scripted module's node, and their bindings to widgets: the part that this project uses.

As in Slicer, a menu is bound to an Enum only, a node selector to nodes, a slider and a spin box to a number (whose
range they take over), a line to text, a check box to a truth value.
"""

from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import slicer
import vtk

PROPERTY = "SlicerParameterName"
TYPES = {"ctkSliderWidget": float, "QDoubleSpinBox": float, "QSpinBox": int, "QLineEdit": str, "QCheckBox": bool}
SIGNALS = {
    "QComboBox": "currentIndexChanged",
    "qMRMLNodeComboBox": "currentNodeChanged",
    "QLineEdit": "textChanged",
    "QCheckBox": "toggled",
}


class WithinRange:
    def __init__(self, minimum: float, maximum: float) -> None:
        self.minimum, self.maximum = minimum, maximum


def parameterNodeWrapper(cls):
    """Make every annotated name of `cls` a property that is kept in its node."""
    hints = get_type_hints(cls, include_extras=True)
    cls.allParameters = {name: _Parameter(name, hint, getattr(cls, name, None)) for name, hint in hints.items()}
    for name, parameter in cls.allParameters.items():
        setattr(cls, name, property(parameter.read, parameter.write))
    for name, function in vars(_Methods).items():
        if not name.startswith("__") or name == "__init__":
            setattr(cls, name, function)
    return cls


class _Parameter:
    def __init__(self, name: str, hint: Any, default: Any) -> None:
        self.name, self.default = name, default
        self.type, *self.annotations = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        union = get_origin(self.type) is Union
        kinds = get_args(self.type) if union else (self.type,)
        self.nodes = [kind.__name__ for kind in kinds if issubclass(kind, slicer.vtkMRMLNode)]
        assert not union or type(None) in kinds, f"{name}: Slicer wants None in a union of nodes"

    def read(self, wrapper) -> Any:
        node = wrapper.parameterNode
        if self.nodes:
            return node.GetNodeReference(self.name)
        text = node.GetParameter(self.name)
        if issubclass(self.type, Enum):
            return self.type[text]
        if self.type is bool:
            return text == "True"
        return text if self.type is str else self.type(text)

    def write(self, wrapper, value: Any) -> None:
        if self.nodes:
            assert value is None or value.GetClassName() in self.nodes, f"{self.name} cannot be {value}"
            wrapper.parameterNode.SetNodeReferenceID(self.name, value.GetID() if value is not None else None)
            return
        assert isinstance(value, self.type), f"{self.name} is {value!r}, not of {self.type}"
        for annotation in self.annotations:
            assert annotation.minimum <= value <= annotation.maximum, f"{self.name} is {value}"
        wrapper.parameterNode.SetParameter(self.name, value.name if isinstance(value, Enum) else str(value))


class _Methods:
    def __init__(self, parameterNode) -> None:
        self.parameterNode = parameterNode
        self._bindings: dict[int, list] = {}
        for parameter in self.allParameters.values():
            if not parameter.nodes and not parameterNode.GetParameter(parameter.name):
                parameter.write(self, parameter.default)

    def AddObserver(self, event, callback, priority=0.0):
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag):
        self.parameterNode.RemoveObserver(tag)

    def connectGui(self, ui) -> int:
        """Bind every widget of `ui` that has the property."""
        widgets = [widget for widget in vars(ui).values() if hasattr(widget, "property") and widget.property(PROPERTY)]
        bindings = [_Binding(self, widget) for widget in widgets]
        for binding in bindings:
            binding.show()
            binding.listen()
        tag = len(self._bindings)
        self._bindings[tag] = bindings
        self.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: [b.show() for b in self._bindings.get(tag, [])])
        return tag

    def disconnectGui(self, tag: int) -> None:
        for binding in self._bindings.pop(tag, []):
            binding.active = False


class _Binding:
    """One widget and one parameter."""

    def __init__(self, wrapper, widget) -> None:
        self.wrapper, self.widget, self.active, self._showing = wrapper, widget, True, False
        self.parameter = wrapper.allParameters[widget.property(PROPERTY)]
        self.kind = type(widget).__name__
        if self.kind == "QComboBox":
            assert issubclass(self.parameter.type, Enum), f"{self.parameter.name}: a menu shows an Enum"
            self.values = list(self.parameter.type)
            widget.clear()
            widget.addItems([value.label() for value in self.values])
        elif self.kind == "qMRMLNodeComboBox":
            assert self.parameter.nodes, f"{self.parameter.name}: a selector shows nodes"
            widget.nodeTypes = self.parameter.nodes
        else:
            assert TYPES.get(self.kind) is self.parameter.type, f"{self.kind} cannot be bound to {self.parameter.type}"
            if self.parameter.type in (int, float):
                assert self.parameter.annotations, f"{self.parameter.name}: a slider or spin box needs a range"
                [within] = self.parameter.annotations
                if self.kind != "ctkSliderWidget":
                    blocked = widget.blockSignals(True)
                    widget.setRange(within.minimum, within.maximum)
                    widget.blockSignals(blocked)

    def listen(self) -> None:
        getattr(self.widget, SIGNALS.get(self.kind, "valueChanged")).connect(self._changed)

    def show(self) -> None:
        self._showing = True
        value = getattr(self.wrapper, self.parameter.name)
        if self.kind == "QComboBox":
            self.widget.setCurrentIndex(self.values.index(value))
        elif self.kind == "qMRMLNodeComboBox":
            self.widget.setCurrentNode(value)
        elif self.kind == "QLineEdit":
            if self.widget.text() != value:  # or the cursor would jump to the end
                self.widget.setText(value)
        elif self.kind == "QCheckBox":
            self.widget.setChecked(value)
        else:
            self.widget.setValue(value)
        self._showing = False

    def _changed(self, *_args) -> None:
        if not self.active or self._showing:
            return
        if self.kind == "QComboBox":
            value = self.values[self.widget.currentIndex()]
        elif self.kind == "qMRMLNodeComboBox":
            value = self.widget.currentNode()
        elif self.kind == "QLineEdit":
            value = self.widget.text()
        elif self.kind == "QCheckBox":
            value = self.widget.isChecked()
        else:
            value = self.widget.value()
        setattr(self.wrapper, self.parameter.name, value)
