"""Errors of the worker in the panel's words: no options of the command line, no temporary paths, remedies that help."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import slicer.util
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Messages import Transcript
from IQTEnhanceLib.Words import WORDS
from IQTLib import errors

LIBRARY = Path(errors.__file__).resolve().parent
COMMAND_LINE = re.compile(r"(^|[ (`])(--[a-z]|iqt [a-z]|pip install)")
SPECIAL = {"ExistsError": "exists", "DeviceError": "no-device", "CancelledError": "stopped"}
CLASSES = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


@cache
def raised() -> list[tuple[str, str, str | None]]:
    """(place, text, code or None) of every error that the library raises where the modules call it."""
    found = []
    for path in sorted(LIBRARY.rglob("*.py")):
        if {"experiments", "cli"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            texts = {
                target.id: _text(node.value)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                    text = _text(node.exc.args[0])
                    name = getattr(node.exc.args[0], "id", None)
                    given = [word.value for word in node.exc.keywords if word.arg == "code"]
                    codes = [one.value if isinstance(one, ast.Constant) else "input" for one in given]  # passed on
                    codes += [SPECIAL[node.exc.func.id]] if getattr(node.exc.func, "id", "") in SPECIAL else []
                    found.append((f"{path.name}:{node.lineno}", texts.get(name, text), next(iter(codes), None)))
    return found


def _text(node) -> str:
    parts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return "".join(part for part in parts if isinstance(part, str))


def test_an_error_that_speaks_of_the_command_line_has_a_code_of_its_own():
    found = raised()
    assert len(found) > 100
    assert [place for place, text, code in found if COMMAND_LINE.search(text) and code is None] == []


def test_the_panel_has_its_own_words_for_every_code():
    codes = {code for _place, _text, code in raised() if code} | {kind.code for kind in CLASSES}
    assert codes | {"unexpected", "memory", "usage"} == set(WORDS)
    for sentence, remedy in WORDS.values():
        assert remedy
        assert not COMMAND_LINE.search(f"{sentence} {remedy}")


def test_no_message_with_an_option_reaches_the_panel():
    for place, text, code in raised():
        if COMMAND_LINE.search(text):
            sentence, _remedy = WORDS[code]
            assert sentence or code in ("setting", "stopped"), place


def failing(logic, volume, **arguments) -> EnhanceError:
    with pytest.raises(EnhanceError) as failure:
        logic.process(volume, device="cpu", **arguments)
    assert not COMMAND_LINE.search(str(failure.value))
    assert "/" not in str(failure.value)
    return failure.value


def test_no_brain_asks_for_a_mask_of_the_scene():
    """Also when the error is passed on with the file's name."""
    brain = errors.InputError("no brain found: pass a brain mask (--mask)", code="no-brain")
    passed = errors.InputError("scan.nii: no brain found: pass a brain mask (--mask)")
    passed.__cause__ = brain
    event = {"kind": "error", "message": str(passed), "data": {"code": errors.code_of(passed)}}
    transcript = Transcript()
    transcript.take(json.dumps(event))
    reason, remedy = transcript.failure(3)
    assert reason == "No brain of plausible size was found in the volume"
    assert "brain mask in the Advanced section" in remedy


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.OutputError("x"), "output"),
        (errors.ExistsError("x"), "exists"),
        (MemoryError(), "memory"),
        (KeyboardInterrupt(), "stopped"),
        (ValueError("x"), "unexpected"),
    ],
)
def test_every_end_of_the_worker_has_a_code(error, code):
    assert errors.code_of(error) == code


def test_a_bad_volume_is_named_as_in_the_scene(quick_logic, a_volume):
    volume = a_volume()
    array = slicer.util.arrayFromVolume(volume)
    array[:] = np.nan
    slicer.util.arrayFromVolumeModified(volume)
    error = failing(quick_logic, volume, model="cubic")
    assert error.reason.startswith("T1: ")
    assert "NaN" in error.reason


def test_an_error_without_a_code_from_an_older_worker_is_shown_unchanged():
    transcript = Transcript()
    transcript.take('{"kind": "error", "message": "odd"}')
    reason, remedy = transcript.failure(3)
    assert reason == "odd"
    assert remedy
