"""What is asked for before the work, without anything being installed."""

import sys
from importlib import metadata
from types import ModuleType, SimpleNamespace

import pytest
import slicer
import slicer.packaging as packaging
import slicer.util
from IQTEnhanceLib import Dependencies
from IQTEnhanceLib.Errors import EnhanceError

EVERYTHING = {
    requirement.name: "99"
    for path in (Dependencies.REQUIREMENTS, Dependencies.FASTER)
    for requirement in packaging.load_requirements(path)
} | {"torch": "2.5"}


@pytest.fixture
def installed(monkeypatch):
    """Packages that seem to be installed."""
    packages = dict(EVERYTHING)

    def version(name: str) -> str:
        if name not in packages:
            raise metadata.PackageNotFoundError(name)
        return packages[name]

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(slicer.app, "testingEnabled", lambda: False)
    monkeypatch.setattr(Dependencies, "_asked", False)
    return packages


@pytest.fixture
def asked(monkeypatch):
    """What the user was asked to have installed, and declined."""
    lists = []

    def decline(message, title=None, detailedText=""):
        lists.append(detailedText.replace("- ", "").splitlines())
        return False

    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", decline)
    return lists


def test_nothing_is_asked_when_all_is_there(installed, asked):
    assert (Dependencies.ensure(), Dependencies.missingPackages(), asked) == ([], [], [])


def test_another_modules_packages_are_looked_for_with_ours(installed, asked):
    from IQTTrainingLib.Widget import REQUIREMENTS

    assert Dependencies.missingPackages() == []
    assert [name.partition(">")[0] for name in Dependencies.missingPackages(REQUIREMENTS)] == [
        "lightning",
        "matplotlib",
        "PyYAML",
        "tensorboard",
    ]
    with pytest.raises(EnhanceError, match="declined"):
        Dependencies.ensure(REQUIREMENTS)
    assert asked[0][0].startswith("lightning")


def test_declining_a_package_stops_with_the_way_offline(installed, asked):
    del installed["typer"]
    with pytest.raises(EnhanceError, match="declined") as refusal:
        Dependencies.ensure()
    assert asked == [["typer>=0.12"]]
    assert "Install without internet" in refusal.value.remedy


def test_work_continues_without_spams_which_is_asked_for_once(installed, asked):
    del installed["spams-bin"]
    notes = [Dependencies.ensure() for _ in range(2)]
    assert asked == [["spams-bin>=2.6.8"]]
    assert notes[0] == notes[1] == ["The package spams is not installed: sparse coding runs on PyTorch, more slowly."]


def test_slicers_own_builds_are_never_replaced(installed, monkeypatch):
    """Slicer's SimpleITK has a development version, which no requirement accepts."""
    installed["SimpleITK"] = "2.3.0.dev7"
    assert Dependencies.missingPackages() == []
    monkeypatch.setattr(Dependencies.importlib.util, "find_spec", lambda name: None)
    assert Dependencies.missingPackages() == ["SimpleITK>=2.3"]


def test_torch_comes_from_the_pytorch_extension_and_before_all_else(installed, asked, monkeypatch):
    installed.clear()
    calls = []

    def install(askConfirmation, torchVersionRequirement):
        calls.append(torchVersionRequirement)
        installed["torch"] = "2.5"
        return object()

    extension = ModuleType("PyTorchUtils")
    extension.PyTorchUtilsLogic = lambda: SimpleNamespace(installTorch=install)
    monkeypatch.setitem(sys.modules, "PyTorchUtils", extension)
    with pytest.raises(EnhanceError, match="Python packages are missing"):
        Dependencies.ensure()
    assert calls == [">=2.1"]
    assert not any("torch" in requirement for names in asked for requirement in names)


def test_a_missing_pytorch_extension_is_reported(installed, asked, monkeypatch):
    del installed["torch"]
    monkeypatch.setattr(slicer.app, "testingEnabled", lambda: True)
    with pytest.raises(EnhanceError, match="The PyTorch extension is not installed"):
        Dependencies.ensure()
    model = SimpleNamespace(installExtensionFromServer=lambda name: name == "PyTorch")
    monkeypatch.setattr(slicer.app, "testingEnabled", lambda: False)
    monkeypatch.setattr(slicer.app, "extensionsManagerModel", lambda: model, raising=False)
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda *_: True)
    with pytest.raises(EnhanceError, match="Restart Slicer"):
        Dependencies.ensure()
