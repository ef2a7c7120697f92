"""Files of others: only regular ones, only so large, only what memory holds; nothing waits and nothing swells."""

import os
import threading
import tracemalloc
from types import SimpleNamespace

import psutil
import pytest
from IQTLib.errors import InputError, ModelError
from IQTLib.io.reading import MOST_TEXT, check_memory, open_regular, read_bytes, read_json, read_text
from IQTLib.models.store import CARD, WEIGHTS, load
from IQTLib.training.recipe import load_recipe
from tiny import saved

pytestmark = pytest.mark.filterwarnings("error")  # no file is left open

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


def pipe(path):
    os.mkfifo(path)
    return path


def endless(path):
    path.symlink_to("/dev/zero")
    return path


def within_seconds(work, seconds=20):
    """The error that `work` raises; a failure when it waits."""
    raised = []

    def run():
        try:
            work()
        except Exception as error:
            raised.append(error)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(seconds)
    assert not worker.is_alive(), "it waits"
    assert raised, "it was taken"
    return raised[0]


def test_a_file_is_read_up_to_its_limit(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"\xc3\xbc\r\nb")
    assert read_bytes(path, most=5) == b"\xc3\xbc\r\nb"
    assert read_text(path) == "ü\nb"
    with pytest.raises(OSError, match="5 bytes, more than the 4 bytes expected"):
        read_bytes(path, most=4)


def test_the_mark_that_excel_puts_before_text_is_no_text(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_bytes("participant_id\tscan\r\n".encode("utf-8-sig"))
    assert read_text(path) == "participant_id\tscan\n"


def test_folders_and_missing_files_are_refused(tmp_path):
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "none")


@posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_pipes_and_devices_are_not_waited_for(tmp_path, make):
    error = within_seconds(lambda: open_regular(make(tmp_path / "a")))
    assert "not a regular file" in str(error)


@posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_a_card_that_never_ends_is_refused(tmp_path, make):
    folder = saved(tmp_path / "tiny")
    (folder / CARD).unlink()
    make(folder / CARD)
    error = within_seconds(lambda: load(folder))
    assert isinstance(error, ModelError)
    assert "not a regular file" in str(error)


@posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_weights_that_never_end_are_refused(tmp_path, make):
    folder = saved(tmp_path / "tiny")
    (folder / WEIGHTS).unlink()
    make(folder / WEIGHTS)
    assert isinstance(within_seconds(lambda: load(folder)), ModelError)


@posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_a_recipe_that_never_ends_is_refused(tmp_path, make):
    path = make(tmp_path / "a.toml")
    error = within_seconds(lambda: load_recipe(path))
    assert isinstance(error, InputError)
    assert "not a regular file" in str(error)


def test_cards_larger_than_any_card_are_refused(tmp_path):
    folder = saved(tmp_path / "tiny")
    with (folder / CARD).open("ab") as file:
        file.truncate(MOST_TEXT + 1)
    with pytest.raises(ModelError, match="more than the"):
        load(folder)


@pytest.mark.parametrize("text", ["[" * 20_000, '{"a":' * 20_000, "[" * 51 + "]" * 51])
def test_json_nested_without_end_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ValueError, match="nested more than 50 deep"):
        read_json(tmp_path / "a.json")


def merged(levels):
    """Each level merges the one before nine times: nine to the power of `levels` keys."""
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.toml", ".".join("a" * 20_000) + " = 1", "more than 50 dots"),
        ("a.toml", "a = " + "[" * 20_000, "50 deep"),
        ("a.yaml", merged(6), "aliases"),
        ("a.yaml", "a: " + "[" * 20_000, "50 deep"),
        ("a.yaml", "- " * 20_000, "50 deep"),
        ("a.toml", "#" * 100_001, "more than the 100 kB expected"),
        ("a.yaml", "#" * 100_001, "more than the 100 kB expected"),
    ],
)
def test_recipes_that_swell_are_refused_before_they_do(tmp_path, name, text, says):
    (tmp_path / name).write_text(text)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=says) as refusal:
            load_recipe(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()
    assert "\n" not in str(refusal.value)


def test_memory_that_is_not_there_is_not_taken(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2e9))
    check_memory(1e9, "reading it")
    with pytest.raises(InputError, match=r"reading it needs about 1\.9 GB of memory, but only 2 GB is available"):
        check_memory(1.9e9, "reading it")
