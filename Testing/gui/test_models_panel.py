"""The section Models: a list, details, import, check, delete."""

import zipfile

import pytest
import slicer.util
import tiny
from IQTLib.models.store import read_card, write_card


@pytest.fixture(autouse=True)
def srep_by_default(monkeypatch):
    """A default with weights, a card and settings: the recommended model has none of them."""
    monkeypatch.setattr("IQTLib.models.store.DEFAULT_MODEL", "srep-t1w-x4")


@pytest.fixture
def manager(a_panel, a_volume):
    """The panel with the section open."""
    a_volume()
    panel = a_panel()
    panel.ui.modelsCollapsibleButton.setCollapsed(False)
    return panel


def names(panel) -> list[str]:
    table = panel.ui.modelsTable
    return [table.item(row, 0).text() for row in range(table.rowCount())]


def choose(panel, name: str) -> None:
    panel.ui.modelsTable.selectRow(names(panel).index(name))


@pytest.fixture
def a_zip(tmp_path):
    """A zip file of a model named "other"."""
    folder = tmp_path / "elsewhere" / "other"
    tiny.saved(folder)
    card = read_card(folder)
    write_card(type(card)(**vars(card) | {"name": "other"}), folder)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"other/{file.name}")
    return tmp_path / "other.zip"


def test_every_model_is_listed_with_its_size_and_origin(manager):
    assert {"srep-t1w-x4", "unet-t1w-x4", "cubic", "tiny"} <= set(names(manager))
    row = names(manager).index("unet-t1w-x4")
    table = manager.ui.modelsTable
    told = [table.item(row, column).text() for column in range(table.columnCount())]
    assert told[1:4] == ["T1-weighted", "4.7 MiB", "shipped"]
    choose(manager, "unet-t1w-x4")
    text = manager.ui.modelDetailsLabel.text()
    assert "Trained on" in text
    assert "held-out" in text


def test_the_recommended_model_is_the_first_and_what_is_built_in_comes_last(manager):
    assert names(manager)[0] == "srep-t1w-x4"
    assert names(manager).index("tiny") < names(manager).index("cubic")


def test_shipped_models_cannot_be_deleted_and_own_ones_can(manager, models, monkeypatch):
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text: True)
    choose(manager, "srep-t1w-x4")
    assert not manager.ui.deleteModelButton.isEnabled()
    assert "Only your own models can be deleted" in manager.ui.deleteModelButton.toolTip()
    manager.ui.modelComboBox.setCurrentIndex(3)
    assert manager.modelPanel.entry.name == "tiny"
    choose(manager, "tiny")
    manager.ui.deleteModelButton.click()
    assert list(models.iterdir()) == []
    assert "tiny" not in names(manager)
    assert manager.modelPanel.entry.name == "srep-t1w-x4"  # what was chosen is gone


def test_nothing_is_deleted_unless_it_is_confirmed(manager, models, monkeypatch):
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text: False)
    choose(manager, "tiny")
    manager.ui.deleteModelButton.click()
    assert (models / "tiny" / "card.json").is_file()


def test_an_imported_model_can_be_chosen_at_once(manager, models, a_zip, wait_until):
    manager.modelsPanel.importFrom(a_zip)
    assert not manager.ui.importModelButton.isEnabled()
    wait_until(lambda: manager.ui.importModelButton.isEnabled())
    assert "other is now in your models folder" in manager.ui.modelsStatusLabel.text()
    assert manager.modelsPanel.chosen.name == "other"
    assert "other" in [manager.ui.modelComboBox.itemText(n) for n in range(manager.ui.modelComboBox.count())]
    manager.modelsPanel.importFrom(a_zip)
    wait_until(lambda: manager.ui.importModelButton.isEnabled())
    assert "file or folder of that name already exists" in manager.ui.modelsStatusLabel.text()


def test_a_bad_file_is_not_imported(manager, models, tmp_path, wait_until):
    (tmp_path / "bad.zip").write_text("no zip")
    manager.modelsPanel.importFrom(tmp_path / "bad.zip")
    wait_until(lambda: manager.ui.importModelButton.isEnabled())
    assert "cannot be unpacked" in manager.ui.modelsStatusLabel.text()
    assert [path.name for path in models.iterdir()] == ["tiny"]


def test_a_check_says_what_it_found(manager, models, wait_until):
    choose(manager, "tiny")
    manager.ui.checkModelButton.click()
    wait_until(lambda: manager.ui.checkModelButton.isEnabled())
    assert "tiny passed all checks" in manager.ui.modelsStatusLabel.text()
    (models / "tiny" / "weights.safetensors").write_bytes(b"oops")
    manager.ui.checkModelButton.click()
    wait_until(lambda: manager.ui.checkModelButton.isEnabled())
    assert "damaged or foreign" in manager.ui.modelsStatusLabel.text()
