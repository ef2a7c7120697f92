"""Terminal output: events for humans or as JSON lines, one-line errors, exit codes, clean stop."""

import errno
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from ..device import is_out_of_memory
from ..errors import CancelledError, InputError, IQTError, OutputError, code_of, reason
from ..events import Event, Reporter, json_lines
from ..io.typed import shown
from ..jobs.stopping import stop_when
from ..sentences import Sentence
from ..streams import FULL, printable, say, silence, steady
from . import __version__
from .options import JSON_EVENTS

if TYPE_CHECKING:
    from rich.progress import Progress

    from ..jobs.worker import Worker

EXIT_CODES = """Exit codes: 0 done, 1 unexpected failure, 2 wrong usage, 3 unusable input, 4 model problem,
5 result cannot be written, 130 stopped (Ctrl-C, `--stop-file`, `--watch-parent`)."""

LINE_SECONDS = 60  # between lines of progress where there is no terminal, as in a cluster's log

# The base of click's errors, of the click that typer brings.
WrongUsage: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
_STATE: dict[str, Any] = {"tracebacks": False, "tell": None}  # how to report errors of the current command
_JOBS: list["Worker"] = []  # the job of this process, if any


def show_tracebacks(on: bool) -> None:
    """Whether errors also print a traceback (`iqt --debug`)."""
    _STATE["tracebacks"] = on


def work_as_job(folder: Path) -> None:
    """Act as the worker of the job in `folder`: events go there, pause and stop requests come from there (`iqt
    --job`)."""
    from ..jobs.worker import Worker

    job = Worker(folder)
    _JOBS.append(job)
    _STATE["tell"] = job.tell
    job.wait_for_turn()


@contextmanager
def front_end(
    json_events: bool = False, *, stop_file: Path | None = None, watch_parent: int | None = None
) -> Iterator[Reporter]:
    """A reporter for the terminal or JSON lines; Ctrl-C and (see `run`) SIGTERM become `CancelledError`.

    It also cancels the work when `stop_file` appears or the process `watch_parent` ends.
    """
    stop = stop_when(stop_file, watch_parent)
    screen = None if json_events or _JOBS else _Screen()
    if _JOBS:
        reporter = Reporter(_JOBS[0].tell, lambda: stop() or _JOBS[0].cancelled())
    else:
        _STATE["tell"] = json_lines(sys.stdout) if json_events else None
        reporter = Reporter(screen or _STATE["tell"], stop)
    if screen is None:  # a front end may know only the process id of the launcher
        reporter.sink(Event("log", f"iqt {__version__} started", data={"pid": os.getpid()}))
    try:
        yield reporter
    except KeyboardInterrupt as stop:
        raise CancelledError("stopped: the unfinished part was not written") from stop
    finally:
        if screen is not None:
            screen.close()


@contextmanager
def stopping_between_steps(report: Reporter) -> Iterator[Reporter]:
    """A reporter that stops after the current step on the first Ctrl-C or SIGTERM, and immediately on the second."""
    caught: list[int] = []

    def note(number: int, frame: object) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)
        report.log("stopping after this step")

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield replace(report, cancelled=lambda: bool(caught) or report.cancelled())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def tell(text: str) -> None:
    """Print what a command was asked for on stdout; `OSError` where that cannot be written."""
    print(printable(text), flush=True)


def run(command: Callable[[], None]) -> None:
    """Run a command; any failure ends the program with one line on stderr and an exit code."""
    code: Any = 1
    _STATE["interrupted"] = False
    steady()
    signal.signal(signal.SIGTERM, _interrupt)  # at once: imports alone take seconds
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not in the background of a shell
        signal.signal(signal.SIGINT, _interrupt)
    try:
        _run(command)
        code = 0
    except SystemExit as end:
        code = end.code or 0
        raise
    finally:
        if _JOBS:
            _JOBS.pop().end(code)


def _interrupt(number: int, frame: object) -> NoReturn:
    _STATE["interrupted"] = True
    raise KeyboardInterrupt


