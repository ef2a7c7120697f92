"""Errors that a user can act on; the command line prints each as one line and exits with its `exit_code`."""

from typing import Any

from .sentences import Sentence


class IQTError(Exception):
    """Base class of all errors that this library raises on purpose. The message says what is wrong and what to do.

    `values` fill the message's braces: it is a `Sentence`, so that a front end can say it in another language.
    `code` names the kind of error, so that a front end can give advice in its own words. An error whose message names
    a command-line option has its own code; all others have the code of their class.
    """

    exit_code = 1
    code = "failure"

    def __init__(self, message: str = "", /, *, code: str | None = None, **values: Any) -> None:
        told = {name: reason(value) if isinstance(value, BaseException) else value for name, value in values.items()}
        super().__init__(message if isinstance(message, Sentence) else Sentence(message, **told))
        if code is not None:
            self.code = code


class InputError(IQTError):
    """An input image, mask or number cannot be used."""

    exit_code = 3
    code = "input"


class DeviceError(InputError):
    """A device does not exist or cannot do the work."""

    code = "no-device"


class ModelError(IQTError):
    """A model folder is missing, damaged, incompatible or not a model at all."""

    exit_code = 4
    code = "model"


class OutputError(IQTError):
    """A result cannot be written (exists already, folder not writable, disk full)."""

    exit_code = 5
    code = "output"


class ExistsError(OutputError):
    """The output exists already and must not be overwritten."""

    code = "exists"


class CancelledError(IQTError):
    """The user stopped the work (Ctrl-C, or the front end's Cancel)."""

    exit_code = 130
    code = "stopped"


def reason(error: BaseException) -> str:
    """What went wrong, in one line, without the number and the path that Python puts around it; a `Sentence` where the
    error is one of ours."""
    if isinstance(error, IQTError) and error.args:
        return error.args[0]
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return " ".join(text.split())


def code_of(error: BaseException) -> str:
    """The code of the error, or the more specific code of an error that caused it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, IQTError) and cause.code not in GENERAL:
            return cause.code
        cause = cause.__cause__
    known = {MemoryError: "memory", KeyboardInterrupt: CancelledError.code}
    return known.get(type(error)) or (error.code if isinstance(error, IQTError) else "unexpected")


GENERAL = frozenset(kind.code for kind in (IQTError, InputError, ModelError, OutputError))
