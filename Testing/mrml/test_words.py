"""Errors of the worker in the panel's words: no options of the command line, no temporary paths, remedies that help."""

import ast
import json
import pickle
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import slicer.util
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Messages import Transcript
from IQTEnhanceLib.Sentences import SENTENCES, inOurWords, sentenceCase
from IQTEnhanceLib.Words import WORDS
from IQTLib import errors
from IQTLib.events import Event
from IQTLib.image.gauge import TOO_HIGH, TOO_LOW, judged
from IQTLib.physics.lesions import caution
from IQTLib.sentences import Sentence

LIBRARY = Path(errors.__file__).resolve().parent
COMMAND_LINE = re.compile(r"(^|[ (`])(--[a-z]|iqt [a-z]|pip install)")
SPECIAL = {"ExistsError": "exists", "DeviceError": "no-device", "CancelledError": "stopped"}
UNSEEN = {"experiments", "evaluation", "cli", "cohort", "calibrate.py", "demo.py", "clusters.py"}  # by the panels
SAID = re.compile(r"(\w+\.)*_?report\.(warn|log|track)")
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


@cache
def sentences() -> dict[str, str]:
    """Codes of all sentences that the library makes, with their values in braces."""
    found = {
        f"{side}-{name}": text for side, told in (("low", TOO_LOW), ("high", TOO_HIGH)) for name, text in told.items()
    }
    found |= dict.fromkeys(("lesions-bright", "lesions-dark", "lesions-bright-dark"), "{sizes} {bright} {dark}")
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = isinstance(node, ast.Call) and ast.unparse(node.func) == "Sentence" and len(node.args) == 2
            if made and isinstance(code := node.args[1], ast.Constant):
                found[code.value] = " ".join(f"{{{word.arg}}}" for word in node.keywords)
    flipped = {"flipped-front": "", "flipped-top": "", "flipped-both": ""}  # in a table
    return found | flipped | {"device-lacks": "{device} {what}", "device-memory": "{device} {what}"}


def test_the_panel_says_every_sentence_of_the_library_in_its_own_words():
    """With values that the library gives, and nothing of the command line."""
    assert set(sentences()) == set(SENTENCES)
    for code, words in SENTENCES.items():
        assert set(re.findall(r"\{(\w+)", words)) <= set(re.findall(r"\{(\w+)", sentences()[code])), code
        assert not COMMAND_LINE.search(words)


def test_all_that_the_library_says_can_be_said_in_another_language():
    """Errors, warnings, remarks, stages and lines of a job's log are sentences with values, not texts put together."""
    said = []
    for path in sorted(LIBRARY.rglob("*.py")):
        if UNSEEN & set(path.relative_to(LIBRARY).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = [*node.args, *(word.value for word in node.keywords if word.arg == "message")]
            if SAID.fullmatch(ast.unparse(node.func)):
                plain = [one for one in given if isinstance(one, (ast.Constant, ast.JoinedStr))]
            else:
                error = ast.unparse(node.func) in {kind.__name__ for kind in CLASSES}
                plain = [one for one in given[:1] if error and isinstance(one, ast.JoinedStr)]
            said += [f"{path.name}:{one.lineno}" for one in plain]
    assert said == []


def passed_on(content) -> dict:
    """An event of a worker as the panel takes it."""
    return Transcript().take(Event("result", "done", data={"told": content}).to_json())["data"]["told"]


def test_sentences_come_in_the_panels_words_with_those_that_they_quote(monkeypatch):
    monkeypatch.setitem(SENTENCES, "low-noise", "verrauscht ({value})")
    monkeypatch.setitem(SENTENCES, "outside", "unbekannt: {reasons}")
    gauge = judged({"noise": np.log(1e-3)})
    assert passed_on(gauge.as_dict())["reasons"] == ["verrauscht (0.001)"]
    [warning] = passed_on([gauge.warning])
    assert warning == "unbekannt: verrauscht (0.001)"
    assert warning.code == "outside"


def test_an_error_comes_with_its_values_and_those_of_its_cause(monkeypatch):
    """Also through a process pool, which pickles it."""
    french = {"{path}: {why}": "{path} : {why}", "voxels of {told} mm": "voxels de {told} mm"}
    monkeypatch.setattr("IQTEnhanceLib.Sentences.translated", lambda text: french.get(text, text))
    cause = pickle.loads(pickle.dumps(errors.InputError("voxels of {told} mm", told=(1, 2), code="input")))
    error = errors.InputError("{path}: {why}", path=Path("T1.nii"), why=cause)
    assert str(error) == "T1.nii: voxels of (1, 2) mm"
    assert passed_on(errors.reason(error)) == "T1.nii : voxels de (1, 2) mm"


def test_a_sentence_that_only_quotes_another_has_the_say():
    """Of a scan without a brain the panel tells its own reason, not that of the command line."""
    brain = errors.InputError("no brain found ({litres} L): pass a brain mask (--mask)", litres=0, code="no-brain")
    reason = Sentence("{error}", "no-brain", error=errors.reason(brain))
    assert passed_on([reason]) == ["no brain of plausible size was found"]


def test_a_text_in_braces_is_no_place_for_a_value():
    assert str(errors.InputError("give {this}")) == "give {this}"
    assert passed_on(errors.InputError("give {this}").args[0]) == "give {this}"


def test_a_sentence_of_a_newer_worker_is_shown_unchanged():
    newer = Sentence("as {new} says", "of-tomorrow", new="it")
    lacking = Sentence("the brain measures {litres} L", "brain-size", litres=None)
    assert passed_on([newer, lacking, "plain"]) == [newer, lacking, "plain"]


def test_a_lesions_warning_quotes_its_sizes():
    card = {"bright": [0.5, 0.6], "diameters": [3, 12]}
    told = "in tests with artificial lesions of 3 to 12 mm in white matter, this model showed 50 to 60 % "
    assert inOurWords(caution(card)) == f"{told}of the contrast of bright ones: check the original scan"
    assert sentenceCase(inOurWords(caution(card))).startswith("In tests")


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
