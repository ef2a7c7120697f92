"""The Slicer extension as files: what CMake lists is what there is, and what is promised elsewhere holds."""

import json
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
MODULE = ROOT / "IQTEnhance"
TOP = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
LISTS = (MODULE / "CMakeLists.txt").read_text(encoding="utf-8")


def listed(variable: str) -> set[str]:
    content = re.search(rf"set\({variable}\s([^)]*)\)", LISTS)[1]
    return set(content.replace("${MODULE_NAME}", MODULE.name).split())


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def test_cmake_lists_every_python_file():
    assert listed("MODULE_PYTHON_SCRIPTS") == {name for name in files(MODULE) if name.endswith(".py")}


def test_cmake_lists_every_resource():
    others = {name for name in files(MODULE) if not name.endswith(".py")}
    assert listed("MODULE_PYTHON_RESOURCES") == others - {"CMakeLists.txt"}


def test_cmake_installs_every_shipped_model():
    assert listed("MODEL_FILES") == files(ROOT / "Resources" / "Models")


def test_models_are_found_where_cmake_installs_them(tmp_path):
    """A copy of the installed layout, with the module's files and the models as CMake puts them."""
    installed = tmp_path / "qt-scripted-modules"
    for name in listed("MODULE_PYTHON_SCRIPTS"):
        copy(MODULE / name, installed / name)
    for name in listed("MODEL_FILES"):
        copy(ROOT / "Resources" / "Models" / name, installed / "Resources" / "Models" / name)
    code = "from IQTLib import pretrained; print(pretrained.bundled_folder())"
    done = subprocess.run([sys.executable, "-c", code], cwd=installed, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).resolve() == (installed / "Resources" / "Models").resolve()


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def requirements(name: str) -> set[str]:
    lines = (MODULE / "Resources" / name).read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_slicer_gets_the_packages_that_pip_gets_but_torch():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert requirements("requirements.txt") == {r for r in project["dependencies"] if not r.startswith("torch")}
    assert requirements("requirements-fast.txt") == set(project["optional-dependencies"]["spams"])
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


def test_pictures_of_the_catalogue_are_there():
    shown = re.findall(r"\$\{IQT_PUBLIC_ADDRESS\}/raw/main/([\w/.]+)", TOP)
    assert len(shown) >= 2
    assert all((ROOT / path).is_file() for path in shown)


@pytest.mark.parametrize("path", ["ImageQualityTransfer.png", "IQTEnhance/Resources/Icons/IQTEnhance.png"])
def test_icons_are_128_pixels_wide_and_high(path):
    content = (ROOT / path).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (128, 128)


def test_every_module_has_one_docstring_and_no_print():
    for path in (MODULE / "IQTEnhanceLib").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), path
        assert "print(" not in text, path
