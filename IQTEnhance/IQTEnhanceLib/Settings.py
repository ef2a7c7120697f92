"""Settings that the panels keep between sessions, stored in Slicer's settings.

A module of its own because several panels share them, those of IQT Training too.
"""

PREFIX = "ImageQualityTransfer"
SHOW_RESULT, LAYOUT, UNCERTAINTY, REMOVE_BIAS = "ShowResult", "Layout", "Uncertainty", "RemoveBias"


def isOn(name: str, default: bool = True) -> bool:
    import slicer.util

    return slicer.util.settingsValue(f"{PREFIX}/{name}", default, converter=slicer.util.toBool)


def number(name: str, default: int) -> int:
    import slicer.util

    try:
        return slicer.util.settingsValue(f"{PREFIX}/{name}", default, converter=int)
    except (TypeError, ValueError):  # the file was edited by hand
        return default


def remember(name: str, value: bool | int) -> None:
    import qt

    qt.QSettings().setValue(f"{PREFIX}/{name}", value)
