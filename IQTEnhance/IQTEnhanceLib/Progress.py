"""One bar for the whole work: the worker tells of each stage by itself, from its beginning to its end."""

import time
from collections.abc import Callable, Mapping
from typing import Any

# Shares of the time that the stages before the method take; what is left over is the method's own.
STAGES = {"finding the brain": 0.15, "contrast map": 0.1}
END = 0.97  # what remains is writing and loading
SURE = 0.1  # of the whole: before, nobody can tell how long it takes


class WholeProgress:
    """How much of one volume's work is done, 0 to 1; it never goes back.

    Args:
        clock: seconds, from anywhere.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.done = 0.0
        self.secondsLeft: float | None = None
        self._clock, self._start = clock, clock()
        self._stage, self._begin, self._end = "", 0.0, 0.0

    def take(self, event: Mapping[str, Any]) -> None:
        """A progress event of the worker."""
        if event["message"] != self._stage:
            share = STAGES.get(event["message"])
            self._stage, self._begin = event["message"], self.done
            self._end = END if share is None else min(self.done + share, END)
        total = event.get("total") or 0
        part = min((event.get("done") or 0) / total, 1.0) if total else 0.0
        self.done = max(self.done, self._begin + part * (self._end - self._begin))
        self.secondsLeft = self._left(part, event.get("seconds_left"))

    def _left(self, part: float, stage: float | None) -> float | None:
        """From the last stage's own estimate where it has one, else from the time that the whole has taken so far."""
        if stage is not None and self._end == END:
            return float(stage)
        if self.done < SURE:
            return None
        return (self._clock() - self._start) / self.done * (1 - self.done)
