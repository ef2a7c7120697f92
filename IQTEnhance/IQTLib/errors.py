"""Errors that a user can act on; the command line prints each as one line and exits with its `exit_code`."""


class IQTError(Exception):
    """Base of every error this library raises on purpose. The message says what was wrong and what to do.

    `code` names the kind of error, so that a front end can say in its own words what to do. An error whose message
    names an option of the command line has a code of its own; the others have that of their class.
    """

    exit_code = 1
    code = "failure"

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class InputError(IQTError):
    """An input image, mask or number cannot be used."""

    exit_code = 3
    code = "input"


class DeviceError(InputError):
    """A device is not there, or not what it takes."""

    code = "no-device"


class ModelError(IQTError):
    """A model folder is missing, foreign, damaged or does not fit."""

    exit_code = 4
    code = "model"


class OutputError(IQTError):
    """A result cannot be written (exists already, folder not writable, disk full)."""

    exit_code = 5
    code = "output"


class ExistsError(OutputError):
    """A result's name is taken, and it may not be overwritten."""

    code = "exists"


class CancelledError(IQTError):
    """The user stopped the work (Ctrl-C, or the front end's Cancel)."""

    exit_code = 130
    code = "stopped"


def code_of(error: BaseException) -> str:
    """The code of the error, or a more special one of those that it passes on."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, IQTError) and cause.code not in GENERAL:
            return cause.code
        cause = cause.__cause__
    known = {MemoryError: "memory", KeyboardInterrupt: CancelledError.code}
    return known.get(type(error)) or (error.code if isinstance(error, IQTError) else "unexpected")


GENERAL = frozenset(kind.code for kind in (IQTError, InputError, ModelError, OutputError))
