"""Messages of a worker: its JSON lines as events, and its failure as a reason with a remedy."""

import json
from dataclasses import dataclass, field
from typing import Any

from slicer.i18n import tr as _

from .Sentences import spoken
from .Words import KILLED, MISSING_PACKAGE, REPORT, UNKNOWN, WORDS, Words, told

TAIL = 20  # lines of foreign output that are kept for an error message
FRAME = " \t\r\n╭╮╰╯│─"  # drawn by the command line around usage errors


@dataclass
class Transcript:
    """All messages of a worker so far; `words` translates its errors for the panel."""

    results: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: str = ""
    code: str = ""
    foreign: list[str] = field(default_factory=list)
    words: Words = field(default_factory=lambda: WORDS)

    def take(self, line: str) -> dict[str, Any] | None:
        """The event in `line`, in the panel's words, or None for any other text."""
        event = parse(line)
        event = event if event is None else spoken(event)
        if event is None:
            text = line.strip(FRAME)
            self.foreign = [*self.foreign, text][-TAIL:] if text else self.foreign
        elif event["kind"] == "result":
            self.results.append(event.get("data", {}))
        elif event["kind"] == "warning":
            self.warnings.append(event["message"])
        elif event["kind"] == "error":
            self.error, self.code = event["message"], str(event.get("data", {}).get("code", ""))
        return event

    def failure(self, code: int) -> tuple[str, str]:
        """Why the work failed, and what to do; `code` is the exit code."""
        if self.error:
            return told(self.code, self.error, self.words)
        missing = [line for line in self.foreign if "ModuleNotFoundError" in line or "No module named" in line]
        if missing:
            return _("The worker lacks a Python package ({what})").format(what=missing[-1]), MISSING_PACKAGE
        if code < 0 or code in (9, 137, 139):
            return _("The worker process was terminated (code {code})").format(code=code), KILLED
        if code == 0:
            return _("The worker ended without a result"), UNKNOWN
        if code == 2:
            text = _("The worker was called with wrong arguments ({what})")
            return text.format(what=" ".join(self.foreign)), REPORT
        last = f": {self.foreign[-1]}" if self.foreign else ""
        return _("The worker process ended with code {code}").format(code=code) + last, UNKNOWN


def parse(line: str) -> dict[str, Any] | None:
    """An event, or None when `line` is not one."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("message"), str) or "kind" not in event:
        return None
    return event if isinstance(event.get("data", {}), dict) else None
