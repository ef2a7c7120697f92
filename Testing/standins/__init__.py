"""Stand-ins for what the wheel `slicer-core` lacks of Slicer: the application, Qt's names, some pure-Python modules.

They follow the documented behaviour as far as this project uses it. The scene, its nodes and its logics are real.
"""

import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).parent


class Environment(dict):
    """As Qt has it."""

    def value(self, name: str) -> str:
        return self[name]


class LayoutManager:
    """Slicer's real layout logic, and a real slice logic for every slice view, without windows."""

    def __init__(self, scene) -> None:
        import slicer

        self._scene, self._views = scene, {}
        self._logic = slicer.vtkMRMLLayoutLogic()
        self._logic.SetMRMLScene(scene)
        node = self._logic.GetLayoutNode()
        node.SetViewArrangement(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView)
        node.AddObserver("ModifiedEvent", lambda *_: self._addViews())

    def layoutLogic(self):
        return self._logic

    def sliceWidget(self, name: str):
        return self._views.get(name)

    def _addViews(self) -> None:
        import slicer
        import slicer.util

        for node in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
            if node.GetLayoutName() not in self._views:
                logic = slicer.vtkMRMLSliceLogic()
                logic.SetMRMLScene(self._scene)
                logic.SetSliceNode(node)
                self._views[node.GetLayoutName()] = SimpleNamespace(sliceLogic=lambda logic=logic: logic)


class Application:
    """What `slicer.app` offers to the module."""

    def __init__(self) -> None:
        self.temporaryPath = tempfile.gettempdir()
        self.manager: LayoutManager | None = None

    def layoutManager(self) -> LayoutManager | None:
        return self.manager

    def startupEnvironment(self) -> "Environment":
        return Environment(os.environ)

    def testingEnabled(self) -> bool:
        return True

    def clipboard(self):
        from PySide6.QtWidgets import QApplication

        return QApplication.clipboard()

    def connect(self, signal: str, slot) -> None:
        """Nothing here ever starts up, nor is a module ever unloaded."""

    disconnect = connect

    def moduleManager(self) -> "Application":
        return self

    def translate(self, context: str, text: str) -> str:
        from PySide6.QtCore import QCoreApplication

        return QCoreApplication.translate(context, text)


def install() -> None:
    """Make `qt`, `ctk` and the missing parts of `slicer` importable."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import slicer  # before this folder is on the path, or it would import the parts at once

    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
        slicer.app = Application()
        import slicer.util
        import slicers_own
        import widgets

        if (scripts := slicers_own.folder()) is not None:
            slicers_own.use(scripts)
        else:
            slicer.__path__.append(str(HERE / "slicer"))
        _keep_settings_apart()
        slicer.util.modulePath = lambda name: str(HERE.parents[1] / name / f"{name}.py")
        slicer.util.loadUI, slicer.util.childWidgetVariables = widgets.load, widgets.children
        slicer.util.showStatusMessage = lambda message, duration=0: None  # there is no main window
    new_scene()


def _keep_settings_apart() -> None:
    """The tests neither read nor change what this computer's user has set."""
    from PySide6.QtCore import QCoreApplication, QSettings

    QCoreApplication.setOrganizationName("IQT tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, tempfile.mkdtemp(prefix="IQT-settings-"))


def new_scene():
    """An empty scene that is `slicer.mrmlScene`, with subject hierarchy and a layout node."""
    import slicer

    slicer.mrmlScene = slicer.vtkMRMLScene()
    slicer.mrmlScene.RegisterNodeClass(slicer.vtkMRMLColorLegendDisplayNode())  # as the module Colors does
    slicer.mrmlScene.RegisterNodeClass(slicer.vtkMRMLCommandLineModuleNode())  # as the command-line modules do
    hierarchy = slicer.vtkSlicerSubjectHierarchyModuleLogic()
    hierarchy.SetMRMLScene(slicer.mrmlScene)
    slicer.mrmlScene.hierarchyLogic = hierarchy  # alive as long as the scene
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCrosshairNode")
    slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(slicer.mrmlScene)
    slicer.app.manager = LayoutManager(slicer.mrmlScene)
    return slicer.mrmlScene
