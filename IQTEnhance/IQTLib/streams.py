"""Standard streams that may fail because the reader has ended, the device is full or a character cannot be printed.

The result is a file, so a failure to print must not stop the work or change its exit code.
"""

import errno
import os
import re
import sys
from contextlib import suppress
from typing import Any, TextIO

_COMMANDS = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]")
FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def steady() -> None:
    """Call once at start-up: make sure that all three streams exist and can print any character."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # occupies the descriptor, which the next opened file would otherwise get
            os.open(os.devnull, os.O_RDWR)
    streams: tuple[Any, Any] = (sys.stdout, sys.stderr)
    for stream in streams:
        with suppress(AttributeError, ValueError):  # closed, or replaced by the host program
            stream.reconfigure(errors="backslashreplace")


def printable(text: str) -> str:
    """`text` with what a terminal would obey, such as ESC or turning the text round, as `\\x1b` and the like.

    Names of files and texts of headers may hold such characters.
    """
    return _COMMANDS.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def say(text: str, stream: TextIO | None) -> None:
    """Print `text`, and carry on if the stream is closed."""
    try:
        print(text, file=stream, flush=True)
    except (OSError, ValueError) as error:
        silence(stream)
        if isinstance(error, OSError) and error.errno in FULL and stream is not sys.stderr:
            say(
                f"warning: cannot write to standard output ({error.strerror}); result files are not affected",
                sys.stderr,
            )


def silence(stream: TextIO | None) -> None:
    """Discard all further output, including Python's final flush, which would change the exit code."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
