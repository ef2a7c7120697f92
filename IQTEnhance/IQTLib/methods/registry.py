"""Discovery of methods: every module or package in `methods` and `methods.networks` that binds `METHOD` or, for several
methods, `FAMILY`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from .. import methods
from ..errors import ModelError
from . import networks
from .descriptor import Descriptor


def discovered() -> dict[str, Descriptor]:
    """The descriptors by method name: first those in `methods`, then the networks, each by module."""
    modules = [module for package in (methods, networks) for module in _describing(package)]
    found = [one for module in modules for one in getattr(module, "FAMILY", None) or (module.METHOD,)]
    return {descriptor.name: descriptor for descriptor in found}


def _describing(package: ModuleType) -> Iterator[ModuleType]:
    """Modules of `package` that bind either; others are not imported, because they may load heavy libraries."""
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        spec = find_spec(info.name)
        loader: Any = None if spec is None else spec.loader
        code = None if loader is None else loader.get_code(info.name)
        if code is not None and {"METHOD", "FAMILY"} & set(code.co_names):
            yield import_module(info.name)


METHODS = discovered()


def described(name: str) -> Descriptor:
    """The descriptor of a method; `ModelError` if it is unknown."""
    if name not in METHODS:
        raise ModelError("unknown method {name!r}: this version has {methods}", name=name, methods=", ".join(METHODS))
    return METHODS[name]


def method_class(name: str) -> type:
    """The class of a method, imported on demand so that nothing heavy loads earlier."""
    module, _, attribute = described(name).implementation.partition(":")
    return getattr(import_module(module), attribute)


def trainable(*kinds: str) -> list[str]:
    """Names of the methods that `iqt train` makes models of: all, or those of some kinds of `Descriptor.training`."""
    return [name for name, found in METHODS.items() if found.training and (not kinds or found.training in kinds)]


def builtin() -> dict[str, str]:
    """Models without weights: their names and the methods they belong to."""
    return {model: name for name, found in METHODS.items() for model in found.builtin}
