"""Slicer's own pure-Python modules in place of ours: the tests then run on what really binds widgets to parameters.

The environment variable IQT_SLICER_SCRIPTS names the folder `Base/Python/slicer` of a checkout of Slicer. Its files
are written for PythonQt, where a widget's properties are attributes; `PythonQtWidget` gives Qt's widgets that form.
"""

import os
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

VARIABLE = "IQT_SLICER_SCRIPTS"
MODULES = ("ScriptedLoadableModule", "i18n", "packaging", "parameterNodeWrapper")


def folder() -> Path | None:
    """Where Slicer's own files are, if the tests are to use them."""
    return Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


class PythonQtWidget:
    """A widget as PythonQt shows it: its properties by name, all else as it is."""

    METHODS = frozenset({"value"})  # properties in CTK that its stand-ins have as methods

    def __init__(self, widget) -> None:
        object.__setattr__(self, "_widget", widget)

    def __getattr__(self, name: str):
        widget = self._widget
        if widget.metaObject().indexOfProperty(name) >= 0:
            return widget.property(name)
        found = getattr(widget, name)
        return found() if name in self.METHODS and callable(found) and not hasattr(found, "connect") else found

    def __setattr__(self, name: str, value) -> None:
        if self._widget.metaObject().indexOfProperty(name) >= 0:
            given = list(value) if isinstance(value, tuple) else value
            assert self._widget.setProperty(name, given), f"{name} of {self._widget} cannot be {value!r}"
        else:
            getattr(self._widget, f"set{name[0].upper()}{name[1:]}")(value)


@cache
def kind(name: str) -> type:
    """The class that stands for a widget class of that name."""
    return type(name, (PythonQtWidget,), {})


def wrapped(widget):
    return kind(type(widget).__name__)(widget)


class _Kinds(ModuleType):
    """A module in which every name is a class of widgets."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return kind(name)


def use(scripts: Path) -> None:
    """Let `import slicer.parameterNodeWrapper` and its neighbours find Slicer's own."""
    import slicer

    for module in MODULES:
        assert (scripts / module).is_dir() or (scripts / f"{module}.py").is_file(), f"{scripts} has no {module}"
    slicer.__path__.append(str(scripts))
    sys.modules["ctk"] = kinds = _Kinds("ctk")
    for source in (scripts / "parameterNodeWrapper").glob("*.py"):
        for name in set(re.findall(r"slicer\.(q\w+)", source.read_text(encoding="utf-8"))):
            setattr(slicer, name, kind(name))
    from slicer.parameterNodeWrapper import guiConnectors, wrapper

    guiConnectors.qt = kinds
    create = guiConnectors.createGuiConnector
    wrapper.createGuiConnector = lambda widget, datatype: create(wrapped(widget), datatype)
