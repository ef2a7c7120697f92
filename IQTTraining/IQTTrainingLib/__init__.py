"""The module's parts, one noun per file. The library and the worker's process are those of the module IQTEnhance.

The search for them needs a module of its own that Python loads before all others: this one.
"""

import importlib.util
import sys
from pathlib import Path


def _find_sister() -> None:
    """Make `IQTEnhanceLib` and `IQTLib` importable: installed they lie beside this package, in a checkout one up."""
    if importlib.util.find_spec("IQTEnhanceLib") is not None:
        return
    folder = Path(__file__).resolve().parents[2] / "IQTEnhance"
    if not (folder / "IQTEnhanceLib").is_dir():
        raise ImportError(
            "IQTTraining needs the module IQTEnhance, whose library it uses: add the folder IQTEnhance of the same "
            "checkout in Edit / Application Settings / Modules / Additional module paths, or install the extension"
        )
    sys.path.append(str(folder))


_find_sister()
