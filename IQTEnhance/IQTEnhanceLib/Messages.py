"""What a worker says: its JSON lines as events, and its end as a reason with a remedy."""

import json
from dataclasses import dataclass, field
from typing import Any

TAIL = 20  # lines of foreign output that are kept for an error message
FRAME = " \t\r\n╭╮╰╯│─"  # what the command line draws around a wrong usage

REMEDIES = {
    2: "This is a defect of the module: please report it with the log.",
    3: "Choose another volume, or correct this one.",
    4: "Choose other weights, or install these again.",
    5: "Free disk space, or choose another temporary folder in Edit / Application Settings.",
}
MISSING_PACKAGE = "Press Apply again to install what is missing, or see 'Offline installation' in the Help section."
KILLED = "It may have run out of memory: close other programs, crop the volume, or choose CPU as the device."
UNKNOWN = "Look into the log under the button; if it does not help, report it there."


@dataclass
class Transcript:
    """Everything a worker said so far."""

    results: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: str = ""
    foreign: list[str] = field(default_factory=list)

    def take(self, line: str) -> dict[str, Any] | None:
        """The event in `line`, or None for any other text."""
        event = parse(line)
        if event is None:
            text = line.strip(FRAME)
            self.foreign = [*self.foreign, text][-TAIL:] if text else self.foreign
        elif event["kind"] == "result":
            self.results.append(event.get("data", {}))
        elif event["kind"] == "warning":
            self.warnings.append(event["message"])
        elif event["kind"] == "error":
            self.error = event["message"]
        return event

    def failure(self, code: int) -> tuple[str, str]:
        """Why the work failed, and what to do."""
        if self.error:
            return self.error, REMEDIES.get(code, UNKNOWN)
        missing = [line for line in self.foreign if "ModuleNotFoundError" in line or "No module named" in line]
        if missing:
            return f"The worker lacks a Python package ({missing[-1]})", MISSING_PACKAGE
        if code < 0 or code in (9, 137, 139):
            return f"The worker process was ended from outside (code {code})", KILLED
        if code == 0:
            return "The worker ended without a result", UNKNOWN
        if code == 2:
            return f"The worker was called wrongly ({' '.join(self.foreign)})", REMEDIES[2]
        last = f": {self.foreign[-1]}" if self.foreign else ""
        return f"The worker process ended with code {code}{last}", UNKNOWN


def parse(line: str) -> dict[str, Any] | None:
    """An event, or None when `line` is not one."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("message"), str) or "kind" not in event:
        return None
    return event if isinstance(event.get("data", {}), dict) else None
