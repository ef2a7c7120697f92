"""One progress bar for the whole run; the worker reports each stage separately."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from .Sentences import codeOf

# Shares of the time for the stages before the method, which takes the rest.
STAGES = {"loading": 0.05, "brain": 0.15, "contrast-map": 0.1}
END = 0.97  # the rest is writing and loading
SURE = 0.1  # share of the work before which no estimate is possible


class WholeProgress:
    """Progress of one volume, 0 to 1; it never decreases.

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
        if (stage := codeOf(event["message"])) != self._stage:
            share = STAGES.get(stage)
            self._stage, self._begin = stage, self.done
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


class BatchProgress:
    """How much of several volumes' work is done, and how long each and all of them still take.

    Args:
        total: number of volumes. clock: seconds, from anywhere.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._clock = total, clock
        self._durations: list[float] = []
        self._over = 0
        self._current: WholeProgress | None = None
        self._began = 0.0

    def take(self, event: Mapping[str, Any]) -> None:
        """A progress event of the current volume."""
        if self._current is None:
            self._current, self._began = WholeProgress(self._clock), self._clock()
        self._current.take(event)

    def end(self, *, succeeded: bool) -> None:
        """The current volume, or a waiting one, is finished."""
        if succeeded and self._current is not None:
            self._durations.append(self._clock() - self._began)
        self._current = None
        self._over += 1

    @property
    def done(self) -> float:
        """Of all volumes, 0 to 1."""
        return (self._over + (self._current.done if self._current is not None else 0.0)) / max(self._total, 1)

    @property
    def currentLeft(self) -> float | None:
        """Seconds left for the current volume, None until known."""
        if self._current is None:
            return self.each
        if self._current.secondsLeft is None and self._durations:
            return max(self.each - (self._clock() - self._began), 0.0)
        return self._current.secondsLeft

    @property
    def each(self) -> float | None:
        """Seconds per volume, from the finished ones or the first; None until known."""
        if self._durations:
            return sum(self._durations) / len(self._durations)
        if self._current is None or self._current.secondsLeft is None:
            return None
        return self._clock() - self._began + self._current.secondsLeft

    @property
    def secondsLeft(self) -> float | None:
        """Seconds for all."""
        waiting = self._total - self._over - (self._current is not None)
        if self.currentLeft is None or self.each is None:
            return None
        return (self.currentLeft if self._current is not None else 0.0) + waiting * self.each
