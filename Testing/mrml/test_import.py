"""Loading the module costs Slicer next to nothing, and needs nothing that Slicer does not carry."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_IN_SLICER = ("deepbet", "isal", "nibabel", "rich", "safetensors", "skimage", "sklearn", "spams", "torch", "typer")
PRELUDE = f"""
import sys
sys.path[:0] = [{str(ROOT / "Testing")!r}, {str(ROOT / "IQTEnhance")!r}, {str(ROOT / "IQTTraining")!r}]
import standins; standins.install()
import numpy, vtk, qt, slicer, slicer.util
import slicer.ScriptedLoadableModule, slicer.parameterNodeWrapper, slicer.i18n
"""


def ran(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", PRELUDE + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_module_panel_and_logic_load_nothing_foreign_and_need_nothing_foreign():
    """As on the first day, before any package is installed: importing one of them fails."""
    blocked = f"""
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {NOT_IN_SLICER!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
import IQTEnhance
application = qt.QApplication([])
parent = qt.QWidget(); qt.QVBoxLayout(parent); parent.isEntered = True
panel = IQTEnhance.IQTEnhanceWidget(parent)
panel.setup()
print(panel.ui.modelComboBox.currentText(), [name for name in {NOT_IN_SLICER!r} if name in sys.modules])
"""
    assert ran(blocked) == "iqt-any []"


def test_training_panel_and_logic_load_nothing_foreign_and_need_nothing_foreign(tmp_path):
    blocked = f"""
import os; os.environ["IQT_JOBS"] = {str(tmp_path)!r}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {(*NOT_IN_SLICER, "lightning", "yaml")!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
import IQTTraining
application = qt.QApplication([])
parent = qt.QWidget(); qt.QVBoxLayout(parent); parent.isEntered = True
panel = IQTTraining.IQTTrainingWidget(parent)
panel.setup()
chart = panel.simulatePanel.plot(show=False)
print(chart.GetNumberOfPlotSeriesNodes(), [name for name in {NOT_IN_SLICER!r} if name in sys.modules])
"""
    assert ran(blocked).splitlines()[-1] == "3 []"


def test_list_of_models_needs_no_scipy():
    """It would keep Slicer's window waiting for a second, the first time a panel is opened."""
    code = "from IQTEnhanceLib.Catalogue import Catalogue; Catalogue(); print('scipy.ndimage' in sys.modules)"
    assert ran("import IQTEnhance; " + code) == "False"


@pytest.mark.parametrize("module", ["IQTEnhance", "IQTTraining"])
def test_importing_a_module_loads_only_its_own_files_and_the_standard_library(module):
    """Slicer imports every module at its start; everything else may load when the panel is opened."""
    code = f"""
before = set(sys.modules)
import {module}
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(sorted(name for name in new - set(sys.stdlib_module_names) if not name.startswith("IQT")))
"""
    assert ran(code) == "[]"
