"""The bundled volume as Slicer's Sample Data module gets to know it."""

import importlib
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.parse import urlparse
from urllib.request import url2pathname

import IQTEnhanceLib


def test_a_module_path_that_is_relative_still_names_the_file(monkeypatch):
    """As Slicer started with a relative `--additional-module-paths` has it."""
    told = {}
    stub = ModuleType("SampleData")
    stub.SampleDataLogic = SimpleNamespace(registerCustomSampleDataSource=lambda **facts: told.update(facts))
    monkeypatch.setitem(sys.modules, "SampleData", stub)
    folder = Path(IQTEnhanceLib.__file__).resolve().parents[1]
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr(IQTEnhanceLib, "__path__", [f"{folder.name}/IQTEnhanceLib"])
    monkeypatch.delitem(sys.modules, "IQTEnhanceLib.SampleData", raising=False)
    importlib.import_module("IQTEnhanceLib.SampleData").registerSampleData()
    monkeypatch.chdir("/")
    assert Path(url2pathname(urlparse(told["uris"]).path)).is_file()
    assert Path(told["thumbnailFileName"]).is_file()
