"""What counts as changed code: everything that a result's computation imports, and nothing else."""

import ast
import textwrap

import pytest
from IQTLib.experiments import code, tasks
from IQTLib.methods.registry import METHODS, trainable

EVERYTHING = '''
"""Doc."""
from os import path as p

@staticmethod
async def f(a, /, b: int = 1, *args, c: str = "x", **more) -> None:
    """More."""
    async with a as b, c: pass
    global g
    if (n := len(f"{a!r:>{b}} and {c}" "tail")) > 0x10 and not -1.5e3: return await a[1:2, ...]
    match n:
        case {"k": [1, *rest]} | int(x=2) if rest: yield (lambda x: x * 2)(*rest, **more)
    return [i async for i in a if i is not None] + [b"\\x00", 1j, True, {1: 2, **c}, {*a}]

class C(list, metaclass=type):
    x: int
    """Of x."""
    def __init__(self): super().__init__()

try: raise ValueError from None
except (OSError, ValueError) as error: del error
finally: assert C, "text"
'''
DIGEST = "e4829e32ceee99a3c45d"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Writes modules of a library of its own; returns the digest of some."""
    folder = tmp_path / "IQTLib"
    monkeypatch.setattr(code, "LIBRARY", folder)

    def digest(*roots: str, **modules: str) -> str:
        for name, text in modules.items():
            path = folder.joinpath(*name.split("__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            for package in (path.parent, *path.parent.parents):
                if folder in package.parents:
                    (package / "__init__.py").touch()
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        forget()
        return code.code_digest(*roots)

    yield digest
    forget()


def forget() -> None:
    for cached in (code.code_digest, code._module_digest, code._imports_of, code._tree):
        cached.cache_clear()


def test_comments_docstrings_and_layout_do_not_count(library):
    first = library("a", a='"""Doc."""\ndef f(x):\n    """More."""\n    return x + 1  # why\n')
    assert first == library("a", a="def f(x):\n\n    return (x + 1)\n")
    assert first != library("a", a="def f(x):\n    return x + 2\n")
    assert library("a", a="x = 'a'") != library("a", a="x = 'b'")
    assert library("a", a="x = 1") != library("a", a="x = 1.0") != library("a", a="x = True")


def test_every_python_gives_the_same_digest(library):
    """Written down once: on another version, and with other line ends, it must come out again."""
    assert library("a", a=EVERYTHING) == DIGEST
    path = code.LIBRARY / "a.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    forget()
    assert code.code_digest("a") == DIGEST


def test_of_a_module_only_what_a_function_uses_counts(library):
    """Its imports too: what another function of the module imports is not asked."""
    module = "from .b import x\nfrom .c import y\ndef f():\n    return x\ndef g():\n    return y\n"
    first = library("a:f", a=module, b="x = 1", c="y = 1")
    assert first == library("a:f", c="y = 2")
    assert first == library("a:f", a=module.replace("return y", "return y + 1"), c="y = 1")
    assert first != library("a:f", b="x = 2")


@pytest.mark.parametrize(
    "statement",
    [
        "from .b import x",
        "from . import b",
        "import IQTLib.b",
        "from IQTLib import b",
        "from IQTLib.b import x",
        "from .c import y",
        "from .room.d import z",
        "from .room import d",
        "def f():\n    from .b import x",
        "try:\n    from .b import x\nexcept ImportError:\n    pass",
    ],
)
def test_what_is_imported_counts_wherever_and_however(library, statement):
    others = {"c": "from .b import x\ny = x", "room__d": "from ..b import x\nz = x", "e": "w = 1"}
    first = library("a", a=statement, b="x = 1", **others)
    assert first == library("a", b="x = 1  # the same")
    assert first != library("a", b="x = 2")
    second = library("a")
    assert second == library("a", e="w = 2")


def test_what_only_type_checkers_see_does_not_count(library):
    text = """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from .b import x
        """
    first = library("a", a=text, b="x = 1")
    assert first == library("a", b="x = 2")
    assert library("a", "b") != library("a", "b", b="x = 3")


def test_modules_may_import_each_other(library):
    first = library("a", a="from .b import x", b="def x():\n    from .a import x")
    assert first != library("a", b="def x():\n    from .a import x as y")


def test_a_function_counts_with_what_it_uses_of_its_module(library):
    text = """
        SIZE = {size}
        def one():
            return helper()
        def helper():
            from .b import x
            return SIZE
        def other():
            from .c import y
            return {other}
        """

    def digest(size=1, other=1, b="x = 1", c="y = 1"):
        return library("a:one", a=text.format(size=size, other=other), b=b, c=c)

    first = digest()
    assert first == digest(other=2) == digest(c="y = 2")
    assert len({first, digest(size=2), digest(b="x = 2")}) == 3
    with pytest.raises(ValueError, match="no function two"):
        code.code_digest("a:two")


# The library itself


def changed(monkeypatch, module: str) -> set[str]:
    """Measures and methods whose code is another once something was added to `module`."""

    def digests() -> dict[str, str]:
        code.code_digest.cache_clear()
        known = {measure: tasks.code_of(measure) for measure in tasks.WORK}
        return known | {f"method {name}": tasks.method_code(name) for name in METHODS}

    before, tree, digest = digests(), code._tree, code._module_digest
    other = ast.Module([*tree(module).body, *ast.parse("ADDED = 1").body], [])
    with monkeypatch.context() as patch:  # only the one module is read again: a copy of all takes seconds
        patch.setattr(code, "_tree", lambda name: other if name == module else tree(name))
        patch.setattr(code, "_module_digest", lambda name: "changed" if name == module else digest(name))
        after = digests()
    code.code_digest.cache_clear()
    return {name for name, digest in after.items() if digest != before[name]}


MEASURES, WAYS = set(tasks.WORK), {f"method {name}" for name in METHODS}
SLICES = {"slices"}  # trains the patch regressors in 2-D
RARITY = {"library", "bias"}  # take their principal components from where patch methods learn
SPARSE = {f"method {name}" for name in trainable("dictionaries")}
BY_PATCHES = SPARSE - {"method csc-sr"}


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("image.grid", MEASURES | WAYS),  # resampling: the row of the real low-field scan is measured anew
        ("image.tissue", MEASURES | WAYS),
        ("image.noise", MEASURES | WAYS),
        ("image.metrics", {"any scan", "scores", "check", "train srep", "train ddl"}),
        ("evaluation.real_scan", {"lowfield"}),
        ("methods.networks.unet.network", {"method unet"}),
        ("methods.networks.ddl.generator", {"method ddl", "train ddl"}),
        ("methods.srep.coding", {*BY_PATCHES, *SLICES, "train srep"}),
        ("methods.srep.learning", {*BY_PATCHES, *SLICES, "train srep"}),
        ("methods.patchwise.learning", {"train srep", *SLICES, *RARITY}),
        ("methods.patchwise.method", {*SPARSE, *SLICES, "train srep", *RARITY}),
        ("methods.regressors.aplus", {"method aplus", *SLICES}),
        ("methods.csc.coding", {"method csc-sr", "method weenie", *SLICES}),
        ("training.loop", {"train ddl"}),
        ("cli.train", set()),
    ],
)
def test_results_count_as_changed_with_any_code_on_their_path(monkeypatch, module, found):
    assert changed(monkeypatch, module) == found


def test_every_measure_and_method_has_its_code():
    assert all(callable(tasks.work_of(measure)) for measure in tasks.WORK)
    assert len({tasks.code_of(measure) for measure in tasks.WORK}) == len(tasks.WORK)
