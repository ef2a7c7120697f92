"""Subjects whom a recipe excludes or holds out for validation or the final test: their labels, and do they exist?"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..data.people import labels_of
from ..data.subjects import Scan
from ..errors import InputError
from ..events import Reporter
from ..sentences import Sentence


class Roles(Protocol):
    """The part of a recipe that names subjects."""

    @property
    def exclude(self) -> tuple[str, ...]: ...
    @property
    def validate(self) -> tuple[str, ...]: ...
    @property
    def test(self) -> tuple[str, ...]: ...


R = TypeVar("R", bound=Roles)


def with_labels(roles: R, scans: Iterable[Scan]) -> R:
    """`roles` with labels instead of subjects' names, as stored in the model's card."""
    known = {scan.person for scan in scans}
    found: dict[str, Any] = {role: labels_of(getattr(roles, role), known) for role in ("exclude", "validate", "test")}
    return replace(roles, **found)  # type: ignore[type-var]


def check_names(roles: Roles, scans: Iterable[Scan], source: Path, report: Reporter) -> None:
    """Warn of labels without a scan below `source`; `InputError` if that is all of those for validation."""
    strangers = {*roles.exclude, *roles.validate, *roles.test} - {scan.person for scan in scans}
    if strangers:
        report.warn(
            Sentence(
                "no scan of {strangers}, named in the recipe: are the names right?",
                strangers=", ".join(sorted(strangers)),
            )
        )
    if roles.validate and set(roles.validate) <= strangers:
        raise InputError("{source} holds no scan of the subjects for validation: check the names", source=source)
