"""Events that long-running work reports. All front ends (terminal, JSON lines, Slicer) read the same events."""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TextIO, TypeVar

from .errors import CancelledError
from .sentences import sentences_in
from .streams import FULL, silence

T = TypeVar("T")
Kind = Literal["progress", "log", "warning", "metrics", "result", "error"]


@dataclass(frozen=True)
class Event:
    """One message of running work.

    `progress` carries `done`, `total` and `seconds_left` (None until it is known); `result`, `error` carry `data`;
    `metrics` carries values for learning curves in `data`, with the step in `done`.
    """

    kind: Kind
    message: str
    done: int | None = None
    total: int | None = None
    seconds_left: float | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON without the empty fields; `sentences` has the code and values of each `Sentence` in it."""
        content = asdict(self) | {"sentences": sentences_in([self.message, self.data])}
        return strict_json({key: value for key, value in content.items() if value not in (None, {})})


def _ignored(event: Event) -> None:
    pass


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Reporter:
    """Passes events to a front end and checks whether it has cancelled.

    Args:
        sink: receives every event.
        cancelled: returns True when the work should stop; called between tiles or steps.
    """

    sink: Callable[[Event], None] = _ignored  # functions with a name can be pickled
    cancelled: Callable[[], bool] = _never

    def log(self, message: str) -> None:
        self.sink(Event("log", message))

    def warn(self, message: str) -> None:
        self.sink(Event("warning", message))

    def result(self, message: str, **data: Any) -> None:
        self.sink(Event("result", message, data=data))

    def metrics(self, step: int, message: str, **data: Any) -> None:
        """Report values for learning curves; `message` names their kind."""
        self.sink(Event("metrics", message, done=step, data=data))

    def progress(self, done: int, total: int, message: str, seconds_left: float | None = None) -> None:
        self.sink(Event("progress", message, done, total, seconds_left))

    def check(self) -> None:
        """Raise `CancelledError` when the front end wants the work to stop."""
        if self.cancelled():
            raise CancelledError("stopped: the unfinished part was not written")

    def track(self, items: Iterable[T], *, total: int, message: str) -> Iterator[T]:
        """Yield `items`, with a check for cancellation before each and a progress event after it (at most ten per
        second)."""
        start = last = time.monotonic()
        self.check()
        self.sink(Event("progress", message, 0, total))
        for done, item in enumerate(items, start=1):
            before = time.monotonic()
            self.check()
            start += time.monotonic() - before  # check() may block while paused: not work
            yield item
            now = time.monotonic()
            if done == total or now - last > 0.1:
                last = now
                left = (now - start) / done * (total - done)
                self.sink(Event("progress", message, done, total, round(left, 1)))


SILENT = Reporter()


def strict_json(content: Any, *, indent: int | None = None) -> str:
    """Portable JSON: NumPy scalars and arrays become plain numbers and lists, paths text, NaN and infinity null."""
    return json.dumps(_plain(content), indent=indent, default=str, allow_nan=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):  # numpy, which is not imported for this
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_lines(stream: TextIO | None) -> Callable[[Event], None]:
    """A sink that writes each event as one JSON line and flushes, for a front end in another process.

    Raises `CancelledError` when that process no longer reads, because the result is then not needed. Without a
    stream, or if the events go to a file and the disk is full, the work continues without events.
    """

    def write(event: Event) -> None:
        if stream is None:  # closed by whoever started this process
            return
        try:
            stream.write(event.to_json() + "\n")
            stream.flush()
        except OSError as error:
            if error.errno not in FULL:
                raise CancelledError("stopped: the program that reads the events has ended") from error
            silence(stream)

    return write


def duration(seconds: float) -> str:
    """`"8 s"`, `"2 min"`, `"3.5 h"`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(count: float) -> str:
    """`"12 MiB"`, `"1.5 GiB"`."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{max(count / 2**20, 1):.0f} MiB"
