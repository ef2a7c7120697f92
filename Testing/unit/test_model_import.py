"""`iqt models import`: a model arrives whole and checked, or not at all."""

import errno
import json
import zipfile

import pytest
import tiny
from IQTLib.errors import ExistsError, ModelError, OutputError
from IQTLib.models.store import available, load
from IQTLib.models.transfer import import_model


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The user's folder of models, which is not there yet."""
    monkeypatch.setenv("IQT_MODELS", str(tmp_path / "mine"))
    return tmp_path / "mine"


@pytest.fixture
def a_model(tmp_path):
    tiny.saved(tmp_path / "elsewhere" / "copied")
    return tmp_path / "elsewhere" / "copied"


def zipped(folder, path, prefix="some/where/"):
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"{prefix}{file.name}")
    return path


@pytest.mark.parametrize("form", ["folder", "card", "zip"])
def test_a_model_comes_from_a_folder_its_card_or_a_zip(mine, a_model, tmp_path, form):
    (a_model / "notes.txt").write_text("not needed")
    source = {"folder": a_model, "card": a_model / "card.json", "zip": zipped(a_model, tmp_path / "model.zip")}[form]
    name = load(a_model).card.name
    assert import_model(source) == mine / name
    assert available()[name] == mine / name
    assert load(name).card == load(a_model).card
    assert {path.name for path in (mine / name).iterdir()} == {"card.json", "weights.safetensors"}


def test_a_model_is_never_replaced(mine, a_model):
    import_model(a_model)
    with pytest.raises(ExistsError, match="already"):
        import_model(a_model)
    content = json.loads((a_model / "card.json").read_text()) | {"name": "srep-t1w-x4"}
    (a_model / "card.json").write_text(json.dumps(content))
    with pytest.raises(ExistsError, match="srep-t1w-x4 already"):  # a shipped one would be hidden
        import_model(a_model)


@pytest.mark.parametrize("name", ["../escaped", "a/b", "", ".hidden", "nul\0"])
def test_a_name_that_leads_to_another_folder_is_refused(mine, a_model, name):
    content = json.loads((a_model / "card.json").read_text()) | {"name": name}
    (a_model / "card.json").write_text(json.dumps(content))
    with pytest.raises(ModelError):
        import_model(a_model)
    assert not mine.exists() or list(mine.iterdir()) == []


def test_damaged_weights_leave_nothing(mine, a_model, tmp_path):
    weights = a_model / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"oops")
    with pytest.raises(ModelError, match="damaged or foreign"):
        import_model(zipped(a_model, tmp_path / "model.zip"))
    assert not mine.exists() or list(mine.iterdir()) == []


def test_archives_that_are_none_or_hold_no_one_model_are_refused(mine, a_model, tmp_path):
    text = tmp_path / "model.zip"
    text.write_text("no zip")
    with pytest.raises(ModelError, match="cannot be unpacked"):
        import_model(text)
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("a/card.json", "{}")
        archive.writestr("b/card.json", "{}")
    with pytest.raises(ModelError, match=r"holds 2 files card\.json"):
        import_model(text)
    with pytest.raises(ModelError, match="is not there"):
        import_model(tmp_path / "nowhere.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_whatever_is_wrong_in_an_archive_is_called_damage(mine, a_model, tmp_path, method):
    """Each way of packing raised an error of its own, which was an "unexpected" one."""
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in a_model.iterdir():
            archive.write(file, file.name)
        at = archive.getinfo("weights.safetensors").header_offset + 60
    content = bytearray(path.read_bytes())
    content[at : at + 100] = bytes(100 * [0xA5])
    path.write_bytes(content)
    with pytest.raises(ModelError, match="cannot be unpacked"):
        import_model(path)


def test_an_archive_of_zeros_is_not_unpacked(mine, tmp_path, monkeypatch):
    monkeypatch.setattr("IQTLib.models.transfer.MOST_CARD", 2**16)
    with zipfile.ZipFile(tmp_path / "model.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", "{}")
        archive.writestr("weights.safetensors", bytes(2**21))
    with pytest.raises(ModelError, match=r"weights\.safetensors would grow from .* kB to 2\.1 MB"):
        import_model(tmp_path / "model.zip")


def test_what_is_wrong_in_an_archive_is_reported_of_the_archive(mine, a_model, tmp_path):
    (a_model / "card.json").write_text("[]")
    path = zipped(a_model, tmp_path / "model.zip")
    with pytest.raises(ModelError, match=r"model\.zip/card\.json is not a model card") as told:
        import_model(path)
    assert "iqt-model-" not in str(told.value)


def test_a_disk_without_room_for_the_archive_is_reported(mine, a_model, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    path = zipped(a_model, tmp_path / "model.zip")
    monkeypatch.setattr("IQTLib.models.transfer.shutil.copyfileobj", full)
    with pytest.raises(OutputError, match=r"model\.zip cannot be unpacked into .*: No space left"):
        import_model(path)


def test_a_folder_of_models_that_cannot_be_made_or_read_is_reported(a_model, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("IQT_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(OutputError, match="cannot write to"):
        import_model(a_model)
    monkeypatch.setenv("IQT_MODELS", str(tmp_path))
    monkeypatch.setattr(
        "pathlib.Path.iterdir", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    with pytest.raises(
        ModelError,
        match=r"cannot be read \(Permission denied\): change its permissions, or set "
        r"IQT_MODELS",
    ):
        available()


def test_an_archive_that_would_fill_the_disk_is_not_unpacked(mine, a_model, tmp_path, monkeypatch):
    monkeypatch.setattr("IQTLib.models.transfer.LIMITS", {"card.json": 10, "weights.safetensors": 10})
    with pytest.raises(ModelError, match="far too large for a model"):
        import_model(zipped(a_model, tmp_path / "model.zip"))
