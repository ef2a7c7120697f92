"""Notebooks among the pages: text, code and small outputs as Markdown, so that they look and search like other pages.

Tests execute them; here the outputs that the notebook holds are shown.
"""

import base64
import json
from pathlib import Path

from mkdocs.structure.files import File


def on_files(files, config):
    for file in [file for file in files if file.src_uri.endswith(".ipynb")]:
        stem = file.src_uri.removesuffix(".ipynb")
        notebook = json.loads(Path(file.abs_src_path).read_text(encoding="utf-8"))
        parts, pictures = [], {}
        for number, cell in enumerate(notebook["cells"]):
            parts += list(_shown(cell, f"{Path(stem).name}-{number}", pictures))
        parts.append(f"\n[Download this notebook]({Path(file.src_uri).name})\n")
        files.append(File.generated(config, f"{stem}.md", content="\n\n".join(parts)))
        folder = str(Path(stem).parent)
        for name, content in pictures.items():
            files.append(File.generated(config, f"{folder}/{name}", content=content))
    return files


def _shown(cell, name, pictures):
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source
        return
    yield f"```python\n{source}\n```"
    for number, output in enumerate(cell["outputs"]):
        data = output.get("data", {})
        if "image/png" in data:
            picture = f"{name}-{number}.png"
            pictures[picture] = base64.b64decode(data["image/png"])
            yield f"![Output]({picture})"
        elif text := "".join(output.get("text", data.get("text/plain", ""))).rstrip():
            yield f"```text\n{text}\n```"
