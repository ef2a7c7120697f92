"""The Slicer extension as files: what CMake lists is what there is, and what is promised elsewhere holds."""

import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
MODULE, TRAINING = ROOT / "IQTEnhance", ROOT / "IQTTraining"
MODULES = pytest.mark.parametrize("module", [MODULE, TRAINING], ids=lambda module: module.name)
TOP = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")


def listed(variable: str, module: Path = MODULE) -> set[str]:
    lists = (module / "CMakeLists.txt").read_text(encoding="utf-8")
    content = re.search(rf"set\({variable}\s([^)]*)\)", lists)[1]
    return set(content.replace("${MODULE_NAME}", module.name).split())


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    names = {path.relative_to(folder).as_posix() for path in found}
    return {name for name in names if not name.startswith("IQTLib/experiments/")}  # with the pip package only


@MODULES
def test_cmake_adds_every_module(module):
    assert f"add_subdirectory({module.name})" in TOP
    lists = (module / "CMakeLists.txt").read_text(encoding="utf-8")
    assert "slicerMacroBuildScriptedModule(" in lists
    assert "SCRIPTS ${MODULE_PYTHON_SCRIPTS}" in lists


@MODULES
def test_cmake_lists_every_python_file(module):
    assert listed("MODULE_PYTHON_SCRIPTS", module) == {name for name in files(module) if name.endswith(".py")}


@MODULES
def test_cmake_lists_every_resource(module):
    others = {name for name in files(module) if not name.endswith(".py")}
    assert listed("MODULE_PYTHON_RESOURCES", module) == others - {"CMakeLists.txt"}


def test_no_file_of_one_module_overwrites_another_modules():
    """All modules of an extension are installed into one folder."""
    both = files(MODULE) & files(TRAINING)
    assert both == {"CMakeLists.txt"}  # which is not installed


INSTALLED = """
import sys
sys.path[:0] = {path!r}
import standins; standins.install()
import IQTTraining, IQTEnhanceLib, IQTLib
print(IQTEnhanceLib.__file__)
"""


@pytest.mark.parametrize("layout", ["installed", "checkout", "alone"])
def test_the_training_module_finds_its_sister_or_says_what_is_missing(layout, tmp_path):
    """Installed into one folder; in a checkout with only its own path set; copied without the sister."""
    folder = tmp_path / "modules"
    for module in (MODULE, TRAINING):
        target = folder if layout == "installed" else folder / module.name
        for name in listed("MODULE_PYTHON_SCRIPTS", module) if layout != "alone" or module is TRAINING else ():
            copy(module / name, target / name)
    path = [str(ROOT / "Testing"), str(folder if layout == "installed" else folder / TRAINING.name)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED.format(path=path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if layout == "alone":
        assert "IQTTraining needs the module IQTEnhance" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert Path(done.stdout.strip()).is_relative_to(folder)


def test_cmake_installs_every_shipped_model():
    assert listed("MODEL_FILES") == files(ROOT / "Resources" / "Models")


def test_models_are_found_where_cmake_installs_them(tmp_path):
    """A copy of the installed layout, with the module's files and the models as CMake puts them."""
    installed = tmp_path / "qt-scripted-modules"
    for name in listed("MODULE_PYTHON_SCRIPTS"):
        copy(MODULE / name, installed / name)
    for name in listed("MODEL_FILES"):
        copy(ROOT / "Resources" / "Models" / name, installed / "Resources" / "Models" / name)
    code = "from IQTLib.models import store; print(store.bundled_folder())"
    done = subprocess.run([sys.executable, "-c", code], cwd=installed, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).resolve() == (installed / "Resources" / "Models").resolve()


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def requirements(name: str, module: Path = MODULE) -> set[str]:
    lines = (module / "Resources" / name).read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_slicer_gets_the_packages_that_pip_gets_but_torch():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert requirements("requirements.txt") == {r for r in project["dependencies"] if not r.startswith("torch")}
    assert requirements("requirements-fast.txt") == set(project["optional-dependencies"]["spams"])
    extra = {package for package in project["optional-dependencies"]["train"] if "python_version" not in package}
    assert requirements("requirements-training.txt", TRAINING) == extra
    assert not any("==" in line for line in requirements("requirements.txt"))


def test_project_and_catalogue_have_one_name_and_one_address():
    name = re.search(r"project\((\w+)\)", TOP)[1]
    entry = json.loads((ROOT / f"{name}.json").read_text(encoding="utf-8"))
    address = re.search(r'set\(IQT_PUBLIC_ADDRESS "([^"]+)"\)', TOP)[1]
    assert entry["scm_url"] == f"{address}.git"
    assert entry["build_dependencies"] == ["PyTorch"]
    assert 'set(EXTENSION_DEPENDS "PyTorch")' in TOP
    assert address.rsplit("/", 1)[1] == f"Slicer{name}"
    assert TOP.count("http") == 1


def test_the_catalogue_clones_without_history():
    """With a revision the index counts the whole history into the 100 MB."""
    assert "scm_revision" not in json.loads((ROOT / "ImageQualityTransfer.json").read_text(encoding="utf-8"))


def test_pictures_of_the_catalogue_are_there():
    shown = re.findall(r"\$\{IQT_PUBLIC_ADDRESS\}/raw/main/([\w/.-]+)", TOP)
    assert len(shown) >= 2
    assert all((ROOT / path).is_file() for path in shown)


ICONS = [f"{name}/Resources/Icons/{name}.png" for name in (MODULE.name, TRAINING.name)]


@pytest.mark.parametrize("path", ["ImageQualityTransfer.png", *ICONS])
def test_icons_are_128_pixels_wide_and_high(path):
    content = (ROOT / path).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (128, 128)


def test_every_module_has_one_docstring_and_no_print():
    for path in (*(MODULE / "IQTEnhanceLib").glob("*.py"), *(TRAINING / "IQTTrainingLib").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), path
        assert "print(" not in text, path
