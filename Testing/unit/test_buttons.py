"""Every button of both panels is pressed in Slicer by a test of `Testing/app`, or it opens a dialog of the system."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
KINDS = {"QPushButton", "QCheckBox"}
DIALOGS = {  # a test cannot answer them; Testing/gui does, with a stand-in for the dialog
    "IQTEnhance": {
        *("setupButton", "setupWheelsButton"),  # install packages, which Slicer does not while it tests
        *("batchFolderButton", "snapshotButton", "importModelButton", "importFolderButton", "openModelsFolderButton"),
        *("deidentifyCheckBox", "databaseCheckBox"),  # read by Export, which asks for a folder
    },
    "IQTTraining": {"sourceFolderButton", "trainingFolderButton", "pairsFolderButton", "modelFolderButton"},
}


def buttons(module: str) -> set[str]:
    form = ElementTree.parse(ROOT / module / "Resources" / "UI" / f"{module}.ui")
    widgets = list(form.iter("widget"))
    checkable = [w for w in widgets if w.find("property[@name='checkable']") is not None]
    return {w.get("name") for w in widgets if w.get("class") in KINDS} | {w.get("name") for w in checkable}


@pytest.mark.parametrize("module", sorted(DIALOGS))
def test_every_button_is_pressed_in_slicer(module):
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "Testing" / "app").glob(f"{module}*Test.py"))
    left = {name for name in buttons(module) if f"ui.{name}" not in tests}
    assert left == DIALOGS[module]
