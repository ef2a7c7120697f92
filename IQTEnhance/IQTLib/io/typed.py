"""Dataclasses from text formats (JSON, TOML, YAML), with a plain sentence for what does not fit."""

from collections.abc import Mapping
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import InputError

IN_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a set of named values",
    tuple: "a list",
}
T = TypeVar("T")


def built(kind: type[T], values: Mapping[str, Any], where: str = "") -> T:
    """The dataclass `kind` of `values`; lists become tuples, whole numbers fit where numbers are asked for.

    Raises:
        InputError: a value that is missing, unknown or of another type; `where` is put before its name.
    """
    hints = get_type_hints(kind)
    unknown = sorted(set(values) - {entry.name for entry in fields(kind)})
    if unknown:
        raise InputError(f"{where}{unknown[0]} is not known: there are {', '.join(hints)}")
    try:
        return kind(**{name: _fitting(where + name, hints[name], value) for name, value in values.items()})
    except TypeError as error:
        raise InputError(f"{where}{error}") from None


def _fitting(name: str, hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        if value is None and NoneType in get_args(hint):
            return None
        hint = next(kind for kind in get_args(hint) if kind is not NoneType)
    if get_origin(hint) is Literal:
        choices = {str(choice): choice for choice in get_args(hint)}  # 32 of a command line is the text "32"
        if str(value) not in choices:
            raise InputError(f"{name} is {value!r}: choose one of {', '.join(choices)}")
        return choices[str(value)]
    expected = get_origin(hint) or hint
    if expected is tuple and isinstance(value, list):
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            inner = inner[:1] * len(value)
        if len(inner) != len(value):
            raise InputError(f"{name} is {value!r}: it must be a list of {len(inner)}")
        return tuple(_fitting(name, kind, entry) for kind, entry in zip(inner, value, strict=True))
    allowed = (int, float) if expected is float else (expected,)
    if expected is not Any and type(value) not in allowed:
        raise InputError(f"{name} is {value!r}: it must be {IN_WORDS.get(expected, expected)}")
    return value
