"""Slicer's own layer reveal: around the mouse the enhanced volume shows through the input.

A module of its own because not every Slicer has the module that it borrows the cursor from.
"""

from slicer.i18n import tr as _

from .Errors import EnhanceError


class Reveal:
    """The cursor of the module Compare Volumes, on or off."""

    def __init__(self) -> None:
        self._cursor = None

    @property
    def on(self) -> bool:
        return self._cursor is not None

    def start(self) -> None:
        """Follow the mouse in all views; `EnhanceError` where Slicer has no such module."""
        self.stop()
        try:
            from CompareVolumes import LayerReveal
        except ImportError:
            reason = _("This Slicer has no Compare Volumes module, which reveals one volume in another")
            raise EnhanceError(reason, _("Use Fade or Toggle instead.")) from None
        self._cursor = LayerReveal()

    def stop(self) -> None:
        if self._cursor is not None:
            self._cursor.cleanup()
            self._cursor = None
