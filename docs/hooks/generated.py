"""Pages of the reference that are made from the code: commands, recipes, models, the Python API.

What a newer version adds appears here by itself, and a name that is gone breaks the strict build.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "IQTEnhance" / "IQTLib"
MODELS = ROOT / "Resources" / "Models"


def on_config(config):
    """Give the reference's entry of the Python API its pages, one a room."""
    (reference,) = (section["Reference"] for section in config.nav if "Reference" in section)
    (entry,) = (item for item in reference if "Python API" in item)
    entry["Python API"] = list(api())
    return config


def on_files(files, config):
    pages = {"reference/commands.md": commands(), "reference/recipes.md": recipes(), "reference/models.md": models()}
    pages["reference/methods.md"] = methods()
    for path, content in (pages | api()).items():
        files.append(File.generated(config, path, content=content))
    return files


# Commands


def commands() -> str:
    """Typer's own pages of the command line."""
    run = [sys.executable, "-m", "typer", "IQTLib.cli", "utils", "docs", "--name", "iqt", "--title", "Commands"]
    environment = os.environ | {"PYTHONPATH": str(LIBRARY.parent)}
    return subprocess.run(run, env=environment, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


# Methods, recipes and models


def methods() -> str:
    sys.path.insert(0, str(LIBRARY.parent))  # the checkout's own version, whatever else is installed
    from IQTLib.methods.registry import METHODS

    parts = [
        "# Table of methods\n\nFrom the code's own descriptors; [Methods](../methods/index.md) tells how they work."
    ]
    for method in METHODS.values():
        parts.append(f"## {method.title}\n\n{method.purpose}")
        if method.notice:
            parts.append(f'!!! warning "Licences and patents"\n    {method.notice}')
        facts = {
            "Name": f"`{method.name}`",
            "Implemented by": "[`{1}`][{0}.{1}]".format(*method.implementation.split(":")),
            "Models without weights": ", ".join(f"`{name}`" for name in method.builtin),
            "Trained by": f"`iqt train {method.name}`" if method.training else "",
            "Recipes": ", ".join(f"{what}: `{name}`" for what, name in method.recipes.items()),
        }
        rows = [f"| {name} | {text} |" for name, text in facts.items() if text]
        rows += [f"| `--set {name}=...` | {_cell(text)} |" for name, text in method.tunable.items()]
        parts.append("| | |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts)


def recipes() -> str:
    parts = [
        "# Recipes\n\nThe recipes that come with IQT, as they are. A recipe is everything that decides a training run; "
        "it is written into the model's card. See [Change a recipe](../howto/recipes.md); what each value means is in "
        "the [API of training](api/training.md).",
    ]
    for path in sorted((LIBRARY / "training" / "recipes").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        recipe = tomllib.loads(text)
        comment = " ".join(line[1:].strip() for line in text.splitlines() if line.startswith("#"))
        parts.append(f"## {path.stem}\n\nMethod `{recipe['method']}`. {comment}")
        body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        parts.append(f"```toml\n{body.strip()}\n```")
    return "\n\n".join(parts)


def models() -> str:
    parts = [
        "# Models\n\nThe models that come with IQT, from their cards. Scores are on held-out subjects, as a share of "
        "cubic interpolation's on the same subjects, with the 95 % interval (paired bootstrap); "
        "[all results](../RESULTS.md). `iqt models show NAME` prints a whole card.",
    ]
    for folder in sorted(path for path in MODELS.iterdir() if path.is_dir()):
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        grid, size = card["grid"], (folder / "weights.safetensors").stat().st_size / 2**20
        facts = {
            "Method": f"`{card['method']}`",
            "Contrast": card["contrast"],
            "Slice spacing": f"{grid['factor']} voxels ({card['thickness']} slice, {card['gap']} gap)",
            "Voxels in training": f"{grid['finest']} to {grid['coarsest']} mm",
            "Trained on": f"{len(set(card['training']['people']))} subjects; {card['training'].get('data', '')}",
            "Weights": f"{size:.1f} MiB, version {card['version']}, SHA-256 `{card['sha256'][:16]}…`",
        }
        if card["contrast"] == "any":  # any slices, any voxels
            del facts["Slice spacing"], facts["Voxels in training"]
        parts.append(f"## {folder.name}\n\n{card['description']}.")
        parts.append("| | |\n|---|---|\n" + "\n".join(f"| {name} | {_cell(text)} |" for name, text in facts.items()))
        parts.append(_scores(card.get("test", {})))
    return "\n\n".join(parts)


def _scores(test: dict) -> str:
    columns = list(dict.fromkeys(name for cells in test.values() for name in cells))
    lines = ["| test set | subjects | " + " | ".join(columns) + " |", "|---" * (len(columns) + 2) + "|"]
    for name, cells in test.items():
        row = [f"{c['ratio']:.2f} ({c['interval'][0]:.2f}-{c['interval'][1]:.2f})" for c in map(cells.get, columns)]
        lines.append(f"| {name} | {cells[columns[0]]['people']} | " + " | ".join(row) + " |")
    return "\n".join(lines) if test else "No scores on held-out subjects."


# Python API: one page a room of the library


def api() -> dict[str, str]:
    rooms = sorted(folder for folder in LIBRARY.iterdir() if (folder / "__init__.py").is_file())
    index = ["# Python API\n\nEvery public name of `IQTLib`, from the docstrings; one page a room.\n"]
    pages = {}
    for room in rooms:
        index.append(f"- [{room.name}]({room.name}.md): {_summary(room / '__init__.py')}")
        pages[f"reference/api/{room.name}.md"] = _room(room.name, sorted(room.rglob("*.py")))
    index.append("- [IQTLib itself](top.md): what lies beside the rooms")
    pages["reference/api/top.md"] = _room("IQTLib", sorted(LIBRARY.glob("*.py")))
    return pages | {"reference/api/index.md": "\n".join(index)}


def _room(title: str, modules: list[Path]) -> str:
    parts = [f"# {title}"]
    for path in modules:
        relative = path.relative_to(LIBRARY.parent).with_suffix("")
        name = ".".join(relative.parts).removesuffix(".__init__")
        if path.name != "__main__.py" and path.stat().st_size:
            parts.append(f"## {name} {{ #module-{name} }}\n\n::: {name}\n    options:\n      show_root_heading: false")
    return "\n\n".join(parts)


def _summary(path: Path) -> str:
    import ast

    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n\n")[0].replace("\n", " ")
