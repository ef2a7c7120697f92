"""Content keys: a result is found again only if everything that made it is the same, code included.

Code counts by its syntax tree without docstrings, so comments and layout may change.
"""

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).parents[1]


def digest(*parts: Any) -> str:
    """Twenty hexadecimal digits of anything JSON can say."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:20]


@cache
def code_digest(*names: str) -> str:
    """Digest of the code of modules and folders below IQTLib, such as "image/metrics.py" or "methods/srep"."""
    files = [path for name in names for path in _python_files(LIBRARY / name)]
    return digest([ast.dump(_without_docstrings(path.read_text(encoding="utf-8"))) for path in files])


def _python_files(path: Path) -> Iterable[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _without_docstrings(source: str) -> ast.Module:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            node.body = body[1:] or [ast.Pass()]
    return tree
