"""The images: what builds them passes its linters, and the lock file knows every package that IQT requires."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "containers"


def test_dockerfile_passes_hadolint():
    if shutil.which("hadolint") is None:
        pytest.skip("needs hadolint")
    done = subprocess.run(["hadolint", FOLDER / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", sorted(path.name for path in FOLDER.glob("*.sh")))
def test_shell_scripts_parse(script):
    if shutil.which("sh") is None:
        pytest.skip("needs a shell")
    assert subprocess.run(["sh", "-n", FOLDER / script], check=False).returncode == 0


def test_lock_file_holds_every_requirement_but_torch():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["cohort"])]
    lock = (FOLDER / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+) \\$", lock, re.MULTILINE))
    missing = [one.name for one in wanted if one.name.lower() not in pinned]
    assert missing == ["torch"]
    outdated = [one.name for one in wanted if one.name != "torch" and pinned[one.name.lower()] not in one.specifier]
    assert outdated == []
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_both_images_use_the_same_recipe():
    for name in ("Dockerfile", "iqt.def"):
        assert "sh containers/install.sh /opt/iqt" in (FOLDER / name).read_text(encoding="utf-8")
