"""Translations: all that the panels say is in the template, and French says all of it with the same placeholders."""

import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

FOLDER = Path(__file__).parents[2] / "Resources" / "Translations"
PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")  # as slicer.i18n.tr looks for them
TEMPLATE, FRENCH = "ImageQualityTransfer_en-US.ts", "ImageQualityTransfer_fr-FR.ts"
LAG = 20  # texts that may wait for their translators


def said(path: Path) -> dict[tuple[str, str], str]:
    """Translations by context and source; "" for those that are to be made."""
    return {
        (context.findtext("name"), message.findtext("source")): message.findtext("translation") or ""
        for context in ElementTree.parse(path).iter("context")
        for message in context.iter("message")
    }


@pytest.fixture(scope="module")
def updated(tmp_path_factory) -> dict[tuple[str, str], str]:
    """What lupdate finds now."""
    sys.path.append(str(FOLDER))
    import update

    folder = tmp_path_factory.mktemp("ts")
    shutil.copy(FOLDER / TEMPLATE, folder)
    update.update(folder)
    return said(folder / TEMPLATE)


def test_the_template_has_all_that_the_panels_say(updated):
    lacking = set(updated) ^ set(said(FOLDER / TEMPLATE))
    assert not lacking, f"run `python Resources/Translations/update.py` and commit what changes: {sorted(lacking)[:5]}"


def test_contexts_are_those_in_which_slicer_looks(updated):
    contexts = {context for context, _text in updated}
    assert {"IQTEnhance", "IQTTraining", "IQTEnhanceLib.RunPanel", "IQTTrainingLib.JobWords"} <= contexts
    assert ("IQTEnhance", "Check scan") in updated  # of the form
    assert ("IQTEnhanceLib.Exchange", "{name} has no voxels") in updated  # an error
    assert ("IQTEnhanceLib.Catalogue", "Restoration of any scan") in updated  # of the library's registry


def test_french_is_complete_and_its_placeholders_are_right(updated):
    french = said(FOLDER / FRENCH)
    waiting = [key for key in updated if not french.get(key)]
    assert len(waiting) <= LAG, waiting
    for (_context, source), translation in french.items():
        if translation:
            assert set(PLACEHOLDER.findall(source)) == set(PLACEHOLDER.findall(translation)), source
            joined = source[:1].isspace(), source[-1:].isspace()  # to what stands before or after
            kept = translation[:1].isspace(), translation[-1:].isspace()
            assert all(kept[end] for end in (0, 1) if joined[end]), source
