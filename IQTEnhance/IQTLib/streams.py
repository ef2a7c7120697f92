"""Standard streams that may fail: the reader is gone, the device is full, a character cannot be printed.

Whether a result is done is told by its file. So nothing that goes wrong in printing ends the work or changes how it
ended.
"""

import errno
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def steady() -> None:
    """Once, as a program begins: all three streams are there, and print any character somehow."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # it takes the number, which the next opened file would get
            os.open(os.devnull, os.O_RDWR)
    streams: tuple[Any, Any] = (sys.stdout, sys.stderr)
    for stream in streams:
        with suppress(AttributeError, ValueError):  # closed, or another program's own
            stream.reconfigure(errors="backslashreplace")


def say(text: str, stream: TextIO | None) -> None:
    """Print a line, and carry on if the stream is closed."""
    try:
        print(text, file=stream, flush=True)
    except (OSError, ValueError) as error:
        silence(stream)
        if isinstance(error, OSError) and error.errno in FULL and stream is not sys.stderr:
            say(f"warning: standard output cannot be written ({error.strerror}), the results can", sys.stderr)


def silence(stream: TextIO | None) -> None:
    """Let all that is still printed go nowhere: Python's last flush, too, which would change the exit code."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
