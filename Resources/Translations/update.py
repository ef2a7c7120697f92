"""Bring the template and the translations to what the panels say now; new texts come in as unfinished.

    python Resources/Translations/update.py

The texts are those of the .ui files, of `_("...")` in the modules, each in the context in which `slicer.i18n.tr` looks
for it, of the library's registry, and of its errors and the lines of its log. Qt's lupdate, of the wheel
PySide6-Essentials, keeps what is translated already.
"""

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = ("IQTEnhance", "IQTTraining")
TEMPLATE = "ImageQualityTransfer_en-US.ts"
REGISTRY = "IQTEnhanceLib.Catalogue"  # where `translated` is called
LIBRARY = ROOT / "IQTEnhance" / "IQTLib"
UNSEEN = {"cli", "cohort", "evaluation", "experiments", "calibrate.py", "clusters.py", "demo.py"}  # by the panels
COMMAND_LINE = re.compile(r"(^|[ (`])(--[a-z]|iqt [a-z]|pip install|IQT_[A-Z])")  # the panel has its own words


def context_of(path: Path) -> str:
    """As `slicer.i18n.getContext` has it: the file's name, with that of its package if it lies in one."""
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem


def spoken() -> Iterator[tuple[str, str]]:
    """Context and text of everything that the modules' Python says."""
    for module in MODULES:
        for path in sorted([*(ROOT / module).glob("*.py"), *(ROOT / module / f"{module}Lib").glob("*.py")]):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_":
                    if isinstance(call.args[0], ast.Constant):
                        yield context_of(path), call.args[0].value
                    elif context_of(path) != REGISTRY:
                        raise ValueError(f"{path}:{call.lineno}: only a text that stands here can be translated")
    yield from ((REGISTRY, text) for text in (*registered(), *sentences()))


def registered() -> Iterator[str]:
    """What the library's registry says of its methods, and the default model's card of the model."""
    sys.path.insert(0, str(ROOT / "IQTEnhance"))
    from IQTLib.methods.registry import METHODS
    from IQTLib.models.store import DEFAULT_MODEL, available, read_card

    for method in METHODS.values():
        yield from filter(None, (method.title, method.plain or method.purpose, method.notice))
        yield from method.tunable.values()
        yield from (built.description for built in method.builtin.values())
    yield read_card(available()[DEFAULT_MODEL]).description


def sentences() -> Iterator[str]:
    """What the library says without a code: errors that the panel shows as they are, and lines of a job's log."""
    for path in sorted(LIBRARY.rglob("*.py")):
        if not UNSEEN & {*path.relative_to(LIBRARY).parts}:
            yield from (text for text in said(path) if not COMMAND_LINE.search(text))


def said(path: Path) -> Iterator[str]:
    """Texts of a file's errors without a code of their own, and of its sentences without one."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        nodes = [node for node in ast.walk(function) if isinstance(node, ast.Call | ast.Assign)]
        named = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
        for call in (node for node in nodes if isinstance(node, ast.Call) and node.args):
            name = getattr(call.func, "id", "")
            if name.endswith("Error") or (name == "Sentence" and len(call.args) == 1):
                text = named.get(ast.unparse(call.args[0]), call.args[0])
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value


def update(folder: Path) -> None:
    """Let lupdate go over the .ts files of `folder`."""
    import PySide6

    lines = [f"translate({context!r}, {text!r})\n" for context, text in spoken()]
    forms = [ROOT / module / "Resources" / "UI" / f"{module}.ui" for module in MODULES]
    with tempfile.TemporaryDirectory() as temporary:
        listed = Path(temporary) / "spoken.py"
        listed.write_text("".join(lines), encoding="utf-8")
        files = [str(path) for path in (listed, *forms)]
        targets = [str(path) for path in sorted(folder.glob("*.ts"))]
        command = [str(Path(PySide6.__file__).parent / "lupdate"), "-silent", "-no-obsolete", "-locations", "none"]
        subprocess.run([*command, *files, "-ts", *targets], check=True)


if __name__ == "__main__":
    update(HERE)
