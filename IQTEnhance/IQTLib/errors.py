"""Errors that a user can act on; the command line prints each as one line and exits with its `exit_code`."""


class IQTError(Exception):
    """Base of every error this library raises on purpose. The message says what was wrong and what to do."""

    exit_code = 1


class InputError(IQTError):
    """An input image, mask or number cannot be used."""

    exit_code = 3


class ModelError(IQTError):
    """A model folder is missing, foreign, damaged or does not fit."""

    exit_code = 4


class OutputError(IQTError):
    """A result cannot be written (exists already, folder not writable, disk full)."""

    exit_code = 5


class ExistsError(OutputError):
    """A result's name is taken, and it may not be overwritten."""


class CancelledError(IQTError):
    """The user stopped the work (Ctrl-C, or the front end's Cancel)."""

    exit_code = 130
