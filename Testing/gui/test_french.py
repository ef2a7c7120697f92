"""The panels in another language: every text is translated, and nothing is cut off where texts are longer."""

import itertools
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import pytest
import qt
import slicer
from scene_fixtures import opening

TRANSLATIONS = Path(__file__).parents[2] / "Resources" / "Translations"
FRENCH = TRANSLATIONS / "ImageQualityTransfer_fr-FR.ts"
OURS = ("IQTEnhance", "IQTEnhanceLib", "IQTTraining", "IQTTrainingLib")
WIDTHS = (340, 460, 700)  # pixels at 100 %: the least that Slicer gives, usual, wide
LIGHT, DARK = "#F0F0F0", "#323232"


@pytest.fixture
def in_french(tmp_path, monkeypatch, wait_until):
    """Slicer has started in French: the modules are imported anew, as their constants are translated on import."""
    compiled = tmp_path / "french.qm"
    subprocess.run([Path(PySide6.__file__).parent / "lrelease", "-silent", FRENCH, "-qm", compiled], check=True)
    translator = qt.QTranslator()
    assert translator.load(str(compiled))
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        monkeypatch.delitem(sys.modules, name)
    qt.QCoreApplication.installTranslator(translator)
    yield
    qt.QCoreApplication.removeTranslator(translator)
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]  # the French ones; monkeypatch brings back the others


def panel_class(module: str):
    return getattr(__import__(module), f"{module}Widget")


@pytest.fixture
def opened(scene, models, temporary, tmp_path, monkeypatch, a_volume):
    """Opens a module's panel with all its sections, on a volume with a long name."""
    monkeypatch.setenv("IQT_JOBS", str(tmp_path / "jobs"))
    contexts = []

    def open_panel(module: str):
        a_volume("a volume with a name that is far too long for any panel " * 2)
        context = opening(panel_class(module))
        panel = context.__enter__()()
        contexts.append(context)
        for name, widget in vars(panel.ui).items():
            if name.endswith("CollapsibleButton"):
                widget.setCollapsed(False)
        return panel

    yield open_panel
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture(params=[1.0, 2.0])
def scale(request, wait_until):
    """The size of all letters when Slicer starts, as a multiple of the usual one."""
    application = qt.QApplication.instance()
    before = application.font(), application.palette()
    large = qt.QFont(before[0])
    large.setPointSizeF(large.pointSizeF() * request.param)
    application.setFont(large)
    yield request.param
    application.setFont(before[0])
    application.setPalette(before[1])


