"""The part of the panel that shows how sure the result is: a map in colours over the enhanced volume."""

from collections.abc import Callable
from typing import Any

from . import Interval
from .Comparison import Comparison

OPACITY = 0.5  # of the map, at first


class SurePanel:
    """Lays the interval's half-width over the views of the enhanced volume.

    Args:
        enhanced: gives the volume that is compared, or None. enter: opens the comparison.
    """

    def __init__(
        self, ui, comparison: Comparison, *, enhanced: Callable[[], Any], enter: Callable[[Any], None]
    ) -> None:
        self._ui, self._comparison, self._enhanced, self._enter = ui, comparison, enhanced, enter
        self._legend: Any = None
        ui.sureGroupBox.toggled.connect(lambda on: self._onToggled(on))
        self._opacity, self._least = OPACITY, 0.0
        ui.sureOpacitySlider.setValue(OPACITY)
        ui.sureOpacitySlider.valueChanged.connect(lambda share: self._onSliders(opacity=share))
        ui.sureLeastSlider.valueChanged.connect(lambda share: self._onSliders(least=share))

    def update(self) -> None:
        """Enable what can be done now."""
        self._ui.sureGroupBox.setEnabled(Interval.intervalOf(self._enhanced()) is not None)

    def refresh(self) -> None:
        """Bring the views to what the widgets say."""
        node = Interval.intervalOf(self._enhanced()) if self._ui.sureGroupBox.isChecked() else None
        if self._legend is not None and self._legend is not node:
            Interval.showLegend(self._legend, False)
        self._legend = node
        if node is not None:
            Interval.hideBelow(node, self._least * Interval.widest(node))
            Interval.showLegend(node, True)
        self._comparison.showOverlay(node, self._opacity)

    def forget(self) -> None:
        """Release the nodes of a closing scene."""
        self._legend = None

    def _onSliders(self, *, opacity: float | None = None, least: float | None = None) -> None:
        self._opacity = self._opacity if opacity is None else float(opacity)
        self._least = self._least if least is None else float(least)
        self.refresh()

    def _onToggled(self, on: bool) -> None:
        if on and not self._comparison.active and self._enhanced() is not None:
            self._enter(self._enhanced())  # which refreshes
        else:
            self.refresh()
