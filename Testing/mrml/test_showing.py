"""What is seen of a result: its window, its picture, what shows through, and its model's card."""

import re
import sys
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
import qt
import slicer
import slicer.util
from IQTEnhanceLib import Snapshot
from IQTEnhanceLib.Cards import cardText, errorAgainstInterpolation, resultText
from IQTEnhanceLib.Catalogue import Catalogue
from IQTEnhanceLib.Comparison import Comparison
from IQTEnhanceLib.Errors import EnhanceError
from IQTEnhanceLib.Reveal import Reveal
from IQTEnhanceLib.Snapshot import barLength, saveSnapshot
from IQTEnhanceLib.Views import PAIR, PLANES, shownTags
from IQTEnhanceLib.Window import sameWindow
from IQTLib.methods import registry
from IQTLib.models.store import DEFAULT_MODEL, read_card, write_card


@pytest.fixture
def pair(quick_logic, a_volume):
    volume = a_volume()
    return volume, quick_logic.process(volume, model="cubic", device="cpu").outputVolume


def window(volume) -> tuple[float, float]:
    display = volume.GetScalarVolumeDisplayNode()
    return display.GetWindow(), display.GetLevel()


def test_nothing_of_the_brighter_volume_is_burnt_out(pair):
    volume, output = pair
    array = slicer.util.arrayFromVolume(output)
    array *= 1.4  # more contrast than the scan has, as a restored volume has it
    slicer.util.arrayFromVolumeModified(output)
    volume.GetScalarVolumeDisplayNode().SetAutoWindowLevel(True)
    sameWindow(volume, output)
    width, level = window(output)
    assert window(volume) == (width, level)
    burnt = (array > level + width / 2).mean()
    assert burnt < 0.001
    assert level + width / 2 < 1.2 * array.max()  # nor is all of it dark


def test_a_window_level_set_by_the_user_is_kept(pair):
    volume, output = pair
    volume.GetScalarVolumeDisplayNode().SetAutoWindowLevel(False)
    volume.GetScalarVolumeDisplayNode().SetWindowLevel(55, 44)
    sameWindow(volume, output)
    assert window(volume) == window(output) == (55, 44)


def test_a_volume_without_voxels_above_zero_has_a_window(pair):
    volume, output = pair
    for node in pair:
        slicer.util.updateVolumeFromArray(node, np.full((4, 4, 4), -3.0))
    volume.GetScalarVolumeDisplayNode().SetAutoWindowLevel(True)
    sameWindow(volume, output)
    assert window(output)[0] > 0


