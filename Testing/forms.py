"""A module's form beside the code that speaks to it: whatever one names, the other must have."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
BINDING = "property[@name='SlicerParameterName']"
HOLDERS = ("ctkCollapsibleButton", "qMRMLWidget")


@dataclass(frozen=True)
class Form:
    """The form of `module`; `layouts` are names that its code gives to layouts, which forms do not name."""

    module: str
    layouts: frozenset[str] = frozenset()

    @cached_property
    def widgets(self) -> list[ElementTree.Element]:
        path = ROOT / self.module / "Resources" / "UI" / f"{self.module}.ui"
        return list(ElementTree.parse(path).iter("widget"))

    def code(self, pattern: str = "*.py") -> str:
        folder = ROOT / self.module / f"{self.module}Lib"
        return "".join(path.read_text(encoding="utf-8") for path in folder.glob(pattern))

    @property
    def names(self) -> set[str]:
        return {widget.get("name") for widget in self.widgets}

    @property
    def spoken_to(self) -> set[str]:
        """Names of the widgets that code must use: those that show no fixed text, are not bound and hold no others."""
        return {widget.get("name") for widget in self.widgets if not self._silent(widget)}

    @staticmethod
    def _silent(widget: ElementTree.Element) -> bool:
        fixed = widget.get("class") == "QLabel" and bool(widget.find("property[@name='text']/string").text)
        return fixed or widget.find(BINDING) is not None or widget.get("class") in HOLDERS

    @property
    def named_by_code(self) -> set[str]:
        return set(re.findall(r"\b_?ui\.(\w+)", self.code())) - self.layouts

    @property
    def bound(self) -> set[str]:
        """Parameters that widgets are bound to."""
        return {widget.findtext(f"{BINDING}/string") for widget in self.widgets if widget.find(BINDING) is not None}

    def mute(self, *kinds: str) -> list[str]:
        """Widgets of these classes without a tooltip."""
        tip = "property[@name='toolTip']/string"
        return [w.get("name") for w in self.widgets if w.get("class") in kinds and w.find(tip) is None]
