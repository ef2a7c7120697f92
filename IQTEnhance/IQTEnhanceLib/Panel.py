"""What the panels of both modules share: the form, the parameter node that they follow, the scene that may close."""

from typing import Any

import slicer
import slicer.util
import vtk
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleWidget


class ModulePanel(ScriptedLoadableModuleWidget, slicer.util.VTKObservationMixin):
    """A module's panel; its state is the parameter node.

    A subclass sets `logic` and `parts` (each with `setParameters`) in its `setup`, and says what `forget`,
    `initializeParameterNode` and `update` do.
    """

    def __init__(self, parent=None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        slicer.util.VTKObservationMixin.__init__(self)
        self.logic: Any = None
        self.parts: tuple[Any, ...] = ()
        self._parameterNode = None
        self._guiTag = None

    def loadForm(self, name: str) -> None:
        """Show `Resources/UI/<name>`; its widgets are then `self.ui`'s."""
        panel = slicer.util.loadUI(self.resourcePath(f"UI/{name}"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        panel.setMRMLScene(slicer.mrmlScene)

    def followScene(self) -> None:
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)

    def onSceneStartClose(self, caller, event) -> None:
        self.forget()
        self.setParameterNode(None)

    def onSceneEndClose(self, caller, event) -> None:
        if self.parent.isEntered:
            self.initializeParameterNode()

    def setParameterNode(self, parameters) -> None:
        """Follow `parameters`, or nothing."""
        if self._parameterNode is not None:
            self._parameterNode.disconnectGui(self._guiTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.update)
        self._parameterNode = parameters
        for part in self.parts:
            part.setParameters(parameters)
        if parameters is not None:
            self._guiTag = parameters.connectGui(self.ui)
            self.addObserver(parameters, vtk.vtkCommand.ModifiedEvent, self.update)
            self.update()

    def forget(self) -> None:
        """Release the nodes of a closing scene."""
        raise NotImplementedError

    def initializeParameterNode(self) -> None:
        """Follow the parameter node of the scene; give defaults to what was never chosen."""
        raise NotImplementedError

    def update(self, caller=None, event=None) -> None:
        """Bring everything that is not bound by name to what the parameter node says."""
        raise NotImplementedError