@pytest.mark.parametrize(("layout", "size"), [(PAIR, (240, 100)), (PLANES, (360, 200))])
def test_a_snapshot_holds_every_view_with_name_and_scale(pair, tmp_path, monkeypatch, wait_until, layout, size):
    application = qt.QApplication.instance()
    assert application is not None
    volume, output = pair
    comparison = Comparison()
    comparison.show(volume, output, layout)

    def grey(tag):
        image = qt.QImage(120, 100, qt.QImage.Format_RGB32)
        image.fill(qt.QColor(40, 40, 40))
        return image

    monkeypatch.setattr(Snapshot, "viewImage", grey)
    saveSnapshot(tmp_path / "picture.png", layout, comparison.shown())
    picture = qt.QImage(str(tmp_path / "picture.png"))
    assert (picture.width(), picture.height()) == size
    rows = 1 if layout == PAIR else 2
    for number in range(len(shownTags(layout))):
        left, top = 120 * (number % (size[0] // 120)), 100 * (number // (size[0] // 120))
        bright = [
            (x, y) for x in range(120) for y in range(100) if qt.QColor(picture.pixel(left + x, top + y)).red() > 200
        ]
        assert any(y < 30 for _x, y in bright)  # the name
        assert sum(y > 80 for _x, y in bright) > 20  # the bar
    assert rows * 100 == size[1]


def test_a_snapshot_that_cannot_be_written_says_so(pair, tmp_path, monkeypatch, wait_until):
    comparison = Comparison()
    comparison.show(*pair)
    monkeypatch.setattr(Snapshot, "viewImage", lambda tag: qt.QImage(20, 20, qt.QImage.Format_RGB32))
    with pytest.raises(EnhanceError, match="cannot be written"):
        saveSnapshot(tmp_path / "no folder" / "picture.png", PAIR, comparison.shown())


@pytest.mark.parametrize(("width", "scale", "bar"), [(500, 0.4, 50), (500, 1.0, 100), (500, 0.05, 10), (20, 0.1, 10)])
def test_the_bar_is_a_round_number_that_fits(width, scale, bar):
    assert barLength(width, scale) == bar


def test_views_are_named_for_what_they_show(pair):
    volume, output = pair
    comparison = Comparison()
    comparison.show(volume, output, PLANES)
    assert set(comparison.shown().values()) == {"T1", "T1 IQT-interpolated"}
    comparison.fade(1.0)
    assert set(comparison.shown().values()) == {"T1 IQT-interpolated"}
    comparison.fade(0.25)
    assert "Enhanced over input, 25%: T1 IQT-interpolated" in comparison.shown().values()


def test_reveal_is_slicers_own_and_told_where_it_is_missing(scene, monkeypatch):
    made = []

    class LayerReveal:
        def __init__(self) -> None:
            made.append("made")

        def cleanup(self) -> None:
            made.append("gone")

    module = ModuleType("CompareVolumes")
    module.LayerReveal = LayerReveal
    monkeypatch.setitem(sys.modules, "CompareVolumes", module)
    reveal = Reveal()
    reveal.start()
    assert reveal.on
    reveal.stop()
    reveal.stop()
    assert (made, reveal.on) == (["made", "gone"], False)
    monkeypatch.setitem(sys.modules, "CompareVolumes", None)
    with pytest.raises(EnhanceError, match="no Compare Volumes module"):
        reveal.start()


def test_every_model_has_a_card_that_speaks_to_people(models):
    for entry in Catalogue().models.values():
        text = cardText(entry, recommended=False)
        assert "<b>Not for</b> diagnosis" in text
        assert "NRMSE" not in text
        if entry.folder is not None:
            spoken = {"any": "any contrast", "T1w": "T1-weighted brain scans", "T2w": "T2-weighted brain scans"}
            assert re.search(f"<b>For</b> .*{spoken[read_card(entry.folder).contrast]}", text)
    assert "UNet++" in cardText(Catalogue().resolve("ddl", None), recommended=False)
    assert f"Recommended: {DEFAULT_MODEL}" in cardText(Catalogue().resolve(None, None), recommended=True)


def test_the_card_of_a_model_for_any_scan_names_no_contrast(models):
    card = read_card(models / "tiny")
    card = type(card)(**vars(card) | {"contrast": "any"})
    write_card(card, models / "tiny")
    text = cardText(Catalogue().models["tiny"], recommended=False)
    assert "<b>For</b> brain scans of any contrast and voxel size" in text
    assert "other contrasts" not in text


def test_a_method_that_the_panel_never_heard_of_is_described_by_itself(models, monkeypatch):
    new = replace(registry.METHODS["srep"], plain="", purpose="Something new.")
    monkeypatch.setitem(registry.METHODS, "srep", new)
    assert "Something new." in cardText(Catalogue().models["tiny"], recommended=False)


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ({}, None),
        ({"InD1": "none"}, None),
        ({"InD1": {"nrmse_mean, as is": {"ratio": 0.47, "people": 9}}}, (9, pytest.approx(-53))),
        ({"other": {"nrmse_mean, as is": {"ratio": 1.1, "people": 1}}}, (1, pytest.approx(10))),
        ({"any scan": {"nrmse_mean, matched": {"ratio": 0.9, "people": 3}}}, (3, pytest.approx(-10))),
    ],
)
def test_a_card_states_only_what_was_tested(test, told):
    assert errorAgainstInterpolation(test) == told


@pytest.mark.parametrize("name", sorted(entry.name for entry in Catalogue().models.values() if entry.folder))
def test_a_models_card_and_its_summary_agree_on_whether_it_was_tested(name):
    entry = Catalogue().models[name]
    assert ("Not tested" in cardText(entry, recommended=False)) == ("No test figures" in entry.summary)


def test_the_result_is_reported_in_a_line(quick_logic, a_volume):
    result = quick_logic.process(a_volume("A & B"), model="cubic", device="cpu")
    text = resultText(result, Catalogue().models["cubic"])
    assert text.startswith("Done in ")
    assert "with cubic: A &amp; B IQT-interpolated is next to A &amp; B" in text
