"""Sentences for the user that a front end can say in its own words, or in another language."""

from collections.abc import Mapping
from typing import Any


class Sentence(str):
    """English text with the `code` and the `values` that it was made of; to all else it is its text.

    Args:
        text: with `values` in braces, such as `{litres:.1f}`. code: names the sentence, so that front ends can choose
            their words. values: numbers, texts and other sentences; several in a tuple are joined by "; ".
    """

    code: str
    values: dict[str, Any]

    def __new__(cls, text: str, code: str = "", /, **values: Any) -> "Sentence":
        made = super().__new__(cls, text.format(**joined(values)) if code else text)  # no code: a copy, or unpickled
        made.code, made.values = code, values
        return made


def joined(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with several sentences as one text."""
    return {name: "; ".join(value) if isinstance(value, (list, tuple)) else value for name, value in values.items()}


def sentences_in(content: Any) -> dict[str, dict[str, Any]]:
    """Code and values of every sentence in `content` (text, list or mapping), by its text."""
    if isinstance(content, Sentence):
        own = {str(content): {"code": content.code, "values": content.values}} if content.code else {}
        return own | sentences_in(content.values)
    if isinstance(content, Mapping):
        content = content.values()
    elif not isinstance(content, (list, tuple)):
        return {}
    return {text: told for part in content for text, told in sentences_in(part).items()}
