"""What the README, the notebook and the files around the code promise holds."""

import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTEBOOK = ROOT / "docs" / "tutorials" / "tiny-model.ipynb"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"-?\d+\.?\d*")


def test_readme_is_short():
    assert len(README.encode()) <= 8 * 1024


def test_texts_claim_no_more_than_is_known():
    """What the outside review called overclaims: the paper prints no such numbers, and OOD's row was not met."""
    claims = re.compile(
        r"agrees? to the digit with the paper|published row is nearly met|several layers of dictionaries"
    )
    for folder in ("IQTEnhance", "IQTTraining", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".ui", ".toml"):
                assert not claims.search(" ".join(path.read_text(encoding="utf-8").split())), path
    assert not claims.search(README)


def test_readme_and_citation_name_the_same_paper():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for field in ("title", "doi", "journal"):
        wanted = re.search(rf"^  {field} += {{(.*)}}", README, re.MULTILINE)[1]
        assert f"{field}: {wanted}" in citation
    authors = re.search(r"author += {(.*)}", README)[1].split(" and ")
    families = re.findall(r"family-names: (.*)", citation)
    assert [author.split(",")[0] for author in authors] == families


LABELS = {
    "unet-t1w-x4": "IQT-DL (U-Net)",
    "srep-t1w-x4": "IQT-SRep (product)",
    "srep-t1w-x4-paper": "IQT-SRep (paper)",
    "ddl-t1w-x4": "IQT-DDL",
    "unet-t1w-x4-robust": "robust U-Net",
}


@pytest.mark.parametrize("model", LABELS)
def test_readme_states_the_results_as_they_are(model):
    """Error in distribution as a share of interpolation's, on known and on other scanners: NRMSE as is, Table 1."""
    table = (ROOT / "docs" / "RESULTS.md").read_text(encoding="utf-8").split("**NRMSE (RMSE / mean), as is**")[1]
    row = re.search(rf"^\| `{model}`[^|]*\|([^|]*)\|([^|]*)\|", README, re.MULTILINE)
    for stated, scanners in zip(row.groups(), ("known", "other"), strict=True):
        first = re.search(
            rf"^\| {scanners} scanners \(\d\) \| {re.escape(LABELS[model])} \| ([^|]*)\|", table, re.MULTILINE
        )
        assert stated.strip() == re.search(r"×([\d.]+)", first[1])[1]


def test_the_version_is_defined_in_one_place():
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "IQTEnhance/IQTLib/__init__.py"


def test_notebook_runs_and_gives_the_numbers_that_it_shows(monkeypatch, tmp_path):
    pytest.importorskip("nilearn")
    pytest.importorskip("spams")
    matplotlib = pytest.importorskip("matplotlib")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    names: dict = {}
    with matplotlib.rc_context({"backend": "agg"}):
        for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            said = io.StringIO()
            with redirect_stdout(said):
                exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), names)
            shown = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            assert NUMBER.sub("", said.getvalue()) == NUMBER.sub("", shown)
            numbers = ([float(number) for number in NUMBER.findall(text)] for text in (said.getvalue(), shown))
            assert next(numbers) == pytest.approx(next(numbers), rel=0.03)  # versions of libraries differ a little


def test_notebook_is_small():
    assert NOTEBOOK.stat().st_size < 100_000


# Files for the host of the repository, which cannot run here


def checked(*command) -> None:
    program = shutil.which(command[0], path=str(Path(sys.executable).parent)) or shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([program, *map(str, command[1:])], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    {
        "github-workflows": ".github/workflows/*.yml",
        "github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
        "dependabot": ".github/dependabot.yml",
        "citation-file-format": "CITATION.cff",
    }.items(),
)
def test_files_of_the_host_follow_their_schema(schema, files):
    checked("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *sorted(ROOT.glob(files)))


def test_workflows_have_no_known_weakness():
    checked("zizmor", "--offline", "--quiet", ".github")


def test_hooks_at_every_commit_are_well_formed():
    checked("pre-commit", "validate-config")
