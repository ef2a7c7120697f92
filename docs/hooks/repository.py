"""What the pages take from the rest of the repository: its address, screenshots, CONTRIBUTING and CHANGELOG.

Pages write `repo:path` for a file outside `docs/`: a link to it at the repository's address, refused when there is no
such file. The address is read from CMakeLists.txt, the one place that holds it.
"""

import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "Resources" / "Screenshots"
PAGES = {"contributing.md": "CONTRIBUTING.md", "changes.md": "CHANGELOG.md"}


def on_config(config):
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    config.repo_url = re.search(r'set\(IQT_PUBLIC_ADDRESS "([^"]+)"\)', text)[1]
    config.repo_name = "Repository"
    config.edit_uri = ""
    return config


def on_files(files, config):
    for path in sorted(SCREENSHOTS.iterdir()):
        files.append(File.generated(config, f"screenshots/{path.name}", abs_src_path=str(path)))
    for page, source in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        links = re.sub(r"\]\((?!https?:|#|docs/)([^)]+)\)", r"](repo:\1)", text)
        files.append(File.generated(config, page, content=links.replace("](docs/", "](")))
    return files


def on_page_markdown(markdown, page, config, files):
    def link(match):
        path = match[1].partition("#")[0]
        if not (ROOT / path).exists():
            raise PluginError(f"{page.file.src_uri} links to {path}, which is not in the repository")
        return f"]({config.repo_url}/blob/main/{match[1]})"

    return re.sub(r"\]\(repo:([^)]+)\)", link, markdown)
