"""Identifies the code behind a result: a digest of the modules that compute it, and of everything they import.

Why a digest of the source and not of its behaviour: a probe (the result for a small volume) covers only the branches
that this volume takes. A probe without resampling, segmentation or noise estimation once kept the 64 mT scan's rows
valid although resampling had changed, and its rounding hides small changes that add up. The source cannot miss a change
of this library; the price is that results are recomputed after refactoring. Neither sees other packages: `run.json`
records their versions.

The digest is of the syntax tree without docstrings, so comments and layout do not matter, and every Python from 3.10 on
gives the same digest.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any


def digest(*parts: Any) -> str:
    """A digest (20 hexadecimal digits) of anything that JSON can represent."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:20]


LIBRARY = Path(__file__).parents[1]


@cache
def code_digest(*roots: str) -> str:
    """Digest of modules below IQTLib and of all of IQTLib that they import, directly or not, anywhere in them.

    Args:
        roots: "pipeline", "methods.srep.method", or "experiments.trainings:ddl" for what this function uses of its
            module. Imports for type checkers do not count.
    """
    found: dict[str, str] = {}
    waiting: list[str] = []
    for root in roots:
        module, _, function = root.partition(":")
        tree = _needed(_tree(module), function) if function else _tree(module)
        found[root] = digest(_told(tree))
        waiting += _imported(tree, module)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found[module] = _module_digest(module)
            waiting += _imports_of(module)
    return digest(sorted(found.items()))


@cache
def _module_digest(module: str) -> str:
    return digest(_told(_tree(module)))


@cache
def _imports_of(module: str) -> tuple[str, ...]:
    return tuple(_imported(_tree(module), module))


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_file(module).read_text(encoding="utf-8"))


def _file(module: str) -> Path:
    path = LIBRARY.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _exists(module: str) -> bool:
    return bool(module) and _file(module).is_file()


def _needed(tree: ast.Module, function: str) -> ast.Module:
    """`tree` without the functions and imports that neither `function` nor the module's other statements use."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    waiting = [function, *(n.id for node in tree.body if node not in functions.values() for n in _names(node))]
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in functions and name not in needed:
            needed.add(name)
            waiting += [n.id for n in _names(functions[name])]
    if function not in needed:
        raise ValueError(f"no function {function}")
    dropped = [node for name, node in functions.items() if name not in needed]
    kept = [node for node in tree.body if node not in dropped]
    used = {name.id for node in kept for name in _names(node)}
    return ast.Module([part for node in kept if (part := _used_import(node, used)) is not None], [])


def _used_import(node: ast.stmt, used: set[str]) -> ast.stmt | None:
    """`node`; of an import only the names in `used`, None without any."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return node
    names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in used]
    if not names:
        return None
    return ast.Import(names) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, names, node.level)


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Name))


def _imported(tree: ast.AST, module: str) -> Iterator[str]:
    """Modules of this library that `tree`, code of `module`, imports."""
    package = module.split(".") if _file(module).name == "__init__.py" else module.split(".")[:-1]
    for node in _run(tree):
        if isinstance(node, ast.ImportFrom):
            path = (node.module or "").split(".")
            if node.level:
                path = [*package[: len(package) - node.level + 1], *path]
            elif path[0] == LIBRARY.name:
                path = path[1:]
            else:
                continue
            base = ".".join(part for part in path if part)
            names = [base, *(f"{base}.{alias.name}" if base else alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [a.name.partition(".")[2] for a in node.names if a.name.split(".")[0] == LIBRARY.name]
        else:
            continue
        yield from (name for name in names if _exists(name))


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of `tree` except code for type checkers only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        yield from _run(node)


def _told(node: ast.AST) -> list[Any]:
    """A syntax tree as lists of names and texts, without docstrings and empty nodes (which differ by version)."""
    told: list[Any] = [type(node).__name__]
    for name, value in ast.iter_fields(node):
        parts = value if isinstance(value, list) else [value]
        parts = [_told(part) if isinstance(part, ast.AST) else repr(part) for part in parts if _counts(part, node)]
        if parts and name not in ("ctx", "kind", "type_comment"):
            told.append([name, parts])
    return told


def _counts(part: object, inside: ast.AST) -> bool:
    """False for docstrings (expressions that are only a text) and for empty nodes."""
    if isinstance(part, ast.Expr):
        return not (isinstance(part.value, ast.Constant) and isinstance(part.value.value, str))
    if isinstance(inside, ast.JoinedStr):  # Python 3.12.1 finds empty texts at the end of formats
        return not (isinstance(part, ast.Constant) and part.value == "")
    return part is not None
