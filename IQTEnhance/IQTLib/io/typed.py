"""Build dataclasses from JSON, TOML or YAML, with a clear message for whatever does not fit.

A dataclass describes its fields by their types, and their bounds by `Annotated[int, Between(1, 100)]`. Untrusted
data are checked completely before any of them are used, including nested dataclasses.
"""

import reprlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import InputError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

IN_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a set of named values",
    tuple: "a list",
}
LONGEST = 2000  # characters of a text
LARGEST = {int: 2**63 - 1, float: 1e300}
T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True)
class Between:
    """Numbers from `least` to `most`, excluding `without`."""

    least: float
    most: float
    without: tuple[float, ...] = ()

    def __contains__(self, value: float) -> bool:
        return self.least <= value <= self.most and value not in self.without  # NaN is in none

    def __str__(self) -> str:
        numbers = (self.least, self.most, *self.without)
        least, most, *excluded = (f"{n:,}" if isinstance(n, int) else f"{n:g}" for n in numbers)
        return f" from {least} to {most}" + (f", but not {' or '.join(excluded)}" if excluded else "")


OLD_NAMES = {
    "turns": "test_time_augmentation",
    "noisiest": "maximum_noise",
    "elsewhere": "contrast_augmentation",
}
"""Former names of settings, which existing cards and recipes still use, with their current names."""

Positive = Annotated[float, Between(0, 1e6, without=(0,))]


@dataclass(frozen=True)
class Length:
    """Text of at most `most` characters, or a list of at most `most` entries."""

    most: int


def renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with former names of settings replaced by the current ones."""
    for old in set(values) & set(OLD_NAMES):
        if OLD_NAMES[old] in values:
            raise InputError("{old} and {old2} are the same setting: give one of them", old=old, old2=OLD_NAMES[old])
    return {OLD_NAMES.get(name, name): value for name, value in values.items()}


def built(kind: type[T], values: Mapping[str, Any], where: str = "", *, more: bool = False) -> T:
    """Build the dataclass `kind` from `values`; lists become tuples, and integers are accepted as floats.

    Args:
        where: prefix of field names in messages. more: ignore names that `kind` does not have.

    Raises:
        InputError: a value is missing, unknown, of the wrong type or out of bounds.
    """
    hints = _hints(kind)
    for name in values:
        if not isinstance(name, str):
            raise InputError(
                "{where}{name} is not a name: names are text, in quotes where they look like numbers",
                where=where,
                name=shown(name),
            )
    values = renamed(values)
    unknown = sorted(set(values) - set(hints))
    if unknown and not more:
        raise InputError(
            "{where}{unknown} is unknown: choose from {hints}",
            where=where,
            unknown=shown(unknown[0])[1:-1],
            hints=", ".join(hints),
        )
    for entry in fields(kind):
        if entry.name not in values and entry.default is MISSING and entry.default_factory is MISSING:
            raise InputError("{where}{entry} is missing", where=where, entry=entry.name)
    known = {name: values[name] for name in hints if name in values}
    return kind(**{name: _fitting(where + name, hints[name], value, more) for name, value in known.items()})


def check(instance: "DataclassInstance", where: str = "") -> None:
    """Raise `InputError` for fields of an existing dataclass that `built` would refuse."""
    for name, hint in _hints(type(instance)).items():
        _fitting(where + name, hint, getattr(instance, name))


def number(text: str) -> float:
    """The number that `text` writes; `ValueError` also for what Python alone takes for one, `1_0` and `١`."""
    if "_" in text or not text.isascii():
        raise ValueError(f"{shown(text)} is not a number")
    return float(text)


def shown(value: Any) -> str:
    """`repr` of an untrusted value, shortened to one line."""
    try:
        return _SHORT.repr(value)
    except ValueError:  # Python refuses to print integers with thousands of digits
        return "a number of too many digits"


def _hints(kind: "type[DataclassInstance]") -> dict[str, Any]:
    if kind not in _KNOWN:
        hints = get_type_hints(kind, include_extras=True)
        _KNOWN[kind] = {entry.name: hints[entry.name] for entry in fields(kind)}
    return _KNOWN[kind]


def _fitting(name: str, hint: Any, value: Any, more: bool = False) -> Any:
    """`value` converted for a field of type `hint`."""
    bounds: list[Any] = []
    if get_origin(hint) is Annotated:
        hint, *bounds = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        if value is None and NoneType in get_args(hint):
            return None
        return _fitting(name, next(kind for kind in get_args(hint) if kind is not NoneType), value, more)
    if get_origin(hint) is Literal:
        return _choice(name, get_args(hint), value)
    kind: type = get_origin(hint) or hint
    if is_dataclass(kind):
        if isinstance(value, kind):
            return value
        if isinstance(value, Mapping):
            return built(kind, value, f"{name}.", more=more)
        kind = dict
    for fits, test in _tests(kind, bounds):
        if not test(value):
            raise InputError("{name} is {value}: it must be {fits}", name=name, value=shown(value), fits=fits)
    if kind is tuple:
        return _entries(name, get_args(hint) or (Any, ...), value, more)
    if kind is dict:
        for key in value:
            _fitting(f"a name in {name}", str, key)
        _, inner = get_args(hint) or (str, Any)
        return {key: _fitting(f"{name}.{shown(key)[1:-1]}", inner, entry, more) for key, entry in value.items()}
    return value


def _tests(kind: type, bounds: list[Any]) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    """Pairs of a requirement in words and its test, for values of type `kind`."""
    if kind is Any:
        return
    words = IN_WORDS.get(kind, str(kind))
    types = {float: (int, float), tuple: (tuple, list)}.get(kind, (kind,))
    yield words, lambda value: type(value) in types
    if kind in LARGEST:
        span = next((bound for bound in bounds if isinstance(bound, Between)), None)
        largest = LARGEST[kind]
        yield f"{words}{span or ', and a finite one'}", (span or Between(-largest, largest)).__contains__
    if kind in (str, tuple):
        most = next((bound.most for bound in bounds if isinstance(bound, Length)), LONGEST)
        parts = "characters" if kind is str else "entries"
        yield f"{words} of at most {most} {parts}", lambda value: len(value) <= most
    if kind is str:
        yield "text without control characters", _is_plain


def _is_plain(text: str) -> bool:
    return not any(
        (ord(sign) < 32 and sign not in "\n\t") or 0x7F <= ord(sign) < 0xA0 or 0xD800 <= ord(sign) < 0xE000
        for sign in text
    )


def _choice(name: str, choices: tuple[Any, ...], value: Any) -> Any:
    named = {str(choice): choice for choice in choices}  # the command line passes 32 as the text "32"
    text = value if isinstance(value, str) else shown(value)  # a huge number has no `str`
    if not isinstance(value, (str, int)) or text not in named:
        raise InputError(
            "{name} is {value}: choose one of {named}", name=name, value=shown(value), named=", ".join(named)
        )
    return named[text]


def _entries(name: str, kinds: tuple[Any, ...], value: Any, more: bool) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise InputError(
            "{name} is {value}: it must be a list of {count}", name=name, value=shown(value), count=len(kinds)
        )
    return tuple(_fitting(name, kind, entry, more) for kind, entry in zip(kinds, value, strict=True))


_KNOWN: dict[type, dict[str, Any]] = {}  # results of `_hints`: functools.cache refuses dataclass types in mypy
_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong, _SHORT.maxdict = 3, 60, 60, 40, 3
