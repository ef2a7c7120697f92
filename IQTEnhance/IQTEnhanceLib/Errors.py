"""Errors of the module, worded for the user.

A module of its own because all other parts raise or catch them.
"""


class EnhanceError(RuntimeError):
    """The message says what went wrong; `remedy` says what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message.rstrip('.')}. {remedy}".strip())
        self.reason, self.remedy = message, remedy


class StoppedError(EnhanceError):
    """The work was stopped by the user or because the scene was closed."""
