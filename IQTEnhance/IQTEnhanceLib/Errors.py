"""What can go wrong in the module, in words for the user."""


class EnhanceError(RuntimeError):
    """The message tells what was wrong; `remedy` tells what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message.rstrip('.')}. {remedy}".strip())
        self.reason, self.remedy = message, remedy


class StoppedError(EnhanceError):
    """The user, or the closing of the scene, stopped the work."""
