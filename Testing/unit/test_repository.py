"""What must hold for the repository as a whole: borders between its parts, shipped models, the documented commands."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from IQTLib.evaluation.heldout import plan, refuse_training_people
from IQTLib.models import store

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "IQTEnhance" / "IQTLib"
SHIPPED = sorted(folder.name for folder in (ROOT / "Resources" / "Models").iterdir() if folder.is_dir())
MEBIBYTE = 2**20


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=lambda path: str(path.relative_to(LIBRARY)))
def test_library_knows_nothing_of_slicer(path):
    assert not imported_names(path) & {"slicer", "qt", "ctk", "vtk"}


def test_no_module_is_longer_than_300_lines():
    paths = [path for folder in ("IQTEnhance", "IQTTraining") for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert not {path: length for path, length in lengths.items() if length > 300}
    assert len(list((LIBRARY / "experiments").glob("[!_]*.py"))) <= 15


def test_no_two_files_differ_in_case_only():
    """Windows and macOS would keep one of them."""
    folders = ("docs", "IQTEnhance", "IQTTraining", "Testing", "Resources")
    count = Counter(str(path).lower() for folder in folders for path in (ROOT / folder).rglob("*"))
    assert [path for path, times in count.items() if times > 1] == []


def reasonless(path: Path) -> bool:
    """More than a constant in less than 30 lines, and the docstring does not say why it is a module "of its own"."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    short = len(tree.body) > 2 and len(text.splitlines()) < 30
    return short and "of its own" not in (ast.get_docstring(tree) or "")


def test_a_module_below_30_lines_says_why_it_is_one():
    paths = [path for folder in ("IQTEnhance", "IQTTraining") for path in (ROOT / folder).rglob("*.py")]
    assert not [str(path) for path in paths if reasonless(path)]


def test_help_starts_without_heavy_libraries():
    heavy = ["torch", "SimpleITK", "sklearn", "skimage", "scipy", "spams", "nilearn", "matplotlib", "deepbet"]
    code = (
        "import sys; sys.argv = ['iqt', '--help']\n"
        "from IQTLib.cli import main\n"
        "try: main()\n"
        f"finally: print('LOADED', [name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=LIBRARY.parent)
    assert done.returncode == 0
    assert "LOADED []" in done.stdout


def test_three_dictionaries_are_shipped():
    assert {"srep-t1w-x4", "srep-t1w-x4-fast", "srep-t1w-x4-paper"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_model_passes_its_check(name):
    assert list(store.check(ROOT / "Resources" / "Models" / name))


FEWER = {"iqt-any": 28}  # no more whole scans could be brought to the GPU that trained it


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_model_saw_at_least_30_subjects_and_none_of_the_held_out(name):
    model = store.load(ROOT / "Resources" / "Models" / name)
    assert len(set(model.card.training["people"])) >= FEWER.get(name, 30)
    refuse_training_people([model], [entry["person"] for entry in plan()["people"]])


def test_all_weights_together_are_small():
    total = sum(path.stat().st_size for path in (ROOT / "Resources" / "Models").rglob("*") if path.is_file())
    assert total < 30 * MEBIBYTE


def test_ci_runs_the_command_that_the_readme_names():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^pip install.*pytest.*$", readme, re.MULTILINE).group()
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert command in ci.replace("--quiet ", "")


def test_readme_links_lead_somewhere():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert links
    assert all((ROOT / link).exists() for link in links)


def test_no_two_test_files_share_a_name():
    """pytest imports tests by their files' names: of two of one name it refuses the second."""
    names = [path.name for path in (ROOT / "Testing").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
