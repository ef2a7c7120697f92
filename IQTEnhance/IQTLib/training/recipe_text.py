"""The texts of recipes, TOML and YAML, which may come from anywhere: they cannot fill memory."""

from typing import Any

from ..io.reading import DEEPEST, not_too_deep

MOST_DOTS = 50  # of a line: parsers of TOML take memory with the square of a key's parts


def from_toml(text: str) -> Any:
    """The values in a TOML text; `ValueError` if it is none, or too deep."""
    try:
        import tomllib
    except ImportError:  # Python 3.10
        import tomli as tomllib  # type: ignore[no-redef]
    if max(line.count(".") for line in text.split("\n")) > MOST_DOTS:
        raise ValueError(f"a line has more than {MOST_DOTS} dots: keys are at most two names long, break long texts")
    return tomllib.loads(not_too_deep(text))


def from_yaml(text: str) -> Any:
    """The values in a YAML text; `ValueError` if it is none, too deep, or repeats parts by aliases."""
    import yaml

    try:
        depth = 0
        for event in yaml.parse(text, yaml.SafeLoader):  # one at a time, so that aliases cannot fill memory
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise ValueError(f"values are nested more than {DEEPEST} deep")
            if isinstance(event, yaml.AliasEvent):  # a few lines of aliases expand to gigabytes
                raise ValueError("it repeats parts by aliases (*name): write them out")
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(error) from None