def assert_laid_out(panel, scale: float, name: str) -> None:
    """In no width and theme does the panel need more than its width, and nothing is cut.

    Themes take turns: each meets every width at one of the scales. IQT_SCREENSHOTS=FOLDER keeps pictures of all.
    """
    folder = os.environ.get("IQT_SCREENSHOTS")
    turns = itertools.cycle((LIGHT, DARK) if scale > 1 else (DARK, LIGHT))
    for width, ground in itertools.product(WIDTHS, (LIGHT, DARK)) if folder else zip(WIDTHS, turns, strict=False):
        qt.QApplication.instance().setPalette(qt.QPalette(qt.QColor(ground)))
        shape(panel.parent, int(width * scale))
        assert panel.parent.minimumSizeHint().width() <= width * scale, wide(panel, width * scale)
        assert cut(panel) == [], (width, scale)
        image = panel.parent.grab().toImage()
        if folder:
            theme = "light" if ground == LIGHT else "dark"
            assert image.save(str(Path(folder) / f"{name}-{width}-{scale:.0%}-{theme}.png"))
        corner = image.pixelColor(2, image.height() // 2).lightness()
        assert (corner > 127) == (ground == LIGHT)


def shape(widget, width: int) -> None:
    """Give it that width and the height that it then needs."""
    widget.setFixedWidth(width)
    widget.show()
    for _ in range(2):  # labels that wrap find their height in the second round
        qt.QCoreApplication.processEvents()
        widget.resize(width, widget.layout().totalHeightForWidth(width))
    qt.QCoreApplication.processEvents()


def cut(panel) -> list[str]:
    """Buttons, titles of columns and rows that show less than they hold."""
    widgets = [w for w in panel.parent.findChildren(qt.QWidget) if w.isVisible()]
    buttons = [w for w in widgets if isinstance(w, qt.QPushButton) and w.text() != "..."]
    less = [button.text() for button in buttons if button.width() < button.minimumSizeHint().width()]
    for table in (w for w in widgets if isinstance(w, qt.QTableWidget)):
        header, letters = table.horizontalHeader(), table.fontMetrics()
        texts = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
        less += [text for n, text in enumerate(texts) if header.sectionSize(n) < letters.horizontalAdvance(text)]
        heights = [table.rowHeight(row) / letters.height() for row in range(table.rowCount())]
        less += [table.objectName() for height in heights if not 1 <= height < 2]  # one line, whole
    return less


def wide(panel, width: float) -> list[str]:
    """The innermost widgets that ask for most."""
    widgets = [w for w in panel.parent.findChildren(qt.QWidget) if w.objectName() and w.isVisible()]
    widest = sorted(widgets, key=lambda w: -w.minimumSizeHint().width())
    return [f"{w.objectName()} {w.minimumSizeHint().width()}" for w in widest][:12]


def english() -> set[str]:
    """Sources whose French is another text."""
    messages = ElementTree.parse(FRENCH).iter("message")
    return {m.findtext("source") for m in messages if m.findtext("translation") not in ("", m.findtext("source"))}


def shown(panel) -> list[str]:
    """Texts and tool tips of all widgets, with titles of tables and entries of menus."""
    widgets = [widget for widget in panel.parent.findChildren(qt.QWidget) if widget.objectName()]  # none of Slicer's
    texts = [w.property(name) for w in widgets for name in ("text", "title", "toolTip", "accessibleName")]
    texts += [w.itemText(n) for w in widgets if isinstance(w, qt.QComboBox) for n in range(w.count())]
    for table in (w for w in widgets if isinstance(w, qt.QTableWidget)):
        texts += [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    return [text for text in texts if text]


@pytest.mark.parametrize("module", ["IQTEnhance", "IQTTraining"])
def test_the_panel_in_french(in_french, scale, opened, module):
    panel = opened(module)
    assert sorted(set(shown(panel)) & english()) == []
    assert {"IQTEnhance": "Appliquer", "IQTTraining": "Entraîner"}[module] in shown(panel)
    assert_laid_out(panel, scale, f"{module}-fr")


@pytest.mark.parametrize("module", ["IQTEnhance", "IQTTraining"])
def test_the_panel_in_english(scale, opened, module):
    panel = opened(module)
    assert english() & set(shown(panel))
    assert_laid_out(panel, scale, f"{module}-en")


def test_errors_and_the_weight_of_warnings_are_translated(in_french, a_volume):
    import numpy as np
    from IQTEnhanceLib.Catalogue import Catalogue
    from IQTEnhanceLib.Checks import warningsBefore
    from IQTEnhanceLib.Errors import EnhanceError
    from IQTEnhanceLib.Exchange import checkVolume
    from IQTEnhanceLib.RunPanel import weight

    with pytest.raises(EnhanceError, match=r"vide n'a pas de voxels\. Choisissez un volume qui contient une image"):
        checkVolume(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "vide"))
    [warning] = warningsBefore(a_volume(matrix=np.eye(4)), Catalogue().resolve("interpolation", None))
    assert "isotrope" in warning
    assert weight(warning) == 0


def test_what_a_worker_says_comes_in_french(in_french, opened, tmp_path):
    """Stages, warnings and the gauge's reasons; IQT_SCREENSHOT=FILE keeps the panel's picture."""
    import numpy as np
    from IQTEnhanceLib.Messages import Transcript
    from IQTLib.errors import InputError, code_of, reason
    from IQTLib.events import Event
    from IQTLib.image.brain import STAGE, size_doubt
    from IQTLib.image.gauge import judged

    panel, transcript = opened("IQTEnhance"), Transcript()
    gauge = judged({"noise": np.log(0.1), "width": np.log(20.0)})
    panel.runPanel.begin([])
    bad = InputError("{path}: {why}", path="T1", why=InputError("the brain mask is empty"))
    for event in (
        Event("progress", STAGE, 1, 2),
        Event("error", reason(bad), data={"code": code_of(bad)}),
        Event("warning", gauge.warning),
        Event("warning", size_doubt(np.ones((2, 2, 2), bool), (1.0, 1.0, 1.0))),
        Event("result", str(gauge), data={"gauge": gauge.as_dict()}),
    ):
        panel.runPanel.onEvent(transcript.take(event.to_json()))
    panel.runPanel.warn(transcript.warnings)
    panel.gaugePanel.show(transcript.results[0]["gauge"])
    assert panel.ui.statusLabel.text().startswith("Recherche du cerveau")
    assert transcript.failure(3) == (
        "T1 : le masque du cerveau est vide",
        "Choisissez un autre volume, ou corrigez celui-ci.",
    )
    assert "<li>Cette image ne ressemble pas à celles que les modèles connaissent : l'image est bruitée" in (
        panel.ui.warningsLabel.text()
    )
    assert "un cerveau mesure de 0.3 à 2.5 L : est-ce une IRM cérébrale ?</li>" in panel.ui.warningsLabel.text()
    assert "<li>la résolution est grossière (20 mm ;" in panel.ui.gaugeLabel.text()
    panel.parent.setFixedWidth(470)
    panel.parent.show()
    for _ in range(3):
        qt.QCoreApplication.processEvents()
        panel.parent.adjustSize()
    assert panel.parent.grab().toImage().save(os.environ.get("IQT_SCREENSHOT") or str(tmp_path / "french.png"))
