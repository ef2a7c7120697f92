"""Translation as in Slicer: the context of a text is the file that says it, with its package."""

import inspect
from functools import cache
from pathlib import Path


def tr(text: str) -> str:
    return translate(_contextOf(inspect.currentframe().f_back.f_code.co_filename), text)


def translate(context: str, text: str) -> str:
    import slicer

    return slicer.app.translate(context, text)


@cache
def _contextOf(file: str) -> str:
    path = Path(file)
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem
