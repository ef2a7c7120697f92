"""Sentences for the user that a front end can say in its own words, or in another language."""

from collections.abc import Mapping
from typing import Any


class Sentence(str):
    """English text with the `code` and the `values` that it was made of; to all else it is its text.

    Args:
        text: with `values` in braces, such as `{litres:.1f}`. code: names the sentence, so that front ends can choose
            their words; a sentence without a code of its own is named by its `text`. values: numbers, texts and other
            sentences; several in a tuple are joined by "; ".
    """

    code: str
    values: dict[str, Any]

    def __new__(cls, text: str, code: str = "", /, **values: Any) -> "Sentence":
        values = {name: _portable(value) for name, value in values.items()}
        whole = not (code or values)  # or a copy, or unpickled: braces in it are none of ours
        made = super().__new__(cls, text if whole else text.format(**joined(values)))
        made.code, made.values = code or text, values
        return made


def _portable(value: Any) -> Any:
    """Numbers and texts as they are, all else (paths, shapes) as text: the same here and in a process that reads it."""
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return value
    scalar = getattr(value, "ndim", None) == 0 and hasattr(value, "item")  # of numpy
    return value.item() if scalar else str(value)


def joined(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with several sentences as one text."""
    return {name: "; ".join(value) if isinstance(value, (list, tuple)) else value for name, value in values.items()}


def sentences_in(content: Any) -> dict[str, dict[str, Any]]:
    """Code and values of every sentence in `content` (text, list or mapping), by its text."""
    if isinstance(content, Sentence):
        own = {str(content): {"code": content.code, "values": content.values}}
        return sentences_in(content.values) | own  # one that only quotes another has its text, but the say
    if isinstance(content, Mapping):
        content = content.values()
    elif not isinstance(content, (list, tuple)):
        return {}
    return {text: told for part in content for text, told in sentences_in(part).items()}
