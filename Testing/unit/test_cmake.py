"""The extension configured and installed by CMake, with a stand-in for Slicer's package: what arrives works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STANDIN = ROOT / "Testing" / "standins" / "cmake"
COMPILERS = ("cc", "gcc", "clang")
TOOLS = [shutil.which("cmake"), next(filter(None, map(shutil.which, COMPILERS)), None)]

pytestmark = pytest.mark.skipif(None in TOOLS, reason="needs CMake and a compiler, as Slicer's build does")


def cmake(*arguments) -> str:
    done = subprocess.run(["cmake", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def build(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    cmake("-S", ROOT, "-B", folder, f"-DSlicer_DIR={STANDIN}", "-DBUILD_TESTING=ON")
    return folder


def test_models_are_found_by_the_installed_module(build, tmp_path):
    cmake("--install", build, "--prefix", tmp_path)
    (modules,) = tmp_path.glob("lib/Slicer-*/qt-scripted-modules")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    listing = [sys.executable, "-m", "IQTLib", "models", "list"]
    done = subprocess.run(listing, cwd=modules, env=environment, capture_output=True, text=True, check=True)
    shipped = {folder.name for folder in (ROOT / "Resources" / "Models").iterdir()}
    assert shipped <= set(done.stdout.split())
    assert not (modules / "IQTLib" / "experiments").exists()
    for model in shipped:
        assert (modules / "Resources" / "Models" / model / "weights.safetensors").is_file()


def test_every_self_test_is_registered(build):
    listed = subprocess.run(["ctest", "-N"], cwd=build, capture_output=True, text=True, check=True).stdout
    for script in (ROOT / "Testing" / "app").glob("*Test.py"):
        assert script.name in listed