def _run(command: Callable[[], None]) -> None:
    try:
        _unmasked(command)
    except IQTError as error:
        _fail(reason(error), error.exit_code, error)
    except KeyboardInterrupt as stop:
        _fail("stopped", CancelledError.exit_code, stop)
    except SystemExit as end:  # typer ends without a word when it is stopped
        if end.code == CancelledError.exit_code:
            _fail("stopped", CancelledError.exit_code, end)
        if isinstance(wrong := end.__context__, WrongUsage):  # typer has printed it
            _report(_line(f"wrong usage: {wrong.format_message()}"), wrong.exit_code, "usage")
        raise
    except (MemoryError, RuntimeError, ImportError) as error:
        if not is_out_of_memory(error):
            _fail(_unexpected(error), 1, error)
        lacking = error if isinstance(error, MemoryError) else MemoryError(error).with_traceback(error.__traceback__)
        _fail("out of memory: close other programs or crop the volume", 1, lacking)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            name = shown(str(error.filename or "of a file"))
            _fail(f"the name {name} is too long for this system: choose a shorter one", InputError.exit_code, error)
        if error.errno not in FULL:
            _fail(_unexpected(error), 1, error)
        silence(sys.stdout)  # the pending output is lost
        _fail(f"cannot write: {error.strerror}", OutputError.exit_code, error)
    except Exception as error:
        _fail(_unexpected(error), 1, error)


def _unmasked(command: Callable[[], None]) -> None:
    """Run a command; where libraries answer Ctrl-C with an error of their own, as NumPy while it loads, stop."""
    try:
        command()
    except Exception as error:
        if _STATE.get("interrupted") and not isinstance(error, CancelledError):
            raise KeyboardInterrupt from error
        raise


def _line(message: str) -> str:
    return printable(" ".join(message.split()))


def _unexpected(error: Exception) -> str:
    return f"unexpected {type(error).__name__}: {error} (run `iqt --debug ...` and report it)"


def _fail(message: str, code: int, error: BaseException) -> NoReturn:
    line = _line(message)
    _report(message if isinstance(message, Sentence) else line, code, code_of(error))
    say(f"iqt: {line}", sys.stderr)
    if _STATE["tracebacks"]:
        say("".join(traceback.format_exception(error)), sys.stderr)
    sys.exit(code)


def _report(message: str, code: int, kind: str) -> None:
    """Pass an error to whoever reads events; wrong usage may end a command before it has a front end."""
    tell = _STATE["tell"] or (json_lines(sys.stdout) if JSON_EVENTS in sys.argv else None)
    if tell is not None:
        try:
            tell(Event("error", message, data={"exit_code": code, "code": kind}))
        except CancelledError:  # the reader has ended
            silence(sys.stdout)


def _left(seconds: float | None) -> str:
    """The time left in its natural unit."""
    if seconds is None:
        return ""
    unit, name = next(((unit, name) for unit, name in ((3600, "h"), (60, "min")) if seconds >= 2 * unit), (1, "s"))
    return f"{seconds / unit:.{int(unit == 3600)}f} {name} left"


class _Screen:
    """Draws events: a progress bar with the time left, messages on stderr, results on stdout."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %  {task.fields[left]}"),
        )
        # No bar without a terminal, where rich would write empty lines, but a line each minute.
        self._bar = Progress(*columns, console=self._console, transient=True) if self._console.is_interactive else None
        self._tasks: dict[str, Any] = {}
        self._told = time.monotonic()

    def __call__(self, event: Event) -> None:
        if event.kind == "progress":
            if self._bar is not None:
                self._draw(event, self._bar)
            elif time.monotonic() - self._told > LINE_SECONDS:
                self._told = time.monotonic()
                say(f"{event.message}: {event.done} of {event.total}, {_left(event.seconds_left)}", sys.stderr)
        elif event.kind == "result":
            say(printable(event.message), sys.stdout)
        elif event.kind != "metrics":
            line = _line(f"warning: {event.message}" if event.kind == "warning" else event.message)
            if self._bar is None:
                say(line, sys.stderr)
            else:
                self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _draw(self, event: Event, bar: "Progress") -> None:
        bar.start()
        if event.message not in self._tasks:
            self._tasks[event.message] = bar.add_task(event.message, total=event.total, left="")
        left = _left(event.seconds_left)
        bar.update(self._tasks[event.message], completed=event.done, total=event.total, left=left)
        if event.done == event.total:
            bar.remove_task(self._tasks.pop(event.message))
