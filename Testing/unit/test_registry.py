"""Methods are found by their descriptors: a new one is one file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nibabel
import numpy as np
import pytest
from IQTLib.errors import ModelError
from IQTLib.methods.descriptor import FACTORS
from IQTLib.methods.registry import METHODS, described, method_class, trainable
from IQTLib.models.store import available
from IQTLib.training.dictionaries import dictionary_recipe
from IQTLib.training.recipe import load_recipe, shipped
from IQTLib.training.synthesis import synthesis_recipe

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto" / "add-method.md").read_text(encoding="utf-8")
TOY = re.search(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]
WHERE = """
import json, sys
from types import SimpleNamespace
words = SimpleNamespace(tr=str, translate=lambda context, text: text)
sys.modules |= {"slicer": SimpleNamespace(i18n=words), "slicer.i18n": words}  # all that the panels' lists need of it
import IQTLib.methods
IQTLib.methods.__path__.append(sys.argv[1])
from IQTEnhanceLib.Catalogue import Catalogue, methodTitle
from IQTLib.cli import app
from IQTLib.experiments.catalogue import EXPERIMENTS
from IQTTrainingLib.Plan import METHOD_NAMES
from typer.testing import CliRunner

def iqt(*words):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.output

iqt("enhance", *sys.argv[2:], "--model", "toy")
print(json.dumps({
    "list": iqt("models", "list"),
    "train": iqt("train", "--help"),
    "panel": [methodTitle(name) for name in Catalogue().methods()],
    "training panel": METHOD_NAMES,
    "experiments": [name for name, one in EXPERIMENTS.items() if "toy" in one.methods],
}))
"""


def test_a_method_in_one_file_is_found_by_command_line_panels_and_experiments(tmp_path):
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / "toy.py").write_text(TOY)
    scan, out = tmp_path / "scan.nii.gz", tmp_path / "out.nii.gz"
    data = np.random.default_rng(0).uniform(1, 2, (20, 20, 6)).astype(np.float32)
    nibabel.save(nibabel.Nifti1Image(data, np.diag([1.0, 1.0, 4.0, 1.0])), scan)
    words = [sys.executable, "-c", WHERE, *map(str, (tmp_path / "methods", scan, out))]
    code = f"import sys; sys.path[:0] = [{str(ROOT / 'IQTEnhance')!r}, {str(ROOT / 'IQTTraining')!r}]\n"
    words[2] = code + WHERE
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "toy" in found["list"]
    assert "Train Toy: repeated slices" in found["train"]
    assert "Toy: repeated slices" in found["panel"]
    assert "toy" in found["training panel"]
    assert {"table1", "bias", "figures"} <= set(found["experiments"])
    np.testing.assert_allclose(nibabel.load(out).get_fdata()[:, :, :4], np.repeat(data[:, :, :1], 4, axis=2), rtol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_a_descriptor_says_what_is_so(name):
    method = METHODS[name]
    kind = method_class(name)
    assert (kind.name, method.name) == (name, name)
    assert method.title
    assert method.purpose.endswith(".")
    assert set(method.factors) <= set(FACTORS)
    assert {one.model for one in method.compared.values()} <= set(available())
    assert set(method.recipes.values()) <= set(shipped())


@pytest.mark.parametrize("name", trainable())
def test_sizes_and_recipes_of_a_descriptor_can_be_trained(name):
    method = METHODS[name]
    wanted = {"standard"} if method.training == "restoration" else {"quick", "standard", "paper"}
    assert wanted <= set(method.recipes)
    for recipe in method.recipes.values():
        for size in ({}, *method.sizes.values()):
            if method.training == "dictionaries":
                dictionary_recipe(recipe, method=name, **size)
            elif method.training == "synthesis":
                synthesis_recipe(recipe, {f"settings.{key}": value for key, value in size.items()})
            else:
                load_recipe(recipe, {f"settings.{key}": value for key, value in size.items()})


def test_an_unknown_method_is_named_with_those_there_are():
    with pytest.raises(ModelError, match="unknown method 'magic': this version has csc-sr, weenie, interpolation"):
        described("magic")
